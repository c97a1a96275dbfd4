package main

import (
	"context"
	"errors"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
)

// sync runs the job of a conversation now, waiting while the queue's own worker holds it.
func (w *world) sync(conversation string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	for {
		err := w.app.service.Sync(ctx, jobs.Sync{Workspace: intercomtest.DefaultWorkspace, Conversation: conversation})
		var later jobs.Later
		if errors.As(err, &later) && ctx.Err() == nil {
			continue // the lease is held by a worker that is at work in this very process
		}
		w.must(err)
		return
	}
}
