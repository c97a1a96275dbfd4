package segment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rerate/internal/segment"
)

var now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

const day = 24 * time.Hour

var ann = segment.Person{
	Role: "user", Locale: "fr-FR", Email: "ann@Example.com", SignedUpAt: ago(30 * day), LastSeenAt: ago(2 * day),
	Attributes: map[string]any{
		"seats": 12.0, "vip": true, "trial": false, "tier": "Gold", "count": "7", "renews_at": float64(ago(-10 * day).Unix()),
		"joined": "2026-01-31", "flag": "true", "empty": "", "one": "1",
	},
	Companies: []segment.Company{
		{Name: "Blue Sun", Plan: "Pro", Size: 40, Attributes: map[string]any{"region": "EU"}},
		{Name: "Aspen", Attributes: map[string]any{"region": "US"}},
	},
	Events: map[string]segment.Event{"order": {Count: 3, Last: ago(5 * day)}},
	Rating: "negative", AskedAt: ago(7 * day),
}

// Every field with every operator that it takes, on both sides of the boundary.
func TestConditions(t *testing.T) {
	for _, c := range []struct {
		field, name, operator, value string
		want                         bool
	}{
		{"role", "", "is", "user", true},
		{"role", "", "is", "lead", false},
		{"role", "", "is_not", "lead", true},
		{"locale", "", "is", "fr", false},
		{"locale", "", "starts_with", "FR", true},
		{"locale", "", "contains", "-f", true},
		{"locale", "", "contains_not", "de", true},
		{"locale", "", "known", "", true},
		{"email_domain", "", "is", "example.com", true},
		{"email_domain", "", "is", "ann@example.com", false},
		{"email_domain", "", "is_not", "example.com", false},
		{"signed_up", "", "within_days", "30", true},
		{"signed_up", "", "within_days", "29", false},
		{"signed_up", "", "before_days", "30", false},
		{"signed_up", "", "before_days", "29", true},
		{"signed_up", "", "after", "2026-01-31", true},
		{"signed_up", "", "before", "2026-01-31", false},
		{"signed_up", "", "before", "2026-02-01", true},
		{"last_seen", "", "within_days", "2", true},
		{"last_seen", "", "within_days", "1", false},
		{"last_seen", "", "unknown", "", false},
		{"attribute", "seats", "more_than", "11.5", true},
		{"attribute", "seats", "more_than", "12", false},
		{"attribute", "seats", "less_than", "12", false},
		{"attribute", "seats", "less_than", "12.1", true},
		{"attribute", "seats", "equals", "12.0", true},
		{"attribute", "seats", "is", "12", true},
		{"attribute", "count", "more_than", "6", true},
		{"attribute", "vip", "yes", "", true},
		{"attribute", "vip", "no", "", false},
		{"attribute", "trial", "no", "", true},
		{"attribute", "flag", "yes", "", true},
		{"attribute", "one", "yes", "", false},
		{"attribute", "gone", "no", "", false},
		{"attribute", "tier", "is", " gold ", true},
		{"attribute", "tier", "more_than", "1", false},
		{"attribute", "renews_at", "after", "2026-03-12", true},
		{"attribute", "renews_at", "within_days", "30", false},
		{"attribute", "renews_at", "next_days", "10", true},
		{"attribute", "renews_at", "next_days", "9", false},
		{"attribute", "renews_at", "before_days", "0", false},
		{"attribute", "joined", "before", "2026-01-31", false},
		{"attribute", "joined", "after", "2026-01-31", true},
		{"attribute", "joined", "before_days", "30", true},
		{"attribute", "empty", "known", "", false},
		{"attribute", "gone", "is_not", "x", true},
		{"attribute", "gone", "unknown", "", true},
		{"company", "", "is", "aspen", true},
		{"company", "", "is_not", "aspen", false},
		{"company", "", "is_not", "other", true},
		{"plan", "", "is", "pro", true},
		{"plan", "", "is", "free", false},
		{"company_size", "", "more_than", "39", true},
		{"company_size", "", "more_than", "40", false},
		{"company_size", "", "less_than", "40", false},
		{"company_attribute", "region", "is", "us", true},
		{"company_attribute", "region", "is_not", "us", false},
		{"company_attribute", "REGION", "is", "us", false},
		{"event_count", "order", "more_than", "2", true},
		{"event_count", "order", "more_than", "3", false},
		{"event_count", "login", "less_than", "1", true},
		{"event_count", "login", "equals", "0", true},
		{"event_last", "order", "within_days", "5", true},
		{"event_last", "order", "within_days", "4", false},
		{"event_last", "login", "unknown", "", true},
		{"rating", "", "is", "negative", true},
		{"rating", "", "is", "none", false},
		{"asked", "", "before_days", "6", true},
		{"asked", "", "before_days", "7", false},
		{"asked", "", "unknown", "", false},
	} {
		condition := segment.Condition{Field: c.field, Name: c.name, Operator: c.operator, Value: c.value}
		if problems := (segment.Rules{Conditions: []segment.Condition{condition}}).Check(); problems != nil {
			t.Errorf("%+v: %v", condition, problems)
		}
		if got := condition.Match(ann, now); got != c.want {
			t.Errorf("%s: %v", condition.Words(), got)
		}
	}
	if !(segment.Condition{Field: "rating", Operator: "is", Value: "none"}).Match(segment.Person{}, now) {
		t.Error("nobody rated, and the latest rating is not none")
	}
}

func TestAllAndAny(t *testing.T) {
	yes := segment.Condition{Field: "role", Operator: "is", Value: "user"}
	no := segment.Condition{Field: "role", Operator: "is", Value: "lead"}
	for _, c := range []struct {
		any        bool
		conditions []segment.Condition
		want       bool
	}{
		{false, nil, false},
		{true, nil, false},
		{false, []segment.Condition{yes, no}, false},
		{true, []segment.Condition{no, yes}, true},
		{false, []segment.Condition{yes, yes}, true},
		{true, []segment.Condition{no, no}, false},
	} {
		rules := segment.Rules{Any: c.any, Conditions: c.conditions}
		if got := rules.Match(ann, now); got != c.want {
			t.Errorf("%+v: %v", rules, got)
		}
	}
	if why := (segment.Rules{Conditions: []segment.Condition{no, yes}}).Why(ann, now); len(why) != 1 || why[0] != yes {
		t.Errorf("why is %v", why)
	}
}

func TestWrongConditionsAreRefused(t *testing.T) {
	for _, c := range []struct{ field, name, operator, value, part string }{
		{"nothing", "", "is", "x", "field"},
		{"role", "", "more_than", "1", "operator"},
		{"role", "", "is", "admin", "value"},
		{"locale", "", "is", " ", "value"},
		{"locale", "", "is", "a\x00", "value"},
		{"locale", "", "is", strings.Repeat("x", 201), "value"},
		{"attribute", "", "is", "x", "name"},
		{"attribute", "seats", "more_than", "many", "value"},
		{"attribute", "seats", "more_than", "NaN", "value"},
		{"attribute", "seats", "more_than", "1e300", "value"},
		{"last_seen", "", "within_days", "-1", "value"},
		{"last_seen", "", "within_days", "1.5", "value"},
		{"last_seen", "", "within_days", "3651", "value"},
		{"last_seen", "", "after", "31.01.2026", "value"},
		{"rating", "", "is", "5", "value"},
	} {
		rules := segment.Rules{Conditions: []segment.Condition{{Field: c.field, Name: c.name, Operator: c.operator, Value: c.value}}}
		if problems := rules.Check(); problems["conditions.0."+c.part] == "" {
			t.Errorf("%+v: %v", c, problems)
		}
	}
	if (segment.Rules{}).Check()["conditions"] == "" || (segment.Rules{Conditions: make([]segment.Condition, 21)}).Check()["conditions"] == "" {
		t.Error("none and too many are not refused")
	}
}

// What is not needed is left out, so that it makes no new version.
func TestClean(t *testing.T) {
	dirty := segment.Rules{Conditions: []segment.Condition{
		{Field: "role", Name: "left over", Operator: "is", Value: " user "}, {Field: "attribute", Name: " vip ", Operator: "yes", Value: "left over"},
	}}
	want := segment.Rules{Conditions: []segment.Condition{{Field: "role", Operator: "is", Value: "user"}, {Field: "attribute", Name: "vip", Operator: "yes"}}}
	if got := dirty.Clean(); !got.Same(want) || !got.Clean().Same(got) {
		t.Errorf("cleaned it is %+v", got)
	}
}

// Every field has a name, its operators are known, and every operator has words.
func TestTheTablesAreWhole(t *testing.T) {
	used := map[string]bool{}
	for _, f := range segment.Fields {
		if f.Label == "" || len(f.Operators) == 0 {
			t.Errorf("%+v", f)
		}
		for _, o := range f.Operators {
			if _, ok := segment.OperatorOf(o); !ok {
				t.Errorf("%s: no operator %s", f.ID, o)
			}
			used[o] = true
		}
	}
	for _, o := range segment.Operators {
		if o.Label == "" || !used[o.ID] {
			t.Errorf("%+v is of no use", o)
		}
	}
	for words, c := range map[string]segment.Condition{
		"Company plan is “Pro”":                             {Field: "plan", Operator: "is", Value: "Pro"},
		"Last seen is longer ago than 30 days":              {Field: "last_seen", Operator: "before_days", Value: "30"},
		"Contact attribute “vip” is yes":                    {Field: "attribute", Name: "vip", Operator: "yes"},
		"Event, how often “order” is more than 3":           {Field: "event_count", Name: "order", Operator: "more_than", Value: "3"},
		"Signed up is on or after 2026-01-31":               {Field: "signed_up", Operator: "after", Value: "2026-01-31"},
		"Company attribute “region” is not known":           {Field: "company_attribute", Name: "region", Operator: "unknown"},
		"Last asked for a rating is within the last 7 days": {Field: "asked", Operator: "within_days", Value: "7"},
	} {
		if got := c.Words(); got != words {
			t.Errorf("%q, want %q", got, words)
		}
	}
}

func anyPerson(t *rapid.T) segment.Person {
	text := rapid.SampledFrom([]string{"", "a", "A", "ab", "b", "1", "true", "2026-01-31", "é"})
	at := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "unknown") {
			return time.Time{}
		}
		return ago(time.Duration(rapid.IntRange(-5*24, 400*24).Draw(t, "hours")) * time.Hour)
	})
	attribute := rapid.Custom(func(t *rapid.T) any {
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			return text.Draw(t, "text")
		case 1:
			return float64(rapid.IntRange(-3, 2_000_000_000).Draw(t, "number"))
		}
		return rapid.Bool().Draw(t, "bool")
	})
	attributes := rapid.MapOfN(rapid.SampledFrom([]string{"x", "y"}), attribute, 0, 2)
	p := segment.Person{
		Role: rapid.SampledFrom([]string{"user", "lead", ""}).Draw(t, "role"), Locale: text.Draw(t, "locale"), Email: text.Draw(t, "email"),
		SignedUpAt: at.Draw(t, "signed up"), LastSeenAt: at.Draw(t, "seen"), AskedAt: at.Draw(t, "asked"),
		Attributes: attributes.Draw(t, "attributes"), Rating: rapid.SampledFrom([]string{"", "negative", "neutral", "positive"}).Draw(t, "rating"),
	}
	for range rapid.IntRange(0, 3).Draw(t, "companies") {
		p.Companies = append(p.Companies, segment.Company{
			Name: text.Draw(t, "company"), Plan: text.Draw(t, "plan"), Size: rapid.IntRange(0, 3).Draw(t, "size"), Attributes: attributes.Draw(t, "of company"),
		})
	}
	if rapid.Bool().Draw(t, "event") {
		p.Events = map[string]segment.Event{"x": {Count: rapid.IntRange(0, 5).Draw(t, "count"), Last: at.Draw(t, "last")}}
	}
	return p
}

func anyCondition(t *rapid.T) segment.Condition {
	f := rapid.SampledFrom(segment.Fields).Draw(t, "field")
	c := segment.Condition{Field: f.ID, Operator: rapid.SampledFrom(f.Operators).Draw(t, "operator")}
	if f.Named != "" {
		c.Name = rapid.SampledFrom([]string{"x", "y"}).Draw(t, "name")
	}
	o, _ := segment.OperatorOf(c.Operator)
	switch {
	case f.Choices != nil:
		c.Value = rapid.SampledFrom(f.Choices).Draw(t, "choice").Value
	case o.Kind == segment.Text:
		c.Value = rapid.SampledFrom([]string{"a", "A", "b", "1", "true"}).Draw(t, "text")
	case o.Kind == segment.Number, o.Kind == segment.Days:
		c.Value = fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "number"))
	case o.Kind == segment.Date:
		c.Value = ago(time.Duration(rapid.IntRange(-9, 400).Draw(t, "day")) * day).Format(time.DateOnly)
	}
	return c
}

// The laws that evaluation keeps for anybody and any condition.
func TestLaws(t *testing.T) {
	opposite := map[string]string{
		"is": "is_not", "contains": "contains_not", "known": "unknown",
	}
	rapid.Check(t, func(t *rapid.T) {
		p, c := anyPerson(t), anyCondition(t)
		if problems := (segment.Rules{Conditions: []segment.Condition{c}}).Check(); problems != nil {
			t.Fatalf("%+v is refused: %v", c, problems)
		}
		with := func(operator string) bool {
			other := c
			other.Operator = operator
			return other.Match(p, now)
		}
		for yes, no := range opposite {
			if with(yes) == with(no) {
				t.Errorf("%s and %s agree for %+v", yes, no, p)
			}
		}
		holds := c.Match(p, now)
		negative := c.Operator == "is_not" || c.Operator == "contains_not" || c.Operator == "unknown"
		if holds && !negative && with("unknown") {
			t.Errorf("%s holds of what is not known", c.Words())
		}
		if c.Operator == "within_days" && holds && len(p.Companies) < 2 && with("before_days") {
			t.Errorf("a time is both within and before: %+v of %+v", c, p)
		}
		// What is not needed is not looked at.
		needs, less := segment.Rules{Conditions: []segment.Condition{c}}.Needs(), p
		if !needs.Companies {
			less.Companies = nil
		}
		if !needs.Events {
			less.Events = nil
		}
		if !needs.Rating {
			less.Rating = ""
		}
		if !needs.Asked {
			less.AskedAt = time.Time{}
		}
		if c.Match(less, now) != holds {
			t.Errorf("%s looks at more than it needs", c.Words())
		}
		other := anyCondition(t)
		both := []segment.Condition{c, other}
		all, one := segment.Rules{Conditions: both}.Match(p, now), segment.Rules{Any: true, Conditions: both}.Match(p, now)
		if all != (holds && other.Match(p, now)) || one != (holds || other.Match(p, now)) {
			t.Errorf("all and any of %+v", both)
		}
		slices.Reverse(both)
		if all != (segment.Rules{Conditions: both}).Match(p, now) {
			t.Error("the order matters")
		}
	})
}

// Whatever stands in a stored condition, evaluating, checking and wording it never fails, and cleaning is done once.
func FuzzCondition(f *testing.F) {
	f.Add("attribute", "x", "within_days", "99999999999999999999")
	f.Add("company", "", "is_not", "\xff")
	f.Fuzz(func(t *testing.T, field, name, operator, value string) {
		rules := segment.Rules{Conditions: []segment.Condition{{Field: field, Name: name, Operator: operator, Value: value}}}
		rules.Match(ann, now)
		rules.Conditions[0].Words()
		clean := rules.Clean()
		if !clean.Clean().Same(clean) {
			t.Errorf("cleaning %+v twice", rules)
		}
		if clean.Check() == nil && rules.Match(ann, now) != clean.Match(ann, now) && strings.TrimSpace(name) == name {
			t.Errorf("cleaning changes who is in: %+v", rules)
		}
	})
}
