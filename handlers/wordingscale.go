package handlers

import "rerate/internal/rating"

// useScale replaces the choices by a scale to begin with. It asks first where somebody has written choices of their own.
func useScale(e wordingEdit, key string, sure bool) (next wordingEdit, ok bool) {
	scale, known := rating.ScaleOf(key)
	if !known {
		return e, false
	}
	if _, untouched := e.wording.BuiltInScale(); !untouched && !sure {
		e.asking, e.focus, e.said = key, "replace", "This replaces your choices. Are you sure?"
		return e, true
	}
	e.wording = e.wording.WithScale(scale)
	e.focus, e.said = "scales", "The choices were replaced."
	e.look = lookAgain(e)
	return e, true
}
