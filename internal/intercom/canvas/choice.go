package canvas

// MinOptions and MaxOptions bound a single-select and a dropdown (OpenAPI 2.11; the v1 pages say up to 11).
const (
	MinOptions = 2
	MaxOptions = 10
)

// Option is one choice of a SingleSelect, Dropdown or Checkbox.
type Option struct {
	ID       string `json:"id"`
	Text     string `json:"text"`
	Disabled bool   `json:"disabled,omitempty"`
	Extra    Extra  `json:"-"`
}

func (Option) kind() string { return "option" }

// MarshalJSON writes the option with its type.
func (o Option) MarshalJSON() ([]byte, error) { return encode(o) }

// UnmarshalJSON reads the option and keeps unknown keys.
func (o *Option) UnmarshalJSON(raw []byte) error { return decode(raw, o) }

// SingleSelect is a row of choices. With an action it submits on a tap, without it needs a Button.
type SingleSelect struct {
	ID        string   `json:"id"`
	Label     string   `json:"label,omitempty"`
	Options   []Option `json:"options"`
	Value     string   `json:"value,omitempty"`      // id of the chosen option
	SaveState string   `json:"save_state,omitempty"` // unsaved (default), saved (locks, whatever disabled says), failed
	Disabled  bool     `json:"disabled,omitempty"`
	Action    Action   `json:"action,omitzero"`
	Extra     Extra    `json:"-"`
}

func (SingleSelect) kind() string { return "single-select" }

// MarshalJSON writes the component with its type.
func (s SingleSelect) MarshalJSON() ([]byte, error) { return encode(s) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (s *SingleSelect) UnmarshalJSON(raw []byte) error { return decode(raw, s) }

// Validate checks the fields, 2 to 10 options, and that the value is one of them.
func (s SingleSelect) Validate() error {
	return check("single-select", s.ID).
		required("id", s.ID).
		options("options", s.Options, MinOptions, MaxOptions).
		value(s.Value, s.Options).
		saveState(s.SaveState).
		action(s.Action).err
}

func (s SingleSelect) ids() []string { return ids(s.ID) }

// Dropdown is a menu of choices; it needs a Button to be sent.
type Dropdown struct {
	ID        string   `json:"id"`
	Label     string   `json:"label,omitempty"`
	Options   []Option `json:"options"`
	Value     string   `json:"value,omitempty"`
	SaveState string   `json:"save_state,omitempty"` // unsaved (default), saved, failed
	Disabled  bool     `json:"disabled,omitempty"`
	Extra     Extra    `json:"-"`
}

func (Dropdown) kind() string { return "dropdown" }

// MarshalJSON writes the component with its type.
func (d Dropdown) MarshalJSON() ([]byte, error) { return encode(d) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (d *Dropdown) UnmarshalJSON(raw []byte) error { return decode(raw, d) }

// Validate checks the fields, 2 to 10 options, and that the value is one of them.
func (d Dropdown) Validate() error {
	return check("dropdown", d.ID).
		required("id", d.ID).
		options("options", d.Options, MinOptions, MaxOptions).
		value(d.Value, d.Options).
		saveState(d.SaveState).err
}

func (d Dropdown) ids() []string { return ids(d.ID) }

// Checkbox lets several options be ticked; it needs a Button to be sent.
// Its options stand under the key "option", singular, and no upper bound is documented.
type Checkbox struct {
	ID        string   `json:"id"`
	Label     string   `json:"label,omitempty"`
	Options   []Option `json:"option"`
	Value     []string `json:"value,omitempty"`      // ids of the ticked options
	SaveState string   `json:"save_state,omitempty"` // unsaved (default), saved, failed
	Disabled  bool     `json:"disabled,omitempty"`
	Extra     Extra    `json:"-"`
}

func (Checkbox) kind() string { return "checkbox" }

// MarshalJSON writes the component with its type.
func (c Checkbox) MarshalJSON() ([]byte, error) { return encode(c) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (c *Checkbox) UnmarshalJSON(raw []byte) error { return decode(raw, c) }

// Validate checks the fields; the label is required by OpenAPI 2.11.
func (c Checkbox) Validate() error {
	k := check("checkbox", c.ID).
		required("id", c.ID).
		required("label", c.Label).
		options("option", c.Options, 1, len(c.Options)).
		saveState(c.SaveState)
	for _, v := range c.Value {
		k = k.value(v, c.Options)
	}
	return k.err
}

func (c Checkbox) ids() []string { return ids(c.ID) }
