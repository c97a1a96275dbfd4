package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"rerate/internal/jobs"
	"rerate/models"
)

// migrate brings the database to this version's schema. With --to it moves a SQLite database to PostgreSQL.
func (p program) migrate(ctx context.Context, args []string) error {
	set := p.flags("migrate")
	to := set.String("to", "", "move the SQLite database of RERATE_DATABASE_URL to this empty one, postgres://USER@HOST/DATABASE; "+
		"the password may come from PGPASSWORD or ~/.pgpass")
	rehearse := set.Bool("rehearse", false, "with --to: copy and compare beside a running server, then leave both as they were")
	reopen := set.Bool("reopen", false, "take up a SQLite database again that was moved away")
	if err := parse(set, args); err != nil {
		return err
	}
	c, err := readConfig(p.lookup)
	if err != nil {
		return err
	}
	switch {
	case *reopen && (*to != "" || *rehearse), *rehearse && *to == "":
		fmt.Fprintln(p.stderr, "rerate migrate: --rehearse goes with --to, and --reopen with nothing else")
		return errUsage
	case *reopen:
		if err := models.Reopen(ctx, c.DatabaseURL); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, "The SQLite database takes ratings again. What PostgreSQL has taken since the move is not in it.")
		return nil
	case *to != "":
		return p.move(ctx, c.DatabaseURL, *to, *rehearse)
	}
	return migrate(ctx, c.DatabaseURL)
}

// migrate prepares the queue's tables and ours.
func migrate(ctx context.Context, databaseURL string) error {
	return models.Migrate(ctx, databaseURL, migrateQueue)
}

func migrateQueue(ctx context.Context, db *sql.DB, dialect models.Dialect) error {
	return jobs.Migrate(ctx, db, dialect == models.SQLite)
}

func (p program) move(ctx context.Context, from, to string, rehearse bool) error {
	began := p.now()
	moved, err := p.transfer(from, to, rehearse).Run(ctx)
	if err != nil {
		return err
	}
	for _, r := range moved.Replaced {
		fmt.Fprintf(p.stdout, "%s: %d values held characters that PostgreSQL does not store; each such character is � now\n", r.Column, r.Values)
	}
	took := p.now().Sub(began)
	fmt.Fprintf(p.stdout, "%d rows in %d tables are the same on both sides (%.1f s, %.0f rows/s)\n",
		moved.Rows, moved.Tables, took.Seconds(), float64(moved.Rows)/max(took.Seconds(), .001))
	switch {
	case rehearse:
		fmt.Fprintln(p.stdout, "This was a rehearsal: both databases are as they were. The move itself refuses ratings for about this long.")
		return nil
	case moved.Already:
		fmt.Fprintln(p.stdout, "They were moved before.")
	default:
		fmt.Fprintf(p.stdout, "Moved. Ratings were refused for %.1f s and are until Rerate runs with the new RERATE_DATABASE_URL; the SQLite file is closed for writing.\n",
			moved.Refused.Seconds())
	}
	return p.verifyMoved(ctx, to)
}

// transfer is a move of everything, the jobs with it.
func (p program) transfer(from, to string, rehearse bool) models.Transfer {
	return models.Transfer{
		From: from, To: to, Rehearse: rehearse, Others: []models.Migration{migrateQueue}, Now: p.now, Tell: p.tellMove(),
		Staged: []models.Staged{{
			Table: jobs.MovedTable, From: jobs.MovedFrom, Columns: jobs.MovedColumns, Into: jobs.MovedInto, Select: jobs.MovedSelect,
		}},
	}
}

// verifyMoved counts the figures of the target anew.
func (p program) verifyMoved(ctx context.Context, to string) error {
	store, err := p.openStore(ctx, to)
	if err != nil {
		return err
	}
	defer store.Close()
	drifted, err := p.verifyAll(ctx, store, "", p.check)
	if err == nil && drifted > 0 {
		err = errors.New("everything was moved, but stored figures were not what their rows come to, before the move already; rerate verify --rebuild mends that")
	}
	return err
}

// tellMove tells on standard error how far a move has come: each table when it begins to take long, and when it is done.
func (p program) tellMove() func(models.Progress) {
	var last time.Time
	return func(now models.Progress) {
		if now.Of > 0 && now.Rows == now.Of || p.now().Sub(last) >= time.Second {
			last = p.now()
			fmt.Fprintf(p.stderr, "%-22s %10d of %d\n", strings.ReplaceAll(now.Table, "_", " "), now.Rows, now.Of)
		}
	}
}
