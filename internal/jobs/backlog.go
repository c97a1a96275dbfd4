package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Backlog is how many jobs of one queue are in one state.
type Backlog struct {
	Queue  string
	State  string // "available": due; "running"; "retryable", "scheduled": later; "discarded": given up
	Jobs   int
	Oldest time.Duration // how long the oldest is due already; negative where none is
}

// Backlogs counts the jobs that are not done.
func Backlogs(ctx context.Context, db *sql.DB, sqlite bool) ([]Backlog, error) {
	age := "EXTRACT(EPOCH FROM now() - MIN(scheduled_at))"
	if sqlite {
		age = "(julianday('now') - julianday(MIN(scheduled_at))) * 86400"
	}
	rows, err := db.QueryContext(ctx, `SELECT queue, state, COUNT(*), `+age+` FROM river_job
		WHERE state IN ('available', 'running', 'retryable', 'scheduled', 'discarded') GROUP BY queue, state`)
	if err != nil {
		return nil, fmt.Errorf("counting the jobs: %w", err)
	}
	defer rows.Close()
	var all []Backlog
	for rows.Next() {
		var b Backlog
		var seconds float64
		if err := rows.Scan(&b.Queue, &b.State, &b.Jobs, &seconds); err != nil {
			return nil, err
		}
		b.Oldest = time.Duration(seconds * float64(time.Second))
		all = append(all, b)
	}
	return all, rows.Err()
}

// Queues are the names of all queues.
var Queues = []string{"default", background, long, outside}
