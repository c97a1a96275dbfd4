package views

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rerate/views/ui"
)

// problems are the errors in the order of the fields. What belongs to no field has no link.
func (p WordingProps) problems() []ui.Wrong {
	fields := slices.SortedFunc(maps.Keys(p.Errors), func(a, b string) int { return cmp.Or(cmp.Compare(orderOf(a), orderOf(b)), cmp.Compare(a, b)) })
	all := make([]ui.Wrong, len(fields))
	for i, field := range fields {
		all[i] = ui.Wrong{ID: controlOf(field), Label: p.Form.nameOf(field), Text: p.Errors[field]}
	}
	return all
}

var sections = []string{"form", "question", "option", "ask", "remarks", "thanks", "locale", "new_locale"}

// orderOf sorts fields as they stand on the page.
func orderOf(field string) string {
	first, rest, _ := strings.Cut(field, ".")
	place := slices.Index(sections, strings.TrimSuffix(first, "s"))
	if place < 0 {
		place = slices.Index(sections, first)
	}
	number, _, _ := strings.Cut(rest, ".")
	n, _ := strconv.Atoi(number)
	return fmt.Sprintf("%02d %02d %s", place+1, n, rest)
}

var fieldNames = map[string]string{
	"question": "Question", "options": "Choices", "remarks.label": "Label of the remark field", "remarks.placeholder": "Placeholder",
	"remarks.ask_why_up_to": "Ask what went wrong", "remarks.why_label": "Words for asking what went wrong", "thanks.negative": "Thanks after a negative choice",
	"thanks.neutral": "Thanks after a neutral choice", "thanks.positive": "Thanks after a positive choice", "locales": "Languages",
	"ask.chat": "Before the question in the Messenger", "ask.email": "Before the question in an e-mail",
	"new_locale_code": "Add a language", "emoji": "Emoji", "label": "Label", "sentiment": "Meaning", "code": "Code",
}

// nameOf is what a field is called on the page.
func (f WordingForm) nameOf(field string) string {
	if name := fieldNames[field]; name != "" {
		return name
	}
	parts := strings.SplitN(field, ".", 3)
	if len(parts) < 3 {
		return ""
	}
	n, err := strconv.Atoi(parts[1])
	switch {
	case err != nil:
		return ""
	case parts[0] == "option":
		return fmt.Sprintf("%s of choice %d", fieldNames[parts[2]], n+1)
	case parts[0] == "locale" && n < len(f.Locales):
		name := fieldNames[parts[2]]
		if label, ok := strings.CutPrefix(parts[2], "label."); ok {
			i, _ := strconv.Atoi(label)
			name = fmt.Sprintf("Label of choice %d", i+1)
		}
		return languageName(f.Locales[n].Code) + ": " + name
	}
	return ""
}

// controlOf is the id of a field's control on the page, "" where it has none.
func controlOf(field string) string {
	switch {
	case field == "form" || field == "locales" || strings.HasSuffix(field, ".code"):
		return ""
	case field == "options":
		return "choices"
	}
	return field
}
