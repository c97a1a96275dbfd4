package rating

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// AddOption adds an empty choice at the good end.
func (w Wording) AddOption() Wording {
	w.Options = append(slices.Clone(w.Options), Option{Score: len(w.Options) + 1})
	return w
}

// RemoveOption takes the choice at a place, counted from 0, away with its label in every language. A place where
// there is none changes nothing.
func (w Wording) RemoveOption(at int) Wording {
	if at < 0 || at >= len(w.Options) {
		return w
	}
	w.Options = slices.Delete(slices.Clone(w.Options), at, at+1)
	if at < w.Remarks.AskWhyUpTo {
		w.Remarks.AskWhyUpTo--
	}
	return w.relabelled(func(labels []string) []string { return slices.Delete(labels, at, at+1) }).Clean()
}

// MoveOption moves a choice from one place to another, counted from 0, with its label in every language.
func (w Wording) MoveOption(from, to int) Wording {
	if from < 0 || to < 0 || from >= len(w.Options) || to >= len(w.Options) {
		return w
	}
	w.Options = moved(w.Options, from, to)
	return w.relabelled(func(labels []string) []string { return moved(labels, from, to) }).Clean()
}

func moved[T any](all []T, from, to int) []T {
	one := all[from]
	rest := slices.Delete(slices.Clone(all), from, from+1)
	return slices.Insert(rest, to, one)
}

// relabelled changes the labels of every language, of which there are then as many as there were choices.
func (w Wording) relabelled(change func([]string) []string) Wording {
	most := 0
	for _, t := range w.Locales {
		most = max(most, len(t.Labels))
	}
	most = max(most, len(w.Options)+1)
	w.Locales = eachLocale(w.Locales, func(_ string, t Translation) Translation {
		if t.Labels != nil {
			labels := make([]string, most)
			copy(labels, t.Labels)
			t.Labels = trimmedEnd(change(labels))
		}
		return t
	})
	return w
}

// trimmedEnd leaves out the empty labels at the end, which fall back anyway.
func trimmedEnd(labels []string) []string {
	for len(labels) > 0 && labels[len(labels)-1] == "" {
		labels = labels[:len(labels)-1]
	}
	if len(labels) == 0 {
		return nil
	}
	return labels
}

// AddLocale adds a language, with the words of the scale where they are built in. The sentence says why it cannot.
func (w Wording) AddLocale(tag string) (added Wording, problem string) {
	tag = strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")
	for known := range w.Locales {
		if normalLocale(known) == normalLocale(tag) {
			return w, fmt.Sprintf("%q is there already.", known)
		}
	}
	switch {
	case tag == "":
		return w, "Choose a language, or type its code such as fr or pt-BR."
	case !localeTag(tag):
		return w, fmt.Sprintf("%q is not a language code such as fr or pt-BR.", tag)
	case len(w.Locales) >= MaxLocales:
		return w, fmt.Sprintf("At most %d languages are possible.", MaxLocales)
	}
	t := Translation{}
	if scale, ok := w.BuiltInScale(); ok {
		t.Labels = scale.labelsIn(tag)
	}
	w.Locales = eachLocale(w.Locales, func(_ string, t Translation) Translation { return t })
	w.Locales[tag] = t
	return w, ""
}

// RemoveLocale takes a language away.
func (w Wording) RemoveLocale(tag string) Wording {
	w.Locales = maps.Clone(w.Locales)
	delete(w.Locales, tag)
	return w
}

func eachLocale(all map[string]Translation, change func(string, Translation) Translation) map[string]Translation {
	next := make(map[string]Translation, len(all))
	for tag, t := range all {
		next[tag] = change(tag, t)
	}
	return next
}

// Progress is how much of a wording is translated into a language.
type Progress struct{ Done, Of int }

// Complete says whether nothing falls back to the default language.
func (p Progress) Complete() bool { return p.Done == p.Of }

// Progress counts the texts that a customer may read, and those of them that a language has words of its own for.
func (w Wording) Progress(tag string) Progress {
	t := w.Locales[tag]
	p := Progress{}
	count := func(original, translated string) {
		if strings.TrimSpace(original) == "" {
			return
		}
		p.Of++
		if strings.TrimSpace(translated) != "" {
			p.Done++
		}
	}
	count(w.Ask.Chat, t.Ask.Chat)
	count(w.Ask.Email, t.Ask.Email)
	count(w.Question, t.Question)
	for i, o := range w.Options {
		label := ""
		if i < len(t.Labels) {
			label = t.Labels[i]
		}
		count(o.Label, label)
	}
	if w.Remarks.Enabled {
		if w.Remarks.AskWhyUpTo < len(w.Options) {
			count(w.Remarks.Label, t.Remarks.Label)
		}
		if w.Remarks.AskWhyUpTo > 0 {
			count(w.Remarks.WhyLabel, t.Remarks.WhyLabel)
		}
		count(w.Remarks.Placeholder, t.Remarks.Placeholder)
	}
	count(w.Thanks.Negative, t.Thanks.Negative)
	count(w.Thanks.Neutral, t.Thanks.Neutral)
	count(w.Thanks.Positive, t.Thanks.Positive)
	return p
}
