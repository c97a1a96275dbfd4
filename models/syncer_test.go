package models_test

import (
	"os"
	"strings"
	"testing"

	"rerate/models"
	"rerate/models/modelstest"
)

// Whose answer the disk has not taken is not thanked, and the answers after that are; also where the log is another file by then.
func TestWhatIsNotOnTheDiskIsNotThanked(t *testing.T) {
	t.Parallel()
	const scheme = "sqlite://"
	db := modelstest.Open(t, models.SQLite)
	file := db.URL
	db.URL += ".link" // SQLite's log lies beside the file, not beside the link
	if err := os.Symlink(strings.TrimPrefix(file, scheme), strings.TrimPrefix(db.URL, scheme)); err != nil {
		t.Fatal(err)
	}
	db.Store = db.Again(t)
	tenant := install(t, db, "w")
	ask := func() error {
		return tenant.Together(ctx, models.Act{Conversation: "1"}, func(tx *models.Tx) error {
			_, err := tx.Conversation("1")
			return err
		})
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	found := db.LoseLog()
	if err := ask(); err == nil {
		t.Error("an answer is acknowledged, and nobody has brought it to the disk")
	}
	found()
	if err := ask(); err != nil {
		t.Error(err)
	}
	log := strings.TrimPrefix(file, scheme) + "-wal"
	bytes := must(os.ReadFile(log))(t)
	if err := os.Rename(log, log+".before"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(log, bytes, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := ask(); err != nil {
		t.Error(err)
	}
	if err := os.Rename(log+".before", log); err != nil { // the one that SQLite has
		t.Fatal(err)
	}
	if got := query(t, db, "PRAGMA synchronous")[0][0]; got != "2" {
		t.Errorf("for everybody else synchronous is %s", got)
	}
}
