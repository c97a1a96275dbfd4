package intercomtest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	nethtml "golang.org/x/net/html"
)

// Mail is one message in a contact's mailbox, sent or received.
type Mail struct {
	ID           string
	Conversation string // "" for an outbound message that nobody has answered
	Message      string // the outbound message's id, see AnswerMessage; "" for a part of a conversation
	Sent         bool   // by the contact
	From, To     string // "Name <address>"
	Subject      string
	Body         string // HTML that is safe to show
	Card         bool   // an app's card went with it, which e-mail cannot show
	At           time.Time
}

// Mailbox lists what a contact sent and got by e-mail, oldest first: their conversations by e-mail without what e-mail does not carry
// (notes, buttons of quick replies, bots' replies to what came in by e-mail), and outbound e-mail messages.
func (s *Server) Mailbox(contact string) []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	who := s.contacts[contact]
	if who == nil {
		return nil
	}
	sp := s.spaces[who.Workspace]
	var box []Mail
	for _, id := range sp.talks[contact] {
		if c := s.conversations[id]; c.Source.Type == "email" {
			box = append(box, s.mailsOf(c, who)...)
		}
	}
	for _, m := range sp.messages {
		if m.Contact == contact && m.Type == "email" && m.Conversation == "" {
			a, err := sp.admin(m.Admin)
			if err != nil {
				continue
			}
			box = append(box, Mail{
				ID: m.ID, Message: m.ID, From: s.teamAddress(sp, a.Name), To: mailAddress(who), Subject: m.Subject, Body: m.Body, At: m.At,
			})
		}
	}
	slices.SortStableFunc(box, func(a, b Mail) int { return a.At.Compare(b.At) })
	return box
}

// mailsOf needs the lock.
func (s *Server) mailsOf(c *Conversation, who *Contact) []Mail {
	sp := s.spaces[c.Workspace]
	subject := cmp.Or(c.Source.Subject, "(no subject)")
	mail := func(id string, from Author, body string, at time.Time) Mail {
		m := Mail{ID: id, Conversation: c.ID, Subject: subject, Body: body, At: at}
		if from.Type == "user" || from.Type == "lead" {
			m.Sent, m.From, m.To = from.ID == who.ID, from.Name+" <"+from.Email+">", s.teamAddress(sp, sp.Name)
		} else {
			m.From, m.To = s.teamAddress(sp, from.Name), mailAddress(who)
		}
		return m
	}
	box := []Mail{mail(c.Source.ID, c.Source.Author, c.Source.Body, c.CreatedAt)}
	if !strings.HasPrefix(strings.ToLower(subject), "re:") {
		subject = "Re: " + subject
	}
	for _, p := range c.Parts {
		said := slices.Contains([]string{"comment", "open", "close", "assignment", "assign_and_reopen"}, p.Type) && (p.Body != "" || p.Card != nil)
		if !said || (p.Author.Type == "bot" && p.Card == nil && c.Source.DeliveredAs == "customer_initiated") {
			continue
		}
		m := mail(p.ID, p.Author, p.Body, p.At)
		m.Card = p.Card != nil
		box = append(box, m)
	}
	return box
}

func mailAddress(c *Contact) string { return nameOf(*c) + " <" + c.Email + ">" }

// teamAddress is how the workspace's mails are signed; answers to it come back into the conversation.
func (s *Server) teamAddress(sp *space, name string) string {
	return name + " <support@" + strings.ToLower(strings.Join(strings.Fields(sp.Name), "-")) + ".example>"
}

// Links are the addresses in what the team wrote to the customer in a conversation, oldest first: what a customer, or a program that
// reads along, can open.
func (s *Server) Links(conversation string) []string {
	c, _ := s.Conversation(conversation)
	var links []string
	for _, p := range append([]Part{{Body: c.Source.Body, Author: c.Source.Author}}, c.Parts...) {
		if p.Type != "note" && (p.Author.Type == "admin" || p.Author.Type == "bot") {
			links = append(links, linksIn(p.Body)...)
		}
	}
	return links
}

// Links are the addresses in one message.
func (p Part) Links() []string { return linksIn(p.Body) }

func linksIn(html string) []string {
	var links []string
	walk(html, func(t nethtml.Token) {
		if link := safeLink(t); t.Data == "a" && link != "" {
			links = append(links, link)
		}
	})
	return links
}
