package handlers_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rerate/models"
)

// mates are the names of the rows of a table, in their order.
func mates(page *goquery.Document, of string) []string {
	return texts(page.Find(of).Parent().Find(".mates-name > a, .mates-name > bdi"))
}

// rated stores so many first ratings of a teammate, of which so many are positive; the rest are low.
func (w *world) rated(teammate string, positive, all int) {
	w.t.Helper()
	var given []give
	for i := range all {
		score := 5
		if i >= positive {
			score = 1
		}
		given = append(given, give{conversation: fmt.Sprintf("%s-%d", teammate, i), contact: "c", score: score, ago: hour, teammate: teammate})
	}
	w.store(given...)
}

// A hundred ratings of 95 % stand before twenty of 100 %, since that may be luck; fewer than ten are not ranked.
func TestTeammatesAreSortedByTheLowerEnd(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		w.rated("20", 20, 20)
		w.rated("100", 95, 100)
		w.rated("10", 10, 10)
		w.rated("3", 3, 3)
		w.rated("9", 9, 9)
		w.store(give{conversation: "200", contact: "c", score: 4, ago: hour})
		// Of the low ratings of 100, three are recovered by 3 and one not.
		for i := range 4 {
			score := 5
			if i == 3 {
				score = 2
			}
			w.store(give{conversation: fmt.Sprint("100-", 95+i), contact: "c", score: score, teammate: "3"})
		}
		for sort, want := range map[string][]string{
			"":          {"100", "20", "10", "3", "9", "nobody", "all"},
			"name":      {"10", "100", "20", "3", "9", "nobody", "all"},
			"recovered": {"10", "100", "20", "3", "9", "nobody", "all"}, // too few of anybody
			"counted":   {"100", "20", "10", "3", "9", "nobody", "all"},
		} {
			for i, who := range want {
				if want[i] = "Name of " + who; who == "nobody" {
					want[i] = "Nobody credited"
				} else if who == "all" {
					want[i] = "All together"
				}
			}
			page := boss.page(strings.TrimSuffix("/teammates?sort="+sort, "?sort="))
			if got := mates(page, "#table"); !slices.Equal(got, want) {
				t.Errorf("sorted by %q: %q, want %q", sort, got, want)
			}
			head := page.Find(`[aria-sort="descending"], [aria-sort="ascending"]`)
			if link := head.Find("a").AttrOr("id", ""); head.Length() != 1 || link != "by-"+map[bool]string{true: "first", false: sort}[sort == ""] {
				t.Errorf("sorted by %q the head says %q", sort, words(head))
			}
		}
		page := boss.page("/teammates")
		if got := words(page.Find(".mates-few")); got != "Too few to rank: fewer than 10 first ratings" {
			t.Errorf("the few are introduced by %q", got)
		}
		cell := func(who, column string) string {
			row := page.Find("#table").Parent().Find("tr").FilterFunction(func(_ int, s *goquery.Selection) bool { return words(s.Find(".mates-name")) == who })
			return words(row.Find(`td[data-label="` + column + `"]`))
		}
		for _, c := range [][3]string{
			{"Name of 100", "First ratings", "95 % 95 of 100"},
			{"Name of 100", "Recovered by", "—"},
			{"Name of 3", "Recovered by", "75 % 3 of 4 · too few"},
			{"Name of 3", "First ratings", "100 % 3 of 3 · too few"},
			{"Name of 3", "Latest rating", "86 % 6 of 7 · too few"},
			{"Name of 100", "Low asked again", "0 % 0 of 5 · too few"},
			{"Nobody credited", "First ratings", "100 % 1 of 1 · too few"},
			{"All together", "First ratings", "97 % 138 of 143"},
		} {
			// What the bar says stands between share and counts.
			if got := cell(c[0], c[1]); !saysInOrder(got, strings.Fields(c[2])) {
				t.Errorf("%s, %s: %q, want %q", c[0], c[1], got, c[2])
			}
		}
		if got := cell("Name of 20", "First ratings"); !strings.Contains(got, "target: cannot be told yet") {
			t.Errorf("20 of 20 against 90 %%: %q", got)
		}
		if got := cell("Name of 3", "First ratings"); strings.Contains(got, "cannot be told") {
			t.Errorf("3 of 3 are held against the target: %q", got)
		}
	})
}

func saysInOrder(text string, all []string) bool {
	for _, word := range all {
		_, rest, found := strings.Cut(text, word)
		if !found {
			return false
		}
		text = rest
	}
	return true
}

// teammatesWorld has a year of example data, and ratings that nobody is credited with.
func teammatesWorld(t *testing.T) (*world, *browser) {
	w := newWorld(t)
	boss := w.signIn(jane)
	if err := w.service.AddExampleData(ctx, workspace); err != nil {
		t.Fatal(err)
	}
	w.history()
	return w, boss
}

// Every number of the table, and of each teammate's page, leads to just so many rows.
func TestEveryNumberOfTheTeammatesLeadsToItsRows(t *testing.T) {
	_, boss := teammatesWorld(t)
	address := "/teammates?days=30"
	page := boss.page(address)
	own := page.Find(".mates-name a").First().AttrOr("href", "")
	for _, address := range []string{address, "/teammates?days=90&channel=email&policy=average", own} {
		page := boss.page(address)
		checked, done := 0, map[string]bool{}
		page.Find(`.mates-of a, .tile-value a, #recovered + p + table + p a`).Each(func(_ int, link *goquery.Selection) {
			href := link.AttrOr("href", "")
			text, _, _ := strings.Cut(link.AttrOr("aria-label", words(link)), ":")
			want, err := strconv.Atoi(strings.ReplaceAll(firstNumber.FindString(text), ",", ""))
			if link.Closest(".tile").Length() > 0 {
				if strings.Contains(link.Text(), "%") {
					return // a tile's share leads to what its note counts
				}
				want, err = strconv.Atoi(firstNumber.FindString(link.Text()))
			}
			if err != nil || done[href] {
				return
			}
			done[href] = true
			checked++
			if rows := boss.listed(href); rows != want {
				t.Errorf("%s: %q leads by %s to %d rows, want %d", address, text, href, rows, want)
			}
		})
		if checked < 2 {
			t.Errorf("%s: only %d numbers are links", address, checked)
		}
	}
}

// All together is what the overview says, under any filter.
func TestTeammatesAddUpToTheOverview(t *testing.T) {
	_, boss := teammatesWorld(t)
	for _, query := range []string{"", "days=30&channel=email&policy=average", "days=365&policy=worst&compare=off"} {
		table, overview := boss.page("/teammates?"+query), boss.page("/?"+query)
		all := table.Find("#table").Parent().Find(".mates-all")
		for column, name := range map[int]string{0: "CSAT, first ratings", 1: "CSAT, ", 3: "Response rate"} {
			cell := all.Find("td[data-label]").Eq(column)
			shown := overview.Find(".tile").FilterFunction(func(_ int, s *goquery.Selection) bool {
				title := words(s.Find("h3"))
				return title == name || name == "CSAT, " && strings.HasPrefix(title, name) && title != "CSAT, first ratings"
			})
			if got, want := words(cell.Find("strong")), words(shown.Find(".tile-value")); got != want || want == "" {
				t.Errorf("%q, %s: all teammates have %q, the overview %q", query, name, got, want)
			}
			n := firstNumber.FindString(words(shown.Find(".tile-note").First()))
			if got := words(cell.Find(".mates-of")); !strings.Contains(got, "of "+n) {
				t.Errorf("%q, %s: all teammates are %q, the overview has %s", query, name, got, n)
			}
		}
	}
}

// All together are compared with everybody of the range before, also with those who have nothing in this one. These have no row.
func TestAllTogetherAreComparedWithEverybodyBefore(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.store(
		give{conversation: "1", contact: "c1", score: 1, ago: 9 * day, teammate: jane},
		give{conversation: "2", contact: "c2", score: 5, ago: 9 * day, teammate: tomas},
		give{conversation: "3", contact: "c3", score: 5, ago: day, teammate: tomas},
	)
	rows := readCSV(boss.get("/teammates.csv?days=7").is(http.StatusOK).body)
	before := slices.Index(rows[0], "first_share_before")
	if len(rows) != 3 || rows[1][1] != tomas || rows[1][before] != "1.0000" || rows[2][0] != "all" || rows[2][before] != "0.5000" {
		t.Errorf("the rows are %q", rows)
	}
}

// A page of good words alone, whose conversations are somebody else's by now, is compared as any other.
func TestOwnPageOfRemarksAloneIsCompared(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	w.store(
		give{conversation: "1", contact: "c1", score: 3, ago: 3 * day, teammate: tomas},
		give{conversation: "1", contact: "c1", score: 5, ago: 2 * day, teammate: jane, remark: "Lovely"},
		give{conversation: "1", contact: "c1", score: 4, ago: day, teammate: tomas},
	)
	page := boss.page("/teammates/" + jane + "?days=7")
	says(t, page.Find("#happy").Parent(), "Lovely")
	says(t, tile(t, page, "CSAT, first ratings"), "Nothing to compare with")
	says(t, tile(t, page, "Low and not asked again"), "0 in the period before")
	says(t, boss.page("/teammates/"+jane+"?days=7&compare=off").Find("#happy").Parent(), "Lovely")
}

// The file has the rows of the page in their order, and its counts add up.
func TestTeammatesFile(t *testing.T) {
	_, boss := teammatesWorld(t)
	const query = "?days=365&channel=chat&sort=response"
	rows := readCSV(boss.get("/teammates.csv" + query).is(http.StatusOK).body)
	column := func(name string) int { return slices.Index(rows[0], name) }
	var names []string
	sums := map[string]float64{}
	for _, row := range rows[1:] {
		name := row[column("teammate_name")]
		switch row[0] {
		case "nobody":
			name = "Nobody credited"
		case "all":
			name = "All together"
		}
		names = append(names, name)
		for _, figure := range []string{"first_positive", "first_rated", "counted_rated", "recovered", "answered", "requests_sent", "closed", "low_asked_again", "positive_rated_again"} {
			n, err := strconv.ParseFloat(row[column(figure)], 64)
			if err != nil {
				t.Fatalf("%s of %s: %v", figure, name, err)
			}
			if row[0] == "all" && n != sums[figure] {
				t.Errorf("%s: all together %v, the rows come to %v", figure, n, sums[figure])
			}
			sums[figure] += n
		}
	}
	if want := mates(boss.page("/teammates"+query), "#table"); !slices.Equal(names, want) {
		t.Errorf("the file has %q, the page %q", names, want)
	}
	if sums["recovered"] == 0 || sums["closed"] == 0 || sums["low_asked_again"] == 0 {
		t.Errorf("the sums are %v", sums)
	}
}

func TestTeammatesOwnPage(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss, viewer := w.signIn(jane), w.signIn(tomas)
		w.history()
		w.store(give{conversation: "105", contact: "c5", score: 5, ago: hour, remark: "Lovely & quick", teammate: tomas},
			give{conversation: "106", contact: "c6", score: 1, ago: hour, remark: "No.", teammate: tomas})
		mine := viewer.page("/").Find(`a.menu-item:contains("My page"), a:contains("My page")`).AttrOr("href", "")
		if mine != "/teammates/"+tomas {
			t.Fatalf("my page is %q", mine)
		}
		page := viewer.page(mine)
		says(t, tile(t, page, "CSAT, first ratings"), "50 %", "2 conversations", "Too few to rely on")
		says(t, tile(t, page, "CSAT, latest rating"), "67 %", "3 conversations")
		says(t, tile(t, page, "Recovered by"), "100 %", "1 answered again")
		says(t, tile(t, page, "Low and not asked again"), "1 of 1 low")
		says(t, page.Find("#recovered").Parent(), "Of 1 low first rating that was answered again after their work, 1 is positive now.", "Now it works, thank you!")
		if happy := texts(page.Find(".happy blockquote")); !slices.Equal(happy, []string{"Lovely & quick", "Now it works, thank you!"}) {
			t.Errorf("happy remarks are %q", happy)
		}
		file := page.Find(`#happy ~ p a[href*=".csv"]`).AttrOr("href", "")
		if rows := readCSV(viewer.get(file).is(http.StatusOK).body); len(rows) != 3 {
			t.Errorf("%s has %d rows", file, len(rows))
		}
		if you := words(viewer.page("/teammates").Find(`.mates-name:contains("You")`).First()); !strings.HasSuffix(you, "You") {
			t.Errorf("the viewer is marked as %q", you)
		}
		// Jane has the first rating of what Tomáš recovered, and nobody has the rest.
		says(t, tile(t, boss.page("/teammates/"+jane), "CSAT, first ratings"), "0 %", "1 conversation")
		for _, unknown := range []string{"/teammates/404", "/teammates/" + models.Nobody, "/teammates/%00"} {
			boss.get(unknown).is(http.StatusNotFound)
		}
		says(t, boss.page("/teammates/"+jane+"?from=2020-01-01&to=2020-01-31&channel=email").Find("main"),
			"No rating, no request and no closed conversation of 1 to 31 January 2020 belongs to", ", with 1 filter set", "Clear the filter")
	})
}

func TestTeammatesHaveOneAddress(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	says(t, boss.page("/teammates").Find("main"), "No ratings yet")
	w.history()
	boss.get("/teammates?sort=first&channel=&days=7").leadsTo("/teammates?days=7")
	boss.get("/teammates/" + jane + "?channel=&days=7").leadsTo("/teammates/" + jane + "?days=7")
	refused := boss.page("/teammates?sort=luck&teammate=1")
	says(t, refused.Find("section"), "sort “luck” was ignored: it must be name, first, counted", "“teammate” was ignored: there is no such filter.")
	form := boss.page("/teammates?sort=asked").Find("form.filter-row")
	if form.Find("input[name=sort]").AttrOr("value", "") != "asked" || form.Find("select[name=teammate]").Length() != 0 {
		t.Error("the form loses the order, or asks for a teammate")
	}
	says(t, boss.page("/ratings?teammate=nobody").Find(".pills"), "Teammate: Nobody credited")
	if rows := boss.listed("/ratings?teammate=nobody"); rows != 4 {
		t.Errorf("%d ratings are nobody's, want 4", rows)
	}
	if rows := boss.listed("/ratings?first_teammate=" + jane); rows != 1 {
		t.Errorf("%d conversations began with Jane, want 1", rows)
	}
}
