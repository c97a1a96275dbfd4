package models_test

import (
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm/schema"

	"rerate/models"
	"rerate/models/modelstest"
)

// rowTypes are all row types; the table of each is found by its name in the schema.
var rowTypes = []any{
	models.Workspace{},
	models.Teammate{},
	models.Session{},
	models.OAuthState{},
	models.APIKey{},
	models.Wording{},
	models.WordingDraft{},
	models.Contact{},
	models.Conversation{},
	models.ConversationContact{},
	models.Request{},
	models.Rating{},
	models.Summary{},
	models.RollupDay{},
	models.RollupMove{},
	models.RollupAsks{},
	models.WriteBack{},
	models.Outbox{},
	models.Event{},
	models.Feedback{},
	models.HomeLook{},
	models.HomeTap{},
	models.Company{},
	models.ContactCompany{},
	models.ContactEvent{},
	models.Segment{},
	models.SegmentVersion{},
	models.SegmentMember{},
	models.SegmentMessage{},
	models.Call{},
	models.Poll{},
	models.SettingsChange{},
	models.Import{},
	models.ImportRow{},
	models.PendingSummary{},
	models.PendingChange{},
	models.Backfill{},
	models.BackfillRead{},
	models.Digest{},
	models.DigestRecipient{},
	models.DigestMail{},
	models.RatingWords{},
	models.Reply{},
	models.Endpoint{},
	models.Delivery{},
	models.Recount{},
}

// ofTheEngine are columns in which each engine has its own index of words. Its other parts are called rating_words_index.
var ofTheEngine = []string{"rating_words.doc", "rating_words.words"}

type column struct {
	name, kind string
	nullable   bool
	key        bool
}

// query reads all rows of a statement as text.
func query(t tb, db modelstest.DB, statement string, args ...any) (rows [][]string) {
	t.Helper()
	pool := must(db.SQL())(t)
	found, err := pool.QueryContext(ctx, statement, args...)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer found.Close()
	names := must(found.Columns())(t)
	for found.Next() {
		values := make([]sql.NullString, len(names))
		targets := make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := found.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(names))
		for i, v := range values {
			row[i] = v.String
		}
		rows = append(rows, row)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// tables lists our tables, that is all but the migration tool's own.
func tables(t tb, db modelstest.DB) (names []string) {
	t.Helper()
	statement := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'goose%' AND name NOT LIKE 'sqlite%'
		AND name NOT LIKE 'rating_words_index%' ORDER BY name`
	if db.Dialect() == models.Postgres {
		statement = `SELECT table_name FROM information_schema.tables
			WHERE table_schema = 'public' AND table_name NOT LIKE 'goose%' ORDER BY table_name`
	}
	for _, row := range query(t, db, statement) {
		names = append(names, row[0])
	}
	return names
}

func columns(t tb, db modelstest.DB, table string) (all []column) {
	t.Helper()
	statement := `SELECT name, type, CASE WHEN "notnull" = 0 AND pk = 0 THEN 'yes' ELSE '' END, CASE WHEN pk > 0 THEN 'yes' ELSE '' END
		FROM pragma_table_info(?)`
	if db.Dialect() == models.Postgres {
		statement = `SELECT c.column_name, c.data_type, CASE c.is_nullable WHEN 'YES' THEN 'yes' ELSE '' END,
			CASE WHEN EXISTS (SELECT 1 FROM information_schema.table_constraints t JOIN information_schema.key_column_usage k
				USING (constraint_schema, constraint_name) WHERE t.constraint_type = 'PRIMARY KEY'
				AND t.table_schema = c.table_schema AND t.table_name = c.table_name AND k.column_name = c.column_name)
			THEN 'yes' ELSE '' END
			FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = $1`
	}
	for _, row := range query(t, db, statement, table) {
		if slices.Contains(ofTheEngine, table+"."+row[0]) {
			continue
		}
		all = append(all, column{name: row[0], kind: strings.ToUpper(row[1]), nullable: row[2] != "", key: row[3] != ""})
	}
	return all
}

// keyed lists the tables that hold rows of workspaces, with the column that says whose.
func keyed(t tb, db modelstest.DB) map[string]string {
	t.Helper()
	key := map[string]string{"workspaces": "id"}
	for _, table := range tables(t, db) {
		for _, c := range columns(t, db, table) {
			if c.name == "workspace_id" {
				key[table] = c.name
			}
		}
	}
	return key
}

// dump is everything that is stored of a workspace, by table.
func dump(t tb, db modelstest.DB, keys map[string]string, workspace string) map[string][][]string {
	t.Helper()
	all := map[string][][]string{}
	for table, key := range keys {
		all[table] = query(t, db, fmt.Sprintf("SELECT * FROM %s WHERE %s = '%s' ORDER BY 1, 2", table, key, workspace))
	}
	return all
}

// kinds says how a Go type is stored: by SQLite, which keeps the words of the schema, and by PostgreSQL, as it says.
func kinds(field *schema.Field) (sqlite, postgres string) {
	if field.Serializer != nil {
		return "TEXT", "TEXT" // JSON
	}
	switch field.IndirectFieldType {
	case reflect.TypeFor[time.Time]():
		return "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"
	case reflect.TypeFor[[]byte]():
		return "BLOB", "BYTEA"
	case reflect.TypeFor[models.Tags]():
		return "TEXT", "TEXT" // JSON
	}
	switch field.IndirectFieldType.Kind() {
	case reflect.String:
		return "TEXT", "TEXT"
	case reflect.Bool:
		return "BOOLEAN", "BOOLEAN"
	case reflect.Int:
		return "INTEGER", "INTEGER"
	case reflect.Int64:
		return "BIGINT", "BIGINT"
	}
	return "unknown", "unknown"
}

// Every column has a field of its kind and nullability, and every field a column. This says more than that GORM's
// AutoMigrate would change nothing: AutoMigrate overlooks columns without a field and columns that are needlessly NOT
// NULL, and on PostgreSQL it would widen every INTEGER to the int of Go.
func TestRowTypesFitTheSchema(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		missing := tables(t, db)
		for _, row := range rowTypes {
			parsed, err := schema.Parse(row, &sync.Map{}, schema.NamingStrategy{})
			if err != nil {
				t.Fatal(err)
			}
			i := slices.Index(missing, parsed.Table)
			if i < 0 {
				t.Errorf("%T: there is no table %s", row, parsed.Table)
				continue
			}
			missing = slices.Delete(missing, i, i+1)
			compareRow(t, db, parsed)
		}
		if len(missing) > 0 {
			t.Errorf("tables without a row type in rowTypes: %v", missing)
		}
	})
}

func compareRow(t *testing.T, db modelstest.DB, row *schema.Schema) {
	t.Helper()
	var want, got []string
	for _, field := range row.Fields {
		kind, postgres := kinds(field)
		if db.Dialect() == models.Postgres {
			kind = postgres
		}
		nullable := field.FieldType.Kind() == reflect.Pointer || field.FieldType == reflect.TypeFor[[]byte]()
		want = append(want, fmt.Sprintf("%s.%s %s nullable=%v key=%v", row.Table, field.DBName, kind, nullable, field.PrimaryKey))
	}
	for _, c := range columns(t, db, row.Table) {
		got = append(got, fmt.Sprintf("%s.%s %s nullable=%v key=%v", row.Table, c.name, c.kind, c.nullable, c.key))
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("the row type has %s, the schema has not", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("the schema has %s, the row type has not", line)
		}
	}
}

// Every table of a workspace leads its key with the workspace, so that it can be sharded and no query forgets it.
func TestTheWorkspaceLeadsEveryKey(t *testing.T) {
	withoutWorkspace := []string{"oauth_states", "sessions", "workspaces"} // looked up before anybody knows the workspace
	db := modelstest.Open(t, models.SQLite)
	for _, table := range tables(t, db) {
		lead := query(t, db, "SELECT name FROM pragma_table_info(?) WHERE pk = 1", table)[0][0]
		if (lead == "workspace_id") == slices.Contains(withoutWorkspace, table) {
			t.Errorf("the key of %s begins with %s", table, lead)
		}
	}
}

// Both dialects have the same tables, columns, nullability, keys and indexes.
func TestDialectsAgree(t *testing.T) {
	described := map[models.Dialect][]string{}
	for _, dialect := range modelstest.Dialects {
		db := modelstest.Open(t, dialect)
		for _, table := range tables(t, db) {
			for _, c := range columns(t, db, table) {
				described[dialect] = append(described[dialect], fmt.Sprintf("%s.%s nullable=%v key=%v", table, c.name, c.nullable, c.key))
			}
		}
		indexes := `SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`
		if dialect == models.Postgres {
			indexes = `SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND indexname NOT LIKE 'goose%'
				AND indexname NOT LIKE '%\_pkey' AND indexname NOT LIKE '%\_key' AND indexname <> 'rating_words_index'`
		}
		for _, row := range query(t, db, indexes) {
			described[dialect] = append(described[dialect], "index "+row[0])
		}
		slices.Sort(described[dialect])
	}
	if a, b := described[models.SQLite], described[models.Postgres]; !slices.Equal(a, b) {
		t.Errorf("SQLite has\n%s\nPostgreSQL has\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
}
