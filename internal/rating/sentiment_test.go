package rating_test

import (
	"testing"

	"rerate/internal/rating"
)

// The top two fifths of the scale, rounded down and at least one, are positive, the bottom two fifths likewise
// negative, the rest neutral. Worst first; written by hand.
var sentiments = map[int]string{
	2:  "-+",
	3:  "-o+",
	4:  "-oo+",
	5:  "--o++",
	6:  "--oo++",
	7:  "--ooo++",
	8:  "---oo+++",
	9:  "---ooo+++",
	10: "----oo++++",
}

var signs = map[byte]rating.Sentiment{'-': rating.Negative, 'o': rating.Neutral, '+': rating.Positive}

func TestSentimentOf(t *testing.T) {
	for size, want := range sentiments {
		if len(want) != size {
			t.Fatalf("the table has %d signs for a scale of %d", len(want), size)
		}
		for i := range size {
			if got := rating.SentimentOf(i+1, size); got != signs[want[i]] {
				t.Errorf("%d of %d is %s, want %s", i+1, size, got, signs[want[i]])
			}
		}
	}
}

func TestScoreOfAWording(t *testing.T) {
	for size, want := range sentiments {
		w := rating.Wording{Options: make([]rating.Option, size)}
		for i := range size {
			got, ok := w.Score(i + 1)
			if !ok || got != (rating.Score{Value: i + 1, Of: size, Sentiment: signs[want[i]]}) {
				t.Errorf("%d of %d options is %v, %v", i+1, size, got, ok)
			}
		}
		for _, off := range []int{-1, 0, size + 1, 1 << 40} {
			if got, ok := w.Score(off); ok || got != (rating.Score{}) {
				t.Errorf("%d of %d options is %v, %v", off, size, got, ok)
			}
		}
	}
	w := rating.DefaultWording()
	w.Options[2].Sentiment = rating.Negative // as Intercom's DSAT counts it
	if got, _ := w.Score(3); got.Sentiment != rating.Negative {
		t.Errorf("an option with its own sentiment is %s", got.Sentiment)
	}
}

func TestThanksFor(t *testing.T) {
	thanks := rating.Thanks{Negative: "sorry", Neutral: "well", Positive: "great"}
	for sentiment, want := range map[rating.Sentiment]string{"negative": "sorry", "neutral": "well", "positive": "great"} {
		if got := thanks.For(sentiment); got != want {
			t.Errorf("for %s it says %q", sentiment, got)
		}
	}
}
