package views

import (
	"fmt"
	"strings"
	"time"
)

// DryRun is what settings would have made of the closes of the last days, beside what those in force would have.
// Both columns of Rows add up to Closes.
type DryRun struct {
	Days   int
	Closes int
	Most   int // only so many, the newest, were looked at; 0: all
	Rows   []DryRunRow
	Same   bool // nothing would have come out differently
}

// DryRunRow is one thing that could become of a close.
type DryRunRow struct {
	Words     string
	Asked     bool
	Now, Then int
	Examples  []string // pages of closes that these settings would have treated so
}

// asked is how many the settings in force and those that are tried would have asked by themselves.
func (d DryRun) asked() (now, then int) {
	for _, r := range d.Rows {
		if r.Asked {
			now, then = now+r.Now, then+r.Then
		}
	}
	return now, then
}

// sentence says it in one line.
func (d DryRun) sentence() string {
	now, then := d.asked()
	text := fmt.Sprintf("Of %s of the last %s, these settings would have asked %s",
		count(d.Closes, "close", "closes"), count(d.Days, "day", "days"), grouped(then))
	switch {
	case then == now:
		return text + ", as many as the settings in force."
	case then > now:
		return text + fmt.Sprintf(": %s more than the settings in force.", grouped(then-now))
	}
	return text + fmt.Sprintf(": %s fewer than the settings in force.", grouped(now-then))
}

// difference is how many more, with its sign.
func (r DryRunRow) difference() string {
	switch by := r.Then - r.Now; {
	case by > 0:
		return "+" + grouped(by)
	case by < 0:
		return "−" + grouped(-by)
	}
	return "="
}

// SettingsChange is one time that somebody changed settings.
type SettingsChange struct {
	Author string
	At     time.Time
	Items  []SettingChange
}

// SettingChange is one setting that was changed; values are as the form shows them.
type SettingChange struct{ Key, Before, After string }

// RulesWords says in a few words which rules some changes of settings, the newest first, have changed: those that decide who
// is asked and what may be answered. It is "" where none has.
func RulesWords(changes []SettingsChange) string {
	var words []string
	for _, change := range changes {
		for _, item := range change.Items {
			if text := item.rule(); text != "" {
				words = append(words, text)
			}
		}
	}
	if n := len(words); n > rulesNamed {
		words = append(words[:rulesNamed], fmt.Sprintf("and %d more", n-rulesNamed))
	}
	return strings.Join(words, "; ")
}

// rulesNamed is how many rules one marker names.
const rulesNamed = 3

// rule says a changed rule: "Shortest conversation: 250 → 100 characters"; "" where it is none.
func (c SettingChange) rule() string {
	rules := strings.HasPrefix(c.Key, "ask.") || strings.HasPrefix(c.Key, "windows.") || c.Key == "policy" || c.Key == "test_mode"
	if !rules {
		return ""
	}
	if s, _ := settingOf(c.Key); s.kind == number {
		return c.label() + ": " + c.Before + " → " + c.shown(c.After)
	}
	return c.label() + ": " + c.shown(c.Before) + " → " + c.shown(c.After)
}

// label is the name of the setting on the form.
func (c SettingChange) label() string {
	if s, ok := settingOf(c.Key); ok {
		return s.label
	}
	return c.Key
}

// shown is a value as people read it.
func (c SettingChange) shown(value string) string {
	s, _ := settingOf(c.Key)
	switch {
	case s.kind == toggle && value == "true":
		return "on"
	case s.kind == toggle:
		return "off"
	case value == "":
		return "none"
	case s.kind == choice || s.kind == choices:
		return word(s.choices, value)
	case s.kind == number:
		return value + " " + s.unit
	case s.kind == lines:
		return strings.ReplaceAll(value, "\n", ", ")
	}
	return value
}

func settingOf(key string) (setting, bool) {
	for _, group := range settingsGroups {
		for _, s := range group.settings {
			if s.name == key {
				return s, true
			}
		}
	}
	return setting{kind: text}, false
}
