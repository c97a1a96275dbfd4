// Package canvas is Intercom's Canvas Kit: the components of a card, the requests that Intercom
// sends for one, and the answers it takes. Facts are from developers.intercom.com/docs/canvas-kit
// and the Canvas Kit schemas of Intercom's OpenAPI description 2.11, unless a comment names another page.
package canvas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxBytes is the most that a canvas's content, and separately its stored data, may weigh as JSON
// (docs: canvas-kit, canvas object).
const MaxBytes = 64 << 10

// Canvas is what Intercom shows as a card. It holds either Content or, for a live canvas, a
// ContentURL that Intercom asks for the content each time somebody looks at the card.
// StoredData comes back with every submit and is not shown.
type Canvas struct {
	Content    *Content `json:"content,omitempty"`
	ContentURL string   `json:"content_url,omitempty"`
	StoredData Values   `json:"stored_data,omitzero"`
	Extra      Extra    `json:"-"` // keys that this package does not know
}

// MarshalJSON writes the canvas with the keys that it was read with.
func (c Canvas) MarshalJSON() ([]byte, error) { return encode(c) }

// UnmarshalJSON reads a canvas.
func (c *Canvas) UnmarshalJSON(raw []byte) error { return decode(raw, c) }

// Validate says in one sentence what Intercom would not take.
func (c Canvas) Validate() error {
	switch {
	case c.Content == nil && c.ContentURL == "":
		return errors.New("canvas: content must be given, or content_url for a live canvas")
	case c.Content != nil && c.ContentURL != "":
		return errors.New("canvas: content and content_url must not both be given")
	}
	if c.ContentURL != "" {
		if why := urlFault(c.ContentURL); why != "" {
			return fmt.Errorf("canvas: content_url %s", why)
		}
	}
	if c.Content != nil {
		if err := c.Content.Validate(); err != nil {
			return err
		}
	}
	return sizeFault("stored_data", c.StoredData)
}

// Content is the list of components that a canvas shows, from top to bottom.
type Content struct {
	Components []Component `json:"components"`
	Extra      Extra       `json:"-"`
}

// MarshalJSON writes the components, an empty list as [].
func (c Content) MarshalJSON() ([]byte, error) { return encode(c) }

// UnmarshalJSON reads the components. A type that this package does not know becomes Unknown.
func (c *Content) UnmarshalJSON(raw []byte) error {
	var v struct {
		Components []json.RawMessage `json:"components"`
		Extra      Extra             `json:"-"`
	}
	err := decode(raw, &v)
	if err != nil {
		return err
	}
	c.Extra, c.Components = v.Extra, make([]Component, len(v.Components))
	for i, r := range v.Components {
		if c.Components[i], err = decodeComponent(r); err != nil {
			return fmt.Errorf("component %d: %w", i+1, err)
		}
	}
	return nil
}

// Validate checks every component, that no two of them (and no two list items, whose ids are
// component ids too) share an id, and the size.
func (c Content) Validate() error {
	if len(c.Components) == 0 {
		return errors.New("content: components must hold at least one component")
	}
	seen := map[string]bool{}
	for i, comp := range c.Components {
		if comp == nil {
			return fmt.Errorf("component %d must not be nil", i+1)
		}
		if err := comp.Validate(); err != nil {
			return fmt.Errorf("component %d, %w", i+1, err)
		}
		for _, id := range comp.ids() {
			if seen[id] {
				return fmt.Errorf("component %d: id %q is used twice on this canvas", i+1, id)
			}
			seen[id] = true
		}
	}
	return sizeFault("content", c)
}

// Values is a small object that Intercom carries back and forth unread: stored data, card creation
// options, sheet values. Numbers are read as json.Number, so that large ones stay exact.
type Values map[string]any

// UnmarshalJSON reads an object; null leaves the values empty.
func (v *Values) UnmarshalJSON(raw []byte) error { return decodeWhole(raw, v) }

// UnmarshalJSONFrom is UnmarshalJSON on the way through a document.
func (v *Values) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	*v = nil
	if dec.PeekKind() == '{' {
		*v = Values{}
	}
	return eachMember(dec, func(key []byte) error {
		name := string(key)
		if dec.PeekKind() == '"' {
			text, err := dec.ReadToken()
			(*v)[name] = text.String()
			return err
		}
		raw, err := dec.ReadValue()
		if err != nil {
			return err
		}
		exact := json.NewDecoder(bytes.NewReader(raw))
		exact.UseNumber()
		var value any
		err = exact.Decode(&value)
		(*v)[name] = value
		return err
	})
}

// Text returns the string stored under a key, or "" when there is none or it is something else.
func (v Values) Text(key string) string {
	s, _ := v[key].(string)
	return s
}

func sizeFault(field string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("canvas: %s cannot be written as JSON: %w", field, err)
	}
	if len(raw) > MaxBytes {
		return fmt.Errorf("canvas: %s must not be larger than %d bytes, and this is %d", field, MaxBytes, len(raw))
	}
	return nil
}
