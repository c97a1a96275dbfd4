package survey

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// facts collects what the rules ask about the close of an episode. But is a request that does not count as an earlier
// one: the very one that is decided.
func (d *decision) facts(e episode, but models.Request) (rating.Close, error) {
	read := d.read
	who := d.contact
	c := rating.Close{
		At: e.ClosedAt, Channel: d.conversation.Channel, ContactID: who.ID, Contacts: len(read.Contacts), Lead: who.Role == "lead",
		StartedBy: startedBy(read.Source), BotAssignee: d.botAssignee, Tags: tagsOf(read), DoNotAsk: d.conversation.DoNotAsk,
		Lot: lot(d.tx.Workspace, read.ID, e.Number), TestContact: d.settings.TestContact(who.ID, who.Email),
		TeammateReplied: e.Number == 1 && read.Source.Author.Type == "admin",
	}
	for _, p := range e.Parts {
		c.TeammateReplied = c.TeammateReplied || d.isMessage(p) && p.Author.Type == "admin" && !p.Author.FromAIAgent
	}
	c.Characters, c.LastReplyAt = d.talk(e.ClosedAt)
	next := d.course.after(e)
	if asked := read.RatingRequestedAt; !asked.IsZero() {
		c.AskedByIntercom = !asked.Before(e.OpenedAt) && (next == nil || asked.Before(next.OpenedAt))
	}
	for _, r := range d.requests {
		if r.ID == but.ID {
			continue
		}
		if at, ok := d.course.at(r.CreatedAt); ok && at.Number == e.Number {
			c.AskedByHand = c.AskedByHand || byHand(r)
			c.RatedOnHome = c.RatedOnHome || r.Method == models.ByHome
		}
		if r.SentAt == nil || !r.State.Asked() {
			continue
		}
		c.AskedBefore++
		if r.SentAt.After(e.ClosedAt.Add(-24 * time.Hour)) {
			c.AskedLately++
		}
	}
	var err error
	c.ContactAskedAt, err = d.tx.ContactAskedAt(who.ID, but.ID)
	return c, err
}

// byHand reports whether a request is one that a teammate made in the conversation and that the customer has, or will have.
func byHand(r models.Request) bool {
	return !r.Automatic && r.Method != models.ByHome && r.Method != models.ByMessage && (r.State.Asked() || r.State == rating.Scheduled)
}

// after is the episode that follows another, nil where there is none.
func (c course) after(e episode) *episode {
	for i := range c.Episodes {
		if c.Episodes[i].Number > e.Number {
			return &c.Episodes[i]
		}
	}
	return nil
}

// talk counts the characters of all messages up to a time and tells when the last of them came. Our own asks and the
// answers to them are none, and neither are notes.
func (d *decision) talk(until time.Time) (characters int, last time.Time) {
	characters, last = readable(d.read.Source.Body), d.read.CreatedAt
	for _, p := range d.read.Parts {
		if !d.isMessage(p) || p.CreatedAt.After(until) {
			continue
		}
		characters += readable(p.Body)
		last = later(last, p.CreatedAt)
	}
	return characters, last
}

// isMessage reports whether a part is something that customer, teammate or bot said to each other.
func (d *decision) isMessage(p intercom.Part) bool {
	return workParts[p.Type] && !strings.HasPrefix(p.Type, "assign") && !p.Redacted && strings.TrimSpace(p.Body) != "" && !d.marks.ours(p)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// startedBy puts Intercom's delivered_as into our words (OpenAPI 2.16, conversation_source).
func startedBy(source intercom.Source) rating.Starter {
	switch source.DeliveredAs {
	case "operator_initiated":
		return rating.ByWorkflow
	case "admin_initiated", "campaigns_initiated", "automated":
		return rating.ByTeam
	}
	if source.Author.Type == "admin" {
		return rating.ByTeam
	}
	return rating.ByCustomer
}

// tagsOf lists the tags of a conversation and of its messages, each once.
func tagsOf(read intercom.Conversation) []string {
	all := []string{}
	add := func(tags []intercom.Tag) {
		for _, t := range tags {
			if name := storable(t.Name); !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	add(read.Tags)
	for _, p := range read.Parts {
		add(p.Tags)
	}
	return all
}

// lot draws a number from 0 to 99, the same each time for an episode.
func lot(workspace, conversation string, episode int) int {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(episode)) //nolint:gosec // a count
	sum := sha256.Sum256(slices.Concat([]byte(workspace+"\x00"+conversation+"\x00"), n[:]))
	return int(binary.BigEndian.Uint64(sum[:8]) % 100) //nolint:gosec // 0 to 99
}

// askedContact is who is asked: the contact who began the conversation, else its first.
func askedContact(tx *models.Tx, read intercom.Conversation) (models.Contact, error) {
	var c models.Contact
	for i, ref := range read.Contacts {
		if i == 0 || ref.ID == read.Source.Author.ID {
			c.ID = ref.ID
		}
	}
	if c.ID == "" {
		return c, nil
	}
	known, err := tx.Contact(c.ID)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return c, err
	}
	c.Email, c.Role, c.Locale = known.Email, known.Role, known.Locale
	authors := []intercom.Author{read.Source.Author}
	for _, p := range read.Parts {
		authors = append(authors, p.Author)
	}
	for _, a := range authors {
		if a.ID == c.ID && (a.Type == "lead" || a.Type == "user") {
			c.Role = a.Type
			if c.Email == "" {
				c.Email = a.Email
			}
		}
	}
	return c, nil
}

// courseFacts is where a conversation stands, for lists that do not read it again.
func courseFacts(read intercom.Conversation) models.Course {
	c := models.Course{State: read.State, ChangedAt: read.UpdatedAt, AssigneeID: read.AdminAssigneeID, Tags: tagsOf(read)}
	if c.State != models.StateClosed && c.State != models.StateSnoozed {
		c.State = models.StateOpen
	}
	closed, teammate, contact := read.Statistics.LastCloseAt, read.Statistics.LastAdminReplyAt, read.Statistics.LastContactReplyAt
	if isContact(read.Source.Author) {
		contact = later(contact, read.CreatedAt)
	}
	for _, p := range read.Parts {
		switch {
		case p.Type == "close":
			closed = later(closed, p.CreatedAt)
		case !workParts[p.Type] || p.Body == "":
		case p.Author.Type == "admin":
			teammate = later(teammate, p.CreatedAt)
		case isContact(p.Author):
			contact = later(contact, p.CreatedAt)
		}
	}
	c.ClosedAt, c.TeammateRepliedAt, c.ContactRepliedAt = orNil(closed), orNil(teammate), orNil(contact)
	return c
}

func orNil(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC()
	return &at
}

// readable counts the characters that a person reads of a message in HTML: no tags, no space but single ones between
// words, no line breaks.
func readable(body string) int {
	n := 0
	for line := range strings.SplitSeq(plainText(body), "\n") {
		n += utf8.RuneCountInString(line)
	}
	return n
}

// plainText is a message's text as a person reads it, one line for each of its paragraphs and lines.
func plainText(body string) string {
	var lines []string
	var line strings.Builder
	end := func() {
		if text := strings.Join(strings.Fields(line.String()), " "); text != "" {
			lines = append(lines, text)
		}
		line.Reset()
	}
	hidden := false
	tokens := html.NewTokenizer(strings.NewReader(body))
	for {
		kind := tokens.Next()
		switch kind {
		case html.ErrorToken:
			end()
			return strings.Join(lines, "\n")
		case html.TextToken:
			if !hidden {
				line.Write(tokens.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, _ := tokens.TagName()
			tag := atom.Lookup(name)
			if tag == atom.Script || tag == atom.Style {
				hidden = kind == html.StartTagToken
			}
			if !inline[tag] {
				end()
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

// inline are the tags that do not begin a new line.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.B: true, atom.Strong: true, atom.I: true, atom.Em: true, atom.U: true, atom.S: true, atom.Span: true,
	atom.Code: true, atom.Small: true, atom.Sub: true, atom.Sup: true, atom.Font: true, atom.Mark: true,
}
