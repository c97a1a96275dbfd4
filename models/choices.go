package models

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"rerate/internal/stats"
)

// recent is from how many of the newest conversations with a rating the suggestions of a filter are taken, so that their
// cost does not grow with the number of ratings.
const recent = 200

// newestRated are the newest of the workspace's summaries.
const newestRated = `(SELECT conversation_id, contact_id FROM summaries WHERE workspace_id = @workspace
	ORDER BY latest_at DESC, latest_id DESC LIMIT @recent) AS s`

// RecentTags lists tags of conversations that were rated lately, the most frequent ones, in the order of the alphabet.
func (t Tenant) RecentTags(ctx context.Context, limit int) ([]string, error) {
	var rows []struct{ Tags Tags }
	err := t.store.db.WithContext(ctx).Raw(`SELECT c.tags FROM `+newestRated+`
		JOIN conversations AS c ON c.workspace_id = @workspace AND c.id = s.conversation_id WHERE c.tags <> '[]'`,
		map[string]any{"workspace": t.Workspace, "recent": recent}).Scan(&rows).Error
	times := map[string]int{}
	for _, row := range rows {
		for _, tag := range row.Tags {
			times[tag]++
		}
	}
	tags := slices.SortedFunc(maps.Keys(times), func(a, b string) int {
		return cmp.Or(times[b]-times[a], strings.Compare(a, b))
	})
	tags = append([]string{}, tags[:min(len(tags), limit)]...)
	slices.Sort(tags)
	return tags, err
}

// RecentCompanies lists companies of contacts who rated lately, by name: id and name.
func (t Tenant) RecentCompanies(ctx context.Context, limit int) ([]Company, error) {
	rows := []Company{}
	err := t.store.db.WithContext(ctx).Raw(`SELECT DISTINCT k.id, k.name FROM `+newestRated+`
		JOIN contact_companies AS m ON m.workspace_id = @workspace AND m.contact_id = s.contact_id
		JOIN companies AS k ON k.workspace_id = @workspace AND k.id = m.company_id ORDER BY k.name, k.id LIMIT @limit`,
		map[string]any{"workspace": t.Workspace, "recent": recent, "limit": limit}).Scan(&rows).Error
	return rows, err
}

// FindCompanies lists the companies that somebody may mean by a text, by name: the one with this id, else those with this
// name, else those whose name has it in it.
func (t Tenant) FindCompanies(ctx context.Context, text string, limit int) ([]Company, error) {
	conditions := []struct{ sql, value string }{
		{"id = ?", text},
		{"LOWER(name) = LOWER(?)", text},
		{"LOWER(name) LIKE LOWER(?) ESCAPE '!'", "%" + likely.Replace(text) + "%"},
	}
	for _, is := range conditions {
		found, err := list[Company](t.rows(ctx).Where(is.sql, is.value).Order("name, id").Limit(limit))
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return []Company{}, nil
}

// FirstDay is the first day of a range that has anything to report, its last one where none has.
func (t Tenant) FirstDay(ctx context.Context, in stats.Range) (stats.Day, error) {
	first := in.To
	for table, some := range map[any]string{&RollupDay{}: "rated > 0", &RollupAsks{}: "sent + closed > 0"} { // else all has moved elsewhere
		var days []stats.Day
		if err := t.rows(ctx).Model(table).Where("teammate_of = ? AND NOT by_channel AND day BETWEEN ? AND ?", OfAny, in.From, in.To).
			Where(some).Order("day").Limit(1).Pluck("day", &days).Error; err != nil {
			return first, err
		}
		for _, day := range days {
			first = min(first, day)
		}
	}
	oldest, err := list[Rating](t.rows(ctx).Select("at").Where("at >= ? AND at < ?", in.Start(), in.End()).Order("at, id").Limit(1))
	for _, r := range oldest {
		first = min(first, stats.DayOf(r.At, in.Zone))
	}
	return first, err
}
