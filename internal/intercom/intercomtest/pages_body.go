package intercomtest

import (
	"context"
	"io"
	"slices"
	"strings"

	"github.com/a-h/templ"
	nethtml "golang.org/x/net/html"

	"rerate/internal/intercom/draw"
)

// bodyTags are what Intercom's pages name as the formatting of a note or a comment. Other tags are shown as the text that they are, so
// that whoever writes notes sees at once what the Inbox would not format.
var bodyTags = []string{"p", "b", "i", "a", "ul", "ol", "li", "br", "h1", "h2", "code"}

// blockTags end a paragraph that is still open.
var blockTags = []string{"p", "ul", "ol", "li", "h1", "h2"}

// messageBody draws a comment's or a note's HTML: allowed tags without attributes, links only to web and mail addresses, every tag closed.
func messageBody(html string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, tidy(html))
		return err
	})
}

// tidier writes HTML with the tags that are open.
type tidier struct {
	out  strings.Builder
	open []string
}

func tidy(html string) string {
	var t tidier
	z := nethtml.NewTokenizer(strings.NewReader(html))
	for z.Next() != nethtml.ErrorToken {
		raw := string(z.Raw()) // Token lower-cases names within the buffer
		token := z.Token()
		switch {
		case token.Type == nethtml.TextToken:
			draw.WriteEmoji(&t.out, token.Data)
		case !slices.Contains(bodyTags, token.Data) || token.Type == nethtml.CommentToken || token.Type == nethtml.DoctypeToken:
			draw.WriteEmoji(&t.out, raw)
		case token.Type == nethtml.EndTagToken:
			t.end(token.Data)
		default:
			t.start(token)
		}
	}
	for len(t.open) > 0 {
		t.end(t.open[len(t.open)-1])
	}
	return t.out.String()
}

func (t *tidier) start(token nethtml.Token) {
	tag := token.Data
	if slices.Contains(blockTags, tag) {
		t.end("p")
	}
	switch tag {
	case "br":
		t.out.WriteString("<br>")
		return
	case "a":
		t.end("a") // links do not nest
		link := safeLink(token)
		if link == "" {
			return
		}
		t.out.WriteString(`<a href="` + templ.EscapeString(link) + `" rel="nofollow noopener noreferrer" target="_blank">`)
	case "li":
		if !slices.Contains(t.open, "ul") && !slices.Contains(t.open, "ol") {
			return
		}
		t.closeItem()
		t.out.WriteString("<li>")
	default:
		t.out.WriteString("<" + tag + ">")
	}
	t.open = append(t.open, tag)
}

// closeItem ends the list item before this one, but not the one that holds this list.
func (t *tidier) closeItem() {
	for i := len(t.open) - 1; i >= 0 && t.open[i] != "ul" && t.open[i] != "ol"; i-- {
		if t.open[i] == "li" {
			t.end("li")
			return
		}
	}
}

// end closes a tag and what is open inside it. A tag that is not open is left out.
func (t *tidier) end(tag string) {
	at := -1
	for i, open := range t.open {
		if open == tag {
			at = i
		}
	}
	if at < 0 {
		return
	}
	for i := len(t.open) - 1; i >= at; i-- {
		t.out.WriteString("</" + t.open[i] + ">")
	}
	t.open = t.open[:at]
}
