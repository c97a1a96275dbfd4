package canvas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deep objects and lists of a request may nest.
const maxDepth = 100

// DecodeStrict reads a signed request body into the struct that v points to. Intercom's signature
// proves who wrote the bytes, not that every parser reads them alike, so whatever could be read in
// two ways is refused: invalid UTF-8, NUL characters, a key twice in one object, a key that differs
// from one of v's only in letter case or by Unicode folding, anything after the object, nesting
// deeper than 100. Keys that v does not name are fine.
func DecodeStrict(body []byte, v any) error {
	if err := scan(body); err != nil {
		return fmt.Errorf("the body is refused: %w", err)
	}
	if _, err := decodeObject(body, v); err != nil {
		return fmt.Errorf("the body is refused: %w", err)
	}
	return nil
}

// DecodeObject reads one object of a document by exact key names, as DecodeStrict does, without
// looking at the document around it. For UnmarshalJSON methods.
func DecodeObject(raw []byte, v any) error {
	_, err := decodeObject(raw, v)
	return err
}

// scope is one object or list that the scan is inside of.
type scope struct {
	keys    map[string]bool // nil in a list
	wantKey bool
}

// scan walks the whole document once.
func scan(body []byte) error {
	if !utf8.Valid(body) {
		return errors.New("it is not valid UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	open := []scope{{}} // the document itself behaves as a list of one
	for values := 0; ; {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) && len(open) == 1 && values == 1 {
			return nil
		}
		if err != nil {
			return fmt.Errorf("it is not JSON: %w", err)
		}
		if len(open) == 1 {
			if values++; values > 1 {
				return errors.New("something follows the JSON object")
			}
			if tok != json.Delim('{') {
				return errors.New("it is not a JSON object")
			}
		}
		if open, err = step(open, tok); err != nil {
			return err
		}
	}
}

func step(open []scope, tok json.Token) ([]scope, error) {
	top := &open[len(open)-1]
	text, isText := tok.(string)
	if isText && strings.ContainsRune(text, 0) {
		return nil, errors.New("it holds a NUL character")
	}
	if isText && top.wantKey {
		if top.keys[text] {
			return nil, fmt.Errorf("the key %q stands twice in one object", text)
		}
		top.keys[text], top.wantKey = true, false
		return open, nil
	}
	switch tok {
	case json.Delim('}'), json.Delim(']'):
		return open[:len(open)-1], nil
	}
	top.wantKey = top.keys != nil // after this value the next key follows
	switch tok {
	case json.Delim('{'):
		open = append(open, scope{keys: map[string]bool{}, wantKey: true})
	case json.Delim('['):
		open = append(open, scope{})
	}
	if len(open)-1 > maxDepth {
		return nil, fmt.Errorf("it nests deeper than %d", maxDepth)
	}
	return open, nil
}
