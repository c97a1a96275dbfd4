package intercomtest

import (
	"cmp"
	"net/url"
	"slices"
)

// The pages.
const (
	pathBoth      = "/"
	pathMessenger = "/messenger"
	pathInbox     = "/inbox"
	pathCalls     = "/calls"
	pathWorkflow  = "/workflow"
	pathTeamMail  = "/team-mail"
	pathReceiver  = "/receiver"
)

// place is where somebody stands in the sandbox; its URL holds all of it, so every page can be linked to.
// Query: workspace, contact, view, chat, message, home, launcher, admin, conversation, participant, state. What is missing gets a default.
type place struct {
	Page         string
	Workspace    string
	Contact      string // who the customer is
	View         string // "mail": the customer's mailbox; "messenger" or "" the Messenger, but "" is the mailbox for a chat by e-mail
	Chat         string // the conversation that the customer looks at; "" is Home
	Message      string // the outbound message that the customer looks at and has not answered
	Home         string // the card on Home, once it was asked for; "" asks anew
	Launcher     string // "closed": only the launcher of the Messenger is there
	Admin        string // who the teammate is
	Conversation string // the conversation that the teammate looks at; "" is the list
	Participant  string // the contact whom the app in the sidebar is about; "" is the conversation's first
	State        string // of the conversations in the list: open, closed or snoozed
}

func placeOf(page string, q url.Values) place {
	if !slices.Contains([]string{pathMessenger, pathInbox, pathCalls, pathWorkflow, pathTeamMail, pathReceiver}, page) {
		page = pathBoth
	}
	return place{
		Page: page, Workspace: q.Get("workspace"), Contact: q.Get("contact"), Chat: q.Get("chat"), Home: q.Get("home"), View: q.Get("view"), Message: q.Get("message"),
		Launcher: q.Get("launcher"), Admin: q.Get("admin"), Conversation: q.Get("conversation"), Participant: q.Get("participant"), State: q.Get("state"),
	}
}

// fields are the names and values of the query, empty ones left out.
func (a place) fields() [][2]string {
	all := [][2]string{
		{"workspace", a.Workspace},
		{"contact", a.Contact},
		{"view", a.View},
		{"chat", a.Chat},
		{"message", a.Message},
		{"home", a.Home},
		{"launcher", a.Launcher},
		{"admin", a.Admin},
		{"conversation", a.Conversation},
		{"participant", a.Participant},
		{"state", a.State},
	}
	return slices.DeleteFunc(all, func(f [2]string) bool { return f[1] == "" })
}

func (a place) query() url.Values {
	q := url.Values{}
	for _, f := range a.fields() {
		q.Set(f[0], f[1])
	}
	return q
}

// as is the same place as another person. A customer begins on a Home of their own.
func (a place) as(person, id string) place {
	if person == "contact" {
		a.Contact, a.Chat, a.Message, a.Home = id, "", "", ""
	} else {
		a.Admin = id
	}
	return a
}

// launch is the same place with the Messenger open or closed.
func (a place) launch(open bool) place {
	a.Launcher = ""
	if !open {
		a.Launcher = "closed"
	}
	return a
}

// URL is the address of the place.
func (a place) URL() string { return address(a.Page, a.query()) }

// poll is where the page's script looks for changes.
func (a place) poll() string {
	q := a.query()
	q.Set("poll", "1")
	return address(a.Page, q)
}

// post is the address for a form whose answer comes back here. more is pairs of names and values.
func (a place) post(path string, more ...string) string {
	q := a.query()
	q.Set("page", a.Page)
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return address(path, q)
}

func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// page is the same place on another page. A lone conversation goes with the reader from the Messenger to the Inbox and back.
func (a place) page(path string) place {
	switch {
	case a.Page == pathMessenger && path == pathInbox && a.Chat != "":
		a.Conversation, a.Participant = a.Chat, ""
	case a.Page == pathInbox && path == pathMessenger && a.Conversation != "":
		a.Chat, a.Message, a.View = a.Conversation, "", ""
	}
	a.Page = path
	return a
}

// chat is the same place with another conversation in the Messenger; "" is Home.
func (a place) chat(id string) place {
	a.Chat, a.Message, a.Home = id, "", ""
	return a
}

// message is the same place with an outbound message that waits for its answer.
func (a place) message(id string) place {
	a.Chat, a.Message, a.Home = "", id, ""
	return a
}

// look is the same customer in the Messenger or in the mailbox, at its beginning.
func (a place) look(view string) place {
	a.Chat, a.Message, a.View = "", "", view
	return a
}

// list is the same place with the Inbox's list of a state.
func (a place) list(state string) place {
	a.State, a.Conversation, a.Participant = state, "", ""
	return a
}

// open is the address that opens a conversation in the Inbox, which lets the sidebar's app begin anew.
func (a place) open(conversation, participant string) string {
	a.Conversation, a.Participant = conversation, participant
	q := a.query()
	q.Set("open", "1")
	return address(a.Page, q)
}

// resolve fills in what the address leaves out and refuses ids that do not exist.
func (p *pages) resolve(a *place) error {
	if err := p.resolveWorkspace(a); err != nil {
		return err
	}
	contacts, admins := p.Contacts(a.Workspace), p.Admins(a.Workspace)
	if c, ok := p.Conversation(a.Chat); ok && a.Contact == "" {
		a.Contact = c.Contacts[0]
	}
	if a.Contact == "" && len(contacts) > 0 {
		a.Contact = contacts[0].ID
	}
	if a.Admin == "" && len(admins) > 0 {
		a.Admin = admins[0].ID
	}
	if !slices.ContainsFunc(contacts, func(c Contact) bool { return c.ID == a.Contact }) && a.Contact != "" {
		return errUnknown
	}
	if !slices.ContainsFunc(admins, func(d Admin) bool { return d.ID == a.Admin }) && a.Admin != "" {
		return errUnknown
	}
	if c, _ := p.Conversation(a.Chat); a.Chat != "" && !slices.Contains(c.Contacts, a.Contact) {
		a.Chat = "" // somebody else's, after the customer was changed
	}
	if c, _ := p.Conversation(a.Chat); a.View == "" && c.Source.Type == "email" {
		a.View = "mail"
	}
	if !slices.ContainsFunc(p.Messages(a.Contact), func(m Message) bool { return m.ID == a.Message && m.Conversation == "" }) {
		a.Message = ""
	}
	if c, _ := p.Conversation(a.Conversation); a.Participant != "" && !slices.Contains(c.Contacts, a.Participant) {
		return errUnknown
	}
	return nil
}

// resolveWorkspace finds the workspace by the most telling id.
func (p *pages) resolveWorkspace(a *place) error {
	for _, id := range []string{a.Conversation, a.Chat} {
		if id == "" {
			continue
		}
		c, ok := p.Conversation(id)
		if !ok {
			return errUnknown
		}
		a.Workspace = c.Workspace
	}
	all := p.Workspaces()
	for _, w := range all {
		inside := slices.ContainsFunc(p.Contacts(w.ID), func(c Contact) bool { return c.ID == a.Contact }) ||
			slices.ContainsFunc(p.Admins(w.ID), func(d Admin) bool { return d.ID == a.Admin })
		if a.Workspace == "" && inside {
			a.Workspace = w.ID
		}
	}
	if a.Workspace == "" && len(all) > 0 {
		a.Workspace = all[0].ID
	}
	if !slices.ContainsFunc(all, func(w Workspace) bool { return w.ID == a.Workspace }) {
		return errUnknown
	}
	open, _ := p.Conversation(a.Conversation)
	a.State = cmp.Or(a.State, open.State, "open")
	return nil
}
