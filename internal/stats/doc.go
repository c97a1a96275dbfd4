// Package stats holds the statistics behind the dashboard: intervals for
// proportions, and calendar days, weeks and months in a workspace's time zone.
// It is pure: no clock, no I/O.
package stats
