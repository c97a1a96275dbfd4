package chart

import (
	"testing"

	"rerate/views/ui"
)

func goldenMatrix() Matrix {
	m := Matrix{Scale: goldenScale[:3], FirstHrefs: []string{"/ratings?first=1", "/ratings?first=2"}}
	for _, counts := range [][]int{{3, 1, 20}, {0, 1200, 7}, {2, 0, 5}} {
		var row []MatrixCell
		for _, n := range counts {
			row = append(row, MatrixCell{Count: n, Href: "/ratings?first=x&latest=y"})
		}
		m.Cells = append(m.Cells, row)
	}
	return m
}

// goldenSentiments are the pairs of goldenMatrix with the first two scores as one.
func goldenSentiments() Matrix {
	return Matrix{
		Scale: []ui.Score{{Value: 1, Emoji: "😠🙁", Label: "Low"}, {Value: 2, Emoji: "😐", Label: "Neutral"}},
		Cells: [][]MatrixCell{{{Count: 1204, Href: "/ratings?first=1-2&latest=1-2"}, {Count: 27}}, {{Count: 2}, {Count: 5}}},
	}
}

func bothWays() Matrix {
	m, by := goldenMatrix(), goldenSentiments()
	m.Sentiments = &by
	return m
}

func TestMatrixSumsAddUp(t *testing.T) {
	m := goldenMatrix()
	if m.better() != 28 || m.same() != 1208 || m.worse() != 2 || m.Total() != 1238 || m.most() != 1200 {
		t.Errorf("better %d, same %d, worse %d, all %d, most %d", m.better(), m.same(), m.worse(), m.Total(), m.most())
	}
	rows, columns := 0, 0
	for place := range m.Scale {
		rows, columns = rows+m.firstSum(place), columns+m.latestSum(place)
	}
	if rows != m.Total() || columns != m.Total() || m.firstSum(0) != 24 || m.latestSum(0) != 5 {
		t.Errorf("rows sum to %d, columns to %d", rows, columns)
	}
}

func TestMatrixIsSaidInWords(t *testing.T) {
	m := goldenMatrix()
	for want, got := range map[string]string{
		"Of 1,238 conversations rated more than once, 28 (2 %) got better, 1,208 (98 %) stayed the same, 2 (<1 %) got worse.": m.summary(),
		"No conversation was rated more than once.":              Matrix{Scale: goldenScale}.summary(),
		"20 conversations (2 % of all) went from Terrible to OK": m.cellWords(0, 2),
		"1 conversation (<1 % of all) went from Terrible to Bad": m.cellWords(0, 1),
		"0 conversations went from Bad to Terrible":              m.cellWords(1, 0),
		"5 conversations (<1 % of all) stayed at OK":             m.cellWords(2, 2),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A matrix that lacks rows or cells, or has too many, is drawn as far as its scale goes.
func TestMatrixOfAnyShape(t *testing.T) {
	for _, m := range []Matrix{
		{},
		{Scale: goldenScale},
		{Scale: goldenScale, Cells: [][]MatrixCell{{}, {{Count: 1}}}},
		{Scale: goldenScale[:1], Cells: [][]MatrixCell{{{Count: 1}, {Count: 5}}, {{Count: 9}}}},
		{Scale: []ui.Score{{}}, Cells: [][]MatrixCell{{{Count: -5}}}},
	} {
		if m.Total() < 0 || m.Total() > 1 {
			t.Errorf("%+v counts %d", m, m.Total())
		}
	}
}

func TestTone(t *testing.T) {
	for _, c := range []struct {
		first, latest, n, most int
		want                   string
	}{
		{0, 1, 0, 80, "none"},
		{0, 1, -1, 80, "none"},
		{0, 1, 1, 0, "none"},
		{0, 1, 1, 80, "better-1"},
		{0, 1, 80, 80, "better-4"},
		{1, 0, 20, 80, "worse-2"},
		{1, 1, 40, 80, "same-3"},
		{1, 1, 90, 80, "same-4"},
		{1, 0, 1, 1 << 40, "worse-1"},
	} {
		if got := tone(c.first, c.latest, c.n, c.most); got != c.want {
			t.Errorf("tone(%d, %d, %d, %d) = %s, want %s", c.first, c.latest, c.n, c.most, got, c.want)
		}
	}
}
