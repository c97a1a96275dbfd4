package handlers_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"rerate/internal/stats"
	"rerate/models"
)

// wholeYear is the filter of the preset of 365 days.
func wholeYear(w *world) models.Filter {
	today := stats.DayOf(w.service.Now(), time.UTC)
	return models.Filter{Range: stats.Range{From: today.AddDays(-364), To: today, Zone: time.UTC}}
}

// counted is one range counted anew from every single rating and request, under the latest policy.
type counted struct{ latest, first, recovered, responded stats.Proportion }

func recount(t *testing.T, w *world, r stats.Range, channel string) (c counted) {
	t.Helper()
	tenant := w.service.Store.Tenant(workspace)
	always := models.RatingFilter{Filter: models.Filter{Range: stats.Range{From: "2000-01-01", To: "2100-01-01", Zone: time.UTC}}}
	ratings := must(tenant.Ratings(ctx, always, nil, 1_000_000))(t) // newest first
	channels, units := map[string]string{}, map[string][]models.Rating{}
	var conversations []string
	for _, rated := range ratings {
		channels[rated.ConversationID] = rated.Channel
		conversations = append(conversations, rated.ConversationID)
		if rated.WhyNot == "" {
			key := rated.ConversationID + " " + rated.ContactID
			units[key] = append(units[key], rated)
		}
	}
	in := func(at time.Time, conversation string) bool {
		return !at.Before(r.Start()) && at.Before(r.End()) && (channel == "" || channels[conversation] == channel)
	}
	add := func(p *stats.Proportion, positive bool) {
		p.N++
		if positive {
			p.Positive++
		}
	}
	for _, unit := range units {
		latest, first := unit[0], unit[len(unit)-1]
		if !in(latest.At, latest.ConversationID) {
			continue
		}
		add(&c.latest, latest.Sentiment == "positive")
		add(&c.first, first.Sentiment == "positive")
		if first.Sentiment == "negative" {
			add(&c.recovered, latest.Sentiment == "positive")
		}
	}
	for _, request := range allRequests(t, w, conversations) {
		if request.SentAt != nil && in(*request.SentAt, request.ConversationID) {
			add(&c.responded, request.RatedAt != nil)
		}
	}
	return c
}

// allRequests are those of conversations with a rating, and of those without one.
func allRequests(t *testing.T, w *world, rated []string) []models.Request {
	t.Helper()
	pool := must(w.db.SQL())(t)
	found := must(pool.QueryContext(ctx, "SELECT id FROM conversations"))(t)
	defer found.Close()
	all := rated[:0:0]
	for found.Next() {
		var id string
		if err := found.Scan(&id); err != nil {
			t.Fatal(err)
		}
		all = append(all, id)
	}
	if found.Err() != nil {
		t.Fatal(found.Err())
	}
	return must(w.service.Store.Tenant(workspace).RequestsOf(ctx, all...))(t)
}

// What a tile says of the change is what counting both ranges anew gives.
func TestTilesSayTheChangeBetweenBothRanges(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	if err := w.service.AddExampleData(ctx, workspace); err != nil {
		t.Fatal(err)
	}
	today := stats.DayOf(w.service.Now(), time.UTC)
	sure, unclear := 0, 0
	for _, tt := range []struct {
		query      string
		days, back int // how long the range is, and how many days before it the other one begins
		channel    string
	}{
		{"", 90, 90, ""},
		{"days=30", 30, 30, ""},
		{"days=30&compare=weekdays", 30, 35, ""},
		{"days=7&compare=weekdays", 7, 7, ""},
		{"days=30&channel=chat", 30, 30, "chat"},
		{fmt.Sprintf("from=%s&to=%s&compare=weekdays", today.AddDays(-150), today.AddDays(-101)), 0, 56, ""},
	} {
		now := stats.Range{From: today.AddDays(1 - tt.days), To: today, Zone: time.UTC}
		if tt.days == 0 {
			now = stats.Range{From: today.AddDays(-150), To: today.AddDays(-101), Zone: time.UTC}
		}
		before := now.Shift(-tt.back)
		a, b := recount(t, w, now, tt.channel), recount(t, w, before, tt.channel)
		page := boss.page("/?" + tt.query)
		for name, pair := range map[string][2]stats.Proportion{
			"CSAT, latest rating": {a.latest, b.latest}, "CSAT, first ratings": {a.first, b.first},
			"Recovered": {a.recovered, b.recovered}, "Response rate": {a.responded, b.responded},
		} {
			want := changeWords(pair[0], pair[1])
			if got := words(tile(t, page, name).Find(".change")); got != want {
				t.Errorf("%q, %s: it says %q, want %q", tt.query, name, got, want)
			}
			if strings.HasPrefix(want, "No clear") {
				unclear++
			} else if strings.Contains(want, " to ") {
				sure++
			}
		}
	}
	if sure == 0 || unclear == 0 {
		t.Errorf("%d changes are clear, %d are not: the example shows one kind only", sure, unclear)
	}
}

// changeWords writes a change as tiles do, from Newcombe's interval worked out here.
func changeWords(now, before stats.Proportion) string {
	if now.N == 0 || before.N == 0 {
		return "Nothing to compare with"
	}
	if now.N < 10 {
		return "Too few to compare"
	}
	if before.N < 10 {
		return fmt.Sprint("Too few to compare with: ", before.N)
	}
	p, q := now.Positive/float64(now.N), before.Positive/float64(before.N)
	a, _ := now.Wilson()
	b, _ := before.Wilson()
	low := p - q - math.Sqrt((p-a.Low)*(p-a.Low)+(b.High-q)*(b.High-q))
	high := p - q + math.Sqrt((a.High-p)*(a.High-p)+(q-b.Low)*(q-b.Low))
	points := func(by float64) string {
		text := fmt.Sprintf("%+.1f", by*100)
		return strings.Replace(strings.Replace(text, "-", "−", 1), "+0.0", "0.0", 1)
	}
	switch size := strings.TrimLeft(points(p-q), "+−"); {
	case low > 0:
		return fmt.Sprintf("▲Up by %s points (%s to %s)", size, points(low), points(high))
	case high < 0:
		return fmt.Sprintf("▼Down by %s points (%s to %s)", size, points(low), points(high))
	}
	return fmt.Sprintf("No clear change (%s points)", points(p-q))
}
