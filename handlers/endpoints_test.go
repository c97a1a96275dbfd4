package handlers_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"rerate/internal/survey"
	"rerate/models"
)

// endpointForm is a whole form of a webhook.
func endpointForm(changes ...string) url.Values {
	form := url.Values{
		"kind": {"events"}, "name": {"Warehouse"}, "url": {"https://hooks.example.com/in/SECRETPATH?key=SECRETKEY"},
		"events": {survey.EventCreated, survey.EventLeftOut},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

func slackForm(changes ...string) url.Values {
	form := endpointForm(append([]string{"kind", "slack", "name", "Leads", "low", "true", "worse", "true", "per_hour", "5"}, changes...)...)
	form.Del("events")
	return form
}

// anEndpoint saves an endpoint and answers its id.
func (w *world) anEndpoint(boss *browser, form url.Values) string {
	w.t.Helper()
	known := map[string]bool{}
	for _, e := range w.endpoints() {
		known[e.ID] = true
	}
	boss.post("/settings/webhooks/new", form)
	for _, e := range w.endpoints() {
		if !known[e.ID] {
			return e.ID
		}
	}
	w.t.Fatal("no endpoint was added")
	return ""
}

func (w *world) endpoints() []models.Endpoint {
	w.t.Helper()
	all, err := w.db.Tenant(workspace).Endpoints(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

// The secret is shown in the one answer that makes it, the address never; both are sealed where they are stored.
func TestSecretsOfEndpoints(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		made := boss.post("/settings/webhooks/new", endpointForm()).is(http.StatusOK).document()
		secret := made.Find("[role=status] code").Text()
		if !strings.HasPrefix(secret, "whsec_") || len(secret) < 40 {
			t.Fatalf("the secret is %q", secret)
		}
		e := w.endpoints()[0]
		rotated := boss.post("/settings/webhooks/"+e.ID+"/rotate", nil).is(http.StatusOK).document().Find("[role=status] code").Text()
		if !strings.HasPrefix(rotated, "whsec_") || rotated == secret {
			t.Errorf("the next secret is %q", rotated)
		}
		viewer := w.signIn(tomas)
		for _, page := range []answer{
			boss.get("/settings/webhooks"), boss.get("/settings/webhooks/" + e.ID), viewer.get("/settings/webhooks"), viewer.get("/settings/webhooks/" + e.ID),
		} {
			body := page.is(http.StatusOK).body
			for _, hidden := range []string{secret, rotated, "SECRETPATH", "SECRETKEY", "/in/"} {
				if strings.Contains(body, hidden) {
					t.Errorf("the page shows %s", hidden)
				}
			}
			if !strings.Contains(body, "https://hooks.example.com/…") {
				t.Error("the page does not say where it leads")
			}
		}
		e = w.endpoints()[0]
		for _, stored := range [][]byte{e.URL, e.Secret, e.SecretBefore} {
			if len(stored) < 40 || strings.Contains(string(stored), "SECRET") || strings.Contains(string(stored), "whsec") {
				t.Errorf("stored is %q", stored)
			}
		}
		if strings.Contains(w.log.String(), "SECRETPATH") || strings.Contains(w.log.String(), secret) {
			t.Error("the log holds a secret")
		}
	})
}

func TestAnEndpointIsSavedByItsForm(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	id := w.anEndpoint(boss, slackForm())
	e := w.endpoints()[0]
	if e.Kind != models.SlackEndpoint || e.Name != "Leads" || !e.Low || !e.Worse || e.WithRemark || e.PerHour != 5 || e.Secret != nil || len(e.Events) != 0 {
		t.Errorf("stored is %+v", e)
	}
	before := e.URL
	boss.post("/settings/webhooks/"+id, slackForm("url", "", "name", "", "worse", "", "per_hour", "7", "kind", "events")).leadsTo("/settings/webhooks/" + id)
	if e = w.endpoints()[0]; e.Kind != models.SlackEndpoint || e.Name != "hooks.example.com" || e.Worse || e.PerHour != 7 || !slices.Equal(e.URL, before) {
		t.Errorf("stored is %+v", e)
	}
	boss.post("/settings/webhooks/"+id+"/pause", url.Values{"paused": {"true"}}).leadsTo("/settings/webhooks/" + id)
	boss.post("/settings/webhooks/"+id+"/test", nil).is(http.StatusConflict)
	boss.post("/settings/webhooks/"+id+"/pause", url.Values{"paused": {"false"}}).leadsTo("/settings/webhooks/" + id)
	boss.post("/settings/webhooks/"+id+"/test", nil).leadsTo("/settings/webhooks/" + id)
	if text := boss.page("/settings/webhooks/" + id).Find("#sent tbody").Text(); !strings.Contains(text, "Test") || !strings.Contains(text, "Waiting") {
		t.Errorf("the list says %q", text)
	}
	boss.post("/settings/webhooks/"+id+"/rotate", nil).is(http.StatusConflict)
	boss.post("/settings/webhooks/"+id+"/delete", nil).leadsTo("/settings/webhooks")
	for _, path := range []string{"", "/pause", "/test", "/rotate", "/delete"} {
		boss.post("/settings/webhooks/"+id+path, slackForm()).is(http.StatusNotFound)
	}
	boss.get("/settings/webhooks/" + id).is(http.StatusNotFound)
}

// What cannot be stored is refused with a reason at its field, and what was typed is still there.
func TestRefusedEndpointsKeepWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	for name, c := range map[string]struct {
		form  url.Values
		field string
		says  string
	}{
		"no address":  {endpointForm("url", ""), "url", "Enter the address"},
		"http":        {endpointForm("url", "http://hooks.example.com/"), "url", "must begin with https://"},
		"inside":      {endpointForm("url", "https://192.168.1.1/"), "url", "not public"},
		"no word":     {endpointForm("url", "hooks"), "url", "no web address"},
		"no event":    {endpointForm("events", ""), "events", "There is no event"},
		"long name":   {endpointForm("name", strings.Repeat("n", 81)), "name", "80 characters"},
		"two lines":   {endpointForm("name", "a\nb"), "name", "one line"},
		"no rating":   {slackForm("low", "", "worse", ""), "low", "at least one"},
		"no number":   {slackForm("per_hour", "many"), "per_hour", "from 1 to 1000"},
		"none at all": {slackForm("per_hour", "0"), "per_hour", "from 1 to 1000"},
	} {
		a := boss.post("/settings/webhooks/new", c.form).is(http.StatusUnprocessableEntity)
		d := a.document()
		if text := d.Find("#" + c.field + "-error").Text(); !strings.Contains(text, c.says) {
			t.Errorf("%s: the field says %q", name, text)
		}
		if typed, _ := d.Find("#url").Attr("value"); typed != c.form.Get("url") {
			t.Errorf("%s: the address is now %q", name, typed)
		}
	}
	boss.post("/settings/webhooks/new", endpointForm("kind", "other")).is(http.StatusUnprocessableEntity)
	if n := len(w.endpoints()); n != 0 {
		t.Errorf("%d endpoints are stored", n)
	}
	for range survey.MaxEndpoints {
		boss.post("/settings/webhooks/new", endpointForm()).is(http.StatusOK)
	}
	if text := boss.post("/settings/webhooks/new", endpointForm()).is(http.StatusUnprocessableEntity).document().Find("#refused").Text(); !strings.Contains(text, "20 at most") {
		t.Errorf("the twenty-first is refused with %q", text)
	}
}

// Programs see which endpoints there are and how they do, but no secret.
func TestAPIListsWebhooks(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		if body := w.get("/webhooks").is(http.StatusOK).body; !strings.Contains(body, `"items":[]`) {
			t.Errorf("an empty workspace has %s", body)
		}
		for _, kind := range []models.EndpointKind{models.EventEndpoint, models.SlackEndpoint} {
			form := survey.EndpointForm{
				Kind: kind, Name: "Data", URL: "https://hooks.example.com/in/SECRETPATH", Events: []string{survey.EventCreated}, Low: true, PerHour: 7,
			}
			if _, _, err := w.service.AddEndpoint(ctx, w.ours.Workspace, "Jane", form); err != nil {
				t.Fatal(err)
			}
		}
		body := w.get("/webhooks").is(http.StatusOK).body
		for _, want := range []string{
			`"kind":"events"`, `"events":["rating.created"]`, `"kind":"slack"`, `"per_hour":7`, `"per_hour":null`, `"paused":false`, `"address":"https://hooks.example.com/…"`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("%s is not in %s", want, body)
			}
		}
		if strings.Contains(body, "SECRET") || strings.Contains(body, "whsec") {
			t.Errorf("a secret is in %s", body)
		}
	})
}
