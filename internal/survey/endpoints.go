package survey

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"rerate/internal/outgoing"
	"rerate/internal/rating"
	"rerate/internal/seal"
	"rerate/models"
)

const (
	// MaxEndpoints is how many endpoints a workspace may have: each is looked at for every rating.
	MaxEndpoints = 20
	// MaxEndpointName is the longest name, in characters.
	MaxEndpointName = 80
	// MostPerHour bounds the alerts of an hour that a workspace may ask for.
	MostPerHour = 1000
	// DefaultPerHour is how many alerts an hour may have unless somebody says otherwise.
	DefaultPerHour = 10
	// BothSecrets is how long an old secret signs beside the new one.
	BothSecrets = 24 * time.Hour
)

// EndpointForm is what an admin enters of an endpoint.
type EndpointForm struct {
	Kind       models.EndpointKind // of a new one
	Name       string
	URL        string // empty: as it was
	Events     []string
	Low        bool
	Worse      bool
	WithRemark bool
	PerHour    int
}

// CheckEndpoint says what is wrong with an endpoint, by field.
func (s *Service) CheckEndpoint(form EndpointForm, isNew bool) rating.Problems {
	problems := rating.Problems{}
	if utf8.RuneCountInString(form.Name) > MaxEndpointName || !utf8.ValidString(form.Name) || strings.ContainsFunc(form.Name, unicode.IsControl) {
		problems["name"] = fmt.Sprintf("Use %d characters at most, on one line.", MaxEndpointName)
	}
	if form.URL != "" || isNew {
		if problem := s.Outgoing.CheckURL(form.URL); problem != "" {
			problems["url"] = problem
		}
	}
	switch {
	case !form.Kind.Alerts():
		if len(form.Events) == 0 {
			problems["events"] = "Choose at least one event."
		}
		for _, event := range form.Events {
			if !slices.Contains(Events, event) {
				problems["events"] = "There is no event " + event + ". There are " + strings.Join(Events, ", ") + "."
			}
		}
	case !form.Low && !form.Worse:
		problems["low"] = "Choose at least one kind of rating."
	}
	if form.Kind.Alerts() && (form.PerHour < 1 || form.PerHour > MostPerHour) {
		problems["per_hour"] = fmt.Sprintf("Enter a number from 1 to %d.", MostPerHour)
	}
	return problems
}

// AddEndpoint stores a new endpoint. secret is what its messages are signed with; nobody is told of it again. Messages to
// Slack are not signed.
func (s *Service) AddEndpoint(ctx context.Context, workspace, by string, form EndpointForm) (e models.Endpoint, secret string, err error) {
	form = form.clean()
	problems := s.CheckEndpoint(form, true)
	if form.Kind != models.EventEndpoint && !form.Kind.Alerts() {
		problems["kind"] = "Choose a kind."
	}
	if len(problems) > 0 {
		return e, "", problems
	}
	err = s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		known, err := tx.Endpoints()
		if err != nil {
			return err
		}
		if len(known) >= MaxEndpoints {
			return rating.Problems{"form": fmt.Sprintf("There may be %d at most. Delete one that is not needed.", MaxEndpoints)}
		}
		e = models.Endpoint{WorkspaceID: workspace, ID: tx.NewID(), Kind: form.Kind, CreatedBy: by}
		if err := s.fillEndpoint(&e, form); err != nil {
			return err
		}
		if e.Kind != models.SlackEndpoint {
			if secret, err = outgoing.NewSecret(rand.Reader); err != nil {
				return err
			}
			if e.Secret, err = s.Keys.Encrypt(endpointPlace(e, "secret"), []byte(secret)); err != nil {
				return err
			}
		}
		e, err = tx.AddEndpoint(e)
		return err
	})
	return e, secret, err
}

// EditEndpoint changes an endpoint; its kind stays.
func (s *Service) EditEndpoint(ctx context.Context, workspace, id string, form EndpointForm) error {
	form = form.clean()
	return s.changeEndpoint(ctx, workspace, id, func(_ *models.Tx, e *models.Endpoint) error {
		form.Kind = e.Kind
		if problems := s.CheckEndpoint(form, false); len(problems) > 0 {
			return problems
		}
		return s.fillEndpoint(e, form)
	})
}

func (f EndpointForm) clean() EndpointForm {
	f.Name, f.URL = strings.TrimSpace(f.Name), strings.TrimSpace(f.URL)
	slices.Sort(f.Events)
	f.Events = slices.Compact(f.Events)
	return f
}

func (s *Service) fillEndpoint(e *models.Endpoint, form EndpointForm) (err error) {
	if form.URL != "" {
		if e.URL, err = s.Keys.Encrypt(endpointPlace(*e, "url"), []byte(form.URL)); err != nil {
			return err
		}
		e.Shown = maskURL(form.URL)
		e.FailingSince, e.Failures, e.RestUntil = nil, 0, nil // another address, another chance
	}
	e.Name = form.Name
	if e.Name == "" {
		e.Name = hostOf(e.Shown)
	}
	e.Events = nil
	if !e.Kind.Alerts() {
		e.Events = form.Events
	}
	e.Low, e.Worse, e.WithRemark, e.PerHour = form.Low, form.Worse, form.WithRemark, form.PerHour
	return nil
}

// PauseEndpoint stops or resumes sending. What is due meanwhile waits.
func (s *Service) PauseEndpoint(ctx context.Context, workspace, id string, paused bool) error {
	return s.changeEndpoint(ctx, workspace, id, func(tx *models.Tx, e *models.Endpoint) error {
		if e.Paused == paused {
			return nil
		}
		e.Paused, e.PausedWhy = paused, ""
		if paused {
			return nil
		}
		e.FailingSince, e.Failures, e.RestUntil = nil, 0, nil
		return s.deliverAt(ctx, tx, e.ID, tx.Now)
	})
}

// RotateSecret gives an endpoint a new secret. For a day the old one signs, too.
func (s *Service) RotateSecret(ctx context.Context, workspace, id string) (secret string, err error) {
	err = s.changeEndpoint(ctx, workspace, id, func(tx *models.Tx, e *models.Endpoint) error {
		if e.Kind == models.SlackEndpoint {
			return Error{Code: Conflict, Sentence: "Messages to Slack are not signed, so there is no secret."}
		}
		old, err := s.Keys.Decrypt(endpointPlace(*e, "secret"), e.Secret)
		if err != nil && !errors.Is(err, seal.ErrUnreadable) {
			return err
		}
		e.SecretBefore, e.SecretBeforeUntil = nil, nil
		if err == nil {
			until := tx.Now.Add(BothSecrets)
			e.SecretBeforeUntil = &until
			if e.SecretBefore, err = s.Keys.Encrypt(endpointPlace(*e, "secret_before"), old); err != nil {
				return err
			}
		}
		if secret, err = outgoing.NewSecret(rand.Reader); err != nil {
			return err
		}
		e.Secret, err = s.Keys.Encrypt(endpointPlace(*e, "secret"), []byte(secret))
		return err
	})
	return secret, err
}

// TestEndpoint sends an endpoint a message that says that it is a test.
func (s *Service) TestEndpoint(ctx context.Context, workspace, id string) error {
	return s.changeEndpoint(ctx, workspace, id, func(tx *models.Tx, e *models.Endpoint) error {
		if e.Paused {
			return Error{Code: Conflict, Sentence: "Nothing is sent while it is paused. Resume it first."}
		}
		e.RestUntil = nil // somebody looks
		d := models.Delivery{EndpointID: e.ID, Type: testMessage, Key: testMessage + ":" + tx.NewID(), At: tx.Now, DueAt: tx.Now}
		if err := tx.PlanDelivery(d); err != nil {
			return err
		}
		return s.deliverAt(ctx, tx, e.ID, tx.Now)
	})
}

// RetryDelivery tries a message again now that failed or waits for its next try. It answers the endpoint's id.
func (s *Service) RetryDelivery(ctx context.Context, workspace, id string) (endpoint string, err error) {
	err = s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		d, err := tx.Delivery(id)
		if err != nil {
			return err
		}
		endpoint = d.EndpointID
		e, err := tx.HoldEndpoint(d.EndpointID)
		if err != nil {
			return err
		}
		if d, err = tx.Delivery(id); err != nil {
			return err
		}
		if d.Attempts == 0 || d.State != models.DeliveryFailed && d.State != models.DeliveryWaiting {
			return nil // its time has not come, it has arrived meanwhile, or nobody has to hear of it
		}
		if d.State == models.DeliveryFailed {
			d.State, d.Attempts, d.DoneAt = models.DeliveryWaiting, 1, nil // it was worth sending before
		}
		if d.NextAt.After(tx.Now) && (e.BusyUntil == nil || !e.BusyUntil.After(tx.Now)) {
			d.NextAt = tx.Now
		}
		e.RestUntil = nil
		if err := errors.Join(tx.SaveDelivery(d), tx.SaveEndpoint(e)); err != nil {
			return err
		}
		return s.deliverAt(ctx, tx, e.ID, tx.Now)
	})
	return endpoint, err
}

// DeleteEndpoint forgets an endpoint, with its address, its secret and the list of what was sent.
func (s *Service) DeleteEndpoint(ctx context.Context, workspace, id string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.DeleteEndpoint(id) })
}

func (s *Service) changeEndpoint(ctx context.Context, workspace, id string, change func(*models.Tx, *models.Endpoint) error) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		e, err := tx.HoldEndpoint(id)
		if err != nil {
			return err
		}
		if err := change(tx, &e); err != nil {
			return err
		}
		return tx.SaveEndpoint(e)
	})
}

// secretsOf are what an endpoint's messages are signed with, the newest first.
func (s *Service) secretsOf(e models.Endpoint, now time.Time) ([]string, error) {
	if e.Kind == models.SlackEndpoint {
		return nil, nil
	}
	secret, err := s.Keys.Decrypt(endpointPlace(e, "secret"), e.Secret)
	if err != nil {
		return nil, err
	}
	secrets := []string{string(secret)}
	if e.SecretBeforeUntil == nil || !now.Before(*e.SecretBeforeUntil) {
		return secrets, nil
	}
	before, err := s.Keys.Decrypt(endpointPlace(e, "secret_before"), e.SecretBefore)
	return append(secrets, string(before)), err
}

// endpointPlace is where a sealed column of an endpoint is stored.
func endpointPlace(e models.Endpoint, column string) seal.Place {
	return seal.Place{Workspace: e.WorkspaceID, Table: "endpoints", Row: e.ID, Column: column}
}

// maskURL is what of an address may be looked at: where it leads, not the part that opens the door there.
func maskURL(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	shown := u.Scheme + "://" + u.Host
	const tail, short = 4, 16
	if rest := u.RequestURI(); len(rest) >= short {
		return shown + "/…" + strings.ToValidUTF8(rest[len(rest)-tail:], "")
	} else if rest != "/" {
		return shown + "/…"
	}
	return shown
}

func hostOf(shown string) string {
	u, err := url.Parse(shown)
	if err != nil || u.Hostname() == "" {
		return "Endpoint"
	}
	return u.Hostname()
}
