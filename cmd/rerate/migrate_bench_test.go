package main

import (
	"cmp"
	"io"
	"os"
	"strconv"
	"testing"

	"rerate/models"
	"rerate/models/modelstest"
)

// BenchmarkMoveToPostgreSQL rehearses the move of a database with years of ratings, RERATE_BENCH_RATINGS of them.
func BenchmarkMoveToPostgreSQL(b *testing.B) {
	n, err := strconv.Atoi(cmp.Or(os.Getenv("RERATE_BENCH_RATINGS"), "100000"))
	if err != nil {
		b.Skip("RERATE_BENCH_RATINGS is a list of numbers, for other benchmarks")
	}
	w := newWorld(b, models.SQLite)
	w.byHand()
	w.must(modelstest.Past{Store: w.app.store, Workspace: w.tenant.Workspace, Ratings: n, Until: w.clock.Now()}.Fill(w.ctx))
	w.derive()
	w.stop()
	p := program{now: w.clock.Now, stdout: io.Discard, stderr: io.Discard}
	var rows int64
	for b.Loop() {
		moved, err := p.transfer(w.environment["RERATE_DATABASE_URL"], modelstest.Migrated(b, models.Postgres, migrateQueue), true).Run(w.ctx)
		w.must(err)
		rows += moved.Rows
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(rows)/float64(b.N), "rows")
}
