// Package plain counts for the tests what the reports say, all of it anew each time and straight from the rows of ratings and
// requests, as section 6 of the design says it. It knows nothing of summaries and rollups, and shares no code with them.
package plain

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// Rows are the rows of a workspace.
type Rows struct {
	Zone      *time.Location
	Channels  map[string]string   // by conversation
	Tags      map[string][]string // by conversation
	Never     map[string]bool     // conversations that are deleted or not to be asked
	Ratings   []models.Rating     // Channel is not read: see Channels
	Requests  []Request
	Segments  map[string][]string // of a contact
	Companies map[string][]string // of a contact
	days      map[int64]string    // that have been found, by the instant
}

// Request is a row of requests. Times are zero for never.
type Request struct {
	ID, Conversation, Teammate, TeammateName, Contact string
	Method, State, Rule                               string
	Wording, Episode                                  int
	CreatedAt, SentAt, ClosedAt, RatedAt              time.Time
	Test, Again, Automatic                            bool
}

// TB is what tests and property tests have in common.
type TB interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Read reads the rows of a workspace whose days are those of a zone.
func Read(t TB, db modelstest.DB, workspace string, zone *time.Location) Rows {
	t.Helper()
	p := Rows{
		Zone: zone, Channels: map[string]string{}, Tags: map[string][]string{}, Never: map[string]bool{},
		Segments: map[string][]string{}, Companies: map[string][]string{}, days: map[int64]string{},
	}
	pool, err := db.SQL()
	if err != nil {
		t.Fatalf("%v", err)
	}
	each := func(statement string, read func(scan func(...any))) {
		t.Helper()
		rows, err := pool.QueryContext(context.Background(), strings.ReplaceAll(statement, "WORKSPACE", "'"+workspace+"'")) //nolint:sqlclosecheck // it is closed below
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		defer rows.Close()
		for rows.Next() {
			read(func(to ...any) {
				if err := rows.Scan(to...); err != nil {
					t.Fatalf("%s: %v", statement, err)
				}
			})
		}
		if err := rows.Err(); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	each("SELECT id, channel, tags, do_not_ask OR deleted_at IS NOT NULL FROM conversations WHERE workspace_id = WORKSPACE", func(scan func(...any)) {
		var id, channel, tags string
		var never bool
		scan(&id, &channel, &tags, &never)
		p.Channels[id], p.Never[id] = channel, never
		var all []string
		if tags != "" {
			if err := json.Unmarshal([]byte(tags), &all); err != nil {
				t.Fatalf("tags %q: %v", tags, err)
			}
		}
		p.Tags[id] = all
	})
	each(`SELECT id, conversation_id, contact_id, request_id, source, score, scale, sentiment, emoji, label, at, why_not, teammate_id, teammate_name,
			remark, wording_version, replied
		FROM ratings WHERE workspace_id = WORKSPACE`, func(scan func(...any)) {
		var r models.Rating
		scan(&r.ID, &r.ConversationID, &r.ContactID, &r.RequestID, &r.Source, &r.Score, &r.Scale, &r.Sentiment, &r.Emoji, &r.Label, &r.At, &r.WhyNot,
			&r.TeammateID, &r.TeammateName, &r.Remark, &r.WordingVersion, &r.Replied)
		p.Ratings = append(p.Ratings, r)
	})
	each(`SELECT id, conversation_id, teammate_id, teammate_name, contact_id, method, state, rule, wording_version, episode, created_at, sent_at, closed_at,
			rated_at, test, again, automatic
		FROM requests WHERE workspace_id = WORKSPACE`, func(scan func(...any)) {
		var r Request
		var sent, closed, rated sql.NullTime
		scan(&r.ID, &r.Conversation, &r.Teammate, &r.TeammateName, &r.Contact, &r.Method, &r.State, &r.Rule, &r.Wording, &r.Episode, &r.CreatedAt,
			&sent, &closed, &rated, &r.Test, &r.Again, &r.Automatic)
		r.SentAt, r.ClosedAt, r.RatedAt = sent.Time, closed.Time, rated.Time
		p.Requests = append(p.Requests, r)
	})
	for table, into := range map[string]map[string][]string{"segment_members": p.Segments, "contact_companies": p.Companies} {
		column := map[string]string{"segment_members": "segment_id", "contact_companies": "company_id"}[table]
		each(fmt.Sprintf("SELECT contact_id, %s FROM %s WHERE workspace_id = WORKSPACE", column, table), func(scan func(...any)) {
			var contact, id string
			scan(&contact, &id)
			into[contact] = append(into[contact], id)
		})
	}
	return p
}

// Figures are all figures, by the names of the columns that hold them.
type Figures struct {
	Rated         int64
	Positive      map[rating.Policy]float64
	Sums          map[string]int64 // those that are not zero
	FirstToLatest map[[4]int]int64 // score, scale, score, scale
}

// NewFigures are figures of nothing.
func NewFigures() Figures {
	return Figures{Positive: map[rating.Policy]float64{}, Sums: map[string]int64{}, FirstToLatest: map[[4]int]int64{}}
}

// In are the same rows with the days of another zone.
func (p Rows) In(zone *time.Location) Rows {
	p.Zone, p.days = zone, map[int64]string{}
	return p
}

// Day is the local day of an instant: the latest that the clock on the wall has shown by then. It is looked at minute by
// minute, since where clocks are put back across midnight a day that has begun stays begun.
func (p Rows) Day(at time.Time) string {
	day, known := p.days[at.UnixMicro()]
	if !known {
		for back := range 3 * 60 {
			day = max(day, at.Add(-time.Duration(back)*time.Minute).In(p.Zone).Format("2006-01-02"))
		}
		p.days[at.UnixMicro()] = day
	}
	return day
}

// IsOf says whether work is that of a filter's teammate, or nobody's where the filter wants that.
func IsOf(wanted, teammate string) bool {
	return wanted == teammate || wanted == models.Nobody && teammate == ""
}

// Units are the valid ratings of one contact in one conversation each, oldest first.
func (p Rows) Units() [][]models.Rating {
	byUnit := map[[2]string][]models.Rating{}
	for _, r := range p.Ratings {
		if r.WhyNot == "" {
			key := [2]string{r.ConversationID, r.ContactID}
			byUnit[key] = append(byUnit[key], r)
		}
	}
	var units [][]models.Rating
	for _, unit := range byUnit {
		slices.SortFunc(unit, inTime)
		units = append(units, unit)
	}
	return units
}

func inTime(a, b models.Rating) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }

// inRange says whether an instant lies in the days of the filter, or in one day of them.
func (p Rows) inRange(at time.Time, f models.Filter, day string) bool {
	if at.IsZero() {
		return false
	}
	on := p.Day(at)
	return on >= string(f.Range.From) && on <= string(f.Range.To) && (day == "" || day == on)
}

// about says whether a conversation and a contact are what the filter speaks of.
func (p Rows) about(f models.Filter, conversation, contact string) bool {
	return (f.Channel == "" || f.Channel == p.Channels[conversation]) &&
		(f.Tag == "" || slices.Contains(p.Tags[conversation], f.Tag)) &&
		(f.Segment == "" || slices.Contains(p.Segments[contact], f.Segment)) &&
		(f.Company == "" || slices.Contains(p.Companies[contact], f.Company))
}

// whose says to whom a unit belongs, by its first or its latest rating.
func whose(unit []models.Rating, first bool) string {
	if first {
		return unit[0].TeammateID
	}
	return unit[len(unit)-1].TeammateID
}

// Leaves says whether the filter leaves a unit, its teammate aside.
func (p Rows) Leaves(f models.Filter, unit []models.Rating, day string) bool {
	latest := unit[len(unit)-1]
	return p.inRange(latest.At, f, day) && p.about(f, latest.ConversationID, latest.ContactID) &&
		(f.Score == 0 || f.Score == latest.Score) && (f.Change == "" || f.Change == ChangeOf(unit)) &&
		(f.Remark == "" || (f.Remark == "yes") == (latest.Remark != "")) && (f.Wording == 0 || f.Wording == latest.WordingVersion)
}

// ChangeOf is the latest rating of a unit against its first.
func ChangeOf(unit []models.Rating) rating.Change {
	first, latest := unit[0], unit[len(unit)-1]
	switch {
	case len(unit) == 1:
		return "first"
	case further(latest, first):
		return "better"
	case further(first, latest):
		return "worse"
	}
	return "same"
}

// Figures sums up what the filter leaves; when day is not empty, that local day alone. Asks are of the whole range.
func (p Rows) Figures(f models.Filter, day string) Figures {
	return p.FiguresOf(f, day, false, f.Teammate == "")
}

// FiguresOf sums up what the filter leaves of one teammate's work, or of everybody's.
func (p Rows) FiguresOf(f models.Filter, day string, first, everybody bool) Figures {
	sum := NewFigures()
	average := new(big.Rat) // exact, whatever the order
	for _, unit := range p.Units() {
		if p.Leaves(f, unit, day) && (everybody || IsOf(f.Teammate, whose(unit, first))) {
			p.add(&sum, unit)
			average.Add(average, positives(unit))
		}
	}
	sum.Positive["average"], _ = average.Float64()
	return sum
}

// Asks sums up the requests that the filter leaves.
func (p Rows) Asks(f models.Filter, everybody bool) map[string]int64 {
	sums := map[string]int64{}
	if f.Score != 0 || f.Change != "" || f.Remark != "" {
		return sums
	}
	for _, r := range p.Requests {
		if r.Test || !everybody && !IsOf(f.Teammate, r.Teammate) || !p.about(f, r.Conversation, r.Contact) || f.Wording != 0 && f.Wording != r.Wording {
			continue
		}
		if p.inRange(r.SentAt, f, "") && r.Method != "home" {
			count(sums, "sent", true)
			count(sums, "rated", !r.RatedAt.IsZero())
			count(sums, "sent_again", r.Again)
			count(sums, "rated_again", r.Again && !r.RatedAt.IsZero())
		}
		if p.inRange(r.ClosedAt, f, "") {
			count(sums, "closed", true)
			count(sums, "asked", !r.SentAt.IsZero())
		}
	}
	return sums
}

func count(sums map[string]int64, what string, is bool) {
	if is {
		sums[what]++
	}
}

// asked is when a conversation was last asked, and whether it is about to be.
func (p Rows) asked(conversation string) (last time.Time, soon bool) {
	for _, r := range p.Requests {
		if r.Conversation != conversation || r.Test {
			continue
		}
		if r.SentAt.After(last) {
			last = r.SentAt
		}
		soon = soon || r.State == "scheduled"
	}
	return last, soon
}

// replied says whether a teammate replied in between: yes, no, or not known.
func replied(unit []models.Rating) string {
	says := map[models.YesNo]int{}
	for _, r := range unit[1:] {
		says[r.Replied]++
	}
	switch {
	case says["yes"] > 0:
		return "yes"
	case says["no"] == len(unit)-1 && len(unit) > 1:
		return "no"
	}
	return ""
}

// positives are the positive ratings of a unit, of all its ratings.
func positives(unit []models.Rating) *big.Rat {
	n := int64(0)
	for _, r := range unit {
		if r.Sentiment == "positive" {
			n++
		}
	}
	return big.NewRat(n, int64(len(unit)))
}

func (p Rows) add(sum *Figures, unit []models.Rating) {
	first, latest, best, worst := unit[0], unit[len(unit)-1], unit[0], unit[0]
	for _, r := range unit {
		if further(r, best) {
			best = r
		}
		if further(worst, r) {
			worst = r
		}
	}
	sum.Rated++
	counted := map[rating.Policy]models.Rating{"first": first, "latest": latest, "best": best, "worst": worst}
	for policy, r := range counted {
		if r.Sentiment == "positive" {
			sum.Positive[policy]++
		}
	}

	up, down := first.Sentiment == "positive", first.Sentiment == "negative"
	upNow, downNow := latest.Sentiment == "positive", latest.Sentiment == "negative"
	again := len(unit) > 1
	last, _ := p.asked(first.ConversationID)
	is := func(what string, so bool) { count(sum.Sums, what, so) }
	is("gained", !up && upNow)
	is("lost", up && !upNow)
	is("first_positive_again", up && again)
	is("first_negative", down)
	is("first_neutral", !up && !down)
	is("neutral_again", !up && !down && again)
	is("asked", down && last.After(first.At))
	is("answered", down && again)
	is("recovered", down && upNow)
	is("answered_with_reply", down && again && replied(unit) == "yes")
	is("recovered_with_reply", down && upNow && replied(unit) == "yes")
	is("answered_alone", down && again && replied(unit) == "no")
	is("recovered_alone", down && upNow && replied(unit) == "no")
	is("latest_negative", downNow)
	is("waiting", p.waits(unit))
	if !again {
		return
	}
	is(string(ChangeOf(unit)), true)
	sum.FirstToLatest[[4]int{first.Score, first.Scale, latest.Score, latest.Scale}]++
}

// further says whether a lies higher on its scale than b on its own: (score − 1) / (options − 1).
func further(a, b models.Rating) bool {
	return (a.Score-1)*(b.Scale-1) > (b.Score-1)*(a.Scale-1)
}

// Matrix counts the pairs by the places of their scores, first and latest, on a scale of so many.
func (f Figures) Matrix(places int) [][]int64 {
	matrix := make([][]int64, places)
	for i := range matrix {
		matrix[i] = make([]int64, places)
	}
	for m, pairs := range f.FirstToLatest {
		matrix[Nearest(places, m[0], m[1])][Nearest(places, m[2], m[3])] += pairs
	}
	return matrix
}

// Nearest is the index of the nearest of so many places to a score on its scale; of two as near the higher.
func Nearest(places, score, scale int) int {
	nearest, least := 0, 10.0
	for i := range places {
		distance := float64(score-1)/float64(scale-1) - float64(i)/float64(places-1)
		if distance = max(distance, -distance); distance <= least+1e-9 {
			nearest, least = i, distance
		}
	}
	return nearest
}

// Change is what one rating, valid or not, says against the first valid one before it, and the valid score just before.
func (p Rows) Change(of models.Rating) (change rating.Change, previous *int) {
	var before []models.Rating
	for _, r := range p.Ratings {
		if r.WhyNot == "" && r.ConversationID == of.ConversationID && r.ContactID == of.ContactID && (r.At.Before(of.At) || r.At.Equal(of.At) && r.ID < of.ID) {
			before = append(before, r)
		}
	}
	if len(before) == 0 {
		return "first", nil
	}
	slices.SortFunc(before, inTime)
	return ChangeOf([]models.Rating{before[0], of}), &before[len(before)-1].Score
}

// Teammates are all whom a rating or a request may be credited to, nobody among them.
func (p Rows) Teammates() []string {
	all := map[string]bool{}
	for _, r := range p.Ratings {
		all[r.TeammateID] = true
	}
	for _, r := range p.Requests {
		all[r.Teammate] = true
	}
	var ids []string
	for id := range all {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
