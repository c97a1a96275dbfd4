package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/internal/mail/mailtest"
	"rerate/internal/segment"
	"rerate/internal/survey"
	"rerate/models"
)

// Where the demo listens unless it is told otherwise.
const (
	demoAddr    = "127.0.0.1:8080"
	sandboxAddr = "127.0.0.1:8081"
)

// demoInstaller is the teammate in whose name the demo's workspace is connected.
const demoInstaller = "9608799"

// demo runs Rerate beside a sandbox Intercom, with a workspace that is connected and full of example data. Nothing
// of it leaves the machine, and unless RERATE_DATABASE_URL says otherwise nothing of it stays.
func (p program) demo(ctx context.Context, args []string) error {
	set := p.flags("demo")
	sandboxAt := set.String("sandbox-addr", sandboxAddr, "where the sandbox Intercom listens")
	asJSON := set.Bool("json", false, "print the addresses as one line of JSON")
	if err := parse(set, args); err != nil {
		return err
	}
	p.level = slog.LevelWarn // so that the welcome stays in sight
	var listen net.ListenConfig
	sandboxListener, err := listen.Listen(ctx, "tcp", *sandboxAt)
	if err != nil {
		err = fmt.Errorf("the sandbox cannot listen on --sandbox-addr: %w", err)
		return otherPort(err, "bin/rerate demo --sandbox-addr 127.0.0.1:9081")
	}
	defer sandboxListener.Close()
	sandboxURL := localURL(sandboxListener.Addr())

	folder, err := os.MkdirTemp("", "rerate-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	mails, err := mailtest.Start(ctx, p.now)
	if err != nil {
		return fmt.Errorf("the demo's mail server cannot listen: %w", err)
	}
	defer mails.Close()
	c, err := p.demoConfig(ctx, folder, sandboxURL, mails.URL())
	if err != nil {
		return err
	}
	sandbox := intercomtest.New(intercomtest.Options{
		ClientID: c.ClientID, ClientSecret: c.ClientSecret, AppURL: c.BaseURL, BaseURL: sandboxURL, Now: p.now,
	})
	sandbox.ShowTeamMail(mails.Mails)
	sandbox.MountPages()
	server := newServer(compressed(sandbox), p.log())
	go func() { _ = server.Serve(sandboxListener) }()
	defer server.Close()

	p.notice = nil // nobody balances a demo
	a, err := p.start(ctx, c)
	if err != nil {
		return otherPort(err, "RERATE_ADDR=127.0.0.1:9080 make run")
	}
	a.server.Handler = sandbox.WatchOverview(a.server.Handler) // the sandbox's list of things to try ends there
	if err := a.furnish(ctx, sandbox); err != nil {
		return errors.Join(err, a.close(ctx))
	}
	go sandbox.Run(ctx)
	if err := p.welcome(c.BaseURL, sandboxURL, *asJSON); err != nil {
		return errors.Join(err, a.close(ctx))
	}
	return a.serveUntil(ctx)
}

// demoConfig is the environment, with a sandbox instead of Intercom and secrets that only the demo uses.
func (p program) demoConfig(ctx context.Context, folder, sandboxURL, mailURL string) (config, error) {
	addr := demoAddr
	if given, ok := p.lookup("RERATE_ADDR"); ok && given != "" {
		addr = given
	}
	if strings.HasSuffix(addr, ":0") {
		free, err := freeAddress(ctx, addr)
		if err != nil {
			return config{}, err
		}
		addr = free
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return config{}, fmt.Errorf("RERATE_ADDR must be HOST:PORT, like %s; it is %q", demoAddr, addr)
	}
	baseURL := "http://localhost:" + port
	if given, ok := p.lookup("RERATE_BASE_URL"); ok && given != "" {
		baseURL = given
	}
	fixed := map[string]string{
		"RERATE_ADDR": addr, "RERATE_BASE_URL": baseURL,
		"RERATE_SECRET_KEY":  base64.StdEncoding.EncodeToString([]byte("the demo's key is known to everybody")),
		"INTERCOM_CLIENT_ID": "sandbox-client", "INTERCOM_CLIENT_SECRET": "sandbox-secret",
		"INTERCOM_API_URL": sandboxURL, "INTERCOM_APP_URL": sandboxURL,
		"RERATE_SMTP_URL": mailURL, "RERATE_MAIL_FROM": "Rerate <rerate@demo.example>",
		"RERATE_PRIVATE_TARGETS": "127.0.0.0/8,::1/128", // the sandbox's receiver
	}
	c, err := readConfig(func(name string) (string, bool) {
		if value, ok := fixed[name]; ok {
			return value, true
		}
		if value, ok := p.lookup(name); ok && name == "RERATE_DATABASE_URL" && value != "" {
			return value, true
		}
		if name == "RERATE_DATABASE_URL" {
			return "sqlite://" + filepath.Join(folder, "demo.db"), true
		}
		return "", false
	})
	if err != nil {
		return config{}, err
	}
	c.parts, c.oneBrowser = true, true
	return c, c.secrets()
}

// freeAddress finds a free port, since the public address has to be known before listening begins.
func freeAddress(ctx context.Context, addr string) (string, error) {
	var listen net.ListenConfig
	l, err := listen.Listen(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func localURL(at net.Addr) string {
	_, port, _ := net.SplitHostPort(at.String())
	return "http://localhost:" + port
}

// compressed sends the sandbox's pages in gzip, as a real Intercom would. Programs, which show a token, get plain answers.
func compressed(pages http.Handler) http.Handler {
	e := echo.New()
	e.Use(middleware.GzipWithConfig(middleware.GzipConfig{
		Skipper: func(c echo.Context) bool { return c.Request().Header.Get(echo.HeaderAuthorization) != "" },
	}))
	e.Any("/*", echo.WrapHandler(pages))
	return e
}

// furnish connects the sandbox's workspace and fills it with a year of example data. The team is told of ratings at
// once, so that a newcomer need not wait for the undo time.
func (a *app) furnish(ctx context.Context, sandbox *intercomtest.Server) error {
	tenant := a.store.Tenant(intercomtest.DefaultWorkspace)
	// A database that was kept knows a token of a sandbox that is gone.
	if err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.TokenInvalid() }); err != nil {
		return err
	}
	token := sandbox.Install(intercomtest.DefaultWorkspace, demoInstaller)
	if _, err := a.service.Connect(ctx, token); err != nil {
		return fmt.Errorf("connecting the demo's workspace: %w", err)
	}
	err := tenant.Write(ctx, func(tx *models.Tx) error {
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		settings.Windows.UndoMinutes = 0
		settings.TimeZone = "Europe/Dublin"
		return tx.SaveSettings(settings)
	})
	if err != nil {
		return err
	}
	if err := a.service.AddExampleData(ctx, intercomtest.DefaultWorkspace); err != nil {
		return err
	}
	if err := a.furnishEndpoints(ctx, tenant, sandbox); err != nil {
		return err
	}
	return a.furnishSegments(ctx, tenant, sandbox)
}

// furnishEndpoints has a Slack channel and a program told of ratings, both of which the sandbox plays. A database that was
// kept has them already.
func (a *app) furnishEndpoints(ctx context.Context, tenant models.Tenant, sandbox *intercomtest.Server) error {
	known, err := tenant.Endpoints(ctx)
	if err != nil || len(known) > 0 {
		return err
	}
	at := sandbox.Options().BaseURL
	for _, form := range []survey.EndpointForm{
		{Kind: models.SlackEndpoint, Name: "Support leads in Slack", URL: at + intercomtest.ReceiverSlackPath, Low: true, Worse: true, PerHour: survey.DefaultPerHour},
		{Kind: models.EventEndpoint, Name: "Data warehouse", URL: at + intercomtest.ReceiverPath, Events: survey.Events},
	} {
		e, secret, err := a.service.AddEndpoint(ctx, tenant.Workspace, "Jane Agent", form)
		if err != nil {
			return err
		}
		if secret != "" {
			sandbox.TrustWebhooks(secret)
		}
		if err := a.service.TestEndpoint(ctx, tenant.Workspace, e.ID); err != nil {
			return err
		}
	}
	return nil
}

// furnishSegments has Rerate know the sandbox's customers, as it would after their first conversation, and makes two
// segments to look at. A database that was kept has them already.
func (a *app) furnishSegments(ctx context.Context, tenant models.Tenant, sandbox *intercomtest.Server) error {
	known, err := tenant.Segments(ctx)
	if err != nil || len(known) > 0 {
		return err
	}
	for _, contact := range sandbox.Contacts(tenant.Workspace) {
		if err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.SaveContact(models.Contact{ID: contact.ID}) }); err != nil {
			return err
		}
		if err := a.service.Profile(ctx, jobs.Profile{Workspace: tenant.Workspace, Contact: contact.ID}); err != nil {
			return err
		}
	}
	for _, example := range exampleSegments {
		if _, err := a.service.SaveSegment(ctx, tenant.Workspace, example, demoInstaller); err != nil {
			return err
		}
	}
	return nil
}

var exampleSegments = []models.Segment{
	{
		Name: "Unhappy, not asked lately", Channel: models.InApp, Body: "We would like to do better. Has it been put right since?",
		Rules: segment.Rules{Conditions: []segment.Condition{
			{Field: "rating", Operator: "is", Value: "negative"}, {Field: "asked", Operator: "before_days", Value: "30"},
		}},
	},
	{
		Name: "Customers with a company", Channel: models.ByEmail, Subject: "How are we doing?", Body: "Thank you for working with us.\n\nOne tap tells us how it goes.",
		Rules: segment.Rules{Conditions: []segment.Condition{{Field: "company", Operator: "known"}}},
	},
}

// otherPort adds what to type where another program has the port already.
func otherPort(err error, command string) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%w\nAnother program has this port. Stop it, or choose a port of your own: %s", err, command)
	}
	return err
}

// welcome says where to go. The first address leads through Rerate's sign-in straight to the sandbox's consent page.
func (p program) welcome(app, sandbox string, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(p.stdout).Encode(map[string]string{"app": app, "sandbox": sandbox})
	}
	after := " and forgets everything"
	if kept, ok := p.lookup("RERATE_DATABASE_URL"); ok && kept != "" {
		after = "; your database keeps what Rerate has learned, the sandbox forgets"
	}
	_, err := fmt.Fprintf(p.stdout, `
Rerate is running, with a sandbox Intercom and a year of example data.

  Dashboard  %-38s press "Continue as Jane Agent"
  Sandbox    %-38s a customer's Messenger beside a teammate's Inbox

Try this:

  1. Look at the overview. Click any number: it leads to the ratings behind it.
  2. In the sandbox, as the teammate, open Sam's conversation and close it: Rerate asks by itself.
  3. Beside it, as Sam, tap a face and send the rating. The private note says what has changed.
  4. In the dashboard under Wording change the question or an emoji, publish, and ask again.

Nothing leaves this machine. Ctrl-C stops both%s.

`, app+"/auth/intercom", sandbox, after)
	return err
}
