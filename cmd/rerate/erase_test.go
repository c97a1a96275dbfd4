package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/models"
)

// mark stands in everything that is known of the marked person, and nowhere else. It is one word for the index, too.
const mark = "quxmark"

// marked is a customer of whom something is stored wherever something can be, with the mark in every word, name and address.
type marked struct {
	id, rated string
	viewer    *browser // of a teammate who may only look
}

func (w *world) marked(admin *browser) marked {
	w.t.Helper()
	contact := w.sandbox.AddContact(w.tenant.Workspace, intercomtest.Contact{
		Name: "Zebulon Quxmark", Email: "zebulon@quxmark.example", ExternalID: "quxmark-7", Role: "user",
	})
	w.must(w.sandbox.UpdateContact(contact.ID, func(c *intercomtest.Contact) {
		c.Attributes = map[string]any{"nick": mark, "vip": true}
		c.SeenAt, c.Locale, c.City, c.Country = w.clock.Now().Add(-time.Hour), "fr", "Quxmark-les-Bains", "France"
	}))
	w.must(w.sandbox.JoinCompany(contact.ID, w.sandbox.AddCompany(w.tenant.Workspace, intercomtest.Company{Name: "Quxmark & Sons"}).ID))
	w.must(w.sandbox.TrackEvent(contact.ID, mark+"-order", nil))
	w.sandbox.Deliver(w.ctx)

	target := w.receiver()
	endpoint, _ := w.endpoint(target.URL)
	mailed := w.closed(contact.ID, "About my quxmark tent")
	w.profile(contact.ID)
	card := w.ask(mailed)
	w.tap(card, contact.ID, 2)
	w.remark(card, contact.ID, "My "+mark+" leaks.")
	w.sync(mailed)
	w.sendTo(endpoint)
	rated := w.ratings(mailed)[0].ID
	admin.post("/ratings/"+rated+"/reply", url.Values{"id": {"reply-" + rated}, "body": {"Dear Mr Quxmark, sorry."}})
	w.sync(mailed)
	w.closed(contact.ID, "")
	home := w.home(contact.ID) // offers that one
	w.press(home.Card.ID, contact.ID, "send_feedback", map[string]any{"feedback": "More " + mark + "s!", "feedback_score": "4"})
	w.work(w.saved(vips()))

	file := "conversation_id,contact_id,score,rated_at,remark\n" + w.solved() + "," + contact.ID + ",3,2025-01-02T03:04:05Z,an old " + mark + " remark\n"
	path := w.t.TempDir() + "/old.csv"
	w.must(os.WriteFile(path, []byte(file), 0o600))
	w.well("import", "--workspace", w.tenant.Workspace, path)
	admin.upload("waiting.csv", file)

	var settings map[string]any
	w.get("/settings", &settings)
	for _, test := range []any{contact.Email, contact.ID, contact.Email} {
		settings["test_contacts"] = []any{"other@example.com", test}
		w.call(http.MethodPut, "/settings", settings, http.StatusOK)
	}
	return marked{id: contact.ID, rated: rated}
}

// withMarked is a world by hand with an admin's browser and the marked person.
func (w *world) withMarked() (admin *browser, who marked) {
	w.t.Helper()
	admin = w.signedIn(jane)
	viewer := w.signedIn(tomas)
	w.must2(w.exec("UPDATE sessions SET expires_at = '2030-01-01 00:00:00+00:00'")) // the clock will move far
	w.reachable()
	w.byHand()
	who = w.marked(admin)
	who.viewer = viewer
	return admin, who
}

// upload puts a file where it waits for an admin to add it.
func (b *browser) upload(name, content string) {
	b.w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	b.w.must(err)
	_, err = io.WriteString(part, content)
	b.w.must(err)
	b.w.must(form.Close())
	request, err := http.NewRequestWithContext(b.w.ctx, http.MethodPost, baseURL+"/settings/import", &body)
	b.w.must(err)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	response, err := b.client.Do(request)
	b.w.must(err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusSeeOther {
		b.w.t.Fatalf("the upload was answered %d", response.StatusCode)
	}
}

// ours are all tables but those of the migrations and of SQLite itself.
func (w *world) tables() []string {
	w.t.Helper()
	if w.app.store.Dialect() == models.Postgres {
		return w.texts("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose%' ORDER BY 1")
	}
	return w.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' ORDER BY 1")
}

// holding lists in which columns of which tables a text stands, in any letter case, also packed.
func (w *world) holding(text string) []string {
	w.t.Helper()
	db, err := w.app.store.SQL()
	w.must(err)
	found := map[string]bool{}
	for _, table := range w.tables() {
		w.eachValue(db, table, func(column, value string) {
			if strings.Contains(strings.ToLower(value), text) {
				found[table+"."+column] = true
			}
		})
	}
	return slices.Sorted(maps.Keys(found))
}

// eachValue reads everything in a table.
func (w *world) eachValue(db *sql.DB, table string, do func(column, value string)) {
	w.t.Helper()
	rows, err := db.QueryContext(w.ctx, "SELECT * FROM "+table)
	w.must(err)
	defer rows.Close()
	names, err := rows.Columns()
	w.must(err)
	values, targets := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		w.must(rows.Scan(targets...))
		for i, v := range values {
			if raw, ok := v.([]byte); ok {
				v = unpacked(raw)
			}
			do(names[i], fmt.Sprint(v))
		}
	}
	w.must(rows.Err())
}

func unpacked(raw []byte) string {
	if r, err := gzip.NewReader(bytes.NewReader(raw)); err == nil {
		if all, err := io.ReadAll(r); err == nil {
			return string(all)
		}
	}
	return string(raw)
}

// everywhere is where the marked person's words and names stand before anything is erased.
var everywhere = []string{
	"companies.name", "contact_events.name", "contacts.attributes", "contacts.email", "contacts.external_id", "contacts.location", "contacts.name",
	"conversations.subject", "feedback.text", "imports.file", "rating_words.words", "ratings.remark", "replies.body",
	"settings_changes.after", "settings_changes.before", "workspaces.settings",
}

// stands checks where the mark stands, in the database and, of SQLite, in its files.
func (w *world) stands(want ...string) {
	w.t.Helper()
	got := slices.DeleteFunc(w.holding(mark), func(column string) bool { return strings.HasPrefix(column, "rating_words_index") })
	if !slices.Equal(got, want) {
		w.t.Errorf("the mark stands in %q, want %q", got, want)
	}
	if w.app.store.Dialect() != models.SQLite {
		return
	}
	there := false
	for _, end := range []string{"", "-wal"} {
		raw, err := os.ReadFile(w.database() + end)
		w.must(err)
		at := bytes.Index(bytes.ToLower(raw), []byte(mark))
		if there = there || at >= 0; at >= 0 && len(want) == 0 {
			w.t.Errorf("the file rerate.db%s holds the mark at %d: …%q…", end, at, raw[max(0, at-60):at+20])
		}
	}
	if !there && len(want) > 0 {
		w.t.Error("the mark is in no file of the database's")
	}
}

// figures are everything that is counted, as the API says it.
func (w *world) figures() string {
	w.t.Helper()
	return string(w.call(http.MethodGet, "/summary?from=2024-01-01&to=2027-12-31", nil, http.StatusOK))
}

// erase runs the jobs of the day.
func (w *world) erase() {
	w.t.Helper()
	w.must(w.app.service.EraseDue(w.ctx, jobs.EraseDue{}))
	w.must(w.app.service.Erase(w.ctx, jobs.Erase{Workspace: w.tenant.Workspace}))
}

// What is older than the days that an admin has chosen is erased, also from SQLite's files, and no figure moves.
func TestWhatIsOldIsErased(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin, who := w.withMarked()
		w.set(func(s *models.Settings) { s.TestContacts = nil })
		w.must2(w.exec("DELETE FROM settings_changes")) // what settings were is no matter of age
		w.stands(slices.DeleteFunc(slices.Clone(everywhere), func(s string) bool { return strings.Contains(s, "settings") })...)

		w.erase() // 0 days keep everything
		w.clock.Move(8 * 24 * time.Hour)
		w.must(w.app.store.Sweep(w.ctx)) // the file that nobody has added
		fresh := w.seats(1)[0]
		w.tap(fresh.card, fresh.contact, 5)
		w.remark(fresh.card, fresh.contact, "A new remark")
		before := w.figures()
		w.clock.Move(3 * 24 * time.Hour)
		w.set(func(s *models.Settings) { s.RetentionDays = 10 })
		w.erase()
		w.stands()
		if got := w.figures(); got != before {
			t.Errorf("figures were %s and are %s", before, got)
		}
		w.well("verify")
		if n := w.number("SELECT COUNT(*) FROM ratings WHERE remark <> ''"); n != 1 {
			t.Errorf("%d remarks are left of the one that is not old: %q", n, w.texts("SELECT at || ' ' || remark FROM ratings"))
		}
		if n := w.number("SELECT COUNT(*) FROM rating_words"); n != 1 {
			t.Errorf("%d remarks are in the index", n)
		}
		for _, path := range []string{"/", "/ratings?days=365", "/ratings/" + who.rated, "/requests?days=365", "/ratings/feedback", "/companies"} {
			if p := admin.get(path); p.status != http.StatusOK || strings.Contains(strings.ToLower(p.body), mark) {
				t.Errorf("%s is answered %d, with the mark: %v", path, p.status, strings.Contains(strings.ToLower(p.body), mark))
			}
		}
		if p := w.person(who.id); p.ErasedAt != nil || p.Name != "" {
			t.Errorf("stored is %+v", p)
		}
		w.profile(who.id) // who comes back is learned anew
		if p := w.person(who.id); p.Name == "" {
			t.Error("a customer who came back stays unknown")
		}
	}, manyCalls)
}

// Many old remarks go in pieces beside customers who rate, and what a run that was broken off has left the next one erases.
func TestErasingIsBrokenOffAndGoesOn(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		const old = 1500
		var file strings.Builder
		file.WriteString("conversation_id,contact_id,score,rated_at,remark\n")
		for i := range old {
			fmt.Fprintf(&file, "9%06d,c%d,%d,2024-03-02T03:04:05Z,remark number %d\n", i, i, i%5+1, i)
		}
		path := t.TempDir() + "/old.csv"
		w.must(os.WriteFile(path, []byte(file.String()), 0o600))
		w.well("import", "--workspace", w.tenant.Workspace, path)
		w.set(func(s *models.Settings) { s.RetentionDays = 30 })
		before := w.figures()
		left := func() int { return w.number("SELECT COUNT(*) FROM ratings WHERE remark <> ''") }

		brokenOff, stop := context.WithCancel(w.ctx)
		ended := make(chan error, 1)
		go func() { ended <- w.app.service.Erase(brokenOff, jobs.Erase{Workspace: w.tenant.Workspace}) }()
		w.within(patience, "some remarks are erased", func() bool { return left() < old })
		stop()
		<-ended
		if n := left(); n == 0 {
			t.Log("it was through before it was broken off")
		}
		seats := w.seats(10)
		taps, longest := w.tapOneByOne(seats)
		w.erase()
		given := taps()
		if n := left(); n != 0 || longest() > rush {
			t.Errorf("%d remarks are left; a tap took %s", n, longest())
		}
		w.well("verify")
		if given == 0 && w.figures() != before {
			t.Error("figures moved")
		}
		if n := w.number("SELECT COUNT(*) FROM contacts WHERE name <> ''"); n == 0 {
			t.Error("those who rate now are forgotten, too")
		}
	}, manyCalls)
}

// Whoever asks for it, nothing of a person is left in any column of any table, and nobody else loses anything.
func TestNothingOfAnErasedPersonIsLeft(t *testing.T) {
	ways := map[string]func(w *world, admin *browser, who marked){
		"on the page": func(w *world, admin *browser, who marked) {
			if p := who.viewer.post("/ratings/"+who.rated+"/customer/erase", nil); p.status != http.StatusForbidden {
				t.Errorf("a viewer is answered %d", p.status)
			}
			w.stands(everywhere...)
			if p := admin.post("/ratings/"+who.rated+"/customer/erase", nil); p.status != http.StatusSeeOther || p.location != "/ratings/"+who.rated {
				t.Errorf("answered %d, to %s", p.status, p.location)
			}
			if p := admin.get("/ratings/" + who.rated); p.status != http.StatusOK || !strings.Contains(p.body, "This person was erased") || strings.Contains(p.body, "/customer/erase") {
				t.Errorf("the page is answered %d", p.status)
			}
		},
		"by the command": func(w *world, _ *browser, who marked) {
			w.stands(everywhere...)
			w.well("erase", "--workspace", w.tenant.Workspace, "--contact", who.id)
		},
		"by Intercom": func(w *world, _ *browser, who marked) {
			w.must(w.sandbox.DeleteContact(who.id))
			w.sandbox.Deliver(w.ctx)
			w.must(w.app.store.Scrub(w.ctx))
		},
	}
	for name, erase := range ways {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				admin, who := w.withMarked()
				other := w.seats(1)[0]
				w.tap(other.card, other.contact, 4)
				w.remark(other.card, other.contact, "Somebody else's words")
				before := w.figures()
				erase(w, admin, who)
				w.stands()
				if got := w.figures(); got != before {
					t.Errorf("figures were %s and are %s", before, got)
				}
				w.well("verify")
				if n := w.number("SELECT COUNT(*) FROM ratings WHERE remark = 'Somebody else''s words'"); n != 1 {
					t.Error("somebody else's words are gone")
				}
				if got := w.holding("other@example.com"); !slices.Contains(got, "workspaces.settings") {
					t.Errorf("the other test contact stands in %q", got)
				}
				if p := admin.get("/ratings/" + who.rated + "/customer.json"); p.status != http.StatusOK || strings.Contains(strings.ToLower(p.body), mark) {
					t.Errorf("what is stored is answered %d %s", p.status, p.body)
				}
				if got := w.holding(who.id); slices.Contains(got, "workspaces.settings") || slices.Contains(got, "settings_changes.before") {
					t.Errorf("the id stands in %q", got)
				}
				w.profile(who.id)
				w.stands() // nothing is stored again
			}, manyCalls)
		})
	}
}

func TestEraseSaysWhatIsWrong(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.tenant.Workspace
		for _, c := range []struct {
			words []string
			code  int
			says  string
		}{
			{[]string{"erase"}, 1, `--workspace "" has not installed Rerate`},
			{[]string{"erase", "--workspace", "nowhere"}, 1, `--workspace "nowhere" has not installed Rerate`},
			{[]string{"erase", "--workspace", id, "--contact", "nobody"}, 1, `nothing is stored of a contact "nobody"`},
			{[]string{"erase", "--workspace", id, "--contact", ""}, 1, `nothing is stored of a contact ""`},
			{[]string{"erase", "--workspace", id}, 1, "that is not its name; nothing was erased"},
			{[]string{"erase", id}, 2, "was not expected"},
		} {
			if code, said := w.rerate(c.words...); code != c.code || !strings.Contains(said, c.says) {
				t.Errorf("%q ended with %d and said %s", c.words, code, said)
			}
		}
		if got, err := w.tenant.Get(w.ctx); err != nil || got.UninstalledAt != nil {
			t.Errorf("the workspace is %+v, %v", got, err)
		}
	})
}

// A table fails here of which nobody has said whether it holds something of a person.
func TestEveryTableIsPersonalOrNot(t *testing.T) {
	eachWorld(t, func(w *world) {
		known := models.Personal()
		for table := range models.NotPersonal {
			known = append(known, table)
		}
		slices.Sort(known)
		ours := slices.DeleteFunc(w.tables(), func(table string) bool {
			return strings.HasPrefix(table, "river_") || strings.HasPrefix(table, "rating_words_index") // jobs hold ids; the index is that of rating_words
		})
		slices.Sort(ours)
		if !slices.Equal(known, ours) {
			t.Errorf("declared in models/personal.go are\n%q, in the database\n%q", known, ours)
		}
	})
}

// What is stored of a person is one file: of every table that holds something, with everything that is erased with them.
func TestWhatIsStoredOfAPerson(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin, who := w.withMarked()
		other := w.seats(1)[0]
		w.tap(other.card, other.contact, 4)
		w.remark(other.card, other.contact, "Somebody else's words")
		p := admin.get("/ratings/" + who.rated + "/customer.json")
		if p.status != http.StatusOK || p.contentType != "application/json" {
			t.Fatalf("answered %d, %s", p.status, p.contentType)
		}
		var file struct {
			Workspace, Contact string
			MadeAt             time.Time `json:"made_at"`
			Stored             map[string][]map[string]any
		}
		w.must(json.Unmarshal([]byte(p.body), &file))
		if file.Workspace != w.tenant.Workspace || file.Contact != who.id || !file.MadeAt.Equal(w.clock.Now()) || strings.Contains(p.body, "Somebody else") {
			t.Errorf("the file is %s", p.body)
		}
		for _, place := range everywhere {
			table, column, _ := strings.Cut(place, ".")
			if _, not := models.NotPersonal[table]; not || column == "words" {
				continue
			}
			if !strings.Contains(strings.ToLower(fmt.Sprint(file.Stored[table])), mark) {
				t.Errorf("%s is not in the file: %v", place, file.Stored[table])
			}
		}
		empty := []string{"import_rows", "pending_summaries", "pending_changes", "calls"} // while a file is being added; within a second
		for _, table := range models.Personal() {
			if len(file.Stored[table]) == 0 && !slices.Contains(empty, table) {
				t.Errorf("nothing of %s is in the file", table)
			}
		}
		if nick, ok := file.Stored["contacts"][0]["attributes"].(map[string]any); !ok || nick["nick"] != mark {
			t.Errorf("the attributes are %v", file.Stored["contacts"][0]["attributes"])
		}
		if p := who.viewer.get("/ratings/" + who.rated + "/customer.json"); p.status != http.StatusForbidden {
			t.Errorf("a viewer is answered %d", p.status)
		}
		for _, rating := range []string{"00000000-0000-7000-8000-000000000404", "nothing"} {
			if p := admin.get("/ratings/" + rating + "/customer.json"); p.status != http.StatusNotFound {
				t.Errorf("%s is answered %d", rating, p.status)
			}
		}
	}, manyCalls)
}

// An uninstalled workspace may come back for thirty days and finds everything; then everybody in it is erased.
func TestAnUninstalledWorkspaceIsErasedLater(t *testing.T) {
	eachWorld(t, func(w *world) {
		_, who := w.withMarked()
		before := w.report()
		uninstall := func() {
			if call := w.sandbox.Uninstall(w.ctx, w.tenant.Workspace); call.Status != http.StatusOK {
				t.Fatalf("the notice was answered %d", call.Status)
			}
		}
		install := func() {
			_, err := w.app.service.Connect(w.ctx, w.sandbox.Install(w.tenant.Workspace, jane))
			w.must(err)
		}
		all := everywhere[:]
		uninstall()
		w.clock.Move(models.Grace - time.Hour)
		w.erase()
		w.stands(all...)
		install()
		w.clock.Move(2 * time.Hour)
		w.erase()
		w.stands(all...)

		uninstall()
		w.clock.Move(models.Grace)
		w.erase()
		w.stands()
		for _, name := range []string{"jane agent", w.emailOf(jane), w.emailOf(tomas)} {
			if got := w.holding(strings.ToLower(name)); len(got) != 0 {
				t.Errorf("%s stands in %q", name, got)
			}
		}
		if got := w.report(); !reflect.DeepEqual(got, before) {
			t.Errorf("figures were %+v and are %+v", before, got)
		}
		w.well("verify")
		if got, err := w.tenant.Get(w.ctx); err != nil || got.ErasedAt == nil {
			t.Errorf("the workspace is %+v, %v", got, err)
		}
		_, err := w.app.service.Connect(w.ctx, w.sandbox.Install(w.tenant.Workspace, tomas))
		w.must(err)
		if got := w.teammates(w.tenant.Workspace); got[tomas] != models.Admin || got[jane] == models.Admin {
			t.Errorf("who installs it again is %v", got)
		}
		w.profile(who.id)
		if p := w.person(who.id); p.Name == "" {
			t.Error("a workspace that came back learns nobody")
		}
	}, manyCalls)
}

// The command erases a workspace beside a running server once its name was typed.
func TestEraseAWorkspaceByCommand(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.withMarked()
		w.well("verify")
		named, err := w.tenant.Get(w.ctx)
		w.must(err)
		for _, typed := range []string{"", "yes\n", strings.ToUpper(named.Name) + "\n", named.Name + "\n"} {
			command := w.process("erase", "--workspace", w.tenant.Workspace)
			command.Stdin = strings.NewReader(typed)
			out, err := command.CombinedOutput()
			if right := typed == named.Name+"\n"; (err == nil) != right || !right && !strings.Contains(string(out), "nothing was erased") {
				t.Errorf("after %q it ended with %v and said %s", typed, err, out)
			}
		}
		w.stands()
		w.well("verify")
		if got, err := w.tenant.Get(w.ctx); err != nil || got.UninstalledAt == nil || got.ErasedAt == nil || got.Token != nil {
			t.Errorf("the workspace is %+v, %v", got, err)
		}
		w.well("erase", "--workspace", w.tenant.Workspace, "--yes")
	}, manyCalls)
}
