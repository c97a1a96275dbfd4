package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"rerate/handlers"
	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/metrics"
	"rerate/internal/survey"
	"rerate/models"
)

// meter hands out what counts, where RERATE_METRICS_ADDR is set; else nobody counts and nothing is paid for.
type meter struct{ *metrics.Metrics }

func newMeter(c config) meter {
	if c.MetricsAddr == "" {
		return meter{}
	}
	return meter{metrics.New(version)}
}

func (m meter) site() handlers.Meter {
	if m.Metrics == nil {
		return nil
	}
	return m.Metrics
}

func (m meter) committed() models.Committed {
	if m.Metrics == nil {
		return nil
	}
	return m.Committed
}

// called counts calls to Intercom; one that the limit of calls held up is no refusal like others.
func (m meter) called() func(intercom.Made) {
	if m.Metrics == nil {
		return nil
	}
	return func(made intercom.Made) {
		outcome := string(survey.OutcomeOf(made))
		if made.Status == http.StatusTooManyRequests {
			outcome = "limited"
		}
		m.Called(outcome, made.Took)
	}
}

// metricsServer answers those who ask for metrics, on an address of its own.
type metricsServer struct {
	server   *http.Server
	listener net.Listener
}

// listen shows what the app counts. It answers nil where nobody may ask.
func (m meter) listen(ctx context.Context, addr string, a *app) (*metricsServer, error) {
	if m.Metrics == nil {
		return nil, nil
	}
	pools, err := a.store.Pools()
	if err != nil {
		return nil, err
	}
	for name, pool := range pools {
		m.Pool(pool, name)
	}
	calls := a.service.Calls
	m.Count("rerate_signature_failures_total", "Calls with a wrong signature, or none.", func() int { return calls.Unlisted().WrongSignature })
	m.Count("rerate_unreadable_calls_total", "Signed calls in which no workspace could be read.", func() int { return calls.Unlisted().Unreadable })
	m.Count("rerate_unlisted_calls_total", "Calls that came faster than they could be listed.", func() int { return calls.Unlisted().Lost })
	m.Gauge("rerate_answers_waiting", "Answers of customers that wait for the database.", a.store.ActsWaiting)
	m.Count("rerate_answers_refused_total", "Answers of customers that were asked to try again, since too many waited.", a.store.ActsRefused)
	m.Look(func(ctx context.Context) (metrics.Store, error) { return look(ctx, a.store) })
	var listen net.ListenConfig
	listener, err := listen.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("RERATE_METRICS_ADDR cannot be listened on: %w", err)
	}
	server := newServer(m.Handler(), a.log)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("metrics are not answered any more", "error", err)
		}
	}()
	return &metricsServer{server, listener}, nil
}

// close ends it at once: whoever asks for metrics asks again.
func (s *metricsServer) close() error { return s.server.Close() }

// look reads what waits in the store.
func look(ctx context.Context, store *models.Store) (found metrics.Store, err error) {
	if found.Files, err = store.Files(); err != nil {
		return found, err
	}
	db, err := store.ReadSQL()
	if err != nil {
		return found, err
	}
	backlogs, err := jobs.Backlogs(ctx, db, store.Dialect() == models.SQLite)
	if err != nil {
		return found, err
	}
	seen := map[[2]string]bool{}
	for _, b := range backlogs {
		seen[[2]string{b.Queue, b.State}] = true
		found.Jobs = append(found.Jobs, metrics.Jobs{Queue: b.Queue, State: b.State, N: b.Jobs, Oldest: max(0, b.Oldest)})
	}
	for _, queue := range jobs.Queues {
		for _, state := range []string{"available", "running", "retryable", "scheduled", "discarded"} {
			if !seen[[2]string{queue, state}] { // none is 0, so that an alert can be made of it
				found.Jobs = append(found.Jobs, metrics.Jobs{Queue: queue, State: state})
			}
		}
	}
	found.Outbox, found.OutboxOldest, err = store.Waiting(ctx)
	return found, err
}
