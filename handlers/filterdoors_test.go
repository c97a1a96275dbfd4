package handlers_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	mathrand "math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"rerate/handlers"
	"rerate/internal/segment"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
)

// lively is a world with a year of example data, to which come tags, companies and segments; and a key of the API.
type lively struct {
	*world
	boss *browser
	key  string
	may  map[string][]string // what a query may have by name
}

func newLively(t *testing.T, db modelstest.DB) *lively {
	t.Helper()
	w := &lively{world: worldOn(t, db, func(c *handlers.Config) { c.API = handlers.API(c.Service) })}
	w.boss = w.signIn(jane)
	if err := w.service.AddExampleData(ctx, workspace); err != nil {
		t.Fatal(err)
	}
	tenant := w.service.Store.Tenant(workspace)
	key, _, err := handlers.NewAPIKey(ctx, tenant, rand.Reader, "Nightly export", "Jane", true)
	if err != nil {
		t.Fatal(err)
	}
	w.key = key
	all := must(tenant.Ratings(ctx, models.RatingFilter{Filter: wholeYear(w.world)}, nil, 100_000))(t)
	segments := w.people(tenant, all)
	mates := must(tenant.CreditedTeammates(ctx))(t)
	w.may = map[string][]string{
		"channel": {"chat", "email"}, "tag": {"billing", `a "b" & <c>`, "never"}, "score": {"1", "2", "5"},
		"change": {"first", "better", "same", "worse"}, "remark": {"yes", "no"}, "wording": {"1", "2"},
		"segment": segments, "company": {"k0", "k1"}, "teammate": {mates[0].ID, mates[1].ID},
	}
	return w
}

// people gives every second conversation tags, two thirds of the contacts a company, and puts every third into a segment.
func (w *lively) people(tenant models.Tenant, all []models.Rating) (segments []string) {
	w.t.Helper()
	seen := map[string]int{}
	err := tenant.Write(ctx, func(tx *models.Tx) error {
		saved, err := tx.SaveSegment(models.Segment{Name: "Some of them", Rules: segment.Rules{}, Channel: models.InApp, Body: "Hello"}, "")
		if err != nil {
			return err
		}
		segments = []string{saved.ID}
		for _, r := range all {
			if _, known := seen[r.ContactID]; known {
				continue
			}
			n := len(seen)
			seen[r.ContactID] = n
			profile := models.Profile{Contact: models.Contact{ID: r.ContactID, Role: "user"}}
			if n%3 < 2 {
				profile.Companies = []models.Company{{ID: fmt.Sprintf("k%d", n%3), Name: []string{"Acme", "Acorn"}[n%3]}}
			}
			if err := tx.SaveProfile(profile); err != nil {
				return err
			}
			if n%3 == 1 {
				if _, err := tx.EnterSegment(saved.ID, r.ContactID); err != nil {
					return err
				}
			}
			if n%2 == 0 {
				course := models.Course{State: "closed", ChangedAt: tx.Now, Tags: models.Tags{[]string{"billing", `a "b" & <c>`}[n/2%2], "vip"}}
				if err := tx.SaveCourse(r.ConversationID, course); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return segments
}

// draw makes up a query of one to three names.
func (w *lively) draw(r *mathrand.Rand) url.Values {
	names := slices.Sorted(maps.Keys(w.may))
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	query := url.Values{}
	for _, name := range names[:1+r.IntN(3)] {
		query.Set(name, w.may[name][r.IntN(len(w.may[name]))])
	}
	return query
}

// program calls the API.
func (w *lively) program(path string, into any) {
	w.t.Helper()
	request := w.boss.request(http.MethodGet, "/api/v1"+path, "")
	request.Header.Set("Authorization", "Bearer "+w.key)
	answer := w.boss.do(request).is(http.StatusOK)
	if err := json.Unmarshal([]byte(answer.body), into); err != nil {
		w.t.Fatalf("%v in %s", err, answer.body)
	}
}

// One query narrows page, file and API to the same rows, and what they say of them adds up.
func TestOneFilterThroughEveryDoor(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		w := newLively(t, db)
		random := mathrand.New(mathrand.NewPCG(5, 3))
		today := stats.DayOf(w.service.Now(), time.UTC)
		some := 0
		for i := range 14 {
			query := w.draw(random)
			query.Set("from", string(today.AddDays(-30*(1+random.IntN(12)))))
			query.Set("to", string(today))
			address := query.Encode()
			if i < len(w.may) { // each name once at least
				name := slices.Sorted(maps.Keys(w.may))[i]
				address = url.Values{"from": query["from"], "to": query["to"], name: w.may[name][:1]}.Encode()
			}
			file := readCSV(w.boss.get("/ratings.csv?" + address).is(http.StatusOK).body)[1:]
			said := w.boss.listed("/ratings?" + address)
			if said != len(file) {
				t.Errorf("%s: the page says %d ratings, its file holds %d", address, said, len(file))
			}
			var fromFile, fromAPI []string
			for _, row := range file {
				fromFile = append(fromFile, row[0])
			}
			for cursor := ""; ; {
				var page struct {
					Items      []struct{ ID string }
					NextCursor *string `json:"next_cursor"`
				}
				w.program("/ratings?limit=200&cursor="+cursor+"&"+address, &page)
				for _, item := range page.Items {
					fromAPI = append(fromAPI, item.ID)
				}
				if page.NextCursor == nil {
					break
				}
				cursor = *page.NextCursor
			}
			if diff := cmp.Diff(fromFile, fromAPI); diff != "" {
				t.Errorf("%s: file and API differ (-file +API):\n%s", address, diff)
			}
			some += min(len(file), 1)
			w.figuresAgree(address)
		}
		if some < 8 {
			t.Errorf("only %d of 14 filters let anything through", some)
		}
	}, jobTables)
}

// figuresAgree holds the overview's figures against the API's summary and against the file of conversations.
func (w *lively) figuresAgree(address string) {
	w.t.Helper()
	var summary struct {
		Counted  csatJSON
		Requests *struct{ Delivered, Rated int }
	}
	w.program("/summary?"+address, &summary)
	if rows := len(readCSV(w.boss.get("/ratings.csv?outcome=rated&"+address).body)) - 1; rows != summary.Counted.Rated {
		w.t.Errorf("%s: the API counts %d conversations, the file holds %d", address, summary.Counted.Rated, rows)
	}
	page := w.boss.page("/?" + address)
	if page.Find(".tile").Length() == 0 {
		if summary.Counted.Rated > 0 {
			w.t.Errorf("%s: the page is empty, the API counts %d", address, summary.Counted.Rated)
		}
		return
	}
	if note := words(tile(w.t, page, "CSAT, latest rating").Find(".tile-note").First()); summary.Counted.Rated > 0 &&
		!strings.HasPrefix(strings.ReplaceAll(note, ",", ""), strconv.Itoa(summary.Counted.Rated)+" conversation") {
		w.t.Errorf("%s: the API counts %d, the page says %q", address, summary.Counted.Rated, note)
	}
	ofAnswers := strings.Contains(address, "score=") || strings.Contains(address, "change=") || strings.Contains(address, "remark=")
	if (summary.Requests == nil) != ofAnswers {
		w.t.Errorf("%s: requests are %+v", address, summary.Requests)
	}
	if ofAnswers {
		says(w.t, tile(w.t, page, "Response rate"), "cannot be counted")
	}
}

// Every number of the overview leads to just so many rows, whatever it is filtered by.
func TestNumbersLeadToTheirRowsUnderAnyFilter(t *testing.T) {
	w := newLively(t, modelstest.Open(t, models.SQLite, jobTables))
	random := mathrand.New(mathrand.NewPCG(7, 1))
	checked := 0
	for range 4 {
		query := w.draw(random)
		query.Set("days", "365")
		checked += w.followNumbers("/?" + query.Encode())
	}
	if checked < 80 {
		t.Errorf("only %d numbers were followed", checked)
	}
}

// followNumbers follows every number of a page of figures and says how many there were.
func (w *lively) followNumbers(address string) int {
	w.t.Helper()
	done := map[string]bool{}
	w.boss.page(address).Find(`#report a[href^="/ratings?"], #report a[href^="/ratings/waiting"]`).Each(func(_ int, link *goquery.Selection) {
		href := link.AttrOr("href", "")
		text := link.AttrOr("aria-label", words(link))
		want, ok := numberOf(link, text)
		if done[href+text] || !ok {
			return
		}
		done[href+text] = true
		if rows := w.boss.listed(href); rows != want {
			w.t.Errorf("%s: %q leads by %s to %d rows, want %d", address, text, href, rows, want)
		}
	})
	return len(done)
}
