package segment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The bounds of a segment.
const (
	maxConditions = 20
	maxText       = 200
	maxDays       = 3650
)

// Clean trims what was typed, and leaves out values and names that are not needed.
func (r Rules) Clean() Rules {
	clean := Rules{Any: r.Any, Conditions: []Condition{}}
	for _, c := range r.Conditions {
		c.Name, c.Value = strings.TrimSpace(c.Name), strings.TrimSpace(c.Value)
		if f, ok := FieldOf(c.Field); ok && f.Named == "" {
			c.Name = ""
		}
		if o, ok := OperatorOf(c.Operator); ok && o.Kind == None {
			c.Value = ""
		}
		clean.Conditions = append(clean.Conditions, c)
	}
	return clean
}

// Check says what is wrong, by field: "conditions", or "conditions.2.value" for the value of the third. Nil means valid.
func (r Rules) Check() map[string]string {
	problems := map[string]string{}
	switch n := len(r.Conditions); {
	case n == 0:
		problems["conditions"] = "Add at least one condition: without any, nobody is in the segment."
	case n > maxConditions:
		problems["conditions"] = fmt.Sprintf("At most %d conditions fit.", maxConditions)
	}
	for i, c := range r.Conditions {
		for part, problem := range c.check() {
			problems[fmt.Sprintf("conditions.%d.%s", i, part)] = problem
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return problems
}

func (c Condition) check() map[string]string {
	problems := map[string]string{}
	field, ok := FieldOf(c.Field)
	if !ok {
		problems["field"] = "Choose what the condition is about."
		return problems
	}
	if field.Named != "" {
		if problem := checkText(c.Name); problem != "" {
			problems["name"] = problem
		}
	}
	operator, ok := OperatorOf(c.Operator)
	if !ok || !slices.Contains(field.Operators, c.Operator) {
		problems["operator"] = fmt.Sprintf("“%s” cannot be compared in this way; choose another.", field.Label)
		return problems
	}
	if problem := checkValue(field, operator, c.Value); problem != "" {
		problems["value"] = problem
	}
	return problems
}

func checkText(text string) string {
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "This text holds characters that cannot be stored."
	case strings.TrimSpace(text) == "":
		return "This must not be empty."
	case utf8.RuneCountInString(text) > maxText:
		return fmt.Sprintf("At most %d characters fit.", maxText)
	}
	return ""
}

func checkValue(field Field, operator Operator, value string) string {
	value = strings.TrimSpace(value)
	switch operator.Kind {
	case None:
		return ""
	case Number:
		if n, err := strconv.ParseFloat(value, 64); err != nil || n != n || n > 1e15 || n < -1e15 {
			return "Write a number, such as 10 or 2.5."
		}
		return ""
	case Days:
		if n, err := strconv.Atoi(value); err != nil || n < 0 || n > maxDays {
			return fmt.Sprintf("Write a whole number of days from 0 to %d.", maxDays)
		}
		return ""
	case Date:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return "Write a day as year-month-day, such as 2026-01-31."
		}
		return ""
	}
	if field.Choices != nil && !slices.ContainsFunc(field.Choices, func(c Choice) bool { return strings.EqualFold(c.Value, value) }) {
		var names []string
		for _, choice := range field.Choices {
			names = append(names, choice.Label)
		}
		return "Write one of: " + strings.Join(names, ", ") + "."
	}
	return checkText(value)
}

// Words say the condition in a sentence, such as: Company plan is “Pro”.
func (c Condition) Words() string {
	field, _ := FieldOf(c.Field)
	operator, _ := OperatorOf(c.Operator)
	subject := field.Label
	if field.Named != "" {
		subject += " “" + c.Name + "”"
	}
	switch operator.Kind {
	case None:
		return subject + " " + operator.Label
	case Text:
		return subject + " " + operator.Label + " “" + c.Value + "”"
	}
	if before, after, ok := strings.Cut(operator.Label, "…"); ok {
		return subject + " " + before + c.Value + after
	}
	return subject + " " + operator.Label + " " + c.Value
}

// Same reports whether two rules ask for the same, so that saving them again makes no new version.
func (r Rules) Same(other Rules) bool {
	return r.Any == other.Any && slices.Equal(r.Conditions, other.Conditions)
}
