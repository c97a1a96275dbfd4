package models_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rerate/models"
	"rerate/models/modelstest"
)

// global are the unique indexes that do not begin with the workspace. Their tables are small and do not grow with ratings, so
// that a distributed PostgreSQL keeps them whole on every node, as it does with teammates, to which sessions refer.
var global = map[string]string{
	"workspaces_pkey":       "it is the list of workspaces",
	"sessions_pkey":         "a cookie is looked up by its random hash before anybody knows the workspace",
	"oauth_states_pkey":     "the same for a sign-in, which has no workspace yet",
	"api_keys_key_hash_key": "the same for a key of the management API",
}

// A distributed PostgreSQL shards tables by one column, which every primary key, unique index and foreign key of theirs must
// then have: here it is the workspace, in front.
func TestTablesCanBeShardedByWorkspace(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t, models.Postgres)
	unseen := map[string]bool{}
	for index := range global {
		unseen[index] = true
	}
	indexes := query(t, db, `SELECT i.relname, t.relname, a.attname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
		JOIN pg_namespace n ON n.oid = t.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
		WHERE x.indisunique AND n.nspname = current_schema() AND t.relname NOT LIKE 'goose%'`)
	if len(indexes) < 40 {
		t.Fatalf("there are only %d unique indexes", len(indexes))
	}
	for _, row := range indexes {
		delete(unseen, row[0])
		if (row[2] == "workspace_id") == (global[row[0]] != "") {
			t.Errorf("the unique index %s of %s begins with %s", row[0], row[1], row[2])
		}
	}
	for index := range unseen {
		t.Errorf("there is no index %s", index)
	}
	for _, row := range query(t, db, `SELECT f.conname, pg_get_constraintdef(f.oid) FROM pg_constraint f JOIN pg_namespace n ON n.oid = f.connamespace
		WHERE f.contype = 'f' AND n.nspname = current_schema()`) {
		if !strings.HasPrefix(row[1], "FOREIGN KEY (workspace_id") {
			t.Errorf("%s is a %s", row[0], row[1])
		}
	}
	without := query(t, db, `SELECT table_name FROM information_schema.tables t WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose%' AND NOT EXISTS (
		SELECT 1 FROM information_schema.columns c WHERE c.table_schema = t.table_schema AND c.table_name = t.table_name AND c.column_name = 'workspace_id') ORDER BY 1`)
	if len(without) != 2 || without[0][0] != "oauth_states" || without[1][0] != "workspaces" {
		t.Errorf("tables without workspace_id are %v", without)
	}
}

// A process that stands still in the midst of a transaction holds a conversation: PostgreSQL takes it from the process before
// anybody who waits for it is turned away, and nothing of that transaction is stored.
func TestAProcessThatStandsStillLetsGo(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t, models.Postgres)
	db.URL = modelstest.AsShipped(t, db.URL)
	db.Store = db.Again(t)
	tenant := install(t, db, "w")
	add(t, tenant, answer("7", "c", "first", 5, 0))
	other := db.Again(t).Tenant("w")
	err := tenant.Write(ctx, func(tx *models.Tx) error {
		if _, err := tx.Conversation("7"); err != nil {
			return err
		}
		if _, _, err := tx.AddRating(answer("7", "c", "never", 1, time.Minute)); err != nil {
			return err
		}
		add(t, other, answer("7", "c", "second", 4, 2*time.Minute)) // while this process stands still
		return nil
	})
	if err == nil {
		t.Error("the transaction that stood still is stored")
	}
	if all := must(tenant.RatingsOf(ctx, "7"))(t); len(all) != 2 {
		t.Errorf("stored are %+v", all)
	}
}

// Of the answers that a process stores at once, one waits for the figures that another process holds, and the others for that one:
// were they all in line for the figures, and the process to stand still, each would keep them from everybody in turn.
func TestOneOfAProcessIsInLineForTheFigures(t *testing.T) {
	t.Parallel()
	db := modelstest.Open(t, models.Postgres)
	tenant := install(t, db, "w")
	add(t, tenant, answer("first", "c", "first", 5, 0))
	pool := must(db.SQL())(t)
	holder := must(pool.BeginTx(ctx, nil))(t)
	defer func() { _ = holder.Rollback() }()
	_, err := holder.ExecContext(ctx, "SELECT 1 FROM rollup_days FOR UPDATE")
	must(0, err)(t)
	waiting := func(where string) string {
		return query(t, db, `SELECT COUNT(DISTINCT l.pid) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
			WHERE NOT l.granted AND a.datname = current_database() AND `+where)[0][0]
	}
	const answers = 5
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { add(t, tenant, answer(fmt.Sprint(i), "c", fmt.Sprint(i), 4, time.Minute)) })
	}
	for tries := 0; waiting("l.locktype = 'advisory'") != fmt.Sprint(answers-1); tries++ {
		if tries > 20_000 {
			t.Fatal("they do not stand in line behind each other")
		}
	}
	if n := waiting("l.locktype <> 'advisory'"); n != "1" {
		t.Errorf("%s wait for the figures, want 1", n)
	}
	must(0, holder.Rollback())(t)
	all.Wait()
	if got := report(t, tenant, always(time.UTC)).Rated; got != answers+1 {
		t.Errorf("%d are rated, want %d", got, answers+1)
	}
}

func TestAddressesOfPostgreSQL(t *testing.T) {
	t.Parallel()
	url := modelstest.AsShipped(t, modelstest.Migrated(t, models.Postgres))
	join := "?"
	if strings.Contains(url, join) {
		join = "&"
	}
	open := func(parameters string) (modelstest.DB, error) {
		store, err := models.Open(ctx, models.Config{URL: url + join + parameters, Now: time.Now, NewID: func() string { return "id" }})
		if err == nil {
			t.Cleanup(func() { store.Close() })
		}
		return modelstest.DB{Store: store}, err
	}
	for _, test := range []struct {
		parameters, setting, is string
	}{
		{"", "idle_in_transaction_session_timeout", "3s"},
		{"", "lock_timeout", "20s"},
		{"", "statement_timeout", "5min"},
		{"", "application_name", "rerate"},
		{"statement_timeout=7s&application_name=two", "statement_timeout", "7s"},
		{"statement_timeout=7s&application_name=two", "application_name", "two"},
	} {
		db := must(open(test.parameters))(t)
		if got := query(t, db, "SHOW "+test.setting)[0][0]; got != test.is {
			t.Errorf("with %q %s is %s, want %s", test.parameters, test.setting, got, test.is)
		}
	}
	if got := must(must(open("pool_max_conns=7"))(t).SQL())(t).Stats().MaxOpenConnections; got != 7 {
		t.Errorf("there may be %d connections", got)
	}
	if got := must(must(open(""))(t).SQL())(t).Stats().MaxOpenConnections; got != 30 {
		t.Errorf("there may be %d connections", got)
	}
	sqlite := modelstest.Migrated(t, models.SQLite)
	for _, pair := range [][2]string{{url, sqlite}, {sqlite, url}, {url, "x"}} {
		_, err := models.Open(ctx, models.Config{URL: pair[0], ReadURL: pair[1], Now: time.Now, NewID: func() string { return "id" }})
		if err == nil || !strings.Contains(err.Error(), "RERATE_DATABASE_READ_URL must be") {
			t.Errorf("%s with the replica %s: %v", pair[0], pair[1], err)
		}
	}
	for _, wrong := range []string{"pool_max_conns=1", "pool_max_conns=many"} {
		if _, err := open(wrong); err == nil || !strings.Contains(err.Error(), "pool_max_conns") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
