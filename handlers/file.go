package handlers

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// fileBatch is how many rows are read at a time for a file.
const fileBatch = 500

// fileTable is a list as a CSV file: its columns, the cells of a row, and the way to read the rows after one, or the
// first ones after nil. An empty batch ends it.
type fileTable[Row any] struct {
	columns []string
	cells   func(Row) []string
	read    func(ctx context.Context, after *Row) ([]Row, error)
}

// sendFile answers with the whole table as a file. The first batch is read before the answer begins, so that most
// errors can still be told; when the database fails half-way the connection breaks off, so that nobody takes a part
// for the whole.
func sendFile[Row any](c echo.Context, name string, table fileTable[Row]) error {
	ctx := c.Request().Context()
	batch, err := table.read(ctx, nil)
	if err != nil {
		return err
	}
	fileHeader(c.Response().Header(), name)
	c.Response().WriteHeader(http.StatusOK)
	if err := table.write(ctx, c.Response(), batch); err != nil {
		note(c, err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

func fileHeader(header http.Header, name string) {
	header.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	header.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
}

// write writes a batch and all that come after it. It never holds more than a batch in memory.
func (t fileTable[Row]) write(ctx context.Context, to io.Writer, batch []Row) error {
	out := csv.NewWriter(to)
	if err := out.Write(t.columns); err != nil {
		return err
	}
	for len(batch) > 0 {
		for _, row := range batch {
			cells := t.cells(row)
			for i := range cells {
				cells[i] = harmless(cells[i])
			}
			if err := out.Write(cells); err != nil {
				return err
			}
		}
		out.Flush()
		if err := out.Error(); err != nil {
			return err
		}
		var err error
		if batch, err = t.read(ctx, &batch[len(batch)-1]); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless puts an apostrophe before what a spreadsheet would run as a formula.
func harmless(cell string) string {
	if strings.HasPrefix(cell, "'") || cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
