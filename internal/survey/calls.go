package survey

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"rerate/internal/intercom"
	"rerate/models"
)

// The bounds of what waits to be stored.
const (
	mostWaitingCalls = 4096
	storeCallsEvery  = time.Second
	storeCallsWithin = 10 * time.Second
	callsAtOnce      = 50    // in one transaction, for which customers who answer wait
	trimAfter        = 5_000 // calls of a workspace since it was last trimmed
)

// CallLog keeps a list of the calls between Intercom and Rerate, beside everything else: whoever adds to it waits for
// nothing. Calls gather in memory, up to a bound behind which they are only counted, and are stored in batches. When
// storing fails they are lost, and that is counted.
type CallLog struct {
	store  *models.Store
	log    *slog.Logger
	called func(intercom.Made) // may be nil

	mu      sync.Mutex
	waiting []models.Call
	seen    Unlisted

	storing sync.Mutex     // one batch at a time
	fresh   map[string]int // stored since the workspace was last trimmed
}

// Unlisted counts, since this process began, the calls that are in no list.
type Unlisted struct {
	WrongSignature   int       // nobody knows whose they are
	WrongSignatureAt time.Time // the last of them
	Unreadable       int       // rightly signed, but no workspace could be read in them
	UnreadableAt     time.Time
	Lost             int // came faster than they could be stored
}

func newCallLog(store *models.Store, log *slog.Logger) *CallLog {
	return &CallLog{store: store, log: log, fresh: map[string]int{}}
}

// Add puts a call in. It never waits for the database.
func (l *CallLog) Add(c models.Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) >= mostWaitingCalls {
		l.seen.Lost++
		return
	}
	l.waiting = append(l.waiting, c)
}

// WrongSignature counts a call that Intercom did not sign.
func (l *CallLog) WrongSignature(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen.WrongSignature++
	l.seen.WrongSignatureAt = at
}

// Unreadable counts a signed call that names no workspace.
func (l *CallLog) Unreadable(at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen.Unreadable++
	l.seen.UnreadableAt = at
}

// Unlisted is what was counted by now.
func (l *CallLog) Unlisted() Unlisted {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seen
}

// Run stores what waits every second until ctx ends, and then once more.
func (l *CallLog) Run(ctx context.Context) {
	tick := time.NewTicker(storeCallsEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			l.Flush(context.WithoutCancel(ctx))
			return
		case <-tick.C:
			l.Flush(ctx)
		}
	}
}

// Flush stores what waits now, workspace by workspace.
func (l *CallLog) Flush(ctx context.Context) {
	l.storing.Lock()
	defer l.storing.Unlock()
	l.mu.Lock()
	batch := l.waiting
	l.waiting = nil
	l.mu.Unlock()
	if len(batch) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storeCallsWithin)
	defer cancel()
	calls := map[string][]models.Call{}
	for _, c := range batch {
		calls[c.WorkspaceID] = append(calls[c.WorkspaceID], c)
	}
	for workspace, of := range calls {
		if stored, err := l.storeOf(ctx, workspace, of); err != nil {
			l.mu.Lock()
			l.seen.Lost += len(of) - stored
			l.mu.Unlock()
			l.log.WarnContext(ctx, "calls could not be listed", "workspace", workspace, "calls", len(of)-stored, "error", err)
		}
	}
}

func (l *CallLog) storeOf(ctx context.Context, workspace string, calls []models.Call) (stored int, err error) {
	tenant := l.store.Tenant(workspace)
	for some := range slices.Chunk(calls, callsAtOnce) {
		if err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.AddCalls(some) }); err != nil {
			return stored, err
		}
		stored += len(some)
	}
	l.fresh[workspace] += stored
	if l.fresh[workspace] < trimAfter {
		return stored, nil
	}
	delete(l.fresh, workspace)
	if err := tenant.TrimCalls(ctx, models.KeepCalls); err != nil {
		l.log.WarnContext(ctx, "old calls could not be deleted", "workspace", workspace, "error", err)
	}
	return stored, nil
}

// outgoing makes a list entry of each call to Intercom that a client of the workspace makes.
func (l *CallLog) outgoing(workspace string) func(intercom.Made) {
	return func(m intercom.Made) {
		if l.called != nil {
			l.called(m)
		}
		c := models.Call{
			WorkspaceID: workspace, At: m.At, Direction: models.ToThem, Kind: m.Kind, Path: m.Path, ConversationID: m.Conversation,
			Status: m.Status, Outcome: OutcomeOf(m), Micros: m.Took.Microseconds(),
		}
		if m.Err != nil {
			c.Reason = intercom.Plain(m.Err)
		}
		l.Add(c)
	}
}

// OutcomeOf says how a call to Intercom ended.
func OutcomeOf(m intercom.Made) models.CallOutcome {
	switch {
	case m.Err == nil:
		return models.CallDone
	case m.Status < 400 || m.Status >= 500:
		return models.CallFailed
	}
	return models.CallRefused
}

// Answered is what becomes known of a call of Intercom's while it is answered. Use-cases find it in their context.
type Answered struct {
	Workspace    string
	Conversation string
	Test         bool // it is about a request of test mode
	Outcome      models.CallOutcome
	Reason       string
	Repeated     bool // it had come before, and changed nothing
}

type answeredKey struct{}

// Answering gives a context in which use-cases can say how a call was taken.
func Answering(ctx context.Context) (context.Context, *Answered) {
	a := &Answered{Outcome: models.CallDone}
	return context.WithValue(ctx, answeredKey{}, a), a
}

// answered is the call that is being answered; outside of one it is nobody's.
func answered(ctx context.Context) *Answered {
	if a, ok := ctx.Value(answeredKey{}).(*Answered); ok {
		return a
	}
	return &Answered{}
}

// refuse says, for the list of calls, why a call was not honoured. The reason is for the team.
func refuse(ctx context.Context, reason string) {
	a := answered(ctx)
	a.Outcome, a.Reason = models.CallRefused, reason
}

// failCall says, for the list of calls, that we could not do what was asked.
func failCall(ctx context.Context, reason string) {
	a := answered(ctx)
	a.Outcome, a.Reason = models.CallFailed, reason
}

// mention says something besides about a call that was honoured.
func mention(ctx context.Context, remark string) { answered(ctx).Reason = remark }

// repeated says that a call had come before.
func repeated(ctx context.Context, remark string) {
	a := answered(ctx)
	a.Repeated, a.Reason = true, remark
}

// listStage says, for the list of calls, that an act came too late.
func listStage(ctx context.Context, s stage) {
	switch s {
	case lateToRate:
		refuse(ctx, "The time to rate is over: windows.rate_hours in the settings.")
	case lateToChange:
		refuse(ctx, "The time to change a rating is over: windows.change_hours in the settings.")
	case replaced:
		refuse(ctx, "A newer request has taken the place of this one.")
	case asks, asksAgain, saved, finished:
	}
}
