package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"

	"rerate/handlers"
	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/static"
)

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
	a, err := p.start(ctx, c)
	if err != nil {
		return err
	}
	return a.serveUntil(ctx)
}

func (p program) migrate(ctx context.Context, args []string) error {
	if err := parse(p.flags("migrate"), args); err != nil {
		return err
	}
	c, err := readConfig(p.lookup)
	if err != nil {
		return err
	}
	return migrate(ctx, c.DatabaseURL)
}

// migrate prepares the queue's tables and ours.
func migrate(ctx context.Context, databaseURL string) error {
	return models.Migrate(ctx, databaseURL, func(ctx context.Context, db *sql.DB, dialect models.Dialect) error {
		return jobs.Migrate(ctx, db, dialect == models.SQLite)
	})
}

// openStore opens a migrated database.
func (p program) openStore(ctx context.Context, databaseURL string) (*models.Store, error) {
	return models.Open(ctx, models.Config{
		URL: databaseURL, Now: p.now, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	})
}

// app is a running Rerate.
type app struct {
	store    *models.Store
	service  *survey.Service
	queue    *jobs.Queue
	server   *http.Server
	listener net.Listener
	log      *slog.Logger
}

// start migrates, wires everything and begins to work on jobs and to listen. What has been opened is closed again
// when something fails.
func (p program) start(ctx context.Context, c config) (_ *app, err error) {
	a := &app{log: p.log()}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.close(ctx))
		}
	}()
	if err := static.Check(); err != nil {
		return nil, err
	}
	if err := migrate(ctx, c.DatabaseURL); err != nil {
		return nil, err
	}
	if a.store, err = p.openStore(ctx, c.DatabaseURL); err != nil {
		return nil, err
	}
	a.service = p.newService(c, a.store, a.log)
	db, err := a.store.SQL()
	if err != nil {
		return nil, err
	}
	a.queue, err = jobs.New(db, a.store.Dialect() == models.SQLite, jobs.Work{
		Sync:    a.service.Sync,
		Sweep:   func(ctx context.Context, _ jobs.Sweep) error { return a.store.Sweep(ctx) },
		CatchUp: a.service.CatchUp,
	}, p.queueLog())
	if err != nil {
		return nil, err
	}
	a.service.Use(a.queue)
	site, err := handlers.New(handlers.Config{
		Service: a.service, ClientSecrets: c.clientSecrets, TrustedProxies: c.TrustedProxies, Random: rand.Reader,
		Version: version, API: handlers.API(a.service), Parts: c.parts,
	})
	if err != nil {
		return nil, err
	}
	a.server = newServer(site, a.log)
	var listen net.ListenConfig
	if a.listener, err = listen.Listen(ctx, "tcp", c.Addr); err != nil {
		return nil, fmt.Errorf("RERATE_ADDR cannot be listened on: %w", err)
	}
	// The queue stops when told to, not when ctx ends: jobs that run may finish.
	return a, a.queue.Start(context.WithoutCancel(ctx))
}

func (p program) newService(c config, store *models.Store, log *slog.Logger) *survey.Service {
	client := &http.Client{Transport: p.transport, Timeout: 10 * time.Second}
	apiURL := c.APIURL
	if apiURL == "" {
		apiURL = intercom.APIURL("")
	}
	oauth := intercom.NewOAuth(intercom.OAuthConfig{
		ClientID: c.ClientID, ClientSecret: c.clientSecrets[0], AppURL: c.AppURL, APIURL: apiURL,
		RedirectURL: c.BaseURL + "/auth/intercom/callback",
	}, client)
	return survey.New(survey.Config{
		Store: store, Keys: c.keys, BaseURL: c.BaseURL, APIURL: c.APIURL, AppURL: c.AppURL, OAuth: oauth, HTTP: client,
		Now: p.now, NewID: uuid.NewString, Log: log,
	})
}

// newServer bounds what a client can take from us. The write time-out leaves room for a streamed file.
func newServer(site http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: site, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 3 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// The patience of a stop: answers in flight, then jobs.
const (
	drain    = 10 * time.Second
	jobDrain = 5 * time.Second
)

// serveUntil answers requests until ctx ends, then stops in order: answers, jobs, database.
func (a *app) serveUntil(ctx context.Context) error {
	failed := make(chan error, 1)
	go func() { failed <- a.server.Serve(a.listener) }()
	a.log.InfoContext(ctx, "listening", "address", a.listener.Addr().String(), "version", version)
	select {
	case err := <-failed:
		return errors.Join(err, a.close(ctx))
	case <-ctx.Done():
		return a.close(ctx)
	}
}

func (a *app) close(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	if a.server != nil {
		stopping, cancel := context.WithTimeout(ctx, drain)
		defer cancel()
		errs = append(errs, a.server.Shutdown(stopping))
	}
	if a.queue != nil {
		stopping, cancel := context.WithTimeout(ctx, jobDrain)
		defer cancel()
		errs = append(errs, a.queue.Stop(stopping))
	}
	if a.store != nil {
		errs = append(errs, a.store.Close())
	}
	return errors.Join(errs...)
}
