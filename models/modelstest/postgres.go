package modelstest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"
)

// Variable names the environment variable that is the one switch for tests on PostgreSQL: the URL of a server on
// which databases may be created and dropped.
const Variable = "RERATE_TEST_POSTGRES_URL"

// emptyPostgres creates a database with a name of its own on the server, and drops it when the test ends.
func emptyPostgres(t testing.TB) string {
	t.Helper()
	server, ok := os.LookupEnv(Variable)
	if !ok || server == "" {
		t.Skip("PostgreSQL is not tested: run `make test-postgres`, or `.ci/with-postgres go test -tags sqlite_fts5 ./…`, " +
			"or set " + Variable + " to a server on which databases may be created")
	}
	address, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is not a URL: %v", Variable, err)
	}
	name := "rerate_test_" + strings.ToLower(rand.Text())
	onServer(t, server, `CREATE DATABASE `+name)
	t.Cleanup(func() { onServer(t, server, `DROP DATABASE `+name+` WITH (FORCE)`) })
	address.Path = "/" + name
	return address.String()
}

func onServer(t testing.TB, server, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatalf("%s: %v", Variable, err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), statement); err != nil {
		t.Fatalf("%s: %s: %v", Variable, statement, err)
	}
}
