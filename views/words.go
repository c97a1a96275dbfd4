package views

import "rerate/views/ui"

// policyNames are the policies as a select shows them, in the order of design.
var policyNames = []ui.Choice{
	{Value: "first", Label: "First rating"},
	{Value: "latest", Label: "Latest rating"},
	{Value: "average", Label: "Average of all ratings"},
	{Value: "best", Label: "Best rating"},
	{Value: "worst", Label: "Worst rating"},
}

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

// requestEnds are the states of a request that somebody was asked by.
var requestEnds = []ui.Choice{
	{Value: "seen", Label: "seen"}, {Value: "rated", Label: "rated"}, {Value: "remarked", Label: "rated with a remark"}, {Value: "expired", Label: "ran out"},
}

var methodNames = []ui.Choice{
	{Value: "card", Label: "by Messenger card"},
	{Value: "link", Label: "by link"},
	{Value: "quick_reply", Label: "by quick reply"},
	{Value: "workflow_card", Label: "by a Workflow's card"},
	{Value: "home", Label: "on Messenger Home"},
}

var writeNames = []ui.Choice{
	{Value: "note", Label: "Private note"},
	{Value: "follow_up_note", Label: "Note for a later remark"},
	{Value: "attributes", Label: "Conversation attributes"},
	{Value: "event", Label: "Event on the contact"},
	{Value: "tag", Label: "Tag"},
	{Value: "native_rating", Label: "Intercom's own rating"},
}

var sentimentNames = []ui.Choice{
	{Value: "", Label: "By place"}, {Value: "negative", Label: "Negative"}, {Value: "neutral", Label: "Neutral"}, {Value: "positive", Label: "Positive"},
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
