package models_test

import (
	"cmp"
	"slices"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// plain computes what section 6 of the design says of a list of ratings and requests, all of it anew each time.
type plain struct {
	zone     *time.Location
	channels map[string]string // by conversation
	ratings  []models.Rating   // Channel is not used: see channels
	requests []plainRequest
}

type plainRequest struct {
	id, conversation, teammate string
	sentAt                     time.Time
	rated                      bool
}

// plainFigures are the figures of the API's summary under every policy.
type plainFigures struct {
	Rated                                     int64
	Positive                                  map[rating.Policy]float64
	Better, Same, Worse                       int64
	FirstNegative, Asked, Answered, Recovered int64
	FirstToLatest                             map[[4]int]int64 // score, scale, score, scale
	MatrixOfFive                              [5][5]int64
	RequestsDelivered, RequestsRated          int64
}

func localDay(at time.Time, zone *time.Location) string { return at.In(zone).Format("2006-01-02") }

// units are the valid ratings of one contact in one conversation each, oldest first.
func (p plain) units() [][]models.Rating {
	byUnit := map[[2]string][]models.Rating{}
	for _, r := range p.ratings {
		if r.WhyNot == "" {
			key := [2]string{r.ConversationID, r.ContactID}
			byUnit[key] = append(byUnit[key], r)
		}
	}
	var units [][]models.Rating
	for _, unit := range byUnit {
		slices.SortFunc(unit, func(a, b models.Rating) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
		units = append(units, unit)
	}
	return units
}

// figures sums up what the filter leaves; when day is not empty, that local day alone.
func (p plain) figures(f models.Filter, day string) plainFigures {
	sum := plainFigures{Positive: map[rating.Policy]float64{}, FirstToLatest: map[[4]int]int64{}}
	for _, unit := range p.units() {
		latest := unit[len(unit)-1]
		on := localDay(latest.At, p.zone)
		if on < string(f.Range.From) || on > string(f.Range.To) || day != "" && day != on {
			continue
		}
		if f.Teammate != "" && f.Teammate != latest.TeammateID || f.Channel != "" && f.Channel != p.channels[latest.ConversationID] {
			continue
		}
		sum.add(unit, p.askedAgain(unit))
	}
	for _, r := range p.requests {
		on := localDay(r.sentAt, p.zone)
		if day != "" || on < string(f.Range.From) || on > string(f.Range.To) {
			continue
		}
		if f.Teammate != "" && f.Teammate != r.teammate || f.Channel != "" && f.Channel != p.channels[r.conversation] {
			continue
		}
		sum.RequestsDelivered++
		if r.rated {
			sum.RequestsRated++
		}
	}
	return sum
}

func (p plain) askedAgain(unit []models.Rating) bool {
	return slices.ContainsFunc(p.requests, func(r plainRequest) bool {
		return r.conversation == unit[0].ConversationID && r.sentAt.After(unit[0].At)
	})
}

func (sum *plainFigures) add(unit []models.Rating, asked bool) {
	first, latest, best, worst := unit[0], unit[len(unit)-1], unit[0], unit[0]
	positives := 0
	for _, r := range unit {
		if further(r, best) {
			best = r
		}
		if further(worst, r) {
			worst = r
		}
		if r.Sentiment == "positive" {
			positives++
		}
	}
	sum.Rated++
	counted := map[rating.Policy]models.Rating{"first": first, "latest": latest, "best": best, "worst": worst}
	for policy, r := range counted {
		if r.Sentiment == "positive" {
			sum.Positive[policy]++
		}
	}
	sum.Positive["average"] += float64(positives) / float64(len(unit))
	if first.Sentiment == "negative" {
		sum.FirstNegative++
		sum.Asked += one(asked)
		sum.Answered += one(len(unit) > 1)
		sum.Recovered += one(latest.Sentiment == "positive")
	}
	if len(unit) < 2 {
		return
	}
	sum.Better += one(further(latest, first))
	sum.Worse += one(further(first, latest))
	sum.Same += one(!further(latest, first) && !further(first, latest))
	sum.FirstToLatest[[4]int{first.Score, first.Scale, latest.Score, latest.Scale}]++
	sum.MatrixOfFive[nearestOfFive(first)][nearestOfFive(latest)]++
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// further says whether a lies higher on its scale than b on its own: (score − 1) / (options − 1).
func further(a, b models.Rating) bool {
	return (a.Score-1)*(b.Scale-1) > (b.Score-1)*(a.Scale-1)
}

// nearestOfFive is the index of the nearest of five places; of two as near the higher.
func nearestOfFive(r models.Rating) int {
	nearest, least := 0, 10.0
	for i := range 5 {
		distance := float64(r.Score-1)/float64(r.Scale-1) - float64(i)/4
		if distance = max(distance, -distance); distance <= least+1e-9 {
			nearest, least = i, distance
		}
	}
	return nearest
}

// change is what one rating says against the first valid one before it, and the valid score just before.
func (p plain) change(of models.Rating) (change rating.Change, previous *int) {
	change = "first"
	for _, unit := range p.units() {
		for i, r := range unit {
			if r.ID != of.ID || i == 0 {
				continue
			}
			switch {
			case further(r, unit[0]):
				change = "better"
			case further(unit[0], r):
				change = "worse"
			default:
				change = "same"
			}
			previous = &unit[i-1].Score
		}
	}
	return change, previous
}
