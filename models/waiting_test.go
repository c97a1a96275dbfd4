package models_test

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// Whether a low rating waits is one question, which every list, count and mark answers in the same way.
func TestWhatWaits(t *testing.T) {
	const low, good = 2, 5
	rated := func(contact string, score int, hours time.Duration, why models.WhyNot) models.Rating {
		r := answer("", contact, "", score, hours*time.Hour)
		r.WhyNot = why
		return r
	}
	first := []models.Rating{rated("c", low, 0, "")}
	more := func(r ...models.Rating) []models.Rating { return append(slices.Clone(first), r...) }
	at := func(hours time.Duration) *time.Time {
		at := modelstest.Start.Add(hours * time.Hour)
		return &at
	}
	asked := func(event rating.RequestEvent, r models.Request) func(*models.Tx, models.Conversation) error {
		r.Method = models.ByLink
		return func(tx *models.Tx, c models.Conversation) error {
			_, err := tx.BeginRequest(c, event, r)
			return err
		}
	}
	nothing := func(*models.Tx, models.Conversation) error { return nil }
	cases := map[string]struct {
		ratings []models.Rating
		then    func(*models.Tx, models.Conversation) error
		waits   []int // which of the ratings
	}{
		"nobody has asked":                    {first, nothing, []int{0}},
		"asked since":                         {first, asked(rating.Send, models.Request{SentAt: at(1)}), nil},
		"asked since by a test":               {first, asked(rating.Send, models.Request{SentAt: at(1), Test: true}), []int{0}},
		"asked before":                        {first, asked(rating.Send, models.Request{SentAt: at(-1)}), []int{0}},
		"about to be asked":                   {first, asked(rating.Plan, models.Request{DueAt: at(9)}), nil},
		"about to be asked by a test":         {first, asked(rating.Plan, models.Request{DueAt: at(9), Test: true}), []int{0}},
		"the rules said no":                   {first, asked(rating.Refuse, models.Request{ClosedAt: at(1), Rule: "excluded_tags"}), []int{0}},
		"never to be asked":                   {first, func(tx *models.Tx, c models.Conversation) error { return tx.SetDoNotAsk(c.ID, true) }, nil},
		"deleted":                             {first, func(tx *models.Tx, c models.Conversation) error { return tx.ConversationDeleted(c.ID) }, nil},
		"voided":                              {[]models.Rating{rated("c", low, 0, models.Void)}, nothing, nil},
		"rated better since":                  {more(rated("c", good, 1, "")), nothing, nil},
		"rated better since, which is voided": {more(rated("c", good, 1, models.Void)), nothing, []int{0}},
		"rated low again":                     {more(rated("c", low, 1, "")), nothing, []int{1}},
		"rated low again after an ask":        {more(rated("c", low, 2, "")), asked(rating.Send, models.Request{SentAt: at(1)}), []int{1}},
		"another was content since":           {more(rated("d", good, 1, "")), nothing, []int{0}},
		"two have rated low":                  {more(rated("d", low, 1, "")), nothing, []int{0, 1}},
		"an ask between two who rated low":    {more(rated("d", low, 2, "")), asked(rating.Send, models.Request{SentAt: at(1)}), []int{1}},
		"low and good at once, the good last": {more(rated("c", good, 0, "")), nothing, nil},
		"low twice at once, the greater id":   {more(rated("c", low, 0, "")), nothing, []int{1}},
	}
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		var all, conversations []string
		for name, tt := range cases {
			var want []string
			for i, r := range tt.ratings {
				r.ConversationID, r.SourceKey = name, name+string(rune('0'+i))
				stored := add(t, tenant, r)
				if slices.Contains(tt.waits, i) {
					want = append(want, stored.ID)
				}
			}
			write(t, tenant, func(tx *models.Tx) error {
				c, err := tx.Conversation(name)
				if err != nil {
					return err
				}
				return tt.then(tx, c)
			})
			all, conversations = append(all, want...), append(conversations, name)
			sayWhatWaits(t, tenant, name, want, name)
		}
		sayWhatWaits(t, tenant, "", all, conversations...)
	})
}

// sayWhatWaits asks every query, for one conversation or, where that is empty, for all.
func sayWhatWaits(t *testing.T, tenant models.Tenant, one string, want []string, conversations ...string) {
	t.Helper()
	f := models.RatingFilter{Filter: always(time.UTC), Conversation: one}
	listed := f
	listed.Outcome = models.NotAsked
	waiting, _, err := tenant.CountWaiting(ctx, f)
	if counted := must(tenant.CountRatings(ctx, listed))(t); err != nil || int(counted) != len(want) || int(waiting) != len(want) {
		t.Errorf("%q: the list counts %d, the queue %d (%v), want %d", one, counted, waiting, err, len(want))
	}
	var queue []models.Rating
	for _, r := range must(tenant.Waiting(ctx, f, nil, 100))(t) {
		queue = append(queue, r.Rating)
	}
	marked := must(tenant.WaitingIn(ctx, conversations...))(t)
	if !slices.IsSortedFunc(marked, func(a, b models.Rating) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }) {
		t.Errorf("%q: what is marked is not read oldest first", one)
	}
	slices.Sort(want)
	for what, found := range map[string][]models.Rating{"listed": must(tenant.Ratings(ctx, listed, nil, 100))(t), "in the queue": queue, "marked": marked} {
		var got []string
		for _, r := range found {
			got = append(got, r.ID)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%q: %v is %s, want %v", one, got, what, want)
		}
	}
}
