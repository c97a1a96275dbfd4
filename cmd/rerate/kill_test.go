package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
	"rerate/models/modelstest"
)

// Rerate is killed again and again while customers tap, at moments that nobody chose, and once more while it starts. The
// test keeps a journal of its own of what was acknowledged. `make test-kills` kills it 200 times on each database;
// RERATE_TEST_SEED repeats the moments of a run.
func TestNothingIsLostByKills(t *testing.T) {
	withoutRace(t)
	kills := numberFrom(t, "RERATE_TEST_KILLS", 12)
	seed := numberFrom(t, "RERATE_TEST_SEED", int(time.Now().UnixNano()%1_000_000))
	modelstest.EachDialect(t, func(t *testing.T, dialect models.Dialect) {
		t.Logf("RERATE_TEST_SEED=%d", seed)
		start := time.Now()
		w := newWorld(t, dialect, func(o *intercomtest.Options) { o.Now, o.RateLimit = time.Now, 1_000_000 })
		w.clock.Set(time.Now())
		j := newJournal(w, kills*tapsPerKill)
		w.apart()
		t.Logf("%d cards after %v", len(j.seats), time.Since(start).Round(time.Second))
		random := rand.New(rand.NewPCG(uint64(seed), 7)) //nolint:gosec // moments, and the same ones again
		var ready []time.Duration
		for n := range kills {
			process := w.serveAsProcess()
			if random.IntN(10) == 0 { // before it is ready
				<-time.After(time.Duration(random.IntN(150)) * time.Millisecond)
				w.kill(process)
				continue
			}
			began := time.Now()
			w.within(readyBound, "it is ready", w.isReady)
			ready = append(ready, time.Since(began))
			end := j.tapAll(8)
			<-time.After(time.Duration(random.IntN(500)) * time.Millisecond)
			w.kill(process)
			end()
			if n%50 == 49 {
				t.Logf("%d kills, %s", n+1, j)
			}
		}
		slices.Sort(ready)
		t.Logf("%d kills, %s, ready after %v, %v at most, after %v", kills, j, ready[len(ready)/2].Round(time.Millisecond),
			ready[len(ready)-1].Round(time.Millisecond), time.Since(start).Round(time.Second))
		if middle := ready[len(ready)/2]; middle > readyWithin {
			t.Errorf("half of the starts took more than %v, to %v", readyWithin, middle)
		}
		w.sound()
		j.agrees()

		// What nobody had an answer to is tapped again, or not, as people do; then Intercom hears of everything once.
		process := w.serveAsProcess()
		w.within(readyBound, "it is ready", w.isReady)
		j.tapDoubtful()
		w.must(process.Process.Signal(syscall.SIGTERM))
		if err := process.Wait(); err != nil {
			t.Errorf("it did not stop in order: %v", err)
		}
		j.agrees()
		w.longAgo()
		w.serveAsProcess()
		w.within(patience+time.Duration(kills)*2*time.Second, "everything is written", func() bool { return w.number("SELECT COUNT(*) FROM write_backs WHERE state = 'waiting'") == 0 })
		j.notedOnce()
		w.sound()
		t.Logf("all is written after %v", time.Since(start).Round(time.Second))
	})
}

// withoutRace is for tests of another process: the race detector of this one has nothing to look at.
func withoutRace(t *testing.T) {
	t.Helper()
	if underRace {
		t.Skip("what happens here happens in another process: it is tested without the race detector")
	}
}

const (
	// tapsPerKill is for how many taps there are cards: some more than a process answers before it is killed.
	tapsPerKill = 45
	// readyWithin is what Rerate may take by itself after a kill. Other tests are at work on the same cores, so the middle of all
	// starts is held to it, and each to a bound far above.
	readyWithin = 3 * time.Second
	readyBound  = 20 * time.Second
)

func numberFrom(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s is no number: %q", variable, text)
	}
	return n
}

// apart has Rerate run as a process from now on, at an address that stays.
func (w *world) apart() {
	w.t.Helper()
	w.stop()
	w.stop = func() {}
	w.environment["RERATE_ADDR"] = listenLater(w.t.(*testing.T))
	w.url = "http://" + w.environment["RERATE_ADDR"]
	w.sandbox.SetAppURL(w.url, baseURL+"/auth/intercom/callback")
}

func (w *world) isReady() bool { return w.status("/readyz") == http.StatusOK }

// status is what a path answers, 0 when nothing does.
func (w *world) status(path string) int {
	ctx, cancel := context.WithTimeout(w.ctx, 10*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+path, nil)
	w.must(err)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	return response.StatusCode
}

// kill ends a process as a power cut would end it, as far as the process can tell.
func (w *world) kill(process *exec.Cmd) {
	w.t.Helper()
	w.must(process.Process.Kill())
	_ = process.Wait()
}

// longAgo moves what a killed process left half done into the past, beyond the times after which somebody else takes it up.
func (w *world) longAgo() {
	w.t.Helper()
	p := program{now: time.Now}
	store, err := p.openStore(w.ctx, w.environment["RERATE_DATABASE_URL"])
	w.must(err)
	defer store.Close()
	pool, err := store.SQL()
	w.must(err)
	before, moved := "attempted_at - interval '1 hour'", "now() - interval '1 hour'"
	if store.Dialect() == models.SQLite {
		before, moved = "strftime('%Y-%m-%d %H:%M:%f', attempted_at, '-1 hour')", "strftime('%Y-%m-%d %H:%M:%f', 'now', '-1 hour')"
	}
	_, err = pool.ExecContext(w.ctx, "UPDATE river_job SET attempted_at = "+before+" WHERE state = 'running'")
	w.must(err)
	_, err = pool.ExecContext(w.ctx, "UPDATE conversations SET leased_until = "+moved+" WHERE leased_until IS NOT NULL")
	w.must(err)
}

// sound wants a database without damage, whose figures are what its rows come to.
func (w *world) sound() {
	w.t.Helper()
	if strings.HasPrefix(w.environment["RERATE_DATABASE_URL"], "sqlite:") {
		if said := w.texts("PRAGMA integrity_check"); !slices.Equal(said, []string{"ok"}) {
			w.t.Errorf("the database is damaged: %q", said)
		}
		if said := w.texts(`SELECT "table" FROM pragma_foreign_key_check`); len(said) > 0 {
			w.t.Errorf("rows without what they belong to in %q", said)
		}
	}
	if code, out, told := w.verify(); code != 0 {
		w.t.Errorf("the figures are not what the rows come to: %s%s", out, told)
	}
}

// journal is what the test knows by itself of every tap.
type journal struct {
	w     *world
	mu    sync.Mutex
	seats []cardholder
	next  int
}

// cardholder is a customer with a card.
type cardholder struct {
	contact, conversation, card string

	score        int // that they tapped
	sent, thanks bool
}

// newJournal makes that many open cards, each of another customer in another conversation.
func newJournal(w *world, n int) *journal {
	w.t.Helper()
	j := &journal{w: w, seats: make([]cardholder, n)}
	places := make(chan int)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range places {
				j.seats[i] = w.seatFor(intercomtest.DefaultWorkspace, jane, fmt.Sprintf("killed%d", i))
			}
		})
	}
	for i := range n {
		places <- i
	}
	close(places)
	all.Wait()
	if w.t.Failed() {
		w.t.FailNow()
	}
	return j
}

// seatFor has a teammate send a card to a new customer.
func (w *world) seatFor(workspace, admin, name string) cardholder {
	contact := w.sandbox.AddContact(workspace, intercomtest.Contact{Name: name, Email: name + "@example.com"})
	c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: contact.ID, Text: "Hello"})
	if err != nil {
		w.t.Error(err)
		return cardholder{}
	}
	shown := w.sandbox.InsertCardInComposer(w.ctx, c.ID, admin, nil)
	if shown.Problem != "" || shown.Call.Status != http.StatusOK {
		w.t.Errorf("the card could not be shown: %s (status %d)", shown.Problem, shown.Call.Status)
		return cardholder{}
	}
	if _, err := w.sandbox.SendComposer(c.ID, admin, ""); err != nil {
		w.t.Error(err)
	}
	return cardholder{contact: contact.ID, conversation: c.ID, card: shown.Card.ID}
}

// tapAll has that many customers at once tap, one after the other, until end is called; each seat taps once.
func (j *journal) tapAll(customers int) (end func()) {
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range customers {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if i, ok := j.take(); !ok || !j.tap(i) {
					return
				}
			}
		})
	}
	return func() { close(stop); all.Wait() }
}

func (j *journal) take() (int, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.next == len(j.seats) {
		return 0, false
	}
	j.next++
	return j.next - 1, true
}

// tap answers false when nobody answered. What is sent is written down before, a thank-you after.
func (j *journal) tap(i int) bool {
	j.mu.Lock()
	s := &j.seats[i]
	s.sent, s.score = true, 1+i%5
	contact, card, score := s.contact, s.card, s.score
	j.mu.Unlock()
	r := j.w.sandbox.CardSubmit(j.w.ctx, card, contact, "rating", map[string]any{"rating": strconv.Itoa(score)})
	if r.Call.Status == 0 {
		return false
	}
	if r.Shown != nil && strings.Contains(texts(r.Shown), "Your answer is saved.") {
		j.mu.Lock()
		s.thanks = true
		j.mu.Unlock()
	} else if r.Shown == nil || !strings.Contains(texts(r.Shown), "try again") {
		j.w.t.Errorf("a tap was answered %d %s", r.Call.Status, r.Problem)
	}
	return true
}

// tapDoubtful has every second of those tap again who were not thanked.
func (j *journal) tapDoubtful() {
	for i := range j.next {
		if s := j.seats[i]; s.sent && !s.thanks && i%2 == 0 {
			j.w.tapUntilSaved(s.card, s.contact, s.score)
			j.seats[i].thanks = true
		}
	}
}

func (j *journal) String() string { return fmt.Sprintf("%d taps, %d thanked", j.next, j.thanked()) }

// thanked counts those who were thanked.
func (j *journal) thanked() (n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, s := range j.seats {
		if s.thanks {
			n++
		}
	}
	return n
}

// agrees compares the journal with the rows: what was thanked for is there once, nothing is that nobody sent.
func (j *journal) agrees() {
	j.w.t.Helper()
	stored := map[string][]string{}
	for _, row := range j.w.texts("SELECT conversation_id || ' ' || contact_id || ' ' || CAST(score AS TEXT) FROM ratings WHERE source = 'card'") {
		conversation, rest, _ := strings.Cut(row, " ")
		stored[conversation] = append(stored[conversation], rest)
	}
	for _, s := range j.seats {
		want := []string{fmt.Sprintf("%s %d", s.contact, s.score)}
		got := stored[s.conversation]
		delete(stored, s.conversation)
		switch {
		case len(got) == 0 && !s.thanks:
		case s.sent && slices.Equal(got, want):
		case s.thanks && len(got) == 0:
			j.w.t.Errorf("conversation %s: thanked for, and lost", s.conversation)
		default:
			j.w.t.Errorf("conversation %s: stored are %q, sent was %q (%v)", s.conversation, got, want, s.sent)
		}
	}
	if len(stored) > 0 {
		j.w.t.Errorf("stored, though nobody sent it: %v", stored)
	}
}

// notedOnce wants one note for each stored rating, and none for others.
func (j *journal) notedOnce() {
	j.w.t.Helper()
	rated := map[string]bool{}
	for _, conversation := range j.w.texts("SELECT conversation_id FROM ratings WHERE source = 'card'") {
		rated[conversation] = true
	}
	for _, s := range j.seats {
		want := 0
		if rated[s.conversation] {
			want = 1
		}
		if n := len(j.w.sandbox.Notes(s.conversation)); n != want {
			j.w.t.Errorf("conversation %s has %d notes, want %d", s.conversation, n, want)
		}
	}
}
