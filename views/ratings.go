package views

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"rerate/views/ui"
)

// RatingsProps is the list of ratings.
type RatingsProps struct {
	Page      Page
	Bar       FilterBar
	Scale     []ui.Score // the choices of the score filter
	Rows      []RatingRow
	Total     int    // rows that match; below 0 it is not known and not shown
	NextHref  string // the next page, "" on the last
	FirstHref string // back to the newest ratings, "" on the first page
	CSVHref   string // the same rows as CSV
	Filtered  bool   // some filter besides the range is set, or the range is not the default
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

// contact is who rated, as far as known.
func (r RatingRow) contact() string {
	if r.Contact == "" {
		return "Unknown contact"
	}
	return r.Contact
}

// ratingPath is the page of one rating.
func ratingPath(id string) string { return "/ratings/" + url.PathEscape(id) }

// listTitle says how many ratings there are, where that is known.
func (p RatingsProps) listTitle() string {
	if p.Total < 0 {
		return "Newest first"
	}
	return count(p.Total, "rating", "ratings") + ", newest first"
}

// matrixWords says what the links of the overview have added to the filter, "" when nothing.
func (f Filter) matrixWords(scale []ui.Score) string {
	name := func(value string) string {
		for _, s := range scale {
			if strconv.Itoa(s.Value) == value {
				return s.Words()
			}
		}
		return value
	}
	var parts []string
	switch f.Outcome {
	case "rated":
		parts = append(parts, "with a valid rating, each by its latest")
	case "recovered":
		parts = append(parts, "that recovered: first negative, latest positive")
	case "better", "worse":
		parts = append(parts, "whose latest rating is "+f.Outcome+" than the first")
	case "same":
		parts = append(parts, "whose latest rating is the same as the first")
	}
	if f.First != "" {
		parts = append(parts, "whose first rating is "+name(f.First))
	}
	if f.Latest != "" {
		parts = append(parts, "whose latest rating is "+name(f.Latest))
	}
	if len(parts) == 0 {
		return ""
	}
	return "conversations " + strings.Join(parts, " and ")
}

// withoutMatrix drops what the links of the overview have added.
func (f Filter) withoutMatrix() Filter {
	f.Outcome, f.First, f.Latest, f.Cursor = "", "", "", ""
	return f
}
