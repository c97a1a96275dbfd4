package rating

import (
	"slices"
	"time"
)

// PastClose is a close that has happened, as the ledger keeps it.
type PastClose struct {
	ID           string // of the ledger's row
	Conversation string
	Email        string // of the contact, as far as known
	Facts        Close
	Happened     string        // Asked, ByHand, FailedToAsk, or the reason not to ask
	Delay        time.Duration // how long after the close it was due, where the rules had said yes
}

// PastAsk is a request that a contact had, whatever the rules say: one by hand, or one from before the closes that are
// looked at.
type PastAsk struct {
	Conversation string
	Contact      string
	At           time.Time
}

// What becomes of a close besides the reasons not to ask.
const (
	Asked       = "asked"
	ByHand      = "by_hand"  // a teammate had asked in the episode
	FailedToAsk = "failed"   // the rules said yes, and Intercom did not take it
	NotKept     = "not_kept" // nothing is known of what the rules would have seen
)

// DryRun says what settings would have made of closes: for each, in the order given, Asked, ByHand, NotKept or the
// reason not to ask. It goes through them in the order of time, and what a rule asks about earlier requests is answered
// by those that would have been sent, not by those that were.
//
// How long a conversation stayed closed is not known but from the ledger: an ask that would have come after the next
// close of its conversation is taken back, and so is one that was really taken back after no longer a delay.
func DryRun(s Settings, asks []PastAsk, closes []PastClose) []string {
	var past AskHistory
	for _, a := range asks {
		past.Add(a.Conversation, a.Contact, a.At)
	}
	decided := make([]string, len(closes))
	order := byTime(closes)
	reopened := reopenedBy(closes, order)
	for _, i := range order {
		c := closes[i]
		facts := past.Facts(c.Conversation, c.Facts)
		facts.TestContact = s.TestContact(facts.ContactID, c.Email)
		due := facts.At.Add(s.delay())
		decided[i] = s.wouldDo(c, facts)
		if decided[i] == Asked && !reopened[i].IsZero() && due.After(reopened[i]) {
			decided[i] = Reopened
		}
		if decided[i] == Asked && c.Happened != FailedToAsk {
			past.Add(c.Conversation, facts.ContactID, due)
		}
	}
	return decided
}

func (s Settings) delay() time.Duration { return time.Duration(s.Ask.DelayMinutes) * time.Minute }

func (s Settings) wouldDo(c PastClose, facts Close) string {
	switch {
	case c.Happened == ByHand:
		return ByHand
	case facts.At.IsZero():
		return NotKept
	}
	if rule := s.Refusal(facts); rule != "" {
		return rule
	}
	takenBack := c.Happened == Reopened || c.Happened == Snoozed || c.Happened == Gone
	if takenBack && s.delay() >= c.Delay {
		return c.Happened
	}
	return Asked
}

// byTime are the places of the closes in the order of time.
func byTime(closes []PastClose) []int {
	places := make([]int, len(closes))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return closes[a].Facts.At.Compare(closes[b].Facts.At) })
	return places
}

// reopenedBy says of each close when its conversation was closed again, and so must have been opened before; zero where
// it was not.
func reopenedBy(closes []PastClose, order []int) []time.Time {
	next := make([]time.Time, len(closes))
	seen := map[string]time.Time{}
	for _, i := range slices.Backward(order) {
		next[i] = seen[closes[i].Conversation]
		seen[closes[i].Conversation] = closes[i].Facts.At
	}
	return next
}

// AskHistory is who was asked when, in the order of time.
type AskHistory struct {
	byConversation map[string][]time.Time
	byContact      map[string][]time.Time
}

// Add remembers a request. An empty contact is one that is not known.
func (h *AskHistory) Add(conversation, contact string, at time.Time) {
	if h.byConversation == nil {
		h.byConversation, h.byContact = map[string][]time.Time{}, map[string][]time.Time{}
	}
	h.byConversation[conversation] = insert(h.byConversation[conversation], at)
	if contact != "" {
		h.byContact[contact] = insert(h.byContact[contact], at)
	}
}

func insert(times []time.Time, at time.Time) []time.Time {
	place, _ := slices.BinarySearchFunc(times, at, time.Time.Compare)
	return slices.Insert(times, place, at)
}

// Facts are the facts of a close with what the history says of requests up to it.
func (h *AskHistory) Facts(conversation string, c Close) Close {
	c.AskedBefore, c.AskedLately, c.ContactAskedAt = 0, 0, time.Time{}
	for _, at := range h.byConversation[conversation] {
		if at.After(c.At) {
			break
		}
		c.AskedBefore++
		if at.After(c.At.Add(-24 * time.Hour)) {
			c.AskedLately++
		}
	}
	for _, at := range h.byContact[c.ContactID] {
		if at.After(c.At) {
			break
		}
		c.ContactAskedAt = at
	}
	return c
}

// Tally counts what became of closes by what DryRun says; the counts add up to the closes.
func Tally(decided []string) map[string]int {
	counts := map[string]int{}
	for _, d := range decided {
		counts[d]++
	}
	return counts
}
