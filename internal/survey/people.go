package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/models"
)

// Intercom is asked for everything about a contact at most once a day, and one worker asks for at most so long.
const (
	profileEvery = 24 * time.Hour
	profileLease = 2 * time.Minute
)

// planProfiles puts in a job for each of the contacts of whom Intercom has not been asked for a day. It is called
// with whatever names a contact: a conversation that was read, or a webhook.
func (s *Service) planProfiles(ctx context.Context, tx *models.Tx, contacts ...string) error {
	if len(contacts) == 0 {
		return nil
	}
	due, err := tx.ProfilesDue(contacts)
	if err != nil || len(due) == 0 {
		return err
	}
	sqlTx, err := tx.SQL()
	if err != nil {
		return err
	}
	for _, id := range due {
		if err := s.queue.EnqueueOnceTx(ctx, sqlTx, jobs.Profile{Workspace: tx.Workspace, Contact: id}); err != nil {
			return err
		}
	}
	return nil
}

// contactIDs are the contacts that take part in a conversation.
func contactIDs(c intercom.Conversation) []string {
	ids := make([]string, len(c.Contacts))
	for i, contact := range c.Contacts {
		ids[i] = contact.ID
	}
	return ids
}

// Profile asks Intercom for everything about one contact and stores it. It may run any number of times: whoever comes
// second on the same day finds nothing to do.
func (s *Service) Profile(ctx context.Context, job jobs.Profile) error {
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
		return nil //nolint:nilerr // the dashboard asks to reconnect; the next conversation asks for the profile again
	}
	if wait, ok := client.Spare(); !ok {
		return jobs.Later{Pause: wait, Cause: errors.New("the calls that are left are for what somebody waits for")}
	}
	mine := false
	if err := tenant.Write(ctx, func(tx *models.Tx) (err error) {
		mine, err = tx.ClaimProfile(job.Contact, profileLease)
		return err
	}); err != nil || !mine {
		return err
	}
	profile, cause := readProfile(ctx, client, job.Contact)
	var retry error
	err = tenant.Write(context.WithoutCancel(ctx), func(tx *models.Tx) (err error) {
		if cause != nil {
			retry, err = s.profileFailed(ctx, tx, job.Contact, cause)
			return err
		}
		if err := tx.ReleaseProfile(job.Contact, tx.Now.Add(profileEvery)); err != nil {
			return err
		}
		if err := s.learnProfile(tx, profile); err != nil {
			return err
		}
		return s.placePeople(ctx, tx, job.Contact)
	})
	return errors.Join(err, retry)
}

// readProfile asks for the contact, the companies and the events. A workspace may not let us see the last two: what is
// known of them then stays.
func readProfile(ctx context.Context, client *intercom.Client, id string) (intercomProfile, error) {
	contact, err := client.Contact(ctx, id)
	if err != nil {
		return intercomProfile{}, err
	}
	companies, err := client.ContactCompanies(ctx, id)
	if err != nil && !refusedForGood(err) {
		return intercomProfile{}, err
	} else if err == nil && companies == nil {
		companies = []intercom.Company{}
	}
	events, err := client.ContactEvents(ctx, id)
	if err != nil && !refusedForGood(err) {
		return intercomProfile{}, err
	} else if err == nil && events == nil {
		events = []intercom.EventSummary{}
	}
	return intercomProfile{contact, companies, events}, nil
}

// intercomProfile is what Intercom says of a contact; nil lists are unknown.
type intercomProfile struct {
	contact   intercom.Contact
	companies []intercom.Company
	events    []intercom.EventSummary
}

// refusedForGood reports a refusal of one call that says nothing against the others, such as a permission that the app
// has not got.
func refusedForGood(err error) bool {
	var failed *intercom.Error
	return errors.As(err, &failed) && !failed.Temporary() && !failed.Unauthorized() && !failed.Gone() && !failed.NotFound()
}

// learnProfile stores what Intercom says of a contact; lists that are unknown stay as they are.
func (s *Service) learnProfile(tx *models.Tx, p intercomProfile) error {
	c := p.contact
	profile := models.Profile{Contact: models.Contact{
		ID: c.ID, ExternalID: storable(c.ExternalID), Role: storable(c.Role), Email: storable(c.Email), Name: storable(c.Name),
		Locale: storable(c.Locale), Location: storable(c.Location), SignedUpAt: known(c.SignedUpAt), LastSeenAt: known(c.LastSeenAt),
		Unsubscribed: c.Unsubscribed, Attributes: c.Attributes,
	}}
	if p.companies != nil {
		profile.Companies = []models.Company{}
	}
	for _, company := range p.companies {
		profile.Companies = append(profile.Companies, models.Company{
			ID: company.ID, ExternalID: storable(company.ExternalID), Name: storable(company.Name), Plan: storable(company.Plan),
			Size: company.Size, Attributes: company.Attributes,
		})
	}
	if p.events != nil {
		profile.Events = []models.ContactEvent{}
	}
	for _, event := range p.events {
		profile.Events = append(profile.Events, models.ContactEvent{Name: event.Name, Count: event.Count, LastAt: known(event.Last)})
	}
	return tx.SaveProfile(profile)
}

// known is a time that Intercom gave, or nil.
func known(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// profileFailed stores what follows from an answer that holds no contact, and says whether to ask again soon. A contact
// that was merged leads to the other one.
func (s *Service) profileFailed(ctx context.Context, tx *models.Tx, contact string, cause error) (retry, err error) {
	var failed *intercom.Error
	if !errors.As(cause, &failed) {
		return cause, tx.ReleaseProfile(contact, tx.Now)
	}
	switch {
	case failed.Unauthorized():
		return nil, errors.Join(tx.ReleaseProfile(contact, tx.Now), tx.TokenInvalid())
	case failed.Temporary():
		retry = cause
		if wait, limited := failed.RateLimited(); limited {
			retry = jobs.Later{Pause: wait, Cause: cause}
		}
		return retry, tx.ReleaseProfile(contact, tx.Now)
	case failed.Gone(), failed.NotFound():
		err = s.contactGone(ctx, tx, contact, failed.Canonical())
	}
	return nil, errors.Join(err, tx.ReleaseProfile(contact, tx.Now.Add(profileEvery)))
}

// contactChanged does what Intercom's news of a contact ask for. Only contacts that are known already are looked at.
func (s *Service) contactChanged(ctx context.Context, tx *models.Tx, n intercom.Notification, contact string) error {
	switch n.Topic {
	case intercom.TopicContactMerged:
		if from, ok := n.MergedFrom(); ok {
			return s.contactGone(ctx, tx, from, contact)
		}
	case intercom.TopicContactArchived:
		return s.contactGone(ctx, tx, contact, "")
	}
	known, err := tx.Contact(contact)
	if errors.Is(err, models.ErrNotFound) || known.ErasedAt != nil {
		return nil
	}
	job := jobs.Profile{Workspace: tx.Workspace, Contact: contact}
	switch {
	case err != nil:
		return err
	case n.Topic == intercom.TopicContactUnarchived: // at once, whatever waits for later
		sqlTx, err := tx.SQL()
		if err != nil {
			return err
		}
		return errors.Join(tx.ReleaseProfile(contact, tx.Now), s.queue.EnqueueTx(ctx, sqlTx, job, jobs.Now))
	case known.ProfileNextAt != nil && known.ProfileNextAt.After(tx.Now):
		// Intercom was asked today. What has changed since is read as soon as it may be asked again.
		return s.enqueueIn(ctx, tx, job, *known.ProfileNextAt)
	}
	return s.planProfiles(ctx, tx, contact)
}

// contactGone remembers that a contact is not there any more. The one that took its place, if any, gets all that is stored
// of it, and begins to be learned.
func (s *Service) contactGone(ctx context.Context, tx *models.Tx, contact, into string) error {
	if into != "" {
		if err := tx.MergeContact(contact, into); err != nil {
			return err
		}
	}
	was, err := tx.ContactGone(contact, into)
	if err != nil || !was || into == "" {
		return err
	}
	if err := tx.SaveContact(models.Contact{ID: into}); err != nil {
		return err
	}
	return s.planProfiles(ctx, tx, into)
}
