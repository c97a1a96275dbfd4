package intercomtest

import (
	"context"
	"time"
)

// patience is how long a page waits for the app before it is shown without the app's answer, which the page's script then brings.
const patience = time.Second

// soon asks the app for something, once at a time, and comes back when it is there or patience is over. It goes on asking
// when the reader has left.
func (p *pages) soon(ctx context.Context, what string, ask func(context.Context)) {
	p.mu.Lock()
	if p.waiting[what] {
		p.mu.Unlock()
		return
	}
	p.waiting[what] = true
	p.mu.Unlock()

	done := make(chan struct{})
	go func() {
		ask(context.WithoutCancel(ctx))
		p.mu.Lock()
		delete(p.waiting, what)
		p.mu.Unlock()
		close(done)
	}()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
	}
}

// waitsFor says whether the app is still being asked, and why what was asked for last is not there.
func (p *pages) waitsFor(what string) (waiting bool, note string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.waiting[what], p.notes[what]
}

func (p *pages) keepNote(what, note string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.notes[what] = note
}
