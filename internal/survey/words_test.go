package survey

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// Every language has every text, and none is the English one left standing.
func TestWordsAreComplete(t *testing.T) {
	english := reflect.ValueOf(builtIn["en"])
	for language, w := range builtIn {
		texts := reflect.ValueOf(w)
		for i := range texts.NumField() {
			name, text := texts.Type().Field(i).Name, texts.Field(i).String()
			switch {
			case strings.TrimSpace(text) != text || text == "":
				t.Errorf("%s: %s is %q", language, name, text)
			case !utf8.ValidString(text) || strings.ContainsAny(text, "<>\n\x00"):
				t.Errorf("%s: %s is no plain line: %q", language, name, text)
			case language != "en" && text == english.Field(i).String():
				t.Errorf("%s: %s is English: %q", language, name, text)
			}
		}
	}
}

// The card on Home speaks every language that the other card does.
func TestHomeWordsAreComplete(t *testing.T) {
	english := reflect.ValueOf(builtInHome["en"])
	for language := range builtIn {
		texts := reflect.ValueOf(builtInHome[language])
		if !texts.Field(0).IsValid() || len(builtInHome) != len(builtIn) {
			t.Fatalf("%s: Home speaks %d languages, the card %d", language, len(builtInHome), len(builtIn))
		}
		for i := range texts.NumField() {
			name, text := texts.Type().Field(i).Name, texts.Field(i).String()
			if strings.TrimSpace(text) != text || text == "" || language != "en" && text == english.Field(i).String() {
				t.Errorf("%s: %s is %q", language, name, text)
			}
		}
	}
}

func TestWordsFor(t *testing.T) {
	for locale, want := range map[string]string{
		"en": "en", "de": "de", "de-AT": "de", "DE_at": "de", "fr-CA": "fr", "es": "es", "ar": "ar", "ar-EG": "ar",
		"": "en", "tlh": "en", "-": "en", "e": "en", "deutsch": "en", "\x00": "en",
	} {
		if got := wordsFor(locale); got != builtIn[want] {
			t.Errorf("%q speaks %q", locale, got.thanks)
		}
	}
}
