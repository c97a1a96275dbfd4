package survey

import (
	"context"
	"errors"
	"maps"
	"time"

	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// ImportByCommand adds a file at once, in this process, beside a server that may be running. It tells of every step. A
// file that another run of the command has left half-way is finished first.
func (s *Service) ImportByCommand(ctx context.Context, command ImportCommand) (ImportCheck, models.Import, error) {
	if err := s.finishLeftover(ctx, command); err != nil {
		return ImportCheck{}, models.Import{}, err
	}
	i, err := s.UploadImport(ctx, command.Workspace, "the command line", command.Name, command.Raw)
	if err != nil {
		return ImportCheck{}, i, err
	}
	tenant := s.Store.Tenant(command.Workspace)
	drop := func() error {
		return tenant.Write(ctx, func(tx *models.Tx) error {
			i.State, i.FinishedAt = models.ImportCancelled, &tx.Now
			_, err := tx.ClearImport(i.ID, clearBite)
			return errors.Join(tx.SaveImport(i), err)
		})
	}
	options := i.Options
	if command.Scale != 0 {
		options.Scale = command.Scale
	}
	header, err := headerOf(command.Raw)
	if err == nil {
		err = nameColumns(&options, header, command.Columns)
	}
	if err != nil {
		return ImportCheck{}, i, errors.Join(err, drop())
	}
	if command.DryRun {
		c, err := s.CheckImport(ctx, command.Workspace, i, options)
		if err == nil && c.Wrong != nil {
			err = c.Wrong
		}
		return c, i, errors.Join(err, drop())
	}
	c, err := s.startImport(ctx, command.Workspace, i.ID, options, func(context.Context, *models.Tx, string) error { return nil })
	if err != nil {
		return c, i, errors.Join(err, drop())
	}
	if err := s.runToEnd(ctx, jobs.Import{Workspace: command.Workspace, Import: i.ID}, command.Tell); err != nil {
		return c, i, err
	}
	i, err = tenant.Import(ctx, i.ID)
	return c, i, err
}

// ImportCommand is what `rerate import` is asked to do.
type ImportCommand struct {
	Workspace string
	Name      string // of the file
	Raw       []byte
	Scale     int               // 0: that of the wording
	Columns   map[string]string // names of columns by field, where they are not to be guessed
	DryRun    bool
	Tell      func(models.Import)
}

func headerOf(raw []byte) ([]string, error) {
	table, err := openTable(raw)
	if err != nil {
		return nil, err
	}
	return table.Header, nil
}

// nameColumns puts the columns that were named in place of those that were guessed.
func nameColumns(o *models.ImportOptions, header []string, names map[string]string) error {
	problems := rating.Problems{}
	o.Columns = maps.Clone(o.Columns)
	for field := range names {
		for other, n := range o.Columns {
			if n < len(header) && header[n] == names[field] && other != field {
				delete(o.Columns, other)
			}
		}
	}
	for field, name := range names {
		found := false
		for n, column := range header {
			if column == name && !found {
				o.Columns[field], found = n, true
			}
		}
		if !found {
			problems[field] = "The file has no column “" + name + "”."
		}
	}
	if len(problems) > 0 {
		return problems
	}
	return nil
}

func (s *Service) finishLeftover(ctx context.Context, command ImportCommand) error {
	all, err := s.Store.ImportsUnderWay(ctx)
	if err != nil {
		return err
	}
	for _, i := range all {
		if i.WorkspaceID == command.Workspace && i.TouchedAt.Before(s.Now().Add(-abandonedAfter)) {
			return s.runToEnd(ctx, jobs.Import{Workspace: command.Workspace, Import: i.ID}, command.Tell)
		}
	}
	return nil
}

// commandRest is the pause between two transactions of the command, about as long as one of them takes.
const commandRest = 25 * time.Millisecond

func (s *Service) runToEnd(ctx context.Context, job jobs.Import, tell func(models.Import)) error {
	for {
		err := s.runImport(ctx, job, commandRest, tell)
		var later jobs.Later
		if !errors.As(err, &later) {
			return err
		}
	}
}
