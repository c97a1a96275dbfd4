package handlers_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rerate/handlers"
	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
	"rerate/models/modelstest/plain"
)

// Every figure on every page, in the API and in the files is what plain counting says of the same rows: whatever has happened,
// in whatever zone and on the days on which clocks are changed, under every policy, every filter and every comparison.
func TestEveryFigureEqualsPlainCounting(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		w := worldOn(t, db, func(c *handlers.Config) { c.API = handlers.API(c.Service) })
		boss := w.signIn(jane)
		workspaces := 0
		modelstest.SomeChecks(t, 12, func(rt *rapid.T) {
			workspaces++
			h := newFiguresWorld(rt, w, boss, fmt.Sprint("figures ", workspaces))
			for i := range 5 {
				q := h.drawQuery(i == 0)
				h.Logf("%s %s at %s: %s", h.tenant.Workspace, h.zone, h.now.Format(time.RFC3339), q.address("/"))
				h.compareOverview(q)
				h.compareSummary(q)
				h.compareTeammates(q)
				h.compareTeammate(q)
				h.compareLists(q)
			}
		})
	}, jobTables)
}

// figuresQuery is what the pages are asked for: as an address has it, and what it means.
type figuresQuery struct {
	values map[string]string
	policy rating.Policy
	now    models.Filter
	before *models.Filter          // nil: nothing is compared
	back   func(day string) string // the day that a day is compared with
}

// places are the names of an address in their order.
var places = []string{
	"days", "from", "to", "policy", "compare", "teammate", "channel", "tag", "score", "change", "remark", "wording", "segment", "company", "outcome",
	"first", "latest", "valid", "why_not", "first_teammate", "closes", "sort",
}

// address is path with the query, some of its values being others. What is empty is left out.
func (q figuresQuery) address(path string, others ...string) string {
	between := "?"
	for _, name := range places {
		value := q.values[name]
		for i := 0; i < len(others); i += 2 {
			if others[i] == name {
				value = others[i+1]
			}
		}
		if value != "" {
			path += between + name + "=" + url.QueryEscape(value)
			between = "&"
		}
	}
	return path
}

// rows is the address of a list of rows.
func (q figuresQuery) rows(path string, others ...string) string {
	return q.address(path, append([]string{"policy", "", "compare", "", "sort", ""}, others...)...)
}

// addDays is the day some days later, by the calendar.
func addDays(day string, n int) string { return onCalendar(day, 0, 0, n) }

func onCalendar(day string, years, months, days int) string {
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return date.AddDate(years, months, days).Format(time.DateOnly)
}

// daysOf are the days from one to another.
func daysOf(from, to string) (all []string) {
	for day := from; day <= to; day = addDays(day, 1) {
		all = append(all, day)
	}
	return all
}

// monday is the first day of the week of a day.
func monday(day string) string {
	for {
		date, err := time.Parse(time.DateOnly, day)
		if err != nil {
			panic(err)
		}
		if date.Weekday() == time.Monday {
			return day
		}
		day = addDays(day, -1)
	}
}

// preset is the range that goes by a name.
func preset(name, today string) (from, to string) {
	month := today[:8] + "01"
	switch name {
	case "today":
		return today, today
	case "yesterday":
		return addDays(today, -1), addDays(today, -1)
	case "week":
		return monday(today), today
	case "last_week":
		return addDays(monday(today), -7), addDays(monday(today), -1)
	case "month":
		return month, today
	case "last_month":
		return onCalendar(month, 0, -1, 0), addDays(month, -1)
	case "quarter":
		return map[string]string{
			"01": today[:5] + "01-01", "02": today[:5] + "01-01", "03": today[:5] + "01-01", "04": today[:5] + "04-01", "05": today[:5] + "04-01",
			"06": today[:5] + "04-01", "07": today[:5] + "07-01", "08": today[:5] + "07-01", "09": today[:5] + "07-01",
		}[today[5:7]] + map[bool]string{true: today[:5] + "10-01"}[today[5:7] >= "10"], today
	case "year":
		return today[:5] + "01-01", today
	}
	days := map[string]int{"": 90, "7": 7, "30": 30, "365": 365, "all": 3660}[name]
	return addDays(today, 1-days), today
}

// drawQuery makes up a query; a wide one is of everything that happened in a year.
func (h *figuresWorld) drawQuery(wide bool) figuresQuery {
	q := figuresQuery{values: map[string]string{}, policy: h.set.Policy}
	from, to := h.drawRange(q.values)
	if wide {
		q.values = map[string]string{"days": "365"}
		from, to = preset("365", h.plain.Day(h.now))
	}
	q.now.Range = stats.Range{From: stats.Day(from), To: stats.Day(to), Zone: h.zone}
	if policy := rating.Policy(h.one("policy", "", "", "first", "latest", "average", "best", "worst")); policy != "" {
		q.policy = policy
		if policy != h.set.Policy {
			q.values["policy"] = string(policy)
		}
	}
	q.now.Policy = q.policy
	if !wide {
		h.drawNarrow(&q)
	}
	h.drawCompare(&q, from, to)
	return q
}

// drawRange makes up a range, as days, weeks or months show it.
func (h *figuresWorld) drawRange(values map[string]string) (from, to string) {
	turn, today := h.plain.Day(h.turn), h.plain.Day(h.now)
	days := func(what string, least, most int) int { return rapid.IntRange(least, most).Draw(h.T, what) }
	switch days("kind of range", 0, 4) {
	case 0:
		values["days"] = h.one("preset", "", "7", "30", "365", "today", "yesterday", "week", "last_week", "month", "last_month", "quarter", "year", "all")
		if from, to = preset(values["days"], today); values["days"] == "all" {
			from = h.firstDay(from, to)
		}
		return from, to
	case 1, 2:
		from = addDays(turn, days("from", -4, 2))
		to = addDays(from, days("length", 0, 13))
	case 3:
		from, to = addDays(turn, -days("from", 10, 120)), addDays(turn, days("to", 0, 20))
	case 4:
		from, to = addDays(turn, -days("from", 190, 340)), addDays(turn, days("to", -5, 20))
	}
	values["from"], values["to"] = from, to
	return from, to
}

// firstDay is the first day of a range on which anything was rated, asked or closed; its last where nothing was.
func (h *figuresWorld) firstDay(from, to string) string {
	first := to
	on := func(at time.Time) {
		if day := h.plain.Day(at); !at.IsZero() && day >= from {
			first = min(first, day)
		}
	}
	for _, r := range h.plain.Ratings {
		on(r.At)
	}
	for _, r := range h.plain.Requests {
		if on(map[bool]time.Time{false: r.ClosedAt}[r.Test]); !r.Test && r.Method != "home" {
			on(r.SentAt)
		}
	}
	return first
}

// drawNarrow narrows the query: often by what the stored sums know alone, else by anything.
func (h *figuresWorld) drawNarrow(q *figuresQuery) {
	narrow := func(percent int, name string, of ...string) string {
		if h.some("by "+name, percent) {
			q.values[name] = h.one(name, of...)
		}
		return q.values[name]
	}
	q.now.Teammate = narrow(25, "teammate", append([]string{models.Nobody}, h.mates...)...)
	q.now.Channel = narrow(25, "channel", models.Chat, "email")
	scores := map[string]int{"1": 1, "2": 2, "3": 3, "5": 5}
	switch kind := rapid.IntRange(0, 9).Draw(h.T, "narrowed"); {
	case kind < 3: // the stored sums know that
	case kind < 7: // by one thing that leaves much
		switch h.one("by one", "tag", "segment", "company", "wording") {
		case "tag":
			q.now.Tag = narrow(100, "tag", "vip")
		case "segment":
			q.now.Segment = narrow(100, "segment", h.segment.ID)
		case "company":
			q.now.Company = narrow(100, "company", "acme")
		case "wording":
			q.now.Wording = scores[narrow(100, "wording", "1", "2")]
		}
	default:
		q.now.Tag = narrow(20, "tag", "vip", `a "b" & <c>`, "vip plus")
		q.now.Segment = narrow(20, "segment", h.segment.ID)
		q.now.Company = narrow(20, "company", "acme", "acorn")
		q.now.Wording = scores[narrow(20, "wording", "1", "2")]
		q.now.Score = scores[narrow(30, "score", "1", "2", "3", "5")]
		q.now.Change = rating.Change(narrow(30, "change", "first", "better", "same", "worse"))
		q.now.Remark = models.YesNo(narrow(30, "remark", "yes", "no"))
	}
}

// drawCompare makes up what the range is compared with.
func (h *figuresWorld) drawCompare(q *figuresQuery, from, to string) {
	compare := h.one("compare", "", "", "weekdays", "year", "off")
	q.values["compare"] = compare
	if compare == "off" || q.values["days"] == "all" {
		return
	}
	length := len(daysOf(from, to))
	switch compare {
	case "":
		q.back = func(day string) string { return addDays(day, -length) }
	case "weekdays":
		for length%7 > 0 {
			length++
		}
		q.back = func(day string) string { return addDays(day, -length) }
	case "year":
		q.back = func(day string) string { return onCalendar(day, -1, 0, 0) }
	}
	before := q.now
	before.Range.From, before.Range.To = stats.Day(q.back(from)), stats.Day(q.back(to))
	q.before = &before
}

// tallied is what plain counting says of a range and of what it is compared with.
type tallied struct {
	now, before         plain.Figures
	asks, asksBefore    map[string]int64
	first, firstBefore  plain.Figures // of a teammate: whose first rating is theirs
	compared, ofAnswers bool
}

func (h *figuresWorld) count(q figuresQuery) tallied {
	c := tallied{
		now: h.plain.Figures(q.now, ""), asks: h.plain.Asks(q.now, q.now.Teammate == ""), first: h.plain.FiguresOf(q.now, "", true, q.now.Teammate == ""),
		before: plain.NewFigures(), firstBefore: plain.NewFigures(), asksBefore: map[string]int64{},
		compared: q.before != nil, ofAnswers: q.now.Score != 0 || q.now.Change != "" || q.now.Remark != "",
	}
	if c.compared {
		c.before, c.asksBefore = h.plain.Figures(*q.before, ""), h.plain.Asks(*q.before, q.now.Teammate == "")
		c.firstBefore = h.plain.FiguresOf(*q.before, "", true, q.now.Teammate == "")
	}
	return c
}

// again is how many conversations have more than one rating.
func again(f plain.Figures) int64 { return f.Sums["better"] + f.Sums["same"] + f.Sums["worse"] }

// bucket is a stretch of a range that a trend shows as one point.
type bucket struct {
	from, to, label, title string
	unfinished             bool
}

// buckets cut a range into days, weeks or months.
func (h *figuresWorld) buckets(q figuresQuery) (all []bucket, grain string) {
	days := daysOf(string(q.now.Range.From), string(q.now.Range.To))
	grain = "month"
	start := func(day string) string { return day[:8] + "01" }
	end := func(first string) string { return addDays(onCalendar(first, 0, 1, 0), -1) }
	switch {
	case len(days) <= 14:
		grain = "day"
		start = func(day string) string { return day }
		end = start
	case len(days) <= 182:
		grain = "week"
		start = monday
		end = func(first string) string { return addDays(first, 6) }
	}
	for _, day := range days {
		if n := len(all); n > 0 && start(all[n-1].from) == start(day) {
			all[n-1].to = day
			continue
		}
		all = append(all, bucket{from: day, to: day})
	}
	for i := range all {
		b := &all[i]
		first := start(b.from)
		last := end(first)
		whole := b.from == first && b.to == last
		b.unfinished = h.plain.Day(h.now) <= last
		b.label = inWords(b.from, "2 Jan")
		b.title = b.words()
		switch {
		case grain == "day":
			b.title = inWords(b.from, "Monday, 2 January 2006")
		case grain == "month":
			if b.label = inWords(b.from, "Jan"); whole {
				b.title = inWords(b.from, "January 2006")
			}
		case whole:
			b.title = "Week of " + inWords(first, "2 January 2006")
		}
	}
	return all, grain
}

func inWords(day, layout string) string {
	date, err := time.Parse(time.DateOnly, day)
	if err != nil {
		panic(err)
	}
	return date.Format(layout)
}

// words are a range: "1 to 30 September 2026".
func (b bucket) words() string {
	layout := "2 January 2006"
	switch {
	case b.from == b.to:
		return inWords(b.to, layout)
	case b.from[:7] == b.to[:7]:
		layout = "2"
	case b.from[:4] == b.to[:4]:
		layout = "2 January"
	}
	return inWords(b.from, layout) + " to " + inWords(b.to, "2 January 2006")
}

// over narrows a filter to the days of a bucket.
func over(f models.Filter, from, to string) models.Filter {
	f.Range.From, f.Range.To = stats.Day(from), stats.Day(to)
	return f
}
