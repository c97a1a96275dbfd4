package draw

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"rerate/internal/intercom/canvas"
)

// roomForWord is how many characters of a label fit side by side into a card of the Messenger's width, all columns together.
const roomForWord = 46

// optionLayout is the class of a select's options: as many equal columns as make even rows, or one option to a row where a word
// would not fit into its column. Two to five options stand in one row, six to ten in two.
func optionLayout(options []canvas.Option) string {
	columns := len(options)
	if columns > 5 {
		columns = (columns + 1) / 2
	}
	for _, option := range options {
		for word := range strings.FieldsSeq(option.Text) {
			if wordWidth(word)*columns > roomForWord {
				return "ic-rows"
			}
		}
		if wordWidth(option.Text)*columns > 3*roomForWord {
			return "ic-rows"
		}
	}
	return "ic-cols-" + strconv.Itoa(columns)
}

// wordWidth counts characters; those of the scripts from Korean and Japanese to Chinese are twice as wide as Latin ones. Emoji stand
// above the label and need no room beside it.
func wordWidth(word string) int {
	width := 0
	for word != "" {
		if n := emojiPrefix(word); n > 0 {
			word = word[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(word)
		width++
		if r >= 0x1100 && (r <= 0x115F || r >= 0x2E80 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFFE6) {
			width++
		}
		word = word[n:]
	}
	return width
}
