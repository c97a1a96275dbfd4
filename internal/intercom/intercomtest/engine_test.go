package intercomtest

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	nethtml "golang.org/x/net/html"
	"pgregory.net/rapid"
)

// TestEpisodesProperty plays random histories and compares what REST says with what was done.
func TestEpisodesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newClock()
		s := New(Options{Now: c.now, AppURL: "http://localhost:1"})
		const jane, sam = "9608799", "696205460674dbb9050aa7fd"
		conv, err := s.NewConversation(Start{Contact: sam, Text: "Hello"})
		if err != nil {
			t.Fatal(err)
		}
		open, reopens, parts := true, 0, 0
		var lastClose time.Time
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			c.add(time.Second)
			var err error
			switch rapid.SampledFrom([]string{"customer", "admin", "note", "close"}).Draw(t, "act") {
			case "customer":
				_, err = s.CustomerReply(conv.ID, sam, "text")
				if !open {
					reopens++
				}
				open = true
				parts++
			case "admin":
				_, err = s.AdminReply(conv.ID, jane, "text")
				parts++
			case "note":
				_, err = s.AdminNote(conv.ID, jane, "text")
				parts++
			case "close":
				_, err = s.Close(conv.ID, jane)
				if open {
					lastClose = c.now()
					parts++
				}
				open = false
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		got, _ := s.Conversation(conv.ID)
		f := got.figures
		if f.reopens != reopens || len(got.Parts) != parts || (got.State == "open") != open || !f.lastClose.Equal(lastClose) {
			t.Fatalf("reopens %d, parts %d, state %s, last close %v; want %d, %d, open %v, %v",
				f.reopens, len(got.Parts), got.State, f.lastClose, reopens, parts, open, lastClose)
		}
	})
}

// TestSameSeedSameWorld: two sandboxes with the same history are equal to the byte.
func TestSameSeedSameWorld(t *testing.T) {
	play := func(seed uint64) string {
		c := newClock()
		s := New(Options{Now: c.now, Seed: seed, AppURL: "http://localhost:1"})
		token := s.Install(DefaultWorkspace, "9608799")
		conv, err := s.NewConversation(Start{Contact: "696205460674dbb9050aa7fd", Text: "Hello"})
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(s.Conversations(DefaultWorkspace))
		if err != nil {
			t.Fatal(err)
		}
		if len(conv.ID) != 15 {
			t.Errorf("conversation id %s has not 15 digits", conv.ID)
		}
		return token + string(raw)
	}
	if d := cmp.Diff(play(1), play(1)); d != "" {
		t.Error(d)
	}
	if play(1) == play(2) {
		t.Error("another seed gave the same world")
	}
}

// TestManyAtOnce is for the race detector: everything at the same time, on a few conversations.
func TestManyAtOnce(t *testing.T) {
	w := newWorld(t)
	ids := []string{w.start("a"), w.start("b")}
	card := w.sendCard(ids[0])
	acts := []func(){
		func() { _, _ = w.CustomerReply(ids[0], w.sam, "x") },
		func() { _, _ = w.Close(ids[0], w.jane) },
		func() { _, _ = w.AdminReply(ids[1], w.jane, "x") },
		func() { w.CardSubmit(t.Context(), card.ID, w.sam, "rating", nil) },
		func() { w.InboxAppOpen(t.Context(), ids[1], w.jane, "") },
		func() { w.Deliver(t.Context()) },
		func() { w.call("GET", "/conversations/"+ids[0], "") },
		func() { w.call("POST", "/tags", `{"name":"x"}`) },
		func() {
			w.Conversations(DefaultWorkspace)
			w.Calls()
			w.Options()
			w.SetQuirks(Quirks{AmericanColour: true})
		},
	}
	var all sync.WaitGroup
	for _, act := range acts {
		all.Go(func() {
			for range 10 {
				act()
			}
		})
	}
	all.Wait()
	w.Deliver(t.Context())
	if w.Waiting() != 0 {
		t.Errorf("%d webhooks still wait", w.Waiting())
	}
}

func TestHTML(t *testing.T) {
	tests := []struct{ in, safe, plain string }{
		{"", "", ""},
		{"just text &amp; more", "<p>just text &amp; more</p>", "just text & more"},
		{`<p>Hi <b>there</b></p>`, `<p>Hi <b>there</b></p>`, "Hi there"},
		{`<p onclick="x()">a</p><script>x()</script><style>p{}</style><img src=x onerror=y>`, `<p>a</p>`, "a"},
		{`<a href="https://example.com/?a=1&amp;b=2">here</a>`, `<a href="https://example.com/?a=1&amp;b=2" rel="nofollow noopener noreferrer" target="_blank">here</a>`, "here (https://example.com/?a=1&b=2)"},
		{`<a href="JavaScript:x()">here</a>`, `<a>here</a>`, "here"},
		{`</ul></div><ul><li>one`, `<ul><li>one</li></ul>`, "one"},
		{`a<br>b<p>c</p>`, `a<br>b<p>c</p>`, "a\nbc"},
	}
	for _, tt := range tests {
		safe := safeHTML(tt.in)
		if safe != tt.safe {
			t.Errorf("safeHTML(%q) = %q, want %q", tt.in, safe, tt.safe)
		}
		if plain := plainText(safe); plain != tt.plain {
			t.Errorf("plainText(%q) = %q, want %q", safe, plain, tt.plain)
		}
	}
}

func FuzzSafeHTML(f *testing.F) {
	for _, s := range []string{"<p>x", "<a href=javascript:x>y</a>", "<scr<script>ipt>", "</p></li>", "<svg/onload=x>", "<p\x00>", "<!--<b>-->"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out := safeHTML(in)
		walk(out, func(tok nethtml.Token) {
			for _, a := range tok.Attr {
				if tok.Data != "a" || (a.Key == "href" && safeLink(tok) == "") || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%q became %q", in, out)
				}
			}
			if tok.Data == "script" && tok.Type != nethtml.TextToken {
				t.Errorf("%q became %q", in, out)
			}
		})
	})
}

func FuzzQuery(f *testing.F) {
	f.Add(`{"field":"state","operator":"=","value":"open"}`, "")
	f.Add(`{"operator":"AND","value":[{"field":"created_at","operator":">","value":"1"}]}`, cursor{1, 2, 3}.String())
	f.Add(`{"field":"contact_ids","operator":"NIN","value":[null,1,true]}`, "x")
	s := New(Options{AppURL: "http://localhost:1"})
	conversations := s.Conversations(DefaultWorkspace)
	f.Fuzz(func(_ *testing.T, query, after string) {
		_, _ = parseCursor(after) // must not panic
		match, err := parseQuery(json.RawMessage(query), 1, conversationFilter)
		if err != nil {
			return
		}
		for i := range conversations {
			match(&conversations[i])
		}
	})
}
