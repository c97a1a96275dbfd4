package intercomtest

import (
	"html"
	"slices"
	"strings"

	nethtml "golang.org/x/net/html"
)

// allowedTags are what a note or a comment may contain; everything else is dropped, its text kept.
var allowedTags = []string{"p", "br", "b", "strong", "i", "em", "u", "a", "ul", "ol", "li", "h1", "h2", "h3", "pre", "code", "blockquote", "hr"}

// paragraph turns a customer's plain text into the HTML in which Intercom keeps it.
func paragraph(text string) string {
	if text == "" {
		return ""
	}
	return "<p>" + strings.ReplaceAll(html.EscapeString(text), "\n", "<br>") + "</p>"
}

// safeHTML keeps the allowed tags of what an app or a teammate wrote, and closes what is open, so that a page can show it inside its
// own. Text without any tag becomes a paragraph.
func safeHTML(in string) string {
	if in != "" && !strings.Contains(in, "<") {
		return "<p>" + in + "</p>"
	}
	var c cleaner
	walk(in, c.take)
	c.closeDownTo(0)
	return c.out.String()
}

type cleaner struct {
	out      strings.Builder
	open     []string
	skipping string // script or style, until its end
}

func (c *cleaner) take(t nethtml.Token) {
	switch {
	case c.skipping != "":
		if t.Type == nethtml.EndTagToken && t.Data == c.skipping {
			c.skipping = ""
		}
	case t.Type == nethtml.TextToken:
		c.out.WriteString(html.EscapeString(t.Data))
	case t.Type == nethtml.StartTagToken && (t.Data == "script" || t.Data == "style"):
		c.skipping = t.Data
	case !slices.Contains(allowedTags, t.Data):
	case t.Type == nethtml.EndTagToken:
		for i := len(c.open) - 1; i >= 0; i-- {
			if c.open[i] == t.Data {
				c.closeDownTo(i)
				break
			}
		}
	case t.Type == nethtml.StartTagToken || t.Type == nethtml.SelfClosingTagToken:
		c.start(t)
	}
}

func (c *cleaner) start(t nethtml.Token) {
	c.out.WriteString("<" + t.Data)
	if link := safeLink(t); t.Data == "a" && link != "" {
		c.out.WriteString(` href="` + html.EscapeString(link) + `" rel="nofollow noopener noreferrer" target="_blank"`)
	}
	c.out.WriteString(">")
	if t.Data != "br" && t.Data != "hr" {
		c.open = append(c.open, t.Data)
	}
}

func (c *cleaner) closeDownTo(n int) {
	for _, tag := range slices.Backward(c.open[n:]) {
		c.out.WriteString("</" + tag + ">")
	}
	c.open = c.open[:n]
}

// plainText is HTML as webhooks (version 2.15 and later) and display_as=plaintext give it: a link reads "label (address)".
func plainText(in string) string {
	var out strings.Builder
	link := ""
	walk(in, func(t nethtml.Token) {
		switch t.Type {
		case nethtml.TextToken:
			out.WriteString(t.Data)
		case nethtml.StartTagToken, nethtml.SelfClosingTagToken:
			if t.Data == "br" {
				out.WriteString("\n")
			}
			if t.Data == "a" {
				link = safeLink(t)
			}
		case nethtml.EndTagToken:
			if t.Data == "a" && link != "" {
				out.WriteString(" (" + link + ")")
				link = ""
			}
			if t.Data == "p" || t.Data == "li" || t.Data == "h1" || t.Data == "h2" || t.Data == "h3" {
				out.WriteString("\n")
			}
		}
	})
	return strings.TrimSpace(out.String())
}

// textOf is the text of HTML without its addresses.
func textOf(in string) string {
	var out strings.Builder
	walk(in, func(t nethtml.Token) {
		if t.Type == nethtml.TextToken {
			out.WriteString(t.Data + "\n")
		}
	})
	return out.String()
}

func walk(in string, each func(nethtml.Token)) {
	z := nethtml.NewTokenizer(strings.NewReader(in))
	for z.Next() != nethtml.ErrorToken {
		each(z.Token())
	}
}

func safeLink(t nethtml.Token) string {
	for _, a := range t.Attr {
		lower := strings.ToLower(strings.TrimSpace(a.Val))
		if a.Key == "href" && (strings.HasPrefix(lower, "https://") || strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "mailto:")) {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}
