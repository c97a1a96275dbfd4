package views

import "testing"

// triedSettings is the settings page with what other values would have done, and who changed what.
func triedSettings() SettingsProps {
	p := exampleSettings()
	p.Unsaved = true
	p.DryRun = &DryRun{Days: 30, Closes: 214, Most: 214, Rows: []DryRunRow{
		{Words: "Asked", Asked: true, Now: 97, Then: 120, Examples: []string{"/requests/1", "/requests/2"}},
		{Words: "The conversation is too short.", Now: 117, Then: 94},
	}}
	p.Changes = []SettingsChange{{Author: hostile, At: now, Items: []SettingChange{
		{Key: "ask.leads", Before: "true"},
		{Key: "note", Before: "full", After: "off"},
		{Key: "gone", After: hostile},
		{Key: "ask.suppress_tags", Before: "fraud\ndupe"},
		{Key: "target", Before: "90", After: "92.5"},
	}}}
	return p
}

func TestDryRunSentence(t *testing.T) {
	run := func(closes, now, then, most int) DryRun {
		return DryRun{Days: 30, Closes: closes, Most: most, Rows: []DryRunRow{{Asked: true, Now: now, Then: then}, {Now: 7}}}
	}
	for want, d := range map[string]DryRun{
		"Of 1 close of the last 30 days, these settings would have asked 1, as many as the settings in force.":               run(1, 1, 1, 0),
		"Of 2,000 closes of the last 30 days, these settings would have asked 1,200: 1,100 more than the settings in force.": run(2000, 100, 1200, 0),
		"Of 10 closes of the last 30 days, these settings would have asked 0: 3 fewer than the settings in force.":           run(10, 3, 0, 10),
	} {
		if got := d.sentence(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for want, r := range map[string]DryRunRow{"+2": {Then: 2}, "−1,000": {Now: 1000}, "=": {Now: 3, Then: 3}} {
		if got := r.difference(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
