package canvas

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// decodeObject reads raw into the struct that v points to, by exact key names, and returns the keys
// that the struct does not name. A key that differs from a known one only in letter case or by
// Unicode folding is refused: encoding/json would take it for the known one. null changes nothing.
func decodeObject(raw []byte, v any, also ...string) (Extra, error) {
	var rest Extra
	if err := json.Unmarshal(raw, &rest); err != nil {
		return nil, plain(err)
	}
	known := append(keyNames(reflect.TypeOf(v).Elem()), also...)
	for _, name := range known {
		delete(rest, name)
	}
	for key := range rest {
		for _, name := range known {
			if strings.EqualFold(key, name) {
				return nil, fmt.Errorf("the key %q is not spelled as documented: it must be %q", key, name)
			}
		}
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return nil, plain(err)
	}
	if len(rest) == 0 {
		rest = nil
	}
	return rest, nil
}

func keyNames(t reflect.Type) []string {
	var names []string
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "-" {
			names = append(names, name)
		}
	}
	return names
}

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
