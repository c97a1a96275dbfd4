package intercom

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"rerate/internal/intercom/canvas"
)

// instant is a time as Intercom writes it: unix seconds in the REST API, ISO 8601 in the statistics
// of webhooks, null when it has not happened, which is the zero time.
type instant time.Time

func (i *instant) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		if text == "" { // null decodes to the empty string
			return nil
		}
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return errors.New("a time must be unix seconds or ISO 8601")
		}
		*i = instant(t.UTC())
		return nil
	}
	var seconds float64
	if err := json.Unmarshal(raw, &seconds); err != nil || seconds < 0 || seconds > maxUnix {
		return errors.New("a time must be unix seconds or ISO 8601")
	}
	if seconds > 0 {
		*i = instant(time.Unix(int64(seconds), 0).UTC())
	}
	return nil
}

// maxUnix is the last second of the year 9999, the last that RFC 3339 can write.
const maxUnix = 253402300799

func (i instant) time() time.Time { return time.Time(i) }

// orNone reads an assignee, which is a number, a string, null, or 0 for none (from 2.16 on).
func orNone(id canvas.ID) string {
	if id == "0" {
		return ""
	}
	return string(id)
}

// list reads Intercom's lists: an object with the items under one of several keys, a bare array, or null.
func list[T any](raw json.RawMessage, keys ...string) ([]T, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if raw[0] != '[' {
		var object map[string]json.RawMessage
		if err := json.Unmarshal(raw, &object); err != nil {
			return nil, err
		}
		for _, key := range keys {
			if object[key] != nil {
				return list[T](object[key])
			}
		}
		return nil, nil
	}
	var items []T
	err := json.Unmarshal(raw, &items)
	return items, err
}
