package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// learnNativeRating stores Intercom's own rating as a rating of the conversation. A changed score is another
// rating, as everywhere; one that is only our own answer mirrored into Intercom is not.
func (s *Service) learnNativeRating(ctx context.Context, tx *models.Tx, conversation models.Conversation, read intercom.Conversation) error {
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
		fresh := nativeRating(conversation, read)
		if fresh.TeammateName, err = nativeTeammate(tx, read, fresh.TeammateID); err == nil {
			kept, err = s.addNative(ctx, tx, fresh)
		}
	}
	if err != nil || native.Remark == "" {
		return err
	}
	added, err := tx.AddRemark(kept.ID, storable(native.Remark))
	if err != nil || !added {
		return err
	}
	return s.tellRemark(ctx, tx, kept)
}

func (s *Service) addNative(ctx context.Context, tx *models.Tx, fresh models.Rating) (models.Rating, error) {
	kept, added, err := tx.AddRating(fresh)
	if err == nil && added {
		err = s.tellCounts(ctx, tx, kept, models.Valid)
	}
	return kept, err
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
		r.TeammateID, r.CreditRule = native.Teammate.ID, creditByIntercom
	}
	return r
}

// nativeRequest begins the source keys of the answers to one request of Intercom's.
func nativeRequest(conversation string, native intercom.Rating) string {
	return fmt.Sprintf("intercom:%s:%d:", conversation, native.RequestedAt.Unix())
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

// nativeTeammate is the name of the teammate whom Intercom credits with its rating: as it stands in the conversation,
// or, where only a summary of that was read, as we know the teammate. It is empty for whom we do not know, and where
// Intercom credits no teammate.
func nativeTeammate(tx *models.Tx, read intercom.Conversation, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	for _, p := range read.Parts {
		if p.Author.Type == "admin" && p.Author.ID == id && p.Author.Name != "" {
			return storable(p.Author.Name), nil
		}
	}
	known, err := tx.Teammate(id)
	if errors.Is(err, models.ErrNotFound) {
		return "", nil
	}
	return known.Name, err
}
