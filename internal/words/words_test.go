package words_test

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rerate/internal/words"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		text, typed string
		want        bool
	}{
		{"The Refund came late.", "refund", true},
		{"The Refund came late.", "REFUND LATE", true},
		{"The Refund came late.", "late refund", true}, // in any order
		{"The Refund came late.", "ref", true},         // the last word is the beginning of one
		{"The Refund came late.", "ref late", false},   // the others are whole
		{"The Refund came late.", "t", false},          // one letter begins too much
		{"Plan B", "b", true},
		{"refund", "refunds", false},
		{"Zoë drückte wütend auf die Tür", "zoe tur", true},
		{"Zoe druckte", "Zoë drückte", true},
		{"Straße", "strasse", true},
		{"STRASSE", "straße", true},
		{"Ærø", "aero", true},
		{"e\u0301te\u0301", "été", true}, // however it is composed
		{"İstanbul ılık", "istanbul ilik", true},
		{"Ελλάδος", "ελλαδοσ", true},
		{"Ёлка", "елка", true},
		{"café\u00ad\u200bshop", "cafeshop", true}, // what cannot be seen
		{"ﬁnal ½", "final", true},
		{"客服态度很好", "态度", true},
		{"客服态度很好", "度态", false},   // in the order typed
		{"客服态度很好", "客服 很好", true}, // two runs
		{"客服态度很好", "好很", false},
		{"サービスが良い", "サービス", true},
		{"がんばれ", "か", false}, // a mark that makes another sound
		{"감사합니다", "감사", true},
		{norm("감사합니다"), "감사", true},
		{"ขอบคุณมาก", "ขอบคุณ", true},
		{"धन्यवाद की", "का", false}, // a vowel is no accent
		{"شُكْرًا جزيلًا", "شكرا", true},
		{"שָׁלוֹם", "שלום", true},
		{"Never again 😡😡!", "😡", true},
		{"Never again 😡!", "😡😡", false},
		{"👍🏽", "👍", true},
		{"I ❤️ it", "❤", true},
		{"says \"no\" AND (maybe) OR NOT: a*b^c", "\"no\" and (maybe)", true},
		{"both words", "both AND words", false}, // an operator is a word
		{"C++ 10,50€", "10 50", true},
		{"order 4711", "4711", true},
		{"", "a", false},
	} {
		q := words.Parse(c.typed)
		if got := q.Match(c.text); got != c.want {
			t.Errorf("%q in %q: %v", c.typed, c.text, got)
		}
	}
}

// norm takes the syllables of a Korean text apart, as some machines do.
func norm(text string) string {
	var apart strings.Builder
	for _, r := range text {
		n := r - 0xAC00
		apart.WriteRune(0x1100 + n/588)
		apart.WriteRune(0x1161 + n%588/28)
		if n%28 > 0 {
			apart.WriteRune(0x11A7 + n%28)
		}
	}
	return apart.String()
}

func TestNothingToLookFor(t *testing.T) {
	for _, typed := range []string{"", "  ", "!?", "\"'", "***", "\u200d"} {
		if !words.Parse(typed).Empty() {
			t.Errorf("%q is something to look for", typed)
		}
	}
}

func TestMark(t *testing.T) {
	for _, c := range []struct{ text, typed, want string }{
		{"The Refund came late.", "late ref", "The [Refund] came [late]."},
		{"refund, refunds!", "refund", "[refund], [refunds]!"},
		{"Zoë, zoe", "zoe", "[Zoë], [zoe]"},
		{"客服态度很好态度", "态度", "客服[态度]很好[态度]"},
		{"哈哈哈", "哈哈", "[哈哈哈]"},
		{"no😡way", "😡", "no[😡]way"},
		{"nothing", "else", "nothing"},
		{"👍🏽", "👍", "[👍]🏽"},
	} {
		got := ""
		for _, part := range words.Parse(c.typed).Mark(c.text) {
			if part.Found {
				part.Text = "[" + part.Text + "]"
			}
			got += part.Text
		}
		if got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.typed, c.text, got, c.want)
		}
	}
}

var pieces = []string{
	"a", "ab", "abc", "É", "e\u0301", "ß", "SS", "客", "服", "态度", "サ", "が", "か\u3099", "감", "ค", "ุ", "क", "ी", "😡", "👍🏽", "👩‍👧", "❤️", " ", " ", ", ",
	"\"", "*", "AND", "NOT", "\\", "'", "\x00", "\xff", "10", "½", "ﬁ", "\u00ad", "ش", "ُ", strings.Repeat("long", 20), strings.Repeat("ü", 80),
}

func draw(t *rapid.T, what string) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 12).Draw(t, what), "")
}

// An index by keys loses nothing, and a mark is a piece of the text.
func TestKeysHoldWhatMatches(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, typed := draw(t, "text"), draw(t, "typed")
		if rapid.Bool().Draw(t, "a part of it") {
			runes := []rune(text)
			from := rapid.IntRange(0, len(runes)).Draw(t, "from")
			typed = string(runes[from:rapid.IntRange(from, len(runes)).Draw(t, "to")])
		}
		q, keys := words.Parse(typed), words.Keys(text)
		for _, k := range keys {
			if k == "" || len(k) > 60 || strings.ContainsAny(k, " \"'\\\x00") {
				t.Fatalf("key %q", k)
			}
		}
		whole, prefix := q.Keys()
		if q.Match(text) {
			for _, k := range whole {
				if !slices.Contains(keys, k) {
					t.Fatalf("%q matches %q, whose keys %q have no %q", typed, text, keys, k)
				}
			}
			if !slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, prefix) }) && !q.Empty() {
				t.Fatalf("%q matches %q, whose keys %q do not begin with %q", typed, text, keys, prefix)
			}
		}
		all, found := "", false
		for _, part := range q.Mark(text) {
			all, found = all+part.Text, found || part.Found
			if part.Text == "" {
				t.Fatalf("an empty part of %q", text)
			}
		}
		if got, want := words.Keys(all), keys; !slices.Equal(got, want) {
			t.Fatalf("the parts make %q of %q", all, text)
		}
		if q.Match(text) && !q.Empty() && !found {
			t.Fatalf("%q matches %q and nothing is marked", typed, text)
		}
	})
}

// Each word of a real remark finds it, and so does the whole of it.
func TestRealRemarks(t *testing.T) {
	file, err := os.Open("../../../shared/data/remarks.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real remarks are not beside the checkout")
	} else if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		remark := row[0]
		if q := words.Parse(remark); !q.Match(remark) {
			t.Errorf("%q does not match itself", remark)
		}
		for _, word := range strings.Fields(remark) {
			if !words.Parse(word).Match(remark) {
				t.Errorf("%q is not in %q", word, remark)
			}
		}
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("The Refund came late.", "ref")
	f.Add("客服态度很好", "态度")
	f.Fuzz(func(t *testing.T, text, typed string) {
		q := words.Parse(typed)
		if q.Match(text) && words.Parse(typed+"#").Match(text) != true {
			t.Errorf("a separator changes what %q means in %q", typed, text)
		}
		if !words.Parse(text).Match(text) {
			t.Errorf("%q does not match itself", text)
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	q := words.Parse("refund late")
	for b.Loop() {
		q.Match("I am very disappointed with Shopzilla. The issue was not resolved. The executive was polite enough though.")
	}
}
