package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// Before it takes no more requests it says that it is about to go, and answers as ever meanwhile.
func TestAStopSaysSoFirst(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.stop()
		var card string
		var ready, live, version int
		var tapped intercomtest.CanvasResult
		w.notice = func() {
			ready, live, version = w.status("/readyz"), w.status("/livez"), w.status("/version")
			tapped = w.sandbox.CardSubmit(w.ctx, card, w.sam().ID, "rating", map[string]any{"rating": "4"})
		}
		w.start()
		if !w.isReady() {
			t.Error("it is not ready")
		}
		id := w.solved()
		card = w.ask(id)
		if w.stop(); w.ended != nil {
			t.Errorf("the stop failed: %v", w.ended)
		}
		if ready != http.StatusServiceUnavailable || live != http.StatusOK || version != http.StatusOK {
			t.Errorf("while it says so readyz answers %d, livez %d, version %d", ready, live, version)
		}
		if tapped.Shown == nil || !strings.Contains(texts(tapped.Shown), "Your answer is saved.") {
			t.Errorf("a tap meanwhile is answered %d %s", tapped.Call.Status, tapped.Problem)
		}
		if got := w.status("/livez"); got != 0 {
			t.Errorf("afterwards livez answers %d", got)
		}
		w.notice = nil
		w.start()
		if rated := w.ratings(id); len(rated) != 1 || rated[0].Score != 4 {
			t.Errorf("stored are %+v", rated)
		}
	})
}

// A stop leaves one file: what was in SQLite's log is in the database.
func TestAStopLeavesOneFile(t *testing.T) {
	withoutRace(t)
	t.Parallel()
	w := realTime(t, models.SQLite)
	j := newJournal(w, 20)
	w.apart()
	process := w.serveAsProcess()
	w.within(readyBound, "it is ready", w.isReady)
	j.tapSome(5)()
	if size := sizeOf(t, w.database()+"-wal"); size <= 0 {
		t.Errorf("while it runs the log has %d bytes", size)
	}
	w.must(process.Process.Signal(syscall.SIGTERM))
	w.must(process.Wait())
	w.oneFile()
	w.sound()
	j.agrees()

	// Another process has it open: the log is empty, at least.
	p := program{now: time.Now}
	store, err := p.openStore(w.ctx, w.environment["RERATE_DATABASE_URL"])
	w.must(err)
	process = w.serveAsProcess()
	w.within(readyBound, "it is ready", w.isReady)
	j.tapSome(2)()
	w.must(process.Process.Signal(syscall.SIGTERM))
	w.must(process.Wait())
	if size := sizeOf(t, w.database()+"-wal"); size != 0 {
		t.Errorf("beside another process the log has %d bytes", size)
	}

	// It reads an old state and does not end: the log stays, and nothing is lost.
	process = w.serveAsProcess()
	w.within(readyBound, "it is ready", w.isReady)
	reader, err := store.ReadSQL()
	w.must(err)
	tx, err := reader.BeginTx(w.ctx, nil)
	w.must(err)
	var before, after int
	w.must(tx.QueryRow("SELECT COUNT(*) FROM ratings").Scan(&before))
	j.tapSome(5)()
	w.must(process.Process.Signal(syscall.SIGTERM))
	w.must(process.Wait())
	w.must(tx.QueryRow("SELECT COUNT(*) FROM ratings").Scan(&after))
	if before != after {
		t.Errorf("within one transaction there are %d and %d ratings", before, after)
	}
	if size := sizeOf(t, w.database()+"-wal"); size <= 0 {
		t.Errorf("beside a reader the log has %d bytes", size)
	}
	w.must(tx.Rollback())
	w.must(store.Close())
	j.agrees()
	w.oneFile()
	w.serveAsProcess()
	w.recovers(j)
}

// oneFile wants nothing beside the database but locks.
func (w *world) oneFile() {
	w.t.Helper()
	for _, end := range []string{"-wal", "-shm", "-journal"} {
		if size := sizeOf(w.t, w.database()+end); size >= 0 {
			w.t.Errorf("%s lies there, with %d bytes", end, size)
		}
	}
}

// sizeOf is -1 for a file that is not there.
func sizeOf(t testing.TB, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if os.IsNotExist(err) {
		return -1
	}
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// A request that does not come to its end does not keep the process from it, and the stop is in order.
func TestAStopCutsOffWhatDoesNotEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.SQLite)
	defer w.beginRequest().Close()
	if w.stop(); w.ended != nil {
		t.Errorf("the stop failed: %v", w.ended)
	}
	w.oneFile()
}

// beginRequest begins a request whose body does not come, and answers once it is being read.
func (w *world) beginRequest() net.Conn {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	w.must(err)
	_, err = fmt.Fprint(conn, "POST /theme HTTP/1.1\r\nHost: rerate.test\r\nExpect: 100-continue\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\n")
	w.must(err)
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.Contains(line, "100 Continue") {
		w.t.Fatalf("it says %q, %v", line, err)
	}
	return conn
}

// Who does not want to wait for the end of a stop sends the signal again.
func TestASecondSignalEndsItAtOnce(t *testing.T) {
	withoutRace(t)
	t.Parallel()
	w := realTime(t, models.SQLite)
	w.apart()
	process := w.serveAsProcess()
	w.within(readyBound, "it is ready", w.isReady)
	defer w.beginRequest().Close()
	began := time.Now()
	w.must(process.Process.Signal(syscall.SIGTERM))
	w.within(readyBound, "it takes no more requests", func() bool { return w.status("/livez") == 0 })
	w.must(process.Process.Signal(syscall.SIGTERM))
	_ = process.Wait()
	if state, ok := process.ProcessState.Sys().(syscall.WaitStatus); !ok || !state.Signaled() || time.Since(began) >= drain {
		t.Errorf("it ended after %v: %v", time.Since(began), process.ProcessState)
	}
	w.serveAsProcess()
	w.within(readyBound, "it is ready", w.isReady)
}

// One SQLite database is served by one process, by whatever name it is called; commands work beside it.
func TestOneServerForOneFile(t *testing.T) {
	withoutRace(t)
	t.Parallel()
	w := realTime(t, models.SQLite)
	w.apart()
	first := w.serveAsProcess()
	w.within(readyBound, "it is ready", w.isReady)
	path := w.database()
	folder, file := filepath.Join(t.TempDir(), "folder"), filepath.Join(t.TempDir(), "other.db")
	w.must(os.Symlink(filepath.Dir(path), folder))
	w.must(os.Symlink(path, file))
	for _, name := range []string{path, filepath.Join(folder, filepath.Base(path)), file, filepath.Dir(path) + "/./" + filepath.Base(path)} {
		second := w.process("serve")
		second.Env = append(second.Env, "RERATE_ADDR=127.0.0.1:0", "RERATE_DATABASE_URL=sqlite://"+name)
		said, err := second.CombinedOutput()
		want := fmt.Sprintf("%s (process %d): another Rerate serves this SQLite database already; stop that one, or use PostgreSQL for several\n", path, first.Process.Pid)
		if err == nil || second.ProcessState.ExitCode() != 1 || !strings.HasSuffix(string(said), want) || strings.Count(string(said), "\n") != 1 {
			t.Errorf("as %s: it ended with %v and said %s", name, err, said)
		}
	}
	if !w.isReady() {
		t.Error("the first is not ready any more")
	}
	csv := filepath.Join(t.TempDir(), "old.csv")
	w.must(os.WriteFile(csv, []byte("conversation_id,score,rated_at\n77,4,2024-01-01\n"), 0o600))
	for _, words := range [][]string{
		{"migrate"},
		{"verify"},
		{"backup", filepath.Join(t.TempDir(), "copy.db")},
		{"healthcheck"},
		{"apikey", "create", "--workspace", w.tenant.Workspace, "--name", "x"},
		{"import", "--workspace", w.tenant.Workspace, csv},
	} {
		if said, err := w.process(words...).CombinedOutput(); err != nil {
			t.Errorf("%s beside the server: %v, %s", words[0], err, said)
		}
	}
	w.kill(first)
	w.serveAsProcess()
	w.within(readyBound, "it is ready after a kill", w.isReady)
}
