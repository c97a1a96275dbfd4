package intercomtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// callsView is the log of calls and the switches of misbehaviour.
type callsView struct {
	At       place
	Calls    []Call // newest first
	More     int    // older ones that are not shown
	Waiting  int    // webhooks
	Faults   []Fault
	Webhooks []WebhookFault
	Canvases []CanvasFault
	Quirks   Quirks
	Clock    wallClock
	AppName  string
}

const shownCalls = 200

var restFaults = []choice{{Slow, "slow"}, {Hang, "hang until told to behave"}, {Fail, "fail with a status"}, {Reset, "drop the connection"}, {RateLimit, "rate limited (429)"}}

var webhookFaults = []choice{{Twice, "send twice"}, {Lose, "never send"}, {Backwards, "newest first"}, {Hold, "hold back until told to behave"}}

var canvasFaults = []choice{{Fail, "fail with 500"}, {Slow, "slow"}}

type choice struct{ Value, Words string }

// quirkSwitches are the quirks that are on or off, in the words of the form.
var quirkSwitches = []struct {
	Name, Words string
	Field       func(*Quirks) *bool
}{
	{"conversation_id_string", "Conversation ids in a card's context are strings", func(q *Quirks) *bool { return &q.ConversationIDAsString }},
	{"american_colour", "Colours in a card's context are spelled color", func(q *Quirks) *bool { return &q.AmericanColour }},
	{"wrapped_canvas", "The current canvas is wrapped once more", func(q *Quirks) *bool { return &q.WrappedCurrentCanvas }},
	{"inbox_context", "Inbox requests carry a context", func(q *Quirks) *bool { return &q.InboxContext }},
	{"operator_at_run_time", "A running workflow's card says location operator", func(q *Quirks) *bool { return &q.OperatorAtRunTime }},
	{"teammates_key", "Teammates stand under the key teammates, not admins", func(q *Quirks) *bool { return &q.TeammatesKey }},
	{"null_statistics", "Conversations have no statistics", func(q *Quirks) *bool { return &q.NullStatistics }},
	{"admin_comment_reopens", "A teammate's reply opens a closed conversation", func(q *Quirks) *bool { return &q.AdminCommentReopens }},
	{"bot_close_silent", "A close by a workflow sends no webhook", func(q *Quirks) *bool { return &q.BotCloseIsSilent }},
	{"silent_remark", "A changed native rating sends no webhook", func(q *Quirks) *bool { return &q.SilentRemark }},
	{"unsigned_uninstall", "The uninstall notice is not signed", func(q *Quirks) *bool { return &q.UnsignedUninstall }},
}

var callsActs = map[string]func(*pages, *visit) error{
	"misbehave": (*pages).misbehave,
	"webhooks":  (*pages).misbehaveWebhooks,
	"canvases":  (*pages).misbehaveCanvases,
	"behave":    func(p *pages, _ *visit) error { p.Behave(); return nil },
	"quirks":    (*pages).setQuirks,
	"deliver":   func(p *pages, v *visit) error { p.DeliverNow(v.ctx); return nil },
	"forget":    func(p *pages, _ *visit) error { p.ForgetCalls(); return nil },
}

func (p *pages) log(v *visit) callsView {
	view := callsView{At: v.at, Calls: p.Calls(), Waiting: p.Waiting(), Quirks: p.quirks()}
	view.Faults, view.Webhooks = p.Faults()
	view.Canvases, view.Clock, view.AppName = p.CanvasFaults(), p.clockOf(v.at.Workspace), p.Options().AppName
	slices.Reverse(view.Calls)
	if len(view.Calls) > shownCalls {
		view.More = len(view.Calls) - shownCalls
		view.Calls = view.Calls[:shownCalls]
	}
	return view
}

func (p *pages) quirks() Quirks {
	p.Server.mu.Lock()
	defer p.Server.mu.Unlock()
	return p.opts.Quirks
}

func (p *pages) misbehave(v *visit) error {
	f := Fault{Kind: v.form.Get("kind"), Method: v.form.Get("method"), Path: strings.TrimSpace(v.form.Get("path")), AfterWork: v.form.Has("after_work")}
	if !offered(restFaults, f.Kind) {
		return errors.New("choose how REST is to misbehave")
	}
	var err error
	if f.Times, err = wholeNumber(v, "times", 0, 1000); err != nil {
		return err
	}
	if f.Status, err = wholeNumber(v, "status", http.StatusBadRequest, 599); err != nil {
		return err
	}
	seconds, err := wholeNumber(v, "seconds", 0, 600)
	if err != nil {
		return err
	}
	f.Delay = time.Duration(seconds) * time.Second
	p.Misbehave(f)
	return nil
}

func (p *pages) misbehaveWebhooks(v *visit) error {
	f := WebhookFault{Kind: v.form.Get("kind"), Topic: v.form.Get("topic")}
	if !offered(webhookFaults, f.Kind) {
		return errors.New("choose how webhooks are to misbehave")
	}
	var err error
	f.Times, err = wholeNumber(v, "times", 0, 1000)
	if err == nil {
		p.MisbehaveWebhooks(f)
	}
	return err
}

func (p *pages) misbehaveCanvases(v *visit) error {
	f := CanvasFault{Kind: v.form.Get("kind")}
	if !offered(canvasFaults, f.Kind) {
		return errors.New("choose how cards are to misbehave")
	}
	var err error
	if f.Times, err = wholeNumber(v, "times", 0, 1000); err != nil {
		return err
	}
	seconds, err := wholeNumber(v, "seconds", 0, 600)
	if err != nil {
		return err
	}
	f.Delay = time.Duration(seconds) * time.Second
	p.MisbehaveCanvas(f)
	return nil
}

func (p *pages) setQuirks(v *visit) error {
	q := p.quirks()
	for _, s := range quirkSwitches {
		*s.Field(&q) = v.form.Has(s.Name)
	}
	p.SetQuirks(q)
	return nil
}

func offered(list []choice, value string) bool {
	return slices.ContainsFunc(list, func(c choice) bool { return c.Value == value })
}

// wholeNumber reads a whole number; an empty field is the zero value.
func wholeNumber(v *visit, field string, least, most int) (int, error) {
	text := strings.TrimSpace(v.form.Get(field))
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s must be a number from %d to %d", field, least, most)
	}
	return n, nil
}

// direction says who called whom.
func direction(c Call) string {
	if c.Incoming {
		return "app → Intercom"
	}
	return "Intercom → app"
}

// callName says what a call is about.
func callName(c Call) string {
	switch c.Path {
	case messengerInitialize:
		return "A new card"
	case messengerSubmit:
		return "A card is used"
	case messengerConfigure:
		return "A card is set up"
	case inboxInitialize:
		return "The sidebar is opened"
	case inboxSubmit:
		return "The sidebar is used"
	}
	return cmp.Or(c.Topic, callKinds[c.Kind], c.Kind)
}

var callKinds = map[string]string{
	KindREST: "REST", KindOAuth: "OAuth", KindCanvas: "A live card", KindWebhook: "Webhook", KindUninstall: "Uninstalled", KindHealth: "Health check",
}

// outcome is what came of a call, in words.
func outcome(c Call) string {
	switch {
	case c.Problem != "":
		return c.Problem
	case c.Status == 0:
		return "no answer"
	case c.Status >= http.StatusBadRequest:
		return "refused: " + http.StatusText(c.Status)
	}
	return "fine"
}

func failed(c Call) bool {
	return c.Problem != "" || c.Status == 0 || c.Status >= http.StatusBadRequest
}

// readable indents JSON; anything else stays as it is.
func readable(body []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") != nil {
		return string(body)
	}
	return b.String()
}

// inWords describes a fault that is set.
func (f Fault) inWords() string {
	words := f.Kind
	switch f.Kind {
	case Slow:
		words += " by " + f.Delay.String()
	case Fail:
		if f.Status != 0 {
			words += " with " + strconv.Itoa(f.Status)
		}
	}
	if f.AfterWork {
		words += ", after the work is done"
	}
	return words + ": " + strings.TrimSpace(cmp.Or(f.Method, "every method")+" "+cmp.Or(f.Path, "every path")) + times(f.Times)
}

func (f WebhookFault) inWords() string {
	return f.Kind + ": " + cmp.Or(f.Topic, "every topic") + times(f.Times)
}

func (f CanvasFault) inWords() string {
	if f.Kind == Slow {
		return "slow by " + f.Delay.String() + times(f.Times)
	}
	return "fail with 500" + times(f.Times)
}

func times(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d more times", n)
}
