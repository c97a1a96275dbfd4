package rating

import "time"

// Settings is everything that an admin decides besides the wording. Zero means: no limit for windows,
// MaxPerConversation, SuppressionDays and RetentionDays; at once for DelayMinutes; no undo for UndoMinutes.
type Settings struct {
	Ask           Ask       `json:"ask"`
	Windows       Windows   `json:"windows"`
	Policy        Policy    `json:"policy"`
	Note          NoteMode  `json:"note"`
	TestMode      bool      `json:"test_mode"`
	TestContacts  []string  `json:"test_contacts"` // contact ids or e-mail addresses
	WriteBack     WriteBack `json:"write_back"`
	TimeZone      string    `json:"time_zone"`  // IANA name
	Target        float64   `json:"target"`     // CSAT to reach, 0 to 1
	MinSample     int       `json:"min_sample"` // fewer ratings than this are shown greyed
	RetentionDays int       `json:"retention_days"`
}

// Ask holds the rules that decide whether a closed conversation is asked.
type Ask struct {
	Automatic            bool       `json:"automatic"`
	Users                bool       `json:"users"`
	Leads                bool       `json:"leads"`
	Outbound             bool       `json:"outbound"`
	WorkflowStarted      bool       `json:"workflow_started"`
	RequireTeammateReply bool       `json:"require_teammate_reply"`
	MinCharacters        int        `json:"min_characters"`
	MaxDaysSinceReply    int        `json:"max_days_since_reply"`
	SkipGroup            bool       `json:"skip_group"`
	SkipBotAssignee      bool       `json:"skip_bot_assignee"`
	SuppressTags         []string   `json:"suppress_tags"`
	SuppressionDays      int        `json:"suppression_days"`
	DelayMinutes         int        `json:"delay_minutes"`
	MaxPerConversation   int        `json:"max_per_conversation"`
	SamplePercent        int        `json:"sample_percent"`
	Channels             Channels   `json:"channels"`
	ChatMethod           ChatMethod `json:"chat_method"`
}

// Channels switches asking on and off by channel.
type Channels struct {
	Chat  bool `json:"chat"`
	Email bool `json:"email"`
}

// ChatMethod says how a conversation in the Messenger is asked by itself.
type ChatMethod string

// The chat methods: a comment with links, Messenger buttons, or a Workflow of the customer that holds the card.
const (
	AskByLink         ChatMethod = "link"
	AskByQuickReply   ChatMethod = "quick_reply"
	AskByWorkflowCard ChatMethod = "workflow_card"
)

// NoteMode says how much a private note tells the team.
type NoteMode string

// The note modes. NoteNoScore is for workspaces that hide scores from teammates.
const (
	NoteFull    NoteMode = "full"
	NoteNoScore NoteMode = "no_score"
	NoteOff     NoteMode = "off"
)

// WriteBack says what Rerate writes to Intercom after a rating, besides the note.
type WriteBack struct {
	Attributes   bool   `json:"attributes"`
	Event        bool   `json:"event"`
	Tag          string `json:"tag"` // empty: no tag
	NativeRating bool   `json:"native_rating"`
}

// DefaultSettings equal Intercom's own rules for its first rating.
func DefaultSettings() Settings {
	return Settings{
		Ask: Ask{
			Automatic: true, Users: true, Leads: true, WorkflowStarted: true, RequireTeammateReply: true,
			MinCharacters: 250, MaxDaysSinceReply: 7, SkipGroup: true, SkipBotAssignee: true,
			SuppressTags: []string{"fraud", "dupe", "do_not_send"}, MaxPerConversation: 3, SamplePercent: 100,
			Channels: Channels{Chat: true, Email: true}, ChatMethod: AskByLink,
		},
		Windows: Windows{UndoMinutes: 1},
		Policy:  CountLatest, Note: NoteFull, TestContacts: []string{},
		WriteBack: WriteBack{Attributes: true, Event: true},
		TimeZone:  "UTC", Target: 0.9, MinSample: 10,
	}
}

// Location is the workspace's time zone. Settings that passed Validate always have one.
func (s Settings) Location() *time.Location {
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// Clean replaces missing lists by empty ones, so that JSON never shows null.
func (s Settings) Clean() Settings {
	if s.Ask.SuppressTags == nil {
		s.Ask.SuppressTags = []string{}
	}
	if s.TestContacts == nil {
		s.TestContacts = []string{}
	}
	return s
}

// Validate lists what is wrong with the settings, one sentence per field, or nil.
func (s Settings) Validate() Problems {
	p := Problems{}
	p.number("ask.min_characters", s.Ask.MinCharacters, 0, 10_000)
	p.number("ask.max_days_since_reply", s.Ask.MaxDaysSinceReply, 0, 365)
	p.number("ask.suppression_days", s.Ask.SuppressionDays, 0, 3650)
	p.number("ask.delay_minutes", s.Ask.DelayMinutes, 0, 60*24*30)
	p.number("ask.max_per_conversation", s.Ask.MaxPerConversation, 0, 100)
	p.number("ask.sample_percent", s.Ask.SamplePercent, 0, 100)
	p.list("ask.suppress_tags", s.Ask.SuppressTags)
	p.choice("ask.chat_method", string(s.Ask.ChatMethod),
		string(AskByLink), string(AskByQuickReply), string(AskByWorkflowCard))
	p.number("windows.rate_hours", s.Windows.RateHours, 0, 24*365)
	p.number("windows.change_hours", s.Windows.ChangeHours, 0, 24*365)
	p.number("windows.undo_minutes", s.Windows.UndoMinutes, 0, 60)
	if !s.Policy.Known() {
		p.add("policy", "A policy is first, latest, average, best or worst.")
	}
	p.choice("note", string(s.Note), string(NoteFull), string(NoteNoScore), string(NoteOff))
	p.list("test_contacts", s.TestContacts)
	p.text("write_back.tag", s.WriteBack.Tag, 0, 100)
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" || s.TimeZone == "Local" {
		p.add("time_zone", "%q is not a time zone such as Europe/Dublin.", s.TimeZone)
	}
	if !(s.Target >= 0 && s.Target <= 1) {
		p.add("target", "A target is a share from 0 to 1, like 0.9.")
	}
	p.number("min_sample", s.MinSample, 0, 10_000)
	p.number("retention_days", s.RetentionDays, 0, 36_500)
	return p.orNil()
}
