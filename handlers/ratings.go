package handlers

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"rerate/internal/survey"
	"rerate/internal/words"
	"rerate/models"
	"rerate/views"
)

// pageSize is how many ratings one page of the list shows.
const pageSize = 50

func (s *site) ratings(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	f, err := s.filterOf(c)
	if err != nil {
		return err
	}
	if f.tidied(c, "/ratings") {
		return nil
	}
	// One more than is shown tells whether there is a next page.
	listed, err := s.tenant(c).RatingPage(ctx, f.rows, f.after, pageSize+1)
	if err != nil {
		return err
	}
	found, nothing := listed.Rows, len(listed.Rows) == 0
	props := views.RatingsProps{
		Total: listed.Total.N, More: listed.Total.More, Preparing: listed.Preparing, CSVHref: f.fileOf(f.rows.Outcome),
	}
	if props.Bar, err = s.filterBar(ctx, m.workspace, f, c.QueryParams()); err != nil {
		return err
	}
	if err := s.countSuspects(ctx, m.workspace, f, &props); err != nil {
		return err
	}
	if f.after != nil {
		props.FirstHref = f.list().URL("/ratings")
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		next := f.list()
		next.Cursor = cursorAfter(found[pageSize-1])
		props.NextHref = next.URL("/ratings")
	}
	if props.Rows, err = s.feedRows(ctx, m.workspace, found, words.Parse(f.rows.Search)); err != nil {
		return err
	}
	if f.rows.Outcome == models.LatestLow {
		if err := s.markNotAsked(ctx, m.workspace, props.Rows); err != nil {
			return err
		}
	}
	if props.Empty, err = s.whyEmpty(ctx, m.workspace, nothing); err != nil {
		return err
	}
	props.Page = s.page(c, "Ratings")
	return render(c, http.StatusOK, views.Ratings(props))
}

// countSuspects says how many suspect answers the same filter would show, where it is not about what is left out.
func (s *site) countSuspects(ctx context.Context, w models.Workspace, f filter, props *views.RatingsProps) error {
	if f.rows.WhyNot != "" || f.rows.Valid != models.Either || f.rows.Outcome != "" || f.rows.Move != (models.Move{}) || f.rows.Search != "" {
		return nil
	}
	rows, shown := f.rows, f.list()
	rows.WhyNot, shown.WhyNot = models.Suspect, string(models.Suspect)
	suspects, err := s.Store.Tenant(w.ID).RatingPage(ctx, rows, nil, 0)
	props.Suspects, props.SuspectsHref = suspects.Total.N, shown.URL("/ratings")
	return err
}

// feedRows are ratings as the feed shows them: with who and whose they are, and what is to be done.
func (s *site) feedRows(ctx context.Context, w models.Workspace, ratings []models.Rating, search words.Query) ([]views.RatingRow, error) {
	rows, err := s.ratingRows(ctx, w, ratings)
	if err != nil {
		return nil, err
	}
	var contacts []string
	for _, r := range ratings {
		contacts = append(contacts, r.ContactID)
	}
	companies, err := s.Store.Tenant(w.ID).CompaniesOf(ctx, contacts...)
	if err != nil {
		return nil, err
	}
	for i, r := range ratings {
		row := &rows[i]
		if r.ContactID != "" {
			row.ContactHref = views.Filter{Days: "365", Contact: r.ContactID}.URL("/ratings")
		}
		if of := companies[r.ContactID]; len(of) > 0 {
			row.Company, row.CompanyHref = nameOf(of[0].Name, of[0].ID), views.Filter{Days: "365"}.URL(views.CompanyPath(of[0].ID))
		}
		row.Wording, row.Doubt, row.HandledBy = r.WordingVersion, r.Doubt, r.HandledBy
		row.Example = strings.HasPrefix(r.ConversationID, models.ExamplePrefix)
		if r.HandledAt != nil {
			row.HandledAt = *r.HandledAt
		}
		if !search.Empty() {
			for _, part := range search.Mark(r.Remark) {
				row.Words = append(row.Words, views.Words{Text: part.Text, Found: part.Found})
			}
		}
	}
	return rows, nil
}

// handleRating marks a rating as handled, or takes that back, and leads to where the teammate was.
func (s *site) handleRating(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	by, flash := nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID), "rating_handled"
	switch c.FormValue("handled") {
	case "yes":
	case "no":
		by, flash = "", "rating_reopened"
	default:
		return survey.Error{Code: survey.Invalid, Sentence: "A rating can be marked as handled or not; nothing was changed."}
	}
	if err := s.tenant(c).Write(c.Request().Context(), func(tx *models.Tx) error { return tx.SetHandled(id, by) }); err != nil {
		return err
	}
	back := ownPage(c.FormValue("back"))
	if back == "/" {
		back = "/ratings/" + id
	}
	return s.done(c, back, flash)
}
