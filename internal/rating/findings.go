package rating

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Finding is what one rule saw of a close.
type Finding struct {
	Key     string
	Asks    string // what must hold, with the boundary: "More than 250 characters"; empty while the setting asks nothing
	Saw     string // what was so: "312 characters"
	Refuses bool
}

// Findings are what every rule says of a close, in the order in which they are asked; settings are those of that time.
func (s Settings) Findings(c Close) []Finding {
	found := make([]Finding, len(Rules))
	for i, r := range Rules {
		words := findingWords[r.Key]
		found[i] = Finding{Key: r.Key, Asks: words.asks(s), Saw: words.saw(c), Refuses: r.refuses(s, c)}
	}
	return found
}

// findingWords say for each rule what it asks of a close, and what it saw of it. A test holds the keys against Rules.
var findingWords = map[string]struct {
	asks func(Settings) string
	saw  func(Close) string
}{
	"automatic":         {always("Rerate asks by itself"), none},
	"do_not_ask":        {always("No teammate said not to ask"), either("a teammate said not to ask", "nobody said so", func(c Close) bool { return c.DoNotAsk })},
	"asked_by_hand":     {always("Not asked by a teammate in this episode"), either("a teammate had asked", "nobody had asked", func(c Close) bool { return c.AskedByHand })},
	"asked_by_intercom": {always("Not asked by Intercom in this episode"), either("Intercom had asked", "Intercom had not asked", func(c Close) bool { return c.AskedByIntercom })},
	"rated_on_home":     {always("Not rated on Messenger Home"), either("rated on Messenger Home", "not rated there", func(c Close) bool { return c.RatedOnHome })},
	"channels":          {askedChannels, began},
	"users":             {unless("Users are not asked", func(s Settings) bool { return s.Ask.Users }), userOrLead},
	"leads":             {unless("Leads are not asked", func(s Settings) bool { return s.Ask.Leads }), userOrLead},
	"outbound":          {unless("Not begun by the team", func(s Settings) bool { return s.Ask.Outbound }), startedBy},
	"workflow_started":  {unless("Not begun by a Workflow", func(s Settings) bool { return s.Ask.WorkflowStarted }), startedBy},
	"skip_group": {when("One contact only", func(s Settings) bool { return s.Ask.SkipGroup }), func(c Close) string {
		return plural(c.Contacts, "contact", "contacts")
	}},
	"require_teammate_reply": {
		when("A teammate took part in this episode", func(s Settings) bool { return s.Ask.RequireTeammateReply }),
		either("a teammate took part", "no teammate took part", func(c Close) bool { return c.TeammateReplied }),
	},
	"min_characters": {func(s Settings) string {
		return limit(s.Ask.MinCharacters, "More than %d characters in all")
	}, func(c Close) string { return plural(c.Characters, "character", "characters") }},
	"max_days_since_reply": {func(s Settings) string {
		return limit(s.Ask.MaxDaysSinceReply, "Closed at most %d × 24 hours after the last reply")
	}, sinceReply},
	"skip_bot_assignee": {
		when("Not assigned to a bot", func(s Settings) bool { return s.Ask.SkipBotAssignee }),
		either("assigned to a bot", "not assigned to a bot", func(c Close) bool { return c.BotAssignee }),
	},
	"suppress_tags": {func(s Settings) string {
		if len(s.Ask.SuppressTags) == 0 {
			return ""
		}
		return "None of the tags " + strings.Join(s.Ask.SuppressTags, ", ")
	}, func(c Close) string {
		if len(c.Tags) == 0 {
			return "no tags"
		}
		return "tagged " + strings.Join(c.Tags, ", ")
	}},
	"max_per_conversation": {func(s Settings) string {
		return limit(s.Ask.MaxPerConversation, "Asked fewer than %d times in this conversation")
	}, func(c Close) string { return "asked " + plural(c.AskedBefore, "time", "times") + " before" }},
	"daily_cap": {
		always(fmt.Sprintf("Asked fewer than %d times in the 24 hours before", DailyCap)),
		func(c Close) string { return "asked " + plural(c.AskedLately, "time", "times") + " in them" },
	},
	"suppression_days": {func(s Settings) string {
		return limit(s.Ask.SuppressionDays, "The contact was not asked in the last %d × 24 hours")
	}, func(c Close) string {
		if c.ContactAskedAt.IsZero() {
			return "never asked before"
		}
		return "asked " + span(c.At.Sub(c.ContactAskedAt)) + " before"
	}},
	"sample_percent": {func(s Settings) string {
		if s.Ask.SamplePercent >= 100 {
			return ""
		}
		return fmt.Sprintf("A lot from 1 to 100 is at most %d", s.Ask.SamplePercent)
	}, func(c Close) string { return "the lot was " + strconv.Itoa(c.Lot+1) }},
	"test_mode": {when("A test contact", func(s Settings) bool { return s.TestMode }), none},
}

func always(words string) func(Settings) string { return func(Settings) string { return words } }

func when(words string, on func(Settings) bool) func(Settings) string {
	return func(s Settings) string {
		if on(s) {
			return words
		}
		return ""
	}
}

func unless(words string, off func(Settings) bool) func(Settings) string {
	return when(words, func(s Settings) bool { return !off(s) })
}

func none(Close) string { return "" }

func either(yes, no string, is func(Close) bool) func(Close) string {
	return func(c Close) string {
		if is(c) {
			return yes
		}
		return no
	}
}

func askedChannels(s Settings) string {
	switch on := s.Ask.Channels; {
	case on.Chat && on.Email:
		return "Began in chat or by e-mail"
	case on.Chat:
		return "Began in chat"
	case on.Email:
		return "Began by e-mail"
	}
	return "No channel is asked"
}

func began(c Close) string {
	switch c.Channel {
	case "chat":
		return "began in chat"
	case "email":
		return "began by e-mail"
	}
	return "began by " + c.Channel
}

func userOrLead(c Close) string {
	if c.Lead {
		return "a lead"
	}
	return "a user"
}

func startedBy(c Close) string {
	switch c.StartedBy {
	case ByTeam:
		return "begun by the team"
	case ByWorkflow:
		return "begun by a Workflow"
	case ByCustomer:
	}
	return "begun by the customer"
}

func sinceReply(c Close) string {
	if c.LastReplyAt.IsZero() {
		return "no reply is known"
	}
	return "closed " + span(c.At.Sub(c.LastReplyAt)) + " after it"
}

// limit writes a boundary; 0 is none.
func limit(n int, words string) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(words, n)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// span writes a length of time as people say it, from days down to minutes.
func span(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return plural(int(d/(24*time.Hour)), "day", "days") + hours(d%(24*time.Hour))
	case d >= 2*time.Hour:
		return plural(int(d/time.Hour), "hour", "hours")
	}
	return plural(int(d/time.Minute), "minute", "minutes")
}

func hours(d time.Duration) string {
	if d < time.Hour {
		return ""
	}
	return " and " + plural(int(d/time.Hour), "hour", "hours")
}
