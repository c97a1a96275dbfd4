package chart

import (
	"fmt"
	"math"
)

// cell is the field of a first and a latest score by their places; where none is given it is empty.
func (m Matrix) cell(first, latest int) MatrixCell {
	if first >= len(m.Cells) || latest >= len(m.Cells[first]) {
		return MatrixCell{}
	}
	return m.Cells[first][latest]
}

// sum counts the conversations of the fields that are picked.
func (m Matrix) sum(pick func(first, latest int) bool) int {
	total := 0
	for first := range m.Scale {
		for latest := range m.Scale {
			if pick(first, latest) {
				total += max(m.cell(first, latest).Count, 0)
			}
		}
	}
	return total
}

// Total counts all conversations of the matrix.
func (m Matrix) Total() int { return m.sum(func(_, _ int) bool { return true }) }

func (m Matrix) better() int { return m.sum(func(first, latest int) bool { return latest > first }) }

func (m Matrix) same() int { return m.sum(func(first, latest int) bool { return latest == first }) }

func (m Matrix) worse() int { return m.sum(func(first, latest int) bool { return latest < first }) }

// firstSum is the sum of a row, latestSum that of a column.
func (m Matrix) firstSum(place int) int {
	return m.sum(func(first, _ int) bool { return first == place })
}

func (m Matrix) latestSum(place int) int {
	return m.sum(func(_, latest int) bool { return latest == place })
}

// most is the largest field.
func (m Matrix) most() int {
	largest := 0
	for first := range m.Scale {
		for latest := range m.Scale {
			largest = max(largest, m.cell(first, latest).Count)
		}
	}
	return largest
}

// summary is the matrix in one sentence.
func (m Matrix) summary() string {
	total := m.Total()
	if total == 0 {
		return "No conversation was rated more than once."
	}
	return fmt.Sprintf("Of %s, %s got better, %s stayed the same, %s got worse.",
		counted(total, "conversation rated more than once", "conversations rated more than once"),
		m.part(m.better()), m.part(m.same()), m.part(m.worse()))
}

// part is a count with its share of all: "461 (72 %)".
func (m Matrix) part(n int) string {
	return fmt.Sprintf("%s (%s)", Grouped(n), Percent(float64(n)/float64(m.Total())))
}

// cellWords says a field in words: "12 conversations (5 % of all) went from Bad to Good".
func (m Matrix) cellWords(first, latest int) string {
	n := m.cell(first, latest).Count
	words := counted(n, "conversation", "conversations")
	if n > 0 {
		words += fmt.Sprintf(" (%s of all)", Percent(float64(n)/float64(m.Total())))
	}
	if first == latest {
		return fmt.Sprintf("%s stayed at %s", words, isolated(m.Scale[first].Words()))
	}
	return fmt.Sprintf("%s went from %s to %s", words, isolated(m.Scale[first].Words()), isolated(m.Scale[latest].Words()))
}

// way is the sign of a field: better, same or worse.
func way(first, latest int) string {
	switch {
	case latest > first:
		return "↑"
	case latest < first:
		return "↓"
	}
	return "="
}

// The steps of a field's colour. They stand here whole because the style sheet names them.
var (
	betterTones = [4]string{"better-1", "better-2", "better-3", "better-4"}
	sameTones   = [4]string{"same-1", "same-2", "same-3", "same-4"}
	worseTones  = [4]string{"worse-1", "worse-2", "worse-3", "worse-4"}
)

// tone is the colour of a field: its direction, stronger for more; not in proportion, so that few large fields do
// not bleach the rest.
func tone(first, latest, n, most int) string {
	if n <= 0 || most <= 0 {
		return "none"
	}
	step := int(math.Ceil(math.Pow(float64(n)/float64(most), 0.7)*4)) - 1
	step = min(max(step, 0), 3)
	switch {
	case latest > first:
		return betterTones[step]
	case latest < first:
		return worseTones[step]
	}
	return sameTones[step]
}

// href is one of optional links.
func href(links []string, place int) string {
	if place < len(links) {
		return links[place]
	}
	return ""
}
