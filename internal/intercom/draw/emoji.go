package draw

import "unicode/utf8"

const (
	zeroWidthJoiner = 0x200D
	emojiStyle      = 0xFE0F // variation selector 16: draw the rune before it as an emoji
	keycap          = 0x20E3
)

// emojiPrefix is the length in bytes of the run of emoji with which text begins, families, flags, keycaps and skin tones taken whole;
// 0 when it begins with something else.
func emojiPrefix(text string) int {
	n := 0
	for {
		one := oneEmoji(text[n:])
		if one == 0 {
			return n
		}
		n += one
	}
}

func oneEmoji(text string) int {
	r, n := utf8.DecodeRuneInString(text)
	if !pictographic(r) && !styledAsEmoji(text[n:]) {
		return 0
	}
	for n < len(text) {
		r, size := utf8.DecodeRuneInString(text[n:])
		switch {
		case r == zeroWidthJoiner:
			_, next := utf8.DecodeRuneInString(text[n+size:])
			n += size + next
		case r == emojiStyle, r == keycap, r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0020 && r <= 0xE007F:
			n += size
		default:
			return n
		}
	}
	return n
}

// styledAsEmoji says whether what follows a rune makes it an emoji, as in 1️⃣ or ©️.
func styledAsEmoji(rest string) bool {
	r, n := utf8.DecodeRuneInString(rest)
	return n > 0 && (r == emojiStyle || r == keycap)
}

// pictographic covers the blocks of emoji (Unicode UTS #51), regional indicators included.
func pictographic(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2600 && r <= 0x27BF || r >= 0x2B05 && r <= 0x2B55 || r >= 0x231A && r <= 0x23FF
}
