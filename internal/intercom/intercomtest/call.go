package intercomtest

import (
	"encoding/json"
	"time"

	"rerate/internal/intercom/canvas"
)

// Kinds of Call.
const (
	KindREST      = "rest"      // the app asked us
	KindOAuth     = "oauth"     // browser or app, on the way to a token
	KindCanvas    = "canvas"    // we asked the app: messenger or inbox, initialize, submit, configure, live
	KindWebhook   = "webhook"   // we told the app
	KindUninstall = "uninstall" // we told the app that it was removed
	KindHealth    = "health"    // we asked the app how it is
)

// Call is one HTTP exchange with the app, in either direction.
type Call struct {
	Number    int       // 1, 2, 3 … in the order in which the calls ended
	At        time.Time // by the sandbox's clock, when it began
	Took      time.Duration
	Incoming  bool // the app called the sandbox
	Kind      string
	Workspace string // "" when unknown, as for a bad token
	Method    string
	Path      string // with the query
	Status    int    // 0 when there was no answer
	Request   []byte
	Answer    []byte
	Topic     string // of a webhook
	Attempt   int    // of a webhook, 1 or 2
	Problem   string // why the exchange failed, in words; "" when it did not
}

// CanvasResult is what came of asking the app for a canvas.
type CanvasResult struct {
	Call    Call
	Card    Card            // the card after the answer; empty for the Inbox's sidebar and for configure
	Canvas  *canvas.Canvas  // what the app answered; nil when it could not be used
	Shown   *canvas.Content // what is drawn now
	Results canvas.Values   // configure ended with these
	Options canvas.Values   // card_creation_options that an Inbox answer carried
	Event   canvas.Event    // canvas.Completed or ""
	Then    *CanvasResult   // the initialize call that followed from Options: its card stands in the composer
	Problem string          // why nothing new is shown, in words; "" when all went well

	raw json.RawMessage
}
