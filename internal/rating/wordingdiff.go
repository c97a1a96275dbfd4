package rating

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// The kinds of a Difference.
const (
	Changed = "changed"
	Added   = "added"
	Removed = "removed"
	Moved   = "moved" // Before and After are places, counted from 1
)

// Difference is one thing in which two wordings differ. Field is that of the JSON, like "question" or
// "thanks.neutral"; of a choice it is "choice" where the choice was added, removed or moved, else "emoji", "label" or
// "sentiment"; "language" is a language that was added or removed.
type Difference struct {
	Kind   string
	Field  string
	Locale string // "" is the default language
	Choice string // what the choice is called in the default language
	Before string // "" for what was added
	After  string // "" for what was removed
}

// Differences lists in which one wording differs from another, in the order of the editor. None means that customers
// would not see any difference.
func Differences(before, after Wording) []Difference {
	d := &differ{pairs: pairOptions(before.Options, after.Options)}
	d.invitation("", before.Ask, after.Ask)
	d.text("question", "", "", before.Question, after.Question)
	d.options(before.Options, after.Options)
	d.text("remarks.enabled", "", "", onOff(before.Remarks.Enabled), onOff(after.Remarks.Enabled))
	d.text("remarks.label", "", "", before.Remarks.Label, after.Remarks.Label)
	d.text("remarks.placeholder", "", "", before.Remarks.Placeholder, after.Remarks.Placeholder)
	d.text("remarks.ask_why_up_to", "", "", upTo(before), upTo(after))
	d.text("remarks.why_label", "", "", before.Remarks.WhyLabel, after.Remarks.WhyLabel)
	d.thanks("", before.Thanks, after.Thanks)
	tags := slices.Collect(maps.Keys(before.Locales))
	for tag := range after.Locales {
		if _, both := before.Locales[tag]; !both {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	for _, tag := range tags {
		d.language(tag, before, after)
	}
	return d.found
}

// pair is a choice of the one wording and the same choice in the other, by place from 0; -1 where there is none.
type pair struct{ before, after int }

// differ collects differences. Its pairs are in the order of the later wording, with what was removed at the end.
type differ struct {
	pairs []pair
	found []Difference
}

func (d *differ) add(f Difference) { d.found = append(d.found, f) }

func (d *differ) text(field, locale, choice, before, after string) {
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	kind := Changed
	switch {
	case before == after:
		return
	case before == "":
		kind = Added
	case after == "":
		kind = Removed
	}
	d.add(Difference{Kind: kind, Field: field, Locale: locale, Choice: choice, Before: before, After: after})
}

func (d *differ) invitation(locale string, before, after Invitation) {
	d.text("ask.chat", locale, "", before.Chat, after.Chat)
	d.text("ask.email", locale, "", before.Email, after.Email)
}

func (d *differ) thanks(locale string, before, after Thanks) {
	d.text("thanks.negative", locale, "", before.Negative, after.Negative)
	d.text("thanks.neutral", locale, "", before.Neutral, after.Neutral)
	d.text("thanks.positive", locale, "", before.Positive, after.Positive)
}

func (d *differ) options(before, after []Option) {
	stayed := inOrder(d.pairs)
	for _, p := range d.pairs {
		switch {
		case p.before < 0:
			d.add(Difference{Kind: Added, Field: "choice", Choice: after[p.after].Text(), After: after[p.after].Text()})
		case p.after < 0:
			d.add(Difference{Kind: Removed, Field: "choice", Choice: before[p.before].Text(), Before: before[p.before].Text()})
		default:
			was, is := before[p.before], after[p.after]
			d.text("emoji", "", was.Text(), was.Emoji, is.Emoji)
			d.text("label", "", was.Text(), was.Label, is.Label)
			if was.Sentiment != is.Sentiment {
				d.add(Difference{
					Kind: Changed, Field: "sentiment", Choice: is.Text(), Before: string(was.Sentiment), After: string(is.Sentiment),
				})
			}
			if !stayed[p] {
				d.add(Difference{
					Kind: Moved, Field: "choice", Choice: is.Text(), Before: strconv.Itoa(p.before + 1), After: strconv.Itoa(p.after + 1),
				})
			}
		}
	}
}

func (d *differ) language(tag string, before, after Wording) {
	was, had := before.Locales[tag]
	is, has := after.Locales[tag]
	switch {
	case !had:
		d.add(Difference{Kind: Added, Field: "language", Locale: tag})
	case !has:
		d.add(Difference{Kind: Removed, Field: "language", Locale: tag})
	}
	d.invitation(tag, was.Ask, is.Ask)
	d.text("question", tag, "", was.Question, is.Question)
	for _, p := range d.pairs {
		choice := ""
		if p.after >= 0 {
			choice = after.Options[p.after].Text()
		} else {
			choice = before.Options[p.before].Text()
		}
		d.text("label", tag, choice, labelAt(was.Labels, p.before), labelAt(is.Labels, p.after))
	}
	d.text("remarks.label", tag, "", was.Remarks.Label, is.Remarks.Label)
	d.text("remarks.placeholder", tag, "", was.Remarks.Placeholder, is.Remarks.Placeholder)
	d.text("remarks.why_label", tag, "", was.Remarks.WhyLabel, is.Remarks.WhyLabel)
	d.thanks(tag, was.Thanks, is.Thanks)
}

func labelAt(labels []string, at int) string {
	if at < 0 || at >= len(labels) {
		return ""
	}
	return labels[at]
}

// pairOptions finds each choice again: the one that is the same, else one with the same label, else one with the same
// emoji, else the one in the same place.
func pairOptions(before, after []Option) []pair {
	partner := make([]int, len(after)) // by place in after
	taken := make([]bool, len(before))
	for i := range partner {
		partner[i] = -1
	}
	for _, same := range []func(i, j int) bool{
		func(i, j int) bool { return before[j].Text() == after[i].Text() },
		func(i, j int) bool { return before[j].Label == after[i].Label },
		func(i, j int) bool { return before[j].Emoji == after[i].Emoji && after[i].Emoji != "" },
		func(i, j int) bool { return i == j },
	} {
		for i := range after {
			for j := range before {
				if partner[i] < 0 && !taken[j] && same(i, j) {
					partner[i], taken[j] = j, true
				}
			}
		}
	}
	var pairs []pair
	for i, j := range partner {
		pairs = append(pairs, pair{before: j, after: i})
	}
	for j := range before {
		if !taken[j] {
			pairs = append(pairs, pair{before: j, after: -1})
		}
	}
	return pairs
}

// inOrder are the most pairs that stand in the same order in both wordings: only the others have been moved.
func inOrder(pairs []pair) map[pair]bool {
	var kept []pair
	for _, p := range pairs {
		if p.before >= 0 && p.after >= 0 {
			kept = append(kept, p)
		}
	}
	longest := make([][]pair, len(kept)) // that end with this one
	var best []pair
	for i, p := range kept {
		for j := range i {
			if kept[j].before < p.before && len(longest[j]) > len(longest[i]) {
				longest[i] = longest[j]
			}
		}
		longest[i] = append(slices.Clone(longest[i]), p)
		if len(longest[i]) > len(best) {
			best = longest[i]
		}
	}
	stayed := map[pair]bool{}
	for _, p := range best {
		stayed[p] = true
	}
	return stayed
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// upTo names the highest choice that is asked what went wrong.
func upTo(w Wording) string {
	n := w.Remarks.AskWhyUpTo
	if n < 1 || n > len(w.Options) {
		return ""
	}
	return w.Options[n-1].Text()
}
