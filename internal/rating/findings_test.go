package rating

import (
	"testing"
	"time"
)

// Every rule has words for what it asks and saw, and a finding refuses just where the rules do.
func TestFindingsSayWhatTheRulesSaid(t *testing.T) {
	closed := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	strict := DefaultSettings()
	strict.Ask.SuppressionDays, strict.Ask.SamplePercent = 3, 50
	c := Close{
		At: closed, Channel: "chat", Contacts: 1, StartedBy: ByCustomer, TeammateReplied: true, Characters: 250,
		LastReplyAt: closed.Add(-50 * time.Hour), ContactAskedAt: closed.Add(-70 * time.Minute), Lot: 49, AskedBefore: 1,
	}
	found := strict.Findings(c)
	if len(found) != len(Rules) || len(findingWords) != len(Rules) {
		t.Fatalf("%d findings and %d words for %d rules", len(found), len(findingWords), len(Rules))
	}
	first := ""
	said := map[string]Finding{}
	for i, f := range found {
		if f.Key != Rules[i].Key {
			t.Errorf("finding %d is of %s, the rule is %s", i, f.Key, Rules[i].Key)
		}
		if f.Refuses && f.Asks == "" {
			t.Errorf("%s refuses without saying what it asks", f.Key)
		}
		if f.Refuses && first == "" {
			first = f.Key
		}
		said[f.Key] = f
	}
	if first != strict.Refusal(c) {
		t.Errorf("the first that refuses is %q, the rules say %q", first, strict.Refusal(c))
	}
	for key, want := range map[string]Finding{
		"min_characters":       {Asks: "More than 250 characters in all", Saw: "250 characters", Refuses: true},
		"max_days_since_reply": {Asks: "Closed at most 7 × 24 hours after the last reply", Saw: "closed 2 days and 2 hours after it"},
		"suppression_days":     {Asks: "The contact was not asked in the last 3 × 24 hours", Saw: "asked 70 minutes before", Refuses: true},
		"sample_percent":       {Asks: "A lot from 1 to 100 is at most 50", Saw: "the lot was 50"},
		"max_per_conversation": {Asks: "Asked fewer than 3 times in this conversation", Saw: "asked 1 time before"},
		"outbound":             {Asks: "Not begun by the team", Saw: "begun by the customer"},
		"workflow_started":     {Saw: "begun by the customer"},
		"leads":                {Saw: "a user"},
		"skip_group":           {Asks: "One contact only", Saw: "1 contact"},
		"suppress_tags":        {Asks: "None of the tags fraud, dupe, do_not_send", Saw: "no tags"},
		"test_mode":            {},
	} {
		want.Key = key
		if said[key] != want {
			t.Errorf("%s: %+v, want %+v", key, said[key], want)
		}
	}
}

// Whatever a setting switches off asks nothing, and what it switches on says so.
func TestASettingThatIsOffAsksNothing(t *testing.T) {
	open := Settings{Ask: Ask{Automatic: true, Users: true, Leads: true, Outbound: true, WorkflowStarted: true, SamplePercent: 100, Channels: Channels{Chat: true, Email: true}}}
	stays := map[string]bool{"automatic": true, "do_not_ask": true, "asked_by_hand": true, "asked_by_intercom": true, "rated_on_home": true, "channels": true, "daily_cap": true}
	for _, f := range open.Findings(Close{Channel: "chat", Contacts: 3, BotAssignee: true}) {
		if f.Refuses || (f.Asks != "") != stays[f.Key] {
			t.Errorf("%+v", f)
		}
	}
	for _, f := range (Settings{TestMode: true}).Findings(Close{}) {
		if f.Refuses && f.Asks == "" {
			t.Errorf("%s refuses without saying what it asks", f.Key)
		}
	}
}
