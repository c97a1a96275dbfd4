package models

import (
	"cmp"
	"slices"
	"time"

	"gorm.io/gorm"

	"rerate/internal/rating"
)

// ExamplePrefix begins the id of every made-up conversation and contact. No id of Intercom's does.
const ExamplePrefix = "example-"

// ExampleData is the rows of made-up conversations. Workspace, change and previous score are filled in when they
// are stored.
//
// Wordings are the versions that the year was asked with, numbered from 1. The first is Rerate's own, the others are by
// made-up teammates, whose ids begin with ExamplePrefix.
type ExampleData struct {
	Wordings      []Wording
	Contacts      []Contact
	Conversations []Conversation
	Members       []ConversationContact
	Requests      []Request
	Ratings       []Rating
	WriteBacks    []WriteBack
	Feedback      []Feedback // each of a made-up contact
	Companies     []Company  // ids begin with ExamplePrefix
	Belongs       []ContactCompany
	Events        []ContactEvent
}

// AddExampleData stores made-up conversations and marks the workspace. It does nothing when the workspace has some
// already.
func (tx *Tx) AddExampleData(data ExampleData) error {
	w, err := tx.holdWorkspace()
	if err != nil || w.HasExampleData {
		return err
	}
	if err := tx.addExampleWordings(w, data); err != nil {
		return err
	}
	tx.own(data)
	histories := data.histories()
	if err := tx.holdAsks(idsOf(data.Requests)...); err != nil {
		return err
	}
	for _, rows := range []any{
		data.Conversations, data.Contacts, data.Members, data.Requests, data.Ratings, data.WriteBacks, data.Feedback,
		data.Companies, data.Belongs, data.Events,
	} {
		if err := tx.db.CreateInBatches(rows, 200).Error; err != nil {
			return err
		}
	}
	if err := tx.indexRatings(data.Ratings); err != nil {
		return err
	}
	var summaries []Summary
	for _, ratings := range histories {
		around, err := tx.circumstancesOf(ratings[0].ConversationID)
		if err != nil {
			return err
		}
		if s, ok := newSummary(ratings, around[ratings[0].ConversationID], w.Settings.Location()); ok {
			summaries = append(summaries, s)
		}
	}
	if err := tx.replaceSummaries(nil, summaries); err != nil {
		return err
	}
	tx.next = append(tx.next, summaries...)
	return tx.setHasExampleData(true)
}

// RemoveExampleData deletes every made-up conversation with all that hangs on it, every made-up contact, and the made-up
// versions of the wording. What is left is what there would be had they never been added, but for versions of the wording
// that are needed: see removeExampleWordings.
func (tx *Tx) RemoveExampleData() error {
	// The conversations first, then the workspace, as everybody does: two that took them the other way round would wait for
	// each other in a circle.
	if _, err := list[Conversation](lockForUpdate(tx.rows().Where("id LIKE ?", ExamplePrefix+"%").Order("id"))); err != nil {
		return err
	}
	w, err := tx.holdWorkspace()
	if err != nil || !w.HasExampleData {
		return err
	}
	if err := tx.unindex(tx.rows().Model(&Rating{}).Where("conversation_id LIKE ?", ExamplePrefix+"%")); err != nil {
		return err
	}
	if err := tx.takeOutExamples(); err != nil {
		return err
	}
	for _, row := range []any{&WriteBack{}, &Rating{}, &Request{}, &Summary{}, &ConversationContact{}, &PendingSummary{}, &PendingChange{}} {
		if err := tx.rows().Where("conversation_id LIKE ?", ExamplePrefix+"%").Delete(row).Error; err != nil {
			return err
		}
	}
	for _, row := range []any{&ContactCompany{}, &ContactEvent{}, &SegmentMember{}} {
		if err := tx.rows().Where("contact_id LIKE ?", ExamplePrefix+"%").Delete(row).Error; err != nil {
			return err
		}
	}
	for _, row := range []any{&Conversation{}, &Contact{}, &Feedback{}, &Company{}} {
		if err := tx.rows().Where("id LIKE ?", ExamplePrefix+"%").Delete(row).Error; err != nil {
			return err
		}
	}
	if err := tx.removeExampleWordings(w); err != nil {
		return err
	}
	if err := tx.moveRollups(); err != nil {
		return err
	}
	if err := tx.dropEmptyRollups(); err != nil {
		return err
	}
	return tx.setHasExampleData(false)
}

// takeOutExamples has the rollups move by what made-up conversations added to them.
func (tx *Tx) takeOutExamples() error {
	made := func() *gorm.DB { return tx.rows().Where("conversation_id LIKE ?", ExamplePrefix+"%") }
	summaries, err := list[Summary](made())
	if err != nil {
		return err
	}
	tx.before = append(tx.before, summaries...)
	var asked []string
	if err := made().Model(&Request{}).Pluck("id", &asked).Error; err != nil {
		return err
	}
	return tx.holdAsks(asked...)
}

// holdWorkspace reads the workspace and makes whoever wants to change it, or to count a rating in it, wait.
func (tx *Tx) holdWorkspace() (Workspace, error) {
	return one[Workspace](lockForUpdate(tx.db.Where("id = ?", tx.Workspace)))
}

func (tx *Tx) setHasExampleData(has bool) error {
	return tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace).Update("has_example_data", has).Error
}

// own puts the rows into the workspace.
func (tx *Tx) own(data ExampleData) {
	for i := range data.Contacts {
		data.Contacts[i].WorkspaceID, data.Contacts[i].UpdatedAt = tx.Workspace, tx.Now
	}
	for i := range data.Conversations {
		data.Conversations[i].WorkspaceID = tx.Workspace
	}
	for i := range data.Members {
		data.Members[i].WorkspaceID = tx.Workspace
	}
	for i := range data.Requests {
		data.Requests[i].WorkspaceID = tx.Workspace
	}
	data.tellAgain()
	for i := range data.Companies {
		data.Companies[i].WorkspaceID, data.Companies[i].UpdatedAt = tx.Workspace, tx.Now
	}
	for i := range data.Belongs {
		data.Belongs[i].WorkspaceID = tx.Workspace
	}
	for i := range data.Events {
		data.Events[i].WorkspaceID = tx.Workspace
	}
	for i := range data.Feedback {
		data.Feedback[i].WorkspaceID = tx.Workspace
	}
	for i := range data.Ratings {
		data.Ratings[i].WorkspaceID, data.Ratings[i].Integrity = tx.Workspace, data.Ratings[i].Source.integrity()
	}
	for i := range data.WriteBacks {
		data.WriteBacks[i].WorkspaceID = tx.Workspace
	}
}

// tellAgain says of each request whether its conversation had been rated or asked before.
func (data ExampleData) tellAgain() {
	began := map[string]time.Time{} // the first rating or request
	earlier := func(conversation string, at time.Time) {
		if known, ok := began[conversation]; !ok || at.Before(known) {
			began[conversation] = at
		}
	}
	for _, r := range data.Ratings {
		if r.Valid() {
			earlier(r.ConversationID, r.At)
		}
	}
	for _, r := range data.Requests {
		if r.SentAt != nil && !r.Test && r.Method != ByHome {
			earlier(r.ConversationID, *r.SentAt)
		}
	}
	for i := range data.Requests {
		r := &data.Requests[i]
		r.Again = r.SentAt != nil && began[r.ConversationID].Before(*r.SentAt)
	}
}

// histories compares every rating with those before it, and cuts the ratings into what one contact said in one
// conversation each.
func (data ExampleData) histories() [][]Rating {
	slices.SortFunc(data.Ratings, func(a, b Rating) int { return cmp.Or(compareUnit(a, b), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	all := units(data.Ratings)
	for _, unit := range all {
		compareAll(unit)
	}
	return all
}

// compareUnit orders ratings by the unit of every figure: one contact in one conversation.
func compareUnit(a, b Rating) int {
	return cmp.Or(cmp.Compare(a.ConversationID, b.ConversationID), cmp.Compare(a.ContactID, b.ContactID))
}

// compareAll says of each rating of a unit, oldest first, how it compares with the valid ones before it.
func compareAll(ratings []Rating) {
	for i := range ratings {
		r := &ratings[i]
		r.Change, r.PreviousScore = rating.First, nil
		if before := HistoryOf(ratings[:i], r.ConversationID, r.ContactID); before != nil {
			r.Change = r.Value().ChangeFrom(before.First().Score)
			previous := before.Latest().Score.Value
			r.PreviousScore = &previous
		}
	}
}
