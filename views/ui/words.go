package ui

import "strconv"

// Words is the label of a score, or the number itself where the wording gives none.
func (s Score) Words() string {
	if s.Label != "" {
		return s.Label
	}
	return strconv.Itoa(s.Value)
}

// text is a score in one string, for places that hold no markup.
func (s Score) text() string {
	if s.Emoji == "" {
		return s.Words()
	}
	return s.Emoji + " " + s.Words()
}

// Choices are the scores as entries of a select.
func Choices(scale []Score) []Choice {
	all := make([]Choice, len(scale))
	for i, s := range scale {
		all[i] = Choice{Value: strconv.Itoa(s.Value), Label: s.text()}
	}
	return all
}

// whyNotWord is the reason in one word.
func whyNotWord(whyNot string) string {
	switch whyNot {
	case "unverified":
		return "not verified"
	case "suspect", "void", "test", "undone":
		return whyNot
	default:
		return "unknown reason"
	}
}

// whyNotSentence says in plain words why a rating is left out of every figure.
func whyNotSentence(whyNot string) string {
	switch whyNot {
	case "unverified":
		return "We do not know yet whether this person belongs to the conversation."
	case "suspect":
		return "A mail scanner may have given it, not the customer. Details say why."
	case "void":
		return "A teammate took it out of the figures."
	case "test":
		return "It was given in test mode."
	case "undone":
		return "The customer replaced it within the undo time."
	default:
		return ""
	}
}
