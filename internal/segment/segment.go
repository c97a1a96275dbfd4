// Package segment decides who is in a segment: conditions on what is known of a person, and the one evaluation of them.
// Nothing here does I/O, and nothing of a person is looked up but what is handed in.
package segment

import "time"

// Person is what is known of a contact. Zero times and empty texts are unknown.
type Person struct {
	Role       string // user or lead
	Locale     string
	Email      string
	SignedUpAt time.Time
	LastSeenAt time.Time
	Attributes map[string]any // text, number (float64) or bool
	Companies  []Company
	Events     map[string]Event // by name
	Rating     string           // sentiment of the newest valid rating: negative, neutral or positive; empty: none
	AskedAt    time.Time        // when the contact was last asked for a rating
}

// Company is one company of a person.
type Company struct {
	Name       string
	Plan       string
	Size       int // 0: unknown
	Attributes map[string]any
}

// Event is what a person did: how often in all, and when last.
type Event struct {
	Count int
	Last  time.Time
}

// Rules are the conditions of a segment.
type Rules struct {
	Any        bool        `json:"any"` // one condition is enough; otherwise all must hold
	Conditions []Condition `json:"conditions"`
}

// Condition is one sentence about a person. Name is the attribute's or the event's, for fields that have one.
type Condition struct {
	Field    string `json:"field"`
	Name     string `json:"name,omitempty"`
	Operator string `json:"operator"`
	Value    string `json:"value,omitempty"`
}

// Field is something that conditions can ask about.
type Field struct {
	ID        string
	Label     string
	Named     string   // what the name is, such as "attribute"; empty: the field has none
	Operators []string // ids, the usual one first
	Choices   []Choice // the only values, where there are few
}

// Choice is one value of a field with few.
type Choice struct{ Value, Label string }

// Operator is a way to compare.
type Operator struct {
	ID    string
	Label string
	Kind  Kind // of the value
}

// Kind is what a value has to be.
type Kind int

// The kinds of values.
const (
	None Kind = iota // the operator needs no value
	Text             // compared without regard to letter case
	Number
	Days // a whole number of days
	Date // 2006-01-31, a day in UTC
)

// Operators lists every operator.
var Operators = []Operator{
	{"is", "is", Text},
	{"is_not", "is not", Text},
	{"contains", "contains", Text},
	{"contains_not", "does not contain", Text},
	{"starts_with", "starts with", Text},
	{"equals", "is the number", Number},
	{"more_than", "is more than", Number},
	{"less_than", "is less than", Number},
	{"within_days", "is within the last … days", Days},
	{"before_days", "is longer ago than … days", Days},
	{"next_days", "is within the next … days", Days},
	{"after", "is on or after", Date},
	{"before", "is before", Date},
	{"yes", "is yes", None},
	{"no", "is no", None},
	{"known", "is known", None},
	{"unknown", "is not known", None},
}

var (
	textOperators   = []string{"is", "is_not", "contains", "contains_not", "starts_with", "known", "unknown"}
	numberOperators = []string{"more_than", "less_than", "equals", "known", "unknown"}
	dateOperators   = []string{"within_days", "before_days", "after", "before", "known", "unknown"}
	choiceOperators = []string{"is", "is_not"}
	// An attribute may be of any kind, and the workspace knows which.
	everyOperator = []string{
		"is", "is_not", "contains", "contains_not", "starts_with", "more_than", "less_than", "equals", "within_days", "before_days",
		"next_days", "after", "before", "yes", "no", "known", "unknown",
	}
)

// Fields lists every field, in the order in which the editor offers them.
var Fields = []Field{
	{ID: "role", Label: "Kind of contact", Operators: choiceOperators, Choices: []Choice{{"user", "user"}, {"lead", "lead"}}},
	{ID: "locale", Label: "Language", Operators: textOperators},
	{ID: "email_domain", Label: "E-mail domain", Operators: textOperators},
	{ID: "signed_up", Label: "Signed up", Operators: dateOperators},
	{ID: "last_seen", Label: "Last seen", Operators: dateOperators},
	{ID: "attribute", Label: "Contact attribute", Named: "attribute", Operators: everyOperator},
	{ID: "company", Label: "Company name", Operators: textOperators},
	{ID: "plan", Label: "Company plan", Operators: textOperators},
	{ID: "company_size", Label: "Company size", Operators: numberOperators},
	{ID: "company_attribute", Label: "Company attribute", Named: "attribute", Operators: everyOperator},
	{ID: "event_count", Label: "Event, how often", Named: "event", Operators: []string{"more_than", "less_than", "equals"}},
	{ID: "event_last", Label: "Event, last time", Named: "event", Operators: dateOperators},
	{ID: "rating", Label: "Latest rating", Operators: choiceOperators, Choices: []Choice{
		{"negative", "negative"}, {"neutral", "neutral"}, {"positive", "positive"}, {"none", "none"},
	}},
	{ID: "asked", Label: "Last asked for a rating", Operators: dateOperators},
}

// FieldOf finds a field by its id.
func FieldOf(id string) (Field, bool) {
	for _, f := range Fields {
		if f.ID == id {
			return f, true
		}
	}
	return Field{}, false
}

// OperatorOf finds an operator by its id.
func OperatorOf(id string) (Operator, bool) {
	for _, o := range Operators {
		if o.ID == id {
			return o, true
		}
	}
	return Operator{}, false
}

// Needs says what has to be known of people to decide about them, beside their own attributes.
type Needs struct{ Companies, Events, Rating, Asked bool }

// Needs says what the conditions ask about.
func (r Rules) Needs() Needs {
	var n Needs
	for _, c := range r.Conditions {
		switch c.Field {
		case "company", "plan", "company_size", "company_attribute":
			n.Companies = true
		case "event_count", "event_last":
			n.Events = true
		case "rating":
			n.Rating = true
		case "asked":
			n.Asked = true
		}
	}
	return n
}

// And is what either needs.
func (n Needs) And(other Needs) Needs {
	return Needs{n.Companies || other.Companies, n.Events || other.Events, n.Rating || other.Rating, n.Asked || other.Asked}
}
