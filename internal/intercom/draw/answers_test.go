package draw

import (
	"errors"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAnswers(t *testing.T) {
	c := content(t, `{"type":"single-select","id":"rating","options":[{"type":"option","id":"1","text":"🙁"},{"type":"option","id":"5","text":"😍"},{"type":"option","id":"6","text":"x","disabled":true}],"action":{"type":"submit"}},
		{"type":"single-select","id":"saved","value":"a","save_state":"saved","options":[{"type":"option","id":"a","text":"A"},{"type":"option","id":"b","text":"B"}],"action":{"type":"submit"}},
		{"type":"dropdown","id":"dd","options":[{"type":"option","id":"x","text":"X"},{"type":"option","id":"y","text":"Y"}]},
		{"type":"checkbox","id":"cb","label":"l","value":["q"],"option":[{"type":"option","id":"p","text":"P"},{"type":"option","id":"q","text":"Q"},{"type":"option","id":"z","text":"Z","disabled":true}]},
		{"type":"input","id":"in","value":"old","action":{"type":"submit"}},{"type":"textarea","id":"remark"},
		{"type":"list","items":[{"type":"item","id":"item","title":"I","action":{"type":"submit"}},{"type":"item","id":"dead","title":"D","disabled":true,"action":{"type":"submit"}}]},
		{"type":"button","id":"send","label":"S","action":{"type":"submit"}},{"type":"button","id":"off","label":"O","disabled":true,"action":{"type":"submit"}},
		{"type":"button","id":"link","label":"L","action":{"type":"url","url":"https://a.example"}}`)
	untouched := func(change map[string]any) map[string]any {
		v := map[string]any{"saved": "a", "cb": []string{}, "in": "old", "remark": ""}
		for key, value := range change {
			v[key] = value
		}
		return v
	}
	tests := map[string]struct {
		form      string
		component string
		values    map[string]any
	}{
		"tap":          {"option:rating=5", "rating", untouched(map[string]any{"rating": "5"})},
		"button":       {"component_id=send&input:remark=two%0D%0Alines&input:dd=y&input:cb=p&input:cb=q", "send", untouched(map[string]any{"remark": "two\nlines", "dd": "y", "cb": []string{"p", "q"}})},
		"inline":       {"component_id=in&input:in=new", "in", untouched(map[string]any{"in": "new"})},
		"list item":    {"component_id=item", "item", untouched(nil)},
		"locked tap":   {"option:saved=b", "", nil},
		"strange tap":  {"option:rating=9", "", nil},
		"dead option":  {"option:rating=6", "", nil},
		"dead item":    {"component_id=dead", "", nil},
		"dead button":  {"component_id=off", "", nil},
		"link":         {"component_id=link", "", nil},
		"strange tick": {"component_id=send&input:cb=nope", "", nil},
		"dead tick":    {"component_id=send&input:cb=z", "", nil},
		"nothing":      {"", "", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			form, err := url.ParseQuery(test.form)
			if err != nil {
				t.Fatal(err)
			}
			component, values, err := Answers(c, form)
			if component != test.component || (test.component == "") != errors.Is(err, ErrNotOffered) {
				t.Errorf("component %q, error %v", component, err)
			}
			if diff := cmp.Diff(test.values, values); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
}
