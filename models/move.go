package models

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Transfer takes everything that a SQLite database holds into an empty PostgreSQL.
//
// It holds the one right to write to SQLite from its first row to its last, so that a server beside it reads on, refuses
// ratings with "please try again", and can store nothing that the copy misses. PostgreSQL takes all rows in one
// transaction, so that an interrupted move leaves it empty. Before that transaction ends the SQLite database is closed for
// good (see closeAway): whatever happens then, there is never a moment in which both take ratings.
type Transfer struct {
	From, To string // sqlite://PATH and postgres://…
	Rehearse bool   // read one moment of a database that goes on being written, compare, and leave both as they were
	Staged   []Staged
	Others   []Migration // as Migrate takes them
	Now      func() time.Time
	Tell     func(Progress)
}

// Progress says that so many of a table's rows have been taken.
type Progress struct {
	Table    string
	Rows, Of int64
}

// Transferred is what a move came to.
type Transferred struct {
	Tables   int
	Rows     int64
	Refused  time.Duration // how long nobody could write to SQLite
	Replaced []Replaced
	Already  bool // an earlier move did it; both sides were compared
}

// Replaced counts values in one column that held NUL or broken UTF-8. PostgreSQL has U+FFFD in their place.
type Replaced struct {
	Column string // table.column
	Values int64
}

// ErrNotEmpty means that the target of a move holds rows.
var ErrNotEmpty = errors.New("the target is not empty, and nothing was written to it; name an empty database")

// Run moves, or rehearses it.
func (m Transfer) Run(ctx context.Context) (moved Transferred, err error) {
	from, err := m.openSource(ctx)
	if err != nil {
		return moved, err
	}
	defer func() { err = errors.Join(err, from.close(context.WithoutCancel(ctx))) }()
	if err := m.prepareTarget(ctx); err != nil {
		return moved, err
	}
	to, err := openMoveTarget(ctx, m.To)
	if err != nil {
		return moved, err
	}
	defer func() { to.close(context.WithoutCancel(ctx)) }()
	tables, err := m.tables(ctx, from, to)
	if err != nil {
		return moved, err
	}
	filled, err := to.filled(ctx, tables)
	if err != nil {
		return moved, err
	}
	if filled != "" && !from.away {
		return moved, fmt.Errorf("table %s: %w", filled, ErrNotEmpty)
	}
	moved.Already = filled != ""
	began := m.Now()
	if err := from.begin(ctx, m.Rehearse); err != nil {
		return moved, err
	}
	if err := m.takeAll(ctx, from, to, tables, &moved); err != nil {
		if moved.Already && errors.Is(err, errDiffers) {
			err = fmt.Errorf("table %s: %w; SQLite was moved away before, and the target is not what it holds: %w", filled, ErrNotEmpty, err)
		}
		return moved, err
	}
	if m.Rehearse || moved.Already {
		return moved, nil // both sides are rolled back
	}
	if err := m.finish(ctx, from, to, tables); err != nil {
		return moved, err
	}
	moved.Refused = m.Now().Sub(began)
	return moved, nil
}

// takeAll copies each table and compares what has arrived with what was sent.
func (m Transfer) takeAll(ctx context.Context, from *moveSource, to *moveTarget, tables []movedTable, moved *Transferred) error {
	if !moved.Already {
		if err := to.clear(ctx, tables); err != nil {
			return err
		}
	}
	for _, t := range tables {
		sent, err := m.take(ctx, from, to, t, moved)
		if err != nil {
			return fmt.Errorf("moving %s: %w", t.name, err)
		}
		there, err := to.sum(ctx, t)
		if err != nil {
			return fmt.Errorf("reading %s back: %w", t.name, err)
		}
		if sent != there {
			return fmt.Errorf("%s: %d rows were sent and %d have arrived, their sums are %s and %s: %w",
				t.name, sent.rows, there.rows, sent, there, errDiffers)
		}
		moved.Tables++
		moved.Rows += sent.rows
	}
	if moved.Already {
		return nil
	}
	return to.finishTables(ctx, tables)
}

var errDiffers = errors.New("what has arrived is not what was sent")

// finish closes SQLite, then ends the transaction of PostgreSQL. In this order: broken off in between, nobody takes ratings
// until the command has been run again, and none is lost.
func (m Transfer) finish(ctx context.Context, from *moveSource, to *moveTarget, tables []movedTable) error {
	if err := from.closeAway(ctx, to.place, m.Now()); err != nil {
		return fmt.Errorf("closing the SQLite database: %w", err)
	}
	commitErr := to.commit(ctx)
	if commitErr == nil {
		return nil
	}
	// The answer was lost. Whether PostgreSQL has the rows is to be seen once the broken session has ended.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unsurePatience)
	defer cancel()
	again, err := openMoveTarget(ctx, m.To)
	if err != nil {
		return unsure(errors.Join(commitErr, err))
	}
	defer again.close(ctx)
	filled, err := again.filled(ctx, tables)
	switch {
	case err != nil:
		return unsure(errors.Join(commitErr, err))
	case filled != "":
		return nil
	case from.wasAway:
		return fmt.Errorf("PostgreSQL did not take the rows; SQLite stays closed, as it was before: %w", commitErr)
	}
	if err := from.reopen(ctx); err != nil {
		return unsure(errors.Join(commitErr, err))
	}
	return fmt.Errorf("PostgreSQL did not take the rows; nothing was moved, and SQLite takes ratings again: %w", commitErr)
}

const unsurePatience = 30 * time.Second

func unsure(err error) error {
	return fmt.Errorf("PostgreSQL's last answer was lost, so nobody knows yet whether it has the rows; nothing is lost: "+
		"SQLite is closed for writing until the same command has been run again: %w", err)
}

// prepareTarget brings the target to the schema of this program, unless another program's tables are in it.
func (m Transfer) prepareTarget(ctx context.Context) error {
	where, err := parseURL(m.To)
	if err != nil || where.dialect != Postgres {
		return errors.New("the target must be postgres://USER@HOST/DATABASE")
	}
	to, err := openMoveTarget(ctx, m.To)
	if err != nil {
		return err
	}
	stranger, used, err := to.look(ctx)
	to.close(ctx)
	if err != nil {
		return err
	}
	if stranger != "" {
		return fmt.Errorf("the target has a table %s and none of Rerate's: %w", stranger, ErrNotEmpty)
	}
	if !used {
		return Migrate(ctx, m.To, m.Others...)
	}
	db, err := where.openWriter(patient) // whoever uses it decides when it is migrated
	if err != nil {
		return err
	}
	defer db.Close()
	return schemaIs(ctx, db, Postgres)
}

// tables pairs the tables of both sides.
func (m Transfer) tables(ctx context.Context, from *moveSource, to *moveTarget) ([]movedTable, error) {
	tables, err := to.tables(ctx)
	if err != nil {
		return nil, err
	}
	staged := map[string]Staged{ratingWordsStaged.Table: ratingWordsStaged}
	for _, s := range m.Staged {
		staged[s.Table] = s
	}
	var moved []movedTable
	for _, t := range tables {
		if s, ok := staged[t.name]; ok {
			t.staged, t.columns = &s, nil
			for _, c := range s.Columns {
				t.columns = append(t.columns, movedColumn{name: c[0], kind: c[1]})
			}
		} else if leftOut(t.name) {
			continue
		}
		moved = append(moved, t)
	}
	return moved, from.has(ctx, moved)
}
