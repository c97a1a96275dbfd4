// Package handlers is HTTP in and out: it checks who calls, reads what was sent, calls one use-case or query, and
// renders the answer. It holds no rules and no queries. The whole site stands in routes.go.
package handlers

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"rerate/internal/survey"
)

// Config is what the site needs. Store, keys, addresses, clock and log are those of the Service.
type Config struct {
	Service        *survey.Service
	ClientSecrets  []string       // Intercom signs with one of them; the new one first while rotating
	TrustedProxies []netip.Prefix // whose X-Forwarded-For is believed; none: the connection's own address counts
	Random         io.Reader      // crypto/rand.Reader outside of tests
	Version        string

	Meter Meter // nil: nobody counts

	Leaving func() bool // whether the process is about to stop, so that others should be asked instead; nil: never

	// API mounts the management API on a group at /api/v1. Where it is nil there is none.
	API func(*echo.Echo, *echo.Group)

	OneBrowser bool // who is signed in may be the customer too, as in the demo, where one person plays both

	Parts bool // there is a page of every part of the dashboard, for those who work on it; only the demo has it
}

// Meter counts what the site answers. It must not wait for anything.
type Meter interface {
	// Request is told of each answer. The route is the one in routes.go; empty: none fits.
	Request(method, route string, status int, took time.Duration)
	// Asked is told of each call that Intercom has signed, by its route.
	Asked(route, outcome string, repeated bool)
}

// site is the state behind every handler. None of it changes once New has returned.
type site struct {
	*survey.Service
	config   Config
	sessions *sessions.CookieStore
	cookie   string // the prefix of the cookies' names
	secure   bool   // the public address is https
}

// New makes the handler of the whole site. Its error says which part of the Config cannot be used.
func New(config Config) (http.Handler, error) {
	s := &site{Service: config.Service, config: config}
	s.secure = strings.HasPrefix(s.BaseURL, "https://")
	s.cookie = cookieName
	if s.secure {
		s.cookie = hostCookiePrefix + cookieName
	}
	keys, err := s.Keys.CookieKeys()
	if err != nil {
		return nil, fmt.Errorf("the session cookies: %w", err)
	}
	s.sessions = newCookieStore(keys, s.secure)

	e := echo.New()
	e.HTTPErrorHandler = s.answerError
	e.IPExtractor = clientAddress(config.TrustedProxies)
	s.routes(e)
	return e, nil
}

// The time that an answer may take. Intercom gives up on a card after some ten seconds; what has not been answered
// by then is answered with "please try again". A file, or a year of example data, may take longer than a page.
const (
	signedTimeout = 5 * time.Second
	pageTimeout   = 15 * time.Second
	fileTimeout   = 2 * time.Minute
	probeTimeout  = 2 * time.Second
)

// The size that a body may have. A wording may hold fifty languages, with each letter as up to twelve characters.
const (
	signedLimit  = "256K"
	formLimit    = "64K"
	wordingLimit = "2M"
	uploadLimit  = "17M" // a file of survey.MaxImportBytes in its form
)
