package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// verify runs the command beside the running server.
func (w *world) verify(words ...string) (code int, out, told string) {
	w.t.Helper()
	var stdout, stderr bytes.Buffer
	env := func(name string) (string, bool) { v, ok := w.environment[name]; return v, ok }
	code = run(context.WithoutCancel(w.ctx), append([]string{"verify"}, words...), env, &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

// The command says what has drifted and ends with 1, mends it when it is told to, and then finds nothing.
func TestVerify(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
			if _, err := tx.Conversation("1"); err != nil {
				return err
			}
			_, _, err := tx.AddRating(models.Rating{
				ConversationID: "1", ContactID: "c", Source: models.FromCard, SourceKey: "1", Score: 5, Scale: 5, Sentiment: "positive",
				At: tx.Now, Channel: models.Chat,
			})
			return err
		}))
		if code, out, told := w.verify(); code != 0 || !strings.Contains(out, "every figure is what its rows come to") {
			t.Errorf("nothing was broken, but: %d %s %s", code, out, told)
		}
		pool, err := w.app.store.SQL()
		w.must(err)
		_, err = pool.ExecContext(w.ctx, "UPDATE rollup_days SET rated = 7 WHERE teammate_of = 'any' AND by_channel")
		w.must(err)
		code, out, told := w.verify("--workspace", intercomtest.DefaultWorkspace)
		if code != 1 || !strings.Contains(out, "rollup_days, 2026-03-02, everybody together, channel chat: rated is 7, should be 1") ||
			!strings.Contains(told, "1 value is not what its rows come to; rerate verify --rebuild mends that") {
			t.Errorf("one value was broken: %d %s %s", code, out, told)
		}
		if code, out, told := w.verify("--rebuild"); code != 0 || !strings.Contains(out, "1 value is mended") {
			t.Errorf("it was to be mended: %d %s %s", code, out, told)
		}
		if code, out, told := w.verify(); code != 0 {
			t.Errorf("it was mended, but: %d %s %s", code, out, told)
		}
		if code, _, told := w.verify("--workspace", "none"); code != 1 || !strings.Contains(told, `"none" has not installed Rerate`) {
			t.Errorf("of no workspace: %d %s", code, told)
		}
	})
}

// Figures that an earlier version has built are built again by a program that starts, in the background.
func TestFiguresOfAnEarlierVersion(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
			if _, err := tx.Conversation("1"); err != nil {
				return err
			}
			_, _, err := tx.AddRating(models.Rating{
				ConversationID: "1", ContactID: "c", Source: models.FromCard, SourceKey: "1", Score: 5, Scale: 5, Sentiment: "positive",
				At: tx.Now, Channel: models.Chat,
			})
			return err
		}))
		pool, err := w.app.store.SQL()
		w.must(err)
		for _, statement := range []string{"UPDATE workspaces SET reports_version = 0", "DELETE FROM rollup_days", "UPDATE summaries SET latest_id = ''"} {
			_, err = pool.ExecContext(w.ctx, statement)
			w.must(err)
		}
		w.restart("RERATE_BASE_URL", baseURL)
		w.within(patience, "the figures are rebuilt", func() bool {
			now, err := w.tenant.Get(w.ctx)
			w.must(err)
			_, rebuilding := now.Rebuilding()
			return !rebuilding
		})
		if code, out, told := w.verify(); code != 0 {
			t.Errorf("rebuilt, but: %d %s %s", code, out, told)
		}
	})
}
