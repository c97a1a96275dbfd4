package handlers

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"rerate/internal/segment"
	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

// segmentEdit is the form of a segment between two buttons.
type segmentEdit struct {
	stored  models.Segment // an empty ID: a new one
	segment models.Segment // as the form has it
	errs    map[string]string
	refused bool
	changed bool
}

func firstCondition() segment.Condition {
	return segment.Condition{Field: "role", Operator: "is", Value: "user"}
}

// mostConditions bounds what a form may hold; how many may be saved is less.
const mostConditions = 40

// readSegment reads the form over a stored segment, whose switches it leaves alone.
func readSegment(sent url.Values, stored models.Segment) models.Segment {
	s := stored
	s.Name, s.Subject, s.Body = strings.TrimSpace(sent.Get("name")), strings.TrimSpace(sent.Get("subject")), strings.TrimSpace(sent.Get("body"))
	s.Channel = models.MessageChannel(sent.Get("channel"))
	s.Rules = segment.Rules{Any: sent.Get("match") == "any", Conditions: []segment.Condition{}}
	n, _ := strconv.Atoi(sent.Get("conditions"))
	for i := range min(max(n, 0), mostConditions) {
		part := func(name string) string { return sent.Get(fmt.Sprintf("conditions.%d.%s", i, name)) }
		s.Rules.Conditions = append(s.Rules.Conditions, segment.Condition{
			Field: part("field"), Name: part("name"), Operator: part("operator"), Value: part("value"),
		})
	}
	return s
}

// press changes the form by a button; false for a button that there is not.
func (e *segmentEdit) press(do string) bool {
	conditions := &e.segment.Rules.Conditions
	switch number, removes := strings.CutPrefix(do, "remove."); {
	case do == "preview":
	case do == "add":
		if len(*conditions) < mostConditions {
			*conditions = append(*conditions, firstCondition())
		}
	case removes:
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(*conditions) {
			return false
		}
		*conditions = slices.Delete(*conditions, i, i+1)
	default:
		return false
	}
	for i := range *conditions {
		fit(&(*conditions)[i])
	}
	return true
}

// fit gives a condition whose field was changed the first way to compare that the field knows, and a value that it can have.
func fit(c *segment.Condition) {
	field, ok := segment.FieldOf(c.Field)
	if !ok {
		return
	}
	if !slices.Contains(field.Operators, c.Operator) {
		c.Operator, c.Value = field.Operators[0], ""
	}
	if field.Choices != nil && !slices.ContainsFunc(field.Choices, func(choice segment.Choice) bool { return choice.Value == c.Value }) {
		c.Value = field.Choices[0].Value
	}
}

// form fills the page's form, with what each part of a condition can be.
func (e segmentEdit) form() views.SegmentForm {
	s := e.segment
	form := views.SegmentForm{Name: s.Name, Any: s.Rules.Any, Channel: string(s.Channel), Subject: s.Subject, Body: s.Body}
	for _, c := range s.Rules.Conditions {
		form.Conditions = append(form.Conditions, conditionForm(c))
	}
	return form
}

var valueTypes = map[segment.Kind]string{
	segment.None: "", segment.Text: "text", segment.Number: "number", segment.Days: "days", segment.Date: "date",
}

func conditionForm(c segment.Condition) views.ConditionForm {
	field, _ := segment.FieldOf(c.Field)
	operator, _ := segment.OperatorOf(c.Operator)
	form := views.ConditionForm{
		Field: c.Field, Name: c.Name, Operator: c.Operator, Value: c.Value, Named: field.Named, ValueType: valueTypes[operator.Kind],
	}
	for _, f := range segment.Fields {
		form.Fields = append(form.Fields, ui.Choice{Value: f.ID, Label: f.Label})
	}
	for _, id := range field.Operators {
		o, _ := segment.OperatorOf(id)
		form.Operators = append(form.Operators, ui.Choice{Value: o.ID, Label: o.Label})
	}
	for _, choice := range field.Choices {
		form.Choices = append(form.Choices, ui.Choice{Value: choice.Value, Label: choice.Label})
	}
	return form
}
