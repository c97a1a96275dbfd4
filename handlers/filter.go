package handlers

import (
	"fmt"
	"net/http"
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
	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
)

// filter is what a query asks for: for the rows, for the links and fields of the page, and in one sentence each what
// was not understood. What shown leaves empty is the default.
type filter struct {
	rows     models.RatingFilter
	shown    views.Filter
	compared *stats.Range // the range that the figures are compared with; nil compares with none
	after    *models.Cursor
	ignored  []string
}

// param is one name of the query: what its value must be, and how it is taken. take answers false when the value
// is not that.
type param struct {
	name, must string
	take       func(f *filter, value string) bool
}

var params = []param{
	{"policy", "first, latest, average, best or worst", func(f *filter, v string) bool {
		f.rows.Policy, f.shown.Policy = rating.Policy(v), v
		return rating.Policy(v).Known()
	}},
	{"compare", "previous, weekdays or off", func(f *filter, v string) bool {
		f.shown.Compare = v
		return slices.Contains([]string{comparePrevious, compareWeekdays, compareOff}, v)
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
	{"outcome", "one that a figure links to, such as recovered", func(f *filter, v string) bool {
		f.rows.Outcome, f.shown.Outcome = models.Outcome(v), v
		return slices.Contains(models.Outcomes, f.rows.Outcome)
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

// tidied sends a browser on to the address without the empty values of a form, so that a filter has one address. It
// answers false where there is nothing to tidy, or something to say about what was sent.
func (f filter) tidied(c echo.Context, path string) bool {
	for _, values := range c.QueryParams() {
		if slices.Contains(values, "") {
			return len(f.ignored) == 0 && c.Redirect(http.StatusSeeOther, f.shown.URL(path)) == nil
		}
	}
	return false
}

// parseFilter reads the filter that pages and files share. What is not understood does not narrow; it is ignored, and
// the page says so.
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
	if f.rows.Policy == settings.Policy {
		f.shown.Policy = ""
	}
	f.compare()
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

// list is the filter of a list of rows: which rating counts and what is compared is no matter there.
func (f filter) list() views.Filter {
	shown := f.shown
	shown.Policy, shown.Compare, shown.Cursor = "", "", ""
	return shown
}

// rowsOf is the address of the rows behind a figure.
func (f filter) rowsOf(outcome models.Outcome) string {
	rows := f.list()
	rows.Outcome = string(outcome)
	return rows.URL("/ratings")
}

// fileOf is the address of the same rows as a file.
func (f filter) fileOf(outcome models.Outcome) string {
	rows := f.list()
	rows.Outcome = string(outcome)
	return rows.URL("/ratings.csv")
}
