package survey

import (
	"errors"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// takeAnswers stores what customers chose with the buttons of quick replies. An answer is known by its part, so that it
// is stored once however often the conversation is read.
func (d *decision) takeAnswers() error {
	for _, p := range d.read.Parts {
		chosen, ok := d.marks.answer(p)
		if !ok {
			continue
		}
		if err := d.takeAnswer(p, chosen); err != nil {
			return err
		}
	}
	var err error
	d.requests, err = d.tx.RequestsOf(d.read.ID)
	return err
}

func (d *decision) takeAnswer(p intercom.Part, chosen choice) error {
	request, err := d.tx.Request(chosen.Request)
	if err != nil {
		return err
	}
	wording, err := d.tx.WordingVersion(request.WordingVersion)
	if err != nil {
		return err
	}
	score, onScale := wording.Body.Score(chosen.Score)
	if !onScale {
		return nil
	}
	if own, err := d.tx.HasTeammateEmail(p.Author.Email); err != nil || own {
		return err // a teammate's own answer never counts
	}
	key := "quick_reply:" + d.read.ID + ":" + p.ID
	revision, err := d.revision(request, p, key)
	if err != nil || revision == 0 {
		return err
	}
	whyNot := models.Valid
	if request.Test {
		whyNot = models.Test
	}
	option := wording.Body.In(d.contact.Locale).Options[score.Value-1]
	stored, added, err := d.tx.AddRating(models.Rating{
		ConversationID: d.read.ID, ContactID: p.Author.ID, RequestID: request.ID, Revision: revision,
		Source: models.FromQuickReply, SourceKey: key, Score: score.Value, Scale: score.Of, Sentiment: score.Sentiment,
		Emoji: option.Emoji, Label: option.Label, WordingVersion: wording.Version, Locale: d.contact.Locale, WhyNot: whyNot,
		At:      later(p.CreatedAt, *request.SentAt), // Intercom's times have no fractions of a second
		Channel: d.conversation.Channel,
	})
	if err != nil || !added {
		return err
	}
	if err := d.tx.RequestRated(request.ID); err != nil {
		return err
	}
	if err := d.s.tellCounts(d.ctx, d.tx, stored, models.Valid); err != nil {
		return err
	}
	return planWriteBack(d.tx, stored, d.settings)
}

// revision is the number that an answer has among those of its contact to the request; 0 when it is stored already, or
// comes too late.
func (d *decision) revision(request models.Request, p intercom.Part, key string) (int, error) {
	stored, err := d.tx.RatingsOf(d.read.ID)
	if err != nil {
		return 0, err
	}
	for _, r := range stored {
		if r.SourceKey == key {
			return 0, nil
		}
	}
	windows := d.settings.Windows
	latest, err := d.tx.LatestAnswer(request.ID, p.Author.ID)
	switch {
	case errors.Is(err, models.ErrNotFound):
		if request.State == rating.Expired || request.SentAt == nil || !windows.MayRate(*request.SentAt, p.CreatedAt) {
			return 0, nil
		}
		return 1, nil
	case err != nil:
		return 0, err
	case !windows.MayChange(latest.At, p.CreatedAt):
		return 0, nil
	case windows.Undo(latest.At, p.CreatedAt):
		if err := d.tx.SkipWriteBacks(latest.ID, "The customer chose again within the undo time."); err != nil {
			return 0, err
		}
		return latest.Revision + 1, d.tx.SetWhyNot(latest, models.Undone)
	}
	return latest.Revision + 1, nil
}
