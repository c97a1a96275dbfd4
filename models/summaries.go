package models

import (
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
	WorkspaceID    string `gorm:"primaryKey"`
	ConversationID string `gorm:"primaryKey"`
	ContactID      string `gorm:"primaryKey"`
	SummaryFacts
}

// SummaryFacts are what a summary says of its ratings.
type SummaryFacts struct {
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
	LatestID        string // the latest valid rating
	FirstTeammateID string // who is credited with the first valid rating
	Replied         YesNo  // a teammate replied between two of the ratings; Either where that is not known
	Waiting         bool   // low by its latest rating, and not asked since, nor about to be, nor never to be
}

// circumstances are what a summary says of its conversation besides the ratings. Tests are no asking.
type circumstances struct {
	asked     time.Time // when it was asked for the last time; zero for never
	scheduled bool      // a request is about to be sent
	never     bool      // it is deleted, or a teammate said not to ask
}

// circumstancesOf reads them for some conversations.
func (tx *Tx) circumstancesOf(conversations ...string) (map[string]circumstances, error) {
	all := map[string]circumstances{}
	var never []string
	if err := tx.rows().Model(&Conversation{}).Where("id IN ? AND (do_not_ask OR deleted_at IS NOT NULL)", conversations).
		Pluck("id", &never).Error; err != nil {
		return nil, err
	}
	for _, id := range never {
		all[id] = circumstances{never: true}
	}
	var requests []struct {
		ConversationID string
		State          RequestState
		SentAt         *time.Time
	}
	if err := tx.rows().Model(&Request{}).Select("conversation_id, state, sent_at").
		Where("conversation_id IN ? AND NOT test AND (sent_at IS NOT NULL OR state = ?)", conversations, rating.Scheduled).
		Scan(&requests).Error; err != nil {
		return nil, err
	}
	for _, r := range requests {
		c := all[r.ConversationID]
		c.scheduled = c.scheduled || r.State == rating.Scheduled
		if r.SentAt != nil && r.SentAt.After(c.asked) {
			c.asked = *r.SentAt
		}
		all[r.ConversationID] = c
	}
	return all, nil
}

// newSummary sums up the ratings of one contact in one conversation; ok is false when none is valid.
func newSummary(ratings []Rating, around circumstances, zone *time.Location) (s Summary, ok bool) {
	if len(ratings) == 0 {
		return Summary{}, false
	}
	history := HistoryOf(ratings, ratings[0].ConversationID, ratings[0].ContactID)
	if history == nil {
		return Summary{}, false
	}
	return Summary{
		WorkspaceID: ratings[0].WorkspaceID, ConversationID: ratings[0].ConversationID, ContactID: ratings[0].ContactID,
		SummaryFacts: factsOf(history, ratings, around, zone),
	}, true
}

// factsOf sums up a history, which is the valid ones among the ratings.
func factsOf(history rating.History, ratings []Rating, around circumstances, zone *time.Location) SummaryFacts {
	first, latest := history.First(), history.Latest()
	low := latest.Score.Sentiment == rating.Negative
	facts := SummaryFacts{
		Day:        stats.DayOf(latest.At, zone),
		FirstScore: first.Score.Value, FirstScale: first.Score.Of,
		LatestScore: latest.Score.Value, LatestScale: latest.Score.Of,
		FirstSentiment: first.Score.Sentiment, LatestSentiment: latest.Score.Sentiment,
		BestSentiment: history.Best().Score.Sentiment, WorstSentiment: history.Worst().Score.Sentiment,
		Change: history.Change(), Ratings: len(history), LatestAt: latest.At, LatestID: latest.ID,
		Credit:     int64(CreditUnit) * int64(history.Positives()) / int64(len(history)),
		AskedAgain: around.asked.After(first.At),
		Waiting:    low && !around.never && !around.scheduled && !around.asked.After(latest.At),
	}
	replied, unknown := false, false
	for _, r := range ratings {
		switch {
		case r.ID == first.ID:
			facts.FirstTeammateID = r.TeammateID
		case r.Valid():
			replied, unknown = replied || r.Replied == Yes, unknown || r.Replied == Either
		}
		if r.ID == latest.ID {
			facts.Channel, facts.TeammateID = r.Channel, r.TeammateID
		}
	}
	switch {
	case replied:
		facts.Replied = Yes
	case !unknown && len(history) > 1:
		facts.Replied = No
	}
	return facts
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
	if _, err := tx.holdSettings(clause.LockingStrengthShare); err != nil { // before what is pending, as everywhere
		return err
	}
	if err := tx.dropPending(id); err != nil {
		return err
	}
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
