package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rerate/internal/rating"
	"rerate/models"
)

// answering is one act of somebody who answers a request: a tap on the card, or a form of the hosted page. What it
// decides and stores is the same for both; they differ in how they know who acts and in what they show.
type answering struct {
	s            *Service
	ctx          context.Context
	tx           *models.Tx
	source       models.Source
	locale       string
	seen         seen
	settings     models.Settings
	conversation models.Conversation
	request      models.Request
	contact      models.Contact // no ID: it is not known who acts
	wording      models.Wording
	latest       *models.Rating // the contact's newest answer to this request
	key          string         // of what is stored; empty: by request, contact and revision
	doubted      *models.Rating // this very answer, stored as suspect until a person was seen to give it
}

// seen is the answer that stood on the card or page when somebody acted on it. It tells an act from its replay.
type seen struct {
	Contact  string
	Revision int  // 0: none
	Changing bool // the scale was shown again to replace that answer
}

// said is what an act leads to, before anybody draws it.
type said struct {
	stage   stage
	problem string // why the remark was refused
}

type stage int

const (
	asks         stage = iota // the question
	asksAgain                 // the question, to replace the answer
	saved                     // the answer as saved, with what can still be added
	finished                  // the same, with nothing to add
	lateToRate                // a window has closed
	lateToChange              //
	replaced                  // a newer request has taken this one's place
)

// refusal ends a transaction without storing anything and says why in the customer's language.
type refusal struct {
	text       string
	cardIsDone bool   // nobody can use the card any more
	why        string // in English, for the team
}

func (r refusal) Error() string { return r.text }

// takeRequest reads what an answer to a request is decided by. The conversation has been taken.
func (a *answering) takeRequest(id string) (err error) {
	a.request, err = a.tx.Request(id)
	if errors.Is(err, models.ErrNotFound) || a.conversation.DeletedAt != nil {
		return refusal{wordsFor(a.locale).unusable, true, "The conversation was deleted in Intercom, or Rerate never asked in it."}
	} else if err != nil {
		return err
	}
	answered(a.ctx).Test = a.request.Test
	if a.settings, err = a.tx.Settings(); err != nil {
		return err
	}
	if a.wording, err = a.tx.WordingVersion(a.request.WordingVersion); err != nil {
		return fmt.Errorf("reading wording version %d: %w", a.request.WordingVersion, err)
	}
	return nil
}

// takeLatest reads the contact's newest answer, if there is one.
func (a *answering) takeLatest() error {
	latest, err := a.tx.LatestAnswer(a.request.ID, a.contact.ID)
	if err == nil {
		a.latest = &latest
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	return nil
}

// current reports whether the contact's newest answer, or none where there is none, was what they saw. It is false
// for a replayed act and for a card or page left open in another window.
func (a *answering) current() bool {
	if a.latest == nil {
		return a.seen.Revision == 0
	}
	return a.seen.Revision == a.latest.Revision && a.seen.Contact == a.contact.ID
}

// score reads an option's id.
func (a *answering) score(option string) (rating.Score, error) {
	value, err := strconv.Atoi(option)
	score, onScale := a.wording.Body.Score(value)
	if err != nil || !onScale || strconv.Itoa(value) != option {
		return rating.Score{}, refusal{wordsFor(a.locale).unusable, true, "The choice is not on the scale that was asked with."}
	}
	return score, nil
}

// rate records a choice.
func (a *answering) rate(score rating.Score) (said, error) {
	if a.latest == nil {
		if !a.current() {
			return said{stage: asks}, nil
		}
		if late, err := a.tooLate(); err != nil || late != asks {
			return said{stage: late}, err
		}
		return a.store(score)
	}
	if !a.current() || !a.seen.Changing {
		repeated(a.ctx, "This had been answered before, so nothing was stored.")
		return said{stage: saved}, nil
	}
	if !a.mayChange() {
		return said{stage: lateToChange}, nil
	}
	if a.settings.Windows.Undo(a.latest.At, a.tx.Now) {
		if err := a.undo(*a.latest); err != nil {
			return said{}, err
		}
	}
	return a.store(score)
}

// tooLate says why a request cannot be answered any more, or asks.
func (a *answering) tooLate() (stage, error) {
	switch a.request.State {
	case rating.Cancelled:
		return replaced, nil
	case rating.Expired:
		_, err := a.tx.RequestAfter(a.request)
		if errors.Is(err, models.ErrNotFound) {
			return lateToRate, nil
		}
		return replaced, err
	default:
		if !a.settings.Windows.MayRate(a.askedAt(), a.tx.Now) {
			return lateToRate, nil
		}
	}
	return asks, nil
}

// askedAt is when the request was sent. An answer may come before we are told that Intercom took the request.
func (a *answering) askedAt() time.Time {
	if a.request.SentAt == nil {
		return a.tx.Now
	}
	return *a.request.SentAt
}

// undo takes the newest answer out quietly, since another takes its place within the undo time.
func (a *answering) undo(r models.Rating) error {
	if err := a.tx.SkipWriteBacks(r.ID, "The customer chose again within the undo time."); err != nil {
		return err
	}
	return a.tx.SetWhyNot(r, models.Undone)
}

// store records the score as the contact's next answer, with everything that has to follow it.
func (a *answering) store(score rating.Score) (said, error) {
	whyNot, err := a.validity()
	if err != nil {
		return said{}, err
	}
	if a.contact.ID != "" {
		if err := a.tx.SaveContact(a.contact); err != nil {
			return said{}, err
		}
	}
	stored, err := a.add(score, whyNot)
	if err != nil {
		return said{}, err
	}
	if err := a.tx.RequestRated(a.request.ID); err != nil {
		return said{}, err
	}
	if err := planWriteBack(a.tx, stored, a.settings); err != nil {
		return said{}, err
	}
	if err := a.s.tellCounts(a.ctx, a.tx, stored, models.Valid); err != nil {
		return said{}, err
	}
	a.latest = &stored
	return said{stage: saved}, nil
}

// add stores the contact's next answer, or believes the one that is stored already.
func (a *answering) add(score rating.Score, whyNot models.WhyNot) (stored models.Rating, err error) {
	revision := 1
	if a.latest != nil {
		revision = a.latest.Revision + 1
	}
	if a.doubted == nil {
		row := a.row(score)
		row.Revision, row.WhyNot = revision, whyNot
		row.SourceKey = cmp.Or(a.key, fmt.Sprintf("%s:%s:%s:%d", a.source, a.request.ID, a.contact.ID, revision))
		stored, _, err = a.tx.AddRating(row)
		return stored, err
	}
	row := *a.doubted
	row.Revision, row.WhyNot, row.Integrity, row.Doubt, row.At = revision, whyNot, models.ByPerson, "", a.tx.Now
	if err := a.tx.Judge(row); err != nil {
		return row, err
	}
	return a.tx.Rating(row.ID)
}

// row is an answer as it was chosen here and now.
func (a *answering) row(score rating.Score) models.Rating {
	option := a.wording.Body.In(a.locale).Options[score.Value-1]
	return models.Rating{
		ConversationID: a.conversation.ID, ContactID: a.contact.ID, RequestID: a.request.ID, Source: a.source,
		Score: score.Value, Scale: score.Of, Sentiment: score.Sentiment, Emoji: option.Emoji, Label: option.Label,
		WordingVersion: a.wording.Version, Locale: a.locale, At: a.tx.Now, Channel: a.conversation.Channel,
	}
}

// validity says whether the answer counts at once. A request made in test mode marks it; a contact who is not known to take part in
// the conversation is believed once Intercom has said so.
func (a *answering) validity() (models.WhyNot, error) {
	if a.request.Test {
		return models.Test, nil
	}
	member, err := a.tx.Membership(a.conversation, a.contact.ID)
	if err != nil || member != models.Member {
		return models.Unverified, err
	}
	return models.Valid, nil
}

// changeMind shows the scale again; nothing is stored until another choice is made.
func (a *answering) changeMind() said {
	switch {
	case !a.current():
		return said{stage: saved}
	case !a.mayChange():
		return said{stage: lateToChange}
	}
	return said{stage: asksAgain}
}

// remark adds the customer's words to the newest answer, once.
func (a *answering) remark(text string) (said, error) {
	text = strings.TrimSpace(text)
	if !a.current() || a.latest.RemarkAt != nil || !a.wording.Body.Remarks.Enabled {
		return said{stage: saved}, nil
	}
	if !storableRemark(text) {
		return said{stage: saved, problem: wordsFor(a.locale).noFit}, nil
	}
	if text == "" {
		return said{stage: finished}, nil
	}
	if _, err := a.tx.AddRemark(a.latest.ID, text); err != nil {
		return said{}, err
	}
	if err := a.tx.RequestRemarked(a.request.ID); err != nil {
		return said{}, err
	}
	return said{stage: finished}, a.s.planRemark(a.ctx, a.tx, *a.latest, a.settings)
}

func storableRemark(text string) bool {
	return utf8.RuneCountInString(text) <= MaxRemark && !strings.ContainsRune(text, 0) && utf8.ValidString(text)
}

// whatChanged stores why the customer chose otherwise than before. A wrong tap is a hint to the team: which answer was
// wrong nobody can know, so all of them stay what they are.
func (a *answering) whatChanged(reason string) (said, error) {
	if !a.current() || a.latest.WhatChanged != "" {
		return said{stage: saved}, nil
	}
	if _, ok := whatChangedWords[reason]; !ok {
		return said{}, refusal{wordsFor(a.locale).unusable, true, "The card has no such choice."}
	}
	if err := a.tx.SetWhatChanged(a.latest.ID, reason); err != nil {
		return said{}, err
	}
	a.latest.WhatChanged = reason
	return said{stage: saved}, a.s.planWhatChanged(a.ctx, a.tx, *a.latest, a.settings)
}

// asksWhatChanged reports whether the newest answer follows an earlier rating, on this request or before it, and nobody
// has said why. One that was replaced within the undo time is none.
func (a *answering) asksWhatChanged() bool {
	return a.latest.Change != rating.First && a.latest.WhatChanged == ""
}

func (a *answering) mayChange() bool { return a.settings.Windows.MayChange(a.latest.At, a.tx.Now) }
