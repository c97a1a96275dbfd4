package models

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// movedTable is a table with the columns that PostgreSQL gives it, in their order.
type movedTable struct {
	name    string
	columns []movedColumn
	staged  *Staged
}

type movedColumn struct{ name, kind string } // kind as information_schema says it

// Staged is a table that the two engines keep in different shapes. Its rows come into a temporary table first, which is called
// staged, and PostgreSQL makes its own of them.
type Staged struct {
	Table   string
	From    string      // the query on SQLite that answers the columns of staged
	Columns [][2]string // of staged: name and kind
	Into    []string    // the columns that are filled
	Select  string      // their values, FROM staged
}

// ratingWordsStaged is the index of words. Its words are letters and digits, so that quotes around them will do, as in index.
var ratingWordsStaged = Staged{
	Table:   "rating_words",
	From:    "SELECT workspace_id, rating_id, words FROM rating_words",
	Columns: [][2]string{{"workspace_id", "text"}, {"rating_id", "text"}, {"words", "text"}},
	Into:    []string{"workspace_id", "rating_id", "words"},
	Select:  "SELECT workspace_id, rating_id, CAST('''' || replace(words, ' ', ''' ''') || '''' AS tsvector) FROM staged",
}

// leftOut are tables about the engine and about processes that run: whoever starts makes them anew.
func leftOut(table string) bool {
	return table == "goose_db_version" || strings.HasPrefix(table, "river_")
}

// query reads a table from SQLite. A plus before a column has the driver answer what is stored and not what the column's
// type makes of it: it would read a time that it cannot parse as the year 1.
func (t movedTable) query() string {
	if t.staged != nil {
		return t.staged.From
	}
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = `+"` + c.name + `"`
	}
	return "SELECT " + strings.Join(names, ", ") + ` FROM "` + t.name + `"`
}

// count is how many rows query answers.
func (t movedTable) count() string { return "SELECT COUNT(*) FROM (" + t.query() + ")" }

// take sends a table's rows and answers the sum of what was sent.
func (m Transfer) take(ctx context.Context, from *moveSource, to *moveTarget, t movedTable, moved *Transferred) (sum lineSum, err error) {
	var of int64
	if err := from.conn.QueryRowContext(ctx, t.count()).Scan(&of); err != nil {
		return sum, err
	}
	lines := &lineReader{t: t, tell: func(rows int64) { m.tell(t.name, rows, of) }}
	if moved.Already && t.staged == nil {
		err = lines.writeTo(ctx, from, io.Discard)
	} else {
		err = lines.through(ctx, from, func(r io.Reader) error { return to.put(ctx, t, r, moved.Already) })
	}
	for i, c := range t.columns {
		if n := lines.replaced[i]; n > 0 {
			moved.Replaced = append(moved.Replaced, Replaced{Column: t.name + "." + c.name, Values: n})
		}
	}
	m.tell(t.name, lines.sum.rows, of)
	return lines.sum, err
}

func (m Transfer) tell(table string, rows, of int64) {
	if m.Tell != nil {
		m.Tell(Progress{Table: table, Rows: rows, Of: of})
	}
}

// lineReader makes lines of PostgreSQL's COPY of a table's rows: as PostgreSQL itself would write them, so that both sides can be
// compared line by line.
type lineReader struct {
	t        movedTable
	tell     func(rows int64)
	sum      lineSum
	replaced map[int]int64 // by column
}

// tellEvery is after how many rows of a table the progress is told.
const tellEvery = 10_000

// through hands the lines to put while they are read.
func (l *lineReader) through(ctx context.Context, from *moveSource, put func(io.Reader) error) error {
	r, w := io.Pipe()
	read := make(chan error, 1)
	go func() {
		buffered := bufio.NewWriterSize(w, 1<<16)
		err := l.writeTo(ctx, from, buffered)
		if err == nil {
			err = buffered.Flush()
		}
		_ = w.CloseWithError(err) // never fails
		read <- err
	}()
	err := put(r)
	_ = r.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // so that the reading ends, too
	if readErr := <-read; readErr != nil && !errors.Is(readErr, io.ErrClosedPipe) {
		return readErr
	}
	return err
}

func (l *lineReader) writeTo(ctx context.Context, from *moveSource, w io.Writer) error {
	l.replaced = map[int]int64{}
	rows, err := from.conn.QueryContext(ctx, l.t.query())
	if err != nil {
		return err
	}
	defer rows.Close()
	values := make([]any, len(l.t.columns))
	targets := make([]any, len(values))
	for i := range values {
		targets[i] = &values[i]
	}
	var line []byte
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if line, err = l.line(line[:0], values); err != nil {
			return err
		}
		l.sum.add(line)
		if _, err := w.Write(line); err != nil {
			return err
		}
		if l.sum.rows%tellEvery == 0 {
			l.tell(l.sum.rows)
		}
	}
	return rows.Err()
}

func (l *lineReader) line(line []byte, values []any) ([]byte, error) {
	for i, c := range l.t.columns {
		if i > 0 {
			line = append(line, '\t')
		}
		var replaced bool
		var err error
		if line, replaced, err = appendValue(line, c.kind, values[i]); err != nil {
			return nil, fmt.Errorf("a row that begins with %v has in %s what PostgreSQL cannot keep: %w", values[:min(2, len(values))], c.name, err)
		}
		if replaced {
			l.replaced[i]++
		}
	}
	return append(line, '\n'), nil
}

// appendValue writes one value as PostgreSQL does in COPY's text format.
func appendValue(line []byte, kind string, value any) (_ []byte, replaced bool, err error) {
	if value == nil {
		return append(line, `\N`...), false, nil
	}
	if raw, ok := value.([]byte); ok && kind != "bytea" {
		value = string(raw)
	}
	switch kind {
	case "text":
		return appendText(line, value)
	case "bytea":
		return appendBytes(line, value)
	case "timestamp with time zone":
		at, err := storedTime(value)
		return at.AppendFormat(line, "2006-01-02 15:04:05.999999+00"), false, err
	case "boolean":
		switch value {
		case int64(0):
			return append(line, 'f'), false, nil
		case int64(1):
			return append(line, 't'), false, nil
		}
	case "integer", "bigint", "smallint":
		if n, ok := value.(int64); ok {
			return strconv.AppendInt(line, n, 10), false, nil
		}
	}
	return nil, false, fmt.Errorf("%T %v where a %s is expected", value, value, kind)
}

// appendText replaces what PostgreSQL refuses, and SQLite keeps when somebody else than Rerate has written to it.
func appendText(line []byte, value any) (_ []byte, replaced bool, err error) {
	text, ok := value.(string)
	if !ok {
		text = fmt.Sprint(value)
	}
	if strings.IndexByte(text, 0) >= 0 || !utf8.ValidString(text) {
		text, replaced = strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd"), true
	}
	for i := range len(text) {
		if short := copyEscapes[text[i]]; short != 0 {
			line = append(line, '\\', short)
		} else {
			line = append(line, text[i])
		}
	}
	return line, replaced, nil
}

var copyEscapes = [256]byte{'\\': '\\', '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v'}

func appendBytes(line []byte, value any) ([]byte, bool, error) {
	switch value := value.(type) {
	case []byte:
		return hex.AppendEncode(append(line, `\\x`...), value), false, nil
	case string:
		return hex.AppendEncode(append(line, `\\x`...), []byte(value)), false, nil
	}
	return nil, false, fmt.Errorf("%T %v where bytes are expected", value, value)
}

// storedTimes are the shapes of a time in SQLite: the driver's, and those of the job queue, which are in UTC.
var storedTimes = []string{"2006-01-02 15:04:05-07:00", "2006-01-02 15:04:05", time.RFC3339, "2006-01-02T15:04:05"}

// storedTime reads a time in UTC and to the microsecond.
func storedTime(value any) (time.Time, error) {
	text, ok := value.(string)
	if !ok {
		return time.Time{}, fmt.Errorf("%T %v where a time is expected", value, value)
	}
	for _, shape := range storedTimes {
		if at, err := time.Parse(shape, text); err == nil {
			return at.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is not a time", text)
}

// lineSum is a sum of lines in any order: how many there are, and the sum of their hashes.
type lineSum struct {
	rows int64
	a, b uint64
}

func (s *lineSum) add(line []byte) {
	hash := sha256.Sum256(line)
	s.rows++
	s.a += binary.LittleEndian.Uint64(hash[:8])
	s.b += binary.LittleEndian.Uint64(hash[8:16])
}

func (s lineSum) String() string { return fmt.Sprintf("%016x%016x", s.a, s.b) }

// lineWriter sums up the lines that are written to it.
type lineWriter struct {
	sum  lineSum
	rest []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		end := bytes.IndexByte(p, '\n') + 1
		if end == 0 {
			w.rest = append(w.rest, p...)
			break
		}
		if len(w.rest) == 0 {
			w.sum.add(p[:end])
		} else {
			w.rest = append(w.rest, p[:end]...)
			w.sum.add(w.rest)
			w.rest = w.rest[:0]
		}
		p = p[end:]
	}
	return n, nil
}
