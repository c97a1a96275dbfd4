package handlers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"rerate/internal/rating"
	"rerate/models"
)

// belongs makes contacts people of a company.
func (w *world) belongs(company models.Company, contacts ...string) {
	w.t.Helper()
	err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		for _, id := range contacts {
			person := models.Contact{ID: id, Name: "Name of " + id, Email: id + "@example.com", Role: "user"}
			if err := tx.SaveProfile(models.Profile{Contact: person, Companies: []models.Company{company}}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// gave stores so many conversations of one contact, so many of which are positive; the rest are low.
func (w *world) gave(contact string, positive, all int) {
	w.t.Helper()
	var given []give
	for i := range all {
		score := 5
		if i >= positive {
			score = 1
		}
		given = append(given, give{conversation: fmt.Sprintf("%s-%d", contact, i), contact: contact, score: score, ago: hour})
	}
	w.store(given...)
}

// named are the companies of the list in their order.
func named(page *goquery.Document) []string {
	return texts(page.Find(".companies tbody .mates-name > a"))
}

// A hundred at 95 % stand before twenty at 100 %, since that may be luck; fewer than ten are not ranked by a share, but
// they are by a number.
func TestCompaniesAreSortedHonestly(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		for _, c := range []struct {
			id, name      string
			positive, all int
		}{{"k1", "Twenty", 20, 20}, {"k2", "Hundred", 95, 100}, {"k3", "Alas", 2, 30}, {"k4", "Few", 3, 3}, {"k5", "Fewer", 0, 2}} {
			w.belongs(models.Company{ID: c.id, Name: c.name, Plan: "Pro"}, "of-"+c.id)
			w.gave("of-"+c.id, c.positive, c.all)
		}
		w.gave("alone", 1, 1)
		for sort, want := range map[string]string{
			"":        "Hundred Alas Twenty Few Fewer",
			"first":   "Hundred Twenty Alas Few Fewer",
			"counted": "Hundred Twenty Alas Few Fewer",
			"unhappy": "Alas Hundred Twenty Few Fewer",
			"waiting": "Alas Hundred Fewer Few Twenty",
			"name":    "Alas Few Fewer Hundred Twenty",
		} {
			page := boss.page(strings.TrimSuffix("/companies?sort="+sort, "?sort="))
			if got := strings.Join(named(page), " "); got != want {
				t.Errorf("sorted by %q: %s, want %s", sort, got, want)
			}
			if head := page.Find(`.companies [aria-sort="descending"], .companies [aria-sort="ascending"]`); head.Length() != 1 {
				t.Errorf("sorted by %q %d heads say so", sort, head.Length())
			}
			if few := page.Find(".mates-few").Length(); few != map[bool]int{true: 1}[sort == "first" || sort == "counted" || sort == "unhappy"] {
				t.Errorf("sorted by %q there are %d groups of few", sort, few)
			}
		}
		page := boss.page("/companies")
		says(t, page.Find(".companies tfoot"), "All together", "156", "121 of 156")
		says(t, page.Find(".companies tbody tr").First(), "Hundred", "Pro", "100", "1 person", "95 of 100")
		if got := page.Find(".main-nav [aria-current]").First().Text(); strings.TrimSpace(got) != "Segments" {
			t.Errorf("the navigation marks %q", got)
		}
		if up := boss.page("/companies?sort=counted").Find("#by-counted").AttrOr("href", ""); up != "/companies?sort=unhappy" {
			t.Errorf("a second press leads to %q", up)
		}
	})
}

// The list says why it is empty.
func TestWhyThereAreNoCompanies(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	says(t, boss.page("/companies").Find("main"), "No ratings yet")
	w.history()
	says(t, boss.page("/companies").Find("main"), "No company is known yet", "Read and list users and companies")
	w.belongs(models.Company{ID: "k1", Name: "Blue Sun"}, "c1")
	says(t, boss.page("/companies?from=2020-01-01&to=2020-01-31").Find("main"), "No companies match", "Look at 12 months")
	says(t, boss.page("/companies?q=acme").Find("main"), "No such company", "acme")
	says(t, boss.page("/companies?q=blue").Find(".pills"), "Name: blue")
	if got := named(boss.page("/companies?q=LUE+S")); !slices.Equal(got, []string{"Blue Sun"}) {
		t.Errorf("found %q", got)
	}
	boss.get("/companies?sort=rated&q=&days=7").leadsTo("/companies?days=7")
	says(t, boss.page("/companies?sort=luck&cursor=x&company=k1").Find(".filter"), "sort “luck” was ignored", "cursor “x” was ignored", "“company” was ignored")
	// A company without an answer in the range is there nevertheless.
	says(t, boss.page("/companies/k1?from=2020-01-01&to=2020-01-31").Find("main"), "Nothing of Blue Sun here", "Name of c1", "Look at 12 months")
}

// Pages follow one another, each with its own rows, and the file has them all.
func TestPagesOfCompanies(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	var want []string
	for i := range 30 {
		id := fmt.Sprintf("p%02d", i)
		w.belongs(models.Company{ID: "k" + id, Name: "=Company " + id}, id)
		w.gave(id, 1, 1)
		want = append(want, "=Company "+id)
	}
	first := boss.page("/companies?sort=name")
	next := first.Find(`[rel="next"]`).AttrOr("href", "")
	second := boss.page(next)
	if got := append(named(first), named(second)...); !slices.Equal(got, want) || len(named(second)) != 5 {
		t.Errorf("the pages have %q", got)
	}
	if back := second.Find(`[rel="first"]`).AttrOr("href", ""); back != "/companies?sort=name" || second.Find(`[rel="next"]`).Length() != 0 {
		t.Errorf("the second page leads back to %q", back)
	}
	says(t, second.Find("#table"), "26 to 30 of 30 companies")
	rows := readCSV(boss.get(second.Find(`a[href^="/companies.csv"]`).AttrOr("href", "")).is(http.StatusOK).body)
	if len(rows) != 32 || rows[1][2] != "'=Company p00" || rows[31][0] != "all" {
		t.Errorf("the file has %d lines, the first is %q, the last %q", len(rows), rows[1], rows[len(rows)-1])
	}
}

// companiesWorld has a year of example data, and ratings of people without a company.
func companiesWorld(t *testing.T) (*world, *browser) {
	w := newWorld(t)
	boss := w.signIn(jane)
	if err := w.service.AddExampleData(ctx, workspace); err != nil {
		t.Fatal(err)
	}
	w.history()
	return w, boss
}

// Every number of the list leads to just so many rows, and the company's page says the same.
func TestEveryNumberOfTheCompaniesLeadsToItsRows(t *testing.T) {
	_, boss := companiesWorld(t)
	for _, address := range []string{"/companies?days=30", "/companies?channel=email&policy=average&sort=waiting"} {
		page := boss.page(address)
		checked := 0
		page.Find(".companies td a").Each(func(_ int, link *goquery.Selection) {
			href := link.AttrOr("href", "")
			want, err := strconv.Atoi(strings.ReplaceAll(firstNumber.FindString(link.Text()), ",", ""))
			if err != nil || checked > 40 {
				return
			}
			checked++
			if got := countedRows(t, boss, href); got != want {
				t.Errorf("%s: %q leads to %d rows at %s", address, link.AttrOr("aria-label", ""), got, href)
			}
		})
		if checked < 30 {
			t.Errorf("%s: only %d numbers lead anywhere", address, checked)
		}
		page.Find(".companies tbody tr").Slice(0, 4).Each(func(_ int, row *goquery.Selection) {
			own := boss.page(row.Find(".mates-name a").AttrOr("href", ""))
			if got, want := words(tile(t, own, "CSAT, first ratings").Find(".tile-value")), words(row.Find(`td[data-label="First ratings"] strong`)); got != want {
				t.Errorf("%s: the company's page says %q, the list %q", words(row.Find("a").First()), got, want)
			}
			if want := words(row.Find(`td[data-label="Waiting"]`)); !strings.HasPrefix(words(tile(t, own, "Low and not asked again").Find(".tile-value")), want) {
				t.Errorf("%s: the company's page does not say that %s wait", words(row.Find("a").First()), want)
			}
		})
	}
}

// countedRows is how many rows an address lists, by its file or, of what waits, by its tab.
func countedRows(t *testing.T, b *browser, href string) int {
	t.Helper()
	if strings.HasPrefix(href, "/ratings/waiting") {
		n, err := strconv.Atoi(words(b.page(href).Find(".tab-row [aria-current] span")))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return len(readCSV(b.get(strings.Replace(href, "/ratings", "/ratings.csv", 1)).is(http.StatusOK).body)) - 1
}

// The file has the rows of the page in their order, with its figures.
func TestCompaniesFile(t *testing.T) {
	_, boss := companiesWorld(t)
	const query = "?days=365&channel=chat&sort=counted"
	rows := readCSV(boss.get("/companies.csv" + query).is(http.StatusOK).body)
	column := func(name string) int { return slices.Index(rows[0], name) }
	if sorted := slices.Sorted(slices.Values(rows[0])); len(slices.Compact(sorted)) != len(rows[0]) {
		t.Errorf("a column stands twice: %q", rows[0])
	}
	page := boss.page("/companies" + query)
	var names []string
	for i, row := range rows[1 : len(rows)-1] {
		names = append(names, row[column("company_name")])
		shown := page.Find(".companies tbody tr:not(.mates-few)").Eq(i)
		says(t, shown, row[column("plan")], row[column("counted_positive")]+" of "+row[column("rated")])
		if low := row[column("low_first")]; low != "0" {
			says(t, shown, row[column("recovered")]+" of "+low)
		}
	}
	if want := named(page); !slices.Equal(names, want) || len(names) < 12 {
		t.Errorf("the file has %q, the page %q", names, want)
	}
	last := rows[len(rows)-1]
	if last[0] != "all" || last[column("people")] != "" || last[column("rated")] != strings.ReplaceAll(words(page.Find("tfoot td strong").First()), ",", "") {
		t.Errorf("the last line is %q", last)
	}
}

// Everybody may look; nobody sees another workspace's.
func TestACompanyIsItsWorkspacesOwn(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss, viewer := w.signIn(jane), w.signIn(tomas)
		w.history()
		w.belongs(models.Company{ID: "k1", Name: "Blue Sun", Plan: "Pro", Size: 40, Attributes: map[string]any{"vip": true}}, "c1", "c9")
		if err := w.db.Tenant("theirs").Write(ctx, func(tx *models.Tx) error {
			if err := tx.Install(models.Workspace{Name: "Theirs", Region: "US", Token: []byte("sealed"), InstallerID: "1", Settings: rating.DefaultSettings()}); err != nil {
				return err
			}
			return tx.SaveProfile(models.Profile{Contact: models.Contact{ID: "c1"}, Companies: []models.Company{{ID: "k2", Name: "Secret"}}})
		}); err != nil {
			t.Fatal(err)
		}
		for _, b := range []*browser{boss, viewer} {
			page := b.page("/companies/k1")
			says(t, page.Find("main"), "Blue Sun", "What Intercom knows", "Pro", "40 employees", "vip", "yes", "2 people known", "Name of c1", "none in this range", "Now it works, thank you!")
			if all := page.Find(`a:contains("All ratings of this company")`).AttrOr("href", ""); all != "/ratings?company=k1" {
				t.Errorf("all its ratings are at %q", all)
			}
			says(t, b.page("/ratings?company=k1").Find("main"), "Blue Sun")
			b.get("/companies/k2").is(http.StatusNotFound)
			b.get("/companies/%00").is(http.StatusNotFound)
		}
		if got := named(boss.page("/companies")); !slices.Equal(got, []string{"Blue Sun"}) {
			t.Errorf("the companies are %q", got)
		}
	})
}

// Beside a rating stands what Intercom knows of who gave it.
func TestTheCustomerBesideARating(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss, viewer := w.signIn(jane), w.signIn(tomas)
		given := w.history()
		says(t, boss.page("/ratings/"+given[1].ID).Find("#customer").Parent(), "Intercom has not told anything of this person yet")
		seen := testStart.Add(-72 * time.Hour)
		attributes := map[string]any{
			"plan": "Gold", "vip": false, "seats": 12.5, "renews_at": 1772000000.0, "orders": 1772000000.0, "note": "<script>alert(1)</script>", "empty": "", "Long": strings.Repeat("Donau", 99),
		}
		err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
			err := tx.SaveProfile(models.Profile{
				Contact: models.Contact{
					ID: "c1", Name: "Zoë <b>", Email: "zoe@example.com", Role: "lead", Locale: "pt-BR", Location: "Porto, Portugal", LastSeenAt: &seen, Unsubscribed: true, Attributes: attributes,
				},
				Companies: []models.Company{{ID: "k1", Name: "Blue Sun", Plan: "Pro", Size: 1}},
				Events: []models.ContactEvent{
					{Name: "placed-order", Count: 1, LastAt: &seen}, {Name: "e2", Count: 2}, {Name: "e3", Count: 3}, {Name: "e4", Count: 4}, {Name: "e5", Count: 5}, {Name: "e6", Count: 1200},
				},
			})
			if err != nil {
				return err
			}
			in, err := tx.SaveSegment(models.Segment{Name: "Gold people", Channel: models.InApp}, jane)
			if err != nil {
				return err
			}
			_, err = tx.EnterSegment(in.ID, "c1")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range []*browser{boss, viewer} {
			card := b.page("/ratings/" + given[1].ID).Find("#customer").Parent()
			says(t, card, "Zoë <b>", "zoe@example.com", "Lead", "pt-BR", "Porto, Portugal", "does not want it", "Blue Sun", "Pro", "1 employee",
				"<script>alert(1)</script>", "2 more attributes", "1 more event", "Gold people", "Read from Intercom just now")
			for name, want := range map[string]string{
				"plan": "Gold", "vip": "no", "seats": "12.5", "renews at": "25 Feb 06:13", "orders": "1772000000", "empty": "empty",
				"placed-order": "once · last 27 Feb 09:00", "e6": "1,200 times",
			} {
				value := card.Find(".known dt").FilterFunction(func(_ int, dt *goquery.Selection) bool { return words(dt) == name }).Next()
				if got := words(value); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if company := card.Find(`a:contains("Blue Sun")`).AttrOr("href", ""); company != "/companies/k1?days=365" {
				t.Errorf("the company is at %q", company)
			}
			if profile := card.Find(`a:contains("Profile in Intercom")`).AttrOr("href", ""); profile != w.intercomAt+"/a/apps/"+workspace+"/users/c1" {
				t.Errorf("the profile is at %q", profile)
			}
			if strings.Contains(words(card), strings.Repeat("Donau", 60)) {
				t.Error("a long value is not cut")
			}
			b.page(card.Find(`a:contains("Gold people")`).AttrOr("href", ""))
			b.page(card.Find(`a:contains("All ratings of this person")`).AttrOr("href", ""))
		}
	})
}

// Two hundred and fifty attributes of any length do not make the page long.
func TestVeryManyAttributes(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	given := w.history()
	bare := len(boss.get("/ratings/" + given[1].ID).body)
	all := map[string]any{}
	for i := range 250 {
		all[fmt.Sprintf("%03d %s", i, strings.Repeat("“&", 200))] = strings.Repeat(`<"&>`, 120)
	}
	w.belongsWith(models.Contact{ID: "c1", Attributes: all})
	page := boss.get("/ratings/" + given[1].ID).is(http.StatusOK)
	if grown := len(page.body) - bare; grown > 40_000 || grown < 10_000 {
		t.Errorf("the page grew by %d bytes", grown)
	}
	says(t, boss.page("/ratings/"+given[1].ID).Find("#customer").Parent(), "244 more attributes", "too long to stand here")
}

func (w *world) belongsWith(contact models.Contact) {
	w.t.Helper()
	if err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.SaveProfile(models.Profile{Contact: contact}) }); err != nil {
		w.t.Fatal(err)
	}
}

// Who is gone or erased is not described, and the card says why.
func TestTheCardOfWhoIsGone(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	given := w.history()
	w.belongs(models.Company{ID: "k1", Name: "Blue Sun"}, "c1", "c2")
	card := func(r models.Rating) *goquery.Selection {
		return boss.page("/ratings/" + r.ID).Find("#customer").Parent()
	}
	err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		if _, err := tx.ContactGone("c1", ""); err != nil {
			return err
		}
		return tx.EraseContact("c2")
	})
	if err != nil {
		t.Fatal(err)
	}
	says(t, card(given[1]), "Intercom does not have this person any more")
	says(t, card(given[3]), "This person was erased")
	for _, r := range []models.Rating{given[1], given[3]} {
		if text := words(card(r)); strings.Contains(text, "Blue Sun") || strings.Contains(text, "Profile in Intercom") {
			t.Errorf("the card says %q", text)
		}
	}
	boss.get("/companies/k1").is(http.StatusNotFound) // nobody belongs to it any more
}

// The list under a filter is asked for with an address that stays as it is.
func TestCompaniesKeepTheFilter(t *testing.T) {
	_, boss := companiesWorld(t)
	query := url.Values{"days": {"365"}, "channel": {"chat"}, "policy": {"best"}}.Encode()
	page := boss.page("/companies?" + query)
	own := page.Find(".companies .mates-name a").First().AttrOr("href", "")
	at, err := url.Parse(own)
	if err != nil || at.Query().Encode() != query {
		t.Errorf("a company is at %s under %s", own, query)
	}
	back := boss.page(own).Find(".crumbs a").First().AttrOr("href", "")
	if at, err = url.Parse(back); err != nil || at.Path != "/companies" || at.Query().Encode() != query {
		t.Errorf("the way back is %s", back)
	}
}
