package survey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// The kinds of messages. The first four are events that an endpoint may choose; a test is sent by hand.
const (
	EventCreated  = "rating.created"  // a rating counts, for the first time
	EventRemarked = "rating.remarked" // a remark came after that was told
	EventLeftOut  = "rating.left_out" // a rating that counted does so no more
	EventCounted  = "rating.counted"  // a rating that was left out counts again

	alertRating  = "alert.rating"
	alertSummary = "alert.summary"
	testMessage  = "test"
)

// Events are the kinds of events, in the order in which they are offered.
var Events = []string{EventCreated, EventRemarked, EventLeftOut, EventCounted}

// teller plans messages to the workspace's endpoints about one rating, in the transaction that changes it. Nothing is
// sent before the undo time is over.
type teller struct {
	s      *Service
	ctx    context.Context
	tx     *models.Tx
	rating models.Rating
	due    time.Time
}

// tell calls plan for each endpoint that was there when the rating was given. A past that is read or imported later is
// no news.
func (s *Service) tell(ctx context.Context, tx *models.Tx, r models.Rating, plan func(teller, models.Endpoint) error) error {
	endpoints, err := tx.Endpoints()
	if err != nil || len(endpoints) == 0 {
		return err
	}
	settings, err := tx.Settings()
	if err != nil {
		return err
	}
	t := teller{s: s, ctx: ctx, tx: tx, rating: r, due: later(settings.Windows.UndoEnds(r.At), tx.Now)}
	for _, e := range endpoints {
		if r.At.Before(e.CreatedAt.Truncate(time.Second)) { // Intercom's times have no fractions of a second
			continue
		}
		if err := plan(t, e); err != nil {
			return err
		}
	}
	return nil
}

// tellCounts plans what follows when a rating counts; was says why it did not before, and is Valid for a new one.
func (s *Service) tellCounts(ctx context.Context, tx *models.Tx, r models.Rating, was models.WhyNot) error {
	if !r.Valid() {
		return nil
	}
	err := s.tell(ctx, tx, r, func(t teller, e models.Endpoint) error {
		if e.Kind.Alerts() {
			return t.alert(e)
		}
		return t.counts(e, was)
	})
	if err != nil || r.RemarkAt == nil {
		return err
	}
	return s.tellRemark(ctx, tx, r)
}

func (t teller) counts(e models.Endpoint, was models.WhyNot) error {
	told, err := t.created(e)
	switch {
	case err != nil:
		return err
	case told.State == models.DeliverySkipped, told.ID == "" && was != models.Void:
		return t.event(e, EventCreated, "", t.rating.At)
	case fresh(told) || was == models.Valid:
		return nil
	}
	return t.event(e, EventCounted, t.moment(), t.tx.Now)
}

// tellLeftOut plans what follows when a rating that counted does so no more.
func (s *Service) tellLeftOut(ctx context.Context, tx *models.Tx, r models.Rating) error {
	return s.tell(ctx, tx, r, func(t teller, e models.Endpoint) error {
		told, err := t.created(e)
		if err != nil || fresh(told) || told.State == models.DeliverySkipped {
			return err // nobody heard of it
		}
		return t.event(e, EventLeftOut, t.moment(), t.tx.Now)
	})
}

// tellRemark plans what follows when a remark comes. One that comes before the rating is told of is told with it.
func (s *Service) tellRemark(ctx context.Context, tx *models.Tx, r models.Rating) error {
	if !r.Valid() {
		return nil
	}
	return s.tell(ctx, tx, r, func(t teller, e models.Endpoint) error {
		if e.Kind.Alerts() {
			if !e.WithRemark {
				return nil
			}
			return t.alert(e)
		}
		told, err := t.created(e)
		if err != nil || fresh(told) {
			return err
		}
		return t.event(e, EventRemarked, "", t.tx.Now)
	})
}

// fresh reports whether nobody has tried to send a message yet, so that it will say how things stand then.
func fresh(d models.Delivery) bool { return d.State == models.DeliveryWaiting && d.Attempts == 0 }

// created is the message that told the endpoint of the rating; without an ID there is none.
func (t teller) created(e models.Endpoint) (models.Delivery, error) {
	told, err := t.tx.DeliveryOf(e.ID, EventCreated+":"+t.rating.ID)
	if errors.Is(err, models.ErrNotFound) {
		return models.Delivery{}, nil
	}
	return told, err
}

// moment tells what happens several times to one rating apart.
func (t teller) moment() string { return fmt.Sprintf(":%d", t.tx.Now.UnixMicro()) }

func (t teller) event(e models.Endpoint, event, suffix string, at time.Time) error {
	if !e.Wants(event) {
		return nil
	}
	return t.plan(e, models.Delivery{Type: event, Key: event + ":" + t.rating.ID + suffix, At: at})
}

// alert plans an alert that may become due: how the rating compares is only sure once Intercom has been read.
func (t teller) alert(e models.Endpoint) error {
	low := t.rating.Sentiment == rating.Negative
	if !e.Worse && !low {
		return nil
	}
	return t.plan(e, models.Delivery{Type: alertRating, Key: alertRating + ":" + t.rating.ID, At: t.rating.At})
}

func (t teller) plan(e models.Endpoint, d models.Delivery) error {
	d.EndpointID, d.RatingID, d.DueAt = e.ID, t.rating.ID, t.due
	if err := t.tx.PlanDelivery(d); err != nil {
		return err
	}
	sqlTx, err := t.tx.SQL()
	if err != nil {
		return err
	}
	at := jobs.Now
	if t.due.After(t.tx.Now) {
		at = t.due
	}
	// Not "once": looking for the same job would have one tap wait for another.
	return t.s.queue.EnqueueTx(t.ctx, sqlTx, jobs.Deliver{Workspace: t.tx.Workspace, Endpoint: e.ID}, at)
}
