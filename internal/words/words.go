// Package words says what it means that a text has the words that somebody typed: the one definition behind every search.
// It depends on nothing of ours.
//
// A text is cut into tokens: runs of letters and digits, in lower case and without accents. Scripts that put no spaces
// between words (Chinese, Japanese, Korean, Thai, …) give a token for each character, as does each emoji. Everything else,
// quotes and operators too, only stands between tokens.
package words

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a word, or a character that stands for itself.
type token struct {
	text       string // folded
	start, end int    // in the composed text
	single     bool   // one character of a script without spaces, or an emoji
	joined     bool   // nothing stands between it and the token before
}

// alone are the scripts whose characters are tokens by themselves.
var alone = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Bopomofo, unicode.Yi,
}

// accents are marks that people leave out when they type: those of Latin, Greek and Cyrillic letters, vowel points of Hebrew
// and Arabic, and what only chooses how a character is drawn. Marks of other scripts are part of the word.
var accents = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0300, 0x036F, 1},
		{0x0483, 0x0487, 1},
		{0x0591, 0x05BD, 1},
		{0x05BF, 0x05C7, 1},
		{0x0610, 0x061A, 1},
		{0x0640, 0x0640, 1},
		{0x064B, 0x065F, 1},
		{0x0670, 0x0670, 1},
		{0x06D6, 0x06DC, 1},
		{0x06DF, 0x06E8, 1},
		{0x06EA, 0x06ED, 1},
		{0x1AB0, 0x1AFF, 1},
		{0x1DC0, 0x1DFF, 1},
		{0x20D0, 0x20FF, 1},
		{0xFE00, 0xFE0F, 1},
		{0xFE20, 0xFE2F, 1},
	},
	R32: []unicode.Range32{{0x1F3FB, 0x1F3FF, 1}, {0xE0100, 0xE01EF, 1}},
}

// spelt are letters that have another spelling for want of a key.
var spelt = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ı': "i", 'ς': "σ", 'ħ': "h",
}

// composed is a text in the form in which tokens say their place.
func composed(text string) string { return norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD")) }

// tokens cuts a composed text.
func tokens(text string) []token {
	t := tokenizer{all: make([]token, 0, len(text)/6+1), folded: make([]byte, 0, len(text)+8)}
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf {
			t.ascii(i, c)
			i++
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		t.other(text[i:i+size], i, i+size)
		i += size
	}
	t.close()
	folded, from := string(t.folded), 0
	for i, to := range t.ends {
		t.all[i].text, from = folded[from:to], to
	}
	return t.all
}

type tokenizer struct {
	all    []token
	folded []byte // all tokens
	ends   []int  // of each token in folded
	start  int    // where the word that is being read begins
	end    int
	joined bool // nothing stood between the last token and this place
}

func (t *tokenizer) ascii(at int, c byte) {
	switch {
	case 'A' <= c && c <= 'Z':
		c += 'a' - 'A'
		fallthrough
	case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		t.open(at, at+1)
		t.folded = append(t.folded, c)
	default:
		t.close()
		t.joined = false
	}
}

// other takes a character that may be made of several, such as a ligature.
func (t *tokenizer) other(char string, start, end int) {
	if r, _ := utf8.DecodeRuneInString(char); isSingle(r) && !unicode.Is(accents, r) {
		t.close()
		t.folded = append(t.folded, norm.NFC.String(norm.NFKD.String(char))...)
		t.add(token{start: start, end: end, single: true, joined: t.joined})
		return
	}
	for _, r := range norm.NFKD.String(char) {
		switch r = unicode.ToLower(r); {
		case unicode.Is(accents, r) || unicode.Is(unicode.Cf, r):
			t.end = max(t.end, end) // belongs to what it stands on
		case spelt[r] != "":
			t.letter(start, end, spelt[r])
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsNumber(r) || unicode.IsMark(r):
			t.letter(start, end, string(r))
		default:
			t.close()
			t.joined = false
		}
	}
}

// isSingle reports whether a character is a token by itself: of a script without spaces, or an emoji.
func isSingle(r rune) bool {
	return unicode.In(r, alone...) || r == 'ー' || unicode.Is(unicode.So, r)
}

func (t *tokenizer) letter(start, end int, folded string) {
	t.open(start, end)
	t.folded = append(t.folded, folded...)
}

// open begins a word, or goes on with it.
func (t *tokenizer) open(start, end int) {
	if !t.reading() {
		t.start = start
	}
	t.end = end
}

// reading reports whether a word has begun.
func (t *tokenizer) reading() bool {
	n := len(t.ends)
	return n == 0 && len(t.folded) > 0 || n > 0 && len(t.folded) > t.ends[n-1]
}

func (t *tokenizer) close() {
	if t.reading() {
		t.add(token{start: t.start, end: t.end, joined: t.joined})
	}
}

func (t *tokenizer) add(next token) {
	t.all, t.ends, t.joined = append(t.all, next), append(t.ends, len(t.folded)), true
}

// longestKey bounds what an index holds of a word, in bytes. A search looks at the text itself afterwards.
const longestKey = 60

// key is what an index holds of a token.
func key(token string) string {
	if len(token) <= longestKey {
		return token
	}
	end := longestKey
	for !utf8.RuneStart(token[end]) {
		end--
	}
	return token[:end]
}

// Keys are the tokens of a text as an index holds them, each once and sorted. None has a space, a quote or a backslash.
func Keys(text string) []string {
	var keys []string
	for _, t := range tokens(composed(text)) {
		keys = append(keys, key(t.text))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
