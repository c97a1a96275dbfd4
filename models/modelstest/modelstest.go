// Package modelstest gives a test a fresh, migrated store: on SQLite always, and on PostgreSQL as well when
// RERATE_TEST_POSTGRES_URL names a server. Time and ids are in the test's hands. A package that uses it runs its tests by
// Main.
package modelstest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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
// They run beside each other and beside other tests: Each is the last that a test does.
// The migrations prepare tables that are not ours, as models.Migrate takes them.
func Each(t *testing.T, test func(t *testing.T, db DB), others ...models.Migration) {
	t.Helper()
	EachDialect(t, func(t *testing.T, dialect models.Dialect) { test(t, Open(t, dialect, others...)) })
}

// EachDialect is Each for a test that makes its database itself.
func EachDialect(t *testing.T, test func(t *testing.T, dialect models.Dialect)) {
	t.Helper()
	t.Parallel()
	for _, dialect := range Dialects {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			test(t, dialect)
		})
	}
}

// Open makes a database with the schema of this program and opens it. It skips the test when there is no such engine here.
func Open(t testing.TB, dialect models.Dialect, others ...models.Migration) DB {
	t.Helper()
	db := DB{URL: Migrated(t, dialect, others...), Clock: &Clock{now: Start}, NewID: ids()}
	db.Store = db.Again(t)
	return db
}

// Migrated makes a database with the schema of this program and answers its URL. It skips the test when there is no such
// engine here. Migrating takes longer than most tests, so that it is done once for the process, and each test gets a copy:
// the others are run once, too.
func Migrated(t testing.TB, dialect models.Dialect, others ...models.Migration) (url string) {
	t.Helper()
	if dialect == models.Postgres {
		needPostgres(t)
	}
	template, err := templateOf(dialect, others)
	if err != nil {
		t.Fatalf("migrating a database for the tests: %v", err)
	}
	if dialect == models.Postgres {
		return newPostgres(t, template)
	}
	url = Empty(t, dialect)
	if err := os.WriteFile(strings.TrimPrefix(url, sqliteScheme), []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	return url
}

// Empty makes a database without any table and answers its URL. It skips the test when there is no such engine here.
func Empty(t testing.TB, dialect models.Dialect) (url string) {
	t.Helper()
	if dialect == models.Postgres {
		needPostgres(t)
		return newPostgres(t, "template0")
	}
	return sqliteScheme + filepath.Join(t.TempDir(), "rerate.db")
}

const sqliteScheme = "sqlite://"

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
