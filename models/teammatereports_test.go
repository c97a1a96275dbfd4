package models_test

import (
	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
	"rerate/models/modelstest/plain"
)

// credited says whether a filter leaves the work of a teammate.
func credited(wanted, teammate string) bool { return wanted == "" || plain.IsOf(wanted, teammate) }

// plainOf reads the rows of a workspace.
func plainOf(t tb, db modelstest.DB, tenant models.Tenant) plain.Rows {
	t.Helper()
	w := must(tenant.Get(ctx))(t)
	return plain.Read(t, db, tenant.Workspace, w.Settings.Location())
}

// compareTeammateDays holds everybody's first ratings by day against plain counting.
func (h *happening) compareTeammateDays(f models.Filter) {
	h.Helper()
	type key struct{ teammate, day string }
	want := map[key][2]int64{}
	for _, unit := range h.plain.Units() {
		if h.plain.Leaves(f, unit, "") && credited(f.Teammate, unit[0].TeammateID) {
			k := key{unit[0].TeammateID, h.plain.Day(unit[len(unit)-1].At)}
			n := want[k]
			want[k] = [2]int64{n[0] + 1, n[1]}
			if unit[0].Sentiment == rating.Positive {
				want[k] = [2]int64{n[0] + 1, n[1] + 1}
			}
		}
	}
	days := must(h.tenant.TeammateDays(ctx, f))(h)
	for _, d := range days {
		if n := want[key{d.TeammateID, string(d.Day)}]; n != [2]int64{d.Rated, d.FirstPositive} {
			h.Fatalf("%+v, want %v", d, n)
		}
	}
	if len(days) != len(want) {
		h.Fatalf("%d days of teammates, want %d", len(days), len(want))
	}
}
