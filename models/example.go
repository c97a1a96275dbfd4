package models

import (
	"cmp"
	"slices"

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
	for _, rows := range []any{data.Conversations, data.Contacts, data.Members, data.Requests, data.Ratings, data.WriteBacks} {
		if err := tx.db.CreateInBatches(rows, 200).Error; err != nil {
			return err
		}
	}
	var summaries []Summary
	for _, ratings := range histories {
		if s, ok, err := tx.newSummary(ratings, w.Settings.Location()); err != nil {
			return err
		} else if ok {
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
	w, err := tx.holdWorkspace()
	if err != nil || !w.HasExampleData {
		return err
	}
	for _, row := range []any{&WriteBack{}, &Rating{}, &Request{}, &Summary{}, &ConversationContact{}} {
		if err := tx.rows().Where("conversation_id LIKE ?", ExamplePrefix+"%").Delete(row).Error; err != nil {
			return err
		}
	}
	for _, row := range []any{&Conversation{}, &Contact{}} {
		if err := tx.rows().Where("id LIKE ?", ExamplePrefix+"%").Delete(row).Error; err != nil {
			return err
		}
	}
	if err := tx.removeExampleWordings(w); err != nil {
		return err
	}
	if err := tx.RebuildReports(); err != nil {
		return err
	}
	return tx.setHasExampleData(false)
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
	for i := range data.Ratings {
		data.Ratings[i].WorkspaceID = tx.Workspace
	}
	for i := range data.WriteBacks {
		data.WriteBacks[i].WorkspaceID = tx.Workspace
	}
}

// histories compares every rating with those before it, and cuts the ratings into what one contact said in one
// conversation each.
func (data ExampleData) histories() [][]Rating {
	var all [][]Rating
	rest := data.Ratings
	slices.SortFunc(rest, func(a, b Rating) int { return cmp.Or(compareUnit(a, b), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	for len(rest) > 0 {
		n := 1
		for n < len(rest) && compareUnit(rest[0], rest[n]) == 0 {
			n++
		}
		compareAll(rest[:n])
		all, rest = append(all, rest[:n]), rest[n:]
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
