package intercomtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// inboxView is what the teammate's side shows.
type inboxView struct {
	At         place
	Workspace  Workspace
	Admins     []Admin
	Admin      Admin
	Teams      []Team
	List       []Conversation // of the state that was chosen
	Counts     map[string]int // conversations by state
	Open       *Conversation  // nil when only the list is shown
	Contacts   []Contact      // of the open conversation
	Names      map[string]string
	Draft      *Draft
	Setup      *CanvasResult // a step of the card's configuration
	Unsent     string
	Noting     bool          // a note is being written
	Panel      *CanvasResult // the app in the sidebar
	PanelNote  string
	PanelWaits bool // the app has not answered yet
	Clock      wallClock
	AppName    string
}

// shownRows is how many conversations a list shows.
const shownRows = 100

var states = []string{"open", "closed", "snoozed"}

// snoozes are the choices of the snooze menu.
var snoozes = []struct {
	Name string
	For  time.Duration
}{{"1 hour", time.Hour}, {"1 day", 24 * time.Hour}, {"1 week", 7 * 24 * time.Hour}}

var inboxActs = map[string]func(*pages, *visit) error{
	"send":       (*pages).sendReply,
	"note":       (*pages).addNote,
	"close":      (*pages).closeConversation,
	"reopen":     (*pages).reopen,
	"snooze":     (*pages).snooze,
	"assign":     (*pages).assign,
	"tag":        (*pages).addTag,
	"untag":      (*pages).removeTag,
	"bot":        (*pages).replyAsBot,
	"bot-close":  (*pages).closeByWorkflow,
	"wake":       (*pages).endSnooze,
	"ask-rating": (*pages).askNatively,
	"workflow":   (*pages).workflow,
	"insert":     (*pages).insertCard,
	"setup":      (*pages).setUpCard,
	"discard":    (*pages).discard,
	"app-open":   (*pages).openApp,
	"app-submit": (*pages).useApp,
}

func (p *pages) inbox(v *visit) inboxView {
	view := inboxView{
		At: v.at, Workspace: p.workspace(v.at.Workspace), Admins: p.Admins(v.at.Workspace), Teams: p.Teams(v.at.Workspace), Names: map[string]string{},
		Clock: p.clockOf(v.at.Workspace), AppName: p.Options().AppName, Noting: v.form.Get("mode") == "note",
	}
	for _, a := range view.Admins {
		view.Names[a.ID] = a.Name
		if a.ID == v.at.Admin {
			view.Admin = a
		}
	}
	view.Names[BotID] = botAuthor("").Name
	for _, t := range view.Teams {
		view.Names[t.ID] = t.Name
	}
	for _, c := range p.Contacts(v.at.Workspace) {
		view.Names[c.ID] = c.Name
	}
	view.List, view.Counts = p.Newest(v.at.Workspace, v.at.State, shownRows)
	if v.at.Conversation != "" {
		p.openConversation(v, &view)
	}
	return view
}

func (p *pages) openConversation(v *visit, view *inboxView) {
	c, _ := p.Conversation(v.at.Conversation)
	view.Open = &c
	for _, id := range c.Contacts {
		if who, ok := p.Contact(id); ok {
			view.Contacts = append(view.Contacts, who)
		}
	}
	if d, ok := p.Draft(c.ID); ok {
		view.Draft = &d
	}
	p.mu.Lock()
	if r, ok := p.setups[composer(v)]; ok {
		view.Setup = &r
	}
	view.Unsent = p.unsent[composer(v)]
	p.mu.Unlock()
	p.panel(v, view)
}

// panel is the app in the sidebar. The first look at a conversation opens it.
func (p *pages) panel(v *visit, view *inboxView) {
	if !p.Installed(v.at.Workspace) {
		view.PanelNote = "The app is not installed in this workspace."
		return
	}
	if _, opened := p.InboxPanel(v.at.Conversation, v.at.Admin, v.at.Participant); !opened && !v.poll {
		p.openPanel(v)
	}
	if r, ok := p.InboxPanel(v.at.Conversation, v.at.Admin, v.at.Participant); ok {
		view.Panel = &r
	}
	view.PanelWaits, _ = p.waitsFor(panelWait(v))
}

// asCustomer is the conversation on the customer's side: in the Messenger, or in the mailbox for one by e-mail.
func (i inboxView) asCustomer() place {
	at := i.At
	if at.Page == pathInbox {
		at.Page = pathMessenger
	}
	at.Contact, at.View = i.Open.Contacts[0], ""
	return at.chat(i.Open.ID)
}

// composer names a teammate's composer in a conversation.
func composer(v *visit) string { return v.at.Conversation + "/" + v.at.Admin }

func (p *pages) keepUnsent(v *visit, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unsent[composer(v)] = text
}

func (p *pages) sendReply(v *visit) error {
	if _, drafted := p.Draft(v.at.Conversation); !drafted {
		if _, err := needText(v); err != nil {
			return err
		}
	}
	text, _ := needText(v) // a card may go without words
	_, err := p.SendComposer(v.at.Conversation, v.at.Admin, text)
	if err == nil {
		p.keepUnsent(v, "")
	}
	return err
}

func (p *pages) addNote(v *visit) error {
	text, err := needText(v)
	if err != nil {
		return err
	}
	_, err = p.AdminNote(v.at.Conversation, v.at.Admin, paragraph(text))
	if err == nil {
		p.keepUnsent(v, "")
	}
	return err
}

func (p *pages) closeConversation(v *visit) error {
	_, err := p.Close(v.at.Conversation, v.at.Admin)
	return err
}

func (p *pages) reopen(v *visit) error {
	_, err := p.Reopen(v.at.Conversation, v.at.Admin)
	return err
}

func (p *pages) snooze(v *visit) error {
	for _, s := range snoozes {
		if s.Name == v.form.Get("for") {
			_, err := p.Snooze(v.at.Conversation, v.at.Admin, p.clock().Add(s.For))
			return err
		}
	}
	return errors.New("choose for how long to snooze")
}

func (p *pages) assign(v *visit) error {
	kind, id, _ := strings.Cut(v.form.Get("assignee"), ":")
	var err error
	switch kind {
	case "team":
		_, err = p.AssignTeam(v.at.Conversation, v.at.Admin, id)
	case "bot":
		_, err = p.AssignBot(v.at.Conversation, v.at.Admin)
	default:
		_, err = p.Assign(v.at.Conversation, v.at.Admin, kind)
	}
	return err
}

func (p *pages) removeTag(v *visit) error { return p.Untag(v.at.Conversation, v.form.Get("tag")) }

func (p *pages) replyAsBot(v *visit) error {
	text, err := needText(v)
	if err == nil {
		_, err = p.BotReply(v.at.Conversation, paragraph(text))
	}
	return err
}

func (p *pages) closeByWorkflow(v *visit) error {
	_, err := p.CloseByWorkflow(v.at.Conversation)
	return err
}

func (p *pages) endSnooze(v *visit) error { return p.EndSnooze(v.at.Conversation) }

func (p *pages) addTag(v *visit) error {
	name := strings.TrimSpace(v.form.Get("tag"))
	if name == "" {
		return errors.New("write the tag's name first")
	}
	_, err := p.Tag(v.at.Conversation, v.at.Admin, name)
	return err
}

func (p *pages) askNatively(v *visit) error {
	_, err := p.RequestNativeRating(v.at.Conversation)
	return err
}

// attribute is one row of the details.
type attribute struct{ Name, Value string }

func (i inboxView) attributes() []attribute {
	var list []attribute
	for name, value := range i.Open.Attributes {
		if text := fmt.Sprint(value); value != nil && text != "" {
			list = append(list, attribute{name, text})
		}
	}
	slices.SortFunc(list, func(a, b attribute) int { return strings.Compare(a.Name, b.Name) })
	return list
}
