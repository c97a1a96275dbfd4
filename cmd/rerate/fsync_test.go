package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"rerate/models"
)

// The thank-you leaves after what it thanks for is on the disk: of a hundred taps, one at a time, each is read, written to
// SQLite's log, brought to the disk and then answered, in this order. A kernel that loses power keeps what was brought to
// the disk; a kill cannot show that, since the kernel lives on.
func TestTheDiskComesBeforeTheThanks(t *testing.T) {
	withoutRace(t)
	t.Parallel()
	const taps = 100
	w := realTime(t, models.SQLite)
	j := newJournal(w, taps)
	w.apart()
	trace := w.serveTraced()
	w.within(readyBound, "it is ready", w.isReady)
	for i := range taps {
		j.next = i + 1
		if j.tap(i); !j.seats[i].thanks {
			t.Fatalf("tap %d was not saved", i)
		}
	}
	lines := trace()
	good, bad := fsyncedFirst(lines)
	t.Logf("%d answers, %d lines of trace", good+bad, len(lines))
	if good != taps || bad != 0 {
		t.Errorf("%d answers left after the disk, %d before it, want %d and 0", good, bad, taps)
	}

	// The same trace as a database would leave it that does not wait for the disk, or waits for it too late.
	var without, late []string
	var held []string
	for _, line := range lines {
		switch {
		case logSynced.MatchString(line):
			held = append(held, line)
		case tapAnswered.MatchString(line):
			without, late = append(without, line), append(append(late, line), held...)
			held = nil
		default:
			without, late = append(without, line), append(late, line)
		}
	}
	for name, trace := range map[string][]string{"never": without, "too late": late} {
		if _, bad := fsyncedFirst(trace); bad != taps {
			t.Errorf("of a database that writes to the disk %s, %d answers are found wanting, want %d", name, bad, taps)
		}
	}
}

// serveTraced is serveAsProcess under strace; trace stops Rerate and answers its calls, each when it ended, in order.
func (w *world) serveTraced() (trace func() []string) {
	w.t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		w.t.Skip("strace is not installed")
	}
	if out, err := exec.Command(strace, "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		w.t.Skipf("nothing may be traced here: %s", out)
	}
	path := filepath.Join(w.t.TempDir(), "trace")
	c := w.process("serve")
	c.Args = append([]string{strace, "-f", "-y", "-s", "40", "-e", "trace=read,write,pwrite64,fsync,fdatasync", "-e", "signal=none", "-o", path, c.Path}, c.Args[1:]...)
	c.Path = strace
	c.Stderr = logTo{w.t}
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	w.must(c.Start())
	all := -c.Process.Pid // strace hands no signal on
	w.t.Cleanup(func() { _ = syscall.Kill(all, syscall.SIGKILL); _ = c.Wait() })
	return func() []string {
		w.must(syscall.Kill(all, syscall.SIGTERM))
		_ = c.Wait()
		raw, err := os.ReadFile(path)
		w.must(err)
		return ended(raw)
	}
}

// ended joins the two halves of calls that others came in between, and puts each where it ended.
func ended(raw []byte) (lines []string) {
	begun := map[string]string{}
	for line := range bytes.Lines(raw) {
		text := strings.TrimSpace(string(line))
		thread, call, _ := strings.Cut(text, " ")
		call = strings.TrimSpace(call)
		switch {
		case strings.HasSuffix(call, "<unfinished ...>"):
			begun[thread] = strings.TrimSpace(strings.TrimSuffix(call, "<unfinished ...>"))
			if tapAnswered.MatchString(call) {
				lines = append(lines, call) // the answer is on its way when it begins
			}
		case strings.HasPrefix(call, "<... "):
			_, rest, _ := strings.Cut(call, "resumed>")
			if whole := begun[thread] + rest; !tapAnswered.MatchString(whole) {
				lines = append(lines, whole)
			}
		default:
			lines = append(lines, call)
		}
	}
	return lines
}

var (
	tapRead     = regexp.MustCompile(`^read\((\d+)<.*"P?OST /canvas/messenger/submit`) // Go reads one byte ahead where it keeps a connection
	logWritten  = regexp.MustCompile(`^pwrite64\(\d+<[^>]*-wal>`)
	logSynced   = regexp.MustCompile(`^(fsync|fdatasync)\(\d+<[^>]*-wal>\) += 0`)
	tapAnswered = regexp.MustCompile(`^write\((\d+)<.*"HTTP/1\.1 200 OK`)
)

// fsyncedFirst counts the answers to taps before which the database's log was written and then brought to the disk, and
// the others.
func fsyncedFirst(lines []string) (good, bad int) {
	const (
		read = iota + 1
		written
		safe
	)
	taps := map[string]int{} // by connection, how far it has come
	for _, line := range lines {
		switch {
		case logWritten.MatchString(line):
			for c, at := range taps {
				if at == read {
					taps[c] = written
				}
			}
		case logSynced.MatchString(line):
			for c, at := range taps {
				if at == written {
					taps[c] = safe
				}
			}
		default:
			if found := tapRead.FindStringSubmatch(line); found != nil {
				taps[found[1]] = read
			}
			if found := tapAnswered.FindStringSubmatch(line); found != nil && taps[found[1]] > 0 {
				if taps[found[1]] == safe {
					good++
				} else {
					bad++
				}
				delete(taps, found[1])
			}
		}
	}
	return good, bad
}

// The check itself, on traces by hand.
func TestFsyncedFirst(t *testing.T) {
	const (
		tap    = `7 read(9<socket:[1]>, "POST /canvas/messenger/submit HTT"..., 4096) = 900`
		log    = `8 pwrite64(5</x/rerate.db-wal>, "...", 4096, 32) = 4096`
		sync   = `8 fdatasync(5</x/rerate.db-wal>) = 0`
		failed = `8 fdatasync(5</x/rerate.db-wal>) = -1 EIO (Input/output error)`
		other  = `8 fdatasync(6</x/rerate.db>) = 0`
		answer = `7 write(9<socket:[1]>, "HTTP/1.1 200 OK\r\n"..., 1200) = 1200`
		begins = `8 fdatasync(5</x/rerate.db-wal> <unfinished ...>`
		ends   = `8 <... fdatasync resumed>) = 0`
	)
	for trace, want := range map[string]string{
		strings.Join([]string{tap, log, sync, answer}, "\n"):         "1 0",
		strings.Join([]string{tap, log, begins, ends, answer}, "\n"): "1 0",
		strings.Join([]string{tap, log, begins, answer, ends}, "\n"): "0 1",
		strings.Join([]string{tap, log, answer, sync}, "\n"):         "0 1",
		strings.Join([]string{tap, sync, log, answer}, "\n"):         "0 1",
		strings.Join([]string{tap, log, failed, answer}, "\n"):       "0 1",
		strings.Join([]string{tap, log, other, answer}, "\n"):        "0 1",
		strings.Join([]string{sync, tap, answer}, "\n"):              "0 1",
		answer: "0 0",
	} {
		good, bad := fsyncedFirst(ended([]byte(trace)))
		if got := fmt.Sprint(good, bad); got != want {
			t.Errorf("%s of\n%s\nwant %s", got, trace, want)
		}
	}
}
