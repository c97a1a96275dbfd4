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
	name, story, app := firstName(contacts[0].Name), p.Story(at.Workspace), p.appURL()

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
		fill(asTeammate, story.Asked,
			"Ask again from the Inbox", "Press Ask again beside the conversation (or Apps below the reply), then Send reply."),
		fill(asCustomer, story.Rated,
			"Tap a face as "+name, "In the Messenger, tap one face on the card. The tap alone is saved."),
		fill(asCustomer, story.Remarked,
			"Add a remark", "Below the faces, write what you think and press Send."),
		fill(asTeammate, story.Noted,
			"Read the private note", "A yellow note in the Inbox tells the team. It comes by itself, within seconds."),
		fill(asCustomer, story.RatedAgain,
			"Come back and rate again", "As "+name+", write once more. Ask again, then tap another face: a note says better or worse."),
		fill(step{Link: "Wording ↗", Wide: app + "/wording", Phone: app + "/wording"}, story.NewWording,
			"Change the question", "In the dashboard, change the question and publish it. Then ask again: the next card has it."),
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
