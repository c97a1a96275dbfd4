package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rerate/handlers"
)

// pages are the routes that answer with a page, and the addresses that show what each can look like. ID is a rating.
var pages = map[string][]string{
	"/signin": {"/signin", "/signin?reason=denied", "/signin?reason=expired&next=/settings"},
	"/": {
		"/", "/?days=365", "/?days=7&policy=first&channel=email", "/?from=2001-01-01&to=2001-02-01", "/?from=wrong&channel=none",
		"/?days=90&teammate=example-1&compare=previous",
	},
	"/ratings": {
		"/ratings", "/ratings?days=365&change=better", "/ratings?score=eleven&valid=no", "/ratings?from=2001-01-01&to=2001-02-01",
		"/ratings?days=365&valid=false", "/ratings?days=365&first=1&latest=5",
	},
	"/teammates": {
		"/teammates", "/teammates?days=365&sort=recovered&policy=average", "/teammates?sort=name&channel=email", "/teammates?from=2001-01-01&to=2001-02-01", "/teammates?sort=luck",
	},
	"/teammates/:id": {"/teammates/9608799", "/teammates/9608812?from=2001-01-01&to=2001-02-01", "/teammates/none"},
	"/companies": {
		"/companies", "/companies?days=365&sort=unhappy&policy=average", "/companies?q=zzz", "/companies?from=2001-01-01&to=2001-02-01", "/companies?sort=luck&cursor=9",
	},
	"/companies/:id":   {"/companies/example-company-01", "/companies/example-company-02?days=365&channel=email", "/companies/example-company-03?from=2001-01-01&to=2001-02-01", "/companies/none"},
	"/setup":           {"/setup"},
	"/ratings/waiting": {"/ratings/waiting", "/ratings/waiting?days=365", "/ratings/waiting?from=2001-01-01&to=2001-02-01", "/ratings/waiting?score=2"},
	"/ratings/feedback": {
		"/ratings/feedback", "/ratings/feedback?handled=no&category=idea", "/ratings/feedback?text=no-such-words&source=home", "/ratings/feedback?source=mars&score=eleven",
	},
	"/ratings/:id": {"/ratings/ID", "/ratings/none"},
	"/requests": {
		"/requests", "/requests?days=365", "/requests?status=not_asked&days=365", "/requests?from=2001-01-01&to=2001-02-01", "/requests?score=1",
	},
	"/requests/:id":        {"/requests/ASK", "/requests/none"},
	"/wording":             {"/wording", "/wording?step=remark", "/wording?version=1", "/wording?locale=de"},
	"/wording/versions/:n": {"/wording/versions/2", "/wording/versions/1"},
	"/calls": {
		"/calls", "/calls?tab=test", "/calls?tab=invalid", "/calls?direction=out&kind=GET+me", "/calls?conversation=1", "/calls?tab=much&cursor=x",
	},
	"/settings":              {"/settings"},
	"/parts":                 {"/parts"},
	"/settings/backfill":     {"/settings/backfill"},
	"/settings/digest":       {"/settings/digest"},
	"/settings/import":       {"/settings/import"},
	"/settings/import/:id":   {"/settings/import/none"},
	"/segments":              {"/segments"},
	"/segments/new":          {"/segments/new"},
	"/segments/:id":          {"/segments/SEGMENT", "/segments/SEGMENT?state=failed", "/segments/none"},
	"/settings/webhooks":     {"/settings/webhooks"},
	"/settings/webhooks/new": {"/settings/webhooks/new", "/settings/webhooks/new?kind=slack", "/settings/webhooks/new?kind=alert", "/settings/webhooks/new?kind=x"},
	"/settings/webhooks/:id": {"/settings/webhooks/ENDPOINT", "/settings/webhooks/ENDPOINT?state=done", "/settings/webhooks/none"},
}

// noPages are the other routes for GET: they answer with data, a file or the way to another page.
var noPages = []string{
	"/livez", "/readyz", "/version", "/static/*", "/auth/intercom", "/auth/intercom/callback", "/install", "/ratings.csv", "/teammates.csv", "/companies.csv", "/ratings/feedback.csv", "/settings/import/:id/problems.csv", "/requests.csv", "/ratings/:id/customer.json",
	"/settings/digest/preview",   // an e-mail, with its looks in its elements: digest_test.go
	"/digest/unsubscribe/:token", // a page for whoever got the mail: digest_test.go
	"/r/:token",                  // a page for customers, with a structure of its own: views/pages_test.go
}

// tried is a whole form of settings whose rules are tried.
var tried = func() url.Values {
	form := url.Values{"do": {"dry-run"}, "time_zone": {"UTC"}, "policy": {"latest"}, "note": {"full"}, "ask.chat_method": {"link"}}
	for _, name := range []string{
		"ask.min_characters", "ask.max_days_since_reply", "ask.suppression_days", "ask.delay_minutes", "ask.max_per_conversation", "ask.sample_percent",
		"windows.rate_hours", "windows.change_hours", "windows.undo_minutes", "target", "min_sample", "retention_days",
	} {
		form.Set(name, "1")
	}
	return form
}()

// formAnswers are pages that answer a form in place.
var formAnswers = []struct {
	path string
	form url.Values
}{
	{"/settings", url.Values{"time_zone": {"Nowhere/Land"}, "target": {"much"}}},
	{"/settings", tried},
	{"/settings/keys", url.Values{"name": {"For the check"}}},
	{"/settings/keys", url.Values{"name": {""}}},
	{"/wording", url.Values{"do": {"publish"}, "question": {""}}},
	{"/segments/new", url.Values{"do": {"save"}, "conditions": {"1"}, "conditions.0.field": {"attribute"}}},
	{"/segments/new", url.Values{"do": {"add"}, "conditions": {"0"}}},
	{"/settings/digest/recipients", url.Values{"email": {"nobody"}}},
	{"/settings/digest/send", nil},
	{"/settings/webhooks/new", url.Values{"kind": {"events"}, "url": {"x"}}},
	{"/settings/webhooks/new", url.Values{"kind": {"events"}, "url": {"https://example.com/h"}, "events": {"rating.created"}}},
	{"/settings/webhooks/new", url.Values{"kind": {"slack"}, "url": {"x"}}},
	{"/nowhere", nil},
}

// withParts adds the page that only the demo has.
func withParts(c *handlers.Config) { c.Parts = true }

// furnished is a world with a year of example data and a few ratings of our own.
func furnished(t *testing.T) (w *world, boss, viewer *browser, ratingID string) {
	t.Helper()
	w = newWorld(t, withParts)
	w.sandbox.MountPages()
	boss, viewer = w.signIn(jane), w.signIn(tomas)
	ratingID = w.history()[1].ID
	if err := w.service.AddExampleData(ctx, workspace); err != nil {
		t.Fatal(err)
	}
	return w, boss, viewer, ratingID
}

func TestEveryPageIsInTheTable(t *testing.T) {
	w := newWorld(t, withParts)
	routes := map[string]bool{}
	for _, r := range w.routes() {
		if r.Method != http.MethodGet || strings.HasPrefix(r.Path, "/api/v1") {
			continue
		}
		routes[r.Path] = true
		if pages[r.Path] == nil && !slices.Contains(noPages, r.Path) {
			t.Errorf("GET %s is neither among the pages whose structure is checked nor among what is no page", r.Path)
		}
	}
	for path := range pages {
		if !routes[path] {
			t.Errorf("there is no route %s", path)
		}
	}
	boss := w.signIn(jane)
	for _, path := range noPages {
		if kind := boss.get(path).header.Get("Content-Type"); strings.HasPrefix(kind, "text/html") && path != "/auth/intercom/callback" && path != "/settings/digest/preview" && path != "/static/*" && !strings.Contains(path, ":") {
			t.Errorf("%s answers with a page: %s", path, kind)
		}
	}
}

func TestStructureOfEveryPage(t *testing.T) {
	w, boss, viewer, ratingID := furnished(t)
	ask, group := w.aLedger()[0].ID, w.aSegment(boss)
	endpoint := w.anEndpoint(boss, endpointForm())
	titles := map[string]string{} // by route
	check := func(who, route, address string, a answer) {
		t.Helper()
		document := a.document()
		for _, fault := range faults(document) {
			t.Errorf("%s, %s: %s", address, who, fault)
		}
		title := document.Find("head title").Text()
		if a.status == http.StatusForbidden {
			route = "an error"
		}
		if other, taken := titles[title]; taken && other != route {
			t.Errorf("%s and %s are both called %q", route, other, title)
		}
		titles[title] = route
	}
	for route, addresses := range pages {
		for _, address := range addresses {
			address = strings.ReplaceAll(strings.ReplaceAll(address, "ID", ratingID), "ASK", ask)
			address = strings.ReplaceAll(strings.ReplaceAll(address, "SEGMENT", group), "ENDPOINT", endpoint)
			if route == "/signin" {
				check("signed out", route, address, w.browser().get(address).is(http.StatusOK))
				continue
			}
			if strings.HasSuffix(address, "/none") {
				route = "an error"
			}
			check("admin", route, address, boss.get(address))
			check("viewer", route, address, viewer.get(address))
			w.browser().get(address).is(http.StatusSeeOther)
		}
	}
	check("signed out", "an error", "/nowhere", w.browser().get("/nowhere").is(http.StatusNotFound))
	for _, f := range formAnswers {
		for who, b := range map[string]*browser{"admin": boss, "viewer": viewer} {
			a := b.post(f.path, f.form)
			if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				t.Errorf("%s answers a %s's form with %d, %s", f.path, who, a.status, a.header.Get("Content-Type"))
				continue
			}
			for _, fault := range faults(a.document()) {
				t.Errorf("%s, answer to a %s's form: %s", f.path, who, fault)
			}
		}
	}
}

// The pages of an empty workspace are pages of their own.
func TestStructureOfEmptyPages(t *testing.T) {
	boss := newWorld(t).signIn(jane)
	for _, address := range []string{"/", "/ratings", "/ratings/feedback", "/wording", "/calls", "/settings"} {
		for _, fault := range faults(boss.get(address).is(http.StatusOK).document()) {
			t.Errorf("%s: %s", address, fault)
		}
	}
}

// The sandbox has no route table that can be read, so whatever its links lead to is looked at.
func TestStructureOfTheSandbox(t *testing.T) {
	w, _, _, _ := furnished(t)
	visitor := w.browser()
	ahead := []string{"/", "/messenger", "/inbox", "/calls", "/appstore", "/oauth?client_id=sandbox-client&state=x", "/inbox?conversation=none"}
	seen, told := map[string]bool{}, map[string]bool{}
	for len(ahead) > 0 && len(seen) < 60 {
		address := ahead[0]
		ahead = ahead[1:]
		if kind := kindOf(address); seen[kind] {
			continue
		}
		seen[kindOf(address)] = true
		a := visitor.get(w.intercomAt + address)
		if there := a.location(); there != "" {
			ahead = append(ahead, there)
			continue
		}
		if !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
			continue
		}
		page := a.document()
		for _, fault := range faults(page) {
			path, _, _ := strings.Cut(address, "?")
			if told[path+fault] {
				continue
			}
			told[path+fault] = true
			t.Errorf("sandbox %s: %s", address, fault)
		}
		page.Find("a[href^='/']").Each(func(_ int, link *goquery.Selection) { ahead = append(ahead, link.AttrOr("href", "")) })
	}
	if len(seen) < 8 {
		t.Errorf("only %d pages of the sandbox were found: %v", len(seen), seen)
	}
}

// kindOf is the same for addresses that show the same kind of page: those that differ by more than ids.
func kindOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	var names []string
	for field := range u.Query() {
		names = append(names, field)
	}
	slices.Sort(names)
	return u.Path + "?" + strings.Join(names, "&")
}

// A page with every fault that there is a check for, so that no check is one that cannot fail.
func TestFaultsAreFound(t *testing.T) {
	const bad = `<!DOCTYPE html><html><head><title> </title><style>a{}</style></head><body onload="x()">
		<a href="/elsewhere"><svg aria-hidden="true"></svg></a><a href="javascript:x()" target="_blank">x</a>
		<nav></nav><nav></nav><div role="region"></div><div role="group"></div><fieldset></fieldset>
		<h1>One</h1><h3>Three</h3><h1></h1>
		<input name="q"><select></select><label for="none">No field</label><button><span aria-hidden="true">×</span></button>
		<p id="twice"></p><p id="twice" aria-describedby="nothing"></p><a href="#nothing">Nowhere</a>
		<img src="/x.png"><svg></svg><table><tr><th>A</th></tr></table><table><tr><td style="color:red">1</td></tr></table>
		<script>x()</script></body></html>`
	page, err := goquery.NewDocumentFromReader(strings.NewReader(bad))
	if err != nil {
		t.Fatal(err)
	}
	found := strings.Join(faults(page), "\n")
	for _, want := range []string{
		"html has no lang", "there is no title", "there are 0 main", "not a link that skips to main", "there are 2 h1", "follows a heading of level 1",
		"a heading is empty", "is one of 2 and has no label", "is one of 1 and has no label", "role=\"group\"", "has no legend",
		"a field has no name: <input", "a field has no name: <select", "nothing names <a", "nothing names <button", "a picture has no alt",
		"a drawing is neither named nor hidden", `the id "twice"`, `for points to "none"`, `aria-describedby points to "nothing"`,
		`href points to "nothing"`, "neither caption nor label", "has no headings", "has no scope", "the attribute style", "the attribute onload",
		"runs script from href", "<style>a{}</style> is inline", "<script>x()</script> is inline", "no rel=noopener",
	} {
		if !strings.Contains(found, want) {
			t.Errorf("it does not say %q", want)
		}
	}
}
