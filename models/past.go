package models

import (
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rerate/internal/rating"
)

// Past is what Intercom's search says of a conversation of the time before Rerate was connected.
type Past struct {
	Conversation Conversation
	Contacts     []Contact
	Course       Course
	Rating       *Rating  // Intercom's own
	Close        *Request // the ledger's row for its newest close
}

// AddPast stores conversations of which nothing is known yet, many at once. It answers those that are known, of which it
// stores nothing, and how many ratings were new. None of it asks anybody.
func (tx *Tx) AddPast(past []Past) (known []Past, ratings int, err error) {
	ids := make([]string, len(past))
	for i, p := range past {
		ids[i] = p.Conversation.ID
	}
	var there []string
	if err := tx.rows().Model(&Conversation{}).Where("id IN ?", ids).Pluck("id", &there).Error; err != nil {
		return nil, 0, err
	}
	has := set(there)
	var rows pastRows
	for _, p := range past {
		if has[p.Conversation.ID] {
			known = append(known, p)
			continue
		}
		has[p.Conversation.ID] = true
		rows.add(tx, p)
	}
	if err := tx.addPastRows(rows); err != nil {
		return nil, 0, err
	}
	return known, len(rows.ratings), nil
}

type pastRows struct {
	talks    []Conversation
	contacts map[string]Contact
	members  []ConversationContact
	ratings  []Rating
	closes   []Request
}

func (rows *pastRows) add(tx *Tx, p Past) {
	c := p.Conversation
	c.WorkspaceID, c.ReadAt = tx.Workspace, &tx.Now
	c.State, c.ChangedAt, c.ClosedAt, c.AssigneeID, c.Tags = p.Course.State, &p.Course.ChangedAt, p.Course.ClosedAt, p.Course.AssigneeID, p.Course.Tags
	c.TeammateRepliedAt, c.ContactRepliedAt = p.Course.TeammateRepliedAt, p.Course.ContactRepliedAt
	rows.talks = append(rows.talks, c)
	if rows.contacts == nil {
		rows.contacts = map[string]Contact{}
	}
	members := map[string]bool{}
	for _, contact := range p.Contacts {
		contact.WorkspaceID, contact.UpdatedAt = tx.Workspace, tx.Now
		if rows.contacts[contact.ID].Name == "" {
			rows.contacts[contact.ID] = contact
		}
		if !members[contact.ID] {
			members[contact.ID] = true
			rows.members = append(rows.members, ConversationContact{WorkspaceID: tx.Workspace, ConversationID: c.ID, ContactID: contact.ID})
		}
	}
	if r := p.Rating; r != nil {
		r.WorkspaceID, r.ID, r.Change, r.Integrity = tx.Workspace, tx.NewID(), rating.First, r.Source.integrity()
		rows.ratings = append(rows.ratings, *r)
	}
	if r := p.Close; r != nil {
		state, _ := RequestState("").After(rating.Refuse)
		r.WorkspaceID, r.ID, r.ConversationID, r.CreatedAt, r.State = tx.Workspace, tx.NewID(), c.ID, tx.Now, state
		rows.closes = append(rows.closes, *r)
	}
}

func (tx *Tx) addPastRows(rows pastRows) error {
	if len(rows.talks) == 0 {
		return nil
	}
	contacts := inOrder(rows.contacts)
	if err := tx.forgetErased(contacts, rows.ratings); err != nil {
		return err
	}
	leave := func() *gorm.DB { return tx.db.Clauses(clause.OnConflict{DoNothing: true}) } // what is there already
	if err := leave().CreateInBatches(rows.talks, 100).Error; err != nil {
		return err
	}
	if len(contacts) > 0 {
		if err := errors.Join(leave().CreateInBatches(contacts, 100).Error, leave().CreateInBatches(rows.members, 100).Error); err != nil {
			return err
		}
	}
	if len(rows.ratings) > 0 {
		if err := tx.db.CreateInBatches(rows.ratings, 100).Error; err != nil {
			return err
		}
		if err := tx.indexRatings(rows.ratings); err != nil {
			return err
		}
	}
	if len(rows.closes) > 0 {
		if err := tx.holdAsks(idsOf(rows.closes)...); err != nil {
			return err
		}
		if err := tx.db.CreateInBatches(rows.closes, 100).Error; err != nil {
			return err
		}
	}
	return tx.sumUpFirst(rows.ratings)
}

// forgetErased takes the words of erased contacts out of ratings.
func (tx *Tx) forgetErased(contacts []Contact, ratings []Rating) error {
	ids := make([]string, 0, len(contacts)+len(ratings))
	for _, c := range contacts {
		ids = append(ids, c.ID)
	}
	for _, r := range ratings {
		ids = append(ids, r.ContactID)
	}
	var erased []string
	if err := tx.rows().Model(&Contact{}).Where("id IN ? AND erased_at IS NOT NULL", ids).Pluck("id", &erased).Error; err != nil {
		return err
	}
	gone := set(erased)
	for i := range ratings {
		if gone[ratings[i].ContactID] {
			ratings[i].Remark = ""
		}
	}
	return nil
}

// sumUpFirst stores the summaries of ratings each of which is the only one of its conversation.
func (tx *Tx) sumUpFirst(ratings []Rating) error {
	settings, err := tx.holdSettings(clause.LockingStrengthShare)
	if err != nil || len(ratings) == 0 {
		return err
	}
	var summaries []Summary
	for _, r := range ratings {
		if s, ok := newSummary([]Rating{r}, circumstances{}, settings.Location()); ok {
			summaries = append(summaries, s)
		}
	}
	tx.next = append(tx.next, summaries...)
	return tx.replaceSummaries(nil, summaries)
}

// AddPastClose gives a conversation's newest close its row in the ledger, unless the ledger has a row for that episode or
// a later one.
func (tx *Tx) AddPastClose(c Conversation, r Request) error {
	var n int64
	if err := tx.rows().Model(&Request{}).Where("conversation_id = ? AND (closed_at >= ? OR episode >= ?)", c.ID, r.ClosedAt, r.Episode).
		Count(&n).Error; err != nil || n > 0 {
		return err
	}
	_, err := tx.BeginRequest(c, rating.Refuse, r)
	return err
}
