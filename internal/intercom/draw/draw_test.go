package draw

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rerate/internal/intercom/canvas"
)

// content decodes components as the app would send them.
func content(t *testing.T, components string) canvas.Content {
	t.Helper()
	var c canvas.Content
	if err := json.Unmarshal([]byte(`{"components":[`+components+`]}`), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func drawn(t *testing.T, c canvas.Content, o Options) *goquery.Document {
	t.Helper()
	var html strings.Builder
	if err := Content(c, o).Render(t.Context(), &html); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(html.String()))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("[style], style, script, [onclick]").Length() > 0 {
		t.Errorf("the strict policy forbids inline style and script: %s", html.String())
	}
	return doc
}

var liveForm = Options{Action: "/messenger/card?card=1", Name: "Card"}

// Each component type in each of its forms: the selector must find exactly so many elements, with this text if one is given.
func TestDrawEveryComponent(t *testing.T) {
	const two = `[{"type":"option","id":"1","text":"🙁 Bad"},{"type":"option","id":"2","text":"😍 Amazing"}]`
	type want struct {
		selector string
		n        int
		text     string
	}
	tests := map[string]struct {
		component string
		want      []want
	}{
		"text header centred":      {`{"type":"text","text":"Hello","style":"header","align":"center"}`, []want{{"h3.ic-header.ic-center[dir=auto]", 1, "Hello"}}},
		"text error right flush":   {`{"type":"text","text":"No","style":"error","align":"right","bottom_margin":"none"}`, []want{{"p.ic-error.ic-right.ic-flush", 1, "No"}}},
		"text muted":               {`{"type":"text","text":"m","style":"muted"}`, []want{{"p.ic-muted", 1, "m"}}},
		"text link and bold":       {`{"type":"text","text":"see [us](https://a.example/?a=1&b=2) **now** or *later*"}`, []want{{`p a[href="https://a.example/?a=1&b=2"][rel="noopener noreferrer"]`, 1, "us"}, {"p b", 2, "nowlater"}}},
		"image":                    {`{"type":"image","url":"https://a.example/i.png","width":40,"height":30,"rounded":true,"align":"full_width"}`, []want{{`.ic-full img.ic-rounded[width="40"][height="30"][alt=""]`, 1, ""}}},
		"image link":               {`{"type":"image","url":"https://a.example/i.png","width":40,"height":30,"action":{"type":"url","url":"https://a.example"}}`, []want{{`a[href="https://a.example"][aria-label] img`, 1, ""}}},
		"spacer":                   {`{"type":"spacer","size":"xl"}`, []want{{".ic-spacer.ic-space-xl", 1, ""}}},
		"divider":                  {`{"type":"divider"}`, []want{{"hr", 1, ""}}},
		"data table":               {`{"type":"data-table","items":[{"type":"field-value","field":"First","value":"2"}]}`, []want{{"tr th", 1, "First"}, {"tr td", 1, "2"}}},
		"list":                     {`{"type":"list","items":[{"type":"item","id":"a","title":"A","subtitle":"s","tertiary_text":"t","action":{"type":"submit"}},{"type":"item","id":"b","title":"B","action":{"type":"url","url":"https://b.example"}},{"type":"item","id":"c","title":"C","image":"https://a.example/i.png","image_width":1,"image_height":2}]}`, []want{{`button[name=component_id][value=a]:not([disabled])`, 1, "A s t"}, {`a[href="https://b.example"][target=_blank]`, 1, "B"}, {"div.ic-item img", 1, ""}}},
		"list disabled":            {`{"type":"list","disabled":true,"items":[{"type":"item","id":"a","title":"A","action":{"type":"submit"}}]}`, []want{{"button[disabled]", 1, "A"}}},
		"button styles":            {`{"type":"button","id":"p","label":"P","action":{"type":"submit"}},{"type":"button","id":"s","label":"S","style":"secondary","action":{"type":"submit"}},{"type":"button","id":"l","label":"L","style":"link","disabled":true,"action":{"type":"submit"}}`, []want{{"button.ic-button[value=p]", 1, "P"}, {"button.ic-secondary[value=s]", 1, "S"}, {"button.ic-link[value=l][disabled]", 1, "L"}}},
		"button link":              {`{"type":"button","id":"u","label":"U","action":{"type":"url","url":"https://u.example"}}`, []want{{`a.ic-button[href="https://u.example"]`, 1, "U"}}},
		"button unsafe link":       {`{"type":"button","id":"u","label":"U","action":{"type":"url","url":"javascript:alert(1)"}}`, []want{{"a", 0, ""}, {"button[disabled][title]", 1, "U"}}},
		"button sheet":             {`{"type":"button","id":"u","label":"U","action":{"type":"sheet","url":"https://u.example"}}`, []want{{"button[disabled][title]", 1, "U"}}},
		"single-select tap":        {`{"type":"single-select","id":"rating","options":` + two + `,"action":{"type":"submit"}}`, []want{{`fieldset button[name="option:rating"]:not([disabled])`, 2, "🙁 Bad😍 Amazing"}}},
		"single-select saved":      {`{"type":"single-select","id":"rating","save_state":"saved","value":"2","options":` + two + `,"action":{"type":"submit"}}`, []want{{"fieldset.ic-saved button[disabled]", 2, ""}, {"button.ic-chosen[aria-pressed=true]", 1, "😍 Amazing"}}},
		"single-select no action":  {`{"type":"single-select","id":"x","label":"Choose","value":"1","options":` + two + `}`, []want{{"legend", 1, "Choose"}, {`label input[type=radio][name="input:x"]`, 2, ""}, {"input[value='1'][checked]", 1, ""}}},
		"dropdown":                 {`{"type":"dropdown","id":"d","label":"Which","options":` + two + `}`, []want{{`label select[name="input:d"] option`, 3, ""}, {"option[selected][disabled]", 1, "Choose one"}}},
		"dropdown failed":          {`{"type":"dropdown","id":"d","save_state":"failed","value":"2","options":` + two + `}`, []want{{".ic-failed", 1, "Could not be saved"}, {"option[selected]", 1, "😍 Amazing"}}},
		"checkbox":                 {`{"type":"checkbox","id":"c","label":"What","value":["2"],"option":` + two + `}`, []want{{`label input[type=checkbox][name="input:c"]`, 2, ""}, {"input[checked][value='2']", 1, ""}}},
		"input with inline button": {`{"type":"input","id":"e","label":"E-mail","value":"a@b","action":{"type":"submit"}}`, []want{{`label input[name="input:e"][value="a@b"]`, 1, ""}, {`button.ic-inline[value=e][aria-label="Send: E-mail"]`, 1, ""}, {"button[hidden][value=e]", 1, ""}}},
		"input saved":              {`{"type":"input","id":"e","save_state":"saved","placeholder":"Mail","action":{"type":"submit"}}`, []want{{"input[disabled]", 1, ""}, {".ic-inline[disabled]", 1, ""}, {"label .ic-hidden", 2, "MailSaved"}}},
		"textarea with error":      {`{"type":"textarea","id":"remark","label":"Anything?","value":"a\n<b>","error":true}`, []want{{`label.ic-refused textarea[name="input:remark"][aria-invalid=true]`, 1, "a\n<b>"}}},
		"unknown":                  {`{"type":"hologram<3","id":"x"}`, []want{{".ic-unknown", 1, "Canvas Kit has no component of the type “hologram<3”."}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			doc := drawn(t, content(t, test.component), liveForm)
			for _, w := range test.want {
				found := doc.Find(w.selector)
				html, _ := doc.Html()
				if found.Length() != w.n {
					t.Errorf("%s: found %d, want %d in %s", w.selector, found.Length(), w.n, html)
				}
				if text := strings.TrimSpace(found.Text()); w.text != "" && text != w.text {
					t.Errorf("%s: text %q, want %q", w.selector, text, w.text)
				}
			}
		})
	}
}

func TestDrawPreviewHasNothingToUse(t *testing.T) {
	c := content(t, `{"type":"single-select","id":"r","options":[{"type":"option","id":"1","text":"a"},{"type":"option","id":"2","text":"b"}],"action":{"type":"submit"}},
		{"type":"list","items":[{"type":"item","id":"i","title":"I","action":{"type":"url","url":"https://a.example"}}]},
		{"type":"input","id":"e","action":{"type":"submit"}},{"type":"textarea","id":"t"},{"type":"dropdown","id":"d","options":[]},
		{"type":"checkbox","id":"c","option":[{"type":"option","id":"1","text":"a"}]},
		{"type":"button","id":"b","label":"B","action":{"type":"url","url":"https://a.example"}},
		{"type":"image","url":"https://a.example/i","width":1,"height":1,"action":{"type":"url","url":"https://a.example"}}`)
	doc := drawn(t, c, Options{Name: "Preview"})
	if n := doc.Find("form, a, button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled])").Length(); n != 0 {
		html, _ := doc.Html()
		t.Errorf("%d controls of a preview can be used: %s", n, html)
	}
	if doc.Find(`div[role=group][aria-label=Preview]`).Length() != 1 {
		t.Error("the preview has no name")
	}
}

func TestDrawKeepsHostileTextsText(t *testing.T) {
	const evil = `<img src=x onerror=alert(1)>"' &amp; </textarea></form><script>alert(1)</script>`
	quoted, err := json.Marshal(evil)
	if err != nil {
		t.Fatal(err)
	}
	e := string(quoted)
	all := `{"type":"text","text":` + e + `},{"type":"button","id":` + e + `,"label":` + e + `,"action":{"type":"submit"}},
		{"type":"textarea","id":"t","label":` + e + `,"placeholder":` + e + `,"value":` + e + `},{"type":"input","id":"i","label":` + e + `,"value":` + e + `},
		{"type":"data-table","items":[{"type":"field-value","field":` + e + `,"value":` + e + `}]},
		{"type":"list","items":[{"type":"item","id":` + e + `,"title":` + e + `,"action":{"type":"submit"}}]},
		{"type":"dropdown","id":"d","label":` + e + `,"options":[{"type":"option","id":` + e + `,"text":` + e + `}]},
		{"type":"text","text":"[x](javascript:alert(1)) [y](https://a.example\"onclick=1)","align":"\"><b>"}`
	doc := drawn(t, content(t, all), liveForm)
	if doc.Find("img, b").Length() != 0 || doc.Find("form").Length() != 1 {
		html, _ := doc.Html()
		t.Errorf("text became markup: %s", html)
	}
	doc.Find("a").Each(func(_ int, a *goquery.Selection) {
		if href, _ := a.Attr("href"); !strings.HasPrefix(href, "https://") {
			t.Errorf("a link leads to %q", href)
		}
	})
	if got := doc.Find("textarea").Text(); got != evil {
		t.Errorf("textarea holds %q", got)
	}
}

func TestDrawIsRightToLeftSafe(t *testing.T) {
	const arabic = "كيف كانت المحادثة؟ 😍"
	c := content(t, `{"type":"text","text":"`+arabic+`"},{"type":"single-select","id":"r","label":"`+arabic+`","options":[{"type":"option","id":"1","text":"`+arabic+`"}],"action":{"type":"submit"}},
		{"type":"textarea","id":"t","label":"`+arabic+`"},{"type":"button","id":"b","label":"`+arabic+`","action":{"type":"submit"}},
		{"type":"data-table","items":[{"type":"field-value","field":"`+arabic+`","value":"`+arabic+`"}]},
		{"type":"checkbox","id":"c","label":"x","option":[{"type":"option","id":"1","text":"`+arabic+`"}]},
		{"type":"list","items":[{"type":"item","id":"i","title":"`+arabic+`","subtitle":"`+arabic+`"}]}`)
	doc := drawn(t, c, liveForm)
	count := 0
	doc.Find("form *").Each(func(_ int, s *goquery.Selection) {
		if strings.TrimSpace(s.Text()) != arabic || s.Children().Not(".ic-emoji").Length() > 0 {
			return
		}
		count++
		if s.Closest("[dir=auto]").Length() == 0 {
			html, _ := goquery.OuterHtml(s)
			t.Errorf("no dir=auto around %s", html)
		}
	})
	if count < 9 {
		t.Errorf("found the text only %d times", count)
	}
}
