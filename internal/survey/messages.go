package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// Messages are planned in small bites, with a pause between them, and one worker has a message for so long.
const (
	messageBite  = 100
	bitePause    = time.Minute
	messageLease = 2 * time.Minute
)

// After an attempt whose outcome is not known Intercom is searched for the message. Its search lags behind by minutes, so
// only a message that cannot be found for so long is sent again.
const (
	lookAgain  = 2 * time.Minute
	lookedLong = 20 * time.Minute
)

// SendToAll plans the message of a segment for all who are in it now, by hand. Whoever had it in this version does not get
// it again; who was passed over is tried again.
func (s *Service) SendToAll(ctx context.Context, workspace, segment, by string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		in, err := tx.Segment(segment)
		if err != nil {
			return err
		}
		if in.WorkedThroughAt == nil {
			return Error{Code: Conflict, Sentence: "Rerate is still working out who is in the segment. Try again in a moment."}
		}
		return s.enqueueIn(ctx, tx, jobs.Fill{Workspace: workspace, Segment: segment, Version: in.Version, By: by}, jobs.Now)
	})
}

// Fill plans the message for the next bite of those who are in a segment, and then puts in itself for the bite after it.
func (s *Service) Fill(ctx context.Context, job jobs.Fill) error {
	tenant := s.Store.Tenant(job.Workspace)
	members, err := tenant.MembersOf(ctx, job.Segment, job.After, messageBite)
	if err != nil || len(members) == 0 {
		return err
	}
	return tenant.Write(ctx, func(tx *models.Tx) error {
		in, err := tx.Segment(job.Segment)
		if errors.Is(err, models.ErrNotFound) || (err == nil && in.Version != job.Version) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, contact := range members {
			m, planned, err := tx.PlanMessage(in, contact, job.By)
			if err != nil {
				return err
			}
			if planned && !in.Paused {
				if err := s.enqueueMessage(ctx, tx, m, jobs.Now); err != nil {
					return err
				}
			}
		}
		job.After = members[len(members)-1]
		return s.enqueueIn(ctx, tx, job, tx.Now.Add(bitePause))
	})
}

// Release takes up what waits in a segment after a pause, a bite at a time.
func (s *Service) Release(ctx context.Context, job jobs.Release) error {
	return s.Store.Tenant(job.Workspace).Write(ctx, func(tx *models.Tx) error {
		in, err := tx.Segment(job.Segment)
		if errors.Is(err, models.ErrNotFound) || (err == nil && in.Paused) {
			return nil
		}
		if err != nil {
			return err
		}
		waiting, err := tx.WaitingMessages(job.Segment, job.After, messageBite)
		if err != nil || len(waiting) == 0 {
			return err
		}
		for _, m := range waiting {
			if err := s.enqueueMessage(ctx, tx, m, jobs.Now); err != nil {
				return err
			}
		}
		job.After = waiting[len(waiting)-1].ID
		return s.enqueueIn(ctx, tx, job, tx.Now.Add(bitePause))
	})
}

// RetryMessage tries again to send a message that failed. Where it is not known whether it was sent, it is looked for first.
func (s *Service) RetryMessage(ctx context.Context, workspace, id string) (segment string, err error) {
	err = s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		m, in, err := tx.SegmentMessage(id)
		if err != nil {
			return err
		}
		segment = m.SegmentID
		if m.State != models.MessageFailed && m.State != models.MessageSkipped {
			return Error{Code: Conflict, Sentence: "This message is not one that can be tried again."}
		}
		if in.Version != m.Version {
			return Error{Code: Conflict, Sentence: "The conditions were changed since; this message belongs to the older ones."}
		}
		m.State, m.Detail, m.DueAt, m.DoneAt = models.MessageWaiting, "", tx.Now, nil
		if m.BegunAt != nil {
			m.State = models.MessageBegun
		}
		if err := tx.SaveSegmentMessage(m); err != nil {
			return err
		}
		return s.enqueueMessage(ctx, tx, m, jobs.Now)
	})
	return segment, err
}

func (s *Service) enqueueMessage(ctx context.Context, tx *models.Tx, m models.SegmentMessage, at time.Time) error {
	return s.enqueueIn(ctx, tx, jobs.Message{Workspace: tx.Workspace, Message: m.ID}, at)
}

// enqueueOverdueMessages puts in again what should have been sent before a time.
func (s *Service) enqueueOverdueMessages(ctx context.Context, tx *models.Tx, before time.Time) error {
	overdue, err := tx.OverdueMessages(before, messageBite)
	if err != nil {
		return err
	}
	for _, m := range overdue {
		if err := s.enqueueMessage(ctx, tx, m, jobs.Now); err != nil {
			return err
		}
	}
	return nil
}

// sending is one attempt to send one message.
type sending struct {
	message  models.SegmentMessage
	segment  models.Segment
	contact  models.Contact
	wording  models.Wording
	workedOn bool // there is something to do
	look     bool // an earlier attempt may have sent it
}

// Message sends one message, or finds that it was sent. It may run any number of times.
func (s *Service) Message(ctx context.Context, job jobs.Message) error {
	tenant := s.Store.Tenant(job.Workspace)
	w, err := tenant.Get(ctx)
	if errors.Is(err, models.ErrNotFound) || (err == nil && !w.Connected()) {
		return nil // what waits is taken up again when the workspace reconnects
	}
	if err != nil {
		return err
	}
	client, err := s.client(w)
	if err != nil {
		return nil //nolint:nilerr // the dashboard asks to reconnect
	}
	if wait, ok := client.Spare(); !ok {
		return jobs.Later{Pause: wait, Cause: errors.New("the calls that are left are for what somebody waits for")}
	}
	var now sending
	if err := tenant.Write(ctx, func(tx *models.Tx) (err error) {
		now, err = s.beginMessage(tx, job.Message)
		return err
	}); err != nil || !now.workedOn {
		return err
	}
	if now.look {
		done, err := s.lookForMessage(ctx, tenant, client, now)
		if err != nil || done {
			return err
		}
	}
	return s.deliverMessage(ctx, tenant, w, client, now)
}

// beginMessage takes a message and stores that an attempt begins. A message that must not be sent is passed over, with the
// reason.
func (s *Service) beginMessage(tx *models.Tx, id string) (now sending, err error) {
	now.message, now.segment, err = tx.SegmentMessage(id)
	if errors.Is(err, models.ErrNotFound) {
		return sending{}, nil
	} else if err != nil {
		return now, err
	}
	m := &now.message
	if (m.State != models.MessageWaiting && m.State != models.MessageBegun) || m.DueAt.After(tx.Now) {
		return sending{}, nil
	}
	if now.segment.Paused {
		return sending{}, nil
	}
	now.workedOn, now.look = true, m.State == models.MessageBegun
	settings, err := tx.Settings()
	if err != nil {
		return now, err
	}
	people, err := tx.People([]string{m.ContactID}, now.segment.Rules.Needs())
	if err != nil {
		return now, err
	}
	if len(people) > 0 {
		now.contact = people[0].Contact
	}
	m.DueAt = tx.Now.Add(messageLease)
	if now.look {
		now.wording, err = tx.WordingVersion(m.WordingVersion)
		return now, errors.Join(err, tx.SaveSegmentMessage(*m))
	}
	why, err := s.notSent(tx, now, settings)
	if err != nil {
		return now, err
	}
	if why != "" {
		m.State, m.Detail, m.DoneAt, now.workedOn = models.MessageSkipped, why, &tx.Now, false
		return now, tx.SaveSegmentMessage(*m)
	}
	if now.wording, err = tx.Wording(); err != nil {
		return now, err
	}
	if m.RequestID == "" {
		m.RequestID = tx.NewID()
	}
	m.State, m.BegunAt, m.WordingVersion, m.Test = models.MessageBegun, &tx.Now, now.wording.Version, settings.TestMode
	m.Channel = now.segment.Channel
	m.Attempts++
	return now, tx.SaveSegmentMessage(*m)
}

// notSent says why a message is not sent to a contact; empty: it is.
func (s *Service) notSent(tx *models.Tx, now sending, settings models.Settings) (string, error) {
	m, c := now.message, now.contact
	switch {
	case now.segment.ID == "":
		return "The segment was deleted before it was sent.", nil
	case now.segment.Version != m.Version:
		return "The conditions were changed before it was sent.", nil
	case !c.There():
		return "The contact is not there any more.", nil
	case strings.HasPrefix(c.ID, models.ExamplePrefix):
		return "This contact is made up: it belongs to the example data.", nil
	case now.segment.Channel == models.ByEmail && c.Email == "":
		return "The contact has no e-mail address.", nil
	case now.segment.Channel == models.ByEmail && c.Unsubscribed:
		return "The contact does not want e-mails, or none arrive.", nil
	case settings.TestMode && !settings.TestContact(c.ID, c.Email):
		words, _ := rating.RuleWords("test_mode")
		return words, nil
	}
	in, err := tx.InSegment(m.SegmentID, c.ID)
	if err != nil {
		return "", err
	}
	if !in {
		return "The contact left the segment before it was sent.", nil
	}
	if days := settings.Ask.SuppressionDays; days > 0 {
		asked, err := tx.AskedSince(c.ID, tx.Now.AddDate(0, 0, -days))
		if err != nil {
			return "", err
		}
		if asked {
			words, _ := rating.RuleWords("suppression_days")
			return words, nil
		}
	}
	return "", nil
}

// deliverMessage has Intercom send a message whose attempt is stored, and stores what became of it.
func (s *Service) deliverMessage(ctx context.Context, tenant models.Tenant, w models.Workspace, client *intercom.Client, now sending) error {
	body, err := s.messageHTML(w.ID, now)
	if err != nil {
		return err
	}
	sent, cause := client.SendMessage(ctx, intercom.Message{
		Email: now.message.Channel == models.ByEmail, Subject: now.segment.Subject, HTML: body, AdminID: w.InstallerID,
		Contact: now.contact.ID, Lead: now.contact.Role == "lead",
	})
	var retry error
	err = tenant.Write(context.WithoutCancel(ctx), func(tx *models.Tx) (err error) {
		m := now.message
		switch {
		case cause != nil:
			retry, err = messageFailed(tx, &m, cause)
		case sent.ConversationID == "":
			// It is sent; its conversation is found by the link in it.
			m.MessageID, m.Detail = sent.ID, "Intercom sent it; its conversation is looked for."
			retry = jobs.Later{Pause: lookAgain, Cause: errors.New("Intercom did not name the message's conversation")}
		default:
			m.MessageID = sent.ID
			return s.messageSent(ctx, tx, m, sent.ConversationID)
		}
		return errors.Join(err, tx.SaveSegmentMessage(m))
	})
	return errors.Join(err, retry)
}

// messageSent makes the request that the message asks with, and has the conversation read.
func (s *Service) messageSent(ctx context.Context, tx *models.Tx, m models.SegmentMessage, conversation string) error {
	m.State, m.ConversationID, m.DoneAt, m.Detail = models.MessageSent, conversation, &tx.Now, "Sent."
	if err := tx.SaveSegmentMessage(m); err != nil {
		return err
	}
	if err := tx.MessageArrived(m); err != nil {
		return err
	}
	return s.enqueueSync(ctx, tx, conversation, jobs.Now)
}

// messageFailed decides what becomes of a message that Intercom did not take, or may have taken.
func messageFailed(tx *models.Tx, m *models.SegmentMessage, cause error) (retry, err error) {
	var failed *intercom.Error
	if !errors.As(cause, &failed) {
		failed = &intercom.Error{Cause: cause}
	}
	if failed.Ambiguous() {
		m.Detail = "Intercom did not say whether it was sent; it is looked for before anything is sent again."
		m.DueAt = tx.Now.Add(lookAgain)
		return jobs.Later{Pause: lookAgain, Cause: cause}, nil
	}
	m.BegunAt, m.DueAt = nil, tx.Now // it was not sent
	m.State = models.MessageWaiting
	if wait, limited := failed.RateLimited(); limited {
		m.Detail = "Intercom asks us to wait; it is tried again."
		return jobs.Later{Pause: wait, Cause: cause}, nil
	}
	switch {
	case failed.Unauthorized():
		m.Detail = "Intercom refuses our access. Sign in with Intercom again and it is sent."
		return nil, tx.TokenInvalid()
	case failed.Temporary() && tx.Now.Sub(m.CreatedAt) < giveUpAfter:
		m.Detail = "Intercom did not answer; it is tried again."
		return cause, nil
	case failed.Temporary():
		m.Detail = "Intercom did not answer for days."
	case failed.NotFound():
		m.Detail = "Intercom does not know this contact, or not yet."
	default:
		m.Detail = "Intercom refused it: " + refusedBecause(failed)
	}
	m.State, m.DoneAt = models.MessageFailed, &tx.Now
	return nil, nil
}

// lookForMessage searches the contact's conversations for a message that an earlier attempt may have sent. It answers false
// when the message is to be sent: it could not be found for so long that it never was.
func (s *Service) lookForMessage(ctx context.Context, tenant models.Tenant, client *intercom.Client, now sending) (done bool, err error) {
	m := now.message
	begun := *m.BegunAt
	found, err := s.messageIn(ctx, tenant.Workspace, client, m, begun)
	if err != nil {
		return true, s.lookLater(ctx, tenant, m, err)
	}
	if found != "" {
		return true, tenant.Write(ctx, func(tx *models.Tx) error { return s.messageSent(ctx, tx, m, found) })
	}
	if s.Now().Sub(begun) < lookedLong {
		return true, s.lookLater(ctx, tenant, m, errors.New("the message is not found yet"))
	}
	if m.MessageID != "" {
		// Intercom said that it was sent, so it is not sent again.
		return true, tenant.Write(ctx, func(tx *models.Tx) error {
			m.State, m.DoneAt, m.Detail = models.MessageFailed, &tx.Now, "Intercom sent it but began no conversation with it, so it cannot be rated."
			return tx.SaveSegmentMessage(m)
		})
	}
	again := false
	err = tenant.Write(ctx, func(tx *models.Tx) error {
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		m.BegunAt, m.State, m.DueAt = nil, models.MessageWaiting, tx.Now
		why, err := s.notSent(tx, now, settings)
		if err != nil {
			return err
		}
		if why != "" {
			m.State, m.Detail, m.DoneAt = models.MessageSkipped, why, &tx.Now
		} else {
			again = true
			m.Detail = "It was looked for and not found; it is sent again."
		}
		return tx.SaveSegmentMessage(m)
	})
	if err != nil || !again {
		return true, err
	}
	return true, jobs.Later{Pause: time.Second, Cause: errors.New("the message is sent anew")}
}

func (s *Service) lookLater(ctx context.Context, tenant models.Tenant, m models.SegmentMessage, cause error) error {
	pause := lookAgain
	var failed *intercom.Error
	if errors.As(cause, &failed) {
		if wait, limited := failed.RateLimited(); limited {
			pause = wait
		}
	}
	err := tenant.Write(context.WithoutCancel(ctx), func(tx *models.Tx) error {
		m.DueAt = tx.Now.Add(pause)
		if failed != nil && failed.Unauthorized() {
			m.DueAt = tx.Now
			return errors.Join(tx.TokenInvalid(), tx.SaveSegmentMessage(m))
		}
		return tx.SaveSegmentMessage(m)
	})
	if failed != nil && failed.Unauthorized() {
		return err
	}
	return errors.Join(err, jobs.Later{Pause: pause, Cause: cause})
}

// messageIn searches the conversations of a contact since a time for the one that a message began.
func (s *Service) messageIn(ctx context.Context, workspace string, client *intercom.Client, m models.SegmentMessage, since time.Time) (string, error) {
	query := intercom.And(
		intercom.Query{Field: "contact_ids", Operator: "=", Value: m.ContactID},
		intercom.Query{Field: "created_at", Operator: ">", Value: since.Add(-time.Minute).Unix()},
	)
	for cursor, pages := "", 0; pages < 5; pages++ {
		page, err := client.SearchConversations(ctx, query, cursor)
		if err != nil {
			return "", err
		}
		for _, c := range page.Conversations {
			if request, ok := s.linkedRequest(workspace, c.Source.Body); ok && request == m.RequestID {
				return c.ID, nil
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	return "", nil
}

// messageHTML is the text of a message with the ask below it.
func (s *Service) messageHTML(workspace string, now sending) (string, error) {
	channel := models.Chat
	if now.message.Channel == models.ByEmail {
		channel = "email"
	}
	asked, err := s.askHTML(workspace, ask{
		Request: now.message.RequestID, Channel: channel, Wording: now.wording.Body, Locale: now.contact.Locale,
	})
	return paragraphsHTML(Paragraphs(now.segment.Body)) + asked, err
}

func lengthProblem(text string, least, most int) string {
	switch n := utf8.RuneCountInString(text); {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "This text holds characters that cannot be stored."
	case least > 0 && strings.TrimSpace(text) == "":
		return "This must not be empty."
	case n > most:
		return fmt.Sprintf("This text has %d characters; at most %d fit.", n, most)
	}
	return ""
}
