package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"rerate/internal/survey"
	"rerate/models"
)

// erase erases a contact or a whole workspace, beside a running server.
func (p program) erase(ctx context.Context, args []string) error {
	set := p.flags("erase")
	workspace := set.String("workspace", "", "Intercom's id of the workspace, such as a86dr8yl")
	contact := set.String("contact", "", "Intercom's id of a contact; without it everybody of the workspace is erased")
	yes := set.Bool("yes", false, "do not ask for the workspace's name first")
	if err := parse(set, args); err != nil {
		return err
	}
	store, err := p.openConfigured(ctx)
	if err != nil {
		return err
	}
	defer store.Close()
	w, err := store.Tenant(*workspace).Get(ctx)
	if errors.Is(err, models.ErrNotFound) {
		return fmt.Errorf("--workspace %q has not installed Rerate; there is nothing to erase", *workspace)
	} else if err != nil {
		return err
	}
	service := survey.New(survey.Config{Store: store, Now: p.now, Log: p.log()})
	named := false
	set.Visit(func(f *flag.Flag) { named = named || f.Name == "contact" })
	if named {
		return p.eraseContact(ctx, service, w.ID, *contact)
	}
	return p.eraseWorkspace(ctx, service, w, *yes)
}

func (p program) eraseContact(ctx context.Context, service *survey.Service, workspace, contact string) error {
	stored, err := service.Store.Tenant(workspace).StoresOf(ctx, contact)
	if err != nil {
		return err
	}
	if !stored {
		return fmt.Errorf("nothing is stored of a contact %q in workspace %s", contact, workspace)
	}
	if err := service.EraseContact(ctx, workspace, contact); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Contact %s is erased: who they are and every word of theirs. Scores stay as counts.\n", contact)
	return nil
}

func (p program) eraseWorkspace(ctx context.Context, service *survey.Service, w models.Workspace, yes bool) error {
	if !yes {
		fmt.Fprintf(p.stdout, "This disconnects %s and erases who its customers and teammates are and every word of theirs, for good. Scores stay as counts.\n"+
			"Type its name to go on: ", w.Name)
		typed, _ := bufio.NewReader(p.stdin).ReadString('\n')
		if strings.TrimSpace(typed) != w.Name {
			return errors.New("that is not its name; nothing was erased")
		}
	}
	if err := service.EraseWorkspace(ctx, w.ID); err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "Workspace %s is erased. Uninstall the app in Intercom too, else Intercom goes on sending.\n", w.ID)
	return nil
}
