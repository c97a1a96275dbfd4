package survey

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"rerate/models"
)

// exampleYear makes up a year of a shop's conversations. All chance comes from one generator with a fixed seed, so the
// same end of the year gives the same data.
type exampleYear struct {
	now       time.Time // the year ends here
	zone      *time.Location
	random    *rand.Rand
	day       int // of the year, from 0
	talks     int // conversations so far
	contacts  []exampleContact
	mailboxes map[string]int                      // how many contacts wanted the same address
	decks     map[string]map[exampleMood][]string // remarks not yet used, shuffled
	firsts    []firstClose                        // for which Intercom asked
	data      models.ExampleData
}

const (
	exampleDays = 53 * 7 // so that the first week of the last 365 days has an eve
	exampleSeed = 1871

	// A new app came out on releaseDay and was bad for a fortnight, late enough to be seen in the last 90 days.
	releaseDay  = exampleDays - 57
	releaseOver = releaseDay + 14

	exampleDaily = 8.7 // conversations on a day like any other
)

// How busy a day is against others: a shop for hikers is quiet on Sundays, runs in early summer, when its customers set
// out, and before Christmas, and exchanges presents in January.
var (
	busyWeekdays = [...]float64{time.Sunday: .3, time.Monday: 1.35, 1.2, 1.1, 1.05, .95, .55}
	busyMonths   = [...]float64{time.January: .95, .65, .7, .8, 1.1, 1.45, 1.5, 1.1, .8, .75, 1.15, 1.65}
)

// exampleData makes up the conversations that were closed in the year before now. Days and hours are those of zone.
func exampleData(now time.Time, zone *time.Location) models.ExampleData {
	y := &exampleYear{
		now: now.UTC().Truncate(time.Second), zone: zone, random: rand.New(rand.NewPCG(exampleSeed, exampleDays)),
		mailboxes: map[string]int{}, decks: map[string]map[exampleMood][]string{},
	}
	y.publishWordings()
	for i, w := range exampleWordings {
		y.tryOut(w, y.data.Wordings[i+1])
	}
	for y.day = range exampleDays {
		morning := y.morning(y.day)
		for range y.volume(morning) {
			// Most conversations end around noon and in the afternoon.
			hours := 6 * (y.random.Float64() + y.random.Float64())
			if closed := morning.Add(time.Duration(hours * float64(time.Hour))).UTC().Truncate(time.Second); closed.Before(y.now) {
				y.conversation(closed)
			}
		}
	}
	y.tellCloses()
	y.tellFeedback()
	y.tellPeople()
	return y.data
}

// morning is eight o'clock of a day of the year.
func (y *exampleYear) morning(day int) time.Time {
	year, month, date := y.now.In(y.zone).Date()
	return time.Date(year, month, date-exampleDays+1+day, 8, 0, 0, 0, y.zone)
}

// last is the last time that a date came, such as 1 April.
func (y *exampleYear) last(d exampleDate) time.Time {
	year := y.now.In(y.zone).Year()
	at := time.Date(year, d.month, d.day, 0, 0, 0, 0, y.zone)
	if at.After(y.now) {
		at = time.Date(year-1, d.month, d.day, 0, 0, 0, 0, y.zone)
	}
	return at
}

// volume is how many conversations are closed on a day.
func (y *exampleYear) volume(morning time.Time) int {
	expected := exampleDaily * busyWeekdays[morning.Weekday()] * busyMonths[morning.Month()]
	if y.afterRelease() {
		expected *= 1.35
	}
	return int(expected*(.7+.6*y.random.Float64()) + y.random.Float64())
}

// afterRelease reports whether the day lies in the bad fortnight.
func (y *exampleYear) afterRelease() bool { return y.day >= releaseDay && y.day < releaseOver }

// chance answers true as often as probability says.
func (y *exampleYear) chance(probability float64) bool { return y.random.Float64() < probability }

// pick chooses an index, each as often as its weight says.
func (y *exampleYear) pick(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := y.random.IntN(sum)
	for i, w := range weights {
		if n < w {
			return i
		}
		n -= w
	}
	return 0
}

// between is a time span, more often a short one than a long one.
func (y *exampleYear) between(least, most time.Duration) time.Duration {
	u := y.random.Float64()
	return (least + time.Duration(u*u*u*float64(most-least))).Truncate(time.Second)
}

// score draws a score from a spread over 1 to 5. With luck it is drawn twice, as often as luck says, and the better
// one is taken; with bad luck, below zero, the worse.
func (y *exampleYear) score(spread []int, luck float64) int {
	score := 1 + y.pick(spread)
	if !y.chance(math.Abs(luck)) {
		return score
	}
	other := 1 + y.pick(spread)
	if luck < 0 {
		return min(score, other)
	}
	return max(score, other)
}

// works reports whether a teammate is in the team at a time.
func (y *exampleYear) works(teammate int, at time.Time) bool {
	t := exampleTeammates[teammate]
	return (t.joined == exampleDate{} || !at.Before(y.last(t.joined))) && (t.left == exampleDate{} || at.Before(y.last(t.left)))
}

// whoWorks chooses who answers a conversation, or, when it changes hands, who takes it.
func (y *exampleYear) whoWorks(at time.Time, language string, taken bool) int {
	weights := make([]int, len(exampleTeammates))
	for i, t := range exampleTeammates {
		switch {
		case !y.works(i, at):
		case taken:
			weights[i] = t.takes
		case t.speaks == language:
			weights[i] = 10 * t.share
		default:
			weights[i] = t.share
		}
	}
	return y.pick(weights)
}

// contact is a new customer, or one who has written before.
func (y *exampleYear) contact() exampleContact {
	if len(y.contacts) < 20 || y.chance(.75) {
		return y.newContact()
	}
	return y.contacts[y.random.IntN(len(y.contacts))]
}

// remark takes words of the mood in a language, in English where that has none. All are used before one comes again.
func (y *exampleYear) remark(language string, mood exampleMood, teammate string) string {
	if len(exampleRemarks[language][mood]) == 0 {
		language = "en"
	}
	if y.decks[language] == nil {
		y.decks[language] = map[exampleMood][]string{}
	}
	deck := y.decks[language][mood]
	if len(deck) == 0 {
		deck = slices.Clone(exampleRemarks[language][mood])
		y.random.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	}
	y.decks[language][mood] = deck[1:]
	thing := exampleThings[y.random.IntN(len(exampleThings))]
	return strings.NewReplacer(exampleThing, thing, exampleName, strings.Fields(teammate)[0]).Replace(deck[0])
}
