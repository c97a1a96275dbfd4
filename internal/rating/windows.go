package rating

import "time"

// Windows says how long a customer may rate and change. Every window is half open: it is closed at its end.
type Windows struct {
	RateHours   int `json:"rate_hours"`   // hours after the request; 0 = no limit
	ChangeHours int `json:"change_hours"` // hours after the rating; 0 = no limit
	UndoMinutes int `json:"undo_minutes"` // minutes after the rating; 0 = no undo
}

// MayRate reports whether a request sent at sent can still be answered.
func (w Windows) MayRate(sent, now time.Time) bool {
	return w.RateHours == 0 || now.Before(sent.Add(time.Duration(w.RateHours)*time.Hour))
}

// MayChange reports whether a rating given at rated can still be followed by another on the same request.
func (w Windows) MayChange(rated, now time.Time) bool {
	return w.ChangeHours == 0 || now.Before(rated.Add(time.Duration(w.ChangeHours)*time.Hour))
}

// Undo reports whether a new choice quietly replaces the rating given at rated instead of following it.
func (w Windows) Undo(rated, now time.Time) bool { return now.Before(w.UndoEnds(rated)) }

// UndoEnds is when the team may be told of a rating given at rated.
func (w Windows) UndoEnds(rated time.Time) time.Time {
	return rated.Add(time.Duration(w.UndoMinutes) * time.Minute)
}
