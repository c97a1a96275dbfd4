package intercomtest

import "slices"

// step is one line of the list of things to try.
type step struct {
	Title string
	Says  string
	Link  string // what the link to the place says
	Wide  string // the link's address, for a window with room for both sides; outside of the sandbox a whole URL
	Phone string // and for one with room for one
	Done  bool
}

// guide is the list of things to try, ticked off by what has happened.
type guide struct {
	Steps []step
}

// guide is empty where there is no conversation to try it in.
func (p *pages) guide(at place) guide {
	contacts := p.Contacts(at.Workspace)
	if len(contacts) == 0 {
		return guide{}
	}
	chats := p.ConversationsOf(contacts[0].ID)
	if len(chats) == 0 {
		return guide{}
	}
	chat := slices.MinFunc(chats, func(a, b Conversation) int { return a.CreatedAt.Compare(b.CreatedAt) }).ID
	name, story, app, appName := firstName(contacts[0].Name), p.Story(at.Workspace), p.appURL(), p.Options().AppName

	here := place{Page: pathBoth, Workspace: at.Workspace, Admin: at.Admin, Contact: contacts[0].ID, Chat: chat, Conversation: chat}
	both := here.URL()
	inbox, messenger := here.page(pathInbox), here.page(pathMessenger)
	asTeammate := step{Link: "Inbox →", Wide: both + "#composer", Phone: inbox.URL() + "#composer"}
	asCustomer := step{Link: "Messenger →", Wide: both + "#chat", Phone: messenger.URL() + "#chat"}
	fill := func(s step, done bool, title, says string) step {
		s.Done, s.Title, s.Says = done, title, says
		return s
	}
	return guide{Steps: []step{
		fill(step{Link: "Inbox →", Wide: here.open(chat, ""), Phone: inbox.open(chat, "")}, story.Opened,
			"Read "+name+"’s conversation", "In the Inbox, see that "+name+" rated it Bad once, and then came back."),
		fill(step{Link: "Inbox →", Wide: both + "#inbox-head", Phone: inbox.URL() + "#inbox-head"}, story.Asked,
			"Close it", "Press Close above the conversation: "+appName+" asks "+name+" again, by itself, within seconds."),
		fill(asCustomer, story.Rated,
			"Rate as "+name, "In the Messenger, tap a bad face. A page opens: confirm it there, with a remark if you like."),
		fill(asTeammate, story.Noted,
			"Read the private note", "A yellow note in the Inbox tells the team. It comes by itself, within seconds."),
		fill(step{Link: "Messenger →", Wide: both + "#reply", Phone: messenger.URL() + "#reply"}, story.CameBack,
			"Come back as "+name, "Write once more in the Messenger: the conversation opens again."),
		fill(asTeammate, story.AskedAgain,
			"Answer and close again", "Send a reply, then press Close: "+appName+" asks a second time."),
		fill(asCustomer, story.RatedAgain,
			"Rate again", "As "+name+", tap the best face of the new question: a note says better, and how it was before."),
		fill(asTeammate, story.SentCard,
			"Ask by hand", "Press Ask again beside the conversation, then Send reply: the card has the faces in it."),
		fill(step{Link: "Wording ↗", Wide: app + "/wording", Phone: app + "/wording"}, story.NewWording,
			"Change the question", "In the dashboard, change the question and publish it. Then ask again: the next one has it."),
		fill(step{Link: "Overview ↗", Wide: app + "/", Phone: app + "/"}, story.SeenFigures,
			"See it in the figures", "After a rating, open the overview in the dashboard."),
	}}
}

// Count is how many steps have been done.
func (g guide) Count() int {
	n := 0
	for _, s := range g.Steps {
		if s.Done {
			n++
		}
	}
	return n
}

// Next is the first step that has not been done; nil when all have.
func (g guide) Next() *step {
	for i := range g.Steps {
		if !g.Steps[i].Done {
			return &g.Steps[i]
		}
	}
	return nil
}
