package csvfile

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decode turns the bytes of a file into text. Without a byte order mark UTF-16 is known by its many zero bytes, and what is
// not UTF-8 is taken for Windows-1252, in which Excel writes; a file that is UTF-8 but for a few bytes stays UTF-8.
func (t *Table) decode(raw []byte) string {
	t.Encoding = "UTF-8"
	if rest, ok := bytes.CutPrefix(raw, []byte("\xef\xbb\xbf")); ok {
		return t.utf8(rest)
	}
	if order, rest := utf16Order(raw); order != nil {
		t.Encoding = "UTF-16"
		return t.utf16(rest, order)
	}
	if broken, letters := damage(raw); broken > 0 && broken >= letters {
		t.Encoding, t.Guessed = "Windows-1252", true
		return t.windows1252(raw)
	}
	return t.utf8(raw)
}

// damage counts the bytes that are not UTF-8, and the letters beyond ASCII that are.
func damage(raw []byte) (broken, letters int) {
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		if r == utf8.RuneError && size == 1 {
			broken++
		} else if size > 1 {
			letters++
		}
		raw = raw[size:]
	}
	return broken, letters
}

func (t *Table) utf8(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	t.Replaced, _ = damage(raw)
	var text strings.Builder
	text.Grow(len(raw))
	for len(raw) > 0 {
		r, size := utf8.DecodeRune(raw)
		text.WriteRune(r)
		raw = raw[size:]
	}
	return text.String()
}

// utf16Order finds UTF-16 by its mark, or by the zero bytes that it has beside every Latin letter: half of the bytes in one
// place, and next to none in the other.
func utf16Order(raw []byte) (order binary.ByteOrder, rest []byte) {
	switch {
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		return binary.LittleEndian, raw[2:]
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		return binary.BigEndian, raw[2:]
	}
	zeros := [2]int{}
	head := raw[:min(len(raw), 1000)&^1]
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch half := len(head) / 4; {
	case len(head) < 8:
		return nil, raw
	case zeros[1] >= half && zeros[0] <= half/10:
		return binary.LittleEndian, raw
	case zeros[0] >= half && zeros[1] <= half/10:
		return binary.BigEndian, raw
	}
	return nil, raw
}

func (t *Table) utf16(raw []byte, order binary.ByteOrder) string {
	var text strings.Builder
	text.Grow(len(raw))
	for i := 0; i+1 < len(raw); i += 2 {
		r := rune(order.Uint16(raw[i:]))
		if utf16.IsSurrogate(r) {
			pair := rune(utf8.RuneError)
			if i+3 < len(raw) {
				pair = utf16.DecodeRune(r, rune(order.Uint16(raw[i+2:])))
			}
			if r = pair; r == utf8.RuneError {
				t.Replaced++
			} else {
				i += 2
			}
		}
		text.WriteRune(r)
	}
	if len(raw)%2 == 1 {
		t.Replaced++
		text.WriteRune(utf8.RuneError)
	}
	return text.String()
}

// The characters of Windows-1252 from 0x80 to 0x9F; the others are those of Unicode. Zero: there is none.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

func (t *Table) windows1252(raw []byte) string {
	var text strings.Builder
	text.Grow(len(raw))
	for _, b := range raw {
		r := rune(b)
		if b >= 0x80 && b < 0xa0 {
			if r = windows1252[b-0x80]; r == 0 {
				r = utf8.RuneError
				t.Replaced++
			}
		}
		text.WriteRune(r)
	}
	return text.String()
}
