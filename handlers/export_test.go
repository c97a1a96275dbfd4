package handlers

import (
	"net/url"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// ParseFilter lets the tests read a filter without a page around it.
func ParseFilter(query url.Values, settings rating.Settings, now time.Time) (models.RatingFilter, []string) {
	f := parseFilter(query, settings, now)
	return f.rows, f.ignored
}
