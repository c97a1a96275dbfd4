package canvas

import "fmt"

// DataTable is a list of names with values.
type DataTable struct {
	ID    string       `json:"id,omitempty"`
	Items []FieldValue `json:"items"`
	Extra Extra        `json:"-"`
}

// FieldValue is one row of a DataTable.
type FieldValue struct {
	Field string `json:"field"`
	Value string `json:"value"`
	Extra Extra  `json:"-"`
}

func (DataTable) kind() string { return "data-table" }

// MarshalJSON writes the component with its type.
func (t DataTable) MarshalJSON() ([]byte, error) { return encode(t) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (t *DataTable) UnmarshalJSON(raw []byte) error { return decode(raw, t) }

func (FieldValue) kind() string { return "field-value" }

// MarshalJSON writes the row with its type.
func (v FieldValue) MarshalJSON() ([]byte, error) { return encode(v) }

// UnmarshalJSON reads the row and keeps unknown keys.
func (v *FieldValue) UnmarshalJSON(raw []byte) error { return decode(raw, v) }

// Validate wants at least one row, each with both texts.
func (t DataTable) Validate() error {
	c := check("data-table", t.ID).atLeastOne("items", len(t.Items))
	for i, item := range t.Items {
		c = c.required(fmt.Sprintf("field of item %d", i+1), item.Field).
			required(fmt.Sprintf("value of item %d", i+1), item.Value)
	}
	return c.err
}

func (t DataTable) ids() []string { return ids(t.ID) }

// List is a list of items that can be chosen. A chosen item's id is the submit's component id.
type List struct {
	ID       string `json:"id,omitempty"`
	Items    []Item `json:"items"`
	Disabled bool   `json:"disabled,omitempty"`
	Extra    Extra  `json:"-"`
}

// Item is one entry of a List. Image, ImageWidth and ImageHeight (pixels) are given together or not at all.
type Item struct {
	ID           string `json:"id"`
	Title        string `json:"title"`
	Subtitle     string `json:"subtitle,omitempty"`
	TertiaryText string `json:"tertiary_text,omitempty"`
	Image        string `json:"image,omitempty"`
	ImageWidth   int    `json:"image_width,omitempty"`
	ImageHeight  int    `json:"image_height,omitempty"`
	RoundedImage bool   `json:"rounded_image,omitempty"`
	Disabled     bool   `json:"disabled,omitempty"`
	Action       Action `json:"action,omitzero"` // submit, url; sheet in the Messenger
	Extra        Extra  `json:"-"`
}

func (List) kind() string { return "list" }

// MarshalJSON writes the component with its type.
func (l List) MarshalJSON() ([]byte, error) { return encode(l) }

// UnmarshalJSON reads the component and keeps unknown keys.
func (l *List) UnmarshalJSON(raw []byte) error { return decode(raw, l) }

func (Item) kind() string { return "item" }

// MarshalJSON writes the item with its type.
func (i Item) MarshalJSON() ([]byte, error) { return encode(i) }

// UnmarshalJSON reads the item and keeps unknown keys.
func (i *Item) UnmarshalJSON(raw []byte) error { return decode(raw, i) }

// Validate wants at least one item and checks each.
func (l List) Validate() error {
	c := check("list", l.ID).atLeastOne("items", len(l.Items))
	for i, item := range l.Items {
		if c.err == nil {
			c.err = item.Validate()
		}
		if item.ID == "" && c.err != nil {
			return check("list", l.ID).fail(fmt.Sprintf("id of item %d must not be empty", i+1)).err
		}
	}
	return c.err
}

// Validate checks the fields, and that an image comes with both of its sizes.
func (i Item) Validate() error {
	c := check("item", i.ID).
		required("id", i.ID).
		required("title", i.Title).
		action(i.Action)
	if i.Image == "" && i.ImageWidth == 0 && i.ImageHeight == 0 {
		return c.err
	}
	if i.Image == "" || i.ImageWidth == 0 || i.ImageHeight == 0 {
		return c.fail("image, image_width and image_height must be given together").err
	}
	return c.https("image", i.Image).
		positive("image_width", i.ImageWidth).
		positive("image_height", i.ImageHeight).err
}

func (l List) ids() []string {
	all := ids(l.ID)
	for _, item := range l.Items {
		all = append(all, item.ID)
	}
	return all
}
