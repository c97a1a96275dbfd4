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

// MarshalJSON writes the component with its type.
func (t Text) MarshalJSON() ([]byte, error) {
	type fields Text
	return encode("text", fields(t), nil, t.Extra)
}

// UnmarshalJSON reads the component and keeps unknown keys.
func (t *Text) UnmarshalJSON(raw []byte) (err error) {
	type fields Text
	t.Extra, err = decode(raw, (*fields)(t), nil)
	return err
}

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
	Action       Action `json:"-"`
	Extra        Extra  `json:"-"`
}

// MarshalJSON writes the component with its type.
func (i Image) MarshalJSON() ([]byte, error) {
	type fields Image
	return encode("image", fields(i), i.Action, i.Extra)
}

// UnmarshalJSON reads the component and keeps unknown keys.
func (i *Image) UnmarshalJSON(raw []byte) (err error) {
	type fields Image
	i.Extra, err = decode(raw, (*fields)(i), &i.Action)
	return err
}

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

// MarshalJSON writes the component with its type.
func (s Spacer) MarshalJSON() ([]byte, error) {
	type fields Spacer
	return encode("spacer", fields(s), nil, s.Extra)
}

// UnmarshalJSON reads the component and keeps unknown keys.
func (s *Spacer) UnmarshalJSON(raw []byte) (err error) {
	type fields Spacer
	s.Extra, err = decode(raw, (*fields)(s), nil)
	return err
}

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

// MarshalJSON writes the component with its type.
func (d Divider) MarshalJSON() ([]byte, error) {
	type fields Divider
	return encode("divider", fields(d), nil, d.Extra)
}

// UnmarshalJSON reads the component and keeps unknown keys.
func (d *Divider) UnmarshalJSON(raw []byte) (err error) {
	type fields Divider
	d.Extra, err = decode(raw, (*fields)(d), nil)
	return err
}

// Validate checks the margin.
func (d Divider) Validate() error {
	return check("divider", d.ID).oneOf("bottom_margin", d.BottomMargin, "none").err
}

func (d Divider) ids() []string { return ids(d.ID) }
