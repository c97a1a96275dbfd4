package views

import (
	"strings"

	"rerate/views/ui"
)

// policyNames are the policies as a select shows them, in the order of design.
var policyNames = []ui.Choice{
	{Value: "first", Label: "First rating"},
	{Value: "latest", Label: "Latest rating"},
	{Value: "average", Label: "Average of all ratings"},
	{Value: "best", Label: "Best rating"},
	{Value: "worst", Label: "Worst rating"},
}

// outcomeNames say which rows a figure links to. But for the last three each conversation stands with its latest rating.
var outcomeNames = []ui.Choice{
	{Value: "rated", Label: "conversations, each with its latest rating"},
	{Value: "again", Label: "conversations rated more than once"},
	{Value: "better", Label: "conversations that went up"},
	{Value: "same", Label: "conversations that stayed the same"},
	{Value: "worse", Label: "conversations that went down"},
	{Value: "first_low", Label: "conversations with a low first rating"},
	{Value: "asked", Label: "low first ratings that were asked again"},
	{Value: "answered", Label: "low first ratings that were rated again"},
	{Value: "recovered", Label: "recovered conversations"},
	{Value: "replied", Label: "low first ratings that a teammate answered before the next"},
	{Value: "won_back", Label: "recovered after a teammate's reply"},
	{Value: "alone", Label: "low first ratings with no teammate's reply before the next"},
	{Value: "came_back", Label: "recovered without a teammate's reply"},
	{Value: "lost", Label: "conversations that are not positive any more"},
	{Value: "gained", Label: "conversations that became positive"},
	{Value: "low", Label: "conversations with a low latest rating"},
	{Value: "not_asked", Label: "low latest ratings not asked again"},
	{Value: "responded", Label: "answers to requests of this range"},
	{Value: "first_neutral", Label: "conversations with a neutral first rating"},
	{Value: "again_neutral", Label: "neutral first ratings that were rated again"},
	{Value: "first_positive", Label: "conversations with a positive first rating"},
	{Value: "again_positive", Label: "positive first ratings that were rated again"},
	{Value: "happy", Label: "positive ratings with a remark"},
	{Value: "responded_new", Label: "answers to first asks of this range"},
	{Value: "responded_again", Label: "answers to asks again of this range"},
}

// closesNames say which closed episodes the ledger is narrowed to.
var closesNames = []ui.Choice{{Value: "all", Label: "Only closed ones, tests left out"}, {Value: "asked", Label: "Only closed ones that were asked, tests left out"}}

var changeNames = []ui.Choice{
	{Value: "better", Label: "↑ Better"}, {Value: "same", Label: "= Same"}, {Value: "worse", Label: "↓ Worse"}, {Value: "first", Label: "First rating"},
}

var channelNames = []ui.Choice{
	{Value: "chat", Label: "Chat"},
	{Value: "email", Label: "E-mail"},
	{Value: "whatsapp", Label: "WhatsApp"},
	{Value: "sms", Label: "SMS"},
	{Value: "facebook", Label: "Facebook"},
	{Value: "instagram", Label: "Instagram"},
	{Value: "twitter", Label: "Twitter"},
	{Value: "phone_call", Label: "Phone call"},
	{Value: "phone_switch", Label: "Phone switch"},
}

var sourceNames = []ui.Choice{
	{Value: "card", Label: "Messenger card"},
	{Value: "link", Label: "rating link"},
	{Value: "quick_reply", Label: "quick reply"},
	{Value: "home", Label: "Messenger Home"},
	{Value: "intercom", Label: "Intercom's own rating"},
	{Value: "import", Label: "import"},
	{Value: "teammate", Label: "teammate, by hand"},
}

// statusNames are the groups of the ledger's rows.
var statusNames = []ui.Choice{
	{Value: "asked", Label: "Asked"},
	{Value: "answered", Label: "Asked and answered"},
	{Value: "waiting", Label: "Asked, waiting for an answer"},
	{Value: "unanswered", Label: "Asked, not answered in time"},
	{Value: "not_asked", Label: "Not asked"},
	{Value: "due", Label: "To be asked"},
	{Value: "failed", Label: "Could not be asked"},
}

// requestEnds say how far a request has come; where it was rated the rating itself stands in the story.
var requestEnds = []ui.Choice{
	{Value: "sent", Label: "no answer yet"}, {Value: "seen", Label: "seen, no answer yet"}, {Value: "expired", Label: "not answered in time"},
}

// creditNames are the rules that say whose work a rating is about.
var creditNames = []ui.Choice{
	{Value: "last_human_reply", Label: "who replied last before it"},
	{Value: "last_bot_reply", Label: "a bot, who replied last before it"},
	{Value: "last_teammate", Label: "who worked on it last"},
}

// reasonNames are what a customer says has changed between two ratings.
var reasonNames = []ui.Choice{
	{Value: "fixed", Label: "it is fixed"},
	{Value: "explained", Label: "it was explained"},
	{Value: "still_broken", Label: "it is still broken"},
	{Value: "tapped_wrong", Label: "tapped the wrong face before"},
}

var methodNames = []ui.Choice{
	{Value: "card", Label: "by Messenger card"},
	{Value: "link", Label: "by link"},
	{Value: "quick_reply", Label: "by quick reply"},
	{Value: "workflow_card", Label: "by a Workflow's card"},
	{Value: "home", Label: "on Messenger Home"},
	{Value: "message", Label: "by message to a segment"},
}

var writeNames = []ui.Choice{
	{Value: "note", Label: "Private note"},
	{Value: "follow_up_note", Label: "Note for a later remark"},
	{Value: "attributes", Label: "Conversation attributes"},
	{Value: "event", Label: "Event on the contact"},
	{Value: "tag", Label: "Tag"},
	{Value: "native_rating", Label: "Intercom's own rating"},
}

// capital makes a word begin with a capital letter.
func capital(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// word is the label of a value, or the value itself where it has none.
func word(names []ui.Choice, value string) string {
	for _, name := range names {
		if name.Value == value {
			return name.Label
		}
	}
	return value
}

// orAll puts the choice of no limit before the others.
func orAll(label string, choices []ui.Choice) []ui.Choice {
	return append([]ui.Choice{{Label: label}}, choices...)
}

// methodChoices are the ways to ask as a select shows them.
func methodChoices() []ui.Choice {
	choices := make([]ui.Choice, len(methodNames))
	for i, m := range methodNames {
		choices[i] = ui.Choice{Value: m.Value, Label: capital(m.Label)}
	}
	return choices
}
