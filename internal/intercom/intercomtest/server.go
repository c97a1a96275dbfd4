package intercomtest

import (
	"context"
	"net/http"
	"sync"
	"time"

	"rerate/internal/mail/mailtest"
)

// Server is the sandbox. All methods may be called from several goroutines at once.
type Server struct {
	opts Options
	mux  *http.ServeMux

	mu            sync.Mutex
	changed       chan struct{} // closed and replaced whenever anything changes
	ids           ids
	stoppedAt     time.Time // the clock while At runs
	silent        bool      // no webhooks while At runs
	spaces        map[string]*space
	spaceOrder    []string
	conversations map[string]*Conversation
	contacts      map[string]*Contact
	cards         map[string]*Card
	tokens        map[string]*grant
	codes         map[string]*grant
	queue         []*notification
	calls         []Call
	callBytes     int
	faults        []*Fault
	webhookFaults []*WebhookFault
	canvasFaults  []*CanvasFault
	overviewAt    time.Time // when the app's overview was last looked at
	receiver      receiver
	webhooksOff   bool // the app answered 410
	hanging       int
	behave        chan struct{} // closed and replaced by Behave: ends all hanging

	teamMails func() []mailtest.Mail // what the team got by e-mail; nil: nobody looks
}

// space is the part of the state that belongs to one workspace.
type space struct {
	Workspace
	admins         []*Admin
	teams          []*Team
	companies      []*Company
	contacts       []string
	conversations  []string
	talks          map[string][]string // the conversations of each contact
	index          index               // the conversations by their last change
	lastSearch     search
	snoozed        map[string]bool // conversations that wait for their time
	tags           []*Tag
	attributes     []*AttributeDefinition
	dataAttributes []*DataAttribute
	events         []Event
	sentEvents     map[eventKey]bool // those that came by REST
	deleted        []deletedConversation
	messages       []Message
	installedBy    string
	home           *Card            // what an admin put on Messenger Home
	homeFor        map[string]*Card // what each contact made of it
	workflow       *Card            // the card in the workflow, as it was authored
	onClose        *Workflow        // what runs when a teammate closes; nil is nothing
	runs           []run            // of it, waiting
	drafts         map[string]*Draft
	panels         map[string]*panel
	window         time.Time // of the rate limit
	used           int
}

type deletedConversation struct {
	id              string
	metricsRetained bool
	at              time.Time
}

// New makes a sandbox with the default workspace a86dr8yl, unless Options.Empty says otherwise.
func New(opts Options) *Server {
	s := &Server{
		opts: opts.withDefaults(), mux: http.NewServeMux(), changed: make(chan struct{}), behave: make(chan struct{}),
		ids: ids{seed: opts.Seed}, spaces: map[string]*space{}, conversations: map[string]*Conversation{},
		contacts: map[string]*Contact{}, cards: map[string]*Card{}, tokens: map[string]*grant{}, codes: map[string]*grant{},
	}
	s.routes()
	if !opts.Empty {
		s.seed()
	}
	return s
}

// ServeHTTP answers for api.intercom.io and app.intercom.com at once. Every answer is marked as a sandbox's.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Sandbox-Intercom", "1")
	s.mux.ServeHTTP(w, r)
}

// Handle adds a page to the sandbox's own mux; the browser side mounts itself with it, before serving begins.
func (s *Server) Handle(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// Options returns what the sandbox was made with, defaults filled in.
func (s *Server) Options() Options {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts
}

// SetQuirks changes the quirks from now on.
func (s *Server) SetQuirks(q Quirks) {
	s.lock()
	defer s.unlock()
	s.opts.Quirks = q
}

// SetRateLimit changes how many REST calls a workspace may make in 10 seconds, from now on.
func (s *Server) SetRateLimit(calls int) {
	s.lock()
	defer s.unlock()
	s.opts.RateLimit = calls
}

// SetAppURL says where the app lives, for programs that learn its port only after they started the sandbox.
func (s *Server) SetAppURL(url string, redirects ...string) {
	s.lock()
	defer s.unlock()
	s.opts.AppURL = url
	s.opts.RedirectURLs = redirects
	if len(redirects) == 0 {
		s.opts.RedirectURLs = []string{url + "/auth/intercom/callback"}
	}
}

// At runs fn with the sandbox's clock standing at at and without webhooks: for making a past.
func (s *Server) At(at time.Time, fn func()) {
	s.lock()
	s.stoppedAt, s.silent = at, true
	s.unlock()
	fn()
	s.lock()
	s.stoppedAt, s.silent = time.Time{}, false
	s.unlock()
}

// Wait returns when done is true, asking again after every change of the sandbox, or with the context's error.
func (s *Server) Wait(ctx context.Context, done func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if done() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Server) lock() { s.mu.Lock() }

// unlock also wakes everybody who waits for a change.
func (s *Server) unlock() {
	close(s.changed)
	s.changed = make(chan struct{})
	s.mu.Unlock()
}

func (s *Server) now() time.Time {
	if !s.stoppedAt.IsZero() {
		return s.stoppedAt.UTC()
	}
	return s.opts.Now().UTC()
}
