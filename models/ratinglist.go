package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// RatingFilter narrows a list of ratings further. Empty fields do not narrow.
type RatingFilter struct {
	Filter
	Search       string // words that the remark has, as internal/words understands them
	Handled      YesNo
	Valid        YesNo // part of the figures
	WhyNot       WhyNot
	Conversation string
	Contact      string
	Outcome      Outcome // the rows behind a figure
	// FirstTeammate is who is credited with the conversation's first rating, or Nobody. The conversation is then listed by its
	// latest valid rating.
	FirstTeammate string
	Move          Move // of the conversation, which is listed by its latest valid rating

	since time.Time // no rows before: SQLite enters an index by one lower bound only, so it is the range's where it is later
	want  wanted
}

// YesNo narrows to what is so, to what is not, or not at all.
type YesNo string

// The three choices.
const (
	Either YesNo = ""
	Yes    YesNo = "yes"
	No     YesNo = "no"
)

// Outcome names the rows behind a figure of the reports. But for Responded, its parts and Happy each conversation (more exactly, each contact
// in one) has one row, its latest valid rating.
type Outcome string

// The outcomes.
const (
	AnyOutcome   Outcome = "rated"           // every conversation with a valid rating
	RatedAgain   Outcome = "again"           // at least two
	WentBetter   Outcome = "better"          // latest against first
	StayedSame   Outcome = "same"            //
	WentWorse    Outcome = "worse"           //
	FirstLow     Outcome = "first_low"       // the first rating is negative
	AskedAgain   Outcome = "asked"           // of these, asked again
	Answered     Outcome = "answered"        // of these, rated again
	HasRecovered Outcome = "recovered"       // of these, the latest rating is positive
	LatestLow    Outcome = "low"             // the latest rating is negative
	NotAsked     Outcome = "not_asked"       // of these, not asked again since, nor about to be, nor never to be
	Responded    Outcome = "responded"       // the first answer to each request that was sent in the range
	FirstMiddle  Outcome = "first_neutral"   // the first rating is neither negative nor positive
	MiddleAgain  Outcome = "again_neutral"   // of these, rated again
	FirstHigh    Outcome = "first_positive"  // the first rating is positive
	HighAgain    Outcome = "again_positive"  // of these, rated again
	Happy        Outcome = "happy"           // every valid rating that is positive and has a remark
	WithReply    Outcome = "replied"         // of Answered, a teammate replied in between
	WonBack      Outcome = "won_back"        // of these, the latest rating is positive
	Alone        Outcome = "alone"           // of Answered, no teammate replied in between
	CameBack     Outcome = "came_back"       // of these, the latest rating is positive
	HasLost      Outcome = "lost"            // of HighAgain, the latest rating is not positive
	HasGained    Outcome = "gained"          // the first rating is not positive, the latest is
	RespondedNew Outcome = "responded_new"   // of Responded, those to the first ask of a conversation that nobody had rated
	RespondedOld Outcome = "responded_again" // and those to the others
)

// Outcomes are all of them.
var Outcomes = []Outcome{
	AnyOutcome, RatedAgain, WentBetter, StayedSame, WentWorse, FirstLow, AskedAgain, Answered, HasRecovered, LatestLow, NotAsked, Responded,
	FirstMiddle, MiddleAgain, FirstHigh, HighAgain, Happy,
	WithReply, WonBack, Alone, CameBack, HasLost, HasGained, RespondedNew, RespondedOld,
}

// ofRequests reports whether the rows are answers to requests rather than conversations.
func (o Outcome) ofRequests() bool { return o == Responded || o == RespondedNew || o == RespondedOld }

// Move is a field of the matrix, or with one of the scores 0 a row or a column of it: conversations with at least two
// ratings that went from one score to another, on a scale of the given size. FirstTo and LatestTo, if not 0, make the score
// a run of scores.
type Move struct {
	First, Latest, Scale int
	FirstTo, LatestTo    int
}

// Cursor is a place in a list that runs from the newest rating to the oldest: the last row already seen.
type Cursor struct {
	At time.Time
	ID string
}

// Ratings lists ratings, newest first, after the cursor if there is one.
func (t Tenant) Ratings(ctx context.Context, f RatingFilter, after *Cursor, limit int) ([]Rating, error) {
	if f.Search != "" {
		found, _, err := t.search(ctx, f, after, limit, limit)
		if err != nil {
			return nil, err
		}
		return t.ratingsByID(ctx, found[:min(len(found), limit)])
	}
	if f.Tag != "" && !f.Outcome.ofRequests() {
		if rows, all, err := t.amongNewest(ctx, f, after, limit); err != nil || all {
			return rows, err
		}
	}
	q := t.ratings(ctx, f)
	if after != nil {
		q = q.Where(f.before(*after))
	}
	return list[Rating](f.newestFirst(q).Limit(limit))
}

// amongNewest looks for a list among some of the newest ratings first, one by one: of a tag that many conversations have they
// hold enough, and what has been tagged in years need not be found. It answers all when nothing is missing.
func (t Tenant) amongNewest(ctx context.Context, f RatingFilter, after *Cursor, limit int) (rows []Rating, all bool, err error) {
	near := t.near(ctx, f)
	if after != nil {
		near = near.Where("ratings.at <= ?", after.At)
	}
	end, bounded, err := t.boundary(near, t.store.bounds.tagged)
	if err != nil {
		return nil, false, err
	}
	f.want = firstFew
	if bounded {
		f.since = end.At
	}
	q := t.ratings(ctx, f)
	if bounded {
		q = q.Where(f.notBefore(end))
	}
	if after != nil {
		q = q.Where(f.before(*after))
	}
	rows, err = list[Rating](f.newestFirst(q).Limit(limit))
	return rows, !bounded || len(rows) == limit, err
}

// CountRatings counts what Ratings lists without a search; see RatingPage for a count that never takes long.
func (t Tenant) CountRatings(ctx context.Context, f RatingFilter) (int64, error) {
	var n int64
	err := t.ratings(ctx, f).Model(&Rating{}).Count(&n).Error
	return n, err
}

func (t Tenant) ratings(ctx context.Context, f RatingFilter) *gorm.DB {
	q := t.store.db.WithContext(ctx).Where("ratings.workspace_id = ?", t.Workspace)
	if f.Outcome.ofRequests() {
		q = f.answersToRequests(q)
	} else {
		at, _ := f.place()
		from := f.Range.Start()
		if f.since.After(from) {
			from = f.since
		}
		q = f.dimensions(q.Where(at+" >= ? AND "+at+" < ?", from, f.Range.End()), "ratings.channel", "ratings.teammate_id")
	}
	if f.Change != "" {
		q = q.Where("ratings.change = ?", f.Change)
	}
	if f.Score != 0 {
		q = q.Where("ratings.score = ?", f.Score)
	}
	// An answer to a request is told by the request, as the figure that leads to it.
	table := "ratings"
	if f.Outcome.ofRequests() {
		table = "r"
	}
	if f.Wording != 0 {
		q = q.Where(table+".wording_version = ?", f.Wording)
	}
	q = f.people(f.tagged(q, t, table, f.want), table)
	q = f.Remark.narrow(q, "ratings.remark <> ''", "ratings.remark = ''")
	q = f.Valid.narrow(q, "ratings.why_not = ''", "ratings.why_not <> ''")
	q = f.Handled.narrow(q, "ratings.handled_at IS NOT NULL", "ratings.handled_at IS NULL")
	if f.WhyNot != "" {
		q = q.Where("ratings.why_not = ? AND ratings.why_not <> ''", f.WhyNot) // said twice, so that SQLite finds the index
	}
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
		Where("r.rated_at IS NOT NULL AND r.sent_at >= ? AND r.sent_at < ? AND r.test = FALSE AND r.method <> ?", f.Range.Start(), f.Range.End(), ByHome).
		Where("ratings.why_not <> ?", Suspect).
		Where(`NOT EXISTS (SELECT 1 FROM ratings before WHERE before.workspace_id = ratings.workspace_id
			AND before.request_id = ratings.request_id AND before.why_not <> 'suspect' AND NOT (before.at > ratings.at OR before.at = ratings.at AND before.id >= ratings.id))`)
	switch f.Outcome {
	case RespondedNew:
		q = q.Where("NOT r.again")
	case RespondedOld:
		q = q.Where("r.again")
	}
	return f.dimensions(q, "c.channel", "r.teammate_id")
}

// ofConversations reports whether each conversation has one row, its latest valid rating.
func (f RatingFilter) ofConversations() bool {
	switch f.Outcome {
	case Responded, RespondedNew, RespondedOld, Happy, "":
		return f.Move != (Move{}) || f.FirstTeammate != ""
	default:
		return true
	}
}

// place are the columns that a row's place in the list is told by. For conversations they are the summary's, which say the
// same as the rating's: so the newest of a few are found by an index.
func (f RatingFilter) place() (at, id string) {
	if f.ofConversations() {
		return "s.latest_at", "s.latest_id"
	}
	return "ratings.at", "ratings.id"
}

// byConversation narrows to the latest valid rating of each contact in each conversation of the outcome and move.
func (f RatingFilter) byConversation(q *gorm.DB) *gorm.DB {
	if f.Move != (Move{}) {
		q = q.Where("s.ratings > 1")
	}
	if f.ofConversations() {
		q = q.Joins("JOIN summaries AS s ON s.workspace_id = ratings.workspace_id AND s.latest_id = ratings.id")
	}
	switch f.FirstTeammate {
	case "":
	case Nobody:
		q = q.Where("s.first_teammate_id = ''")
	default:
		q = q.Where("s.first_teammate_id = ?", f.FirstTeammate)
	}
	if sql, values := f.Outcome.condition(); sql != "" {
		q = q.Where(sql, values...)
	}
	if f.Move.First != 0 {
		q = q.Where(onScale("s.first")+" BETWEEN ? AND ?", f.Move.Scale, f.Move.First, max(f.Move.First, f.Move.FirstTo))
	}
	if f.Move.Latest != 0 {
		q = q.Where(onScale("s.latest")+" BETWEEN ? AND ?", f.Move.Scale, f.Move.Latest, max(f.Move.Latest, f.Move.LatestTo))
	}
	return q
}

// condition is what the outcome asks of a summary.
func (o Outcome) condition() (sql string, values []any) {
	const firstLow, latestLow = "s.first_sentiment = 'negative'", "s.latest_sentiment = 'negative'"
	const firstMiddle, firstHigh = "s.first_sentiment = 'neutral'", "s.first_sentiment = 'positive'"
	const latestHigh, again, withReply, alone = "s.latest_sentiment = 'positive'", "s.ratings > 1", "s.replied = 'yes'", "s.replied = 'no'"
	switch o {
	case RatedAgain:
		return again, nil
	case WentBetter, StayedSame, WentWorse:
		return "s.change = ?", []any{o}
	case FirstLow:
		return firstLow, nil
	case AskedAgain:
		return firstLow + " AND s.asked_again", nil
	case Answered:
		return firstLow + " AND " + again, nil
	case HasRecovered:
		return firstLow + " AND " + latestHigh, nil
	case WithReply:
		return firstLow + " AND " + again + " AND " + withReply, nil
	case WonBack:
		return firstLow + " AND " + latestHigh + " AND " + withReply, nil
	case Alone:
		return firstLow + " AND " + again + " AND " + alone, nil
	case CameBack:
		return firstLow + " AND " + latestHigh + " AND " + alone, nil
	case HasLost:
		return firstHigh + " AND NOT " + latestHigh, nil
	case HasGained:
		return "NOT " + firstHigh + " AND " + latestHigh, nil
	case LatestLow:
		return latestLow, nil
	case NotAsked:
		return "s.waiting", nil
	case FirstMiddle:
		return firstMiddle, nil
	case MiddleAgain:
		return firstMiddle + " AND s.ratings > 1", nil
	case FirstHigh:
		return firstHigh, nil
	case HighAgain:
		return firstHigh + " AND s.ratings > 1", nil
	case Happy:
		return "ratings.sentiment = 'positive' AND ratings.remark <> '' AND ratings.why_not = ''", nil
	case AnyOutcome, Responded, RespondedNew, RespondedOld:
	}
	return "", nil
}

// onScale is rating.Score.On in SQL, in whole numbers: the place of a stored score on a scale of another size.
func onScale(score string) string {
	return "1 + (2 * (" + score + "_score - 1) * (? - 1) + " + score + "_scale - 1) / (2 * (" + score + "_scale - 1))"
}
