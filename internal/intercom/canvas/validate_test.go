package canvas

import (
	"fmt"
	"strings"
	"testing"
)

func options(n int) []Option {
	all := make([]Option, n)
	for i := range all {
		all[i] = Option{ID: fmt.Sprint(i + 1), Text: "😀"}
	}
	return all
}

func TestValidateComponents(t *testing.T) {
	pair := options(2)
	for _, c := range []struct {
		name string
		comp Component
		want string // empty: valid
	}{
		{"text", Text{Text: "Hello", Align: "center", Style: "header", BottomMargin: "none"}, ""},
		{"text empty", Text{ID: "q", Text: " "}, `text "q": text must not be empty`},
		{"text align", Text{Text: "x", Align: "middle"}, `text: align must be left or center or right, not "middle"`},
		{"text style", Text{Text: "x", Style: "loud"}, `text: style must be header or paragraph or muted or error, not "loud"`},
		{"text margin", Text{Text: "x", BottomMargin: "s"}, `text: bottom_margin must be none, not "s"`},
		{"image", Image{URL: "https://example.com/a.png", Width: 10, Height: 20, Align: "full_width", Action: URL{URL: "https://example.com"}}, ""},
		{"image http", Image{URL: "http://example.com/a.png", Width: 1, Height: 1}, "image: url must begin with https://"},
		{"image size", Image{URL: "https://example.com/a.png", Width: 1}, "image: height must be a number of pixels above 0"},
		{"image submit", Image{URL: "https://example.com/a.png", Width: 1, Height: 1, Action: Submit{}}, "image: action must be a url action"},
		{"spacer", Spacer{Size: "xl"}, ""},
		{"spacer size", Spacer{Size: "xxl"}, `spacer: size must be xs or s or m or l or xl, not "xxl"`},
		{"divider", Divider{}, ""},
		{"divider margin", Divider{BottomMargin: "some"}, `divider: bottom_margin must be none, not "some"`},
		{"data-table", DataTable{Items: []FieldValue{{Field: "First", Value: "2"}}}, ""},
		{"data-table empty", DataTable{}, "data-table: items must hold at least one"},
		{"data-table value", DataTable{Items: []FieldValue{{Field: "First"}}}, "data-table: value of item 1 must not be empty"},
		{"list", List{Items: []Item{{ID: "a", Title: "A", Action: Sheet{URL: "https://example.com"}}}}, ""},
		{"list empty", List{ID: "l"}, `list "l": items must hold at least one`},
		{"list no id", List{Items: []Item{{Title: "A"}}}, "list: id of item 1 must not be empty"},
		{"list no title", List{Items: []Item{{ID: "a"}}}, `item "a": title must not be empty`},
		{"item image", List{Items: []Item{{ID: "a", Title: "A", Image: "https://example.com/a.png", ImageWidth: 1, ImageHeight: 1}}}, ""},
		{"item half image", List{Items: []Item{{ID: "a", Title: "A", Image: "https://example.com/a.png", ImageWidth: 1}}}, `item "a": image, image_width and image_height must be given together`},
		{"item only width", List{Items: []Item{{ID: "a", Title: "A", ImageWidth: 1}}}, `item "a": image, image_width and image_height must be given together`},
		{"button", Button{ID: "b", Label: "Send", Style: "link", Action: Submit{}}, ""},
		{"button id", Button{Label: "Send", Action: Submit{}}, "button: id must not be empty"},
		{"button label", Button{ID: "b", Action: Submit{}}, `button "b": label must not be empty`},
		{"button style", Button{ID: "b", Label: "Send", Style: "danger", Action: Submit{}}, `button "b": style must be primary or secondary or link, not "danger"`},
		{"button action", Button{ID: "b", Label: "Send"}, `button "b": action must be given`},
		{"button empty url", Button{ID: "b", Label: "Send", Action: URL{}}, `button "b": action url must not be empty`},
		{"button sheet", Button{ID: "b", Label: "Send", Action: Sheet{URL: "/sheet"}}, `button "b": action url must be a whole https address`},
		{"button demo url", Button{ID: "b", Label: "Open", Action: URL{URL: "http://localhost:8080/ratings"}}, ""},
		{"button script url", Button{ID: "b", Label: "Open", Action: URL{URL: "javascript:alert(1)"}}, `button "b": action url must be a whole https address`},
		{"button unknown action", Button{ID: "b", Label: "Send", Action: UnknownAction{Type: "jump"}}, `button "b": action type "jump" is not one that Canvas Kit documents`},
		{"single-select", SingleSelect{ID: "s", Options: pair, Value: "2", SaveState: "saved", Action: Submit{}}, ""},
		{"single-select ten", SingleSelect{ID: "s", Options: options(10)}, ""},
		{"single-select one", SingleSelect{ID: "s", Options: options(1)}, `single-select "s": options must hold 2 to 10 options, not 1`},
		{"single-select eleven", SingleSelect{ID: "s", Options: options(11)}, `single-select "s": options must hold 2 to 10 options, not 11`},
		{"single-select value", SingleSelect{ID: "s", Options: pair, Value: "3"}, `single-select "s": value "3" is not the id of one of its options`},
		{"single-select state", SingleSelect{ID: "s", Options: pair, SaveState: "done"}, `single-select "s": save_state must be unsaved or saved or failed, not "done"`},
		{"option twice", SingleSelect{ID: "s", Options: []Option{{ID: "1", Text: "a"}, {ID: "1", Text: "b"}}}, `single-select "s": id "1" is used by two options`},
		{"option id", Dropdown{ID: "d", Options: []Option{{ID: "1", Text: "a"}, {Text: "b"}}}, `dropdown "d": id of option 2 must not be empty`},
		{"option text", Dropdown{ID: "d", Options: []Option{{ID: "1"}, {ID: "2", Text: "b"}}}, `dropdown "d": text of option 1 must not be empty`},
		{"dropdown", Dropdown{ID: "d", Options: pair}, ""},
		{"dropdown eleven", Dropdown{ID: "d", Options: options(11)}, `dropdown "d": options must hold 2 to 10 options, not 11`},
		{"checkbox", Checkbox{ID: "c", Label: "Which?", Options: options(1), Value: []string{"1"}}, ""},
		{"checkbox many", Checkbox{ID: "c", Label: "Which?", Options: options(30)}, ""},
		{"checkbox none", Checkbox{ID: "c", Label: "Which?"}, `checkbox "c": option must hold at least 1`},
		{"checkbox label", Checkbox{ID: "c", Options: options(1)}, `checkbox "c": label must not be empty`},
		{"checkbox value", Checkbox{ID: "c", Label: "Which?", Options: options(1), Value: []string{"1", "9"}}, `checkbox "c": value "9" is not the id of one of its options`},
		{"input", Input{ID: "i", SaveState: "failed", Action: Submit{}}, ""},
		{"input id", Input{Label: "Name"}, "input: id must not be empty"},
		{"textarea", TextArea{ID: "remark"}, ""},
		{"textarea id", TextArea{}, "textarea: id must not be empty"},
		{"unknown", Unknown{Type: "snippet"}, "snippet: type is not one that Canvas Kit documents"},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, c.comp.Validate(), c.want) })
	}
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	got := ""
	if err != nil {
		got = err.Error()
	}
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestValidateCanvas(t *testing.T) {
	content := func(c ...Component) *Content { return &Content{Components: c} }
	hello := content(Text{Text: "Hello"})
	for _, c := range []struct {
		name string
		of   interface{ Validate() error }
		want string
	}{
		{"content", Canvas{Content: hello, StoredData: Values{"state": "x"}}, ""},
		{"live", Canvas{ContentURL: "https://example.com/live"}, ""},
		{"nothing", Canvas{}, "canvas: content must be given, or content_url for a live canvas"},
		{"both", Canvas{Content: hello, ContentURL: "https://example.com"}, "canvas: content and content_url must not both be given"},
		{"live http", Canvas{ContentURL: "http://example.com"}, "canvas: content_url must begin with https://"},
		{"no components", Canvas{Content: content()}, "content: components must hold at least one component"},
		{"nil component", Canvas{Content: content(nil)}, "component 1 must not be nil"},
		{"bad component", Canvas{Content: content(Divider{}, Text{})}, "component 2, text: text must not be empty"},
		{"same id", Canvas{Content: content(TextArea{ID: "a"}, Input{ID: "a"})}, `component 2: id "a" is used twice on this canvas`},
		{"item and component", Canvas{Content: content(TextArea{ID: "a"}, List{Items: []Item{{ID: "a", Title: "A"}}})}, `component 2: id "a" is used twice on this canvas`},
		{"large content", Canvas{Content: content(Text{Text: strings.Repeat("x", MaxBytes)})}, "canvas: content must not be larger than 65536 bytes, and this is 65578"},
		{"large data", Canvas{Content: hello, StoredData: Values{"x": strings.Repeat("x", MaxBytes)}}, "canvas: stored_data must not be larger than 65536 bytes, and this is 65544"},
		{"odd data", Canvas{Content: hello, StoredData: Values{"x": func() {}}}, "canvas: stored_data cannot be written as JSON: json: unsupported type: func()"},
		{"initialize", InitializeResponse{}, "canvas: content must be given, or content_url for a live canvas"},
		{"submit", SubmitResponse{Canvas: Canvas{Content: hello}, Event: Completed}, ""},
		{"submit event", SubmitResponse{Canvas: Canvas{Content: hello}, Event: "done"}, `event: type must be completed, not "done"`},
		{"inbox", InboxSubmitResponse{Canvas: Canvas{Content: hello}, CardCreationOptions: Values{}}, ""},
		{"inbox live", InboxSubmitResponse{Canvas: Canvas{ContentURL: "https://example.com"}}, "canvas: content_url is for the Messenger only"},
		{"inbox event", InboxSubmitResponse{Canvas: Canvas{Content: hello}, Event: "done"}, `event: type must be completed, not "done"`},
		{"configure canvas", ConfigureResponse{Canvas: &Canvas{Content: hello}}, ""},
		{"configure results", ConfigureResponse{Results: Values{}}, ""},
		{"configure both", ConfigureResponse{Canvas: &Canvas{Content: hello}, Results: Values{}}, "configure: exactly one of canvas and results must be given"},
		{"configure none", ConfigureResponse{}, "configure: exactly one of canvas and results must be given"},
		{"live answer", LiveResponse{Content: *hello}, ""},
		{"live answer empty", LiveResponse{}, "content: components must hold at least one component"},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, c.of.Validate(), c.want) })
	}
}
