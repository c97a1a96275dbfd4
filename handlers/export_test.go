package handlers

import (
	"net/url"
	"time"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
)

// Canonical is the one address of the filter of a report or, with list, of a list of ratings.
func Canonical(query url.Values, list bool, settings rating.Settings, now time.Time) (address string, before *stats.Range, ignored []string) {
	params := reportParams
	if list {
		params = ratingParams
	}
	f := parseFilter(query, params, settings, now)
	return f.shown.URL("/"), f.compared, f.ignored
}

// StepsOf are the addresses of the periods before and after a query's, "" for none.
func StepsOf(query url.Values, settings rating.Settings, now time.Time) (earlier, later string) {
	f := parseFilter(query, reportParams, settings, now)
	before, after := f.steps(stats.DayOf(now, settings.Location()))
	if before != nil {
		earlier = before.URL("/")
	}
	if after != nil {
		later = after.URL("/")
	}
	return earlier, later
}

// ParseFilter lets the tests read a filter without a page around it.
func ParseFilter(query url.Values, settings rating.Settings, now time.Time) (models.RatingFilter, []string) {
	f := parseFilter(query, ratingParams, settings, now)
	return f.rows, f.ignored
}
