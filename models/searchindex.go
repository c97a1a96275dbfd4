package models

import (
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rerate/internal/words"
)

// SearchVersion is raised whenever internal/words cuts texts in another way: the remarks of a workspace that were put into
// the index by an earlier version, or not at all, are put in again when the program starts.
const SearchVersion = 1

// RatingWords says that the index of words has a rating's remark. What it has is the engine's own.
type RatingWords struct {
	WorkspaceID string `gorm:"primaryKey"`
	RatingID    string `gorm:"primaryKey"`
}

// remarkToFind is what the index has to know.
type remarkToFind struct {
	rating, text string
	at           time.Time
}

// index puts remarks into the index of words. What is there already stays.
func (tx *Tx) index(remarks ...remarkToFind) error {
	var rows []map[string]any
	next := map[int64]int64{}
	for _, r := range remarks {
		keys := append(words.Keys(r.text), workspaceKey(tx.Workspace))
		row := map[string]any{"workspace_id": tx.Workspace, "rating_id": r.rating}
		if tx.db.Name() == "sqlite" {
			doc, err := tx.nextDoc(r.at, next)
			if err != nil {
				return err
			}
			row["doc"], row["words"] = doc, strings.Join(keys, " ")
		} else {
			row["words"] = gorm.Expr("CAST(? AS tsvector)", "'"+strings.Join(keys, "' '")+"'")
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.db.Model(&RatingWords{}).Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, 200).Error
}

func (tx *Tx) indexRatings(ratings []Rating) error {
	var remarks []remarkToFind
	for _, r := range ratings {
		if r.Remark != "" {
			remarks = append(remarks, remarkToFind{r.ID, r.Remark, r.At})
		}
	}
	return tx.index(remarks...)
}

// reindex puts a rating's remark into the index of words as it and its time are now.
func (tx *Tx) reindex(r Rating) error {
	if err := tx.unindex(tx.rows().Model(&Rating{}).Where("id = ?", r.ID)); err != nil {
		return err
	}
	return tx.indexRatings([]Rating{r})
}

// unindex takes the remarks of ratings out of the index of words.
func (tx *Tx) unindex(ratings *gorm.DB) error {
	return tx.rows().Where("rating_id IN (?)", ratings.Select("id")).Delete(&RatingWords{}).Error
}

// docsOfHour is the room for documents of one hour: more than anybody can be given.
const docsOfHour = 1 << 40

// firstDoc is the least number of a document of the hour.
func firstDoc(at time.Time) int64 { return max(0, at.Unix()/3600) * docsOfHour }

// nextDoc is a number that no document of SQLite's index has: those of the same hour stand together, so that a search looks
// at the hours of its range alone. SQLite has one writer, so nobody else takes it.
func (tx *Tx) nextDoc(at time.Time, next map[int64]int64) (int64, error) {
	first := firstDoc(at)
	if _, ok := next[first]; !ok {
		var last *int64
		if err := tx.db.Raw("SELECT MAX(doc) FROM rating_words WHERE doc >= ? AND doc < ?", first, first+docsOfHour).Scan(&last).Error; err != nil {
			return 0, err
		}
		next[first] = first
		if last != nil {
			next[first] = *last + 1
		}
	}
	doc := next[first]
	next[first]++
	return doc, nil
}

// IndexRemarks puts some remarks that are there already into the index of words, those of the ratings behind the given id,
// and answers how far it has come; "" is the end, and the workspace is ready. It may be broken off and begun again.
func (tx *Tx) IndexRemarks(after string, most int) (last string, err error) {
	ratings, err := list[Rating](lock(tx.rows(), clause.LockingStrengthUpdate).Select("id", "remark", "at").
		Where("id > ? AND remark <> ''", after).
		Where("NOT EXISTS (SELECT 1 FROM rating_words w WHERE w.workspace_id = ratings.workspace_id AND w.rating_id = ratings.id)").
		Order("id").Limit(most))
	if err != nil {
		return "", err
	}
	if len(ratings) == 0 {
		return "", tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace).Update("search_version", SearchVersion).Error
	}
	return ratings[len(ratings)-1].ID, tx.indexRatings(ratings)
}
