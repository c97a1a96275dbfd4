package canvas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// decode reads raw into the struct that v points to, by exact key names. A key that differs from a known one only in letter
// case or by Unicode folding is refused: encoding/json would take it for the known one. null changes nothing. The keys that
// the struct does not name are kept in its Extra, where it has one.
func decode(raw []byte, v any) error {
	dec := readerOf(raw)
	defer readers.Put(dec)
	return decodeFrom(dec, v, nil)
}

// decodeFrom decodes the next value, and notes the known keys whose value is not null, unless present is nil.
func decodeFrom(dec *jsontext.Decoder, v any, present *[]string) error {
	into := reflect.ValueOf(v).Elem()
	known := layoutOf(into.Type())
	var rest Extra
	err := eachMember(dec, func(key []byte) error {
		for _, m := range known.members {
			if string(key) != m.name {
				continue
			}
			if present != nil && dec.PeekKind() != 'n' {
				*present = append(*present, m.name)
			}
			return decodeMember(dec, m.name, into.Field(m.field))
		}
		value, err := dec.ReadValue()
		if err != nil || known.kind != "" && string(key) == "type" {
			return err
		}
		name := string(key)
		for _, m := range known.members {
			if strings.EqualFold(name, m.name) {
				return misspelt(name, m.name)
			}
		}
		if known.kind != "" && strings.EqualFold(name, "type") {
			return misspelt(name, "type")
		}
		if known.extra >= 0 {
			if rest == nil {
				rest = Extra{}
			}
			rest[name] = json.RawMessage(value.Clone())
		}
		return nil
	})
	if known.extra >= 0 {
		into.Field(known.extra).Set(reflect.ValueOf(rest))
	}
	return err
}

func misspelt(key, name string) error {
	return fmt.Errorf("the key %q is not spelled as documented: it must be %q", key, name)
}

// readers are used again and again: they are large for the small objects that they read.
var readers = sync.Pool{New: func() any { return jsontext.NewDecoder(new(bytes.Buffer)) }}

func readerOf(raw []byte) *jsontext.Decoder {
	dec := readers.Get().(*jsontext.Decoder) //nolint:forcetypeassert // nothing else is put there
	dec.Reset(bytes.NewBuffer(raw))
	return dec
}

// eachMember calls do with each key of an object, good until do reads the key's value. null has none.
func eachMember(dec *jsontext.Decoder, do func(key []byte) error) error {
	switch kind := dec.PeekKind(); kind {
	case 'n':
		return dec.SkipValue()
	case '{':
	default:
		if err := dec.SkipValue(); err != nil {
			return err
		}
		return fmt.Errorf("the value must be an object, not %s", kindName(kind))
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	var room [64]byte
	for dec.PeekKind() == '"' {
		quoted, err := dec.ReadValue()
		if err != nil {
			return err
		}
		key, err := jsontext.AppendUnquote(room[:0], quoted)
		if err != nil {
			return err
		}
		if err := do(key); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// selfDecoder is a type that reads itself on the way through a document, as json/v2 has it.
type selfDecoder interface {
	UnmarshalJSONFrom(dec *jsontext.Decoder) error
}

// decodeWhole is UnmarshalJSON for such a type.
func decodeWhole(raw []byte, into selfDecoder) error {
	dec := readerOf(raw)
	defer readers.Put(dec)
	return into.UnmarshalJSONFrom(dec)
}

// decodeMember reads the next value as encoding/json does.
func decodeMember(dec *jsontext.Decoder, key string, field reflect.Value) error {
	target := field.Addr().Interface()
	switch into := target.(type) {
	case *string:
		if dec.PeekKind() == '"' {
			text, err := dec.ReadToken()
			*into = text.String()
			return err
		}
	case selfDecoder:
		return into.UnmarshalJSONFrom(dec)
	}
	if into, ok := pointedAt(dec, field); ok {
		return into.UnmarshalJSONFrom(dec)
	}
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	switch into := target.(type) {
	case *json.RawMessage:
		*into = json.RawMessage(raw.Clone())
		return nil
	case *Action:
		*into, err = decodeAction(json.RawMessage(raw.Clone()))
		return err
	case json.Unmarshaler:
		return into.UnmarshalJSON(raw.Clone())
	}
	err = json.Unmarshal(raw, target)
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		wrong.Field = strings.TrimSuffix(key+"."+wrong.Field, ".")
	}
	return plain(err)
}

// pointedAt is what a pointer's value is decoded into, unless that is null.
func pointedAt(dec *jsontext.Decoder, field reflect.Value) (selfDecoder, bool) {
	if field.Kind() != reflect.Pointer || dec.PeekKind() == 'n' {
		return nil, false
	}
	fresh := reflect.New(field.Type().Elem())
	into, ok := fresh.Interface().(selfDecoder)
	if ok {
		field.Set(fresh)
	}
	return into, ok
}

// layout is how a struct stands in JSON.
type layout struct {
	kind    string // what its type says, for a part of a canvas
	members []member
	extra   int // the field for the keys that the others do not name; -1: none
}

type member struct {
	name  string
	field int
	omit  bool // where it says nothing
}

func layoutOf(t reflect.Type) *layout {
	if known, ok := layouts.Load(t); ok {
		return known.(*layout) //nolint:forcetypeassert // nothing else is stored there
	}
	l := &layout{extra: -1}
	if part, ok := reflect.Zero(t).Interface().(part); ok {
		l.kind = part.kind()
	}
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name != "-" {
			l.members = append(l.members, member{name, i, options != ""})
		} else if t.Field(i).Type == reflect.TypeFor[Extra]() {
			l.extra = i
		}
	}
	layouts.Store(t, l)
	return l
}

var layouts sync.Map

// plain turns encoding/json's type errors, which name Go types, into a sentence about the key.
func plain(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	field := wrong.Field
	if field == "" {
		field = "the value"
	}
	return fmt.Errorf("%s must be %s, not %s", field, kindWord(wrong.Type), wrong.Value)
}

func kindWord(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	default:
		return "an object"
	}
}

// kindName names a kind of value as encoding/json does in its errors.
func kindName(kind jsontext.Kind) string {
	switch kind {
	case '"':
		return "string"
	case '0':
		return "number"
	case '[':
		return "array"
	case 't', 'f':
		return "bool"
	}
	return "object"
}
