package rating

import "time"

// Author is the kind of writer of a conversation part that can earn credit.
type Author string

// Who can be credited.
const (
	Human Author = "human" // a teammate
	Bot   Author = "bot"
)

// Part is one public or private act in a conversation, as the credit rule sees it.
type Part struct {
	Author Author
	ID     string // Intercom's id of the teammate or bot
	Name   string
	Reply  bool // a message to the customer, not a note, assignment or close
	At     time.Time
}

// CreditRule names the rule that decided who is credited.
type CreditRule string

// The rules in their order: the last human reply, else the last bot reply, else the last act of any teammate.
const (
	LastHumanReply CreditRule = "last_human_reply"
	LastBotReply   CreditRule = "last_bot_reply"
	LastTeammate   CreditRule = "last_teammate"
)

// Credit says who a rating belongs to: whoever last wrote after the previous rating (zero for a first rating)
// and not after the request was made. Later reassignment changes nothing, since only acts up to asked are seen.
// Where nobody acted since the previous rating nobody is credited: ok is false.
func Credit(parts []Part, previous, asked time.Time) (who Part, rule CreditRule, ok bool) {
	rules := []struct {
		rule  CreditRule
		match func(Part) bool
	}{
		{LastHumanReply, func(p Part) bool { return p.Author == Human && p.Reply }},
		{LastBotReply, func(p Part) bool { return p.Author == Bot && p.Reply }},
		{LastTeammate, func(p Part) bool { return p.Author == Human }},
	}
	for _, r := range rules {
		for _, p := range parts {
			inTime := p.At.After(previous) && !p.At.After(asked)
			if inTime && r.match(p) && (!ok || !p.At.Before(who.At)) {
				who, rule, ok = p, r.rule, true
			}
		}
		if ok {
			return who, rule, true
		}
	}
	return Part{}, "", false
}
