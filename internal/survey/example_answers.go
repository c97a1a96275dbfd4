package survey

import (
	"fmt"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// rateInIntercom is Intercom's own rating, which comes before any of ours.
func (t *exampleTalk) rateInIntercom(score int) {
	t.at = t.at.Add(t.between(20*time.Second, 20*time.Hour))
	r := t.rating(score, nil)
	r.Source, r.CreditRule = models.FromIntercom, creditByIntercom
	t.rate(t.commented(r))
}

// answer is the customer's answer to a request, with what may come before and after it.
func (t *exampleTalk) answer(request *models.Request, score int) {
	t.at = t.at.Add(t.between(30*time.Second, 30*time.Hour))
	t.uncounted(request)
	if !t.respond(request, t.commented(t.rating(score, request))) {
		return
	}
	// Some choose again on the same card, once the matter has been settled after all.
	if score <= 2 && t.chance(.1) {
		t.at = t.at.Add(t.between(time.Hour, 40*time.Hour))
		r := t.rating(t.score(nextSpreads[score], .5), request)
		switch {
		case r.Score <= score:
			r.WhatChanged = changedBroken
		case t.chance(.7):
			r.WhatChanged = changedFixed
		default:
			r.WhatChanged = changedExplained
		}
		t.respond(request, r)
	}
}

// uncounted is what may be stored beside an answer and is left out of the figures: a slip of the finger, a mail
// scanner that followed the link, somebody to whom the mail was passed on.
func (t *exampleTalk) uncounted(request *models.Request) {
	link := request.Method == models.ByLink
	switch {
	case t.chance(.02):
		slip := t.rating(1+t.random.IntN(5), request)
		slip.WhyNot = models.Undone
		t.respond(request, slip)
		t.at = t.at.Add(25 * time.Second)
	case link && t.chance(.02):
		scan := t.rating(1, request)
		scan.WhyNot, scan.At = models.Suspect, request.SentAt.Add(3*time.Second)
		scan.Integrity, scan.Doubt = models.Doubtful, string(rating.Several)
		t.respond(request, scan)
	case link && t.chance(.02):
		stranger := t.rating(5, request)
		stranger.WhyNot, stranger.ContactID = models.Unverified, t.newContact().id
		t.respond(request, stranger)
	}
}

// rating is one by the contact, now, for the teammate who works on the conversation. It is an answer to a request, in the
// words of that time and the contact's language, or, without one, to Intercom's own.
func (t *exampleTalk) rating(score int, request *models.Request) models.Rating {
	option := rating.DefaultWording().Options[score-1]
	if request != nil {
		option = t.data.Wordings[request.WordingVersion-1].Body.In(t.contact.language).Options[score-1]
	}
	return models.Rating{
		ConversationID: t.row.ID, ContactID: t.contact.id, Channel: t.row.Channel, At: t.at,
		Score: score, Scale: 5, Sentiment: rating.SentimentOf(score, 5), Emoji: option.Emoji, Label: option.Label,
		TeammateID: exampleTeammateID(t.teammate), TeammateName: exampleTeammates[t.teammate].name, CreditRule: rating.LastHumanReply,
	}
}

// commented adds a remark to some ratings. Very few turn out to be void.
func (t *exampleTalk) commented(r models.Rating) models.Rating {
	if mood, often := t.mood(r.Score); t.chance(often) {
		at := t.notLater(r.At.Add(t.between(8*time.Second, 4*time.Minute)))
		if t.chance(.05) { // some say later what they think
			at = t.notLater(r.At.Add(t.between(2*time.Hour, 6*24*time.Hour)))
		}
		r.Remark, r.RemarkAt = t.remark(t.contact.language, mood, r.TeammateName), &at
	}
	if t.chance(.004) {
		r.WhyNot = models.Void
	}
	return r
}

// mood says what a remark on a score would be about, and how often there is one.
func (t *exampleTalk) mood(score int) (mood exampleMood, often float64) {
	wasLow := t.first == 1 || t.first == 2
	switch {
	case t.first >= 4 && score <= 3:
		return moodWentDown, .6
	case wasLow && score <= 2:
		return moodStillLow, .5
	case wasLow && score >= 4:
		return moodRecovered, .5
	case score == 3:
		return moodMixed, .4
	case score == 4:
		return moodGood, .27
	case score == 5:
		return moodGreat, .27
	case t.afterRelease() && t.chance(.6):
		return moodRelease, .65
	}
	return moodLow, .6
}

// respond stores an answer to a request. It answers false when the year is over.
func (t *exampleTalk) respond(request *models.Request, r models.Rating) bool {
	r.RequestID, r.Revision, r.Source = request.ID, 1, request.Method.Source()
	r.WordingVersion, r.Locale = request.WordingVersion, t.contact.language
	if r.ContactID == t.contact.id {
		t.revision++
		r.Revision = t.revision
	}
	if !t.rate(r) {
		return false
	}
	if request.RatedAt == nil {
		request.State, request.RatedAt = rating.HasRating, &r.At
	}
	if r.Remark != "" {
		request.State = rating.HasRemark
	}
	return true
}

// rate stores a rating. It answers false when the year is over.
func (t *exampleTalk) rate(r models.Rating) bool {
	if r.At.After(t.now) {
		return false
	}
	t.ratings++
	r.ID = fmt.Sprintf("%s-rating-%d", t.row.ID, t.ratings)
	r.SourceKey = "example:" + r.ID
	if r.Valid() {
		t.latest = r.Score
		if t.first == 0 {
			t.first = r.Score
		} else if r.Replied = models.No; t.replied {
			r.Replied = models.Yes
		}
		t.replied = false
	}
	t.data.Ratings = append(t.data.Ratings, r)
	t.writeBack(r)
	return true
}

// writeBack is what Rerate has told Intercom after an answer: the note once the undo time is over or the remark is there,
// and the remark that came later.
func (t *exampleTalk) writeBack(r models.Rating) {
	told := r.WhyNot == models.Valid || r.WhyNot == models.Void || r.WhyNot == models.Test
	if r.RequestID == "" || !told {
		return
	}
	at, late := r.At.Add(exampleUndo), false
	if r.RemarkAt != nil {
		late = r.RemarkAt.After(at)
		if !late {
			at = *r.RemarkAt
		}
	}
	t.wrote(r, models.Note, at, r.RemarkAt != nil && !late, "The note is in the conversation.")
	if late {
		t.wrote(r, models.FollowUp, *r.RemarkAt, true, "The note with the remark is in the conversation.")
	}
	if r.WhyNot != models.Test {
		t.wrote(r, models.Attributes, at, false, "Set 4 conversation attributes.")
		t.wrote(r, models.DataEvent, at, false, "Recorded the event "+eventName+" on the contact.")
	}
}

const exampleUndo = time.Minute

// wrote stores what was written soon after it was due, or will have been.
func (t *exampleTalk) wrote(r models.Rating, kind models.WriteBackKind, due time.Time, remark bool, detail string) {
	due = t.notLater(due)
	at := t.notLater(due.Add(3 * time.Second))
	t.data.WriteBacks = append(t.data.WriteBacks, models.WriteBack{
		RatingID: r.ID, Kind: kind, ConversationID: r.ConversationID, State: models.Done, DueAt: due, Attempts: 1,
		Detail: detail, WithRemark: remark, DoneAt: &at,
	})
}
