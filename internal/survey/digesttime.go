package survey

import (
	"time"

	"rerate/internal/stats"
	"rerate/models"
)

// digestCatchUp is how late a digest may be planned and sent by itself, say after Rerate was down. Older weeks are not.
const digestCatchUp = 24 * time.Hour

// dueDigest says which week is to be told at a time, and when that was due; false when nothing is due.
func dueDigest(d models.Digest, zone *time.Location, now time.Time) (week stats.Range, at time.Time, due bool) {
	week, at = lastSlot(d, zone, now)
	return week, at, d.Enabled && !at.Before(d.Since) && now.Before(at.Add(digestCatchUp))
}

// lastSlot is the last time that was meant for a digest, and the week that it tells.
func lastSlot(d models.Digest, zone *time.Location, now time.Time) (stats.Range, time.Time) {
	day := stats.DayOf(now, zone)
	for day.Weekday() != d.Weekday || hourOf(day, d.Hour, zone).After(now) {
		day = day.AddDays(-1)
	}
	return weekBefore(day, zone), hourOf(day, d.Hour, zone)
}

// nextSlot is the next time that is meant for a digest.
func nextSlot(d models.Digest, zone *time.Location, now time.Time) time.Time {
	day := stats.DayOf(now, zone)
	for day.Weekday() != d.Weekday || !hourOf(day, d.Hour, zone).After(now) {
		day = day.AddDays(1)
	}
	return hourOf(day, d.Hour, zone)
}

// hourOf is when the clocks of a zone first show an hour, or a later one, on a day: an hour that the clocks skip has its
// turn right after the gap, one that comes twice the first time.
func hourOf(day stats.Day, hour int, zone *time.Location) time.Time {
	const step = 15 * time.Minute // clocks change on quarters
	at, end := day.Start(zone), day.AddDays(1).Start(zone)
	for at.In(zone).Hour() < hour && at.Add(step).Before(end) {
		at = at.Add(step)
	}
	return at
}
