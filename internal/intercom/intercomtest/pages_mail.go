package intercomtest

import (
	"errors"
	"slices"
	"strings"
)

// mailThread is what belongs together in a mailbox: a conversation by e-mail, or an outbound message that waits for its answer.
type mailThread struct {
	Conversation string
	Message      string
	Subject      string
	Mails        []Mail // oldest first
}

func (t mailThread) last() Mail { return t.Mails[len(t.Mails)-1] }

// mailbox shows the customer's e-mail, and the thread that the place names.
func (p *pages) mailbox(v *visit, view *messengerView) {
	for _, m := range p.Mailbox(v.at.Contact) {
		i := slices.IndexFunc(view.Threads, func(t mailThread) bool { return t.Conversation == m.Conversation && t.Message == m.Message })
		if i < 0 {
			view.Threads = append(view.Threads, mailThread{Conversation: m.Conversation, Message: m.Message, Subject: m.Subject})
			i = len(view.Threads) - 1
		}
		view.Threads[i].Mails = append(view.Threads[i].Mails, m)
	}
	slices.SortStableFunc(view.Threads, func(a, b mailThread) int { return b.last().At.Compare(a.last().At) })
	for i, t := range view.Threads {
		if (t.Conversation != "" && t.Conversation == v.at.Chat) || (t.Message != "" && t.Message == v.at.Message) {
			view.Thread = &view.Threads[i]
		}
	}
	if view.Thread != nil && view.Thread.Conversation != "" {
		p.openChat(v, view)
	}
}

// threadPlace is where a thread is open.
func (m messengerView) threadPlace(t mailThread) place {
	if t.Message != "" {
		return m.At.message(t.Message)
	}
	return m.At.chat(t.Conversation)
}

// startMail is a customer's e-mail to the team.
func (p *pages) startMail(v *visit) error {
	text, err := needText(v)
	if err != nil {
		return err
	}
	if c, _ := p.Contact(v.at.Contact); c.Email == "" {
		return errors.New("this customer has no e-mail address")
	}
	c, err := p.NewConversation(Start{Contact: v.at.Contact, Channel: "email", Subject: strings.TrimSpace(v.form.Get("subject")), Text: text})
	if err == nil {
		v.at = v.at.chat(c.ID)
	}
	return err
}

// answerMessage is a customer's answer to an outbound message.
func (p *pages) answerMessage(v *visit) error {
	text, err := needText(v)
	if err != nil {
		return err
	}
	c, err := p.AnswerMessage(v.at.Contact, v.at.Message, text)
	if err == nil {
		v.at = v.at.chat(c.ID)
	}
	return err
}

// askedBefore says whether Intercom's own rating stands before the i-th mail of a thread: it was asked for since the one before.
func (m messengerView) askedBefore(t mailThread, i int) bool {
	if m.Rating == nil {
		return false
	}
	asked := m.Rating.RequestedAt
	return (i == 0 || !t.Mails[i-1].At.After(asked)) && (i == len(t.Mails) || t.Mails[i].At.After(asked))
}

// sender is the name in an address.
func sender(address string) string {
	name, _, _ := strings.Cut(address, " <")
	return name
}
