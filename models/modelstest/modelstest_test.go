package modelstest_test

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

func TestEachTestHasADatabaseOfItsOwn(t *testing.T) {
	for _, name := range []string{"one", "another"} {
		t.Run(name, func(t *testing.T) { modelstest.Each(t, usesItsDatabase) })
	}
}

func usesItsDatabase(t *testing.T, db modelstest.DB) {
	all, err := db.Workspaces(context.Background())
	if err != nil || len(all) != 0 {
		t.Fatalf("a fresh database has %d workspaces, %v", len(all), err)
	}
	var name string
	install := func(tx *models.Tx) error {
		name = tx.NewID()
		return tx.Install(models.Workspace{Name: name})
	}
	if err := db.Tenant("w").Write(context.Background(), install); err != nil {
		t.Fatal(err)
	}
	w, err := db.Again(t).Tenant("w").Get(context.Background())
	if err != nil || w.Name != name || !strings.HasPrefix(name, "00000000-0000-7000-8000-0000000000") || !w.InstalledAt.Equal(modelstest.Start) {
		t.Errorf("opened again it holds %+v, %v", w, err)
	}
}

func TestMain(m *testing.M) { os.Exit(modelstest.Main(m)) }

func TestOtherTablesAreMadeFirst(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		pool, err := db.SQL()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := pool.ExecContext(context.Background(), "INSERT INTO theirs VALUES (1)"); err != nil {
			t.Error(err)
		}
	}, theirs)
}

func theirs(ctx context.Context, db *sql.DB, _ models.Dialect) error {
	_, err := db.ExecContext(ctx, "CREATE TABLE theirs (id INTEGER)")
	return err
}

func TestClock(t *testing.T) {
	db := modelstest.Open(t, models.SQLite)
	if got := db.Clock.Move(time.Hour); !got.Equal(modelstest.Start.Add(time.Hour)) {
		t.Errorf("an hour later it shows %v", got)
	}
	db.Clock.Set(modelstest.Start.Add(-time.Hour))
	if got := db.Clock.Now(); !got.Equal(modelstest.Start.Add(-time.Hour)) {
		t.Errorf("put back it shows %v", got)
	}
}
