package models_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
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

// What waits to be put into the queue and to be written to Intercom is the same after an upgrade that stores it otherwise.
func TestAnUpgradeKeepsWhatWaits(t *testing.T) {
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		url := modelstest.Empty(t, dialect)
		db := must(models.MigratedTo(ctx, url, 24))(t)
		defer db.Close()
		for _, statement := range []string{
			`INSERT INTO workspaces (id, name, region, token, installer_id, settings, installed_at) VALUES
				('w', '', '', '', '', '{}', '2026-01-01 00:00:00+00:00')`,
			`INSERT INTO conversations (workspace_id, id, channel, created_at) VALUES ('w', 'c', 'chat', '2026-01-01 00:00:00+00:00')`,
			`INSERT INTO ratings (workspace_id, id, conversation_id, contact_id, source, source_key, score, scale, sentiment, emoji, label, at, channel)
				VALUES ('w', 'a', 'c', 'k', 'card', 'k1', 1, 5, 'negative', '', '', '2026-01-01 00:00:00+00:00', 'chat'),
				('w', 'b', 'c', 'k', 'card', 'k2', 5, 5, 'positive', '', '', '2026-01-02 00:00:00+00:00', 'chat')`,
			`INSERT INTO outbox (workspace_id, id, conversation_id, due_at) VALUES
				('w', '2', 'c', '2026-01-01 00:00:00+00:00'), ('w', '1', 'd', '2026-01-02 00:00:00+00:00'), ('v', '1', 'd', '2026-01-02 00:00:00+00:00')`,
			`INSERT INTO write_backs (workspace_id, rating_id, kind, conversation_id, state, due_at, attempts, detail, with_remark, done_at) VALUES
				('w', 'b', 'note', 'c', 'done', '2026-01-01 00:00:00+00:00', 2, 'it is written', TRUE, '2026-01-03 00:00:00+00:00'),
				('w', 'b', 'tag', 'c', 'failed', '2026-01-01 00:00:00+00:00', 9, '', FALSE, NULL),
				('w', 'a', 'note', 'c', 'waiting', '2026-01-01 00:00:00+00:00', 0, '', FALSE, NULL)`,
		} {
			must(db.ExecContext(ctx, statement))(t)
		}
		stored := func() (all []string) {
			rows := must(db.QueryContext(ctx, `SELECT workspace_id, id, conversation_id, due_at, 'outbox', '', '', 0, '' FROM outbox
				UNION ALL SELECT workspace_id, rating_id, conversation_id, due_at, kind, state, detail, attempts,
					COALESCE(CAST(done_at AS TEXT), CASE WHEN with_remark THEN 'y' ELSE 'n' END) FROM write_backs ORDER BY 1, 2, 5`))(t)
			defer rows.Close()
			for rows.Next() {
				row := make([]any, 9)
				into := make([]any, len(row))
				for i := range row {
					into[i] = &row[i]
				}
				if err := rows.Scan(into...); err != nil {
					t.Fatal(err)
				}
				all = append(all, fmt.Sprint(row...))
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			return all
		}
		before := stored()
		if err := models.Migrate(ctx, url); err != nil {
			t.Fatal(err)
		}
		if after := stored(); len(before) != 6 || !slices.Equal(before, after) {
			t.Errorf("before\n%s\nafter\n%s", strings.Join(before, "\n"), strings.Join(after, "\n"))
		}
	})
}
