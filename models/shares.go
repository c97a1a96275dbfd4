package models

import (
	"rerate/internal/rating"
	"rerate/internal/stats"
)

// CSAT is the share of positive conversations under a policy.
func (f Figures) CSAT(p rating.Policy) stats.Proportion {
	return stats.Proportion{Positive: f.Positive(p), N: int(f.Rated)}
}
