package survey

import (
	"context"
	"errors"
	"slices"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// gateName is the conversation attribute that a customer's Workflow looks at before it shows the card.
const gateName = "Ask for rating"

var gate = attribute{gateName, "boolean", "Rerate: this conversation is to be asked for a rating now"}

// turnGate sets the attribute when a request waits for the customer's Workflow, and takes it back when none does any
// more. Conversations that were never asked in this way are left alone.
func (s *Service) turnGate(ctx context.Context, tenant models.Tenant, client *intercom.Client, read intercom.Conversation) error {
	requests, err := tenant.RequestsOf(ctx, read.ID)
	if err != nil {
		return err
	}
	now := s.Now()
	var waiting *models.Request
	for _, r := range requests {
		if r.Method == models.ByWorkflowCard && r.State == rating.Scheduled && !r.DueAt.After(now) {
			waiting = &r
		}
	}
	isOn, _ := read.CustomAttributes[gateName].(bool)
	if isOn == (waiting != nil) {
		return nil
	}
	if waiting != nil {
		if err := ensureAttributes(ctx, client, gate); err != nil && !isRefusal(err) {
			return err
		}
	}
	err = client.SetConversationAttributes(ctx, read.ID, map[string]any{gateName: waiting != nil})
	if waiting == nil || err == nil {
		return withoutRefusal(err)
	}
	return errors.Join(tenant.Write(context.WithoutCancel(ctx), func(tx *models.Tx) error {
		o, failed := outcomeOf(tx, err)
		if failed != nil {
			return failed
		}
		if o.state == models.GaveUp {
			_, failed = tx.MoveRequest(*waiting, rating.GiveUp, map[string]any{"detail": o.detail})
		}
		return failed
	}), withoutRefusal(err))
}

// withoutRefusal is an error that is worth another try.
func withoutRefusal(err error) error {
	if isRefusal(err) {
		return nil
	}
	var failed *intercom.Error
	if errors.As(err, &failed) && failed.Unauthorized() {
		return nil
	}
	return err
}

// openGate makes the request that waits for the customer's Workflow the one that the Workflow's card shows.
func openGate(tx *models.Tx, conversation models.Conversation) (models.Request, bool, error) {
	all, err := tx.RequestsOf(conversation.ID)
	if err != nil {
		return models.Request{}, false, err
	}
	at := slices.IndexFunc(all, func(r models.Request) bool {
		return r.Method == models.ByWorkflowCard && r.State == rating.Scheduled && !r.DueAt.After(tx.Now.Add(time.Minute))
	})
	if at < 0 {
		return models.Request{}, false, nil
	}
	sent, err := tx.MoveRequest(all[at], rating.Send, map[string]any{"sent_at": tx.Now})
	if err != nil {
		return models.Request{}, false, err
	}
	return sent, true, replaceOpen(tx, sent)
}
