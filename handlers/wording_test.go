package handlers_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/models"
)

func (w *world) publishedWording() models.Wording {
	w.t.Helper()
	return must(w.db.Tenant(workspace).Wording(ctx))(w.t)
}

// editorOf reads the editor's form as a browser would send it back.
func editorOf(page *goquery.Document) url.Values {
	values := url.Values{}
	page.Find("#wording").Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		name := field.AttrOr("name", "")
		_, on := field.Attr("checked")
		_, off := field.Attr("disabled")
		switch kind := field.AttrOr("type", ""); {
		case name == "" || off:
		case kind == "checkbox" || kind == "radio":
			if on {
				values.Add(name, field.AttrOr("value", "on"))
			}
		case field.Is("select"):
			chosen := field.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = field.Find("option").First()
			}
			values.Add(name, chosen.AttrOr("value", ""))
		case field.Is("textarea"):
			values.Add(name, field.Text())
		default:
			values.Add(name, field.AttrOr("value", ""))
		}
	})
	return values
}

// editing is an admin with the editor open.
type editing struct {
	*browser
	page *goquery.Document
	form url.Values
}

func (w *world) edit(admin string) *editing {
	w.t.Helper()
	e := &editing{browser: w.signIn(admin)}
	return e.open()
}

func (e *editing) open() *editing {
	e.w.t.Helper()
	e.show(e.get("/wording").is(http.StatusOK))
	return e
}

func (e *editing) show(a answer) {
	e.page = a.document()
	e.form = editorOf(e.page)
}

func (e *editing) set(pairs ...string) *editing {
	for i := 0; i < len(pairs); i += 2 {
		e.form.Set(pairs[i], pairs[i+1])
	}
	return e
}

// press uses a button that shows the form again.
func (e *editing) press(do string, status int) *editing {
	e.w.t.Helper()
	e.form.Set("do", do)
	e.show(e.post("/wording", e.form).is(status))
	return e
}

// store uses a button that stores something, and opens the editor again.
func (e *editing) store(do string) *editing {
	e.w.t.Helper()
	e.form.Set("do", do)
	e.post("/wording", e.form).leadsTo("/wording")
	return e.open()
}

func (e *editing) says(selector string, texts ...string) {
	e.w.t.Helper()
	got := strings.Join(strings.Fields(e.page.Find(selector).Text()), " ")
	for _, text := range texts {
		if !strings.Contains(got, text) {
			e.w.t.Errorf("%s says %q, not %q", selector, got, text)
		}
	}
}

// secondAdmin makes Tomáš an admin too.
func (w *world) secondAdmin() {
	w.t.Helper()
	w.signIn(tomas)
	if err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.SetRole(tomas, models.Admin) }); err != nil {
		w.t.Fatal(err)
	}
}

func TestAWordingRoundTrips(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.edit(jane)
		emoji := []string{"👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "4️⃣", "👍🏽", "❤️‍🔥"}
		labels := []string{"سيئ جدًا", "سيئ", "مقبول", "جيد", "رائع"}
		boss.set("new_locale", "ar").press("add_locale", http.StatusOK)
		boss.set("question", "How was it, <b>really</b>? 👩‍👩‍👧‍👦", "option.4.label", "  Wunderbar & mehr  ", "option.2.sentiment", "positive",
			"remarks.ask_why_up_to", "2", "remarks.why_label", "Why?", "locale.0.question", "كيف كانت المحادثة؟",
			"ask.chat", "One more:", "ask.email", "Dear customer,\n\nwe care.", "locale.0.ask.email", "عميلنا العزيز",
			"locale.0.remarks.placeholder", "اكتب هنا", "locale.0.remarks.why_label", "لماذا؟", "locale.0.thanks.positive", "شكرًا \u200fجزيلًا")
		for i := range emoji {
			boss.set(optionName(i, "emoji"), emoji[i], "locale.0.label."+strconv.Itoa(i), labels[i])
		}
		boss.store("publish")
		boss.says(`[role="status"]`, "is published")

		got := w.publishedWording()
		if got.Version != 2 || got.AuthorID != jane {
			t.Errorf("published is version %d by %q", got.Version, got.AuthorID)
		}
		want := rating.DefaultWording()
		want.Question = "How was it, <b>really</b>? 👩‍👩‍👧‍👦"
		for i := range emoji {
			want.Options[i].Emoji = emoji[i]
		}
		want.Ask = rating.Invitation{Chat: "One more:", Email: "Dear customer,\n\nwe care."}
		want.Options[4].Label, want.Options[2].Sentiment = "Wunderbar & mehr", rating.Positive
		want.Remarks.AskWhyUpTo, want.Remarks.WhyLabel = 2, "Why?"
		want.Locales = map[string]rating.Translation{"ar": {
			Ask:      rating.Invitation{Email: "عميلنا العزيز"},
			Question: "كيف كانت المحادثة؟", Labels: labels, Thanks: rating.Thanks{Positive: "شكرًا \u200fجزيلًا"},
			Remarks: rating.TranslationRemarks{Placeholder: "اكتب هنا", WhyLabel: "لماذا؟"},
		}}
		if diff := cmp.Diff(want, got.Body); diff != "" {
			t.Errorf("published (-want +got):\n%s", diff)
		}
		boss.store("publish")
		boss.says(`[role="status"]`, "Nothing is different")
		if again := w.publishedWording(); again.Version != 2 {
			t.Errorf("published unchanged it is version %d", again.Version)
		}
		card := w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]).is(http.StatusOK).body
		if !strings.Contains(card, "👩‍👩‍👧‍👦 Terrible") {
			t.Errorf("the next card is %s", card)
		}
	})
}

func optionName(i int, part string) string { return "option." + strconv.Itoa(i) + "." + part }

func (e *editing) labels() string {
	var all []string
	for i := 0; e.form.Has(optionName(i, "label")); i++ {
		all = append(all, e.form.Get(optionName(i, "label")))
	}
	return strings.Join(all, " ")
}

func (e *editing) translations() string {
	var all []string
	for i := 0; e.form.Has("locale.0.label." + strconv.Itoa(i)); i++ {
		all = append(all, e.form.Get("locale.0.label."+strconv.Itoa(i)))
	}
	return strings.Join(all, " ")
}

func TestButtonsOfTheWordingForm(t *testing.T) {
	w := newWorld(t)
	open := func() *editing {
		e := w.edit(jane).set("new_locale_code", "fr-CA").press("add_locale", http.StatusOK)
		for i, label := range []string{"un", "deux", "trois", "quatre", "cinq"} {
			e.set("locale.0.label."+strconv.Itoa(i), label)
		}
		return e
	}
	const faces, french = "Terrible Bad OK Good Amazing", "un deux trois quatre cinq"
	for _, tt := range []struct{ button, labels, translations, why, said, focus string }{
		{"preview", faces, french, "3", "", ""},
		{"remove_option.1", "Terrible OK Good Amazing", "un trois quatre cinq", "2", "Bad was removed.", "option.1.label"},
		{"remove_option.4", "Terrible Bad OK Good", "un deux trois quatre", "3", "Amazing was removed.", "option.3.label"},
		{"add_option", faces + " ", french + " ", "3", "added at place 6", "option.5.label"},
		{"move_option.3.2", "Terrible Bad Good OK Amazing", "un deux quatre trois cinq", "3", "Good moved to place 3 of 5.", "up-2"},
		{"move_option.0.4", "Bad OK Good Amazing Terrible", "deux trois quatre cinq un", "3", "Terrible moved to place 5 of 5.", "down-4"},
		{"move_option.0.-1", faces, french, "3", "Terrible is at place 1 of 5 already.", "up-0"},
		{"move_option.4.5", faces, french, "3", "Amazing is at place 5 of 5 already.", "down-4"},
		{"move_option.9.1", faces, french, "3", "", ""},
		{"move_option.x.y", faces, french, "3", "", ""},
		{"move_option", faces, french, "3", "", ""},
		{"remove_option.99", faces, french, "3", "", ""},
		{"remove_option.-1", faces, french, "3", "", ""},
		{"remove_option.x", faces, french, "3", "", ""},
		{"remove_locale.0", faces, "", "3", "fr-CA was removed", "add-locale"},
		{"remove_locale.7", faces, french, "3", "", ""},
		{"scale.thumbs", faces, french, "3", "Are you sure?", "replace"}, // asks first
		{"replace.thumbs", "Bad Good", "Mauvais Bien", "1", "were replaced", "scales"},
		{"replace.three_faces", "Bad OK Good", "Mauvais Moyen Bien", "2", "were replaced", "scales"},
		{"replace.five_faces", faces, "Très mauvais Mauvais Moyen Bien Excellent", "3", "were replaced", "scales"},
		{"replace.stars", "1 2 3 4 5", "    ", "3", "were replaced", "scales"},
		{"replace.one_to_ten", "1 2 3 4 5 6 7 8 9 10", "         ", "6", "were replaced", "scales"},
	} {
		t.Run(tt.button, func(t *testing.T) {
			e := open().press(tt.button, http.StatusOK)
			if got := e.labels(); got != tt.labels {
				t.Errorf("the labels are %q", got)
			}
			if got := e.translations(); got != tt.translations {
				t.Errorf("the French labels are %q", got)
			}
			if got := e.form.Get("remarks.ask_why_up_to"); got != tt.why {
				t.Errorf("it asks why up to %s", got)
			}
			e.says("#said", tt.said)
			if got := e.page.Find("#editor [autofocus]").AttrOr("id", ""); got != tt.focus {
				t.Errorf("the focus is on %q", got)
			}
		})
	}
	e := open()
	for _, unknown := range []string{"explode", "", "scale.smileys"} {
		e.form.Set("do", unknown)
		e.post("/wording", e.form).is(http.StatusUnprocessableEntity)
	}
	if got := w.publishedWording().Version; got != 1 {
		t.Errorf("version %d is published", got)
	}
}

func TestATemplateAsksOnlyWhereWordsWouldBeLost(t *testing.T) {
	w := newWorld(t)
	e := w.edit(jane).set("new_locale", "de").press("add_locale", http.StatusOK)
	if got := e.translations(); got != "Furchtbar Schlecht In Ordnung Gut Großartig" {
		t.Errorf("the built-in words are %q", got)
	}
	if got := e.press("scale.thumbs", http.StatusOK).labels(); got != "Bad Good" {
		t.Errorf("untouched choices were not replaced: %q", got)
	}
	e.set("option.0.label", "Nope").press("scale.stars", http.StatusOK)
	e.says("#editor", "Replace your choices with “Five stars”?")
	if got := e.labels(); got != "Nope Good" {
		t.Errorf("before the answer they are %q", got)
	}
	if got := e.press("preview", http.StatusOK).labels(); got != "Nope Good" || e.page.Find("#replace").Length() != 0 {
		t.Errorf("kept they are %q", got)
	}
}

func TestLanguagesAreAddedByNameOrCode(t *testing.T) {
	w := newWorld(t)
	e := w.edit(jane).set("new_locale", "fr").press("add_locale", http.StatusOK)
	e.says("#languages ~ div", "French", "français", "5 of 10")
	if e.page.Find(`#new_locale option[value="fr"]`).Length() != 0 {
		t.Error("French is offered again")
	}
	for code, why := range map[string]string{
		"klingon language": "is not a language code", "FR": "is there already", "f": "is not a language code", "<b>": "is not a language code",
	} {
		e.set("new_locale", "", "new_locale_code", code).press("add_locale", http.StatusOK)
		if got := e.page.Find("#new_locale_code").AttrOr("value", ""); got != code {
			t.Errorf("%q is shown again as %q", code, got)
		}
		if field := e.page.Find("#new_locale_code"); field.AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%q is not marked as wrong", code)
		}
		e.says("#new_locale_code-error", why)
	}
	e.set("new_locale_code", "").press("add_locale", http.StatusOK).says("#new_locale_code-error", "Choose a language")
	e.set("new_locale_code", "ar_EG").press("add_locale", http.StatusOK)
	question := e.page.Find(`[name="locale.0.question"]`)
	if question.AttrOr("dir", "") != "rtl" || question.AttrOr("lang", "") != "ar-EG" || question.AttrOr("placeholder", "") != "Rate your conversation again" {
		t.Error("Arabic is not written from right to left, with the default text where it falls back")
	}
	if card := e.page.Find(".phone-card"); card.AttrOr("dir", "") != "rtl" || !strings.Contains(card.Text(), "سيئ جدًا") {
		t.Errorf("the preview is %s", card.Text())
	}
}

func TestThePreviewShowsEachStepLanguageAndTap(t *testing.T) {
	w := newWorld(t)
	e := w.edit(jane).set("new_locale", "fr").press("add_locale", http.StatusOK)
	e.set("locale.0.thanks.neutral", "Merci bien", "remarks.why_label", "Why so?", "ask.chat", "Hi!", "ask.email", "Hello,", "locale.0.ask.email", "Bonjour,")
	for _, tt := range []struct{ step, locale, tapped, want string }{
		{"ask", "", "0", "😍 Amazing"},
		{"ask", "fr", "0", "Excellent"},
		{"saved", "", "1", "Why so?"},
		{"saved", "", "5", "Anything to add?"},
		{"remark", "fr", "2", "Qu’est-ce qui a changé"},
		{"thanks", "fr", "3", "Merci bien"},
		{"thanks", "", "5", "glad"},
		{"too_late", "fr", "0", "Il est trop tard pour noter"},
		{"too_late", "", "2", "too late to change"},
		{"nonsense", "xx", "99", "😍 Amazing"},
		{"saved", "", "0", "Why so?"},
		{"chat", "", "3", "Hi! Rate your conversation again 😠 Terrible"},
		{"chat", "fr", "0", "Hi! "},
		{"email", "fr", "0", "Bonjour, "},
	} {
		e.set("preview.step", tt.step, "preview.locale", tt.locale, "preview.score", tt.tapped).press("preview", http.StatusOK)
		if got := e.page.Find(".phone-card").Text(); !strings.Contains(strings.Join(strings.Fields(got), " "), tt.want) {
			t.Errorf("%v shows %s", tt, got)
		}
	}
	e.set("question", "", "option.1.label", "", "option.1.emoji", "", "preview.step", "ask", "preview.locale", "").press("preview", http.StatusOK)
	e.says(".phone-card", "…", "😍 Amazing")
	e.says("#preview", "Before you can publish", "Question: This must not be empty.", "Label of choice 2: This must not be empty.", "KB")
}

func TestAWrongWordingIsShownAgain(t *testing.T) {
	w := newWorld(t)
	e := w.edit(jane)
	for name, tt := range map[string]struct{ name, value string }{
		"no question":    {"question", " "},
		"no label":       {"option.2.label", ""},
		"a long emoji":   {"option.0.emoji", strings.Repeat("😀", 33)},
		"an odd meaning": {"option.1.sentiment", "furious"},
		"no number":      {"remarks.ask_why_up_to", "many"},
		"off the scale":  {"remarks.ask_why_up_to", "6"},
		"long thanks":    {"thanks.neutral", strings.Repeat("x", 501)},
		"a long label":   {"locale.0.label.1", strings.Repeat("ص", 41)},
		"NUL":            {"question", "a\x00b"},
	} {
		e.open().set("new_locale", "ar").press("add_locale", http.StatusOK)
		e.set("question", "Typed and not lost", tt.name, tt.value).press("publish", http.StatusUnprocessableEntity)
		field := e.page.Find(`[name="` + tt.name + `"]`)
		if field.AttrOr("aria-invalid", "") != "true" {
			t.Errorf("%s: %s is not marked", name, tt.name)
		}
		if sent := e.form.Get(tt.name); !field.Is("select") && sent != strings.TrimSpace(tt.value) && name != "NUL" {
			t.Errorf("%s: the form shows %q again", name, sent)
		}
		if tt.name != "question" && e.form.Get("question") != "Typed and not lost" {
			t.Errorf("%s: something typed is lost", name)
		}
		if link := e.page.Find(`#refused[autofocus] a[href="#` + tt.name + `"]`); link.Length() != 1 {
			t.Errorf("%s: the summary does not lead to %s", name, tt.name)
		}
	}
	twice := e.open().set("question", "twice", "locale.0.code", "fr", "locale.1.code", "fr").press("publish", http.StatusUnprocessableEntity)
	twice.says("#refused", "stands in the form twice")
	e.open().set("question", "No code", "locale.0.code", "").press("publish", http.StatusUnprocessableEntity)
	e.open().set("question", "Odd code", "locale.0.code", "../x").press("save_draft", http.StatusUnprocessableEntity)
	if got := w.publishedWording().Version; got != 1 {
		t.Errorf("version %d is published", got)
	}
}

func TestADraftIsKeptAndPublished(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.edit(jane).set("question", "", "option.0.label", "", "new_locale", "fr").press("add_locale", http.StatusOK)
		boss.store("save_draft").says(`main`, "Draft, not published,", "Jane Agent", "The draft is saved")
		if boss.form.Get("question") != "" || boss.form.Get("option.0.label") != "" || !boss.form.Has("locale.0.code") {
			t.Errorf("the draft opens as %v", boss.form)
		}
		if boss.page.Find("#wording").AttrOr("data-unsaved", "?") != "" {
			t.Error("a saved draft counts as unsaved")
		}
		boss.press("publish", http.StatusUnprocessableEntity)
		if got := w.publishedWording(); got.Version != 1 {
			t.Errorf("version %d is published", got.Version)
		}
		boss.set("question", "Ready?", "option.0.label", "No").store("save_draft").store("publish")
		if got := w.publishedWording(); got.Version != 2 || got.Body.Question != "Ready?" {
			t.Errorf("published is %+v", got)
		}
		if boss.page.Find("#discard").Length() != 0 {
			t.Error("the draft is still there")
		}
		boss.set("question", "Another").store("save_draft")
		seen := boss.form.Get("seen.draft")
		boss.set("question", "And more").press("preview", http.StatusOK)
		if boss.page.Find("#wording").AttrOr("data-unsaved", "") != "changed" {
			t.Error("what differs from the draft does not count as unsaved")
		}
		boss.post("/wording", url.Values{"do": {"discard_draft"}, "seen.draft": {"another"}}).leadsTo("/wording")
		boss.open().says(`[role="alert"]`, "nothing was discarded")
		boss.post("/wording", url.Values{"do": {"discard_draft"}, "seen.draft": {seen}}).leadsTo("/wording")
		boss.open().says(`[role="status"]`, "is discarded")
		if got := boss.form.Get("question"); got != "Ready?" {
			t.Errorf("without the draft it opens as %q", got)
		}
		boss.set("question", "Changed").store("save_draft").set("question", "Ready?").store("publish")
		if boss.page.Find("#discard").Length() != 0 || w.publishedWording().Version != 2 {
			t.Error("a draft that was undone does not go without a version")
		}
	})
}

func TestNobodyOverwritesAnother(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.edit(jane)
		w.secondAdmin()
		other := w.edit(tomas)
		boss.set("question", "Jane's").store("save_draft")
		other.set("question", "Tomáš's")
		for _, do := range []string{"save_draft", "publish"} {
			other.press(do, http.StatusConflict)
			other.says("section[aria-labelledby=meanwhile]", "Jane Agent saved a draft", "Question", "Jane's", "Tomáš's")
			if got := other.form.Get("question"); got != "Tomáš's" {
				t.Errorf("after %s the form says %q", do, got)
			}
		}
		keep := other.page.Find(`button[value^="keep_mine."]`).AttrOr("value", "")
		boss.set("question", "Jane's second").store("save_draft") // after Tomáš has seen the first
		other.press(keep, http.StatusOK).press("save_draft", http.StatusConflict)
		keep = other.page.Find(`button[value^="keep_mine."]`).AttrOr("value", "")
		other.press(keep, http.StatusOK)
		if other.page.Find("#meanwhile").Length() != 0 {
			t.Error("it is still asked about")
		}
		other.store("save_draft")
		boss.set("question", "Jane's third").press("publish", http.StatusConflict).says("section[aria-labelledby=meanwhile]", "Tomáš Novák saved a draft")
		other.store("publish")
		boss.press("save_draft", http.StatusConflict).says("section[aria-labelledby=meanwhile]", "Tomáš Novák published version 2")
		keep = boss.page.Find(`button[value^="keep_mine."]`).AttrOr("value", "")
		boss.press(keep, http.StatusOK).store("publish")
		got := must(w.db.Tenant(workspace).Wordings(ctx))(t)
		if len(got) != 3 || got[0].Body.Question != "Jane's third" || got[1].Body.Question != "Tomáš's" {
			t.Errorf("published are %+v", got)
		}
	})
}

func TestADraftOfAnEarlierVersionSaysSo(t *testing.T) {
	w := newWorld(t)
	boss := w.edit(jane).set("question", "A draft").store("save_draft")
	next := rating.DefaultWording()
	next.Question = "By the API"
	err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		_, err := tx.PublishWording(next, "API key x")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	boss.open().says("section[aria-labelledby=meanwhile]", "API key x published version 2", "By the API", "A draft")
	boss.press("publish", http.StatusConflict)
	keep := boss.page.Find(`button[value^="keep_mine."]`).AttrOr("value", "")
	boss.press(keep, http.StatusOK).store("publish")
	if got := w.publishedWording(); got.Version != 3 || got.Body.Question != "A draft" {
		t.Errorf("published is %+v", got)
	}
}

func TestVersionsAndRollingBack(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.edit(jane).set("new_locale", "ar").press("add_locale", http.StatusOK)
		boss.set("locale.0.question", "كيف؟", "option.0.label", "Awful").store("publish")
		boss.set("question", "Third?", "option.0.label", "Bad, really").press("move_option.3.4", http.StatusOK).store("publish")

		page := boss.page2("/wording/versions/2")
		for selector, want := range map[string][]string{
			"#version": nil,
			"main": {
				"What it changed", "Arabic", "كيف؟", "Awful", "Label of", "Terrible", "What has changed since", "Third?", "place 4", "place 5",
				"Nobody has been asked with it yet.", "Roll back to version 2?",
			},
		} {
			text := strings.Join(strings.Fields(page.Find(selector).Text()), " ")
			for _, part := range want {
				if !strings.Contains(text, part) {
					t.Errorf("%s does not say %q: %s", selector, part, text)
				}
			}
		}
		if got := page.Find(`td bdi[lang="ar"][dir="rtl"]`).Length(); got == 0 {
			t.Error("the Arabic words have no direction")
		}
		if card := boss.page2("/wording/versions/2?preview.step=ask&preview.locale=ar").Find(".phone-card").Text(); !strings.Contains(card, "كيف؟") {
			t.Errorf("its card is %s", card)
		}
		boss.set("question", "A draft that stays").store("save_draft")
		back := url.Values{"seen.version": {"3"}}
		boss.post("/wording/versions/2/roll-back", url.Values{"seen.version": {"2"}}).is(http.StatusConflict)
		boss.post("/wording/versions/2/roll-back", url.Values{}).is(http.StatusUnprocessableEntity)
		boss.post("/wording/versions/9/roll-back", back).is(http.StatusNotFound)
		boss.post("/wording/versions/3/roll-back", back).leadsTo("/wording")
		boss.open().says(`[role="status"]`, "Nothing is different")
		boss.post("/wording/versions/2/roll-back", back).leadsTo("/wording")
		boss.open().says("main", "is in use again", "is version 2 again")
		if got := w.publishedWording(); got.Version != 4 || got.Body.Options[0].Label != "Awful" || got.AuthorID != jane {
			t.Errorf("rolled back it is %+v", got)
		}
		if got := boss.form.Get("question"); got != "A draft that stays" {
			t.Errorf("the draft is %q", got)
		}
		for _, missing := range []string{"0", "5", "-1", "01", "x", "99999999999999999999"} {
			boss.get("/wording/versions/" + missing).is(http.StatusNotFound)
		}
	})
}

func (e *editing) page2(address string) *goquery.Document { return e.browser.page(address) }

func TestAViewerOnlyLooksAtTheWording(t *testing.T) {
	w := newWorld(t)
	boss := w.edit(jane).set("question", "Second", "new_locale", "fr").press("add_locale", http.StatusOK)
	boss.set("locale.0.question", "Deuxième").store("publish")
	boss.set("question", "Only drafted").store("save_draft")
	viewer := w.signIn(tomas)
	page := viewer.page("/wording?preview.locale=fr")
	text := page.Find("main").Text()
	for _, part := range []string{"You may look", "Jane Agent", "You see what is in use.", "Version 2"} {
		if !strings.Contains(text, part) {
			t.Errorf("a viewer does not read %q", part)
		}
	}
	if strings.Contains(text, "Only drafted") {
		t.Error("a viewer reads the draft")
	}
	if got := page.Find(".phone-card").Text(); !strings.Contains(got, "Deuxième") {
		t.Errorf("the preview is %s", got)
	}
	page.Find("#wording button, #wording summary.btn").Each(func(_ int, button *goquery.Selection) {
		if name := strings.TrimSpace(button.Text()); name != "Preview" && button.Closest(".phone-card").Length() == 0 {
			t.Errorf("a viewer sees the button %q", name)
		}
	})
	if got := editorOf(page); got.Get("question") != "Second" && page.Find("#fields[disabled]").Length() != 1 {
		t.Error("a viewer can type")
	}
	version := viewer.page("/wording/versions/1")
	if version.Find("#roll-back").Length() != 0 {
		t.Error("a viewer is offered to roll back")
	}
	viewer.post("/wording/versions/1/roll-back", url.Values{"seen.version": {"2"}}).is(http.StatusForbidden)
	viewer.post("/wording", url.Values{"do": {"save_draft"}}).is(http.StatusForbidden)
}
