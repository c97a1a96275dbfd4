package rating

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var dryStart = time.Date(2026, 2, 2, 9, 0, 0, 0, time.UTC)

// goodClose is one that the default settings ask, so long after the start.
func goodClose(conversation, contact string, after time.Duration) PastClose {
	return PastClose{ID: fmt.Sprint(conversation, after), Conversation: conversation, Facts: Close{
		At: dryStart.Add(after), Channel: "chat", ContactID: contact, Contacts: 1, StartedBy: ByCustomer, TeammateReplied: true,
		Characters: 251, LastReplyAt: dryStart.Add(after - time.Hour),
	}}
}

func TestDryRun(t *testing.T) {
	with := func(change func(*Settings)) Settings {
		s := DefaultSettings()
		change(&s)
		return s
	}
	hours := func(conversation, contact string, all ...int) (closes []PastClose) {
		for _, h := range all {
			closes = append(closes, goodClose(conversation, contact, time.Duration(h)*time.Hour))
		}
		return closes
	}
	happened := func(c PastClose, what string, delay time.Duration) []PastClose {
		c.Happened, c.Delay = what, delay
		return []PastClose{c}
	}
	delay := func(minutes int) Settings { return with(func(s *Settings) { s.Ask.DelayMinutes = minutes }) }
	one := goodClose("1", "a", 0)
	for _, c := range []struct {
		name     string
		settings Settings
		asks     []PastAsk
		closes   []PastClose
		want     []string
	}{
		{"asked", DefaultSettings(), nil, hours("1", "a", 0), []string{Asked}},
		{"switched off", with(func(s *Settings) { s.Ask.Automatic = false }), nil, hours("1", "a", 0, 1), []string{"automatic", "automatic"}},
		{"too short", with(func(s *Settings) { s.Ask.MinCharacters = 251 }), nil, hours("1", "a", 0), []string{"min_characters"}},
		{"simulated asks count", DefaultSettings(), nil, hours("1", "a", 0, 25, 50, 75), []string{Asked, Asked, Asked, "max_per_conversation"}},
		{"in the order of time", DefaultSettings(), nil, hours("1", "a", 75, 50, 25, 0), []string{"max_per_conversation", Asked, Asked, Asked}},
		{
			"requests by hand count", DefaultSettings(),
			[]PastAsk{{"1", "a", dryStart.Add(-time.Hour)}, {"1", "a", dryStart.Add(-2 * time.Hour)}},
			hours("1", "a", 0, 1),
			[]string{Asked, "max_per_conversation"},
		},
		{
			"one that was made later does not", with(func(s *Settings) { s.Ask.MaxPerConversation = 1 }),
			[]PastAsk{{"1", "a", dryStart.Add(time.Microsecond)}},
			hours("1", "a", 0, 1),
			[]string{Asked, "max_per_conversation"},
		},
		{
			"the daily cap", with(func(s *Settings) { s.Ask.MaxPerConversation = 0 }), nil, hours("1", "a", 0, 1, 2, 3, 24, 25),
			[]string{Asked, Asked, Asked, "daily_cap", Asked, Asked},
		},
		{
			"another conversation of the contact", with(func(s *Settings) { s.Ask.SuppressionDays = 2 }), nil,
			append(hours("1", "a", 0), hours("2", "a", 47, 48)...),
			[]string{Asked, "suppression_days", Asked},
		},
		{"another contact", with(func(s *Settings) { s.Ask.SuppressionDays = 2 }), nil, append(hours("1", "a", 0), hours("2", "b", 1)...), []string{Asked, Asked}},
		{"closed again before it was due", delay(61), nil, hours("1", "a", 0, 1), []string{Reopened, Asked}},
		{"closed again when it was due", delay(60), nil, hours("1", "a", 0, 1), []string{Asked, Asked}},
		{"really taken back", delay(10), nil, happened(one, Snoozed, 10*time.Minute), []string{Snoozed}},
		{"sooner than it was taken back", delay(9), nil, happened(one, Reopened, 10*time.Minute), []string{Asked}},
		{"the rules go first", with(func(s *Settings) { s.Ask.Users = false }), nil, happened(one, Reopened, 0), []string{"users"}},
		{"refused by a rule that is off now", DefaultSettings(), nil, happened(one, "users", 0), []string{Asked}},
		{"by hand, whatever the rules say", with(func(s *Settings) { s.Ask.Automatic = false }), nil, happened(one, ByHand, 0), []string{ByHand}},
		{"before Rerate was connected", DefaultSettings(), nil, happened(one, BeforeInstall, 0), []string{Asked}},
		{"nothing is known", DefaultSettings(), nil, []PastClose{{ID: "x", Conversation: "1"}}, []string{NotKept}},
		{
			"what Intercom did not take is no request", with(func(s *Settings) { s.Ask.MaxPerConversation = 1 }), nil,
			append(happened(one, FailedToAsk, 0), hours("1", "a", 1)...),
			[]string{Asked, Asked},
		},
		{
			"test contacts by the settings that are tried", with(func(s *Settings) { s.TestMode, s.TestContacts = true, []string{"A@example.com"} }), nil,
			[]PastClose{{Conversation: "1", Email: "a@EXAMPLE.com", Facts: one.Facts}, goodClose("2", "b", 0)},
			[]string{Asked, "test_mode"},
		},
	} {
		if diff := cmp.Diff(c.want, DryRun(c.settings, c.asks, c.closes)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// The dry run of the settings that were in force says what the ledger says: a plain model closes, reopens and asks one
// after another as the program does, and keeps the ledger.
func TestDryRunOfTheSettingsInForceIsTheLedger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSettings(t)
		type asked struct {
			conversation, contact string
			at                    time.Time
			hand                  bool
		}
		var requests []asked
		var closes []PastClose
		want := []string{}
		now := dryStart
		waiting := map[string]int{} // by conversation: the close whose ask is due later
		send := func() {
			for conversation, i := range waiting {
				if due := closes[i].Facts.At.Add(closes[i].Delay); !due.After(now) {
					requests = append(requests, asked{conversation, closes[i].Facts.ContactID, due, false})
					delete(waiting, conversation)
				}
			}
		}
		open := map[string]bool{}
		byHand := map[string]bool{}
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			now = now.Add(time.Duration(rapid.IntRange(1, 20*60).Draw(t, "minutes")) * time.Minute)
			send()
			conversation := rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "conversation")
			contact := map[string]string{"1": "a", "2": "a", "3": "b"}[conversation]
			if !open[conversation] {
				open[conversation], byHand[conversation] = true, false
				if i, ok := waiting[conversation]; ok { // reopened before it was due
					want[i], closes[i].Happened = Reopened, Reopened
					delete(waiting, conversation)
				}
				continue
			}
			if rapid.IntRange(0, 5).Draw(t, "hand") == 0 {
				requests = append(requests, asked{conversation, contact, now, true})
				byHand[conversation] = true
				continue
			}
			open[conversation] = false
			c := drawClose(t, conversation, contact, now)
			for _, r := range requests {
				if r.conversation == conversation {
					c.Facts.AskedBefore++
					if r.at.After(now.Add(-24 * time.Hour)) {
						c.Facts.AskedLately++
					}
				}
				if r.contact == contact && r.at.After(c.Facts.ContactAskedAt) {
					c.Facts.ContactAskedAt = r.at
				}
			}
			c.Delay = s.delay()
			decision := Asked
			if rule := s.Refusal(c.Facts); byHand[conversation] {
				decision = ByHand
			} else if rule != "" {
				decision = rule
			} else {
				waiting[conversation] = len(closes)
			}
			c.Happened = decision
			closes, want = append(closes, c), append(want, decision)
			send()
		}
		var asks []PastAsk
		for _, r := range requests {
			if r.hand {
				asks = append(asks, PastAsk{r.conversation, r.contact, r.at})
			}
		}
		got := DryRun(s, asks, closes)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("the ledger and the dry run differ (-ledger +dry run):\n%s\n%+v", diff, s.Ask)
		}
		sum := 0
		for key, n := range Tally(got) {
			sum += n
			if _, known := RuleWords(key); !known && !slices.Contains([]string{Asked, ByHand, NotKept}, key) {
				t.Fatalf("%q has no words", key)
			}
		}
		if sum != len(closes) {
			t.Fatalf("%d closes add up to %d", len(closes), sum)
		}
	})
}

func drawSettings(t *rapid.T) Settings {
	s := DefaultSettings()
	yes := func(label string) bool { return rapid.IntRange(0, 4).Draw(t, label) > 0 }
	s.Ask.Automatic, s.Ask.Users, s.Ask.Leads, s.Ask.Outbound = yes("automatic"), yes("users"), yes("leads"), yes("outbound")
	s.Ask.MinCharacters = rapid.SampledFrom([]int{0, 250}).Draw(t, "characters")
	s.Ask.SuppressionDays = rapid.IntRange(0, 3).Draw(t, "suppression")
	s.Ask.MaxPerConversation = rapid.IntRange(0, 3).Draw(t, "most")
	s.Ask.DelayMinutes = rapid.SampledFrom([]int{0, 0, 30, 600}).Draw(t, "delay")
	s.Ask.SamplePercent = rapid.SampledFrom([]int{100, 50}).Draw(t, "sample")
	return s
}

func drawClose(t *rapid.T, conversation, contact string, at time.Time) PastClose {
	c := goodClose(conversation, contact, 0)
	c.ID, c.Facts.At, c.Facts.LastReplyAt = at.String(), at, at.Add(-time.Hour)
	c.Facts.Characters = rapid.SampledFrom([]int{250, 251}).Draw(t, "length")
	c.Facts.Lot = rapid.SampledFrom([]int{0, 49, 50}).Draw(t, "lot")
	c.Facts.Lead = rapid.Bool().Draw(t, "lead")
	if rapid.IntRange(0, 5).Draw(t, "outbound") == 0 {
		c.Facts.StartedBy = ByTeam
	}
	return c
}
