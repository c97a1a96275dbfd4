package intercom

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func limits(remaining, reset string) http.Header {
	h := http.Header{}
	if remaining != "" {
		h.Set("X-RateLimit-Remaining", remaining)
	}
	if reset != "" {
		h.Set("X-RateLimit-Reset", reset)
	}
	return h
}

func in(d time.Duration) string { return fmt.Sprint(noon.Add(d).Unix()) }

func TestBudget(t *testing.T) {
	for _, c := range []struct {
		name   string
		status int
		header http.Header
		want   time.Duration // until the next call; 0: at once
	}{
		{"plenty", 200, limits("5", in(5*time.Second)), 0},
		{"nothing left", 200, limits("0", in(5*time.Second)), 5 * time.Second},
		{"below nothing", 200, limits("-3", in(5*time.Second)), 5 * time.Second},
		{"no headers", 200, limits("", ""), 0},
		{"odd remaining", 200, limits("many", in(5*time.Second)), 0},
		{"nothing left, no reset", 200, limits("0", ""), 10 * time.Second},
		{"nothing left, odd reset", 200, limits("0", "soon"), 10 * time.Second},
		{"reset passed", 200, limits("0", in(-time.Hour)), time.Second},
		{"reset now", 200, limits("0", in(0)), time.Second},
		{"reset far", 200, limits("0", in(time.Hour)), time.Minute},
		{"reset in milliseconds", 200, limits("0", in(5*time.Second)+"000"), time.Minute},
		{"reset negative", 200, limits("0", "-9223372036854775808"), time.Second},
		{"reset too large", 200, limits("0", "99999999999999999999"), 10 * time.Second},
		{"429", 429, limits("0", in(3*time.Second)), 3 * time.Second},
		{"429 with some left", 429, limits("50", in(3*time.Second)), 3 * time.Second},
		{"429 without headers", 429, limits("", ""), 10 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b budget
			if _, ok := b.take(noon); !ok {
				t.Error("the first call was refused")
			}
			b.learn(noon, c.status, c.header)
			wait, ok := b.take(noon)
			if ok != (c.want == 0) || wait != c.want {
				t.Errorf("wait %s, %v", wait, ok)
			}
			if _, ok := b.take(noon.Add(max(c.want, time.Minute))); !ok {
				t.Error("refused after the window")
			}
		})
	}
}

func TestBudgetCountsCallsInFlight(t *testing.T) {
	var b budget
	b.learn(noon, 200, limits("2", in(10*time.Second)))
	for i, want := range []bool{true, true, false} {
		if _, ok := b.take(noon); ok != want {
			t.Errorf("call %d: %v", i+1, ok)
		}
	}
	b.learn(noon, 200, limits("1", in(10*time.Second))) // the late answer of an earlier call
	if _, ok := b.take(noon); ok {
		t.Error("a late answer gave calls back")
	}
	b.learn(noon, 200, limits("5", in(20*time.Second))) // the next window
	if _, ok := b.take(noon); !ok {
		t.Error("the next window is not used")
	}
}

// Whatever the headers say, a wait is never shorter than a second nor longer than a minute.
func TestWaitsAreClamped(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b budget
		for range rapid.IntRange(1, 5).Draw(t, "answers") {
			b.learn(noon, rapid.SampledFrom([]int{200, 429}).Draw(t, "status"), limits(
				fmt.Sprint(rapid.IntRange(-1, 3).Draw(t, "remaining")),
				fmt.Sprint(rapid.Int64().Draw(t, "reset"))))
		}
		if wait, ok := b.take(noon); !ok && (wait < minWait || wait > maxWait) {
			t.Fatalf("wait %s", wait)
		}
		if _, ok := b.take(noon.Add(maxWait)); !ok {
			t.Fatal("refused after a minute")
		}
	})
}

func TestClientHoldsBackUntilReset(t *testing.T) {
	calls, now := 0, noon
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		calls++
		w.Header().Set("X-RateLimit-Remaining", "0")
		w.Header().Set("X-RateLimit-Reset", in(7*time.Second))
		fmt.Fprint(w, `{"id":"12"}`)
	})
	client.now = func() time.Time { return now }
	if _, err := client.Conversation(t.Context(), "12"); err != nil {
		t.Fatal(err)
	}
	now = noon.Add(2 * time.Second)
	_, err := client.Note(t.Context(), "12", "7", "x")
	var e *Error
	if !errors.As(err, &e) {
		t.Fatal(err)
	}
	wait, limited := e.RateLimited()
	if !limited || wait != 5*time.Second || !e.RateReset.Equal(noon.Add(7*time.Second)) || e.Ambiguous() || !e.Temporary() || calls != 1 {
		t.Errorf("%d calls, wait %s, %v", calls, wait, err)
	}
	now = noon.Add(7 * time.Second)
	if _, err := client.Conversation(t.Context(), "12"); err != nil || calls != 2 {
		t.Errorf("%d calls, %v", calls, err)
	}
}
