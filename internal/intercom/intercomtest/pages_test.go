package intercomtest

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// answers makes the app answer each path with its own JSON-like value.
func (a *app) answers(byPath map[string]func(body map[string]any) any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = func(path string, body map[string]any) (int, any) {
		if f := byPath[path]; f != nil {
			return http.StatusOK, f(body)
		}
		return http.StatusNotFound, nil
	}
}

func canvasOf(components ...any) map[string]any {
	return map[string]any{"canvas": map[string]any{"content": map[string]any{"components": components}}}
}

func words(text string) any { return map[string]any{"type": "text", "text": text} }

func submitButton(id, label string) any {
	return map[string]any{"type": "button", "id": id, "label": label, "action": map[string]any{"type": "submit"}}
}

// ratingApp answers as a re-rating app does: a scale, a remark, thanks; a sidebar that can put the card into the composer.
func ratingApp() map[string]func(map[string]any) any {
	return map[string]func(map[string]any) any{
		messengerInitialize: func(map[string]any) any { return ratingCanvas() },
		messengerSubmit: func(body map[string]any) any {
			if body["component_id"] == "rating" {
				return canvasOf(words("You chose "+body["input_values"].(map[string]any)["rating"].(string)),
					map[string]any{"type": "textarea", "id": "remark", "label": "Anything to add?"}, submitButton("send_remark", "Send"))
			}
			remark, _ := body["input_values"].(map[string]any)["remark"].(string)
			return canvasOf(words("Thanks for: " + remark))
		},
		inboxInitialize: func(map[string]any) any { return canvasOf(words("Never asked"), submitButton("ask", "Ask again")) },
		inboxSubmit: func(map[string]any) any {
			c := canvasOf(words("The card is in your composer"))
			c["card_creation_options"] = map[string]any{"from": "sidebar"}
			return c
		},
	}
}

func TestCustomerAndTeammateInOneWindow(t *testing.T) {
	w := newWorld(t)
	w.app.answers(ratingApp())
	b := w.open("/?contact=" + w.sam)

	b.press("New conversation", "Start a conversation", "text", "My tent <leaks> & drips 😢")
	b.says("Messenger", "My tent <leaks> & drips 😢")
	b.follow("Inbox", "My tent")
	b.says("Conversation parts", "My tent <leaks> & drips 😢")
	b.says("App in the sidebar", "Never asked")

	b.press("Composer", "Add note", "text", "customer is <angry>")
	b.says("Private note by Jane Agent", "customer is <angry>")
	b.hides("Messenger", "angry")

	b.press("Composer", "Rerate Insert the app's card", "text", "How was it?")
	b.says("Card in the composer", "😍")
	if b.region("Card in the composer").Find("button:not([disabled])[name^='option:']").Length() > 0 {
		t.Error("the teammate can use the card in the composer")
	}
	b.press("Composer", "Send reply")
	b.says("Messenger", "How was it?")
	b.press("Messenger", "😍")
	b.says("Messenger", "You chose 5")
	b.press("Messenger", "Send", "input:remark", "much better")
	b.says("Messenger", "Thanks for: much better")
	b.says("Conversation parts", "Thanks for: much better")

	b.press("Inbox", "Close conversation")
	b.says("Conversation parts", "Jane Agent closed the conversation")
	b.says("Messenger", "A reply opens it again")
	b.press("Reply", "Send message", "text", "One more thing")
	b.says("Conversation facts", "open")
	b.says("Conversation parts", "reopened the conversation")
}

func TestCardFromTheSidebarLandsInTheComposer(t *testing.T) {
	w := newWorld(t)
	w.app.answers(ratingApp())
	b := w.open("/inbox?conversation=" + w.start("Hello"))
	b.press("App in the sidebar", "Ask again")
	b.says("App in the sidebar", "The card is in your composer")
	b.says("Card in the composer", "🙁")
	b.press("Card in the composer", "Remove the card")
	if b.doc.Find(`[aria-label="Card in the composer"]`).Length() > 0 {
		t.Error("the card is still there")
	}
	b.says("App in the sidebar", "The card is in your composer") // the page alone does not open the app anew
	b.press("App in the sidebar", "Reload the app")
	b.says("App in the sidebar", "Never asked")
}

func TestConfigureComesBeforeTheCard(t *testing.T) {
	w := newWorld(t)
	app := ratingApp()
	app[messengerConfigure] = func(body map[string]any) any {
		if body["component_id"] == nil {
			return canvasOf(map[string]any{"type": "dropdown", "id": "survey", "label": "Which?", "value": "a", "options": []any{
				map[string]any{"type": "option", "id": "a", "text": "A"}, map[string]any{"type": "option", "id": "b", "text": "B"},
			}}, submitButton("add", "Add"))
		}
		return map[string]any{"results": body["input_values"]}
	}
	w.app.answers(app)
	b := w.open("/inbox?conversation=" + w.start("Hello"))
	b.press("Composer", "Rerate Insert the app's card", "text", "kept")
	b.press("Set up the app's card", "Add", "input:survey", "b")
	b.says("Card in the composer", "😐")
	if got := at(t, w.app.last(t).body, "card_creation_options", "survey"); got != "b" {
		t.Errorf("card_creation_options.survey is %v", got)
	}
	if text := b.region("Composer").Find("textarea").Text(); text != "kept" {
		t.Errorf("the composer holds %q", text)
	}
}

func TestNativeRatingLocksWithARemark(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	b := w.open("/inbox?conversation=" + id)
	b.press("Do more", "Ask for Intercom's own rating")
	b.get("/messenger?chat=" + id)
	b.press("Intercom's own rating", "Intercom rating: Bad")
	b.press("Intercom's own rating", "Intercom rating: Good")
	b.press("Intercom's own rating", "Send remark to Intercom", "remark", "bien")
	b.says("Intercom's own rating", "You rated 😃 Good and wrote: bien")
	if b.region("Intercom's own rating").Find("button:not([disabled])").Length() > 0 {
		t.Error("the rating is not locked")
	}
	b.get("/inbox?conversation=" + id)
	b.says("Conversation facts", "😃 Good “bien”")
}

func TestInboxActs(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	b := w.open("/inbox?conversation=" + id)
	b.press("Do more", "Assign", "assignee", "9608812")
	b.says("Conversation facts", "Tomáš Novák")
	b.press("Do more", "Add tag", "tag", "vip")
	b.says("Conversation facts", "vip")
	b.press("Snooze for", "1 hour")
	b.says("Conversation facts", "snoozed")
	b.follow("Conversations", "Snoozed")
	b.follow("Conversations", "Sam Customer")
	b.press("Inbox", "Reopen")
	b.press("Inbox", "Close conversation")
	b.says("Conversation facts", "closed")
	b.press("Inbox", "Reopen")
	b.says("Conversation facts", "open")
	b.press("Do more", "Run the workflow with the app's card")
	b.says("Conversation parts", "😍")
	b.press("Composer", "Send reply", "text", "")
	if b.status != http.StatusUnprocessableEntity || !strings.Contains(b.doc.Find("[role=alert]").Text(), "write something first") {
		t.Errorf("an empty reply: status %d, %s", b.status, b.doc.Find("[role=alert]").Text())
	}
}

func TestAttributesOfAConversation(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	w.AddAttribute(DefaultWorkspace, AttributeDefinition{Name: "Rating change", Type: "string"})
	w.call("PUT", "/conversations/"+id, `{"custom_attributes":{"Rating change":"better"}}`).want(t, http.StatusOK, "")
	b := w.open("/inbox?conversation=" + id)
	row := b.region("Conversation attributes").Find("tr").FilterFunction(func(_ int, tr *goquery.Selection) bool { return tr.Find("th").Text() == "Rating change" })
	if row.Find("td").Text() != "better" {
		html, _ := b.region("Conversation attributes").Html()
		t.Errorf("no row Rating change: better in %s", html)
	}
	b.says("Conversation parts", "Rating change is now “better” (by Rerate)")
}

func TestMessengerHome(t *testing.T) {
	w := newWorld(t)
	live := map[string]any{"canvas": map[string]any{"content_url": w.app.URL + "/canvas/messenger/live"}}
	app := ratingApp()
	app[messengerInitialize] = func(map[string]any) any { return live }
	app["/canvas/messenger/live"] = func(map[string]any) any {
		return canvasOf(words("Rate your last one"), submitButton("x", "Go"))["canvas"]
	}
	w.app.answers(app)
	b := w.open("/messenger?contact=" + w.sam)
	b.says("Card on Home", "Rate your last one")
	calls := len(w.Calls())
	b.get(b.doc.Find("main").AttrOr("data-poll", ""))
	b.press("Card on Home", "Go")
	if b.says("Card on Home", "Thanks for"); len(w.Calls()) != calls+1 {
		t.Errorf("%d calls for one submit", len(w.Calls())-calls)
	}
	b.follow("Your conversations", "booked")
	b.says("Conversation", "My order 1182")
}

func TestQuickRepliesCanBeTakenOnce(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	w.call("POST", "/conversations/"+id+"/reply", `{"message_type":"quick_reply","type":"admin","admin_id":"`+w.jane+`","reply_options":[{"text":"😍 Amazing","uuid":"4a7b8c9d-1e2f-4a3b-8c5d-6e7f8a9b0c1d"}]}`).want(t, http.StatusOK, "")
	b := w.open("/messenger?chat=" + id)
	b.press("Quick replies", "😍 Amazing")
	b.says("Conversation", "😍 Amazing")
	if b.doc.Find(`[aria-label="Quick replies"]`).Length() > 0 {
		t.Error("a taken quick reply is offered again")
	}
}

func TestProblemsAreSaidInWords(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	w.app.says(http.StatusInternalServerError, nil)
	b := w.open("/inbox?conversation=" + id)
	b.says("App in the sidebar", "the app answered 500")
	b.press("Composer", "Rerate Insert the app's card")
	if alert := b.doc.Find("p.problem").First().Text(); !strings.Contains(alert, "could not be set up: the app answered 500") {
		t.Errorf("the page says %q", alert)
	}
	b.get("/calls")
	b.says("Calls", "the app answered 500")
	b.says("Calls", "Intercom → app")
	for _, path := range []string{"/inbox?conversation=1", "/messenger?contact=nobody", "/?admin=0", "/?workspace=none", "/inbox?participant=x"} {
		if b.get(path); b.status != http.StatusNotFound {
			t.Errorf("%s: status %d", path, b.status)
		}
	}
}

// When the app does not answer a tap the customer can send the same once more.
func TestATapThatWentWrongCanBeTriedAgain(t *testing.T) {
	w := newWorld(t)
	w.app.answers(ratingApp())
	id := w.start("Hello")
	w.InsertCardInComposer(t.Context(), id, w.jane, nil)
	_, err := w.SendComposer(id, w.jane, "")
	w.ok(err)
	b := w.open("/calls")
	b.press("Cards misbehave", "Break cards", "kind", Fail, "times", "2")
	b.says("Misbehaviour", "The next 2 calls for a card are answered with 500.")
	b.get("/messenger?chat=" + id)
	b.press("Messenger", "😍")
	b.says("Messenger", "Something went wrong.Behind the scenes: the app answered 500")
	b.press("Messenger", "Try again")
	b.says("Messenger", "Something went wrong.")
	b.press("Messenger", "Try again")
	b.says("Messenger", "You chose 5")
	b.hides("Messenger", "Something went wrong")
	b.get("/calls")
	b.says("Calls", "the app answered 500")
}

// A page does not wait for a slow app: it says that the app is being asked, and has the answer later.
func TestASlowAppDoesNotHoldThePageUp(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.CanvasBudget = 3 * patience })
	w.app.answers(ratingApp())
	id := w.start("Hello")
	w.MisbehaveCanvas(CanvasFault{Kind: Slow, Times: 1, Delay: 2 * patience})
	b := w.open("/inbox?conversation=" + id)
	b.says("App in the sidebar", "Waiting for Rerate…")
	w.ok(w.Wait(t.Context(), func() bool { _, there := w.InboxPanel(id, w.jane, ""); return there }))
	b.get("/inbox?conversation=" + id)
	b.says("App in the sidebar", "Never asked")

	w.MisbehaveCanvas(CanvasFault{Kind: Slow, Times: 1, Delay: time.Hour})
	if r := w.InboxAppOpen(t.Context(), id, w.jane, ""); r.Problem != "no answer within 3s" {
		t.Errorf("the problem is %q", r.Problem)
	}
	b.get("/inbox?conversation=" + id)
	b.says("App in the sidebar", "Something went wrong.")
	b.press("App in the sidebar", "Try again")
	b.hides("App in the sidebar", "Something went wrong.")
}

func TestLauncherClosesTheMessenger(t *testing.T) {
	w := newWorld(t)
	w.app.answers(ratingApp())
	b := w.open("/messenger?contact=" + w.sam)
	calls := len(w.Calls())
	b.get(b.doc.Find(".launcher").AttrOr("href", ""))
	b.hides("Messenger", "How can we help?")
	b.get(b.doc.Find(".launcher").AttrOr("href", ""))
	b.says("Messenger", "How can we help?")
	if n := len(w.Calls()) - calls; n != 0 {
		t.Errorf("%d calls for a Messenger that has its card on Home", n)
	}
}

func TestTextThatCannotBeSentIsKept(t *testing.T) {
	w := newWorld(t)
	b := w.open("/messenger?contact=" + w.sam)
	b.press("New conversation", "Start a conversation", "text", " ")
	if text := b.region("New conversation").Find("textarea").Text(); text != " " {
		t.Errorf("the field holds %q", text)
	}
}

func TestMisbehaviourSwitches(t *testing.T) {
	w := newWorld(t)
	b := w.open("/calls")
	b.press("REST misbehaves", "Misbehave", "kind", Fail, "path", "/me", "status", "500")
	b.says("Misbehaviour", "The next REST call /me is refused with 500.")
	w.call("GET", "/me", "").want(t, http.StatusInternalServerError, "service_unavailable")
	b.press("Webhooks misbehave", "Misdeliver", "times", "0")
	b.says("Misbehaviour", "Every webhook is sent twice, until you press Behave again.")
	b.press("Misbehaviour", "Behave again")
	b.says("Misbehaviour", "Intercom behaves.")
	b.press("Quirks", "Set quirks", "inbox_context", "on", "search_lag", "3", "empty_rating", "fields")
	if q := w.Options().Quirks; !q.InboxContext || q.SearchLag != 3*time.Second || q.EmptyRating != "fields" || q.PersonKey != "" {
		t.Error("the quirk is not set")
	}
	if b.press("REST misbehaves", "Misbehave", "times", "many"); b.status != http.StatusUnprocessableEntity {
		t.Errorf("status %d", b.status)
	}
	b.press("With one click", "Too many calls The next 5 REST calls get 429, without the time to wait.")
	b.says("Now", "The next 5 REST calls are refused with 429 (no rate limit headers).")
	if r := w.call("GET", "/me", "").want(t, http.StatusTooManyRequests, "rate_limit_exceeded"); len(r.header["X-Ratelimit-Reset"]) > 0 {
		t.Errorf("the answer has a reset: %v", r.header)
	}
	b.press("Misbehaviour", "Behave again")
	b.press("Rate limit", "Set limit", "calls", "7")
	if r := w.call("GET", "/me", "").want(t, http.StatusOK, ""); r.header.Get("X-RateLimit-Limit") != "7" {
		t.Errorf("the limit is %s", r.header.Get("X-RateLimit-Limit"))
	}
	b.press("Misbehaviour", "Empty the log")
	b.says("Calls", "No call was made yet")
}

func TestPollSaysOnlyWhatChanged(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	b := w.open("/?conversation=" + id + "&chat=" + id)
	poll := b.doc.Find("main").AttrOr("data-poll", "")
	before := len(w.Calls())
	first := w.call("GET", poll, "")
	version := first.header.Get("X-Version")
	if first.status != http.StatusOK || version == "" || strings.Contains(first.raw, "<html") {
		t.Fatalf("status %d, version %q", first.status, version)
	}
	if again := w.call("GET", poll+"&version="+version, ""); again.status != http.StatusNoContent {
		t.Errorf("unchanged: status %d", again.status)
	}
	_, err := w.AdminNote(id, w.jane, "<p>new</p>")
	w.ok(err)
	if changed := w.call("GET", poll+"&version="+version, ""); changed.status != http.StatusOK || !strings.Contains(changed.raw, "<p>new</p>") {
		t.Errorf("changed: status %d", changed.status)
	}
	if len(w.Calls()) != before {
		t.Errorf("looking for changes made %d calls", len(w.Calls())-before)
	}
}

func TestPagesRefuseOtherOriginsAndFollowInboxLinks(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	b := w.open("/a/inbox/" + DefaultWorkspace + "/inbox/conversation/" + id)
	b.says("Conversation parts", "Hello")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.http.URL+"/inbox/close?conversation="+id, http.NoBody)
	w.ok(err)
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	res, err := http.DefaultClient.Do(req)
	w.ok(err)
	res.Body.Close()
	if c, _ := w.Conversation(id); res.StatusCode != http.StatusForbidden || c.State != "open" {
		t.Errorf("status %d, state %s", res.StatusCode, c.State)
	}
}
