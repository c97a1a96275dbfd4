package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// who is the least that a caller must be.
type who string

const (
	machine  who = "machine" // the operator's, and browsers for our own files
	intercm  who = "intercom"
	anybody  who = "anybody"
	teammate who = "teammate"
	admin    who = "admin"
	customer who = "customer" // whoever has the link, from wherever: the link alone says who and what for
)

// access is the whole site: a route that is not here fails the tests below, so that nobody forgets to decide.
var access = map[string]who{
	"GET /livez": machine, "GET /readyz": machine, "GET /version": machine, "GET /static/*": machine, "HEAD /static/*": machine,
	"HEAD /webhooks/intercom":           machine,
	"POST /canvas/messenger/initialize": intercm, "POST /canvas/messenger/submit": intercm, "POST /canvas/messenger/configure": intercm,
	"POST /canvas/messenger/live": intercm, "POST /canvas/inbox/initialize": intercm, "POST /canvas/inbox/submit": intercm,
	"POST /intercom/uninstall": intercm, "POST /intercom/health": intercm, "POST /webhooks/intercom": intercm,
	"GET /r/:token": customer, "HEAD /r/:token": customer, "POST /r/:token": customer,
	"GET /signin": anybody, "GET /auth/intercom": anybody, "GET /auth/intercom/callback": anybody, "GET /install": anybody,
	"POST /auth/logout": anybody, "POST /theme": anybody,
	"GET /": teammate, "GET /ratings": teammate, "GET /ratings/:id": teammate, "GET /ratings.csv": teammate, "GET /wording": teammate,
	"GET /ratings/waiting": teammate, "GET /ratings/feedback": teammate, "GET /ratings/feedback.csv": teammate, "POST /ratings/feedback/:id/handled": admin,
	"POST /ratings/:id/ask": admin, "GET /setup": teammate,
	"GET /requests": teammate, "GET /requests/:id": teammate, "GET /requests.csv": teammate,
	"GET /wording/versions/:n": teammate, "POST /wording/versions/:n/roll-back": admin,
	"GET /teammates": teammate, "GET /teammates/:id": teammate, "GET /teammates.csv": teammate,
	"GET /companies": teammate, "GET /companies/:id": teammate, "GET /companies.csv": teammate,
	"GET /segments": teammate, "GET /segments/new": teammate, "GET /segments/:id": teammate,
	"POST /segments/new": admin, "POST /segments/:id": admin, "POST /segments/:id/switch": admin, "POST /segments/:id/send": admin,
	"POST /segments/:id/delete": admin, "POST /segments/messages/:id/retry": admin,
	"GET /calls": teammate, "POST /calls/given-up/:id/retry": admin, "GET /settings": teammate,
	"GET /settings/webhooks": teammate, "GET /settings/webhooks/:id": teammate, "GET /settings/webhooks/new": admin, "POST /settings/webhooks/new": admin,
	"POST /settings/webhooks/:id": admin, "POST /settings/webhooks/:id/pause": admin, "POST /settings/webhooks/:id/test": admin,
	"POST /settings/webhooks/:id/rotate": admin, "POST /settings/webhooks/:id/delete": admin, "POST /settings/webhooks/deliveries/:id/retry": admin,
	"POST /ratings/:id/count": admin, "POST /ratings/:id/leave-out": admin,
	"POST /ratings/:id/handled": admin, "POST /ratings/:id/reply": admin, "POST /ratings/:id/replies/:reply/retry": admin,
	"POST /ratings/:id/customer/erase": admin, "GET /ratings/:id/customer.json": admin,
	"POST /ratings/:id/retry": admin, "POST /wording": admin, "POST /settings": admin, "POST /settings/keys": admin,
	"POST /settings/keys/:id/revoke": admin, "POST /settings/teammates/:id/role": admin, "POST /settings/example-data/remove": admin,
	"POST /settings/example-data/add": admin, "POST /settings/figures/check": admin, "POST /settings/figures/rebuild": admin,
	"GET /settings/backfill": admin, "POST /settings/backfill/start": admin, "POST /settings/backfill/pause": admin,
	"POST /settings/backfill/resume": admin, "GET /settings/import": admin, "POST /settings/import": admin, "GET /settings/import/:id": admin,
	"GET /settings/import/:id/problems.csv": admin, "POST /settings/import/:id/start": admin, "POST /settings/import/:id/cancel": admin,
	"POST /settings/import/:id/take-back": admin,
	"GET /settings/digest":                teammate, "GET /settings/digest/preview": teammate, "POST /settings/digest/mine": teammate,
	"POST /settings/digest": admin, "POST /settings/digest/recipients": admin, "POST /settings/digest/recipients/:id/remove": admin,
	"POST /settings/digest/mails/:id/retry": admin, "POST /settings/digest/send": admin,
	"GET /digest/unsubscribe/:token": customer, "HEAD /digest/unsubscribe/:token": customer, "POST /digest/unsubscribe/:token": customer,
}

// each calls test for every route that needs at least one of these.
func (w *world) each(test func(route, method, address string, least who)) {
	w.t.Helper()
	for _, r := range w.routes() {
		if strings.HasPrefix(r.Path, "/api/v1") {
			continue // the management API has its own keys and tests
		}
		route := r.Method + " " + r.Path
		least, known := access[route]
		if !known {
			w.t.Errorf("%s is not in the table of who may call what", route)
		}
		test(route, r.Method, strings.ReplaceAll(r.Path, ":id", "00000000-0000-7000-8000-000000000404"), least)
	}
}

func TestEveryRouteIsDecided(t *testing.T) {
	w := newWorld(t)
	found := 0
	w.each(func(string, string, string, who) { found++ })
	if found != len(access) {
		t.Errorf("there are %d routes, the table has %d", found, len(access))
	}
}

func TestWithoutSessionThereIsOnlyTheSignInPage(t *testing.T) {
	w := newWorld(t)
	before := w.rows()
	w.each(func(route, method, address string, least who) {
		if least != teammate && least != admin {
			return
		}
		b := w.browser()
		request := b.request(method, address, "")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		a := b.do(request)
		if a.status != http.StatusSeeOther || !strings.HasPrefix(a.location(), "/signin") {
			t.Errorf("%s: %d to %q", route, a.status, a.location())
		}
	})
	if after := w.rows(); !sameCounts(before, after) {
		t.Errorf("something was stored: %v, then %v", before, after)
	}
}

func TestViewersReadAndAdminsChange(t *testing.T) {
	w := newWorld(t)
	boss, viewer := w.signIn(jane), w.signIn(tomas)
	w.each(func(route, method, address string, least who) {
		if least != teammate && least != admin {
			return
		}
		for name, b := range map[string]*browser{"admin": boss, "viewer": viewer} {
			var a answer
			if method == http.MethodPost {
				a = b.post(address, url.Values{"do": {"preview"}})
			} else {
				a = b.get(address)
			}
			refused := a.status == http.StatusForbidden
			if a.status == http.StatusSeeOther && strings.HasPrefix(a.location(), "/signin") {
				t.Errorf("%s as %s was sent to the sign-in page", route, name)
			}
			if want := name == "viewer" && least == admin; refused != want {
				t.Errorf("%s as %s: %d", route, name, a.status)
			}
			if a.status >= 500 {
				t.Errorf("%s as %s: %d %s", route, name, a.status, a.body)
			}
		}
	})
}

func TestOtherSitesCannotPost(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	sources := map[string]func(http.Header){
		"another site":        func(h http.Header) { h.Set("Sec-Fetch-Site", "cross-site") },
		"a neighbour":         func(h http.Header) { h.Set("Sec-Fetch-Site", "same-site") },
		"an old browser":      func(h http.Header) { h.Set("Origin", "https://evil.example") },
		"a page without site": func(h http.Header) { h.Set("Origin", "null") },
	}
	before := w.rows()
	w.each(func(route, method, address string, least who) {
		if method != http.MethodPost || least == intercm || least == customer {
			return
		}
		for name, from := range sources {
			request := boss.request(method, address, "theme=dark&do=publish&role=viewer&name=x")
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			from(request.Header)
			if a := boss.do(request); a.status != http.StatusForbidden {
				t.Errorf("%s from %s: %d", route, name, a.status)
			}
		}
	})
	if after := w.rows(); !sameCounts(before, after) {
		t.Errorf("something was stored: %v, then %v", before, after)
	}
	request := boss.request(http.MethodPost, "/theme", "theme=dark")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", w.base)
	boss.do(request).is(http.StatusSeeOther)
}

func TestEveryAnswerHasTheHeaders(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	check := func(route string, a answer) {
		csp := a.header.Get("Content-Security-Policy")
		page := strings.HasPrefix(csp, "default-src 'none'; script-src 'self'") && !strings.Contains(csp, "unsafe")
		file, mail := strings.HasSuffix(route, " /static/*"), route == "GET /settings/digest/preview" && a.status == http.StatusOK
		switch {
		case file && csp == "default-src 'none'": // is no page
		case mail && strings.HasPrefix(csp, "default-src 'none'; style-src 'unsafe-inline';") && strings.Contains(csp, "; sandbox allow-popups"):
		case mail || !page:
			t.Errorf("%s: Content-Security-Policy %q", route, csp)
		}
		referrer, frames := "same-origin", "DENY"
		if strings.HasSuffix(route, "/:token") {
			referrer = "no-referrer"
		}
		if mail { // the page that shows it frames it
			frames = "SAMEORIGIN"
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "X-Frame-Options": frames, "Referrer-Policy": referrer,
			"Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := a.header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", route, name, got, want)
			}
		}
		if a.header.Get("X-Request-Id") == "" {
			t.Errorf("%s has no request id", route)
		}
		for _, cookie := range (&http.Response{Header: a.header}).Cookies() {
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
				t.Errorf("%s sets the cookie %v", route, cookie)
			}
		}
	}
	w.each(func(route, method, address string, least who) {
		request := boss.request(method, address, "")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		a := boss.do(request)
		check(route, a)
		if least != machine && least != intercm && a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept by caches: %q", route, a.header.Get("Cache-Control"))
		}
	})
	check("an address that does not exist", boss.get("/nowhere").is(http.StatusNotFound))
	check("a wrong method", boss.post("/livez", nil).is(http.StatusMethodNotAllowed))
}

func sameCounts(a, b map[string]int) bool {
	for table, n := range a {
		if b[table] != n {
			return false
		}
	}
	return true
}

func TestProbes(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.get("/livez").is(http.StatusOK)
	b.get("/readyz").is(http.StatusOK)
	if got := b.get("/version").is(http.StatusOK).body; got != `{"version":"test"}` {
		t.Errorf("/version answers %s", got)
	}
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	b.get("/livez").is(http.StatusOK)
	b.get("/readyz").is(http.StatusServiceUnavailable)
	b.get("/auth/intercom").is(http.StatusInternalServerError)
}

func TestARequestIsOneLineInTheLog(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	before := strings.Count(w.log.String(), "\n")
	request := boss.request(http.MethodGet, "/ratings?contact=secret-contact", "")
	request.Header.Set("X-Request-Id", "forged")
	request.Header.Set("X-Forwarded-For", "203.0.113.7")
	boss.do(request).is(http.StatusOK)
	line := strings.SplitN(w.log.String(), "\n", before+1)[before]
	if strings.Count(line, "\n") != 1 {
		t.Errorf("not one line: %q", line)
	}
	for _, word := range []string{`"route":"/ratings"`, `"status":200`, `"workspace":"` + workspace + `"`, `"method":"GET"`, `"remote":"127.0.0.1"`} {
		if !strings.Contains(line, word) {
			t.Errorf("%s is missing in %s", word, line)
		}
	}
	for _, word := range []string{"secret-contact", "forged", "203.0.113.7"} {
		if strings.Contains(line, word) {
			t.Errorf("%s stands in %s", word, line)
		}
	}
	if strings.Contains(w.log.String(), "code=") && strings.Contains(w.log.String(), "state=") {
		t.Error("a code or a state was logged")
	}
}
