package rating

// RequestState is where a request stands. The ledger shows it with the words of RequestState.Words.
type RequestState string

// The states of a request.
const (
	Suppressed RequestState = "suppressed" // a rule said no; the request names it
	Scheduled  RequestState = "scheduled"  // decided, and not sent yet
	Cancelled  RequestState = "cancelled"  // taken back before it was sent
	Sent       RequestState = "sent"
	Seen       RequestState = "seen" // a person has looked at it
	HasRating  RequestState = "rated"
	HasRemark  RequestState = "remarked"
	Expired    RequestState = "expired" // the time to answer is over, or a newer request has taken its place
	Failed     RequestState = "failed"  // Intercom did not take it
)

// Words say what became of a request.
func (s RequestState) Words() string { return stateWords[s] }

var stateWords = map[RequestState]string{
	Suppressed: "Not asked.",
	Scheduled:  "Will be asked.",
	Cancelled:  "The request was taken back before it was sent.",
	Sent:       "Asked; there is no answer yet.",
	Seen:       "Asked and seen; there is no answer yet.",
	HasRating:  "Rated.",
	HasRemark:  "Rated, with a remark.",
	Expired:    "The time to answer is over.",
	Failed:     "Intercom did not take the request.",
}

// RequestEvent is something that happens to a request.
type RequestEvent string

// The events of a request.
const (
	Refuse  RequestEvent = "refuse"  // the rules say no to a close
	Plan    RequestEvent = "plan"    // the rules say yes, or a teammate asks
	Send    RequestEvent = "send"    // Intercom has it, or the customer's card shows it
	Cancel  RequestEvent = "cancel"  // reopened, snoozed or deleted before it was due, or a rule says no by then
	GiveUp  RequestEvent = "give_up" // Intercom refuses it for good
	Look    RequestEvent = "look"    // a person sees it
	Rate    RequestEvent = "rate"
	Remark  RequestEvent = "remark"
	TimeOut RequestEvent = "time_out" // the time to answer is over
	Replace RequestEvent = "replace"  // a newer request of the conversation takes its place
)

// Transition is one change that a request can go through. From is empty for a request that begins.
type Transition struct {
	From  RequestState
	Event RequestEvent
	To    RequestState
}

// Transitions is every change that a request can go through: what is not in it does not happen.
var Transitions = []Transition{
	{"", Refuse, Suppressed},
	{"", Plan, Scheduled},
	{"", Send, Sent},
	{Scheduled, Send, Sent},
	{Scheduled, Cancel, Cancelled},
	{Scheduled, GiveUp, Failed},
	{Failed, Plan, Scheduled},
	{Failed, Send, Sent}, // it had arrived after all
	{Sent, Look, Seen},
	{Sent, Rate, HasRating},
	{Sent, TimeOut, Expired},
	{Sent, Replace, Expired},
	{Seen, Rate, HasRating},
	{Seen, TimeOut, Expired},
	{Seen, Replace, Expired},
	{HasRating, Rate, HasRating},
	{HasRating, Remark, HasRemark},
	{HasRemark, Rate, HasRemark},
	{HasRemark, Remark, HasRemark},
}

// After is the state that an event leads to; false when it cannot happen in this state.
func (s RequestState) After(event RequestEvent) (RequestState, bool) {
	for _, t := range Transitions {
		if t.From == s && t.Event == event {
			return t.To, true
		}
	}
	return s, false
}

// Open reports whether the request waits for an answer.
func (s RequestState) Open() bool { return s == Sent || s == Seen }

// Asked reports whether the customer was asked.
func (s RequestState) Asked() bool {
	return s == Sent || s == Seen || s == HasRating || s == HasRemark || s == Expired
}
