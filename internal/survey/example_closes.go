package survey

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// exampleCloses makes up what the ledger says of the year besides its requests: the closes that were not asked, and what
// the rules saw of each close. All its chance comes from a generator of its own.
type exampleCloses struct {
	*exampleYear
	random   *rand.Rand
	contacts map[string]string // by conversation
	channels map[string]string
	latest   map[string]models.Rating
	members  []models.ConversationContact // those who wrote first
}

// firstClose is the first close of a conversation for which Intercom asked.
type firstClose struct {
	conversation string
	at           time.Time
	teammate     int
}

// unaskedPercent is how many conversations are closed without a rating, for each hundred with one, and the reasons.
const unaskedPercent = 45

var unaskedFor = []struct {
	rule  string
	share int
	so    func(*rating.Close, *rand.Rand)
}{
	{"min_characters", 46, func(c *rating.Close, r *rand.Rand) { c.Characters = 24 + r.IntN(226) }},
	{"skip_bot_assignee", 18, func(c *rating.Close, _ *rand.Rand) { c.BotAssignee = true }},
	{"require_teammate_reply", 15, func(c *rating.Close, _ *rand.Rand) { c.TeammateReplied = false }},
	{"outbound", 8, func(c *rating.Close, _ *rand.Rand) { c.StartedBy = rating.ByTeam }},
	{"max_days_since_reply", 6, func(c *rating.Close, r *rand.Rand) {
		c.LastReplyAt = c.At.Add(-time.Duration(170+r.IntN(200)) * time.Hour)
	}},
	{"suppress_tags", 4, func(c *rating.Close, r *rand.Rand) { c.Tags = []string{[]string{"dupe", "fraud"}[r.IntN(2)]} }},
	{"skip_group", 3, func(c *rating.Close, r *rand.Rand) { c.Contacts = 2 + r.IntN(3) }},
}

// tellCloses adds the closes that were not asked, and tells of every close what the rules saw.
func (y *exampleYear) tellCloses() {
	e := &exampleCloses{
		exampleYear: y, random: rand.New(rand.NewPCG(exampleSeed, 7)), contacts: map[string]string{}, channels: map[string]string{}, latest: map[string]models.Rating{},
		members: slices.Clone(y.data.Members),
	}
	for _, m := range y.data.Members {
		e.contacts[m.ConversationID] = m.ContactID
	}
	for _, c := range y.data.Conversations {
		e.channels[c.ID] = c.Channel
	}
	for _, r := range y.data.Ratings {
		if r.Valid() && r.At.After(e.latest[r.ConversationID].At) {
			e.latest[r.ConversationID] = r
		}
	}
	for i := range y.data.Requests {
		e.request(&y.data.Requests[i])
	}
	for _, c := range y.firsts {
		facts := e.facts(c.at, c.conversation)
		facts.AskedByIntercom = true
		e.refuse(c.conversation, 1, facts, "asked_by_intercom", c.teammate)
	}
	e.courses()
	for i := range e.members {
		if e.random.IntN(100) < unaskedPercent {
			e.unasked(i)
		}
	}
	e.lookBack()
}

// request tells who was asked, and by whom. What the default rules let through was asked by itself.
func (e *exampleCloses) request(r *models.Request) {
	r.ContactID = e.contacts[r.ConversationID]
	r.Facts = e.facts(*r.ClosedAt, r.ConversationID)
	if r.Automatic = r.Method != models.ByCard && rating.DefaultSettings().Refusal(r.Facts) == ""; r.Automatic {
		r.DueAt = r.ClosedAt
		return
	}
	closed := e.notLater(r.SentAt.Add(40 * time.Second))
	r.ClosedAt, r.AskedBy, r.Facts.At, r.Facts.AskedByHand = &closed, r.TeammateID, closed, true
}

// facts are those of a close that the default rules ask in chat and by e-mail.
func (e *exampleCloses) facts(at time.Time, conversation string) rating.Close {
	started := rating.ByCustomer
	if e.random.IntN(9) == 0 {
		started = rating.ByWorkflow
	}
	return rating.Close{
		At: at, Channel: e.channels[conversation], ContactID: e.contacts[conversation], Contacts: 1, Lead: e.random.IntN(5) == 0, StartedBy: started,
		TeammateReplied: true, Characters: 260 + e.random.IntN(900) + e.random.IntN(900),
		LastReplyAt: at.Add(-time.Duration(1+e.random.IntN(900)) * time.Minute), Tags: []string{}, Lot: e.random.IntN(100),
	}
}

func (e *exampleCloses) refuse(conversation string, episode int, facts rating.Close, rule string, teammate int) {
	at := facts.At
	e.data.Requests = append(e.data.Requests, models.Request{
		ID: fmt.Sprintf("%s-close-%d", conversation, episode), ConversationID: conversation, Episode: episode, State: rating.Suppressed,
		Method: models.ByLink, Rule: rule, ClosedAt: &at, CreatedAt: at, Automatic: true, ContactID: facts.ContactID, Facts: facts,
		TeammateID: exampleTeammateID(teammate), TeammateName: exampleTeammates[teammate].name, CreditRule: rating.LastHumanReply,
	})
}

// courses tells where each conversation stands. Some whose latest rating is low were answered since, and some of these
// closed so long after it that nobody was asked.
func (e *exampleCloses) courses() {
	for i := range e.data.Conversations {
		c := &e.data.Conversations[i]
		rated := e.latest[c.ID]
		since := rated.At
		if since.IsZero() {
			since = *c.ReadAt
		}
		closed, replied := since.Add(-5*time.Minute), since.Add(-time.Duration(10+e.random.IntN(200))*time.Minute)
		c.State, c.ClosedAt, c.TeammateRepliedAt, c.ChangedAt = "closed", &closed, &replied, c.ReadAt
		if rated.Sentiment != rating.Negative || e.random.IntN(100) < 45 {
			continue
		}
		answered := rated.At.Add(time.Duration(40+e.random.IntN(3000)) * time.Minute)
		again := answered.Add(time.Duration(8*24+e.random.IntN(90)) * time.Hour)
		switch {
		case answered.After(e.now):
		case again.After(e.now) || e.random.IntN(3) == 0:
			c.State, c.TeammateRepliedAt = "open", &answered
		default:
			c.TeammateRepliedAt, c.ClosedAt = &answered, &again
			facts := e.facts(again, c.ID)
			facts.LastReplyAt = answered
			e.refuse(c.ID, 9, facts, rating.DefaultSettings().Refusal(facts), e.teammateOf(rated))
		}
	}
}

func (e *exampleCloses) teammateOf(r models.Rating) int {
	for i := range exampleTeammates {
		if exampleTeammateID(i) == r.TeammateID {
			return i
		}
	}
	return 0
}

// unasked is another conversation of about the same time that was closed and not asked.
func (e *exampleCloses) unasked(i int) {
	like := e.data.Conversations[i]
	at := e.notLater(like.CreatedAt.Add(time.Duration(e.random.IntN(2000)) * time.Minute))
	id := like.ID + "-b"
	who := e.members[e.random.IntN(i+1)].ContactID
	shares := make([]int, len(unaskedFor))
	for i, u := range unaskedFor {
		shares[i] = u.share
	}
	reason := unaskedFor[weighted(e.random, shares)]
	facts := e.facts(at, like.ID)
	facts.ContactID, facts.Channel = who, models.Chat
	if like.Channel == "email" {
		facts.Channel = like.Channel
	}
	reason.so(&facts, e.random)
	e.data.Conversations = append(e.data.Conversations, models.Conversation{
		ID: id, Channel: facts.Channel, CreatedAt: like.CreatedAt, ReadAt: &at, State: "closed", ClosedAt: &at, ChangedAt: &at,
	})
	e.data.Members = append(e.data.Members, models.ConversationContact{ConversationID: id, ContactID: who})
	teammate := e.random.IntN(len(exampleTeammates))
	for !e.works(teammate, at) {
		teammate = e.random.IntN(len(exampleTeammates))
	}
	e.refuse(id, 1, facts, reason.rule, teammate)
}

func weighted(random *rand.Rand, weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := random.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return 0
}

// lookBack tells every close what had been asked before it, and numbers the closes of each conversation.
func (e *exampleCloses) lookBack() {
	requests := e.data.Requests
	slices.SortStableFunc(requests, func(a, b models.Request) int { return a.ClosedAt.Compare(*b.ClosedAt) })
	var past rating.AskHistory
	episodes := map[string]int{}
	for i := range requests {
		r := &requests[i]
		r.Facts = past.Facts(r.ConversationID, r.Facts)
		episodes[r.ConversationID]++
		r.Episode = episodes[r.ConversationID]
		if r.SentAt != nil {
			past.Add(r.ConversationID, r.ContactID, *r.SentAt)
		}
	}
}
