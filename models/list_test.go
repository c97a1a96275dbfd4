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
)

// someRatings stores ratings of which many share a time, a conversation or a score, with every kind of field set, and
// requests between them, of which some are answered.
func someRatings(t *testing.T, db modelstest.DB, tenant models.Tenant) (all plain) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	for i := range 20 {
		db.Clock.Set(modelstest.Start.Add(time.Duration(3*i) * time.Hour))
		all.requests = append(all.requests, someRequest(t, tenant, pick("1", "2", "3", "4", "5"), pick("", "t1", "t2"), random.IntN(2) == 0))
	}
	db.Clock.Set(modelstest.Start)
	write(t, tenant, func(tx *models.Tx) error {
		for i := range 120 {
			r := answer(pick("1", "2", "3", "4", "5", "6"), pick("a", "b", "c"), fmt.Sprint(i), 1+random.IntN(5), time.Duration(5*random.IntN(12))*time.Hour)
			r.TeammateID = pick("", "t1", "t2")
			r.Remark = pick("", "", "words")
			r.WhyNot = models.WhyNot(pick("", "", "", "undone", "test"))
			if asked := all.requests[random.IntN(len(all.requests))]; i < 60 && asked.rated {
				r.ConversationID, r.RequestID = asked.conversation, asked.id
			}
			r.Channel = "channel " + r.ConversationID
			if _, err := tx.Conversation(r.ConversationID); err != nil {
				return err
			}
			if _, _, err := tx.AddRating(r); err != nil {
				return err
			}
		}
		return nil
	})
	all.zone, all.channels = time.UTC, map[string]string{}
	for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
		all.channels[id] = "channel " + id
		all.ratings = append(all.ratings, must(tenant.RatingsOf(ctx, id))(t)...)
	}
	slices.SortFunc(all.ratings, func(a, b models.Rating) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return all
}

// someRequest sends one request now.
func someRequest(t *testing.T, tenant models.Tenant, conversation, teammate string, rated bool) (sent plainRequest) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) error {
		c, err := tx.Conversation(conversation)
		if err != nil {
			return err
		}
		if err := tx.ReadConversation(c, "channel "+conversation, nil); err != nil {
			return err
		}
		request, err := tx.SendRequest(c, models.FromCard, 1, func(time.Time) bool { return false })
		if err != nil {
			return err
		}
		sent = plainRequest{id: request.ID, conversation: conversation, teammate: teammate, sentAt: tx.Now, rated: rated}
		if rated {
			if err := tx.RequestRated(request.ID); err != nil {
				return err
			}
		}
		return tx.SetRequestCredit(request.ID, rating.Part{ID: teammate}, rating.LastBotReply)
	})
	return sent
}

// fits says whether a rating passes the filter; all is needed for who went from which score to which.
func fits(f models.RatingFilter, r models.Rating, all plain) bool {
	at, teammate := r.At, r.TeammateID
	if f.Outcome == models.Responded { // then it is the request that the range and the teammate speak of
		i := slices.IndexFunc(all.requests, func(q plainRequest) bool { return q.id == r.RequestID })
		if i < 0 || !all.isFirstAnswer(r) {
			return false
		}
		at, teammate = all.requests[i].sentAt, all.requests[i].teammate
	}
	day := localDay(at, f.Range.Zone)
	is := func(wanted models.YesNo, so bool) bool {
		return wanted == models.Either || (wanted == models.Yes) == so
	}
	return day >= string(f.Range.From) && day <= string(f.Range.To) && is(f.Valid, r.WhyNot == "") && is(f.Remark, r.Remark != "") &&
		(f.Teammate == "" || f.Teammate == teammate) && (f.Channel == "" || f.Channel == r.Channel) &&
		(f.Change == "" || f.Change == r.Change) && (f.Score == 0 || f.Score == r.Score) &&
		(f.Conversation == "" || f.Conversation == r.ConversationID) && (f.Contact == "" || f.Contact == r.ContactID) &&
		(f.Move == (models.Move{}) || went(f.Move, r, all)) && (f.Outcome == "" || f.Outcome == models.Responded || became(f.Outcome, r, all))
}

// isFirstAnswer says whether no other answer to the same request came before.
func (p plain) isFirstAnswer(r models.Rating) bool {
	return !slices.ContainsFunc(p.ratings, func(other models.Rating) bool {
		return other.RequestID == r.RequestID && (other.At.Before(r.At) || other.At.Equal(r.At) && other.ID < r.ID)
	})
}

// went says whether a rating is the latest of a contact who went from one score to the other; 0 is any score.
func went(m models.Move, r models.Rating, all plain) bool {
	is := func(wanted int, rated models.Rating) bool { return wanted == 0 || rated.Value().On(m.Scale) == wanted }
	return slices.ContainsFunc(all.units(), func(unit []models.Rating) bool {
		last := unit[len(unit)-1]
		return len(unit) > 1 && last.ID == r.ID && is(m.First, unit[0]) && is(m.Latest, last)
	})
}

// became says whether a rating is the latest of a contact whose ratings had the outcome.
func became(outcome models.Outcome, r models.Rating, all plain) bool {
	return slices.ContainsFunc(all.units(), func(unit []models.Rating) bool {
		first, last := unit[0], unit[len(unit)-1]
		if last.ID != r.ID {
			return false
		}
		firstLow, latestLow := first.Sentiment == rating.Negative, last.Sentiment == rating.Negative
		switch outcome {
		case models.AnyOutcome:
			return true
		case models.RatedAgain:
			return len(unit) > 1
		case models.FirstLow:
			return firstLow
		case models.AskedAgain:
			return firstLow && all.askedAgain(unit)
		case models.Answered:
			return firstLow && len(unit) > 1
		case models.HasRecovered:
			return firstLow && last.Sentiment == rating.Positive
		case models.LatestLow:
			return latestLow
		case models.NotAsked:
			return latestLow && !all.askedAgain([]models.Rating{last})
		default:
			return len(unit) > 1 && string(last.Value().ChangeFrom(first.Value())) == string(outcome)
		}
	})
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
	f.Channel = text("channel", "channel 1", "channel 2", "none")
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
			var want, got []string
			for _, r := range all.ratings {
				if fits(f, r, all) {
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
		all := someRatings(t, db, tenant).ratings
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
