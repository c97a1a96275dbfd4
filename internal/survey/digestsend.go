package survey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"rerate/internal/jobs"
	"rerate/internal/mail"
	"rerate/internal/seal"
	"rerate/internal/stats"
	"rerate/models"
)

// digestLease is how long one worker has a mail. It is longer than a job may run.
const digestLease = 2 * time.Minute

// longestDigestPause bounds the pause between attempts, which doubles from a minute on.
const longestDigestPause = time.Hour

// Letter is a digest as it is sent.
type Letter struct {
	Subject, Text, HTML string
}

// Digests plans the digests that are due in every workspace, and takes up again what should have been sent.
func (s *Service) Digests(ctx context.Context, _ jobs.Digests) error {
	if s.Mailer == nil {
		return nil
	}
	workspaces, err := s.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, w := range workspaces {
		failed = append(failed, s.planDigest(ctx, w), s.enqueueOverdueDigests(ctx, w.ID))
	}
	return errors.Join(failed...)
}

// planDigest puts in one mail for each recipient where the digest is due. The key of a mail is its week and its address, so
// that however often and from wherever this runs, there is one. Who came later than it was due begins with the next.
func (s *Service) planDigest(ctx context.Context, w models.Workspace) error {
	tenant := s.Store.Tenant(w.ID)
	wanted, err := tenant.Digest(ctx)
	if err != nil {
		return err
	}
	if _, _, due := dueDigest(wanted, w.Settings.Location(), s.Now()); !due {
		return nil
	}
	teammates, err := tenant.Teammates(ctx)
	if err != nil {
		return err
	}
	return tenant.Write(ctx, func(tx *models.Tx) error {
		wanted, err := tx.HoldDigest()
		if err != nil {
			return err
		}
		week, at, due := dueDigest(wanted, w.Settings.Location(), tx.Now)
		if !due {
			return nil
		}
		recipients, err := tx.DigestRecipients()
		if err != nil {
			return err
		}
		for _, r := range recipients {
			address := digestAddress(r, teammates)
			if address == "" || r.UnsubscribedAt != nil || r.AddedAt.After(at) {
				continue
			}
			m, planned, err := tx.PlanDigest(models.DigestMail{
				Week: week.From, Email: address, RecipientID: r.ID, GiveUpAt: at.Add(digestCatchUp),
			})
			if err != nil {
				return err
			}
			if planned {
				if err := s.enqueueDigest(ctx, tx, m); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// digestAddress is where a recipient gets mail, "" where no address is known.
func digestAddress(r models.DigestRecipient, teammates []models.Teammate) string {
	if r.TeammateID == "" {
		return r.Email
	}
	for _, t := range teammates {
		if t.ID == r.TeammateID {
			address, _ := mail.ParseAddress(t.Email)
			return address
		}
	}
	return ""
}

func (s *Service) enqueueDigest(ctx context.Context, tx *models.Tx, m models.DigestMail) error {
	return s.enqueueIn(ctx, tx, jobs.DigestMail{Workspace: tx.Workspace, Mail: m.ID}, jobs.Now)
}

// enqueueOverdueDigests puts in again what nobody seems to be at.
func (s *Service) enqueueOverdueDigests(ctx context.Context, workspace string) error {
	tenant := s.Store.Tenant(workspace)
	overdue, err := tenant.OverdueDigestMails(ctx, s.Now().Add(-digestLease))
	if err != nil || len(overdue) == 0 {
		return err
	}
	return tenant.Write(ctx, func(tx *models.Tx) error {
		for _, m := range overdue {
			if err := s.enqueueDigest(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// RetryDigest sends a mail once more by hand.
func (s *Service) RetryDigest(ctx context.Context, workspace, id string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		m, err := tx.DigestMail(id)
		if err != nil {
			return err
		}
		switch m.State {
		case models.DigestFailed, models.DigestUnclear, models.DigestSkipped:
		case models.DigestWaiting, models.DigestBegun, models.DigestSent:
			return Error{Code: Conflict, Sentence: "This mail is not one that can be tried again."}
		}
		m.State, m.Detail, m.Attempts = models.DigestWaiting, "", 0
		m.DueAt, m.GiveUpAt, m.DoneAt = tx.Now, tx.Now.Add(digestCatchUp), nil
		if err := tx.SaveDigestMail(m); err != nil {
			return err
		}
		return s.enqueueDigest(ctx, tx, m)
	})
}

// DigestMail sends one mail. That an attempt begins is stored before the mail server is spoken with: after a crash in between
// nobody knows whether the mail went out, so it is not sent again, and the page says so.
func (s *Service) DigestMail(ctx context.Context, job jobs.DigestMail) error {
	tenant := s.Store.Tenant(job.Workspace)
	w, err := tenant.Get(ctx)
	if err != nil || s.Mailer == nil {
		return err
	}
	teammates, err := tenant.Teammates(ctx)
	if err != nil {
		return err
	}
	var m models.DigestMail
	var begun bool
	if err := tenant.Write(ctx, func(tx *models.Tx) (err error) {
		m, begun, err = beginDigest(tx, w, job.Mail, teammates)
		return err
	}); err != nil || !begun {
		return err
	}
	message, err := s.digestMessage(ctx, w, m)
	if err == nil {
		err = s.Mailer.Send(ctx, message)
	}
	return s.endDigest(context.WithoutCancel(ctx), tenant, m, err)
}

// beginDigest takes a mail and stores that an attempt begins; false when there is nothing to do.
func beginDigest(tx *models.Tx, w models.Workspace, id string, teammates []models.Teammate) (models.DigestMail, bool, error) {
	m, err := tx.DigestMail(id)
	if errors.Is(err, models.ErrNotFound) {
		return m, false, nil
	}
	if err != nil || (m.State != models.DigestWaiting && m.State != models.DigestBegun) {
		return m, false, err
	}
	if m.DueAt.After(tx.Now) {
		return m, false, jobs.Later{Pause: m.DueAt.Sub(tx.Now), Cause: errors.New("somebody else is at it, or it is not due yet")}
	}
	if m.State == models.DigestBegun {
		m.State, m.DoneAt = models.DigestUnclear, &tx.Now
		m.Detail = "Rerate was stopped while it was being sent, so it may have arrived. It is not sent again by itself."
		return m, false, tx.SaveDigestMail(m)
	}
	recipients, err := tx.DigestRecipients()
	if err != nil {
		return m, false, err
	}
	if state, why := whyNotSent(tx.Now, w, m, recipients, teammates); why != "" {
		m.State, m.Detail, m.DoneAt = state, why, &tx.Now
		return m, false, tx.SaveDigestMail(m)
	}
	m.State, m.DueAt = models.DigestBegun, tx.Now.Add(digestLease)
	m.Attempts++
	return m, true, tx.SaveDigestMail(m)
}

// whyNotSent says why a mail that waits is not sent; empty: it is.
func whyNotSent(now time.Time, w models.Workspace, m models.DigestMail, recipients []models.DigestRecipient, teammates []models.Teammate) (models.DigestState, string) {
	if w.UninstalledAt != nil {
		return models.DigestSkipped, "Rerate was uninstalled before it was sent."
	}
	wanted := false
	for _, r := range recipients {
		if digestAddress(r, teammates) != m.Email {
			continue
		}
		if r.UnsubscribedAt == nil {
			wanted = true
		}
	}
	switch {
	case !wanted:
		return models.DigestSkipped, "Whoever has this address does not get the digest any more."
	case !now.Before(m.GiveUpAt) && m.Detail != "":
		return models.DigestFailed, m.Detail + " It was tried for a day."
	case !now.Before(m.GiveUpAt):
		return models.DigestFailed, "Rerate did not come to it within a day after it was due."
	}
	return "", ""
}

// endDigest stores how an attempt ended.
func (s *Service) endDigest(ctx context.Context, tenant models.Tenant, m models.DigestMail, sendErr error) error {
	var again error
	err := tenant.Write(ctx, func(tx *models.Tx) error {
		var failed mail.Error
		m.DoneAt = &tx.Now
		switch isMail := errors.As(sendErr, &failed); {
		case sendErr == nil:
			m.State, m.Detail = models.DigestSent, ""
		case isMail && failed.Outcome == mail.Refused:
			m.State, m.Detail = models.DigestFailed, failed.Reason
		case isMail && failed.Outcome == mail.Unclear:
			m.State, m.Detail = models.DigestUnclear, failed.Reason+" It is not sent again by itself."
		default:
			m.State, m.DoneAt, m.Detail = models.DigestWaiting, nil, "It could not be put together."
			if isMail {
				m.Detail = failed.Reason
			} else {
				s.Log.ErrorContext(ctx, "a digest could not be put together", "workspace", tenant.Workspace, "error", sendErr)
			}
			pause := min(time.Minute<<min(m.Attempts-1, 10), longestDigestPause)
			m.DueAt = tx.Now.Add(pause)
			again = jobs.Later{Pause: pause, Cause: sendErr}
		}
		return tx.SaveDigestMail(m)
	})
	if sendErr != nil { // without the cause, which names the address
		s.Log.WarnContext(ctx, "a mail of the digest was not sent", "workspace", tenant.Workspace, "mail", m.ID, "state", m.State, "why", m.Detail)
	}
	return errors.Join(err, again)
}

// digestMessage is the mail of a week to a recipient.
func (s *Service) digestMessage(ctx context.Context, w models.Workspace, m models.DigestMail) (mail.Message, error) {
	d, err := s.digestOf(ctx, w, stats.Range{From: m.Week, To: m.Week.AddDays(6), Zone: w.Settings.Location()})
	if err != nil {
		return mail.Message{}, err
	}
	if d.Unsubscribe, err = s.unsubscribeURL(w.ID, m.RecipientID); err != nil {
		return mail.Message{}, err
	}
	// The same for every attempt, so that a second mail, should there ever be one, is known for what it is.
	id := sha256.Sum256([]byte(w.ID + "\n" + string(m.Week) + "\n" + m.Email))
	return s.message(d, m.Email, "digest."+string(m.Week)+"."+hex.EncodeToString(id[:12]))
}

func (s *Service) message(d Digest, to, id string) (mail.Message, error) {
	letter, err := s.DrawDigest(d)
	return mail.Message{ID: id, To: to, Subject: letter.Subject, Text: letter.Text, HTML: letter.HTML, Unsubscribe: d.Unsubscribe}, err
}

// SendDigestNow sends the digest of the last week to a teammate, at once and apart from the schedule.
func (s *Service) SendDigestNow(ctx context.Context, workspace string, to models.Teammate) error {
	if s.Mailer == nil {
		return Error{Code: Conflict, Sentence: "The operator of this Rerate has not set up mail."}
	}
	address, err := mail.ParseAddress(to.Email)
	if err != nil {
		return Error{Code: Conflict, Sentence: "Rerate does not know your e-mail address. Sign in again to have Intercom tell it."}
	}
	d, err := s.DigestOfLastWeek(ctx, workspace)
	if err != nil {
		return err
	}
	message, err := s.message(d, address, "digest.now."+s.NewID())
	if err != nil {
		return err
	}
	err = s.Mailer.Send(ctx, message)
	var failed mail.Error
	if errors.As(err, &failed) {
		return Error{Code: Unavailable, Sentence: failed.Reason} // without the cause, which names the address
	}
	return err
}

// unsubscribeLink is what the token of the link says that ends the digest for a recipient.
type unsubscribeLink struct {
	Recipient string `json:"r"`
}

// UnsubscribePath is where the link leads; the token follows.
const UnsubscribePath = "/digest/unsubscribe/"

func (s *Service) unsubscribeURL(workspace, recipient string) (string, error) {
	token, err := s.Keys.Seal(seal.Unsubscribe, workspace, unsubscribeLink{recipient}, neverExpires)
	return s.BaseURL + UnsubscribePath + token, err
}

// Unsubscription is what a link that ends the digest is about.
type Unsubscription struct {
	Workspace string // its name
	Over      bool   // the recipient gets no digest
}

// ReadUnsubscription opens a link and changes nothing.
func (s *Service) ReadUnsubscription(ctx context.Context, token string) (Unsubscription, error) {
	tenant, link, err := s.openUnsubscribe(token)
	if err != nil {
		return Unsubscription{}, err
	}
	w, err := tenant.Get(ctx)
	if err != nil {
		return Unsubscription{}, err
	}
	recipients, err := tenant.DigestRecipients(ctx)
	u := Unsubscription{Workspace: w.Name, Over: true}
	for _, r := range recipients {
		if r.ID == link.Recipient {
			u.Over = r.UnsubscribedAt != nil
		}
	}
	return u, err
}

// Unsubscribe ends the digest for whom a link was made.
func (s *Service) Unsubscribe(ctx context.Context, token string) error {
	tenant, link, err := s.openUnsubscribe(token)
	if err != nil {
		return err
	}
	return tenant.Write(ctx, func(tx *models.Tx) error { return tx.UnsubscribeDigest(link.Recipient) })
}

func (s *Service) openUnsubscribe(token string) (models.Tenant, unsubscribeLink, error) {
	var link unsubscribeLink
	workspace, err := s.Keys.Open(seal.Unsubscribe, token, s.Now(), &link)
	if err != nil {
		return models.Tenant{}, link, Error{Code: NotFound, Sentence: "This link is not whole. Open the one in the mail again.", Cause: err}
	}
	return s.Store.Tenant(workspace), link, nil
}
