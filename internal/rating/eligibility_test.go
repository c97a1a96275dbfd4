package rating_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rerate/internal/rating"
)

var closed = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// plainClose is asked under the default settings.
func plainClose() rating.Close {
	return rating.Close{
		At: closed, Channel: "chat", ContactID: "c", Contacts: 1, StartedBy: rating.ByCustomer, TeammateReplied: true,
		Characters: 251, LastReplyAt: closed.Add(-7 * day),
	}
}

// Each rule, switched on and off, and at its boundary. A row changes the settings and the close of one that is asked.
func TestEachRuleAtItsBoundary(t *testing.T) {
	type settings = func(*rating.Settings)
	type facts = func(*rating.Close)
	none := func(*rating.Settings) {}
	for _, tt := range []struct {
		name     string
		settings settings
		facts    facts
		want     string
	}{
		{"asked by default", none, func(*rating.Close) {}, ""},
		{"automatic off", func(s *rating.Settings) { s.Ask.Automatic = false }, func(*rating.Close) {}, "automatic"},
		{"a teammate said no", none, func(c *rating.Close) { c.DoNotAsk = true }, "do_not_ask"},
		{"a card by hand", none, func(c *rating.Close) { c.AskedByHand = true }, "asked_by_hand"},
		{"Intercom asked", none, func(c *rating.Close) { c.AskedByIntercom = true }, "asked_by_intercom"},
		{"rated on Home", none, func(c *rating.Close) { c.RatedOnHome = true }, "rated_on_home"},
		{"chat off", func(s *rating.Settings) { s.Ask.Channels.Chat = false }, func(*rating.Close) {}, "channels"},
		{"chat off, e-mail", func(s *rating.Settings) { s.Ask.Channels.Chat = false }, func(c *rating.Close) { c.Channel = "email" }, ""},
		{"e-mail off", func(s *rating.Settings) { s.Ask.Channels.Email = false }, func(c *rating.Close) { c.Channel = "email" }, "channels"},
		{"e-mail off, chat", func(s *rating.Settings) { s.Ask.Channels.Email = false }, func(*rating.Close) {}, ""},
		{"a channel without a switch", none, func(c *rating.Close) { c.Channel = "whatsapp" }, "channels"},
		{"users off", func(s *rating.Settings) { s.Ask.Users = false }, func(*rating.Close) {}, "users"},
		{"users off, lead", func(s *rating.Settings) { s.Ask.Users = false }, func(c *rating.Close) { c.Lead = true }, ""},
		{"leads off", func(s *rating.Settings) { s.Ask.Leads = false }, func(c *rating.Close) { c.Lead = true }, "leads"},
		{"leads off, user", func(s *rating.Settings) { s.Ask.Leads = false }, func(*rating.Close) {}, ""},
		{"lead", none, func(c *rating.Close) { c.Lead = true }, ""},
		{"the team began", none, func(c *rating.Close) { c.StartedBy = rating.ByTeam }, "outbound"},
		{"the team began, outbound on", func(s *rating.Settings) { s.Ask.Outbound = true }, func(c *rating.Close) { c.StartedBy = rating.ByTeam }, ""},
		{"a Workflow began", none, func(c *rating.Close) { c.StartedBy = rating.ByWorkflow }, ""},
		{"a Workflow began, off", func(s *rating.Settings) { s.Ask.WorkflowStarted = false }, func(c *rating.Close) { c.StartedBy = rating.ByWorkflow }, "workflow_started"},
		{"two contacts", none, func(c *rating.Close) { c.Contacts = 2 }, "skip_group"},
		{"two contacts, off", func(s *rating.Settings) { s.Ask.SkipGroup = false }, func(c *rating.Close) { c.Contacts = 2 }, ""},
		{"no teammate", none, func(c *rating.Close) { c.TeammateReplied = false }, "require_teammate_reply"},
		{"no teammate, off", func(s *rating.Settings) { s.Ask.RequireTeammateReply = false }, func(c *rating.Close) { c.TeammateReplied = false }, ""},
		{"250 characters", none, func(c *rating.Close) { c.Characters = 250 }, "min_characters"},
		{"251 characters", none, func(c *rating.Close) { c.Characters = 251 }, ""},
		{"no character, off", func(s *rating.Settings) { s.Ask.MinCharacters = 0 }, func(c *rating.Close) { c.Characters = 0 }, ""},
		{"7 days", none, func(c *rating.Close) { c.LastReplyAt = closed.Add(-7 * day) }, ""},
		{"7 days and a second", none, func(c *rating.Close) { c.LastReplyAt = closed.Add(-7*day - time.Second) }, "max_days_since_reply"},
		{"a year, off", func(s *rating.Settings) { s.Ask.MaxDaysSinceReply = 0 }, func(c *rating.Close) { c.LastReplyAt = closed.Add(-365 * day) }, ""},
		{"a bot's", none, func(c *rating.Close) { c.BotAssignee = true }, "skip_bot_assignee"},
		{"a bot's, off", func(s *rating.Settings) { s.Ask.SkipBotAssignee = false }, func(c *rating.Close) { c.BotAssignee = true }, ""},
		{"tag", none, func(c *rating.Close) { c.Tags = []string{"vip", "Do_Not_Send"} }, "suppress_tags"},
		{"another tag", none, func(c *rating.Close) { c.Tags = []string{"vip", "frauds"} }, ""},
		{"tag, none listed", func(s *rating.Settings) { s.Ask.SuppressTags = nil }, func(c *rating.Close) { c.Tags = []string{"fraud"} }, ""},
		{"asked twice", none, func(c *rating.Close) { c.AskedBefore = 2 }, ""},
		{"asked three times", none, func(c *rating.Close) { c.AskedBefore = 3 }, "max_per_conversation"},
		{"asked often, no limit", func(s *rating.Settings) { s.Ask.MaxPerConversation = 0 }, func(c *rating.Close) { c.AskedBefore = 50 }, ""},
		{"twice today, no limit", func(s *rating.Settings) { s.Ask.MaxPerConversation = 0 }, func(c *rating.Close) { c.AskedBefore, c.AskedLately = 2, 2 }, ""},
		{"thrice today, no limit", func(s *rating.Settings) { s.Ask.MaxPerConversation = 0 }, func(c *rating.Close) { c.AskedBefore, c.AskedLately = 3, 3 }, "daily_cap"},
		{"just asked, no suppression", none, func(c *rating.Close) { c.ContactAskedAt = closed.Add(-time.Second) }, ""},
		{"10 days less a second", func(s *rating.Settings) { s.Ask.SuppressionDays = 10 }, func(c *rating.Close) { c.ContactAskedAt = closed.Add(-10*day + time.Second) }, "suppression_days"},
		{"10 days", func(s *rating.Settings) { s.Ask.SuppressionDays = 10 }, func(c *rating.Close) { c.ContactAskedAt = closed.Add(-10 * day) }, ""},
		{"never asked", func(s *rating.Settings) { s.Ask.SuppressionDays = 10 }, func(*rating.Close) {}, ""},
		{"lot 99 of 100", none, func(c *rating.Close) { c.Lot = 99 }, ""},
		{"lot 19 of 20", func(s *rating.Settings) { s.Ask.SamplePercent = 20 }, func(c *rating.Close) { c.Lot = 19 }, ""},
		{"lot 20 of 20", func(s *rating.Settings) { s.Ask.SamplePercent = 20 }, func(c *rating.Close) { c.Lot = 20 }, "sample_percent"},
		{"nobody", func(s *rating.Settings) { s.Ask.SamplePercent = 0 }, func(*rating.Close) {}, "sample_percent"},
		{"test mode", func(s *rating.Settings) { s.TestMode = true }, func(*rating.Close) {}, "test_mode"},
		{"test mode, test contact", func(s *rating.Settings) { s.TestMode = true }, func(c *rating.Close) { c.TestContact = true }, ""},
		{"the first rule is told", none, func(c *rating.Close) { c.Characters, c.Contacts = 0, 2 }, "skip_group"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, c := rating.DefaultSettings(), plainClose()
			tt.settings(&s)
			tt.facts(&c)
			if got := s.Refusal(c); got != tt.want {
				t.Errorf("refused by %q, want %q", got, tt.want)
			}
		})
	}
}

func TestEveryRuleHasWords(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rating.Rules {
		words, ok := rating.RuleWords(r.Key)
		if !ok || words != r.Words || !strings.HasSuffix(words, ".") || seen[r.Key] {
			t.Errorf("%s: %q, %t", r.Key, words, ok)
		}
		seen[r.Key] = true
	}
	for _, key := range []string{rating.Reopened, rating.Snoozed, rating.BeforeInstall, rating.Replaced, rating.Gone} {
		if words, ok := rating.RuleWords(key); !ok || words == "" || seen[key] {
			t.Errorf("%s: %q, %t", key, words, ok)
		}
	}
	if _, ok := rating.RuleWords("weather"); ok {
		t.Error("a rule that nobody knows has words")
	}
}

// A workspace that asks more often never asks in fewer conversations: each of these steps only opens.
func TestLooserRulesNeverAskLess(t *testing.T) {
	looser := map[string]func(*rating.Settings){
		"min_characters":       func(s *rating.Settings) { s.Ask.MinCharacters /= 2 },
		"max_days_since_reply": func(s *rating.Settings) { s.Ask.MaxDaysSinceReply = 0 },
		"sample_percent":       func(s *rating.Settings) { s.Ask.SamplePercent = 100 },
		"suppress_tags":        func(s *rating.Settings) { s.Ask.SuppressTags = nil },
		"suppression_days":     func(s *rating.Settings) { s.Ask.SuppressionDays = 0 },
		"max_per_conversation": func(s *rating.Settings) { s.Ask.MaxPerConversation = 0 },
		"skip_group":           func(s *rating.Settings) { s.Ask.SkipGroup = false },
		"outbound":             func(s *rating.Settings) { s.Ask.Outbound = true },
	}
	rapid.Check(t, func(t *rapid.T) {
		c := plainClose()
		c.Characters = rapid.IntRange(0, 1000).Draw(t, "characters")
		c.Contacts = rapid.IntRange(1, 3).Draw(t, "contacts")
		c.LastReplyAt = closed.Add(-time.Duration(rapid.IntRange(0, 40*24).Draw(t, "hours since reply")) * time.Hour)
		c.AskedBefore = rapid.IntRange(0, 5).Draw(t, "asked before")
		c.AskedLately = rapid.IntRange(0, c.AskedBefore).Draw(t, "asked lately")
		c.Lot = rapid.IntRange(0, 99).Draw(t, "lot")
		c.StartedBy = rapid.SampledFrom([]rating.Starter{rating.ByCustomer, rating.ByTeam, rating.ByWorkflow}).Draw(t, "started by")
		c.Tags = rapid.SliceOfN(rapid.SampledFrom([]string{"fraud", "vip"}), 0, 2).Draw(t, "tags")
		s := rating.DefaultSettings()
		s.Ask.SamplePercent = rapid.IntRange(0, 100).Draw(t, "sample")
		s.Ask.MinCharacters = rapid.IntRange(0, 500).Draw(t, "min")
		for name, step := range looser {
			open := s
			step(&open)
			if s.Refusal(c) == "" && open.Refusal(c) != "" {
				t.Fatalf("%s: asked before, now refused by %s", name, open.Refusal(c))
			}
		}
	})
}

func TestWhoIsATestContact(t *testing.T) {
	s := rating.Settings{TestContacts: []string{" Sam@Example.com ", "c1", ""}}
	for _, tt := range []struct {
		id, email string
		want      bool
	}{
		{"c1", "", true},
		{"c2", "sam@example.com", true},
		{"c2", "", false},
		{"", "", false},
		{"C1", "other@example.com", false},
	} {
		if got := s.TestContact(tt.id, tt.email); got != tt.want {
			t.Errorf("%q %q: %t", tt.id, tt.email, got)
		}
	}
}
