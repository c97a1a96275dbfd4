package models_test

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
)

// After whatever happens to ratings and requests, the rollups say what counting everything anew says.
func TestReportsEqualPlainCounting(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		workspaces := 0
		rapid.Check(t, func(rt *rapid.T) {
			workspaces++
			h := &happening{T: rt, clock: db.Clock, tenant: install(rt, db, fmt.Sprint(workspaces))}
			h.plain = plain{zone: time.UTC, channels: map[string]string{}}
			db.Clock.Set(modelstest.Start)
			for range rapid.IntRange(1, 20).Draw(rt, "steps") {
				db.Clock.Move(time.Duration(rapid.IntRange(0, 3000).Draw(rt, "minutes")) * time.Minute)
				step := rapid.SampledFrom(steps).Draw(rt, "step")
				rt.Log(step.name)
				step.do(h)
				h.compare(h.drawFilter())
			}
			h.compare(always(h.plain.zone))
			h.compareRatings()
			before := report(rt, h.tenant, always(h.plain.zone))
			write(rt, h.tenant, func(tx *models.Tx) error { return tx.RebuildReports() })
			if diff := cmp.Diff(before, report(rt, h.tenant, always(h.plain.zone))); diff != "" {
				rt.Fatalf("rebuilding changed the report (-before +after)\n%s", diff)
			}
		})
	})
}

// happening is one workspace and what has happened in it so far.
type happening struct {
	*rapid.T
	clock  *modelstest.Clock
	tenant models.Tenant
	plain  plain
}

var steps = []struct {
	name string
	do   func(h *happening)
}{
	{"AddRating", (*happening).addRating},
	{"AddRating", (*happening).addRating},
	{"AddRating", (*happening).addRating},
	{"SetWhyNot", (*happening).setWhyNot},
	{"SetCredit", (*happening).setCredit},
	{"SendRequest", (*happening).sendRequest},
	{"RequestRated", (*happening).requestRated},
	{"ReadConversation", (*happening).readConversation},
	{"SaveSettings", (*happening).moveToZone},
	{"several at once", (*happening).severalAtOnce},
}

func (h *happening) in(do func(tx *models.Tx) error) {
	h.Helper()
	write(h, h.tenant, do)
}

func (h *happening) drawConversation() string {
	return rapid.SampledFrom([]string{"1", "2", "3"}).Draw(h.T, "conversation")
}

// drawRating is any answer: of any scale, with any sentiment, at a time before or after the others, valid or not.
func (h *happening) drawRating() models.Rating {
	scale := rapid.SampledFrom([]int{5, 5, 5, 2, 3, 4, 10}).Draw(h.T, "scale")
	r := answer(h.drawConversation(), rapid.SampledFrom([]string{"a", "b"}).Draw(h.T, "contact"),
		fmt.Sprint(len(h.plain.ratings)), rapid.IntRange(1, scale).Draw(h.T, "score"), 0)
	r.Scale = scale
	r.Sentiment = rapid.SampledFrom([]rating.Sentiment{"negative", "neutral", "positive"}).Draw(h.T, "sentiment")
	r.At = h.clock.Now().Add(time.Duration(rapid.IntRange(-50, 50).Draw(h.T, "hours")) * time.Hour)
	r.WhyNot = rapid.SampledFrom([]models.WhyNot{"", "", "", "", "unverified", "test", "undone"}).Draw(h.T, "why not")
	r.TeammateID = rapid.SampledFrom([]string{"", "", "t1"}).Draw(h.T, "teammate")
	if r.TeammateID != "" {
		r.CreditRule = rating.LastHumanReply
	}
	return r
}

func (h *happening) addTo(tx *models.Tx, r models.Rating) error {
	conversation, err := tx.Conversation(r.ConversationID)
	if err != nil {
		return err
	}
	r.Channel = conversation.Channel
	h.plain.channels[r.ConversationID] = conversation.Channel
	stored, added, err := tx.AddRating(r)
	if err == nil && !added {
		err = fmt.Errorf("rating %q was there already", r.SourceKey)
	}
	h.plain.ratings = append(h.plain.ratings, stored)
	return err
}

func (h *happening) addRating() {
	r := h.drawRating()
	h.in(func(tx *models.Tx) error { return h.addTo(tx, r) })
}

// severalAtOnce is what an import and an undo do: more than one change in one transaction.
func (h *happening) severalAtOnce() {
	a, b := h.drawRating(), h.drawRating()
	b.SourceKey += "b"
	h.in(func(tx *models.Tx) error {
		if err := h.addTo(tx, a); err != nil {
			return err
		}
		added := &h.plain.ratings[len(h.plain.ratings)-1]
		added.WhyNot = models.Undone
		if err := tx.SetWhyNot(*added, models.Undone); err != nil {
			return err
		}
		if err := h.addTo(tx, b); err != nil {
			return err
		}
		return tx.RebuildReports()
	})
}

func (h *happening) drawStored() *models.Rating {
	return &h.plain.ratings[rapid.IntRange(0, len(h.plain.ratings)-1).Draw(h.T, "rating")]
}

func (h *happening) setWhyNot() {
	if len(h.plain.ratings) == 0 {
		return
	}
	r := h.drawStored()
	r.WhyNot = rapid.SampledFrom([]models.WhyNot{"", "", "unverified", "suspect", "void", "test", "undone"}).Draw(h.T, "why not")
	h.in(func(tx *models.Tx) error { return tx.SetWhyNot(*r, r.WhyNot) })
}

func (h *happening) setCredit() {
	if len(h.plain.ratings) == 0 {
		return
	}
	r := h.drawStored()
	who := rating.Part{ID: rapid.SampledFrom([]string{"t1", "t2"}).Draw(h.T, "teammate")}
	h.in(func(tx *models.Tx) error { return tx.SetCredit(*r, who, rating.LastHumanReply) })
	if r.CreditRule == "" { // it is taken once
		r.TeammateID, r.CreditRule = who.ID, rating.LastHumanReply
	}
}

func (h *happening) sendRequest() {
	id, again := h.drawConversation(), rapid.Bool().Draw(h.T, "may still be answered")
	teammate := rapid.SampledFrom([]string{"", "t1", "t2"}).Draw(h.T, "teammate")
	h.in(func(tx *models.Tx) error {
		conversation, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		h.plain.channels[id] = conversation.Channel
		request, err := tx.SendRequest(conversation, models.FromCard, 1, func(time.Time) bool { return again })
		if err != nil || slices.ContainsFunc(h.plain.requests, func(r plainRequest) bool { return r.id == request.ID }) {
			return err
		}
		h.plain.requests = append(h.plain.requests, plainRequest{id: request.ID, conversation: id, teammate: teammate, sentAt: tx.Now})
		if teammate == "" {
			return nil
		}
		return tx.SetRequestCredit(request.ID, rating.Part{ID: teammate}, rating.LastBotReply)
	})
}

func (h *happening) requestRated() {
	if len(h.plain.requests) == 0 {
		return
	}
	r := &h.plain.requests[rapid.IntRange(0, len(h.plain.requests)-1).Draw(h.T, "request")]
	r.rated = true
	h.in(func(tx *models.Tx) error { return tx.RequestRated(r.id) })
}

func (h *happening) readConversation() {
	id := h.drawConversation()
	channel := rapid.SampledFrom([]string{models.Chat, "email", "facebook"}).Draw(h.T, "channel")
	h.plain.channels[id] = channel
	h.in(func(tx *models.Tx) error {
		conversation, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		return tx.ReadConversation(conversation, channel, []string{"a"})
	})
}

func (h *happening) moveToZone() {
	name := rapid.SampledFrom([]string{"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"}).Draw(h.T, "zone")
	zone, err := time.LoadLocation(name)
	if err != nil {
		h.Fatal(err)
	}
	h.plain.zone = zone
	h.in(func(tx *models.Tx) error { return moveTo(tx, name) })
}

func (h *happening) drawFilter() models.Filter {
	from := stats.DayOf(modelstest.Start, time.UTC).AddDays(rapid.IntRange(-4, 30).Draw(h.T, "from"))
	return models.Filter{
		Range:    stats.Range{From: from, To: from.AddDays(rapid.IntRange(0, 20).Draw(h.T, "days")), Zone: h.plain.zone},
		Teammate: rapid.SampledFrom([]string{"", "", "t1", "t2", "nobody"}).Draw(h.T, "of teammate"),
		Channel:  rapid.SampledFrom([]string{"", "", models.Chat, "email"}).Draw(h.T, "in channel"),
	}
}

// compare holds a report against plain counting: the whole and each of its days.
func (h *happening) compare(f models.Filter) {
	h.Helper()
	got := report(h, h.tenant, f)
	want := h.plain.figures(f, "")
	h.same("the range", want, shown(got))
	if pairs := got.Better + got.Same + got.Worse; pairs != sumOf(got.Matrix(5)) || pairs != sumOf(got.Matrix(3)) {
		h.Fatalf("%d pairs, but the matrix holds %d", pairs, sumOf(got.Matrix(5)))
	}
	rated := int64(0)
	for i, day := range got.Days {
		if day.Rated == 0 || i > 0 && got.Days[i-1].Day >= day.Day {
			h.Fatalf("days %v: a day without ratings, or out of order", got.Days)
		}
		rated += day.Rated
		want := h.plain.figures(f, string(day.Day))
		want.FirstToLatest, want.MatrixOfFive = map[[4]int]int64{}, [5][5]int64{}
		h.same(string(day.Day), want, shown(models.Report{Figures: day.Figures}))
	}
	if rated != got.Rated {
		h.Fatalf("the days hold %d of %d", rated, got.Rated)
	}
}

func (h *happening) same(what string, want, got plainFigures) {
	h.Helper()
	for _, p := range rating.Policies {
		if math.Abs(want.Positive[p]-got.Positive[p]) > 1e-6*float64(want.Rated) {
			h.Fatalf("%s, policy %s: %v positive, want %v", what, p, got.Positive[p], want.Positive[p])
		}
	}
	want.Positive, got.Positive = nil, nil
	if diff := cmp.Diff(want, got); diff != "" {
		h.Fatalf("%s (-want +got)\n%s", what, diff)
	}
}

// shown turns a report into the plain figures.
func shown(r models.Report) plainFigures {
	f := plainFigures{
		Rated: r.Rated, Better: r.Better, Same: r.Same, Worse: r.Worse,
		FirstNegative: r.FirstNegative, Asked: r.Asked, Answered: r.Answered, Recovered: r.Recovered,
		RequestsDelivered: r.Requests.Delivered, RequestsRated: r.Requests.Rated,
		Positive: map[rating.Policy]float64{}, FirstToLatest: map[[4]int]int64{},
	}
	for _, p := range rating.Policies {
		f.Positive[p] = r.Positive(p)
	}
	for _, m := range r.Moves {
		f.FirstToLatest[[4]int{m.FirstScore, m.FirstScale, m.LatestScore, m.LatestScale}] += m.Pairs
	}
	for i, row := range r.Matrix(5) {
		copy(f.MatrixOfFive[i][:], row)
	}
	return f
}

func sumOf(matrix [][]int64) (sum int64) {
	for _, row := range matrix {
		for _, n := range row {
			sum += n
		}
	}
	return sum
}

// compareRatings holds change and previous score of every valid rating against plain comparison.
func (h *happening) compareRatings() {
	h.Helper()
	for _, r := range h.plain.ratings {
		got := must(h.tenant.Rating(ctx, r.ID))(h)
		change, previous := h.plain.change(r)
		if r.WhyNot == "" && (got.Change != change || !cmp.Equal(got.PreviousScore, previous)) {
			h.Fatalf("rating %s is %s after %v, want %s after %v", r.ID, got.Change, got.PreviousScore, change, previous)
		}
		if got.WhyNot != r.WhyNot || got.TeammateID != r.TeammateID || got.Channel != h.plain.channels[r.ConversationID] {
			h.Fatalf("rating %s is kept as %+v", r.ID, got)
		}
	}
}
