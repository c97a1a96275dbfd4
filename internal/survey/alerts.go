package survey

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// The reasons of an alert.
const (
	alertWorse = "worse" // than the first rating: making things right has failed
	alertLow   = "low"
)

// alertReason says why an endpoint is to hear of a rating; empty: it is not.
func alertReason(e models.Endpoint, r models.Rating) string {
	switch {
	case e.WithRemark && r.Remark == "":
		return ""
	case e.Worse && r.Change == rating.Worse:
		return alertWorse
	case e.Low && r.Sentiment == rating.Negative:
		return alertLow
	}
	return ""
}

// hour is the stretch in which the messages of an alert are counted.
const hour = time.Hour

// gather puts an alert that is too many for this hour into the one message that tells of all of these when the hour is
// over. It answers false where the message is to be sent by itself.
func (s *Service) gather(ctx context.Context, tx *models.Tx, t *try) (bool, error) {
	e, d := &t.endpoint, &t.delivery
	if !e.Kind.Alerts() || d.Type == testMessage {
		return false, nil
	}
	if e.HourBeganAt == nil || !tx.Now.Before(e.HourBeganAt.Add(hour)) {
		e.HourBeganAt, e.HourSent = &tx.Now, 0
	}
	if d.Type == alertSummary || e.HourSent < e.PerHour {
		e.HourSent++
		return false, nil // beginTry stores the count
	}
	ends := e.HourBeganAt.Add(hour)
	key := alertSummary + ":" + strconv.FormatInt(e.HourBeganAt.Unix(), 10)
	if err := tx.PlanDelivery(models.Delivery{EndpointID: e.ID, Type: alertSummary, Key: key, At: *e.HourBeganAt, DueAt: ends}); err != nil {
		return false, err
	}
	summary, err := tx.DeliveryOf(e.ID, key)
	if err != nil {
		return false, err
	}
	d.State, d.SummaryID, d.DoneAt = models.DeliveryGathered, summary.ID, &tx.Now
	d.Detail = "There were many in this hour: it is told of in one message at the end of the hour."
	if err := tx.SaveDelivery(*d); err != nil {
		return false, err
	}
	return true, s.deliverAt(ctx, tx, e.ID, ends)
}

// gathered counts the ratings of a summary that still count.
type gathered struct{ all, worse int }

func (s *Service) countGathered(tx *models.Tx, summary models.Delivery) (n gathered, err error) {
	deliveries, err := tx.DeliveriesInto(summary.ID)
	if err != nil {
		return n, err
	}
	for _, d := range deliveries {
		r, err := tx.Rating(d.RatingID)
		if err != nil || !r.Valid() {
			if err := ignoreMissing(err); err != nil {
				return n, err
			}
			continue
		}
		n.all++
		if r.Change == rating.Worse {
			n.worse++
		}
	}
	return n, nil
}

// alert is what an alert tells. As it stands it is the data of the message to an endpoint that is not Slack.
type alert struct {
	Text            string     `json:"text"`             // in one or two sentences
	Reason          string     `json:"reason,omitempty"` // worse or low
	Rating          any        `json:"rating,omitempty"` // as the management API shows it
	First           *alertMark `json:"first,omitempty"`  // the first rating, where this is another
	RatingURL       string     `json:"rating_url,omitempty"`
	ConversationURL string     `json:"conversation_url,omitempty"`

	Count int        `json:"count,omitempty"` // of a summary
	Worse *int       `json:"worse,omitempty"` // how many of these are below the first
	Since *time.Time `json:"since,omitempty"`
	URL   string     `json:"url,omitempty"` // of their list

	title string
	row   models.Rating
	zone  *time.Location
}

// alertMark is a score in an alert.
type alertMark struct {
	Score int    `json:"score"`
	Scale int    `json:"scale"`
	Emoji string `json:"emoji"`
	Label string `json:"label"`
}

// alertOf writes an alert from the rows as they are.
func (s *Service) alertOf(tx *models.Tx, t try, of subject) (alert, error) {
	w, err := tx.Get()
	if err != nil {
		return alert{}, err
	}
	switch t.delivery.Type {
	case testMessage:
		return alert{title: "A test from Rerate", Text: testText}, nil
	case alertSummary:
		return s.summaryOf(tx, t.delivery, w.Settings.Location())
	}
	all, err := tx.RatingsOf(of.rating.ConversationID)
	if err != nil {
		return alert{}, err
	}
	a := alert{
		Reason: alertReason(t.endpoint, of.rating), Rating: s.RatingJSON(of.rating), row: of.rating, zone: w.Settings.Location(),
		RatingURL: s.BaseURL + "/ratings/" + of.rating.ID, ConversationURL: s.ConversationURL(w, of.rating.ConversationID),
	}
	if first, _ := (effect{rating: of.rating, ratings: all}).before(); first != nil {
		a.First = &alertMark{Score: first.Score, Scale: first.Scale, Emoji: first.Emoji, Label: first.Label}
	}
	a.title, a.Text = a.words()
	return a, nil
}

// words are the title and the text.
func (a alert) words() (title, text string) {
	now := plainScore(a.row.Emoji, a.row.Label, a.row.Score, a.row.Scale)
	if a.First == nil {
		return "🔴 A low rating", "A low rating: " + now + "."
	}
	was := plainScore(a.First.Emoji, a.First.Label, a.First.Score, a.First.Scale)
	switch a.row.Change {
	case rating.Worse:
		return "🚨 The rating went down", "The rating went down: " + was + " → " + now + "."
	case rating.Same, rating.Better, rating.First:
	}
	return "🔴 Still a low rating", "Still a low rating: " + was + " → " + now + "."
}

func plainScore(emoji, label string, score, scale int) string {
	return fmt.Sprintf("%s %s (%d of %d)", emoji, label, score, scale)
}

// summaryOf tells of the ratings that were too many for their hour.
func (s *Service) summaryOf(tx *models.Tx, d models.Delivery, zone *time.Location) (alert, error) {
	n, err := s.countGathered(tx, d)
	if err != nil {
		return alert{}, err
	}
	since := d.At.In(zone)
	ratings := " more ratings"
	if n.all == 1 {
		ratings = " more rating"
	}
	a := alert{title: "🔴 " + strconv.Itoa(n.all) + ratings + " to look at", Count: n.all, Worse: &n.worse, Since: &d.At, zone: zone}
	a.Text = fmt.Sprintf("%d%s, low or worse than the first, since %s. %d went down.", n.all, ratings, since.Format("15:04"), n.worse)
	a.URL = s.BaseURL + "/ratings?from=" + since.Format(time.DateOnly) + "&to=" + tx.Now.In(zone).Format(time.DateOnly)
	return a, nil
}

// ConversationURL is where teammates read a conversation: in the workspace's own region, unless the operator has named
// another place.
func (s *Service) ConversationURL(w models.Workspace, conversation string) string {
	return intercom.ConversationURL(s.appOf(w), w.ID, conversation)
}

// ContactURL is where teammates see a contact in Intercom.
func (s *Service) ContactURL(w models.Workspace, contact string) string {
	return intercom.ContactURL(s.appOf(w), w.ID, contact)
}

// appOf is Intercom's own pages for a workspace.
func (s *Service) appOf(w models.Workspace) string {
	if s.AppURL == intercom.AppURL("") {
		return intercom.AppURL(w.Region)
	}
	return s.AppURL
}
