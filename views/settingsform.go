package views

import "rerate/views/ui"

// kind is how a setting is edited.
type kind int

const (
	toggle kind = iota
	number
	text
	lines
	choice  // a list that opens
	choices // all to see, each with a sentence
)

// setting is one field of the settings form; its name is the settings key.
type setting struct {
	name, label, hint string
	kind              kind
	unit, low, high   string
	choices           []ui.Choice
	part              string // heading of the part of the group that begins here
	needs             string // class of what only holds while another setting is on; settings.css greys it
}

// settingsGroup is one section of the settings page.
type settingsGroup struct {
	id, title, intro string
	settings         []setting
}

const needsChat = "needs-chat"

// settingsGroups is the whole form. A test holds it against the contract, so that no setting is without a field.
var settingsGroups = []settingsGroup{
	{id: "asking", title: "Asking by itself", intro: "When a conversation is closed, each rule is asked in turn; the first no decides, and the ledger names it.", settings: []setting{
		{name: "ask.automatic", label: "Ask by itself", hint: "A close is asked when every rule says yes. Off: only teammates and Workflows ask."},
		{part: "When: after which conversations", name: "ask.require_teammate_reply", label: "Only after a teammate took part", hint: "A teammate must have written since the conversation was opened, or have begun it; a bot's answer is not enough. Same as Intercom."},
		{name: "ask.min_characters", kind: number, label: "Shortest conversation", hint: "All messages together must have more characters than this: at 250, 250 are too few and 251 are enough. 0 asks all. Same as Intercom: 250.", unit: "characters", low: "0"},
		{name: "ask.max_days_since_reply", kind: number, label: "Closed within", hint: "At most this many times 24 hours after the last reply, to the second. 0 asks all. Same as Intercom: 7.", unit: "days", low: "0"},
		{name: "ask.skip_group", label: "Leave out group conversations", hint: "Conversations with more than one contact are not asked. Same as Intercom."},
		{name: "ask.skip_bot_assignee", label: "Leave out conversations of a bot", hint: "Not asked if a bot is the assignee when it is closed."},
		{name: "ask.suppress_tags", kind: lines, label: "Tags that forbid asking", hint: "One tag a line. Not asked if the conversation or one of its messages has one of them; small and capital letters are the same."},
		{part: "Who", name: "ask.users", label: "Users", hint: "Contacts with an account of yours. Same as Intercom: on."},
		{name: "ask.leads", label: "Leads", hint: "Contacts and visitors without an account. Same as Intercom: on."},
		{name: "ask.outbound", label: "Outbound conversations", hint: "Those that a teammate or a message of yours began. Same as Intercom: off."},
		{name: "ask.workflow_started", label: "Conversations that a Workflow began", hint: "Off: only those that the customer or, if outbound is on, the team began."},
		{part: "How", name: "ask.channels.chat", label: "Ask in chat", hint: "Conversations that began in the Messenger."},
		{name: "ask.chat_method", kind: choice, needs: needsChat, label: "How to ask in chat", hint: "A Workflow's card: your Workflow shows the card, Rerate only decides and records.", choices: []ui.Choice{
			{Value: "link", Label: "A link for each emoji"}, {Value: "quick_reply", Label: "Buttons in the Messenger"}, {Value: "workflow_card", Label: "A Workflow's card"},
		}},
		{name: "ask.channels.email", label: "Ask by e-mail", hint: "Conversations that began by e-mail get a link. Other channels are asked by hand only."},
		{name: "ask.delay_minutes", kind: number, label: "Delay", hint: "Wait this long after the close; a reopen or a snooze before it is over takes the request back. 0 asks at once.", unit: "minutes", low: "0"},
		{part: "How often", name: "ask.max_per_conversation", kind: number, label: "Most requests for one conversation", hint: "Conversations that had as many, by hand or by itself, are not asked. 0 is no limit, yet never more than 3 in 24 hours. Intercom asks once.", unit: "requests", low: "0"},
		{name: "ask.suppression_days", kind: number, label: "Rest for a contact", hint: "Who was asked in any conversation less than this many times 24 hours before is not asked. 0 is no rest.", unit: "days", low: "0"},
		{name: "ask.sample_percent", kind: number, label: "Sample", hint: "A lot is drawn for each close: 100 asks all that the rules let through, 0 nobody.", unit: "%", low: "0", high: "100"},
	}},
	{id: "tests", title: "Test mode and data", intro: "Trying Rerate out, and how long ratings are kept.", settings: []setting{
		{name: "test_mode", label: "Test mode", hint: "Only test contacts are asked, and what is rated is marked as a test and left out of every figure."},
		{name: "test_contacts", kind: lines, label: "Test contacts", hint: "One contact id or e-mail address a line."},
		{name: "retention_days", kind: number, label: "Keep ratings for", hint: "Older remarks, replies, feedback and subjects are erased each day for good, and name, address and profile of whoever was not heard of since. Scores and figures stay. 0 keeps everything.", unit: "days", low: "0"},
	}},
	{id: "counting", title: "Counting", intro: "Which rating of a conversation counts, and how figures are shown.", settings: []setting{
		{name: "policy", kind: choice, label: "Policy", hint: "The rating that counts when a conversation has several.", choices: policyNames},
		{name: "time_zone", kind: text, label: "Time zone", hint: "Days and weeks begin at midnight here. A name such as Europe/Dublin."},
		{name: "target", kind: number, label: "Target", hint: "The CSAT that you aim at, drawn into charts. 0 draws none.", unit: "%", low: "0", high: "100"},
		{name: "min_sample", kind: number, label: "Smallest sample", hint: "Figures on fewer ratings are greyed.", unit: "ratings", low: "0"},
	}},
	{id: "windows", title: "Rating and changing", intro: "How long a customer may rate, and change the rating.", settings: []setting{
		{name: "windows.rate_hours", kind: number, label: "May rate for", hint: "Counted from the request. 0 is no limit.", unit: "hours", low: "0"},
		{name: "windows.change_hours", kind: number, label: "May change for", hint: "Counted from the rating. 0 is no limit.", unit: "hours", low: "0"},
		{name: "windows.undo_minutes", kind: number, label: "Undo time", hint: "A new tap within it replaces the rating quietly; later it is a new rating. 0 is no undo.", unit: "minutes", low: "0"},
	}},
	{id: "intercom", title: "What Intercom gets", intro: "What Rerate writes to the conversation after a rating.", settings: []setting{
		{name: "note", kind: choices, label: "Private note", hint: "Tells the team how the customer rated.", choices: []ui.Choice{
			{Value: "full", Label: "Full", Hint: "The new rating, the first one, and the remark."},
			{Value: "no_score", Label: "Without the score", Hint: "Only that the customer rated, and the remark."},
			{Value: "off", Label: "No note", Hint: "Nothing is written into the conversation."},
		}},
		{name: "write_back.attributes", label: "Conversation attributes", hint: "First, latest and counted rating and the change, for views and reports."},
		{name: "write_back.event", label: "Event on the contact", hint: "For series, segments and filters of people."},
		{name: "write_back.tag", kind: text, label: "Tag", hint: "Put on every conversation that was rated. Empty puts none."},
		{name: "write_back.native_rating", label: "Intercom's own rating", hint: "Also answers Intercom's own request where it still takes an answer."},
	}},
}

// ruled says that the whole group rests while its first switch is off.
func (g settingsGroup) ruled() bool { return g.id == "asking" }

// field is the control of a setting with its value and error.
func (s setting) field(p SettingsProps) ui.Field {
	field := ui.Field{Name: s.name, Label: s.label, Hint: s.hint, Value: p.Values[s.name], Error: p.Errors[s.name], Unit: s.unit, Beside: true}
	switch s.kind {
	case number:
		field.Type, field.Min, field.Max, field.Required, field.Narrow = "number", s.low, s.high, true, true
		if s.name == "target" {
			field.Step = "any"
		}
	case lines, choices:
		field.Beside = false
	}
	return field
}
