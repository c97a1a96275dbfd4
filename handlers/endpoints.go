package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
)

// endpoints is the list of who is told of ratings: alerts, and webhooks for programs.
func (s *site) endpoints(c echo.Context) error {
	ctx := c.Request().Context()
	found, err := s.tenant(c).Endpoints(ctx)
	if err != nil {
		return err
	}
	counts, err := s.tenant(c).CountDeliveries(ctx)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	props := views.EndpointsProps{UndoMinutes: m.workspace.Settings.Windows.UndoMinutes}
	for _, e := range found {
		row := endpointRow(e, counts[e.ID])
		if e.Kind.Alerts() {
			props.Alerts = append(props.Alerts, row)
		} else {
			props.Webhooks = append(props.Webhooks, row)
		}
	}
	props.Page = s.page(c, "Alerts and webhooks")
	return render(c, http.StatusOK, views.Endpoints(props))
}

func endpointRow(e models.Endpoint, n map[models.DeliveryState]int) views.EndpointRow {
	row := views.EndpointRow{
		ID: e.ID, Kind: string(e.Kind), Name: e.Name, Shown: e.Shown, Events: e.Events, Low: e.Low, Worse: e.Worse, WithRemark: e.WithRemark,
		PerHour: e.PerHour, Paused: e.Paused, PausedWhy: e.PausedWhy, CreatedAt: e.CreatedAt, CreatedBy: e.CreatedBy,
		Done: n[models.DeliveryDone], Waiting: n[models.DeliveryWaiting], Failed: n[models.DeliveryFailed],
	}
	if e.FailingSince != nil {
		row.FailingSince = *e.FailingSince
	}
	if e.SecretBeforeUntil != nil {
		row.BothUntil = *e.SecretBeforeUntil
	}
	return row
}

// newEndpoint is the empty form of one kind.
func (s *site) newEndpoint(c echo.Context) error {
	kind := models.EndpointKind(c.QueryParam("kind"))
	form := survey.EndpointForm{Kind: kind, PerHour: survey.DefaultPerHour}
	switch {
	case kind.Alerts():
		form.Low, form.Worse = true, true
	default:
		form.Kind, form.Events = models.EventEndpoint, survey.Events
	}
	return s.showEndpoint(c, http.StatusOK, models.Endpoint{Kind: form.Kind}, views.EndpointProps{Form: endpointForm(form)})
}

// addEndpoint makes an endpoint. Where its messages are signed, the answer is the only place that ever shows the secret.
func (s *site) addEndpoint(c echo.Context) error {
	form, err := readEndpoint(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	e, secret, err := s.AddEndpoint(c.Request().Context(), m.workspace.ID, nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID), form)
	if refused, ok := problemsOf(err); ok {
		return s.showEndpoint(c, http.StatusUnprocessableEntity, models.Endpoint{Kind: form.Kind}, views.EndpointProps{Form: endpointForm(form), Errors: refused})
	}
	if err != nil {
		return err
	}
	if secret == "" {
		return s.done(c, "/settings/webhooks/"+e.ID, "endpoint_added")
	}
	return s.showEndpoint(c, http.StatusOK, e, views.EndpointProps{Form: storedEndpoint(e), Secret: secret, Added: true})
}

// endpoint is the page of one endpoint with what was sent to it.
func (s *site) endpoint(c echo.Context) error {
	e, err := s.pathEndpoint(c)
	if err != nil {
		return err
	}
	return s.showEndpoint(c, http.StatusOK, e, views.EndpointProps{Form: storedEndpoint(e)})
}

func (s *site) editEndpoint(c echo.Context) error {
	e, err := s.pathEndpoint(c)
	if err != nil {
		return err
	}
	form, err := readEndpoint(c)
	if err != nil {
		return err
	}
	form.Kind = e.Kind
	err = s.EditEndpoint(c.Request().Context(), e.WorkspaceID, e.ID, form)
	if refused, ok := problemsOf(err); ok {
		return s.showEndpoint(c, http.StatusUnprocessableEntity, e, views.EndpointProps{Form: endpointForm(form), Errors: refused})
	}
	if err != nil {
		return err
	}
	return s.done(c, "/settings/webhooks/"+e.ID, "endpoint_saved")
}

func problemsOf(err error) (rating.Problems, bool) {
	var refused rating.Problems
	return refused, errors.As(err, &refused)
}

func (s *site) pathEndpoint(c echo.Context) (models.Endpoint, error) {
	id, err := pathID(c)
	if err != nil {
		return models.Endpoint{}, err
	}
	return s.tenant(c).Endpoint(c.Request().Context(), id)
}

func (s *site) pauseEndpoint(c echo.Context) error {
	paused := c.FormValue("paused") == "true"
	flash := "endpoint_resumed"
	if paused {
		flash = "endpoint_paused"
	}
	return s.actOnEndpoint(c, flash, func(ctx context.Context, workspace, id string) error {
		return s.PauseEndpoint(ctx, workspace, id, paused)
	})
}

func (s *site) testEndpoint(c echo.Context) error {
	return s.actOnEndpoint(c, "endpoint_tested", s.TestEndpoint)
}

func (s *site) actOnEndpoint(c echo.Context, flash string, act func(ctx context.Context, workspace, id string) error) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	if err := act(c.Request().Context(), m.workspace.ID, id); err != nil {
		return err
	}
	return s.done(c, "/settings/webhooks/"+id, flash)
}

// rotateSecret gives an endpoint a new secret, which its answer shows this once.
func (s *site) rotateSecret(c echo.Context) error {
	e, err := s.pathEndpoint(c)
	if err != nil {
		return err
	}
	secret, err := s.RotateSecret(c.Request().Context(), e.WorkspaceID, e.ID)
	if err != nil {
		return err
	}
	if e, err = s.pathEndpoint(c); err != nil {
		return err
	}
	return s.showEndpoint(c, http.StatusOK, e, views.EndpointProps{Form: storedEndpoint(e), Secret: secret})
}

func (s *site) deleteEndpoint(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	if err := s.DeleteEndpoint(c.Request().Context(), m.workspace.ID, id); err != nil {
		return err
	}
	return s.done(c, "/settings/webhooks", "endpoint_deleted")
}

func (s *site) retryDelivery(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	endpoint, err := s.RetryDelivery(c.Request().Context(), m.workspace.ID, id)
	if err != nil {
		return err
	}
	return s.done(c, "/settings/webhooks/"+endpoint, "delivery_again")
}

// readEndpoint reads the form.
func readEndpoint(c echo.Context) (survey.EndpointForm, error) {
	sent, err := c.FormParams()
	if err != nil {
		return survey.EndpointForm{}, err
	}
	perHour, err := strconv.Atoi(strings.TrimSpace(sent.Get("per_hour")))
	if err != nil {
		perHour = 0 // is refused where it is asked for
	}
	return survey.EndpointForm{
		Kind: models.EndpointKind(sent.Get("kind")), Name: sent.Get("name"), URL: sent.Get("url"), Events: slices.Clone(sent["events"]),
		Low: sent.Get("low") == "true", Worse: sent.Get("worse") == "true", WithRemark: sent.Get("with_remark") == "true", PerHour: perHour,
	}, nil
}

func storedEndpoint(e models.Endpoint) views.EndpointForm {
	return endpointForm(survey.EndpointForm{
		Kind: e.Kind, Name: e.Name, Events: e.Events, Low: e.Low, Worse: e.Worse, WithRemark: e.WithRemark, PerHour: e.PerHour,
	})
}

func endpointForm(f survey.EndpointForm) views.EndpointForm {
	form := views.EndpointForm{
		Kind: string(f.Kind), Name: f.Name, URL: f.URL, Events: f.Events, Low: f.Low, Worse: f.Worse, WithRemark: f.WithRemark,
	}
	if f.PerHour != 0 {
		form.PerHour = strconv.Itoa(f.PerHour)
	}
	return form
}

// showEndpoint adds what was sent to a stored endpoint.
func (s *site) showEndpoint(c echo.Context, status int, e models.Endpoint, props views.EndpointProps) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	props.UndoMinutes, props.MaxName, props.MostPerHour = m.workspace.Settings.Windows.UndoMinutes, survey.MaxEndpointName, survey.MostPerHour
	title := "New webhook"
	if e.Kind.Alerts() {
		title = "New alert"
	}
	if e.ID == "" {
		props.Endpoint.Kind = string(e.Kind)
		props.Page = s.page(c, title)
		return render(c, status, views.Endpoint(props))
	}
	counts, err := s.tenant(c).CountDeliveries(ctx)
	if err != nil {
		return err
	}
	props.Endpoint = endpointRow(e, counts[e.ID])
	if err := s.addDeliveries(c, e, &props); err != nil {
		return err
	}
	props.Page = s.page(c, e.Name)
	return render(c, status, views.Endpoint(props))
}

// soon is how near a try is that is worth watching.
const soon = 15 * time.Second

func (s *site) addDeliveries(c echo.Context, e models.Endpoint, props *views.EndpointProps) error {
	f := models.DeliveryFilter{Endpoint: e.ID}
	if state := models.DeliveryState(c.QueryParam("state")); slices.Contains(models.DeliveryStates, state) {
		props.State, f.State = string(state), state
	}
	var after *models.Cursor
	if cursor, ok := ParseCursor(c.QueryParam("cursor")); ok {
		after = &cursor
		props.FirstHref = deliveriesHref(e.ID, props.State, "")
	}
	found, err := s.tenant(c).Deliveries(c.Request().Context(), f, after, pageSize+1)
	if err != nil {
		return err
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		last := found[pageSize-1]
		props.NextHref = deliveriesHref(e.ID, props.State, FormatCursor(models.Cursor{At: last.CreatedAt, ID: last.ID}))
	}
	for _, d := range found {
		row := views.DeliveryRow{
			ID: d.ID, Type: d.Type, RatingID: d.RatingID, State: string(d.State), Detail: d.Detail, Tries: d.Attempts, At: d.CreatedAt,
			Retry: d.Attempts > 0 && !e.Paused && (d.State == models.DeliveryFailed || d.State == models.DeliveryWaiting),
		}
		if d.State == models.DeliveryWaiting {
			row.NextAt = d.NextAt
			props.Watch = props.Watch || !e.Paused && d.NextAt.Before(s.Now().Add(soon)) && s.Now().Sub(d.NextAt) < time.Minute
		}
		props.Deliveries = append(props.Deliveries, row)
	}
	return nil
}

func deliveriesHref(endpoint, state, cursor string) string {
	href := "/settings/webhooks/" + endpoint + "?state=" + state
	if cursor != "" {
		href += "&cursor=" + cursor
	}
	return href + "#deliveries"
}

// stoppedEndpoints counts what Rerate has paused by itself, for the notice that admins see on every page. A page does not
// fail for it.
func (s *site) stoppedEndpoints(c echo.Context, m member) int {
	if !m.admin() {
		return 0
	}
	n, err := s.Store.Tenant(m.workspace.ID).StoppedEndpoints(c.Request().Context())
	if err != nil {
		note(c, err)
	}
	return int(n)
}
