package rating

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Starter says who began a conversation.
type Starter string

// The starters, after Intercom's delivered_as: a customer, the team (by hand or by a campaign), or a Workflow or bot.
const (
	ByCustomer Starter = "customer"
	ByTeam     Starter = "team"
	ByWorkflow Starter = "workflow"
)

// Close is what was true of a conversation when an episode of it was closed: everything that the rules ask about. It
// is stored with the ledger's row, so that a later question is answered by what was true then.
type Close struct {
	At              time.Time `json:"at"`
	Channel         string    `json:"channel"`
	ContactID       string    `json:"contact_id"` // who is asked
	Contacts        int       `json:"contacts"`
	Lead            bool      `json:"lead"`
	StartedBy       Starter   `json:"started_by"`
	TeammateReplied bool      `json:"teammate_replied"` // in this episode
	Characters      int       `json:"characters"`       // of all messages of the conversation
	LastReplyAt     time.Time `json:"last_reply_at"`    // of customer, teammate or bot
	BotAssignee     bool      `json:"bot_assignee"`
	Tags            []string  `json:"tags"`              // of the conversation and its messages
	AskedByHand     bool      `json:"asked_by_hand"`     // since the conversation was opened
	AskedByIntercom bool      `json:"asked_by_intercom"` // its own rating request, since the conversation was opened
	RatedOnHome     bool      `json:"rated_on_home"`     // on Messenger Home, in this episode or since its close
	AskedBefore     int       `json:"asked_before"`      // requests that the conversation has had
	AskedLately     int       `json:"asked_lately"`      // of these, in the 24 hours before the close
	ContactAskedAt  time.Time `json:"contact_asked_at"`  // the contact's newest request in any conversation; zero: never
	DoNotAsk        bool      `json:"do_not_ask"`        // a teammate said so
	Lot             int       `json:"lot"`               // 0 to 99, drawn once for each episode
	TestContact     bool      `json:"-"`                 // as the settings of the moment say
}

// DailyCap is how often one conversation is asked by itself within 24 hours at most, whatever the settings say, so
// that no loop of closing and asking can go on.
const DailyCap = 3

// Rule is one reason not to ask. Its key is the settings key that it belongs to, or a name of its own where no setting
// turns it off.
type Rule struct {
	Key     string
	Words   string // why it kept a conversation from being asked, as one sentence
	refuses func(Settings, Close) bool
}

// Rules are all rules in the order in which they are asked; the first that refuses is the one that is told.
var Rules = []Rule{
	{"automatic", "Asking by itself is switched off.", func(s Settings, _ Close) bool { return !s.Ask.Automatic }},
	{"do_not_ask", "A teammate said not to ask in this conversation.", func(_ Settings, c Close) bool { return c.DoNotAsk }},
	{"asked_by_hand", "A teammate had asked already.", func(_ Settings, c Close) bool { return c.AskedByHand }},
	{"asked_by_intercom", "Intercom has asked for its own rating at this close or before it.", func(_ Settings, c Close) bool { return c.AskedByIntercom }},
	{"rated_on_home", "The customer had rated on Messenger Home already.", func(_ Settings, c Close) bool { return c.RatedOnHome }},
	{"channels", "This channel is not asked.", func(s Settings, c Close) bool { return !s.Ask.Channels.On(c.Channel) }},
	{"users", "Users are not asked.", func(s Settings, c Close) bool { return !s.Ask.Users && !c.Lead }},
	{"leads", "Leads are not asked.", func(s Settings, c Close) bool { return !s.Ask.Leads && c.Lead }},
	{"outbound", "Conversations that the team began are not asked.", func(s Settings, c Close) bool { return !s.Ask.Outbound && c.StartedBy == ByTeam }},
	{"workflow_started", "Conversations that a Workflow began are not asked.", func(s Settings, c Close) bool { return !s.Ask.WorkflowStarted && c.StartedBy == ByWorkflow }},
	{"skip_group", "Group conversations are not asked.", func(s Settings, c Close) bool { return s.Ask.SkipGroup && c.Contacts > 1 }},
	{"require_teammate_reply", "No teammate took part since the conversation was opened.", func(s Settings, c Close) bool {
		return s.Ask.RequireTeammateReply && !c.TeammateReplied
	}},
	{"min_characters", "The conversation is too short.", func(s Settings, c Close) bool {
		return s.Ask.MinCharacters > 0 && c.Characters <= s.Ask.MinCharacters
	}},
	{"max_days_since_reply", "The last reply was too long before the close.", func(s Settings, c Close) bool {
		return s.Ask.MaxDaysSinceReply > 0 && c.At.Sub(c.LastReplyAt) > days(s.Ask.MaxDaysSinceReply)
	}},
	{"skip_bot_assignee", "The conversation is assigned to a bot.", func(s Settings, c Close) bool { return s.Ask.SkipBotAssignee && c.BotAssignee }},
	{"suppress_tags", "The conversation has a tag that keeps it from being asked.", func(s Settings, c Close) bool { return shareTag(s.Ask.SuppressTags, c.Tags) }},
	{"max_per_conversation", "The conversation was asked often enough.", func(s Settings, c Close) bool {
		return s.Ask.MaxPerConversation > 0 && c.AskedBefore >= s.Ask.MaxPerConversation
	}},
	{"daily_cap", "The conversation was asked often enough for one day.", func(_ Settings, c Close) bool { return c.AskedLately >= DailyCap }},
	{"suppression_days", "The customer was asked not long ago.", func(s Settings, c Close) bool {
		return s.Ask.SuppressionDays > 0 && !c.ContactAskedAt.IsZero() && c.At.Sub(c.ContactAskedAt) < days(s.Ask.SuppressionDays)
	}},
	{"sample_percent", "The conversation is not part of the sample.", func(s Settings, c Close) bool { return c.Lot >= s.Ask.SamplePercent }},
	{"test_mode", "Test mode is on and this is no test contact.", func(s Settings, c Close) bool { return s.TestMode && !c.TestContact }},
}

// Reasons that keep an episode from being asked and that no rule decides.
const (
	Reopened      = "reopened"       // opened again before it was due, or before the close was learned of
	Snoozed       = "snoozed"        // snoozed before it was due
	BeforeInstall = "before_install" // closed before Rerate was connected
	Replaced      = "replaced"       // a newer request took its place
	Gone          = "deleted"        // deleted in Intercom
)

var otherReasons = map[string]string{
	Reopened:      "The conversation was opened again before it was asked.",
	Snoozed:       "The conversation was snoozed before it was asked.",
	BeforeInstall: "It was closed before Rerate was connected.",
	Replaced:      "A newer request took its place.",
	Gone:          "The conversation was deleted in Intercom.",
}

// RuleWords say why a rule or another reason kept an episode from being asked; false for a key that nobody knows.
func RuleWords(key string) (string, bool) {
	for _, r := range Rules {
		if r.Key == key {
			return r.Words, true
		}
	}
	words, ok := otherReasons[key]
	return words, ok
}

// Reasons are the keys of all rules, in their order, and of all other reasons.
func Reasons() []string {
	keys := make([]string, 0, len(Rules)+len(otherReasons))
	for _, r := range Rules {
		keys = append(keys, r.Key)
	}
	return append(keys, slices.Sorted(maps.Keys(otherReasons))...)
}

// Refusal is the key of the first rule that keeps the close from being asked; empty when it is to be asked.
func (s Settings) Refusal(c Close) string {
	for _, r := range Rules {
		if r.refuses(s, c) {
			return r.Key
		}
	}
	return ""
}

// On reports whether conversations of a channel are asked by themselves. Only chat and e-mail have a switch; in other
// channels a teammate can ask by hand.
func (c Channels) On(channel string) bool {
	return channel == "chat" && c.Chat || channel == "email" && c.Email
}

// TestContact reports whether a contact is one to test with, by id or e-mail address.
func (s Settings) TestContact(id, email string) bool {
	return slices.ContainsFunc(s.TestContacts, func(known string) bool {
		known = strings.TrimSpace(known)
		return known != "" && (known == id || strings.EqualFold(known, email))
	})
}

// shareTag compares tags as Intercom does, without regard to letter case.
func shareTag(some, others []string) bool {
	return slices.ContainsFunc(some, func(a string) bool {
		return slices.ContainsFunc(others, func(b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) })
	})
}

func days(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }
