package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"

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
	// One more than is shown tells whether there is a next page.
	found, err := s.tenant(c).Ratings(ctx, f.rows, f.after, pageSize+1)
	if err != nil {
		return err
	}
	bar, err := s.filterBar(ctx, m.workspace, f)
	if err != nil {
		return err
	}
	wording, err := s.currentWording(ctx, m.workspace)
	if err != nil {
		return err
	}
	first, next := f.shown, f.shown
	first.Cursor = ""
	props := views.RatingsProps{
		Bar: bar, Scale: scale(wording), Total: -1, CSVHref: first.URL("/ratings.csv"), Filtered: !f.isDefault(),
	}
	if f.after != nil {
		props.FirstHref = first.URL("/ratings")
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		next.Cursor = cursorAfter(found[pageSize-1])
		props.NextHref = next.URL("/ratings")
	}
	if props.Rows, err = s.ratingRows(ctx, m.workspace, found); err != nil {
		return err
	}
	props.Page = s.page(c, "Ratings")
	return render(c, http.StatusOK, views.Ratings(props))
}
