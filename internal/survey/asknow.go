package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// justAsked is how long after an ask another by hand is taken for a second click.
const justAsked = time.Minute

// AskNow asks the customer of a conversation by hand, now: with links, or with buttons where the workspace asks so in
// the Messenger. By is the id of the teammate, empty where Intercom does not say who. The request is scheduled and a job
// sends it; one that waits already is sent at once instead of another.
func (s *Service) AskNow(ctx context.Context, workspace, conversation, by string) (models.Request, error) {
	tenant := s.Store.Tenant(workspace)
	w, err := tenant.Get(ctx)
	if err != nil {
		return models.Request{}, err
	}
	if !w.Connected() {
		return models.Request{}, Error{Code: Unauthorized, Sentence: "Intercom refuses our access; sign in with Intercom again, then ask."}
	}
	if err := s.mustExist(ctx, tenant, w, conversation); err != nil {
		return models.Request{}, err
	}
	var asked models.Request
	err = tenant.Write(ctx, func(tx *models.Tx) (err error) {
		if asked, err = s.askNow(tx, conversation, by); err != nil {
			return err
		}
		return s.enqueueSync(ctx, tx, conversation, jobs.Now)
	})
	return asked, err
}

// mustExist refuses a conversation that Intercom does not have. One that was never read is looked up.
func (s *Service) mustExist(ctx context.Context, tenant models.Tenant, w models.Workspace, id string) error {
	unknown := Error{Code: NotFound, Sentence: "Intercom does not know this conversation; check its id."}
	known, err := tenant.Conversation(ctx, id)
	switch {
	case err == nil && known.DeletedAt != nil:
		return Error{Code: Conflict, Sentence: "This conversation was deleted in Intercom, so nobody can be asked in it."}
	case err == nil && known.ReadAt != nil:
		return nil
	case err != nil && !errors.Is(err, models.ErrNotFound):
		return err
	}
	client, err := s.client(w)
	if err != nil {
		return err
	}
	read, err := client.Conversation(ctx, id)
	var failed *intercom.Error
	switch {
	case errors.As(err, &failed) && failed.Temporary():
		return Error{Code: Unavailable, Sentence: "Intercom did not answer; please try again in a minute.", Cause: err}
	case errors.As(err, &failed) && failed.Unauthorized():
		return Error{Code: Unauthorized, Sentence: "Intercom refuses our access; sign in with Intercom again, then ask.", Cause: err}
	case err != nil || read.ID != id:
		unknown.Cause = err
		return unknown
	}
	return tenant.Write(ctx, func(tx *models.Tx) error {
		row, err := tx.Conversation(id)
		if err == nil {
			_, err = learnPeople(tx, row, read)
		}
		return err
	})
}

func (s *Service) askNow(tx *models.Tx, id, by string) (models.Request, error) {
	conversation, err := tx.Conversation(id)
	if err != nil {
		return models.Request{}, err
	}
	settings, err := tx.Settings()
	if err != nil {
		return models.Request{}, err
	}
	if err := mayAsk(tx, conversation, settings); err != nil {
		return models.Request{}, err
	}
	all, err := tx.RequestsOf(id)
	if err != nil {
		return models.Request{}, err
	}
	method := methodFor(conversation.Channel, settings)
	if method == models.ByWorkflowCard {
		method = models.ByLink // nobody can make a Workflow run
	}
	for _, r := range all {
		switch {
		case r.State.Open() && tx.Now.Sub(*r.SentAt) < justAsked:
			return models.Request{}, Error{Code: Conflict, Sentence: "The customer was asked less than a minute ago; give them a moment."}
		case r.State == rating.Scheduled:
			changes := map[string]any{"automatic": false, "asked_by": by, "due_at": tx.Now, "method": method}
			if err := tx.ChangeRequest(r.ID, changes); err != nil {
				return models.Request{}, err
			}
			return tx.Request(r.ID)
		}
	}
	wording, err := tx.Wording()
	if err != nil {
		return models.Request{}, err
	}
	return tx.BeginRequest(conversation, rating.Plan, models.Request{
		Method: method, WordingVersion: wording.Version, AskedBy: by, Test: settings.TestMode, DueAt: &tx.Now,
	})
}

// mayAsk refuses what even a teammate may not ask by hand.
func mayAsk(tx *models.Tx, c models.Conversation, settings models.Settings) error {
	if c.DeletedAt != nil {
		return Error{Code: Conflict, Sentence: "This conversation was deleted in Intercom, so nobody can be asked in it."}
	}
	if !settings.TestMode {
		return nil
	}
	contacts, err := tx.Participants(c.ID)
	if err != nil {
		return err
	}
	for _, contact := range contacts {
		if settings.TestContact(contact.ID, contact.Email) {
			return nil
		}
	}
	return Error{Code: Conflict, Sentence: "Test mode is on, so only test contacts are asked; add the customer to them, or switch test mode off."}
}
