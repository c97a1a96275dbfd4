package segment

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Match reports whether a person is in the segment at a time. Rules without a condition have nobody in them.
func (r Rules) Match(p Person, now time.Time) bool {
	if len(r.Conditions) == 0 {
		return false
	}
	holds := func(c Condition) bool { return c.Match(p, now) }
	if r.Any {
		return slices.ContainsFunc(r.Conditions, holds)
	}
	return !slices.ContainsFunc(r.Conditions, func(c Condition) bool { return !holds(c) })
}

// Why lists the conditions that hold for a person.
func (r Rules) Why(p Person, now time.Time) []Condition {
	var why []Condition
	for _, c := range r.Conditions {
		if c.Match(p, now) {
			why = append(why, c)
		}
	}
	return why
}

// Match reports whether one condition holds. Where a person has several values, as with several companies, one that fits
// is enough, and the operators that say no ask that none does: so "is not" is always the opposite of "is".
func (c Condition) Match(p Person, now time.Time) bool {
	switch c.Operator {
	case "is_not":
		return !c.with("is").Match(p, now)
	case "contains_not":
		return !c.with("contains").Match(p, now)
	case "unknown":
		return !c.with("known").Match(p, now)
	}
	return slices.ContainsFunc(c.values(p), func(v value) bool { return v.fits(c, now) })
}

func (c Condition) with(operator string) Condition {
	c.Operator = operator
	return c
}

// value is one thing that is known, in each form in which it can be compared.
type value struct {
	text   *string
	number *float64
	at     time.Time // zero: it is no time
	yes    *bool
}

func textValue(s string) []value {
	if s == "" {
		return nil
	}
	return []value{{text: &s}}
}

func numberValue(n int) value {
	f := float64(n)
	return value{number: &f}
}

func timeValue(at time.Time) []value {
	if at.IsZero() {
		return nil
	}
	return []value{{at: at}}
}

// values are what is known of the field; none where nothing is.
func (c Condition) values(p Person) (all []value) {
	switch c.Field {
	case "role":
		return textValue(p.Role)
	case "locale":
		return textValue(p.Locale)
	case "email_domain":
		if i := strings.LastIndexByte(p.Email, '@'); i >= 0 {
			return textValue(p.Email[i+1:])
		}
	case "signed_up":
		return timeValue(p.SignedUpAt)
	case "last_seen":
		return timeValue(p.LastSeenAt)
	case "attribute":
		return attributeValue(p.Attributes, c.Name)
	case "event_count":
		return []value{numberValue(p.Events[c.Name].Count)} // what was never done was done no times
	case "event_last":
		return timeValue(p.Events[c.Name].Last)
	case "rating":
		if p.Rating == "" {
			return textValue("none")
		}
		return textValue(p.Rating)
	case "asked":
		return timeValue(p.AskedAt)
	}
	for _, company := range p.Companies {
		switch c.Field {
		case "company":
			all = append(all, textValue(company.Name)...)
		case "plan":
			all = append(all, textValue(company.Plan)...)
		case "company_size":
			if company.Size > 0 {
				all = append(all, numberValue(company.Size))
			}
		case "company_attribute":
			all = append(all, attributeValue(company.Attributes, c.Name)...)
		}
	}
	return all
}

// attributeValue reads a custom attribute in every form that it can have: Intercom keeps dates as unix seconds, and
// operators keep numbers and dates as text.
func attributeValue(all map[string]any, name string) []value {
	switch known := all[name].(type) {
	case string:
		if known == "" {
			return nil
		}
		v := value{text: &known, at: parseTime(known)}
		if n, err := strconv.ParseFloat(known, 64); err == nil && n == n {
			v.number = &n
		}
		if b, err := strconv.ParseBool(strings.ToLower(known)); err == nil && len(known) > 1 {
			v.yes = &b
		}
		return []value{v}
	case float64:
		text := strconv.FormatFloat(known, 'f', -1, 64)
		v := value{text: &text, number: &known}
		if known >= earliestUnix && known <= latestUnix {
			v.at = time.Unix(int64(known), 0).UTC()
		}
		return []value{v}
	case bool:
		text := strconv.FormatBool(known)
		return []value{{text: &text, yes: &known}}
	}
	return nil
}

// A number is a time only between these: 1980 and the year 2200.
const (
	earliestUnix = 315532800
	latestUnix   = 7258118400
)

func parseTime(text string) time.Time {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

const day = 24 * time.Hour

func (v value) fits(c Condition, now time.Time) bool {
	switch c.Operator {
	case "known":
		return true
	case "is", "contains", "starts_with":
		return v.text != nil && textFits(c.Operator, fold(*v.text), fold(c.Value))
	case "equals", "more_than", "less_than":
		want, err := strconv.ParseFloat(strings.TrimSpace(c.Value), 64)
		return err == nil && v.number != nil && numberFits(c.Operator, *v.number, want)
	case "yes":
		return v.yes != nil && *v.yes
	case "no":
		return v.yes != nil && !*v.yes
	}
	return !v.at.IsZero() && v.timeFits(c, now)
}

func fold(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

func textFits(operator, text, want string) bool {
	switch operator {
	case "contains":
		return strings.Contains(text, want)
	case "starts_with":
		return strings.HasPrefix(text, want)
	}
	return text == want
}

func numberFits(operator string, number, want float64) bool {
	switch operator {
	case "more_than":
		return number > want
	case "less_than":
		return number < want
	}
	return number == want
}

// ahead is how far a clock of Intercom's may be ahead of ours: what happened just now is not in the future.
const ahead = time.Hour

// timeFits compares times. The last three days are the last 72 hours.
func (v value) timeFits(c Condition, now time.Time) bool {
	switch c.Operator {
	case "within_days", "before_days", "next_days":
		n, err := strconv.Atoi(strings.TrimSpace(c.Value))
		if err != nil || n < 0 || n > maxDays {
			return false
		}
		days := time.Duration(n) * day
		switch c.Operator {
		case "within_days":
			return !v.at.Before(now.Add(-days)) && v.at.Before(now.Add(ahead))
		case "next_days":
			return !v.at.Before(now) && !v.at.After(now.Add(days))
		}
		return v.at.Before(now.Add(-days))
	case "after", "before":
		limit, err := time.Parse(time.DateOnly, strings.TrimSpace(c.Value))
		return err == nil && v.at.Before(limit) == (c.Operator == "before")
	}
	return false
}
