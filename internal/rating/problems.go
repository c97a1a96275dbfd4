package rating

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problems maps a field to the one sentence that says what is wrong with it. Nil means valid.
type Problems map[string]string

// Error lists all problems in the order of their fields.
func (p Problems) Error() string {
	lines := make([]string, 0, len(p))
	for _, field := range slices.Sorted(maps.Keys(p)) {
		lines = append(lines, field+": "+p[field])
	}
	return strings.Join(lines, " ")
}

func (p Problems) add(field, format string, args ...any) {
	if _, ok := p[field]; !ok {
		p[field] = fmt.Sprintf(format, args...)
	}
}

func (p Problems) orNil() Problems {
	if len(p) == 0 {
		return nil
	}
	return p
}

// text checks a text that a person typed: its length in characters, and that it can be stored and shown.
func (p Problems) text(field, value string, least, most int) {
	switch n := utf8.RuneCountInString(value); {
	case !utf8.ValidString(value) || strings.ContainsRune(value, 0):
		p.add(field, "This text holds characters that cannot be stored.")
	case n > most:
		p.add(field, "This text has %d characters; at most %d fit.", n, most)
	case least > 0 && strings.TrimSpace(value) == "":
		p.add(field, "This must not be empty.")
	}
}

func (p Problems) number(field string, value, least, most int) {
	if value < least || value > most {
		p.add(field, "Choose a whole number from %d to %d.", least, most)
	}
}

func (p Problems) choice(field, value string, known ...string) {
	if !slices.Contains(known, value) {
		p.add(field, "%q is not one of %v.", value, known)
	}
}

func (p Problems) list(field string, values []string) {
	if len(values) > 200 {
		p.add(field, "At most 200 entries fit.")
	}
	for _, v := range values {
		p.text(field, v, 1, 200)
	}
}
