package models

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// EraseContact removes what identifies a contact and every word of theirs, for good: nothing about them is stored again. Scores
// stay as anonymous counts.
func (tx *Tx) EraseContact(id string) error {
	if err := tx.eraseTestContact(id); err != nil {
		return err
	}
	unknown := Contact{WorkspaceID: tx.Workspace, ID: id}
	if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&unknown).Error; err != nil {
		return err
	}
	if err := tx.forget(id); err != nil {
		return err
	}
	return tx.rows().Model(&Contact{}).Where("id = ?", id).
		Updates(map[string]any{"erased_at": tx.Now, "merged_into": "", "gone_at": gorm.Expr("NULL")}).Error
}

// NamesOf are the ids and the address by which a file may name a contact: its own and those of its conversations.
func (tx *Tx) NamesOf(id string) ([]string, error) {
	var names, external []string
	err := errors.Join(
		tx.rows().Model(&ConversationContact{}).Where("contact_id = ?", id).Order("conversation_id").Pluck("conversation_id", &names).Error,
		tx.rows().Model(&Contact{}).Where("id = ? AND email <> ''", id).Pluck("email", &external).Error,
	)
	return append(append(names, external...), id), err
}

// eraseTestContact takes a contact out of the settings, which hold the ids and addresses of those who try Rerate out, and out of
// what settings were. The workspace is taken first, as everybody does.
func (tx *Tx) eraseTestContact(id string) error {
	contact, err := one[Contact](tx.rows().Where("id = ?", id))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	is := func(s string) bool { return s == id || contact.Email != "" && strings.EqualFold(s, contact.Email) }
	without := func(s Settings) (Settings, bool) {
		kept := slices.DeleteFunc(slices.Clone(s.TestContacts), is)
		changed := len(kept) < len(s.TestContacts)
		s.TestContacts = kept
		return s, changed
	}
	settings, err := tx.Settings()
	if err != nil {
		return err
	}
	if _, listed := without(settings); listed {
		if settings, err = tx.holdSettings(clause.LockingStrengthUpdate); err != nil {
			return err
		}
		settings, _ = without(settings)
		if err := tx.SaveSettings(settings); err != nil {
			return err
		}
	}
	changes, err := list[SettingsChange](tx.rows())
	if err != nil {
		return err
	}
	for _, c := range changes {
		var before, after bool
		c.Before, before = without(c.Before)
		c.After, after = without(c.After)
		if !before && !after {
			continue
		}
		if err := tx.db.Save(&c).Error; err != nil {
			return err
		}
	}
	return nil
}

// EraseOld erases what was said before a time, some of it: the words of so many ratings, replies, feedback and subjects at most. It
// answers how many it found. No figure depends on them.
func (tx *Tx) EraseOld(before time.Time, most int) (found int, err error) {
	for _, p := range personals {
		if p.at == "" {
			continue
		}
		keys, err := tx.someOf(p, p.at+", "+p.key, most-found, p.holds+" AND "+p.at+" < @before", map[string]any{"before": before})
		if err != nil || len(keys) == 0 {
			if err != nil {
				return found, err
			}
			continue
		}
		if err := tx.eraseRows(p, p.erase, keys); err != nil {
			return found, err
		}
		if p.table == "ratings" {
			if err := tx.unindex(tx.rows().Model(&Rating{}).Where("id IN ?", keys)); err != nil {
				return found, err
			}
		}
		if found += len(keys); found >= most {
			break
		}
	}
	return found, nil
}

// silent are the contacts of whom nothing has been heard since a time.
const silent = remembered + ` AND updated_at < @before
	AND NOT EXISTS (SELECT 1 FROM ratings r WHERE r.workspace_id = @workspace AND r.contact_id = t.id AND r.at >= @before)
	AND NOT EXISTS (SELECT 1 FROM feedback f WHERE f.workspace_id = @workspace AND f.contact_id = t.id AND f.at >= @before)
	AND NOT EXISTS (SELECT 1 FROM conversation_contacts m JOIN conversations v ON v.workspace_id = m.workspace_id AND v.id = m.conversation_id
		WHERE m.workspace_id = @workspace AND m.contact_id = t.id AND COALESCE(v.changed_at, v.created_at) >= @before)`

// ForgetSilent forgets who some contacts are of whom nothing has been heard since a time, those behind the given id, and answers how
// far it has come; "" is the end. Who comes back is learned anew.
func (tx *Tx) ForgetSilent(before time.Time, after string, most int) (last string, err error) {
	ids, err := tx.someOf(personals[0], "id", most, "id > @after AND "+silent, map[string]any{"before": before, "after": after})
	for _, id := range ids {
		if err := tx.forget(id); err != nil {
			return "", err
		}
		last = id
	}
	return last, err
}

// CountOlder counts the ratings from before a time, and those of them whose remark is there.
func (t Tenant) CountOlder(ctx context.Context, before time.Time) (ratings, remarks int64, err error) {
	q := func() *gorm.DB { return t.rows(ctx).Model(&Rating{}).Where("at < ?", before) }
	return ratings, remarks, errors.Join(q().Count(&ratings).Error, q().Where("remark <> ''").Count(&remarks).Error)
}

// Grace is how long what is stored of a workspace stays after it was uninstalled. Who installs it again within it finds everything.
const Grace = 30 * 24 * time.Hour

// EraseWorkspace uninstalls a workspace and has it erased from now on.
func (tx *Tx) EraseWorkspace() error {
	if err := tx.Uninstall(); err != nil {
		return err
	}
	return tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace).Updates(map[string]any{"erase_at": tx.Now, "erased_at": gorm.Expr("NULL")}).Error
}

// DueForErasing reports whether its time has come.
func (w Workspace) DueForErasing(now time.Time) bool {
	return w.UninstalledAt != nil && w.ErasedAt == nil && w.EraseAt != nil && !w.EraseAt.After(now)
}

const dueForErasing = "uninstalled_at IS NOT NULL AND erased_at IS NULL AND erase_at <= ?"

// Wiped says how far the erasing of a workspace has come.
type Wiped struct {
	Done  bool
	table int
	after string
}

// Wipe erases some more of a workspace whose time has come, from where it was left, so many rows at most. It takes whatever tells who
// somebody is or what they said, and the names of the team; scores, ids and counts stay. Of a workspace that was installed again
// meanwhile nothing more is erased.
func (tx *Tx) Wipe(at Wiped, most int) (Wiped, error) {
	due, err := list[Workspace](lock(tx.db.Where("id = ?", tx.Workspace).Where(dueForErasing, tx.Now), clause.LockingStrengthUpdate))
	if err != nil || len(due) == 0 {
		return Wiped{Done: true}, err
	}
	for ; at.table < len(personals); at.table, at.after = at.table+1, "" {
		p := personals[at.table]
		condition, assignments := p.whole()
		if condition == "" {
			continue
		}
		keys, err := tx.someOf(p, p.key, most, p.key+" > @after AND "+condition, map[string]any{"after": at.after})
		if err != nil {
			return at, err
		}
		if len(keys) == 0 {
			continue
		}
		at.after = keys[len(keys)-1]
		return at, tx.eraseRows(p, assignments, keys)
	}
	return Wiped{Done: true}, tx.wipeTeam()
}

// whole is what is erased of a table with its workspace: which rows, and what becomes of them.
func (p personal) whole() (condition, assignments string) {
	var conditions, all []string
	for _, part := range [][2]string{{p.holds, p.erase}, {p.names, p.team}} {
		if part[1] != "" {
			conditions, all = append(conditions, part[0]), append(all, part[1])
		}
	}
	if len(all) == 0 {
		return "", ""
	}
	return "(" + strings.Join(conditions, " OR ") + ")", strings.Join(all, ", ")
}

// wipeTeam ends the erasing of a workspace with what is not many rows.
func (tx *Tx) wipeTeam() error {
	settings, err := tx.Settings()
	if err != nil {
		return err
	}
	settings.TestContacts = nil
	if err := tx.SaveSettings(settings); err != nil {
		return err
	}
	for _, row := range []any{&SettingsChange{}, &DigestMail{}, &DigestRecipient{}, &ImportRow{}, &WordingDraft{}} {
		if err := tx.rows().Delete(row).Error; err != nil {
			return err
		}
	}
	for _, change := range []struct {
		row any
		to  map[string]any
	}{
		{&Import{}, map[string]any{"file": nil, "file_name": "", "author": "", "problems": "[]"}},
		{&APIKey{}, map[string]any{"name": "", "created_by": "", "revoked_at": gorm.Expr("COALESCE(revoked_at, ?)", tx.Now)}},
		{&Teammate{}, map[string]any{"name": "", "email": "", "role": Viewer}}, // whoever installs it next becomes its admin
	} {
		if err := tx.rows().Model(change.row).Where("workspace_id = ?", tx.Workspace).Updates(change.to).Error; err != nil {
			return err
		}
	}
	return tx.db.Model(&Workspace{}).Where("id = ?", tx.Workspace).Update("erased_at", tx.Now).Error
}
