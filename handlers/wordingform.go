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
	"rerate/views"
)

// formRows is the most choices or languages that are read from a form: more than any wording may have, so that one
// with too many is told so.
const formRows = 60

// wordingForm fills the form with a wording.
func wordingForm(w rating.Wording) views.WordingForm {
	form := views.WordingForm{
		Question: w.Question,
		Remarks: views.WordingRemarks{
			Enabled: w.Remarks.Enabled, Label: w.Remarks.Label, Placeholder: w.Remarks.Placeholder,
			AskWhyUpTo: strconv.Itoa(w.Remarks.AskWhyUpTo),
		},
		Thanks: views.WordingThanks(w.Thanks),
	}
	for _, o := range w.Options {
		form.Options = append(form.Options, views.WordingOption{Emoji: o.Emoji, Label: o.Label, Sentiment: string(o.Sentiment)})
	}
	for _, code := range slices.Sorted(maps.Keys(w.Locales)) {
		t := w.Locales[code]
		form.Locales = append(form.Locales, views.WordingLocale{
			Code: code, Question: t.Question, Labels: t.Labels, RemarksLabel: t.Remarks.Label, Thanks: views.WordingThanks(t.Thanks),
		})
	}
	return form
}

// readWordingForm reads what the browser sent.
func readWordingForm(values url.Values) views.WordingForm {
	get := func(format string, args ...any) string {
		return strings.TrimSpace(values.Get(fmt.Sprintf(format, args...)))
	}
	form := views.WordingForm{
		Question: get("question"),
		Remarks: views.WordingRemarks{
			Enabled: get("remarks.enabled") == "true", Label: get("remarks.label"), Placeholder: get("remarks.placeholder"),
			AskWhyUpTo: get("remarks.ask_why_up_to"),
		},
		Thanks: views.WordingThanks{Negative: get("thanks.negative"), Neutral: get("thanks.neutral"), Positive: get("thanks.positive")},
	}
	for i := 0; i < formRows && values.Has(fmt.Sprintf("option.%d.label", i)); i++ {
		form.Options = append(form.Options, views.WordingOption{
			Emoji: get("option.%d.emoji", i), Label: get("option.%d.label", i), Sentiment: get("option.%d.sentiment", i),
		})
	}
	for i := 0; i < formRows && values.Has(fmt.Sprintf("locale.%d.code", i)); i++ {
		locale := views.WordingLocale{
			Code: get("locale.%d.code", i), Question: get("locale.%d.question", i), RemarksLabel: get("locale.%d.remarks.label", i),
			Thanks: views.WordingThanks{
				Negative: get("locale.%d.thanks.negative", i), Neutral: get("locale.%d.thanks.neutral", i),
				Positive: get("locale.%d.thanks.positive", i),
			},
		}
		for j := range form.Options {
			locale.Labels = append(locale.Labels, get("locale.%d.label.%d", i, j))
		}
		form.Locales = append(form.Locales, locale)
	}
	return form
}

func addOption(form *views.WordingForm) {
	form.Options = append(form.Options, views.WordingOption{})
}

// removeOption takes a choice away with its label in every language.
func removeOption(form *views.WordingForm, at int) {
	if at < 0 || at >= len(form.Options) {
		return
	}
	form.Options = slices.Delete(form.Options, at, at+1)
	for i := range form.Locales {
		if labels := form.Locales[i].Labels; at < len(labels) {
			form.Locales[i].Labels = slices.Delete(labels, at, at+1)
		}
	}
}

func removeLocale(form *views.WordingForm, at int) {
	if at >= 0 && at < len(form.Locales) {
		form.Locales = slices.Delete(form.Locales, at, at+1)
	}
}

// wordingOf turns the form into a wording, or says by the form's field names what is wrong. What the form has no
// fields for is kept from the wording in use.
func wordingOf(form views.WordingForm, current rating.Wording) (rating.Wording, map[string]string) {
	errs := map[string]string{}
	w := rating.Wording{
		Question: form.Question,
		Remarks: rating.Remarks{
			Enabled: form.Remarks.Enabled, Label: form.Remarks.Label, Placeholder: form.Remarks.Placeholder,
			WhyLabel: current.Remarks.WhyLabel,
		},
		Thanks:  rating.Thanks(form.Thanks),
		Locales: map[string]rating.Translation{},
	}
	var err error
	if w.Remarks.AskWhyUpTo, err = strconv.Atoi(cmp.Or(form.Remarks.AskWhyUpTo, "0")); err != nil {
		errs["remarks.ask_why_up_to"] = fmt.Sprintf("Choose a score of the scale, 0 to %d.", len(form.Options))
	}
	for i, o := range form.Options {
		w.Options = append(w.Options, rating.Option{Score: i + 1, Emoji: o.Emoji, Label: o.Label, Sentiment: rating.Sentiment(o.Sentiment)})
	}
	for i, l := range form.Locales {
		field := fmt.Sprintf("locale.%d.code", i)
		if _, twice := w.Locales[l.Code]; twice {
			errs[field] = fmt.Sprintf("%q stands here twice.", l.Code)
			continue
		}
		if l.Code == "" {
			errs[field] = "Say which language this is, such as fr or pt-BR, or remove it."
			continue
		}
		w.Locales[l.Code] = translationOf(l, current.Locales[l.Code])
	}
	w = w.Clean()
	for field, sentence := range wordingErrors(w.Validate(), form) {
		errs[field] = cmp.Or(errs[field], sentence)
	}
	return w, errs
}

func translationOf(l views.WordingLocale, current rating.Translation) rating.Translation {
	t := rating.Translation{
		Question: l.Question,
		Remarks: rating.TranslationRemarks{
			Label: l.RemarksLabel, Placeholder: current.Remarks.Placeholder, WhyLabel: current.Remarks.WhyLabel,
		},
		Thanks: rating.Thanks(l.Thanks),
	}
	if slices.ContainsFunc(l.Labels, func(label string) bool { return label != "" }) {
		t.Labels = l.Labels
	}
	return t
}

// wordingErrors moves problems from the names of the JSON to those of the form, where they are counted from 0.
func wordingErrors(problems rating.Problems, form views.WordingForm) map[string]string {
	errs := map[string]string{}
	for field, sentence := range problems {
		errs[formField(field, form)] = sentence
	}
	return errs
}

// wholeForm is the field of what has no field of its own.
const wholeForm = "form"

func formField(field string, form views.WordingForm) string {
	if rest, ok := strings.CutPrefix(field, "options."); ok {
		return "option." + fromZero(rest)
	}
	for i, l := range form.Locales {
		rest, ok := strings.CutPrefix(field, "locales."+l.Code)
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
	if strings.HasPrefix(field, "locales") || field == "remarks.why_label" {
		return wholeForm
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
