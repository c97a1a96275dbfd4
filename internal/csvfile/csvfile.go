// Package csvfile reads tables that spreadsheets and other programs write as text. It finds out the encoding and the
// separator, answers each row with the line on which it begins, and says what it assumed and what is wrong with a row.
// It knows nothing of what the cells mean. Standard library only.
package csvfile

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Table is an opened file, after its header line.
type Table struct {
	Encoding  string   // what the text was read as: "UTF-8", "UTF-16" or "Windows-1252"
	Guessed   bool     // the encoding is a guess: the file says nothing of it and is not UTF-8
	Replaced  int      // bytes that stand for no character; each has become U+FFFD
	Separator rune     // between cells
	Header    []string // the names of the columns, without spaces around them

	text   string // what reader reads
	reader *csv.Reader
	before int // lines of the file above text
}

// Row is one row of a table. With a Problem the cells are not to be relied on.
type Row struct {
	Line    int // of the file, from 1
	Cells   []string
	Problem string // one sentence; "" when the row is well-formed
}

// maxColumns is more than any table of ratings has.
const maxColumns = 500

// Open reads the header line of a file. Its errors are sentences for the person who chose the file.
func Open(raw []byte) (*Table, error) {
	if kind := foreign(raw); kind != "" {
		return nil, fmt.Errorf("this is %s, not a CSV file; save the table as CSV first", kind)
	}
	t := &Table{}
	text := t.decode(raw)
	if !strings.Contains(text, "\n") {
		text = strings.ReplaceAll(text, "\r", "\n") // line ends of old Macs
	}
	text = t.takeSeparator(text)
	if t.Separator == 0 {
		t.Separator = guessSeparator(text)
	}
	t.text, t.reader = text, newReader(text, t.Separator)
	header, ok := t.Next()
	switch {
	case !ok:
		return nil, errors.New("the file is empty")
	case header.Problem != "":
		return nil, fmt.Errorf("the header, line %d, cannot be read: %s", header.Line, header.Problem)
	case len(header.Cells) > maxColumns:
		return nil, fmt.Errorf("the header names %d columns, more than %d", len(header.Cells), maxColumns)
	}
	for _, name := range header.Cells {
		t.Header = append(t.Header, strings.TrimSpace(name))
	}
	return t, nil
}

func newReader(text string, separator rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = separator, -1
	return r
}

// Next is the next row; ok is false at the end of the file. Empty lines are no rows.
func (t *Table) Next() (row Row, ok bool) {
	from := t.reader.InputOffset()
	cells, err := t.reader.Read()
	if errors.Is(err, io.EOF) {
		return Row{}, false
	}
	var wrong *csv.ParseError
	if errors.As(err, &wrong) {
		return t.mend(wrong, t.text[from:t.reader.InputOffset()]), true
	}
	line, _ := t.reader.FieldPos(0)
	return Row{Line: t.before + line, Cells: cells, Problem: t.misfit(cells)}, true
}

// mend reads a row once more that the rules refuse. A quotation mark in the middle of a cell without any is meant as it
// stands; one that opens a cell and is not closed in time may have swallowed other rows, so there nothing is guessed.
func (t *Table) mend(wrong *csv.ParseError, text string) Row {
	row := Row{Line: t.before + wrong.StartLine}
	if errors.Is(wrong.Err, csv.ErrBareQuote) {
		again := newReader(text, t.Separator)
		again.LazyQuotes = true
		if cells, err := again.Read(); err == nil {
			if _, err := again.Read(); errors.Is(err, io.EOF) {
				row.Cells, row.Problem = cells, t.misfit(cells)
				return row
			}
		}
	}
	row.Problem = "A quotation mark in this row is not doubled, or not closed."
	if lines := wrong.Line - wrong.StartLine; lines > 0 {
		row.Problem = fmt.Sprintf("A cell opens with a quotation mark that is not closed properly; the row was read up to line %d.", t.before+wrong.Line)
	}
	return row
}

// misfit says that a row has more cells than the header: then a separator stands in a cell without quotation marks, and
// nobody knows in which.
func (t *Table) misfit(cells []string) string {
	if len(t.Header) == 0 || len(cells) <= len(t.Header) {
		return ""
	}
	for _, cell := range cells[len(t.Header):] {
		if strings.TrimSpace(cell) != "" {
			return fmt.Sprintf("The row has %d cells, the header has %d; a text with %s in it must stand in quotation marks.",
				len(cells), len(t.Header), SeparatorName(t.Separator))
		}
	}
	return ""
}

// takeSeparator reads the line "sep=;" that Excel writes and understands.
func (t *Table) takeSeparator(text string) string {
	line, rest, found := strings.Cut(text, "\n")
	sep, ok := strings.CutPrefix(strings.TrimRight(line, "\r"), "sep=")
	if !found || !ok || len(sep) != 1 || !strings.ContainsRune(separators, rune(sep[0])) {
		return text
	}
	t.Separator, t.before = rune(sep[0]), 1
	return rest
}

const separators = ",;\t|"

// guessSeparator is the one that stands most often in the header, outside quotation marks.
func guessSeparator(text string) rune {
	best, most := ',', 0
	for _, s := range separators {
		if n := countOutsideQuotes(text, s); n > most {
			best, most = s, n
		}
	}
	return best
}

func countOutsideQuotes(text string, separator rune) (n int) {
	quoted, begun := false, false
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == separator:
			n++
		case r == '\n' && begun:
			return n
		}
		begun = begun || (r != '\n' && r != '\r')
	}
	return n
}

// SeparatorName is a separator in words.
func SeparatorName(separator rune) string {
	switch separator {
	case ';':
		return "a semicolon"
	case '\t':
		return "a tab"
	case '|':
		return "a vertical bar"
	}
	return "a comma"
}

// foreign names what a file is that is no text at all.
func foreign(raw []byte) string {
	for start, kind := range map[string]string{
		"PK\x03\x04": "an Excel workbook or a ZIP file", "\xd0\xcf\x11\xe0": "an old Excel workbook", "%PDF": "a PDF", "\x1f\x8b": "a compressed file",
	} {
		if strings.HasPrefix(string(raw[:min(len(raw), 4)]), start) {
			return kind
		}
	}
	return ""
}
