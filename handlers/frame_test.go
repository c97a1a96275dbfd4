package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rerate/handlers"
)

func TestErrorsKeepTheNavigationOfWhoIsSignedIn(t *testing.T) {
	w := newWorld(t)
	boss, stranger := w.signIn(jane), w.browser()
	for address, status := range map[string]int{"/nowhere": http.StatusNotFound, "/ratings/none": http.StatusNotFound, "/theme": http.StatusMethodNotAllowed} {
		a := boss.get(address).is(status)
		page := a.document()
		if page.Find(`nav[aria-label="Main"] a[href="/ratings"]`).Length() != 1 || !strings.Contains(page.Text(), "Jane Agent") {
			t.Errorf("%s has no navigation: %s", address, page.Text())
		}
		if got := a.header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s may be kept: %q", address, got)
		}
	}
	page := stranger.get("/nowhere").is(http.StatusNotFound).document()
	if page.Find("nav").Length() != 0 || page.Find("main").Length() != 1 {
		t.Errorf("a stranger sees %s", page.Text())
	}
}

func TestAnEndedSessionLeadsTheWholeBrowserToTheSignIn(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	request := b.request(http.MethodGet, "/ratings?days=30", "")
	request.Header.Set("HX-Request", "true")
	a := b.do(request).is(http.StatusNoContent)
	if got := a.header.Get("HX-Redirect"); got != "/signin?next="+url.QueryEscape("/ratings?days=30") {
		t.Errorf("htmx is led to %q", got)
	}
	if a.body != "" || !slices.Contains(a.header.Values("Vary"), "HX-Request") {
		t.Errorf("it answers %q, Vary %q", a.body, a.header.Values("Vary"))
	}
	b.get("/ratings?days=30").leadsTo("/signin?next=" + url.QueryEscape("/ratings?days=30"))
}

func TestOnlyTheDemoShowsItsParts(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	boss.get("/parts").is(http.StatusNotFound)
	if boss.page("/").Find(`a[href="/parts"]`).Length() != 0 {
		t.Error("the account menu leads to it")
	}
	demo := newWorld(t, func(c *handlers.Config) { c.Parts = true })
	demo.browser().get("/parts").leadsTo("/signin?next=%2Fparts")
	boss = demo.signIn(jane)
	if boss.page("/").Find(`a[href="/parts"]`).Length() != 1 {
		t.Error("the account menu does not lead to it")
	}
	if got := boss.page("/parts").Find("main svg").Length(); got == 0 {
		t.Error("it shows no chart")
	}
}

func TestExampleDataComesAndGoes(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	section := func() string {
		return strings.Join(texts(boss.page("/settings").Find(`section[aria-labelledby="example-data"]`)), "")
	}
	if got := section(); !strings.Contains(got, "Add example data") {
		t.Errorf("without any the settings say %s", got)
	}
	boss.post("/settings/example-data/add", nil).leadsTo("/")
	boss.post("/settings/example-data/add", nil).leadsTo("/") // twice is once
	if got := boss.page("/").Text(); !strings.Contains(got, "A year of example data is added") {
		t.Errorf("the page says %s", got)
	}
	if got := section(); !strings.Contains(got, "Remove the example data?") || strings.Contains(got, "Add example data") {
		t.Errorf("with it the settings say %s", got)
	}
	boss.post("/settings/example-data/remove", nil).leadsTo("/")
	if got := section(); !strings.Contains(got, "Add example data") {
		t.Errorf("afterwards the settings say %s", got)
	}
}

func TestRefusedSettingsLeadToTheirFields(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	form := formOf(boss.page("/settings"), "/settings")
	form.Set("time_zone", "Mars/Olympus")
	form.Set("ask.delay_minutes", "soon")
	page := boss.post("/settings", form).is(http.StatusUnprocessableEntity).document()
	alert := page.Find(`[role="alert"]`)
	if _, takes := alert.Attr("autofocus"); !takes || !strings.Contains(alert.Text(), "2 fields need your attention") {
		t.Errorf("the summary says %s", alert.Text())
	}
	for _, key := range []string{"time_zone", "ask.delay_minutes"} {
		if alert.Find(`a[href="#`+key+`"]`).Length() != 1 || page.Find(`[id="`+key+`"]`).AttrOr("aria-invalid", "") != "true" {
			t.Errorf("nothing leads to %s", key)
		}
	}
	if got := page.Find("form[data-unsaved]").AttrOr("data-unsaved", ""); got != "changed" {
		t.Errorf("the form says %q of what is not saved", got)
	}
}
