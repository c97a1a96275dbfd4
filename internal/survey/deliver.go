package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"rerate/internal/jobs"
	"rerate/internal/outgoing"
	"rerate/models"
)

// pauses are the times between the tries of one message, each up to a fifth longer by chance: eleven tries in three days.
var pauses = []time.Duration{
	5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour,
	20 * time.Hour, 20 * time.Hour,
}

const (
	// longestRest bounds how long an endpoint that does not answer is left alone before the next message is tried.
	longestRest = 5 * time.Minute
	// tryTime is how long one try keeps others away from the endpoint: longer than it can take.
	tryTime = 30 * time.Second
	// retryLost is when a try of which nothing was heard is made again: whoever made it was killed.
	retryLost = 2 * time.Minute
	// stopAfter is how long an endpoint may fail before Rerate pauses it.
	stopAfter = 3 * 24 * time.Hour
	// readPatience is how long a message waits until Intercom has been read after its rating: only then is it known who is
	// credited and how the rating compares.
	readPatience = 10 * time.Minute
	// unreadPause is how soon that is looked at again.
	unreadPause = 2 * time.Second
	// oneRun bounds one job, which River stops after a minute.
	oneRun = 40 * time.Second
	// lateClock is by how much the clocks of two machines may differ.
	lateClock = time.Minute
)

// step is what one look at an endpoint has come to.
type step int

const (
	idle   step = iota // nothing is due
	begun              // a message is to be sent
	passed             // one was dealt with without being sent
	rests              // the endpoint must not be called now
	unread             // a message waits until Intercom has been read
)

// Deliver sends an endpoint what is due, one message after the other. It may run any number of times.
func (s *Service) Deliver(ctx context.Context, job jobs.Deliver) error {
	tenant, until := s.Store.Tenant(job.Workspace), s.Now().Add(oneRun)
	waits := false
	for s.Now().Before(until) {
		t, at, err := s.nextTry(ctx, tenant, job.Endpoint)
		if err != nil {
			return err
		}
		switch at {
		case idle:
			if waits {
				return jobs.Later{Pause: unreadPause, Cause: errors.New("Intercom has not been read since the rating")}
			}
			return nil
		case rests:
			return t.rest(s.Now())
		case unread:
			waits = true
		case begun:
			if arrived, err := s.send(ctx, tenant, t); err != nil || !arrived {
				return err
			}
		case passed:
		}
	}
	return jobs.Later{Pause: time.Second, Cause: errors.New("there is more to send")}
}

// try is one message on its way.
type try struct {
	endpoint models.Endpoint
	delivery models.Delivery
	message  outgoing.Message
}

// restEnds is when the endpoint may be called; zero: it may be now.
func (t try) restEnds() (at time.Time) {
	for _, until := range []*time.Time{t.endpoint.RestUntil, t.endpoint.BusyUntil} {
		if until != nil && until.After(at) {
			at = *until
		}
	}
	return at
}

// rest asks for another run where the end of the rest is near: another worker is at it, or its clock is ahead of ours. A
// longer rest has a job of its own at its end.
func (t try) rest(now time.Time) error {
	if pause := t.restEnds().Sub(now); pause <= lateClock {
		return jobs.Later{Pause: max(min(pause, unreadPause), time.Second), Cause: errors.New("the endpoint rests")}
	}
	return nil
}

// nextTry takes the next message that is due and stores that a try begins, so that a crash in between costs a repetition at
// worst, which the receiver knows by its id.
func (s *Service) nextTry(ctx context.Context, tenant models.Tenant, endpoint string) (t try, at step, err error) {
	err = tenant.Write(ctx, func(tx *models.Tx) error {
		t, at = try{}, idle
		next, err := tx.NextDelivery(endpoint)
		if err != nil {
			return ignoreMissing(err)
		}
		// The conversation first, then the endpoint, so that nobody waits in a circle. From here on no tap changes the rating.
		about, err := takeSubject(tx, next)
		if err != nil {
			return err
		}
		if t.endpoint, err = tx.HoldEndpoint(endpoint); err != nil || t.endpoint.Paused {
			return ignoreMissing(err)
		}
		if t.restEnds().After(tx.Now) {
			at = rests
			return nil
		}
		at = passed
		t.delivery, err = tx.Delivery(next.ID)
		if err != nil || t.delivery.State != models.DeliveryWaiting || t.delivery.NextAt.After(tx.Now) {
			return ignoreMissing(err) // another worker was faster
		}
		at, err = s.beginTry(ctx, tx, &t, about)
		return err
	})
	return t, at, err
}

func ignoreMissing(err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}

// beginTry decides whether the message is still worth sending, and writes it.
func (s *Service) beginTry(ctx context.Context, tx *models.Tx, t *try, about subject) (step, error) {
	d, e := &t.delivery, &t.endpoint
	if d.Attempts == 0 {
		if about.unread(tx.Now, d.DueAt) {
			d.NextAt = tx.Now.Add(unreadPause)
			return unread, tx.SaveDelivery(*d)
		}
		if dealt, err := s.settle(ctx, tx, t, about); err != nil || dealt {
			return passed, err
		}
	}
	if err := s.seal(tx, t, about); err != nil {
		return passed, s.stop(tx, t, "The stored address or secret cannot be read any more. Enter the address again, make a new secret, then resume.", err)
	}
	busy := tx.Now.Add(tryTime)
	e.BusyUntil = &busy
	d.Attempts++
	d.NextAt = tx.Now.Add(retryLost)
	return begun, errors.Join(tx.SaveEndpoint(*e), tx.SaveDelivery(*d))
}

// settle deals with a message that is not to be sent: because nothing is to be told any more, or because it goes into one
// message for several.
func (s *Service) settle(ctx context.Context, tx *models.Tx, t *try, about subject) (bool, error) {
	d := &t.delivery
	why, drop, err := s.pointless(tx, *t, about)
	switch {
	case err != nil:
		return false, err
	case drop:
		return true, tx.DropDelivery(d.ID)
	case why != "":
		d.State, d.Detail, d.DoneAt = models.DeliverySkipped, why, &tx.Now
		return true, tx.SaveDelivery(*d)
	}
	return s.gather(ctx, tx, t)
}

// seal fills in what is sent: it is made of the rows as they are now, and signed.
func (s *Service) seal(tx *models.Tx, t *try, about subject) (err error) {
	e := t.endpoint
	address, err := s.Keys.Decrypt(endpointPlace(e, "url"), e.URL)
	if err != nil {
		return err
	}
	t.message = outgoing.Message{URL: string(address), ID: t.delivery.ID, At: tx.Now}
	if t.message.Secrets, err = s.secretsOf(e, tx.Now); err != nil {
		return err
	}
	t.message.Body, err = s.bodyOf(tx, *t, about)
	return err
}

// stop pauses an endpoint that cannot be used, telling why.
func (s *Service) stop(tx *models.Tx, t *try, why string, cause error) error {
	s.Log.Error("an endpoint cannot be used", "workspace", tx.Workspace, "endpoint", t.endpoint.ID, "error", cause)
	t.endpoint.Paused, t.endpoint.PausedWhy = true, why
	return tx.SaveEndpoint(t.endpoint)
}

// send makes the try and stores what became of it.
func (s *Service) send(ctx context.Context, tenant models.Tenant, t try) (arrived bool, err error) {
	answer, err := s.Outgoing.Send(ctx, t.message)
	if err != nil {
		return false, err // we are stopping; the try is made again
	}
	return answer.OK(), tenant.Write(context.WithoutCancel(ctx), func(tx *models.Tx) error {
		e, err := tx.HoldEndpoint(t.endpoint.ID)
		if err != nil {
			return ignoreMissing(err) // deleted meanwhile
		}
		d, err := tx.Delivery(t.delivery.ID)
		if err != nil {
			return ignoreMissing(err)
		}
		e.BusyUntil, d.Status = nil, answer.Status
		if answer.OK() {
			e.Failures, e.FailingSince, e.RestUntil = 0, nil, nil
			d.State, d.Detail, d.DoneAt = models.DeliveryDone, fmt.Sprintf("It answered %d.", answer.Status), &tx.Now
			return errors.Join(tx.SaveEndpoint(e), tx.SaveDelivery(d))
		}
		failed(tx.Now, &e, &d, answer)
		if err := errors.Join(tx.SaveEndpoint(e), tx.SaveDelivery(d)); err != nil {
			return err
		}
		if d.State == models.DeliveryWaiting {
			if err := s.deliverAt(ctx, tx, e.ID, d.NextAt); err != nil {
				return err
			}
		}
		return s.deliverAt(ctx, tx, e.ID, *e.RestUntil)
	})
}

// failed notes a failure: when the message is tried again, how long the endpoint is left alone, and whether it is paused.
func failed(now time.Time, e *models.Endpoint, d *models.Delivery, answer outgoing.Answer) {
	d.Detail = answer.Problem
	if d.Attempts > len(pauses) || answer.Gone() {
		d.State, d.DoneAt = models.DeliveryFailed, &now
	} else {
		pause := pauses[d.Attempts-1]
		pause += rand.N(pause/5 + 1) //nolint:gosec // spreading load needs no secrecy
		d.NextAt = now.Add(max(pause, answer.RetryAfter))
	}
	e.Failures++
	e.FailingSince = cmp.Or(e.FailingSince, &now)
	n := time.Duration(min(e.Failures, 20))
	rest := now.Add(max(min(n*n*time.Second, longestRest), answer.RetryAfter))
	e.RestUntil = &rest
	switch {
	case answer.Gone():
		e.Paused, e.PausedWhy = true, answer.Problem
	case now.Sub(*e.FailingSince) >= stopAfter:
		e.Paused, e.PausedWhy = true, "Nothing has arrived for three days. The last problem: "+answer.Problem
	}
}

// deliverAt puts in the job that sends an endpoint what is due at a time, unless it is there.
func (s *Service) deliverAt(ctx context.Context, tx *models.Tx, endpoint string, at time.Time) error {
	sqlTx, err := tx.SQL()
	if err != nil {
		return err
	}
	job := jobs.Deliver{Workspace: tx.Workspace, Endpoint: endpoint}
	if !at.After(tx.Now) {
		return s.queue.EnqueueOnceTx(ctx, sqlTx, job)
	}
	at = at.Truncate(time.Second).Add(time.Second)
	job.At = at.Unix()
	return s.queue.EnqueueOnceAtTx(ctx, sqlTx, job, at)
}

// deliverOverdue puts in the endpoints with messages that should have been tried long ago.
func (s *Service) deliverOverdue(ctx context.Context, workspace string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		ids, err := tx.OverdueEndpoints(tx.Now.Add(-lateClock))
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := s.deliverAt(ctx, tx, id, tx.Now); err != nil {
				return err
			}
		}
		return nil
	})
}
