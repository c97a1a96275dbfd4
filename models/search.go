package models

import (
	"context"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"rerate/internal/words"
)

// bounds are what a list looks at before it says "more than".
type bounds struct {
	// remarks is how many remarks a search reads, newest first, before it asks the index: what is frequent is found in
	// them, and the index is good at what is rare. found is how many matches it counts.
	remarks, found int
	// rows is how many ratings a list without a search looks at to count those that fit, counted how many it counts.
	rows, counted int
	// tagged is how many ratings a list looks at, newest first, before it asks what has its tag.
	tagged int
}

var usualBounds = bounds{remarks: 10_000, found: 1_000, rows: 50_000, counted: 10_000, tagged: 5_000}

// Total is how many rows a list has: N, or, with More, that many and perhaps more.
type Total struct {
	N    int
	More bool
}

// RatingPage is a piece of a list of ratings, with how long the list is. Where remarks are still being put into the index of
// words, Preparing says that older ones may be missing.
type RatingPage struct {
	Rows      []Rating
	Total     Total
	Preparing bool
}

// RatingPage lists ratings as Ratings does and counts them, without ever counting all of very many.
func (t Tenant) RatingPage(ctx context.Context, f RatingFilter, after *Cursor, limit int) (p RatingPage, err error) {
	if f.Search == "" {
		if p.Rows, err = t.Ratings(ctx, f, after, limit); err == nil {
			p.Total, err = t.countSome(ctx, f)
		}
		return p, err
	}
	found, total, err := t.search(ctx, f, nil, limit, max(limit, t.store.bounds.found))
	if err != nil {
		return p, err
	}
	p.Total = total
	if after != nil {
		if found, _, err = t.search(ctx, f, after, limit, limit); err != nil {
			return p, err
		}
	}
	if p.Rows, err = t.ratingsByID(ctx, found[:min(len(found), limit)]); err != nil {
		return p, err
	}
	w, err := t.Get(ctx)
	p.Preparing = w.SearchVersion < SearchVersion
	return p, err
}

// search finds ratings by their remarks, newest first: at least as many as are needed, where there are that many, and it
// counts no more than most. What matches is said by words.Query alone; the index only says where to look.
func (t Tenant) search(ctx context.Context, f RatingFilter, after *Cursor, need, most int) (ids []string, total Total, err error) {
	query := words.Parse(f.Search)
	if query.Empty() {
		return nil, Total{}, nil
	}
	near := t.near(ctx, f).Where("ratings.remark <> ''")
	rows := func(f RatingFilter) *gorm.DB {
		q := t.ratings(ctx, f).Where("ratings.remark <> ''")
		if after != nil {
			q = q.Where(f.before(*after))
		}
		return q
	}
	if after != nil {
		near = near.Where("ratings.at <= ? AND (ratings.at < ? OR ratings.id < ?)", after.At, after.At, after.ID)
	}
	end, bounded, err := t.boundary(near, t.store.bounds.remarks)
	if err != nil {
		return nil, Total{}, err
	}
	newest := rows(f)
	if bounded {
		near := f
		near.since = end.At
		newest = rows(near).Where(f.notBefore(end))
	}
	if ids, err = matching(f.newestFirst(newest), query, most+1); err != nil {
		return nil, Total{}, err
	}
	if bounded && len(ids) >= need {
		return ids, Total{N: min(len(ids), most), More: true}, nil
	}
	if bounded {
		older, err := matching(f.newestFirst(t.indexed(rows(f), query, f, end)), query, most+1-len(ids))
		if err != nil {
			return nil, Total{}, err
		}
		ids = append(ids, older...)
	}
	return ids, Total{N: min(len(ids), most), More: len(ids) > most}, nil
}

// matching reads rows in their order and picks those whose remark matches, no more than most.
func matching(q *gorm.DB, query words.Query, most int) (ids []string, err error) {
	rows, err := q.Model(&Rating{}).Select("ratings.id, ratings.remark").Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for len(ids) < most && rows.Next() {
		var id, remark string
		if err := rows.Scan(&id, &remark); err != nil {
			return nil, err
		}
		if query.Match(remark) {
			ids = append(ids, id)
		}
	}
	return ids, rows.Err()
}

// indexed narrows to ratings before a place that the index of words names. It begins with the index: a list that was gone
// through by its time instead would read all of it for what is rare.
func (t Tenant) indexed(q *gorm.DB, query words.Query, f RatingFilter, before Cursor) *gorm.DB {
	q = q.Where(f.before(before))
	if t.store.dialect == Postgres {
		return q.Joins(`JOIN (SELECT rating_id FROM rating_words WHERE workspace_id = ? AND words @@ CAST(? AS tsquery) OFFSET 0) AS found
			ON found.rating_id = ratings.id`, t.Workspace, tsquery(t.Workspace, query))
	}
	from := int64(0)
	if !f.Outcome.ofRequests() {
		from = firstDoc(f.Range.Start())
	}
	return q.Table(`rating_words_index AS i CROSS JOIN rating_words AS w ON w.doc = i.rowid
		CROSS JOIN ratings ON ratings.workspace_id = w.workspace_id AND ratings.id = w.rating_id`).
		Where("i.rating_words_index MATCH ? AND i.rowid >= ? AND i.rowid < ?", ftsQuery(t.Workspace, query), from, firstDoc(before.At.Add(time.Hour)))
}

// ftsQuery writes a query in the language of SQLite's FTS5. No key has a quote in it.
func ftsQuery(workspace string, query words.Query) string {
	whole, prefix := query.Keys()
	text := `"` + strings.Join(append(whole, workspaceKey(workspace)), `" AND "`) + `"`
	if prefix != "" {
		text += ` AND "` + prefix + `"*`
	}
	return text
}

// tsquery writes a query in PostgreSQL's language. No key has a quote or a backslash in it.
func tsquery(workspace string, query words.Query) string {
	whole, prefix := query.Keys()
	text := "'" + strings.Join(append(whole, workspaceKey(workspace)), "' & '") + "'"
	if prefix != "" {
		text += " & '" + prefix + "':*"
	}
	return text
}

// workspaceKey stands in the index with the words of each remark of the workspace.
func workspaceKey(workspace string) string { return "w" + hex.EncodeToString([]byte(workspace)) }

// ratingsByID reads ratings in the order of their ids given.
func (t Tenant) ratingsByID(ctx context.Context, ids []string) ([]Rating, error) {
	rows, err := list[Rating](t.rows(ctx).Where("id IN ?", ids))
	slices.SortFunc(rows, func(a, b Rating) int { return slices.Index(ids, a.ID) - slices.Index(ids, b.ID) })
	return rows, err
}

// countSome counts what passes the filter among the newest ratings.
func (t Tenant) countSome(ctx context.Context, f RatingFilter) (Total, error) {
	most := t.store.bounds.counted
	end, bounded, err := t.boundary(t.near(ctx, f), t.store.bounds.rows)
	if err != nil {
		return Total{}, err
	}
	q := t.ratings(ctx, f)
	if bounded {
		f.since = end.At
		q = t.ratings(ctx, f).Where(f.notBefore(end))
	}
	var n int64
	err = t.store.db.WithContext(ctx).Table("(?) AS narrowed", q.Model(&Rating{}).Select("1").Limit(most+1)).Count(&n).Error
	return Total{N: min(int(n), most), More: bounded || int(n) > most}, err
}

// near are the ratings that a filter can let through as far as an index tells at once.
func (t Tenant) near(ctx context.Context, f RatingFilter) *gorm.DB {
	q := t.store.db.WithContext(ctx).Model(&Rating{}).Where("ratings.workspace_id = ?", t.Workspace)
	if f.Outcome.ofRequests() {
		return q // range and teammate are those of the request
	}
	q = q.Where("ratings.at >= ? AND ratings.at < ?", f.Range.Start(), f.Range.End())
	if f.Teammate != "" && f.Teammate != Nobody {
		q = q.Where("ratings.teammate_id = ? AND ratings.teammate_id <> ''", f.Teammate)
	}
	if f.Conversation != "" {
		q = q.Where("ratings.conversation_id = ?", f.Conversation)
	}
	if f.Contact != "" {
		q = q.Where("ratings.contact_id = ?", f.Contact)
	}
	if f.WhyNot != "" {
		q = q.Where("ratings.why_not = ? AND ratings.why_not <> ''", f.WhyNot)
	}
	if f.Handled == Yes {
		q = q.Where("ratings.handled_at IS NOT NULL")
	}
	return q
}

// boundary is the row of a list, newest first, that has so many before it; false where there are fewer.
func (t Tenant) boundary(rows *gorm.DB, before int) (Cursor, bool, error) {
	found, err := list[Rating](rows.Select("ratings.at", "ratings.id").Order("ratings.at DESC, ratings.id DESC").Offset(before).Limit(1))
	if err != nil || len(found) == 0 {
		return Cursor{}, false, err
	}
	return Cursor{At: found[0].At, ID: found[0].ID}, true, nil
}

// newestFirst orders a list.
func (f RatingFilter) newestFirst(q *gorm.DB) *gorm.DB {
	at, id := f.place()
	return q.Order(at + " DESC, " + id + " DESC")
}

// before is the condition of rows behind a place in a list, notBefore that of rows down to it. Each begins with what an index
// can be entered by.
func (f RatingFilter) before(c Cursor) (string, any, any, any) {
	at, id := f.place()
	return at + " <= ? AND (" + at + " < ? OR " + id + " < ?)", c.At, c.At, c.ID
}

func (f RatingFilter) notBefore(c Cursor) (string, any, any, any) {
	at, id := f.place()
	return at + " >= ? AND (" + at + " > ? OR " + id + " >= ?)", c.At, c.At, c.ID
}
