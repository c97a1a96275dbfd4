package survey

import (
	"context"
	"errors"
	"fmt"
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
	tenant := s.Store.Tenant(job.Workspace)
	lease := s.NewID()
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
	read, err := client.Conversation(ctx, job.Conversation)
	if err != nil {
		return syncFailed(ctx, tenant, job.Conversation, err)
	}
	if err := s.learn(ctx, tenant, read); err != nil {
		return err
	}
	return s.writeBack(ctx, tenant, w, client, read)
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
		return nil
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
	s.clients[w.ID] = connection{token: string(token), client: client}
	return client, nil
}

// learn stores what a conversation that was just read from Intercom tells us.
func (s *Service) learn(ctx context.Context, tenant models.Tenant, read intercom.Conversation) error {
	return tenant.Write(ctx, func(tx *models.Tx) error {
		conversation, err := tx.Conversation(read.ID)
		if err != nil {
			return err
		}
		if err := learnPeople(tx, conversation, read); err != nil {
			return err
		}
		conversation.Channel = read.Channel()
		if err := learnNativeRating(tx, conversation, read); err != nil {
			return err
		}
		if err := verify(tx, read); err != nil {
			return err
		}
		return takeCredit(tx, read)
	})
}

// learnPeople stores the channel and who takes part.
func learnPeople(tx *models.Tx, conversation models.Conversation, read intercom.Conversation) error {
	var ids []string
	for _, c := range read.Contacts {
		ids = append(ids, c.ID)
		contact := models.Contact{ID: c.ID, ExternalID: c.ExternalID}
		if author := read.Source.Author; author.ID == c.ID {
			contact.Name, contact.Email, contact.Role = storable(author.Name), storable(author.Email), author.Type
		}
		if err := tx.SaveContact(contact); err != nil {
			return err
		}
	}
	channel := read.Channel()
	if channel == "" {
		channel = conversation.Channel
	}
	return tx.ReadConversation(conversation, channel, ids)
}

// learnNativeRating stores Intercom's own rating as a rating of the conversation. A changed score is another
// rating, as everywhere; one that is only our own answer mirrored into Intercom is not.
func learnNativeRating(tx *models.Tx, conversation models.Conversation, read intercom.Conversation) error {
	native := read.Rating
	if native == nil || native.Score < 1 || native.Score > nativeScale {
		return nil
	}
	stored, err := tx.RatingsOf(conversation.ID)
	if err != nil {
		return err
	}
	kept, known, err := knownNative(tx, stored, *native)
	if err == nil && !known {
		kept, _, err = tx.AddRating(nativeRating(conversation, read))
	}
	if err != nil || native.Remark == "" {
		return err
	}
	_, err = tx.AddRemark(kept.ID, storable(native.Remark))
	return err
}

func nativeRating(conversation models.Conversation, read intercom.Conversation) models.Rating {
	native := read.Rating
	at := native.UpdatedAt
	if at.IsZero() {
		at = native.RequestedAt
	}
	option := rating.DefaultWording().Options[native.Score-1]
	r := models.Rating{
		ConversationID: conversation.ID, ContactID: nativeContact(read), Source: models.FromIntercom,
		SourceKey: fmt.Sprintf("%s%d:%d", nativeRequest(conversation.ID, *native), native.Score, at.Unix()),
		Score:     native.Score, Scale: nativeScale, Sentiment: rating.SentimentOf(native.Score, nativeScale),
		Emoji: option.Emoji, Label: option.Label, At: at.UTC(), Channel: conversation.Channel,
	}
	if native.Teammate.Type == "admin" && native.Teammate.ID != "" {
		r.TeammateID, r.TeammateName = native.Teammate.ID, storable(nameOf(read, native.Teammate.ID))
		r.CreditRule = creditByIntercom
	}
	return r
}

// nativeRequest begins the source keys of the answers to one request of Intercom's.
func nativeRequest(conversation string, native intercom.Rating) string {
	return fmt.Sprintf("intercom:%s:%d:", conversation, native.RequestedAt.Unix())
}

// storable drops what PostgreSQL cannot store from a text that Intercom sent.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
}

// creditByIntercom marks a rating whose teammate Intercom named itself.
const creditByIntercom rating.CreditRule = "intercom"

func nativeContact(read intercom.Conversation) string {
	if read.Rating.Contact.ID == "" && len(read.Contacts) == 1 {
		return read.Contacts[0].ID
	}
	return read.Rating.Contact.ID
}

// knownNative finds the stored rating that Intercom's own rating is: an answer of ours that we wrote there, or an
// answer to the same request that was read before. The newest of these decides, since a customer may go back to an
// earlier score.
func knownNative(tx *models.Tx, stored []models.Rating, native intercom.Rating) (known models.Rating, ok bool, err error) {
	var newest time.Time
	for _, r := range stored {
		at, err := answeredNatively(tx, r, native)
		if err != nil {
			return models.Rating{}, false, err
		}
		if !at.IsZero() && !at.Before(newest) {
			known, newest = r, at
		}
	}
	return known, known.ID != "" && known.Value().On(nativeScale) == native.Score, nil
}

// answeredNatively says when a stored rating became the answer to Intercom's request; zero if it never did.
func answeredNatively(tx *models.Tx, r models.Rating, native intercom.Rating) (at time.Time, err error) {
	if r.Source == models.FromIntercom {
		if strings.HasPrefix(r.SourceKey, nativeRequest(r.ConversationID, native)) {
			at = r.At
		}
		return at, nil
	}
	w, err := tx.WriteBack(r.ID, models.NativeRating)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return at, nil
	case err != nil:
		return at, err
	case w.State == models.Done && !native.RequestedAt.After(*w.DoneAt):
		return *w.DoneAt, nil
	case w.State == models.Done || w.State == models.Skipped || w.Attempts == 0:
		return at, nil
	}
	// An attempt was cut off: it has arrived if Intercom shows what it said.
	if r.Value().On(nativeScale) == native.Score && !native.UpdatedAt.Before(r.At.Truncate(time.Second)) {
		at = tx.Now
	}
	return at, nil
}

// nativeScale is the size of Intercom's own scale.
const nativeScale = 5

func nameOf(read intercom.Conversation, admin string) string {
	for _, p := range read.Parts {
		if p.Author.Type == "admin" && p.Author.ID == admin && p.Author.Name != "" {
			return p.Author.Name
		}
	}
	return ""
}

// verify counts the answers of contacts who, as Intercom now says, take part in the conversation.
func verify(tx *models.Tx, read intercom.Conversation) error {
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
		// Somebody who joined the conversation late was passed over at first.
		if err := tx.RetryWriteBacks(r.ID, models.Skipped); err != nil {
			return err
		}
	}
	return nil
}

// takeCredit decides once who each answer belongs to, from what had happened when it was asked for.
func takeCredit(tx *models.Tx, read intercom.Conversation) error {
	requests, err := tx.RequestsOf(read.ID)
	if err != nil {
		return err
	}
	asked := map[string]time.Time{}
	for _, r := range requests {
		if r.SentAt != nil {
			asked[r.ID] = *r.SentAt
		}
	}
	ratings, err := tx.RatingsOf(read.ID)
	if err != nil {
		return err
	}
	parts := creditParts(read)
	previous := map[string]time.Time{} // of the contact's rating before
	for _, r := range ratings {
		at, ok := asked[r.RequestID]
		if !ok {
			at = r.At
		}
		if r.CreditRule == "" {
			if who, rule, ok := rating.Credit(parts, previous[r.ContactID], at); ok {
				if err := tx.SetCredit(r, who, rule); err != nil {
					return err
				}
				if err := tx.SetRequestCredit(r.RequestID, who, rule); err != nil {
					return err
				}
			}
		}
		if r.Valid() {
			previous[r.ContactID] = r.At
		}
	}
	return nil
}

// creditParts is the conversation as the credit rule sees it: its first message too, since a teammate or a bot
// may have begun it.
func creditParts(read intercom.Conversation) []rating.Part {
	var parts []rating.Part
	add := func(author intercom.Author, kind string, hasBody bool, at time.Time) {
		if !workParts[kind] {
			return
		}
		part := rating.Part{ID: author.ID, Name: storable(author.Name), At: at, Reply: hasBody && kind != "assignment"}
		switch author.Type {
		case "admin":
			part.Author = rating.Human
		case "bot":
			part.Author = rating.Bot
		default:
			return
		}
		parts = append(parts, part)
	}
	add(read.Source.Author, "comment", true, read.CreatedAt)
	for _, p := range read.Parts {
		add(p.Author, p.Type, strings.TrimSpace(p.Body) != "", p.CreatedAt)
	}
	return parts
}

// workParts are the part types that count as work on a conversation. All but an assignment, whose text is for the
// team, reach the customer when they have a body. Notes (our own among them), participant events and changed attributes
// earn no credit (intercom.com help 7872853).
var workParts = map[string]bool{
	"comment": true, "quick_reply": true, "close": true, "open": true, "snoozed": true, "unsnoozed": true,
	"assignment": true, "assign_and_reopen": true, "assign_and_unsnooze": true,
}
