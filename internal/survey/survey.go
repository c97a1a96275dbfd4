// Package survey holds Rerate's use-cases: what happens when a card is shown or submitted, a webhook arrives, a
// teammate signs in, or a job runs. It decides with rating, stores with models and speaks with Intercom only in
// jobs, at sign-in, and never between a customer's tap and the durable rating.
package survey

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/mail"
	"rerate/internal/outgoing"
	"rerate/internal/seal"
	"rerate/models"
)

// Config is what a Service needs.
type Config struct {
	Store   *models.Store
	Keys    seal.Keyring
	BaseURL string          // RERATE_BASE_URL: where teammates and customers reach us
	APIURL  string          // INTERCOM_API_URL; empty: by the workspace's region
	AppURL  string          // INTERCOM_APP_URL: where teammates use Intercom
	OAuth   *intercom.OAuth // how a sign-in's code becomes a token
	HTTP    *http.Client    // every call to Intercom goes through it
	Now     func() time.Time
	NewID   func() string
	Log     *slog.Logger

	Mailer     *mail.Mailer                 // nil: the operator has not set up mail
	DrawDigest func(Digest) (Letter, error) // writes a digest as text and HTML: pages are drawn above us
	Outgoing   *outgoing.Client             // webhooks and alerts go through it
	RatingJSON func(models.Rating) any      // a rating as the management API shows it
	Called     func(intercom.Made)          // is told of every call to Intercom, and must not wait; nil: nobody is

	BackfillOnInstall bool // a workspace that is connected for the first time has its past read by itself
}

// Service is the use-cases. Enqueue is set once the queue exists, before anything is served.
type Service struct {
	Config
	Calls *CallLog // what Intercom asked of us and we of Intercom
	queue *jobs.Queue

	visits visits // to the hosted page

	relayedTo  string // the workspace whose turn it was last; Relay's alone
	actsBefore int64  // how many customers had answered then
	rushing    atomic.Bool

	mu      sync.Mutex
	clients map[string]connection // by workspace
}

type connection struct {
	token  string
	client *intercom.Client
}

// New makes the use-cases. They cannot enqueue until Use is called.
func New(config Config) *Service {
	calls := newCallLog(config.Store, config.Log)
	calls.called = config.Called
	return &Service{Config: config, Calls: calls, clients: map[string]connection{}}
}

// Use sets the queue that jobs are put into. It is separate from New because the queue's workers are the
// Service's own functions.
func (s *Service) Use(queue *jobs.Queue) { s.queue = queue }

// enqueueSync puts in a job that brings a conversation in line at the given time.
func (s *Service) enqueueSync(ctx context.Context, tx *models.Tx, conversation string, at time.Time) error {
	sqlTx, err := tx.SQL()
	if err != nil {
		return err
	}
	return s.queue.EnqueueTx(ctx, sqlTx, jobs.Sync{Workspace: tx.Workspace, Conversation: conversation}, at)
}
