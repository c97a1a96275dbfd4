package survey

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/models"
)

// outcome is what became of an attempt.
type outcome struct {
	state  models.WriteBackState
	detail string
	retry  error // non-nil: the job has to run again
}

func done(detail string, args ...any) outcome {
	return outcome{state: models.Done, detail: fmt.Sprintf(detail, args...)}
}

// giveUpAfter is how long a write-back is tried before a person has to look. An outage of Intercom is shorter.
const giveUpAfter = 3 * 24 * time.Hour

func saveOutcome(tx *models.Tx, w models.WriteBack, o outcome) error {
	w.State, w.Detail = o.state, o.detail
	if o.state == models.Waiting && tx.Now.Sub(w.DueAt) > giveUpAfter {
		w.State = models.GaveUp
	}
	if w.State != models.Waiting {
		w.DoneAt = &tx.Now
	}
	return tx.SaveWriteBack(w)
}

// outcomeOf turns a failure into what becomes of the attempt, in words that say what to do.
func outcomeOf(tx *models.Tx, cause error) (outcome, error) {
	var failed *intercom.Error
	if !errors.As(cause, &failed) {
		return outcome{state: models.Waiting, detail: "It did not work this time and is tried again.", retry: cause}, nil
	}
	if wait, limited := failed.RateLimited(); limited {
		detail := "Intercom asks us to wait; it is tried again."
		if failed.Paused() {
			detail = "Intercom has not been answering; it is tried again."
		}
		return outcome{state: models.Waiting, detail: detail, retry: jobs.Later{Pause: wait, Cause: cause}}, nil
	}
	switch {
	case failed.Unauthorized():
		return outcome{state: models.Waiting, detail: "Intercom refuses our access. Sign in with Intercom again and it is written."}, tx.TokenInvalid()
	case failed.NotFound():
		return outcome{state: models.GaveUp, detail: "Intercom does not know this conversation or contact any more."}, nil
	case failed.Temporary():
		return outcome{state: models.Waiting, detail: "Intercom did not answer; it is tried again.", retry: cause}, nil
	}
	return outcome{state: models.GaveUp, detail: "Intercom refused it: " + refusedBecause(failed)}, nil
}

func refusedBecause(e *intercom.Error) string {
	if e.Message != "" {
		return strings.TrimSuffix(e.Message, ".") + "."
	}
	return fmt.Sprintf("status %d %s.", e.Status, e.Code)
}

// nativeOutcome softens a refusal: that Intercom has no open request, or has locked it, says nothing against our
// own rating.
func nativeOutcome(o outcome, cause error) outcome {
	var failed *intercom.Error
	if o.state == models.GaveUp && errors.As(cause, &failed) {
		return outcome{state: models.Skipped, detail: "Could not mirror into Intercom's own rating: " + refusedBecause(failed)}
	}
	return o
}
