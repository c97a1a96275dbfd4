package views

import (
	"net/url"
	"time"

	"rerate/views/ui"
)

// RatingsProps is the list of ratings.
type RatingsProps struct {
	Page      Page
	Bar       FilterBar
	Empty     Empty // set when there is nothing to show, and why
	Rows      []RatingRow
	Total     int    // rows that match
	NextHref  string // the next page, "" on the last
	FirstHref string // back to the newest ratings, "" on the first page
	CSVHref   string // the same rows as a file
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
	NotAsked       bool   // low, and nobody has asked again since
}

// contact is who rated, as far as known.
func (r RatingRow) contact() string {
	if r.Contact == "" {
		return "Unknown contact"
	}
	return r.Contact
}

// ratingPath is the page of one rating.
func ratingPath(id string) string { return "/ratings/" + url.PathEscape(id) }

// moved says whether there is a rating before this one that says another score.
func (r RatingRow) moved() bool { return r.Change == "better" || r.Change == "worse" }
