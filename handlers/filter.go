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
	"rerate/internal/words"
	"rerate/models"
	"rerate/views"
)

// filter is what a query asks for: for the rows, for the links and fields of the page, and in one sentence each what
// was not understood. What shown leaves empty is the default.
type filter struct {
	rows     models.RatingFilter
	asks     models.LedgerFilter // what the ledger has besides; see ledger
	shown    views.Filter
	compared *stats.Range // the range that the figures are compared with; nil compares with none
	years    int          // how far that lies back, where it is the same period of an earlier year
	figures  bool         // of a page of figures, in which a policy and a comparison make sense
	company  company
	skip     int // rows of a list that is told by numbers
	after    *models.Cursor
	ignored  []string
}

// company is what the filter's company is called: in words, and as a form takes it again.
type company struct{ name, typed string }

// param is one name of the query: what its value must be, and how it is taken. take answers false when the value
// is not that.
type param struct {
	name, must string
	take       func(f *filter, value string) bool
}

// answerParams are what figures and lists of ratings are narrowed by alike.
var answerParams = []param{
	byTeammate,
	byChannel,
	{"tag", "a tag of a conversation", func(f *filter, v string) bool {
		f.rows.Tag, f.shown.Tag = v, v
		return isText(v)
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
	{"remark", "yes or no", func(f *filter, v string) bool {
		f.rows.Remark, f.shown.Remark = models.YesNo(v), v
		return v == "yes" || v == "no"
	}},
	{"wording", "the number of a version, 1 or more", func(f *filter, v string) (ok bool) {
		f.shown.Wording = v
		f.rows.Wording, ok = parseWhole(v, 1, mostWordings)
		return ok
	}},
	{"segment", "a segment's id", func(f *filter, v string) bool {
		f.rows.Segment, f.shown.Segment = v, v
		return isID(v)
	}},
	{"company", "a company's name or id", func(f *filter, v string) bool {
		f.rows.Company, f.shown.Company, f.company = v, v, company{name: v, typed: v}
		return isText(v)
	}},
}

// reportParams are what a page of figures knows, besides its range.
var reportParams = append([]param{
	{"policy", "first, latest, average, best or worst", func(f *filter, v string) bool {
		f.rows.Policy, f.shown.Policy = rating.Policy(v), v
		return rating.Policy(v).Known()
	}},
	{"compare", "previous, weekdays, year or off", func(f *filter, v string) bool {
		f.shown.Compare = v
		return slices.Contains([]string{comparePrevious, compareWeekdays, compareYear, compareOff}, v)
	}},
}, answerParams...)

// ratingParams are what a list of ratings knows besides. Which rating counts and what is compared is no matter there.
var ratingParams = append(slices.Clone(reportParams), []param{
	{"first", "a score, 1 to 10, or a run of them such as 1-2", func(f *filter, v string) (ok bool) {
		f.shown.First = v
		f.rows.Move.First, f.rows.Move.FirstTo, ok = parseScores(v)
		return ok
	}},
	{"latest", "a score, 1 to 10, or a run of them such as 1-2", func(f *filter, v string) (ok bool) {
		f.shown.Latest = v
		f.rows.Move.Latest, f.rows.Move.LatestTo, ok = parseScores(v)
		return ok
	}},
	{"valid", "yes or no", func(f *filter, v string) bool {
		f.rows.Valid, f.shown.Valid = models.YesNo(v), v
		return v == "yes" || v == "no"
	}},
	{"why_not", "unverified, suspect, void, test or undone", func(f *filter, v string) bool {
		f.rows.WhyNot, f.shown.WhyNot = models.WhyNot(v), v
		return slices.Contains(models.WhyNots, f.rows.WhyNot)
	}},
	{"outcome", "one that a figure links to, such as recovered", func(f *filter, v string) bool {
		f.rows.Outcome, f.shown.Outcome = models.Outcome(v), v
		return slices.Contains(models.Outcomes, f.rows.Outcome)
	}},
	{"first_teammate", "a teammate's id", func(f *filter, v string) bool {
		f.rows.FirstTeammate, f.shown.FirstTeammate = v, v
		return isID(v)
	}},
	{"q", "words, of at most 200 characters", func(f *filter, v string) bool {
		f.rows.Search, f.shown.Search = v, v
		return !words.Parse(v).Empty() && shortened(v, 200) == v
	}},
	{"handled", "yes or no", func(f *filter, v string) bool {
		f.rows.Handled, f.shown.Handled = models.YesNo(v), v
		return v == "yes" || v == "no"
	}},
	{"contact", "a contact's id", func(f *filter, v string) bool {
		f.rows.Contact, f.shown.Contact = v, v
		return isID(v)
	}},
	byConversation,
	fromCursor,
}...)

// waitingParams are what low ratings that wait are narrowed by.
var waitingParams = append(slices.Clone(answerParams), fromCursor)

// ledgerParams are what the ledger is narrowed by.
var ledgerParams = []param{
	byTeammate,
	byChannel,
	{"status", "asked, answered, waiting, unanswered, not_asked, due or failed", func(f *filter, v string) bool {
		f.asks.Status, f.shown.Status = models.LedgerStatus(v), v
		return slices.Contains(models.LedgerStatuses, f.asks.Status)
	}},
	{"rule", "a reason not to ask, such as min_characters", func(f *filter, v string) bool {
		f.asks.Rule, f.shown.Rule = v, v
		_, known := rating.RuleWords(v)
		return known
	}},
	{"method", "a way to ask, such as card or link", func(f *filter, v string) bool {
		f.asks.Method, f.shown.Method = models.Method(v), v
		return slices.Contains(models.Methods, f.asks.Method)
	}},
	{"closes", "all or asked", func(f *filter, v string) bool {
		f.asks.Closes, f.shown.Closes = models.LedgerCloses(v), v
		return f.asks.Closes == models.AllCloses || f.asks.Closes == models.AskedCloses
	}},
	byConversation,
	fromCursor,
}

// Params that several lists have.
var (
	byTeammate = param{"teammate", "a teammate's id", func(f *filter, v string) bool {
		f.rows.Teammate, f.shown.Teammate = v, v
		return isID(v)
	}}
	byChannel = param{"channel", "a channel such as chat or email", func(f *filter, v string) bool {
		f.rows.Channel, f.shown.Channel = v, v
		return isID(v)
	}}
	byConversation = param{"conversation", "a conversation's id", func(f *filter, v string) bool {
		f.rows.Conversation, f.shown.Conversation = v, v
		return canvas.IsConversationID(v)
	}}
	fromCursor = param{"cursor", "a place that a page linked to", func(f *filter, v string) bool {
		cursor, ok := ParseCursor(v)
		if ok {
			f.after, f.shown.Cursor = &cursor, v
		}
		return ok
	}}
)

// filterOf reads the filter of a list of ratings, or of its file, in the address. A field of the matrix is on the scale
// of the wording that is asked with now, as the overview draws it.
func (s *site) filterOf(c echo.Context) (filter, error) {
	f, err := s.filterBy(c, ratingParams)
	if err != nil || f.rows.Move == (models.Move{}) {
		return f, err
	}
	m, _ := memberOf(c)
	wording, err := s.currentWording(c.Request().Context(), m.workspace)
	f.rows.Move.Scale = len(wording.Options)
	return f, err
}

// reportFilterOf reads the filter of a page of figures in the address.
func (s *site) reportFilterOf(c echo.Context) (filter, error) {
	f, err := s.filterBy(c, reportParams)
	f.figures = true
	return f, err
}

// waitingFilterOf reads the filter of the ratings that wait.
func (s *site) waitingFilterOf(c echo.Context) (filter, error) { return s.filterBy(c, waitingParams) }

// filterBy reads a filter in the address, and looks up what it names.
func (s *site) filterBy(c echo.Context, params []param) (filter, error) {
	m, _ := memberOf(c)
	f := parseFilter(c.QueryParams(), params, m.workspace.Settings, s.Now())
	return f, f.resolve(c.Request().Context(), s.Store.Tenant(m.workspace.ID))
}

// ledgerFilterOf reads the filter of the ledger's page or file in the address.
func (s *site) ledgerFilterOf(c echo.Context) (filter, error) { return s.filterBy(c, ledgerParams) }

// ledger is the filter as the ledger takes it.
func (f filter) ledger() models.LedgerFilter {
	asks := f.asks
	asks.Filter, asks.Conversation = f.rows.Filter, f.rows.Conversation
	return asks
}

// tidied sends a browser on to the address without the empty values of a form and with ids for names, so that a filter has
// one address. It answers false where there is nothing to tidy, or something to say about what was sent.
func (f filter) tidied(c echo.Context, path string) bool {
	untidy := c.QueryParam("company") != f.shown.Company
	for _, values := range c.QueryParams() {
		untidy = untidy || slices.Contains(values, "")
	}
	return untidy && len(f.ignored) == 0 && c.Redirect(http.StatusSeeOther, f.shown.URL(path)) == nil
}

// parseFilter reads a filter: a range, and what the list is narrowed by. What is not understood does not narrow; it is
// ignored, and the page says so.
func parseFilter(query url.Values, params []param, settings rating.Settings, now time.Time) filter {
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
func shown(value string) string { return shortened(value, 40) }

// shortened makes any text fit for a sentence.
func shortened(value string, most int) string {
	value = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '�'
		}
		return r
	}, value)
	if runes := []rune(value); len(runes) > most {
		return string(runes[:most]) + "…"
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

// isText says whether a value can be somebody's own word for something: a tag, a name.
func isText(value string) bool {
	return utf8.ValidString(value) && utf8.RuneCountInString(value) <= 255 && !strings.ContainsFunc(value, unicode.IsControl)
}

// mostWordings is more versions than anybody will publish.
const mostWordings = 1_000_000

func parseScore(value string) (int, bool) { return parseWhole(value, 1, 10) }

// parseWhole reads a whole number in its one way to write it.
func parseWhole(value string, least, most int) (int, bool) {
	n, err := strconv.Atoi(value)
	return n, err == nil && n >= least && n <= most && strconv.Itoa(n) == value
}

// parseScores reads a score, or a run of them: "1-2". To is 0 for one.
func parseScores(value string) (from, to int, ok bool) {
	first, last, run := strings.Cut(value, "-")
	if from, ok = parseScore(first); !run || !ok {
		return from, 0, ok
	}
	to, ok = parseScore(last)
	return from, to, ok && from < to
}

// list is the filter of a list of rows: which rating counts and what is compared is no matter there.
func (f filter) list() views.Filter {
	shown := f.shown
	shown.Policy, shown.Compare, shown.Sort, shown.Cursor = "", "", "", ""
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
