package intercomtest

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// matcher decides whether a conversation or a contact is found.
type matcher[T any] func(*T) bool

// filterParser reads one filter of a query.
type filterParser[T any] func(field, operator string, value json.RawMessage) (matcher[T], error)

const (
	maxNesting = 3 // a group, in it groups, in these filters
	maxFilters = 15
)

// parseQuery reads a filter or a group of them (description 2.16, "Search conversations").
func parseQuery[T any](raw json.RawMessage, depth int, filter filterParser[T]) (matcher[T], error) {
	var q struct {
		Field    string          `json:"field"`
		Operator string          `json:"operator"`
		Value    json.RawMessage `json:"value"`
	}
	if len(raw) == 0 || json.Unmarshal(raw, &q) != nil {
		return nil, invalid("query is required and must be an object with operator and value")
	}
	if q.Operator != "AND" && q.Operator != "OR" {
		return filter(q.Field, q.Operator, q.Value)
	}
	var members []json.RawMessage
	if json.Unmarshal(q.Value, &members) != nil || len(members) == 0 {
		return nil, invalid("the value of a group must be a list of filters")
	}
	if len(members) > maxFilters || depth >= maxNesting {
		return nil, invalid("a query may have 15 filters in each group and nest 2 deep")
	}
	var parts []matcher[T]
	for _, m := range members {
		part, err := parseQuery(m, depth+1, filter)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return func(c *T) bool {
		if q.Operator == "OR" {
			return slices.ContainsFunc(parts, func(m matcher[T]) bool { return m(c) })
		}
		return !slices.ContainsFunc(parts, func(m matcher[T]) bool { return !m(c) })
	}, nil
}

// conversationFilter is the leaf of a conversation search.
func conversationFilter(field, operator string, raw json.RawMessage) (matcher[Conversation], error) {
	f, ok := searchFields[field]
	if name, custom := strings.CutPrefix(field, "custom_attributes."); custom {
		f, ok = searchField{txt, func(_ *figures, c *Conversation) any { return asText(c.Attributes[name]) }}, true
	}
	if !ok {
		return nil, invalid("'" + field + "' is not a field that conversations can be searched by")
	}
	compare, wanted, err := parseComparison(f.kind, field, operator, raw)
	if err != nil {
		return nil, err
	}
	return func(c *Conversation) bool { return compare.hit(f.of(&c.figures, c), wanted) }, nil
}

// parseComparison reads the operator and the values with which a field is compared.
func parseComparison(kind fieldKind, field, name string, raw json.RawMessage) (operator, []any, error) {
	var value any
	if len(raw) > 0 && json.Unmarshal(raw, &value) != nil {
		return operator{}, nil, invalid("the value of '" + field + "' cannot be read")
	}
	wanted := []any{value}
	if name == "IN" || name == "NIN" {
		list, ok := value.([]any)
		if !ok {
			return operator{}, nil, invalid("IN and NIN take a list")
		}
		wanted = list
	}
	for i, v := range wanted {
		read, ok := kind.read(v)
		if !ok {
			return operator{}, nil, invalid("the value of '" + field + "' has the wrong type")
		}
		wanted[i] = read
	}
	compare, ok := operators[name]
	if !ok || !slices.Contains(compare.kinds, kind) {
		return operator{}, nil, invalid("operator '" + name + "' does not fit '" + field + "'")
	}
	return compare, wanted, nil
}

// fieldKind is the type of a search field.
type fieldKind int

const (
	txt fieldKind = iota
	number
	boolean
	many // a list of ids, or of words
	date // a time of a contact, compared by the day before version 2.17
)

// read turns a JSON value into the form in which fields are compared: string, int64, bool, or nil.
func (k fieldKind) read(v any) (any, bool) {
	if v == nil {
		return nil, true
	}
	switch k {
	case number:
		switch n := v.(type) {
		case float64:
			return int64(n), true
		case string:
			i, err := strconv.ParseInt(n, 10, 64)
			return i, err == nil
		}
		return nil, false
	case boolean:
		if s, ok := v.(string); ok {
			b, err := strconv.ParseBool(s)
			return b, err == nil
		}
		b, ok := v.(bool)
		return b, ok
	default:
		s := asText(v)
		return s, s != nil
	}
}

// asText gives a scalar as a string, and nil for what is none.
func asText(v any) any {
	switch t := v.(type) {
	case string:
		return t
	case float64:
		return strconv.FormatFloat(t, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(t)
	default:
		return nil
	}
}

type operator struct {
	kinds []fieldKind
	hit   func(have any, wanted []any) bool
}

var (
	everyKind = []fieldKind{txt, number, boolean, many}
	textKinds = []fieldKind{txt, many}
	operators = map[string]operator{
		"=":   {everyKind, func(have any, wanted []any) bool { return equals(have, wanted[0]) }},
		"!=":  {everyKind, func(have any, wanted []any) bool { return !equals(have, wanted[0]) }},
		"IN":  {everyKind, in},
		"NIN": {everyKind, func(have any, wanted []any) bool { return !in(have, wanted) }},
		">":   {[]fieldKind{number}, func(have any, wanted []any) bool { return ordered(have, wanted[0], 1) }},
		"<":   {[]fieldKind{number}, func(have any, wanted []any) bool { return ordered(have, wanted[0], -1) }},
		"~":   {textKinds, func(have any, wanted []any) bool { return textual(have, wanted[0], strings.Contains) }},
		"!~":  {textKinds, func(have any, wanted []any) bool { return !textual(have, wanted[0], strings.Contains) }},
		"^":   {textKinds, func(have any, wanted []any) bool { return textual(have, wanted[0], strings.HasPrefix) }},
		"$":   {textKinds, func(have any, wanted []any) bool { return textual(have, wanted[0], strings.HasSuffix) }},
	}
)

func equals(have, wanted any) bool {
	if list, ok := have.([]string); ok {
		return slices.ContainsFunc(list, func(s string) bool { return s == wanted })
	}
	return have == wanted
}

func in(have any, wanted []any) bool {
	return slices.ContainsFunc(wanted, func(w any) bool { return equals(have, w) })
}

// ordered is > and <, which Intercom documents as "or equal".
func ordered(have, wanted any, sign int) bool {
	a, ok := have.(int64)
	b, also := wanted.(int64)
	return ok && also && compareInts(a, b)*sign >= 0
}

func textual(have, wanted any, test func(string, string) bool) bool {
	w, ok := wanted.(string)
	if !ok {
		return false
	}
	w = strings.ToLower(w)
	if list, many := have.([]string); many {
		return slices.ContainsFunc(list, func(s string) bool { return test(strings.ToLower(s), w) })
	}
	h, ok := have.(string)
	return ok && test(strings.ToLower(h), w)
}
