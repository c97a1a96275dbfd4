package survey

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"time"

	"rerate/internal/csvfile"
	"rerate/internal/jobs"
	"rerate/models"
)

// keptProblems is how many bad rows are kept with an import when its file is gone.
const keptProblems = 1000

// UploadImport stores a file of old ratings, with a guess at what its columns mean. Nothing of it counts.
func (s *Service) UploadImport(ctx context.Context, workspace, author, name string, raw []byte) (i models.Import, err error) {
	table, err := openTable(raw)
	if err != nil {
		return i, err
	}
	packed, err := pack(raw)
	if err != nil {
		return i, err
	}
	err = s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		wording, err := tx.Wording()
		if err != nil {
			return err
		}
		i, err = tx.AddImport(models.Import{
			FileName: storable(shorten(name)), File: packed, Author: author,
			Options: models.ImportOptions{Columns: guessColumns(table.Header), Scale: len(wording.Body.Options)},
		})
		return err
	})
	return i, err
}

// CheckImport says what a file would do if it were read in this way. It stores nothing.
func (s *Service) CheckImport(ctx context.Context, workspace string, i models.Import, options models.ImportOptions) (c ImportCheck, err error) {
	c.Options = options
	tenant := s.Store.Tenant(workspace)
	reader, table, err := s.importReader(ctx, tenant, i, options)
	if err != nil {
		return c, err
	}
	c.ImportTable = describeTable(table)
	if problems := checkOptions(options, table.Header); len(problems) > 0 {
		c.Wrong = problems
		c.Sample = sampleOf(table)
		return c, nil
	}
	var keys []string
	known := func() error {
		found, err := tenant.KnownSources(ctx, keys)
		c.Known += len(found)
		keys = keys[:0]
		return err
	}
	for row, ok := table.Next(); ok; row, ok = table.Next() {
		if c.addSample(row); c.Rows > MaxImportRows {
			return c, invalidFile(errTooManyRows)
		}
		read, twin, problem := reader.read(row)
		switch {
		case problem != nil:
			c.Problems = append(c.Problems, *problem)
		case twin > 0:
			c.Twins++
		default:
			c.add(read)
			if keys = append(keys, read.SourceKey); len(keys) == stageBite {
				err = known()
			}
		}
		if err != nil {
			return c, err
		}
	}
	return c, known()
}

var errTooManyRows = errors.New("it has more than 50,000 rows; split it into several")

func (c *ImportCheck) add(r models.ImportRow) {
	c.Good++
	if c.From.IsZero() || r.At.Before(c.From) {
		c.From = r.At
	}
	if r.At.After(c.To) {
		c.To = r.At
	}
}

// sampleRows is how many rows are shown beside the columns.
const sampleRows = 3

func (c *ImportCheck) addSample(row csvfile.Row) {
	c.Rows++
	if len(c.Sample) < sampleRows && row.Problem == "" {
		c.Sample = append(c.Sample, sampleRow(row, len(c.Header)))
	}
}

func sampleRow(row csvfile.Row, width int) []string {
	cells := make([]string, width)
	for n := range cells {
		if n < len(row.Cells) {
			cells[n] = shorten(row.Cells[n])
		}
	}
	return cells
}

func sampleOf(table *csvfile.Table) (sample [][]string) {
	for row, ok := table.Next(); ok && len(sample) < sampleRows; row, ok = table.Next() {
		if row.Problem == "" {
			sample = append(sample, sampleRow(row, len(table.Header)))
		}
	}
	return sample
}

// importReader opens the file of an import to be read in a certain way.
func (s *Service) importReader(ctx context.Context, tenant models.Tenant, i models.Import, options models.ImportOptions) (*importReader, *csvfile.Table, error) {
	if i.File == nil {
		return nil, nil, Error{Code: Conflict, Sentence: "The file is not kept any more; choose it again."}
	}
	raw, err := unpack(i.File)
	if err != nil {
		return nil, nil, err
	}
	table, err := openTable(raw)
	if err != nil {
		return nil, nil, err
	}
	w, err := tenant.Get(ctx)
	if err != nil {
		return nil, nil, err
	}
	wording, err := tenant.Wording(ctx)
	if err != nil {
		return nil, nil, err
	}
	teammates, err := tenant.Teammates(ctx)
	if err != nil {
		return nil, nil, err
	}
	reader := &importReader{
		options: options, header: table.Header, zone: w.Settings.Location(), latest: i.CreatedAt.Add(5 * time.Minute),
		teammates: idsByName(teammates), lines: map[[16]byte]int{},
	}
	if options.Scale > 0 {
		reader.scale = importScale(options.Scale, wording.Body)
	}
	return reader, table, nil
}

// idsByName leaves out names that several have.
func idsByName(teammates []models.Teammate) map[string]string {
	ids := map[string]string{}
	for _, t := range teammates {
		if _, taken := ids[t.Name]; taken || t.Name == "" {
			ids[t.Name] = ""
			continue
		}
		ids[t.Name] = t.ID
	}
	return ids
}

// StartImport begins to add a file, and answers what it will do. Nothing of it counts until all of it does.
func (s *Service) StartImport(ctx context.Context, workspace, id string, options models.ImportOptions) (ImportCheck, error) {
	return s.startImport(ctx, workspace, id, options, s.enqueueImport)
}

func (s *Service) startImport(ctx context.Context, workspace, id string, options models.ImportOptions, then func(context.Context, *models.Tx, string) error) (ImportCheck, error) {
	tenant := s.Store.Tenant(workspace)
	i, err := tenant.Import(ctx, id)
	if err != nil {
		return ImportCheck{}, err
	}
	c, err := s.CheckImport(ctx, workspace, i, options)
	switch {
	case err != nil:
		return c, err
	case c.Wrong != nil:
		return c, Error{Code: Invalid, Sentence: "Say first which column holds what.", Cause: c.Wrong}
	case c.Good == 0:
		return c, Error{Code: Invalid, Sentence: "No row of the file is a rating that can be added."}
	}
	err = tenant.Write(ctx, func(tx *models.Tx) error {
		held, err := tx.HoldImport(id)
		if err != nil {
			return err
		}
		if held.State != models.ImportUploaded {
			return Error{Code: Conflict, Sentence: "This file has been started already."}
		}
		held.State, held.Options = models.ImportAdding, options
		held.Total, held.Twins, held.Bad = c.Good, c.Twins, len(c.Problems)
		held.Problems = append([]models.ImportProblem{}, c.Problems[:min(len(c.Problems), keptProblems)]...)
		if err := saveImport(tx, held); err != nil {
			return err
		}
		return then(ctx, tx, id)
	})
	return c, err
}

func saveImport(tx *models.Tx, i models.Import) error {
	err := tx.SaveImport(i)
	if errors.Is(err, models.ErrImportUnderWay) {
		return Error{Code: Conflict, Sentence: "Another file is being added or taken back; wait until it has ended.", Cause: err}
	}
	return err
}

// CancelImport stops a file before any of it counts, and forgets it.
func (s *Service) CancelImport(ctx context.Context, workspace, id string) error {
	return s.moveImport(ctx, workspace, id, models.ImportCancelled, "It is too late to stop this file; take it back instead.",
		models.ImportUploaded, models.ImportAdding)
}

// TakeBackImport begins to take the ratings of a file out of everything. They count until none of them does.
func (s *Service) TakeBackImport(ctx context.Context, workspace, id string) error {
	return s.moveImport(ctx, workspace, id, models.ImportRemoving, "Only a file that has been added can be taken back.", models.ImportAdded)
}

func (s *Service) moveImport(ctx context.Context, workspace, id string, to models.ImportState, refusal string, from ...models.ImportState) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		i, err := tx.HoldImport(id)
		if err != nil {
			return err
		}
		for _, state := range from {
			if i.State != state {
				continue
			}
			if to == models.ImportRemoving {
				if err := clearLeft(tx, id); err != nil {
					return err
				}
			}
			i.State, i.Prepared = to, 0
			if to == models.ImportCancelled {
				i.FinishedAt = &tx.Now
			}
			if err := saveImport(tx, i); err != nil {
				return err
			}
			return s.enqueueImport(ctx, tx, id)
		}
		return Error{Code: Conflict, Sentence: refusal}
	})
}

// clearLeft deletes what the adding of a file has left behind because it was killed just before its end: it would be taken
// for what is pending now.
func clearLeft(tx *models.Tx, id string) error {
	for {
		if more, err := tx.ClearImport(id, clearBite); err != nil || !more {
			return err
		}
	}
}

func (s *Service) enqueueImport(ctx context.Context, tx *models.Tx, id string) error {
	sqlTx, err := tx.SQL()
	if err != nil {
		return err
	}
	return s.queue.EnqueueTx(ctx, sqlTx, jobs.Import{Workspace: tx.Workspace, Import: id}, jobs.Now)
}

// pack makes a file smaller; tables of text shrink to a fifth.
func pack(raw []byte) ([]byte, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write(raw)
	err = errors.Join(err, w.Close())
	return packed.Bytes(), err
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, MaxImportBytes+1))
}
