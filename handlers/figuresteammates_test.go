package handlers_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	godiff "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest/plain"
	"rerate/views/chart"
)

// mateFigures are the shares of a teammate's work by the names that files and the API have for them.
type mateFigures struct {
	id          string // "" is nobody, "all" all together
	now, before map[string]part
	some        bool // there is anything to say of the range
}

// sorts are what a table of teammates is sorted by, and of what there may be too few.
var sorts = map[string]string{
	"first": "first ratings", "counted": "conversations", "recovered": "conversations answered again", "response": "requests",
	"asked": "closed conversations", "low_asked": "low first ratings",
}

// sharesOf counts a teammate's work: of the conversations that began with them, of those whose latest rating is theirs, and of
// their requests.
func sharesOf(first, latest plain.Figures, asks map[string]int64, policy rating.Policy) map[string]part {
	begun := first.Sums
	positive := int64(first.Positive["first"])
	return map[string]part{
		"first": csat(first, "first"), "counted": csat(latest, policy), "recovered": whole(latest.Sums["recovered"], latest.Sums["answered"]),
		"response": whole(asks["rated"], asks["sent"]), "asked": whole(asks["asked"], asks["closed"]),
		"low_asked": whole(begun["asked"], begun["first_negative"]), "low_again": whole(begun["answered"], begun["first_negative"]),
		"neutral_again": whole(begun["neutral_again"], begun["first_neutral"]), "positive_again": whole(begun["first_positive_again"], positive),
	}
}

// mateOf counts one teammate's work, or everybody's.
func (h *figuresWorld) mateOf(q figuresQuery, id string) mateFigures {
	of := func(f models.Filter) map[string]part {
		if f.Teammate = id; id == "all" {
			f.Teammate = ""
		}
		everybody := id == "all"
		return sharesOf(h.plain.FiguresOf(f, "", true, everybody), h.plain.FiguresOf(f, "", false, everybody), h.plain.Asks(f, everybody), q.policy)
	}
	m := mateFigures{id: id, now: of(q.now), before: map[string]part{}}
	if q.before != nil {
		m.before = of(*q.before)
	}
	m.some = m.now["first"].n+m.now["counted"].n+m.now["response"].n+m.now["asked"].n > 0
	return m
}

// mateTable are the rows of a table of teammates in their order; few are those of whom there is too little to rank.
type mateTable struct {
	ranked, few []mateFigures
	nobody, all mateFigures
}

func (h *figuresWorld) mateTable(q figuresQuery, by string) (t mateTable) {
	for _, id := range h.mates {
		switch m := h.mateOf(q, id); {
		case !m.some:
		case by == "name" || m.now[by].n >= int64(max(h.set.MinSample, 1)):
			t.ranked = append(t.ranked, m)
		default:
			t.few = append(t.few, m)
		}
	}
	named := func(a, b mateFigures) int {
		return cmp.Or(cmp.Compare(strings.ToLower(h.called(a.id)), strings.ToLower(h.called(b.id))), cmp.Compare(a.id, b.id))
	}
	slices.SortFunc(t.few, named)
	slices.SortFunc(t.ranked, func(a, b mateFigures) int {
		if by == "name" {
			return named(a, b)
		}
		lowA, _ := a.now[by].bounds()
		lowB, _ := b.now[by].bounds()
		return cmp.Or(cmp.Compare(lowB, lowA), cmp.Compare(b.now[by].n, a.now[by].n), named(a, b))
	})
	t.nobody, t.all = h.mateOf(q, ""), h.mateOf(q, "all")
	return t
}

// rows are all rows, those of files and of the API: nobody's where there is anything, and all together.
func (t mateTable) rows() []mateFigures {
	rows := append(slices.Clone(t.ranked), t.few...)
	if t.nobody.some {
		rows = append(rows, t.nobody)
	}
	return append(rows, t.all)
}

// called is the name of a teammate: who has neither rating nor account has none.
func (h *figuresWorld) called(id string) string {
	switch {
	case id == "":
		return "Nobody credited"
	case id == "all":
		return "All together"
	case id == h.mates[0] || slices.ContainsFunc(h.plain.Ratings, func(r models.Rating) bool { return r.TeammateID == id }):
		return mateName(id)
	}
	return "Teammate " + id
}

// cell is what a share says in a table.
func (h *figuresWorld) cell(now, before part, compared, target bool) string {
	if now.n == 0 {
		return "—"
	}
	aim := 0.0
	if target {
		aim = h.set.Target
	}
	few := now.n < int64(h.set.MinSample)
	text := now.value()
	if by, low, high, isClear := now.moved(before); compared && before.n > 0 && !few && before.n >= int64(h.set.MinSample) {
		interval := points(low) + " to " + points(high) + " points"
		switch {
		case !isClear:
			text += " {No clear change: " + interval + "} " + points(by) + " points, no clear change"
		case by < 0:
			text += " {" + interval + "} ▼ Down by " + absPoints(by) + " points"
		default:
			text += " {" + interval + "} ▲ Up by " + absPoints(by) + " points"
		}
	}
	text += " " + now.bar(aim) + " " + now.count() + " of " + number(now.n)
	if few {
		return text + " · too few"
	}
	return joined(text, now.aimed(aim))
}

// aimed says where a share stands against a target.
func (p part) aimed(target float64) string {
	low, high := p.bounds()
	switch {
	case target == 0 || p.n == 0:
		return ""
	case low > target:
		return "above target"
	case high < target:
		return "below target"
	}
	return "target: cannot be told yet"
}

// compareTeammates holds the tables of teammates, their file and the API against plain counting. They know no filter of a teammate.
func (h *figuresWorld) compareTeammates(q figuresQuery) {
	h.Helper()
	q.values, q.now.Teammate = maps.Clone(q.values), ""
	q.values["teammate"] = ""
	if q.before != nil {
		before := *q.before
		before.Teammate, q.before = "", &before
	}
	by := h.one("sort", "first", "counted", "recovered", "response", "asked", "low_asked", "name")
	if q.values["sort"] = by; by == "first" {
		q.values["sort"] = ""
	}
	t := h.mateTable(q, by)
	h.compareMatesFile(q, t)
	h.compareMatesAPI(q, t)
	address := q.address("/teammates")
	page := h.page(address)
	if !t.all.some {
		if !strings.Contains(words(page.Find("main")), "No ratings match this filter") {
			h.Fatalf("%s: there is nothing to show, but the page says %s", address, words(page.Find("main")))
		}
		return
	}
	line := func(m mateFigures, targets int, columns ...string) string {
		text := h.called(m.id)
		if m.id == h.mates[0] {
			text += " You"
		}
		for i, column := range columns {
			text += " " + h.cell(m.now[column], m.before[column], q.before != nil, i < targets)
		}
		return text
	}
	for of, columns := range map[string][]string{
		"table": {"first", "counted", "recovered", "response", "asked", "low_asked"},
		"fair":  {"asked", "low_asked", "low_again", "neutral_again", "positive_again"},
	} {
		var want, got []string
		targets := 0
		if of == "table" {
			targets = 2
		}
		for i, m := range t.rows() {
			if of == "table" && i == len(t.ranked) && len(t.few) > 0 {
				want = append(want, fmt.Sprintf("Too few to rank: fewer than %d %s", h.set.MinSample, sorts[by]))
			}
			want = append(want, line(m, targets, columns...))
		}
		card(page, of).Find("tbody tr, tfoot tr").Each(func(_ int, row *goquery.Selection) { got = append(got, said(row)) })
		if diff := godiff.Diff(want, got); diff != "" {
			h.Fatalf("%s, %s (-want +got)\n%s", address, of, diff)
		}
	}
	h.compareCourses(address, q, t, page)
}

// compareCourses holds the small drawings of the first ratings' course against plain counting.
func (h *figuresWorld) compareCourses(address string, q figuresQuery, t mateTable, page *goquery.Document) {
	h.Helper()
	buckets, _ := h.buckets(q)
	rows := card(page, "table").Find("tbody tr:not(.mates-few), tfoot tr")
	for i, m := range t.rows() {
		spark := rows.Eq(i).Find("svg.spark")
		if m.now["first"].n == 0 {
			if spark.Length() > 0 {
				h.Fatalf("%s: %s has a course without any first rating", address, m.id)
			}
			continue
		}
		var points []chart.Point
		for _, b := range buckets {
			f := over(withTeammate(q.now, m.id), b.from, b.to)
			points = append(points, csat(h.plain.FiguresOf(f, "", true, m.id == "all"), "first").point())
		}
		h.drawn(address+" course of "+m.id, chart.Spark(points), spark)
	}
}

// compareMatesFile holds the file of teammates against plain counting, cell by cell.
func (h *figuresWorld) compareMatesFile(q figuresQuery, t mateTable) {
	h.Helper()
	want := [][]string{{"row", "teammate_id", "teammate_name"}}
	columns := []struct{ name, part, whole string }{
		{"first", "first_positive", "first_rated"},
		{"counted", "counted_positive", "counted_rated"},
		{"recovered", "recovered", "answered"},
		{"response", "requests_rated", "requests_sent"},
		{"asked", "closed_asked", "closed"},
		{"low_asked", "low_asked_again", "low_first"},
		{"low_again", "low_rated_again", ""},
		{"neutral_again", "neutral_rated_again", "neutral_first"},
		{"positive_again", "positive_rated_again", ""},
	}
	for _, c := range columns {
		names := []string{c.part, c.whole, c.name + "_share", c.name + "_low", c.name + "_high", c.name + "_share_before"}
		want[0] = append(want[0], slices.DeleteFunc(names, func(name string) bool { return name == "" })...)
	}
	four := func(value float64) string { return strconv.FormatFloat(value, 'f', 4, 64) }
	for i, m := range t.rows() {
		cells := []string{"teammate", m.id, h.called(m.id)}
		switch {
		case m.id == "all":
			cells = []string{"all", "", ""}
		case m.id == "":
			cells = []string{"nobody", "", ""}
		case i >= len(t.ranked):
			cells[0] = "few"
		}
		for _, c := range columns {
			now, before := m.now[c.name], m.before[c.name]
			count := strconv.FormatFloat(now.of, 'f', 4, 64)
			cells = append(cells, strings.TrimSuffix(strings.TrimRight(count, "0"), "."))
			if c.whole != "" {
				cells = append(cells, strconv.FormatInt(now.n, 10))
			}
			share, low, high, then := "", "", "", ""
			if now.n > 0 {
				from, to := now.bounds()
				share, low, high = four(now.share()), four(from), four(to)
			}
			if before.n > 0 {
				then = four(before.share())
			}
			cells = append(cells, share, low, high, then)
		}
		want = append(want, cells)
	}
	address := q.address("/teammates.csv")
	if diff := godiff.Diff(want, readCSV(h.get(address).Body.String())); diff != "" {
		h.Fatalf("%s (-want +got)\n%s", address, diff)
	}
}

// nearly forgives what is lost in adding fractions up.
var nearly = cmpopts.EquateApprox(0, 1e-6)

func (p part) csatJSON() csatJSON {
	c := csatJSON{Rated: int(p.n), Positive: p.of}
	if p.n > 0 {
		share := p.share()
		low, high := p.bounds()
		c.Score, c.Low, c.High = &share, &low, &high
	}
	return c
}

func (p part) fractionJSON() fractionJSON {
	c := p.csatJSON()
	return fractionJSON{Part: int(p.of), Of: c.Rated, Share: c.Score, Low: c.Low, High: c.High}
}

// forPrograms is the address of the API for a query: it has days and no comparison.
func (q figuresQuery) forPrograms(path string) string {
	return q.address(path, "days", "", "from", string(q.now.Range.From), "to", string(q.now.Range.To), "compare", "", "policy", string(q.policy))
}

func (h *figuresWorld) compareMatesAPI(q figuresQuery, t mateTable) {
	h.Helper()
	all := func(m mateFigures) fractionsJSON {
		return fractionsJSON{
			First: m.now["first"].csatJSON(), Counted: m.now["counted"].csatJSON(), Recovered: m.now["recovered"].fractionJSON(),
			Response: m.now["response"].fractionJSON(), Asked: m.now["asked"].fractionJSON(), LowAsked: m.now["low_asked"].fractionJSON(),
			LowAgain: m.now["low_again"].fractionJSON(), NeutralAgain: m.now["neutral_again"].fractionJSON(), PositiveAgain: m.now["positive_again"].fractionJSON(),
		}
	}
	type line struct {
		ID, Name string
		Shares   fractionsJSON
	}
	var got teammatesJSON
	address := q.forPrograms("/teammates")
	h.program(address, &got)
	want, found := []line{}, []line{}
	for _, m := range t.rows() {
		switch m.id {
		case "all":
		case "":
			want = append(want, line{Shares: all(m)})
		default:
			want = append(want, line{m.id, h.called(m.id), all(m)})
		}
	}
	for _, item := range got.Items {
		one := line{Shares: item.fractionsJSON}
		if item.Teammate != nil {
			one.ID, one.Name = item.Teammate.ID, item.Teammate.Name
		}
		found = append(found, one)
	}
	if diff := godiff.Diff(want, found, nearly); diff != "" {
		h.Fatalf("%s (-want +got)\n%s", address, diff)
	}
	if diff := godiff.Diff(all(t.all), got.All, nearly); diff != "" {
		h.Fatalf("%s, all together (-want +got)\n%s", address, diff)
	}
	if got.Policy != string(q.policy) || got.From != string(q.now.Range.From) || got.To != string(q.now.Range.To) || got.TimeZone != h.set.TimeZone {
		h.Fatalf("%s is of %+v", address, got)
	}
}

// compareTeammate holds one teammate's own page against plain counting.
func (h *figuresWorld) compareTeammate(q figuresQuery) {
	h.Helper()
	id := rapidMate(h)
	q.values, q.now.Teammate = maps.Clone(q.values), id
	q.values["teammate"], q.values["sort"] = id, ""
	if q.before != nil {
		before := *q.before
		before.Teammate, q.before = id, &before
	}
	m, c := h.mateOf(q, id), h.count(q)
	happy := h.fitting(models.RatingFilter{Filter: q.now, Outcome: models.Happy})
	if !m.some && h.called(id) != mateName(id) {
		return // nobody has met them
	}
	address := q.address("/teammates/"+id, "teammate", "")
	page := h.page(address)
	if !m.some && len(happy) == 0 {
		if !strings.Contains(words(page.Find("main")), "Nothing of "+h.called(id)+" here") {
			h.Fatalf("%s: there is nothing to show, but the page says %s", address, words(page.Find("main")))
		}
		return
	}
	h.compareMateTiles(address, q, m, c, page)
	h.compareTrend(address, q, page, h.trendOf(q, func(f models.Filter) plain.Figures { return h.plain.FiguresOf(f, "", true, false) }))
	if again(c.now) == 0 {
		if text := "No conversation of this range was rated again after the work of " + h.called(id) + "."; !strings.Contains(said(card(page, "matrix")), text) {
			h.Fatalf("%s: there are no pairs, but the matrix says %s", address, words(card(page, "matrix")))
		}
	} else {
		h.drawn(address+" matrix", chart.MatrixChart(h.matrixOf(q, c)), card(page, "matrix").Find("figure"))
	}
	recovered := h.fitting(models.RatingFilter{Filter: q.now, Outcome: models.HasRecovered})
	h.listed(address+" recovered", recovered[:min(len(recovered), 5)], card(page, "recovered"))
	text := "No customer with a low first rating has answered again here after their work."
	if p := m.now["recovered"]; p.n > 0 {
		text = "Of " + nouns(p.n, "low first rating that was", "low first ratings that were") + " answered again after their work, " + p.count() +
			map[bool]string{true: " is", false: " are"}[p.of == 1] + " positive now."
	}
	if got := said(card(page, "recovered").Find("p").First()); got != text {
		h.Fatalf("%s says %q, want %q", address, got, text)
	}
	var want, got []string
	for _, r := range happy[:min(len(happy), 12)] {
		want = append(want, "/ratings/"+r.ID)
	}
	page.Find(`.happy a:contains("Details")`).Each(func(_ int, link *goquery.Selection) { got = append(got, link.AttrOr("href", "")) })
	if diff := godiff.Diff(want, got); diff != "" {
		h.Fatalf("%s: happy remarks (-want +got)\n%s", address, diff)
	}
}

func rapidMate(h *figuresWorld) string { return h.one("own page", h.mates...) }

func (h *figuresWorld) compareMateTiles(address string, q figuresQuery, m mateFigures, c tallied, page *goquery.Document) {
	h.Helper()
	tiles := page.Find(".tiles .tile")
	if tiles.Length() != 5 {
		h.Fatalf("%s: there are %d tiles", address, tiles.Length())
	}
	for i, tile := range []struct {
		name, of  string
		target    float64
		one, many string
	}{
		{"CSAT, first ratings", "first", h.set.Target, "conversation", "conversations"},
		{tileName(q.policy), "counted", h.set.Target, "conversation", "conversations"},
		{"Recovered by", "recovered", 0, "answered again", "answered again"},
		{"Response rate", "response", 0, "request sent", "requests sent"},
	} {
		now := m.now[tile.of]
		want := h.tileOf(tile.name, now.value(), now, m.before[tile.of], c.compared, false, tile.target, tile.one, tile.many)
		if against := now.aimed(tile.target); against != "" {
			want += " " + strings.ToUpper(against[:1]) + against[1:] + ": " + percent(tile.target)
		}
		h.same(address, want, tiles.Eq(i))
	}
	h.same(address, waitingTile(c), tiles.Eq(4))
}
