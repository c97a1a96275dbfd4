package views

import (
	"fmt"
	"time"
)

// SetUpProps is the set-up checklist.
type SetUpProps struct {
	Page  Page
	Steps []SetUpStep
}

// SetUpStep is one thing that has to happen. It is done when it has happened, not when somebody says so.
type SetUpStep struct {
	Key string    // "connected", "webhook", "health", "card", "wording", "rules" or "rerated"
	At  time.Time // when it happened; zero: not yet
}

// Done says whether it has happened.
func (s SetUpStep) Done() bool { return !s.At.IsZero() }

// SetUpDone is how many of the steps are done.
func SetUpDone(steps []SetUpStep) int {
	n := 0
	for _, s := range steps {
		if s.Done() {
			n++
		}
	}
	return n
}

// setUpWords say what each step is, what happened, and what to do until it has.
var setUpWords = map[string]struct {
	title, done, fix string
	label, href      string
}{
	"connected": {
		"Intercom is connected", "Connected", "Connect your workspace: Intercom asks you to agree, and brings you back.",
		"Connect with Intercom", "/auth/intercom",
	},
	"webhook": {
		"Webhooks arrive", "The newest came", "In Intercom's Developer Hub, open the app, then Webhooks: the address is /webhooks/intercom of this site, and the " +
			"topics of conversations are switched on. Then write in any conversation: the first webhook comes within a minute.", "See the calls", "/calls",
	},
	"health": {
		"Intercom checks the installation", "Last asked", "In the Developer Hub, open the app, then Installation health check: the address is /intercom/health of " +
			"this site. Intercom asks once a day.", "See the calls", "/calls",
	},
	"card": {
		"A test card was rated", "First rated", "Switch test mode on and enter yourself as a test contact. Write in your Messenger as a customer; in the Inbox reply " +
			"with the Rerate card; tap an emoji. Such a rating is in no figure.", "Test mode", "/settings#tests",
	},
	"wording": {
		"The wording is yours", "First published", "Read the question, the emoji and the thanks once, change what is not your voice, and publish.", "Edit the wording", "/wording",
	},
	"rules": {
		"You have seen what the rules do", "Last tried", "At the foot of the settings, press “See what this would have done”: it shows who would have been asked in the " +
			"last 30 days, and why others not.", "Look at the rules", "/settings#asking",
	},
	"rerated": {
		"A customer has rated again", "First rated again", "Switch test mode off. When a rated conversation is opened and closed again, the customer is asked again; or ask " +
			"one now whose first rating was low.", "Who waits", "/ratings/waiting",
	},
}

// nextStep is the first step that is not done.
func nextStep(steps []SetUpStep) SetUpStep {
	for _, s := range steps {
		if !s.Done() {
			return s
		}
	}
	return SetUpStep{}
}

// setUpMark fills the mark of a step that is done.
func setUpMark(s SetUpStep) string {
	if s.Done() {
		return "rating"
	}
	return ""
}

// setUpProgress says how far the set-up is.
func setUpProgress(steps []SetUpStep) string {
	return fmt.Sprintf("%d of %d done", SetUpDone(steps), len(steps))
}
