package rating_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rerate/internal/rating"
)

// The table in docs/architecture.md is the one of the code, step by step and in its order.
func TestTransitionsAreDocumented(t *testing.T) {
	doc, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(doc), "### What becomes of a request")
	if !found {
		t.Fatal("docs/architecture.md has no table of what becomes of a request")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var documented []rating.Transition
	for _, row := range regexp.MustCompile("(?m)^\\| (?:`([a-z]+)` )?\\| `([a-z_]+)` \\| `([a-z]+)` \\|").FindAllStringSubmatch(section, -1) {
		documented = append(documented, rating.Transition{
			From: rating.RequestState(row[1]), Event: rating.RequestEvent(row[2]), To: rating.RequestState(row[3]),
		})
	}
	if !slices.Equal(documented, rating.Transitions) {
		t.Errorf("docs/architecture.md says\n%v, the code\n%v", documented, rating.Transitions)
	}
}
