package models

import (
	"strings"

	"gorm.io/gorm"
)

// addExampleWordings makes the year's versions of the wording the workspace's, where it has only Rerate's own: people's
// own words are never replaced. Rerate's own is then dated back to before the year, so that versions stand in the order
// of their dates. Elsewhere the year was asked with the workspace's version.
func (tx *Tx) addExampleWordings(w Workspace, data ExampleData) error {
	current, err := tx.Wording()
	if err != nil || len(data.Wordings) == 0 {
		return err
	}
	if current.Version != 1 || current.AuthorID != "" || !current.PublishedAt.Equal(w.InstalledAt) {
		for i := range data.Requests {
			data.Requests[i].WordingVersion = current.Version
		}
		for i, r := range data.Ratings {
			if r.RequestID != "" {
				data.Ratings[i].WordingVersion = current.Version
			}
		}
		return nil
	}
	first, rest := data.Wordings[0], data.Wordings[1:]
	for i := range rest {
		rest[i].WorkspaceID = tx.Workspace
	}
	if err := tx.rows().Model(&Wording{}).Where("version = ?", 1).Update("published_at", first.PublishedAt).Error; err != nil {
		return err
	}
	return tx.db.CreateInBatches(rest, 200).Error
}

// removeExampleWordings takes the made-up versions out of the history and dates Rerate's own back to the installation.
// A version that a real request or rating refers to stays, as one of Rerate's own, since requests keep theirs for ever;
// a draft has its own text. Should it be the newest, the words from before the example are published again as the next one, so that
// customers are asked as if there had been no example. What people published meanwhile stays as it is; numbers of
// versions that are gone below theirs stay empty.
func (tx *Tx) removeExampleWordings(w Workspace) error {
	made := func() *gorm.DB { return tx.rows().Model(&Wording{}).Where("author_id LIKE ?", ExamplePrefix+"%") }
	unused := made()
	for _, row := range []any{&Request{}, &Rating{}} {
		unused = unused.Where("version NOT IN (?)", tx.rows().Model(row).Select("wording_version"))
	}
	if err := unused.Delete(&Wording{}).Error; err != nil {
		return err
	}
	newest, err := tx.Wording()
	if err != nil {
		return err
	}
	stays := strings.HasPrefix(newest.AuthorID, ExamplePrefix)
	if err := made().Update("author_id", "").Error; err != nil {
		return err
	}
	before, err := tx.WordingVersion(1)
	if err != nil {
		return err
	}
	if stays {
		if _, err := tx.PublishWording(before.Body, ""); err != nil {
			return err
		}
	}
	if before.AuthorID != "" || !before.PublishedAt.Before(w.InstalledAt) {
		return nil
	}
	return tx.rows().Model(&Wording{}).Where("version = ?", 1).Update("published_at", w.InstalledAt).Error
}
