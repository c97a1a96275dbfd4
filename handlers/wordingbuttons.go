package handlers

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"rerate/models"
)

// press does what a button of the editor says to the form; nothing is stored. ok is false for a button that is not there.
func press(e wordingEdit, button string) (next wordingEdit, ok bool) {
	do, args, _ := strings.Cut(button, ".")
	first, second, _ := strings.Cut(args, ".")
	switch do {
	case "preview":
	case "add_option":
		e.wording = e.wording.AddOption()
		e.focus = optionField(len(e.wording.Options)-1, "label")
		e.said = fmt.Sprintf("A choice was added at place %d.", len(e.wording.Options))
	case "remove_option":
		e = removeOption(e, place(first))
	case "move_option":
		e = moveOption(e, place(first), place(second))
	case "scale", "replace":
		return useScale(e, args, do == "replace")
	case "add_locale":
		e = addLocale(e)
	case "remove_locale":
		if at := place(first); at >= 0 && at < len(e.wording.Locales) {
			tag := tags(e.wording)[at]
			e.wording = e.wording.RemoveLocale(tag)
			e.said, e.focus = "The language "+tag+" was removed.", "add-locale"
		}
	case "keep_mine":
		e.seen = models.WordingSeen{Version: max(0, place(first)), Draft: second}
		e.said = "What is in the form is kept. Save or publish it."
	default:
		return e, false
	}
	e.look = lookAgain(e)
	return e, true
}

// place reads a number that counts from 0; -1 is none.
func place(number string) int {
	n, err := strconv.Atoi(number)
	if err != nil {
		return -1
	}
	return n
}

// lookAgain keeps the preview on what is still there.
func lookAgain(e wordingEdit) wordingLook {
	if _, ok := e.wording.Locales[e.look.locale]; !ok {
		e.look.locale = ""
	}
	e.look.tapped = min(e.look.tapped, len(e.wording.Options))
	return e.look
}

func optionField(i int, part string) string { return fmt.Sprintf("option.%d.%s", i, part) }

// optionName is what a choice is called in a sentence that is read aloud.
func optionName(e wordingEdit, i int) string {
	return cmp.Or(e.wording.Options[i].Label, fmt.Sprintf("Choice %d", i+1))
}

func removeOption(e wordingEdit, at int) wordingEdit {
	if at < 0 || at >= len(e.wording.Options) {
		return e
	}
	e.said = optionName(e, at) + " was removed."
	e.wording = e.wording.RemoveOption(at)
	e.focus = optionField(max(0, min(at, len(e.wording.Options)-1)), "label")
	return e
}

// moveOption moves a choice; the focus stays on the button that moved it, in the row's new place.
func moveOption(e wordingEdit, from, to int) wordingEdit {
	size := len(e.wording.Options)
	if from < 0 || from >= size {
		return e
	}
	name, button := optionName(e, from), "down"
	if to < from {
		button = "up"
	}
	if to < 0 || to >= size {
		e.said, e.focus = fmt.Sprintf("%s is at place %d of %d already.", name, from+1, size), fmt.Sprintf("%s-%d", button, from)
		return e
	}
	e.wording = e.wording.MoveOption(from, to)
	e.said, e.focus = fmt.Sprintf("%s moved to place %d of %d.", name, to+1, size), fmt.Sprintf("%s-%d", button, to)
	return e
}

// addLocale adds the language that was chosen or whose code was typed.
func addLocale(e wordingEdit) wordingEdit {
	tag := cmp.Or(e.newCode, e.newLocale)
	added, problem := e.wording.AddLocale(tag)
	if problem != "" {
		e.errs["new_locale_code"], e.focus, e.said = problem, "new_locale_code", problem
		return e
	}
	e.wording, e.newLocale, e.newCode = added, "", ""
	for i, known := range tags(added) {
		if strings.EqualFold(known, strings.ReplaceAll(tag, "_", "-")) {
			e.focus, e.look.locale = fmt.Sprintf("locale.%d.question", i), known
			e.said = "The language " + known + " was added."
		}
	}
	return e
}
