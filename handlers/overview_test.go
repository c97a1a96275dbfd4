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
		says(t, page.Find(".lead"), "Too few to tell.", "Of 2 conversations rated more than once, 1 went up, 1 went down and 0 stayed the same. Ten that moved are the least to go by.")
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
		all := boss.page(address).Find("#report")
		all.Find("form[action$='/handled'], [data-reply]").Remove() // what only an admin may do
		if got, want := words(viewer.page(address).Find("#report")), words(all); got != want {
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
	thisMonth := boss.page("/").Find("#range-month").AttrOr("href", "")
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
		page.Find(`#report a[href^="/ratings?"], #report a[href="/ratings"], #report a[href^="/ratings/waiting"]`).Each(func(_ int, link *goquery.Selection) {
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
		models.HasRecovered: report.Recovered, models.Responded: report.Asks.Rated,
		models.RatedAgain: report.Better + report.Same + report.Worse,
	} {
		query := url.Values{"days": {"365"}, "outcome": {string(outcome)}}.Encode()
		if rows := boss.countRows("/ratings?" + query); int64(rows) != want || rows == 0 {
			t.Errorf("%s: the report says %d, the list has %d", outcome, want, rows)
		}
	}
}

// The same conversations under each policy, the gap to the first ratings, and which is in force; each can be chosen.
func TestPoliciesSideBySide(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		w.history()
		rows := func(page *goquery.Document) map[string]*goquery.Selection {
			all := map[string]*goquery.Selection{}
			page.Find("#policies").Parent().Find("tbody tr").Each(func(_ int, row *goquery.Selection) { all[words(row.Find("th a"))] = row })
			return all
		}
		page := boss.page("/?compare=off&policy=best")
		says(t, page.Find("#policies").Parent(), "Re-rating effect: +33.3 points. 67 % by the best rating, 33 % by first ratings.", "All of the same 3 conversations.")
		for name, want := range map[string][3]string{ // of 2→5, 4→1 and 3
			"First rating":           {"33 %", "—", "/?policy=first&compare=off"},
			"Latest rating":          {"33 %", "0.0 points", "/?compare=off"},
			"Average of all ratings": {"33 %", "0.0 points", "/?policy=average&compare=off"},
			"Best rating":            {"67 %", "+33.3 points", "/?policy=best&compare=off"},
			"Worst rating":           {"0 %", "−33.3 points", "/?policy=worst&compare=off"},
		} {
			row := rows(page)[name]
			if row == nil {
				t.Fatalf("there is no %s", name)
			}
			says(t, row, want[0], want[1])
			if href := row.Find("th a").AttrOr("href", ""); href != want[2] {
				t.Errorf("%s leads to %s, want %s", name, href, want[2])
			}
			if current := row.Find("[aria-current]").Length() == 1; current != (name == "Best rating") {
				t.Errorf("%s is in force: %v", name, current)
			}
		}
		says(t, rows(page)["Latest rating"], "your setting")
		says(t, boss.page("/?policy=first").Find("#policies").Parent(), "there is no re-rating effect")
	})
}

// recoveries stores low first ratings, each rated again: so many after a teammate's reply, of which some are positive now,
// and the same without one.
func (w *world) recoveries(withReply, won, alone, back int) {
	w.t.Helper()
	add := func(name string, n, good int, replied models.YesNo) {
		for i := range n {
			score := 1
			if i < good {
				score = 5
			}
			id := name + strconv.Itoa(i)
			both := w.store(
				give{conversation: id, contact: "c" + id, score: 2, ago: 5 * day, teammate: jane},
				give{conversation: id, contact: "c" + id, score: score, ago: 2 * day, teammate: tomas},
			)
			if err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.SetReplied(both[1], replied) }); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	add("5", withReply, won, models.Yes)
	add("6", alone, back, models.No)
}

// What becomes of a low rating is told with what it is of, and with what would have become of it anyway.
func TestHonestRecovery(t *testing.T) {
	for name, test := range map[string]struct {
		withReply, won, alone, back int
		want                        []string
	}{
		"a clear difference": {15, 13, 12, 2, []string{
			"27 low first ratings · 0 asked again · 27 rated again (100 %) · 15 now positive = 56 % of answers (37–73 %), 56 % of all low ratings.",
			"A teammate replied 13 of 15 87 % (62–97 %)", "Nobody replied 2 of 12 17 %", "More come back after a reply: 70.0 points (+32.7 to +85.3)",
			"15 became positive, 0 ceased to be – unlikely to be chance.",
		}},
		"no clear one":   {12, 7, 10, 5, []string{"No clear difference (+8.3 points,", "part of this rise is expected anyway"}},
		"too few alone":  {12, 7, 3, 1, []string{"Part of this rise is expected anyway", "too few of either kind to tell"}},
		"too few to say": {2, 1, 0, 0, []string{"Nobody replied — —", "1 became positive, 0 ceased to be – too few to tell: fewer than 10 changed."}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			boss := w.signIn(jane)
			w.recoveries(test.withReply, test.won, test.alone, test.back)
			says(t, spaced(boss.page("/").Find("#recovery").Parent()), test.want...)
		})
	}
	w := newWorld(t)
	boss := w.signIn(jane)
	w.history()
	says(t, boss.page("/").Find("#recovery").Parent(), "Nothing is known yet of whether a teammate replied", "Of 1 more it is not known.",
		"1 of 1 positive first rating that were rated again are not positive any more")
}

// spaced is a part of a page with a space between the cells of its tables.
func spaced(s *goquery.Selection) *goquery.Selection {
	s.Find("td, th").Each(func(_ int, cell *goquery.Selection) { cell.AppendHtml(" ") })
	return s
}

// Who recovers customers: by the lower end of the interval, so one of one is not the best; alone nobody is ranked.
func TestWhoRecoversCustomers(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.recoveries(12, 9, 0, 0) // Tomáš has the latest
	says(t, boss.page("/").Find("#who-recovers").Parent(), "Too few to name anybody.", "9 customers recovered in all")
	w.store(
		give{conversation: "71", contact: "c71", score: 1, ago: 3 * day, teammate: tomas},
		give{conversation: "71", contact: "c71", score: 5, ago: day, teammate: jane},
	)
	page := boss.page("/")
	says(t, page.Find("#who-recovers").Parent(), "Tomáš Novák", "9 recovered of 12 low ratings", "75 %, at least 47 %")
	if got := texts(page.Find("#recoverers").Parent().Find("tbody th")); len(got) != 2 || got[0] != "Tomáš Novák" || got[1] != "Jane Agent" {
		t.Errorf("the order is %q", got)
	}
	if boss.page("/?teammate="+tomas).Find("#recoverers").Length() > 0 {
		t.Error("one teammate alone is ranked")
	}
}

// The trend says where rules changed and which; what changes no figure is not told.
func TestTrendSaysWhereRulesChanged(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.history()
	change := func(change func(*models.Settings)) {
		t.Helper()
		if err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
			s, err := tx.Settings()
			if err != nil {
				return err
			}
			change(&s)
			return tx.ChangeSettings(s, "Jane Agent")
		}); err != nil {
			t.Fatal(err)
		}
	}
	change(func(s *models.Settings) { s.Note = "off" })
	if marked := boss.page("/").Find(".chart-markers li"); marked.Length() > 0 {
		t.Errorf("a change of the note is marked: %s", words(marked))
	}
	change(func(s *models.Settings) { s.Ask.MinCharacters, s.Ask.Leads = 100, false })
	page := boss.page("/")
	says(t, page.Find(".chart-markers li"), "Rules", "Leads: on → off; Shortest conversation: 250 → 100 characters, "+testStart.Format("2 January"))
	if href := page.Find(".chart-markers a").AttrOr("href", ""); href != "/settings#changes" {
		t.Errorf("it leads to %q", href)
	}
	says(t, page.Find("#trend-chart-title").Parent().Parent().Find("table"), "Leads: on → off")
}

// Fields of the matrix by sentiment lead to the conversations that they count, and sum up the fields by score.
func TestMatrixBySentiment(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.recoveries(3, 2, 1, 1)
	w.history()
	field := boss.page("/").Find(`table.matrix a[aria-label*="from Low to Positive"]`)
	says(t, field, "4")
	href := field.AttrOr("href", "")
	if href != "/ratings?first=1-2&latest=4-5" || boss.countRows(href) != 4 {
		t.Errorf("it leads to %s", href)
	}
	says(t, boss.page(href).Find(".pills"), "First rating: Terrible to Bad", "Latest rating: Good to Amazing")
}
