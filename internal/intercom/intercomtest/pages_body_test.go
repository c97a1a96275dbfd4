package intercomtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

func TestTidy(t *testing.T) {
	const link = ` rel="nofollow noopener noreferrer" target="_blank">`
	for in, want := range map[string]string{
		"<p>Hello <b>you</b></p>":            "<p>Hello <b>you</b></p>",
		"<P CLASS=x>Hello</P>":               "<p>Hello</p>",
		"a<br/>b<br>c":                       "a<br>b<br>c",
		"<p>one<p>two":                       "<p>one</p><p>two</p>",
		"<b>open":                            "<b>open</b>",
		"</p></div>closed":                   "&lt;/div&gt;closed",
		"<i><b>crossed</i></b>":              "<i><b>crossed</b></i>",
		"<ul><li>a<li>b</ul>":                "<ul><li>a</li><li>b</li></ul>",
		"<ol><li>a<ul><li>b</ul><li>c</ol>":  "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>",
		"<li>stray":                          "stray",
		"<h1>A</h1><h2>B</h2><code>c</code>": "<h1>A</h1><h2>B</h2><code>c</code>",
		`<a href="https://a.example/?x=1&amp;y=2">l</a>`:    `<a href="https://a.example/?x=1&amp;y=2"` + link + `l</a>`,
		`<a href="javascript:alert(1)">l</a>`:               "l",
		`<a href=" JaVaScRiPt:alert(1)">l</a>`:              "l",
		`<a href="data:text/html,x">l</a>`:                  "l",
		`<a href='https://a.example" onmouseover="x'>l</a>`: `<a href="https://a.example&#34; onmouseover=&#34;x"` + link + `l</a>`,
		"<strong>not documented</strong>":                   "&lt;strong&gt;not documented&lt;/strong&gt;",
		"<script>alert(1)</script>":                         "&lt;script&gt;alert(1)&lt;/script&gt;",
		"<img src=x onerror=alert(1)>":                      "&lt;img src=x onerror=alert(1)&gt;",
		"<style>*{}</style>":                                "&lt;style&gt;*{}&lt;/style&gt;",
		"<b onclick=alert(1)>b</b>":                         "<b>b</b>",
		"<!-- c --><!doctype x>":                            "&lt;!-- c --&gt;&lt;!doctype x&gt;",
		"&lt;b&gt; &amp;amp;":                               "&lt;b&gt; &amp;amp;",
		"😍":                                                 `<span class="ic-emoji">😍</span>`,
		"":                                                  "",
	} {
		if got := tidy(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}

// Whatever goes in, a browser makes only documented tags of what comes out, with no attribute but a safe link's, and nothing leaks out
// into the page after it.
func FuzzTidy(f *testing.F) {
	for _, seed := range []string{
		"<p>a<b>b</p>c", "<a href=https://x><a href=//y>", "<ul><li><p><ul></li>", "<svg><style><b>", "<table><b><td>x", "<h1><h2></h1>x",
		"<b><p></b>x", "<textarea><b>", "<plaintext>", "<a href='java\nscript:x'>", "<![CDATA[<b>]]>", "<br></br>", "<p/><b/>", "\x00<b\x00>",
		"<b><b><b><b><b>x</p>", "<select><option>", "<!--><b>-->", "&#60;script&#62;", "<noscript><b>", "<title><p>",
	} {
		f.Add(seed)
	}
	allowed := append([]string{"span"}, bodyTags...)
	f.Fuzz(func(t *testing.T, in string) {
		out := tidy(in)
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(`<body><div id="note">` + out + `</div><div id="after">after</div></body>`))
		if err != nil {
			t.Fatal(err)
		}
		doc.Find("#note *").Each(func(_ int, s *goquery.Selection) {
			tag := goquery.NodeName(s)
			if !slices.Contains(allowed, tag) {
				t.Errorf("%q: made the tag %s: %s", in, tag, out)
			}
			for _, a := range s.Get(0).Attr {
				safe := tag == "a" && (a.Key == "rel" || a.Key == "target" || a.Key == "href" && webAddress(a.Val)) ||
					tag == "span" && a.Key == "class" && a.Val == "ic-emoji"
				if !safe {
					t.Errorf("%q: made the attribute %s=%q: %s", in, a.Key, a.Val, out)
				}
			}
		})
		if doc.Find("body > #after").Text() != "after" || doc.Find("body > *").Length() != 2 {
			t.Errorf("%q leaks into the page: %s", in, out)
		}
	})
}

// webAddress says whether a link leads to the web or to a mailbox.
func webAddress(address string) bool {
	return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "mailto:")
}
