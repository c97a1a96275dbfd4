package survey

import (
	"html"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/internal/rating"
	"rerate/internal/seal"
)

func linkService(t *testing.T, now time.Time) *Service {
	t.Helper()
	keys, err := seal.ParseKeys("bm90IGEgc2VjcmV0LCBvbmx5IGEgdGVzdCBrZXkgb2YgNDhieQ")
	if err != nil {
		t.Fatal(err)
	}
	return New(Config{Keys: keys, BaseURL: "https://rerate.example", Now: func() time.Time { return now }})
}

const askWorkspace, askRequest = "ws1", "018f0000-0000-7000-8000-000000000001"

// linksIn are the addresses and texts of the links in an ask.
func linksIn(body string) (addresses, texts []string) {
	for _, part := range strings.Split(body, `<a href="`)[1:] {
		address, rest, _ := strings.Cut(part, `">`)
		text, _, _ := strings.Cut(rest, "</a>")
		addresses, texts = append(addresses, html.UnescapeString(address)), append(texts, html.UnescapeString(text))
	}
	return addresses, texts
}

func TestTheAskHasALinkForEachOption(t *testing.T) {
	s := linkService(t, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	w := rating.DefaultWording()
	w.Locales = map[string]rating.Translation{"de": {Question: "Wie war's <jetzt>?", Labels: []string{"Übel", "Schlecht", "Geht", "Gut", "Super"}}}
	body, err := s.askHTML(askWorkspace, ask{Request: askRequest, Wording: w, Locale: "de-AT"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(body, "<p><b>Wie war&#39;s &lt;jetzt&gt;?</b></p>") {
		t.Errorf("it begins %q", body)
	}
	addresses, texts := linksIn(body)
	if want := []string{"😠 Übel", "🙁 Schlecht", "😐 Geht", "😃 Gut", "😍 Super"}; !slices.Equal(texts, want) {
		t.Errorf("the links are %q, want %q", texts, want)
	}
	for i, address := range addresses {
		token, ours := strings.CutPrefix(address, "https://rerate.example/r/")
		var link ratingLink
		workspace, err := s.Keys.Open(seal.RatingLink, token, s.Now(), &link)
		if want := (ratingLink{Request: askRequest, Score: i + 1, Locale: "de-AT"}); !ours || err != nil || workspace != askWorkspace || link != want {
			t.Errorf("link %d says %+v of %q: %v, want %+v", i, link, workspace, err, want)
		}
		if strings.Contains(address, askRequest) || strings.Contains(address, askWorkspace) {
			t.Errorf("the address %s tells", address)
		}
	}
}

func TestALongScaleIsOneLink(t *testing.T) {
	s := linkService(t, time.Now())
	for options, want := range map[int]int{2: 2, 5: 5, 6: 1, 10: 1} {
		body, err := s.askHTML(askWorkspace, ask{Request: askRequest, Wording: wordingOf(options), Locale: "fr"})
		if err != nil {
			t.Fatal(err)
		}
		_, texts := linksIn(body)
		if len(texts) != want {
			t.Errorf("%d options have the links %q", options, texts)
		}
		if want == 1 && texts[0] != "Noter cette conversation" {
			t.Errorf("the one link says %q", texts[0])
		}
	}
}

// What is looked for after an unclear outcome is found however Intercom gives the body back, and for nobody else.
func TestTheLinkIsTheMarker(t *testing.T) {
	s := linkService(t, time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC))
	body, err := s.askHTML(askWorkspace, ask{Request: askRequest, Wording: rating.DefaultWording()})
	if err != nil {
		t.Fatal(err)
	}
	address, err := s.linkURL("another", ratingLink{Request: "other"})
	if err != nil {
		t.Fatal(err)
	}
	for name, given := range map[string]string{
		"as sent":           body,
		"escaped again":     html.EscapeString(body),
		"after other links": `<p><a href="https://rerate.example/r/abc">x</a> <a href="` + address + `">y</a></p>` + body,
	} {
		if got, ok := s.linkedRequest(askWorkspace, given); !ok || got != askRequest {
			t.Errorf("%s: found is %q, %v", name, got, ok)
		}
	}
	for name, given := range map[string]string{
		"nothing": "", "no link": "<p>Hello</p>", "another workspace": address, "cut off": body[:strings.Index(body, "/r/")+60],
	} {
		if got, ok := s.linkedRequest(askWorkspace, given); ok {
			t.Errorf("%s: found is %q", name, got)
		}
	}
	s.Now = func() time.Time { return time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC) }
	if got, ok := s.linkedRequest(askWorkspace, body); !ok || got != askRequest {
		t.Errorf("years later found is %q, %v", got, ok)
	}
}

func TestWhatAMessageSaysFirst(t *testing.T) {
	s := linkService(t, time.Now())
	w := rating.DefaultWording()
	w.Ask = rating.Invitation{Chat: "One question <b>more</b>:\r\nshort!", Email: "Hello\n\n\n  we care. "}
	w.Locales = map[string]rating.Translation{"de": {Ask: rating.Invitation{Email: "Hallo"}}}
	for _, c := range []struct{ channel, locale, want string }{
		{"chat", "", "<p>One question &lt;b&gt;more&lt;/b&gt;:<br>short!</p><p><b>Rate"},
		{"chat", "de", "<p>One question &lt;b&gt;more&lt;/b&gt;:<br>short!</p><p><b>Rate"},
		{"email", "", "<p>Hello</p><p>we care.</p><p><b>Rate"},
		{"whatsapp", "", "<p>Hello</p><p>we care.</p><p><b>Rate"},
		{"email", "de-CH", "<p>Hallo</p><p><b>Rate"},
	} {
		body, err := s.askHTML(askWorkspace, ask{Request: askRequest, Wording: w, Channel: c.channel, Locale: c.locale})
		if err != nil || !strings.HasPrefix(body, c.want) {
			t.Errorf("in %s for %q: %v %.90s", c.channel, c.locale, err, body)
		}
	}
}
