package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rerate/models"
)

// verify counts the figures anew beside a running server and says which stored ones differ; with --rebuild it mends them.
func (p program) verify(ctx context.Context, args []string) error {
	set := p.flags("verify")
	workspace := set.String("workspace", "", "Intercom's id of the workspace, such as a86dr8yl; without it all of them")
	rebuild := set.Bool("rebuild", false, "build the figures again")
	if err := parse(set, args); err != nil {
		return err
	}
	store, err := p.openConfigured(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	count := p.check
	if *rebuild {
		count = p.rebuild
	}
	drifted, err := p.verifyAll(ctx, store, *workspace, count)
	if err != nil {
		return err
	}
	if drifted > 0 && !*rebuild {
		return fmt.Errorf("%s not what %s rows come to; rerate verify --rebuild mends that", values(drifted), map[bool]string{true: "its", false: "their"}[drifted == 1])
	}
	return nil
}

// verifyAll counts a workspace, or all, and tells what it found.
func (p program) verifyAll(ctx context.Context, store *models.Store, workspace string, count func(context.Context, models.Tenant) (models.Recount, error)) (drifted int64, err error) {
	workspaces, err := chosen(ctx, store, workspace)
	if err != nil {
		return 0, err
	}
	for _, w := range workspaces {
		r, err := count(ctx, store.Tenant(w.ID))
		if err != nil {
			return drifted, fmt.Errorf("workspace %s: %w", w.ID, err)
		}
		p.tellDrift(w, r)
		drifted += r.Drifted
	}
	return drifted, nil
}

// chosen is the workspace that was named, or all.
func chosen(ctx context.Context, store *models.Store, id string) ([]models.Workspace, error) {
	if id == "" {
		return store.AllWorkspaces(ctx)
	}
	w, err := store.Tenant(id).Get(ctx)
	if errors.Is(err, models.ErrNotFound) {
		return nil, fmt.Errorf("--workspace %q has not installed Rerate; sign in with Intercom first", id)
	}
	return []models.Workspace{w}, err
}

func (p program) check(ctx context.Context, tenant models.Tenant) (models.Recount, error) {
	r, tell := models.NewRecount(models.Check, models.RecountAsked), p.percent(tenant.Workspace)
	for r.UnderWay() {
		if err := tenant.CheckPiece(ctx, &r); err != nil {
			return r, err
		}
		tell(r)
	}
	return r, nil
}

// restOfRebuild is how long others may write between two pieces. A server queues its own writers up, but another process
// tries in vain until it happens to find the database free.
const restOfRebuild = 5 * time.Millisecond

func (p program) rebuild(ctx context.Context, tenant models.Tenant) (models.Recount, error) {
	if err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.BeginRecount(models.Rebuild, models.RecountAsked) }); err != nil {
		return models.Recount{}, err
	}
	tell := p.percent(tenant.Workspace)
	for {
		r, err := tenant.GoOn(ctx, models.Rebuild)
		if err != nil || !r.UnderWay() {
			return r, err
		}
		tell(r)
		select {
		case <-ctx.Done():
			return r, ctx.Err()
		case <-time.After(restOfRebuild):
		}
	}
}

// percent tells on standard error how far a recount has come, at every tenth.
func (p program) percent(workspace string) func(models.Recount) {
	told := 0
	return func(r models.Recount) {
		if tenth := r.Percent() / 10; tenth > told {
			told = tenth
			fmt.Fprintf(p.stderr, "%3d %% %s\n", tenth*10, workspace)
		}
	}
}

func (p program) tellDrift(w models.Workspace, r models.Recount) {
	fmt.Fprintf(p.stdout, "%s (%s): ", w.ID, w.Name)
	switch {
	case r.Drifted == 0:
		fmt.Fprintln(p.stdout, "every figure is what its rows come to")
		return
	case r.Kind == models.Rebuild:
		fmt.Fprintf(p.stdout, "%s mended\n", values(r.Drifted))
	default:
		fmt.Fprintf(p.stdout, "%s wrong\n", values(r.Drifted))
	}
	for _, d := range r.Drifts {
		fmt.Fprintln(p.stdout, "  "+d.String())
	}
	if more := r.Drifted - int64(len(r.Drifts)); more > 0 {
		fmt.Fprintf(p.stdout, "  and %d more\n", more)
	}
}

// values begins a sentence about so many of them.
func values(n int64) string {
	if n == 1 {
		return "1 value is"
	}
	return fmt.Sprintf("%d values are", n)
}
