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

// safeHTML keeps the allowed tags of what an app or a teammate wrote. Text without any tag becomes a paragraph.
func safeHTML(in string) string {
	if in != "" && !strings.Contains(in, "<") {
		return "<p>" + in + "</p>"
	}
	var out strings.Builder
	skipping := ""
	walk(in, func(t nethtml.Token) {
		switch {
		case skipping != "":
			if t.Type == nethtml.EndTagToken && t.Data == skipping {
				skipping = ""
			}
		case t.Type == nethtml.TextToken:
			out.WriteString(html.EscapeString(t.Data))
		case t.Type == nethtml.StartTagToken && (t.Data == "script" || t.Data == "style"):
			skipping = t.Data
		case !slices.Contains(allowedTags, t.Data):
		case t.Type == nethtml.EndTagToken:
			out.WriteString("</" + t.Data + ">")
		case t.Data == "a":
			out.WriteString(`<a href="` + html.EscapeString(safeLink(t)) + `" rel="nofollow noopener noreferrer" target="_blank">`)
		default:
			out.WriteString("<" + t.Data + ">")
		}
	})
	return out.String()
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
