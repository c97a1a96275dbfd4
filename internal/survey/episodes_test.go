package survey

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom"
	"rerate/models"
)

var beginning = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// parts makes a conversation from words: each is a part type, a minute after the one before it. A word may begin with
// who did it: customer/ or bot/, else a teammate; and "ours" is a comment that asks.
func parts(words string) (list []intercom.Part) {
	for i, word := range strings.Fields(words) {
		p := intercom.Part{ID: fmt.Sprint(i), CreatedAt: beginning.Add(time.Duration(i+1) * time.Minute), Author: intercom.Author{Type: "admin", ID: "1"}}
		who, kind, found := strings.Cut(word, "/")
		if !found {
			kind = word
		} else {
			p.Author.Type = map[string]string{"customer": "user", "bot": "bot"}[who]
		}
		if p.Type = kind; kind == "ours" || kind == "answer" {
			p.Type, p.ExternalID = map[string]string{"ours": "comment", "answer": "open"}[kind], "ours"
		}
		list = append(list, p)
	}
	return list
}

func isOurs(p intercom.Part) bool { return p.ExternalID == "ours" }

// shape is a course in short: each episode's number with the minutes of its opening and its close.
func shape(c course) string {
	var all []string
	minute := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return fmt.Sprint(int(at.Sub(beginning).Minutes()))
	}
	for _, e := range c.Episodes {
		text := fmt.Sprintf("%d:%s-%s", e.Number, minute(e.OpenedAt), minute(e.ClosedAt))
		if e.Snoozed {
			text += " snoozed"
		}
		all = append(all, text)
	}
	if c.OnlyOurs {
		all = append(all, "only ours")
	}
	return strings.Join(all, ", ")
}

func TestEpisodes(t *testing.T) {
	for _, c := range []struct{ parts, state, want string }{
		{"", "open", "1:0-"},
		{"comment", "open", "1:0-"},
		{"comment close", "closed", "1:0-2"},
		{"bot/close", "closed", "1:0-1"},
		{"comment close customer/open", "open", "1:0-2, 2:3-"},
		{"comment close customer/open comment close", "closed", "1:0-2, 2:3-5"},
		{"comment close assign_and_reopen close open close", "closed", "1:0-2, 2:3-4, 3:5-6"},
		{"snoozed open close", "closed", "1:0-3"},
		{"close snoozed", "snoozed", "1:0-1, 2:2- snoozed"},
		{"close snoozed open close", "closed", "1:0-1, 2:2-4 snoozed"},
		{"close note conversation_attribute_updated_by_admin", "closed", "1:0-1"},
		// A comment in a closed conversation, whether it opens it or not.
		{"close comment", "closed", "1:0-1"},
		{"close comment", "open", "1:0-1, 2:2-"},
		{"close comment close", "closed", "1:0-1, 2:2-3"},
		{"close bot/comment close", "closed", "1:0-1"},
		// Our ask, and the answer to it.
		{"comment close ours", "closed", "1:0-2"},
		{"comment close ours", "open", "1:0-2, only ours"},
		{"comment close ours close", "closed", "1:0-2"},
		{"comment close ours customer/answer", "open", "1:0-2, only ours"},
		{"comment close ours customer/answer note bot/comment", "open", "1:0-2, only ours"},
		{"comment close ours customer/answer close", "closed", "1:0-2"},
		{"comment close ours customer/answer close customer/open close", "closed", "1:0-2, 2:6-7"},
		{"comment close ours customer/answer customer/comment", "open", "1:0-2, 2:4-"},
		{"comment close ours customer/answer comment close", "closed", "1:0-2, 2:4-6"},
		{"comment close ours customer/answer snoozed", "snoozed", "1:0-2, 2:4-"},
		{"comment close ours customer/open close", "closed", "1:0-2, 2:4-5"},
		{"ours close", "closed", "1:0-2"},
		// What nobody knows is no episode.
		{"close something_new", "closed", "1:0-1"},
	} {
		got := courseOf(intercom.Conversation{CreatedAt: beginning, State: c.state, Parts: parts(c.parts)}, isOurs, nil)
		if shape(got) != c.want {
			t.Errorf("%q, now %s: %s, want %s", c.parts, c.state, shape(got), c.want)
		}
	}
}

// Of a long conversation the newest 500 parts are seen. Intercom's count of reopenings says what came before, and rows
// that are there keep their numbers.
func TestEpisodesOfALongConversation(t *testing.T) {
	filler := strings.Repeat("note ", 495)
	row := func(episode, minute int) models.Request {
		at := beginning.Add(time.Duration(minute) * time.Minute)
		return models.Request{Episode: episode, ClosedAt: &at}
	}
	for _, c := range []struct {
		name, parts string
		reopens     int
		ledger      []models.Request
		want        string
	}{
		{"it begins in the middle of a stretch", filler + "comment close open comment close", 7, nil, "7:0-497, 8:498-500"},
		{"it begins closed", filler + "note open comment close note", 7, nil, "8:497-499"},
		{"Intercom counts what an answer opens too", filler + "close customer/answer close open close", 7, nil, "6:0-496, 7:499-500"},
		{"rows are there", filler + "comment close open comment close", 7, []models.Request{row(1, -90), row(4, 497)}, "4:0-497, 5:498-500"},
		{"no statistics, no rows", filler + "comment close open comment close", 0, nil, "1:0-497, 2:498-500"},
		{"no statistics, older rows", filler + "comment close open comment close", 0, []models.Request{row(3, -90), row(4, -20)}, "5:0-497, 6:498-500"},
		{"no statistics, one of the rows", filler + "comment close open comment close", 0, []models.Request{row(3, -90), row(4, 497)}, "4:0-497, 5:498-500"},
		{"no statistics, the newest row", filler + "comment close open comment close", 0, []models.Request{row(5, 500)}, "4:0-497, 5:498-500"},
	} {
		read := intercom.Conversation{CreatedAt: beginning, State: "closed", Parts: parts(c.parts)}
		read.Statistics.CountReopens = c.reopens
		if got := shape(courseOf(read, isOurs, c.ledger)); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Two closes within Intercom's one second are told apart by their order.
func TestClosesWithinOneSecond(t *testing.T) {
	list := parts("close open close open close")
	for i := range list {
		list[i].CreatedAt = beginning
	}
	read := intercom.Conversation{CreatedAt: beginning, State: "closed", Parts: list}
	at := beginning
	got := courseOf(read, isOurs, []models.Request{{Episode: 1, ClosedAt: &at}})
	numbers := []int{}
	for _, e := range got.Episodes {
		numbers = append(numbers, e.Number)
	}
	if !slices.Equal(numbers, []int{1, 2, 3}) {
		t.Errorf("the episodes are %v", numbers)
	}
}

func TestWhatAPersonReads(t *testing.T) {
	for body, want := range map[string]string{
		"":              "",
		"plain":         "plain",
		"<p>one</p>":    "one",
		"<p>a</p>b":     "a\nb",
		"a<br>b<br/>c":  "a\nb\nc",
		" a \n\t b ":    "a b",
		"a&nbsp;b&amp;": "a b&",
		"<p>a<b>b</b><a href=\"https://example.com\">c</a></p>": "abc",
		"<script>x</script>a<style>p{}</style>b<!-- c -->":      "a\nb",
		"<script>unfinished":                "",
		"<ul><li>one</li><li>two</li></ul>": "one\ntwo",
		"<img src=\"x\" alt=\"face\">":      "",
		"1 < 2 <3":                          "1 < 2 <3",
		"<p>😍</p>":                          "😍",
		"<div><p></p><p> </p></div>":        "",
		"<h1>Title</h1><p>Text<br>more</p><pre>  kept   together </pre>end": "Title\nText\nmore\nkept together\nend",
	} {
		if got := plainText(body); got != want {
			t.Errorf("%q reads %q, want %q", body, got, want)
		}
		if got, want := readable(body), len([]rune(strings.ReplaceAll(want, "\n", ""))); got != want {
			t.Errorf("%q has %d characters, want %d", body, got, want)
		}
	}
}

func FuzzWhatAPersonReads(f *testing.F) {
	for _, seed := range []string{"<p>a</p>", "a<br", "&#0;", "<script", "</p></p>", "<a href='"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		n := readable(body)
		if n < 0 || n > len(body)*4 || readable("<p>"+body+"</p>") < 0 {
			t.Errorf("%q has %d characters", body, n)
		}
	})
}
