package views

import "time"

// WaitingProps is the list of low ratings that nobody has asked about since.
type WaitingProps struct {
	Page      Page
	Bar       FilterBar
	Empty     Empty // NothingMatches: there are ratings, and none of them waits
	Rows      []WaitingRow
	Total     int
	Ready     int // of them, those that are ready to be asked again
	NextHref  string
	FirstHref string
}

// WaitingRow is one of them.
type WaitingRow struct {
	RatingRow
	Ready      bool   // a teammate has replied since, and the conversation was closed since
	State      string // of the conversation: "open", "snoozed", "closed" or ""
	Owner      string // the assignee, or else who is credited
	RepliedAt  time.Time
	ByCustomer bool // the last reply is the customer's
	Example    bool
}

// age says how long a rating waits.
func (p Page) age(at time.Time) string {
	switch waited := p.Now.Sub(at); {
	case waited < time.Hour:
		return count(int(waited.Minutes()), "minute", "minutes")
	case waited < 48*time.Hour:
		return count(int(waited.Hours()), "hour", "hours")
	default:
		return count(int(waited.Hours())/24, "day", "days")
	}
}

// next says what is missing until the customer can well be asked again.
func (r WaitingRow) next() string {
	switch {
	case r.Ready:
		return "A teammate has replied, and it was closed since."
	case r.RepliedAt.After(r.At) && !r.ByCustomer:
		return "Answered; close it when it is solved."
	case r.RepliedAt.After(r.At):
		return "The customer wrote since; answer first."
	}
	return "Nobody has answered since."
}

// title names the list.
func (p WaitingProps) title() string {
	text := count(p.Total, "low rating waits", "low ratings wait")
	if p.Ready > 0 {
		return text + ", " + grouped(p.Ready) + " ready to ask again"
	}
	return text
}

// said is read aloud when the filter has changed.
func (p WaitingProps) said() string { return "Results updated: " + p.title() + "." }

// plain is the filter that all lists of ratings know.
func (f Filter) plain() Filter {
	return Filter{
		Days: f.Days, From: f.From, To: f.To, Teammate: f.Teammate, Channel: f.Channel, Tag: f.Tag, Score: f.Score, Change: f.Change,
		Remark: f.Remark, Wording: f.Wording, Segment: f.Segment, Company: f.Company,
	}
}
