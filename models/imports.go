package models

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rerate/internal/rating"
)

// ImportState is where a file of ratings stands.
type ImportState string

// The states of an import.
const (
	ImportUploaded  ImportState = "uploaded"  // only the file is there
	ImportAdding    ImportState = "adding"    // under way; nothing of it counts yet
	ImportAdded     ImportState = "added"     // all of it counts
	ImportRemoving  ImportState = "removing"  // being taken back; all of it still counts
	ImportRemoved   ImportState = "removed"   // nothing of it is left
	ImportCancelled ImportState = "cancelled" // stopped before any of it counted
)

// Import is one file of ratings and what became of it.
type Import struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	FileName    string
	File        []byte        // as the use-case packed it; nil once it is not needed any more
	Options     ImportOptions `gorm:"serializer:json"`
	State       ImportState
	Author      string          // a teammate's name, or "the command line"
	Total       int             // good rows of the file
	Reached     int             // the line up to which they have been looked at
	Staged      int             // new ratings
	Prepared    int             // of the units that these belong to: derived
	Known       int             // rows whose rating was there already
	Twins       int             // rows that say the same as an earlier one of the file
	Bad         int             // rows that cannot be read
	Problems    []ImportProblem `gorm:"serializer:json"` // the first of them
	CreatedAt   time.Time
	TouchedAt   time.Time
	FinishedAt  *time.Time
}

// UnderWay says that a job is at it.
func (i Import) UnderWay() bool { return i.State == ImportAdding || i.State == ImportRemoving }

// ImportOptions say how a file is read: the index of the column of each field, and how many options there were.
type ImportOptions struct {
	Columns map[string]int `json:"columns"`
	Scale   int            `json:"scale"`
}

// ImportProblem says what is wrong with a row of a file.
type ImportProblem struct {
	Line   int    `json:"line"`
	Column string `json:"column"` // as the file names it; empty where the whole row is meant
	Text   string `json:"text"`
}

// ImportRow is a row of a file that is being added: a rating that counts nowhere yet.
type ImportRow struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ImportID       string `gorm:"primaryKey"`
	Line           int    `gorm:"primaryKey;autoIncrement:false"`
	RatingID       string
	ConversationID string
	ContactID      string
	SourceKey      string
	Score          int
	Scale          int
	Sentiment      rating.Sentiment
	Emoji          string
	Label          string
	Remark         string
	At             time.Time
	TeammateID     string
	TeammateName   string
	Channel        string // of a conversation that is not known yet
}

// CreditByImport marks a rating whose teammate stood in the file.
const CreditByImport rating.CreditRule = "import"

func (r ImportRow) rating(channel string) Rating {
	return Rating{
		ID: r.RatingID, ConversationID: r.ConversationID, ContactID: r.ContactID, Score: r.Score, Scale: r.Scale,
		Sentiment: r.Sentiment, At: r.At, Change: rating.First, Channel: channel, TeammateID: r.TeammateID, ImportID: r.ImportID,
	}
}

// PendingSummary is what a summary will say once an import is added or taken back; with no ratings there is none then.
type PendingSummary struct {
	WorkspaceID    string `gorm:"primaryKey"`
	ConversationID string `gorm:"primaryKey"`
	ContactID      string `gorm:"primaryKey"`
	ImportID       string
	SummaryFacts
}

// PendingChange is what a rating will say of those before it.
type PendingChange struct {
	WorkspaceID    string `gorm:"primaryKey"`
	RatingID       string `gorm:"primaryKey"`
	ImportID       string
	ConversationID string
	Change         rating.Change
	PreviousScore  *int
}

// ErrImportUnderWay means that another file of the workspace is being added or taken back.
var ErrImportUnderWay = errors.New("another file is being added or taken back; wait until it has ended")

// AddImport stores a file. Nothing of it counts.
func (tx *Tx) AddImport(i Import) (Import, error) {
	i.WorkspaceID, i.ID, i.State, i.CreatedAt, i.TouchedAt = tx.Workspace, tx.NewID(), ImportUploaded, tx.Now, tx.Now
	if i.Options.Columns == nil {
		i.Options.Columns = map[string]int{}
	}
	if i.Problems == nil {
		i.Problems = []ImportProblem{}
	}
	return i, tx.db.Create(&i).Error
}

// HoldImport reads an import, without its file, and makes other writers of it wait.
func (tx *Tx) HoldImport(id string) (Import, error) {
	return one[Import](lockForUpdate(tx.rows().Omit("file").Where("id = ?", id)))
}

// SaveImport stores how far an import has come; its file stays as it is.
func (tx *Tx) SaveImport(i Import) error {
	i.WorkspaceID, i.TouchedAt = tx.Workspace, tx.Now
	err := tx.db.Omit("file", "created_at").Save(&i).Error
	if errors.Is(err, gorm.ErrDuplicatedKey) {
		return ErrImportUnderWay
	}
	return err
}

// Import reads an import with its file.
func (t Tenant) Import(ctx context.Context, id string) (Import, error) {
	return one[Import](t.rows(ctx).Where("id = ?", id))
}

// Imports lists the newest imports, without their files.
func (t Tenant) Imports(ctx context.Context, limit int) ([]Import, error) {
	return list[Import](t.rows(ctx).Omit("file").Order("created_at DESC, id DESC").Limit(limit))
}

// KnownSources picks the source keys that ratings have already.
func (t Tenant) KnownSources(ctx context.Context, keys []string) (map[string]bool, error) {
	var known []string
	if err := t.rows(ctx).Model(&Rating{}).Where("source_key IN ?", keys).Pluck("source_key", &known).Error; err != nil {
		return nil, err
	}
	return set(known), nil
}

func set(keys []string) map[string]bool {
	all := make(map[string]bool, len(keys))
	for _, key := range keys {
		all[key] = true
	}
	return all
}

// ImportsUnderWay lists every workspace's imports that a job has to go on with.
func (s *Store) ImportsUnderWay(ctx context.Context) ([]Import, error) {
	return list[Import](s.db.WithContext(ctx).Omit("file").Where("state IN ?", []ImportState{ImportAdding, ImportRemoving}).Order("workspace_id"))
}

// StageImport puts rows beside the import, without those whose rating is there already, and answers how many were new.
// Conversations that are not known begin here; they say nothing yet. Where the file names no contact and the
// conversation is known to have exactly one, that one is meant.
func (tx *Tx) StageImport(i Import, rows []ImportRow) (staged int, err error) {
	keys, conversations := make([]string, len(rows)), make([]string, len(rows))
	for n, r := range rows {
		keys[n], conversations[n] = r.SourceKey, r.ConversationID
	}
	var known []string
	if err := tx.rows().Model(&Rating{}).Where("source_key IN ?", keys).Pluck("source_key", &known).Error; err != nil {
		return 0, err
	}
	contacts, err := tx.onlyContacts(conversations)
	if err != nil {
		return 0, err
	}
	has := set(known)
	var fresh []ImportRow
	talks := map[string]Conversation{}
	for _, r := range rows {
		if has[r.SourceKey] {
			continue
		}
		r.WorkspaceID, r.ImportID, r.RatingID = tx.Workspace, i.ID, tx.NewID()
		if r.ContactID == "" {
			r.ContactID = contacts[r.ConversationID]
		}
		fresh = append(fresh, r)
		if _, ok := talks[r.ConversationID]; !ok {
			talks[r.ConversationID] = Conversation{WorkspaceID: tx.Workspace, ID: r.ConversationID, Channel: r.Channel, CreatedAt: r.At}
		}
	}
	if len(fresh) == 0 {
		return 0, nil
	}
	// Two that begin the same conversations do it in the same order, so that they never wait for each other in a circle.
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(inOrder(talks), 100).Error; err != nil {
		return 0, err
	}
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(fresh, 100).Error; err != nil {
		return 0, err
	}
	return len(fresh), tx.indexStaged(fresh)
}

// indexStaged puts the remarks of rows into the index of words, where they are found once the rows are ratings.
func (tx *Tx) indexStaged(rows []ImportRow) error {
	var ratings []Rating
	for _, r := range rows {
		ratings = append(ratings, Rating{ID: r.RatingID, Remark: r.Remark, At: r.At})
	}
	return tx.indexRatings(ratings)
}

// onlyContacts names the contact of each conversation that has exactly one.
func (tx *Tx) onlyContacts(conversations []string) (map[string]string, error) {
	members, err := list[ConversationContact](tx.rows().Where("conversation_id IN ?", conversations))
	only := map[string]string{}
	for _, m := range members {
		if other, ok := only[m.ConversationID]; ok && other != m.ContactID {
			m.ContactID = ""
		}
		only[m.ConversationID] = m.ContactID
	}
	return only, err
}

// ClearImport deletes some of what an import that has ended leaves behind beside the ratings, and answers whether there
// may be more.
func (tx *Tx) ClearImport(id string, most int) (more bool, err error) {
	gone := tx.rows().Model(&ImportRow{}).Where("import_id = ?", id).Select("rating_id").Order("line").Limit(most)
	if err := tx.rows().Where("rating_id IN (SELECT rating_id FROM (?) AS gone)", gone).
		Where("NOT EXISTS (SELECT 1 FROM ratings r WHERE r.workspace_id = rating_words.workspace_id AND r.id = rating_words.rating_id)").
		Delete(&RatingWords{}).Error; err != nil {
		return false, err
	}
	for _, table := range []struct {
		row any
		key string
	}{{&ImportRow{}, "line"}, {&PendingSummary{}, "conversation_id"}, {&PendingChange{}, "rating_id"}} {
		some := tx.rows().Model(table.row).Where("import_id = ?", id).Select(table.key).Order(table.key).Limit(most)
		result := tx.rows().Where("import_id = ?", id).Where(table.key+" IN (?)", some).Delete(table.row)
		if result.Error != nil {
			return false, result.Error
		}
		more = more || result.RowsAffected >= int64(most)
	}
	if more {
		return true, nil
	}
	return false, tx.rows().Model(&Import{}).Where("id = ?", id).Update("file", nil).Error
}

// dropPending throws away what is pending for a conversation, because something of it changes.
func (tx *Tx) dropPending(conversation string) error {
	for _, row := range []any{&PendingSummary{}, &PendingChange{}} {
		if err := tx.rows().Where("conversation_id = ?", conversation).Delete(row).Error; err != nil {
			return err
		}
	}
	return nil
}

// WaitingFiles are the files that nobody has added yet, with what is in them.
func (tx *Tx) WaitingFiles() ([]Import, error) {
	return list[Import](tx.rows().Where("state = ?", ImportUploaded).Order("id"))
}

// DropFile deletes a file that nobody has added yet.
func (tx *Tx) DropFile(id string) error {
	return tx.rows().Where("id = ? AND state = ?", id, ImportUploaded).Delete(&Import{}).Error
}

func (s *Store) sweepImports(ctx context.Context) error {
	return s.db.WithContext(ctx).Where("state = ? AND created_at < ?", ImportUploaded, s.now().Add(-uploadLasts)).Delete(&Import{}).Error
}

// uploadLasts is how long a file waits for somebody to add it.
const uploadLasts = 7 * 24 * time.Hour
