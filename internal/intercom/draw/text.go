package draw

import (
	"context"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"
)

// Text components take Markdown links and bold; Intercom's samples write bold with one asterisk as well as with two.
var markdown = regexp.MustCompile(`\[([^\[\]\n]+)\]\(((?:https?://|mailto:)[^\s()<>]+)\)|\*\*([^*\n]+)\*\*|\*([^*\s](?:[^*\n]*[^*\s])?)\*`)

// markedText draws a text with its links and bold words. Everything else stays the text it is.
func markedText(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		writeMarked(&b, text)
		_, err := io.WriteString(w, b.String())
		return err
	})
}

func writeMarked(b *strings.Builder, text string) {
	for text != "" {
		m := markdown.FindStringSubmatchIndex(text)
		if m == nil {
			break
		}
		group := func(n int) string {
			if m[2*n] < 0 {
				return ""
			}
			return text[m[2*n]:m[2*n+1]]
		}
		bold := group(3) + group(4)
		switch {
		case group(2) != "":
			WriteEmoji(b, text[:m[0]])
			b.WriteString(`<a href="` + templ.EscapeString(group(2)) + `" target="_blank" rel="noopener noreferrer">`)
			WriteEmoji(b, group(1))
			b.WriteString("</a>")
		case insideWord(text, m[0], m[1]):
			WriteEmoji(b, text[:m[0]+1])
			text = text[m[0]+1:]
			continue
		default:
			WriteEmoji(b, text[:m[0]])
			b.WriteString("<b>")
			writeMarked(b, bold)
			b.WriteString("</b>")
		}
		text = text[m[1]:]
	}
	WriteEmoji(b, text)
}

// insideWord says whether a pair of asterisks stands within a word or a sum, such as 2*3*4.
func insideWord(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return from > 0 && isWord(before) && to < len(text) && isWord(after)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Words draws a text with its emoji in an emoji font, so that no text font draws them black and white.
func Words(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		WriteEmoji(&b, text)
		_, err := io.WriteString(w, b.String())
		return err
	})
}

// WriteEmoji writes a text as HTML, each emoji in an element that gives it an emoji font.
func WriteEmoji(b *strings.Builder, text string) {
	for text != "" {
		n := emojiPrefix(text)
		if n > 0 {
			b.WriteString(`<span class="ic-emoji">` + templ.EscapeString(text[:n]) + `</span>`)
			text = text[n:]
			continue
		}
		n = plainPrefix(text)
		b.WriteString(templ.EscapeString(text[:n]))
		text = text[n:]
	}
}

func plainPrefix(text string) int {
	for i := range text {
		if i > 0 && emojiPrefix(text[i:]) > 0 {
			return i
		}
	}
	return len(text)
}
