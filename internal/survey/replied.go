package survey

import (
	"time"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// tellReplies says of each valid rating but a contact's first whether a teammate replied since the one before it: what
// tells a customer who was won back from one whose mood changed by itself. What is not known stays unsaid.
func tellReplies(tx *models.Tx, read intercom.Conversation, readAt time.Time, ours func(intercom.Part) bool) error {
	ratings, err := tx.RatingsOf(read.ID)
	if err != nil {
		return err
	}
	parts := creditParts(read, ours)
	before := map[string]models.Rating{} // the contact's valid rating before
	for _, r := range ratings {
		if !r.Valid() {
			continue
		}
		previous, again := before[r.ContactID]
		before[r.ContactID] = r
		if !again {
			continue
		}
		replied := repliedBetween(parts, seenSince(read), previous, r, readAt)
		if replied == models.Either || replied == r.Replied {
			continue
		}
		if err := tx.SetReplied(r, replied); err != nil {
			return err
		}
	}
	return nil
}

// repliedBetween reports whether a teammate wrote to the customer between two ratings, as far as a conversation tells that
// was read at a time and whose parts are seen since another. A file of old ratings may know the day of a rating only.
func repliedBetween(parts []rating.Part, since time.Time, from, to models.Rating, readAt time.Time) models.YesNo {
	if to.At.After(readAt) || from.Source == models.FromImport || to.Source == models.FromImport {
		return models.Either
	}
	for _, p := range parts {
		if p.Author == rating.Human && p.Reply && p.At.After(from.At) && p.At.Before(to.At) {
			return models.Yes
		}
	}
	if since.After(from.At) {
		return models.Either
	}
	return models.No
}

// seenSince is since when nothing of a conversation is out of sight: Intercom gives its newest 500 parts.
func seenSince(read intercom.Conversation) time.Time {
	switch n := len(read.Parts); {
	case n >= mostParts || n > 0 && read.PartsTotal > n:
		return read.Parts[0].CreatedAt
	case read.PartsTotal > n:
		return read.UpdatedAt
	}
	return read.CreatedAt
}
