package models

import (
	"errors"
	"slices"

	"gorm.io/gorm/clause"
)

// MergeContact gives everything that is stored of a contact to another one, since Intercom has made the two one:
// conversations, ratings with their figures, requests, feedback and messages. Doing it twice changes nothing. What else
// is known of the old contact is ContactGone's matter.
func (tx *Tx) MergeContact(from, into string) error {
	into, err := tx.mergedInto(into)
	if err != nil || from == into {
		return err
	}
	var rated, conversations []string
	if err := errors.Join(
		tx.rows().Model(&Rating{}).Where("contact_id = ?", from).Distinct().Pluck("conversation_id", &rated).Error,
		tx.rows().Model(&ConversationContact{}).Where("contact_id = ?", from).Pluck("conversation_id", &conversations).Error,
	); err != nil {
		return err
	}
	both := slices.Compact(slices.Sorted(slices.Values(slices.Concat(rated, conversations))))
	for _, id := range both { // all of them, in one order, before anything of one is written
		if _, err := tx.Conversation(id); err != nil {
			return err
		}
	}
	if err := tx.mergeRatings(from, into, both); err != nil {
		return err
	}
	for _, id := range conversations {
		row := ConversationContact{WorkspaceID: tx.Workspace, ConversationID: id, ContactID: into}
		if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
			return err
		}
	}
	for _, old := range []any{&ConversationContact{}, &HomeLook{}} { // what Home showed is asked for again when it is opened
		if err := tx.rows().Where("contact_id = ?", from).Delete(old).Error; err != nil {
			return err
		}
	}
	var asked []string
	if err := tx.rows().Model(&Request{}).Where("contact_id = ?", from).Pluck("id", &asked).Error; err != nil {
		return err
	}
	if err := tx.holdAsks(asked...); err != nil { // in their order, since they are of many conversations
		return err
	}
	for _, row := range []any{&Request{}, &Feedback{}} {
		if err := tx.rows().Model(row).Where("contact_id = ?", from).UpdateColumn("contact_id", into).Error; err != nil {
			return err
		}
	}
	if err := tx.eraseAgain(into); err != nil {
		return err
	}
	// Who was written to as the one is not written to again as the other.
	return tx.rows().Model(&SegmentMessage{}).Where("contact_id = ?", from).
		Where(`NOT EXISTS (SELECT 1 FROM segment_messages AS other WHERE other.workspace_id = segment_messages.workspace_id
			AND other.segment_id = segment_messages.segment_id AND other.version = segment_messages.version AND other.contact_id = ?)`, into).
		UpdateColumn("contact_id", into).Error
}

// longestChain bounds how often a contact was merged on.
const longestChain = 20

// mergedInto is the contact that a contact is now, since news of several merges may arrive in any order.
func (tx *Tx) mergedInto(id string) (string, error) {
	for range longestChain {
		found, err := list[Contact](tx.rows().Where("id = ?", id))
		if err != nil || len(found) == 0 || found[0].MergedInto == "" {
			return id, err
		}
		id = found[0].MergedInto
	}
	return id, nil
}

// eraseAgain forgets what came to a contact that had been erased before.
func (tx *Tx) eraseAgain(contact string) error {
	var n int64
	err := tx.rows().Model(&Contact{}).Where("id = ? AND erased_at IS NOT NULL", contact).Count(&n).Error
	if err != nil || n == 0 {
		return err
	}
	return tx.EraseContact(contact)
}

// mergeRatings moves ratings, and derives again what either contact said in each conversation.
func (tx *Tx) mergeRatings(from, into string, conversations []string) error {
	for _, id := range conversations {
		if err := tx.rows().Model(&Rating{}).Where("conversation_id = ? AND contact_id = ?", id, from).
			UpdateColumn("contact_id", into).Error; err != nil {
			return err
		}
		for _, contact := range []string{from, into} {
			if err := tx.summarise(id, contact); err != nil {
				return err
			}
		}
	}
	return nil
}
