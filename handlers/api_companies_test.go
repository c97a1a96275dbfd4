package handlers_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/models"
)

type companiesJSON struct {
	From     string `json:"from"`
	To       string `json:"to"`
	TimeZone string `json:"time_zone"`
	Policy   string `json:"policy"`
	Items    []struct {
		Company struct {
			ID   string `json:"id"`
			Name string `json:"name"`
			Plan string `json:"plan"`
			Size int    `json:"size"`
		} `json:"company"`
		People int64 `json:"people"`
		figuredJSON
	} `json:"items"`
	NextCursor *string     `json:"next_cursor"`
	All        figuredJSON `json:"all"`
}

type figuredJSON struct {
	First     csatJSON     `json:"first"`
	Counted   csatJSON     `json:"counted"`
	Recovered fractionJSON `json:"recovered"`
	Changes   struct {
		Better int `json:"better"`
		Same   int `json:"same"`
		Worse  int `json:"worse"`
	} `json:"changes"`
	Low     int64 `json:"low"`
	Waiting int64 `json:"waiting"`
}

// Each company has what the summary says of it, and only those of the workspace are there.
func TestAPICompanies(t *testing.T) {
	const query = "/companies?from=2026-03-01&to=2026-03-31"
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.rate(w.ours, "1", "anna", 1, 0)
		w.rate(w.ours, "1", "anna", 5, time.Hour)
		w.rate(w.ours, "2", "ben", 1, time.Hour)
		w.rate(w.ours, "3", "cleo", 3, time.Hour)
		w.rate(w.theirs, "1", "anna", 5, time.Hour)
		blue, acme := models.Company{ID: "k1", Name: "Blue Sun", Plan: "Pro", Size: 40}, models.Company{ID: "k2", Name: "Acme"}
		for tenant, people := range map[models.Tenant]map[string][]models.Company{
			w.ours:   {"anna": {blue, acme}, "ben": {blue}},
			w.theirs: {"anna": {{ID: "k3", Name: "Secret"}}},
		} {
			w.write(tenant, func(tx *models.Tx) error {
				for id, companies := range people {
					if err := tx.SaveProfile(models.Profile{Contact: models.Contact{ID: id}, Companies: companies}); err != nil {
						return err
					}
				}
				return nil
			})
		}
		names := func(path string) string {
			var all []string
			for _, item := range as[companiesJSON](w.get(path)).Items {
				all = append(all, item.Company.Name)
			}
			return strings.Join(all, ", ")
		}
		got := as[companiesJSON](w.get(query))
		if len(got.Items) != 2 || got.NextCursor != nil || got.Policy != "latest" {
			t.Fatalf("there is %+v", got)
		}
		first := got.Items[0]
		if first.Company.ID != "k1" || first.Company.Plan != "Pro" || first.Company.Size != 40 || first.People != 2 || first.Changes.Better != 1 ||
			first.Low != 1 || first.Waiting != 1 || first.Recovered.Part != 1 || first.Recovered.Of != 2 {
			t.Errorf("Blue Sun is %+v", first)
		}
		for _, item := range got.Items {
			summary := as[summaryJSON](w.get(march + "&company=" + item.Company.ID))
			if item.First.Rated != summary.First.Rated || item.Counted.Positive != summary.Counted.Positive || *item.Counted.Low != *summary.Counted.Low ||
				int(item.Recovered.Part) != summary.Recovery.Recovered || int(item.Recovered.Of) != summary.Recovery.FirstNegative || item.Changes != summary.Changes {
				t.Errorf("%s has %+v, the summary %+v", item.Company.Name, item, summary)
			}
		}
		if summary := as[summaryJSON](w.get(march)); got.All.First.Rated != 3 || got.All.Counted.Positive != summary.Counted.Positive {
			t.Errorf("all together are %+v", got.All)
		}
		for path, want := range map[string]string{
			query + "&sort=name": "Acme, Blue Sun", query + "&q=sun": "Blue Sun", query + "&company=k2": "Acme", query + "&q=secret": "",
			query + "&score=1": "Blue Sun", query + "&limit=1": "Blue Sun", query + "&limit=1&cursor=1": "Acme", query + "&cursor=7": "",
		} {
			if found := names(path); found != want {
				t.Errorf("%s: %s, want %s", path, found, want)
			}
		}
		if next := as[companiesJSON](w.get(query + "&limit=1")).NextCursor; next == nil || *next != "1" {
			t.Errorf("the next place is %v", next)
		}
		for _, wrong := range []string{"/companies?from=2026-03-01", query + "&sort=luck", query + "&cursor=x", query + "&limit=0"} {
			w.get(wrong).isProblem(http.StatusUnprocessableEntity)
		}
	})
}
