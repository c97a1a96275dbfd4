package handlers

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/models"
	"rerate/views"
)

// setUp is the checklist of what has to happen until Rerate does its work.
func (s *site) setUp(c echo.Context) error {
	m, _ := memberOf(c)
	steps, err := s.setUpSteps(c.Request().Context(), m.workspace)
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.SetUp(views.SetUpProps{Page: s.page(c, "Set-up"), Steps: steps}))
}

// setUpBox is the checklist for the overview: for admins, until all is done.
func (s *site) setUpBox(ctx context.Context, m member) ([]views.SetUpStep, error) {
	if m.teammate.Role != models.Admin {
		return nil, nil
	}
	steps, err := s.setUpSteps(ctx, m.workspace)
	if err != nil || views.SetUpDone(steps) == len(steps) {
		return nil, err
	}
	return steps, nil
}

// setUpSteps says of each step whether and when it happened, and what to do where it has not.
func (s *site) setUpSteps(ctx context.Context, w models.Workspace) ([]views.SetUpStep, error) {
	facts, err := s.Store.Tenant(w.ID).SetUp(ctx)
	if err != nil {
		return nil, err
	}
	at := func(t *time.Time) time.Time {
		if t == nil {
			return time.Time{}
		}
		return *t
	}
	connected := time.Time{}
	if w.Connected() {
		connected = w.InstalledAt
	}
	return []views.SetUpStep{
		{Key: "connected", At: connected},
		{Key: "webhook", At: at(facts.WebhookAt)},
		{Key: "health", At: at(w.HealthAt)},
		{Key: "card", At: at(facts.CardRatedAt)},
		{Key: "wording", At: at(facts.PublishedAt)},
		{Key: "rules", At: at(w.DryRunAt)},
		{Key: "rerated", At: at(facts.ReRatedAt)},
	}, nil
}
