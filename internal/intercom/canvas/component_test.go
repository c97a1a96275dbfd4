package canvas

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// everything is a canvas with each component, each action and each field.
var everything = Content{Components: []Component{
	Text{ID: "t", Text: "Hello <b> & 😍", Align: "left", Style: "muted", BottomMargin: "none"},
	Image{ID: "p", URL: "https://example.com/a.png", Width: 1, Height: 2, Align: "right", Rounded: true, BottomMargin: "none", Action: URL{URL: "https://example.com"}},
	Spacer{ID: "sp", Size: "m"},
	Divider{ID: "dv", BottomMargin: "none"},
	DataTable{ID: "dt", Items: []FieldValue{{Field: "a", Value: "b"}}},
	List{ID: "l", Disabled: true, Items: []Item{{
		ID: "l1", Title: "T", Subtitle: "S", TertiaryText: "3", Image: "https://example.com/i.png", ImageWidth: 3,
		ImageHeight: 4, RoundedImage: true, Disabled: true, Action: Sheet{URL: "https://example.com/s"},
	}, {ID: "l2", Title: "U"}}},
	Button{ID: "b", Label: "L", Style: "secondary", Disabled: true, Action: Submit{}},
	SingleSelect{ID: "ss", Label: "L", Options: []Option{{ID: "1", Text: "😠"}, {ID: "2", Text: "😍", Disabled: true}}, Value: "1", SaveState: "saved", Disabled: true, Action: Submit{}},
	Dropdown{ID: "dd", Label: "L", Options: []Option{{ID: "1", Text: "a"}, {ID: "2", Text: "b"}}, Value: "2", SaveState: "unsaved", Disabled: true},
	Checkbox{ID: "c", Label: "L", Options: []Option{{ID: "1", Text: "a"}}, Value: []string{"1"}, SaveState: "failed", Disabled: true},
	Input{ID: "i", Label: "L", Placeholder: "P", Value: "V", SaveState: "saved", Disabled: true, Action: Submit{}},
	TextArea{ID: "ta", Label: "L", Placeholder: "P", Value: "V", Error: true, Disabled: true},
}}

func TestEveryComponentRoundTrips(t *testing.T) {
	if len(everything.Components) != len(components) {
		t.Fatalf("the test has %d components and the package %d", len(everything.Components), len(components))
	}
	if err := everything.Validate(); err != nil {
		t.Error(err)
	}
	raw, err := json.Marshal(everything)
	if err != nil {
		t.Fatal(err)
	}
	var again Content
	if err := json.Unmarshal(raw, &again); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(everything, again); diff != "" {
		t.Error(diff)
	}
}

func TestUnknownThingsSurvive(t *testing.T) {
	raw := []byte(`{"new":1,"content":{"more":[true],"components":[
		{"type":"carousel","id":"x","slides":[{"id":1}]},
		{"type":"text","text":"a","tone":{"kind":"warm"}},
		{"type":"list","items":[{"type":"item","id":"a","title":"b","badge":3,"action":{"type":"submit","confirm":"sure?"}}],"wide":true},
		{"type":"data-table","items":[{"type":"field-value","field":"a","value":"b","hint":"c"}]},
		{"type":"button","id":"b","label":"c","action":{"type":"dial","number":"1"}},
		{"type":"button","id":"d","label":"e","action":{"type":"url","url":"https://example.com","target":"self"}},
		{"type":"button","id":"f","label":"g","action":{"type":"sheet","url":"https://example.com","size":"l"}},
		{"type":"checkbox","id":"c","label":"d","option":[{"type":"option","id":"1","text":"e","icon":"f"}]}]},
		"stored_data":{"big":12345678901234567890}}`)
	roundTrip(t, "unknown", raw)
}

func TestMalformedCanvases(t *testing.T) {
	for raw, want := range map[string]string{
		`[]`:                              "the value must be an object, not array",
		`{"content":{"components":{}}}`:   "components must be a list, not object",
		`{"content":{"components":[1]}}`:  "component 1: the value must be an object, not number",
		`{"content":{"components":[{}]}}`: "component 1: type is missing",
		`{"content":{"components":[{"Type":"text","text":"a"}]}}`:                            `component 1: the key "Type" is not spelled as documented: it must be "type"`,
		`{"content":{"components":[{"type":"text","text":5}]}}`:                              "component 1: text must be a string, not number",
		`{"content":{"components":[{"type":"text","Text":"a"}]}}`:                            `component 1: the key "Text" is not spelled as documented: it must be "text"`,
		`{"content":{"components":[{"type":"image","url":"a","width":"b"}]}}`:                "component 1: width must be a number, not string",
		`{"content":{"components":[{"type":"button","id":"a","label":"b","action":{}}]}}`:    "component 1: action: type is missing",
		`{"content":{"components":[{"type":"button","id":"a","label":"b","Action":{}}]}}`:    `component 1: the key "Action" is not spelled as documented: it must be "action"`,
		`{"content":{"components":[{"type":"button","id":"a","label":"b","disabled":"x"}]}}`: "component 1: disabled must be true or false, not string",
		`{"stored_data":[]}`: "the value must be an object, not array",
	} {
		var c Canvas
		wantError(t, json.Unmarshal([]byte(raw), &c), want)
	}
}

func TestContentWithoutComponentsIsAnEmptyList(t *testing.T) {
	raw, err := json.Marshal(Content{})
	if err != nil || string(raw) != `{"components":[]}` {
		t.Errorf("%s, %v", raw, err)
	}
}
