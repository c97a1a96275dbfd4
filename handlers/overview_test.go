package handlers_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rerate/models"
)

// words are what a part of a page says, with single spaces.
func words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// tile is the figure of a name.
func tile(t *testing.T, page *goquery.Document, name string) *goquery.Selection {
	t.Helper()
	found := page.Find(".tile").FilterFunction(func(_ int, s *goquery.Selection) bool { return words(s.Find("h3")) == name })
	if found.Length() != 1 {
		t.Fatalf("%d tiles are called %q, there are %q", found.Length(), name, texts(page.Find(".tile h3")))
	}
	return found
}

func says(t *testing.T, what *goquery.Selection, all ...string) {
	t.Helper()
	got := words(what)
	for _, want := range all {
		if !strings.Contains(got, want) {
			t.Errorf("it does not say %q: %s", want, got)
		}
	}
}

func TestOverview(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		w.history()
		page := boss.page("/")
		// Of three conversations one is positive by its latest rating and one by its first.
		says(t, tile(t, page, "CSAT, latest rating"), "33 %", "3 conversations rated", "6–80 %", "Too few to rely on: fewer than 10.", "Nothing to compare with")
		says(t, tile(t, page, "CSAT, first ratings"), "33 %", "3 conversations rated")
		says(t, tile(t, page, "Recovered"), "1 of 1 low", "0 asked again, 1 answered")
		says(t, tile(t, page, "Response rate"), "—", "0 requests sent")
		says(t, tile(t, page, "Low and not asked again"), "1 of 1 low")
		says(t, page.Find(".lead"), "Too few to tell. Of 2 conversations rated more than once, 1 went up, 1 went down and 0 stayed the same.")
		href, _ := page.Find(`table.matrix a[aria-label*="from Bad to Amazing"]`).Attr("href")
		if href != "/ratings?first=2&latest=5" {
			t.Errorf("the field leads to %q", href)
		}
		if rows := texts(page.Find("#newest").Parent().Find("tbody tr")); len(rows) != 6 {
			t.Errorf("%d newest ratings, want 6: %v", len(rows), rows)
		}
		low := page.Find("#low").Parent().Find("tbody tr")
		says(t, low, "Good", "Terrible", "Worse", "Not asked again", "c2")
		if low.Length() != 1 {
			t.Errorf("%d low ratings, want 1", low.Length())
		}
		says(t, tile(t, boss.page("/?policy=best"), "CSAT, best rating"), "67 %")
		says(t, tile(t, boss.page("/?channel=email"), "CSAT, latest rating"), "1 conversation rated")
		says(t, boss.page("/?from=2020-01-01&to=2020-01-31").Find("main"), "No ratings match this filter", "1 to 31 January 2020")
		says(t, boss.page("/?teammate=none").Find("main"), "with 1 filter set", "Clear the filter")
	})
}

func TestOverviewOfOneRating(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.store(give{conversation: "101", contact: "c1", score: 5, ago: hour})
	page := boss.page("/")
	says(t, tile(t, page, "CSAT, latest rating"), "100 %", "1 conversation rated", "Too few")
	says(t, tile(t, page, "Recovered"), "—", "0 low first ratings")
	says(t, tile(t, page, "Low and not asked again"), "0", "Nothing to do.")
	says(t, page.Find(".lead"), "Nothing to compare yet.", "No conversation of this range has been rated more than once.", "leaves CSAT as it is")
	says(t, page.Find("main"), "No conversation of this range has a low latest rating.", "The table fills when a customer rates again.")
	if row := words(page.Find("#newest").Parent().Find("tbody tr")); strings.Contains(row, "First") || strings.Contains(row, "No remark") {
		t.Errorf("a plain rating says more than there is to say: %s", row)
	}
}

func TestOverviewWithoutIntercom(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	viewer := w.signIn(tomas)
	pool := must(w.db.SQL())(t)
	if _, err := pool.ExecContext(ctx, "UPDATE workspaces SET token = NULL"); err != nil {
		t.Fatal(err)
	}
	for _, who := range []*browser{boss, viewer} {
		for _, address := range []string{"/", "/ratings", "/?days=7&channel=email"} {
			says(t, who.page(address).Find("main"), "Intercom is not connected", "Connect with Intercom")
		}
	}
}

func TestViewersSeeTheSameFigures(t *testing.T) {
	w := newWorld(t)
	boss, viewer := w.signIn(jane), w.signIn(tomas)
	w.history()
	for _, address := range []string{"/", "/ratings?outcome=rated"} {
		if got, want := words(viewer.page(address).Find("#report")), words(boss.page(address).Find("#report")); got != want {
			t.Errorf("%s: a viewer sees %s, an admin %s", address, got, want)
		}
	}
}

func TestCompareCanBeSwitchedOff(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.history()
	if got := boss.page("/?compare=off"); got.Find(".change").Length() > 0 || strings.Contains(words(got.Find("#report")), "compared with") {
		t.Errorf("nothing is compared, but the page says %s", words(got.Find("#report")))
	}
	for query, want := range map[string]string{"": "compared with", "compare=weekdays": "compared with"} {
		page := boss.page("/?days=7&" + query)
		says(t, page.Find("#report"), want)
		if page.Find(".change").Length() != 4 {
			t.Errorf("%q compares %d figures", query, page.Find(".change").Length())
		}
	}
}

// A filter has one address: what is default or empty is not in it, the rest in one order; what is refused stays typed.
func TestOneAddressForAFilter(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.history()
	boss.get("/?from=&to=&channel=email&teammate=&days=90").leadsTo("/?channel=email")
	boss.get("/?policy=latest&teammate=&compare=previous").leadsTo("/")
	boss.get("/ratings?contact=&score=2&channel=email&days=7&outcome=rated").leadsTo("/ratings?days=7&channel=email&score=2&outcome=rated")
	refused := boss.page("/?from=2026-02-02&to=2026-02-01&teammate=")
	says(t, refused.Find("section"), "to “2026-02-01” was ignored: it is before 2026-02-02.")
	if refused.Find("details[open] input[name=from]").AttrOr("value", "") != "2026-02-02" || refused.Find("input[name=to]").AttrOr("value", "") != "2026-02-01" {
		t.Error("what was typed is lost")
	}
	form := boss.page("/ratings?days=30&outcome=low&latest=1&channel=email").Find("form")
	for name, want := range map[string]string{"days": "30", "outcome": "low", "latest": "1"} {
		if got := form.Find("input[name="+name+"]").AttrOr("value", ""); got != want {
			t.Errorf("the form carries %s %q, want %q", name, got, want)
		}
	}
	if pills := texts(boss.page("/ratings?outcome=low&latest=1&channel=email&remark=yes").Find(".pill")); len(pills) != 4 {
		t.Errorf("the pills are %q", pills)
	}
}

func TestStepsThroughTime(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.history()
	today := w.service.Now().UTC()
	if testStart.Day() == 1 {
		t.Fatal("choose a start that is not the first of a month")
	}
	step := func(address, id string) string {
		t.Helper()
		return boss.page(address).Find("#"+id).AttrOr("href", "")
	}
	for address, want := range map[string][2]string{
		"/":                               {"/?from=" + today.AddDate(0, 0, -179).Format("2006-01-02") + "&to=" + today.AddDate(0, 0, -90).Format("2006-01-02"), ""},
		"/?days=7":                        {"/?from=" + today.AddDate(0, 0, -13).Format("2006-01-02") + "&to=" + today.AddDate(0, 0, -7).Format("2006-01-02"), ""},
		"/?from=2020-02-01&to=2020-02-29": {"/?from=2020-01-01&to=2020-01-31", "/?from=2020-03-01&to=2020-03-31"},
		"/?from=2020-02-03&to=2020-02-04": {"/?from=2020-02-01&to=2020-02-02", "/?from=2020-02-05&to=2020-02-06"},
	} {
		if got := [2]string{step(address, "earlier"), step(address, "later")}; got != want {
			t.Errorf("from %s it steps to %q, want %q", address, got, want)
		}
	}
	if back := step(step("/?days=7", "earlier"), "later"); back != "/?days=7" {
		t.Errorf("a step back and forth leads to %q", back)
	}
	thisMonth := boss.page("/").Find("#range-this-month").AttrOr("href", "")
	if back := step(step(thisMonth, "earlier"), "later"); back != thisMonth {
		t.Errorf("from %s a step back and forth leads to %q", thisMonth, back)
	}
}

var firstNumber = regexp.MustCompile(`[\d,]+`)

// Every number of the overview leads to just so many rows, under any filter.
func TestEveryNumberOfTheOverviewLeadsToItsRows(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	if err := w.service.AddExampleData(ctx, workspace); err != nil {
		t.Fatal(err)
	}
	mate := must(w.service.Store.Tenant(workspace).CreditedTeammates(ctx))(t)[0].ID
	for _, query := range []string{"", "days=30&channel=email&policy=average", "days=365&compare=off&teammate=" + mate} {
		page := boss.page("/?" + query)
		checked, done := 0, map[string]bool{}
		page.Find(`#report a[href^="/ratings?"], #report a[href="/ratings"]`).Each(func(_ int, link *goquery.Selection) {
			href := link.AttrOr("href", "")
			text := link.AttrOr("aria-label", words(link))
			want, ok := numberOf(link, text)
			if done[href+text] || !ok {
				return
			}
			done[href+text] = true
			checked++
			if rows := boss.listed(href); rows != want {
				t.Errorf("%q: %q leads by %s to %d rows, want %d", query, text, href, rows, want)
			}
		})
		if checked < 15 {
			t.Errorf("%q: only %d numbers are links", query, checked)
		}
	}
}

// numberOf is how many rows a link of the overview promises; false for one that promises none.
func numberOf(link *goquery.Selection, text string) (int, bool) {
	tile := link.Closest(".tile")
	switch {
	case strings.Contains(text, " %, show its ratings") && strings.HasPrefix(text, "Response"):
		text = tile.Find(".explain p").Text() // "210 rated ÷ 457 sent"
	case strings.Contains(text, " %, show its ratings"):
		text = words(tile.Find(".tile-note").First())
	case link.Is(".strip"):
		_, text, _ = strings.Cut(text, ": counted ") // "85 % of 40 (71–93 %)" or "no ratings"
		if strings.HasPrefix(text, "no ratings") {
			text = "0"
		} else {
			_, text, _ = strings.Cut(text, " of ")
		}
	case link.Is(".segment"):
		_, text, _ = strings.Cut(link.Find("title").Text(), " %, ") // "12 of 40"
	case link.Closest("th").Length() > 0:
		text = link.Closest("tr").Find("td").Eq(2).Text() // rated
	}
	digits := firstNumber.FindString(text)
	n, err := strconv.Atoi(strings.ReplaceAll(digits, ",", ""))
	return n, err == nil
}

// listed is how many ratings a list says that it has.
func (b *browser) listed(href string) int {
	b.w.t.Helper()
	n, _ := strconv.Atoi(strings.ReplaceAll(firstNumber.FindString(words(b.page(href).Find("#list"))), ",", ""))
	return n
}

// countRows counts the rows of a list by its file, and holds them against what the list itself says.
func (b *browser) countRows(href string) int {
	b.w.t.Helper()
	rows := len(readCSV(b.get(strings.Replace(href, "/ratings", "/ratings.csv", 1)).is(http.StatusOK).body)) - 1
	if said := b.listed(href); said != rows {
		b.w.t.Errorf("%s says %d ratings, its file holds %d", href, said, rows)
	}
	return rows
}

// A range's rows by outcome, from the API's figures: they stay what they were.
func TestOverviewAgreesWithTheReport(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	if err := w.service.AddExampleData(ctx, workspace); err != nil {
		t.Fatal(err)
	}
	report := must(w.service.Store.Tenant(workspace).Report(ctx, wholeYear(w)))(t)
	for outcome, want := range map[models.Outcome]int64{
		models.AnyOutcome: report.Rated, models.WentBetter: report.Better, models.StayedSame: report.Same, models.WentWorse: report.Worse,
		models.FirstLow: report.FirstNegative, models.AskedAgain: report.Asked, models.Answered: report.Answered,
		models.HasRecovered: report.Recovered, models.Responded: report.Requests.Rated,
		models.RatedAgain: report.Better + report.Same + report.Worse,
	} {
		query := url.Values{"days": {"365"}, "outcome": {string(outcome)}}.Encode()
		if rows := boss.countRows("/ratings?" + query); int64(rows) != want || rows == 0 {
			t.Errorf("%s: the report says %d, the list has %d", outcome, want, rows)
		}
	}
}
