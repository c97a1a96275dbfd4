package intercomtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMailbox(t *testing.T) {
	w := newWorld(t)
	eve := w.AddContact(DefaultWorkspace, Contact{Name: "Eve", Email: "eve@example.com"}).ID
	c, err := w.NewConversation(Start{Contact: eve, Channel: "email", Subject: "Return", Text: "May I?"})
	w.ok(err)
	_, err = w.BotReply(c.ID, "We got your mail")
	w.ok(err)
	_, err = w.AdminNote(c.ID, w.jane, "secret")
	w.ok(err)
	_, err = w.AdminReply(c.ID, w.jane, `<p>Sure: <a href="https://rerate.example/r/1">good</a> <a href="javascript:x">x</a></p>`)
	w.ok(err)
	_, err = w.NewConversation(Start{Contact: eve, Text: "A chat"})
	w.ok(err)
	w.call("POST", "/messages", `{"message_type":"email","subject":"How was it?","body":"<p>Tell us</p>","template":"plain","from":{"type":"admin","id":"9608799"},"to":{"type":"user","id":"`+eve+`"}}`).want(t, 200, "")
	w.call("POST", "/messages", `{"message_type":"email","subject":"Second","body":"<p>Tell us</p>","from":{"type":"admin","id":"9608799"},"to":{"type":"user","id":"`+eve+`"},"create_conversation_without_contact_reply":true}`).want(t, 200, "")

	type mail struct {
		sent          bool
		from, subject string
	}
	var got []mail
	box := w.Mailbox(eve)
	for _, m := range box {
		got = append(got, mail{m.Sent, m.From, m.Subject})
	}
	want := []mail{
		{true, "Eve <eve@example.com>", "Return"},
		{false, "Jane Agent <support@fernweg-outdoor.example>", "Re: Return"},
		{false, "Jane Agent <support@fernweg-outdoor.example>", "Second"},
		{false, "Jane Agent <support@fernweg-outdoor.example>", "How was it?"},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(mail{})); d != "" {
		t.Fatal(d)
	}
	if d := cmp.Diff([]string{"https://rerate.example/r/1"}, w.Links(c.ID)); d != "" {
		t.Error(d)
	}
	if box[3].Message == "" || box[3].Conversation != "" {
		t.Errorf("%+v", box[3])
	}
	answered, err := w.AnswerMessage(eve, box[3].Message, "Fine")
	w.ok(err)
	if answered.Source.Type != "email" || answered.Source.DeliveredAs != "admin_initiated" || len(w.Mailbox(eve)) != 5 {
		t.Errorf("%+v; %d mails", answered.Source, len(w.Mailbox(eve)))
	}
}
