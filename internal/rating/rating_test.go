package rating_test

import (
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rerate/internal/rating"
)

// The five faces, every first score by every new one. An emoji comparison got 16 of the 20 unequal pairs wrong once.
func TestChangeOfAllPairsOfFive(t *testing.T) {
	const (
		better = rating.Better
		same   = rating.Same
		worse  = rating.Worse
	)
	table := [5][5]rating.Change{ // rows: first score 1 to 5; columns: new score 1 to 5
		{same, better, better, better, better},
		{worse, same, better, better, better},
		{worse, worse, same, better, better},
		{worse, worse, worse, same, better},
		{worse, worse, worse, worse, same},
	}
	for first := range table {
		for latest, want := range table[first] {
			a, b := rating.Score{Value: first + 1, Of: 5}, rating.Score{Value: latest + 1, Of: 5}
			if got := b.ChangeFrom(a); got != want {
				t.Errorf("from %d to %d is %s, want %s", first+1, latest+1, got, want)
			}
		}
	}
}

// allScores are the scores of all scales from 2 to 10 options.
func allScores() (all []rating.Score) {
	for size := 2; size <= 10; size++ {
		for value := 1; value <= size; value++ {
			all = append(all, rating.Score{Value: value, Of: size})
		}
	}
	return all
}

// place is (score − 1) / (options − 1), exactly.
func place(s rating.Score) *big.Rat { return big.NewRat(int64(s.Value-1), int64(s.Of-1)) }

func TestChangeAcrossScalesGoesByPlace(t *testing.T) {
	words := map[int]rating.Change{1: rating.Better, 0: rating.Same, -1: rating.Worse}
	for _, first := range allScores() {
		for _, latest := range allScores() {
			want := place(latest).Cmp(place(first))
			if got := latest.Compare(first); got != want {
				t.Errorf("%v compared with %v is %d, want %d", latest, first, got, want)
			}
			if got := latest.ChangeFrom(first); got != words[want] {
				t.Errorf("from %v to %v is %s, want %s", first, latest, got, words[want])
			}
		}
	}
}

func TestChangeAcrossScalesByHand(t *testing.T) {
	tests := []struct {
		first, firstOf, latest, latestOf int
		want                             rating.Change
	}{
		{1, 2, 1, 5, rating.Same},    // thumb down, worst face
		{2, 2, 5, 5, rating.Same},    // thumb up, best face
		{2, 3, 3, 5, rating.Same},    // the middles
		{2, 2, 4, 5, rating.Worse},   // best of two, second best of five
		{1, 2, 2, 5, rating.Better},  // worst of two, second worst of five
		{3, 5, 5, 10, rating.Worse},  // 1/2, 4/9
		{3, 5, 6, 10, rating.Better}, // 1/2, 5/9
		{4, 10, 2, 4, rating.Same},   // a third, both
	}
	for _, tt := range tests {
		first, latest := rating.Score{Value: tt.first, Of: tt.firstOf}, rating.Score{Value: tt.latest, Of: tt.latestOf}
		if got := latest.ChangeFrom(first); got != tt.want {
			t.Errorf("from %v to %v is %s, want %s", first, latest, got, tt.want)
		}
	}
}

// On looks at every place of the other scale and takes the nearest, of two the higher.
func TestOnTakesTheNearestPlace(t *testing.T) {
	for _, s := range allScores() {
		for size := 2; size <= 10; size++ {
			want, least := 0, big.NewRat(2, 1)
			for value := 1; value <= size; value++ {
				distance := new(big.Rat).Sub(place(s), place(rating.Score{Value: value, Of: size}))
				if distance.Abs(distance).Cmp(least) <= 0 {
					want, least = value, distance
				}
			}
			if got := s.On(size); got != want {
				t.Errorf("%v on a scale of %d is %d, want %d", s, size, got, want)
			}
		}
	}
}

func TestPlace(t *testing.T) {
	for _, s := range allScores() {
		if want, _ := place(s).Float64(); s.Place() != want {
			t.Errorf("%v is at %v, want %v", s, s.Place(), want)
		}
	}
}

func drawScore(t *rapid.T) rating.Score {
	size := rapid.IntRange(2, 10).Draw(t, "of")
	return rating.Score{
		Value:     rapid.IntRange(1, size).Draw(t, "score"),
		Of:        size,
		Sentiment: rapid.SampledFrom([]rating.Sentiment{rating.Negative, rating.Neutral, rating.Positive}).Draw(t, "sentiment"),
	}
}

func TestCompareIsAnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := drawScore(t), drawScore(t), drawScore(t)
		if a.Compare(b) != -b.Compare(a) || a.Compare(a) != 0 {
			t.Fatalf("%v and %v: %d one way, %d the other", a, b, a.Compare(b), b.Compare(a))
		}
		if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
			t.Fatalf("%v ≤ %v ≤ %v, but not %v ≤ %v", a, b, c, a, c)
		}
		if a.Compare(b) <= 0 && a.On(5) > b.On(5) {
			t.Fatalf("%v ≤ %v, but on five %d > %d", a, b, a.On(5), b.On(5))
		}
	})
}

func drawRatings(t *rapid.T, of ...int) []rating.Rated {
	ratings := make([]rating.Rated, rapid.IntRange(1, 8).Draw(t, "ratings"))
	for i := range ratings {
		score := drawScore(t)
		if len(of) > 0 {
			score.Value, score.Of = 1+(score.Value-1)%of[0], of[0]
		}
		at := time.Unix(int64(rapid.IntRange(0, 5).Draw(t, "at")), 0)
		ratings[i] = rating.Rated{ID: string(rune('a' + i)), Score: score, At: at}
	}
	return ratings
}

func TestHistoryDoesNotDependOnTheOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ratings := drawRatings(t)
		h := rating.NewHistory(ratings)
		if shuffled := rapid.Permutation(ratings).Draw(t, "shuffled"); !slices.Equal(h, rating.NewHistory(shuffled)) {
			t.Fatalf("%v and %v give different histories", ratings, shuffled)
		}
		for i := 1; i < len(h); i++ {
			if h[i].At.Before(h[i-1].At) || h[i].At.Equal(h[i-1].At) && h[i].ID < h[i-1].ID {
				t.Fatalf("%v is out of order", h)
			}
		}
	})
}

func TestCountedLiesBetweenWorstAndBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(2, 10).Draw(t, "size")
		h := rating.NewHistory(drawRatings(t, size))
		worst, best, sum := size, 1, int64(0)
		for _, r := range h {
			worst, best, sum = min(worst, r.Score.Value), max(best, r.Score.Value), sum+int64(r.Score.Value)
		}
		for _, p := range rating.Policies {
			got := h.Counted(p)
			if got < float64(worst)-1e-9 || got > float64(best)+1e-9 {
				t.Fatalf("%s of %v is %v, outside of %d to %d", p, h, got, worst, best)
			}
			if p != rating.CountAverage && got != math.Trunc(got) {
				t.Fatalf("%s of %v is %v, not whole", p, h, got)
			}
		}
		exact, _ := big.NewRat(sum, int64(len(h))).Float64()
		if got := h.Counted(rating.CountAverage); math.Abs(got-exact) > 1e-9 {
			t.Fatalf("the average of %v is %v, want %v", h, got, exact)
		}
		if h.Counted(rating.CountWorst) != float64(worst) || h.Counted(rating.CountBest) != float64(best) {
			t.Fatalf("worst and best of %v are %v and %v", h, h.Counted(rating.CountWorst), h.Counted(rating.CountBest))
		}
	})
}
