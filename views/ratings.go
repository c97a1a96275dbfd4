package views

import (
	"time"

	"rerate/views/ui"
)

// RatingsProps is the list of ratings.
type RatingsProps struct {
	Page     Page
	Bar      FilterBar
	Scale    []ui.Score // the choices of the score filter
	Rows     []RatingRow
	Total    int    // rows that match; below 0 it is not known and not shown
	NextHref string // the next page, "" on the last
	PrevHref string // back to the first page, "" on the first
	CSVHref  string // the same rows as CSV
	Filtered bool   // some filter besides the range is set, or the range is not the default
}

// RatingRow is one rating in a list.
type RatingRow struct {
	ID             string
	ConversationID string
	Score          ui.Score
	Previous       ui.Score // Value 0: nothing to compare with
	Change         string   // "first", "better", "same" or "worse"
	Remark         string
	Contact        string // name, e-mail or id: what is known
	Channel        string // "chat", "email", …
	Teammate       string // name; "" when nobody is credited
	At             time.Time
	WhyNot         string // "" when valid; else "unverified", "suspect", "void", "test" or "undone"
	IntercomURL    string // the conversation in Intercom
}
