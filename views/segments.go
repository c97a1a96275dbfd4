package views

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rerate/views/ui"
)

// SegmentsProps is the list of segments.
type SegmentsProps struct {
	Page Page
	Rows []SegmentRow
}

// SegmentRow is one segment and what it has come to.
type SegmentRow struct {
	ID, Name   string
	Conditions []string // in words
	Any        bool     // one of them is enough
	Channel    string   // "in_app" or "email"
	Automatic  bool
	Paused     bool
	Working    bool // who is in it is being worked out
	Members    int
	Sent       int
	Answered   int
	Waiting    int
	Failed     int
	Skipped    int
}

// SegmentProps is the page of one segment, or of a new one. Its form posts to /segments/new or /segments/{id}, with the
// field do: "save", "preview", "add" or "remove.N".
type SegmentProps struct {
	Page    Page
	Segment SegmentRow // an empty ID: a new one
	Version int
	SavedAt time.Time
	SavedBy string

	Form    SegmentForm
	Errors  map[string]string // by field
	Refused bool
	Changed bool // the form holds what is not stored

	Preview SegmentPreview
	Message MessagePreview

	TestMode bool // only test contacts get anything

	State     string // of the messages listed: "" for all
	Messages  []MessageRow
	FirstHref string
	NextHref  string
}

// SegmentForm is the form as stored, or as it was sent.
type SegmentForm struct {
	Name       string
	Any        bool
	Conditions []ConditionForm
	Channel    string
	Subject    string
	Body       string
}

// ConditionForm is one condition and what its parts can be.
type ConditionForm struct {
	Field, Name, Operator, Value string

	Fields    []ui.Choice
	Named     string // what the name is: "attribute", "event"; empty: there is none
	Operators []ui.Choice
	Choices   []ui.Choice // of the value, where there are few
	ValueType string      // "text", "number", "date", "days", or "" where no value is needed
}

// SegmentPreview is who would be in the segment.
type SegmentPreview struct {
	Known    bool // false: there is nothing to work out yet
	In       int
	LookedAt int
	All      bool // everybody was looked at
	First    []MatchedContact
}

// MatchedContact is somebody who is in, and why.
type MatchedContact struct {
	Name string
	Why  []string
}

// MessagePreview is the message as a contact gets it.
type MessagePreview struct {
	Channel    string
	Subject    string
	Paragraphs []string
	Question   string
	Options    []ui.Score
}

// MessageRow is one message of a segment.
type MessageRow struct {
	ID           string
	Contact      string
	State        string // "waiting", "begun", "sent", "failed" or "skipped"
	Detail       string
	Automatic    bool
	By           string // the teammate who had it sent
	Channel      string
	At           time.Time // when it was sent, or planned
	Answer       string    // what became of the ask, once it was sent
	Conversation string    // Intercom's page of it; empty: none
	Ledger       string    // our page of the ask
	Retry        bool
}

var channelChoices = []ui.Choice{
	{Value: "in_app", Label: "In the Messenger", Hint: "They see it the next time they open your site or app."},
	{Value: "email", Label: "By e-mail", Hint: "Only to contacts with an address who have not unsubscribed."},
}

var matchChoices = []ui.Choice{{Value: "all", Label: "All of the conditions hold"}, {Value: "any", Label: "At least one of them holds"}}

var messageStates = []ui.Choice{
	{Value: "", Label: "All"},
	{Value: "waiting", Label: "Waiting"},
	{Value: "sent", Label: "Sent"},
	{Value: "failed", Label: "Failed"},
	{Value: "skipped", Label: "Passed over"},
}

func (r SegmentRow) path() string { return "/segments/" + url.PathEscape(r.ID) }

// state says whether messages go out.
func (r SegmentRow) state() (kind, words string) {
	switch {
	case r.Paused:
		return "warning", "Paused"
	case r.Automatic:
		return "positive", "Sends by itself"
	}
	return "", "By hand"
}

// rule is the conditions as one sentence.
func (r SegmentRow) rule() string {
	if r.Any {
		return strings.Join(r.Conditions, ", or ")
	}
	return strings.Join(r.Conditions, ", and ")
}

func (p SegmentProps) isNew() bool { return p.Segment.ID == "" }

func (p SegmentProps) action() string {
	if p.isNew() {
		return "/segments/new"
	}
	return p.Segment.path()
}

func (p SegmentProps) title() string {
	if p.isNew() {
		return "New segment"
	}
	return p.Segment.Name
}

func (p SegmentProps) match() string {
	if p.Form.Any {
		return "any"
	}
	return "all"
}

func (p SegmentProps) unsaved() string {
	if p.Changed {
		return "changed"
	}
	return ""
}

// redraw has the whole editor drawn anew with what is in the form; nothing is stored.
func (p SegmentProps) redraw(do string) templ.Attributes {
	return templ.Attributes{
		"hx-post": p.action(), "hx-vals": `{"do":"` + do + `"}`, "hx-target": "#segment-editor", "hx-select": "#segment-editor",
		"hx-swap": "outerMorph", "hx-include": "closest form",
	}
}

// onChange draws anew when another choice is made.
func (p SegmentProps) onChange() templ.Attributes {
	all := p.redraw("preview")
	all["hx-trigger"] = "change"
	return all
}

// whileTyping keeps the preview up to date.
func (p SegmentProps) whileTyping() templ.Attributes {
	return templ.Attributes{
		"hx-post": p.action(), "hx-vals": `{"do":"preview"}`, "hx-target": "#preview", "hx-select": "#preview", "hx-swap": "outerMorph",
		"hx-trigger": "input target:'#segment-fields input, #segment-fields textarea' delay:400ms", "hx-sync": "this:replace",
	}
}

func part(i int, name string) string { return "conditions." + strconv.Itoa(i) + "." + name }

// ordinal names a condition for screen readers.
func ordinal(i int) string { return "condition " + strconv.Itoa(i+1) }

// wrongs lists what was refused, in the order of the page.
func (p SegmentProps) wrongs() []ui.Wrong {
	var all []ui.Wrong
	add := func(field, id, label string) {
		if text := p.Errors[field]; text != "" {
			all = append(all, ui.Wrong{ID: id, Label: label, Text: text})
		}
	}
	add("name", "name", "Name")
	add("conditions", "conditions", "Conditions")
	for i := range p.Form.Conditions {
		for _, name := range []string{"field", "name", "operator", "value"} {
			add(part(i, name), part(i, name), "Condition "+strconv.Itoa(i+1))
		}
	}
	add("channel", "channel", "Way")
	add("subject", "subject", "Subject")
	add("body", "body", "Text")
	return all
}

// words count who is in it.
func (p SegmentPreview) words() string {
	switch {
	case !p.Known:
		return "Fill in the conditions to see who is in it."
	case p.LookedAt == 0:
		return "Rerate does not know any contact yet. Contacts arrive with their conversations."
	case p.All:
		return grouped(p.In) + " of " + count(p.LookedAt, "contact", "contacts") + " that Rerate knows"
	}
	return grouped(p.In) + " of the first " + grouped(p.LookedAt) + " contacts that were looked at"
}

func (p SegmentProps) sendQuestion() string {
	return "Send to " + count(p.Segment.Members, "contact", "contacts") + "?"
}

func (p SegmentProps) sendText() string {
	text := "Everybody who is in the segment now gets the message, a hundred a minute. Whoever had it since the conditions were last changed does not get it again."
	if p.TestMode {
		text = "Test mode is on: only test contacts get the message, all others are passed over. " + text
	}
	return text
}

func (p SegmentProps) messageTabs() []ui.Tab {
	var tabs []ui.Tab
	for _, s := range messageStates {
		href := p.Segment.path()
		if s.Value != "" {
			href += "?state=" + s.Value
		}
		tabs = append(tabs, ui.Tab{Label: s.Label, Href: href + "#messages", Current: p.State == s.Value})
	}
	return tabs
}

func (m MessageRow) retryPath() string {
	return "/segments/messages/" + url.PathEscape(m.ID) + "/retry"
}

func (m MessageRow) how() string {
	if m.Automatic {
		return "on entering"
	}
	if m.By != "" {
		return "by " + m.By
	}
	return "by hand"
}
