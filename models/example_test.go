package models_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// madeUp draws example data: up to four conversations with requests and ratings at any time, some of them uncounted.
func madeUp(t *rapid.T) models.ExampleData {
	var data models.ExampleData
	at := func(name string) time.Time {
		return modelstest.Start.Add(-time.Duration(rapid.IntRange(0, 9).Draw(t, name)) * 7 * time.Hour)
	}
	for n := range rapid.IntRange(0, 3).Draw(t, "wordings") {
		w := models.Wording{Version: n + 1, Body: rating.DefaultWording(), PublishedAt: modelstest.Start.AddDate(0, n-10, 0)}
		if n > 0 {
			w.AuthorID = models.ExamplePrefix + "1"
		}
		data.Wordings = append(data.Wordings, w)
	}
	for _, contact := range []string{"a", "b"} {
		data.Contacts = append(data.Contacts, models.Contact{ID: models.ExamplePrefix + contact})
		data.Feedback = append(data.Feedback, models.Feedback{
			ID: models.ExamplePrefix + contact, SourceKey: models.ExamplePrefix + contact, Source: models.FromHome, ContactID: models.ExamplePrefix + contact, At: modelstest.Start,
		})
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "conversations") {
		id := fmt.Sprint(models.ExamplePrefix, i)
		channel := rapid.SampledFrom([]string{"chat", "email"}).Draw(t, "channel")
		data.Conversations = append(data.Conversations, models.Conversation{ID: id, Channel: channel, CreatedAt: at("created")})
		data.Members = append(data.Members, models.ConversationContact{ConversationID: id, ContactID: models.ExamplePrefix + "a"})
		for n := range rapid.IntRange(0, 2).Draw(t, "requests") {
			sent := at("sent")
			data.Requests = append(data.Requests, models.Request{
				ID: fmt.Sprint(id, "-", n), ConversationID: id, Episode: n + 1, State: rating.Sent, CreatedAt: sent, SentAt: &sent,
				WordingVersion: rapid.IntRange(1, max(1, len(data.Wordings))).Draw(t, "version"),
			})
		}
		for n := range rapid.IntRange(0, 5).Draw(t, "ratings") {
			contact := models.ExamplePrefix + rapid.SampledFrom([]string{"a", "b"}).Draw(t, "contact")
			r := answer(id, contact, fmt.Sprint("example:", id, n), rapid.IntRange(1, 5).Draw(t, "score"), 0)
			r.ID, r.At, r.Channel = fmt.Sprint(id, "-", n), at("at"), channel
			r.TeammateID = rapid.SampledFrom([]string{"example-1", "example-2"}).Draw(t, "teammate")
			r.WhyNot = rapid.SampledFrom([]models.WhyNot{"", "", "", models.Void, models.Undone}).Draw(t, "why not")
			if rapid.Bool().Draw(t, "thumbs") {
				r.Score, r.Scale = 1+r.Score%2, 2
				r.Sentiment = rating.SentimentOf(r.Score, 2)
			}
			data.Ratings = append(data.Ratings, r)
			if rapid.Bool().Draw(t, "written back") {
				data.WriteBacks = append(data.WriteBacks, models.WriteBack{
					RatingID: r.ID, Kind: models.Note, ConversationID: id, State: models.Done, DueAt: r.At,
				})
			}
		}
	}
	return data
}

// stored is every row of a workspace, as sorted text.
func stored(t tb, db modelstest.DB, workspace string) map[string][]string {
	t.Helper()
	pool := must(db.SQL())(t)
	all := map[string][]string{}
	for table, key := range map[string]string{
		"workspaces": "id", "wordings": "workspace_id", "contacts": "workspace_id", "conversations": "workspace_id",
		"conversation_contacts": "workspace_id", "requests": "workspace_id", "ratings": "workspace_id", "summaries": "workspace_id",
		"rollup_days": "workspace_id", "rollup_moves": "workspace_id", "write_backs": "workspace_id",
	} {
		all[table] = lines(t, pool, fmt.Sprintf("SELECT * FROM %s WHERE %s = '%s'", table, key, workspace))
	}
	return all
}

// lines are the rows that a query finds, as sorted text.
func lines(t tb, pool *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := pool.QueryContext(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns := must(rows.Columns())(t)
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		line := ""
		for _, v := range values {
			line += fmt.Sprint(*v.(*any), "|")
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

func same(t tb, what string, got, want map[string][]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

func addExamples(t tb, tenant models.Tenant, data models.ExampleData) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) error { return tx.AddExampleData(data) })
}

func removeExamples(t tb, tenant models.Tenant) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) error { return tx.RemoveExampleData() })
}

// recompute derives every summary and rollup again, one by one.
func recompute(t tb, tenant models.Tenant, ratings []models.Rating) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) error {
		for _, r := range ratings {
			if err := tx.SetWhyNot(r, r.WhyNot); err != nil {
				return err
			}
		}
		return nil
	})
	write(t, tenant, func(tx *models.Tx) error { return tx.RebuildReports() })
}

// What is added in bulk is what adding one by one would have made, and it goes without a trace.
func TestExampleData(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		n := 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			tenant := install(t, db, fmt.Sprint("w", n))
			neighbour := install(t, db, fmt.Sprint("v", n))
			add(t, tenant, answer("1", "c", "real", 2, 0))
			data := madeUp(t)
			addExamples(t, neighbour, data)
			before, beside := stored(t, db, tenant.Workspace), stored(t, db, neighbour.Workspace)

			addExamples(t, tenant, data)
			added := stored(t, db, tenant.Workspace)
			recompute(t, tenant, data.Ratings)
			same(t, "derived again", stored(t, db, tenant.Workspace), added)
			addExamples(t, tenant, madeUp(t))
			same(t, "added twice", stored(t, db, tenant.Workspace), added)
			removeExamples(t, tenant)
			same(t, "added and removed", stored(t, db, tenant.Workspace), before)
			removeExamples(t, tenant)
			same(t, "removed twice", stored(t, db, tenant.Workspace), before)
			same(t, "another workspace", stored(t, db, neighbour.Workspace), beside)
		})
	})
}

// A real rating that is given while the example data is there stays, and so do its figures.
func TestRealRatingsOutliveExampleData(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant, control := install(t, db, "w"), install(t, db, "w2")
		id := models.ExamplePrefix + "1"
		made := answer(id, models.ExamplePrefix+"c", "example:1", 5, 0)
		made.ID = "example-rating"
		addExamples(t, tenant, models.ExampleData{
			Contacts:      []models.Contact{{ID: made.ContactID}},
			Conversations: []models.Conversation{{ID: id, Channel: models.Chat, CreatedAt: modelstest.Start}},
			Ratings:       []models.Rating{made},
		})
		write(t, tenant, func(tx *models.Tx) error { return tx.WriteLater(made, tx.Now, models.Note) })
		for _, workspace := range []models.Tenant{tenant, control} {
			add(t, workspace, answer("7", "c", "first", 1, 0))
			add(t, workspace, answer("7", "c", "second", 4, time.Hour))
		}
		if got := report(t, tenant, always(time.UTC)).Rated; got != 2 {
			t.Errorf("%d conversations are rated beside the example, want 2", got)
		}
		removeExamples(t, tenant)
		got, want := report(t, tenant, always(time.UTC)), report(t, control, always(time.UTC))
		for i := range want.Moves {
			want.Moves[i].WorkspaceID = got.Moves[i].WorkspaceID
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("after the example is gone (-want +got):\n%s", diff)
		}
		if left := len(stored(t, db, "w")["ratings"]); left != 2 {
			t.Errorf("%d ratings are left, want the 2 real ones", left)
		}
	})
}

// exampleYear is made-up data with two versions of the wording after Rerate's own.
func exampleYear() models.ExampleData {
	words := func(version int, author string) models.Wording {
		body := rating.DefaultWording()
		body.Question = fmt.Sprint("Question ", version)
		return models.Wording{Version: version, Body: body, AuthorID: author, PublishedAt: modelstest.Start.AddDate(-1, 3*version, 0)}
	}
	return models.ExampleData{Wordings: []models.Wording{words(1, ""), words(2, models.ExamplePrefix+"1"), words(3, models.ExamplePrefix+"2")}}
}

// versions says of each version of the wording, oldest first, what it asks and by whom.
func versions(t tb, tenant models.Tenant) []string {
	t.Helper()
	var all []string
	for _, w := range must(tenant.Wordings(ctx))(t) {
		all = append(all, fmt.Sprintf("%d %s by %q", w.Version, w.Body.Question, w.AuthorID))
	}
	slices.Reverse(all)
	return all
}

func wantVersions(t tb, when string, tenant models.Tenant, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, versions(t, tenant)); diff != "" {
		t.Errorf("%s the versions are (-want +got):\n%s", when, diff)
	}
}

const ownWording = `1 Rate your conversation again by ""`

// The example's versions are asked with while it is there, stand in the order of their dates, and go with it.
func TestExampleWordingsComeAndGo(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		before := must(tenant.Wordings(ctx))(t)
		for range 2 {
			addExamples(t, tenant, exampleYear())
		}
		wantVersions(t, "with the example", tenant, ownWording, `2 Question 2 by "example-1"`, `3 Question 3 by "example-2"`)
		all := must(tenant.Wordings(ctx))(t)
		if !slices.IsSortedFunc(all, func(a, b models.Wording) int { return b.PublishedAt.Compare(a.PublishedAt) }) {
			t.Errorf("they are out of order: %v", all)
		}
		for range 2 {
			removeExamples(t, tenant)
		}
		if diff := cmp.Diff(before, must(tenant.Wordings(ctx))(t)); diff != "" {
			t.Errorf("it leaves (-before +after):\n%s", diff)
		}
	})
}

func publish(t tb, tenant models.Tenant, question string) {
	t.Helper()
	body := rating.DefaultWording()
	body.Question = question
	write(t, tenant, func(tx *models.Tx) error {
		_, err := tx.PublishWording(body, "jane")
		return err
	})
}

// What people have published stays what is asked with, with its number, and nothing made up ever replaces it.
func TestPeoplesWordingsOutliveExampleData(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		meanwhile, earlier := install(t, db, "meanwhile"), install(t, db, "earlier")
		addExamples(t, meanwhile, exampleYear())
		publish(t, meanwhile, "Ours?")
		removeExamples(t, meanwhile)
		wantVersions(t, "published meanwhile,", meanwhile, ownWording, `4 Ours? by "jane"`)

		publish(t, earlier, "Ours?")
		data := exampleYear()
		data.Conversations = []models.Conversation{{ID: models.ExamplePrefix + "1", Channel: models.Chat, CreatedAt: modelstest.Start}}
		data.Requests = []models.Request{{ID: "r", ConversationID: models.ExamplePrefix + "1", Episode: 1, State: rating.Sent, WordingVersion: 3}}
		addExamples(t, earlier, data)
		wantVersions(t, "published earlier,", earlier, ownWording, `2 Ours? by "jane"`)
		if asked := must(earlier.RequestsOf(ctx, models.ExamplePrefix+"1"))(t); asked[0].WordingVersion != 2 {
			t.Errorf("the made-up request names version %d", asked[0].WordingVersion)
		}
	})
}

// A version that a real request was sent with stays for that request; customers are asked as before the example.
func TestAnExampleWordingThatWasUsedStays(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		addExamples(t, tenant, exampleYear())
		write(t, tenant, func(tx *models.Tx) error {
			c, err := tx.Conversation("real")
			if err != nil {
				return err
			}
			_, err = tx.SendRequest(c, models.ByCard, 3, func(time.Time) bool { return true })
			return err
		})
		removeExamples(t, tenant)
		want := []string{ownWording, `3 Question 3 by ""`, `4 Rate your conversation again by ""`}
		wantVersions(t, "with 3 in use", tenant, want...)
		addExamples(t, tenant, exampleYear())
		removeExamples(t, tenant)
		wantVersions(t, "added and removed again,", tenant, want...)
	})
}
