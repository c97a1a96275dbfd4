package main

import (
	"context"
	"fmt"

	"rerate/models"
)

// restore puts a backup in the place of the SQLite database.
func (p program) restore(ctx context.Context, args []string) error {
	set := p.flags("restore")
	replace := set.Bool("replace", false, "put the database that is there aside, under a name that says when")
	if err := p.parseFile(set, args, "restore [--replace] FILE"); err != nil {
		return err
	}
	c, err := readConfig(p.lookup)
	if err != nil {
		return err
	}
	done, err := models.Restoring{
		To: c.DatabaseURL, From: set.Arg(0), Replace: *replace, Others: []models.Migration{migrateQueue}, Now: p.now,
	}.Run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s was restored: %.1f MB, whole and checked\n", set.Arg(0), float64(done.Size)/1e6)
	if !done.Summed {
		fmt.Fprintln(p.stdout, "It held no sum of its bytes, since it was changed after the backup or not made by rerate backup: its structure was checked, each text was not.")
	}
	if done.Aside != "" {
		fmt.Fprintf(p.stdout, "The database that was there before is %s now.\n", done.Aside)
	}
	return nil
}
