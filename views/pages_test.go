package views

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// render draws a page and reads it back.
func render(t *testing.T, e example) (string, *goquery.Document) {
	t.Helper()
	var page bytes.Buffer
	if err := e.page.Render(context.Background(), &page); err != nil {
		t.Fatalf("%s: %v", e.name, err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(page.Bytes()))
	if err != nil {
		t.Fatalf("%s: %v", e.name, err)
	}
	return page.String(), doc
}

// Every page, full, empty and hostile, keeps the rules that the strict content policy and assistive technology need.
func TestEveryPageKeepsTheRules(t *testing.T) {
	for _, e := range append(append(examples(), empties()...), hostiles()...) {
		t.Run(e.name, func(t *testing.T) {
			text, doc := render(t, e)
			checkNesting(t, text)
			checkPolicy(t, doc)
			checkLandmarks(t, doc)
			checkControls(t, doc)
			checkIDs(t, doc)
			checkEmoji(t, doc)
		})
	}
}

var void = map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true}

// checkNesting wants every start tag closed, in order: the browser's parser would mend it silently.
func checkNesting(t *testing.T, page string) {
	t.Helper()
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if tokens.Err() != io.EOF {
				t.Errorf("not readable: %v", tokens.Err())
			}
			if len(open) > 0 {
				t.Errorf("never closed: %v", open)
			}
			return
		case html.StartTagToken:
			if name, _ := tokens.TagName(); !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := tokens.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				t.Fatalf("</%s> closes nothing, open are %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// checkPolicy wants nothing that the content policy would block, and nothing hostile that has become markup.
func checkPolicy(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s> has %s=%q", s.Nodes[0].Data, a.Key, a.Val)
			}
			if strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:") {
				t.Errorf("<%s> runs a script by %s", s.Nodes[0].Data, a.Key)
			}
		}
	})
	if doc.Find("style").Length() > 0 {
		t.Error("there is a style element")
	}
	doc.Find("script").Each(func(_ int, s *goquery.Selection) {
		if src, ok := s.Attr("src"); !ok || !strings.HasPrefix(src, "/static/") || strings.TrimSpace(s.Text()) != "" {
			t.Errorf("a script is inline or foreign: %q %q", src, s.Text())
		}
	})
	doc.Find("img").Each(func(_ int, s *goquery.Selection) {
		if src, _ := s.Attr("src"); !strings.HasPrefix(src, "/static/") {
			t.Errorf("an image comes from %q", src)
		}
	})
}

func checkLandmarks(t *testing.T, doc *goquery.Document) {
	t.Helper()
	skips := 1
	if doc.Find("main > .sheet").Length() > 0 {
		skips = 0 // the customers' page begins with what it is about
	}
	for selector, want := range map[string]int{"h1": 1, "main": 1, "head > title": 1, "html[lang]": 1, `a[href="#main"]`: skips} {
		if got := doc.Find(selector).Length(); got != want {
			t.Errorf("%d of %s, want %d", got, selector, want)
		}
	}
	// What the phone's row has no room for stands a second time, under "More"; one of the two is never shown.
	if doc.Find("nav[aria-label=Main] li:not(.nav-overflow) > a[aria-current=page]").Length() > 1 {
		t.Error("two entries of the navigation are current")
	}
	level := 1
	doc.Find("main h1, main h2, main h3, main h4").Each(func(_ int, s *goquery.Selection) {
		next := int(s.Nodes[0].Data[1] - '0')
		if next > level+1 {
			t.Errorf("heading %q jumps from level %d to %d", s.Text(), level, next)
		}
		level = next
	})
	doc.Find("table").Each(func(_ int, s *goquery.Selection) {
		if s.Find("th[scope]").Length() == 0 {
			t.Error("a table has no headings")
		}
	})
}

// checkControls wants a label for every field, a name for every button and link, and errors tied to fields.
func checkControls(t *testing.T, doc *goquery.Document) {
	t.Helper()
	labels := map[string]string{}
	doc.Find("label[for]").Each(func(_ int, s *goquery.Selection) { labels[s.AttrOr("for", "")] = strings.TrimSpace(s.Text()) })
	doc.Find("input, select, textarea").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("type", "") == "hidden" {
			return
		}
		if labels[s.AttrOr("id", "")] == "" && strings.TrimSpace(s.Closest("label").Text()) == "" {
			t.Errorf("field %q has no label", s.AttrOr("name", ""))
		}
		if s.AttrOr("aria-invalid", "") == "true" && !strings.HasSuffix(strings.Fields(s.AttrOr("aria-describedby", ""))[0], "-error") {
			t.Errorf("field %q is wrong but names no error", s.AttrOr("name", ""))
		}
	})
	doc.Find("button, a, summary").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" {
			t.Errorf("a %s has no name", s.Nodes[0].Data)
		}
	})
	doc.Find("form").Each(func(_ int, s *goquery.Selection) {
		if action := s.AttrOr("action", ""); !strings.HasPrefix(action, "/") && action != "?" && s.AttrOr("method", "") != "dialog" {
			t.Errorf("a form goes to %q", action)
		}
	})
}

func checkIDs(t *testing.T, doc *goquery.Document) {
	t.Helper()
	seen := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if seen[id] {
			t.Errorf("id %q stands twice", id)
		}
		seen[id] = true
	})
	for _, attribute := range []string{"aria-describedby", "aria-labelledby"} {
		doc.Find("[" + attribute + "]").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr(attribute, "")) {
				if !seen[id] {
					t.Errorf("%s names %q, which is not there", attribute, id)
				}
			}
		})
	}
}

// checkEmoji wants every emoji of the example scale inside .emoji or a form's own field, and words beside it.
func checkEmoji(t *testing.T, doc *goquery.Document) {
	t.Helper()
	doc.Find(".emoji").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Parent().Parent().Text()) == strings.TrimSpace(s.Text()) {
			t.Errorf("emoji %q stands alone", s.Text())
		}
	})
	doc.Find(".emoji, option, input").Remove()
	for _, score := range scale {
		if strings.Contains(doc.Find("body").Text(), score.Emoji) {
			t.Errorf("%s is not in .emoji", score.Emoji)
		}
	}
}
