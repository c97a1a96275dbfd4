package views

import (
	"time"

	"rerate/views/ui"
)

// Customer is what Intercom knows of who gave a rating.
type Customer struct {
	ID           string
	Name         string
	Email        string
	Role         string // "user" or "lead"
	Locale       string // "fr", "pt-BR"
	Location     string
	Unsubscribed bool
	SignedUpAt   time.Time
	SeenAt       time.Time
	IntercomURL  string
	RatingsHref  string // all ratings of theirs
	FileHref     string // everything that is stored of them, for admins
	EraseAction  string // erases it; empty where there is nothing to erase

	Companies  []CustomerCompany
	Attributes Attributes
	Events     []CustomerEvent
	Segments   []ui.Choice // ids and names

	ReadAt  time.Time  // when Intercom was last asked; zero: never
	Nothing WhyUnknown // "" where Intercom has told something
}

// WhyUnknown says why there is nothing to show of a customer.
type WhyUnknown string

// The reasons.
const (
	NotToldYet  WhyUnknown = "not_told"
	Gone        WhyUnknown = "gone"
	Erased      WhyUnknown = "erased"
	NobodyNamed WhyUnknown = "nobody"
)

// CustomerCompany is a company of a customer.
type CustomerCompany struct {
	Name, Plan, Href string
	Size             int
}

// CustomerEvent is something that a customer did: how often in all, and when last.
type CustomerEvent struct {
	Name   string
	Count  int
	LastAt time.Time
}

// erasing says what goes and what stays.
func (c Customer) erasing() ui.Confirmation {
	return ui.Confirmation{
		ID: "erase-customer", Label: "Erase…", Name: "Erase this customer", Class: "btn-sm btn-danger", Title: "Erase this customer?",
		Text: "Name, addresses, profile, companies and events go, and so does every word of theirs: remarks, feedback, e-mail subjects, and what the team replied from here. " +
			"Scores stay as counts, so no figure changes. Nothing is stored of them again, and it cannot be undone. Intercom keeps what it has.",
		Do: "Erase for good", Action: c.EraseAction,
	}
}

// words say why there is nothing.
func (w WhyUnknown) words() string {
	switch w {
	case Gone:
		return "Intercom does not have this person any more, or has archived them, so nothing is kept of what it knew."
	case Erased:
		return "This person was erased, by an admin here or because Intercom deleted them. Name, address and every word of theirs are gone; the scores stay as counts."
	case NobodyNamed:
		return "It is not known who gave this rating."
	case NotToldYet:
	}
	return "Intercom has not told anything of this person yet. Rerate asks when they take part in a conversation, once a day at most."
}

// How many attributes and events stand open; the others are folded.
const (
	attributesOpen = 6
	eventsOpen     = 5
)

// open and folded are the two parts of attributes.
func (a Attributes) open() []Attribute   { return a.Shown[:min(len(a.Shown), attributesOpen)] }
func (a Attributes) folded() []Attribute { return a.Shown[min(len(a.Shown), attributesOpen):] }

// hidden is how many are folded or not here at all.
func (a Attributes) hidden() int { return len(a.folded()) + a.More }

func (c Customer) eventsOpen() []CustomerEvent {
	return c.Events[:min(len(c.Events), eventsOpen)]
}

func (c Customer) eventsFolded() []CustomerEvent {
	return c.Events[min(len(c.Events), eventsOpen):]
}

// times says how often: "once", "3 times".
func (e CustomerEvent) times() string {
	if e.Count == 1 {
		return "once"
	}
	return grouped(e.Count) + " times"
}

// roleWords say what a customer is to Intercom.
func (c Customer) roleWords() string {
	switch c.Role {
	case "user":
		return "User"
	case "lead":
		return "Lead"
	}
	return c.Role
}

// subscription says where e-mail does not reach somebody.
func (c Customer) subscription() string {
	if c.Unsubscribed {
		return "does not want it, or it does not arrive"
	}
	return ""
}
