package survey

import (
	"errors"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// expireAtOnce is how many requests end in one transaction: few enough that nobody waits for it.
const expireAtOnce = 200

// expire ends what may not be answered any more, and reports whether there may be more.
func expire(tx *models.Tx, windows rating.Windows) (more bool, err error) {
	if windows.RateHours == 0 {
		return false, nil
	}
	over, err := tx.OpenRequests(tx.Now.Add(-time.Duration(windows.RateHours)*time.Hour), expireAtOnce)
	if err != nil {
		return false, err
	}
	for _, r := range over {
		if _, err := tx.MoveRequest(r, rating.TimeOut, nil); err != nil && !errors.Is(err, models.ErrNoTransition) {
			return false, err
		}
	}
	return len(over) == expireAtOnce, nil
}
