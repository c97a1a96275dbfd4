package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

// errNotBuilt means that a server needs something that `make bench` has not built.
var errNotBuilt = errors.New("not built")

// clientSecret signs every request, for every server.
const clientSecret = "sandbox-secret"

// server is what is measured: a program that runs, or several of Rerate on one database.
type server struct {
	programs []*program
	dialled  atomic.Int64             // connections; they go to the programs in turn
	request  func(n int) []byte       // the whole n-th request, as it goes over the connection
	taken    func(answer []byte) bool // whether an answer says that the tap is stored
	check    func(ctx context.Context, acknowledged int) error
	page     []byte        // a request of the dashboard, where there is one
	started  time.Duration // until it was ready; of several the longest
	size     int           // bytes of what is installed where it runs
	end      func()        // after stop; may be nil
}

// start starts every program, one after the other.
func (s *server) start(ctx context.Context) error {
	s.started = 0
	for _, p := range s.programs {
		took, err := p.start(ctx)
		if err != nil {
			return err
		}
		s.started = max(s.started, took)
	}
	return nil
}

func (s *server) stop() {
	for _, p := range s.programs {
		p.stop()
	}
}

func (s *server) signal(signal os.Signal) {
	for _, p := range s.programs {
		_ = p.process.Process.Signal(signal)
	}
}

func (s *server) close() {
	s.stop()
	if s.end != nil {
		s.end()
	}
}

// host is what requests name, whichever program gets them.
func (s *server) host() string { return s.programs[0].address }

func (s *server) dial() (net.Conn, error) {
	n := int(s.dialled.Add(1)) % len(s.programs)
	return net.Dial("tcp", s.programs[n].address)
}

func (s *server) used() (all used) {
	for _, p := range s.programs {
		all = all.plus(p.used())
	}
	return all
}

// candidate is a server that may be measured. It keeps what it stores in a directory of its own.
type candidate struct {
	name  string
	start func(ctx context.Context, dir string, p plan) (*server, error)
}

// history is how many ratings PostgreSQL has before. It chooses its ways by what it last counted, which is wrong of tables that were
// empty then, until it counts again.
const history = 20_000

// candidates are Rerate beside the others; or Rerate alone, with more and more ratings, or more and more of it.
func candidates(p plan) (all []candidate) {
	switch {
	case len(p.ratings) > 0:
		for _, n := range p.ratings {
			all = append(all, candidate{grouped(n) + " ratings", startRerate(sqlite, 1, n)})
		}
	case len(p.replicas) > 0:
		for _, n := range p.replicas {
			all = append(all, candidate{fmt.Sprintf("%d of Rerate", n), startRerate(p.postgres, n, history)})
		}
	default:
		all = append(plainServers(), candidate{"Rerate", startRerate(sqlite, 1, 0)})
		if p.postgres != "" {
			all = append(all, candidate{"Rerate on PostgreSQL", startRerate(p.postgres, 1, history)})
		}
	}
	return all
}

func plainServers() []candidate {
	const floor, pocketbase, modules = "bin/bench-floor", "bin/bench-pocketbase", "bench/express/node_modules"
	return []candidate{
		{"floor", plain{args: floor + " -addr=ADDRESS -db=DIR/floor.db", ready: "/", database: "floor.db", madeOf: []string{floor}}.start},
		{"not stored", plain{args: floor + " -addr=ADDRESS -store=false", ready: "/", madeOf: []string{floor}}.start},
		{"Express", plain{
			args: "node bench/express/server.mjs -addr=ADDRESS -db=DIR/express.db", ready: "/", database: "express.db",
			madeOf: []string{"node", modules, modules + "/better-sqlite3/build/Release/better_sqlite3.node"},
		}.start},
		{"PocketBase", plain{
			args: pocketbase + " serve --http=ADDRESS --dir=DIR", ready: "/api/health", database: "data.db", madeOf: []string{pocketbase},
		}.start},
	}
}

// plain is a program that stores the rows of the plain request in SQLite, or nowhere.
type plain struct {
	args     string // the command line; ADDRESS and DIR stand for where it listens and where its database is
	ready    string
	database string   // its file, with a table ratings; empty: it stores nothing
	madeOf   []string // the files and directories that are installed where it runs
}

func (c plain) start(ctx context.Context, dir string, _ plan) (s *server, err error) {
	p := newProgram(c.ready)
	places := strings.NewReplacer("ADDRESS", p.address, "DIR", dir)
	for word := range strings.FieldsSeq(c.args) {
		p.args = append(p.args, places.Replace(word))
	}
	s = &server{programs: []*program{p}, check: func(context.Context, int) error { return nil }}
	defer closeOnError(&err, s)
	s.request = func(n int) []byte { return signed("/canvas/messenger/submit", s.host(), plainBody(n)) }
	s.taken = func(answer []byte) bool { return bytes.Contains(answer, []byte("Your answer is saved.")) }
	if c.database != "" {
		s.check = func(ctx context.Context, acknowledged int) error {
			return compareSQLite(ctx, filepath.Join(dir, c.database), acknowledged)
		}
	}
	if s.size, err = sizeOf(c.madeOf...); err != nil {
		return nil, err
	}
	if err = s.start(ctx); err != nil {
		return nil, err
	}
	s.stop() // it is measured how it starts with its database there
	return s, s.start(ctx)
}

// closeOnError ends what a start that fails has begun.
func closeOnError(err *error, s *server) {
	if *err != nil {
		s.close()
	}
}

// sizeOf is how large programs and directories are together, in bytes. What is named again inside of one counts once.
func sizeOf(paths ...string) (all int, err error) {
	seen := map[string]bool{}
	for _, path := range paths {
		if found, err := exec.LookPath(path); err == nil {
			path = found
		}
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return 0, fmt.Errorf("%w: %w", errNotBuilt, err)
		}
		if err := filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || seen[path] {
				return err
			}
			seen[path] = true
			info, err := entry.Info()
			if err == nil {
				all += int(info.Size())
			}
			return err
		}); err != nil {
			return 0, err
		}
	}
	return all, nil
}

// compareSQLite wants every acknowledged tap stored once.
func compareSQLite(ctx context.Context, path string, acknowledged int) error {
	db, err := sql.Open("sqlite3", "file:"+path+"?_busy_timeout=10000")
	if err != nil {
		return err
	}
	defer db.Close()
	return compare(ctx, db, "SELECT COUNT(*), COUNT(DISTINCT conversation) FROM ratings", acknowledged)
}

// compare reads how many ratings are stored and of how many conversations: of each there was one tap.
func compare(ctx context.Context, db *sql.DB, query string, acknowledged int) error {
	var stored, conversations int
	if err := db.QueryRowContext(ctx, query).Scan(&stored, &conversations); err != nil {
		return err
	}
	if stored != acknowledged || conversations != stored {
		return fmt.Errorf("%d ratings are stored, of %d conversations; %d were acknowledged", stored, conversations, acknowledged)
	}
	return nil
}
