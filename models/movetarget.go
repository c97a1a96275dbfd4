package models

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// moveTarget is one session of PostgreSQL in one transaction, beside which no Rerate starts on that database.
type moveTarget struct {
	conn  *pgx.Conn
	place string // HOST/DATABASE, without the password
}

func openMoveTarget(ctx context.Context, url string) (*moveTarget, error) {
	config, _, err := postgresConfig(url, patient)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["datestyle"] = "ISO"
	config.RuntimeParams["bytea_output"] = "hex"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connecting to PostgreSQL: %w", err)
	}
	t := &moveTarget{conn: conn, place: fmt.Sprintf("postgres://%s/%s", config.Host, config.Database)}
	if err := t.exec(ctx, "BEGIN"); err != nil {
		t.close(ctx)
		return nil, err
	}
	if err := t.exec(ctx, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", advisoryLock)); err != nil {
		t.close(ctx)
		return nil, err
	}
	return t, nil
}

// close gives up what was not committed.
func (t *moveTarget) close(ctx context.Context) {
	_ = t.conn.Close(ctx) // a session that is gone has rolled back
}

func (t *moveTarget) exec(ctx context.Context, statement string) error {
	_, err := t.conn.PgConn().Exec(ctx, statement).ReadAll()
	return err
}

func (t *moveTarget) texts(ctx context.Context, query string, args ...any) ([]string, error) {
	rows, err := t.conn.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// look names a table of a database in which Rerate has never been, and says whether Rerate has used this one.
func (t *moveTarget) look(ctx context.Context) (stranger string, used bool, err error) {
	names, err := t.texts(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() ORDER BY 1")
	if err != nil || len(names) == 0 {
		return "", false, err
	}
	if !slices.Contains(names, "goose_db_version") {
		return names[0], false, nil
	}
	if slices.Contains(names, "workspaces") {
		err = t.conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM workspaces)").Scan(&used)
	}
	return "", used, err
}

// tables lists the tables, each after those that it refers to.
func (t *moveTarget) tables(ctx context.Context) ([]movedTable, error) {
	rows, err := t.conn.Query(ctx, `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
		JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position`)
	if err != nil {
		return nil, err
	}
	var tables []movedTable
	var table string
	var column movedColumn
	_, err = pgx.ForEachRow(rows, []any{&table, &column.name, &column.kind}, func() error {
		if len(tables) == 0 || tables[len(tables)-1].name != table {
			tables = append(tables, movedTable{name: table})
		}
		last := &tables[len(tables)-1]
		last.columns = append(last.columns, column)
		return nil
	})
	if err != nil {
		return nil, err
	}
	needs, err := t.references(ctx)
	return inOrderOfNeed(tables, needs), err
}

// references says which tables a table refers to.
func (t *moveTarget) references(ctx context.Context) (map[string][]string, error) {
	rows, err := t.conn.Query(ctx, `SELECT a.relname, b.relname FROM pg_constraint f JOIN pg_class a ON a.oid = f.conrelid JOIN pg_class b ON b.oid = f.confrelid
		JOIN pg_namespace n ON n.oid = a.relnamespace WHERE f.contype = 'f' AND n.nspname = current_schema()`)
	if err != nil {
		return nil, err
	}
	needs := map[string][]string{}
	var table, other string
	_, err = pgx.ForEachRow(rows, []any{&table, &other}, func() error {
		needs[table] = append(needs[table], other)
		return nil
	})
	return needs, err
}

func inOrderOfNeed(tables []movedTable, needs map[string][]string) (ordered []movedTable) {
	placed := map[string]bool{}
	var place func(t movedTable)
	place = func(t movedTable) {
		if placed[t.name] {
			return
		}
		placed[t.name] = true
		for _, other := range tables {
			if slices.Contains(needs[t.name], other.name) {
				place(other)
			}
		}
		ordered = append(ordered, t)
	}
	for _, t := range tables {
		place(t)
	}
	return ordered
}

// filled names a table that holds rows, "" when none does. A process that was started on the database for a moment has left
// jobs and a row of a probe, which do not count.
func (t *moveTarget) filled(ctx context.Context, tables []movedTable) (string, error) {
	for _, table := range tables {
		if strings.HasPrefix(table.name, "river_") || table.name == "oauth_states" {
			continue
		}
		var there bool
		if err := t.conn.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM "+pgx.Identifier{table.name}.Sanitize()+")").Scan(&there); err != nil {
			return "", err
		}
		if there {
			return table.name, nil
		}
	}
	return "", nil
}

// clear keeps everybody else out of the tables until the transaction ends. A table that is emptied in the transaction that
// fills it leaves nothing behind when that is broken off.
func (t *moveTarget) clear(ctx context.Context, tables []movedTable) error {
	names := make([]string, len(tables))
	for i, table := range tables {
		names[i] = pgx.Identifier{table.name}.Sanitize()
	}
	return t.exec(ctx, "TRUNCATE "+strings.Join(names, ", "))
}

// put takes a table's lines; of a staged table that is there already only for comparing.
func (t *moveTarget) put(ctx context.Context, table movedTable, lines io.Reader, there bool) error {
	into := pgx.Identifier{table.name}.Sanitize()
	if table.staged != nil {
		into = "staged"
		columns := make([]string, len(table.columns))
		for i, c := range table.columns {
			columns[i] = c.name + " " + c.kind
		}
		if err := t.exec(ctx, "DROP TABLE IF EXISTS pg_temp.staged; CREATE TEMPORARY TABLE staged ("+strings.Join(columns, ", ")+") ON COMMIT DROP"); err != nil {
			return err
		}
	}
	if _, err := t.conn.PgConn().CopyFrom(ctx, lines, "COPY "+into+" ("+table.names()+") FROM STDIN"); err != nil {
		return err
	}
	if table.staged == nil || there {
		return nil
	}
	return t.exec(ctx, fmt.Sprintf("INSERT INTO %s (%s) %s", pgx.Identifier{table.name}.Sanitize(), strings.Join(table.staged.Into, ", "), table.staged.Select))
}

func (t movedTable) names() string {
	names := make([]string, len(t.columns))
	for i, c := range t.columns {
		names[i] = pgx.Identifier{c.name}.Sanitize()
	}
	return strings.Join(names, ", ")
}

// sum reads back what is in a table.
func (t *moveTarget) sum(ctx context.Context, table movedTable) (lineSum, error) {
	from := pgx.Identifier{table.name}.Sanitize()
	if table.staged != nil {
		from = "staged"
		if err := t.sameAsStaged(ctx, *table.staged); err != nil {
			return lineSum{}, err
		}
	}
	var lines lineWriter
	_, err := t.conn.PgConn().CopyTo(ctx, &lines, "COPY (SELECT "+table.names()+" FROM "+from+") TO STDOUT")
	return lines.sum, err
}

// sameAsStaged compares a table with what was staged for it.
func (t *moveTarget) sameAsStaged(ctx context.Context, s Staged) error {
	var missing, more int64
	there := fmt.Sprintf("SELECT %s FROM %s", strings.Join(s.Into, ", "), s.Table)
	err := t.conn.QueryRow(ctx, fmt.Sprintf("SELECT (SELECT COUNT(*) FROM (%[1]s EXCEPT ALL %[2]s) a), (SELECT COUNT(*) FROM (%[2]s EXCEPT ALL %[1]s) b)",
		s.Select, there)).Scan(&missing, &more)
	if err == nil && missing+more > 0 {
		err = fmt.Errorf("%d rows are missing and %d are too many: %w", missing, more, errDiffers)
	}
	return err
}

// finishTables sets the sequences behind what was given, and has PostgreSQL learn about the tables, without which its first
// plans are poor.
func (t *moveTarget) finishTables(ctx context.Context, tables []movedTable) error {
	for _, table := range tables {
		name := pgx.Identifier{table.name}.Sanitize()
		statements := "ANALYZE " + name
		if sequence, err := t.texts(ctx, `SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = current_schema() AND c.relname = $1 AND a.attnum > 0 AND pg_get_serial_sequence($1, a.attname) IS NOT NULL`, table.name); err != nil {
			return err
		} else if len(sequence) > 0 {
			column := pgx.Identifier{sequence[0]}.Sanitize()
			statements += fmt.Sprintf("; SELECT setval(pg_get_serial_sequence('%s', '%s'), (SELECT COALESCE(MAX(%s), 0) + 1 FROM %s), false)", table.name, sequence[0], column, name)
		}
		if err := t.exec(ctx, statements); err != nil {
			return err
		}
	}
	return nil
}

func (t *moveTarget) commit(ctx context.Context) error {
	tags, err := t.conn.PgConn().Exec(ctx, "COMMIT").ReadAll()
	if err != nil {
		return err
	}
	if len(tags) != 1 || tags[0].CommandTag.String() != "COMMIT" {
		return errors.New("PostgreSQL rolled back")
	}
	return nil
}
