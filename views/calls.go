package views

import (
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	"rerate/views/ui"
)

// CallsProps is the list of calls between Intercom and Rerate.
type CallsProps struct {
	Page                Page
	Filter              CallFilter
	Live, Test, Invalid int // calls in each tab under the other filters
	Rows                []CallRow
	Kinds               []string // that occur
	NextHref, FirstHref string   // "" where there is no such page
	Ignored             []string // query values that were not understood, as one sentence each
	Unlisted            Unlisted
	TestMode            bool // it is on now
	GivenUp             []GivenUp
	Trouble             *Trouble // nil: calls are made
	Days, Most          int      // how long and how many calls are kept
}

// CallFilter is the state of the page: each field is the query value of its name, "" for no limit. The tab "" is live.
type CallFilter struct{ Tab, Direction, Kind, Conversation, Cursor string }

// CallRow is one call.
type CallRow struct {
	ID             string
	At             time.Time
	In             bool   // Intercom called Rerate
	Kind           string // "messenger submit", a webhook's topic, "POST note", …
	Path           string // method and address, with {id} in place of ids
	ConversationID string
	Test           bool
	Status         int    // HTTP; 0: no answer
	Outcome        string // "done", "refused" or "failed"
	Reason         string
	Millis         int64
	IntercomURL    string // the conversation in Intercom
	StoryHref      string // the story of the conversation, where it was rated
}

// GivenUp is work that failed as often as it may.
type GivenUp struct {
	ID             string
	Kind           string // of the job
	ConversationID string // "" where it is not about one
	At             time.Time
	Attempts       int
}

// Trouble says that calls are paused since Intercom failed again and again.
type Trouble struct {
	Failures     int // in a row
	Since, Until time.Time
}

// nextTry says when the next call is made while calls pause.
func (p CallsProps) nextTry() string {
	switch wait := p.Trouble.Until.Sub(p.Page.Now); {
	case wait <= 0:
		return "with the next call"
	case wait <= time.Minute:
		return "in " + count(int(math.Ceil(wait.Seconds())), "second", "seconds")
	default:
		return "in " + count(int(math.Ceil(wait.Minutes())), "minute", "minutes")
	}
}

// workNames say what a job does. A kind that is not here stands as it is.
var workNames = []ui.Choice{
	{Value: "sync", Label: "Bring the conversation in line: note, attributes, asking"},
	{Value: "profile", Label: "Read what is known of a contact"},
	{Value: "members", Label: "Work out who is in a segment"},
	{Value: "fill", Label: "Prepare the messages of a segment"},
	{Value: "release", Label: "Take up the messages of a segment"},
	{Value: "message", Label: "Send a message of a segment"},
	{Value: "poll", Label: "Look through what changed in Intercom"},
	{Value: "digest_mail", Label: "Send a mail of the weekly digest"},
	{Value: "deliver", Label: "Send to a webhook or an alert"},
	{Value: "import", Label: "Add a file of old ratings"},
	{Value: "backfill", Label: "Read Intercom's past"},
	{Value: "erase", Label: "Erase what is too old to be kept"},
	{Value: "recount", Label: "Count the figures anew"},
}

// Unlisted are calls since the start of the process that are in no list, since nobody knows whose they are, or since
// they came too fast.
type Unlisted struct {
	WrongSignature   int
	WrongSignatureAt time.Time
	Unreadable       int
	UnreadableAt     time.Time
	Lost             int
}

// URL is the page with the filter as its query.
func (f CallFilter) URL() string {
	var query []string
	for _, field := range [][2]string{
		{"tab", f.Tab}, {"direction", f.Direction}, {"kind", f.Kind}, {"conversation", f.Conversation}, {"cursor", f.Cursor},
	} {
		if field[1] != "" {
			query = append(query, field[0]+"="+url.QueryEscape(field[1]))
		}
	}
	if len(query) == 0 {
		return "/calls"
	}
	return "/calls?" + strings.Join(query, "&")
}

// Without is the filter without one of its limits, from its first page.
func (f CallFilter) Without(name string) CallFilter {
	f.Cursor = ""
	switch name {
	case "direction":
		f.Direction = ""
	case "kind":
		f.Kind = ""
	case "conversation":
		f.Conversation = ""
	}
	return f
}

func (f CallFilter) forTab(tab string) CallFilter {
	f.Tab, f.Cursor = tab, ""
	return f
}

var callDirections = []ui.Choice{{Value: "in", Label: "Intercom → Rerate"}, {Value: "out", Label: "Rerate → Intercom"}}

// callNames say what a call is about. A kind that is not here stands as it is.
var callNames = []ui.Choice{
	{Value: "messenger initialize", Label: "Card is shown"},
	{Value: "messenger submit", Label: "Card is tapped"},
	{Value: "messenger configure", Label: "Card is set up"},
	{Value: "messenger live", Label: "Live card is shown"},
	{Value: "inbox initialize", Label: "Inbox app is shown"},
	{Value: "inbox submit", Label: "Inbox app is used"},
	{Value: "uninstall", Label: "App is uninstalled"},
	{Value: "health", Label: "Health check"},
	{Value: "webhook", Label: "Webhook"},
	{Value: "ping", Label: "Test webhook"},
	{Value: "conversation.admin.closed", Label: "Teammate closed"},
	{Value: "conversation.admin.opened", Label: "Teammate opened"},
	{Value: "conversation.admin.replied", Label: "Teammate replied"},
	{Value: "conversation.admin.noted", Label: "Teammate wrote a note"},
	{Value: "conversation.admin.assigned", Label: "Conversation assigned"},
	{Value: "conversation.admin.open.assigned", Label: "Opened and assigned"},
	{Value: "conversation.admin.snoozed", Label: "Conversation snoozed"},
	{Value: "conversation.admin.unsnoozed", Label: "Snooze ended"},
	{Value: "conversation.admin.single.created", Label: "Teammate wrote first"},
	{Value: "conversation.user.created", Label: "Customer wrote first"},
	{Value: "conversation.user.replied", Label: "Customer replied"},
	{Value: "conversation.operator.replied", Label: "Bot replied"},
	{Value: "conversation.rating.added", Label: "Intercom's own rating"},
	{Value: "conversation.deleted", Label: "Conversation deleted"},
	{Value: "conversation.contact.attached", Label: "Somebody joined"},
	{Value: "conversation.contact.detached", Label: "Somebody left"},
	{Value: "conversation_part.tag.created", Label: "Message tagged"},
	{Value: "contact.archived", Label: "Contact archived"},
	{Value: "contact.unarchive", Label: "Contact back from the archive"},
	{Value: "contact.deleted", Label: "Contact deleted"},
	{Value: "contact.merged", Label: "Contacts merged"},
	{Value: "GET me", Label: "Ask whose access it is"},
	{Value: "GET admins", Label: "Read the teammates"},
	{Value: "GET conversations", Label: "Read the conversation"},
	{Value: "POST conversations/search", Label: "Search conversations"},
	{Value: "PUT conversations", Label: "Write attributes"},
	{Value: "GET conversations/attributes", Label: "Read the attributes"},
	{Value: "POST conversations/attributes", Label: "Make an attribute"},
	{Value: "POST note", Label: "Write a note"},
	{Value: "POST comment", Label: "Write to the customer"},
	{Value: "POST quick_reply", Label: "Offer quick replies"},
	{Value: "POST close", Label: "Close the conversation"},
	{Value: "POST conversations/rating", Label: "Write Intercom's own rating"},
	{Value: "POST conversations/tags", Label: "Tag the conversation"},
	{Value: "POST tags", Label: "Find or make a tag"},
	{Value: "POST events", Label: "Record an event"},
	{Value: "POST messages", Label: "Send a message"},
	{Value: "GET contacts", Label: "Read the contact"},
	{Value: "GET contacts/companies", Label: "Read the contact's companies"},
	{Value: "GET events", Label: "Read the contact's events"},
	{Value: "POST open", Label: "Open the conversation"},
	{Value: "POST contacts/search", Label: "Search contacts"},
}

func (p CallsProps) tabs() []ui.Tab {
	return []ui.Tab{
		{Label: "Live", Href: p.Filter.forTab("").URL(), Count: grouped(p.Live), Current: p.Filter.Tab == ""},
		{Label: "Test", Href: p.Filter.forTab("test").URL(), Count: grouped(p.Test), Current: p.Filter.Tab == "test"},
		{Label: "Invalid", Href: p.Filter.forTab("invalid").URL(), Count: grouped(p.Invalid), Current: p.Filter.Tab == "invalid"},
	}
}

// kinds are the kinds to choose from; one that is in force is among them though it does not occur.
func (p CallsProps) kinds() []ui.Choice {
	all := []ui.Choice{{Label: "Every kind"}}
	in := false
	for _, kind := range p.Kinds {
		all = append(all, ui.Choice{Value: kind, Label: word(callNames, kind)})
		in = in || kind == p.Filter.Kind
	}
	if !in && p.Filter.Kind != "" {
		all = append(all, ui.Choice{Value: p.Filter.Kind, Label: word(callNames, p.Filter.Kind)})
	}
	return all
}

type callPill struct{ Label, Bare string }

func (p CallsProps) pills() []callPill {
	var all []callPill
	add := func(value, name, label string) {
		if value != "" {
			all = append(all, callPill{label, p.Filter.Without(name).URL()})
		}
	}
	f := p.Filter
	add(f.Direction, "direction", word(callDirections, f.Direction))
	add(f.Kind, "kind", word(callNames, f.Kind))
	add(f.Conversation, "conversation", "Conversation: "+f.Conversation)
	return all
}

// said is read aloud when the list has changed.
func (p CallsProps) said() string {
	return map[string]string{"": "Live", "test": "Test", "invalid": "Invalid"}[p.Filter.Tab] + ": " + count(p.total(), "call", "calls") + "."
}

// total is how many calls the tab and the filter leave.
func (p CallsProps) total() int {
	switch p.Filter.Tab {
	case "test":
		return p.Test
	case "invalid":
		return p.Invalid
	}
	return p.Live
}

func (p CallsProps) all() int { return p.Live + p.Test + p.Invalid }

// nothing says why the tab is empty, and what would fill it.
func (p CallsProps) nothing() (title, text string) {
	switch {
	case len(p.pills()) > 0 && p.all() == 0:
		return "No such call", fmt.Sprintf("No call of the last %d days fits the filter, in no tab.", p.Days)
	case len(p.pills()) > 0:
		return "No such call here", "No call in this tab fits the filter. The counts above say which tab has some."
	case p.Filter.Tab == "invalid":
		return "Nothing went wrong", fmt.Sprintf("Every call of the last %d days was honoured.", p.Days)
	case p.Filter.Tab == "test" && p.TestMode:
		return "No call in test mode yet", "Test mode is on. Ask one of the test contacts, and the calls of that stand here."
	case p.Filter.Tab == "test":
		return "Test mode is off", "While test mode is on, calls stand here and not under Live."
	case p.TestMode:
		return "No live call", "Test mode is on, so calls stand under Test."
	}
	return "No call yet", "Intercom has not called Rerate, nor Rerate Intercom. Open a conversation in the Inbox with the Rerate app beside it: that makes one."
}

// status is the HTTP status in words.
func (r CallRow) status() string {
	if r.Status == 0 {
		return "no answer"
	}
	return fmt.Sprint(r.Status)
}

func (r CallRow) took() string {
	if r.Millis < 1 {
		return "under 1 ms"
	}
	return grouped(int(r.Millis)) + " ms"
}

// about names the call for those who hear its links.
func (r CallRow) about() string { return word(callNames, r.Kind) }
