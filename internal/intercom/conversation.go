package intercom

import "time"

// Conversation is what Rerate's rules need of Intercom's conversation model (OpenAPI 2.16), read from
// the REST API or from a webhook. Times are UTC; a zero time, an empty id or text means Intercom gave none.
type Conversation struct {
	ID                  string
	CreatedAt           time.Time
	UpdatedAt           time.Time
	WaitingSince        time.Time // zero when the last reply was a teammate's
	SnoozedUntil        time.Time
	Open                bool   // true while snoozed, too
	State               string // open, closed, snoozed
	Title               string
	Source              Source
	Contacts            []Ref // more than one: a group conversation
	Teammates           []Ref
	AdminAssigneeID     string
	TeamAssigneeID      string
	Tags                []Tag
	CustomAttributes    map[string]any
	Statistics          Statistics
	Rating              *Rating   // nil while Intercom has no answer
	RatingRequestedAt   time.Time // of the rating request that Intercom shows, answered or not
	Parts               []Part    // REST: the newest 500; webhook: the one that caused the event; search: none
	PartsTotal          int
	AIAgentParticipated bool
}

// Source is the message that began a conversation. Body is HTML from the REST API and, from API 2.15
// on, plain text in webhooks.
type Source struct {
	Type        string // conversation (the Messenger), email, whatsapp, …
	DeliveredAs string // customer_initiated, admin_initiated, automated, operator_initiated, campaigns_initiated
	Subject     string
	Body        string
	URL         string
	Author      Author
}

// Author is who wrote a message.
type Author struct {
	Type        string // user, lead, admin, bot, team
	ID          string
	Name        string
	Email       string
	FromAIAgent bool
}

// Ref names a contact, teammate or team.
type Ref struct {
	Type       string
	ID         string
	ExternalID string // of contacts: the operator's own id
}

// Tag is a tag, on a conversation or a message.
type Tag struct {
	ID   string
	Name string
}

// Statistics are a conversation's counters; all zero where Intercom gives null.
type Statistics struct {
	FirstContactReplyAt time.Time
	LastContactReplyAt  time.Time
	FirstAdminReplyAt   time.Time
	LastAdminReplyAt    time.Time
	FirstCloseAt        time.Time
	LastCloseAt         time.Time
	LastClosedByID      string
	CountReopens        int
	CountAssignments    int
	CountParts          int
}

// Rating is Intercom's own rating, from API 2.15 on the latest completed one.
type Rating struct {
	Score       int // 1 to 5
	Remark      string
	RequestedAt time.Time // the model's created_at
	UpdatedAt   time.Time
	Contact     Ref
	Teammate    Ref // from 2.17 on its type may be workflow
}

// Channel is where the conversation began, in Rerate's words: chat for the Messenger, else Intercom's source type.
func (c Conversation) Channel() string {
	if c.Source.Type == "conversation" {
		return "chat"
	}
	return c.Source.Type
}
