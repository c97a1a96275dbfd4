package draw

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"rerate/internal/intercom/canvas"
)

// Names of a drawn canvas's form controls. An option of a single-select with an action is a button named tapOption and the select's id,
// any other submitting component one named tapComponent; a field is named fieldValue and its id.
const (
	tapComponent = "component_id"
	tapOption    = "option:"
	fieldValue   = "input:"
)

// ErrNotOffered is for a form of an older canvas, or one that nobody drew.
var ErrNotOffered = errors.New("the card has changed meanwhile and no longer offers that; look at it again")

// Answers reads a post of a drawn canvas: the id of the component that was used and Intercom's input_values, by component id: a string,
// or a []string for a checkbox. Fields that take no input give the value they show; a select without a choice gives none.
// What the canvas does not offer is refused.
func Answers(c canvas.Content, form url.Values) (component string, values map[string]any, err error) {
	values = map[string]any{}
	for _, comp := range c.Components {
		if err := answer(comp, form, values); err != nil {
			return "", nil, err
		}
		if tapped(comp, form) {
			component = form.Get(tapComponent)
		}
		if s, ok := comp.(canvas.SingleSelect); ok && chosenByTap(s, form) {
			component = s.ID
		}
	}
	if component == "" {
		return "", nil, ErrNotOffered
	}
	return component, values, nil
}

// tapped says whether the form names this component, or an item of it, and it may be used.
func tapped(comp canvas.Component, form url.Values) bool {
	id := form.Get(tapComponent)
	switch v := comp.(type) {
	case canvas.Button:
		return v.ID == id && submits(v.Action) && !v.Disabled
	case canvas.Input:
		return v.ID == id && submits(v.Action) && !locked(v.Disabled, v.SaveState)
	case canvas.List:
		return !v.Disabled && slices.ContainsFunc(v.Items, func(i canvas.Item) bool {
			return i.ID == id && submits(i.Action) && !i.Disabled
		})
	}
	return false
}

func chosenByTap(s canvas.SingleSelect, form url.Values) bool {
	return submits(s.Action) && !locked(s.Disabled, s.SaveState) && form.Has(tapOption+s.ID)
}

// answer adds the value of one component, if it has one.
func answer(comp canvas.Component, form url.Values, values map[string]any) error {
	switch v := comp.(type) {
	case canvas.SingleSelect:
		posted := form[fieldValue+v.ID]
		if chosenByTap(v, form) {
			posted = form[tapOption+v.ID]
		}
		return chooseOne(values, v.ID, v.Value, v.Options, posted, locked(v.Disabled, v.SaveState))
	case canvas.Dropdown:
		return chooseOne(values, v.ID, v.Value, v.Options, form[fieldValue+v.ID], locked(v.Disabled, v.SaveState))
	case canvas.Checkbox:
		return tick(values, v, form[fieldValue+v.ID])
	case canvas.Input:
		values[v.ID] = written(v.Value, form[fieldValue+v.ID], locked(v.Disabled, v.SaveState))
	case canvas.TextArea:
		values[v.ID] = written(v.Value, form[fieldValue+v.ID], v.Disabled)
	}
	return nil
}

// tick keeps what is ticked and cannot be changed, and adds what was posted.
func tick(values map[string]any, c canvas.Checkbox, posted []string) error {
	ticked := []string{}
	for _, id := range c.Value {
		if locked(c.Disabled, c.SaveState) || !offers(c.Options, id) {
			ticked = append(ticked, id)
		}
	}
	for _, id := range posted {
		if locked(c.Disabled, c.SaveState) || !offers(c.Options, id) {
			return fmt.Errorf("%s: %w", c.ID, ErrNotOffered)
		}
		ticked = append(ticked, id)
	}
	values[c.ID] = ticked
	return nil
}

func chooseOne(values map[string]any, id, shown string, options []canvas.Option, posted []string, locked bool) error {
	choice := shown
	if !locked && len(posted) > 0 {
		choice = posted[0]
	}
	if choice == "" {
		return nil
	}
	if choice != shown && (locked || !offers(options, choice)) {
		return fmt.Errorf("%s: %w", id, ErrNotOffered)
	}
	values[id] = choice
	return nil
}

func offers(options []canvas.Option, id string) bool {
	return slices.ContainsFunc(options, func(o canvas.Option) bool { return o.ID == id && !o.Disabled })
}

func written(shown string, posted []string, locked bool) string {
	if locked || len(posted) == 0 {
		return shown
	}
	return strings.ReplaceAll(posted[0], "\r\n", "\n") // forms post lines with CRLF, the Messenger does not
}
