package models

import (
	"context"
	"time"

	"gorm.io/gorm"

	"rerate/internal/rating"
)

// RatingFilter narrows a list of ratings further. Empty fields do not narrow.
type RatingFilter struct {
	Filter
	Change       rating.Change
	Score        int
	Valid        YesNo // part of the figures
	Remark       YesNo // has one
	Conversation string
	Contact      string
	Outcome      Outcome // the rows behind a figure
	Move         Move    // of the conversation, which is listed by its latest valid rating
}

// YesNo narrows to what is so, to what is not, or not at all.
type YesNo string

// The three choices.
const (
	Either YesNo = ""
	Yes    YesNo = "yes"
	No     YesNo = "no"
)

// Outcome names the rows behind a figure of the reports. But for Responded each conversation (more exactly, each contact
// in one) has one row, its latest valid rating.
type Outcome string

// The outcomes.
const (
	AnyOutcome   Outcome = "rated"     // every conversation with a valid rating
	RatedAgain   Outcome = "again"     // at least two
	WentBetter   Outcome = "better"    // latest against first
	StayedSame   Outcome = "same"      //
	WentWorse    Outcome = "worse"     //
	FirstLow     Outcome = "first_low" // the first rating is negative
	AskedAgain   Outcome = "asked"     // of these, asked again
	Answered     Outcome = "answered"  // of these, rated again
	HasRecovered Outcome = "recovered" // of these, the latest rating is positive
	LatestLow    Outcome = "low"       // the latest rating is negative
	NotAsked     Outcome = "not_asked" // of these, not asked again since
	Responded    Outcome = "responded" // the first answer to each request that was sent in the range
)

// Outcomes are all of them.
var Outcomes = []Outcome{
	AnyOutcome, RatedAgain, WentBetter, StayedSame, WentWorse, FirstLow, AskedAgain, Answered, HasRecovered, LatestLow, NotAsked, Responded,
}

// Move is a field of the matrix, or with one of the scores 0 a row or a column of it: conversations with at least two
// ratings that went from one score to another, on a scale of the given size.
type Move struct {
	First, Latest, Scale int
}

// Cursor is a place in a list that runs from the newest rating to the oldest: the last row already seen.
type Cursor struct {
	At time.Time
	ID string
}

// Ratings lists ratings, newest first, after the cursor if there is one.
func (t Tenant) Ratings(ctx context.Context, f RatingFilter, after *Cursor, limit int) ([]Rating, error) {
	q := t.ratings(ctx, f)
	if after != nil {
		q = q.Where("ratings.at < ? OR (ratings.at = ? AND ratings.id < ?)", after.At, after.At, after.ID)
	}
	return list[Rating](q.Order("ratings.at DESC, ratings.id DESC").Limit(limit))
}

// CountRatings counts what Ratings lists.
func (t Tenant) CountRatings(ctx context.Context, f RatingFilter) (int64, error) {
	var n int64
	err := t.ratings(ctx, f).Model(&Rating{}).Count(&n).Error
	return n, err
}

func (t Tenant) ratings(ctx context.Context, f RatingFilter) *gorm.DB {
	q := t.store.db.WithContext(ctx).Where("ratings.workspace_id = ?", t.Workspace)
	if f.Outcome == Responded {
		q = f.answersToRequests(q)
	} else {
		q = f.dimensions(q.Where("ratings.at >= ? AND ratings.at < ?", f.Range.Start(), f.Range.End()), "ratings.channel", "ratings.teammate_id")
	}
	if f.Change != "" {
		q = q.Where("ratings.change = ?", f.Change)
	}
	if f.Score != 0 {
		q = q.Where("ratings.score = ?", f.Score)
	}
	q = f.Remark.narrow(q, "ratings.remark <> ''", "ratings.remark = ''")
	q = f.Valid.narrow(q, "ratings.why_not = ''", "ratings.why_not <> ''")
	if f.Conversation != "" {
		q = q.Where("ratings.conversation_id = ?", f.Conversation)
	}
	if f.Contact != "" {
		q = q.Where("ratings.contact_id = ?", f.Contact)
	}
	return f.byConversation(q)
}

func (c YesNo) narrow(q *gorm.DB, yes, no string) *gorm.DB {
	switch c {
	case Yes:
		return q.Where(yes)
	case No:
		return q.Where(no)
	case Either:
	}
	return q
}

// answersToRequests narrows to one answer for each request that RequestCount counts as rated: range, channel and
// teammate are the request's.
func (f RatingFilter) answersToRequests(q *gorm.DB) *gorm.DB {
	q = q.Joins("JOIN requests AS r ON r.workspace_id = ratings.workspace_id AND r.id = ratings.request_id").
		Joins("JOIN conversations AS c ON c.workspace_id = r.workspace_id AND c.id = r.conversation_id").
		Where("r.rated_at IS NOT NULL AND r.sent_at >= ? AND r.sent_at < ?", f.Range.Start(), f.Range.End()).
		Where(`NOT EXISTS (SELECT 1 FROM ratings before WHERE before.workspace_id = ratings.workspace_id
			AND before.request_id = ratings.request_id AND NOT (before.at > ratings.at OR before.at = ratings.at AND before.id >= ratings.id))`)
	return f.dimensions(q, "c.channel", "r.teammate_id")
}

// byConversation narrows to the latest valid rating of each contact in each conversation of the outcome and move.
func (f RatingFilter) byConversation(q *gorm.DB) *gorm.DB {
	outcome, values := f.Outcome.condition()
	if (f.Outcome == "" || f.Outcome == Responded) && f.Move == (Move{}) {
		return q
	}
	summary := "s.workspace_id = ratings.workspace_id AND s.conversation_id = ratings.conversation_id AND s.contact_id = ratings.contact_id" +
		" AND s.latest_at = ratings.at" + outcome
	if f.Move != (Move{}) {
		summary += " AND s.ratings > 1"
	}
	if f.Move.First != 0 {
		summary += " AND " + onScale("s.first") + " = ?"
		values = append(values, f.Move.Scale, f.Move.First)
	}
	if f.Move.Latest != 0 {
		summary += " AND " + onScale("s.latest") + " = ?"
		values = append(values, f.Move.Scale, f.Move.Latest)
	}
	if f.Outcome == LatestLow || f.Outcome == NotAsked {
		q = q.Where("ratings.sentiment = ?", rating.Negative) // says what the summary says, and is looked at first
	}
	// Two ratings may have been given at the same time; then the latest is the one with the greater id. An ORDER BY here
	// would make SQLite read the whole index by time for every row.
	return q.Where("EXISTS (SELECT 1 FROM summaries s WHERE "+summary+")", values...).
		Where(`ratings.why_not = '' AND NOT EXISTS (SELECT 1 FROM ratings same WHERE same.workspace_id = ratings.workspace_id
			AND same.conversation_id = ratings.conversation_id AND same.contact_id = ratings.contact_id
			AND same.at = ratings.at AND same.why_not = '' AND same.id > ratings.id)`)
}

// condition is what the outcome asks of a summary, to be put behind other conditions.
func (o Outcome) condition() (sql string, values []any) {
	const firstLow, latestLow = " AND s.first_sentiment = ?", " AND s.latest_sentiment = ?"
	low := rating.Negative
	switch o {
	case RatedAgain:
		return " AND s.ratings > 1", nil
	case WentBetter, StayedSame, WentWorse:
		return " AND s.change = ?", []any{o}
	case FirstLow:
		return firstLow, []any{low}
	case AskedAgain:
		return firstLow + " AND s.asked_again", []any{low}
	case Answered:
		return firstLow + " AND s.ratings > 1", []any{low}
	case HasRecovered:
		return firstLow + latestLow, []any{low, rating.Positive}
	case LatestLow:
		return latestLow, []any{low}
	case NotAsked:
		return latestLow + ` AND NOT EXISTS (SELECT 1 FROM requests later WHERE later.workspace_id = s.workspace_id
			AND later.conversation_id = s.conversation_id AND later.sent_at > s.latest_at)`, []any{low}
	case AnyOutcome, Responded:
	}
	return "", nil
}

// onScale is rating.Score.On in SQL, in whole numbers: the place of a stored score on a scale of another size.
func onScale(score string) string {
	return "1 + (2 * (" + score + "_score - 1) * (? - 1) + " + score + "_scale - 1) / (2 * (" + score + "_scale - 1))"
}
