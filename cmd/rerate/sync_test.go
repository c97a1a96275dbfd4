package main

import (
	"context"
	"errors"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/models"
)

// try runs the job of a conversation once, waiting while the queue's own worker holds it.
func (w *world) try(ctx context.Context, conversation string) error {
	return w.tryIn(ctx, intercomtest.DefaultWorkspace, conversation)
}

func (w *world) tryIn(ctx context.Context, workspace, conversation string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := w.app.service.Sync(ctx, jobs.Sync{Workspace: workspace, Conversation: conversation})
		var later jobs.Later
		if errors.As(err, &later) && later.Pause < time.Second && ctx.Err() == nil {
			continue // the lease is held by a worker that is at work in this very process
		}
		return err
	}
}

// sync runs the job of a conversation, which must succeed.
func (w *world) sync(conversation string) {
	w.t.Helper()
	w.must(w.try(w.ctx, conversation))
}

// writes are the write-backs of a rating by kind.
func (w *world) writes(rating string) map[models.WriteBackKind]models.WriteBack {
	w.t.Helper()
	all, err := w.tenant.WriteBacksOf(w.ctx, rating)
	w.must(err)
	byKind := map[models.WriteBackKind]models.WriteBack{}
	for _, b := range all {
		byKind[b.Kind] = b
	}
	return byKind
}

// ours is the newest rating of a conversation that Rerate asked for.
func (w *world) ours(conversation string) models.Rating {
	w.t.Helper()
	var found models.Rating
	for _, r := range w.ratings(conversation) {
		if r.Source == models.FromCard {
			found = r
		}
	}
	if found.ID == "" {
		w.t.Fatalf("conversation %s has no rating of ours", conversation)
	}
	return found
}
