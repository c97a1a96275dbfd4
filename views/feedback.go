package views

import (
	"net/url"
	"strings"
	"time"

	"rerate/views/ui"
)

// FeedbackProps is the list of feedback that is no rating.
type FeedbackProps struct {
	Page                         Page
	Filter                       FeedbackFilter
	Total                        int  // rows that match
	Any                          bool // there is feedback at all
	Rows                         []FeedbackRow
	Categories                   []ui.Choice
	Scale                        []ui.Score
	NextHref, FirstHref, CSVHref string   // "" where there is no such page
	Ignored                      []string // query values that were not understood, as one sentence each
}

// FeedbackFilter is the state of the page: each field is the query value of its name, "" for no limit.
type FeedbackFilter struct{ Text, Source, Category, Score, Handled, Contact, Conversation, Cursor string }

// FeedbackRow is what somebody wrote.
type FeedbackRow struct {
	ID             string
	At             time.Time
	Text           string // "" where only a score was given, or the contact was erased
	Category       string // in words; "" on Messenger Home
	Score          ui.Score
	Source         string // "home" or "teammate"
	Contact        string // name, e-mail or id; "" when nobody is known
	Teammate       string // who wrote it down
	ConversationID string
	IntercomURL    string // the conversation in Intercom
	Test           bool
	HandledAt      time.Time // zero: open
	HandledBy      string
}

// contact is whose feedback it is, as far as known.
func (r FeedbackRow) contact() string {
	if r.Contact == "" {
		return "Unknown contact"
	}
	return r.Contact
}

// about names the row for somebody who does not see it.
func (r FeedbackRow) about(p Page) string {
	return "the feedback of " + r.contact() + ", " + p.moment(r.At)
}

func (f FeedbackFilter) fields() [][2]string {
	return [][2]string{
		{"text", f.Text},
		{"source", f.Source},
		{"category", f.Category},
		{"score", f.Score},
		{"handled", f.Handled},
		{"contact", f.Contact},
		{"conversation", f.Conversation},
		{"cursor", f.Cursor},
	}
}

// URL is path with the filter as its query; what is empty is left out, the order is fixed.
func (f FeedbackFilter) URL(path string) string {
	var query []string
	for _, field := range f.fields() {
		if field[1] != "" {
			query = append(query, field[0]+"="+url.QueryEscape(field[1]))
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + strings.Join(query, "&")
}

// FeedbackPath is the page.
const FeedbackPath = "/ratings/feedback"

// feedbackPill is one limit of the filter in words, and the address without it.
type feedbackPill struct{ Label, Bare string }

func (p FeedbackProps) pills() []feedbackPill {
	var all []feedbackPill
	add := func(value, label string, drop func(f *FeedbackFilter)) {
		if value == "" {
			return
		}
		bare := p.Filter
		bare.Cursor = ""
		drop(&bare)
		all = append(all, feedbackPill{label, bare.URL(FeedbackPath)})
	}
	f := p.Filter
	add(f.Text, "Text: "+f.Text, func(f *FeedbackFilter) { f.Text = "" })
	add(f.Source, word(feedbackSources, f.Source), func(f *FeedbackFilter) { f.Source = "" })
	add(f.Category, word(p.Categories, f.Category), func(f *FeedbackFilter) { f.Category = "" })
	add(f.Score, "Score: "+FilterBar{Scale: p.Scale}.score(f.Score), func(f *FeedbackFilter) { f.Score = "" })
	add(f.Handled, word(handledChoices, f.Handled), func(f *FeedbackFilter) { f.Handled = "" })
	add(f.Contact, "Contact: "+f.Contact, func(f *FeedbackFilter) { f.Contact = "" })
	add(f.Conversation, "Conversation: "+f.Conversation, func(f *FeedbackFilter) { f.Conversation = "" })
	return all
}

var feedbackSources = []ui.Choice{{Value: "home", Label: "Messenger Home"}, {Value: "teammate", Label: "Written down by a teammate"}}

var handledChoices = []ui.Choice{{Value: "no", Label: "Not handled"}, {Value: "yes", Label: "Handled"}}

// said is read aloud when the list has changed.
func (p FeedbackProps) said() string { return count(p.Total, "feedback", "pieces of feedback") + "." }

// nothing says why the list is empty, and what would fill it.
func (p FeedbackProps) nothing() (title, text string) {
	if p.Any {
		return "No feedback matches this filter", "There is feedback, but none with " + count(len(p.pills()), "filter", "filters") + " set."
	}
	return "No feedback yet", "Feedback comes from customers who write on Messenger Home, and from teammates who press " +
		"Record feedback beside a conversation in the Inbox. It is part of no figure."
}
