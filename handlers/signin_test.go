package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestTheFirstToSignInIsTheAdmin(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		if got := boss.page("/").Text(); !strings.Contains(got, "Jane Agent") || !strings.Contains(got, "Admin: may change things") {
			t.Errorf("the page says %s", got)
		}
		if got := w.signIn(tomas).page("/").Text(); !strings.Contains(got, "Viewer: may look at everything") {
			t.Errorf("the page says %s", got)
		}
	})
}

func TestSignInRefusals(t *testing.T) {
	w := newWorld(t)
	start := func() (*browser, string) {
		b := w.browser()
		return b, b.consent("/auth/intercom", jane, "allow")
	}
	expired := "/signin?reason=state_expired"

	{ // denied
		b := w.browser()
		b.get(b.consent("/auth/intercom", jane, "deny")).leadsTo("/signin?reason=denied")
		if got := b.page("/signin?reason=denied").Text(); !strings.Contains(got, "You did not allow Rerate") {
			t.Errorf("the page says %s", got)
		}
	}
	{ // without a code
		b, back := start()
		b.get(without(back, "code")).leadsTo("/signin?reason=denied")
	}
	{ // without a state
		b, back := start()
		b.get(without(back, "state")).leadsTo(expired)
	}
	{ // another state
		b, back := start()
		b.get(back + "x").leadsTo(expired)
	}
	{ // in another browser
		_, back := start()
		other := w.browser()
		other.get(back).leadsTo(expired)
		other, _ = start()
		other.get(back).leadsTo(expired)
	}
	{ // twice
		b, back := start()
		cookies := b.client.Jar.Cookies(mustURL(t, w.base))
		b.get(back).leadsTo("/")
		b.get(back).leadsTo(expired) // the cookie is gone
		b.client.Jar.SetCookies(mustURL(t, w.base), cookies)
		b.get(back).leadsTo(expired) // the state is used up
	}
	{ // too late
		b, back := start()
		w.db.Clock.Move(11 * time.Minute)
		b.get(back).leadsTo(expired)
	}
	{ // unverified address
		b := w.browser()
		b.get(b.consent("/auth/intercom", unverified, "allow")).leadsTo("/signin?reason=email_not_verified")
		b.get("/").leadsTo("/signin")
	}
	{ // a made-up code
		b, back := start()
		query := mustURL(t, back).Query()
		query.Set("code", "made up=")
		a := b.get("/auth/intercom/callback?" + query.Encode())
		if !strings.HasPrefix(a.is(http.StatusSeeOther).location(), "/signin?reason=") {
			t.Errorf("it leads to %s", a.location())
		}
		b.get("/").leadsTo("/signin")
	}
	{ // an unknown reason is no reason
		if got := w.browser().page("/signin?reason=<b>boo").Find(".notice").Length(); got != 0 {
			t.Errorf("the page shows %d notices", got)
		}
	}
}

func without(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		panic(err)
	}
	query := u.Query()
	query.Del(name)
	u.RawQuery = query.Encode()
	return u.String()
}

func mustURL(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// Each start stores a row, so one address cannot start without end.
func TestSignInsFromOneAddressAreLimited(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	refused := 0
	for range 100 {
		if a := b.get("/auth/intercom"); a.status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < 20 {
		t.Errorf("of 100 starts %d were refused", refused)
	}
}

func TestInstallFromTheAppStore(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.get(b.consent("/install", jane, "allow")).leadsTo(w.intercomAt + "/appstore/redirect?install_success=true")
	b.page("/") // and is signed in

	other := w.browser()
	there := other.get(other.consent("/install", tomas, "deny")).is(http.StatusSeeOther).location()
	query := mustURL(t, there).Query()
	if !strings.HasPrefix(there, w.intercomAt+"/appstore/redirect?") || query.Get("install_success") != "false" || !strings.Contains(query.Get("error_message"), "not allowed") {
		t.Errorf("it leads to %s", there)
	}
}

func TestSessionsEnd(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	id := sessionCookie(t, boss)

	boss.get(boss.consent("/auth/intercom", jane, "allow")).leadsTo("/")
	if sessionCookie(t, boss) == id {
		t.Error("signing in again kept the session's id")
	}
	stolen := w.browser()
	stolen.client.Jar.SetCookies(mustURL(t, w.base), []*http.Cookie{{Name: "rerate", Value: id}})
	stolen.get("/").leadsTo("/signin")

	id = sessionCookie(t, boss)
	boss.post("/auth/logout", nil).leadsTo("/signin?reason=signed_out")
	boss.get("/").leadsTo("/signin")
	stolen.client.Jar.SetCookies(mustURL(t, w.base), []*http.Cookie{{Name: "rerate", Value: id}})
	stolen.get("/").leadsTo("/signin")

	boss = w.signIn(jane)
	w.db.Clock.Move(7*24*time.Hour + time.Minute)
	boss.get("/").leadsTo("/signin")
}

func sessionCookie(t *testing.T, b *browser) string {
	t.Helper()
	for _, cookie := range b.client.Jar.Cookies(mustURL(t, b.w.base)) {
		if cookie.Name == "rerate" {
			return cookie.Value
		}
	}
	t.Fatal("there is no session cookie")
	return ""
}

func TestRolesHoldAtOnce(t *testing.T) {
	w := newWorld(t)
	boss, viewer := w.signIn(jane), w.signIn(tomas)
	boss.post("/settings/teammates/"+tomas+"/role", url.Values{"role": {"admin"}}).leadsTo("/settings")
	viewer.get("/").leadsTo("/signin")
	viewer = w.signIn(tomas)
	viewer.post("/settings/teammates/"+jane+"/role", url.Values{"role": {"viewer"}}).leadsTo("/settings")
	boss.get("/").leadsTo("/signin")
	a := viewer.post("/settings/teammates/"+tomas+"/role", url.Values{"role": {"viewer"}}).is(http.StatusConflict)
	if !strings.Contains(a.body, "The last admin cannot become a viewer") {
		t.Errorf("the page says %s", a.body)
	}
	viewer.post("/settings/teammates/nobody/role", url.Values{"role": {"viewer"}}).is(http.StatusNotFound)
	viewer.post("/settings/teammates/"+jane+"/role", url.Values{"role": {"owner"}}).is(http.StatusUnprocessableEntity)
}

// A page that was asked for before signing in is shown afterwards; nothing but our own pages is.
func TestRedirectsLeadOnlyToOurPages(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	for next, want := range map[string]string{
		"/ratings": "/ratings", "/ratings/0190-ab": "/ratings/0190-ab", "/wording": "/wording", "/settings": "/settings",
		"/ratings?days=7&score=1": "/ratings?days=7&score=1",
		"":                        "/", "/": "/", "/auth/logout": "/", "ratings": "/", "/ratings/": "/", "/ratings/../settings": "/",
		"//evil.example": "/", "///evil.example": "/", `/\evil.example`: "/", `\\evil.example`: "/", "https://evil.example/ratings": "/",
		"https:/ratings": "/", "javascript:alert(1)": "/", "/ratings\r\nX: y": "/", "/%2Fevil.example": "/", "/ratings/%2e%2e": "/",
		"//evil.example/ratings": "/", "/ratings@evil.example": "/", "/ratings#//evil.example": "/ratings",
	} {
		boss.post("/theme", url.Values{"theme": {"dark"}, "next": {next}}).leadsTo(want)
		b := w.browser()
		b.get(b.consent("/auth/intercom?next="+url.QueryEscape(next), tomas, "allow")).leadsTo(want)
	}
	out := w.browser()
	out.get("/ratings/0190-ab?x=1").leadsTo("/signin?next=%2Fratings%2F0190-ab%3Fx%3D1")
	link, _ := out.page("/signin?next=%2Fratings%2F0190-ab").Find("main a.btn").Attr("href")
	if link != "/auth/intercom?next=%2Fratings%2F0190-ab" {
		t.Errorf("the page signs in at %q", link)
	}
	out.get("/signin?next=https://evil.example").is(http.StatusOK)
	if link, _ := out.page("/signin?next=//evil.example").Find("main a.btn").Attr("href"); link != "/auth/intercom" {
		t.Errorf("the page signs in at %q", link)
	}
}

func TestTheme(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	boss.post("/theme", url.Values{"theme": {"dark"}, "next": {"/settings"}}).leadsTo("/settings")
	if got, _ := boss.page("/settings").Find("html").Attr("data-theme"); got != "dark" {
		t.Errorf("the theme is %q", got)
	}
	boss.post("/theme", url.Values{"theme": {"pink"}}).is(http.StatusUnprocessableEntity)
}
