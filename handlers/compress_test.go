package handlers_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Pages and files go out compressed where the browser takes that, refusals too; what Intercom and the operator's
// machines get stays as it is.
func TestTextIsCompressed(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	cookie := "rerate=" + sessionCookie(t, boss)
	for path, want := range map[string]struct{ encoding, holds string }{
		"/":                      {"gzip", "<h1"},
		"/ratings/none":          {"gzip", "<h1"},
		"/nowhere":               {"gzip", "<h1"},
		"/livez":                 {"", ""},
		"/canvas/messenger/none": {"", ""},
	} {
		answer := w.ask(http.MethodGet, path, "192.0.2.1:1", http.Header{"Accept-Encoding": {"gzip, br"}, "Cookie": {cookie}})
		if got := answer.Header().Get("Content-Encoding"); got != want.encoding {
			t.Errorf("%s is encoded as %q, want %q", path, got, want.encoding)
			continue
		}
		if want.encoding == "" {
			continue
		}
		if answer.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s does not say that it varies", path)
		}
		opened, err := gzip.NewReader(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(opened)
		if err != nil || !strings.Contains(string(page), want.holds) {
			t.Errorf("%s is opened as %q, %v", path, page, err)
		}
		plain := w.ask(http.MethodGet, path, "192.0.2.1:1", http.Header{"Cookie": {cookie}})
		if plain.Header().Get("Content-Encoding") != "" || !strings.Contains(plain.Body.String(), want.holds) {
			t.Errorf("%s is compressed for a browser that does not take it", path)
		}
	}
}
