package intercomtest

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// browser reads the sandbox's pages as a browser without scripts does: it follows links and posts forms.
type browser struct {
	t      *testing.T
	base   string
	at     string
	status int
	doc    *goquery.Document
}

// open mounts the pages on a world and opens one.
func (w *world) open(path string) *browser {
	w.t.Helper()
	w.MountPages()
	b := &browser{t: w.t, base: w.http.URL}
	b.get(path)
	return b
}

func (b *browser) get(path string) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+path, http.NoBody)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(req)
}

func (b *browser) do(req *http.Request) {
	b.t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.status, b.at = res.StatusCode, res.Request.URL.RequestURI()
	if b.doc, err = goquery.NewDocumentFromReader(strings.NewReader(string(raw))); err != nil {
		b.t.Fatal(err)
	}
	if res.Header.Get("Content-Security-Policy") != pagesPolicy {
		b.t.Errorf("%s: policy %q", b.at, res.Header.Get("Content-Security-Policy"))
	}
	if n := b.doc.Find("[style], style, script:not([src])").Length(); n > 0 {
		b.t.Errorf("%s: %d elements break the policy", b.at, n)
	}
}

// region finds an element by its accessible name.
func (b *browser) region(name string) *goquery.Selection {
	b.t.Helper()
	found := b.doc.Find(`[aria-label="` + name + `"]`)
	if found.Length() == 0 {
		b.t.Fatalf("%s has nothing named %q", b.at, name)
	}
	return found.First()
}

// follow goes where the first link whose text has these words leads.
func (b *browser) follow(within, words string) {
	b.t.Helper()
	link := b.region(within).Find("a").FilterFunction(func(_ int, a *goquery.Selection) bool { return strings.Contains(a.Text(), words) }).First()
	href, ok := link.Attr("href")
	if !ok {
		b.t.Fatalf("%s: %q has no link %q", b.at, within, words)
	}
	b.get(href)
}

// press fills fields by their names and presses the button with this accessible name.
func (b *browser) press(within, words string, fill ...string) {
	b.t.Helper()
	button := b.region(within).Find("button:not([disabled]):not([hidden])").FilterFunction(func(_ int, s *goquery.Selection) bool {
		return accessibleName(s) == words
	}).First()
	if button.Length() == 0 {
		b.t.Fatalf("%s: %q has no button %q", b.at, within, words)
	}
	form := button.Closest("form")
	values := fields(form)
	for i := 0; i+1 < len(fill); i += 2 {
		if form.Find(`[name="`+fill[i]+`"]`).Length() == 0 {
			b.t.Fatalf("%s: the form of %q has no field %q", b.at, words, fill[i])
		}
		values.Set(fill[i], fill[i+1])
	}
	if name, ok := button.Attr("name"); ok {
		values.Add(name, button.AttrOr("value", ""))
	}
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+button.AttrOr("formaction", form.AttrOr("action", "")), strings.NewReader(values.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	b.do(req)
}

// accessibleName is how screen readers call a button.
func accessibleName(s *goquery.Selection) string {
	heard := s.Clone()
	heard.Find("[aria-hidden=true]").Remove()
	return s.AttrOr("aria-label", strings.Join(strings.Fields(heard.Text()), " "))
}

// fields are what a form posts as it stands.
func fields(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input:not([disabled]), textarea:not([disabled]), select:not([disabled])").Each(func(_ int, s *goquery.Selection) {
		value := s.AttrOr("value", "")
		switch goquery.NodeName(s) {
		case "textarea":
			value = s.Text()
		case "select":
			chosen := s.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = s.Find("option")
			}
			value = chosen.First().AttrOr("value", strings.TrimSpace(chosen.First().Text()))
		default:
			if kind := s.AttrOr("type", ""); kind == "checkbox" || kind == "radio" {
				if _, on := s.Attr("checked"); !on {
					return
				}
			}
		}
		values.Add(s.AttrOr("name", ""), value)
	})
	return values
}

// says fails unless the named element shows these words.
func (b *browser) says(name, words string) {
	b.t.Helper()
	if text := b.region(name).Text(); !strings.Contains(strings.Join(strings.Fields(text), " "), words) {
		b.t.Errorf("%s: %q does not say %q: %s", b.at, name, words, text)
	}
}

func (b *browser) hides(name, words string) {
	b.t.Helper()
	if text := b.region(name).Text(); strings.Contains(text, words) {
		b.t.Errorf("%s: %q says %q", b.at, name, words)
	}
}
