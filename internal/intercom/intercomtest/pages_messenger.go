package intercomtest

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"rerate/internal/intercom/canvas"
	"rerate/internal/intercom/draw"
)

// messengerView is what the customer's side shows.
type messengerView struct {
	At        place
	Workspace Workspace
	Contacts  []Contact
	Contact   Contact
	Chats     []Conversation
	Chat      *Conversation // nil on Home
	Rating    *NativeRating // Intercom's own, when this customer was asked in this conversation
	RatedOver bool          // it takes no answers any more
	Home      *Card         // the app's card on Home; nil when there is none
	HomeNote  string        // why there is none
	HomeWaits bool          // the app has not answered yet
	Team      []Admin
	Outbound  []Message    // that came into the Messenger and wait for an answer
	Message   *Message     // the one that is open
	Threads   []mailThread // of the mailbox, newest first
	Thread    *mailThread  // the one that is open
	Unsent    string       // what was typed and could not be sent
	Subject   string       // the same of a new e-mail's subject
	Clock     wallClock
	AppName   string
	AppURL    string
}

// faces are Intercom's own five (help centre, "conversation ratings"; the API's keys).
var faces = []struct {
	Score       int
	Emoji, Name string
}{{1, "😠", "Terrible"}, {2, "🙁", "Bad"}, {3, "😐", "OK"}, {4, "😃", "Good"}, {5, "😍", "Amazing"}}

var messengerActs = map[string]func(*pages, *visit) error{
	"start":       (*pages).startChat,
	"reply":       (*pages).customerReply,
	"quick-reply": (*pages).quickReply,
	"card":        (*pages).useCard,
	"retry":       (*pages).retryCard,
	"rate":        (*pages).rateNatively,
	"answer":      (*pages).answerMessage,
	"mail":        (*pages).startMail,
}

func (p *pages) messenger(v *visit) messengerView {
	view := messengerView{
		At: v.at, Workspace: p.workspace(v.at.Workspace), Contacts: p.Contacts(v.at.Workspace), Chats: p.ConversationsOf(v.at.Contact),
		Team: p.Admins(v.at.Workspace), Clock: p.clockOf(v.at.Workspace), AppName: p.Options().AppName, AppURL: p.appURL(),
	}
	if slices.Contains([]string{"start", "reply", "answer", "mail"}, v.act) {
		view.Unsent, view.Subject = v.form.Get("text"), v.form.Get("subject")
	}
	view.Contact, _ = p.Contact(v.at.Contact)
	p.outbound(v, &view)
	if v.at.View == "mail" {
		p.mailbox(v, &view)
		return view
	}
	if view.Message != nil {
		return view
	}
	if v.at.Chat == "" {
		if v.at.Launcher == "" {
			p.home(v, &view)
		}
		view.At = v.at
		return view
	}
	p.lookAtCards(v)
	p.openChat(v, &view)
	return view
}

// openChat is the conversation that the customer looks at, with Intercom's own rating if it was asked for.
func (p *pages) openChat(v *visit, view *messengerView) {
	chat, _ := p.Conversation(v.at.Chat)
	view.Chat = &chat
	if n := len(chat.Ratings); n > 0 && chat.Ratings[n-1].Contact == v.at.Contact {
		view.Rating = &chat.Ratings[n-1]
		over := view.Rating.ClosesAt
		view.RatedOver = !over.IsZero() && p.clock().After(over)
	}
}

// outbound are the messages that nobody has answered yet: these have no conversation.
func (p *pages) outbound(v *visit, view *messengerView) {
	for _, m := range slices.Backward(p.Messages(v.at.Contact)) {
		if m.Conversation != "" {
			continue
		}
		if m.Type == "inapp" {
			view.Outbound = append(view.Outbound, m)
		}
		if m.ID == v.at.Message {
			view.Message = &m
		}
	}
}

func (p *pages) clock() time.Time {
	p.Server.mu.Lock()
	defer p.Server.mu.Unlock()
	return p.now()
}

func (p *pages) workspace(id string) Workspace {
	for _, w := range p.Workspaces() {
		if w.ID == id {
			return w
		}
	}
	return Workspace{}
}

// home asks the app for the card on Home, unless the place already has one or the page only looks for changes.
func (p *pages) home(v *visit, view *messengerView) {
	waiting := "home/" + v.at.Contact
	if v.at.Home == "" && !v.poll && v.at.Contact != "" {
		if !p.Installed(v.at.Workspace) {
			view.HomeNote = "The app is not installed in this workspace, so Home has no card of it."
			return
		}
		p.soon(v.ctx, waiting, func(ctx context.Context) {
			if r := p.OpenMessengerHome(ctx, v.at.Contact); r.Problem != "" && r.Card.ID == "" {
				p.keepNote(waiting, "The app's card could not be shown: "+r.Problem+".")
			} else {
				p.keepNote(waiting, "")
			}
		})
	}
	view.HomeWaits, view.HomeNote = p.waitsFor(waiting)
	if view.HomeWaits || view.HomeNote != "" {
		return
	}
	if card, ok := p.homeCard(v.at); ok {
		v.at.Home, view.Home = card.ID, &card
	}
}

// homeCard is the card that the place names, else the newest one of the contact.
func (p *pages) homeCard(at place) (Card, bool) {
	if at.Home != "" {
		return p.Card(at.Home)
	}
	p.Server.mu.Lock()
	defer p.Server.mu.Unlock()
	sp := p.spaces[at.Workspace]
	if sp == nil || sp.homeFor[at.Contact] == nil {
		return Card{}, false
	}
	return *sp.homeFor[at.Contact], true
}

// lookAtCards is the customer's look at the live cards of a conversation: each asks the app for its content.
func (p *pages) lookAtCards(v *visit) {
	if v.poll {
		return
	}
	chat, _ := p.Conversation(v.at.Chat)
	for _, part := range chat.Parts {
		if part.Card != nil && part.Card.Canvas.ContentURL != "" {
			p.ViewCard(v.ctx, part.Card.ID, v.at.Contact)
		}
	}
}

func (p *pages) startChat(v *visit) error {
	text, err := needText(v)
	if err != nil {
		return err
	}
	c, err := p.NewConversation(Start{Contact: v.at.Contact, Text: text})
	if err == nil {
		v.at = v.at.chat(c.ID)
	}
	return err
}

func (p *pages) customerReply(v *visit) error {
	text, err := needText(v)
	if err != nil {
		return err
	}
	_, err = p.CustomerReply(v.at.Chat, v.at.Contact, text)
	return err
}

func (p *pages) quickReply(v *visit) error {
	_, err := p.TakeQuickReply(v.at.Chat, v.at.Contact, v.form.Get("uuid"))
	return err
}

// useCard passes a customer's use of a card on to the app. A problem that comes of it stays with the card.
func (p *pages) useCard(v *visit) error {
	card, ok := p.Card(v.form.Get("card"))
	if !ok {
		return errUnknown
	}
	var content canvas.Content
	if shown := card.Shown(); shown != nil {
		content = *shown
	}
	component, values, err := draw.Answers(content, v.form)
	if err != nil {
		return err
	}
	p.submitCard(v, card.ID, lastTap{component, values})
	return nil
}

// lastTap is a use of a card that went wrong, kept for another try.
type lastTap struct {
	component string
	values    map[string]any
}

func (p *pages) submitCard(v *visit, card string, tap lastTap) {
	r := p.CardSubmit(v.ctx, card, v.at.Contact, tap.component, tap.values)
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.failed, card)
	if r.Problem != "" {
		p.failed[card] = tap
	}
}

// retryCard sends once more what the app did not answer.
func (p *pages) retryCard(v *visit) error {
	p.mu.Lock()
	tap, ok := p.failed[v.form.Get("card")]
	p.mu.Unlock()
	if !ok {
		return errors.New("there is nothing to try again; use the card")
	}
	p.submitCard(v, v.form.Get("card"), tap)
	return nil
}

func (p *pages) rateNatively(v *visit) error {
	score, err := strconv.Atoi(v.form.Get("score"))
	if err != nil {
		return errors.New("choose one of the faces")
	}
	return p.RateNatively(v.at.Chat, v.at.Contact, score, strings.TrimSpace(v.form.Get("remark")))
}

func needText(v *visit) (string, error) {
	text := strings.TrimSpace(strings.ReplaceAll(v.form.Get("text"), "\r\n", "\n"))
	if text == "" {
		return "", &Error{Status: http.StatusUnprocessableEntity, Code: "parameter_invalid", Message: "write something first"}
	}
	return text, nil
}

// bubble is one message of a conversation as the customer sees it.
type bubble struct {
	Part
	Own      bool
	Newest   bool   // only the newest message's quick replies can be taken
	AfterAsk bool   // the first message after Intercom asked for its own rating
	Day      string // the heading of a new day; "" within one
}

// bubbles are the messages of the chat: never notes, and no news about states.
func (m messengerView) bubbles() []bubble {
	list := []bubble{{Part: Part{ID: m.Chat.Source.ID, Body: m.Chat.Source.Body, Author: m.Chat.Source.Author, At: m.Chat.CreatedAt}}}
	for _, part := range m.Chat.Parts {
		said := slices.Contains([]string{"comment", "open", "close", "quick_reply"}, part.Type)
		if said && (part.Body != "" || part.Card != nil || len(part.QuickReplies) > 0) {
			list = append(list, bubble{Part: part})
		}
	}
	asked, day := false, ""
	for i := range list {
		if today := m.Clock.day(list[i].At); today != day {
			day, list[i].Day = today, today
		}
		list[i].Own = list[i].Author.ID == m.Contact.ID
		list[i].Newest = i == len(list)-1
		list[i].AfterAsk = m.Rating != nil && !asked && list[i].At.After(m.Rating.RequestedAt)
		asked = asked || list[i].AfterAsk
	}
	return list
}

// teammate is who last wrote to the customer in a conversation; its zero value is nobody.
func (m messengerView) teammate(c Conversation) Author {
	for _, part := range slices.Backward(c.Parts) {
		if part.Author.Type == "admin" && part.Type == "comment" {
			return part.Author
		}
	}
	if c.Source.Author.Type == "admin" {
		return c.Source.Author
	}
	return Author{}
}

// askedLast says whether Intercom's own rating card is the newest of the chat.
func (m messengerView) askedLast() bool {
	return m.Rating != nil && !slices.ContainsFunc(m.bubbles(), func(b bubble) bool { return b.AfterAsk })
}

// lastWords is the last thing that was said in a conversation, for the list.
func lastWords(c Conversation) string {
	last := c.Source.Body
	for _, p := range c.Parts {
		switch {
		case p.Type == "note":
		case p.Body != "":
			last = p.Body
		case p.Card != nil:
			last = "🃏 Card"
		}
	}
	return oneLine(last)
}

// oneLine is HTML as one line of plain text.
func oneLine(html string) string { return strings.Join(strings.Fields(plainText(html)), " ") }

func (m messengerView) adminName(id string) string {
	for _, a := range m.Team {
		if a.ID == id {
			return a.Name
		}
	}
	return m.Workspace.Name
}
