package intercomtest

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
)

var conversationTypes = []string{"string", "integer", "list", "decimal", "boolean", "datetime", "relationship", "files"}

// attributeJSON is conversation_attribute (description 2.16).
type attributeJSON struct {
	Type             string       `json:"type"`
	ID               int          `json:"id"`
	Name             string       `json:"name"`
	Description      string       `json:"description"`
	DataType         string       `json:"data_type"`
	Required         bool         `json:"required"`
	VisibleToTeamIDs []string     `json:"visible_to_team_ids"`
	Archived         bool         `json:"archived"`
	CreatedAt        int64        `json:"created_at"`
	UpdatedAt        int64        `json:"updated_at"`
	AdminID          string       `json:"admin_id"`
	Multiline        *bool        `json:"multiline,omitempty"`
	Options          []optionJSON `json:"options,omitempty"`
}

type optionJSON struct {
	ID       string `json:"id"`
	Label    string `json:"label"`
	Archived bool   `json:"archived"`
}

func (s *Server) attributeOf(d *AttributeDefinition) attributeJSON {
	at := d.CreatedAt.Unix()
	out := attributeJSON{
		Type: "conversation_attribute", ID: d.ID, Name: d.Name, Description: d.Description, DataType: d.Type, VisibleToTeamIDs: []string{},
		CreatedAt: at, UpdatedAt: at, AdminID: d.CreatedBy,
	}
	if d.Type == "string" {
		out.Multiline = &d.Multiline
	}
	for i, label := range d.Options {
		out.Options = append(out.Options, optionJSON{fmt.Sprintf("00000000-0000-4000-8000-%06d%06d", d.ID, i), label, false})
	}
	return out
}

func (s *Server) listAttributes(in *restRequest) (any, error) {
	list := make([]attributeJSON, len(in.sp.attributes))
	for i, d := range in.sp.attributes {
		list[i] = s.attributeOf(d)
	}
	return map[string]any{"type": "list", "data": list}, nil
}

func (s *Server) postAttribute(in *restRequest) (any, error) {
	var body struct {
		Name        string `json:"name"`
		DataType    string `json:"data_type"`
		Description string `json:"description"`
		Multiline   bool   `json:"multiline"`
		Options     []struct {
			Label string `json:"label"`
		} `json:"options"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	switch {
	case body.Name == "":
		return nil, unprocessable("name is required")
	case !slices.Contains(conversationTypes, body.DataType):
		return nil, unprocessable(fmt.Sprintf("data_type '%s' is not valid. Allowed types: string, integer, list, decimal, boolean, datetime, relationship, files", body.DataType))
	case in.sp.attribute(body.Name) != nil:
		return nil, unprocessable("An attribute with this name already exists")
	case body.DataType == "list" && len(body.Options) == 0:
		return nil, unprocessable("options are required for a list")
	}
	d := AttributeDefinition{Name: body.Name, Type: body.DataType, Description: body.Description, Multiline: body.Multiline, CreatedBy: in.admin}
	for _, o := range body.Options {
		d.Options = append(d.Options, o.Label)
	}
	return s.attributeOf(s.addAttribute(in.sp, d)), nil
}

// checkAttribute says why a value cannot be written: the attribute must exist once, and the value must be of its type.
func (sp *space) checkAttribute(name string, value any) error {
	refuse := func(format string, args ...any) error {
		return &Error{Status: http.StatusBadRequest, Code: "parameter_invalid", Message: fmt.Sprintf(format, args...), Field: name}
	}
	d := sp.attribute(name)
	if d == nil {
		return refuse("Custom attribute '%s' does not exist", name)
	}
	same := 0
	for _, other := range sp.attributes {
		if other.Name == name {
			same++
		}
	}
	if same > 1 {
		return refuse("Custom attribute '%s' is not unique: several attributes have this name", name)
	}
	if value != nil && !d.takes(value) {
		return refuse("Custom attribute '%s' takes a value of type %s", name, d.Type)
	}
	return nil
}

func (d *AttributeDefinition) takes(value any) bool {
	switch v := value.(type) {
	case string:
		return d.Type == "string" || d.Type == "datetime" || (d.Type == "list" && slices.Contains(d.Options, v))
	case float64:
		return d.Type == "decimal" || ((d.Type == "integer" || d.Type == "datetime") && v == math.Trunc(v))
	case bool:
		return d.Type == "boolean"
	default:
		return false
	}
}

// dataAttributeJSON is data_attribute (description 2.16).
type dataAttributeJSON struct {
	Type              string   `json:"type"`
	ID                int      `json:"id"`
	Model             string   `json:"model"`
	Name              string   `json:"name"`
	FullName          string   `json:"full_name"`
	Label             string   `json:"label"`
	Description       string   `json:"description"`
	DataType          string   `json:"data_type"`
	Options           []string `json:"options,omitempty"`
	APIWritable       bool     `json:"api_writable"`
	MessengerWritable bool     `json:"messenger_writable"`
	UIWritable        bool     `json:"ui_writable"`
	Custom            bool     `json:"custom"`
	Archived          bool     `json:"archived"`
	CreatedAt         int64    `json:"created_at"`
	UpdatedAt         int64    `json:"updated_at"`
	AdminID           string   `json:"admin_id"`
}

func dataAttributeOf(d *DataAttribute) dataAttributeJSON {
	at := d.CreatedAt.Unix()
	return dataAttributeJSON{
		Type: "data_attribute", ID: d.ID, Model: d.Model, Name: d.Name, FullName: "custom_attributes." + d.Name, Label: d.Name, Description: d.Description,
		DataType: d.Type, Options: d.Options, APIWritable: true, MessengerWritable: true, Custom: true, CreatedAt: at, UpdatedAt: at, AdminID: d.CreatedBy,
	}
}

func (sp *space) hasDataAttribute(name, model string) bool {
	return slices.ContainsFunc(sp.dataAttributes, func(d *DataAttribute) bool { return d.Name == name && d.Model == model })
}

func (s *Server) listDataAttributes(in *restRequest) (any, error) {
	model := in.r.URL.Query().Get("model")
	if model != "" && model != "contact" && model != "company" {
		return nil, unprocessable("model must be contact or company; conversation attributes are at /conversations/attributes")
	}
	list := []dataAttributeJSON{}
	for _, d := range in.sp.dataAttributes {
		if model == "" || d.Model == model {
			list = append(list, dataAttributeOf(d))
		}
	}
	return map[string]any{"type": "list", "data": list}, nil
}

// attributeName is what data attributes may be called: alphanumeric, currency signs, hyphens, and blanks between words.
var attributeName = regexp.MustCompile(`^[\p{L}\p{N}\p{Sc}_-]+( [\p{L}\p{N}\p{Sc}_-]+)*$`)

func (s *Server) postDataAttribute(in *restRequest) (any, error) {
	var body struct {
		Name        string `json:"name"`
		Model       string `json:"model"`
		DataType    string `json:"data_type"`
		Description string `json:"description"`
		Options     []struct {
			Value string `json:"value"`
		} `json:"options"`
	}
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	kind := body.DataType
	if len(body.Options) > 0 || kind == "options" {
		kind = "string"
	}
	if kind == "datetime" {
		kind = "date"
	}
	switch {
	case body.Model != "contact" && body.Model != "company":
		return nil, invalid("model must be contact or company")
	case !attributeName.MatchString(body.Name):
		return nil, invalid("Your name for this attribute must only contain alphanumeric characters, currency symbols, and hyphens")
	case !slices.Contains([]string{"string", "integer", "float", "boolean", "date"}, kind):
		return nil, invalid("Data Type isn't an option")
	case in.sp.hasDataAttribute(body.Name, body.Model):
		return nil, invalid("You already have '" + body.Name + "' in your data. To save this as a new attribute, use a different name")
	}
	d := &DataAttribute{
		ID: s.ids.small(), Name: body.Name, Model: body.Model, Type: kind, Description: body.Description, CreatedAt: s.now(), CreatedBy: in.admin,
	}
	for _, o := range body.Options {
		d.Options = append(d.Options, o.Value)
	}
	in.sp.dataAttributes = append(in.sp.dataAttributes, d)
	return dataAttributeOf(d), nil
}
