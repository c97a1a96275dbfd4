// Command bench measures how fast Rerate stores a customer's tap, beside servers that do less: the same request stored by
// net/http and database/sql with one commit for many (the floor), not stored at all, and stored by Express with
// better-sqlite3 and by PocketBase, whose promise is weaker (synchronous=NORMAL). It prints ratios that were measured in one
// run. With -ratings or -replicas it measures Rerate alone, as it grows. docs/performance.md says how to read all that.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

// plan is what is measured.
type plan struct {
	rounds      int
	seconds     time.Duration // of each round and server
	connections int
	rate        int // requests a second for the latencies
	only        string
	rerate      string // the program
	postgres    string // an address: Rerate on PostgreSQL too
	ratings     []int  // Rerate alone, once with so many ratings stored before, on SQLite
	replicas    []int  // Rerate alone, once with so many processes, on PostgreSQL
}

func run(ctx context.Context) error {
	var p plan
	flag.IntVar(&p.rounds, "rounds", 5, "rounds; each measures every server once")
	flag.DurationVar(&p.seconds, "for", 4*time.Second, "how long each server is measured in a round")
	flag.IntVar(&p.connections, "connections", 64, "connections at the same time")
	flag.IntVar(&p.rate, "rate", 500, "requests a second for the latencies")
	flag.StringVar(&p.only, "only", "", "names of servers, with commas between; empty: all that are built")
	flag.StringVar(&p.rerate, "rerate", "bin/rerate", "the program")
	flag.StringVar(&p.postgres, "postgres", os.Getenv("RERATE_TEST_POSTGRES_URL"), "address of a PostgreSQL: Rerate is measured on it too")
	flag.Func("ratings", "measure Rerate alone with so many ratings stored before: a list, such as 10000,1000000", into(&p.ratings))
	flag.Func("replicas", "measure Rerate alone on PostgreSQL with so many processes: a list, such as 1,2,3", into(&p.replicas))
	flag.Parse()
	if len(p.replicas) > 0 && p.postgres == "" {
		return errors.New("-replicas needs -postgres: several processes share no SQLite")
	}
	dir, err := os.MkdirTemp("", "rerate-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)

	var all []*measured
	for i, c := range candidates(p) {
		if p.only != "" && !strings.Contains(","+p.only+",", ","+c.name+",") {
			continue
		}
		own := filepath.Join(dir, strconv.Itoa(i))
		if err := os.Mkdir(own, 0o700); err != nil {
			return err
		}
		s, err := c.start(ctx, own, p)
		if errors.Is(err, errNotBuilt) {
			fmt.Fprintf(os.Stderr, "%s is left out: %v\n", c.name, err)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		defer s.close()
		s.signal(syscall.SIGSTOP) // or it would work on its queue while others are measured
		all = append(all, &measured{name: c.name, server: s, idle: s.used()})
	}
	for round := range p.rounds + 1 { // the first warms up and is not counted
		for _, m := range all {
			m.server.signal(syscall.SIGCONT)
			if err := m.measure(ctx, p, round > 0); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			m.server.signal(syscall.SIGSTOP)
		}
	}
	fmt.Print(table(p, all))
	for _, m := range all {
		m.server.signal(syscall.SIGCONT)
		if err := m.server.check(ctx, m.acknowledged); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}

// into reads a list of numbers.
func into(list *[]int) func(string) error {
	return func(text string) error {
		for one := range strings.SplitSeq(text, ",") {
			n, err := strconv.Atoi(one)
			if err != nil || n < 1 {
				return fmt.Errorf("%q is not a number above 0", one)
			}
			*list = append(*list, n)
		}
		return nil
	}
}
