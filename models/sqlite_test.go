package models_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

// The settings on which durability and concurrency rest are those of the connections, not only of the address.
func TestSQLiteSettingsAreInForce(t *testing.T) {
	db := modelstest.Open(t, models.SQLite)
	want := map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "1",
		"cache_size": "-16000", "query_only": "0",
	}
	for pragma, value := range want {
		if got := query(t, db, "PRAGMA "+pragma)[0][0]; got != value {
			t.Errorf("writer: %s is %s, want %s", pragma, got, value)
		}
	}
	for pragma, value := range map[string]string{"journal_mode": "wal", "busy_timeout": "5000", "query_only": "1"} {
		var got string
		if err := db.Readers().QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != value {
			t.Errorf("reader: %s is %s, want %s, %v", pragma, got, value, err)
		}
	}
	if got := must(db.SQL())(t).Stats().MaxOpenConnections; got != 1 {
		t.Errorf("there may be %d writers", got)
	}
	_, err := must(db.SQL())(t).Exec("INSERT INTO teammates (workspace_id, id, name, email, role, created_at) VALUES ('none', '1', '', '', 'admin', '')")
	if err == nil || !strings.Contains(err.Error(), "FOREIGN KEY") {
		t.Errorf("a row without its workspace: %v", err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := modelstest.Open(t, models.SQLite)
	for _, statement := range []string{
		"DELETE FROM oauth_states", "CREATE TABLE t (i INTEGER)", "PRAGMA user_version = 7",
		"INSERT INTO oauth_states VALUES ('h', '2026-01-01')",
	} {
		if _, err := db.Readers().Exec(statement); err == nil {
			t.Errorf("a reader did: %s", statement)
		}
	}
}

// A page is read while a rating is being written, and sees what was there before.
func TestReadingDoesNotWaitForWriting(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		write(t, tenant, func(tx *models.Tx) error {
			if _, err := tx.Conversation("7"); err != nil {
				return err
			}
			if _, _, err := tx.AddRating(answer("7", "c", "k", 5, 0)); err != nil {
				return err
			}
			soon, cancel := context.WithTimeout(ctx, 4*time.Second)
			defer cancel()
			rows, err := tenant.RatingsOf(soon, "7")
			if err != nil || len(rows) != 0 {
				t.Errorf("meanwhile there are %d ratings, %v", len(rows), err)
			}
			return nil
		})
		if rows := must(tenant.RatingsOf(ctx, "7"))(t); len(rows) != 1 {
			t.Errorf("afterwards there are %d ratings", len(rows))
		}
	})
}

// Transactions that read before they write, from eight openers of one file. With deferred transactions nearly all
// of them fail; with immediate ones none does, and none is lost.
func TestReadThenWriteByManyAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		const workers, times = 8, 50
		install(t, db, "w")
		together(t, workers, func(worker int) error {
			tenant := db.Again(t).Tenant("w")
			for i := range times {
				err := tenant.Write(ctx, func(tx *models.Tx) error {
					if _, err := tx.Settings(); err != nil {
						return err
					}
					_, err := tx.AddEvent(models.Event{NotificationID: fmt.Sprint(worker, "-", i)})
					return err
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if got := query(t, db, "SELECT COUNT(*) FROM events")[0][0]; got != fmt.Sprint(workers*times) {
			t.Errorf("%s events are stored, want %d", got, workers*times)
		}
	})
}

// Adding one to a number that was read: no addition is lost, since read-modify-write holds the row or the database.
func TestNoUpdateIsLost(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		const workers, times = 8, 5
		together(t, workers, func(worker int) error {
			for i := range times {
				err := tenant.Write(ctx, func(tx *models.Tx) error {
					if _, err := tx.Conversation("7"); err != nil {
						return err
					}
					_, _, err := tx.AddRating(answer("7", "c", fmt.Sprint(worker, "-", i), 5, 0))
					return err
				})
				if err != nil {
					return err
				}
			}
			return nil
		})
		if got := query(t, db, "SELECT ratings FROM summaries")[0][0]; got != fmt.Sprint(workers*times) {
			t.Errorf("the summary counts %s ratings, want %d", got, workers*times)
		}
	})
}

func TestOddFolders(t *testing.T) {
	for _, folder := range []string{"a b", "a?b#c", "ü%41", "deep/er/still", "mode=ro&x"} {
		path := filepath.Join(t.TempDir(), folder, "rerate.db")
		if err := models.Migrate(ctx, "sqlite://"+path); err != nil {
			t.Errorf("%s: %v", folder, err)
			continue
		}
		store, err := models.Open(ctx, models.Config{URL: "sqlite://" + path, Now: time.Now, NewID: func() string { return "id" }})
		if err != nil {
			t.Errorf("%s: %v", folder, err)
			continue
		}
		if _, err := store.Workspaces(ctx); err != nil {
			t.Errorf("%s: %v", folder, err)
		}
		store.Close()
		if info, err := os.Stat(path); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", folder, err)
		}
	}
}

func TestTheFolderIsClosedToOthers(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	if err := models.Migrate(ctx, "sqlite://"+filepath.Join(folder, "rerate.db")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(folder)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("its mode is %v, %v", info.Mode(), err)
	}
}
