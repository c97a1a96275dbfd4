package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"rerate/models"
)

// An admin has the figures checked and rebuilt from the settings page, which says how far that is and what was found; while
// they are being rebuilt every page says so.
func TestFiguresAreCheckedAndRebuilt(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		admin := w.signIn(jane)
		w.store(give{conversation: "1", contact: "c", score: 5})
		tenant := w.db.Tenant(workspace)
		shows := func(path string, wants ...string) {
			t.Helper()
			page := admin.get(path)
			for _, want := range wants {
				if !strings.Contains(page.body, want) {
					t.Errorf("%s does not say %q", path, want)
				}
			}
		}
		end := func(kind models.RecountKind) {
			t.Helper()
			for {
				if r, err := tenant.GoOn(ctx, kind); err != nil {
					t.Fatal(err)
				} else if !r.UnderWay() {
					return
				}
			}
		}
		pool, err := w.db.SQL()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pool.ExecContext(ctx, "UPDATE rollup_days SET rated = 7 WHERE teammate_of = 'any' AND by_channel"); err != nil {
			t.Fatal(err)
		}
		shows("/settings", "none yet", "Check now", "Rebuild now")

		if got := admin.post("/settings/figures/check", nil); got.status != http.StatusSeeOther {
			t.Fatalf("checking answers %d", got.status)
		}
		shows("/settings", "Figures are being checked")
		end(models.Check)
		shows("/settings", "1 value was not what the ratings and requests come to.", "rated is 7, should be 1")

		if got := admin.post("/settings/figures/rebuild", nil); got.status != http.StatusSeeOther {
			t.Fatalf("rebuilding answers %d", got.status)
		}
		shows("/", "Figures are being rebuilt: 0 %.")
		shows("/settings", "rebuild-progress", "Look again")
		end(models.Rebuild)
		if page := admin.get("/"); strings.Contains(page.body, "being rebuilt") {
			t.Error("the overview still says that figures are being rebuilt")
		}
		admin.post("/settings/figures/check", nil)
		end(models.Check)
		shows("/settings", "Every figure was what the ratings and requests come to.")
	})
}
