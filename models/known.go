package models

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rerate/internal/rating"
)

// errUnknown is what an act gets that shares a transaction and needs a row that was not read for it beforehand. It is then
// done by itself.
var errUnknown = errors.New("the row is not among those that were read for this act")

// known is what was read for an act that shares a transaction.
type known struct {
	*knownRows
	Act
}

// knownRows are what was read for all acts of one workspace.
type knownRows struct {
	workspace     Workspace
	conversations map[string]Conversation
	requests      map[string][]Request // by conversation; without their facts
	ratings       map[string][]Rating  // by conversation, oldest first
	summaries     map[string][]Summary
	members       map[ConversationContact]bool
	contacts      map[string]Contact // without their attributes
	wordings      map[int]Wording
	teammates     map[string]bool // by e-mail address
	endpoints     []Endpoint
	pending       map[string]bool // conversations of which an import knows what they will be
}

// written is what an act stores.
type written struct {
	contacts   []Contact
	ratings    []Rating
	summaries  []Summary // in place of those of the same contact and conversation
	rated      []ask     // requests, as they become
	writeBacks []WriteBack
	outbox     []Outbox
}

func (w *written) add(other written) {
	w.contacts = append(w.contacts, other.contacts...)
	w.ratings = append(w.ratings, other.ratings...)
	w.summaries = append(w.summaries, other.summaries...)
	w.rated = append(w.rated, other.rated...)
	w.writeBacks = append(w.writeBacks, other.writeBacks...)
	w.outbox = append(w.outbox, other.outbox...)
}

// knownOf reads what some acts name, and has others who would write to the conversations wait.
func (tx *Tx) knownOf(acts []*act) (*knownRows, error) {
	var conversations, contacts, emails []string
	for _, a := range acts {
		conversations = append(conversations, a.Conversation)
		if a.Contact != "" {
			contacts = append(contacts, a.Contact)
		}
		if a.Email != "" {
			emails = append(emails, strings.ToLower(a.Email))
		}
	}
	k := &knownRows{
		conversations: map[string]Conversation{}, requests: map[string][]Request{}, ratings: map[string][]Rating{},
		summaries: map[string][]Summary{}, members: map[ConversationContact]bool{}, contacts: map[string]Contact{},
		wordings: map[int]Wording{}, teammates: map[string]bool{}, pending: map[string]bool{},
	}
	of := func() *gorm.DB { return tx.rows().Where("conversation_id IN ?", padded(conversations)) }
	var versions []int
	err := errors.Join(
		forEach(lockForUpdate(tx.rows().Where("id IN ?", padded(conversations)).Order("id")), func(c Conversation) { k.conversations[c.ID] = c }),
		forEach(lock(tx.db.Where("id = ?", tx.Workspace), clause.LockingStrengthShare), func(w Workspace) { k.workspace = w }),
		forEach(lockForUpdate(of().Omit("facts")), func(r Request) {
			k.requests[r.ConversationID] = append(k.requests[r.ConversationID], r)
			if !slices.Contains(versions, r.WordingVersion) {
				versions = append(versions, r.WordingVersion)
			}
		}),
		forEach(of(), func(r Rating) { k.ratings[r.ConversationID] = append(k.ratings[r.ConversationID], r) }),
		forEach(of(), func(m ConversationContact) { k.members[m] = true }),
		forEach(of(), func(p PendingSummary) { k.pending[p.ConversationID] = true }),
		forEach(of(), func(p PendingChange) { k.pending[p.ConversationID] = true }),
		forEach(tx.rows().Order(byAge), func(e Endpoint) { k.endpoints = append(k.endpoints, e) }),
	)
	if len(k.ratings) > 0 { // without one there is no summary
		err = errors.Join(err, forEach(of(), func(s Summary) { k.summaries[s.ConversationID] = append(k.summaries[s.ConversationID], s) }))
	}
	if len(contacts) > 0 {
		err = errors.Join(err, forEach(tx.rows().Omit("attributes").Where("id IN ?", padded(contacts)), func(c Contact) { k.contacts[c.ID] = c }))
	}
	if len(emails) > 0 {
		err = errors.Join(err, forEach(tx.rows().Where("email IN ?", padded(emails)), func(t Teammate) { k.teammates[t.Email] = true }))
	}
	if len(versions) > 0 {
		err = errors.Join(err, forEach(tx.rows().Where("version IN ?", padded(versions)), func(w Wording) { k.wordings[w.Version] = w }))
	}
	for _, ratings := range k.ratings { // in the statement SQLite would take the index of that order, and read the workspace's all
		slices.SortFunc(ratings, func(a, b Rating) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	}
	return k, err
}

// padded repeats the last of some values up to a power of two, so that there are few different statements to prepare.
func padded[T any](values []T) []T {
	all := slices.Clone(values)
	for len(all)&(len(all)-1) != 0 {
		all = append(all, values[len(values)-1])
	}
	return all
}

// request is the request that the act is about.
func (k *known) request(id string) (Request, error) {
	for _, r := range k.requests[k.Conversation] {
		if r.ID == id {
			return r, nil
		}
	}
	return Request{}, errUnknown
}

// circumstances are what the requests of the act's conversation say.
func (k *known) circumstances() (c circumstances) {
	conversation := k.conversations[k.Conversation]
	c.never = conversation.DoNotAsk || conversation.DeletedAt != nil
	for _, r := range k.requests[k.Conversation] {
		if r.Test {
			continue
		}
		c.scheduled = c.scheduled || r.State == rating.Scheduled
		if r.SentAt != nil && r.SentAt.After(c.asked) {
			c.asked = *r.SentAt
		}
	}
	return c
}

// ofContact picks the act's contact's among the ratings of its conversation.
func (k *known) ofContact() []Rating {
	return slices.DeleteFunc(slices.Clone(k.ratings[k.Conversation]), func(r Rating) bool { return r.ContactID != k.Contact })
}

// latestAnswer is LatestAnswer for an act that shares a transaction.
func (k *known) latestAnswer(request, contact string) (Rating, error) {
	if contact != k.Contact {
		return Rating{}, errUnknown
	}
	var latest *Rating
	for _, r := range k.ofContact() {
		if r.RequestID == request && r.Integrity != Doubtful && (latest == nil || r.Revision > latest.Revision) {
			latest = &r
		}
	}
	if latest == nil {
		return Rating{}, ErrNotFound
	}
	return *latest, nil
}

// add is AddRating for an act that shares a transaction.
func (k *known) add(tx *Tx, r Rating) (stored Rating, added bool, err error) {
	ratings := k.ofContact()
	if i := slices.IndexFunc(ratings, func(known Rating) bool { return known.SourceKey == r.SourceKey }); i >= 0 {
		return ratings[i], false, nil
	}
	late := len(ratings) > 0 && !ratings[len(ratings)-1].At.Before(r.At) // the order of their ids would decide
	if r.ConversationID != k.Conversation || r.ContactID != k.Contact || r.Remark != "" || late || k.pending[k.Conversation] {
		return r, false, errUnknown
	}
	ratings = append(ratings, r)
	for i, now := range compared(ratings) {
		if i == len(ratings)-1 {
			ratings[i], r = now, now
		} else if !sameChange(now, ratings[i]) {
			return r, false, errUnknown
		}
	}
	next, ok := newSummary(ratings, k.circumstances(), k.workspace.Settings.Location())
	before := slices.DeleteFunc(slices.Clone(k.summaries[k.Conversation]), func(s Summary) bool { return s.ContactID != k.Contact })
	if !ok && len(before) > 0 {
		return r, false, errUnknown
	}
	if ok {
		tx.before, tx.next = before, []Summary{next}
		tx.written.summaries = tx.next
	}
	tx.written.ratings = []Rating{r}
	return r, true, nil
}

// rated is RequestRated for an act that shares a transaction.
func (k *known) rated(tx *Tx, id string) error {
	r, err := k.request(id)
	if err != nil {
		return err
	}
	if to, _ := r.State.After(rating.Rate); to != rating.HasRating {
		return errUnknown
	}
	channel := k.conversations[r.ConversationID].Channel
	tx.asks = map[string]*ask{id: {r, channel}}
	r.State = rating.HasRating
	if r.RatedAt == nil {
		r.RatedAt = &tx.Now
	}
	tx.written.rated = []ask{{r, channel}}
	return nil
}

// saveContact is SaveContact for an act that shares a transaction.
func (k *known) saveContact(tx *Tx, c Contact) error {
	if c.ID != k.Contact {
		return errUnknown
	}
	if c, save := c.over(k.contacts[c.ID], tx); save {
		tx.written.contacts = []Contact{c}
	}
	return nil
}

var replacesSummary = replaces[Summary]()

// write stores what acts have come to.
func (tx *Tx) write() error {
	w := tx.written
	tx.holdsAsks = true
	var rated error
	if len(w.rated) > 0 {
		ids := make([]string, len(w.rated))
		for i, r := range w.rated {
			ids[i] = r.ID
		}
		rated = tx.rows().Model(&Request{}).Where("id IN ?", padded(ids)).
			Updates(map[string]any{"state": rating.HasRating, "rated_at": gorm.Expr("COALESCE(rated_at, ?)", tx.Now)}).Error
	}
	if counted, watched := tx.db.Statement.ConnPool.(*watchedTx); watched {
		counted.ratings += len(w.ratings)
	}
	return errors.Join(
		rated,
		insert(tx, w.contacts, savesContact),
		insert(tx, w.ratings, isNew),
		insert(tx, w.summaries, replacesSummary),
		insert(tx, w.writeBacks, isEqual),
		insert(tx, w.outbox, isNew),
	)
}
