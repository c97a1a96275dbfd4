package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// GivenUp is a job that has failed as often as it may. It is kept for a week, and is worked on again only when somebody says so.
type GivenUp struct {
	ID           int64
	Kind         string
	Conversation string // "" where it is not about one
	At           time.Time
	Attempts     int
}

// ErrNoSuchJob means that a job is not there, is not the workspace's, or has not been given up.
var ErrNoSuchJob = errors.New("no such job was given up")

// GivenUp lists the jobs of a workspace that were given up, the newest first.
func (q *Queue) GivenUp(ctx context.Context, workspace string, most int) ([]GivenUp, error) {
	found, err := q.client.JobList(ctx, ofWorkspace(workspace).First(most).OrderBy(river.JobListOrderByTime, river.SortOrderDesc))
	if err != nil {
		return nil, err
	}
	jobs := make([]GivenUp, 0, len(found.Jobs))
	for _, row := range found.Jobs {
		job := GivenUp{ID: row.ID, Kind: row.Kind, Attempts: row.Attempt}
		var about struct {
			Conversation string `json:"conversation"`
		}
		if json.Unmarshal(row.EncodedArgs, &about) == nil {
			job.Conversation = about.Conversation
		}
		if row.FinalizedAt != nil {
			job.At = *row.FinalizedAt
		}
		jobs = append(jobs, job)
	}
	return jobs, nil
}

// TryAgain has a job of the workspace that was given up worked on again, once, or answers ErrNoSuchJob.
func (q *Queue) TryAgain(ctx context.Context, workspace string, id int64) error {
	found, err := q.client.JobList(ctx, ofWorkspace(workspace).IDs(id).First(1))
	if err != nil {
		return err
	}
	if len(found.Jobs) == 0 {
		return ErrNoSuchJob
	}
	_, err = q.client.JobRetry(ctx, id)
	return err
}

// ofWorkspace is the jobs that were given up, of one workspace; the arrow is the same in both databases.
func ofWorkspace(workspace string) *river.JobListParams {
	return river.NewJobListParams().States(rivertype.JobStateDiscarded).
		Where("args ->> 'workspace' = @workspace", river.NamedArgs{"workspace": workspace})
}
