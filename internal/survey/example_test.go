package survey

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
)

var exampleNow = time.Date(2026, time.November, 22, 14, 30, 0, 0, time.UTC)

func exampleZone(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Dublin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// inExampleWorkspace runs a test on each database with the use-cases and one installed workspace, "w".
func inExampleWorkspace(t *testing.T, test func(t *testing.T, s *Service, tenant models.Tenant)) {
	t.Helper()
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		db.Clock.Set(exampleNow)
		settings := rating.DefaultSettings()
		settings.TimeZone = "Europe/Dublin"
		tenant := db.Tenant("w")
		writeExample(t, tenant, func(tx *models.Tx) error {
			if err := tx.Install(models.Workspace{Settings: settings}); err != nil {
				return err
			}
			_, err := tx.PublishWording(rating.DefaultWording(), "")
			return err
		})
		test(t, New(Config{Store: db.Store, Now: db.Clock.Now, NewID: db.NewID}), tenant)
	})
}

func writeExample(t *testing.T, tenant models.Tenant, do func(tx *models.Tx) error) {
	t.Helper()
	if err := tenant.Write(context.Background(), do); err != nil {
		t.Fatal(err)
	}
}

// yearReport is the report of the example's year.
func yearReport(t *testing.T, tenant models.Tenant) models.Report {
	t.Helper()
	zone := exampleZone(t)
	to := stats.DayOf(exampleNow, zone)
	r, err := tenant.Report(context.Background(), models.Filter{Range: stats.Range{From: to.AddDays(-exampleDays), To: to, Zone: zone}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestExampleDataIsRight(t *testing.T) {
	inExampleWorkspace(t, func(t *testing.T, s *Service, tenant models.Tenant) {
		ctx := context.Background()
		if err := s.AddExampleData(ctx, "w"); err != nil {
			t.Fatal(err)
		}
		data := exampleData(exampleNow, exampleZone(t))
		added := yearReport(t, tenant)
		sent := 0
		for _, r := range data.Requests {
			if r.SentAt != nil {
				sent++
			}
		}
		if added.Rated < 2500 || added.Asks.Sent != int64(sent) {
			t.Fatalf("%d conversations are rated and %d of %d requests delivered", added.Rated, added.Asks.Sent, sent)
		}
		var ids []string
		for _, c := range data.Conversations {
			ids = append(ids, c.ID)
		}
		before, err := tenant.RatingsOf(ctx, ids...)
		if err != nil || len(before) != len(data.Ratings) {
			t.Fatalf("%d of %d ratings are stored, %v", len(before), len(data.Ratings), err)
		}
		writeExample(t, tenant, func(tx *models.Tx) error {
			for i := 0; i < len(before); i += 10 { // all of them take long, and models tests them all
				if err := tx.SetWhyNot(before[i], before[i].WhyNot); err != nil {
					return err
				}
			}
			return nil
		})
		writeExample(t, tenant, func(tx *models.Tx) error { return tx.RebuildReports() })
		after, err := tenant.RatingsOf(ctx, ids...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Errorf("derived again, ratings differ (-added +derived):\n%s", diff)
		}
		if diff := cmp.Diff(added, yearReport(t, tenant)); diff != "" {
			t.Errorf("derived again, the report differs (-added +derived):\n%s", diff)
		}
	})
}

func TestExampleDataComesAndGoes(t *testing.T) {
	inExampleWorkspace(t, func(t *testing.T, s *Service, tenant models.Tenant) {
		ctx := context.Background()
		for range 2 {
			if err := s.AddExampleData(ctx, "w"); err != nil {
				t.Fatal(err)
			}
		}
		if w, err := tenant.Get(ctx); err != nil || !w.HasExampleData {
			t.Errorf("the workspace is not marked, %v", err)
		}
		if versions, err := tenant.Wordings(ctx); err != nil || len(versions) != 1+len(exampleWordings) {
			t.Errorf("there are %d versions of the wording, %v", len(versions), err)
		}
		for range 2 {
			if err := s.RemoveExampleData(ctx, "w"); err != nil {
				t.Fatal(err)
			}
		}
		if w, err := tenant.Get(ctx); err != nil || w.HasExampleData {
			t.Errorf("the workspace is still marked, %v", err)
		}
		if versions, err := tenant.Wordings(ctx); err != nil || len(versions) != 1 || versions[0].PublishedAt != exampleNow {
			t.Errorf("the wording is left as %v, %v", versions, err)
		}
		if has, err := tenant.HasRatings(ctx); err != nil || has {
			t.Errorf("ratings are left, %v", err)
		}
		if left := yearReport(t, tenant); left.Rated != 0 || len(left.Days)+len(left.Moves) != 0 || left.Asks.Sent != 0 {
			t.Errorf("figures are left: %+v", left)
		}
	})
}

func TestExampleDataIsTheSameForTheSameNow(t *testing.T) {
	if diff := cmp.Diff(exampleData(exampleNow, time.UTC), exampleData(exampleNow, time.UTC)); diff != "" {
		t.Errorf("made twice (-once +twice):\n%s", diff)
	}
}

// Whatever the clock and the zone, no row says what cannot be.
func TestExampleDataIsBelievable(t *testing.T) {
	kiritimati := time.FixedZone("Kiritimati", 14*60*60)
	for _, now := range []time.Time{exampleNow, time.Date(2028, time.February, 29, 0, 0, 0, 1, time.UTC), exampleNow.Add(9 * time.Hour)} {
		for _, zone := range []*time.Location{time.UTC, exampleZone(t), kiritimati} {
			checkRows(t, exampleData(now, zone), now)
		}
	}
}

func checkRows(t *testing.T, data models.ExampleData, now time.Time) {
	t.Helper()
	past := func(what string, at *time.Time) {
		if at != nil && at.After(now) {
			t.Errorf("%s is at %v, after %v", what, at, now)
		}
	}
	for _, c := range data.Conversations {
		past(c.ID, &c.CreatedAt)
		past(c.ID, c.ReadAt)
	}
	requests := map[string]models.Request{}
	for _, r := range data.Requests {
		requests[r.ID] = r
		past(r.ID, r.SentAt)
		past(r.ID, r.RatedAt)
	}
	answers := map[string]bool{}
	for _, r := range data.Ratings {
		past(r.ID, &r.At)
		past(r.ID, r.RemarkAt)
		if !strings.HasPrefix(r.ConversationID, models.ExamplePrefix) || !strings.HasPrefix(r.ContactID, models.ExamplePrefix) ||
			!strings.HasPrefix(r.TeammateID, models.ExamplePrefix) || !strings.HasPrefix(r.SourceKey, "example:") {
			t.Errorf("rating %s is not marked as an example: %+v", r.ID, r)
		}
		if strings.ContainsAny(r.Remark, "{}") || (r.Remark == "") != (r.RemarkAt == nil) {
			t.Errorf("rating %s has the remark %q at %v", r.ID, r.Remark, r.RemarkAt)
		}
		if (r.RequestID == "") != (r.Source == models.FromIntercom) {
			t.Errorf("rating %s from %s answers the request %q", r.ID, r.Source, r.RequestID)
		}
		if r.RequestID != "" && r.At.Before(*requests[r.RequestID].SentAt) {
			t.Errorf("rating %s was given before it was asked for", r.ID)
		}
		checkWords(t, data, r, requests[r.RequestID])
		answers[r.RequestID] = true
	}
	for _, w := range data.WriteBacks {
		past(w.RatingID, w.DoneAt)
		if w.DoneAt.Before(w.DueAt) {
			t.Errorf("%s of rating %s was written before it was due", w.Kind, w.RatingID)
		}
	}
	for _, r := range data.Requests {
		checkClose(t, r, now)
		if r.State != rating.Suppressed && (answers[r.ID] != (r.RatedAt != nil) || answers[r.ID] == (r.State == rating.Sent)) {
			t.Errorf("request %s is %s, rated at %v; answered: %v", r.ID, r.State, r.RatedAt, answers[r.ID])
		}
	}
}

// checkClose wants a row of the ledger to say what the rules say of it.
func checkClose(t *testing.T, r models.Request, now time.Time) {
	t.Helper()
	want := ""
	switch {
	case r.State == rating.Suppressed:
		want = r.Rule
	case !r.Automatic && !r.Facts.AskedByHand:
		t.Errorf("request %s was asked by nobody", r.ID)
	case !r.Automatic:
		want = "asked_by_hand"
	}
	if got := rating.DefaultSettings().Refusal(r.Facts); got != want {
		t.Errorf("%s %s: the rules say %q of it, the ledger %q", r.State, r.ID, got, want)
	}
	if r.ClosedAt.After(now) || !r.ClosedAt.Equal(r.Facts.At) || r.ContactID == "" || r.Facts.ContactID != r.ContactID {
		t.Errorf("request %s of %s was closed at %v: %+v", r.ID, r.ContactID, r.ClosedAt, r.Facts)
	}
}

// checkWords wants a rating to show what the wording of its request offered in the customer's language.
func checkWords(t *testing.T, data models.ExampleData, r models.Rating, request models.Request) {
	t.Helper()
	if r.RequestID == "" {
		if r.WordingVersion != 0 {
			t.Errorf("rating %s is Intercom's own and names version %d", r.ID, r.WordingVersion)
		}
		return
	}
	w := data.Wordings[request.WordingVersion-1]
	if r.WordingVersion != w.Version || w.PublishedAt.After(*request.SentAt) {
		t.Errorf("rating %s names version %d, its request %d of %v", r.ID, r.WordingVersion, w.Version, w.PublishedAt)
	}
	if w.Version < len(data.Wordings) && !data.Wordings[w.Version].PublishedAt.After(*request.SentAt) {
		t.Errorf("request %s was sent with version %d when there was a newer one", request.ID, w.Version)
	}
	if option := w.Body.In(r.Locale).Options[r.Score-1]; r.Emoji != option.Emoji || r.Label != option.Label {
		t.Errorf("rating %s shows %s %s, was offered %s", r.ID, r.Emoji, r.Label, option.Text())
	}
}

func TestExampleWordingsAreValid(t *testing.T) {
	data := exampleData(exampleNow, exampleZone(t))
	for i, w := range data.Wordings {
		if problems := w.Body.Validate(); problems != nil || w.Version != i+1 || (i > 0 && len(w.Body.Locales) == 0) {
			t.Errorf("version %d has the problems %v", w.Version, problems)
		}
		if i > 0 && !data.Wordings[i-1].PublishedAt.Before(w.PublishedAt) {
			t.Errorf("version %d comes at %v, before the one before it", w.Version, w.PublishedAt)
		}
	}
}

// The year shows everything that a rating can come to, and a team that people join and leave.
func TestExampleDataHasEverything(t *testing.T) {
	data := exampleData(exampleNow, exampleZone(t))
	seen := map[string]int{}
	first, last := map[string]time.Time{}, map[string]time.Time{}
	for _, r := range data.Ratings {
		for _, what := range []string{string(r.WhyNot), r.Channel, string(r.Source), r.Locale, r.WhatChanged} {
			seen[what]++
		}
		if r.RemarkAt != nil && r.RemarkAt.Sub(r.At) > time.Hour {
			seen["late remark"]++
		}
		if r.At.Before(first[r.TeammateName]) || first[r.TeammateName].IsZero() {
			first[r.TeammateName] = r.At
		}
		if r.RequestID == "" && r.At.After(last[r.TeammateName]) {
			last[r.TeammateName] = r.At
		}
	}
	for _, w := range data.WriteBacks {
		seen[string(w.Kind)]++
	}
	for _, what := range []string{
		"void", "suspect", "test", "unverified", "undone", "chat", "email", "whatsapp", "instagram", "facebook", "sms", "card", "link",
		"quick_reply", "intercom", "en", "de", "fr", "es", "ar", "ja", "pl", changedFixed, changedExplained, changedBroken,
		"late remark", "note", "follow_up", "attributes", "event",
	} {
		if seen[what] == 0 {
			t.Errorf("nothing is %s", what)
		}
	}
	if at := first["Mateo Álvarez"]; at.Before(time.Date(2026, time.April, 7, 0, 0, 0, 0, exampleZone(t))) {
		t.Errorf("Mateo was rated at %v, before he came", at)
	}
	// Intercom asks for a rating within a day of the closing.
	if at := last["Jonas Brandt"]; at.After(time.Date(2026, time.September, 3, 0, 0, 0, 0, exampleZone(t))) {
		t.Errorf("Jonas was rated at %v, after he had left", at)
	}
}

func TestExampleRemarks(t *testing.T) {
	seen := map[string]bool{}
	for language, moods := range exampleRemarks {
		for mood, remarks := range moods {
			for _, r := range remarks {
				if seen[r] || r != strings.TrimSpace(r) || len(r) > MaxRemark {
					t.Errorf("the %s remark %q (%s) is there twice or does not fit", language, r, mood)
				}
				seen[r] = true
			}
		}
	}
	if len(seen) < 150 {
		t.Errorf("there are %d different remarks, want 150 or more", len(seen))
	}
}

// The figures tell the story that the demo is for.
func TestExampleDataTellsAStory(t *testing.T) {
	for month := range 12 {
		now := exampleNow.AddDate(0, month, 0)
		t.Run(now.Format(time.DateOnly), func(t *testing.T) { checkStory(t, exampleData(now, exampleZone(t)), now) })
	}
}

func checkStory(t *testing.T, data models.ExampleData, now time.Time) {
	t.Helper()
	var first, latest, recovered, fortnight, remarks, known exampleShare
	release, over := now.AddDate(0, 0, releaseDay-exampleDays+1), now.AddDate(0, 0, releaseOver-exampleDays)
	histories := map[string][]models.Rating{}
	for _, r := range data.Ratings {
		remarks.add(r.Remark != "")
		if r.Valid() {
			histories[r.ConversationID] = append(histories[r.ConversationID], r)
		}
	}
	for _, h := range histories {
		positive := h[len(h)-1].Sentiment == rating.Positive
		first.add(h[0].Sentiment == rating.Positive)
		latest.add(positive)
		if h[0].At.After(release) && h[0].At.Before(over) {
			fortnight.add(h[0].Sentiment == rating.Positive)
		}
		if h[0].Sentiment == rating.Negative && len(h) > 1 {
			recovered.add(positive)
			known.add(h[len(h)-1].Replied == models.Yes)
		}
	}
	for _, want := range []struct {
		what        string
		got         exampleShare
		least, most float64
	}{
		{"of first ratings are positive", first, .68, .76},
		{"of counted ratings are positive", latest, .72, .80},
		{"of low ratings that were followed by another are positive now", recovered, .5, .7},
		{"of these came after a teammate's reply", known, .6, .85},
		{"of first ratings in the bad fortnight are positive", fortnight, .3, .6},
		{"of ratings have a remark", remarks, .3, .4},
	} {
		if got := want.got.of(); got < want.least || got > want.most {
			t.Errorf("%.3f of %d %s, want %.2f to %.2f", got, want.got.all, want.what, want.least, want.most)
		}
	}
	if first.of() >= latest.of() {
		t.Error("asking again does not help")
	}
}

// exampleShare counts how often something was true.
type exampleShare struct{ yes, all int }

func (s *exampleShare) add(yes bool) {
	s.all++
	if yes {
		s.yes++
	}
}

func (s exampleShare) of() float64 { return float64(s.yes) / float64(s.all) }
