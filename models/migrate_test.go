package models_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

const migrateThis = "RERATE_TEST_MIGRATE_THIS"

// TestMigrateAsAnotherProcess is what TestEightProcessesMigrateAtOnce starts eight times.
func TestMigrateAsAnotherProcess(t *testing.T) {
	url, ok := os.LookupEnv(migrateThis)
	if !ok {
		t.Skip("only for the processes that TestEightProcessesMigrateAtOnce starts")
	}
	if err := models.Migrate(ctx, url); err != nil {
		t.Fatal(err)
	}
	store, err := models.Open(ctx, models.Config{URL: url, Now: time.Now, NewID: func() string { return "id" }})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(store.Ready(ctx), store.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestEightProcessesMigrateAtOnce(t *testing.T) {
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		url := modelstest.Empty(t, dialect)
		together(t, 8, func(int) error {
			process := exec.Command(os.Args[0], "-test.run=^TestMigrateAsAnotherProcess$")
			process.Env = append(os.Environ(), migrateThis+"="+url)
			output, err := process.CombinedOutput()
			if err != nil {
				return errors.New(string(output))
			}
			return nil
		})
	})
}

func TestEightMigrateAtOnceInOneProcess(t *testing.T) {
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		url := modelstest.Empty(t, dialect)
		together(t, 8, func(int) error { return models.Migrate(ctx, url) })
	})
}

// Migrating again changes no row and no table.
func TestMigratingAgainChangesNothing(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		fill(t, install(t, db, "w"), "text")
		all := keyed(t, db)
		before := dump(t, db, all, "w")
		if err := models.Migrate(ctx, db.URL); err != nil {
			t.Fatal(err)
		}
		if after := dump(t, db, keyed(t, db), "w"); len(after) != len(before) || after["ratings"][0][0] != "w" {
			t.Errorf("before %v, after %v", before, after)
		}
	})
}

func TestASchemaThatDoesNotFitIsRefused(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		open := func() error {
			store, err := models.Open(ctx, models.Config{URL: db.URL, Now: db.Clock.Now, NewID: db.NewID})
			if err == nil {
				store.Close()
			}
			return err
		}
		exec := func(statement string) {
			t.Helper()
			if _, err := must(db.SQL())(t).ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, TRUE)")
		othersRan := false
		others := func(context.Context, *sql.DB, models.Dialect) error {
			othersRan = true
			return nil
		}
		for name, err := range map[string]error{
			"Open": open(), "SchemaFits": db.SchemaFits(ctx), "Ready": db.Ready(ctx), "Migrate": models.Migrate(ctx, db.URL, others),
		} {
			if !errors.Is(err, models.ErrNewerSchema) || !strings.Contains(err.Error(), "999") {
				t.Errorf("a newer schema: %s says %v", name, err)
			}
		}
		if othersRan {
			t.Error("other tables were migrated in a database of a newer Rerate")
		}
		exec("DELETE FROM goose_db_version WHERE version_id > 0")
		for name, err := range map[string]error{"Open": open(), "SchemaFits": db.SchemaFits(ctx), "Ready": db.Ready(ctx)} {
			if err == nil || !strings.Contains(err.Error(), "rerate migrate") {
				t.Errorf("an older schema: %s says %v", name, err)
			}
		}
	})
}

func TestMigrateSaysWhatFailed(t *testing.T) {
	url := modelstest.Empty(t, models.SQLite)
	boom := errors.New("boom")
	err := models.Migrate(ctx, url, func(context.Context, *sql.DB, models.Dialect) error { return boom })
	if !errors.Is(err, boom) {
		t.Errorf("it says %v", err)
	}
	if err := models.Migrate(ctx, url); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	for _, wrong := range []string{"", "rerate.db", "sqlite://", "mysql://localhost/rerate", "http://postgres"} {
		if err := models.Migrate(ctx, wrong); err == nil || !strings.Contains(err.Error(), "RERATE_DATABASE_URL") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
