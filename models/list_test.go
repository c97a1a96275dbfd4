package models_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
	"rerate/models/modelstest/plain"
)

// someRatings stores ratings of which many share a time, a conversation or a score, with every kind of field set, and
// requests between them, of which some are answered.
func someRatings(t *testing.T, db modelstest.DB, tenant models.Tenant) (all plain.Rows) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	for i := range 20 {
		db.Clock.Set(modelstest.Start.Add(time.Duration(3*i) * time.Hour))
		all.Requests = append(all.Requests, someRequest(t, tenant, pick("1", "2", "3", "4", "5"), pick("", "t1", "t2"), random.IntN(2) == 0))
	}
	db.Clock.Set(modelstest.Start)
	write(t, tenant, func(tx *models.Tx) error {
		for i := range 120 {
			r := answer(pick("1", "2", "3", "4", "5", "6"), pick("a", "b", "c"), fmt.Sprint(i), 1+random.IntN(5), time.Duration(5*random.IntN(12))*time.Hour)
			r.TeammateID = pick("", "t1", "t2")
			r.Remark, r.Replied = pick("", "", "words"), models.YesNo(pick("", "yes", "no"))
			r.WhyNot = models.WhyNot(pick("", "", "", "undone", "test"))
			if asked := all.Requests[random.IntN(len(all.Requests))]; i < 60 && !asked.RatedAt.IsZero() {
				r.ConversationID, r.RequestID = asked.Conversation, asked.ID
			}
			r.Channel = "channel " + r.ConversationID
			if _, err := tx.Conversation(r.ConversationID); err != nil {
				return err
			}
			if _, _, err := tx.AddRating(r); err != nil {
				return err
			}
		}
		for id, tags := range map[string]models.Tags{"1": {"vip"}, "2": {"late", "vip"}, "6": {"late"}} {
			if err := tx.SaveCourse(id, models.Course{State: models.StateOpen, ChangedAt: tx.Now, Tags: tags}); err != nil {
				return err
			}
		}
		return nil
	})
	all = plain.Read(t, db, tenant.Workspace, time.UTC)
	all.Ratings = nil
	for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
		all.Channels[id] = "channel " + id
		all.Ratings = append(all.Ratings, must(tenant.RatingsOf(ctx, id))(t)...)
	}
	slices.SortFunc(all.Ratings, func(a, b models.Rating) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return all
}

// someRequest sends one request now.
func someRequest(t *testing.T, tenant models.Tenant, conversation, teammate string, rated bool) (sent plain.Request) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) error {
		c, err := tx.Conversation(conversation)
		if err != nil {
			return err
		}
		if err := tx.ReadConversation(c, "channel "+conversation, nil); err != nil {
			return err
		}
		request, err := tx.SendRequest(c, models.ByCard, 1, func(time.Time) bool { return false })
		if err != nil {
			return err
		}
		sent = plain.Request{ID: request.ID, Conversation: conversation}
		if rated {
			sent.RatedAt = tx.Now
			if err := tx.RequestRated(request.ID); err != nil {
				return err
			}
		}
		return tx.SetRequestCredit(request.ID, rating.Part{ID: teammate}, rating.LastBotReply)
	})
	return sent
}

func drawRatingFilter(t *rapid.T) (f models.RatingFilter) {
	from := stats.DayOf(modelstest.Start, time.UTC).AddDays(rapid.IntRange(-1, 4).Draw(t, "from"))
	zone := rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("east", 5*3600)}).Draw(t, "zone")
	f.Range = stats.Range{From: from, To: from.AddDays(rapid.IntRange(0, 5).Draw(t, "days")), Zone: zone}
	text := func(what string, values ...string) string {
		if rapid.IntRange(0, 3).Draw(t, "no "+what) > 0 {
			return ""
		}
		return rapid.SampledFrom(values).Draw(t, what)
	}
	f.Teammate = text("teammate", "t1", "t2", "nobody")
	f.FirstTeammate = text("first teammate", "t1", "t2", "nobody")
	f.Channel = text("channel", "channel 1", "channel 2", "none")
	f.Tag = text("tag", "vip", "late", "none")
	f.Change = rating.Change(text("change", "first", "better", "same", "worse"))
	f.Conversation = text("conversation", "1", "6", "none")
	f.Contact = text("contact", "a", "b")
	f.Valid = models.YesNo(text("valid", "yes", "no"))
	f.Remark = models.YesNo(text("remark", "yes", "no"))
	if text("outcome", "yes") != "" {
		f.Outcome = rapid.SampledFrom(models.Outcomes).Draw(t, "which outcome")
	}
	f.Score = len(text("score", "1", "11", "11111"))
	if text("move", "yes") != "" {
		f.Move = models.Move{
			First: rapid.IntRange(0, 5).Draw(t, "first"), Latest: rapid.IntRange(1, 5).Draw(t, "latest"),
			Scale: rapid.IntRange(2, 10).Draw(t, "scale"),
		}
		if f.Move.First > 0 && rapid.Bool().Draw(t, "any latest") {
			f.Move.Latest = 0
		}
	}
	return f
}

// Page by page, in pages of any size, each rating that fits is listed once, newest first, and no other.
func TestPagesHoldEveryRatingOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		all := someRatings(t, db, tenant)
		rapid.Check(t, func(t *rapid.T) {
			f, limit := drawRatingFilter(t), rapid.IntRange(1, 130).Draw(t, "limit")
			few := rapid.IntRange(0, 130).Draw(t, "looks at")
			db.LookNoFurther(few, few, few, few)
			all := all.In(f.Range.Zone)
			var want, got []string
			for _, r := range all.Ratings {
				if all.Fits(f, r) {
					want = append(want, r.ID)
				}
			}
			for cursor := (*models.Cursor)(nil); ; {
				page := must(tenant.Ratings(ctx, f, cursor, limit))(t)
				for _, r := range page {
					got = append(got, r.ID)
				}
				if len(page) < limit {
					break
				}
				last := page[len(page)-1]
				cursor = &models.Cursor{At: last.At, ID: last.ID}
			}
			if d := diff.Diff(want, got); d != "" {
				t.Fatalf("%+v (-want +got)\n%s", f, d)
			}
			if n := must(tenant.CountRatings(ctx, f))(t); int(n) != len(want) {
				t.Fatalf("%+v: %d are counted, want %d", f, n, len(want))
			}
		})
	})
}

// A rating that arrives between two pages neither hides nor doubles another.
func TestPagesWhileRatingsArrive(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		all := someRatings(t, db, tenant).Ratings
		f := models.RatingFilter{Filter: always(time.UTC)}
		got, cursor := 0, (*models.Cursor)(nil)
		for page := 0; ; page++ {
			rows := must(tenant.Ratings(ctx, f, cursor, 50))(t)
			for _, r := range rows {
				if r.ID != all[got].ID {
					t.Fatalf("place %d holds %s, want %s", got, r.ID, all[got].ID)
				}
				got++
			}
			if len(rows) < 50 {
				break
			}
			cursor = &models.Cursor{At: rows[49].At, ID: rows[49].ID}
			add(t, tenant, answer("9", "z", fmt.Sprint("late ", page), 5, 1000*time.Hour))
		}
		if got != len(all) {
			t.Errorf("%d of %d are listed", got, len(all))
		}
	})
}

func TestFilterChoices(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for i, who := range []string{"t2", "", "t1", "t2"} {
			r := answer(fmt.Sprint(i), "c", fmt.Sprint(i), 5, 0)
			r.TeammateID, r.TeammateName, r.Channel = who, "Name "+who, []string{"email", "chat"}[i%2]
			add(t, tenant, r)
		}
		who := must(tenant.CreditedTeammates(ctx))(t)
		if len(who) != 2 || who[0].ID != "t1" || who[0].Name != "Name t1" || who[1].ID != "t2" {
			t.Errorf("credited are %+v", who)
		}
		write(t, tenant, func(tx *models.Tx) error {
			for _, id := range []string{"0", "2"} {
				conversation, err := tx.Conversation(id)
				if err != nil {
					return err
				}
				conversation.Channel = "email" // as the rating has it
				if err := tx.ReadConversation(conversation, "facebook", nil); err != nil {
					return err
				}
			}
			return nil
		})
		if got := must(tenant.UsedChannels(ctx))(t); !slices.Equal(got, []string{"chat", "facebook"}) {
			t.Errorf("channels are %v", got)
		}
	})
}

// All of time begins with the oldest rating, also where an older one has turned out to be newer.
func TestAllTimeBeginsWithWhatIsStillThere(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		r := add(t, tenant, answer("1", "a", "key", 5, 0))
		r.At = r.At.Add(4 * 24 * time.Hour)
		write(t, tenant, func(tx *models.Tx) error { return tx.Judge(r) })
		in := stats.Range{From: "2026-01-01", To: "2026-12-31", Zone: time.UTC}
		if first := must(tenant.FirstDay(ctx, in))(t); first != stats.DayOf(r.At, time.UTC) {
			t.Errorf("it begins on %s", first)
		}
	})
}
