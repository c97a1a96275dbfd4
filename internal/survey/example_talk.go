package survey

import (
	"fmt"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// How first ratings spread over 1 to 5, also in the bad fortnight, and how the next one does by the one before: bad ones
// rise and good ones sink a little, whatever anybody does.
var (
	firstSpread   = []int{13, 7, 7, 17, 56}
	releaseSpread = []int{28, 15, 11, 16, 30}
	nextSpreads   = [...][]int{
		1: {40, 14, 11, 15, 20},
		2: {16, 24, 15, 23, 22},
		3: {8, 9, 26, 29, 28},
		4: {5, 4, 8, 45, 38},
		5: {5, 4, 5, 15, 71},
	}
	// How often a conversation is opened, closed and asked again, by its latest score, in per cent.
	askedAgain = [...]float64{1: 68, 2: 60, 3: 38, 4: 17, 5: 16}
)

const (
	answersEmail = .58 // of those whom Intercom does not ask and Rerate asks the first time
	answersAgain = .45
	mostRequests = 3 // of one conversation, as the default settings say

	// Some who come back are not answered by a person: the matter has settled itself, or a bot has said something.
	repliesAgain   = .78
	answeredLuck   = .25 // on top of the teammate's own
	unansweredLuck = -.1
)

// exampleTalk is one made-up conversation while it runs.
type exampleTalk struct {
	*exampleYear
	row      models.Conversation
	contact  exampleContact
	at       time.Time // what happens happens after this
	teammate int       // who works on it
	requests int
	ratings  int
	revision int // of the answer to the last request
	first    int // score; 0 while there is none
	latest   int
	replied  bool // a teammate has, since the latest rating
}

// conversation makes up one that is closed for the first time at the given time. In the Messenger Intercom asks for the
// first rating, elsewhere Rerate does; whenever it is closed again, Rerate asks.
func (y *exampleYear) conversation(closed time.Time) {
	contact := y.contact()
	t := y.talk(closed, contact, y.whoWorks(closed, contact.language, false))
	t.row.Channel = exampleChannels[y.pick(channelShares)]
	spread, luck := firstSpread, exampleTeammates[t.teammate].first
	if y.afterRelease() {
		spread = releaseSpread
	}
	if t.row.Channel == models.Chat {
		y.firsts = append(y.firsts, firstClose{t.row.ID, closed, t.teammate})
		t.rateInIntercom(y.score(spread, luck))
	} else {
		t.ask(spread, luck, answersEmail)
	}
	for t.latest > 0 && t.requests < mostRequests && t.reopened() {
		luck := exampleTeammates[t.teammate].later + answeredLuck
		if !t.replied {
			luck = unansweredLuck
		}
		if !t.ask(nextSpreads[t.latest], luck, answersAgain) {
			break
		}
	}
	t.close()
}

// The channels, and how many of a hundred conversations begin in each.
var (
	exampleChannels = []string{models.Chat, "email", "whatsapp", "instagram", "facebook", "sms"}
	channelShares   = []int{72, 17, 5, 3, 2, 1}
)

// talk begins a conversation that is closed for the first time at the given time.
func (y *exampleYear) talk(closed time.Time, contact exampleContact, teammate int) *exampleTalk {
	y.talks++
	t := &exampleTalk{exampleYear: y, contact: contact, at: closed, teammate: teammate}
	t.row = models.Conversation{
		ID: fmt.Sprintf("%s%04d", models.ExamplePrefix, y.talks), CreatedAt: closed.Add(-y.between(5*time.Minute, 50*time.Hour)),
	}
	return t
}

// close stores the conversation.
func (t *exampleTalk) close() {
	read := t.notLater(t.at)
	t.row.ReadAt = &read
	t.data.Conversations = append(t.data.Conversations, t.row)
	t.data.Members = append(t.data.Members, models.ConversationContact{ConversationID: t.row.ID, ContactID: t.contact.id})
}

// reopened lets the customer come back, the conversation perhaps change hands, and it be closed again.
func (t *exampleTalk) reopened() bool {
	asks := exampleTeammates[t.teammate].asks
	if !t.chance(askedAgain[t.latest] / 100 * asks) {
		return false
	}
	t.at = t.at.Add(t.between(3*time.Hour, 9*24*time.Hour))
	if t.chance(.6) || !t.works(t.teammate, t.at) {
		t.teammate = t.whoWorks(t.at, t.contact.language, true)
	}
	t.replied = t.chance(repliesAgain)
	return t.at.Before(t.now)
}

// ask sends a request and answers whether it was rated.
func (t *exampleTalk) ask(spread []int, luck, answers float64) bool {
	if t.at.Add(time.Minute).After(t.now) {
		return false
	}
	request := t.request(t.method())
	_, readily := t.wordingAt(t.at)
	if t.chance(answers * readily) {
		t.answer(&request, t.score(spread, luck))
	}
	t.data.Requests = append(t.data.Requests, request)
	return request.RatedAt != nil
}

// request is sent a minute after the conversation was closed, in the wording of that time.
func (t *exampleTalk) request(method models.Method) models.Request {
	closed, sent := t.at, t.at.Add(time.Minute)
	wording, _ := t.wordingAt(sent)
	t.requests, t.revision, t.at = t.requests+1, 0, sent
	return models.Request{
		ID: fmt.Sprintf("%s-request-%d", t.row.ID, t.requests), ConversationID: t.row.ID, Episode: t.requests, State: rating.Sent,
		Method: method, WordingVersion: wording.Version, ClosedAt: &closed, CreatedAt: sent, SentAt: &sent,
		TeammateID: exampleTeammateID(t.teammate), TeammateName: exampleTeammates[t.teammate].name, CreditRule: rating.LastHumanReply,
	}
}

// method is how Rerate asks: by card or quick reply in the Messenger, by link elsewhere.
func (t *exampleTalk) method() models.Method {
	switch {
	case t.row.Channel != models.Chat:
		return models.ByLink
	case t.chance(.75):
		return models.ByCard
	}
	return models.ByQuickReply
}

// notLater cuts a time off at the end of the year.
func (y *exampleYear) notLater(at time.Time) time.Time {
	if at.After(y.now) {
		return y.now
	}
	return at
}
