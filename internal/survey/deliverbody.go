package survey

import (
	"encoding/json"
	"time"

	"rerate/models"
)

// subject is what a message speaks of. Without a rating it is a test or a summary.
type subject struct {
	about        bool // there is a rating
	rating       models.Rating
	conversation models.Conversation
}

// takeSubject reads the rating of a message, and has taps on its conversation wait.
func takeSubject(tx *models.Tx, d models.Delivery) (of subject, err error) {
	if d.RatingID == "" {
		return of, nil
	}
	known, err := tx.Rating(d.RatingID)
	if err != nil {
		return of, ignoreMissing(err) // example data that was removed
	}
	if of.conversation, err = tx.Conversation(known.ConversationID); err != nil {
		return of, err
	}
	of.rating, err = tx.Rating(d.RatingID)
	of.about = err == nil
	return of, ignoreMissing(err)
}

// unread reports whether it is worth waiting until Intercom has been read since the rating.
func (of subject) unread(now, due time.Time) bool {
	if !of.about || !now.Before(due.Add(readPatience)) {
		return false
	}
	read := of.conversation.ReadAt
	return read == nil || read.Before(of.rating.At)
}

// pointless says why a message is not sent, or that nobody need hear even of that.
func (s *Service) pointless(tx *models.Tx, t try, of subject) (why string, drop bool, err error) {
	d := t.delivery
	switch {
	case d.Type == testMessage:
		return "", false, nil
	case d.Type == alertSummary:
		n, err := s.countGathered(tx, d)
		if err == nil && n.all == 0 {
			why = "None of these ratings counts any more."
		}
		return why, false, err
	case !of.about:
		return "", true, nil
	case d.Type == EventLeftOut:
		return "", false, nil
	case d.Type == EventRemarked && of.rating.Remark == "":
		return "The remark was erased.", false, nil
	}
	if why := (effect{rating: of.rating}).pointless(); why != "" {
		return why, false, nil
	}
	if of.rating.WhyNot == models.Test {
		return "It is a test rating.", false, nil
	}
	return "", d.Type == alertRating && alertReason(t.endpoint, of.rating) == "", nil
}

// message is the body of a signed message.
type message struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"` // when it happened, not when it is sent
	Data      any       `json:"data"`
}

// testData is what a test carries.
type testData struct {
	Text string `json:"text"`
}

const testText = "This is a test from Rerate. Nothing has happened."

// bodyOf writes a message from the rows as they are.
func (s *Service) bodyOf(tx *models.Tx, t try, of subject) ([]byte, error) {
	var data any
	switch {
	case t.endpoint.Kind.Alerts():
		alert, err := s.alertOf(tx, t, of)
		if err != nil {
			return nil, err
		}
		if t.endpoint.Kind == models.SlackEndpoint {
			return json.Marshal(slackMessage(alert))
		}
		data = alert
	case t.delivery.Type == testMessage:
		data = testData{Text: testText}
	default:
		data = s.RatingJSON(of.rating)
	}
	return json.Marshal(message{Type: t.delivery.Type, Timestamp: t.delivery.At.UTC(), Data: data})
}
