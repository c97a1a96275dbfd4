package intercomtest

import (
	"encoding/json"
	"time"

	"rerate/internal/intercom/canvas"
)

// Conversation as the sandbox keeps it. IDs have 15 digits. Methods of Server hand out copies.
type Conversation struct {
	ID           string
	Workspace    string
	Title        string
	State        string // open, closed or snoozed
	SnoozedUntil time.Time
	Read         bool
	Priority     bool
	CreatedAt    time.Time
	UpdatedAt    time.Time
	WaitingSince time.Time // zero when the last reply was ours
	Source       Source
	Contacts     []string // contact ids; more than one makes it a group
	Assignee     string   // admin id, "" when nobody
	Team         string
	Tags         []Tag
	Attributes   map[string]any
	Parts        []Part
	Ratings      []NativeRating // requests of Intercom's own rating, oldest first
	BotTookPart  bool

	figures figures
	order   int64 // the id as a number: what searches sort by beside UpdatedAt
}

// Source is the message that began the conversation.
type Source struct {
	ID          string
	Type        string // conversation (the Messenger), email, facebook, whatsapp …
	DeliveredAs string // customer_initiated, admin_initiated, operator_initiated, automated, campaigns_initiated
	Subject     string
	Body        string // HTML that is safe to show
	URL         string
	Author      Author
}

// Part is one entry of a conversation after its source.
type Part struct {
	ID             string
	Type           string // comment, note, open, close, snoozed, assignment, assign_and_reopen, quick_reply, conversation_attribute_updated_by_admin …
	Body           string // HTML that is safe to show; "" is null for Intercom
	Author         Author
	State          string // of the conversation, after this part
	At             time.Time
	AssignedTo     *Ref
	Tags           []Tag
	QuickReplies   []QuickReply
	QuickReplyID   string // which button the customer took
	Attribute      *AttributeChange
	AppPackageCode string // set when an app made the part by REST
	Card           *Card  // the app's card that a teammate or a workflow sent with this part
}

// QuickReply is one button of a quick_reply part.
type QuickReply struct {
	Text string `json:"text"`
	UUID string `json:"uuid"`
}

// AttributeChange says what a conversation_attribute_updated part changed.
type AttributeChange struct {
	Name     string
	Value    string
	Previous string
}

// Card is one instance of the app's canvas, where it stands now.
type Card struct {
	ID           string
	Workspace    string
	Conversation string          // "" on Home and while a workflow is being built
	Location     string          // conversation, home or operator
	Options      canvas.Values   // card_creation_options that it was made with
	Canvas       canvas.Canvas   // the app's newest answer
	Live         *canvas.Content // newest content of a live canvas; nil until somebody looked
	Completed    bool            // the app answered with the event "completed"
	Problem      string          // why the app's last answer could not be shown, in words; the canvas before it stays
	CreatedAt    time.Time
	SubmittedAt  time.Time
	Taps         []Tap // the uses that the app answered, oldest first

	raw json.RawMessage // Canvas as the app wrote it: what goes back as current_canvas
}

// Tap is one use of a card that the app answered with a canvas.
type Tap struct {
	Component string
	Values    map[string]any // of all fields, by component id
	At        time.Time
	Saved     string // the option that the answer shows as saved; "" when it shows none
}

// Shown is what the Messenger draws for the card: the canvas's content, or the newest content of a live canvas.
func (c Card) Shown() *canvas.Content {
	if c.Canvas.ContentURL != "" {
		return c.Live
	}
	return c.Canvas.Content
}

// NativeRating is one request of Intercom's own conversation rating, answered or not.
type NativeRating struct {
	ID          int
	RequestedAt time.Time
	ClosesAt    time.Time // zero: answers are taken for ever
	Score       int       // 0 until answered
	Remark      string    // once there, score and remark are locked
	AnsweredAt  time.Time
	Contact     string
	Teammate    Ref
}

// Draft is what stands in the composer of a conversation in the Inbox.
type Draft struct {
	Conversation string
	Admin        string
	Text         string
	Card         *Card
}

// Reopens is how often the conversation was opened after a close: statistics.count_reopens.
func (c Conversation) Reopens() int { return c.figures.reopens }

// LastClose is when the conversation was closed last; zero when never.
func (c Conversation) LastClose() time.Time { return c.figures.lastClose }
