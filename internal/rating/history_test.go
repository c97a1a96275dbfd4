package rating_test

import (
	"testing"
	"time"

	"rerate/internal/rating"
)

// history rates once a minute, on the given scale with its usual sentiments.
func history(size int, values ...int) rating.History {
	var ratings []rating.Rated
	for i, value := range values {
		score := rating.Score{Value: value, Of: size, Sentiment: rating.SentimentOf(value, size)}
		ratings = append(ratings, rating.Rated{ID: string(rune('a' + i)), Score: score, At: time.Unix(int64(60*i), 0)})
	}
	return rating.NewHistory(ratings)
}

func TestPolicies(t *testing.T) {
	tests := []struct {
		name                                string
		history                             rating.History
		first, latest, average, best, worst float64
		change                              rating.Change
		recovered                           bool
		positives                           int
	}{
		{"one good", history(5, 5), 5, 5, 5, 5, 5, rating.First, false, 1},
		{"one bad", history(5, 1), 1, 1, 1, 1, 1, rating.First, false, 0},
		{"bad, then good", history(5, 1, 5), 1, 5, 3, 5, 1, rating.Better, true, 1},
		{"good, then bad", history(5, 5, 1), 5, 1, 3, 5, 1, rating.Worse, false, 1},
		{"bad, good, middle", history(5, 2, 5, 3), 2, 3, 10.0 / 3, 5, 2, rating.Better, false, 1},
		{"up and down again", history(5, 4, 5, 4), 4, 4, 13.0 / 3, 5, 4, rating.Same, false, 3},
		{"middle, then good", history(5, 3, 4), 3, 4, 3.5, 4, 3, rating.Better, false, 1},
		{"bad, then less bad", history(5, 1, 2), 1, 2, 1.5, 2, 1, rating.Better, false, 0},
		{"thumbs", history(2, 1, 2, 1, 2), 1, 2, 1.5, 2, 1, rating.Better, true, 2},
		{"ten", history(10, 4, 7), 4, 7, 5.5, 7, 4, rating.Better, true, 1},
	}
	for _, tt := range tests {
		want := map[rating.Policy]float64{
			rating.CountFirst: tt.first, rating.CountLatest: tt.latest, rating.CountAverage: tt.average,
			rating.CountBest: tt.best, rating.CountWorst: tt.worst,
		}
		for _, p := range rating.Policies {
			if got := tt.history.Counted(p); got < want[p]-1e-9 || got > want[p]+1e-9 {
				t.Errorf("%s: %s counts %v, want %v", tt.name, p, got, want[p])
			}
		}
		if got := tt.history.Change(); got != tt.change {
			t.Errorf("%s: change is %s, want %s", tt.name, got, tt.change)
		}
		if got := rating.Recovered(tt.history.First().Score.Sentiment, tt.history.Latest().Score.Sentiment); got != tt.recovered {
			t.Errorf("%s: recovered is %v", tt.name, got)
		}
		if got := tt.history.Positives(); got != tt.positives {
			t.Errorf("%s: %d positives, want %d", tt.name, got, tt.positives)
		}
	}
}

// A workspace that went from thumbs to five faces: what counts is shown on the scale of the latest rating.
func TestPoliciesAcrossScales(t *testing.T) {
	h := rating.NewHistory([]rating.Rated{
		{ID: "a", Score: rating.Score{Value: 2, Of: 2, Sentiment: rating.Positive}, At: time.Unix(1, 0)},
		{ID: "b", Score: rating.Score{Value: 2, Of: 3, Sentiment: rating.Neutral}, At: time.Unix(2, 0)},
		{ID: "c", Score: rating.Score{Value: 2, Of: 5, Sentiment: rating.Negative}, At: time.Unix(3, 0)},
	})
	for p, want := range map[rating.Policy]float64{
		rating.CountFirst: 5, rating.CountLatest: 2, rating.CountBest: 5, rating.CountWorst: 2,
		rating.CountAverage: 1 + 4*(1+0.5+0.25)/3,
	} {
		if got := h.Counted(p); got < want-1e-9 || got > want+1e-9 {
			t.Errorf("%s counts %v, want %v", p, got, want)
		}
	}
	if h.Best().ID != "a" || h.Worst().ID != "c" || h.First().ID != "a" || h.Latest().ID != "c" {
		t.Errorf("best %s, worst %s", h.Best().ID, h.Worst().ID)
	}
}

// Equals never move a figure: the earliest of them is best and worst, and order of ids decides equal times.
func TestEqualRatings(t *testing.T) {
	at := time.Unix(1, 0)
	middle := func(id string, value, of int) rating.Rated {
		return rating.Rated{ID: id, Score: rating.Score{Value: value, Of: of}, At: at}
	}
	h := rating.NewHistory([]rating.Rated{middle("c", 2, 3), middle("a", 3, 5), middle("b", 5, 9)})
	if h.First().ID != "a" || h.Latest().ID != "c" || h.Best().ID != "a" || h.Worst().ID != "a" {
		t.Errorf("first %s, latest %s, best %s, worst %s", h.First().ID, h.Latest().ID, h.Best().ID, h.Worst().ID)
	}
	if h.ChangeOf(0) != rating.First || h.ChangeOf(1) != rating.Same || h.Change() != rating.Same {
		t.Errorf("changes are %s, %s, %s", h.ChangeOf(0), h.ChangeOf(1), h.Change())
	}
}

func TestPolicyKnown(t *testing.T) {
	for _, p := range rating.Policies {
		if !p.Known() {
			t.Errorf("%s is not known", p)
		}
	}
	for _, p := range []rating.Policy{"", "Latest", "median"} {
		if p.Known() {
			t.Errorf("%q is known", p)
		}
	}
}
