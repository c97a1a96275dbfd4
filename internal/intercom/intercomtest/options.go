package intercomtest

import (
	"net/http"
	"time"
)

// Options say how a sandbox behaves. The zero value of each field is usable, its default is in the comment.
type Options struct {
	AppName      string   // "Rerate": how the app is called in lists and on the consent page
	ClientID     string   // "sandbox-client"
	ClientSecret string   // "sandbox-secret"
	AppURL       string   // base address of the app; the paths below it are design.md's
	RedirectURLs []string // allowed redirect_uri; the first is the default. AppURL + /auth/intercom/callback
	BaseURL      string   // the sandbox's own address, for the links in its answers

	Now        func() time.Time // time.Now
	HTTPClient *http.Client     // for calls to the app; its Timeout is not used, CanvasBudget and WebhookBudget are. No redirects are followed
	Seed       uint64           // of all ids and tokens
	Empty      bool             // start without the default workspace

	AppVersion    string        // "2.15": the API version of the app in the Developer Hub; decides webhook payloads and REST without a header
	WebhookTopics []string      // all that the sandbox knows
	CanvasBudget  time.Duration // 10 s
	WebhookBudget time.Duration // 5 s
	RetryAfter    time.Duration // 1 min, between a failed webhook and its only retry
	RateLimit     int           // REST calls per workspace and 10 seconds: 1667
	RatingWindow  time.Duration // how long a native rating request takes answers; 0 for ever
	Quirks        Quirks
}

// Quirks choose between the forms that Intercom's documents and captures disagree about. The zero value is the documented form.
type Quirks struct {
	ConversationIDAsString bool   // context.conversation_id "…" where the documents print a number
	AmericanColour         bool   // context.messenger_action_color
	PersonKey              string // contact, customer or user: the key of the person in submit, live and inbox requests; "all" sends all three
	WrappedCurrentCanvas   bool   // current_canvas.current_canvas, as the 2.11 description has it
	InboxContext           bool   // inbox requests also carry context
	OperatorAtRunTime      bool   // a running workflow's initialize says location "operator", not "conversation"
	TeammatesKey           bool   // conversation.teammates.teammates (description) where captures show .admins
	NullStatistics         bool   // conversation.statistics null
	EmptyRating            string // conversation_rating without an answer: "" null, "fields" an object of nulls, "absent" no key
	AdminCommentReopens    bool   // an admin's comment opens a closed conversation
	QuickReplyKeepsClosed  bool   // a taken quick reply leaves a closed conversation closed: its part is then a comment
	BotCloseIsSilent       bool   // a close by a workflow sends no conversation.admin.closed
	SilentRemark           bool   // conversation.rating.added is not sent again for a change or a remark
	UnsignedUninstall      bool   // the uninstall notice carries no signature
	SearchLag              time.Duration
}

func (o Options) withDefaults() Options {
	setDefault(&o.AppName, "Rerate")
	setDefault(&o.ClientID, "sandbox-client")
	setDefault(&o.ClientSecret, "sandbox-secret")
	setDefault(&o.AppVersion, "2.15")
	setDefault(&o.CanvasBudget, 10*time.Second)
	setDefault(&o.WebhookBudget, 5*time.Second)
	setDefault(&o.RetryAfter, time.Minute)
	setDefault(&o.RateLimit, 1667)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.HTTPClient == nil {
		o.HTTPClient = &http.Client{}
	}
	if len(o.RedirectURLs) == 0 {
		o.RedirectURLs = []string{o.AppURL + "/auth/intercom/callback"}
	}
	if len(o.WebhookTopics) == 0 {
		o.WebhookTopics = allTopics
	}
	return o
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}
