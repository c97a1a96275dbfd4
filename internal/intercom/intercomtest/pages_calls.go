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
	Limit    int // REST calls in 10 seconds
}

const shownCalls = 200

var restFaults = []choice{{Slow, "slow"}, {Hang, "hang until told to behave"}, {Fail, "fail with a status"}, {Reset, "drop the connection"}, {RateLimit, "rate limited (429)"}}

var webhookFaults = []choice{{Twice, "send twice"}, {Lose, "never send"}, {Late, "send late"}, {Backwards, "newest first"}, {Hold, "hold back until told to behave"}}

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
	{"quick_reply_keeps_closed", "A taken quick reply leaves a closed conversation closed", func(q *Quirks) *bool { return &q.QuickReplyKeepsClosed }},
	{"bot_close_silent", "A close by a workflow sends no webhook", func(q *Quirks) *bool { return &q.BotCloseIsSilent }},
	{"silent_remark", "A changed native rating sends no webhook", func(q *Quirks) *bool { return &q.SilentRemark }},
	{"unsigned_uninstall", "The uninstall notice is not signed", func(q *Quirks) *bool { return &q.UnsignedUninstall }},
}

// emptyRatings and personKeys are the forms of Quirks.EmptyRating and Quirks.PersonKey.
var (
	emptyRatings = []choice{{"", "null"}, {"fields", "an object of nulls"}, {"absent", "left out"}}
	personKeys   = []choice{{"", "as documented"}, {"contact", "contact"}, {"customer", "customer"}, {"user", "user"}, {"all", "all three"}}
)

var callsActs = map[string]func(*pages, *visit) error{
	"misbehave": (*pages).misbehave,
	"webhooks":  (*pages).misbehaveWebhooks,
	"canvases":  (*pages).misbehaveCanvases,
	"preset":    (*pages).usePreset,
	"limit":     (*pages).setLimit,
	"behave":    func(p *pages, _ *visit) error { p.Behave(); return nil },
	"quirks":    (*pages).setQuirks,
	"deliver":   func(p *pages, v *visit) error { p.DeliverNow(v.ctx); return nil },
	"forget":    func(p *pages, _ *visit) error { p.ForgetCalls(); return nil },
}

func (p *pages) log(v *visit) callsView {
	view := callsView{At: v.at, Calls: p.Calls(), Waiting: p.Waiting(), Quirks: p.quirks()}
	view.Faults, view.Webhooks = p.Faults()
	view.Canvases, view.Clock, view.AppName = p.CanvasFaults(), p.clockOf(v.at.Workspace), p.Options().AppName
	view.Limit = p.Options().RateLimit
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
	header, known := oddHeaders[v.form.Get("header")]
	if !known {
		return errors.New("choose the headers of a 429 from the list")
	}
	f.Header = header
	p.Misbehave(f)
	return nil
}

func (p *pages) misbehaveWebhooks(v *visit) error {
	f := WebhookFault{Kind: v.form.Get("kind"), Topic: v.form.Get("topic")}
	if !offered(webhookFaults, f.Kind) {
		return errors.New("choose how webhooks are to misbehave")
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
	p.MisbehaveWebhooks(f)
	return nil
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
	lag, err := wholeNumber(v, "search_lag", 0, 3600)
	if err != nil {
		return err
	}
	if !offered(emptyRatings, v.form.Get("empty_rating")) || !offered(personKeys, v.form.Get("person")) {
		return errors.New("choose the forms from the lists")
	}
	q.SearchLag, q.EmptyRating, q.PersonKey = time.Duration(lag)*time.Second, v.form.Get("empty_rating"), v.form.Get("person")
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

// inWords says what a fault does, to which calls, and until when.
func (f Fault) inWords() string {
	var effect string
	switch f.Kind {
	case Slow:
		effect = "answered " + f.Delay.String() + " late"
	case Hang:
		effect = "not answered at all"
	case Reset:
		effect = "cut off"
	case RateLimit:
		effect = "refused with 429" + oddHeader(f.Header)
	default:
		effect = "refused with " + strconv.Itoa(cmp.Or(f.Status, http.StatusServiceUnavailable))
	}
	if f.AfterWork {
		effect += ", although the work is done"
	}
	return whichCalls(f.Times, strings.TrimSpace("REST call "+strings.TrimSpace(f.Method+" "+f.Path)), effect)
}

func (f WebhookFault) inWords() string {
	effect := map[string]string{
		Twice: "sent twice", Lose: "never sent", Hold: "held back", Late: "sent " + f.Delay.String() + " late", Backwards: "sent after those that follow it",
	}[f.Kind]
	if f.Kind == Backwards && f.Delay > 0 {
		effect = "kept for " + f.Delay.String() + " with the others, then sent newest first"
	}
	return whichCalls(f.Times, strings.TrimSpace("webhook "+f.Topic), effect)
}

func (f CanvasFault) inWords() string {
	effect := "answered with 500"
	if f.Kind == Slow {
		effect = "answered " + f.Delay.String() + " late"
	}
	return whichCalls(f.Times, "call for a card", effect)
}

// whichCalls is the sentence of a fault; 0 times is for as long as it lasts.
func whichCalls(times int, calls, effect string) string {
	switch times {
	case 0:
		return "Every " + calls + " is " + effect + ", until you press Behave again."
	case 1:
		return "The next " + calls + " is " + effect + "."
	}
	first, rest, _ := strings.Cut(calls, "call")
	if plural, ok := strings.CutPrefix(calls, "webhook"); ok {
		return fmt.Sprintf("The next %d webhooks%s are %s.", times, plural, effect)
	}
	return fmt.Sprintf("The next %d %scalls%s are %s.", times, first, rest, effect)
}

// preset is a fault that takes one click.
type preset struct {
	Name, Words, More string
	set               func(*Server)
}

var presets = []preset{
	{"down", "Intercom is down", "Every REST call gets 503.", func(s *Server) { s.Misbehave(Fault{Kind: Fail}) }},
	{"slow", "Intercom is slow", "REST answers 3 seconds late.", func(s *Server) { s.Misbehave(Fault{Kind: Slow, Delay: 3 * time.Second}) }},
	{"doubt", "Answers are lost", "The next 3 changes by REST are made, but the connection drops.", func(s *Server) {
		s.Misbehave(Fault{Kind: Reset, AfterWork: true, Method: http.MethodPost, Times: 3})
	}},
	{"many", "Too many calls", "The next 5 REST calls get 429, without the time to wait.", func(s *Server) {
		s.Misbehave(Fault{Kind: RateLimit, Times: 5, Header: oddHeaders["absent"]})
	}},
	{"twice", "Webhooks come twice", "Every one.", func(s *Server) { s.MisbehaveWebhooks(WebhookFault{Kind: Twice}) }},
	{"backwards", "Webhooks come out of order", "Gathered for 5 seconds, then the newest first.", func(s *Server) {
		s.MisbehaveWebhooks(WebhookFault{Kind: Backwards, Delay: 5 * time.Second})
	}},
	{"late", "Webhooks come late", "Each 20 seconds later.", func(s *Server) { s.MisbehaveWebhooks(WebhookFault{Kind: Late, Delay: 20 * time.Second}) }},
	{"lost", "Webhooks are lost", "The next 3 never come.", func(s *Server) { s.MisbehaveWebhooks(WebhookFault{Kind: Lose, Times: 3}) }},
	{"held", "Webhooks stop", "None comes before Intercom behaves again.", func(s *Server) { s.MisbehaveWebhooks(WebhookFault{Kind: Hold}) }},
	{"card", "The app breaks", "The next card gets 500.", func(s *Server) { s.MisbehaveCanvas(CanvasFault{Kind: Fail, Times: 1}) }},
	{"card-slow", "The app is slow", "The next card comes 3 seconds late.", func(s *Server) {
		s.MisbehaveCanvas(CanvasFault{Kind: Slow, Times: 1, Delay: 3 * time.Second})
	}},
}

func (p *pages) usePreset(v *visit) error {
	for _, one := range presets {
		if one.Name == v.form.Get("preset") {
			one.set(p.Server)
			return nil
		}
	}
	return errors.New("choose how Intercom is to misbehave")
}

// oddHeaders are rate limit headers as no document shows them. A name without values is left out of the answer.
var oddHeaders = map[string]http.Header{
	"":         nil,
	"absent":   {"X-Ratelimit-Limit": nil, "X-Ratelimit-Remaining": nil, "X-Ratelimit-Reset": nil},
	"past":     {"X-Ratelimit-Reset": {"1"}},
	"words":    {"X-Ratelimit-Reset": {"soon"}, "X-Ratelimit-Remaining": {"-1"}},
	"far":      {"X-Ratelimit-Reset": {"4102444800"}},
	"relative": {"X-Ratelimit-Reset": nil, "Retry-After": {"2"}},
}

var oddHeaderChoices = []choice{
	{"", "as documented"},
	{"absent", "no rate limit headers"},
	{"past", "reset in the past"},
	{"far", "reset in the year 2100"},
	{"words", "no numbers"},
	{"relative", "only Retry-After: 2"},
}

func oddHeader(h http.Header) string {
	for _, c := range oddHeaderChoices {
		if c.Value != "" && len(h) > 0 && fmt.Sprint(h) == fmt.Sprint(oddHeaders[c.Value]) {
			return " (" + c.Words + ")"
		}
	}
	return ""
}

func (p *pages) setLimit(v *visit) error {
	n, err := wholeNumber(v, "calls", 1, 1_000_000)
	if err != nil || n == 0 {
		return cmp.Or(err, errors.New("write how many calls"))
	}
	p.SetRateLimit(n)
	return nil
}
