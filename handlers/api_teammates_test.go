package handlers_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"rerate/models"
)

type fractionJSON struct {
	Part  int      `json:"part"`
	Of    int      `json:"of"`
	Share *float64 `json:"share"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
}

type fractionsJSON struct {
	First         csatJSON     `json:"first"`
	Counted       csatJSON     `json:"counted"`
	Recovered     fractionJSON `json:"recovered"`
	Response      fractionJSON `json:"response"`
	Asked         fractionJSON `json:"asked"`
	LowAsked      fractionJSON `json:"low_asked"`
	LowAgain      fractionJSON `json:"low_again"`
	NeutralAgain  fractionJSON `json:"neutral_again"`
	PositiveAgain fractionJSON `json:"positive_again"`
}

type teammatesJSON struct {
	From     string `json:"from"`
	To       string `json:"to"`
	TimeZone string `json:"time_zone"`
	Policy   string `json:"policy"`
	Items    []struct {
		Teammate *struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"teammate"`
		fractionsJSON
	} `json:"items"`
	All fractionsJSON `json:"all"`
}

func TestAPITeammates(t *testing.T) {
	const query = "/teammates?from=2026-03-01&to=2026-03-31"
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		by := func(id, name string) func(*models.Rating) {
			return func(r *models.Rating) { r.TeammateID, r.TeammateName = id, name }
		}
		w.rate(w.ours, "1", "anna", 1, 0, by("8", "Ada"))
		w.rate(w.ours, "1", "anna", 5, time.Hour, by("9", "Mia"))
		w.rate(w.ours, "2", "ben", 5, time.Hour, by("8", "Ada"))
		w.rate(w.ours, "3", "cleo", 3, time.Hour)
		w.rate(w.theirs, "1", "anna", 5, time.Hour, by("7", "Eve"))
		got := as[teammatesJSON](w.get(query))
		var ids []string
		for _, item := range got.Items {
			if item.Teammate == nil {
				ids = append(ids, "null")
				continue
			}
			ids = append(ids, item.Teammate.ID+" "+item.Teammate.Name)
		}
		if !slices.Equal(ids, []string{"8 Ada", "9 Mia", "null"}) { // too few of each to rank, so by name
			t.Fatalf("the items are %q", ids)
		}
		ada, mia, nobody := got.Items[0], got.Items[1], got.Items[2]
		if ada.First.Rated != 2 || ada.First.Positive != 1 || *ada.First.Score != 0.5 || ada.Counted.Rated != 1 || ada.LowAgain.Part != 1 || ada.LowAsked.Part != 0 || ada.LowAsked.Of != 1 {
			t.Errorf("Ada has %+v", ada.fractionsJSON)
		}
		if mia.First.Rated != 0 || mia.First.Score != nil || mia.Counted.Rated != 1 || mia.Recovered.Part != 1 || mia.Recovered.Of != 1 || *mia.Recovered.Share != 1 || mia.Response.Share != nil {
			t.Errorf("Mia has %+v", mia.fractionsJSON)
		}
		if nobody.First.Rated != 1 || nobody.NeutralAgain.Of != 1 {
			t.Errorf("nobody has %+v", nobody.fractionsJSON)
		}
		summary := as[summaryJSON](w.get(march))
		if got.All.First.Rated != summary.First.Rated || got.All.Counted.Positive != summary.Counted.Positive || got.All.Recovered.Part != summary.Recovery.Recovered {
			t.Errorf("all together have %+v, the summary %+v", got.All, summary)
		}
		if got.All.First.Rated != 3 {
			t.Errorf("all together have %+v", got.All.First)
		}
		if first := as[teammatesJSON](w.get(query + "&policy=first&sort=name&channel=email")); len(first.Items) != 0 || first.Policy != "first" || first.All.First.Rated != 0 {
			t.Errorf("by e-mail there is %+v", first)
		}
		w.get("/teammates?from=2026-03-01").isProblem(http.StatusUnprocessableEntity)
		w.get(query + "&sort=luck").isProblem(http.StatusUnprocessableEntity)
		if alone := as[teammatesJSON](w.get(query + "&teammate=8")); len(alone.Items) != 1 || alone.All.Counted.Rated != 1 || alone.All.First.Rated != 2 {
			t.Errorf("Ada alone is %+v", alone)
		}
	})
}
