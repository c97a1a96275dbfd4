package handlers

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
	"rerate/models"
	"rerate/views"
)

// filter is what a query asks for: for the rows, for the links and fields of the page, and in one sentence each what
// was not understood.
type filter struct {
	rows    models.RatingFilter
	shown   views.Filter
	after   *models.Cursor
	ignored []string
}

// param is one name of the query: what its value must be, and how it is taken. take answers false when the value
// is not that.
type param struct {
	name, must string
	take       func(f *filter, value string) bool
}

var outcomes = []models.Outcome{models.AnyOutcome, models.WentBetter, models.StayedSame, models.WentWorse, models.HasRecovered}

var params = []param{
	{"policy", "first, latest, average, best or worst", func(f *filter, v string) bool {
		f.rows.Policy, f.shown.Policy = rating.Policy(v), v
		return rating.Policy(v).Known()
	}},
	{"teammate", "a teammate's id", func(f *filter, v string) bool {
		f.rows.Teammate, f.shown.Teammate = v, v
		return isID(v)
	}},
	{"channel", "a channel such as chat or email", func(f *filter, v string) bool {
		f.rows.Channel, f.shown.Channel = v, v
		return isID(v)
	}},
	{"change", "first, better, same or worse", func(f *filter, v string) bool {
		f.rows.Change, f.shown.Change = rating.Change(v), v
		return slices.Contains([]rating.Change{rating.First, rating.Better, rating.Same, rating.Worse}, rating.Change(v))
	}},
	{"score", "a score, 1 to 10", func(f *filter, v string) (ok bool) {
		f.shown.Score = v
		f.rows.Score, ok = parseScore(v)
		return ok
	}},
	{"first", "a score, 1 to 10", func(f *filter, v string) (ok bool) {
		f.shown.First = v
		f.rows.Move.First, ok = parseScore(v)
		return ok
	}},
	{"latest", "a score, 1 to 10", func(f *filter, v string) (ok bool) {
		f.shown.Latest = v
		f.rows.Move.Latest, ok = parseScore(v)
		return ok
	}},
	{"valid", "yes or no", func(f *filter, v string) bool {
		f.rows.Valid, f.shown.Valid = models.YesNo(v), v
		return v == "yes" || v == "no"
	}},
	{"remark", "yes or no", func(f *filter, v string) bool {
		f.rows.Remark, f.shown.Remark = models.YesNo(v), v
		return v == "yes" || v == "no"
	}},
	{"outcome", "rated, better, same, worse or recovered", func(f *filter, v string) bool {
		f.rows.Outcome, f.shown.Outcome = models.Outcome(v), v
		return slices.Contains(outcomes, f.rows.Outcome)
	}},
	{"contact", "a contact's id", func(f *filter, v string) bool {
		f.rows.Contact, f.shown.Contact = v, v
		return isID(v)
	}},
	{"conversation", "a conversation's id", func(f *filter, v string) bool {
		f.rows.Conversation, f.shown.Conversation = v, v
		return canvas.IsConversationID(v)
	}},
	{"cursor", "a place that a page linked to", func(f *filter, v string) bool {
		cursor, ok := ParseCursor(v)
		if ok {
			f.after, f.shown.Cursor = &cursor, v
		}
		return ok
	}},
}

// parseFilter reads the filter that pages and files share. What is not understood does not narrow; it is ignored, and
// the page says so.
// filterOf reads the filter of a page or file in the address. A field of the matrix is on the scale of the wording
// that is asked with now, as the overview draws it.
func (s *site) filterOf(c echo.Context) (filter, error) {
	m, _ := memberOf(c)
	f := parseFilter(c.QueryParams(), m.workspace.Settings, s.Now())
	if f.rows.Move == (models.Move{}) {
		return f, nil
	}
	wording, err := s.currentWording(c.Request().Context(), m.workspace)
	f.rows.Move.Scale = len(wording.Options)
	return f, err
}

func parseFilter(query url.Values, settings rating.Settings, now time.Time) filter {
	f := filter{}
	f.rows.Policy = settings.Policy
	f.parseRange(query, settings.Location(), now)
	known := slices.Clone(rangeParams)
	for _, p := range params {
		known = append(known, p.name)
		value, ok := f.value(query, p.name)
		if !ok {
			continue
		}
		before := f
		if !p.take(&f, value) {
			f = before
			f.ignore(p.name, value, "it must be "+p.must)
		}
	}
	f.needBoth()
	f.ignoreOthers(query, known)
	return f
}

// value is the one value of a name; empty ones do not narrow.
func (f *filter) value(query url.Values, name string) (string, bool) {
	given := slices.DeleteFunc(slices.Clone(query[name]), func(v string) bool { return v == "" })
	switch len(given) {
	case 0:
		return "", false
	case 1:
		return strings.TrimSpace(given[0]), true
	}
	f.ignored = append(f.ignored, fmt.Sprintf("%s was ignored: it stands in the address more than once.", name))
	return "", false
}

func (f *filter) ignore(name, value, why string) {
	f.ignored = append(f.ignored, fmt.Sprintf("%s “%s” was ignored: %s.", name, shown(value), why))
}

// needBoth drops half a field of the matrix, which names no rows.
func (f *filter) needBoth() {
	if (f.rows.Move.First == 0) == (f.rows.Move.Latest == 0) {
		return
	}
	name, value := "first", f.shown.First
	if value == "" {
		name, value = "latest", f.shown.Latest
	}
	f.rows.Move, f.shown.First, f.shown.Latest = models.Move{}, "", ""
	f.ignore(name, value, "first and latest go together")
}

func (f *filter) ignoreOthers(query url.Values, known []string) {
	var others []string
	for name := range query {
		if !slices.Contains(known, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others[:min(len(others), 5)] {
		f.ignored = append(f.ignored, fmt.Sprintf("“%s” was ignored: there is no such filter.", shown(name)))
	}
}

// shown makes a value from an address fit for a sentence.
func shown(value string) string {
	value = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '�'
		}
		return r
	}, value)
	if runes := []rune(value); len(runes) > 40 {
		return string(runes[:40]) + "…"
	}
	return value
}

// isID says whether a value can be an id of Intercom's: short, and printable ASCII without spaces.
func isID(value string) bool {
	for i := range len(value) {
		if value[i] <= ' ' || value[i] >= 0x7f {
			return false
		}
	}
	return len(value) >= 1 && len(value) <= 64
}

func parseScore(value string) (int, bool) {
	score, err := strconv.Atoi(value)
	return score, err == nil && score >= 1 && score <= 10 && strconv.Itoa(score) == value
}

// isDefault says whether the filter is the one of a page without a query.
func (f filter) isDefault() bool {
	return f.shown == views.Filter{Days: strconv.Itoa(defaultDays), Cursor: f.shown.Cursor}
}
