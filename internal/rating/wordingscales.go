package rating

import (
	"slices"
	"strconv"
	"strings"
)

// Scale is a set of choices to begin with. Labels are the words of the choices in other languages, worst first, by
// language without region; a scale of figures has none.
type Scale struct {
	Key     string
	Options []Option
	Labels  map[string][]string
}

// The words of the faces from worst to best, in the languages in which the card's own texts are built in.
var faceWords = map[string][]string{
	"en": {"Terrible", "Bad", "OK", "Good", "Amazing"},
	"de": {"Furchtbar", "Schlecht", "In Ordnung", "Gut", "Großartig"},
	"fr": {"Très mauvais", "Mauvais", "Moyen", "Bien", "Excellent"},
	"es": {"Muy mal", "Mal", "Regular", "Bien", "Genial"},
	"ar": {"سيئ جدًا", "سيئ", "مقبول", "جيد", "رائع"},
}

// Scales lists the scales to begin with.
func Scales() []Scale {
	return []Scale{
		worded("five_faces", []string{"😠", "🙁", "😐", "😃", "😍"}, 0, 1, 2, 3, 4),
		worded("three_faces", []string{"🙁", "😐", "😃"}, 1, 2, 3),
		worded("thumbs", []string{"👎", "👍"}, 1, 3),
		counted("stars", "⭐", 5),
		counted("one_to_ten", "", 10),
	}
}

// worded is a scale whose labels are some of the words of the faces.
func worded(key string, emoji []string, words ...int) Scale {
	s := Scale{Key: key, Labels: map[string][]string{}}
	for i, e := range emoji {
		s.Options = append(s.Options, Option{Score: i + 1, Emoji: e, Label: faceWords["en"][words[i]]})
	}
	for language, all := range faceWords {
		for _, word := range words {
			s.Labels[language] = append(s.Labels[language], all[word])
		}
	}
	return s
}

// counted is a scale whose labels are the scores.
func counted(key, emoji string, size int) Scale {
	s := Scale{Key: key}
	for i := range size {
		s.Options = append(s.Options, Option{Score: i + 1, Emoji: emoji, Label: strconv.Itoa(i + 1)})
	}
	return s
}

// labelsIn are the words of the scale for a language tag such as "de-AT", nil where there are none.
func (s Scale) labelsIn(tag string) []string {
	language, _, _ := strings.Cut(normalLocale(tag), "-")
	return slices.Clone(s.Labels[language])
}

// ScaleOf finds a scale by its key.
func ScaleOf(key string) (Scale, bool) {
	for _, s := range Scales() {
		if s.Key == key {
			return s, true
		}
	}
	return Scale{}, false
}

// WithScale replaces the choices, with their labels in every language. Whoever asks low scores what went wrong asks
// every score below the positive ones.
func (w Wording) WithScale(s Scale) Wording {
	w.Options = slices.Clone(s.Options)
	if w.Remarks.AskWhyUpTo > 0 {
		w.Remarks.AskWhyUpTo = len(s.Options) - max(1, len(s.Options)*2/5)
	}
	w.Locales = eachLocale(w.Locales, func(tag string, t Translation) Translation {
		t.Labels = s.labelsIn(tag)
		return t
	})
	return w
}

// BuiltInScale is the scale whose choices these are, if nobody has written anything of their own into them.
func (w Wording) BuiltInScale() (Scale, bool) {
	for _, s := range Scales() {
		if !slices.Equal(w.Clean().Options, s.Options) {
			continue
		}
		for tag, t := range w.Locales {
			if !blank(t.Labels) && !slices.Equal(t.Labels, s.labelsIn(tag)) {
				return Scale{}, false
			}
		}
		return s, true
	}
	return Scale{}, false
}

func blank(texts []string) bool {
	return !slices.ContainsFunc(texts, func(text string) bool { return strings.TrimSpace(text) != "" })
}
