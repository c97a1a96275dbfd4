package views

import (
	"net/url"
	"time"

	"rerate/views/ui"
)

// RequestsProps is the ledger: a row for each closed episode, and for what was asked by hand and is still open.
type RequestsProps struct {
	Page      Page
	Bar       FilterBar
	Empty     Empty // set when there is nothing to show, and why
	Automatic bool  // Rerate asks by itself
	Sums      LedgerSums
	Rows      []LedgerRow
	Total     int // rows that match
	NextHref  string
	FirstHref string
	CSVHref   string
}

// LedgerSums says what became of all rows of the range. Asked, NotAsked, Due and Failed add up to Total; Answered,
// Waiting and Unanswered to Asked; Reasons to NotAsked.
type LedgerSums struct {
	Total, Closes                        int
	Asked, Answered, Waiting, Unanswered LedgerSum
	NotAsked, Due, Failed                LedgerSum
	Reasons                              []LedgerSum
}

// LedgerSum is a number of rows, in words where it is a reason, and the way to them.
type LedgerSum struct {
	N     int
	Words string
	Href  string // "" leads nowhere
}

// LedgerRow is one row of the ledger in a list.
type LedgerRow struct {
	ID, ConversationID string
	Episode            int
	At, SentAt         time.Time // SentAt is zero when nothing was sent
	Closed             bool      // the episode is closed
	State              string    // design's request states
	Reason             string    // why not, in plain words
	Method             string
	Test               bool
	Answer             ui.Score // Value 0: none
	Contact            string   // name, e-mail or id; "" when it is not known
	Channel            string
	Teammate           string
	IntercomURL        string
}

// requestPath is the page of one row of the ledger.
func requestPath(id string) string { return "/requests/" + url.PathEscape(id) }

// contact is who is asked, as far as known.
func (r LedgerRow) contact() string {
	if r.Contact == "" {
		return "Conversation " + r.ConversationID
	}
	return r.Contact
}

// stateTag is the kind and the word of the tag of a state.
func (r LedgerRow) stateTag() (kind, text string) {
	switch r.State {
	case "suppressed":
		return "outline", "Do not send"
	case "cancelled":
		return "outline", "Cancelled"
	case "scheduled":
		return "selected", "To be asked"
	case "failed":
		return "negative", "Could not be asked"
	case "rated", "remarked":
		return "positive", "Answered"
	case "expired":
		return "muted", "Not answered in time"
	}
	return "", "Asked"
}

// asked says how it was asked, for rows that were.
func (r LedgerRow) asked() string {
	if r.SentAt.IsZero() {
		return ""
	}
	return capital(word(methodNames, r.Method))
}

// sentence says what the sums are of: "214 closes, and 3 requests by hand in conversations that are still open".
func (s LedgerSums) sentence() string {
	text := count(s.Closes, "close", "closes")
	if open := s.Total - s.Closes; open > 0 {
		text += ", and " + count(open, "request by hand", "requests by hand") + " before the close"
	}
	return text
}

// said is read aloud when the filter has changed.
func (p RequestsProps) said() string {
	return "Results updated: " + count(p.Total, "row", "rows") + "."
}

// RequestProps is one row of the ledger whole.
type RequestProps struct {
	Page                   Page
	Row                    LedgerRow
	Version                int // wording version; 0 when nothing was sent
	Automatic              bool
	AskedBy                string // the teammate who asked by hand
	Credit                 Credit
	DueAt, SeenAt, RatedAt time.Time
	Attempts               int
	Detail                 string
	Findings               []Finding // none where no rule was asked
	StoryHref              string    // the conversation's ratings; "" without any
	EpisodesHref           string    // the conversation's other rows
}

// Finding is what a rule asks of a close, what it saw, and what it said.
type Finding struct {
	Asks    string // "" while the setting asks nothing
	Saw     string
	Verdict RuleVerdict
}

// RuleVerdict is what a rule said.
type RuleVerdict string

// The verdicts of a rule. The first one that refuses ends the questions.
const (
	Passed    RuleVerdict = "passed"
	Refused   RuleVerdict = "refused"
	NotLooked RuleVerdict = "not_looked"
)

// inForce are the findings of rules that were switched on.
func (p RequestProps) inForce() []Finding {
	var found []Finding
	for _, f := range p.Findings {
		if f.Asks != "" {
			found = append(found, f)
		}
	}
	return found
}

// byHand says that no rule was asked, since a teammate had asked.
func (p RequestProps) byHand() bool { return !p.Automatic && p.Row.State != "suppressed" }

// title names the row.
func (p RequestProps) title() string {
	if p.Row.Closed {
		return "Close of episode " + grouped(p.Row.Episode)
	}
	return "Request in episode " + grouped(p.Row.Episode)
}
