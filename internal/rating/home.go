package rating

import "time"

// LastClosed is what is known of the conversation of a contact that was closed last, when the contact looks at Messenger
// Home.
type LastClosed struct {
	ClosedAt    time.Time // the end of its newest episode
	AnsweredAt  time.Time // the contact's newest answer in it; zero: none
	DoNotAsk    bool      // a teammate said so
	Tags        []string
	TestContact bool // as the settings of the moment say
}

// OffersOnHome reports whether Messenger Home offers the contact to rate the conversation: it has not been answered since
// it was closed, the time to rate is not over, and nothing says that this customer is not to be asked there. Home asks
// nobody by itself, so the other rules of asking say nothing about it.
func (s Settings) OffersOnHome(c LastClosed, now time.Time) bool {
	switch {
	case c.ClosedAt.IsZero(), !c.AnsweredAt.Before(c.ClosedAt), !s.Windows.MayRate(c.ClosedAt, now):
		return false
	case c.DoNotAsk, shareTag(s.Ask.SuppressTags, c.Tags):
		return false
	}
	return !s.TestMode || c.TestContact
}
