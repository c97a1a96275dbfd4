package handlers_test

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	godiff "github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest/plain"
	"rerate/views/chart"
	"rerate/views/ui"
)

// same wants a text of a page.
func (h *figuresWorld) same(where, want string, got *goquery.Selection) {
	h.Helper()
	if got := said(got); got != want {
		h.Fatalf("%s says\n\t%s\nbut by plain counting\n\t%s", where, got, want)
	}
}

// card is a part of a page by the id of its heading.
func card(page *goquery.Document, id string) *goquery.Selection { return page.Find("#" + id).Parent() }

// compareOverview holds the overview against plain counting.
func (h *figuresWorld) compareOverview(q figuresQuery) {
	h.Helper()
	address := q.address("/")
	page, c := h.page(address), h.count(q)
	newest := h.fitting(models.RatingFilter{Filter: q.now})
	if c.now.Rated == 0 && c.asks["sent"] == 0 && len(newest) == 0 {
		if !strings.Contains(words(page.Find("main")), "No ratings match this filter") {
			h.Fatalf("%s: there is nothing to show, but the page says %s", address, words(page.Find("main")))
		}
		return
	}
	live := "Results updated: " + nouns(c.now.Rated, "conversation", "conversations") + " rated from "
	if got := page.Find("#report").AttrOr("data-said", ""); !strings.HasPrefix(got, live) {
		h.Fatalf("%s: %q is said, want %q", address, got, live)
	}
	recoverers := h.recoverers(q)
	h.same(address+" does it work", h.doesItWork(q, c), card(page, "does-it-work"))
	h.same(address+" who recovers", h.whoRecovers(c, recoverers), card(page, "who-recovers"))
	h.same(address+" what to do", whatToDo(c), card(page, "what-to-do"))
	h.compareTiles(address, q, c, page)
	h.same(address+" closes", closes(c), page.Find(".tiles + p"))
	h.same(address+" recovery", h.recoveryCard(c), card(page, "recovery"))
	h.same(address+" policies", h.policiesCard(q, c), card(page, "policies"))
	h.same(address+" recoverers", h.recoverersCard(recoverers), card(page, "recoverers"))
	h.compareTrend(address, q, page, h.trendOf(q, func(f models.Filter) plain.Figures { return h.plain.Figures(f, "") }))
	h.compareMatrix(address, q, c, page)
	h.compareNewest(address, q, c, page, newest)
}

// csat is the share of positive conversations.
func csat(f plain.Figures, policy rating.Policy) part { return part{f.Positive[policy], f.Rated} }

func (h *figuresWorld) doesItWork(q figuresQuery, c tallied) string {
	better, worse, pairs := c.now.Sums["better"], c.now.Sums["worse"], again(c.now)
	verdict := direction(better, worse, pairs)
	text := "Does asking again work? " + map[string]string{
		"up": "Yes, more ratings go up than down.", "down": "No, more ratings go down than up.", "chance": "No clear direction.",
		"few": "Too few to tell.", "none": "Nothing to compare yet.",
	}[verdict] + " "
	switch pairs {
	case 0:
		text += "No conversation of this range has been rated more than once."
	default:
		text += fmt.Sprintf("Of %s rated more than once, %s went up, %s went down and %s stayed the same", nouns(pairs, "conversation", "conversations"),
			number(better), number(worse), number(c.now.Sums["same"]))
		if verdict == "few" {
			text += ". Ten that moved are the least to go by."
		} else {
			text += ": " + sureness[verdict] + "."
		}
	}
	by := csat(c.now, q.policy).share() - csat(c.now, "first").share()
	switch {
	case c.now.Rated == 0:
	case q.policy == "first":
		text += " You count the first rating, so asking again leaves CSAT as it is."
	case absPoints(by) == "0.0":
		text += " Counting the " + countedName(q.policy) + ", not the first, leaves CSAT as it is."
	case by < 0:
		text += " Counting the " + countedName(q.policy) + ", not the first, lowers CSAT by " + absPoints(by) + " points."
	default:
		text += " Counting the " + countedName(q.policy) + ", not the first, raises CSAT by " + absPoints(by) + " points."
	}
	return text
}

func countedName(policy rating.Policy) string {
	if policy == "average" {
		return "average of all ratings"
	}
	return string(policy) + " rating"
}

// recoverer is a teammate with what they recovered of what was answered after their work.
type recoverer struct {
	id string
	part
}

// recoverers are those who have anything to recover, the surest first; nobody where one is alone.
func (h *figuresWorld) recoverers(q figuresQuery) (all []recoverer) {
	if q.now.Teammate != "" {
		return nil
	}
	for _, id := range h.mates {
		f := h.plain.FiguresOf(withTeammate(q.now, id), "", false, false)
		if f.Sums["answered"] > 0 {
			all = append(all, recoverer{id, whole(f.Sums["recovered"], f.Sums["answered"])})
		}
	}
	slices.SortFunc(all, func(a, b recoverer) int {
		lowA, _ := a.bounds()
		lowB, _ := b.bounds()
		return cmp.Or(cmp.Compare(lowB, lowA), cmp.Compare(b.n, a.n), cmp.Compare(a.id, b.id))
	})
	if len(all) < 2 {
		return nil
	}
	return all
}

func withTeammate(f models.Filter, id string) models.Filter {
	f.Teammate = id
	return f
}

func (h *figuresWorld) whoRecovers(c tallied, all []recoverer) string {
	text := "Who recovers customers? "
	for _, r := range all {
		if r.n >= int64(h.set.MinSample) {
			low, _ := r.bounds()
			return text + fmt.Sprintf("%s %s recovered of %s low ratings that were rated again after their work: %s, at least %s. All teammates",
				mateName(r.id), r.count(), number(r.n), r.value(), percent(low))
		}
	}
	if n := c.now.Sums["recovered"]; n > 0 {
		return text + fmt.Sprintf("Too few to name anybody. %s recovered in all. A name stands here when one teammate has %d low ratings that were rated again, and there is another to compare with.",
			nouns(n, "customer", "customers"), h.set.MinSample)
	}
	return text + "Nobody yet. A customer has recovered when the first rating was low and the latest is positive."
}

func whatToDo(c tallied) string {
	if n := c.now.Sums["waiting"]; n > 0 {
		return "What to do today? " + nouns(n, "low rating waits", "low ratings wait") + ". Make it right, then ask again. Start with those that are ready"
	}
	return "What to do today? Nothing waits. Every low rating of this range has been followed by another ask, or is not to be."
}

// tileOf is what a tile of a share says.
func (h *figuresWorld) tileOf(name, value string, now, before part, compared, mayRise bool, target float64, one, many string) string {
	return joined(name, value, now.against(before, compared, h.set.MinSample, mayRise), now.bar(target), now.note(one, many, h.set.MinSample))
}

func tileName(policy rating.Policy) string { return "CSAT, " + string(policy) + " rating" }

func (h *figuresWorld) compareTiles(address string, q figuresQuery, c tallied, page *goquery.Document) {
	h.Helper()
	tiles := page.Find(".tiles .tile")
	if tiles.Length() != 5 {
		h.Fatalf("%s: there are %d tiles", address, tiles.Length())
	}
	for i, policy := range []rating.Policy{q.policy, "first"} {
		name := tileName(policy)
		if i == 1 {
			name = "CSAT, first ratings"
		}
		now, before := csat(c.now, policy), csat(c.before, policy)
		want := h.tileOf(name, now.value(), now, before, c.compared, false, h.set.Target, "conversation rated", "conversations rated")
		h.same(address, want, tiles.Eq(i))
	}
	low := whole(c.now.Sums["recovered"], c.now.Sums["first_negative"])
	value, more := "—", ""
	if low.n > 0 {
		value = low.count() + " of " + number(low.n) + " low"
		more = number(c.now.Sums["asked"]) + " asked again, " + number(c.now.Sums["answered"]) + " answered"
	}
	want := h.tileOf("Recovered", value, low, whole(c.before.Sums["recovered"], c.before.Sums["first_negative"]), c.compared, false, 0, "low first rating", "low first ratings")
	h.same(address, joined(want, more), tiles.Eq(2))
	h.same(address, h.responseTile(q, c), tiles.Eq(3))
	h.same(address, waitingTile(c), tiles.Eq(4))
}

func waitingTile(c tallied) string {
	text := "Low and not asked again 0"
	if low := c.now.Sums["latest_negative"]; low > 0 {
		text = "Low and not asked again " + number(c.now.Sums["waiting"]) + " of " + number(low) + " low"
	}
	if c.compared {
		text += " " + number(c.before.Sums["waiting"]) + " in the period before"
	}
	if c.now.Sums["waiting"] > 0 {
		return text + " A to-do: make it right, then ask again."
	}
	return text + " Nothing to do."
}

func (h *figuresWorld) responseTile(q figuresQuery, c tallied) string {
	if c.ofAnswers {
		return "Response rate — Requests have no score, change or remark, so under this filter they cannot be counted. Take these filters away"
	}
	now, before := whole(c.asks["rated"], c.asks["sent"]), whole(c.asksBefore["rated"], c.asksBefore["sent"])
	window := 7 * 24 * time.Hour
	if hours := h.set.Windows.RateHours; hours > 0 {
		window = time.Duration(hours) * time.Hour
	}
	// A day's requests have had all their time when the window's length ago it was a later day.
	ripe := addDays(h.plain.Day(h.now.Add(-window)), -1)
	mayRise := now.n > 0 && ripe < string(q.now.Range.To)
	text := h.tileOf("Response rate", now.value(), now, before, c.compared, mayRise, 0, "request sent", "requests sent")
	if now.n > 0 {
		for _, kind := range []struct {
			name string
			part part
		}{
			{"First asks", whole(c.asks["rated"]-c.asks["rated_again"], c.asks["sent"]-c.asks["sent_again"])},
			{"Asks again", whole(c.asks["rated_again"], c.asks["sent_again"])},
		} {
			if kind.part.n == 0 {
				text += " " + kind.name + ": none"
				continue
			}
			text += " " + kind.name + ": " + kind.part.value() + ", " + kind.part.count() + " of " + number(kind.part.n)
		}
	}
	switch {
	case mayRise && ripe < string(q.now.Range.From):
		text += " May still rise: all these requests can still be answered."
	case mayRise:
		text += " May still rise: requests after " + inWords(ripe, "2 January") + " can still be answered."
	}
	return text
}

func closes(c tallied) string {
	closed, asked := c.asks["closed"], c.asks["asked"]
	if closed == 0 {
		return ""
	}
	text := fmt.Sprintf("Of %s of this range %s were asked about (%s).", nouns(closed, "close", "closes"), number(asked), whole(asked, closed).value())
	if asked < closed {
		text += " The ledger says why the others were not."
	}
	return text
}

// row is a line of a table: a name, how many of how many, and the share with its interval.
func row(name string, p part) string {
	if p.n == 0 {
		return name + " — —"
	}
	return name + " " + p.count() + " of " + number(p.n) + " " + p.value() + " (" + p.interval() + ") " + p.bar(0)
}

func (h *figuresWorld) recoveryCard(c tallied) string {
	sums := c.now.Sums
	low, asked, answered := sums["first_negative"], whole(sums["asked"], sums["first_negative"]), whole(sums["answered"], sums["first_negative"])
	back, ofAnswers := whole(sums["recovered"], low), whole(sums["recovered"], sums["answered"])
	text := "What becomes of a low rating"
	if low == 0 {
		text += " No first rating of this range is low, so there is nobody to recover."
	} else {
		text += fmt.Sprintf(" %s · %s asked again · %s rated again (%s)", nouns(low, "low first rating", "low first ratings"), asked.count(), answered.count(), answered.value())
		if answered.of > 0 {
			text += fmt.Sprintf(" · %s now positive = %s of answers (%s), %s of all low ratings", back.count(), ofAnswers.value(), ofAnswers.interval(), back.value())
		}
		text += fmt.Sprintf(". Low first rating %s Low first rating 100 %% Asked again %s Asked again %s Rated again %s Rated again %s Positive now %s Positive now %s",
			number(low), asked.count(), asked.value(), answered.count(), answered.value(), back.count(), back.value())
		text += " Per cent of all low first ratings. A customer may rate again without having been asked."
		if answered.of > 0 {
			withReply, alone := whole(sums["recovered_with_reply"], sums["answered_with_reply"]), whole(sums["recovered_alone"], sums["answered_alone"])
			text += " What would have happened anyway? Between the ratings Positive now Share, 95 % interval " + row("A teammate replied", withReply) + " " +
				row("Nobody replied", alone) + " " + baseline(withReply, alone)
			if unknown := sums["answered"] - withReply.n - alone.n; unknown > 0 {
				text += " Of " + number(unknown) + " more it is not known."
			}
		}
	}
	pairs, lost := again(c.now), whole(sums["lost"], sums["first_positive_again"])
	if lost.n == 0 && pairs == 0 {
		return text
	}
	text += " And the other way"
	if lost.n > 0 {
		text += fmt.Sprintf(" %s of %s that were rated again are not positive any more: %s (%s).", lost.count(),
			nouns(lost.n, "positive first rating", "positive first ratings"), lost.value(), lost.interval())
	}
	if pairs > 0 {
		gone := direction(sums["gained"], sums["lost"], pairs)
		text += fmt.Sprintf(" All rated again: %s became positive, %s ceased to be – %s.", number(sums["gained"]), number(sums["lost"]), sureness[gone])
		if gone != "few" {
			_, i, _ := stats.PairedChange(int(sums["gained"]), int(sums["lost"]), int(pairs))
			by := float64(sums["gained"]-sums["lost"]) / float64(pairs)
			text += fmt.Sprintf(" Together %s points (%s to %s).", points(by), points(i.Low), points(i.High))
		}
	}
	return text
}

// baseline says what would have happened anyway.
func baseline(withReply, alone part) string {
	const anyway = "who was very unhappy once is seldom so twice"
	by, low, high, isClear := withReply.moved(alone)
	switch {
	case withReply.n == 0 && alone.n == 0:
		return "Part of this rise is expected anyway: " + anyway + ", whatever a team does. Nothing is known yet of whether a teammate replied in between, so there is nothing to hold it against."
	case withReply.n < 10 || alone.n < 10:
		return "Part of this rise is expected anyway: " + anyway + ", whatever a team does. There are too few of either kind to tell how much."
	case isClear && by > 0:
		return fmt.Sprintf("More come back after a reply: %s points (%s to %s). Those who come back without one are what to expect anyway.", absPoints(by), points(low), points(high))
	case isClear:
		return fmt.Sprintf("%s points fewer come back after a reply (%s to %s). Replies may go where things are worst, but they do not show in the ratings.", absPoints(by), points(low), points(high))
	}
	return fmt.Sprintf("No clear difference (%s points, %s to %s): part of this rise is expected anyway, for %s.", points(by), points(low), points(high), anyway)
}

func (h *figuresWorld) policiesCard(q figuresQuery, c tallied) string {
	text := "The same conversations under every policy "
	if c.now.Rated == 0 {
		return text + "No conversation of this range is rated."
	}
	counted, first := csat(c.now, q.policy), csat(c.now, "first")
	if q.policy == "first" {
		text += "You count the first rating, so there is no re-rating effect. Counting another would give:"
	} else {
		text += fmt.Sprintf("Re-rating effect: %s points. %s by the %s, %s by first ratings.", points(effect(counted, first)), counted.value(), countedName(q.policy), first.value())
	}
	text += " What counts CSAT, 95 % interval Re-rating effect"
	for _, policy := range []rating.Policy{"first", "latest", "average", "best", "worst"} {
		name := countedName(policy)
		p := csat(c.now, policy)
		text += " " + strings.ToUpper(name[:1]) + name[1:]
		switch policy {
		case q.policy:
			text += " in force here"
		case h.set.Policy:
			text += " your setting"
		}
		text += " " + p.value() + " (" + p.interval() + ") " + p.bar(h.set.Target) + " "
		if policy == "first" {
			text += "—"
		} else {
			text += points(effect(p, first)) + " points"
		}
	}
	text += " All of the same " + nouns(c.now.Rated, "conversation", "conversations") + "."
	if h.set.Target > 0 {
		text += " The tick is the target, " + percent(h.set.Target) + "."
	}
	return text
}

func (h *figuresWorld) recoverersCard(all []recoverer) string {
	if len(all) == 0 {
		return ""
	}
	text := "Who recovers customers Low first ratings that were rated again, by who worked since. First come those whose share is surely high: the order is by the lower end of the interval." +
		" Teammate Recovered Share, 95 % interval"
	for _, r := range all {
		text += " " + row(mateName(r.id), r.part)
	}
	return text + fmt.Sprintf(" Fewer than %d are grey: too few to rely on. The first rating stays with who worked before it. All teammates", h.set.MinSample)
}

// trendOf is the course of time, counted plainly bucket by bucket.
func (h *figuresWorld) trendOf(q figuresQuery, first func(models.Filter) plain.Figures) chart.Trend {
	t := chart.Trend{MinSample: h.set.MinSample, Target: h.set.Target}
	buckets, _ := h.buckets(q)
	for _, b := range buckets {
		f := over(q.now, b.from, b.to)
		drawn := chart.Bucket{Label: b.label, Title: b.title, Unfinished: b.unfinished, Counted: csat(h.plain.Figures(f, ""), q.policy).point(), First: csat(first(f), "first").point()}
		if drawn.Counted.N > 0 {
			drawn.Href = q.rows("/ratings", "days", "", "from", b.from, "to", b.to, "outcome", "rated")
		}
		if q.before != nil {
			drawn.Previous = csat(h.plain.Figures(over(q.now, q.back(b.from), q.back(b.to)), ""), q.policy).point()
		}
		t.Buckets = append(t.Buckets, drawn)
	}
	return t
}

func (p part) point() chart.Point {
	if p.n == 0 {
		return chart.Point{}
	}
	low, high := p.bounds()
	return chart.Point{N: int(p.n), Score: p.share(), Low: low, High: high}
}

// compareTrend holds a trend against one: its table cell by cell, and all that is drawn and said of it.
func (h *figuresWorld) compareTrend(address string, q figuresQuery, page *goquery.Document, want chart.Trend) {
	h.Helper()
	_, grain := h.buckets(q)
	trend := card(page, "trend")
	if title := words(trend.Find("#trend")); !strings.HasSuffix(title, ", by "+grain) {
		h.Fatalf("%s: the trend is %q, want it by %s", address, title, grain)
	}
	compared := slices.ContainsFunc(want.Buckets, func(b chart.Bucket) bool { return b.Previous.N > 0 })
	rows := trend.Find("tbody tr")
	if rows.Length() != len(want.Buckets) {
		h.Fatalf("%s: the trend has %d rows, want %d", address, rows.Length(), len(want.Buckets))
	}
	for i, b := range want.Buckets {
		text := b.Title
		if b.Unfinished {
			text += " (not over yet)"
		}
		points := []chart.Point{b.Counted, b.First}
		if compared {
			points = append(points, b.Previous)
		}
		for _, p := range points {
			if p.N == 0 {
				text += " — — 0"
				continue
			}
			of := part{p.Score * float64(p.N), int64(p.N)}
			text += " " + of.value() + " " + of.interval() + " " + number(of.n)
		}
		h.same(address+" trend", text, rows.Eq(i))
	}
	h.drawn(address+" trend", chart.TrendChart("trend-chart", want), trend.Find("figure"))
}

// drawn wants a chart as it is drawn of plainly counted figures.
func (h *figuresWorld) drawn(where string, want templ.Component, got *goquery.Selection) {
	h.Helper()
	var text strings.Builder
	if err := want.Render(ctx, &text); err != nil {
		h.Fatal(err)
	}
	parsed, err := goquery.NewDocumentFromReader(strings.NewReader(text.String()))
	if err != nil {
		h.Fatal(err)
	}
	lines := func(s *goquery.Selection) []string {
		code, err := goquery.OuterHtml(s)
		if err != nil {
			h.Fatal(err)
		}
		return strings.Split(code, "<")
	}
	if diff := godiff.Diff(lines(parsed.Find("body").Children()), lines(got)); diff != "" {
		h.Fatalf("%s is not drawn as plain counting has it (-want +got)\n%s", where, diff)
	}
}

// compareMatrix holds the field of pairs and the distribution against plain counting.
func (h *figuresWorld) compareMatrix(address string, q figuresQuery, c tallied, page *goquery.Document) {
	h.Helper()
	want := h.matrixOf(q, c)
	if again(c.now) == 0 {
		if text := words(card(page, "matrix")); !strings.Contains(text, "The table fills when a customer rates again.") || page.Find("#spread").Length() > 0 {
			h.Fatalf("%s: there are no pairs, but the matrix says %s", address, text)
		}
		return
	}
	h.drawn(address+" matrix", chart.MatrixChart(want), card(page, "matrix").Find("figure"))
	first := chart.DistributionRow{Label: "Before: first rating", Hrefs: want.FirstHrefs}
	latest := chart.DistributionRow{Label: "After: latest rating", Hrefs: want.LatestHrefs}
	counts := c.now.Matrix(len(want.Scale))
	for i := range counts {
		begun, ended := int64(0), int64(0)
		for j := range counts {
			begun, ended = begun+counts[i][j], ended+counts[j][i]
		}
		first.Counts, latest.Counts = append(first.Counts, int(begun)), append(latest.Counts, int(ended))
	}
	h.drawn(address+" spread", chart.DistributionChart("spread-chart", chart.Distribution{Scale: want.Scale, Rows: []chart.DistributionRow{first, latest}}),
		card(page, "spread").Find("figure"))
}

// matrixOf is the field of pairs by score, and by sentiment where that is less.
func (h *figuresWorld) matrixOf(q figuresQuery, c tallied) chart.Matrix {
	size := len(h.wording.Options)
	counts := c.now.Matrix(size)
	field := func(scale []ui.Score, runs [][]int) chart.Matrix {
		m := chart.Matrix{Scale: scale}
		name := func(run []int) string {
			if len(run) == 1 {
				return strconv.Itoa(run[0])
			}
			return fmt.Sprintf("%d-%d", run[0], run[len(run)-1])
		}
		for _, first := range runs {
			var cells []chart.MatrixCell
			for _, latest := range runs {
				cell := chart.MatrixCell{Href: q.rows("/ratings", "first", name(first), "latest", name(latest))}
				for _, i := range first {
					for _, j := range latest {
						cell.Count += int(counts[i-1][j-1])
					}
				}
				cells = append(cells, cell)
			}
			m.Cells = append(m.Cells, cells)
			m.FirstHrefs = append(m.FirstHrefs, q.rows("/ratings", "first", name(first)))
			m.LatestHrefs = append(m.LatestHrefs, q.rows("/ratings", "latest", name(first)))
		}
		return m
	}
	var scale []ui.Score
	var each [][]int
	for i, o := range h.wording.Options {
		scale, each = append(scale, ui.Score{Value: i + 1, Emoji: o.Emoji, Label: o.Label}), append(each, []int{i + 1})
	}
	m := field(scale, each)
	if size < 5 {
		return m
	}
	var names []ui.Score
	var runs [][]int
	for n, sentiment := range []rating.Sentiment{"negative", "neutral", "positive"} {
		name := ui.Score{Value: n + 1, Label: []string{"Low", "Neutral", "Positive"}[n]}
		var run []int
		for score := 1; score <= size; score++ {
			if sentimentOf(score, size) == sentiment {
				run, name.Emoji = append(run, score), name.Emoji+h.wording.Options[score-1].Emoji
			}
		}
		names, runs = append(names, name), append(runs, run)
	}
	sentiments := field(names, runs)
	m.Sentiments = &sentiments
	return m
}

// fitting are the ratings that a list narrowed so holds, newest first.
func (h *figuresWorld) fitting(f models.RatingFilter) (all []models.Rating) {
	for _, r := range h.plain.Ratings {
		if h.plain.Fits(f, r) {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b models.Rating) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return all
}

// compareNewest holds the lists of the overview against plain reading.
func (h *figuresWorld) compareNewest(address string, q figuresQuery, c tallied, page *goquery.Document, newest []models.Rating) {
	h.Helper()
	low := h.fitting(models.RatingFilter{Filter: q.now, Outcome: models.LatestLow})
	h.listed(address+" newest", newest[:min(len(newest), 8)], card(page, "newest"))
	h.listed(address+" low", low[:min(len(low), 5)], card(page, "low"))
	if len(low) > 0 && !strings.Contains(words(card(page, "low")), "All "+number(c.now.Sums["latest_negative"])+" low ratings") {
		h.Fatalf("%s: the low ratings are not %d: %s", address, c.now.Sums["latest_negative"], words(card(page, "low")))
	}
	waits := h.fitting(models.RatingFilter{Filter: q.now, Outcome: models.NotAsked})
	card(page, "low").Find("tbody tr").Each(func(i int, row *goquery.Selection) {
		is := slices.ContainsFunc(waits, func(r models.Rating) bool { return r.ID == low[i].ID })
		if strings.Contains(words(row), "Not asked again") != is {
			h.Fatalf("%s: rating %s waits: %t, but its row says %s", address, low[i].ID, is, words(row))
		}
	})
}

// listed wants a table to hold ratings, each with its change.
func (h *figuresWorld) listed(where string, want []models.Rating, table *goquery.Selection) {
	h.Helper()
	var wanted, got []string
	for _, r := range want {
		wanted = append(wanted, "/ratings/"+r.ID)
	}
	table.Find(`tbody a:contains("Details")`).Each(func(_ int, link *goquery.Selection) { got = append(got, link.AttrOr("href", "")) })
	if diff := godiff.Diff(wanted, got); diff != "" {
		h.Fatalf("%s lists (-want +got)\n%s", where, diff)
	}
}
