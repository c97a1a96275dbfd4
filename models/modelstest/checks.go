package modelstest

import (
	"flag"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// SomeChecks tries a property fewer times than rapid does by itself, where each time is a whole history, unless RAPID_CHECKS
// or -rapid.checks says how often.
func SomeChecks(t *testing.T, n int, property func(*rapid.T)) {
	t.Helper()
	if asked := flag.Lookup("rapid.checks").Value.String(); asked != "100" {
		n = math.MaxInt
	}
	failing := false // then it is tried for as long as it takes to find a short history
	rapid.Check(t, func(rt *rapid.T) {
		if n <= 0 && !failing {
			return
		}
		n--
		failing = true
		property(rt)
		failing = false
	})
}
