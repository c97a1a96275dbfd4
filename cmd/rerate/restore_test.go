package main

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/models"
)

// backedUp is a world with ten ratings in a backup and one more after it.
func backedUp(t *testing.T) (w *world, backup string) {
	t.Helper()
	w = newWorld(t, models.SQLite, manyCalls)
	for i, s := range w.seats(11) {
		if i == 10 {
			backup = filepath.Join(t.TempDir(), "copy.db")
			w.well("backup", backup)
		}
		w.tapUntilSaved(s.card, s.contact, 4)
	}
	return w, backup
}

// well runs a command that must end well.
func (w *world) well(words ...string) (said string) {
	w.t.Helper()
	code, said := w.rerate(words...)
	if code != 0 {
		w.t.Fatalf("%q ended with %d and said %s", words, code, said)
	}
	return said
}

// database is the world's file.
func (w *world) database() string {
	return strings.TrimPrefix(w.environment["RERATE_DATABASE_URL"], "sqlite://")
}

func ratingsIn(t *testing.T, path string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err == nil {
		err = db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM ratings").Scan(&n)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	db.Close()
	return n
}

func TestARestoredBackup(t *testing.T) {
	t.Parallel()
	w, backup := backedUp(t)
	if code, said := w.rerate("restore", "--replace", backup); code != 1 || !strings.Contains(said, "in use; stop Rerate") {
		t.Errorf("beside a server it ended with %d and said %s", code, said)
	}
	w.stop()
	if code, said := w.rerate("restore", backup); code != 1 || !strings.Contains(said, "--replace puts it aside") {
		t.Errorf("beside a database it ended with %d and said %s", code, said)
	}
	other, err := (program{now: time.Now}).openStore(w.ctx, w.environment["RERATE_DATABASE_URL"]) // a command
	w.must(err)
	if code, said := w.rerate("restore", "--replace", backup); code != 1 || !strings.Contains(said, "in use; stop Rerate") {
		t.Errorf("beside a command it ended with %d and said %s", code, said)
	}
	w.must(other.Close())
	answer := w.well("restore", "--replace", backup)
	aside, err := filepath.Glob(w.database() + ".before-*")
	if err != nil || len(aside) != 1 || !strings.Contains(answer, aside[0]+" now") || strings.Contains(answer, "no sum") {
		t.Fatalf("it said %q; aside lies %q", answer, aside)
	}
	if n := ratingsIn(t, aside[0]); n != 11 {
		t.Errorf("the old database holds %d ratings of 11", n)
	}
	if info, err := os.Stat(w.database()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the database is open to others: %v, %v", info.Mode(), err)
	}
	w.start()
	if n := w.count("SELECT COUNT(*) FROM ratings WHERE score = 4"); n != 10 {
		t.Errorf("of ten ratings in the backup %d came back", n)
	}
	if code, said := w.rerate("verify"); code != 0 {
		t.Errorf("verify ended with %d and said %s", code, said)
	}
	w.tapUntilSaved(w.seats(1)[0].card, w.sam().ID, 5)
}

// A backup that was looked at is one still, and one that was changed counts as a database without a sum.
func TestABackupThatWasOpened(t *testing.T) {
	t.Parallel()
	w, backup := backedUp(t)
	w.stop()
	home := w.environment["RERATE_DATABASE_URL"]
	for _, step := range []struct {
		words []string
		sum   bool
	}{{[]string{"verify"}, true}, {[]string{"verify", "--rebuild"}, false}} {
		w.environment["RERATE_DATABASE_URL"] = "sqlite://" + backup
		w.well(step.words...)
		w.environment["RERATE_DATABASE_URL"] = home
		answer := w.well("restore", "--replace", backup)
		if strings.Contains(answer, "no sum") == step.sum {
			t.Errorf("after %s it said %s", step.words[0], answer)
		}
		if n := ratingsIn(t, w.database()); n != 10 {
			t.Errorf("of ten ratings %d came back", n)
		}
	}
}

// Wrong files are refused in one sentence, and the database stays.
func TestWhatIsNoBackup(t *testing.T) {
	t.Parallel()
	w, backup := backedUp(t)
	w.stop()
	whole, err := os.ReadFile(backup)
	w.must(err)
	folder := t.TempDir()
	changed := func(change func([]byte) []byte) string {
		path := filepath.Join(folder, fmt.Sprintf("%d.db", time.Now().UnixNano()))
		w.must(os.WriteFile(path, change([]byte(string(whole))), 0o600))
		return path
	}
	statement := func(words string) string {
		path := changed(func(b []byte) []byte { return b[:len(b)-48] }) // without the sum
		db, err := sql.Open("sqlite3", path)
		w.must(err)
		_, err = db.ExecContext(t.Context(), words)
		w.must(err)
		w.must(db.Close())
		return path
	}
	flip := func(at int) func([]byte) []byte { return func(b []byte) []byte { b[at] ^= 0x20; return b } }
	cases := []struct{ name, file, words string }{
		{"a text", changed(func([]byte) []byte { return []byte("conversation_id,score,rated_at\n") }), "not a SQLite database"},
		{"nothing", changed(func([]byte) []byte { return nil }), "not a SQLite database"},
		{"cut off in a page", changed(func(b []byte) []byte { return b[:len(b)/2+100] }), "ends in the middle of a page"},
		{"cut off between pages", changed(func(b []byte) []byte { return b[:len(b)/2/4096*4096] }), "not sound"},
		{"without its last bytes", changed(func(b []byte) []byte { return b[:len(b)-7] }), "ends in the middle of a page"},
		{"another sum", changed(func(b []byte) []byte { return flip(len(b) - 30)(b) }), "another sum"},
		{"another program's", statement("DROP TABLE goose_db_version"), "not Rerate's"},
		{"a newer one's", statement("INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)"), "newer Rerate"},
		{"moved away", statement("CREATE TABLE moved_away (place TEXT, at TIMESTAMP); INSERT INTO moved_away VALUES ('elsewhere', '2026-01-01')"), "was moved away"},
		{"nowhere", filepath.Join(folder, "nowhere.db"), "no such file"},
		{"a folder", folder, "not a file"},
	}
	for at := 4096; at < len(whole)-100; at += len(whole) / 40 {
		cases = append(cases, struct{ name, file, words string }{fmt.Sprintf("byte %d flipped", at), changed(flip(at)), "another sum"})
	}
	for _, c := range cases {
		code, said := w.rerate("restore", "--replace", c.file)
		if code != 1 || !strings.Contains(said, c.words) || strings.Count(strings.TrimSpace(said), "\n") != 0 {
			t.Errorf("%s: it ended with %d and said %s", c.name, code, said)
		}
	}
	left, _ := filepath.Glob(w.database() + ".*")
	if left = slices.DeleteFunc(left, func(name string) bool { return strings.HasSuffix(name, ".lock") }); len(left) > 0 {
		t.Errorf("it left %q", left)
	}
	if n := ratingsIn(t, w.database()); n != 11 {
		t.Errorf("the database holds %d ratings of 11", n)
	}
	for _, words := range [][]string{{"restore"}, {"restore", "a", "b"}, {"restore", "--now", "a"}} {
		if code, said := w.rerate(words...); code != 2 || !strings.Contains(said, "usage") && !strings.Contains(said, "Usage") {
			t.Errorf("%q ended with %d and said %s", words, code, said)
		}
	}
}

// A database that SQLite cannot read is put aside as it is, with its log, and so is a log without a database.
func TestRestoreWhereTheDatabaseIsBroken(t *testing.T) {
	t.Parallel()
	w, backup := backedUp(t)
	w.stop()
	for _, end := range []string{"", "-wal"} {
		w.must(os.WriteFile(w.database()+end, []byte(strings.Repeat("broken"+end, 2000)), 0o600))
	}
	w.well("restore", "--replace", backup)
	for _, end := range []string{"", "-wal"} {
		aside, _ := filepath.Glob(w.database() + ".before-*Z" + end)
		if len(aside) != 1 {
			t.Fatalf("aside lies %q", aside)
		}
		if kept, err := os.ReadFile(aside[0]); err != nil || string(kept) != strings.Repeat("broken"+end, 2000) {
			t.Errorf("aside lies %.20q, %v", kept, err)
		}
	}
	w.start()
	if n := w.count("SELECT COUNT(*) FROM ratings"); n != 10 {
		t.Errorf("of ten ratings %d came back", n)
	}
	w.stop()
	w.must(os.Remove(w.database()))
	w.must(os.WriteFile(w.database()+"-wal", []byte("a log alone"), 0o600))
	w.well("restore", backup) // there is no database to replace
	w.well("verify")
}

// Before whichever of its writes, renames and syncs it is killed, the old database or the restored one is there, whole.
func TestARestoreThatIsKilled(t *testing.T) {
	t.Parallel()
	w, backup := backedUp(t)
	w.stop()
	old, err := os.ReadFile(w.database())
	w.must(err)
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("strace is not installed")
	}
	if out, err := exec.Command(strace, "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("nothing may be traced here: %s", out)
	}
	seen := map[int]int{}
	for _, call := range []string{"?rename,?renameat,?renameat2", "?link,linkat", "fsync,fdatasync", "?unlink,unlinkat", "openat"} {
		for n := 1; ; n++ {
			if call == "openat" {
				n += 6 // there are many
			}
			if n > 500 {
				t.Fatalf("it never ends where %s are traced", call)
			}
			process := w.process("restore", "--replace", backup)
			process.Args = append([]string{strace, "-f", "-qq", "-o", os.DevNull, "-e", "inject=" + call + fmt.Sprintf(":signal=KILL:when=%d", n), process.Path}, process.Args[1:]...)
			process.Path = strace
			through := process.Run() == nil
			got := ratingsIn(t, w.database())
			seen[got]++
			if got != 10 && got != 11 || through && got != 10 {
				t.Fatalf("killed before %d of %s: %d ratings are there", n, call, got)
			}
			w.well("verify")
			aside, err := filepath.Glob(w.database() + ".before-*")
			w.must(err)
			if got == 10 && (len(aside) != 1 || ratingsIn(t, aside[0]) != 11) {
				t.Errorf("killed before %d of %s: aside lies %q", n, call, aside)
			}
			for _, path := range aside {
				w.must(os.Remove(path))
			}
			w.must(os.WriteFile(w.database(), old, 0o600))
			if through {
				break
			}
		}
	}
	if seen[11] < 5 {
		t.Errorf("hardly a kill came in the midst: %v", seen)
	}
	t.Logf("the old one was there %d times, the new one %d times", seen[11], seen[10])
}

func TestPostgreSQLIsRestoredByItsOwnProgram(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.Postgres)
	if code, said := w.rerate("restore", "copy.db"); code != 1 || !strings.Contains(said, "use pg_restore") {
		t.Errorf("it ended with %d and said %s", code, said)
	}
}
