package views

import "rerate/views/ui"

// kind is how a setting is edited.
type kind int

const (
	toggle kind = iota
	number
	text
	lines
	choice
)

// setting is one field of the settings form; its name is the settings key.
type setting struct {
	name, label, hint string
	kind              kind
	unit, low, high   string
	choices           []ui.Choice
}

// settingsGroup is one card of the settings page.
type settingsGroup struct {
	id, title, intro string
	settings         []setting
}

// settingsGroups is the whole form. A test holds it against the contract, so that no setting is without a field.
var settingsGroups = []settingsGroup{
	{id: "counting", title: "Counting", intro: "Which rating of a conversation counts, and how figures are shown.", settings: []setting{
		{name: "policy", kind: choice, label: "Policy", hint: "The rating that counts when a conversation has several.", choices: policyNames},
		{name: "time_zone", kind: text, label: "Time zone", hint: "Days and weeks begin at midnight here. A name such as Europe/Dublin."},
		{name: "target", kind: number, label: "Target", hint: "The CSAT that you aim at, drawn into charts. 0 draws none.", unit: "%", low: "0", high: "100"},
		{name: "min_sample", kind: number, label: "Smallest sample", hint: "Figures on fewer ratings are greyed.", unit: "ratings", low: "0"},
	}},
	{id: "windows", title: "Windows", intro: "How long a customer may rate and change.", settings: []setting{
		{name: "windows.rate_hours", kind: number, label: "May rate for", hint: "Counted from the request. 0 is no limit.", unit: "hours", low: "0"},
		{name: "windows.change_hours", kind: number, label: "May change for", hint: "Counted from the rating. 0 is no limit.", unit: "hours", low: "0"},
		{name: "windows.undo_minutes", kind: number, label: "Undo time", hint: "A new tap within it replaces the rating quietly; later it is a new rating. 0 is no undo.", unit: "minutes", low: "0"},
	}},
	{id: "asking", title: "Asking", intro: "When Rerate is to ask by itself. Stored now, used once Rerate asks by itself: today teammates and Workflows send the card.", settings: []setting{
		{name: "ask.automatic", label: "Ask by itself", hint: "Off: only teammates and Workflows ask."},
		{name: "ask.users", label: "Ask users", hint: "Contacts with an account of yours."},
		{name: "ask.leads", label: "Ask leads", hint: "Contacts and visitors without an account."},
		{name: "ask.outbound", label: "Ask after outbound conversations", hint: "Conversations that a teammate or a message of yours started."},
		{name: "ask.workflow_started", label: "Ask after conversations that a Workflow started", hint: "Off: only where the customer wrote first."},
		{name: "ask.require_teammate_reply", label: "Only after a teammate took part", hint: "Conversations that only a bot answered are not asked."},
		{name: "ask.min_characters", kind: number, label: "Shortest conversation", hint: "Conversations with fewer characters in all are not asked. 0 asks all.", unit: "characters", low: "0"},
		{name: "ask.max_days_since_reply", kind: number, label: "Closed within", hint: "Conversations closed longer after the last reply are not asked. 0 asks all.", unit: "days", low: "0"},
		{name: "ask.skip_group", label: "Leave out group conversations", hint: "Conversations with more than one contact are not asked."},
		{name: "ask.skip_bot_assignee", label: "Leave out conversations of a bot", hint: "Not asked while the assignee is a bot."},
		{name: "ask.suppress_tags", kind: lines, label: "Tags that forbid asking", hint: "One tag a line. A conversation with one of them is not asked."},
		{name: "ask.sample_percent", kind: number, label: "Sample", hint: "How many of the conversations that may be asked are asked.", unit: "%", low: "0", high: "100"},
	}},
	{id: "how-often", title: "How and how often", intro: "Channels, delay and limits of asking by itself. Stored now, used once Rerate does.", settings: []setting{
		{name: "ask.channels.chat", label: "Ask in chat", hint: "Conversations that began in the Messenger."},
		{name: "ask.channels.email", label: "Ask by e-mail", hint: "Conversations that began by e-mail get a link."},
		{name: "ask.chat_method", kind: choice, label: "How to ask in chat", hint: "A Workflow's card means that your Workflow shows the card; Rerate only decides and records.", choices: []ui.Choice{
			{Value: "link", Label: "Comment with one link for each emoji"}, {Value: "quick_reply", Label: "Buttons in the Messenger"}, {Value: "workflow_card", Label: "A Workflow's card"},
		}},
		{name: "ask.delay_minutes", kind: number, label: "Delay", hint: "Wait this long after the close; a reopen cancels. 0 asks at once.", unit: "minutes", low: "0"},
		{name: "ask.max_per_conversation", kind: number, label: "Most requests for one conversation", hint: "0 is no limit.", unit: "requests", low: "0"},
		{name: "ask.suppression_days", kind: number, label: "Rest for a contact", hint: "Who was asked is not asked again for this long. 0 is no rest.", unit: "days", low: "0"},
	}},
	{id: "intercom", title: "What Intercom gets", intro: "What Rerate writes to the conversation after a rating.", settings: []setting{
		{name: "note", kind: choice, label: "Private note", hint: "Tells the team the new rating, the first one, and the remark.", choices: []ui.Choice{
			{Value: "full", Label: "Full"}, {Value: "no_score", Label: "Without the score"}, {Value: "off", Label: "No note"},
		}},
		{name: "write_back.attributes", label: "Conversation attributes", hint: "First, latest and counted rating and the change, for views and reports."},
		{name: "write_back.event", label: "Event on the contact", hint: "For series, segments and filters of people."},
		{name: "write_back.tag", kind: text, label: "Tag", hint: "Put on every conversation that was rated. Empty puts none."},
		{name: "write_back.native_rating", label: "Intercom's own rating", hint: "Also answers Intercom's own request where it still takes an answer."},
	}},
	{id: "tests", title: "Test mode and data", intro: "", settings: []setting{
		{name: "test_mode", label: "Test mode", hint: "Every new rating is marked as a test and left out of every figure."},
		{name: "test_contacts", kind: lines, label: "Test contacts", hint: "One contact id or e-mail address a line. Stored now, used once Rerate asks by itself."},
		{name: "retention_days", kind: number, label: "Keep ratings for", hint: "Stored now; nothing is erased by age yet. 0 keeps everything.", unit: "days", low: "0"},
	}},
}

// field is the control of a setting with its value and error.
func (s setting) field(p SettingsProps) ui.Field {
	field := ui.Field{Name: s.name, Label: s.label, Hint: s.hint, Value: p.Values[s.name], Error: p.Errors[s.name], Unit: s.unit}
	switch s.kind {
	case number:
		field.Type, field.Min, field.Max, field.Class, field.Required = "number", s.low, s.high, "w-28", true
		if s.name == "target" {
			field.Step = "any"
		}
	case text:
		field.Class = "w-full max-w-xs"
	case choice:
		field.Class = "w-full max-w-xs"
	case lines:
		field.Class = "max-w-md"
	}
	return field
}
