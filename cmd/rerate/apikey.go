package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"rerate/handlers"
	"rerate/models"
)

// apikey creates a key beside a running server and prints it, once.
func (p program) apikey(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] != "create" {
		fmt.Fprintln(p.stderr, "usage: rerate apikey create --workspace ID --name NAME [--read-only]")
		return errUsage
	}
	set := p.flags("apikey create")
	workspace := set.String("workspace", "", "Intercom's id of the workspace, such as a86dr8yl")
	name := set.String("name", "", "what the key is for")
	readOnly := set.Bool("read-only", false, "the key may read and change nothing")
	if err := parse(set, args[1:]); err != nil {
		return err
	}
	store, err := p.openConfigured(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	tenant := store.Tenant(*workspace)
	if _, err := tenant.Get(ctx); errors.Is(err, models.ErrNotFound) {
		return fmt.Errorf("--workspace %q has not installed Rerate; sign in with Intercom first", *workspace)
	} else if err != nil {
		return err
	}
	key, _, err := handlers.NewAPIKey(ctx, tenant, rand.Reader, *name, "the command line", *readOnly)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, key)
	return nil
}
