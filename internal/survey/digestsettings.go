package survey

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rerate/internal/mail"
	"rerate/internal/stats"
	"rerate/models"
)

// mostRecipients bounds who gets a digest: it is for a team, not for a list.
const mostRecipients = 50

// DigestTimes are when a digest comes: when the next one does, and whether the last one was missed.
type DigestTimes struct {
	Next   time.Time   // zero: it is off
	Missed stats.Range // the week that was to be told last and was not; the zero range: none
}

// DigestTimes looks at when the digest comes. planned are the mails there are.
func (s *Service) DigestTimes(w models.Workspace, d models.Digest, planned []models.DigestMail) DigestTimes {
	if !d.Enabled {
		return DigestTimes{}
	}
	zone := w.Settings.Location()
	times := DigestTimes{Next: nextSlot(d, zone, s.Now())}
	week, at := lastSlot(d, zone, s.Now())
	told := slices.ContainsFunc(planned, func(m models.DigestMail) bool { return m.Week == week.From })
	if !told && !at.Before(d.Since) && !s.Now().Before(at.Add(digestCatchUp)) {
		times.Missed = week
	}
	return times
}

// SetDigest turns the digest on or off and says when it comes. From then on only what comes later is due.
func (s *Service) SetDigest(ctx context.Context, workspace string, enabled bool, weekday time.Weekday, hour int, by string) error {
	if weekday < time.Sunday || weekday > time.Saturday || hour < 0 || hour > 23 {
		return Error{Code: Invalid, Sentence: "A digest comes on a weekday, at a full hour."}
	}
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		d, err := tx.HoldDigest()
		if err != nil {
			return err
		}
		if d.Enabled != enabled || d.Weekday != weekday || d.Hour != hour {
			d.Since = tx.Now
		}
		d.Enabled, d.Weekday, d.Hour, d.SavedBy = enabled, weekday, hour, by
		return tx.SaveDigest(d)
	})
}

// AddDigestAddress has an address get the digest.
func (s *Service) AddDigestAddress(ctx context.Context, workspace, typed string) error {
	address, err := mail.ParseAddress(typed)
	if err != nil {
		return Error{Code: Invalid, Sentence: "This is no address that mail can be sent to: " + err.Error() + "."}
	}
	return s.addDigestRecipient(ctx, workspace, "", address)
}

// AddDigestTeammate has a teammate get the digest.
func (s *Service) AddDigestTeammate(ctx context.Context, workspace, teammate string) error {
	return s.addDigestRecipient(ctx, workspace, teammate, "")
}

func (s *Service) addDigestRecipient(ctx context.Context, workspace, teammate, address string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		if teammate != "" {
			who, err := tx.Teammate(teammate)
			if err != nil {
				return err
			}
			if _, err := mail.ParseAddress(who.Email); err != nil {
				return Error{Code: Invalid, Sentence: "Rerate knows no e-mail address of this teammate."}
			}
		}
		if _, err := tx.HoldDigest(); err != nil { // so that two who add at once are counted one after the other
			return err
		}
		known, err := tx.DigestRecipients()
		if err != nil {
			return err
		}
		same := func(r models.DigestRecipient) bool { return r.TeammateID == teammate && r.Email == address }
		if len(known) >= mostRecipients && !slices.ContainsFunc(known, same) {
			return Error{Code: Invalid, Sentence: fmt.Sprintf("At most %d get the digest. Take somebody out first.", mostRecipients)}
		}
		return tx.AddDigestRecipient(teammate, address)
	})
}

// RemoveDigestRecipient takes a recipient out.
func (s *Service) RemoveDigestRecipient(ctx context.Context, workspace, id string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.RemoveDigestRecipient(id) })
}

// LeaveDigest ends the digest for a teammate.
func (s *Service) LeaveDigest(ctx context.Context, workspace, teammate string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		known, err := tx.DigestRecipients()
		if err != nil {
			return err
		}
		for _, r := range known {
			if r.TeammateID == teammate {
				return tx.UnsubscribeDigest(r.ID)
			}
		}
		return nil
	})
}
