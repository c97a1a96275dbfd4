package modelstest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"rerate/models"
)

// Past is made-up years of a workspace, for benchmarks: conversations of some contacts, each rated once or more often, with
// requests, teammates, channels, tags and remarks, and their summaries. The same size gives the same rows. Rollups and the
// index of words are left to the caller.
type Past struct {
	Store     *models.Store
	Workspace string
	Ratings   int       // how many, nearly
	Until     time.Time // the newest are from just before
}

// The shape of the past.
const (
	pastDays      = 3 * 365
	pastTeammates = 40
	// CommonWord is in about every third remark, RareWord in one of 100,000 ratings.
	CommonWord = "thanks"
	RareWord   = "quokka"
)

// Fill stores the rows.
func (p Past) Fill(ctx context.Context) error {
	for _, table := range []struct {
		name    string
		columns []string
		rows    iter.Seq[[]any]
	}{
		{"contacts", []string{"workspace_id", "id", "external_id", "role", "email", "name", "updated_at"}, p.contacts()},
		{"conversations", []string{
			"workspace_id", "id", "channel", "created_at", "read_at", "state", "changed_at", "closed_at", "teammate_replied_at", "tags",
		}, p.conversations()},
		{"conversation_contacts", []string{"workspace_id", "conversation_id", "contact_id"}, p.members()},
		{"requests", []string{
			"workspace_id", "id", "conversation_id", "episode", "state", "method", "wording_version", "closed_at", "created_at", "sent_at", "rated_at",
			"teammate_id", "teammate_name", "credit_rule", "automatic", "contact_id", "again",
		}, p.requests()},
		{"ratings", []string{
			"workspace_id", "id", "conversation_id", "contact_id", "request_id", "revision", "source", "source_key", "score", "scale", "sentiment",
			"emoji", "label", "wording_version", "remark", "remark_at", "at", "change", "previous_score", "teammate_id", "teammate_name",
			"credit_rule", "channel", "replied",
		}, p.ratings()},
		{"summaries", []string{
			"workspace_id", "conversation_id", "contact_id", "day", "channel", "teammate_id", "first_teammate_id", "first_score", "first_scale",
			"latest_score", "latest_scale", "first_sentiment", "latest_sentiment", "best_sentiment", "worst_sentiment", "change", "ratings", "credit",
			"asked_again", "latest_at", "latest_id", "replied", "waiting",
		}, p.summaries()},
	} {
		if err := p.insert(ctx, table.name, table.columns, table.rows); err != nil {
			return fmt.Errorf("filling %s: %w", table.name, err)
		}
	}
	return nil
}

// talk is one conversation of the past.
type talk struct {
	number   int
	id       string
	contact  string
	channel  string
	teammate int
	tags     string
	answers  []answered
}

type answered struct {
	at     time.Time
	score  int
	remark string
	method models.Method
}

// talks makes up the conversations, oldest first.
func (p Past) talks() iter.Seq[talk] {
	return func(yield func(talk) bool) {
		random := rand.New(rand.NewPCG(uint64(p.Ratings), 2))
		step := time.Duration(pastDays) * 24 * time.Hour / time.Duration(p.Ratings)
		for number, n := 0, 0; n < p.Ratings; number++ {
			t := talk{
				number: number, id: fmt.Sprint(100_000_000 + number), contact: fmt.Sprintf("contact-%09d", random.IntN(1+p.Ratings/5)),
				channel: pick(random, "chat", "chat", "chat", "email", "whatsapp"), teammate: random.IntN(pastTeammates), tags: "[]",
			}
			if random.IntN(50) == 0 {
				t.tags = `["vip"]`
			}
			at := p.Until.Add(-time.Duration(pastDays)*24*time.Hour + time.Duration(n)*step + time.Duration(random.Int64N(int64(time.Second))))
			for range 1 + random.IntN(10)/7 + random.IntN(20)/19 { // about every third has two
				if !at.Before(p.Until) {
					break
				}
				t.answers = append(t.answers, answered{
					at: at.Truncate(time.Microsecond), score: pick(random, 1, 2, 3, 4, 4, 4, 5, 5, 5, 5), remark: remark(random, n),
					method: pick(random, models.ByCard, models.ByLink, models.ByQuickReply),
				})
				n++
				at = at.Add(time.Duration(1+random.IntN(72)) * time.Hour)
			}
			if len(t.answers) == 0 || !yield(t) {
				return
			}
		}
	}
}

func pick[T any](random *rand.Rand, from ...T) T { return from[random.IntN(len(from))] }

// remark is what a customer adds, in four of ten ratings: words that become rarer and rarer.
func remark(random *rand.Rand, n int) string {
	if n%100_000 == 777 {
		return "A " + RareWord + " could not have answered faster"
	}
	if random.IntN(10) >= 4 {
		return ""
	}
	words := make([]string, 4+random.IntN(12))
	for i := range words {
		words[i] = fmt.Sprintf("word%d", int(random.ExpFloat64()*random.ExpFloat64()*800))
	}
	if random.IntN(3) == 0 {
		words[0] = CommonWord
	}
	return strings.Join(words, " ")
}

func (p Past) contacts() iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for n := range 1 + p.Ratings/5 {
			id := fmt.Sprintf("contact-%09d", n)
			if !yield([]any{p.Workspace, id, "", "user", id + "@example.com", fmt.Sprintf("Customer %d", n), p.Until}) {
				return
			}
		}
	}
}

func (p Past) conversations() iter.Seq[[]any] {
	return perTalk(p, func(t talk) []any {
		last := t.answers[len(t.answers)-1].at
		return []any{
			p.Workspace, t.id, t.channel, t.answers[0].at.Add(-time.Hour), p.Until, models.StateClosed, last, last.Add(-time.Minute), last.Add(-time.Hour), t.tags,
		}
	})
}

func (p Past) members() iter.Seq[[]any] {
	return perTalk(p, func(t talk) []any { return []any{p.Workspace, t.id, t.contact} })
}

// requests are one for each rating, and for every third conversation one that nobody answered.
func (p Past) requests() iter.Seq[[]any] {
	row := func(t talk, n int, sent time.Time, rated *time.Time, method models.Method) []any {
		state := "expired"
		if rated != nil {
			state = "rated"
		}
		return []any{
			p.Workspace, idOf('1', t.number, n, sent), t.id, n + 1, state, method, 1, sent.Add(-time.Minute), sent, sent, rated,
			teammateID(t.teammate), teammateName(t.teammate), "last_human_reply", true, t.contact, n > 0,
		}
	}
	return func(yield func([]any) bool) {
		for t := range p.talks() {
			for n, a := range t.answers {
				if !yield(row(t, n, a.at.Add(-10*time.Minute), &a.at, a.method)) {
					return
				}
			}
			n := len(t.answers)
			if t.askedSince() && !yield(row(t, n, t.answers[n-1].at.Add(time.Hour), nil, models.ByLink)) {
				return
			}
		}
	}
}

func (p Past) ratings() iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for t := range p.talks() {
			for n, a := range t.answers {
				change, replied := "first", ""
				var previous *int
				if n > 0 {
					change, replied, previous = against(a.score, t.answers[0].score), t.replied(), &t.answers[n-1].score
				}
				var remarkAt *time.Time
				if a.remark != "" {
					remarkAt = &a.at
				}
				request := idOf('1', t.number, n, a.at.Add(-10*time.Minute))
				if !yield([]any{
					p.Workspace, idOf('2', t.number, n, a.at), t.id, t.contact, request, 1, a.method.Source(), request + ":1", a.score, 5, sentimentOf(a.score),
					"🙂", "Score", 1, a.remark, remarkAt, a.at, change, previous, teammateID(t.teammate), teammateName(t.teammate),
					"last_human_reply", t.channel, replied,
				}) {
					return
				}
			}
		}
	}
}

// replied says whether a teammate replied between two answers.
func (t talk) replied() string {
	return pick(rand.New(rand.NewPCG(uint64(t.number), 1)), "yes", "yes", "no")
}

func (t talk) askedSince() bool { return t.number%3 == 0 }

// summaries are what a rebuild would derive, in UTC.
func (p Past) summaries() iter.Seq[[]any] {
	return perTalk(p, func(t talk) []any {
		last := len(t.answers) - 1
		first, latest, best, worst, positives := t.answers[0].score, t.answers[last].score, 0, 6, int64(0)
		for _, a := range t.answers {
			best, worst = max(best, a.score), min(worst, a.score)
			if a.score > 3 {
				positives++
			}
		}
		change, replied := "first", ""
		if last > 0 {
			change, replied = against(latest, first), t.replied()
		}
		return []any{
			p.Workspace, t.id, t.contact, t.answers[last].at.Format(time.DateOnly), t.channel, teammateID(t.teammate), teammateID(t.teammate), first, 5, latest, 5,
			sentimentOf(first), sentimentOf(latest), sentimentOf(best), sentimentOf(worst), change, last + 1, models.CreditUnit * positives / int64(last+1),
			last > 0 || t.askedSince(), t.answers[last].at, idOf('2', t.number, last, t.answers[last].at), replied, latest < 3 && !t.askedSince(),
		}
	})
}

func perTalk(p Past, row func(talk) []any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for t := range p.talks() {
			if !yield(row(t)) {
				return
			}
		}
	}
}

// idOf is an id that sorts by time, as UUIDv7 do.
func idOf(kind byte, talk, n int, at time.Time) string {
	ms := at.UnixMilli()
	return fmt.Sprintf("%08x-%04x-7%c%02x-8000-%012x", ms>>16, ms&0xffff, kind, n, talk)
}

func teammateID(n int) string   { return fmt.Sprint(9_000_000 + n) }
func teammateName(n int) string { return fmt.Sprintf("Teammate %d", n) }

func against(score, first int) string {
	switch {
	case score > first:
		return "better"
	case score < first:
		return "worse"
	}
	return "same"
}

func sentimentOf(score int) string {
	switch {
	case score > 3:
		return "positive"
	case score < 3:
		return "negative"
	}
	return "neutral"
}

// insert stores rows as fast as the database takes them.
func (p Past) insert(ctx context.Context, table string, columns []string, rows iter.Seq[[]any]) error {
	pool, err := p.Store.SQL()
	if err != nil {
		return err
	}
	if p.Store.Dialect() == models.Postgres {
		return copyRows(ctx, pool, table, columns, rows)
	}
	return insertRows(ctx, pool, table, columns, rows)
}

// insertRows is safe against nothing: who loses power begins again.
func insertRows(ctx context.Context, pool *sql.DB, table string, columns []string, rows iter.Seq[[]any]) error {
	if _, err := pool.ExecContext(ctx, "PRAGMA synchronous = OFF; PRAGMA cache_size = -500000"); err != nil {
		return err
	}
	next, stop := iter.Pull(rows)
	defer stop()
	into := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (?" + strings.Repeat(", ?", len(columns)-1) + ")"
	for more := true; more; {
		tx, err := pool.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		if more, err = insertSome(ctx, tx, into, next); err != nil {
			return errors.Join(err, tx.Rollback())
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// insertSome inserts no more rows than the write-ahead log should hold, and answers whether there may be others.
func insertSome(ctx context.Context, tx *sql.Tx, into string, next func() ([]any, bool)) (more bool, err error) {
	statement, err := tx.PrepareContext(ctx, into)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, statement.Close()) }()
	for range 200_000 {
		row, ok := next()
		if !ok {
			return false, nil
		}
		if _, err := statement.ExecContext(ctx, row...); err != nil {
			return false, err
		}
	}
	return true, nil
}

// copyRows uses PostgreSQL's COPY.
func copyRows(ctx context.Context, pool *sql.DB, table string, columns []string, rows iter.Seq[[]any]) (err error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	return conn.Raw(func(driver any) error {
		next, stop := iter.Pull(rows)
		defer stop()
		_, err := driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
			row, ok := next()
			if !ok {
				return nil, nil
			}
			return row, nil
		}))
		return err
	})
}
