package handlers_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"rerate/internal/stats"
)

// part is a part of a whole, counted plainly.
type part struct {
	of float64
	n  int64
}

func whole(of, n int64) part { return part{float64(of), n} }

func (p part) stats() stats.Proportion { return stats.Proportion{Positive: p.of, N: int(p.n)} }

func (p part) share() float64 {
	if p.n == 0 {
		return 0
	}
	return min(max(p.of/float64(p.n), 0), 1)
}

// effect is by how much a policy's share differs from that of the first ratings of the same conversations. It is one
// division, so that a tie is rounded as on the page.
func effect(of, first part) float64 {
	if of.n == 0 {
		return 0
	}
	return (of.of - first.of) / float64(of.n)
}

func (p part) bounds() (low, high float64) {
	i, _ := p.stats().Wilson()
	return i.Low, i.High
}

// percent is a share as pages write it.
func percent(share float64) string {
	switch whole := math.Round(share * 100); {
	case whole == 0 && share > 0:
		return "<1 %"
	case whole == 100 && share < 1:
		return "99 %"
	default:
		return fmt.Sprintf("%.0f %%", whole)
	}
}

func (p part) value() string {
	if p.n == 0 {
		return "—"
	}
	return percent(p.share())
}

// range is the interval: "6–80 %".
func (p part) interval() string {
	low, high := p.bounds()
	return fmt.Sprintf("%.0f–%.0f %%", math.Floor(low*100+1e-9), math.Ceil(high*100-1e-9))
}

// bar is what the interval's drawing says.
func (p part) bar(target float64) string {
	if p.n == 0 {
		text := "[No ratings, so no interval]"
		return text
	}
	text := "[" + p.value() + ", 95 % interval " + p.interval()
	if target > 0 {
		text += ", target " + percent(target)
	}
	return text + "]"
}

// count is what is counted: whole, or with a fraction under the average policy.
func (p part) count() string {
	if math.Abs(p.of-math.Round(p.of)) < 0.05 {
		return number(int64(math.Round(p.of)))
	}
	return fmt.Sprintf("%.1f", p.of)
}

func number(n int64) string {
	if n >= 1000 {
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	return strconv.FormatInt(n, 10)
}

// nouns is a number with its noun.
func nouns(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// points is a difference of shares in points with its sign, and without.
func points(by float64) string {
	switch text := absPoints(by); {
	case text == "0.0":
		return text
	case by < 0:
		return "−" + text
	default:
		return "+" + text
	}
}

func absPoints(by float64) string { return strconv.FormatFloat(math.Abs(by)*100, 'f', 1, 64) }

// moved is how far a part has moved against another: by how much, from where to where, and whether that leaves out none.
func (p part) moved(before part) (by, low, high float64, isClear bool) {
	by = p.share() - before.share()
	_, i, _ := p.stats().ChangeFrom(before.stats())
	return by, i.Low, i.High, i.Low > 0 || i.High < 0
}

// against says how a tile's share has moved.
func (p part) against(before part, compared bool, least int, mayRise bool) string {
	if !compared {
		return ""
	}
	by, low, high, isClear := p.moved(before)
	if mayRise && by < 0 {
		isClear = false
	}
	switch {
	case p.n == 0 || before.n == 0:
		return "Nothing to compare with"
	case p.n < int64(least):
		return "Too few to compare"
	case before.n < int64(least):
		return fmt.Sprint("Too few to compare with: ", before.n)
	case !isClear:
		return "{" + points(low) + " to " + points(high) + " points} No clear change (" + points(by) + " points)"
	case by < 0:
		return "▼ Down by " + absPoints(by) + " points (" + points(low) + " to " + points(high) + ")"
	}
	return "▲ Up by " + absPoints(by) + " points (" + points(low) + " to " + points(high) + ")"
}

// note says what a tile's share rests on.
func (p part) note(one, many string, least int) string {
	text := nouns(p.n, one, many)
	if p.n > 0 {
		text += " · 95 % interval " + p.interval()
	}
	if p.n > 0 && p.n < int64(least) {
		text += fmt.Sprintf(" Too few to rely on: fewer than %d.", least)
	}
	return text
}

// direction is what pairs that moved come to, by McNemar's mid-p, which is added up step by step.
func direction(up, down, pairs int64) string {
	n := up + down
	switch {
	case pairs == 0:
		return "none"
	case n < 10:
		return "few"
	}
	chance := func(k int64) float64 { // n over k, by 2 to the n
		at := math.Pow(0.5, float64(n))
		for i := range k {
			at *= float64(n-i) / float64(i+1)
		}
		return at
	}
	p := 0.0
	for k := range min(up, down) + 1 {
		p += 2 * chance(k)
	}
	if p -= chance(min(up, down)); up == down {
		p = 1 - chance(up)/2
	}
	switch {
	case p >= 0.05:
		return "chance"
	case up > down:
		return "up"
	}
	return "down"
}

// sureness says how sure a direction is, inside a sentence.
var sureness = map[string]string{
	"none": "nothing to compare yet", "few": "too few to tell: fewer than 10 changed", "chance": "may well be chance",
	"up": "unlikely to be chance", "down": "unlikely to be chance",
}

// said is what a part of a page says: its words with single spaces, drawings by their names, explanations left out.
func said(s *goquery.Selection) string {
	var all []string
	var read func(n *html.Node)
	read = func(n *html.Node) {
		is := map[string]string{}
		for _, a := range n.Attr {
			is[a.Key] = a.Val
		}
		class := strings.Fields(is["class"])
		switch {
		case n.Type == html.TextNode:
			all = append(all, n.Data)
		case n.Data == "svg":
			if is["aria-label"] != "" {
				all = append(all, "["+is["aria-label"]+"]")
			}
			return
		case slices.Contains(class, "explain"):
			return
		case slices.Contains(class, "change") && is["title"] != "":
			all = append(all, "{"+is["title"]+"}")
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			read(child)
		}
	}
	for _, n := range s.Nodes {
		read(n)
	}
	return tight(strings.Join(all, " "))
}

// tight is a text with single spaces, and none where punctuation has none.
func tight(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, p := range []string{",", ".", ":", ")", ";"} {
		text = strings.ReplaceAll(text, " "+p, p)
	}
	return strings.ReplaceAll(text, "( ", "(")
}

// joined are texts that are not empty, with single spaces.
func joined(all ...string) string { return tight(strings.Join(all, " ")) }
