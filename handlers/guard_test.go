package handlers_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"rerate/handlers"
	"rerate/internal/seal"
)

const (
	newKey = "YW5vdGhlciB0ZXN0IGtleSwgYXMgbG9uZyBhcyB0aGUgZmlyc3Q"
	oldKey = "bm90IGEgc2VjcmV0LCBvbmx5IGEgdGVzdCBrZXkgb2YgNDhieQ"
)

// ask answers a request without a network between, as if it came from the given address.
func (w *world) ask(method, path, from string, header http.Header) *httptest.ResponseRecorder {
	request := httptest.NewRequestWithContext(ctx, method, path, nil)
	request.RemoteAddr = from
	for name, values := range header {
		request.Header[name] = values
	}
	recorder := httptest.NewRecorder()
	w.handler.ServeHTTP(recorder, request)
	return recorder
}

func TestOnHTTPSCookiesBelongToTheHostAlone(t *testing.T) {
	w := newWorld(t, func(c *handlers.Config) { c.Service.BaseURL = "https://rerate.example" })
	header := w.ask(http.MethodGet, "/auth/intercom", "192.0.2.1:1", nil).Header()
	cookies := (&http.Response{Header: header}).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("it sets %v", cookies)
	}
	c := cookies[0]
	if c.Name != "__Host-rerate-oauth" || !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge != 600 {
		t.Errorf("the cookie is %v", c)
	}
	if got := header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
		t.Errorf("Strict-Transport-Security is %q", got)
	}
	if got := newWorld(t).ask(http.MethodGet, "/livez", "192.0.2.1:1", nil).Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("on http Strict-Transport-Security is %q", got)
	}
}

func TestSessionsSurviveANewKey(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	for keys, want := range map[string]int{newKey + "," + oldKey: http.StatusOK, newKey: http.StatusSeeOther} {
		parsed, err := seal.ParseKeys(keys)
		if err != nil {
			t.Fatal(err)
		}
		w.service.Keys = parsed
		if w.handler, err = handlers.New(handlers.Config{Service: w.service, ClientSecrets: []string{clientSecret}}); err != nil {
			t.Fatal(err)
		}
		header := http.Header{"Cookie": {"rerate=" + sessionCookie(t, boss)}}
		if got := w.ask(http.MethodGet, "/", "192.0.2.1:1", header).Code; got != want {
			t.Errorf("with another keyring the status is %d, want %d", got, want)
		}
	}
}

func TestADamagedCookieIsNoSession(t *testing.T) {
	w := newWorld(t)
	good := sessionCookie(t, w.signIn(jane))
	for _, value := range []string{"", "x", good[:len(good)-2], good + "A", strings.ToUpper(good), strings.Repeat("A", 5000)} {
		header := http.Header{"Cookie": {"rerate=" + value}}
		if got := w.ask(http.MethodGet, "/", "192.0.2.1:1", header).Code; got != http.StatusSeeOther {
			t.Errorf("the cookie %q gives %d", value, got)
		}
	}
}

func TestAnEmptyKeyringIsRefused(t *testing.T) {
	w := newWorld(t)
	w.service.Keys = seal.Keyring{}
	if _, err := handlers.New(handlers.Config{Service: w.service}); err == nil {
		t.Error("it starts without a key")
	}
}

func TestOnlyTrustedProxiesSayWhoAsks(t *testing.T) {
	w := newWorld(t, func(c *handlers.Config) { c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")} })
	forwarded := http.Header{"X-Forwarded-For": {"198.51.100.9, 203.0.113.7"}, "X-Real-Ip": {"198.51.100.1"}}
	for from, want := range map[string]string{"192.0.2.1:1": "203.0.113.7", "192.0.3.1:1": "192.0.3.1", "127.0.0.1:1": "127.0.0.1"} {
		before := len(w.log.String())
		w.ask(http.MethodGet, "/livez", from, forwarded)
		if line := w.log.String()[before:]; !strings.Contains(line, `"remote":"`+want+`"`) {
			t.Errorf("from %s the log says %s", from, line)
		}
	}
}

// A panic is answered like any error: as a page, and on Intercom's side as a card.
func TestPanics(t *testing.T) {
	w := newWorld(t, func(c *handlers.Config) {
		c.API = func(e *echo.Echo, g *echo.Group) {
			e.GET("/panic", func(echo.Context) error { panic("a fault in a page") })
			g.GET("/panic", func(echo.Context) error { panic(errors.New("a fault in the API")) })
		}
	})
	boss := w.signIn(jane)
	for _, address := range []string{"/panic", "/api/v1/panic"} {
		a := boss.get(address).is(http.StatusInternalServerError)
		if strings.Contains(a.body, "a fault") || !strings.Contains(a.body, "Something went wrong") {
			t.Errorf("%s shows %s", address, a.body)
		}
		id := a.header.Get("X-Request-Id")
		if !strings.Contains(a.body, id) || !strings.Contains(w.log.String(), "panic: a fault") {
			t.Errorf("%s: the fault is not in the log or the id %s not on the page", address, id)
		}
	}
	first := cardOf(t, w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]))
	rated := cardOf(t, w.call("/canvas/messenger/submit", submitOf(t, first, "5")))
	w.service.Use(nil) // putting a job in now panics, among the answers of others
	remark := strings.NewReplacer(`"component_id":"rating"`, `"component_id":"send_remark"`, `{"rating":"1"}`, `{"remark":"Dry at last."}`).
		Replace(submitOf(t, rated, "1"))
	a := w.call("/canvas/messenger/submit", remark)
	if cardOf(t, a); !strings.Contains(a.body, "try again") || !strings.Contains(w.log.String(), "a tap could not be stored") {
		t.Errorf("the card says %s", a.body)
	}
	if got := must(w.db.Tenant(workspace).RatingsOf(ctx, "215472621202693"))(t); len(got) != 1 || got[0].Remark != "" {
		t.Errorf("stored is %v", got)
	}
}

func TestARequestThatBreaksOffIsLogged(t *testing.T) {
	w := newWorld(t, func(c *handlers.Config) {
		c.API = func(_ *echo.Echo, g *echo.Group) {
			g.GET("/half", func(c echo.Context) error {
				c.Response().WriteHeader(http.StatusOK)
				panic(http.ErrAbortHandler)
			})
		}
	})
	b := w.browser()
	if response, err := b.client.Do(b.request(http.MethodGet, "/api/v1/half", "")); err == nil {
		response.Body.Close()
		t.Errorf("it answers %s", response.Status)
	}
	if !strings.Contains(w.log.String(), `"route":"/api/v1/half"`) {
		t.Errorf("the log says %s", w.log)
	}
}

func TestProblemPages(t *testing.T) {
	w := newWorld(t)
	for name, b := range map[string]*browser{"signed in": w.signIn(jane), "signed out": w.browser()} {
		page := b.get("/nowhere").is(http.StatusNotFound).document()
		if got := page.Find("h1").Text(); got != "Nothing is here" {
			t.Errorf("%s: the page says %q", name, got)
		}
	}
	viewer := w.signIn(tomas)
	page := viewer.post("/settings", url.Values{}).is(http.StatusForbidden).document()
	if page.Find("nav[aria-label=Main]").Length() != 1 || !strings.Contains(page.Text(), "Only an admin") {
		t.Errorf("the page says %s", page.Text())
	}
	viewer.do(viewer.request(http.MethodHead, "/nowhere", "")).is(http.StatusNotFound)
}
