package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"rerate/internal/jobs"
	"rerate/models"
)

// Work that failed too often stands on the page of calls, of one's own workspace only; admins have it tried again.
func TestGivenUpWork(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss, viewer := w.signIn(jane), w.signIn(tomas)
		pool := must(w.db.SQL())(t)
		queue := must(jobs.New(pool, w.db.Dialect() == models.SQLite, jobs.Work{}, w.service.Log))(t)
		for _, job := range []jobs.Sync{{Workspace: workspace, Conversation: "4711"}, {Workspace: "another", Conversation: "4712"}} {
			must[any](nil, w.db.Tenant(job.Workspace).Write(ctx, func(tx *models.Tx) error {
				return queue.EnqueueTx(ctx, must(tx.SQL())(t), job, jobs.Now)
			}))(t)
		}
		if text := boss.page("/calls").Find("main").Text(); strings.Contains(text, "given up") {
			t.Errorf("nothing was given up, and the page says %s", text)
		}
		must(pool.ExecContext(ctx, "UPDATE river_job SET state = 'discarded', attempt = 25, finalized_at = CURRENT_TIMESTAMP WHERE kind = 'sync'"))(t)
		ids := map[string]string{}
		for _, whose := range []string{workspace, "another"} {
			var id int64
			must[any](nil, pool.QueryRowContext(ctx, "SELECT id FROM river_job WHERE kind = 'sync' AND args ->> 'workspace' = $1", whose).Scan(&id))(t)
			ids[whose] = fmt.Sprint(id)
		}

		for name, b := range map[string]*browser{"admin": boss, "viewer": viewer} {
			page := b.page("/calls")
			text := strings.Join(strings.Fields(page.Find("main").Text()), " ")
			for _, want := range []string{"Work that was given up", "Job " + ids[workspace], "4711", "25"} {
				if !strings.Contains(text, want) {
					t.Errorf("the %s's page does not say %q: %s", name, want, text)
				}
			}
			if strings.Contains(text, "4712") {
				t.Errorf("the %s sees another workspace's work: %s", name, text)
			}
			if n := page.Find("form[action='/calls/given-up/" + ids[workspace] + "/retry']").Length(); (n == 1) != (name == "admin") {
				t.Errorf("the %s has %d buttons", name, n)
			}
		}
		state := func(whose string) (state string) {
			must[any](nil, pool.QueryRowContext(ctx, "SELECT state FROM river_job WHERE id = "+ids[whose]).Scan(&state))(t)
			return state
		}
		boss.post("/calls/given-up/"+ids["another"]+"/retry", url.Values{}).is(http.StatusNotFound)
		boss.post("/calls/given-up/x/retry", url.Values{}).is(http.StatusNotFound)
		if got := state("another"); got != "discarded" {
			t.Errorf("another workspace's work is %s", got)
		}
		boss.post("/calls/given-up/"+ids[workspace]+"/retry", url.Values{}).leadsTo("/calls")
		if got := state(workspace); got != "available" {
			t.Errorf("the work is %s", got)
		}
		boss.post("/calls/given-up/"+ids[workspace]+"/retry", url.Values{}).is(http.StatusNotFound)
	})
}
