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
	More      bool   // there are perhaps more than that
	Preparing bool   // older remarks are still being prepared for the search
	NextHref  string // the next page, "" on the last
	FirstHref string // back to the newest ratings, "" on the first page
	CSVHref   string // the same rows as a file

	Suspects     int // left out as suspect among what the filter lets through otherwise
	SuspectsHref string
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
	Doubtful       bool   // it may not be the customer's own answer
	IntercomURL    string // the conversation in Intercom
	NotAsked       bool   // low, and nobody has asked again since

	// Of the feed alone.
	Words                []Words // the remark, cut where it has what was searched for
	ContactHref          string
	Company, CompanyHref string // "" when none is known
	Wording              int    // the version that asked, 0 when it was not ours
	Doubt                string // why it is left out, in plain words
	HandledAt            time.Time
	HandledBy            string
	Example              bool // made up: there is nobody to reply to
}

// Words is a piece of a remark that has what was searched for, or that has not.
type Words struct {
	Text  string
	Found bool
}

// handled says whether somebody has marked the rating as handled.
func (r RatingRow) handled() bool { return !r.HandledAt.IsZero() }

// about names the row for somebody who does not see it.
func (r RatingRow) about() string { return "the rating of " + r.contact() }

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

// suspected says why suspects are left out.
func (p RatingsProps) suspected() string {
	if p.Suspects == 1 {
		return "a mail scanner may have given it"
	}
	return "mail scanners may have given them"
}

// counted says how many ratings there are, as far as they were counted.
func (p RatingsProps) counted() string {
	if p.More && p.Total == 0 {
		return "ratings"
	}
	if p.More {
		return "more than " + count(p.Total, "rating", "ratings")
	}
	return count(p.Total, "rating", "ratings")
}
