package canvas

// Text is a paragraph or a headline. Markdown links and bold are drawn.
type Text struct {
	ID           string `json:"id,omitempty"`
	Text         string `json:"text"`
	Align        string `json:"align,omitempty"`         // left (default), center, right
	Style        string `json:"style,omitempty"`         // paragraph (default), header, muted, error
	BottomMargin string `json:"bottom_margin,omitempty"` // none
	Extra        Extra  `json:"-"`
}

func (Text) kind() string { return "text" }

// MarshalJSON writes the component with its type.
func (t Text) MarshalJSON() ([]byte, error) { return encode(t) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (t *Text) UnmarshalJSON(raw []byte) error { return decode(raw, t) }

// Validate checks the fields.
func (t Text) Validate() error {
	return check("text", t.ID).
		required("text", t.Text).
		oneOf("align", t.Align, "left", "center", "right").
		oneOf("style", t.Style, "header", "paragraph", "muted", "error").
		oneOf("bottom_margin", t.BottomMargin, "none").err
}

func (t Text) ids() []string { return ids(t.ID) }

// Image is a picture; Width and Height are in pixels. Its action may only be a URL.
type Image struct {
	ID           string `json:"id,omitempty"`
	URL          string `json:"url"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
	Align        string `json:"align,omitempty"` // left (default), center, right, full_width
	Rounded      bool   `json:"rounded,omitempty"`
	BottomMargin string `json:"bottom_margin,omitempty"` // none
	Action       Action `json:"action,omitzero"`
	Extra        Extra  `json:"-"`
}

func (Image) kind() string { return "image" }

// MarshalJSON writes the component with its type.
func (i Image) MarshalJSON() ([]byte, error) { return encode(i) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (i *Image) UnmarshalJSON(raw []byte) error { return decode(raw, i) }

// Validate checks the fields.
func (i Image) Validate() error {
	c := check("image", i.ID).
		https("url", i.URL).
		positive("width", i.Width).
		positive("height", i.Height).
		oneOf("align", i.Align, "left", "center", "right", "full_width").
		oneOf("bottom_margin", i.BottomMargin, "none")
	if _, ok := i.Action.(URL); i.Action != nil && !ok {
		return c.fail("action must be a url action").err
	}
	return c.action(i.Action).err
}

func (i Image) ids() []string { return ids(i.ID) }

// Spacer is empty room.
type Spacer struct {
	ID    string `json:"id,omitempty"`
	Size  string `json:"size,omitempty"` // xs, s (default), m, l, xl
	Extra Extra  `json:"-"`
}

func (Spacer) kind() string { return "spacer" }

// MarshalJSON writes the component with its type.
func (s Spacer) MarshalJSON() ([]byte, error) { return encode(s) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (s *Spacer) UnmarshalJSON(raw []byte) error { return decode(raw, s) }

// Validate checks the size.
func (s Spacer) Validate() error {
	return check("spacer", s.ID).oneOf("size", s.Size, "xs", "s", "m", "l", "xl").err
}

func (s Spacer) ids() []string { return ids(s.ID) }

// Divider is a line.
type Divider struct {
	ID           string `json:"id,omitempty"`
	BottomMargin string `json:"bottom_margin,omitempty"` // none
	Extra        Extra  `json:"-"`
}

func (Divider) kind() string { return "divider" }

// MarshalJSON writes the component with its type.
func (d Divider) MarshalJSON() ([]byte, error) { return encode(d) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (d *Divider) UnmarshalJSON(raw []byte) error { return decode(raw, d) }

// Validate checks the margin.
func (d Divider) Validate() error {
	return check("divider", d.ID).oneOf("bottom_margin", d.BottomMargin, "none").err
}

func (d Divider) ids() []string { return ids(d.ID) }
