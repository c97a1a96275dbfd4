package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"rerate/models"
)

// A copy that is made while customers rate is a database of its own: sound, its figures equal to its rows, and a server starts on it.
func TestBackupBesideAServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.SQLite, manyCalls)
	seats := w.seats(40)
	for _, s := range seats[:10] {
		w.tapUntilSaved(s.card, s.contact, 4)
	}
	taps, _ := w.tapOneByOne(seats[10:])
	copied := filepath.Join(t.TempDir(), "copy.db")
	code, said := w.rerate("backup", copied)
	after := taps()
	if code != 0 || !strings.Contains(said, "whole and checked") {
		t.Fatalf("the backup ended with %d and said %s", code, said)
	}
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy is open to others: %v, %v", info.Mode(), err)
	}
	if code, said := w.rerate("backup", copied); code != 1 || !strings.Contains(said, "is there already") {
		t.Errorf("a second copy to the same file ended with %d and said %s", code, said)
	}
	w.stop()
	w.environment["RERATE_DATABASE_URL"] = "sqlite://" + copied
	if code, said := w.rerate("verify"); code != 0 {
		t.Errorf("verify of the copy ended with %d and said %s", code, said)
	}
	w.start()
	if n := w.count("SELECT COUNT(*) FROM ratings WHERE score = 4"); n != 10 {
		t.Errorf("of ten ratings that were there before %d are in the copy", n)
	}
	if n := w.count("SELECT COUNT(*) FROM ratings"); n > 10+after {
		t.Errorf("%d ratings are in the copy, %d were given", n, 10+after)
	}
	for _, s := range seats[:10] { // what was thanked for before the copy is known to it
		if answer := w.tap(s.card, s.contact, 1); !strings.Contains(texts(answer.Shown), "saved") {
			t.Errorf("the card says %q", texts(answer.Shown))
		}
	}
}

func TestBackupSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.SQLite)
	for _, words := range [][]string{{"backup"}, {"backup", "a", "b"}} {
		if code, said := w.rerate(words...); code != 2 || !strings.Contains(said, "usage") {
			t.Errorf("%q ended with %d and said %s", words, code, said)
		}
	}
	missing := filepath.Join(t.TempDir(), "no such folder", "copy.db")
	if code, said := w.rerate("backup", missing); code != 1 || !strings.Contains(said, "no such file") {
		t.Errorf("it ended with %d and said %s", code, said)
	}
}

func TestPostgreSQLHasItsOwnBackup(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.Postgres)
	if code, said := w.rerate("backup", filepath.Join(t.TempDir(), "copy.db")); code != 1 || !strings.Contains(said, "pg_dump --format=custom") {
		t.Errorf("it ended with %d and said %s", code, said)
	}
}
