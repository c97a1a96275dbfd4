package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"rerate/handlers"
	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/mail"
	"rerate/internal/outgoing"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/static"
)

// gcPercent has the collector run a third as often as Go would by itself: few megabytes are alive, and under load every tenth
// tick of the processors was spent on looking for them.
const gcPercent = 300

func (p program) serve(ctx context.Context, args []string) error {
	if err := parse(p.flags("serve"), args); err != nil {
		return err
	}
	c, err := readConfig(p.lookup)
	if err != nil {
		return err
	}
	if err := c.secrets(); err != nil {
		return err
	}
	c.backfill = true
	if _, chosen := p.lookup("GOGC"); !chosen {
		debug.SetGCPercent(gcPercent)
	}
	a, err := p.start(ctx, c)
	if err != nil {
		return err
	}
	return a.serveUntil(ctx)
}

// openConfigured opens the database that the variables name, beside a running server.
func (p program) openConfigured(ctx context.Context) (*models.Store, error) {
	c, err := readConfig(p.lookup)
	if err != nil {
		return nil, err
	}
	return p.openStore(ctx, c.DatabaseURL)
}

// openStore opens a migrated database.
func (p program) openStore(ctx context.Context, databaseURL string) (*models.Store, error) {
	return p.openStoreWith(ctx, models.Config{URL: databaseURL})
}

// openStoreWith is openStore with more than an address.
func (p program) openStoreWith(ctx context.Context, c models.Config) (*models.Store, error) {
	c.Now, c.NewID = p.now, func() string { return uuid.Must(uuid.NewV7()).String() }
	return models.Open(ctx, c)
}

// app is a running Rerate.
type app struct {
	store    *models.Store
	service  *survey.Service
	queue    *jobs.Queue
	server   *http.Server
	listener net.Listener
	log      *slog.Logger
	metrics  *metricsServer // nil: nobody may ask

	stopListing func() // of calls; nil before it has begun
	stopTending func() // SQLite's log; likewise

	leaving atomic.Bool // it is about to stop, and says so
	notice  func()      // how long it only says so; nil: not at all
	leave   func()      // lets another serve the database; nil before it is ours
}

// start migrates, wires everything and begins to work on jobs and to listen. What has been opened is closed again
// when something fails.
func (p program) start(ctx context.Context, c config) (_ *app, err error) {
	a := &app{log: p.log(), notice: p.notice}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close(ctx))
		}
	}()
	if err := static.Check(); err != nil {
		return nil, err
	}
	if a.leave, err = models.Serve(c.DatabaseURL); err != nil {
		return nil, err
	}
	if err := migrate(ctx, c.DatabaseURL); err != nil {
		return nil, err
	}
	m := newMeter(c)
	a.store, err = p.openStoreWith(ctx, models.Config{URL: c.DatabaseURL, ReadURL: c.ReadURL, Committed: m.committed()})
	if err != nil {
		return nil, err
	}
	a.service = p.newService(c, a.store, a.log, m.called())
	db, err := a.store.SQL()
	if err != nil {
		return nil, err
	}
	a.queue, err = jobs.New(db, a.store.Dialect() == models.SQLite, jobs.Work{
		Sync:     a.service.Sync,
		Profile:  a.service.Profile,
		Members:  a.service.Members,
		Refresh:  a.service.RefreshSegments,
		Fill:     a.service.Fill,
		Release:  a.service.Release,
		Message:  a.service.Message,
		Sweep:    func(ctx context.Context, _ jobs.Sweep) error { return a.store.Sweep(ctx) },
		CatchUp:  a.service.CatchUp,
		Import:   a.service.Import,
		Backfill: a.service.Backfill,
		PollAll:  a.service.PollAll,
		Poll:     a.service.Poll,

		Digests:      a.service.Digests,
		DigestMail:   a.service.DigestMail,
		Deliver:      a.service.Deliver,
		Recount:      a.service.Recount,
		CheckFigures: a.service.CheckFigures,
		IndexRemarks: a.service.IndexRemarks,
		EraseDue:     a.service.EraseDue,
		Erase:        a.service.Erase,

		Relay: a.service.Relay,
	}, p.queueLog())
	if err != nil {
		return nil, err
	}
	a.service.Use(a.queue)
	site, err := handlers.New(handlers.Config{
		Service: a.service, ClientSecrets: c.clientSecrets, TrustedProxies: c.TrustedProxies, Random: rand.Reader,
		Version: version, API: handlers.API(a.service), Parts: c.parts, OneBrowser: c.oneBrowser,
		Meter: m.site(), Leaving: a.leaving.Load,
	})
	if err != nil {
		return nil, err
	}
	a.server = newServer(site, a.log)
	var listen net.ListenConfig
	if a.listener, err = listen.Listen(ctx, "tcp", c.Addr); err != nil {
		return nil, fmt.Errorf("RERATE_ADDR cannot be listened on: %w", err)
	}
	if a.metrics, err = m.listen(ctx, c.MetricsAddr, a); err != nil {
		return nil, err
	}
	a.listCalls(ctx)
	a.tendLog(ctx)
	// The queue stops when told to, not when ctx ends: jobs that run may finish.
	if err := a.queue.Start(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	return a, a.service.Resume(ctx)
}

// listCalls stores the calls from and to Intercom beside everything else, until close ends it.
func (a *app) listCalls(ctx context.Context) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() { defer close(done); a.service.Calls.Run(ctx) }()
	a.stopListing = func() { stop(); <-done }
}

// tendEvery is how often somebody looks how large SQLite's log is.
const tendEvery = 10 * time.Second

// tendLog keeps SQLite's log small, until close ends it.
func (a *app) tendLog(ctx context.Context) {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(tendEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := a.store.TrimLog(ctx); err != nil && ctx.Err() == nil {
				a.log.WarnContext(ctx, "SQLite's log could not be emptied", "error", err)
			}
		}
	}()
	a.stopTending = func() { stop(); <-done }
}

func (p program) newService(c config, store *models.Store, log *slog.Logger, called func(intercom.Made)) *survey.Service {
	client := &http.Client{Transport: p.transport, Timeout: 10 * time.Second}
	apiURL := c.APIURL
	if apiURL == "" {
		apiURL = intercom.APIURL("")
	}
	oauth := intercom.NewOAuth(intercom.OAuthConfig{
		ClientID: c.ClientID, ClientSecret: c.clientSecrets[0], AppURL: c.AppURL, APIURL: apiURL,
		RedirectURL: c.BaseURL + "/auth/intercom/callback",
	}, client)
	var mailer *mail.Mailer
	if c.mailFrom.Address != "" {
		mailer = mail.New(c.mailServer, c.mailFrom, p.now)
	}
	return survey.New(survey.Config{
		Store: store, Keys: c.keys, BaseURL: c.BaseURL, APIURL: c.APIURL, AppURL: c.AppURL, OAuth: oauth, HTTP: client,
		Now: p.now, NewID: uuid.NewString, Log: log, BackfillOnInstall: c.backfill,
		Mailer: mailer, DrawDigest: handlers.DigestMail,
		Outgoing: outgoing.NewClient(c.guard), RatingJSON: handlers.RatingJSON,
		Called: called,
	})
}

// newServer bounds what a client can take from us. The write time-out leaves room for a streamed file.
func newServer(site http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: site, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 3 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// notice is how long a stop only says so, so that balancers send nobody here any more. Tests of other things do not wait for it.
var notice = 2 * time.Second

// The patience of what follows: answers in flight, then jobs, then others who read SQLite's file.
const (
	drain      = 10 * time.Second
	jobDrain   = 5 * time.Second
	checkpoint = 5 * time.Second
)

// serveUntil answers requests until ctx ends, then stops in order.
func (a *app) serveUntil(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- a.server.Serve(a.listener) }()
	a.log.InfoContext(ctx, "listening", "address", a.listener.Addr().String(), "version", version)
	select {
	case err := <-failed:
		return errors.Join(err, a.close(ctx))
	case <-ctx.Done():
		a.log.InfoContext(ctx, "stopping")
		a.leaving.Store(true)
		a.server.SetKeepAlivesEnabled(false) // who comes again comes by a new connection, elsewhere
		if a.notice != nil {
			a.notice()
		}
		return a.close(ctx)
	}
}

// close ends what has begun: answers, jobs, the list of calls, metrics, database.
func (a *app) close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	if a.server != nil {
		errs = append(errs, a.lastAnswers(ctx))
	}
	if a.listener != nil {
		_ = a.listener.Close() // where nobody has served it yet
	}
	if a.queue != nil {
		stopping, cancel := context.WithTimeout(ctx, jobDrain)
		defer cancel()
		errs = append(errs, a.queue.Stop(stopping))
	}
	if a.stopListing != nil {
		a.stopListing() // after the last answer and the last job, so that their calls are listed
	}
	if a.stopTending != nil {
		a.stopTending()
	}
	if a.metrics != nil {
		errs = append(errs, a.metrics.close())
	}
	if a.store != nil {
		errs = append(errs, a.closeStore(ctx))
	}
	if a.leave != nil {
		a.leave()
	}
	return errors.Join(errs...)
}

// lastAnswers takes no more requests and waits for the answers in flight. What takes longer, such as a large file, is cut off.
func (a *app) lastAnswers(ctx context.Context) error {
	stopping, cancel := context.WithTimeout(ctx, drain)
	defer cancel()
	err := a.server.Shutdown(stopping)
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	a.log.WarnContext(ctx, "answers that took too long were cut off by the stop")
	return a.server.Close()
}

// closeStore leaves one file, where nobody else has it open.
func (a *app) closeStore(ctx context.Context) error {
	patient, cancel := context.WithTimeout(ctx, checkpoint)
	defer cancel()
	if done, err := a.store.Checkpoint(patient); err != nil || !done {
		a.log.WarnContext(ctx, "SQLite's log stays beside the file: another process reads it", "error", err)
	}
	return a.store.Close()
}
