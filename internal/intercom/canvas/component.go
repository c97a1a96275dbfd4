package canvas

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// Component is one part of a canvas: Text, Image, Spacer, Divider, DataTable, List, Button,
// SingleSelect, Dropdown, Checkbox, Input, TextArea, or Unknown. Decoding yields the plain types,
// never pointers to them.
type Component interface {
	// Validate says in one sentence, naming the component and the field, what Intercom would not take.
	Validate() error
	// ids lists the ids by which the component and its items answer in a submit.
	ids() []string
}

// Extra keeps the keys of an object that this package does not know, so that they survive a round trip.
type Extra map[string]json.RawMessage

// components is the one table from a component's type to its decoder.
var components = map[string]func(json.RawMessage) (Component, error){
	"text":          decodeAs[Text],
	"image":         decodeAs[Image],
	"spacer":        decodeAs[Spacer],
	"divider":       decodeAs[Divider],
	"data-table":    decodeAs[DataTable],
	"list":          decodeAs[List],
	"button":        decodeAs[Button],
	"single-select": decodeAs[SingleSelect],
	"dropdown":      decodeAs[Dropdown],
	"checkbox":      decodeAs[Checkbox],
	"input":         decodeAs[Input],
	"textarea":      decodeAs[TextArea],
}

func decodeAs[C Component](raw json.RawMessage) (Component, error) {
	var c C
	err := json.Unmarshal(raw, &c)
	return c, err
}

func decodeComponent(raw json.RawMessage) (Component, error) {
	kind, err := typeOf(raw)
	if err != nil {
		return nil, err
	}
	if decode, ok := components[kind]; ok {
		return decode(raw)
	}
	return Unknown{Type: kind, Raw: raw}, nil
}

// Unknown is a component of a type that this package does not know, kept as it came.
type Unknown struct {
	Type string
	Raw  json.RawMessage
}

// MarshalJSON writes the component as it came.
func (u Unknown) MarshalJSON() ([]byte, error) { return u.Raw, nil }

// Validate refuses it: only documented components may be sent.
func (u Unknown) Validate() error {
	return fmt.Errorf("%s: type is not one that Canvas Kit documents", u.Type)
}

func (u Unknown) ids() []string { return nil }

// typeOf reads the type key of a component or an action.
func typeOf(raw json.RawMessage) (string, error) {
	var v struct {
		Type string `json:"type"`
	}
	if _, err := decodeObject(raw, &v); err != nil {
		return "", err
	}
	if v.Type == "" {
		return "", errors.New("type is missing")
	}
	return v.Type, nil
}

// encode writes an object: its type (unless empty), its own fields, its action and the unknown keys. A card has objects five
// deep, which encoding/json would check and copy at each level again.
func encode(kind string, fields any, action Action, extra Extra) ([]byte, error) {
	out := append(make([]byte, 0, 256), '{')
	key := func(name string) {
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), name...), '"', ':')
	}
	if kind != "" {
		key("type")
		out = append(append(append(out, '"'), kind...), '"')
	}
	var err error
	of := reflect.ValueOf(fields)
	for i, m := range membersOf(of.Type()) {
		value := of.Field(i)
		if m.name == "-" || m.omit && (value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0) {
			continue
		}
		key(m.name)
		if out, err = appendValue(out, value.Interface()); err != nil {
			return nil, err
		}
	}
	if action != nil {
		key("action")
		if out, err = appendValue(out, action); err != nil {
			return nil, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		quoted, err := jsontext.AppendQuote(nil, name)
		if err != nil {
			return nil, err
		}
		key(string(quoted[1 : len(quoted)-1]))
		out = append(out, extra[name]...)
	}
	return append(out, '}'), nil
}

func appendValue(out []byte, value any) ([]byte, error) {
	switch v := value.(type) {
	case string:
		return jsontext.AppendQuote(out, strings.ToValidUTF8(v, "\ufffd"))
	case *Content:
		return appendValue(out, *v)
	case []Component:
		return appendEach(out, v)
	case []Option:
		return appendEach(out, v)
	case json.Marshaler:
		raw, err := v.MarshalJSON()
		return append(out, raw...), err
	}
	raw, err := json.Marshal(value)
	return append(out, raw...), err
}

func appendEach[T any](out []byte, values []T) (_ []byte, err error) {
	out = append(out, '[')
	for i, v := range values {
		if i > 0 {
			out = append(out, ',')
		}
		if out, err = appendValue(out, v); err != nil {
			return nil, err
		}
	}
	return append(out, ']'), nil
}

// decode reads an object that has a type and, where action is not nil, may have an action.
// It returns the keys that fields does not name.
func decode(raw []byte, fields any, action *Action) (Extra, error) {
	also := []string{"type"}
	if action != nil {
		also = append(also, "action")
	}
	extra, err := decodeObject(raw, fields, also...)
	if err != nil || action == nil {
		return extra, err
	}
	var v struct {
		Action json.RawMessage `json:"action"`
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, plain(err)
	}
	*action, err = decodeAction(v.Action)
	return extra, err
}
