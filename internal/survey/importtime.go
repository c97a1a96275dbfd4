package survey

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The forms of a time that say for certain what they mean. Those without an offset are in the workspace's zone.
var (
	withOffset    = []string{"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02T15:04Z07:00", "2006-01-02 15:04Z07:00", "2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05.999999999Z0700", "2006-01-02 15:04Z0700"}
	withoutOffset = []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04"}
)

var (
	slashed   = regexp.MustCompile(`^([0-9]{1,2})([./-])([0-9]{1,2})[./-]([0-9]{2,4})\b`)
	figures   = regexp.MustCompile(`^[0-9]+$`)
	zoneWords = regexp.MustCompile(`(?i) ?(UTC|GMT|Z)$`)
)

var errNoTime = errors.New("is no time; write it like 2026-03-02 10:15 or 2026-03-02T10:15:00Z")

// parseTime reads the time of a rating. Its errors go on from "The time “…”".
func parseTime(text string, zone *time.Location) (time.Time, error) {
	if figures.MatchString(text) {
		return unixTime(text)
	}
	normal := zoneWords.ReplaceAllString(text, "Z")
	normal = strings.Replace(normal, " +", "+", 1)
	for _, layout := range withOffset {
		if at, err := time.Parse(layout, normal); err == nil {
			return at.UTC(), nil
		}
	}
	if day, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return day.UTC(), nil
	}
	for _, layout := range withoutOffset {
		if at, err := time.Parse(layout, text); err == nil {
			return localTime(at, zone)
		}
	}
	if m := slashed.FindStringSubmatch(text); m != nil {
		return time.Time{}, ambiguous(m)
	}
	return time.Time{}, errNoTime
}

// unixTime reads seconds since 1970: figures of other lengths may mean a day, milliseconds, or a day as Excel counts it.
func unixTime(text string) (time.Time, error) {
	switch len(text) {
	case 9, 10:
		seconds, err := strconv.ParseInt(text, 10, 64)
		return time.Unix(seconds, 0).UTC(), err
	case 13:
		return time.Time{}, errors.New("looks like milliseconds; write whole seconds, or a date")
	case 8:
		return time.Time{}, fmt.Errorf("may be a date; write it as %s-%s-%s", text[:4], text[4:6], text[6:])
	}
	return time.Time{}, errNoTime
}

func ambiguous(m []string) error {
	first, _ := strconv.Atoi(m[1])
	second, _ := strconv.Atoi(m[3])
	switch {
	case len(m[4]) == 4 && first >= 1 && first <= 12 && second >= 1 && second <= 12 && first != second:
		return fmt.Errorf("may be the %s or the %s; write the year first, like %s-%02d-%02d",
			time.Date(2000, time.Month(second), first, 0, 0, 0, 0, time.UTC).Format("2 January"),
			time.Date(2000, time.Month(first), second, 0, 0, 0, 0, time.UTC).Format("2 January"), m[4], second, first)
	default:
		return errors.New("does not say for certain which number is the day; write the year first, like 2026-03-31")
	}
}

// localTime takes the figures of a clock in a zone. When clocks are put back an hour comes twice, when they are put
// forward one never comes: then only an offset says what is meant.
func localTime(clock time.Time, zone *time.Location) (time.Time, error) {
	at := time.Date(clock.Year(), clock.Month(), clock.Day(), clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), zone)
	same := func(t time.Time) bool {
		t = t.In(zone)
		return t.Hour() == clock.Hour() && t.Minute() == clock.Minute() && t.Day() == clock.Day()
	}
	if !same(at) {
		return time.Time{}, fmt.Errorf("does not exist in the time zone %s, where clocks were put forward; add the offset, like +02:00", zone)
	}
	for _, offset := range []time.Duration{-2 * time.Hour, -time.Hour, -30 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour} {
		if same(at.Add(offset)) {
			return time.Time{}, fmt.Errorf("comes twice in the time zone %s, where clocks were put back; add the offset, like +02:00", zone)
		}
	}
	return at.UTC(), nil
}
