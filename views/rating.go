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
	Contacts       []string // names, e-mails or ids

	Policy       string   // the workspace's policy
	Counted      ui.Score // Value 0: nothing counts; under the average policy CountedWords says more
	CountedWords string   // "4.5 of 5" under the average policy, else ""
	Change       string   // latest against first
	First        FirstRating

	Requests []RequestStep
	Ratings  []RatingStep
	Writes   []Write
}

// FirstRating is the conversation's earliest valid rating, Intercom's own or ours.
type FirstRating struct {
	Score  ui.Score // Value 0: not known
	At     time.Time
	Source string
}

// RequestStep is one ask for a rating.
type RequestStep struct {
	At      time.Time // when it was sent, or else made
	State   string    // design's request states
	Method  string    // "card", "link", "quick_reply", "workflow_card", "home", …
	Version int       // wording version, 0 when not known
	Asker   string    // teammate's name; "" when asked by itself
	Reason  string    // why it was not sent, in plain words
}

// RatingStep is one rating of the conversation.
type RatingStep struct {
	ID       string
	At       time.Time
	Score    ui.Score
	Previous ui.Score
	Change   string
	Remark   string
	RemarkAt time.Time // zero when the remark came with the rating or there is none
	Source   string    // "card", "link", "quick_reply", "home", "intercom", "import" or "teammate"
	Contact  string
	Teammate string
	WhyNot   string
	Counted  bool // the rating that the policy picks
}

// Write is one thing that is written back to Intercom for a rating.
type Write struct {
	RatingID string
	What     string    // "note", "follow_up_note", "attributes", "event", "tag" or "native_rating"
	State    string    // "waiting", "done", "failed" or "skipped"
	Attempts int       // tries so far
	Error    string    // the last failure in plain words, or why it was skipped
	At       time.Time // the last try; zero before it
}

// words says in one line what became of a request: "Mia asked by link: rated".
func (r RequestStep) words() string {
	switch r.State {
	case "suppressed":
		return "Not asked"
	case "cancelled":
		return "The request was cancelled"
	}
	asker := r.Asker
	if asker == "" {
		asker = "Rerate"
	}
	method := ""
	if r.Method != "" {
		method = " " + word(methodNames, r.Method)
	}
	switch r.State {
	case "scheduled":
		return asker + " will ask" + method
	case "failed":
		return asker + " could not ask" + method
	case "sent":
		return asker + " asked" + method
	}
	return asker + " asked" + method + ": " + word(requestEnds, r.State)
}

// circumstances says how a rating came and whose it is.
func (r RatingStep) circumstances() string {
	text := "Given by " + word(sourceNames, r.Source)
	if r.Contact != "" {
		text += " · from " + r.Contact
	}
	if r.Teammate != "" {
		text += " · credited to " + r.Teammate
	}
	return text
}

// scoreOf is the score of a rating in the story.
func (p RatingProps) scoreOf(id string) ui.Score {
	for _, rating := range p.Ratings {
		if rating.ID == id {
			return rating.Score
		}
	}
	return ui.Score{}
}

// tries says how often it was tried.
func (w Write) tries() string {
	if w.Attempts == 0 {
		return "—"
	}
	return count(w.Attempts, "try", "tries")
}
