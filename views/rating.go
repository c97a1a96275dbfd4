package views

import (
	"time"

	"rerate/views/ui"
)

// RatingProps is the story of the conversation that one rating belongs to.
type RatingProps struct {
	Page           Page
	RatingID       string // the rating asked for; marked in the story
	ConversationID string
	IntercomURL    string
	Channel        string
	Contact        string   // who gave the rating asked for: name, e-mail or id
	Others         []string // who else rated this conversation
	Example        bool     // made up: Intercom knows nothing of it

	Policy       string   // the workspace's policy
	Counted      ui.Score // Value 0: nothing counts; under the average policy CountedWords says more
	CountedWords string   // "4.5 of 5" under the average policy, else ""
	Change       string   // latest against first
	First        FirstRating
	Credit       Credit // of the rating asked for

	HandledAt time.Time // of the rating asked for; zero: nobody has marked it
	HandledBy string

	Customer Customer // who gave the rating asked for

	Requests []RequestStep
	Ratings  []RatingStep
	Replies  []ReplyStep
	Reply    ReplyForm
}

// ReplyStep is what a teammate wrote to the customer from here.
type ReplyStep struct {
	ID       string
	RatingID string
	At       time.Time
	By       string
	Body     string
	State    string // "waiting", "done" or "failed"
	Attempts int
	Detail   string // why it is not there, in plain words
}

// ReplyForm is a reply that is being written.
type ReplyForm struct {
	ID    string // the same one is sent once
	Body  string
	Error string // why it was not taken
}

// row is the rating asked for as a list shows it.
func (p RatingProps) row() RatingRow {
	return RatingRow{ID: p.RatingID, Contact: p.Contact, HandledAt: p.HandledAt, HandledBy: p.HandledBy}
}

// FirstRating is the conversation's earliest valid rating, Intercom's own or ours.
type FirstRating struct {
	Score  ui.Score // Value 0: not known
	At     time.Time
	Source string
}

// Credit says whose work a rating or request belongs to.
type Credit struct {
	Teammate string // name; "" when nobody is credited
	Rule     string // "last_human_reply", "last_bot_reply", "last_teammate", or "" where nothing is decided yet
}

// RequestStep is one ask for a rating.
type RequestStep struct {
	ID      string    // of its row in the ledger
	At      time.Time // when it was sent, or else made
	State   string    // design's request states
	Method  string    // "card", "link", "quick_reply", "workflow_card", "home", …
	Version int       // wording version, 0 when not known
	Credit  Credit
	Again   bool   // there was a rating before it
	Reason  string // why it was not sent, in plain words
}

// RatingStep is one rating of the conversation.
type RatingStep struct {
	ID       string
	At       time.Time
	Score    ui.Score
	Previous ui.Score // the first rating, which Change speaks of; Value 0: this is the first
	Change   string
	Remark   string
	RemarkAt time.Time // zero when the remark came with the rating or there is none
	Reason   string    // what the customer says has changed: "fixed", "explained", "still_broken", "tapped_wrong" or ""
	Source   string    // "card", "link", "quick_reply", "home", "intercom", "import" or "teammate"
	Contact  string    // "" where one contact alone has rated
	Credit   Credit
	WhyNot   string
	Doubtful bool   // it may not be the customer's own answer
	Trust    string // how sure it is that the customer gave it: "messenger", "person", "doubtful", …
	Doubt    string // why it is doubtful, and what an admin decided, in plain words
	Counted  bool   // the rating that the policy picks
	Writes   []Write
	NoWrites string // why nothing is written to Intercom for it; "" when something is, or there is nothing to say
}

// Write is one thing that is written back to Intercom for a rating.
type Write struct {
	What     string    // "note", "follow_up_note", "attributes", "event", "tag" or "native_rating"
	State    string    // "waiting", "done", "failed" or "skipped"
	Attempts int       // tries so far
	Detail   string    // in plain words: what was written, or why not
	At       time.Time // when it was done, given up or left out; while it waits when it is due
}

// words says in one line what became of a request: "Asked again by Messenger card, no answer yet".
func (r RequestStep) words() string {
	again := ""
	if r.Again {
		again = " again"
	}
	method := ""
	if r.Method != "" {
		method = " " + word(methodNames, r.Method)
	}
	switch r.State {
	case "suppressed":
		return "Closed and not asked" + again
	case "cancelled":
		return "The request was cancelled"
	case "scheduled":
		return "Will be asked" + again + method
	case "failed":
		return "Could not be asked" + again + method
	}
	text := "Asked" + again + method
	if end := word(requestEnds, r.State); end != r.State {
		text += ", " + end
	}
	return text
}

// mayCount says whether an admin may put the rating into the figures, mayLeaveOut whether they may take it out.
func (r RatingStep) mayCount() bool    { return r.WhyNot == "suspect" || r.WhyNot == "void" }
func (r RatingStep) mayLeaveOut() bool { return r.WhyNot == "" }

// circumstances says how a rating came.
func (r RatingStep) circumstances() string {
	text := word(sourceNames, r.Source)
	if trust := word(trustNames, r.Trust); trust != r.Trust {
		text += ", " + trust
	}
	if r.Contact != "" {
		text += ", from " + r.Contact
	}
	return text
}

// words says whose work it was and by which rule.
func (c Credit) words() string {
	if c.Teammate == "" {
		return ""
	}
	if rule := word(creditNames, c.Rule); rule != c.Rule && rule != "" {
		return c.Teammate + ", " + rule
	}
	return c.Teammate
}

// failed says whether something could not be written for the rating.
func (r RatingStep) failed() bool {
	for _, w := range r.Writes {
		if w.State == "failed" {
			return true
		}
	}
	return false
}

// failed says whether something could not be written for any rating of the conversation.
func (p RatingProps) failed() bool {
	for _, r := range p.Ratings {
		if r.failed() {
			return true
		}
	}
	return false
}

// tries says how often it was tried, where that is worth saying.
func (w Write) tries() string {
	if w.Attempts < 2 {
		return ""
	}
	return count(w.Attempts, "try", "tries")
}

// trustNames say how sure it is that the customer gave a rating, where its source does not say so already.
var trustNames = []ui.Choice{
	{Value: "messenger", Label: "signed by Intercom"},
	{Value: "person", Label: "a person was seen to send it"},
	{Value: "doubtful", Label: "perhaps a machine’s"},
}

// unsaved says that what was typed is not stored anywhere, as static/js/unsaved.js understands it.
func (f ReplyForm) unsaved() string {
	if f.Error != "" {
		return "changed"
	}
	return ""
}
