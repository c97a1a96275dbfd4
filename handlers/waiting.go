package handlers

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
)

// waiting is the list of low ratings that nobody has asked about since.
func (s *site) waiting(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	f, err := s.waitingFilterOf(c)
	if err != nil {
		return err
	}
	if f.tidied(c, "/ratings/waiting") {
		return nil
	}
	tenant := s.tenant(c)
	found, err := tenant.Waiting(ctx, f.rows, f.after, pageSize+1)
	if err != nil {
		return err
	}
	all, ready, err := tenant.CountWaiting(ctx, f.rows)
	if err != nil {
		return err
	}
	props := views.WaitingProps{Total: int(all), Ready: int(ready)}
	if props.Bar, err = s.filterBar(ctx, m.workspace, f, c.QueryParams()); err != nil {
		return err
	}
	props.Bar.Rows = "low ratings"
	if f.after != nil {
		props.FirstHref = f.list().URL("/ratings/waiting")
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		next := f.list()
		next.Cursor = FormatCursor(found[pageSize-1].Cursor())
		props.NextHref = next.URL("/ratings/waiting")
	}
	if props.Rows, err = s.waitingRows(ctx, m.workspace, found); err != nil {
		return err
	}
	if props.Empty, err = s.whyEmpty(ctx, m.workspace, all == 0); err != nil {
		return err
	}
	props.Page = s.page(c, "Waiting to be asked again")
	return render(c, http.StatusOK, views.LowRatings(props))
}

func (s *site) waitingRows(ctx context.Context, w models.Workspace, found []models.WaitingRow) ([]views.WaitingRow, error) {
	ratings := make([]models.Rating, len(found))
	for i, r := range found {
		ratings[i] = r.Rating
	}
	plain, err := s.ratingRows(ctx, w, ratings)
	if err != nil {
		return nil, err
	}
	names, err := teammateNames(ctx, s.Store.Tenant(w.ID))
	if err != nil {
		return nil, err
	}
	rows := make([]views.WaitingRow, len(found))
	for i, r := range found {
		rows[i] = views.WaitingRow{
			RatingRow: plain[i], Ready: r.Ready, State: r.State, Owner: nameOf(names[r.AssigneeID], r.TeammateName),
			Example: strings.HasPrefix(r.ConversationID, models.ExamplePrefix),
		}
		rows[i].RepliedAt, rows[i].ByCustomer = lastReply(r)
	}
	return rows, nil
}

// lastReply is when somebody last wrote, and whether it was the customer; zero where that is not known.
func lastReply(r models.WaitingRow) (at time.Time, customer bool) {
	if r.TeammateRepliedAt != nil {
		at = *r.TeammateRepliedAt
	}
	if r.ContactRepliedAt != nil && r.ContactRepliedAt.After(at) {
		return *r.ContactRepliedAt, true
	}
	return at, false
}

// askAgain asks the customer of a rating again, now.
func (s *site) askAgain(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	rated, err := s.tenant(c).Rating(ctx, id)
	if err != nil {
		return err
	}
	if strings.HasPrefix(rated.ConversationID, models.ExamplePrefix) {
		return survey.Error{Code: survey.Conflict, Sentence: "This conversation is made up; there is nobody to ask."}
	}
	if _, err := s.AskNow(ctx, m.workspace.ID, rated.ConversationID, m.teammate.ID); err != nil {
		return err
	}
	return s.done(c, ownPage(c.FormValue("next")), "asked")
}
