package jobs

import "github.com/riverqueue/river"

// Args are what a job is told; every type of job here is one.
type Args = river.JobArgs

// long is the queue of work that takes minutes and whose progress somebody looks at. It has workers of its own, so that
// it neither keeps others waiting nor waits for them.
const (
	long        = "long"
	longWorkers = 3
)

// Import goes on with a file of old ratings that is being added or taken back.
type Import struct {
	Workspace string `json:"workspace"`
	Import    string `json:"import"`
}

// Kind names the job in the queue; it must never change.
func (Import) Kind() string { return "import" }

// InsertOpts put it where only other long work waits.
func (Import) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: long} }

// Backfill reads the next page of a workspace's past from Intercom.
type Backfill struct {
	Workspace string `json:"workspace"`
	Step      int    `json:"step"`
}

// Kind names the job in the queue; it must never change.
func (Backfill) Kind() string { return "backfill" }

// InsertOpts put it where only other long work waits.
func (Backfill) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: long} }

// Recount goes on with counting the figures of a workspace anew.
type Recount struct {
	Workspace string `json:"workspace"`
	Check     bool   `json:"check"`             // otherwise it is a rebuild
	Nightly   bool   `json:"nightly,omitempty"` // some of the check of every night
}

// Kind names the job in the queue; it must never change.
func (Recount) Kind() string { return "recount" }

// InsertOpts put it where only other long work waits.
func (Recount) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: long} }

// EraseDue has everything erased whose time has come.
type EraseDue struct{}

// Kind names the job in the queue; it must never change.
func (EraseDue) Kind() string { return "erase_due" }

// InsertOpts put it where only other long work waits.
func (EraseDue) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: long} }

// Erase erases of one workspace whatever its time has come for.
type Erase struct {
	Workspace string `json:"workspace"`
}

// Kind names the job in the queue; it must never change.
func (Erase) Kind() string { return "erase" }

// InsertOpts put it where only other long work waits.
func (Erase) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: long} }

// CheckFigures has some of every workspace's figures checked.
type CheckFigures struct{}

// Kind names the job in the queue; it must never change.
func (CheckFigures) Kind() string { return "check_figures" }

// InsertOpts put it where only other long work waits.
func (CheckFigures) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: long} }
