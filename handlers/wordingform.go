package handlers

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rerate/internal/rating"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
)

// formRows is the most choices or languages that are read from a form: more than any wording may have, so that one
// with too many is told so.
const formRows = 60

// wordingEdit is a wording in the editor, as it was sent or as it is stored.
type wordingEdit struct {
	wording rating.Wording
	seen    models.WordingSeen
	look    wordingLook
	errs    map[string]string // what the form holds but a wording cannot, by the form's field names

	newLocale, newCode string // a language that is not added yet

	asking  string // key of the scale that would replace choices somebody has written
	said    string
	focus   string
	changed bool // it differs from what is stored
	refused bool // it could not be stored
}

// wordingLook is the state of the card that the preview shows.
type wordingLook struct {
	step   survey.Step
	locale string
	tapped int
}

// readLook reads which state of the card is to be seen; what it does not know is the first.
func readLook(values url.Values, w rating.Wording) wordingLook {
	look := wordingLook{step: survey.StepAsk}
	if step := survey.Step(values.Get("preview.step")); slices.Contains(survey.Steps, step) || slices.Contains(survey.MessageSteps, step) {
		look.step = step
	}
	if _, ok := w.Locales[values.Get("preview.locale")]; ok {
		look.locale = values.Get("preview.locale")
	}
	if tapped, err := strconv.Atoi(values.Get("preview.score")); err == nil && tapped >= 0 && tapped <= len(w.Options) {
		look.tapped = tapped
	}
	if slices.Contains(survey.MessageSteps, look.step) {
		look.tapped = 0
	} else if look.tapped == 0 && look.step != survey.StepAsk && look.step != survey.StepTooLate {
		look.tapped = 1
	}
	return look
}

// readWording reads what the browser sent.
func readWording(values url.Values) wordingEdit {
	get := func(format string, args ...any) string {
		return strings.TrimSpace(strings.ReplaceAll(values.Get(fmt.Sprintf(format, args...)), "\r\n", "\n"))
	}
	thanks := func(prefix string) rating.Thanks {
		return rating.Thanks{Negative: get("%snegative", prefix), Neutral: get("%sneutral", prefix), Positive: get("%spositive", prefix)}
	}
	invitation := func(prefix string) rating.Invitation {
		return rating.Invitation{Chat: get("%schat", prefix), Email: get("%semail", prefix)}
	}
	e := wordingEdit{errs: map[string]string{}, newLocale: get("new_locale"), newCode: get("new_locale_code")}
	e.seen.Draft = get("seen.draft")
	e.seen.Version, _ = strconv.Atoi(get("seen.version"))
	e.wording = rating.Wording{
		Ask: invitation("ask."), Question: get("question"),
		Remarks: rating.Remarks{
			Enabled: get("remarks.enabled") == "true", Label: get("remarks.label"), Placeholder: get("remarks.placeholder"),
			WhyLabel: get("remarks.why_label"),
		},
		Thanks: thanks("thanks."), Locales: map[string]rating.Translation{},
	}
	for i := 0; i < formRows && values.Has(fmt.Sprintf("option.%d.label", i)); i++ {
		e.wording.Options = append(e.wording.Options, rating.Option{
			Score: i + 1, Emoji: get("option.%d.emoji", i), Label: get("option.%d.label", i),
			Sentiment: rating.Sentiment(get("option.%d.sentiment", i)),
		})
	}
	var err error
	if e.wording.Remarks.AskWhyUpTo, err = strconv.Atoi(cmp.Or(get("remarks.ask_why_up_to"), "0")); err != nil {
		e.errs["remarks.ask_why_up_to"] = "Choose one of the choices, or never."
	}
	for i := 0; i < formRows && values.Has(fmt.Sprintf("locale.%d.code", i)); i++ {
		code := get("locale.%d.code", i)
		t := rating.Translation{
			Ask:      invitation(fmt.Sprintf("locale.%d.ask.", i)),
			Question: get("locale.%d.question", i),
			Remarks: rating.TranslationRemarks{
				Label: get("locale.%d.remarks.label", i), Placeholder: get("locale.%d.remarks.placeholder", i),
				WhyLabel: get("locale.%d.remarks.why_label", i),
			},
			Thanks: thanks(fmt.Sprintf("locale.%d.thanks.", i)),
		}
		for j := range e.wording.Options {
			t.Labels = append(t.Labels, get("locale.%d.label.%d", i, j))
		}
		if !slices.ContainsFunc(t.Labels, func(label string) bool { return label != "" }) {
			t.Labels = nil
		}
		if _, twice := e.wording.Locales[code]; twice {
			e.errs[wholeForm] = fmt.Sprintf("The language %q stands in the form twice.", code)
			continue
		}
		e.wording.Locales[code] = t
	}
	e.look = readLook(values, e.wording)
	return e
}

// tags are the languages in the order of the form.
func tags(w rating.Wording) []string { return slices.Sorted(maps.Keys(w.Locales)) }

// wordingForm fills the form.
func wordingForm(e wordingEdit) views.WordingForm {
	w := e.wording
	form := views.WordingForm{
		SeenVersion: e.seen.Version, SeenDraft: e.seen.Draft, Ask: views.WordingAsk(w.Ask), Question: w.Question,
		Enabled: w.Remarks.Enabled, AskWhyUpTo: w.Remarks.AskWhyUpTo,
		Remarks:   views.WordingRemarks{Label: w.Remarks.Label, Placeholder: w.Remarks.Placeholder, WhyLabel: w.Remarks.WhyLabel},
		Thanks:    views.WordingThanks(w.Thanks),
		NewLocale: e.newLocale, NewCode: e.newCode,
	}
	for i, o := range w.Options {
		form.Options = append(form.Options, views.WordingOption{
			Emoji: o.Emoji, Label: o.Label, Sentiment: string(o.Sentiment), ByPlace: string(rating.SentimentOf(i+1, len(w.Options))),
		})
	}
	for _, tag := range tags(w) {
		t, progress := w.Locales[tag], w.Progress(tag)
		form.Locales = append(form.Locales, views.WordingLocale{
			Code: tag, Ask: views.WordingAsk(t.Ask), Question: t.Question, Labels: t.Labels, Remarks: views.WordingRemarks(t.Remarks), Thanks: views.WordingThanks(t.Thanks),
			Done: progress.Done, Of: progress.Of,
		})
	}
	return form
}

// wordingErrors is what is wrong, by the form's field names.
func wordingErrors(e wordingEdit) map[string]string {
	errs := maps.Clone(e.errs)
	if errs == nil {
		errs = map[string]string{}
	}
	for field, sentence := range e.wording.Validate() {
		field = formField(field, e.wording)
		errs[field] = cmp.Or(errs[field], sentence)
	}
	return errs
}

// wholeForm is the field of what has no field of its own.
const wholeForm = "form"

// formField moves a field from the names of the JSON to those of the form, where they are counted from 0.
func formField(field string, w rating.Wording) string {
	if rest, ok := strings.CutPrefix(field, "options."); ok {
		return "option." + fromZero(rest)
	}
	for i, tag := range tags(w) {
		rest, ok := strings.CutPrefix(field, "locales."+tag)
		switch {
		case !ok || rest != "" && rest[0] != '.':
			continue
		case rest == "":
			return fmt.Sprintf("locale.%d.code", i)
		}
		rest = strings.TrimPrefix(rest, ".")
		if label, ok := strings.CutPrefix(rest, "labels."); ok {
			rest = "label." + fromZero(label)
		}
		return fmt.Sprintf("locale.%d.%s", i, rest)
	}
	return field
}

// fromZero turns "3.label" into "2.label".
func fromZero(rest string) string {
	number, part, hasPart := strings.Cut(rest, ".")
	n, err := strconv.Atoi(number)
	if err != nil {
		return rest
	}
	if !hasPart {
		return strconv.Itoa(n - 1)
	}
	return strconv.Itoa(n-1) + "." + part
}
