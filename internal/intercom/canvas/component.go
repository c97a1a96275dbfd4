package canvas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
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
	if as, ok := components[kind]; ok {
		return as(raw)
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
	if err := decode(raw, &v); err != nil {
		return "", err
	}
	if v.Type == "" {
		return "", errors.New("type is missing")
	}
	return v.Type, nil
}

// part is an object of a canvas that says what it is.
type part interface{ kind() string }

// encode writes what a MarshalJSON returns, at one go however deep it nests: encoding/json would check and copy it at each
// level again.
func encode(v any) ([]byte, error) {
	out, err := appendValue(make([]byte, 0, 2048), reflect.ValueOf(v))
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(unsafeInHTML, func(c []byte) bool { return bytes.Contains(out, c) }) {
		return out, nil
	}
	var escaped bytes.Buffer
	json.HTMLEscape(&escaped, out)
	return escaped.Bytes(), nil
}

// unsafeInHTML is what json.HTMLEscape looks for, at every byte.
var unsafeInHTML = [][]byte{[]byte("<"), []byte(">"), []byte("&"), []byte("\u2028"), []byte("\u2029")}

func appendValue(out []byte, v reflect.Value) (_ []byte, err error) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() == reflect.TypeFor[string]() {
			return jsontext.AppendQuote(out, strings.ToValidUTF8(v.String(), "\ufffd"))
		}
	case reflect.Bool:
		return strconv.AppendBool(out, v.Bool()), nil
	case reflect.Int:
		return strconv.AppendInt(out, v.Int(), 10), nil
	case reflect.Slice:
		out = append(out, '[')
		for i := range v.Len() {
			if i > 0 {
				out = append(out, ',')
			}
			if out, err = appendValue(out, v.Index(i)); err != nil {
				return nil, err
			}
		}
		return append(out, ']'), nil
	case reflect.Struct:
		return appendObject(out, v)
	case reflect.Interface:
		switch unknown := v.Interface().(type) {
		case Unknown:
			return appendRaw(out, unknown.Raw)
		case UnknownAction:
			return appendRaw(out, unknown.Raw)
		}
		fallthrough
	case reflect.Pointer:
		if !v.IsNil() {
			return appendValue(out, v.Elem())
		}
	}
	raw, err := json.Marshal(v.Interface())
	return append(out, raw...), err
}

// appendObject writes an object: its type (unless it has none), its own fields and the unknown keys.
func appendObject(out []byte, v reflect.Value) (_ []byte, err error) {
	l := layoutOf(v.Type())
	begin := len(out)
	if l.kind != "" {
		out = append(append(append(out, `,"type":"`...), l.kind...), '"')
	}
	for _, m := range l.members {
		value := v.Field(m.field)
		if m.omit && (value.IsZero() || value.Kind() == reflect.Slice && value.Len() == 0) {
			continue
		}
		out = append(append(append(out, `,"`...), m.name...), `":`...)
		if out, err = appendValue(out, value); err != nil {
			return nil, err
		}
	}
	if l.extra >= 0 && v.Field(l.extra).Len() > 0 {
		extra := v.Field(l.extra).Interface().(Extra) //nolint:forcetypeassert // the layout says so
		for _, name := range slices.Sorted(maps.Keys(extra)) {
			if out, err = jsontext.AppendQuote(append(out, ','), name); err != nil {
				return nil, err
			}
			if out, err = appendRaw(append(out, ':'), extra[name]); err != nil {
				return nil, err
			}
		}
	}
	if len(out) == begin {
		return append(out, "{}"...), nil
	}
	out[begin] = '{' // for the first comma
	return append(out, '}'), nil
}

func appendRaw(out []byte, raw json.RawMessage) ([]byte, error) {
	compact := bytes.NewBuffer(out)
	err := json.Compact(compact, raw)
	return compact.Bytes(), err
}
