package intercomtest

import (
	"slices"
	"time"
)

// statisticsJSON is conversation_statistics. Its times are unix seconds in REST and ISO 8601 in webhooks, so they are any.
type statisticsJSON struct {
	Type                       string  `json:"type"`
	TimeToAssignment           *int64  `json:"time_to_assignment"`
	TimeToAdminReply           *int64  `json:"time_to_admin_reply"`
	TimeToFirstClose           *int64  `json:"time_to_first_close"`
	TimeToLastClose            *int64  `json:"time_to_last_close"`
	MedianTimeToReply          *int64  `json:"median_time_to_reply"`
	FirstContactReplyAt        any     `json:"first_contact_reply_at"`
	FirstAssignmentAt          any     `json:"first_assignment_at"`
	FirstAdminReplyAt          any     `json:"first_admin_reply_at"`
	FirstCloseAt               any     `json:"first_close_at"`
	LastAssignmentAt           any     `json:"last_assignment_at"`
	LastAssignmentAdminReplyAt any     `json:"last_assignment_admin_reply_at"`
	LastContactReplyAt         any     `json:"last_contact_reply_at"`
	LastAdminReplyAt           any     `json:"last_admin_reply_at"`
	LastCloseAt                any     `json:"last_close_at"`
	LastClosedByID             *string `json:"last_closed_by_id"`
	CountReopens               int     `json:"count_reopens"`
	CountAssignments           int     `json:"count_assignments"`
	CountConversationParts     int     `json:"count_conversation_parts"`
	FirstResponseTime          []any   `json:"assigned_team_first_response_time"`
	FirstResponseTimeInHours   []any   `json:"assigned_team_first_response_time_in_office_hours"`
	HandlingTime               *int64  `json:"handling_time"`
}

// figures are the facts behind the statistics, kept up with each part.
type figures struct {
	began                       time.Time
	state                       string // after the last part
	firstContact, lastContact   time.Time
	firstAdmin, lastAdmin       time.Time
	firstAssigned, lastAssigned time.Time
	firstClose, lastClose       time.Time
	assignedReply, waiting      time.Time
	closedBy                    string
	reopens, assignments        int
	replies                     []int64 // seconds from a contact's message to the admin's next one
}

// begin takes the message that began the conversation.
func (f *figures) begin(c *Conversation) {
	f.began, f.state = c.CreatedAt, c.State
	if c.Source.Author.Type == "user" || c.Source.Author.Type == "lead" {
		f.firstContact, f.lastContact, f.waiting = c.CreatedAt, c.CreatedAt, c.CreatedAt
	}
}

// add takes one more part. Only what opens a closed conversation is a reopening: the end of a snooze is none.
func (f *figures) add(p *Part) {
	fromContact := p.Author.Type == "user" || p.Author.Type == "lead"
	if f.state == "closed" && p.State != "closed" {
		f.reopens++
	}
	f.state = p.State
	if p.Type == "close" {
		setFirst(&f.firstClose, p.At)
		f.lastClose, f.closedBy = p.At, p.Author.ID
	}
	switch {
	case p.AssignedTo != nil:
		setFirst(&f.firstAssigned, p.At)
		f.lastAssigned, f.assignedReply = p.At, time.Time{}
		f.assignments++
	case fromContact:
		setFirst(&f.firstContact, p.At)
		f.lastContact = p.At
		setFirst(&f.waiting, p.At)
	case p.Body != "" && p.Type != "note" && p.Author.Type == "admin", p.Card != nil && p.Author.Type == "admin":
		setFirst(&f.firstAdmin, p.At)
		f.lastAdmin = p.At
		if !f.lastAssigned.IsZero() {
			setFirst(&f.assignedReply, p.At)
		}
		if !f.waiting.IsZero() {
			f.replies = append(f.replies, int64(p.At.Sub(f.waiting).Seconds()))
			f.waiting = time.Time{}
		}
	}
}

func setFirst(field *time.Time, at time.Time) {
	if field.IsZero() {
		*field = at
	}
}

func statisticsOf(c *Conversation, stamp func(time.Time) any) *statisticsJSON {
	f := &c.figures
	return &statisticsJSON{
		Type: "conversation_statistics", TimeToAssignment: since(c, f.firstAssigned), TimeToAdminReply: since(c, f.firstAdmin),
		TimeToFirstClose: since(c, f.firstClose), TimeToLastClose: since(c, f.lastClose), MedianTimeToReply: median(f.replies),
		FirstContactReplyAt: stamp(f.firstContact), FirstAssignmentAt: stamp(f.firstAssigned), FirstAdminReplyAt: stamp(f.firstAdmin),
		FirstCloseAt: stamp(f.firstClose), LastAssignmentAt: stamp(f.lastAssigned), LastAssignmentAdminReplyAt: stamp(f.assignedReply),
		LastContactReplyAt: stamp(f.lastContact), LastAdminReplyAt: stamp(f.lastAdmin), LastCloseAt: stamp(f.lastClose), LastClosedByID: orNull(f.closedBy),
		CountReopens: f.reopens, CountAssignments: f.assignments, CountConversationParts: len(c.Parts) + 1,
		FirstResponseTime: []any{}, FirstResponseTimeInHours: []any{},
	}
}

func firstContactReply(c *Conversation) (time.Time, bool) {
	return c.figures.firstContact, !c.figures.firstContact.IsZero()
}

func since(c *Conversation, at time.Time) *int64 {
	if at.IsZero() {
		return nil
	}
	n := int64(at.Sub(c.CreatedAt).Seconds())
	return &n
}

func median(of []int64) *int64 {
	if len(of) == 0 {
		return nil
	}
	sorted := slices.Sorted(slices.Values(of))
	return &sorted[len(sorted)/2]
}
