package handlers_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"rerate/internal/intercom"
	"rerate/internal/intercom/canvas"
)

// bodies is one valid body for each signed address.
var bodies = map[string]string{
	"/canvas/messenger/initialize": `{"workspace_id":"a86dr8yl","workspace_region":"US","card_creation_options":{"card":"rating"},` +
		`"context":{"conversation_id":215472621202693,"location":"conversation","locale":"en"}}`,
	"/canvas/messenger/submit": `{"workspace_id":"a86dr8yl","component_id":"rating","input_values":{"rating":"5"},` +
		`"current_canvas":{"content":{"components":[]},"stored_data":{}},"context":{"conversation_id":215472621202693},` +
		`"contact":{"type":"contact","id":"696205460674dbb9050aa7fd"}}`,
	"/canvas/messenger/configure": `{"workspace_id":"a86dr8yl","admin":{"id":"9608799"},"context":{"location":"conversation"}}`,
	"/canvas/messenger/live":      `{"workspace_id":"a86dr8yl","canvas":{"content_url":"https://x.example/live"},"context":{"location":"home"}}`,
	"/canvas/inbox/initialize":    `{"workspace_id":"a86dr8yl","admin":{"id":"9608799"},"conversation":{"id":"215472621202693"},"contact":{"id":"c1"}}`,
	"/canvas/inbox/submit": `{"workspace_id":"a86dr8yl","component_id":"ask","admin":{"id":"9608799"},"conversation":{"id":"215472621202693"},` +
		`"current_canvas":{"content":{"components":[]}},"input_values":{}}`,
	"/intercom/uninstall": `{"app_id":"a86dr8yl"}`,
	"/intercom/health":    `{"workspace_id":"a86dr8yl"}`,
	"/webhooks/intercom": `{"type":"notification_event","id":"notif_1","topic":"conversation.admin.closed","app_id":"a86dr8yl",` +
		`"created_at":1770000000,"data":{"type":"notification_event_data","item":{"type":"conversation","id":"215472621202693"}}}`,
}

// sign gives the header and the signature that an address wants.
func sign(address, secret, body string) (header, signature string) {
	if address == "/webhooks/intercom" {
		return intercom.HubSignatureHeader, intercom.HubSignature(secret, []byte(body))
	}
	return intercom.BodySignatureHeader, intercom.BodySignature(secret, []byte(body))
}

// call posts a signed body as Intercom does.
func (w *world) call(address, body string) answer {
	w.t.Helper()
	header, signature := sign(address, clientSecret, body)
	return w.callWith(address, body, http.Header{header: {signature}})
}

func (w *world) callWith(address, body string, header http.Header) answer {
	w.t.Helper()
	b := w.browser()
	request := b.request(http.MethodPost, address, body)
	request.Header = header
	request.Header.Set("Content-Type", "application/json")
	return b.do(request)
}

func TestOnlyOneGoodSignatureOpensTheDoor(t *testing.T) {
	w := newWorld(t)
	w.signIn(jane)
	before := w.rows()
	tried := 0
	w.each(func(route, _, address string, least who) {
		if least != intercm {
			return
		}
		tried++
		body := bodies[address]
		header, good := sign(address, clientSecret, body)
		_, wrongKey := sign(address, "another secret", body)
		_, emptyKey := sign(address, "", body)
		_, other := sign(address, clientSecret, `{"workspace_id":"another"}`)
		another := intercom.BodySignatureHeader
		if header == another {
			another = intercom.HubSignatureHeader
		}
		for name, h := range map[string]http.Header{
			"no signature":             {},
			"empty":                    {header: {""}},
			"wrong":                    {header: {strings.Repeat("0", len(good))}},
			"truncated":                {header: {good[:len(good)-1]}},
			"longer":                   {header: {good + "0"}},
			"wrong key":                {header: {wrongKey}},
			"empty key":                {header: {emptyKey}},
			"another body's":           {header: {other}},
			"twice":                    {header: {good, good}},
			"with a second, wrong one": {header: {good, other}},
			"two in one":               {header: {good + ", " + good}},
			"in another header":        {another: {good}},
			"of the whole, body cut":   {header: {good}, "X-Test-Cut": {"1"}},
		} {
			sent := body
			if h.Get("X-Test-Cut") != "" {
				sent = body[:len(body)-1]
			}
			if a := w.callWith(address, sent, h); a.status != http.StatusUnauthorized || a.body != "{}" {
				t.Errorf("%s, %s: %d %s", route, name, a.status, a.body)
			}
		}
	})
	if tried != len(bodies) {
		t.Errorf("%d signed routes were tried, there are bodies for %d", tried, len(bodies))
	}
	if after := w.rows(); !sameCounts(before, after) {
		t.Errorf("something was stored: %v, then %v", before, after)
	}
}

func TestBothSecretsOpenTheDoorWhileTheyRotate(t *testing.T) {
	w := newWorld(t)
	for address, body := range bodies {
		for _, secret := range []string{clientSecret, oldSecret} {
			header, signature := sign(address, secret, body)
			if a := w.callWith(address, body, http.Header{header: {signature}}); a.status != http.StatusOK {
				t.Errorf("%s: %d %s", address, a.status, a.body)
			}
		}
	}
}

func TestALargeBodyCostsNothing(t *testing.T) {
	w := newWorld(t)
	large := strings.Repeat(" ", 300<<10)
	for address := range bodies {
		header, signature := sign(address, clientSecret, large)
		w.callWith(address, large, http.Header{header: {signature}}).is(http.StatusRequestEntityTooLarge)
		w.callWith(address, large, http.Header{}).is(http.StatusUnauthorized)
	}
}

// Intercom signs the body and not the address: a body for one address is worth nothing at another.
func TestASignedBodyForAnotherAddressStoresNothing(t *testing.T) {
	w := newWorld(t)
	w.signIn(jane)
	before := w.rows()
	for address := range bodies {
		for other, body := range bodies {
			if other == address {
				continue
			}
			a := w.call(address, body)
			if a.status >= 500 || strings.HasPrefix(address, "/canvas/") && a.status != http.StatusOK {
				t.Errorf("the body for %s at %s: %d %s", other, address, a.status, a.body)
			}
		}
	}
	after := w.rows()
	// Inbox initialize and submit differ only in what a submit adds, Messenger initialize is all of a configure's.
	if !sameCounts(before, after) {
		t.Errorf("something was stored: %v, then %v", before, after)
	}
}

// cardOf reads a valid canvas from an answer.
func cardOf(t *testing.T, a answer) canvas.Canvas {
	t.Helper()
	var answer struct {
		Canvas canvas.Canvas `json:"canvas"`
	}
	if err := json.Unmarshal([]byte(a.is(http.StatusOK).body), &answer); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	if err := answer.Canvas.Validate(); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
	return answer.Canvas
}

func TestASignedCallThatCannotBeHonouredIsACard(t *testing.T) {
	w := newWorld(t)
	w.signIn(jane)
	before := w.rows()
	for name, body := range map[string]string{
		"not JSON":           `{`,
		"a list":             `[]`,
		"empty":              ``,
		"a key twice":        `{"workspace_id":"a86dr8yl","workspace_id":"a86dr8yl","context":{}}`,
		"a look-alike key":   "{\"wor\u212aspace_id\":\"a86dr8yl\",\"context\":{}}",
		"another workspace":  `{"workspace_id":"nobody","context":{"conversation_id":1,"location":"conversation"}}`,
		"no workspace":       `{"context":{"conversation_id":1}}`,
		"a path for an id":   `{"workspace_id":"a86dr8yl","context":{"conversation_id":"../me"}}`,
		"something after it": bodies["/canvas/messenger/initialize"] + `{}`,
	} {
		for address := range bodies {
			if !strings.HasPrefix(address, "/canvas/") {
				continue
			}
			a := w.call(address, body)
			if address == "/canvas/messenger/live" {
				var live canvas.LiveResponse
				if err := json.Unmarshal([]byte(a.is(http.StatusOK).body), &live); err != nil || live.Validate() != nil {
					t.Errorf("%s at %s: %v, %v in %s", name, address, err, live.Validate(), a.body)
				}
				continue
			}
			cardOf(t, a)
		}
	}
	if after := w.rows(); !sameCounts(before, after) {
		t.Errorf("something was stored: %v, then %v", before, after)
	}
}

func TestNobodyIsThankedForWhatWasNotStored(t *testing.T) {
	w := newWorld(t)
	w.signIn(jane)
	first := cardOf(t, w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]))
	submit := submitOf(t, first, "5")
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	a := w.call("/canvas/messenger/submit", submit)
	cardOf(t, a)
	if !strings.Contains(a.body, "try again") || strings.Contains(a.body, "Thank") {
		t.Errorf("it says %s", a.body)
	}
	if !strings.Contains(w.log.String(), `"level":"ERROR"`) {
		t.Error("that it failed is not in the log")
	}
	w.call("/webhooks/intercom", bodies["/webhooks/intercom"]).is(http.StatusServiceUnavailable)
}

// submitOf is the customer's tap on a card.
func submitOf(t *testing.T, shown canvas.Canvas, option string) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"workspace_id": workspace, "component_id": "rating", "input_values": map[string]string{"rating": option},
		"current_canvas": shown, "context": map[string]any{"conversation_id": 215472621202693, "location": "conversation"},
		"contact": map[string]any{"type": "contact", "id": "696205460674dbb9050aa7fd"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestATapIsStored(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		w.signIn(jane)
		first := cardOf(t, w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]))
		cardOf(t, w.call("/canvas/messenger/submit", submitOf(t, first, "2")))
		ratings, err := w.db.Tenant(workspace).RatingsOf(ctx, "215472621202693")
		if err != nil || len(ratings) != 1 || ratings[0].Score != 2 || ratings[0].Emoji != "🙁" {
			t.Errorf("stored is %+v, %v", ratings, err)
		}
	})
}

func TestWebhooks(t *testing.T) {
	w := newWorld(t)
	w.signIn(jane)
	head := w.browser()
	head.do(head.request(http.MethodHead, "/webhooks/intercom", "")).is(http.StatusOK)
	for name, body := range map[string]string{
		"a known topic":     bodies["/webhooks/intercom"],
		"the same again":    bodies["/webhooks/intercom"],
		"an unknown topic":  strings.ReplaceAll(strings.ReplaceAll(bodies["/webhooks/intercom"], "conversation.admin.closed", "moon.full"), "notif_1", "notif_2"),
		"something else":    `{"hello":"world"}`,
		"not even JSON":     `hello`,
		"unknown workspace": strings.ReplaceAll(bodies["/webhooks/intercom"], workspace, "nobody"),
	} {
		if a := w.call("/webhooks/intercom", body); a.status != http.StatusOK {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if _, err := w.db.Tenant(workspace).LastEvent(ctx); err != nil {
		t.Errorf("no event is stored: %v", err)
	}
}

func TestHealthAndUninstall(t *testing.T) {
	w := newWorld(t)
	state := func() string { return w.call("/intercom/health", bodies["/intercom/health"]).is(http.StatusOK).body }
	if got := state(); got != `{"state":"UNKNOWN"}` {
		t.Errorf("before the installation: %s", got)
	}
	boss := w.signIn(jane)
	if got := state(); got != `{"state":"OK"}` {
		t.Errorf("after the installation: %s", got)
	}
	w.sandbox.Revoke(workspace)
	w.call("/intercom/uninstall", bodies["/intercom/uninstall"]).is(http.StatusOK)
	if got := state(); got != `{"state":"UNHEALTHY"}` {
		t.Errorf("after it was uninstalled: %s", got)
	}
	boss.get("/").leadsTo("/signin")
	stored, err := w.db.Tenant(workspace).Get(ctx)
	if err != nil || stored.UninstalledAt == nil || stored.Token != nil {
		t.Errorf("stored is %+v, %v", stored, err)
	}
}
