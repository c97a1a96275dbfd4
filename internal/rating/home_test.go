package rating_test

import (
	"testing"
	"time"

	"rerate/internal/rating"
)

func TestWhatMessengerHomeOffers(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	closed := now.Add(-24 * time.Hour)
	for _, c := range []struct {
		name   string
		change func(*rating.Settings, *rating.LastClosed)
		want   bool
	}{
		{"closed and never answered", func(*rating.Settings, *rating.LastClosed) {}, true},
		{"never closed", func(_ *rating.Settings, l *rating.LastClosed) { l.ClosedAt = time.Time{} }, false},
		{"answered before the close", func(_ *rating.Settings, l *rating.LastClosed) { l.AnsweredAt = closed.Add(-time.Microsecond) }, true},
		{"answered at the close", func(_ *rating.Settings, l *rating.LastClosed) { l.AnsweredAt = closed }, false},
		{"answered after the close", func(_ *rating.Settings, l *rating.LastClosed) { l.AnsweredAt = closed.Add(time.Second) }, false},
		{"just within the time to rate", func(s *rating.Settings, _ *rating.LastClosed) { s.Windows.RateHours = 25 }, true},
		{"the time to rate is just over", func(s *rating.Settings, _ *rating.LastClosed) { s.Windows.RateHours = 24 }, false},
		{"a teammate said no", func(_ *rating.Settings, l *rating.LastClosed) { l.DoNotAsk = true }, false},
		{"a tag says no", func(_ *rating.Settings, l *rating.LastClosed) { l.Tags = []string{"vip", " Fraud"} }, false},
		{"another tag", func(_ *rating.Settings, l *rating.LastClosed) { l.Tags = []string{"vip"} }, true},
		{"test mode", func(s *rating.Settings, _ *rating.LastClosed) { s.TestMode = true }, false},
		{"test mode and a test contact", func(s *rating.Settings, l *rating.LastClosed) { s.TestMode, l.TestContact = true, true }, true},
		{"asking by itself is off, which is another matter", func(s *rating.Settings, _ *rating.LastClosed) {
			s.Ask.Automatic, s.Ask.Users, s.Ask.MaxPerConversation = false, false, 1
		}, true},
	} {
		s, l := rating.DefaultSettings(), rating.LastClosed{ClosedAt: closed}
		c.change(&s, &l)
		if got := s.OffersOnHome(l, now); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
