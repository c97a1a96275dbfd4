package main

import (
	"context"
	"errors"
	"fmt"
)

// backup copies the database, beside a running server.
func (p program) backup(ctx context.Context, args []string) error {
	set := p.flags("backup")
	if err := p.parseFile(set, args, "backup FILE"); err != nil {
		return err
	}
	store, err := p.openConfigured(ctx)
	if err != nil {
		return err
	}
	size, err := store.Backup(ctx, set.Arg(0))
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: %.1f MB, whole and checked\n", set.Arg(0), float64(size)/1e6)
	return nil
}
