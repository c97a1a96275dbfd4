package jobs

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// A workspace with ten thousand jobs must not keep another one's note waiting. The queue takes jobs by their priority, 1 to
// 4, then by their time; so what a workspace puts in beyond its share gets a lower priority, and of the workers of a queue
// one workspace holds half at most.
const (
	shareOfWorkers = workers / 2
	crowdedPause   = 2 * time.Second

	ease = 10 // jobs in a second that a workspace puts in and is forgotten again
)

// crowds are how many jobs of a workspace, not forgotten yet, still get a priority: its index and one.
var crowds = []float64{50, 500, 5_000}

// fair gives each workspace its share. It knows what this process has put in and is working on; it is safe for concurrent use.
type fair struct {
	river.HookDefaults
	river.MiddlewareDefaults

	now func() time.Time

	mu      sync.Mutex
	put     map[string]*level
	running map[string]int // in the queue where notes are written
}

// level is what a workspace has put in, less what has been forgotten since.
type level struct {
	jobs float64
	at   time.Time
}

func newFair() *fair {
	return &fair{now: time.Now, put: map[string]*level{}, running: map[string]int{}}
}

// workspaceOf reads whose a job is; "" is nobody's, such as a schedule.
func workspaceOf(args []byte) string {
	var job struct {
		Workspace string `json:"workspace"`
	}
	if json.Unmarshal(args, &job) != nil {
		return ""
	}
	return job.Workspace
}

// InsertBegin gives a job its priority.
func (f *fair) InsertBegin(_ context.Context, job *rivertype.JobInsertParams) error {
	if workspace := workspaceOf(job.EncodedArgs); workspace != "" {
		job.Priority = max(job.Priority, f.priority(workspace))
	}
	return nil
}

func (f *fair) priority(workspace string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.now()
	f.forget(now)
	l := f.put[workspace]
	if l == nil {
		l = &level{at: now}
		f.put[workspace] = l
	}
	l.jobs = l.left(now) + 1
	l.at = now
	for i, most := range crowds {
		if l.jobs <= most {
			return i + 1
		}
	}
	return len(crowds) + 1
}

func (l *level) left(now time.Time) float64 { return max(0, l.jobs-ease*now.Sub(l.at).Seconds()) }

// forget drops workspaces that have nothing left, once there are many.
func (f *fair) forget(now time.Time) {
	if len(f.put) < 1_000 {
		return
	}
	for workspace, l := range f.put {
		if l.left(now) == 0 {
			delete(f.put, workspace)
		}
	}
}

// Work lets a job run unless its workspace holds its share of the workers already: then it comes again, which is no attempt.
func (f *fair) Work(ctx context.Context, job *rivertype.JobRow, run func(context.Context) error) error {
	workspace := workspaceOf(job.EncodedArgs)
	if workspace == "" || job.Queue != river.QueueDefault {
		return run(ctx)
	}
	if !f.begin(workspace) {
		return river.JobSnooze(crowdedPause + rand.N(crowdedPause)) //nolint:gosec // spreading load needs no secrecy
	}
	defer f.end(workspace)
	return run(ctx)
}

func (f *fair) begin(workspace string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running[workspace] >= shareOfWorkers {
		return false
	}
	f.running[workspace]++
	return true
}

func (f *fair) end(workspace string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.running[workspace]--; f.running[workspace] == 0 {
		delete(f.running, workspace)
	}
}
