package modelstest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Server is a PostgreSQL of the test's own, which it may stop and start. It is gone when the test ends.
type Server struct {
	URL string // of an empty database

	t    testing.TB
	bin  string
	dir  string
	user *syscall.SysProcAttr // PostgreSQL refuses to run as root
}

// NewServer starts a server. It skips the test where PostgreSQL is not tested.
func NewServer(t testing.TB) *Server {
	t.Helper()
	needPostgres(t)
	s := &Server{t: t, bin: programs(t)}
	s.place()
	s.run("initdb", "-D", s.dir+"/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	s.begin()
	return s
}

// Follow starts another server that follows this one, as a read replica does.
func (s *Server) Follow() *Server {
	s.t.Helper()
	follower := &Server{t: s.t, bin: s.bin}
	follower.place()
	follower.run("pg_basebackup", "-h", s.dir, "-U", "postgres", "-D", follower.dir+"/data", "-R", "-X", "stream", "-c", "fast", "--no-sync")
	follower.begin()
	return follower
}

func (s *Server) place() {
	s.t.Helper()
	var err error
	if s.dir, err = os.MkdirTemp("", "rerate-pg-"); err != nil { // t.TempDir's names are too long for a socket
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = os.RemoveAll(s.dir) })
	s.asPostgres()
}

func (s *Server) begin() {
	s.t.Helper()
	s.URL = "postgres://postgres@/postgres?host=" + s.dir
	s.Start()
	s.t.Cleanup(func() { _ = s.command("pg_ctl", "-D", s.dir+"/data", "-m", "immediate", "stop").Run() })
}

// Start starts the server and waits until it takes connections.
func (s *Server) Start() {
	s.t.Helper()
	// What was committed must outlive the server, not the machine.
	s.run("pg_ctl", "-D", s.dir+"/data", "-l", s.dir+"/log", "-w", "-t", "60", "-o",
		"-k "+s.dir+" -c listen_addresses= -c fsync=off -c full_page_writes=off", "start")
}

// Stop stops it at once, as if it had been killed, or, gently, after it has told every session.
func (s *Server) Stop(gently bool) {
	s.t.Helper()
	mode := "immediate"
	if gently {
		mode = "fast"
	}
	s.run("pg_ctl", "-D", s.dir+"/data", "-m", mode, "-w", "stop")
}

// Pause has every process of the server stand still, until the function that it answers is called.
func (s *Server) Pause() (goOn func()) {
	s.t.Helper()
	pid, err := os.ReadFile(s.dir + "/data/postmaster.pid")
	if err != nil {
		s.t.Fatal(err)
	}
	postmaster, _, _ := strings.Cut(string(pid), "\n")
	pids := []string{postmaster}
	signal := func(what syscall.Signal) {
		for _, text := range pids {
			if n, err := strconv.Atoi(text); err == nil {
				_ = syscall.Kill(n, what) // it may have ended
			}
		}
	}
	stop := func() { // and waits until they stand still, which on a busy machine takes some time
		signal(syscall.SIGSTOP)
		for moving := true; moving; {
			states, _ := exec.CommandContext(s.t.Context(), "ps", "-o", "state=", "-p", strings.Join(pids, ",")).Output() // all gone is an error
			moving = strings.Trim(string(states), "TZ \n") != "" && s.t.Context().Err() == nil
		}
	}
	stop()                                                                           // the first, so that it starts nobody else
	out, _ := exec.CommandContext(s.t.Context(), "pgrep", "-P", postmaster).Output() // none is an error
	pids = append(pids, strings.Fields(string(out))...)
	stop()
	return func() { signal(syscall.SIGCONT) }
}

func programs(t testing.TB) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		t.Fatal(err)
	}
	if path, err := exec.LookPath("initdb"); err == nil && len(found) == 0 {
		if path, err = filepath.EvalSymlinks(path); err != nil { // the others lie beside the program, not beside the link
			t.Fatal(err)
		}
		found = append(found, path)
	}
	if len(found) == 0 {
		t.Skip("PostgreSQL's programs are not installed here, and the test needs a server that it may stop")
	}
	return filepath.Dir(found[len(found)-1])
}

func (s *Server) asPostgres() {
	s.t.Helper()
	if os.Getuid() != 0 {
		return
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		s.t.Fatal(err)
	}
	uid, uidErr := strconv.ParseUint(postgres.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(postgres.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr, os.Chown(s.dir, int(uid), int(gid))); err != nil { //nolint:gosec // an id of a user
		s.t.Fatal(err)
	}
	s.user = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func (s *Server) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(s.bin, name), args...) //nolint:gosec,noctx // the test's own words, also after its end
	c.Dir, c.SysProcAttr = s.dir, s.user
	return c
}

func (s *Server) run(name string, args ...string) {
	s.t.Helper()
	out, err := os.Create(filepath.Join(s.t.TempDir(), "out")) // a pipe would be held open by the server
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	c := s.command(name, args...)
	c.Stdout, c.Stderr = out, out
	if err := c.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		s.t.Fatal(fmt.Errorf("%s: %w: %s", name, err, said))
	}
}
