package ui

// Confirmation is a question before an act: what its button says, what the dialog says, and where it is sent.
type Confirmation struct {
	ID     string // of the dialog; unique on the page
	Label  string // on the button that opens it: "Revoke"
	Name   string // the button's full name for screen readers, where the label alone does not say of what; "" is the label
	Class  string // further classes of the button
	Title  string // a question: "Revoke this key?"
	Text   string // what will happen
	Do     string // on the button that does it: "Revoke the key"
	Action string // the address that it is posted to
}
