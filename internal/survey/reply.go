package survey

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/models"
)

// Reply is what a teammate writes to the customer from a rating.
type Reply struct {
	ID         string // of the form that it was typed in: sent twice, it is one reply
	Rating     string
	AuthorID   string // the teammate, by Intercom's id
	AuthorName string
	Body       string // plain text; empty lines part paragraphs
}

// MaxReply is the longest reply, in characters.
const MaxReply = 5000

// replyPatience is how long sending is tried. Later the teammate should look at the conversation first.
const replyPatience = 24 * time.Hour

// Reply stores a reply and has it sent as a comment of the teammate.
func (s *Service) Reply(ctx context.Context, workspace string, r Reply) error {
	r.Body = strings.TrimSpace(strings.ReplaceAll(r.Body, "\r\n", "\n"))
	switch {
	case r.Body == "":
		return Error{Code: Invalid, Sentence: "Write something first; nothing was sent."}
	case utf8.RuneCountInString(r.Body) > MaxReply:
		return Error{Code: Invalid, Sentence: "The reply is too long: please use 5,000 characters at most. Nothing was sent."}
	}
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		rating, err := tx.Rating(r.Rating)
		if err != nil {
			return err
		}
		if strings.HasPrefix(rating.ConversationID, models.ExamplePrefix) {
			return Error{Code: Conflict, Sentence: "This conversation is example data, so there is nobody to reply to. Nothing was sent."}
		}
		c, err := tx.Conversation(rating.ConversationID)
		if err != nil {
			return err
		}
		if c.DeletedAt != nil {
			return Error{Code: Conflict, Sentence: "The conversation was deleted in Intercom. Nothing was sent."}
		}
		if err := tx.AddReply(models.Reply{
			ID: r.ID, RatingID: rating.ID, ConversationID: c.ID, AuthorID: r.AuthorID, AuthorName: r.AuthorName, Body: storable(r.Body),
		}); err != nil {
			return err
		}
		return s.enqueueSync(ctx, tx, c.ID, jobs.Now)
	})
}

// RetryReply sends a reply again that could not be sent. If it has arrived after all it is not sent twice.
func (s *Service) RetryReply(ctx context.Context, workspace, id string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		r, err := tx.Reply(id)
		if err != nil {
			return err
		}
		if err := tx.RetryReply(id); err != nil {
			return err
		}
		return s.enqueueSync(ctx, tx, r.ConversationID, jobs.Now)
	})
}

// sendReplies sends what teammates wrote into a conversation that was just read, in the order in which they wrote it.
func (s *Service) sendReplies(ctx context.Context, tenant models.Tenant, client *intercom.Client, read intercom.Conversation) error {
	replies, err := tenant.RepliesOf(ctx, read.ID)
	if err != nil {
		return err
	}
	for _, r := range replies {
		if r.State != models.Waiting {
			continue
		}
		if err := sendReply(ctx, tenant, client, read, r.ID); err != nil {
			return err // what was written later does not overtake it
		}
	}
	return nil
}

// sendReply stores that an attempt begins, sends what Intercom does not have yet, and stores what became of it.
func sendReply(ctx context.Context, tenant models.Tenant, client *intercom.Client, read intercom.Conversation, id string) error {
	var r models.Reply
	if err := tenant.Write(ctx, func(tx *models.Tx) (err error) {
		r, err = beginReply(tx, read, id)
		return err
	}); err != nil || r.State != models.Waiting {
		return err
	}
	part, cause := client.Comment(ctx, read.ID, r.AuthorID, paragraphsHTML(Paragraphs(r.Body)))
	var retry error
	err := tenant.Write(context.WithoutCancel(ctx), func(tx *models.Tx) error {
		if cause == nil {
			return replyArrived(tx, r, part.ID)
		}
		o, err := outcomeOf(tx, cause)
		if err != nil {
			return err
		}
		retry = o.retry
		return replyFailed(tx, r, o)
	})
	return errors.Join(err, retry)
}

func beginReply(tx *models.Tx, read intercom.Conversation, id string) (models.Reply, error) {
	if _, err := tx.Conversation(read.ID); err != nil {
		return models.Reply{}, err
	}
	r, err := tx.Reply(id)
	if err != nil || r.State != models.Waiting {
		return r, err
	}
	all, err := tx.RepliesOf(read.ID)
	if err != nil {
		return r, err
	}
	if part := findReply(read.Parts, r, all); part != "" {
		r.State = models.Done
		return r, replyArrived(tx, r, part)
	}
	if r.BegunAt == nil {
		r.BegunAt = &tx.Now
	}
	r.Attempts++
	return r, tx.SaveReply(r)
}

// findReply is the part that an earlier attempt has made, whatever it was told: a comment of the teammate with the same
// words since then, which is no other reply's.
func findReply(parts []intercom.Part, r models.Reply, all []models.Reply) string {
	if r.BegunAt == nil {
		return ""
	}
	text := plainText(paragraphsHTML(Paragraphs(r.Body)))
	for _, p := range parts {
		taken := slices.ContainsFunc(all, func(other models.Reply) bool { return other.PartID == p.ID })
		if !taken && p.Type != "note" && p.Author.ID == r.AuthorID && !isContact(p.Author) &&
			!p.CreatedAt.Before(r.BegunAt.Add(-clockSkew)) && plainText(p.Body) == text {
			return p.ID
		}
	}
	return ""
}

func replyArrived(tx *models.Tx, r models.Reply, part string) error {
	r.State, r.Detail, r.DoneAt, r.PartID = models.Done, "", &tx.Now, part
	return tx.SaveReply(r)
}

func replyFailed(tx *models.Tx, r models.Reply, o outcome) error {
	r.State, r.Detail = o.state, o.detail
	if r.State == models.Waiting && tx.Now.Sub(r.DueAt) > replyPatience {
		r.State, r.Detail = models.GaveUp, "Intercom did not take it for a day."
	}
	if r.State == models.GaveUp {
		r.DoneAt = &tx.Now
	}
	return tx.SaveReply(r)
}

// failReplies stores what becomes of replies in a conversation that could not be read.
func failReplies(tx *models.Tx, conversation string, o outcome) error {
	replies, err := tx.RepliesOf(conversation)
	if err != nil {
		return err
	}
	for _, r := range replies {
		if r.State != models.Waiting {
			continue
		}
		if err := replyFailed(tx, r, o); err != nil {
			return err
		}
	}
	return nil
}
