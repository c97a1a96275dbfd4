package main

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhatAProcessHasUsed(t *testing.T) {
	const stat = "42 (two words) S 1 42 42 0 -1 4194560 900 0 7 0 150 25 0 0 20 0 9 0 1000 2000000 500"
	if got := cpu([]byte(stat)); got != 1750*time.Millisecond {
		t.Errorf("150 and 25 hundredths of a second are %v", got)
	}
	if got := cpu([]byte("42 (gone) Z")); got != 0 {
		t.Errorf("a short line is %v", got)
	}
	const io = "rchar: 9\nwrite_bytes: 4096\ncancelled_write_bytes: 5\n"
	const status = "Name:\tserver\nVmHWM:\t   30000 kB\nVmRSS:\t   20000 kB\n"
	for _, c := range []struct {
		lines, name string
		want        int
	}{{io, "write_bytes:", 4096}, {status, "VmRSS:", 20000}, {status, "VmHWM:", 30000}, {status, "VmSwap:", 0}} {
		if got := number([]byte(c.lines), c.name); got != c.want {
			t.Errorf("%s %d, not %d", c.name, got, c.want)
		}
	}
	a, b := used{1, 2, 3, 4}, used{10, 20, 30, 40}
	if got := a.plus(b); got != (used{11, 22, 33, 44}) {
		t.Errorf("together they are %v", got)
	}
}

func TestShareAndMedian(t *testing.T) {
	var hundred []time.Duration
	for i := range 100 {
		hundred = append(hundred, time.Duration(100-i))
	}
	for percent, want := range map[int]time.Duration{50: 51, 99: 100, 0: 1} {
		if got := share(slices.Clone(hundred), percent); got != want {
			t.Errorf("%d %% of 1…100: %d, not %d", percent, got, want)
		}
	}
	if got := share(nil, 99); got != 0 {
		t.Errorf("of none: %d", got)
	}
	if got := median([]int{9, 1, 5}); got != 5 {
		t.Errorf("median %d", got)
	}
	if got := median[int](nil); got != 0 {
		t.Errorf("median of none: %d", got)
	}
}

func TestListsOfNumbers(t *testing.T) {
	var got []int
	if err := into(&got)("10000,1000000"); err != nil || !slices.Equal(got, []int{10_000, 1_000_000}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, wrong := range []string{"", "1,", "0", "-2", "many"} {
		if err := into(&got)(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 123456: "123,456", 1000000: "1,000,000"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is %s", n, got)
		}
	}
}

func TestSizeCountsAFileOnce(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"a", "b"} {
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, 10*(i+1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := sizeOf(dir, filepath.Join(dir, "b")); err != nil || got != 30 {
		t.Errorf("%d, %v", got, err)
	}
	if _, err := sizeOf(filepath.Join(dir, "c")); err == nil {
		t.Error("what is not there has a size")
	}
}

func TestEveryTapIsStoredOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rows.db")
	db, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, c := range []struct {
		name, statement string
		acknowledged    int
		wrong           bool
	}{
		{"no table", "SELECT 1", 0, true},
		{"none", "CREATE TABLE ratings (conversation INTEGER)", 0, false},
		{"two", "INSERT INTO ratings VALUES (1), (2)", 2, false},
		{"one is lost", "SELECT 1", 3, true},
		{"one was not thanked for", "SELECT 1", 1, true},
		{"one is doubled, another lost", "INSERT INTO ratings VALUES (2)", 3, true},
	} {
		if _, err := db.ExecContext(t.Context(), c.statement); err != nil {
			t.Fatal(err)
		}
		if err := compareSQLite(t.Context(), path, c.acknowledged); (err != nil) != c.wrong {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Each row has a cell for each heading, figures are medians, and those that were not measured are dashes.
func TestTable(t *testing.T) {
	p := plan{rounds: 3, seconds: time.Second, connections: 64, rate: 500}
	row := func(name string, perSecond float64, cpu time.Duration) *measured {
		return &measured{
			name: name, server: &server{started: 5 * time.Millisecond, size: 8_000_000}, idle: used{memory: 11_000_000},
			perSecond: []float64{1, perSecond, 1_000_000}, cpu: []time.Duration{cpu}, p50: []time.Duration{time.Millisecond}, p99: []time.Duration{cpu / 10},
		}
	}
	got := table(p, []*measured{row("floor", 20_000, 50*time.Millisecond), row("other", 5_000, 200*time.Millisecond)})
	_, rows, _ := strings.Cut(got, "\n\n")
	lines := strings.Split(strings.TrimSpace(rows), "\n")
	for _, line := range lines {
		if cells := strings.Count(line, "|"); cells != strings.Count(lines[0], "|") {
			t.Errorf("%d bars in %s", cells, line)
		}
	}
	want := "| other | 5,000 | 0.25 | 200 ms | 4.0 | – | 1.0 ms | 20.0 ms | 4.0 | – | 11 MB | – | 5.0 ms | 8 MB |"
	if last := lines[len(lines)-1]; last != want {
		t.Errorf("the row is\n%s and not\n%s", last, want)
	}
	if got := table(p, nil); got != fmt.Sprintln("nothing was measured") {
		t.Errorf("of none: %s", got)
	}
}
