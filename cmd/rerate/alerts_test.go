package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/survey"
	"rerate/models"
)

// slackPost is what Slack would get.
type slackPost struct {
	Text   string
	Blocks []struct {
		Type     string
		Text     struct{ Type, Text string }
		Elements []struct{ Type, Text string }
	}
}

func (r *receiver) posts(t testing.TB) (all []slackPost) {
	t.Helper()
	for _, a := range r.arrived() {
		var p slackPost
		if err := json.Unmarshal(a.body, &p); err != nil || p.Text == "" {
			t.Fatalf("%s: %v", a.body, err)
		}
		all = append(all, p)
	}
	return all
}

// whole is all text of a message.
func (p slackPost) whole() string {
	var all []string
	for _, b := range p.Blocks {
		all = append(all, b.Text.Text)
		for _, e := range b.Elements {
			all = append(all, e.Text)
		}
	}
	return strings.Join(all, "\n")
}

// alerted is a conversation with the given ratings of Sam's, the last with a remark if there is one, and the undo time
// over after each.
func (w *world) alerted(remark string, scores ...int) string {
	w.t.Helper()
	var id, card string
	for i, score := range scores {
		if i == 0 {
			id, card = w.rated(score)
		} else {
			w.clock.Move(undo)
			w.press(card, w.sam().ID, "change", nil)
			w.tap(card, w.sam().ID, score)
		}
	}
	if remark != "" {
		w.remark(card, w.sam().ID, remark)
	}
	w.sync(id)
	w.clock.Move(undo)
	return id
}

// Who is alerted of what, by the rules of the alert: each rating against each rule.
func TestWhatAlertsTellOf(t *testing.T) {
	low := func(f *survey.EndpointForm) { f.Worse = false }
	worse := func(f *survey.EndpointForm) { f.Low = false }
	remark := func(f *survey.EndpointForm) { f.WithRemark = true }
	both := func(*survey.EndpointForm) {}
	for name, test := range map[string]struct {
		change func(*survey.EndpointForm)
		remark string
		scores []int
		want   string // the title of the alert; empty: there is none
	}{
		"low":                                  {both, "", []int{2}, "A low rating"},
		"neutral":                              {both, "", []int{3}, ""},
		"good":                                 {both, "", []int{5}, ""},
		"worse and low":                        {both, "", []int{4, 1}, "The rating went down"},
		"worse, not low":                       {both, "", []int{5, 4}, "The rating went down"},
		"worse where only low is asked for":    {low, "", []int{5, 4}, ""},
		"both where only low is asked for":     {low, "", []int{5, 1}, "The rating went down"},
		"low where only worse is asked for":    {worse, "", []int{1}, ""},
		"worse where only worse is asked for":  {worse, "", []int{3, 2}, "The rating went down"},
		"better and still low":                 {both, "", []int{1, 2}, "Still a low rating"},
		"better":                               {both, "", []int{1, 5}, ""},
		"low without a remark":                 {remark, "", []int{1}, ""},
		"low with a remark":                    {remark, "Rude.", []int{1}, "A low rating"},
		"good with a remark":                   {remark, "Nice.", []int{5}, ""},
		"low with a remark, remark not wanted": {both, "Rude.", []int{1}, "A low rating"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, models.SQLite)
			w.ready()
			r := w.receiver()
			e, _ := w.endpoint(r.URL, slack, test.change)
			id := w.alerted(test.remark, test.scores...)
			w.sendTo(e)
			var last slackPost
			for _, p := range r.posts(t) {
				if strings.Contains(p.whole(), "/ratings/"+w.ours(id).ID) {
					last = p
				}
			}
			said := last.whole()
			if (test.want == "") != (said == "") || !strings.Contains(said, test.want) || said != "" && !strings.Contains(said, test.remark) {
				t.Errorf("the alert is %q, want %q", said, test.want)
			}
		})
	}
}

// An alert is text whatever the customer writes, cut where it is long, with both ratings and the way to the conversation.
func TestASlackAlertSaysAllAndIsSafe(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.ready()
	r := w.receiver()
	e, _ := w.endpoint(r.URL, slack)
	w.alerted("", 2)
	w.sendTo(e)
	if posts := r.posts(t); len(posts) != 1 || !strings.Contains(posts[0].whole(), "Credited to Jane") {
		t.Errorf("the first alert is %v", posts)
	}
	id := w.alerted("<!channel> Tom & <http://evil.test|click>\nme 👩‍👩‍👧 "+strings.Repeat("very ", 200)+"END", 4, 1)
	w.sendTo(e)
	posts := r.posts(t)
	if len(posts) != 2 {
		t.Fatalf("%d messages", len(posts))
	}
	whole, rated := posts[1].whole(), w.ours(id)
	for _, want := range []string{
		"😃 Good (4 of 5) → 😠 Terrible (1 of 5)", "> &lt;!channel&gt; Tom &amp; &lt;http://evil.test|click&gt;\n> me 👩‍👩‍👧", "…",
		"<" + baseURL + "/ratings/" + rated.ID + "|", "/inbox/conversation/" + id + "|",
	} {
		if !strings.Contains(whole, want) {
			t.Errorf("%q is not in\n%s", want, whole)
		}
	}
	if strings.Contains(whole, "<!") || strings.Contains(whole, "END") {
		t.Errorf("the message is\n%s", whole)
	}
	if a := r.arrived()[0]; a.signature != "" {
		t.Errorf("it is signed %s, which tells Slack something", a.signature)
	}
}

// To an address that is not Slack the same alert goes as a signed message.
func TestAnAlertToAnotherAddress(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.ready()
	r := w.receiver()
	e, secret := w.endpoint(r.URL, slack, func(f *survey.EndpointForm) { f.Kind = models.AlertEndpoint })
	id := w.alerted("", 4, 1)
	w.sendTo(e)
	got := r.arrived()
	if len(got) != 1 || got[0].signature != signed(secret, got[0]) {
		t.Fatalf("%+v", got)
	}
	kind, data := got[0].event(t)
	row, _ := data["rating"].(map[string]any)
	first, _ := data["first"].(map[string]any)
	if kind != "alert.rating" || data["reason"] != "worse" || row["id"] != w.ours(id).ID || first["score"] != 4.0 ||
		data["text"] != "The rating went down: 😃 Good (4 of 5) → 😠 Terrible (1 of 5)." {
		t.Errorf("%s %v", kind, data)
	}
}

// At most so many messages in an hour; the rest comes in one when it is over, and nothing is lost. What no longer counts
// by then is not counted there.
func TestAlertsAreThrottledAndNoneIsLost(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.ready()
		r := w.receiver()
		e, _ := w.endpoint(r.URL, slack, func(f *survey.EndpointForm) { f.PerHour = 3 })
		began := time.Time{}
		const ratings = 6
		for i := range ratings {
			w.rated(1 + i%2)
			w.clock.Move(undo)
			w.sendTo(e)
			if i == 0 {
				began = w.clock.Now()
			}
		}
		if n := len(r.posts(t)); n != 3 {
			t.Fatalf("%d messages arrive in the hour", n)
		}
		w.wantDeliveries(e, "alert.rating done 1", "alert.rating done 1", "alert.rating done 1",
			"alert.rating gathered 0", "alert.summary waiting 0", "alert.rating gathered 0", "alert.rating gathered 0")
		left := w.last(e).RatingID
		w.must(w.app.service.LeaveOutRating(w.ctx, e.WorkspaceID, survey.Verdict{Rating: left, By: "Jane", Reason: "A joke"}))
		w.clock.Set(began.Add(time.Hour - time.Second))
		w.sendTo(e)
		if n := len(r.posts(t)); n != 3 {
			t.Errorf("the summary comes before the hour is over")
		}
		w.clock.Move(time.Second)
		w.sendTo(e)
		posts := r.posts(t)
		if want := "2 more ratings, low or worse than the first, since " + began.Format("15:04"); len(posts) != 4 || !strings.HasPrefix(posts[3].Text, want) {
			t.Fatalf("%d messages, the last: %q", len(posts), posts[len(posts)-1].Text)
		}
		if day := began.Format(time.DateOnly); !strings.Contains(posts[3].whole(), "/ratings?from="+day+"&amp;to="+day) {
			t.Errorf("the summary leads to %s", posts[3].whole())
		}
		// The next hour has room again, but for the summary, which was a message too.
		for range 3 {
			w.rated(1)
			w.clock.Move(undo)
			w.sendTo(e)
		}
		if n := len(r.posts(t)); n != 6 {
			t.Errorf("%d messages arrive by then", n)
		}
		told := 0
		for _, d := range w.deliveries(e) {
			if strings.HasPrefix(d, "alert.rating done") || strings.HasPrefix(d, "alert.rating gathered") {
				told++
			}
		}
		if told != ratings+3 {
			t.Errorf("%d of %d ratings are told of: %q", told, ratings+3, w.deliveries(e))
		}
	})
}

// Nobody is alerted of what does not stand: undone, left out, suspect or of a test.
func TestNoAlertOfWhatDoesNotStand(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.ready()
	r := w.receiver()
	e, _ := w.endpoint(r.URL, slack)
	id := w.solved()
	card := w.ask(id)
	w.sync(id)
	w.tap(card, w.sam().ID, 1)
	w.clock.Move(time.Minute)
	w.press(card, w.sam().ID, "change", nil)
	w.tap(card, w.sam().ID, 5)
	void, _ := w.rated(2)
	w.must(w.app.service.LeaveOutRating(w.ctx, e.WorkspaceID, survey.Verdict{Rating: w.ours(void).ID, By: "Jane", Reason: "A joke"}))
	w.set(func(s *models.Settings) { s.TestMode, s.TestContacts = true, []string{w.sam().Email} })
	w.rated(1)
	w.sync(id)
	w.clock.Move(undo)
	w.sendTo(e)
	if posts := r.posts(t); len(posts) != 0 {
		t.Errorf("%q", posts)
	}
}

// A rating that was unknown to be worse when it was given is told of as worse: the message waits until Intercom was read.
func TestAnAlertWaitsForIntercomsOwnRating(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.byHand()
	id := w.ratedNatively(5)
	r := w.receiver()
	e, _ := w.endpoint(r.URL, slack)
	card := w.ask(id)
	w.sandbox.Misbehave(intercomtest.Fault{Kind: intercomtest.Fail, Status: http.StatusServiceUnavailable})
	w.tap(card, w.sam().ID, 4)
	for range 3 {
		w.sendTo(e)
		w.clock.Move(10 * time.Second)
	}
	if n := len(r.posts(t)); n != 0 {
		t.Fatalf("%d alerts before Intercom has been read", n)
	}
	w.sandbox.Behave()
	w.deliver(id)
	w.clock.Move(10 * time.Second)
	w.sendTo(e)
	if posts := r.posts(t); len(posts) != 1 || !strings.Contains(posts[0].Text, "went down") {
		t.Errorf("%v", posts)
	}
}
