package modelstest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"rerate/models"
)

// Main runs the tests of a package, for its TestMain, and afterwards drops the databases that they were copied from. It
// answers the exit code.
func Main(m *testing.M) (code int) {
	willDrop = true
	code = m.Run()
	if err := dropTemplates(); err != nil {
		fmt.Fprintln(os.Stderr, "dropping the databases that the tests had copied:", err)
		return 1
	}
	return code
}

var willDrop bool

// templates are made when they are first asked for.
var templates = struct {
	sync.Mutex
	of map[templateKey]func() (string, error)
}{of: map[templateKey]func() (string, error){}}

type templateKey struct {
	dialect models.Dialect
	others  string
}

// templateOf answers what a migrated database is copied from: the bytes of an SQLite file, or the name of a database on
// the PostgreSQL server.
func templateOf(dialect models.Dialect, others []models.Migration) (string, error) {
	key := templateKey{dialect, fmt.Sprint(others)}
	templates.Lock()
	template, ok := templates.of[key]
	if !ok {
		template = sync.OnceValues(func() (string, error) { return makeTemplate(dialect, others) })
		templates.of[key] = template
	}
	templates.Unlock()
	return template()
}

func dropTemplates() error {
	var errs []error
	for key, template := range templates.of {
		if name, _ := template(); key.dialect == models.Postgres && name != "" {
			errs = append(errs, dropPostgres(name))
		}
	}
	return errors.Join(errs...)
}

func makeTemplate(dialect models.Dialect, others []models.Migration) (string, error) {
	if dialect == models.Postgres {
		return makePostgresTemplate(others)
	}
	dir, err := os.MkdirTemp("", "rerate-template-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "rerate.db")
	if err := models.Migrate(context.Background(), sqliteScheme+path, others...); err != nil {
		return "", err
	}
	file, err := os.ReadFile(path)
	return string(file), err
}
