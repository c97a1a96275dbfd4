package models_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

// listed adds calls of the given ages, one each.
func listed(t tb, tenant models.Tenant, change func(*models.Call), ages ...time.Duration) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) error {
		var calls []models.Call
		for i, age := range ages {
			c := models.Call{At: tx.Now.Add(-age), Direction: models.FromThem, Kind: fmt.Sprint("kind ", i%2), Status: 200, Outcome: models.CallDone}
			if change != nil {
				change(&c)
			}
			calls = append(calls, c)
		}
		return tx.AddCalls(calls)
	})
}

func total(t tb, tenant models.Tenant) (n int) {
	t.Helper()
	for _, of := range must(tenant.CountCalls(ctx, models.CallFilter{}))(t) {
		n += of
	}
	return n
}

// Each call stands in one tab: refused and failed ones in invalid, whatever the mode.
func TestEachCallStandsInOneTab(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		outcome := func(o models.CallOutcome, test bool) func(*models.Call) {
			return func(c *models.Call) { c.Outcome, c.Test = o, test }
		}
		listed(t, tenant, outcome(models.CallDone, false), 0, 0, 0)
		listed(t, tenant, outcome(models.CallDone, true), 0, 0)
		listed(t, tenant, outcome(models.CallRefused, true), 0)
		listed(t, tenant, outcome(models.CallFailed, false), 0)
		want := map[models.CallTab]int{models.LiveCalls: 3, models.TestCalls: 2, models.InvalidCalls: 2}
		got := must(tenant.CountCalls(ctx, models.CallFilter{}))(t)
		for _, tab := range models.CallTabs {
			if got[tab] != want[tab] {
				t.Errorf("%s has %d calls, want %d", tab, got[tab], want[tab])
			}
			if rows := must(tenant.Calls(ctx, models.CallFilter{Tab: tab}, nil, 10))(t); len(rows) != want[tab] {
				t.Errorf("%s lists %d calls, want %d", tab, len(rows), want[tab])
			}
		}
		write(t, tenant, func(tx *models.Tx) error {
			settings, err := tx.Settings()
			settings.TestMode = true
			if err != nil {
				return err
			}
			return tx.SaveSettings(settings)
		})
		listed(t, tenant, outcome(models.CallDone, false), 0)
		if got := must(tenant.CountCalls(ctx, models.CallFilter{}))(t)[models.TestCalls]; got != 3 {
			t.Errorf("in test mode %d calls are of test mode, want 3", got)
		}
		listed(t, db.Tenant("a stranger"), nil, 0) // who never installed Rerate is called about, too
		if got := total(t, db.Tenant("a stranger")); got != 1 {
			t.Errorf("a stranger has %d calls", got)
		}
	})
}

// Pages are the whole list, newest first, each call once; filters narrow.
func TestCallsByPages(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		listed(t, tenant, nil, 5*time.Second, 3*time.Second, 3*time.Second, 3*time.Second, time.Second)
		listed(t, tenant, func(c *models.Call) { c.Direction, c.ConversationID = models.ToThem, "7" }, 2*time.Second)
		var seen []string
		var after *models.Cursor
		for {
			page := must(tenant.Calls(ctx, models.CallFilter{}, after, 2))(t)
			if len(page) == 0 {
				break
			}
			for _, c := range page {
				if after != nil && c.At.After(after.At) {
					t.Errorf("%s comes after %s", c.At, after.At)
				}
				seen = append(seen, c.ID)
				after = &models.Cursor{At: c.At, ID: c.ID}
			}
		}
		if slices.Sort(seen); len(slices.Compact(seen)) != 6 {
			t.Errorf("the pages hold %d different calls of 6", len(slices.Compact(seen)))
		}
		for name, c := range map[string]struct {
			filter models.CallFilter
			want   int
		}{
			"direction":    {models.CallFilter{Direction: models.ToThem}, 1},
			"kind":         {models.CallFilter{Kind: "kind 1"}, 2},
			"conversation": {models.CallFilter{Conversation: "7"}, 1},
			"all of them":  {models.CallFilter{Direction: models.FromThem, Conversation: "7"}, 0},
		} {
			if got := len(must(tenant.Calls(ctx, c.filter, nil, 10))(t)); got != c.want {
				t.Errorf("by %s: %d calls, want %d", name, got, c.want)
			}
		}
		if got := must(tenant.CallKinds(ctx))(t); !slices.Equal(got, []string{"kind 0", "kind 1"}) {
			t.Errorf("the kinds are %q", got)
		}
	})
}

// Whatever is added, after a sweep no more is kept than the bounds say, and what is kept is the newest.
func TestCallsAreBounded(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		const hour = time.Hour
		ages := func(n int, step time.Duration) (all []time.Duration) {
			for i := range n {
				all = append(all, time.Duration(i)*step)
			}
			return all
		}
		for name, c := range map[string]struct {
			keep models.CallBounds
			ages []time.Duration
			want int
		}{
			"nothing there":         {models.CallBounds{Age: 24 * hour, Rows: 5, Bite: 2}, nil, 0},
			"all young and few":     {models.CallBounds{Age: 24 * hour, Rows: 30, Bite: 2}, ages(24, hour), 24},
			"just as old as may be": {models.CallBounds{Age: 24 * hour, Rows: 30, Bite: 7}, []time.Duration{0, 24*hour - time.Microsecond, 24*hour + time.Microsecond}, 2},
			"too many":              {models.CallBounds{Age: 24 * hour, Rows: 10, Bite: 3}, ages(24, hour), 10},
			"too many at one time":  {models.CallBounds{Age: 24 * hour, Rows: 10, Bite: 3}, ages(25, 0), 10},
			"too old and too many":  {models.CallBounds{Age: 8 * hour, Rows: 30, Bite: 4}, ages(40, hour), 9},
			"a whole bite":          {models.CallBounds{Age: 24 * hour, Rows: 4, Bite: 4}, ages(8, hour), 4},
		} {
			tenant, other := install(t, db, "of "+name), install(t, db, "beside "+name)
			if c.ages != nil {
				listed(t, tenant, nil, c.ages...)
			}
			listed(t, other, nil, 23*hour)
			if err := tenant.TrimCalls(ctx, c.keep); err != nil {
				t.Fatal(err)
			}
			rows := must(tenant.Calls(ctx, models.CallFilter{}, nil, 100))(t)
			if len(rows) != c.want {
				t.Errorf("%s: %d calls are kept, want %d", name, len(rows), c.want)
			}
			slices.Sort(c.ages)
			for i, row := range rows {
				if want := db.Clock.Now().UTC().Add(-c.ages[i]); row.At.Sub(want).Abs() > time.Microsecond {
					t.Errorf("%s: the call kept in place %d is of %s, want %s", name, i, row.At, want)
				}
			}
			if got := total(t, other); got != 1 {
				t.Errorf("%s: another workspace has %d calls left", name, got)
			}
		}
	})
}

// The sweep visits everybody, those that never installed Rerate too.
func TestTheSweepTrimsCalls(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		old := models.KeepCalls.Age + time.Minute
		for _, w := range []string{"w", "a stranger"} {
			listed(t, db.Tenant(w), nil, 0, old, old)
		}
		if err := db.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		for _, w := range []string{"w", "a stranger"} {
			if got := total(t, db.Tenant(w)); got != 1 {
				t.Errorf("%s has %d calls left, want 1", w, got)
			}
		}
	})
}
