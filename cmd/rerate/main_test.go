package main

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"rerate/models/modelstest"
)

// asProgram makes the test's own binary run as rerate, in a process of its own that a test can kill.
const asProgram = "RERATE_TEST_AS_PROGRAM"

// shortRace leaves to other runs what the race detector would take much time for, and finds little in.
var shortRace = underRace && os.Getenv("RERATE_TEST_RACE") != "all"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		notice = 0
		main()
	}
	// Fewer than rapid's hundred, since each check is a whole conversation; -rapid.checks on the command line still says more.
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
	if shortRace {
		modelstest.NoPostgres = "the whole program is on PostgreSQL without the race detector, for time; with it by `make test-race`"
	}
	os.Exit(modelstest.Main(m))
}

// process is rerate with these words, as another process on the world's database. Its clock is the machine's.
func (w *world) process(args ...string) *exec.Cmd {
	w.t.Helper()
	path := w.program
	if path == "" {
		path = os.Args[0]
	}
	c := exec.CommandContext(w.ctx, path, args...)
	c.Env = append(os.Environ(), asProgram+"=yes")
	for name, value := range w.environment {
		c.Env = append(c.Env, name+"="+value)
	}
	return c
}

// buildProgram makes rerate as it is shipped, without the race detector, for a test of much work.
func buildProgram(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rerate")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "sqlite_fts5", "-o", path, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	return path
}
