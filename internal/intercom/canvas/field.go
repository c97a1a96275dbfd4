package canvas

// Button is a button; buttons stand one under the other.
type Button struct {
	ID       string `json:"id"`
	Label    string `json:"label"`
	Style    string `json:"style,omitempty"` // primary (default), secondary, link
	Disabled bool   `json:"disabled,omitempty"`
	Action   Action `json:"action,omitzero"` // submit, url; sheet in the Messenger
	Extra    Extra  `json:"-"`
}

func (Button) kind() string { return "button" }

// MarshalJSON writes the component with its type.
func (b Button) MarshalJSON() ([]byte, error) { return encode(b) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (b *Button) UnmarshalJSON(raw []byte) error { return decode(raw, b) }

// Validate checks the fields; a button without an action is refused.
func (b Button) Validate() error {
	c := check("button", b.ID).
		required("id", b.ID).
		required("label", b.Label).
		oneOf("style", b.Style, "primary", "secondary", "link")
	if b.Action == nil {
		return c.fail("action must be given").err
	}
	return c.action(b.Action).err
}

func (b Button) ids() []string { return ids(b.ID) }

// Input is one line of text. With an action it has its own button, without it needs a Button.
type Input struct {
	ID          string `json:"id"`
	Label       string `json:"label,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
	Value       string `json:"value,omitempty"`
	SaveState   string `json:"save_state,omitempty"` // unsaved (default), saved, failed
	Disabled    bool   `json:"disabled,omitempty"`
	Action      Action `json:"action,omitzero"`
	Extra       Extra  `json:"-"`
}

func (Input) kind() string { return "input" }

// MarshalJSON writes the component with its type.
func (i Input) MarshalJSON() ([]byte, error) { return encode(i) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (i *Input) UnmarshalJSON(raw []byte) error { return decode(raw, i) }

// Validate checks the fields.
func (i Input) Validate() error {
	return check("input", i.ID).
		required("id", i.ID).
		saveState(i.SaveState).
		action(i.Action).err
}

func (i Input) ids() []string { return ids(i.ID) }

// TextArea is several lines of text; it needs a Button to be sent.
type TextArea struct {
	ID          string `json:"id"`
	Label       string `json:"label,omitempty"`
	Placeholder string `json:"placeholder,omitempty"`
	Value       string `json:"value,omitempty"`
	Error       bool   `json:"error,omitempty"` // draws it as refused
	Disabled    bool   `json:"disabled,omitempty"`
	Extra       Extra  `json:"-"`
}

func (TextArea) kind() string { return "textarea" }

// MarshalJSON writes the component with its type.
func (t TextArea) MarshalJSON() ([]byte, error) { return encode(t) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (t *TextArea) UnmarshalJSON(raw []byte) error { return decode(raw, t) }

// Validate wants an id.
func (t TextArea) Validate() error {
	return check("textarea", t.ID).required("id", t.ID).err
}

func (t TextArea) ids() []string { return ids(t.ID) }
