package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// Percent writes a share as people read it: "87 %". 0 and 100 are kept for exactly none and all.
func Percent(value float64) string {
	value = share(value)
	whole := math.Round(value * 100)
	switch {
	case whole == 100 && value < 1:
		whole = 99
	case whole == 0 && value > 0:
		return "<1 %"
	}
	return strconv.Itoa(int(whole)) + " %"
}

// Range writes an interval, never narrower than it is: "68–95 %".
func Range(low, high float64) string {
	return fmt.Sprintf("%.0f–%.0f %%", math.Floor(share(low)*100+1e-9), math.Ceil(share(high)*100-1e-9))
}

// Grouped writes a number with its thousands apart: "1,204".
func Grouped(n int) string {
	digits := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// counted writes a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Grouped(n) + " " + many
}

// isolated keeps words written from right to left from turning the sentence around them.
func isolated(words string) string {
	for _, r := range words {
		if unicode.In(r, unicode.Hebrew, unicode.Arabic, unicode.Syriac, unicode.Thaana, unicode.Nko) {
			return "\u2068" + words + "\u2069"
		}
	}
	return words
}

// Unbroken keeps a number and its per cent sign on one line.
func Unbroken(text string) string { return strings.ReplaceAll(text, " %", "\u00a0%") }
