// Package modelstest gives a test a fresh, migrated store: on SQLite always, and on PostgreSQL as well when
// RERATE_TEST_POSTGRES_URL names a server. Time and ids are in the test's hands.
package modelstest

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rerate/models"
)

// Start is what a new clock shows: a Monday.
var Start = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// DB is the database of one test. It is gone when the test ends.
type DB struct {
	*models.Store
	URL   string // opens the same database again, as another process would
	Clock *Clock
	NewID func() string // ids in the shape of UUIDv7 that count up from 1, for this database and those who share it
}

// Dialects lists the engines in the order in which Each runs them.
var Dialects = []models.Dialect{models.SQLite, models.Postgres}

// Each runs the test once for each engine, as the subtests "sqlite" and "postgres", each on a database of its own.
// The migrations prepare tables that are not ours, as models.Migrate takes them.
func Each(t *testing.T, test func(t *testing.T, db DB), others ...models.Migration) {
	t.Helper()
	for _, dialect := range Dialects {
		t.Run(string(dialect), func(t *testing.T) {
			test(t, Open(t, dialect, others...))
		})
	}
}

// Open makes a database, migrates it and opens it. It skips the test when there is no such engine here.
func Open(t testing.TB, dialect models.Dialect, others ...models.Migration) DB {
	t.Helper()
	url := Empty(t, dialect)
	if err := models.Migrate(context.Background(), url, others...); err != nil {
		t.Fatalf("migrating the database of the test: %v", err)
	}
	db := DB{URL: url, Clock: &Clock{now: Start}, NewID: ids()}
	db.Store = db.Again(t)
	return db
}

// Empty makes a database without any table and answers its URL. It skips the test when there is no such engine here.
func Empty(t testing.TB, dialect models.Dialect) (url string) {
	t.Helper()
	if dialect == models.Postgres {
		return emptyPostgres(t)
	}
	return "sqlite://" + filepath.Join(t.TempDir(), "rerate.db")
}

// Again opens the same database once more, with the same clock and ids: another process, as far as it can tell.
func (db DB) Again(t testing.TB) *models.Store {
	t.Helper()
	store, err := models.Open(context.Background(), models.Config{URL: db.URL, Now: db.Clock.Now, NewID: db.NewID})
	if err != nil {
		t.Fatalf("opening the database of the test: %v", err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("closing the database of the test: %v", err)
		}
	})
	return store
}

// Clock stands still until it is moved. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set puts the clock to a time, also back.
func (c *Clock) Set(to time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = to
}

// Move puts the clock forward and answers what it shows then.
func (c *Clock) Move(by time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
	return c.now
}

func ids() func() string {
	var mu sync.Mutex
	n := 0
	return func() string {
		mu.Lock()
		defer mu.Unlock()
		n++
		return fmt.Sprintf("00000000-0000-7000-8000-%012d", n)
	}
}
