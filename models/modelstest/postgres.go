package modelstest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"rerate/models"
)

// Variable names the environment variable that is the one switch for tests on PostgreSQL: the URL of a server on
// which databases may be created and dropped.
const Variable = "RERATE_TEST_POSTGRES_URL"

func serverURL() string {
	url, _ := os.LookupEnv(Variable)
	return url
}

// server is a connection to the server itself.
var server = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("pgx", serverURL()) })

// NoPostgres says why a package leaves PostgreSQL out in this run; empty when it does not. TestMain sets it.
var NoPostgres string

// needPostgres skips the test when no server is named.
func needPostgres(t testing.TB) {
	t.Helper()
	if NoPostgres != "" {
		t.Skip(NoPostgres)
	}
	if serverURL() == "" {
		t.Skip("PostgreSQL is not tested: run `make test-go`, or `.ci/with-postgres go test -tags sqlite_fts5 ./…`, " +
			"or set " + Variable + " to a server on which databases may be created")
	}
}

// newPostgres creates a database like the template, with a name of its own, and drops it when the test ends.
func newPostgres(t testing.TB, template string) (url string) {
	t.Helper()
	name, err := createPostgres("test", template)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := dropPostgres(name); err != nil {
			t.Error(err)
		}
	})
	url, err = onServer(name)
	if err != nil {
		t.Fatal(err)
	}
	return url
}

// makePostgresTemplate answers the name also when the database could not be migrated, so that it is dropped in the end.
func makePostgresTemplate(others []models.Migration) (name string, err error) {
	if !willDrop {
		return "", errors.New("the package needs a TestMain that calls modelstest.Main")
	}
	name, err = createPostgres("template", "template0")
	if err != nil {
		return "", err
	}
	url, err := onServer(name)
	if err != nil {
		return name, err
	}
	return name, models.Migrate(context.Background(), url, others...)
}

// onServer is the URL of a database on the server.
func onServer(name string) (string, error) {
	address, err := url.Parse(serverURL())
	if err != nil {
		return "", fmt.Errorf("%s is not a URL: %w", Variable, err)
	}
	address.Path = "/" + name
	query := address.Query()
	query.Set(idle, "2min")
	address.RawQuery = query.Encode()
	return address.String(), nil
}

// idle is how long a transaction may stand still. A test under the race detector, on a machine with much else to do, stands
// still for longer than a Rerate that serves people.
const idle = "idle_in_transaction_session_timeout"

// AsShipped is the URL of a test's database with the patience that Rerate has by itself.
func AsShipped(t testing.TB, database string) string {
	t.Helper()
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := address.Query()
	query.Del(idle)
	address.RawQuery = query.Encode()
	return address.String()
}

func createPostgres(kind, template string) (name string, err error) {
	name = "rerate_" + kind + "_" + strings.ToLower(rand.Text())
	return name, run(`CREATE DATABASE ` + name + ` TEMPLATE ` + template)
}

func dropPostgres(name string) error { return run(`DROP DATABASE ` + name + ` WITH (FORCE)`) }

func run(statement string) error {
	db, err := server()
	if err != nil {
		return fmt.Errorf("%s: %w", Variable, err)
	}
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		return fmt.Errorf("%s: %s: %w", Variable, statement, err)
	}
	return nil
}
