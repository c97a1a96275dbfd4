package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

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
	found, err := s.tenant(c).Ratings(ctx, f.rows, f.after, pageSize+1)
	if err != nil {
		return err
	}
	total, err := s.tenant(c).CountRatings(ctx, f.rows)
	if err != nil {
		return err
	}
	props := views.RatingsProps{Total: int(total), CSVHref: f.fileOf(f.rows.Outcome)}
	if props.Bar, err = s.filterBar(ctx, m.workspace, f, c.QueryParams()); err != nil {
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
	if props.Rows, err = s.ratingRows(ctx, m.workspace, found); err != nil {
		return err
	}
	if f.rows.Outcome == models.LatestLow {
		if err := s.markNotAsked(ctx, m.workspace, props.Rows); err != nil {
			return err
		}
	}
	if props.Empty, err = s.whyEmpty(ctx, m.workspace, total == 0); err != nil {
		return err
	}
	props.Page = s.page(c, "Ratings")
	return render(c, http.StatusOK, views.Ratings(props))
}
