package handlers_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"rerate/internal/rating"
	"rerate/models"
)

type csatJSON struct {
	Rated    int      `json:"rated"`
	Positive float64  `json:"positive"`
	Score    *float64 `json:"score"`
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
}

type summaryJSON struct {
	From     string   `json:"from"`
	To       string   `json:"to"`
	TimeZone string   `json:"time_zone"`
	Policy   string   `json:"policy"`
	Counted  csatJSON `json:"counted"`
	First    csatJSON `json:"first"`
	Changes  struct {
		Better int `json:"better"`
		Same   int `json:"same"`
		Worse  int `json:"worse"`
	} `json:"changes"`
	Recovery struct {
		FirstNegative int `json:"first_negative"`
		Asked         int `json:"asked"`
		Answered      int `json:"answered"`
		Recovered     int `json:"recovered"`
	} `json:"recovery"`
	Requests struct {
		Delivered int `json:"delivered"`
		Rated     int `json:"rated"`
	} `json:"requests"`
	Matrix [][]int `json:"matrix"`
}

const march = "/summary?from=2026-03-01&to=2026-03-31"

// fill stores five conversations:
//
//	1: 1 → 5        better, recovered, asked again by a request that was answered
//	2: 5 → 3 → 4    worse
//	3: 4            only one
//	4: 2 → 2        same; by e-mail, credited to a teammate
//	5: 3, and a 5 that is void
func (w *apiWorld) fill() {
	w.rate(w.ours, "1", "anna", 1, 0)
	w.db.Clock.Move(time.Hour)
	w.write(w.ours, func(tx *models.Tx) error {
		c, err := tx.Conversation("1")
		if err != nil {
			return err
		}
		request, err := tx.SendRequest(c, models.ByCard, 1, func(time.Time) bool { return true })
		if err != nil {
			return err
		}
		return tx.RequestRated(request.ID)
	})
	w.rate(w.ours, "1", "anna", 5, 2*time.Hour)
	w.rate(w.ours, "2", "ben", 5, time.Hour)
	w.rate(w.ours, "2", "ben", 3, 2*time.Hour)
	w.rate(w.ours, "2", "ben", 4, 3*time.Hour)
	w.rate(w.ours, "3", "cleo", 4, time.Hour)
	byMail := func(r *models.Rating) { r.Channel, r.TeammateID, r.TeammateName = "email", "9", "Mia" }
	w.rate(w.ours, "4", "dora", 2, time.Hour, byMail)
	w.rate(w.ours, "4", "dora", 2, 2*time.Hour, byMail)
	w.rate(w.ours, "5", "emil", 3, time.Hour)
	w.rate(w.ours, "5", "emil", 5, 2*time.Hour, func(r *models.Rating) { r.WhyNot = models.Void })
}

func TestAPISummary(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.fill()
		nearly := cmpopts.EquateApprox(0, 1e-6)
		// Worked out by hand: latest 5 4 4 2 3, first 1 5 4 2 3, best 5 5 4 2 3, worst 1 3 4 2 3;
		// average 1/2 + 2/3 + 1 + 0 + 0.
		for policy, positive := range map[string]float64{
			"latest": 3, "first": 2, "best": 3, "worst": 1, "average": 0.5 + 2.0/3 + 1,
		} {
			s := as[summaryJSON](w.get(march + "&policy=" + policy))
			low, high := wilsonByHand(positive, 5)
			score := positive / 5
			want := csatJSON{Rated: 5, Positive: positive, Score: &score, Low: &low, High: &high}
			if diff := cmp.Diff(want, s.Counted, nearly); s.Policy != policy || diff != "" {
				t.Errorf("%s: %s", policy, diff)
			}
			if s.First.Positive != 2 || s.First.Rated != 5 {
				t.Errorf("%s: first %+v", policy, s.First)
			}
		}
		s := as[summaryJSON](w.get(march))
		var want summaryJSON
		want.From, want.To, want.TimeZone, want.Policy = "2026-03-01", "2026-03-31", "UTC", "latest"
		want.Counted, want.First = s.Counted, s.First
		want.Changes.Better, want.Changes.Same, want.Changes.Worse = 1, 1, 1
		want.Recovery.FirstNegative, want.Recovery.Asked, want.Recovery.Answered, want.Recovery.Recovered = 2, 1, 2, 1
		want.Requests.Delivered, want.Requests.Rated = 1, 1
		want.Matrix = [][]int{{0, 0, 0, 0, 1}, {0, 1, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 0, 1, 0}}
		if diff := cmp.Diff(want, s); diff != "" {
			t.Error(diff)
		}
		for query, rated := range map[string]int{
			"&channel=email": 1, "&channel=chat": 4, "&teammate=9": 1, "&teammate=10": 0, "&channel=chat&teammate=9": 0, "&segment=": 5,
		} {
			if got := as[summaryJSON](w.get(march + query)).Counted.Rated; got != rated {
				t.Errorf("%s: rated %d, want %d", query, got, rated)
			}
		}
	})
}

// wilson is the textbook formula, to check ours by.
func wilsonByHand(positive, n float64) (low, high float64) {
	const z = 1.959963984540054
	p := positive / n
	centre := p + z*z/(2*n)
	half := z * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return (centre - half) / (1 + z*z/n), (centre + half) / (1 + z*z/n)
}

func TestAPISummaryOfNothing(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.fill()
		a := w.get("/summary?from=2025-01-01&to=2025-01-01")
		want := `{"from":"2025-01-01","to":"2025-01-01","time_zone":"UTC","policy":"latest",` +
			`"counted":{"rated":0,"positive":0,"score":null,"low":null,"high":null},` +
			`"first":{"rated":0,"positive":0,"score":null,"low":null,"high":null},` +
			`"changes":{"better":0,"same":0,"worse":0},` +
			`"recovery":{"first_negative":0,"asked":0,"answered":0,"recovered":0},"requests":{"delivered":0,"rated":0},` +
			`"matrix":[[0,0,0,0,0],[0,0,0,0,0],[0,0,0,0,0],[0,0,0,0,0],[0,0,0,0,0]]}`
		if got := strings.TrimSpace(a.body); got != want {
			t.Error(cmp.Diff(want, got))
		}
	})
}

// The days are those of the workspace's zone, the policy is the workspace's own, and the matrix has the size of the
// wording in force.
func TestAPISummaryFollowsTheWorkspace(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.rate(w.ours, "1", "anna", 1, 10*time.Hour) // 19:00 UTC on March 2nd, 04:00 on the 3rd in Tokyo
		w.rate(w.ours, "1", "anna", 5, 11*time.Hour)
		settings := rating.DefaultSettings()
		settings.TimeZone, settings.Policy = "Asia/Tokyo", rating.CountAverage
		thumbs := rating.DefaultWording()
		thumbs.Options = []rating.Option{{Emoji: "👎", Label: "No"}, {Emoji: "👍", Label: "Yes"}}
		thumbs.Remarks.AskWhyUpTo = 1
		w.write(w.ours, func(tx *models.Tx) error {
			if _, err := tx.PublishWording(thumbs, ""); err != nil {
				return err
			}
			return tx.SaveSettings(settings)
		})
		if s := as[summaryJSON](w.get("/summary?from=2026-03-02&to=2026-03-02")); s.Counted.Rated != 0 {
			t.Errorf("the 2nd: %+v", s)
		}
		s := as[summaryJSON](w.get("/summary?from=2026-03-03&to=2026-03-03"))
		if s.Counted.Positive != 0.5 || s.Policy != "average" || s.TimeZone != "Asia/Tokyo" {
			t.Errorf("the 3rd: %+v", s)
		}
		if diff := cmp.Diff([][]int{{0, 1}, {0, 0}}, s.Matrix); diff != "" {
			t.Error(diff)
		}
	})
}
