package main

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"

	"rerate/models"
	"rerate/models/modelstest"
)

// BenchmarkReports measures pages over a workspace with years of ratings, through the router and as a teammate who has
// signed in, on both databases. RERATE_BENCH_RATINGS says how many ratings, as a list. Making ten million takes an hour, so
// RERATE_BENCH_DATABASE may name an empty database, which is filled and kept; the next time it is measured as it is.
func BenchmarkReports(b *testing.B) {
	for _, dialect := range modelstest.Dialects {
		if kept := os.Getenv("RERATE_BENCH_DATABASE"); strings.HasPrefix(kept, "postgres") != (dialect == models.Postgres) && kept != "" {
			continue
		}
		for size := range strings.SplitSeq(cmp.Or(os.Getenv("RERATE_BENCH_RATINGS"), "10000,100000"), ",") {
			n, err := strconv.Atoi(size)
			if err != nil {
				b.Fatalf("RERATE_BENCH_RATINGS is a list of numbers with commas between, not %q", size)
			}
			b.Run(fmt.Sprintf("%s/%d", dialect, n), func(b *testing.B) { benchmarkReports(b, dialect, n) })
		}
	}
}

// reportPages are what is measured: everything that a teammate reads daily.
var reportPages = []struct{ name, path string }{
	{"overview, 90 days", "/"},
	{"overview, 12 months", "/?days=365"},
	{"overview, one teammate", "/?days=365&teammate=9000007"},
	{"feed", "/ratings?days=365"},
	{"feed, low and not asked", "/ratings?days=365&outcome=not_asked"},
	{"search, common word", "/ratings?days=365&q=" + modelstest.CommonWord},
	{"search, rare word", "/ratings?days=365&q=" + modelstest.RareWord},
	{"search, two words", "/ratings?days=365&q=" + url.QueryEscape(modelstest.CommonWord+" word11")},
	{"search, of one teammate", "/ratings?days=365&teammate=9000007&q=" + modelstest.CommonWord},
	{"teammates", "/teammates?days=365"},
	{"ledger, 30 days", "/requests?days=30"},
	{"overview, one tag", "/?days=365&tag=vip"}, // last: of ten million it is not answered
}

func benchmarkReports(b *testing.B, dialect models.Dialect, n int) {
	database := os.Getenv("RERATE_BENCH_DATABASE")
	if database == "" {
		database = modelstest.Migrated(b, dialect, migrateQueue)
	}
	w := newWorldOn(b, database)
	w.byHand()
	if w.count("SELECT count(*) FROM (SELECT 1 FROM ratings LIMIT 1) AS one") == 0 {
		past := modelstest.Past{Store: w.app.store, Workspace: w.tenant.Workspace, Ratings: n, Until: w.clock.Now()}
		w.must(past.Fill(w.ctx))
		w.analyse()
		w.derive()
		w.analyse()
	}
	cookies := w.cookiesOf(w.signedIn(jane))
	for _, page := range reportPages {
		b.Run(page.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				request := httptest.NewRequestWithContext(w.ctx, http.MethodGet, page.path, nil)
				for _, cookie := range cookies {
					request.AddCookie(cookie)
				}
				answer := httptest.NewRecorder()
				w.app.server.Handler.ServeHTTP(answer, request)
				if answer.Code != http.StatusOK {
					b.Fatalf("%s is answered %d", page.path, answer.Code)
				}
			}
		})
	}
}

// derive has rollups and the index of words made of what is there, as the jobs do it: piece by piece.
func (w *world) derive() {
	w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.BeginRecount(models.Rebuild, models.RecountAsked) }))
	pool, err := w.app.store.SQL()
	w.must(err)
	_, err = pool.ExecContext(w.ctx, "UPDATE recounts SET stage = 'rollups'") // the past has its summaries already
	w.must(err)
	for underWay := true; underWay; {
		r, err := w.tenant.GoOn(w.ctx, models.Rebuild)
		w.must(err)
		underWay = r.UnderWay()
	}
	for after, begun := "", false; after != "" || !begun; begun = true {
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) (err error) {
			after, err = tx.IndexRemarks(after, 1000)
			return err
		}))
	}
}

// cookiesOf are those with which a browser comes back.
func (w *world) cookiesOf(b *browser) []*http.Cookie {
	at, err := url.Parse(baseURL)
	w.must(err)
	return b.client.Jar.Cookies(at)
}

// analyse lets PostgreSQL count what it has, as it does by itself after some time. SQLite is told by a migration.
func (w *world) analyse() {
	if w.app.store.Dialect() == models.SQLite {
		return
	}
	pool, err := w.app.store.SQL()
	w.must(err)
	_, err = pool.ExecContext(w.ctx, "ANALYZE")
	w.must(err)
}
