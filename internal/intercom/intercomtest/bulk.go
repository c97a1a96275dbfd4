package intercomtest

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Bulk says how many conversations AddClosed makes and over which time. The zero value of each field has the default in its comment.
type Bulk struct {
	Conversations int
	From, To      time.Time // of the beginnings: a year ago to four days ago, so that all are over
	Seed          uint64    // equal seeds make equal histories
}

// Counts is what a workspace holds, for comparing with what an app has learned of it.
type Counts struct {
	Conversations int
	Closed        int // closed now
	Closes        int // close parts: episodes that ended
	Reopens       int
	Contacts      int            // who take part in a conversation
	Ratings       int            // answered requests of Intercom's own rating
	Rated         int            // conversations with at least one of them
	Remarks       int            // of these ratings
	Scores        [6]int         // ratings by score; 0 is unused
	Channels      map[string]int // conversations by source.type
	Teammates     map[string]int // ratings by the admin whom Intercom credits
}

// Count looks through a workspace.
func (s *Server) Count(workspace string) Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := Counts{Channels: map[string]int{}, Teammates: map[string]int{}}
	sp := s.mustSpace(workspace)
	people := map[string]bool{}
	for _, id := range sp.conversations {
		n.add(s.conversations[id], people)
	}
	n.Contacts = len(people)
	return n
}

func (n *Counts) add(c *Conversation, people map[string]bool) {
	n.Conversations++
	n.Channels[c.Source.Type]++
	n.Reopens += c.figures.reopens
	if c.State == "closed" {
		n.Closed++
	}
	for i := range c.Parts {
		if c.Parts[i].Type == "close" {
			n.Closes++
		}
	}
	for _, id := range c.Contacts {
		people[id] = true
	}
	rated := false
	for _, r := range c.Ratings {
		if r.Score == 0 {
			continue
		}
		rated = true
		n.Ratings++
		n.Scores[r.Score]++
		if r.Remark != "" {
			n.Remarks++
		}
		if r.Teammate.Type == "admin" {
			n.Teammates[r.Teammate.ID]++
		}
	}
	if rated {
		n.Rated++
	}
}

// AddClosed fills a workspace with closed conversations of a year, without webhooks: people who write by Messenger, e-mail and WhatsApp,
// teammates' replies, closes, for every sixth a reopening and a second close, and Intercom's own rating for about every third. One second
// makes some ten thousand, which take some 4 KB each.
func (s *Server) AddClosed(workspace string, b Bulk) {
	s.lock()
	defer s.unlock()
	sp := s.mustSpace(workspace)
	now := s.now()
	if b.To.IsZero() {
		b.To = now.AddDate(0, 0, -4) // the longest of them takes three days
	}
	if b.From.IsZero() {
		b.From = now.AddDate(-1, 0, 0)
	}
	stopped, silent := s.stoppedAt, s.silent
	s.silent = true
	defer func() { s.stoppedAt, s.silent = stopped, silent }()

	maker := bulkMaker{Server: s, sp: sp, dice: rand.New(rand.NewPCG(b.Seed, 1)), step: b.To.Sub(b.From) / time.Duration(max(1, b.Conversations))}
	for i := range b.Conversations {
		maker.at(b.From.Add(time.Duration(i) * maker.step))
		if i%4 == 0 {
			maker.person(len(sp.contacts))
		}
		maker.conversation(i)
	}
}

// bulkMaker makes one conversation after the other, with a clock of its own.
type bulkMaker struct {
	*Server
	sp     *space
	dice   *rand.Rand
	step   time.Duration
	people []*Contact
}

var (
	bulkQuestions = []string{
		"Where is my parcel? The tracking page has said “on its way” for six days now, and the trip begins on Saturday. The order has two sleeping bags and the blue tent; if it cannot be here by Friday I would rather pick the things up in the shop in town.",
		"The zip of the jacket is broken after two weeks.", "Puis-je échanger ces chaussures contre la taille au-dessus ? Elles n’ont été portées qu’à l’intérieur, et j’ai gardé la boîte.",
		"Ich finde die Rechnung zu meiner Bestellung nicht. Können Sie mir die noch einmal schicken?", "هل يمكن تغيير العنوان؟", "Do you repair stoves?",
	}
	bulkAnswers = []string{
		"<p>Sorry about that! I have asked the courier and will write as soon as I know more. If it is not with you by noon tomorrow, a second parcel leaves the same day, at no cost and with a tracking number of its own.</p>",
		"<p>Of course. The label is in your mailbox.</p>", "<p>Gern, hier ist sie noch einmal.</p>", "<p>We do. Bring it to any of our shops.</p>",
	}
	bulkThanks   = []string{"Thanks, that helps.", "Perfect 👍", "Merci beaucoup !", "OK"}
	bulkReturns  = []string{"It still has not come.", "Sorry, one more question: can it go to my neighbour?", "Das war die falsche Rechnung."}
	bulkRemarks  = []string{"Quick & kind", "Three days without an answer", "Très bien 😊", "I had to ask \"twice\"", "Nichts wurde gelöst.\nGar nichts."}
	bulkChannels = []string{"conversation", "conversation", "conversation", "email", "email", "whatsapp"}
	bulkScores   = []int{5, 5, 5, 5, 4, 4, 3, 2, 1, 1}
)

func pick[T any](dice *rand.Rand, list []T) T { return list[dice.IntN(len(list))] }

func (m *bulkMaker) at(t time.Time) { m.stoppedAt = t.UTC().Truncate(time.Second) }

func (m *bulkMaker) later(most time.Duration) {
	m.at(m.stoppedAt.Add(time.Minute + time.Duration(m.dice.Int64N(int64(most)))))
}

// person is a user, every fifth a lead without an address.
func (m *bulkMaker) person(n int) {
	c := &Contact{
		ID: m.ids.contact(m.stoppedAt), Workspace: m.sp.ID, Role: "user", ExternalID: fmt.Sprint("bulk-", n), Name: fmt.Sprint("Customer ", n),
		Email: fmt.Sprintf("customer-%d@example.com", n), Locale: pick(m.dice, []string{"en", "en", "fr", "de", "ar"}),
		CreatedAt: m.stoppedAt, UpdatedAt: m.stoppedAt, SeenAt: m.stoppedAt, Attributes: map[string]any{},
	}
	if n%5 == 4 {
		c.Role, c.Email = "lead", ""
	}
	m.contacts[c.ID] = c
	m.sp.contacts = append(m.sp.contacts, c.ID)
	m.people = append(m.people, c)
}

func (m *bulkMaker) conversation(i int) {
	who, admin := pick(m.dice, m.people), pick(m.dice, m.sp.admins)
	c := &Conversation{
		Contacts: []string{who.ID}, Read: true,
		Source: Source{
			ID: m.ids.source(), Type: pick(m.dice, bulkChannels), DeliveredAs: "customer_initiated", Body: paragraphs[pick(m.dice, bulkQuestions)],
			Author: contactAuthor(who),
		},
	}
	if c.Source.Type == "email" {
		c.Source.Subject = "My order"
	}
	c.Parts = make([]Part, 0, 5)
	m.begin(m.sp, c)
	m.addPart(c, Part{Type: "assignment", Author: botAuthor(m.sp.ID), AssignedTo: &Ref{"admin", admin.ID}})
	c.Assignee = admin.ID
	m.answerAndClose(c, admin, who)
	if m.dice.IntN(3) == 0 {
		m.rating(c, who)
	}
	if i%6 == 5 {
		m.later(48 * time.Hour)
		c.State = "open"
		m.addPart(c, Part{Type: "open", Author: contactAuthor(who), Body: paragraphs[pick(m.dice, bulkReturns)]})
		m.answerAndClose(c, pick(m.dice, m.sp.admins), who)
	}
}

func (m *bulkMaker) answerAndClose(c *Conversation, admin *Admin, who *Contact) {
	m.later(4 * time.Hour)
	m.addPart(c, Part{Type: "comment", Author: adminAuthor(admin), Body: pick(m.dice, bulkAnswers)})
	if m.dice.IntN(2) == 0 {
		m.later(time.Hour)
		m.addPart(c, Part{Type: "comment", Author: contactAuthor(who), Body: paragraphs[pick(m.dice, bulkThanks)]})
	}
	m.later(time.Hour)
	c.State = "closed"
	m.addPart(c, Part{Type: "close", Author: adminAuthor(admin)})
}

func (m *bulkMaker) rating(c *Conversation, who *Contact) {
	r := NativeRating{ID: m.ids.small(), RequestedAt: m.stoppedAt, Contact: who.ID, Teammate: lastWriter(c)}
	if m.dice.IntN(5) > 0 {
		m.later(2 * time.Hour)
		r.Score, r.AnsweredAt = pick(m.dice, bulkScores), m.stoppedAt
		if m.dice.IntN(4) == 0 {
			r.Remark = pick(m.dice, bulkRemarks)
		}
	}
	c.Ratings = append(c.Ratings, r)
	m.touch(c)
}

// paragraphs are the sentences above as Intercom keeps them: made once, shared by all.
var paragraphs = func() map[string]string {
	all := map[string]string{}
	for _, list := range [][]string{bulkQuestions, bulkThanks, bulkReturns} {
		for _, words := range list {
			all[words] = paragraph(words)
		}
	}
	return all
}()
