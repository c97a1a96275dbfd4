package survey

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// leaseTime is how long one worker owns a conversation: longer than a job may run.
const leaseTime = 2 * time.Minute

// busyPause is how long to wait for another worker of the same conversation.
const busyPause = 500 * time.Millisecond

// Sync brings one conversation in line: it is read from Intercom, the first rating is filled in if it was unknown,
// contacts are verified, credit is taken, and what is due is written back. It may run any number of times.
func (s *Service) Sync(ctx context.Context, job jobs.Sync) error {
	if wait, held := s.heldBack(job.Workspace); held {
		return jobs.Later{Pause: wait, Cause: errors.New("no call can be made now")}
	}
	tenant := s.Store.Tenant(job.Workspace)
	lease, leased := s.NewID(), s.Now()
	mine, err := tenant.LeaseConversation(ctx, job.Conversation, lease, leaseTime)
	if err != nil {
		return err
	}
	if !mine {
		if _, err := tenant.Conversation(ctx, job.Conversation); errors.Is(err, models.ErrNotFound) {
			return nil
		}
		return jobs.Later{Pause: busyPause, Cause: errors.New("another worker writes to the conversation")}
	}
	defer func() {
		// The lease must be given back even when the job ran out of time.
		if err := tenant.ReleaseConversation(context.WithoutCancel(ctx), job.Conversation, lease); err != nil {
			s.Log.ErrorContext(ctx, "releasing a conversation failed", "conversation", job.Conversation, "error", err)
		}
	}()
	ctx = intercom.Until(ctx, leased.Add(leaseTime-intercom.CallTimeout))
	w, err := tenant.Get(ctx)
	if err != nil {
		return err
	}
	if !w.Connected() {
		return nil // what waits is taken up again when the workspace reconnects
	}
	client, err := s.client(w)
	if err != nil {
		// A token that no key of ours opens is as good as none: the dashboard asks to reconnect.
		return errors.Join(err, tenant.Write(ctx, func(tx *models.Tx) error { return tx.TokenInvalid() }))
	}
	readAt := s.Now()
	read, err := client.Conversation(ctx, job.Conversation)
	if err != nil {
		return syncFailed(ctx, tenant, job.Conversation, err)
	}
	bot := false
	if pending, err := undecided(ctx, tenant, read); err != nil {
		return err
	} else if pending {
		if bot, err = s.assignedToBot(ctx, tenant, client, read); err != nil {
			return err
		}
		asked, err := client.RatingRequestedAt(ctx, read.ID)
		if err != nil {
			return syncFailed(ctx, tenant, job.Conversation, err)
		}
		read.RatingRequestedAt = later(read.RatingRequestedAt, asked)
	}
	known, err := s.learn(ctx, tenant, read, readAt, bot)
	if err != nil {
		return err
	}
	asking := s.sendDue(ctx, tenant, w, client, read, known)
	return errors.Join(asking, s.sendReplies(ctx, tenant, client, read), s.writeBack(ctx, tenant, w, client, read))
}

// syncFailed decides what becomes of everything that is due when the conversation cannot be read.
func syncFailed(ctx context.Context, tenant models.Tenant, conversation string, cause error) error {
	var retry error
	err := tenant.Write(ctx, func(tx *models.Tx) error {
		due, err := tx.DueWriteBacks(conversation)
		if err != nil {
			return err
		}
		outcome, err := outcomeOf(tx, cause)
		if err != nil {
			return err
		}
		retry = outcome.retry
		for _, w := range due {
			if err := saveOutcome(tx, w, outcome); err != nil {
				return err
			}
		}
		if err := failReplies(tx, conversation, outcome); err != nil {
			return err
		}
		return giveUpUnreadable(tx, conversation, cause)
	})
	return errors.Join(err, retry)
}

// client is the workspace's Intercom client; one is kept per workspace, since it counts the rate limit.
func (s *Service) client(w models.Workspace) (*intercom.Client, error) {
	token, err := s.Keys.Decrypt(tokenPlace(w.ID), w.Token)
	if err != nil {
		return nil, Error{Code: Unauthorized, Sentence: "The stored access to Intercom cannot be read; sign in with Intercom again.", Cause: err}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.clients[w.ID]; ok && known.token == string(token) {
		return known.client, nil
	}
	base := s.APIURL
	if base == "" {
		base = intercom.APIURL(w.Region)
	}
	client := intercom.NewClient(base, string(token), s.HTTP, s.Now)
	client.Watch(s.Calls.outgoing(w.ID))
	s.clients[w.ID] = connection{token: string(token), client: client}
	return client, nil
}

// learn stores what a conversation that was read from Intercom just now, at readAt, tells us, and decides what it asks for.
func (s *Service) learn(ctx context.Context, tenant models.Tenant, read intercom.Conversation, readAt time.Time, assignedToBot bool) (known *decision, err error) {
	err = tenant.Write(ctx, func(tx *models.Tx) error {
		conversation, err := tx.Conversation(read.ID)
		if err != nil {
			return err
		}
		if conversation, err = learnPeople(tx, conversation, read); err != nil {
			return err
		}
		if err := s.planProfiles(ctx, tx, contactIDs(read)...); err != nil {
			return err
		}
		if err := tx.SaveCourse(read.ID, courseFacts(read)); err != nil {
			return err
		}
		if err := s.learnNativeRating(ctx, tx, conversation, read); err != nil {
			return err
		}
		known = &decision{s: s, ctx: ctx, tx: tx, read: read, conversation: conversation, botAssignee: assignedToBot}
		for _, step := range []func() error{
			known.load, known.findArrived, known.takeAnswers,
			func() error { return s.verify(ctx, tx, read) },
			known.decide,
			func() error { return takeCredit(tx, read, known.marks.ours) },
			func() error { return tellReplies(tx, read, readAt, known.marks.ours) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return s.placePeople(ctx, tx, contactIDs(read)...)
	})
	return known, err
}

// undecided reports whether the rules are about to be asked: a close has no row yet, or what it planned is not sent.
func undecided(ctx context.Context, tenant models.Tenant, read intercom.Conversation) (bool, error) {
	closed := courseFacts(read).ClosedAt
	if read.State != models.StateClosed || closed == nil {
		return false, nil
	}
	requests, err := tenant.RequestsOf(ctx, read.ID)
	for _, r := range requests {
		if r.ClosedAt != nil && r.ClosedAt.Equal(*closed) && r.State != rating.Scheduled {
			return false, err
		}
	}
	return true, err
}

// assignedToBot reports whether the conversation is assigned to a bot, which has an id as teammates have. Where neither
// the parts nor the teammates that are known tell, Intercom's list of teammates does: it has no bots.
func (s *Service) assignedToBot(ctx context.Context, tenant models.Tenant, client *intercom.Client, read intercom.Conversation) (bool, error) {
	id := read.AdminAssigneeID
	if id == "" {
		return false, nil
	}
	for _, p := range read.Parts {
		switch {
		case p.Author.ID == id && p.Author.Type == "bot", p.AssignedTo.ID == id && p.AssignedTo.Type == "bot":
			return true, nil
		case p.Author.ID == id && p.Author.Type == "admin":
			return false, nil
		}
	}
	is := func(teammate string) bool { return teammate == id }
	known, err := tenant.Teammates(ctx)
	if err != nil || slices.ContainsFunc(known, func(t models.Teammate) bool { return is(t.ID) }) {
		return false, err
	}
	admins, err := client.Admins(ctx)
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(admins, func(a intercom.Admin) bool { return is(a.ID) }), nil
}

// learnPeople stores the channel and who takes part, and answers the conversation as it is known now.
func learnPeople(tx *models.Tx, conversation models.Conversation, read intercom.Conversation) (models.Conversation, error) {
	var ids []string
	for _, c := range read.Contacts {
		ids = append(ids, c.ID)
		contact := models.Contact{ID: c.ID, ExternalID: c.ExternalID}
		if author := read.Source.Author; author.ID == c.ID {
			contact.Name, contact.Email, contact.Role = storable(author.Name), storable(author.Email), author.Type
		}
		if err := tx.SaveContact(contact); err != nil {
			return conversation, err
		}
	}
	channel := read.Channel()
	if channel == "" {
		channel = conversation.Channel
	}
	err := tx.ReadConversation(conversation, channel, ids)
	conversation.Channel = channel
	if subject := subjectOf(read); err == nil && subject != "" {
		err = tx.SetSubject(conversation.ID, subject)
	}
	return conversation, err
}

// storable drops what PostgreSQL cannot store from a text that Intercom sent.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
}

// verify counts the answers of contacts who, as Intercom now says, take part in the conversation.
func (s *Service) verify(ctx context.Context, tx *models.Tx, read intercom.Conversation) error {
	stored, err := tx.RatingsOf(read.ID)
	if err != nil {
		return err
	}
	for _, r := range stored {
		if r.WhyNot != models.Unverified {
			continue
		}
		known := slices.ContainsFunc(read.Contacts, func(c intercom.Ref) bool { return c.ID == r.ContactID })
		if !known {
			continue
		}
		if err := tx.SetWhyNot(r, models.Valid); err != nil {
			return err
		}
		r.WhyNot = models.Valid
		if err := s.tellCounts(ctx, tx, r, models.Unverified); err != nil {
			return err
		}
		// Somebody who joined the conversation late was passed over at first.
		if err := tx.RetryWriteBacks(r.ID, models.Skipped); err != nil {
			return err
		}
	}
	return nil
}
