package chart

import (
	"fmt"
	"strings"

	"rerate/views/ui"
)

// segment is one score in a bar.
type segment struct {
	X, Width, Middle string
	Tone             string
	Negative         bool
	Href, Words      string // Words: "Bad: 30 %, 12 of 40"
	Texts            []segmentText
}

// segmentText is what has room in a segment at the ranges of widths that its class names. Emoji and Count are "" where they do not fit.
type segmentText struct{ Class, Emoji, Share, Count string }

func (t segmentText) says(other segmentText) bool {
	other.Class = t.Class
	return t == other
}

// total counts a row.
func (r DistributionRow) total() int {
	total := 0
	for _, n := range r.Counts {
		total += max(n, 0)
	}
	return total
}

// count is how often a score was given.
func (r DistributionRow) count(place int) int {
	if place < len(r.Counts) {
		return max(r.Counts[place], 0)
	}
	return 0
}

// words is the count of a score as text: "12 (30 %)".
func (r DistributionRow) words(place int) string {
	if r.total() == 0 {
		return "—"
	}
	return fmt.Sprintf("%s (%s)", Grouped(r.count(place)), r.share(place))
}

func (r DistributionRow) share(place int) string {
	return Percent(float64(r.count(place)) / float64(r.total()))
}

// segments cut the bar; what nobody gave has none.
func (d Distribution) segments(r DistributionRow) []segment {
	total := r.total()
	var all []segment
	before := 0
	for place, score := range d.Scale {
		n := r.count(place)
		if n == 0 {
			continue
		}
		from, to := float64(before)/float64(total), float64(before+n)/float64(total)
		before += n
		name, negative := scoreTone(place, len(d.Scale))
		all = append(all, segment{
			X: percent(from), Width: percent(to - from), Middle: percent((from + to) / 2), Tone: name, Negative: negative,
			Href:  href(r.Hrefs, place),
			Words: fmt.Sprintf("%s: %s, %s of %s", isolated(score.Words()), r.share(place), Grouped(n), Grouped(total)),
			Texts: segmentTexts(score, n, r.share(place), to-from),
		})
	}
	return all
}

// segmentTexts are the words that fit a segment of this share of the bar, at each range of widths.
func segmentTexts(score ui.Score, n int, share string, of float64) []segmentText {
	var all []segmentText
	for _, t := range tiers {
		room := of*t.width - 0.2
		if room < textWidth(share, labelSize) {
			continue
		}
		text := segmentText{Class: t.class, Share: share}
		if room >= textWidth(Grouped(n), countSize) {
			text.Count = Grouped(n)
		}
		if score.Emoji != "" && room >= textWidth(share, labelSize)+1.75 {
			text.Emoji = score.Emoji
		}
		if last := len(all) - 1; last >= 0 && all[last].says(text) {
			all[last].Class += " " + text.Class
			continue
		}
		all = append(all, text)
	}
	return all
}

// scoreTone is the colour of a place on a scale, from the worst to the best, and whether it lies in the lower part.
func scoreTone(place, n int) (name string, negative bool) {
	side := max(2*n/5, 1)
	step := func(from int) int { // 3 at the end of the scale, 1 beside the middle
		if side == 1 {
			return 2
		}
		return 3 - 2*from/(side-1)
	}
	switch {
	case n < 2:
		return sameTones[1], false
	case place < side:
		return worseTones[step(place)], true
	case place >= n-side:
		return betterTones[step(n-1-place)], false
	}
	return sameTones[1], false
}

// summary says for each row what was given most often.
func (d Distribution) summary() string {
	var all []string
	for _, row := range d.Rows {
		if row.total() == 0 {
			all = append(all, isolated(row.Label)+" – none.")
			continue
		}
		most := 0
		for place := range d.Scale {
			if row.count(place) > row.count(most) {
				most = place
			}
		}
		if most < len(d.Scale) {
			all = append(all, fmt.Sprintf("%s – most often %s, %s of %s.", isolated(row.Label), isolated(d.Scale[most].Words()), row.share(most), Grouped(row.total())))
		}
	}
	if len(all) == 0 {
		return "No ratings in this time."
	}
	return strings.Join(all, " ")
}

// lift moves the share up where the count stands under it.
func lift(count string) string {
	if count == "" {
		return "0.35em"
	}
	return "-0.2em"
}
