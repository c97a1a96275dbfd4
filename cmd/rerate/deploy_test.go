package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"rerate/models"
)

// deployed reads a file of .deploy.
func deployed(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../.deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The unit and the container name variables and commands that there are, and give a stop the time that it may take.
func TestTheDeploymentFitsTheProgram(t *testing.T) {
	unit, container := deployed(t, "rerate.service"), deployed(t, "Dockerfile")
	for _, name := range regexp.MustCompile(`\b(RERATE|INTERCOM)_[A-Z_]+`).FindAllString(unit+container, -1) {
		if !slices.Contains(variables, strings.TrimSuffix(name, "_FILE")) {
			t.Errorf("there is no variable %s", name)
		}
	}
	for _, words := range []string{`CMD ["rerate", "healthcheck"]`, `CMD ["serve"]`, "USER 10001:10001", "VOLUME /data", "sqlite:///data/rerate.db", "make build"} {
		if !strings.Contains(container, words) {
			t.Errorf("the container lacks %s", words)
		}
	}
	patience := regexp.MustCompile(`TimeoutStopSec=(\d+)`).FindStringSubmatch(unit)
	if patience == nil {
		t.Fatal("the unit does not say how long a stop may take")
	}
	seconds, err := strconv.Atoi(patience[1])
	if most := notice + drain + 2*jobDrain + 2*checkpoint; err != nil || time.Duration(seconds)*time.Second < most {
		t.Errorf("a stop may take %v, and is killed after %d s", most, seconds)
	}
}

// Where the whole file system but the folder of the database and /tmp can only be read, and as nobody in particular, all works; and
// nothing is written but the database and its locks.
func TestAReadOnlyRoot(t *testing.T) {
	withoutRace(t)
	if _, err := exec.LookPath("bwrap"); err != nil {
		t.Skip("a file system that can only be read takes bubblewrap, which is not here")
	}
	t.Parallel()
	w := realTime(t, models.SQLite)
	j := newJournal(w, 20)
	w.apart()
	folder := filepath.Dir(w.database())
	confined := func(words ...string) *exec.Cmd {
		inside := w.process(words...)
		c := exec.CommandContext(w.ctx, "bwrap", append([]string{
			"--ro-bind", "/", "/", "--dev", "/dev", "--tmpfs", "/tmp", "--ro-bind", inside.Path, inside.Path, "--bind", folder, folder,
			"--unshare-user", "--uid", "10001", "--gid", "10001", "--unshare-ipc", "--unshare-uts", "--cap-drop", "ALL", "--chdir", "/", "--die-with-parent",
			"--", inside.Path,
		}, words...)...)
		c.Env, c.Stderr = append(inside.Env, "TMPDIR=/tmp"), logTo{t}
		return c
	}
	server := confined("serve")
	w.must(server.Start())
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	w.within(readyBound, "it is ready", w.isReady)
	j.tapSome(10)()
	if thanked := j.thanked(); thanked != 10 {
		t.Errorf("%d of ten were thanked", thanked)
	}
	copied := filepath.Join(folder, "copy.db")
	for _, words := range [][]string{{"healthcheck"}, {"backup", copied}, {"verify"}} {
		if err := confined(words...).Run(); err != nil {
			t.Errorf("%s: %v", words[0], err)
		}
	}
	if err := confined("backup", "/usr/copy.db").Run(); err == nil {
		t.Error("the root can be written")
	}
	w.must(os.Remove(copied))
	w.must(syscall.Kill(onlyChild(t, server.Process.Pid), syscall.SIGTERM))
	if err := server.Wait(); err != nil {
		t.Errorf("it did not end in order: %v", err)
	}
	entries, err := os.ReadDir(folder)
	w.must(err)
	for _, entry := range entries {
		if name := strings.TrimPrefix(entry.Name(), filepath.Base(w.database())); !slices.Contains([]string{"", ".migrate.lock", ".serve.lock"}, name) {
			t.Errorf("it left %s", entry.Name())
		}
	}
	w.sound()
	j.agrees()
}

func onlyChild(t *testing.T, parent int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", parent, parent))
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatalf("the children are %q: %v", text, err)
	}
	return child
}
