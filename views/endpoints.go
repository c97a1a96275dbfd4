package views

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rerate/views/ui"
)

// EndpointsProps is the list of who is told of ratings.
type EndpointsProps struct {
	Page        Page
	Alerts      []EndpointRow
	Webhooks    []EndpointRow
	UndoMinutes int
}

// EndpointRow is one endpoint and what has come of it.
type EndpointRow struct {
	ID, Name     string
	Kind         string // "events", "slack" or "alert"
	Shown        string // what of the address may be looked at
	Events       []string
	Low, Worse   bool
	WithRemark   bool
	PerHour      int
	Paused       bool
	PausedWhy    string    // why Rerate paused it by itself
	FailingSince time.Time // zero: what was sent last has arrived
	BothUntil    time.Time // until when the secret before signs, too
	CreatedAt    time.Time
	CreatedBy    string

	Done, Waiting, Failed int
}

// EndpointProps is the page of one endpoint, or of a new one. Its form posts to /settings/webhooks/new or
// /settings/webhooks/{id}.
type EndpointProps struct {
	Page     Page
	Endpoint EndpointRow // an empty ID: a new one
	Form     EndpointForm
	Errors   map[string]string // by field
	Secret   string            // just made, shown this once
	Added    bool              // the endpoint was just made

	UndoMinutes int
	MaxName     int
	MostPerHour int

	State      string // of the deliveries listed: "" for all
	Deliveries []DeliveryRow
	Watch      bool // something is being sent now
	FirstHref  string
	NextHref   string
}

// EndpointForm is the form as stored, without the address, or as it was sent.
type EndpointForm struct {
	Kind, Name, URL string
	Events          []string
	Low, Worse      bool
	WithRemark      bool
	PerHour         string
}

// DeliveryRow is one message to the endpoint.
type DeliveryRow struct {
	ID, Type string
	RatingID string
	State    string // "waiting", "done", "failed", "skipped" or "gathered"
	Detail   string
	Tries    int
	At       time.Time
	NextAt   time.Time // of the next try; zero: there is none
	Retry    bool      // it may be tried again now
}

func (r EndpointRow) path() string { return "/settings/webhooks/" + url.PathEscape(r.ID) }

func (r EndpointRow) alerts() bool { return r.Kind != "events" }

func (r EndpointRow) signed() bool { return r.Kind != "slack" }

// state is the kind and the words of its tag.
func (r EndpointRow) state() (kind, words string) {
	switch {
	case r.Paused && r.PausedWhy != "":
		return "negative", "Paused by Rerate"
	case r.Paused:
		return "muted", "Paused"
	case !r.FailingSince.IsZero():
		return "warning", "Failing"
	}
	return "positive", "Active"
}

// rule says in words what it is told of.
func (r EndpointRow) rule() string {
	if !r.alerts() {
		var events []string
		for _, e := range eventWords {
			if slices.Contains(r.Events, e.Value) {
				events = append(events, e.Value)
			}
		}
		return strings.Join(events, ", ")
	}
	var of []string
	if r.Low {
		of = append(of, "low ratings")
	}
	if r.Worse {
		of = append(of, "ratings below the first")
	}
	words := strings.Join(of, " and ")
	if r.WithRemark {
		words += " with a remark"
	}
	return "For " + words + ", " + strconv.Itoa(r.PerHour) + " an hour at most"
}

func (p EndpointProps) isNew() bool { return p.Endpoint.ID == "" }

func (p EndpointProps) title() string {
	switch {
	case !p.isNew():
		return p.Endpoint.Name
	case p.Endpoint.Kind == "slack":
		return "Alert in a Slack channel"
	case p.Endpoint.Kind == "alert":
		return "Alert to another address"
	}
	return "New webhook"
}

func (p EndpointProps) action() string {
	if p.isNew() {
		return "/settings/webhooks/new?kind=" + url.QueryEscape(p.Endpoint.Kind)
	}
	return p.Endpoint.path()
}

func (p EndpointProps) saveLabel() string {
	switch {
	case !p.isNew():
		return "Save"
	case p.Endpoint.alerts():
		return "Add the alert"
	}
	return "Add the webhook"
}

func (p EndpointProps) discardHref() string {
	if p.isNew() {
		return "/settings/webhooks"
	}
	return p.Endpoint.path()
}

// urlHint says where the address comes from.
func (p EndpointProps) urlHint() string {
	hint := map[string]string{
		"slack":  "In Slack: Apps, Incoming Webhooks, add to a channel, copy the address. It begins with https://hooks.slack.com/.",
		"alert":  "An https address that takes a signed JSON message.",
		"events": "An https address of your program. It answers with any status from 200 to 299 within ten seconds.",
	}[p.Endpoint.Kind]
	if !p.isNew() {
		hint = "Now " + p.Endpoint.Shown + ". Leave this empty to keep it."
	}
	return hint
}

func (p EndpointProps) unsaved() string {
	if len(p.Errors) > 0 {
		return "changed"
	}
	return ""
}

// wrongs lists what was refused, in the order of the form.
func (p EndpointProps) wrongs() []ui.Wrong {
	var all []ui.Wrong
	for _, f := range []struct{ name, label string }{
		{"form", ""}, {"kind", ""}, {"name", "Name"}, {"url", "Address"}, {"events", "Events"}, {"low", "Ratings"}, {"per_hour", "Messages in an hour"},
	} {
		if text := p.Errors[f.name]; text != "" {
			wrong := ui.Wrong{Label: f.label, Text: text}
			if f.label != "" {
				wrong.ID = f.name
			}
			all = append(all, wrong)
		}
	}
	return all
}

// events are the kinds of events with what they mean.
var eventWords = []ui.Choice{
	{Value: "rating.created", Label: "A rating", Hint: "A customer has rated, and the time to undo it is over."},
	{Value: "rating.remarked", Label: "A later remark", Hint: "A remark has come after its rating was told of. One that comes before is part of that."},
	{Value: "rating.left_out", Label: "Left out", Hint: "A rating that counted is left out of the figures."},
	{Value: "rating.counted", Label: "Counted again", Hint: "An admin has a rating counted that was left out."},
}

func (f EndpointForm) wants(event string) string { return boolean(slices.Contains(f.Events, event)) }

// told says how long it takes until a rating is told of.
func told(undoMinutes int) string {
	if undoMinutes == 0 {
		return "as soon as it is stored"
	}
	return "once the undo time of " + count(undoMinutes, "minute", "minutes") + " is over"
}

// intro says when others hear of a rating, and why not sooner.
func (p EndpointsProps) intro() string {
	words := "People and programs outside hear of a rating " + told(p.UndoMinutes)
	if p.UndoMinutes == 0 {
		return words + "."
	}
	return words + ", so that nobody is told of a tap that the customer took back."
}

// what says in words what a message is about.
func (d DeliveryRow) what() string {
	for _, c := range eventWords {
		if c.Value == d.Type {
			return c.Label
		}
	}
	switch d.Type {
	case "alert.rating":
		return "Alert"
	case "alert.summary":
		return "Summary of an hour"
	case "test":
		return "Test"
	}
	return d.Type
}

func (d DeliveryRow) ratingPath() string { return "/ratings/" + url.PathEscape(d.RatingID) }

func (d DeliveryRow) retryPath() string {
	return "/settings/webhooks/deliveries/" + url.PathEscape(d.ID) + "/retry"
}

func (d DeliveryRow) tries() string { return count(d.Tries, "try", "tries") }

func (p EndpointProps) deliveryTabs() []ui.Tab {
	tabs := []ui.Tab{{Label: "All", Href: p.Endpoint.path() + "#deliveries", Current: p.State == ""}}
	for _, t := range []ui.Choice{{Value: "waiting", Label: "Waiting"}, {Value: "done", Label: "Arrived"}, {Value: "failed", Label: "Failed"}} {
		tabs = append(tabs, ui.Tab{Label: t.Label, Href: p.Endpoint.path() + "?state=" + t.Value + "#deliveries", Current: p.State == t.Value})
	}
	return tabs
}

// watch has the list loaded again while something is being sent.
func (p EndpointProps) watch() templ.Attributes {
	if !p.Watch {
		return nil
	}
	return templ.Attributes{
		"hx-get": p.Endpoint.path() + "?state=" + p.State, "hx-trigger": "every 2s", "hx-target": "#sent", "hx-select": "#sent", "hx-swap": "outerHTML",
	}
}

// stoppedWords say what Rerate has paused by itself.
func (p Page) stoppedWords() string {
	if p.Stopped == 1 {
		return "A webhook or alert has been paused, since nothing arrives there."
	}
	return strconv.Itoa(p.Stopped) + " webhooks and alerts have been paused, since nothing arrives there."
}

func (p EndpointProps) formTitle() string {
	if p.isNew() {
		return "Where and what"
	}
	return "Settings"
}

func (p EndpointProps) deleteLabel() string {
	if p.Endpoint.alerts() {
		return "Delete the alert"
	}
	return "Delete the webhook"
}

// bothSign says whether the secret before still signs.
func (p EndpointProps) bothSign() bool { return p.Endpoint.BothUntil.After(p.Page.Now) }
