package jobs

import "github.com/riverqueue/river"

// outside is the queue of what is sent to addresses that are neither ours nor Intercom's. Such a call may take ten seconds,
// so it has workers of its own, of which each endpoint keeps one busy at most.
const (
	outside        = "outside"
	outsideWorkers = 5
)

// Deliver sends an endpoint what is due. At is the time that it is put in for, in seconds since 1970, where that is later
// than now: so that jobs for other times are other jobs.
type Deliver struct {
	Workspace string `json:"workspace"`
	Endpoint  string `json:"endpoint"`
	At        int64  `json:"at,omitempty"`
}

// Kind names the job in the queue; it must never change.
func (Deliver) Kind() string { return "deliver" }

// InsertOpts put it where only other calls to the outside wait.
func (Deliver) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: outside} }
