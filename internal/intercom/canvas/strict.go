package canvas

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth bounds how deep objects and lists of a request may nest.
const maxDepth = 100

// DecodeStrict reads a signed request body into the struct that v points to. Intercom's signature
// proves who wrote the bytes, not that every parser reads them alike, so whatever could be read in
// two ways is refused: invalid UTF-8, NUL characters, a key twice in one object, a key that differs
// from one of v's only in letter case or by Unicode folding, anything after the object, nesting
// deeper than 100. Keys that v does not name are fine.
func DecodeStrict(body []byte, v any) error { return decodeStrict(body, v, nil) }

// decodeStrict lets the decoder look at the whole body while it reads: at its syntax, its UTF-8 and its keys. Where that or
// a rough look says that something may be wrong, scan decides, and says it before what is wrong with a single value.
func decodeStrict(body []byte, v any, present *[]string) error {
	dec := readerOf(body)
	defer readers.Put(dec)
	sound := dec.PeekKind() == '{' && !bytes.Contains(body, nul) &&
		bytes.Count(body, []byte("{"))+bytes.Count(body, []byte("[")) <= maxDepth
	err := decodeFrom(dec, v, present)
	if err == nil {
		_, end := dec.ReadToken()
		sound = sound && errors.Is(end, io.EOF)
	}
	if err != nil || !sound {
		err = cmp.Or(scan(body), err)
	}
	if err != nil {
		return fmt.Errorf("the body is refused: %w", err)
	}
	return nil
}

// DecodeObject reads one object of a document by exact key names, as DecodeStrict does, without
// looking at the document around it. For UnmarshalJSON methods.
func DecodeObject(raw []byte, v any) error { return decode(raw, v) }

// nul is how a NUL character stands in JSON, and what else looks like it.
var nul = []byte(`\u0000`)

// scan walks the whole document once.
func scan(body []byte) error {
	if !utf8.Valid(body) {
		return errors.New("it is not valid UTF-8")
	}
	dec := readerOf(body)
	defer readers.Put(dec)
	if kind := dec.PeekKind(); kind != '{' && kind != 0 {
		return errors.New("it is not a JSON object")
	}
	var wrong *jsontext.SyntacticError
	for began := false; !began || dec.StackDepth() > 0; began = true {
		token, err := dec.ReadToken()
		switch {
		case errors.As(err, &wrong) && errors.Is(err, jsontext.ErrDuplicateName):
			return fmt.Errorf("the key %q stands twice in one object", wrong.JSONPointer.LastToken())
		case err != nil:
			return fmt.Errorf("it is not JSON: %w", err)
		case token.Kind() == '"' && strings.ContainsRune(token.String(), 0):
			return errors.New("it holds a NUL character")
		case dec.StackDepth() > maxDepth:
			return fmt.Errorf("it nests deeper than %d", maxDepth)
		}
	}
	switch _, err := dec.ReadToken(); {
	case err == nil:
		return errors.New("something follows the JSON object")
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("it is not JSON: %w", err)
	}
	return nil
}
