package canvas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// decodeObject reads raw into the struct that v points to, by exact key names, and returns the keys
// that the struct does not name. A key that differs from a known one only in letter case or by
// Unicode folding is refused: encoding/json would take it for the known one. null changes nothing.
func decodeObject(raw []byte, v any, also ...string) (Extra, error) {
	return decodeMembers(raw, v, nil, also...)
}

// decodeMembers is decodeObject that notes the keys whose value is not null, unless present is nil.
func decodeMembers(raw []byte, v any, present map[string]bool, also ...string) (Extra, error) {
	into := reflect.ValueOf(v).Elem()
	known := membersOf(into.Type())
	var rest Extra
	err := eachMember(raw, func(key string, value jsontext.Value) error {
		if present != nil && value.Kind() != 'n' {
			present[key] = true
		}
		if i := slices.IndexFunc(known, func(m member) bool { return m.name == key }); i >= 0 && key != "-" {
			return decodeMember(key, value, into.Field(i))
		}
		if slices.Contains(also, key) {
			return nil
		}
		for _, m := range known {
			if m.name != "-" && strings.EqualFold(key, m.name) {
				return fmt.Errorf("the key %q is not spelled as documented: it must be %q", key, m.name)
			}
		}
		for _, name := range also {
			if strings.EqualFold(key, name) {
				return fmt.Errorf("the key %q is not spelled as documented: it must be %q", key, name)
			}
		}
		if rest == nil {
			rest = Extra{}
		}
		rest[key] = json.RawMessage(value.Clone())
		return nil
	})
	return rest, err
}

// readers are used again and again: they are large for the small objects that they read.
var readers = sync.Pool{New: func() any { return jsontext.NewDecoder(new(bytes.Buffer)) }}

func readerOf(raw []byte) *jsontext.Decoder {
	dec := readers.Get().(*jsontext.Decoder) //nolint:forcetypeassert // nothing else is put there
	dec.Reset(bytes.NewBuffer(raw))
	return dec
}

// eachMember calls do with each key of an object; its value is good until do returns. null has none.
func eachMember(raw []byte, do func(key string, value jsontext.Value) error) error {
	dec := readerOf(raw)
	defer readers.Put(dec)
	switch kind := dec.PeekKind(); kind {
	case 'n':
		return nil
	case '{':
	default:
		if _, err := dec.ReadValue(); err != nil {
			return err
		}
		return fmt.Errorf("the value must be an object, not %s", kindName(kind))
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() == '"' {
		key, err := dec.ReadToken()
		if err != nil {
			return err
		}
		name := key.String()
		value, err := dec.ReadValue()
		if err != nil {
			return err
		}
		if err := do(name, value); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

// decodeMember reads a value as encoding/json does.
func decodeMember(key string, raw jsontext.Value, field reflect.Value) error {
	switch into := field.Addr().Interface().(type) {
	case *string:
		if raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 {
			*into = string(raw[1 : len(raw)-1])
			return nil
		}
	case *json.RawMessage:
		*into = json.RawMessage(raw.Clone())
		return nil
	case json.Unmarshaler:
		return into.UnmarshalJSON(raw.Clone())
	}
	err := json.Unmarshal(raw, field.Addr().Interface())
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		wrong.Field = strings.TrimSuffix(key+"."+wrong.Field, ".")
	}
	return plain(err)
}

// member is a field of a struct as its tag declares it.
type member struct {
	name string // "-": none
	omit bool   // where it says nothing
}

func membersOf(t reflect.Type) []member {
	if known, ok := structs.Load(t); ok {
		return known.([]member) //nolint:forcetypeassert // nothing else is stored there
	}
	members := make([]member, t.NumField())
	for i := range members {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		members[i] = member{name, options != ""}
	}
	structs.Store(t, members)
	return members
}

var structs sync.Map

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
