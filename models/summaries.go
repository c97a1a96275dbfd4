package models

import (
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"rerate/internal/rating"
	"rerate/internal/stats"
)

// CreditUnit is what a conversation whose ratings are all positive adds to the average policy's positives. Every number
// up to 22 divides it, so the credit of up to 22 ratings is exact, and sums of it move in and out without a remainder.
const CreditUnit = 232_792_560

// Summary is what one contact said in one conversation: the unit of every figure. It is derived from the valid
// ratings, and there is none without one.
type Summary struct {
	WorkspaceID     string    `gorm:"primaryKey"`
	ConversationID  string    `gorm:"primaryKey"`
	ContactID       string    `gorm:"primaryKey"`
	Day             stats.Day // the local day of the latest valid rating
	Channel         string
	TeammateID      string // who is credited with the latest valid rating
	FirstScore      int
	FirstScale      int
	LatestScore     int
	LatestScale     int
	FirstSentiment  rating.Sentiment
	LatestSentiment rating.Sentiment
	BestSentiment   rating.Sentiment
	WorstSentiment  rating.Sentiment
	Change          rating.Change
	Ratings         int
	Credit          int64 // positives ÷ ratings, in CreditUnit
	AskedAgain      bool  // a request was sent after the first rating
	LatestAt        time.Time
}

// newSummary sums up the ratings of one contact in one conversation; ok is false when none is valid.
func (tx *Tx) newSummary(ratings []Rating, zone *time.Location) (s Summary, ok bool, err error) {
	if len(ratings) == 0 {
		return Summary{}, false, nil
	}
	history := HistoryOf(ratings, ratings[0].ConversationID, ratings[0].ContactID)
	if history == nil {
		return Summary{}, false, nil
	}
	first, latest := history.First(), history.Latest()
	again, err := tx.askedAfter(ratings[0].ConversationID, first.At)
	if err != nil {
		return Summary{}, false, err
	}
	s = Summary{
		WorkspaceID: tx.Workspace, ConversationID: ratings[0].ConversationID, ContactID: ratings[0].ContactID,
		Day:        stats.DayOf(latest.At, zone),
		FirstScore: first.Score.Value, FirstScale: first.Score.Of,
		LatestScore: latest.Score.Value, LatestScale: latest.Score.Of,
		FirstSentiment: first.Score.Sentiment, LatestSentiment: latest.Score.Sentiment,
		BestSentiment: history.Best().Score.Sentiment, WorstSentiment: history.Worst().Score.Sentiment,
		Change: history.Change(), Ratings: len(history), AskedAgain: again, LatestAt: latest.At,
		Credit: int64(CreditUnit) * int64(history.Positives()) / int64(len(history)),
	}
	for _, r := range ratings {
		if r.ID == latest.ID {
			s.Channel, s.TeammateID = r.Channel, r.TeammateID
		}
	}
	return s, true, nil
}

// askedAfter reports whether the conversation was asked after a time.
func (tx *Tx) askedAfter(conversation string, at time.Time) (bool, error) {
	var n int64
	err := tx.rows().Model(&Request{}).Where("conversation_id = ? AND sent_at > ?", conversation, at).Count(&n).Error
	return n > 0, err
}

func (tx *Tx) replaceSummaries(before, next []Summary) error {
	for _, s := range before {
		if err := tx.db.Delete(&s).Error; err != nil {
			return err
		}
	}
	if len(next) == 0 {
		return nil
	}
	return tx.db.CreateInBatches(next, 200).Error
}

// summariseConversation derives again the summaries of everybody who rated a conversation.
func (tx *Tx) summariseConversation(id string) error {
	var contacts []string
	if err := tx.rows().Model(&Rating{}).Where("conversation_id = ?", id).
		Distinct().Order("contact_id").Pluck("contact_id", &contacts).Error; err != nil {
		return err
	}
	for _, contact := range contacts {
		if err := tx.summarise(id, contact); err != nil {
			return err
		}
	}
	return nil
}

// RebuildReports derives the day of every summary and all rollups again, as after a change of the time zone.
// Running it twice changes nothing.
func (tx *Tx) RebuildReports() error {
	settings, err := tx.holdSettings(clause.LockingStrengthUpdate)
	if err != nil {
		return err
	}
	for _, table := range []any{&RollupDay{}, &RollupMove{}} {
		if err := tx.rows().Delete(table).Error; err != nil {
			return fmt.Errorf("clearing the rollups: %w", err)
		}
	}
	tx.before, tx.next = nil, nil // the summaries that are read below have moved already
	for last := (Summary{}); ; {
		batch, err := list[Summary](tx.rows().Where("(conversation_id, contact_id) > (?, ?)", last.ConversationID, last.ContactID).
			Order("conversation_id, contact_id").Limit(1000))
		if err != nil || len(batch) == 0 {
			return err
		}
		if err := tx.moveToZone(batch, settings.Location()); err != nil {
			return err
		}
		if err := tx.moveRollups(nil, batch); err != nil {
			return err
		}
		last = batch[len(batch)-1]
	}
}

func (tx *Tx) moveToZone(batch []Summary, zone *time.Location) error {
	for i := range batch {
		s := &batch[i]
		day := stats.DayOf(s.LatestAt, zone)
		if day == s.Day {
			continue
		}
		s.Day = day
		if err := tx.db.Model(s).Update("day", day).Error; err != nil {
			return err
		}
	}
	return nil
}
