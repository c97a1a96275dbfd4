package plain

import (
	"slices"

	"rerate/internal/rating"
	"rerate/models"
)

// Fits says whether a list of ratings that is narrowed so holds a rating. A search of remarks and what is handled are not looked at.
func (p Rows) Fits(f models.RatingFilter, r models.Rating) bool {
	at, teammate, conversation, contact, wording := r.At, r.TeammateID, r.ConversationID, r.ContactID, r.WordingVersion
	ofRequest := slices.Contains([]models.Outcome{models.Responded, models.RespondedNew, models.RespondedOld}, f.Outcome)
	if ofRequest { // then it is the request that the range, the teammate, the conversation, the contact and the wording speak of
		i := slices.IndexFunc(p.Requests, func(q Request) bool { return q.ID == r.RequestID })
		if i < 0 || !p.isFirstAnswer(r) {
			return false
		}
		q := p.Requests[i]
		if q.Test || q.Method == "home" || q.RatedAt.IsZero() || f.Outcome == models.RespondedNew && q.Again || f.Outcome == models.RespondedOld && !q.Again {
			return false
		}
		at, teammate, conversation, contact, wording = q.SentAt, q.Teammate, q.Conversation, q.Contact, q.Wording
	}
	change, _ := p.Change(r)
	is := func(wanted models.YesNo, so bool) bool {
		return wanted == models.Either || (wanted == models.Yes) == so
	}
	return p.inRange(at, f.Filter, "") && p.about(f.Filter, conversation, contact) && (f.Teammate == "" || IsOf(f.Teammate, teammate)) &&
		is(f.Valid, r.WhyNot == "") && is(f.Remark, r.Remark != "") && (f.WhyNot == "" || f.WhyNot == r.WhyNot) &&
		(f.Wording == 0 || f.Wording == wording) && (f.Change == "" || f.Change == change) && (f.Score == 0 || f.Score == r.Score) &&
		(f.Conversation == "" || f.Conversation == r.ConversationID) && (f.Contact == "" || f.Contact == r.ContactID) &&
		(f.Move == (models.Move{}) || p.went(f.Move, r)) && (f.Outcome == "" || ofRequest || p.became(f.Outcome, r)) &&
		(f.FirstTeammate == "" || p.isLatestOf(r, func(unit []models.Rating) bool { return IsOf(f.FirstTeammate, unit[0].TeammateID) }))
}

// isFirstAnswer says whether no other answer to the same request came before. What a scanner may have given is no answer.
func (p Rows) isFirstAnswer(r models.Rating) bool {
	return r.WhyNot != "suspect" && !slices.ContainsFunc(p.Ratings, func(other models.Rating) bool {
		return other.RequestID == r.RequestID && other.WhyNot != "suspect" && inTime(other, r) < 0
	})
}

// isLatestOf says whether a rating is the latest of a unit of which something is so.
func (p Rows) isLatestOf(r models.Rating, is func(unit []models.Rating) bool) bool {
	return slices.ContainsFunc(p.Units(), func(unit []models.Rating) bool { return unit[len(unit)-1].ID == r.ID && is(unit) })
}

// went says whether a rating is the latest of a contact who went from one score to the other; 0 is any score.
func (p Rows) went(m models.Move, r models.Rating) bool {
	is := func(from, to int, rated models.Rating) bool {
		place := 1 + Nearest(m.Scale, rated.Score, rated.Scale)
		return from == 0 || place >= from && place <= max(from, to)
	}
	return p.isLatestOf(r, func(unit []models.Rating) bool {
		return len(unit) > 1 && is(m.First, m.FirstTo, unit[0]) && is(m.Latest, m.LatestTo, unit[len(unit)-1])
	})
}

// became says whether a rating is the latest of a contact whose ratings had the outcome.
func (p Rows) became(outcome models.Outcome, r models.Rating) bool {
	if outcome == models.Happy {
		return r.WhyNot == "" && r.Sentiment == rating.Positive && r.Remark != ""
	}
	return p.isLatestOf(r, func(unit []models.Rating) bool {
		first, last, again := unit[0].Sentiment, unit[len(unit)-1].Sentiment, len(unit) > 1
		switch outcome {
		case models.AnyOutcome:
			return true
		case models.RatedAgain:
			return again
		case models.FirstLow:
			return first == "negative"
		case models.AskedAgain:
			asked, _ := p.asked(r.ConversationID)
			return first == "negative" && asked.After(unit[0].At)
		case models.Answered:
			return first == "negative" && again
		case models.HasRecovered:
			return first == "negative" && last == "positive"
		case models.FirstMiddle, models.MiddleAgain:
			return first == "neutral" && (outcome == models.FirstMiddle || again)
		case models.FirstHigh, models.HighAgain:
			return first == "positive" && (outcome == models.FirstHigh || again)
		case models.WithReply, models.Alone:
			return first == "negative" && replied(unit) == map[models.Outcome]string{models.WithReply: "yes", models.Alone: "no"}[outcome]
		case models.WonBack, models.CameBack:
			return first == "negative" && last == "positive" && replied(unit) == map[models.Outcome]string{models.WonBack: "yes", models.CameBack: "no"}[outcome]
		case models.HasLost:
			return first == "positive" && last != "positive"
		case models.HasGained:
			return first != "positive" && last == "positive"
		case models.LatestLow:
			return last == "negative"
		case models.NotAsked:
			return p.waits(unit)
		default:
			return string(ChangeOf(unit)) == string(outcome)
		}
	})
}

// waits says whether a unit is low by its latest rating, and its conversation has not been asked since, nor is about to be, nor
// never to be.
func (p Rows) waits(unit []models.Rating) bool {
	latest := unit[len(unit)-1]
	last, soon := p.asked(latest.ConversationID)
	return latest.Sentiment == "negative" && !p.Never[latest.ConversationID] && !soon && !last.After(latest.At)
}
