package draw

import (
	"strings"
	"testing"

	"github.com/a-h/templ"
	nethtml "golang.org/x/net/html"
	"pgregory.net/rapid"
)

func TestEmojiStayWhole(t *testing.T) {
	for _, emoji := range []string{
		"😀", "👨‍👩‍👧‍👦", "🇮🇪", "🇮🇪🇫🇷", "1️⃣", "#️⃣", "👍🏽", "👩🏾‍🚒", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "❤️", "❤️‍🔥", "☺️", "⭐", "⌛", "©️", "🫠", "😠🙁😐😃😍",
	} {
		if n := emojiPrefix(emoji + " word"); n != len(emoji) {
			t.Errorf("%s: %d of %d bytes are taken", emoji, n, len(emoji))
		}
		var b strings.Builder
		WriteEmoji(&b, "a "+emoji+" b")
		if want := `a <span class="ic-emoji">` + emoji + `</span> b`; b.String() != want {
			t.Errorf("got %s, want %s", b.String(), want)
		}
	}
	for _, plain := range []string{"", "word", "5", "#", "©", "→", "é", "\xff", "عمر"} {
		if n := emojiPrefix(plain); n != 0 {
			t.Errorf("%q: %d bytes are taken for an emoji", plain, n)
		}
	}
}

func TestMarkedText(t *testing.T) {
	for text, want := range map[string]string{
		"plain & <b>":                        "plain &amp; &lt;b&gt;",
		"**bold** and *bold*":                "<b>bold</b> and <b>bold</b>",
		"2*3*4 and 2 * 3 * 4":                "2*3*4 and 2 * 3 * 4",
		"*a*b *c*":                           "<b>a</b>b <b>c</b>",
		"[l](https://a.example)":             `<a href="https://a.example" target="_blank" rel="noopener noreferrer">l</a>`,
		"**[l](mailto:a@b.c)**":              `<b><a href="mailto:a@b.c" target="_blank" rel="noopener noreferrer">l</a></b>`,
		"[l](javascript:x) [l]( https://a )": "[l](javascript:x) [l]( https://a )",
		"[a](https://x?\"><i>)":              "[a](https://x?&#34;&gt;&lt;i&gt;)",
		"** * ***":                           "** * ***",
	} {
		var b strings.Builder
		writeMarked(&b, text)
		if b.String() != want {
			t.Errorf("%q: got %s, want %s", text, b.String(), want)
		}
	}
}

// No character of a text without marks is lost or doubled, whatever it is.
func TestWordsSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[ab😀❤️‍🔥🇮🇪👨‍👩‍👧1️⃣ ]*`)).Draw(t, "text")
		var b strings.Builder
		WriteEmoji(&b, text)
		if got := textOf(b.String()); got != textOf(templ.EscapeString(text)) {
			t.Fatalf("got %q of %q", got, text)
		}
	})
}

// textOf is what a reader sees of HTML.
func textOf(html string) string {
	var b strings.Builder
	z := nethtml.NewTokenizer(strings.NewReader(html))
	for z.Next() != nethtml.ErrorToken {
		if token := z.Token(); token.Type == nethtml.TextToken {
			b.WriteString(token.Data)
		}
	}
	return b.String()
}
