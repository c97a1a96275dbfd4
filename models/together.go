package models

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// Act names the rows that an answer of a customer is decided by, so that those of many answers are read at once.
type Act struct {
	Conversation string
	Contact      string // empty: not known
	Email        string // of the contact, as Intercom says it; empty: not known
}

// ErrBusy means that more acts wait for the database than it takes in the time that a customer waits.
var ErrBusy = errors.New("too many answers wait for the database; try again")

// The bounds of acts that share a transaction.
const (
	mostWaitingActs = 1024            // more are refused
	mostActs        = 128             // in one transaction
	actsPatience    = 8 * time.Second // for one transaction; Intercom waits 10 s for a card
)

// Together is Write for an answer of a customer: what is done at the same time is made durable by one commit, which is what
// an answer costs most. Whoever comes alone waits for nobody. An act that fails leaves the others what they are, two acts on
// one conversation come one after the other, and do may run twice, the second time after nothing of the first was stored.
//
// The rows that the act names are read for all acts at once, and what is written for them is written at once. An act that
// needs other rows is done by itself within the same transaction.
func (t Tenant) Together(ctx context.Context, rows Act, do func(*Tx) error) error {
	a := &act{Act: rows, tenant: t, do: do, done: make(chan error, 1)}
	if err := t.store.group.add(a); err != nil {
		return err
	}
	defer t.store.group.answered.Add(1)
	select {
	case err := <-a.done:
		return err
	case <-ctx.Done():
	}
	if t.store.group.forget(a) {
		return ctx.Err()
	}
	return <-a.done // it is being done
}

// act is one call of Together on its way.
type act struct {
	Act
	tenant Tenant
	do     func(*Tx) error
	done   chan error
	failed error
}

func (a *act) conversation() [2]string { return [2]string{a.tenant.Workspace, a.Conversation} }

// group does acts, one transaction at a time.
type group struct {
	store    *Store
	log      *syncer      // nil: a commit is durable when it returns
	came     atomic.Int64 // acts, since the start
	answered atomic.Int64 // of these
	mu       sync.Mutex
	wait     []*act
	wake     chan struct{}
	ended    chan struct{}
	end      bool
	refused  int // since the start, since too many waited
}

func newGroup(s *Store) *group {
	g := &group{store: s, wake: make(chan struct{}, 1), ended: make(chan struct{})}
	if s.dialect == SQLite {
		g.log = newSyncer(s.path + "-wal")
	}
	go g.run()
	return g
}

func (g *group) add(a *act) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.end:
		return errors.New("the database is closed")
	case g.waiting() >= mostWaitingActs:
		g.refused++
		return ErrBusy
	}
	g.wait = append(g.wait, a)
	g.came.Add(1)
	g.signal()
	return nil
}

// waiting counts the acts that wait for a transaction or for the disk. The caller holds mu.
func (g *group) waiting() int {
	n := len(g.wait)
	if g.log != nil {
		n += int(g.log.held.Load())
	}
	return n
}

// forget takes back an act that nobody waits for any more; false when it has begun.
func (g *group) forget(a *act) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.wait, a)
	if i < 0 {
		return false
	}
	g.wait = slices.Delete(g.wait, i, i+1)
	return true
}

// refuse answers everybody who waits.
func (g *group) refuse(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range g.wait {
		a.done <- err
	}
	g.wait = nil
}

// Acts counts the calls of Together since the store was opened, and those of them that have ended.
func (s *Store) Acts() (came, answered int64) { return s.group.came.Load(), s.group.answered.Load() }

// writersBesideGroup is how many transactions may be under way or in line beside that of the group.
func writersBesideGroup(d Dialect) int {
	if d == SQLite {
		return 1
	}
	return 1 << 10 // the pool bounds them
}

func (g *group) signal() {
	select {
	case g.wake <- struct{}{}:
	default:
	}
}

// close does what waits, then ends.
func (g *group) close() {
	g.mu.Lock()
	g.end = true
	g.signal()
	g.mu.Unlock()
	<-g.ended
}

func (g *group) run() {
	defer close(g.ended)
	if g.log != nil {
		defer g.log.close()
	}
	for range g.wake {
		for {
			acts, more := g.take()
			if len(acts) > 0 {
				g.doAll(acts)
			}
			if !more {
				break
			}
		}
		g.mu.Lock()
		ended := g.end && len(g.wait) == 0
		g.mu.Unlock()
		if ended {
			return
		}
	}
}

// take takes what waits, of each conversation the oldest act only.
func (g *group) take() (acts []*act, more bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	taken := map[[2]string]bool{}
	var rest []*act
	for _, a := range g.wait {
		switch {
		case len(acts) == mostActs || taken[a.conversation()]:
			rest = append(rest, a)
		default:
			taken[a.conversation()] = true
			acts = append(acts, a)
		}
	}
	g.wait = rest
	return acts, len(rest) > 0
}

// doAll does acts in one transaction, or each in one of its own where that fails, for then the reason may be one act's.
func (g *group) doAll(acts []*act) {
	// One order for everybody who takes several conversations.
	slices.SortFunc(acts, func(a, b *act) int {
		return cmp.Or(cmp.Compare(a.tenant.Workspace, b.tenant.Workspace), cmp.Compare(a.Conversation, b.Conversation))
	})
	ctx, cancel := context.WithTimeout(context.Background(), actsPatience)
	defer cancel()
	begun, written := false, false
	unsynced := committedActs{}
	err := g.transaction(ctx, &unsynced, func(db *gorm.DB) error {
		begun = true
		within := ctx
		if g.store.dialect == SQLite {
			within = context.WithoutCancel(ctx) // its statements do not wait, and each would be watched by a goroutine
		}
		err := g.inOne(within, db, acts)
		written = err == nil
		return err
	})
	if !begun {
		g.refuse(err) // who waits behind them has waited as long
	}
	for _, a := range acts {
		switch {
		case a.failed != nil:
			a.done <- a.failed
		case err == nil && g.log != nil:
			unsynced.acts = append(unsynced.acts, a)
		case err == nil, !begun, written, ctx.Err() != nil: // where the commit itself failed nobody knows what is stored
			a.done <- err
		default:
			a.done <- Tenant{g.store, a.tenant.Workspace}.Write(ctx, guarded(a.do))
		}
	}
	if g.log != nil {
		g.log.add(unsynced)
	}
}

// transaction is one in which acts are done. Where the log is brought to the disk beside the next, it fills in who is told.
func (g *group) transaction(ctx context.Context, unsynced *committedActs, do func(*gorm.DB) error) error {
	if g.log == nil {
		return g.store.db.WithContext(ctx).Transaction(do)
	}
	return g.store.commitToLog(ctx, unsynced, do)
}

// inOne does all acts within a transaction.
func (g *group) inOne(ctx context.Context, db *gorm.DB, acts []*act) error {
	for now := g.store.now(); len(acts) > 0; {
		n := slices.IndexFunc(acts, func(a *act) bool { return a.tenant.Workspace != acts[0].tenant.Workspace })
		if n < 0 {
			n = len(acts)
		}
		if err := g.inWorkspace(ctx, db, acts[:n], now); err != nil {
			return err
		}
		acts = acts[n:]
	}
	return nil
}

func (g *group) inWorkspace(ctx context.Context, db *gorm.DB, acts []*act, now time.Time) error {
	whole := g.store.newTx(ctx, db, acts[0].tenant.Workspace, now)
	rows, err := whole.knownOf(acts)
	if err != nil {
		return err
	}
	whole.settings, whole.held = &rows.workspace.Settings, true
	for _, a := range acts {
		tx, err := g.do(ctx, db, a, rows, now)
		if err != nil {
			return err
		}
		if tx != nil {
			whole.takeIn(tx)
			for _, c := range tx.written.contacts {
				rows.contacts[c.ID] = c // the next act of the same contact need not save it
			}
		}
	}
	if err := whole.write(); err != nil {
		return err
	}
	return whole.moveRollups()
}

// do does one act, with the rows that are known or, where these are not enough, by itself. It answers nil for an act that
// failed.
func (g *group) do(ctx context.Context, db *gorm.DB, a *act, rows *knownRows, now time.Time) (*Tx, error) {
	tx := g.store.newTx(ctx, g.store.unknown, a.tenant.Workspace, now)
	tx.known = &known{knownRows: rows, Act: a.Act}
	a.failed = guarded(a.do)(tx)
	switch {
	case a.failed == nil:
		return tx, nil
	case !errors.Is(a.failed, errUnknown):
		return nil, nil
	}
	tx = g.store.newTx(ctx, db, a.tenant.Workspace, now)
	if err := db.SavePoint("act").Error; err != nil {
		return nil, err
	}
	if a.failed = guarded(a.do)(tx); a.failed != nil {
		return nil, db.RollbackTo("act").Error
	}
	return tx, nil
}

// takeIn has tx store, and the rollups move by, what an act of the same workspace has come to.
func (tx *Tx) takeIn(other *Tx) {
	tx.written.add(other.written)
	tx.before, tx.next = append(tx.before, other.before...), append(tx.next, other.next...)
	if tx.asks == nil && other.asks != nil {
		tx.asks = map[string]*ask{}
	}
	maps.Copy(tx.asks, other.asks)
}

// guarded makes an error of a panic, which would end the process here.
func guarded(do func(*Tx) error) func(*Tx) error {
	return func(tx *Tx) (err error) {
		defer func() {
			if cause := recover(); cause != nil {
				err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
			}
		}()
		return do(tx)
	}
}
