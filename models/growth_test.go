package models_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

// Old notifications go, however many there are, and the newest of each workspace stays.
func TestOldEventsAreSwept(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		add := func(workspace string, n int) {
			write(t, db.Tenant(workspace), func(tx *models.Tx) error {
				for range n {
					if _, err := tx.AddEvent(models.Event{Topic: "ping", CreatedAt: tx.Now}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		left := func(workspace string) string {
			return query(t, db, fmt.Sprintf("SELECT COUNT(*) FROM events WHERE workspace_id = '%s'", workspace))[0][0]
		}
		add("silent", 1203)
		add("v", 1001)
		db.Clock.Move(models.KeepEvents - time.Hour)
		add("w", 7)
		add("v", 3)
		for _, test := range []struct {
			later           time.Duration
			silent, of, new string
		}{
			{0, "1203", "1004", "7"}, {time.Hour, "1203", "1004", "7"}, {time.Microsecond, "1", "3", "7"}, {models.KeepEvents, "1", "1", "1"},
		} {
			db.Clock.Move(test.later)
			if err := db.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			if left("silent") != test.silent || left("v") != test.of || left("w") != test.new {
				t.Errorf("left are %s, %s and %s, want %s, %s and %s", left("silent"), left("v"), left("w"), test.silent, test.of, test.new)
			}
		}
		if _, err := db.Tenant("silent").LastEvent(ctx); err != nil {
			t.Errorf("nobody knows any more that webhooks arrived: %v", err)
		}
	})
}

// The page for operators says of every table what bounds it, and the tests that it names are there.
func TestTheTableOfWhatGrowsIsWhole(t *testing.T) {
	page, err := os.ReadFile("../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## What grows\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, table := range append(tables(t, modelstest.Open(t, models.SQLite)), "river_job") {
		if !strings.Contains(section, "`"+table+"`") {
			t.Errorf("nothing is said of what bounds %s", table)
		}
	}
	var code strings.Builder
	err = fs.WalkDir(os.DirFS(".."), ".", func(path string, entry fs.DirEntry, err error) error {
		if entry != nil && entry.Name() == "node_modules" {
			return fs.SkipDir
		}
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(filepath.Join("..", path))
		code.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(section, -1)
	if len(named) < 8 {
		t.Errorf("%d tests are named", len(named))
	}
	for _, test := range named {
		if !strings.Contains(code.String(), "func "+test[1]+"(t *testing.T)") {
			t.Errorf("there is no %s", test[1])
		}
	}
}
