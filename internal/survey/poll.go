package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/models"
)

// The bounds of the poll.
const (
	// Intercom's index of conversations lags behind, by seconds or minutes (OpenAPI 2.16, search).
	pollOverlap = 10 * time.Minute
	// After a longer outage of ours no more than this is looked through; the back-fill has the rest.
	pollReach = 7 * 24 * time.Hour
	// Pages of one run, of up to 150 conversations each. Then others have their turn.
	pollPages = 10
	pollPause = 5 * time.Second
)

// PollAll puts in a poll of every connected workspace, so that the trouble of one is not that of another.
func (s *Service) PollAll(ctx context.Context, _ jobs.PollAll) error {
	workspaces, err := s.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, w := range workspaces {
		if !w.Connected() {
			continue
		}
		failed = append(failed, s.Store.Tenant(w.ID).Write(ctx, func(tx *models.Tx) error {
			sqlTx, err := tx.SQL()
			if err != nil {
				return err
			}
			return s.queue.EnqueueOnceTx(ctx, sqlTx, jobs.Poll{Workspace: w.ID})
		}))
	}
	return errors.Join(failed...)
}

// Poll finds what no webhook told: closes, changed ratings of Intercom's own and late remarks. It looks through the
// conversations that changed since the last look and puts in a Sync for each that is not as it was when Rerate read it.
// How far it has come is stored page by page, so it goes on where it was broken off.
func (s *Service) Poll(ctx context.Context, job jobs.Poll) error {
	tenant := s.Store.Tenant(job.Workspace)
	w, err := tenant.Get(ctx)
	if errors.Is(err, models.ErrNotFound) || (err == nil && !w.Connected()) {
		return nil
	}
	if err != nil {
		return err
	}
	client, err := s.client(w)
	if err != nil {
		return nil //nolint:nilerr // a Sync says so on the dashboard; the poll has nobody who waits for it
	}
	look, err := tenant.Poll(ctx)
	if errors.Is(err, models.ErrNotFound) {
		look, err = s.newLook(w), nil
	}
	if err != nil {
		return err
	}
	for range pollPages {
		if wait, ok := client.Spare(); !ok {
			return jobs.Later{Pause: wait, Cause: errors.New("the calls that are left are for what somebody waits for")}
		}
		page, err := client.SearchConversations(ctx, changedIn(look), look.NextPage)
		if err != nil {
			return pollFailed(ctx, tenant, look, err)
		}
		look.NextPage = page.Next
		if err := s.takePage(ctx, tenant, look, page.Conversations); err != nil || look.NextPage == "" {
			return err
		}
	}
	return jobs.Later{Pause: pollPause, Cause: errors.New("there are more pages")}
}

// newLook begins where the last one ended, a little earlier, and in a new workspace with its installation.
func (s *Service) newLook(w models.Workspace) models.Poll {
	now := s.Now().UTC()
	since := w.InstalledAt
	if w.PolledUntil != nil {
		since = w.PolledUntil.Add(-pollOverlap)
	}
	if far := now.Add(-pollReach); since.Before(far) {
		since = far
	}
	return models.Poll{Since: since, Until: now}
}

// changedIn finds what was changed last in the time of the look: what changes while it is under way belongs to the
// next one. Whether > and < mean "or equal" is documented both ways, so a second is added on both sides.
func changedIn(look models.Poll) intercom.Query {
	return intercom.And(
		intercom.Query{Field: "updated_at", Operator: ">", Value: look.Since.Unix() - 1},
		intercom.Query{Field: "updated_at", Operator: "<", Value: look.Until.Unix() + 1},
	)
}

// takePage puts in a Sync for each conversation of a page that needs one, and remembers how far the look has come.
func (s *Service) takePage(ctx context.Context, tenant models.Tenant, look models.Poll, found []intercom.Conversation) error {
	return tenant.Write(ctx, func(tx *models.Tx) error {
		ids := make([]string, len(found))
		for i, c := range found {
			ids[i] = c.ID
		}
		known, err := tx.KnownConversations(ids...)
		if err != nil {
			return err
		}
		for _, c := range found {
			if !needsSync(known[c.ID], c) {
				continue
			}
			if err := s.syncOnce(ctx, tx, c.ID); err != nil {
				return err
			}
		}
		if look.NextPage == "" {
			return tx.FinishPoll(look)
		}
		return tx.SavePoll(look)
	})
}

// needsSync says whether a conversation is not as it was when it was read, by Intercom's own time of its last change, so
// that no clock of ours matters. One that was never read matters once it is closed or rated.
func needsSync(known models.Conversation, found intercom.Conversation) bool {
	switch {
	case known.DeletedAt != nil:
		return false
	case known.ChangedAt == nil:
		return found.State == "closed" || found.Rating != nil && found.Rating.Score > 0
	}
	return !known.ChangedAt.Truncate(time.Second).Equal(found.UpdatedAt.Truncate(time.Second))
}

// syncOnce puts in a Sync of a conversation unless one waits, and begins the row that its lease is taken on.
func (s *Service) syncOnce(ctx context.Context, tx *models.Tx, conversation string) error {
	if _, err := tx.Conversation(conversation); err != nil {
		return err
	}
	sqlTx, err := tx.SQL()
	if err != nil {
		return err
	}
	return s.queue.EnqueueOnceTx(ctx, sqlTx, jobs.Sync{Workspace: tx.Workspace, Conversation: conversation})
}

// pollFailed decides when the look goes on. A place in the list that Intercom no longer knows means to begin the look
// again; it is repeated without harm.
func pollFailed(ctx context.Context, tenant models.Tenant, look models.Poll, cause error) error {
	var failed *intercom.Error
	if !errors.As(cause, &failed) {
		return cause
	}
	if wait, limited := failed.RateLimited(); limited {
		return jobs.Later{Pause: wait, Cause: cause}
	}
	switch {
	case failed.Unauthorized():
		return tenant.Write(ctx, func(tx *models.Tx) error { return tx.TokenInvalid() })
	case failed.Temporary() || look.NextPage == "":
		return cause
	}
	look.NextPage = ""
	err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.SavePoll(look) })
	return errors.Join(err, jobs.Later{Pause: pollPause, Cause: cause})
}
