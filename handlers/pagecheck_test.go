package handlers_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
)

// faults lists what keeps a page from being understood by somebody who hears it or walks it by keyboard, and what our
// Content-Security-Policy would refuse. Browser tests see more, but only of the states that they are taken to.
func faults(page *goquery.Document) []string {
	var all faultList
	for _, check := range []func(*goquery.Document, *faultList){
		checkFrame, checkHeadings, checkLandmarks, checkControls, checkReferences, checkTables, checkPolicy,
	} {
		check(page, &all)
	}
	return all
}

type faultList []string

func (l *faultList) add(format string, args ...any) { *l = append(*l, fmt.Sprintf(format, args...)) }

func checkFrame(page *goquery.Document, l *faultList) {
	if page.Find("html").AttrOr("lang", "") == "" {
		l.add("html has no lang")
	}
	if strings.TrimSpace(page.Find("head title").Text()) == "" {
		l.add("there is no title")
	}
	if n := page.Find("main").Length(); n != 1 {
		l.add("there are %d main", n)
	}
	first := page.Find("body").Find(focusable).First()
	if target := first.AttrOr("href", ""); !strings.HasPrefix(target, "#") || !page.Find("main").Is("main"+target) {
		l.add("the first thing to reach is not a link that skips to main")
	}
}

// focusable is what the tab key reaches, as far as the HTML says.
const focusable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"

func checkHeadings(page *goquery.Document, l *faultList) {
	if n := page.Find("h1").Length(); n != 1 {
		l.add("there are %d h1", n)
	}
	before := 0
	page.Find("h1, h2, h3, h4, h5, h6").Each(func(_ int, h *goquery.Selection) {
		level := int(goquery.NodeName(h)[1] - '0')
		if level > before+1 && before > 0 {
			l.add("%s follows a heading of level %d", short(h), before)
		}
		if called(page, h) == "" {
			l.add("a heading is empty: %s", short(h))
		}
		before = level
	})
}

func checkLandmarks(page *goquery.Document, l *faultList) {
	for _, kind := range []string{"nav, [role=navigation]", "aside, [role=complementary]", "[role=region]", "[role=search], search"} {
		found := page.Find(kind)
		names := map[string]bool{}
		found.Each(func(_ int, landmark *goquery.Selection) {
			as := label(page, landmark)
			if as == "" && (found.Length() > 1 || kind == "[role=region]") {
				l.add("%s is one of %d and has no label", short(landmark), found.Length())
			}
			if names[as] && as != "" {
				l.add("two landmarks are called %q", as)
			}
			names[as] = true
		})
	}
	page.Find("[role=group], [role=dialog], dialog, [role=radiogroup], [role=tablist], [role=listbox], [role=img]").Each(
		func(_ int, group *goquery.Selection) {
			if label(page, group) == "" && group.Find("title").Length() == 0 {
				l.add("%s has no label", short(group))
			}
		})
	page.Find("fieldset").Each(func(_ int, set *goquery.Selection) {
		if called(page, set.ChildrenFiltered("legend")) == "" && label(page, set) == "" {
			l.add("%s has no legend", short(set))
		}
	})
}

func checkControls(page *goquery.Document, l *faultList) {
	page.Find("input, select, textarea").Each(func(_ int, field *goquery.Selection) {
		kind := field.AttrOr("type", "")
		if kind == "hidden" || ((kind == "submit" || kind == "button") && field.AttrOr("value", "") != "") {
			return
		}
		named := label(page, field)
		if id, ok := field.Attr("id"); ok && named == "" {
			named = called(page, page.Find("label").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.AttrOr("for", "") == id }))
		}
		if named == "" {
			named = called(page, field.Closest("label"))
		}
		if named == "" {
			l.add("a field has no name: %s", short(field))
		}
	})
	page.Find("button, a[href], summary, [role=button], [role=link]").Each(func(_ int, control *goquery.Selection) {
		if called(page, control) == "" {
			l.add("nothing names %s", short(control))
		}
	})
	page.Find("img").Each(func(_ int, img *goquery.Selection) {
		if _, ok := img.Attr("alt"); !ok {
			l.add("a picture has no alt: %s", short(img))
		}
	})
	page.Find("svg").Each(func(_ int, svg *goquery.Selection) {
		if label(page, svg) == "" && svg.Find("title").Length() == 0 && svg.Closest("[aria-hidden=true]").Length() == 0 {
			l.add("a drawing is neither named nor hidden: %s", short(svg))
		}
	})
}

// references are the attributes that hold ids.
var references = []string{
	"for", "list", "form", "headers", "popovertarget", "commandfor", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns",
	"aria-errormessage", "aria-details", "aria-activedescendant",
}

func checkReferences(page *goquery.Document, l *faultList) {
	ids := map[string]bool{}
	page.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id := s.AttrOr("id", "")
		if ids[id] || id == "" || strings.ContainsAny(id, " \t\n") {
			l.add("the id %q is there twice or no id: %s", id, short(s))
		}
		ids[id] = true
	})
	for _, attribute := range references {
		page.Find("[" + attribute + "]").Each(func(_ int, s *goquery.Selection) {
			for _, id := range strings.Fields(s.AttrOr(attribute, "")) {
				if !ids[id] {
					l.add("%s points to %q, which is not there: %s", attribute, id, short(s))
				}
			}
		})
	}
	for _, attribute := range []string{"href", "hx-target", "hx-select"} {
		page.Find("[" + attribute + "^='#']").Each(func(_ int, s *goquery.Selection) {
			if id := s.AttrOr(attribute, "")[1:]; !ids[id] {
				l.add("%s points to %q, which is not there: %s", attribute, id, short(s))
			}
		})
	}
}

func checkTables(page *goquery.Document, l *faultList) {
	page.Find("table").Each(func(_ int, table *goquery.Selection) {
		if called(page, table.ChildrenFiltered("caption")) == "" && label(page, table) == "" {
			l.add("a table has neither caption nor label: %s", short(table))
		}
		if table.Find("th").Length() == 0 {
			l.add("a table has no headings: %s", short(table))
		}
		table.Find("th").Each(func(_ int, th *goquery.Selection) {
			if !slices.Contains([]string{"row", "col", "rowgroup", "colgroup"}, th.AttrOr("scope", "")) {
				l.add("a table's heading has no scope: %s", short(th))
			}
		})
	})
}

func checkPolicy(page *goquery.Document, l *faultList) {
	page.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			switch {
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				l.add("%s has the attribute %s", short(s), a.Key)
			case strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:"):
				l.add("%s runs script from %s", short(s), a.Key)
			}
		}
	})
	page.Find("style, script:not([src])").Each(func(_ int, s *goquery.Selection) {
		if s.AttrOr("type", "") != "application/json" {
			l.add("%s is inline", short(s))
		}
	})
	page.Find("[target]").Each(func(_ int, s *goquery.Selection) {
		if !strings.Contains(s.AttrOr("rel", ""), "noopener") {
			l.add("a link that opens a window has no rel=noopener: %s", short(s))
		}
	})
}

// label is what an aria attribute or a title calls something.
func label(page *goquery.Document, s *goquery.Selection) string {
	if given := strings.TrimSpace(s.AttrOr("aria-label", "")); given != "" {
		return given
	}
	var words []string
	for _, id := range strings.Fields(s.AttrOr("aria-labelledby", "")) {
		target := page.Find("[id]").FilterFunction(func(_ int, t *goquery.Selection) bool { return t.AttrOr("id", "") == id })
		words = append(words, strings.Fields(target.Text())...)
	}
	return strings.Join(words, " ")
}

// called is what something is called: its label, else its words and pictures without what is hidden from those who listen.
func called(page *goquery.Document, s *goquery.Selection) string {
	if s.Length() == 0 {
		return ""
	}
	if given := label(page, s); given != "" {
		return given
	}
	visible := s.Clone()
	visible.Find("[aria-hidden=true], script, template").Remove()
	words := visible.Text()
	visible.Find("img[alt], [aria-label]").Each(func(_ int, part *goquery.Selection) {
		words += " " + part.AttrOr("alt", part.AttrOr("aria-label", ""))
	})
	return strings.Join(strings.Fields(words), " ")
}

// short is the beginning of an element, to find it by.
func short(s *goquery.Selection) string {
	html, err := goquery.OuterHtml(s)
	if err != nil {
		return err.Error()
	}
	html = strings.Join(strings.Fields(html), " ")
	return html[:min(len(html), 140)]
}
