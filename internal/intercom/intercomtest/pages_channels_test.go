package intercomtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// An e-mail customer writes, finds the answer with its links, and answers.
func TestMailboxPage(t *testing.T) {
	w := newWorld(t)
	w.app.answers(ratingApp())
	eve := w.AddContact(DefaultWorkspace, Contact{Name: "Eve Mail", Email: "eve@example.com"}).ID
	b := w.open("/?view=mail&contact=" + eve)
	b.says("Mailbox", "No e-mails yet.")
	b.press("New e-mail", "Send e-mail", "subject", "Return <please>", "text", " ")
	if b.status != http.StatusUnprocessableEntity || b.region("New e-mail").Find("[name=subject]").AttrOr("value", "") != "Return <please>" {
		t.Error("the subject is lost")
	}
	b.press("New e-mail", "Send e-mail", "subject", "Return <please>", "text", "May I send it back?")
	b.says("E-mails", "May I send it back?")
	id := w.ConversationsOf(eve)[0].ID
	_, err := w.AdminReply(id, w.jane, `<p>Yes. <a href="https://rerate.example/r/5">😍 Amazing</a></p>`)
	w.ok(err)
	_, err = w.AdminNote(id, w.jane, "a secret")
	w.ok(err)
	b.get("/messenger?chat=" + id)
	b.says("E-mails", "Jane Agent <support@fernweg-outdoor.example>")
	b.hides("E-mails", "a secret")
	link := b.region("E-mails").Find(`a[href="https://rerate.example/r/5"]`)
	if link.Length() != 1 || link.AttrOr("target", "") != "_blank" {
		t.Error("the link cannot be opened")
	}
	b.press("Answer by e-mail", "Send e-mail", "text", "Thank you")
	c, _ := w.Conversation(id)
	if last := c.Parts[len(c.Parts)-1]; last.Type != "comment" || last.Author.ID != eve {
		t.Errorf("%+v", last)
	}
	w.clock.add(time.Minute)
	_, err = w.RequestNativeRating(id)
	w.ok(err)
	w.clock.add(time.Minute)
	_, err = w.AdminReply(id, w.jane, "Bye")
	w.ok(err)
	b.get("/messenger?chat=" + id)
	var order []string
	b.region("E-mails").Find("article").Each(func(_ int, s *goquery.Selection) { order = append(order, s.AttrOr("aria-label", "")) })
	if got := strings.Join(order[2:], ", "); got != "E-mail from Eve Mail, Intercom's own rating, E-mail from Jane Agent" {
		t.Errorf("the thread ends with %s", got)
	}
	b.follow("Mailbox", "")
	b.says("Mailbox", "Return <please>")

	lead := w.AddContact(DefaultWorkspace, Contact{Role: "lead", Name: "Visitor"}).ID
	b.get("/messenger?view=mail&contact=" + lead)
	b.says("Mailbox", "does not know")
}

// Outbound messages wait in the Messenger and in the mailbox; the answer makes the conversation.
func TestOutboundMessagesShowUp(t *testing.T) {
	w := newWorld(t)
	w.app.answers(ratingApp())
	eve := w.AddContact(DefaultWorkspace, Contact{Name: "Eve Mail", Email: "eve@example.com"}).ID
	send := func(kind string) {
		w.call("POST", "/messages", fmt.Sprintf(`{"message_type":%q,"subject":"How was it?","body":"<p>Tell us by %s</p>","from":{"type":"admin","id":"9608799"},"to":{"type":"user","id":%q}}`, kind, kind, eve)).want(t, 200, "")
	}
	send("in_app")
	send("email")
	b := w.open("/messenger?contact=" + eve)
	b.says("Your conversations", "Tell us by in_app")
	b.hides("Your conversations", "by email")
	b.follow("Your conversations", "Tell us by in_app")
	b.press("Reply", "Send message", "text", "Good")
	b.says("Conversation", "Tell us by in_app")
	b.says("Conversation", "Good")
	b.get("/messenger?view=mail&contact=" + eve)
	b.hides("Mailbox", "in_app")
	b.follow("E-mails", "Tell us by email")
	b.press("Answer by e-mail", "Send e-mail", "text", "Bad")
	b.says("E-mails", "Bad")
	if n := len(w.ConversationsOf(eve)); n != 2 {
		t.Errorf("%d conversations, want 2", n)
	}
}

func TestMoreInboxActs(t *testing.T) {
	w := newWorld(t)
	w.app.answers(ratingApp())
	id := w.start("Hello")
	b := w.open("/inbox?conversation=" + id)
	b.press("Do more", "Assign", "assignee", "bot")
	b.says("Conversation facts", "Operator")
	b.press("Do more", "Assign", "assignee", "team:814865")
	b.says("Conversation facts", "Returns")
	b.press("Do more", "Add tag", "tag", "fraud")
	b.press("Remove tags", "Remove “fraud”")
	b.says("Conversation facts", "TagsNone")
	b.press("Bot", "Reply as bot", "text", "I am a bot")
	b.says("Conversation parts", "I am a bot")
	b.press("Do more", "Close as a workflow would")
	b.says("Conversation parts", "Operator closed the conversation")
	b.press("Inbox", "Reopen")
	b.press("Snooze for", "1 hour")
	b.press("Do more", "Let the snooze end now")
	b.says("Conversation facts", "Stateopen")
	b.follow("Do more", "See it as Sam")
	b.says("Conversation", "I am a bot")
}

func TestWorkflowPage(t *testing.T) {
	w := newWorld(t)
	w.app.answers(ratingApp())
	w.AddAttribute(DefaultWorkspace, AttributeDefinition{Name: "Ask", Type: "boolean"})
	b := w.open("/workflow")
	b.press("Workflow", "Switch on", "seconds", "soon")
	if b.status != http.StatusUnprocessableEntity || !strings.Contains(b.doc.Find(".problem").Text(), "seconds must be a number") {
		t.Errorf("status %d: %s", b.status, b.doc.Find(".problem").Text())
	}
	b.press("Workflow", "Switch on", "seconds", "30", "attribute", "Ask", "is", "true")
	b.says("Card in the workflow", "😍")
	id := w.start("Hello")
	_, err := w.Close(id, w.jane)
	w.ok(err)
	b.get("/workflow")
	b.says("Workflow", "1 closed conversations wait")
	w.ok(w.SetAttribute(id, "Ask", true))
	w.clock.add(30 * time.Second)
	w.RunWorkflows(t.Context())
	b.get("/messenger?chat=" + id)
	b.says("Conversation", "😍")
	b.get("/workflow")
	b.press("Workflow", "Switch off")
	if _, on := w.WorkflowOf(DefaultWorkspace); on {
		t.Error("still on")
	}
}
