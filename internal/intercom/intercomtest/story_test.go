package intercomtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// scaleCanvas is the card of an app: its question with two options, one of them saved or none.
func scaleCanvas(question, saved string, more ...any) map[string]any {
	choice := map[string]any{"type": "single-select", "id": "rating", "action": map[string]any{"type": "submit"}, "options": []any{
		map[string]any{"type": "option", "id": "1", "text": "🙁 Bad"}, map[string]any{"type": "option", "id": "2", "text": "😍 Good"},
	}}
	if saved != "" {
		choice["value"], choice["save_state"] = saved, "saved"
	}
	return canvasOf(append([]any{map[string]any{"type": "text", "id": "question", "text": question}, choice}, more...)...)
}

// Each fact of the story becomes true by what really happens, one after the other, and never before.
func TestStoryIsToldByWhatHappened(t *testing.T) {
	w := newWorld(t)
	question := "How was it?"
	app := map[string]func(map[string]any) any{
		messengerInitialize: func(map[string]any) any { return scaleCanvas(question, "") },
		messengerSubmit: func(body map[string]any) any {
			if body["component_id"] == "change" {
				return scaleCanvas(question, "")
			}
			rating, _ := body["input_values"].(map[string]any)["rating"].(string)
			return scaleCanvas(question, rating)
		},
		inboxInitialize: func(map[string]any) any { return canvasOf(words("Ratings")) },
	}
	w.app.answers(app)
	id, ctx := w.start("Hello"), t.Context()
	want := Story{}
	is := func(after string) {
		t.Helper()
		if got := w.Story(DefaultWorkspace); got != want {
			t.Fatalf("after %s: %+v, want %+v", after, got, want)
		}
	}
	overview := func(status int) {
		w.clock.add(time.Minute)
		app := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(status) })
		w.WatchOverview(app).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	}
	note := func(html string) {
		w.call("POST", "/conversations/"+id+"/reply", `{"message_type":"note","type":"admin","admin_id":"`+w.jane+`","body":"`+html+`"}`).want(t, http.StatusOK, "")
	}
	ask := func() string {
		w.clock.add(time.Minute)
		r := w.InsertCardInComposer(ctx, id, w.jane, nil)
		_, err := w.SendComposer(id, w.jane, "")
		w.ok(err)
		return r.Card.ID
	}
	is("nothing")

	w.InboxAppOpen(ctx, id, w.jane, "")
	want.Opened = true
	is("the conversation was opened")

	w.InsertCardInComposer(ctx, id, w.jane, nil)
	is("a card was only drafted")
	first := ask()
	want.SentCard = true
	is("a card was sent")

	overview(http.StatusOK)
	is("the overview was seen before any rating")
	w.CardSubmit(ctx, first, w.sam, "change", map[string]any{"rating": "2"})
	is("the card was used without rating")
	w.app.says(http.StatusInternalServerError, nil)
	w.CardSubmit(ctx, first, w.sam, "rating", map[string]any{"rating": "2"})
	is("the app did not take the tap")
	w.app.answers(app)
	w.CardSubmit(ctx, first, w.sam, "rating", map[string]any{"rating": "2"})
	want.Rated = true
	is("a tap was saved")

	_, err := w.AdminNote(id, w.jane, "<p>better</p>")
	w.ok(err)
	is("a teammate wrote a note")
	note("<p>New rating: Good</p>")
	want.Noted = true
	is("the app wrote a note")
	note("<p>better than the first</p>")
	is("a note about the first rating says better")

	second := ask()
	w.CardSubmit(ctx, second, w.sam, "rating", map[string]any{"rating": "1"})
	is("the second rating has no note yet")
	note("<p>the <b>same</b> as the first</p>")
	is("the note says same")
	note("<p>New rating: Bad – <b>worse</b> than the first, Good.</p>")
	want.RatedAgain = true
	is("the note says worse")

	question = "And now?"
	ask()
	want.NewWording = true
	is("a card asks with other words")

	overview(http.StatusSeeOther)
	is("somebody was sent to sign in")
	overview(http.StatusOK)
	want.SeenFigures = true
	is("the overview was seen")

	w.ForgetCalls()
	is("the log was emptied")
	if w.Story("none") != (Story{}) {
		t.Error("a workspace that does not exist has a story")
	}
}

// The same for an app that asks by itself with links, whose answers the sandbox only sees in the notes.
func TestStoryOfAsksWithLinks(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	want := Story{}
	is := func(after string) {
		t.Helper()
		if got := w.Story(DefaultWorkspace); got != want {
			t.Fatalf("after %s: %+v, want %+v", after, got, want)
		}
	}
	write := func(kind, html string) {
		t.Helper()
		w.clock.add(time.Minute)
		w.call("POST", "/conversations/"+id+"/reply", fmt.Sprintf(`{"message_type":%q,"type":"admin","admin_id":%q,"body":%q}`, kind, w.jane, html)).want(t, http.StatusOK, "")
	}
	act := func(_ Part, err error) { t.Helper(); w.ok(err) }
	ask := func(question string) {
		t.Helper()
		write("comment", `<p>`+question+`</p><p><a href="`+w.app.URL+`/r/`+fmt.Sprint(w.clock.now().Unix())+`">Good</a></p>`)
	}
	note := func(rating, words string) {
		t.Helper()
		write("note", `<p>`+words+` <a href="`+w.app.URL+`/ratings/`+rating+`">all</a></p>`)
	}
	ask("How was it?")
	is("a link came while the conversation was open")
	act(w.Close(id, w.jane))
	is("a close")
	write("comment", "<p>Bye</p>")
	is("words of the app after a close")
	ask("How was it?")
	want.Asked = true
	is("a link came after the close")
	note("1", "New rating: bad, worse than the first.")
	want.Rated, want.Noted = true, true
	is("the note of a rating")
	note("1#remark", "The remark is better late than never.")
	is("a second note of the same rating")
	act(w.CustomerReply(id, w.sam, "Again"))
	want.CameBack = true
	is("the customer came back")
	act(w.Close(id, w.jane))
	ask("How was it?")
	want.AskedAgain = true
	is("the second ask")
	note("2", "New rating: better than the first.")
	want.RatedAgain = true
	is("the note of a second rating")
	act(w.CustomerReply(id, w.sam, "Again"))
	act(w.Close(id, w.jane))
	ask("And now?")
	want.NewWording = true
	is("another question")
}

// With buttons an answer opens the conversation, and is no coming back.
func TestStoryOfAsksWithButtons(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	_, err := w.Close(id, w.jane)
	w.ok(err)
	const uuid = "a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb"
	w.call("POST", "/conversations/"+id+"/reply",
		`{"message_type":"quick_reply","type":"admin","admin_id":"9608799","reply_options":[{"text":"😍","uuid":"`+uuid+`"}]}`).want(t, http.StatusOK, "")
	if got := w.Story(DefaultWorkspace); got != (Story{Asked: true}) {
		t.Errorf("%+v", got)
	}
	_, err = w.TakeQuickReply(id, w.sam, uuid)
	w.ok(err)
	if got := w.Story(DefaultWorkspace); got != (Story{Asked: true, Rated: true}) {
		t.Errorf("%+v", got)
	}
}

// Another language is no new wording.
func TestStoryComparesWordingsOfOneLanguage(t *testing.T) {
	w := newWorld(t)
	questions := map[string]string{"en": "How was it?", "fr": "Comment c’était ?"}
	w.app.answers(map[string]func(map[string]any) any{messengerInitialize: func(body map[string]any) any {
		return scaleCanvas(questions[body["context"].(map[string]any)["locale"].(string)], "")
	}})
	zoe := w.AddContact(DefaultWorkspace, Contact{Name: "Zoë", Locale: "fr"})
	for _, contact := range []string{w.sam, zoe.ID, w.sam} {
		c, err := w.NewConversation(Start{Contact: contact, Text: "Hello"})
		w.ok(err)
		w.InsertCardInComposer(t.Context(), c.ID, w.jane, nil)
	}
	if w.Story(DefaultWorkspace).NewWording {
		t.Error("the French card counts as a new wording")
	}
}

func TestGuideShowsTheNextStep(t *testing.T) {
	w := newWorld(t)
	w.app.answers(ratingApp())
	b := w.open("/")
	b.says("Try this", "0 of 10")
	b.says("Try this", "Read Sam’s conversation")
	chat := w.ConversationsOf(w.sam)[0].ID
	b.follow("Try this", "Inbox →")
	b.says("Try this", "1 of 10")
	b.says("Try this", "Next: Close it.")
	if !strings.Contains(b.at, "conversation="+chat) || !strings.Contains(b.at, "chat="+chat) {
		t.Errorf("the link leads to %s", b.at)
	}
	if n := b.region("Try this").Find("li.done").Length(); n != 1 {
		t.Errorf("%d steps are ticked", n)
	}
	b.get("/calls")
	b.says("Try this", "1 of 10")
	if b.get("/inbox?conversation=1"); b.doc.Find("#guide").Length() > 0 {
		t.Error("a page that does not exist has the list")
	}
}
