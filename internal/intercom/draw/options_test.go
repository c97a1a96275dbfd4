package draw

import (
	"strings"
	"testing"

	"rerate/internal/intercom/canvas"
)

func TestOptionsStandInEvenRowsUnlessTheirWordsAreLong(t *testing.T) {
	for texts, want := range map[string]string{
		"👎 No|👍 Yes":        "ic-cols-2",
		"🙁 Bad|😐 OK|😃 Good": "ic-cols-3",
		"A|B|C|D":           "ic-cols-4",
		"😠 Terrible|🙁 Bad|😐 OK|😃 Good|😍 Amazing": "ic-cols-5",
		"1|2|3|4|5|6":           "ic-cols-3",
		"1|2|3|4|5|6|7":         "ic-cols-4",
		"1|2|3|4|5|6|7|8|9|10":  "ic-cols-5",
		"😠 Unzufrieden|2|3|4|5": "ic-rows",
		"👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦|2|3|4|5": "ic-cols-5",
		"とても悪い|悪い|普通|良い|とても良い":                                  "ic-rows",
		"I am not happy at all with this|B":                     "ic-cols-2",
		"I am not at all happy with this answer of yours|B|C|D": "ic-rows",
	} {
		var options []canvas.Option
		for text := range strings.SplitSeq(texts, "|") {
			options = append(options, canvas.Option{ID: text, Text: text})
		}
		if got := optionLayout(options); got != want {
			t.Errorf("%s: %s, want %s", texts, got, want)
		}
	}
}
