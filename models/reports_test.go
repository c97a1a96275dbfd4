package models_test

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
	"rerate/models/modelstest/plain"
)

// After whatever happens to ratings and requests, every figure says what counting everything anew says, under whatever
// filter, and nothing that is derived has drifted from its rows.
func TestReportsEqualPlainCounting(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		db.FewRows(3)
		workspaces := 0
		modelstest.SomeChecks(t, 15, func(rt *rapid.T) {
			workspaces++
			h := newHappening(rt, db, fmt.Sprint(workspaces))
			for range rapid.IntRange(5, 40).Draw(rt, "steps") {
				db.Clock.Move(time.Duration(rapid.IntRange(0, 1500).Draw(rt, "minutes")) * time.Minute)
				h.step()
			}
			if _, err := h.tenant.Recount(ctx, models.Rebuild); err == nil {
				goOn(rt, h.tenant, models.Rebuild, 1000)
			}
			h.plain = plainOf(rt, db, h.tenant)
			allRight(rt, h.tenant)
			h.compare(always(h.plain.Zone))
			for range 5 {
				h.compare(h.drawFilter())
			}
			h.compareRatings()
			before := derivedOf(rt, db, h.tenant.Workspace)
			write(rt, h.tenant, func(tx *models.Tx) error { return tx.RebuildReports() })
			if diff := cmp.Diff(before, derivedOf(rt, db, h.tenant.Workspace)); diff != "" {
				rt.Fatalf("rebuilding changed what was right (-before +after)\n%s", diff)
			}
		})
	})
}

// happening is one workspace and what happens in it.
type happening struct {
	*rapid.T
	db      modelstest.DB
	tenant  models.Tenant
	segment models.Segment
	imports []models.Import // that have been added
	keys    int
	plain   plain.Rows // once everything has happened
	moved   bool       // nothing is counted anew, so that what is moved is not mended
}

func newHappening(t *rapid.T, db modelstest.DB, workspace string) *happening {
	h := &happening{T: t, db: db, tenant: install(t, db, workspace)}
	// In New York a day of 23 hours is near, in Sydney one of 25, in Amman one without a midnight.
	start := modelstest.Start
	if rapid.Bool().Draw(t, "in spring") {
		start = time.Date(2026, time.March, 27, 9, 0, 0, 0, time.UTC)
	}
	db.Clock.Set(start)
	h.moved = rapid.Bool().Draw(t, "moved only")
	h.in(func(tx *models.Tx) (err error) {
		h.segment, err = tx.SaveSegment(models.Segment{Name: "Big ones", Channel: models.InApp, Body: "Words"}, "1")
		return err
	})
	h.moveToZone()
	return h
}

var steps = []struct {
	name     string
	do       func(h *happening)
	rebuilds bool
}{
	{"AddRating", (*happening).addRating, false},
	{"AddRating", (*happening).addRating, false},
	{"AddRating", (*happening).addRating, false},
	{"AddRating", (*happening).addRating, false},
	{"SendRequest", (*happening).sendRequest, false},
	{"SendRequest", (*happening).sendRequest, false},
	{"HomeRequest", (*happening).homeRequest, false},
	{"plan", (*happening).plan, false},
	{"close", (*happening).closeEpisode, false},
	{"RequestRated", (*happening).requestRated, false},
	{"move a request", (*happening).moveRequest, false},
	{"SetWhyNot", (*happening).setWhyNot, false},
	{"SetCredit", (*happening).setCredit, false},
	{"SetReplied", (*happening).setReplied, false},
	{"SetReplied", (*happening).setReplied, false},
	{"Judge", (*happening).judge, false},
	{"AddRemark", (*happening).addRemark, false},
	{"ReadConversation", (*happening).readConversation, false},
	{"SaveCourse", (*happening).tag, false},
	{"SetDoNotAsk", (*happening).doNotAsk, false},
	{"ConversationDeleted", (*happening).deleteConversation, false},
	{"people", (*happening).people, false},
	{"MergeContact", (*happening).merge, false},
	{"EraseContact", (*happening).erase, false},
	{"MessageArrived", (*happening).messageArrived, false},
	{"AddPast", (*happening).addPast, false},
	{"add a file", (*happening).addFile, false},
	{"take a file back", (*happening).takeFileBack, false},
	{"test mode", (*happening).testMode, false},
	{"time zone", (*happening).moveToZone, true},
	{"several at once", (*happening).severalAtOnce, true},
	{"some of a rebuild", (*happening).rebuildSome, true},
}

// step has one thing happen.
func (h *happening) step() {
	step := rapid.SampledFrom(steps).Draw(h.T, "step")
	if h.moved && step.rebuilds {
		step = steps[0]
	}
	h.Log(step.name)
	step.do(h)
}

func (h *happening) in(do func(tx *models.Tx) error) {
	h.Helper()
	write(h, h.tenant, do)
}

// with runs do with a conversation.
func (h *happening) with(id string, do func(tx *models.Tx, c models.Conversation) error) {
	h.Helper()
	h.in(func(tx *models.Tx) error {
		c, err := tx.Conversation(id)
		if err != nil {
			return err
		}
		return do(tx, c)
	})
}

func (h *happening) drawConversation() string {
	return rapid.SampledFrom([]string{"1", "2", "3", "4"}).Draw(h.T, "conversation")
}

func (h *happening) drawContact() string {
	return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(h.T, "contact")
}

func (h *happening) drawTeammate() string {
	return rapid.SampledFrom([]string{"", "t1", "t2"}).Draw(h.T, "teammate")
}

func (h *happening) key() string { h.keys++; return fmt.Sprint("key ", h.keys) }

// drawRating is any answer: of any scale, with any sentiment, at a time before or after the others, valid or not.
func (h *happening) drawRating() models.Rating {
	scale := rapid.SampledFrom([]int{5, 5, 5, 2, 3, 4, 10}).Draw(h.T, "scale")
	r := answer(h.drawConversation(), h.drawContact(), h.key(), rapid.IntRange(1, scale).Draw(h.T, "score"), 0)
	r.Scale = scale
	r.Sentiment = rapid.SampledFrom([]rating.Sentiment{"negative", "negative", "neutral", "positive", "positive"}).Draw(h.T, "sentiment")
	r.At = h.db.Clock.Now().Add(time.Duration(rapid.IntRange(-50, 50).Draw(h.T, "hours")) * time.Hour)
	r.WhyNot = rapid.SampledFrom([]models.WhyNot{"", "", "", "", "unverified", "test", "undone"}).Draw(h.T, "why not")
	r.Replied = rapid.SampledFrom([]models.YesNo{"", "yes", "no", "no"}).Draw(h.T, "replied")
	r.WordingVersion = rapid.IntRange(0, 2).Draw(h.T, "wording")
	r.Remark = rapid.SampledFrom([]string{"", "", "words"}).Draw(h.T, "remark")
	if r.TeammateID = h.drawTeammate(); r.TeammateID != "" {
		r.CreditRule = rating.LastHumanReply
	}
	return r
}

func (h *happening) addTo(tx *models.Tx, r models.Rating) (models.Rating, error) {
	conversation, err := tx.Conversation(r.ConversationID)
	if err != nil {
		return r, err
	}
	r.Channel = conversation.Channel
	stored, added, err := tx.AddRating(r)
	if err == nil && !added {
		err = fmt.Errorf("rating %q was there already", r.SourceKey)
	}
	return stored, err
}

func (h *happening) addRating() {
	r := h.drawRating()
	h.in(func(tx *models.Tx) error { _, err := h.addTo(tx, r); return err })
}

// severalAtOnce is more than one change in one transaction, with a rebuild in between.
func (h *happening) severalAtOnce() {
	a, b := h.drawRating(), h.drawRating()
	h.in(func(tx *models.Tx) error {
		stored, err := h.addTo(tx, a)
		if err != nil {
			return err
		}
		if err := tx.SetWhyNot(stored, models.Undone); err != nil {
			return err
		}
		if err := tx.RebuildReports(); err != nil {
			return err
		}
		if _, err := h.addTo(tx, b); err != nil {
			return err
		}
		return tx.SetWhyNot(stored, models.Valid)
	})
}

// withRating runs do with one of the stored ratings, if there is one.
func (h *happening) withRating(do func(tx *models.Tx, r models.Rating) error) {
	h.Helper()
	id := h.drawConversation()
	stored := must(h.tenant.RatingsOf(ctx, id))(h)
	if len(stored) == 0 {
		return
	}
	r := stored[rapid.IntRange(0, len(stored)-1).Draw(h.T, "rating")]
	h.with(id, func(tx *models.Tx, _ models.Conversation) error { return do(tx, r) })
}

func (h *happening) setWhyNot() {
	why := rapid.SampledFrom([]models.WhyNot{"", "", "unverified", "suspect", "void", "test", "undone"}).Draw(h.T, "why not")
	h.withRating(func(tx *models.Tx, r models.Rating) error { return tx.SetWhyNot(r, why) })
}

func (h *happening) setCredit() {
	who := rating.Part{ID: h.drawTeammate()}
	h.withRating(func(tx *models.Tx, r models.Rating) error { return tx.SetCredit(r, who, rating.LastHumanReply) })
}

func (h *happening) setReplied() {
	is := rapid.SampledFrom([]models.YesNo{"", "yes", "no"}).Draw(h.T, "replied")
	h.withRating(func(tx *models.Tx, r models.Rating) error { return tx.SetReplied(r, is) })
}

func (h *happening) judge() {
	why := rapid.SampledFrom([]models.WhyNot{"", "suspect"}).Draw(h.T, "why not")
	later := time.Duration(rapid.IntRange(-30, 30).Draw(h.T, "hours later")) * time.Hour
	h.withRating(func(tx *models.Tx, r models.Rating) error {
		r.WhyNot, r.At = why, r.At.Add(later)
		return tx.Judge(r)
	})
}

func (h *happening) addRemark() {
	h.withRating(func(tx *models.Tx, r models.Rating) error { _, err := tx.AddRemark(r.ID, "words"); return err })
}

func (h *happening) sendRequest() {
	again, teammate, contact := rapid.Bool().Draw(h.T, "may still be answered"), h.drawTeammate(), h.drawContact()
	wording, rated := rapid.IntRange(1, 2).Draw(h.T, "wording"), rapid.Bool().Draw(h.T, "answered")
	h.with(h.drawConversation(), func(tx *models.Tx, c models.Conversation) error {
		request, err := tx.SendRequest(c, models.ByCard, wording, func(time.Time) bool { return again })
		if err != nil {
			return err
		}
		if err := tx.ChangeRequest(request.ID, map[string]any{"contact_id": contact}); err != nil {
			return err
		}
		if rated {
			if err := tx.RequestRated(request.ID); err != nil {
				return err
			}
		}
		return tx.SetRequestCredit(request.ID, rating.Part{ID: teammate}, rating.LastBotReply)
	})
}

func (h *happening) homeRequest() {
	contact, test := h.drawContact(), rapid.Bool().Draw(h.T, "test")
	h.with(h.drawConversation(), func(tx *models.Tx, c models.Conversation) error {
		_, err := tx.HomeRequest(c, contact, 1, test)
		return err
	})
}

func (h *happening) plan() {
	contact := h.drawContact()
	h.with(h.drawConversation(), func(tx *models.Tx, c models.Conversation) error {
		due := tx.Now.Add(time.Hour)
		_, err := tx.BeginRequest(c, rating.Plan, models.Request{Method: models.ByLink, WordingVersion: 2, ContactID: contact, DueAt: &due})
		return err
	})
}

// closeEpisode gives the ledger a row: refused, planned, or for a request that was sent by hand.
func (h *happening) closeEpisode() {
	how := rapid.IntRange(0, 2).Draw(h.T, "how")
	test := rapid.Bool().Draw(h.T, "test")
	h.keys++
	episode := 10 + h.keys
	h.with(h.drawConversation(), func(tx *models.Tx, c models.Conversation) error {
		all, err := tx.RequestsOf(c.ID)
		if err != nil {
			return err
		}
		r := models.Request{ClosedAt: &tx.Now, Automatic: true, Test: test, Episode: episode}
		switch how {
		case 0:
			r.Rule = "users"
			_, err = tx.BeginRequest(c, rating.Refuse, r)
		case 1:
			r.Method = models.ByLink
			_, err = tx.BeginRequest(c, rating.Plan, r)
		case 2:
			for _, asked := range all {
				if asked.ClosedAt == nil {
					return tx.ChangeRequest(asked.ID, map[string]any{"closed_at": tx.Now, "episode": r.Episode})
				}
			}
		}
		return err
	})
}

// withRequest runs do with one of the stored requests, if there is one.
func (h *happening) withRequest(do func(tx *models.Tx, r models.Request) error) {
	h.Helper()
	id := h.drawConversation()
	stored := must(h.tenant.RequestsOf(ctx, id))(h)
	if len(stored) == 0 {
		return
	}
	r := stored[rapid.IntRange(0, len(stored)-1).Draw(h.T, "request")]
	h.with(id, func(tx *models.Tx, _ models.Conversation) error {
		if err := do(tx, r); !errors.Is(err, models.ErrNoTransition) {
			return err
		}
		return nil
	})
}

func (h *happening) requestRated() {
	h.withRequest(func(tx *models.Tx, r models.Request) error { return tx.RequestRated(r.ID) })
}

func (h *happening) moveRequest() {
	event := rapid.SampledFrom([]rating.RequestEvent{
		rating.Send, rating.Send, rating.Cancel, rating.GiveUp, rating.Plan, rating.TimeOut, rating.Replace,
	}).Draw(h.T, "event")
	h.withRequest(func(tx *models.Tx, r models.Request) error {
		changes := map[string]any{}
		if event == rating.Send {
			changes["sent_at"] = tx.Now
		}
		_, err := tx.MoveRequest(r, event, changes)
		return err
	})
}

func (h *happening) readConversation() {
	channel := rapid.SampledFrom([]string{models.Chat, "email", "facebook"}).Draw(h.T, "channel")
	h.with(h.drawConversation(), func(tx *models.Tx, c models.Conversation) error {
		return tx.ReadConversation(c, channel, []string{"a"})
	})
}

func (h *happening) tag() {
	tags := rapid.SampledFrom([]models.Tags{nil, {"vip"}, {"vip plus"}, {"refund", "vip"}}).Draw(h.T, "tags")
	h.with(h.drawConversation(), func(tx *models.Tx, c models.Conversation) error {
		return tx.SaveCourse(c.ID, models.Course{State: models.StateOpen, ChangedAt: tx.Now, Tags: tags})
	})
}

func (h *happening) doNotAsk() {
	not := rapid.Bool().Draw(h.T, "not")
	h.with(h.drawConversation(), func(tx *models.Tx, c models.Conversation) error { return tx.SetDoNotAsk(c.ID, not) })
}

func (h *happening) deleteConversation() {
	h.with(h.drawConversation(), func(tx *models.Tx, c models.Conversation) error { return tx.ConversationDeleted(c.ID) })
}

func (h *happening) people() {
	contact, within := h.drawContact(), rapid.Bool().Draw(h.T, "in the segment")
	companies := rapid.SampledFrom([][]models.Company{
		nil,
		{},
		{{ID: "acme", Name: "Acme"}},
		{{ID: "acme", Name: "Acme"}, {ID: "blue", Name: "Blue Sun"}},
	}).Draw(h.T, "companies")
	h.in(func(tx *models.Tx) error {
		if err := tx.SaveProfile(models.Profile{Contact: models.Contact{ID: contact, Role: "user"}, Companies: companies}); err != nil {
			return err
		}
		if within {
			_, err := tx.EnterSegment(h.segment.ID, contact)
			return err
		}
		return tx.LeaveSegment(h.segment.ID, contact)
	})
}

func (h *happening) merge() {
	from, into := h.drawContact(), h.drawContact()
	h.in(func(tx *models.Tx) error { return tx.MergeContact(from, into) })
}

func (h *happening) erase() {
	contact := h.drawContact()
	h.in(func(tx *models.Tx) error { return tx.EraseContact(contact) })
}

func (h *happening) messageArrived() {
	id, contact, twice := h.drawConversation(), h.drawContact(), rapid.Bool().Draw(h.T, "twice")
	h.in(func(tx *models.Tx) error {
		m := models.SegmentMessage{RequestID: tx.NewID(), ConversationID: id, ContactID: contact, Channel: models.ByEmail, WordingVersion: 1}
		if err := tx.MessageArrived(m); err != nil || !twice {
			return err
		}
		return tx.MessageArrived(m)
	})
}

func (h *happening) addPast() {
	id, r := "past "+h.key(), h.drawRating()
	r.ConversationID, r.Source = id, models.FromIntercom
	r.TeammateID, r.CreditRule = "", ""
	r.Channel = "email"
	h.in(func(tx *models.Tx) error {
		closed := tx.Now.Add(-time.Hour)
		_, _, err := tx.AddPast([]models.Past{{
			Conversation: models.Conversation{ID: id, Channel: "email", CreatedAt: closed}, Contacts: []models.Contact{{ID: r.ContactID, Role: "user"}},
			Course: models.Course{State: models.StateClosed, ChangedAt: closed, ClosedAt: &closed, Tags: models.Tags{"vip"}}, Rating: &r,
			Close: &models.Request{Episode: 1, ClosedAt: &closed, Rule: "users"},
		}})
		return err
	})
}

// addFile adds a file of ratings while a rating comes in between, and perhaps the time zone changes.
func (h *happening) addFile() {
	var rows []models.ImportRow
	for line := range rapid.IntRange(1, 4).Draw(h.T, "rows") {
		row := importRow(line+2, rapid.SampledFrom([]string{"1", "2", "file"}).Draw(h.T, "of"), h.drawContact(), rapid.IntRange(1, 5).Draw(h.T, "score"), 3*line)
		row.SourceKey, row.TeammateID = h.key(), h.drawTeammate()
		rows = append(rows, row)
	}
	i := startImport(h, h.tenant, rows...)
	h.finish(i)
	i.State = models.ImportAdded
	h.imports = append(h.imports, i)
}

func (h *happening) takeFileBack() {
	if len(h.imports) == 0 {
		return
	}
	for more := true; more; { // what it left behind when it was added
		h.in(func(tx *models.Tx) (err error) { more, err = tx.ClearImport(h.imports[0].ID, 1000); return err })
	}
	i := takeBack(h, h.tenant, h.imports[0])
	h.imports = h.imports[1:]
	h.finish(i)
}

func (h *happening) finish(i models.Import) {
	h.Helper()
	prepare(h, h.tenant, i)
	switch rapid.IntRange(0, 2).Draw(h.T, "meanwhile") {
	case 0:
		h.addRating()
	case 1:
		if !h.moved {
			h.moveToZone()
			h.rebuildSome()
		}
	}
	for !finish(h, h.tenant, i, 1) {
		prepare(h, h.tenant, i)
	}
}

func (h *happening) testMode() {
	on := rapid.Bool().Draw(h.T, "on")
	h.in(func(tx *models.Tx) error {
		settings, err := tx.Settings()
		if err != nil {
			return err
		}
		settings.TestMode = on
		return tx.SaveSettings(settings)
	})
}

func (h *happening) moveToZone() {
	name := rapid.SampledFrom([]string{
		"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati", "Australia/Sydney", "Asia/Beirut",
	}).Draw(h.T, "zone")
	h.in(func(tx *models.Tx) error { return moveTo(tx, name) }) // where there are some ratings, it is under way from now on
}

// rebuildSome begins a rebuild, or goes on with one, for some pieces.
func (h *happening) rebuildSome() {
	if r, err := h.tenant.Recount(ctx, models.Rebuild); err != nil || !r.UnderWay() {
		begin(h, h.tenant, models.Rebuild)
	}
	goOn(h, h.tenant, models.Rebuild, rapid.IntRange(0, 6).Draw(h.T, "pieces"))
}

func (h *happening) drawFilter() models.Filter {
	from := stats.DayOf(modelstest.Start, time.UTC).AddDays(rapid.IntRange(-4, 30).Draw(h.T, "from"))
	f := models.Filter{
		Range:    stats.Range{From: from, To: from.AddDays(rapid.IntRange(0, 40).Draw(h.T, "days")), Zone: h.plain.Zone},
		Teammate: rapid.SampledFrom([]string{"", "", "", "t1", "t2", "nobody"}).Draw(h.T, "of teammate"),
		Channel:  rapid.SampledFrom([]string{"", "", "", models.Chat, "email"}).Draw(h.T, "in channel"),
	}
	narrow := func(what string, do func()) {
		if rapid.IntRange(0, 5).Draw(h.T, what) == 0 {
			do()
		}
	}
	narrow("by tag", func() { f.Tag = rapid.SampledFrom([]string{"vip", "refund"}).Draw(h.T, "tag") })
	narrow("by segment", func() { f.Segment = h.segment.ID })
	narrow("by company", func() { f.Company = "acme" })
	narrow("by wording", func() { f.Wording = rapid.IntRange(1, 2).Draw(h.T, "wording") })
	narrow("by score", func() { f.Score = rapid.IntRange(1, 5).Draw(h.T, "score") })
	narrow("by change", func() {
		f.Change = rapid.SampledFrom([]rating.Change{"first", "better", "same", "worse"}).Draw(h.T, "change")
	})
	narrow("by remark", func() { f.Remark = rapid.SampledFrom([]models.YesNo{"yes", "no"}).Draw(h.T, "remark") })
	return f
}

// compare holds a report against plain counting: the whole, each of its days, each teammate.
func (h *happening) compare(f models.Filter) {
	h.Helper()
	got := report(h, h.tenant, f)
	h.same("the range", h.plain.Figures(f, ""), shown(got))
	for _, places := range []int{2, 3, 5, 10} {
		if diff := cmp.Diff(h.plain.Figures(f, "").Matrix(places), got.Matrix(places)); diff != "" {
			h.Fatalf("matrix of %d (-want +got)\n%s", places, diff)
		}
	}
	h.sameAsks("the range", h.plain.Asks(f, f.Teammate == ""), got.Asks)
	rated := int64(0)
	for i, day := range got.Days {
		if day.Rated == 0 || i > 0 && got.Days[i-1].Day >= day.Day {
			h.Fatalf("days %v: a day without ratings, or out of order", got.Days)
		}
		rated += day.Rated
		want := h.plain.Figures(f, string(day.Day))
		want.FirstToLatest = map[[4]int]int64{}
		h.same(string(day.Day), want, shown(models.Report{Figures: day.Figures}))
	}
	if rated != got.Rated {
		h.Fatalf("the days hold %d of %d", rated, got.Rated)
	}
	h.compareTeammates(f)
	h.compareCompanies(f)
}

// compareCompanies holds what is said of each company against the report that is narrowed to it.
func (h *happening) compareCompanies(f models.Filter) {
	h.Helper()
	found := map[string]models.CompanyReport{}
	for _, r := range must(h.tenant.CompanyReports(ctx, f))(h) {
		found[r.Company.ID] = r
	}
	for _, id := range []string{"acme", "blue"} {
		of, got := f, found[id]
		if of.Company == "" {
			of.Company = id
		}
		want := report(h, h.tenant, of)
		if of.Company != id {
			want = models.Report{}
		}
		delete(found, id)
		if want.Figures != got.Figures {
			h.Fatalf("company %s: %+v, its report says %+v", id, got.Figures, want.Figures)
		}
		people, all, err := h.tenant.CompanyPeople(ctx, of, 100)
		if err != nil || int(all) != len(people) {
			h.Fatalf("company %s has %d people, %d are listed: %v", of.Company, all, len(people), err)
		}
		raters, rated := int64(0), int64(0)
		for _, p := range people {
			if p.Rated > 0 {
				raters++
			}
			if (p.Rated > 0) != (p.Latest.ID != "") || p.Latest.ID != "" && p.Latest.ContactID != p.Contact.ID {
				h.Fatalf("%+v", p)
			}
			rated += p.Rated
		}
		if of.Company == id && (raters != got.People || rated != got.Rated) {
			h.Fatalf("company %s: %d people rated %d conversations, its figures are of %d and %d", id, raters, rated, got.People, got.Rated)
		}
	}
	if len(found) > 0 {
		h.Fatalf("companies that are not there: %v", found)
	}
}

func (h *happening) compareTeammates(f models.Filter) {
	h.Helper()
	found, recoverers := map[string]models.TeammateReport{}, []models.Recoverer{}
	for _, r := range must(h.tenant.TeammateReports(ctx, f))(h) {
		found[r.ID] = r
		if r.ID != "" && r.Latest.Answered > 0 {
			recoverers = append(recoverers, models.Recoverer{TeammateID: r.ID, Answered: r.Latest.Answered, Recovered: r.Latest.Recovered})
		}
	}
	if diff := cmp.Diff(recoverers, must(h.tenant.Recoverers(ctx, f))(h)); diff != "" {
		h.Fatalf("the recoverers (-of the reports +alone)\n%s", diff)
	}
	for _, id := range h.plain.Teammates() {
		if !credited(f.Teammate, id) {
			continue
		}
		of, got := f, found[id]
		delete(found, id)
		of.Teammate = id
		for what, figures := range map[bool]models.Figures{true: got.First, false: got.Latest} {
			want := h.plain.FiguresOf(of, "", what, false)
			want.FirstToLatest = map[[4]int]int64{}
			h.same(fmt.Sprintf("teammate %q, first: %t", id, what), want, shown(models.Report{Figures: figures}))
		}
		h.sameAsks("teammate "+id, h.plain.Asks(of, false), got.Asks)
	}
	for id, r := range found {
		h.Fatalf("teammate %q has a report: %+v", id, r)
	}
	h.compareTeammateDays(f)
}

func (h *happening) same(what string, want, got plain.Figures) {
	h.Helper()
	for _, p := range rating.Policies {
		if math.Abs(want.Positive[p]-got.Positive[p]) > 1e-6*float64(want.Rated) {
			h.Fatalf("%s, policy %s: %v positive, want %v", what, p, got.Positive[p], want.Positive[p])
		}
	}
	want.Positive, got.Positive = nil, nil
	if diff := cmp.Diff(want, got); diff != "" {
		h.Fatalf("%s (-want +got)\n%s", what, diff)
	}
}

func (h *happening) sameAsks(what string, want map[string]int64, got models.Asks) {
	h.Helper()
	if diff := cmp.Diff(want, nonZero(map[string]int64{
		"sent": got.Sent, "rated": got.Rated, "sent_again": got.SentAgain, "rated_again": got.RatedAgain, "closed": got.Closed, "asked": got.Asked,
	})); diff != "" {
		h.Fatalf("%s, asks (-want +got)\n%s", what, diff)
	}
}

func nonZero(sums map[string]int64) map[string]int64 {
	maps.DeleteFunc(sums, func(_ string, n int64) bool { return n == 0 })
	return sums
}

// shown turns a report into the plain figures. Every figure is named, so that none is forgotten.
func shown(r models.Report) plain.Figures {
	f := plain.NewFigures()
	f.Rated = r.Rated
	f.Sums = nonZero(map[string]int64{
		"better": r.Better, "same": r.Same, "worse": r.Worse, "gained": r.Gained, "lost": r.Lost, "first_positive_again": r.FirstPositiveAgain,
		"first_negative": r.FirstNegative, "asked": r.Asked, "answered": r.Answered, "recovered": r.Recovered,
		"answered_with_reply": r.AnsweredWithReply, "recovered_with_reply": r.RecoveredWithReply,
		"answered_alone": r.AnsweredAlone, "recovered_alone": r.RecoveredAlone,
		"latest_negative": r.LatestNegative, "waiting": r.Waiting, "first_neutral": r.Rated - r.FirstNegative - r.FirstPositive,
		"neutral_again": r.Better + r.Same + r.Worse - r.Answered - r.FirstPositiveAgain,
	})
	for _, p := range rating.Policies {
		f.Positive[p] = r.Positive(p)
	}
	for _, m := range r.Moves {
		f.FirstToLatest[[4]int{m.FirstScore, m.FirstScale, m.LatestScore, m.LatestScale}] += m.Pairs
	}
	return f
}

// Every figure that is declared is one of those that the tests compare.
func TestEveryFigureIsCompared(t *testing.T) {
	policies := []string{"Rated", "FirstPositive", "LatestPositive", "BestPositive", "WorstPositive", "Credit"}
	for field, names := range map[reflect.Type][]string{
		reflect.TypeFor[models.Figures](): append(policies, "Better", "Same", "Worse", "Gained", "Lost", "FirstPositiveAgain", "FirstNegative", "Asked",
			"Answered", "Recovered", "AnsweredWithReply", "RecoveredWithReply", "AnsweredAlone", "RecoveredAlone", "LatestNegative", "Waiting"),
		reflect.TypeFor[models.Asks](): {"Sent", "Rated", "SentAgain", "RatedAgain", "Closed", "Asked"},
	} {
		var declared []string
		for i := range field.NumField() {
			declared = append(declared, field.Field(i).Name)
		}
		slices.Sort(declared)
		slices.Sort(names)
		if !slices.Equal(declared, names) {
			t.Errorf("%s has %v, compared are %v", field, declared, names)
		}
	}
}

// compareRatings holds change and previous score of every rating against plain comparison.
func (h *happening) compareRatings() {
	h.Helper()
	for _, r := range h.plain.Ratings {
		got := must(h.tenant.Rating(ctx, r.ID))(h)
		change, previous := h.plain.Change(r)
		if got.Change != change || !cmp.Equal(got.PreviousScore, previous) {
			h.Fatalf("rating %s is %s after %v, want %s after %v", r.ID, got.Change, got.PreviousScore, change, previous)
		}
		if got.Channel != h.plain.Channels[r.ConversationID] {
			h.Fatalf("rating %s is of channel %s, its conversation of %s", r.ID, got.Channel, h.plain.Channels[r.ConversationID])
		}
	}
}
