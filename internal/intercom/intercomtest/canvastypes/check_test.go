package canvastypes

import (
	"strings"
	"testing"

	"rerate/internal/intercom/canvas"
)

// everything has each component, each action, and each field at least once, but for those that Check says the types do not know.
func everything() canvas.Canvas {
	faces := []canvas.Option{{ID: "1", Text: "😠"}, {ID: "2", Text: "👩‍👩‍👧"}, {ID: "3", Text: "🇮🇪", Disabled: true}}
	submit, link, sheet := canvas.Submit{}, canvas.URL{URL: "https://example.com/a?b=<c>&d"}, canvas.Sheet{URL: "https://example.com/sheet"}
	return canvas.Canvas{
		StoredData: canvas.Values{"seal": "v1.x", "n": 1, "nested": map[string]any{"a": []any{true, nil}}},
		Content: &canvas.Content{Components: []canvas.Component{
			canvas.Text{ID: "title", Text: "How was it? \"quoted\" </script>", Align: "center", Style: "header", BottomMargin: "none"},
			canvas.Text{Text: "شكرا"},
			canvas.Image{ID: "picture", URL: "https://example.com/x.png", Width: 40, Height: 30, Align: "full_width", Rounded: true, BottomMargin: "none"},
			canvas.Spacer{ID: "gap", Size: "xl"},
			canvas.Divider{ID: "line", BottomMargin: "none"},
			canvas.DataTable{Items: []canvas.FieldValue{{Field: "First rating", Value: "🙁 2"}}},
			canvas.List{Disabled: true, Items: []canvas.Item{
				{ID: "one", Title: "One", Subtitle: "sub", TertiaryText: "third", Image: "https://example.com/i.png", ImageWidth: 20, ImageHeight: 20, RoundedImage: true, Action: sheet},
				{ID: "two", Title: "Two", Disabled: true, Action: submit},
				{ID: "three", Title: "Three", Action: link},
			}},
			canvas.SingleSelect{ID: "rating", Label: "Rate", Options: faces, Value: "1", SaveState: "saved", Disabled: true, Action: submit},
			canvas.Dropdown{ID: "category", Label: "Category", Options: faces, Value: "2", SaveState: "failed", Disabled: true},
			canvas.Checkbox{ID: "reasons", Label: "Why", Options: faces, Value: []string{"1"}, SaveState: "unsaved", Disabled: true},
			canvas.Input{ID: "name", Label: "Name", Placeholder: "…", Value: "x", SaveState: "unsaved", Disabled: true, Action: submit},
			canvas.TextArea{ID: "remark", Label: "Remark", Placeholder: "…", Value: "x", Error: true, Disabled: true},
			canvas.Button{ID: "send", Label: "Send", Style: "secondary", Disabled: true, Action: submit},
			canvas.Button{ID: "open", Label: "Open", Style: "link", Action: sheet},
		}},
	}
}

func TestEveryComponentHasIntercomsTypes(t *testing.T) {
	if err := everything().Validate(); err != nil {
		t.Fatal(err)
	}
	Check(t, map[string]canvas.Canvas{
		"every component": everything(),
		"live, left out":  {ContentURL: "https://example.com/live"},
	})
}

// TestTheCompilerRefuses shows that the check can fail: a wrong style, an unknown component, a key that does not exist.
func TestTheCompilerRefuses(t *testing.T) {
	faults := compile(t, map[string]string{
		"a style":     `{"content":{"components":[{"type":"button","id":"b","label":"B","style":"huge","action":{"type":"submit"}}]}}`,
		"b component": `{"content":{"components":[{"type":"carousel"}]}}`,
		"c key":       `{"content":{"components":[{"type":"text","text":"x","colour":"red"}]}}`,
	})
	for _, part := range []string{`"huge"`, `"carousel"`, "colour"} {
		if !strings.Contains(faults, part) {
			t.Errorf("the compiler says nothing of %s: %s", part, faults)
		}
	}
}
