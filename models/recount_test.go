package models_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// checked counts every figure of a workspace anew and answers what was not right.
func checked(t tb, tenant models.Tenant) models.Recount {
	t.Helper()
	r := models.NewRecount(models.Check, models.RecountAsked)
	for r.UnderWay() {
		if err := tenant.CheckPiece(ctx, &r); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// allRight ends the test when a stored figure is not what its rows come to.
func allRight(t tb, tenant models.Tenant) {
	t.Helper()
	if r := checked(t, tenant); r.Drifted > 0 {
		t.Fatalf("%d values are wrong, such as:\n%s", r.Drifted, sentences(r.Drifts))
	}
}

func sentences(drifts []models.Drift) string {
	var all []string
	for _, d := range drifts {
		all = append(all, d.String())
	}
	return strings.Join(all, "\n")
}

// goOn goes on with a recount until it ends, or at most so many pieces.
func goOn(t tb, tenant models.Tenant, kind models.RecountKind, most int) (r models.Recount) {
	t.Helper()
	for range most {
		if r = must(tenant.GoOn(ctx, kind))(t); !r.UnderWay() {
			break
		}
	}
	return r
}

func begin(t tb, tenant models.Tenant, kind models.RecountKind) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) error { return tx.BeginRecount(kind, models.RecountAsked) })
}

// manyTalks fills a workspace with conversations: rated once or twice, asked, closed, on several days.
func manyTalks(t tb, db modelstest.DB, tenant models.Tenant, n int) {
	t.Helper()
	random := rand.New(rand.NewPCG(7, uint64(n)))
	for i := range n {
		db.Clock.Set(modelstest.Start.Add(time.Duration(i%97) * 7 * time.Hour))
		write(t, tenant, func(tx *models.Tx) error {
			id := fmt.Sprint(i)
			talk, err := tx.Conversation(id)
			if err != nil {
				return err
			}
			if _, err := tx.BeginRequest(talk, rating.Refuse, models.Request{ClosedAt: &tx.Now, Rule: "users"}); err != nil {
				return err
			}
			if _, err := tx.SendRequest(talk, models.ByCard, 1, yes); err != nil {
				return err
			}
			for range 1 + i%2 {
				r := answer(id, "c", tx.NewID(), 1+random.IntN(5), time.Duration(i)*time.Hour)
				r.TeammateID = []string{"", "t1", "t2"}[random.IntN(3)]
				if _, _, err := tx.AddRating(r); err != nil {
					return err
				}
			}
			return nil
		})
	}
	db.Clock.Set(modelstest.Start)
}

// Whatever is broken in what is derived is found, said, and mended by a rebuild; after that nothing is found.
func TestWhateverIsBrokenIsFoundAndMended(t *testing.T) {
	breaks := map[string]struct {
		statement string
		says      string // in one of the lines
	}{
		"a figure":          {"UPDATE rollup_days SET latest_positive = latest_positive + 1 WHERE day = '2026-03-02' AND teammate_of = 'any'", "rollup_days, 2026-03-02, everybody together, channel chat: latest_positive is "},
		"a row is gone":     {"DELETE FROM rollup_days WHERE day = '2026-03-03' AND teammate_of = 'first' AND teammate_id = 't1'", "rollup_days, 2026-03-03, first rating credited to t1, channel chat: rated is 0, should be "},
		"a row too many":    {"INSERT INTO rollup_moves SELECT workspace_id, teammate_of, by_channel, '2029-01-01', channel, teammate_id, first_score, first_scale, latest_score, latest_scale, pairs FROM rollup_moves WHERE teammate_of = 'latest' AND by_channel ORDER BY day, teammate_id, first_score, latest_score LIMIT 1", "rollup_moves, 2029-01-01, latest rating credited to "},
		"asks":              {"UPDATE rollup_asks SET sent_again = 7 WHERE teammate_of = 'request'", "requests of nobody, channel chat: sent_again is 7, should be 0"},
		"a summary":         {"UPDATE summaries SET waiting = NOT waiting WHERE conversation_id = '5'", "conversation 5 of contact c: waiting is "},
		"a summary is gone": {"DELETE FROM summaries WHERE conversation_id = '5'", "conversation 5 of contact c: the row is missing, should be there"},
		"of no rating":      {"INSERT INTO summaries SELECT workspace_id, conversation_id, 'nobody', day, channel, teammate_id, first_score, first_scale, latest_score, latest_scale, first_sentiment, latest_sentiment, best_sentiment, worst_sentiment, change, ratings, credit, asked_again, latest_at, latest_id, first_teammate_id, replied, waiting FROM summaries WHERE conversation_id = '5'", "conversation 5 of contact nobody: the row is there, should be missing"},
		"a comparison":      {"UPDATE ratings SET change = 'better', previous_score = 3 WHERE conversation_id = '4'", "change is better, should be first"},
		"every rollup":      {"DELETE FROM rollup_days", "rated is 0"},
	}
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		manyTalks(t, db, tenant, 120)
		allRight(t, tenant)
		whole := derivedOf(t, db, "w")
		for name, broken := range breaks {
			execute(t, db, broken.statement)
			found := checked(t, tenant)
			if !strings.Contains(sentences(found.Drifts), broken.says) {
				t.Errorf("%s: found\n%s\nwant a line with %q", name, sentences(found.Drifts), broken.says)
			}
			begin(t, tenant, models.Rebuild)
			if r := goOn(t, tenant, models.Rebuild, 1000); r.UnderWay() || r.Drifted == 0 {
				t.Errorf("%s: the rebuild mended %d of %d, under way: %t", name, r.Drifted, found.Drifted, r.UnderWay())
			}
			allRight(t, tenant)
			if diff := cmp.Diff(whole, derivedOf(t, db, "w")); diff != "" {
				t.Errorf("%s: mended (-before +after)\n%s", name, diff)
			}
		}
	})
}

// A rebuild is done in pieces each of which is stored: whoever is killed, others go on; it says how far it is, and what
// was rated meanwhile counts.
func TestARebuildGoesOnWhereItStopped(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant, others := install(t, db, "w"), db.Again(t).Tenant("w")
		manyTalks(t, db, tenant, 120)
		execute(t, db, "UPDATE rollup_days SET rated = 0")
		begin(t, tenant, models.Rebuild)
		percent, pieces := -1, 0
		for turn := range 1000 {
			worker := []models.Tenant{tenant, others}[turn%2]
			r := must(worker.GoOn(ctx, models.Rebuild))(t)
			w := must(tenant.Get(ctx))(t)
			shown, rebuilding := w.Rebuilding()
			if rebuilding != r.UnderWay() || shown != r.Percent() || shown < percent {
				t.Fatalf("after %d pieces at %d %%: %d %% are shown, rebuilding: %t, under way: %t", pieces, r.Percent(), shown, rebuilding, r.UnderWay())
			}
			percent = shown
			if !r.UnderWay() {
				break
			}
			pieces++
			add(t, tenant, answer(fmt.Sprint("new ", turn), "c", fmt.Sprint("new ", turn), 1+turn%5, time.Duration(turn)*time.Hour))
		}
		if percent != 100 || pieces < 10 {
			t.Errorf("it ended at %d %% after %d pieces", percent, pieces)
		}
		allRight(t, tenant)
		if ended := must(tenant.GoOn(ctx, models.Rebuild))(t); ended.UnderWay() {
			t.Error("it goes on after its end")
		}
	})
}

// A check stores how far it is and what it found; begun again, whoever was at the one before changes nothing.
func TestACheckGoesOnWhereItStopped(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		manyTalks(t, db, tenant, 105)
		execute(t, db, "UPDATE rollup_days SET waiting = waiting + 1 WHERE teammate_of = 'any' AND by_channel AND day = '2026-03-02'")
		before := derivedOf(t, db, "w")
		begin(t, tenant, models.Check)
		goOn(t, tenant, models.Check, 3)
		begin(t, tenant, models.Check)
		if r := goOn(t, tenant, models.Check, 1000); r.UnderWay() || r.Drifted != 1 || r.Drifts[0].Column != "waiting" || r.Round != 2 {
			t.Errorf("it found %d: %s", r.Drifted, sentences(r.Drifts))
		}
		if diff := cmp.Diff(before, derivedOf(t, db, "w")); diff != "" {
			t.Errorf("a check changed something (-before +after)\n%s", diff)
		}
		if _, rebuilding := must(tenant.Get(ctx))(t).Rebuilding(); rebuilding {
			t.Error("a check says that figures are being rebuilt")
		}
	})
}

// A time zone changes at once where there is little to count, and by a rebuild where there is much.
func TestATimeZoneOfManyRatings(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		fewer := answer("few", "c", "few", 5, 0)
		add(t, tenant, fewer)
		write(t, tenant, func(tx *models.Tx) error { return moveTo(tx, "Pacific/Kiritimati") })
		if r := must(tenant.Recount(ctx, models.Rebuild))(t); r.UnderWay() || r.Why != models.RecountZone {
			t.Errorf("with one rating: %+v", r)
		}
		allRight(t, tenant)
		write(t, tenant, func(tx *models.Tx) error {
			talk, err := tx.Conversation("many")
			if err != nil {
				return err
			}
			for episode := range 2001 {
				if _, err := tx.BeginRequest(talk, rating.Refuse, models.Request{Episode: episode + 1, ClosedAt: &tx.Now, Rule: "users"}); err != nil {
					return err
				}
			}
			return moveTo(tx, "America/New_York")
		})
		if r := must(tenant.Recount(ctx, models.Rebuild))(t); !r.UnderWay() {
			t.Error("with many requests it was done at once")
		}
		goOn(t, tenant, models.Rebuild, 1000)
		allRight(t, tenant)
	})
}

// Workspaces whose figures an earlier version has built are named until a rebuild has begun, and are told apart from those
// that are new.
func TestOutdatedReports(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		add(t, tenant, answer("1", "c", "1", 1, 0))
		outdated := func(want ...string) {
			t.Helper()
			if got := must(db.OutdatedReports(ctx))(t); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%v are outdated, want %v", got, want)
			}
		}
		outdated()
		execute(t, db, "UPDATE workspaces SET reports_version = 0")
		execute(t, db, "DELETE FROM rollup_days")
		outdated("w")
		if percent, rebuilding := must(tenant.Get(ctx))(t).Rebuilding(); !rebuilding || percent != 0 {
			t.Errorf("it says %d %%, rebuilding: %t", percent, rebuilding)
		}
		begin(t, tenant, models.Rebuild)
		outdated()
		goOn(t, tenant, models.Rebuild, 1000)
		outdated()
		allRight(t, tenant)
		if _, rebuilding := must(tenant.Get(ctx))(t).Rebuilding(); rebuilding {
			t.Error("it is still being rebuilt")
		}
	})
}

// Whoever writes requests without having the rollups move with them is refused.
func TestNobodyForgetsToMoveAsks(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for name, forgets := range map[string]func(tx *models.Tx) error{
			"rows":  func(tx *models.Tx) error { return tx.WriteRequests() },
			"SQL":   func(tx *models.Tx) error { return tx.Exec("DELETE  FROM requests WHERE id = ''") },
			"moved": func(tx *models.Tx) error { return tx.Exec("UPDATE requests SET state = 'sent' WHERE id = ''") },
		} {
			if err := tenant.Write(ctx, forgets); err == nil || !strings.Contains(err.Error(), "holdAsks") {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// The policies side by side on one data set: what each counts as positive of the same six conversations.
func TestPoliciesSideBySide(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for talk, scores := range [][]int{{5}, {1, 5}, {5, 1}, {1, 5, 2}, {4, 4, 3, 1}, {2, 3}} {
			for i, score := range scores {
				add(t, tenant, answer(fmt.Sprint(talk), "c", fmt.Sprint(talk, i), score, time.Duration(i)*time.Hour))
			}
		}
		got := report(t, tenant, always(time.UTC))
		want := map[rating.Policy]float64{
			rating.CountFirst:   3,                             // 5, 5 1, 4 4 3 1
			rating.CountLatest:  2,                             // 5, 1 5
			rating.CountBest:    5,                             // all but 2 3
			rating.CountWorst:   1,                             // 5
			rating.CountAverage: 1 + 1/2. + 1/2. + 1/3. + 2/4., // the share of each that is positive
		}
		for _, policy := range rating.Policies {
			if positive := got.Positive(policy); math.Abs(positive-want[policy]) > 1e-9 || got.Rated != 6 {
				t.Errorf("%s: %v of %d are positive, want %v of 6", policy, positive, got.Rated, want[policy])
			}
		}
	})
}

// The benchmarks' past has its summaries from the beginning; a rebuild finds nothing to mend in them.
func TestThePastOfBenchmarksIsDerivedAsARebuildDoes(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		past := modelstest.Past{Store: db.Store, Workspace: "w", Ratings: 500, Until: modelstest.Start}
		if err := past.Fill(ctx); err != nil {
			t.Fatal(err)
		}
		found := models.NewRecount(models.Check, models.RecountAsked)
		for found.Stage == models.RecountSummaries {
			if err := tenant.CheckPiece(ctx, &found); err != nil {
				t.Fatal(err)
			}
		}
		if found.Drifted > 0 {
			t.Errorf("%d values of the summaries are wrong, such as:\n%s", found.Drifted, sentences(found.Drifts))
		}
	})
}
