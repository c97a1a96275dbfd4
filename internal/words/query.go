package words

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// shortestPrefix is how long the last word must be to match words that begin with it, in characters. Almost every text
// has a word that begins with any one letter.
const shortestPrefix = 2

// Query is what somebody looks for.
type Query struct{ terms []term }

// term must stand in a text as it is: one word, or characters in a row.
type term struct {
	tokens []string
	prefix bool // words that begin with it match too
}

// Parse reads what was typed. All words must be there, in any order; characters of a script without spaces in the order
// in which they were typed. The last word matches whatever begins with it.
func Parse(typed string) Query {
	var q Query
	all := tokens(composed(typed))
	for i, t := range all {
		if t.single && t.joined && i > 0 && all[i-1].single {
			last := &q.terms[len(q.terms)-1]
			last.tokens = append(last.tokens, t.text)
			continue
		}
		q.terms = append(q.terms, term{tokens: []string{t.text}})
	}
	if n := len(all); n > 0 && !all[n-1].single && utf8.RuneCountInString(all[n-1].text) >= shortestPrefix {
		q.terms[len(q.terms)-1].prefix = true
	}
	return q
}

// Empty reports whether there is no word to look for.
func (q Query) Empty() bool { return len(q.terms) == 0 }

// Match reports whether a text has all that is looked for.
func (q Query) Match(text string) bool {
	found := tokens(composed(text))
	for _, t := range q.terms {
		if t.find(found, 0) < 0 {
			return false
		}
	}
	return true
}

// find is the place of the term among tokens, from a place on; -1 where it is not.
func (t term) find(all []token, from int) int {
	for i := from; i+len(t.tokens) <= len(all); i++ {
		if t.at(all[i:]) {
			return i
		}
	}
	return -1
}

func (t term) at(all []token) bool {
	if t.prefix {
		return strings.HasPrefix(all[0].text, t.tokens[0])
	}
	for i, text := range t.tokens {
		if all[i].text != text {
			return false
		}
	}
	return true
}

// Keys are what an index must hold of every text that matches, and the beginning of one more where that is enough; "" is
// none. What the index finds must be looked at by Match: it may be more.
func (q Query) Keys() (whole []string, prefix string) {
	for _, t := range q.terms {
		if t.prefix && len(t.tokens[0]) <= longestKey {
			prefix = t.tokens[0]
			continue
		}
		for _, text := range t.tokens {
			whole = append(whole, key(text))
		}
	}
	slices.Sort(whole)
	return slices.Compact(whole), prefix
}

// Part is a piece of a text that has what was looked for, or that has not.
type Part struct {
	Text  string
	Found bool
}

// Mark cuts a text into its parts, which make the whole of it again but for how its characters are composed. Whole words are
// marked.
func (q Query) Mark(text string) []Part {
	text = composed(text)
	all := tokens(text)
	found := make([]bool, len(all))
	for _, t := range q.terms {
		for i := t.find(all, 0); i >= 0; i = t.find(all, i+1) {
			for n := range t.tokens {
				found[i+n] = true
			}
		}
	}
	var parts []Part
	end := 0
	for i := 0; i < len(all); i++ {
		if !found[i] {
			continue
		}
		first := i
		for i+1 < len(all) && found[i+1] && all[i+1].start <= all[i].end {
			i++
		}
		if all[first].start > end {
			parts = append(parts, Part{Text: text[end:all[first].start]})
		}
		parts = append(parts, Part{Text: text[all[first].start:all[i].end], Found: true})
		end = all[i].end
	}
	if end < len(text) {
		parts = append(parts, Part{Text: text[end:]})
	}
	return parts
}
