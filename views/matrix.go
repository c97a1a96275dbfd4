package views

import (
	"fmt"
	"math"
)

// rows are the rows that have a score to stand for.
func (m Matrix) rows() [][]MatrixCell { return m.Cells[:min(len(m.Cells), len(m.Scale))] }

// most is the largest cell.
func (m Matrix) most() int {
	largest := 0
	for _, row := range m.Cells {
		for _, cell := range row {
			largest = max(largest, cell.Count)
		}
	}
	return largest
}

// sum counts the conversations that went up (1), stayed (0) or went down (-1).
func (m Matrix) sum(direction int) int {
	total := 0
	for i, row := range m.Cells {
		for j, cell := range row {
			if sign(j-i) == direction {
				total += cell.Count
			}
		}
	}
	return total
}

func sign(n int) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

// cellWords says a cell in words: "12 conversations went from Bad to Good".
func (m Matrix) cellWords(first, latest int) string {
	n := count(m.Cells[first][latest].Count, "conversation", "conversations")
	if first >= len(m.Scale) || latest >= len(m.Scale) {
		return n
	}
	if first == latest {
		return fmt.Sprintf("%s stayed at %s, show ratings", n, m.Scale[first].Words())
	}
	return fmt.Sprintf("%s went from %s to %s, show ratings", n, m.Scale[first].Words(), m.Scale[latest].Words())
}

// way is the sign of a cell beside the diagonal.
func way(first, latest int) string {
	if latest > first {
		return "↑"
	}
	return "↓"
}

// heats are the steps of the matrix's colours. They stand here whole, and in static/css as rules.
var heats = [9]string{"h0", "h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8"}

// heat is the colour step of a cell: h0 for none, then by square root, so that few large cells do not bleach the rest.
func heat(n, most int) string {
	if n <= 0 || most <= 0 {
		return heats[0]
	}
	step := int(math.Ceil(math.Sqrt(float64(n)/float64(most)) * 8))
	return heats[min(max(step, 1), 8)]
}
