package canvas

import (
	"encoding/json"

	"github.com/go-json-experiment/json/jsontext"
)

// Shown is the canvas that somebody looks at or has used, as it comes back with a request. What a request is about stands
// in the stored data; the content is read only when it is asked for.
type Shown struct {
	StoredData Values
	content    json.RawMessage
}

// UnmarshalJSONFrom reads a canvas, and one wrapped once more as current_canvas, as the 2.11 schema of
// submit requests has it.
func (s *Shown) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var v struct {
		Inner      *Shown          `json:"current_canvas"`
		Content    json.RawMessage `json:"content"`
		StoredData Values          `json:"stored_data"`
	}
	if err := decodeFrom(dec, &v, nil); err != nil {
		return err
	}
	if v.Inner != nil {
		*s = *v.Inner
		return nil
	}
	*s = Shown{StoredData: v.StoredData, content: v.Content}
	return nil
}

// Content is what the canvas shows, nil where the request did not say.
func (s Shown) Content() (content *Content, err error) {
	if s.content != nil {
		err = json.Unmarshal(s.content, &content)
	}
	return content, err
}
