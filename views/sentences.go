package views

import (
	"fmt"

	"rerate/views/chart"
)

// sentence says what a share rests on: "412 rated, 95 % interval 84–90 %".
func (s Share) sentence() string {
	if s.Rated <= 0 {
		return "No ratings in this range."
	}
	return fmt.Sprintf("%s rated, 95 %% interval %s", grouped(s.Rated), chart.Range(s.Low, s.High))
}

// value is the share of recovered conversations.
func (r Recovery) value() string { return ratio(r.Recovered, r.FirstNegative) }

// sentence says what the recovered share rests on: "13 of 22 with a negative first rating".
func (r Recovery) sentence() string {
	if r.FirstNegative <= 0 {
		return "No negative first ratings in this range."
	}
	return fmt.Sprintf("%s of %s with a negative first rating", grouped(r.Recovered), grouped(r.FirstNegative))
}

// sentence says what the changes rest on.
func (c Changes) sentence() string {
	return fmt.Sprintf("%s rated more than once", count(c.Better+c.Same+c.Worse, "conversation", "conversations"))
}
