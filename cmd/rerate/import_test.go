package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
)

// realRemarks are what customers of an e-commerce shop really wrote: data that lies beside the checkout.
func realRemarks(t *testing.T) (remarks []string) {
	t.Helper()
	file, err := os.Open("../../../shared/data/remarks.csv")
	if err != nil {
		t.Skip("there is no shared/data/remarks.csv beside the checkout, so no import of real remarks is tried")
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		remarks = append(remarks, row[0])
	}
	return remarks
}

// oldRatings writes a file of made-up scores for some remarks: 60 % as many conversations as rows, a year up to the day
// before modelstest.Start. mark is put before each conversation's id.
func oldRatings(t *testing.T, name, mark string, remarks []string, extra ...[]string) (path string, good []models.Rating) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	rows := [][]string{{"Conversation ID", "Contact", "Rating", "Rated on", "Comment", "Agent ID", "Agent", "Channel"}}
	for n, remark := range remarks {
		conversation := fmt.Sprintf("%s%07d", mark, random.IntN(1+len(remarks)*6/10))
		r := models.Rating{
			ConversationID: conversation, ContactID: "contact-of-" + conversation, Score: 1 + random.IntN(5), Scale: 5,
			At:         modelstest.Start.AddDate(-1, 0, 0).Add(time.Duration(n*1087) * time.Second).Truncate(time.Second),
			TeammateID: fmt.Sprint("mate-", random.IntN(9)), Channel: []string{"chat", "email"}[conversation[len(conversation)-1]%2],
			Remark: strings.TrimSpace(remark),
		}
		good = append(good, r)
		rows = append(rows, []string{
			r.ConversationID, r.ContactID, strconv.Itoa(r.Score), r.At.Format("2006-01-02 15:04:05"), remark, r.TeammateID, "Somebody", r.Channel,
		})
	}
	path = filepath.Join(t.TempDir(), name)
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := csv.NewWriter(file).WriteAll(append(rows, extra...)); err != nil {
		t.Fatal(err)
	}
	return path, good
}

// badRows are rows that cannot be imported, and a twin of each good rating that is given.
func badRows(twins ...models.Rating) (rows [][]string) {
	rows = [][]string{
		{"", "c", "5", "2025-05-05", "no conversation", "", "", ""},
		{"12", "c", "6", "2025-05-05", "off the scale", "", "", ""},
		{"12", "c", "5", "03/04/2025", "which day?", "", "", ""},
		{"12", "c", "5", "2031-05-05", "still to come", "", "", ""},
		{"12a", "c", "5", "2025-05-05", "a letter", "", "", ""},
		{"12", "c", "5", "2025-05-05", "one too many", "", "", "", "cell"},
	}
	for _, r := range twins {
		rows = append(rows, []string{r.ConversationID, r.ContactID, strconv.Itoa(r.Score), r.At.Format(time.RFC3339), "again", "", "", ""})
	}
	return rows
}

// command runs a subcommand in this process, on the world's database and by its clock.
func (w *world) command(args ...string) (stdout string, err error) {
	w.t.Helper()
	var out bytes.Buffer
	p := program{lookup: func(name string) (string, bool) { v, ok := w.environment[name]; return v, ok }, now: w.clock.Now, stdout: &out, stderr: logTo{w.t}}
	err = p.importFile(w.ctx, args)
	return out.String(), err
}

// figure is a number in the text of the command.
func figure(t *testing.T, text, name string) int {
	t.Helper()
	m := regexp.MustCompile(`(?m)^` + name + ` +([0-9]+)`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("no %q in\n%s", name, text)
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// plainReport counts the figures of a year from the list of ratings.
func plainReport(ratings []models.Rating) (rated, firstPositive, latestPositive, better, same, worse int64) {
	units := map[string][]models.Rating{}
	for _, r := range ratings {
		units[r.ConversationID+" "+r.ContactID] = append(units[r.ConversationID+" "+r.ContactID], r)
	}
	one := func(yes bool) int64 {
		if yes {
			return 1
		}
		return 0
	}
	for _, unit := range units {
		slices.SortFunc(unit, func(a, b models.Rating) int { return a.At.Compare(b.At) })
		first, latest := unit[0].Score, unit[len(unit)-1].Score
		rated++
		firstPositive, latestPositive = firstPositive+one(first >= 4), latestPositive+one(latest >= 4)
		if len(unit) > 1 {
			better, same, worse = better+one(latest > first), same+one(latest == first), worse+one(latest < first)
		}
	}
	return rated, firstPositive, latestPositive, better, same, worse
}

func (w *world) report() models.Report {
	w.t.Helper()
	r, err := w.tenant.Report(w.ctx, models.Filter{Range: stats.Range{From: "2020-01-01", To: "2026-12-30", Zone: time.UTC}})
	w.must(err)
	return r
}

// 28,000 real remarks with made-up scores come in while customers rate: all figures are those of a plain count, every
// customer is thanked, bad rows are told, the same file again adds nothing, and taken back it leaves nothing. PostgreSQL,
// where each statement is a way to another process and back, takes the first 6,000.
func TestImportOfRealRemarks(t *testing.T) {
	remarks := realRemarks(t)
	eachWorld(t, func(w *world) {
		remarks := remarks
		if w.app.store.Dialect() == models.Postgres {
			remarks = remarks[:min(6_000, len(remarks))]
		}
		path, good := oldRatings(t, "old.csv", "77", remarks, badRows()...)
		seats := w.seats(300)
		before := w.report()
		taps, longest := w.tapOneByOne(seats)

		out, err := w.command("--workspace", "a86dr8yl", path)
		w.must(err)
		t.Log("\n" + out)
		for name, want := range map[string]int{"rows": len(good) + 6, "ratings": len(good), "added": len(good), "bad rows": 6, "twins": 0, "known already": 0} {
			if got := figure(t, out, name); got != want {
				t.Errorf("%s: %d, want %d", name, got, want)
			}
		}
		for _, want := range []string{fmt.Sprintf("line %d", len(good)+2), "“03/04/2025” may be the 3 April or the 4 March", "still to come", "9 cells, the header has 8"} {
			if !strings.Contains(out, want) {
				t.Errorf("nothing is said of %s in\n%s", want, out)
			}
		}
		t.Logf("meanwhile %d taps, of which the slowest took %v", taps(), longest())
		w.within(5*time.Minute, "every tap is verified", func() bool { return w.countRatings("card", 5) == int64(taps()) })
		before.Rated, before.FirstPositive, before.LatestPositive = before.Rated+int64(taps()), before.FirstPositive+int64(taps()), before.LatestPositive+int64(taps())
		w.compare(before, good)

		again, err := w.command("--workspace", "a86dr8yl", path)
		w.must(err)
		if figure(t, again, "known already") != len(good) || figure(t, again, "added") != 0 {
			t.Errorf("the second time\n%s", again)
		}
		w.compare(before, good)

		all, err := w.tenant.Imports(w.ctx, 10)
		w.must(err)
		first := all[len(all)-1]
		w.must(w.app.service.TakeBackImport(w.ctx, w.tenant.Workspace, first.ID))
		w.untilImport(first.ID, models.ImportRemoved)
		w.compare(before, nil)
	}, func(o *intercomtest.Options) { o.RateLimit = 100_000 }) // the clock stands still, and with it the window of calls
}

// seat is a customer who has been asked.
type seat struct{ contact, card string }

func (w *world) seats(n int) (all []seat) {
	w.t.Helper()
	for range n {
		contact := w.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{Name: "Customer"})
		c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: contact.ID, Text: "Hello"})
		w.must(err)
		_, err = w.sandbox.AdminReply(c.ID, tomas, "<p>Hello</p>")
		w.must(err)
		all = append(all, seat{contact.ID, w.ask(c.ID)})
	}
	return all
}

// tapOneByOne has one customer after the other rate, until all have or taps is called.
func (w *world) tapOneByOne(seats []seat) (taps func() int, longest func() time.Duration) {
	var n, slowest atomic.Int64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		pause := time.NewTicker(40 * time.Millisecond)
		defer pause.Stop()
		for _, s := range seats {
			select {
			case <-stop:
				return
			case <-pause.C:
			}
			began := time.Now()
			w.tapUntilSaved(s.card, s.contact, 5)
			n.Add(1)
			slowest.Store(max(slowest.Load(), int64(time.Since(began))))
		}
	}()
	end := sync.OnceFunc(func() { close(stop); <-stopped })
	w.t.Cleanup(end)
	return func() int { end(); return int(n.Load()) }, func() time.Duration { return time.Duration(slowest.Load()) }
}

// untilImport waits until an import has come to a state and is cleared.
func (w *world) untilImport(id string, state models.ImportState) models.Import {
	w.t.Helper()
	var i models.Import
	w.within(5*time.Minute, fmt.Sprint("the import is ", state), func() bool {
		var err error
		i, err = w.tenant.Import(w.ctx, id)
		w.must(err)
		return i.State == state && i.File == nil
	})
	return i
}

// within waits for a fact about the database.
func (w *world) within(patience time.Duration, what string, fact func() bool) {
	w.t.Helper()
	deadline := time.After(patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !fact() {
		select {
		case <-deadline:
			w.t.Fatalf("waited in vain until %s", what)
		case <-tick.C:
		}
	}
}

// compare wants the figures to be those of before with the given ratings besides.
func (w *world) compare(before models.Report, with []models.Rating) {
	w.t.Helper()
	now := w.report()
	rated, first, latest, better, same, worse := plainReport(with)
	for name, pair := range map[string][2]int64{
		"rated": {now.Rated - before.Rated, rated}, "better": {now.Better - before.Better, better}, "same": {now.Same - before.Same, same},
		"worse": {now.Worse - before.Worse, worse}, "first positive": {now.FirstPositive - before.FirstPositive, first},
		"latest positive": {now.LatestPositive - before.LatestPositive, latest},
	} {
		if pair[0] != pair[1] {
			w.t.Errorf("%s: %d, want %d", name, pair[0], pair[1])
		}
	}
	n := int64(0)
	for score := 1; score <= 5; score++ {
		want := int64(len(slices.DeleteFunc(slices.Clone(with), func(r models.Rating) bool { return r.Score != score })))
		got := w.countRatings("import", score)
		if n += got; got != want {
			w.t.Errorf("%d imported ratings with the score %d, want %d", got, score, want)
		}
	}
	if n != int64(len(with)) {
		w.t.Errorf("%d imported ratings, want %d", n, len(with))
	}
}

func (w *world) countRatings(source string, score int) (n int64) {
	w.t.Helper()
	pool, err := w.app.store.SQL()
	w.must(err)
	w.must(pool.QueryRowContext(w.ctx, fmt.Sprintf("SELECT COUNT(*) FROM ratings WHERE source = '%s' AND why_not = '' AND score = %d", source, score)).Scan(&n))
	return n
}

// A process that is killed in the middle of a file leaves nothing that counts, and a server goes on with it.
func TestAnImportThatIsKilledIsFinishedByTheServer(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.clock.Set(time.Now())
		var remarks []string
		for n := range 9000 {
			remarks = append(remarks, fmt.Sprint("remark ", n))
		}
		path, good := oldRatings(t, "old.csv", "77", remarks)
		before := w.report()
		for round, tenth := range []string{"10 %", "50 %", "70 %"} {
			c := w.process("import", "--workspace", "a86dr8yl", path)
			stderr, err := c.StderrPipe()
			w.must(err)
			w.must(c.Start())
			for lines := bufio.NewScanner(stderr); lines.Scan() && !strings.HasPrefix(strings.TrimSpace(lines.Text()), tenth); {
			}
			w.must(c.Process.Kill())
			_ = c.Wait()
			w.compare(before, nil)
			all, err := w.tenant.Imports(w.ctx, 10)
			w.must(err)
			if len(all) != round+1 || !all[0].UnderWay() {
				t.Fatalf("after the kill there are %+v", all)
			}
			if round < 2 { // stopped by a person
				w.must(w.app.service.CancelImport(w.ctx, w.tenant.Workspace, all[0].ID))
				w.untilImport(all[0].ID, models.ImportCancelled)
				w.compare(before, nil)
				continue
			}
			w.clock.Set(time.Now().Add(2 * time.Minute)) // the killed process had the machine's time
			w.must(w.app.service.CatchUp(w.ctx, jobs.CatchUp{}))
			w.untilImport(all[0].ID, models.ImportAdded)
			w.compare(before, good)
		}
	})
}

func TestImportCommandSaysWhatIsWrong(t *testing.T) {
	w := newWorld(t, models.SQLite)
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		w.must(os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	good := "conversation_id,score,rated_at\n7,5,2025-05-05\n"
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no workspace":       {[]string{file("a.csv", good)}, "usage"},
		"no file":            {[]string{"--workspace", "a86dr8yl"}, "usage"},
		"a foreign one":      {[]string{"--workspace", "other", file("a.csv", good)}, "has not installed"},
		"a file that is not": {[]string{"--workspace", "a86dr8yl", "none.csv"}, "none.csv"},
		"an Excel file":      {[]string{"--workspace", "a86dr8yl", file("a.xlsx", "PK\x03\x04...")}, "save the table as CSV"},
		"no columns":         {[]string{"--workspace", "a86dr8yl", file("a.csv", "a,b\n1,2\n")}, "which column"},
		"no such column":     {[]string{"--workspace", "a86dr8yl", "--column", "score=Points", file("a.csv", good)}, "no column “Points”"},
		"no such field":      {[]string{"--workspace", "a86dr8yl", "--column", "points=score", file("a.csv", good)}, "usage"},
		"a scale of one":     {[]string{"--workspace", "a86dr8yl", "--scale", "1", file("a.csv", good)}, "which column"},
		"nothing good":       {[]string{"--workspace", "a86dr8yl", file("a.csv", "conversation_id,score,rated_at\n7,9,2025-05-05\n")}, "No row"},
	} {
		if _, err := w.command(c.args...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.countRatings("import", 5); n != 0 {
		t.Errorf("%d ratings were stored", n)
	}
	out := filepath.Join(t.TempDir(), "bad.csv")
	text, err := w.command("--workspace", "a86dr8yl", "--dry-run", "--scale", "3", "--bad-rows", out, "--column", "score=Points",
		file("a.csv", "conversation_id;Points;rated_at\r\n7;3;2025-05-05\r\n7;4;2025-05-05\r\n"))
	w.must(err)
	bad, err := os.ReadFile(out)
	w.must(err)
	if figure(t, text, "ratings") != 1 || !strings.Contains(text, "dry run") || !strings.Contains(string(bad), "3,Points,“4” is not on the scale from 1 to 3.") {
		t.Errorf("%s\n%s", text, bad)
	}
	if n := w.countRatings("import", 3); n != 0 {
		t.Errorf("the dry run stored %d ratings", n)
	}
}
