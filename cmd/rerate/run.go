package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"
)

// program is what a subcommand works with, so that a test can run it anywhere.
type program struct {
	lookup    lookup
	now       func() time.Time
	transport http.RoundTripper // of every call to Intercom
	level     slog.Level        // of what is logged
	notice    func()            // between "not ready" and the end of a server; nil: at once
	stdin     io.Reader
	stdout    io.Writer
	stderr    io.Writer
}

// lookup reads an environment variable, as os.LookupEnv does.
type lookup func(name string) (string, bool)

// subcommands in the order of the help text.
var subcommands = []struct {
	name, help string
	run        func(program, context.Context, []string) error
}{
	{"serve", "run Rerate", program.serve},
	{"demo", "run Rerate with a sandbox Intercom and example data", program.demo},
	{"migrate", "[--to postgres://… [--rehearse]] [--reopen]: bring the database to this version's schema, or move SQLite to PostgreSQL", program.migrate},
	{"apikey", "create --workspace ID --name NAME [--read-only]: make a key of the management API", program.apikey},
	{"import", "--workspace ID FILE.csv: add a file of old ratings", program.importFile},
	{"backup", "FILE: copy the SQLite database to a new file, beside a running server", program.backup},
	{"restore", "[--replace] FILE: put a backup in the place of the SQLite database, while no server runs", program.restore},
	{"erase", "--workspace ID [--contact ID]: erase what is stored of a customer, or of everybody of a workspace, for good", program.erase},
	{"verify", "[--workspace ID] [--rebuild]: compare stored figures with the rows behind them, or build them again", program.verify},
	{"healthcheck", "ask a running Rerate whether it is ready", program.healthcheck},
	{"version", "print the version", program.version},
}

// errUsage means that the words of the command are off and that this has been said.
var errUsage = errors.New("usage")

// run does one subcommand and answers the exit code: 0 done, 1 failed, 2 wrong words.
func run(ctx context.Context, args []string, env lookup, stdout, stderr io.Writer) int {
	p := program{
		lookup: env, now: time.Now, transport: http.DefaultTransport, stdin: os.Stdin, stdout: stdout, stderr: stderr,
		notice: func() { <-time.After(notice) },
	}
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		p.help(stdout)
		return 0
	}
	for _, sub := range subcommands {
		if sub.name != args[0] {
			continue
		}
		err := sub.run(p, ctx, args[1:])
		switch {
		case err == nil || errors.Is(err, flag.ErrHelp):
			return 0
		case errors.Is(err, errUsage):
			return 2
		}
		fmt.Fprintf(stderr, "rerate %s: %v\n", sub.name, err)
		return 1
	}
	fmt.Fprintf(stderr, "rerate: there is no command %q\n", args[0])
	p.help(stderr)
	return 2
}

func (p program) help(w io.Writer) {
	fmt.Fprintln(w, "Rerate asks Intercom customers for a rating again and shows what changed.")
	fmt.Fprintln(w, "\nusage: rerate COMMAND")
	for _, sub := range subcommands {
		fmt.Fprintf(w, "  %-12s %s\n", sub.name, sub.help)
	}
	fmt.Fprintln(w, "\nrerate is set up by environment variables; README.md lists them.")
}

// flags makes a flag set that reports like the rest of the program.
func (p program) flags(name string) *flag.FlagSet {
	set := flag.NewFlagSet("rerate "+name, flag.ContinueOnError)
	set.SetOutput(p.stderr)
	return set
}

// parse reads the flags and refuses what is left over.
func parse(set *flag.FlagSet, args []string) error {
	if err := set.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage // the flag set has said why
	}
	if set.NArg() > 0 {
		fmt.Fprintf(set.Output(), "%s: %q was not expected\n", set.Name(), set.Arg(0))
		return errUsage
	}
	return nil
}

// parseFile reads flags and the one file that a command takes, or says how the command is used.
func (p program) parseFile(set *flag.FlagSet, args []string, usage string) error {
	err := set.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	if err != nil || set.NArg() != 1 {
		fmt.Fprintln(p.stderr, "usage: rerate "+usage)
		return errUsage
	}
	return nil
}

func (p program) version(_ context.Context, args []string) error {
	if err := parse(p.flags("version"), args); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, version)
	return nil
}
