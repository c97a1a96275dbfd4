package handlers_test

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/PuerkitoBio/goquery"
	"pgregory.net/rapid"

	"rerate/handlers"
	"rerate/internal/rating"
	"rerate/internal/segment"
	"rerate/models"
	"rerate/models/modelstest/plain"
)

// turns are days on which clocks are changed in a zone, or that it left out, and some on which nothing is.
var turns = []struct{ zone, day string }{
	{"Europe/Berlin", "2026-03-29"},
	{"Europe/Berlin", "2026-10-25"},
	{"America/Sao_Paulo", "2018-11-04"}, // has no midnight
	{"America/Sao_Paulo", "2019-02-17"}, // the day before has two hours before midnight twice
	{"Australia/Lord_Howe", "2026-04-05"},
	{"Australia/Lord_Howe", "2026-10-04"},
	{"Asia/Kathmandu", "2026-03-02"},
	{"Pacific/Apia", "2011-12-30"},     // there was no such day
	{"America/St_Johns", "2010-11-07"}, // a minute after midnight it is yesterday again
	{"UTC", "2026-01-01"},
}

// figuresWorld is a workspace of its own full of made-up ratings and requests, and who looks at its figures.
type figuresWorld struct {
	*rapid.T
	*world
	boss    *browser
	tenant  models.Tenant
	key     string
	zone    *time.Location
	turn    time.Time // midday of the day around which it all happens
	now     time.Time
	set     rating.Settings
	wording rating.Wording // in force
	talks   int
	names   int // that were given out
	mates   []string
	asked   []models.Request
	segment models.Segment
	plain   plain.Rows
}

// newFiguresWorld makes a workspace in which much has happened. The browser looks at it from now on.
func newFiguresWorld(t *rapid.T, w *world, boss *browser, id string) *figuresWorld {
	h := &figuresWorld{T: t, world: w, boss: boss, tenant: w.db.Tenant(id), mates: []string{"9001", "9002", "9003"}}
	turn := rapid.SampledFrom(turns).Draw(t, "turn")
	h.zone = unwrap(time.LoadLocation(turn.zone))(t)
	h.turn = unwrap(time.Parse(time.DateOnly, turn.day))(t).Add(12 * time.Hour)
	h.now = h.turn.Add(time.Duration(rapid.IntRange(3*24*60, 35*24*60).Draw(t, "minutes until now")) * time.Minute)
	h.set = rating.DefaultSettings()
	h.set.TimeZone = turn.zone
	h.set.Policy = rapid.SampledFrom(rating.Policies).Draw(t, "own policy")
	h.set.MinSample = rapid.SampledFrom([]int{1, 3, 10}).Draw(t, "least sample")
	h.set.Target = rapid.SampledFrom([]float64{0, 0.5, 0.9}).Draw(t, "target")
	h.set.Windows.RateHours = rapid.SampledFrom([]int{0, 24, 240}).Draw(t, "hours to rate")
	h.install()
	h.talks = rapid.SampledFrom([]int{3, 9, 40}).Draw(t, "conversations")
	for range 3 {
		h.happen(rapid.IntRange(1+h.talks/3, 2+h.talks*h.talks/20).Draw(t, "ratings"))
	}
	w.db.Clock.Set(h.now)
	h.plain = plain.Read(t, w.db, id, h.zone)
	var err error
	if h.key, _, err = handlers.NewAPIKey(ctx, h.tenant, rand.Reader, "Figures", "Jane", true); err != nil {
		t.Fatal(err)
	}
	return h
}

func unwrap[T any](value T, err error) func(*rapid.T) T {
	return func(t *rapid.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func (h *figuresWorld) write(do func(tx *models.Tx) error) {
	h.Helper()
	if err := h.tenant.Write(ctx, do); err != nil {
		h.Fatal(err)
	}
}

// install makes the workspace, long before anything happens in it, and takes the browser there.
func (h *figuresWorld) install() {
	h.Helper()
	h.db.Clock.Set(h.turn.AddDate(-12, 0, 0))
	h.wording = rating.DefaultWording()
	if size := rapid.SampledFrom([]int{5, 2, 3, 10}).Draw(h.T, "size of the scale"); size != 5 {
		h.wording.Options, h.wording.Remarks.AskWhyUpTo = nil, 1
		for score := range size {
			h.wording.Options = append(h.wording.Options, rating.Option{Label: fmt.Sprint("Score ", score+1)})
		}
	}
	h.write(func(tx *models.Tx) error {
		if err := tx.Install(models.Workspace{Name: "Figures", Region: "EU", Token: []byte("sealed"), Settings: h.set}); err != nil {
			return err
		}
		for _, wording := range []rating.Wording{rating.DefaultWording(), h.wording} {
			if _, err := tx.PublishWording(wording, ""); err != nil {
				return err
			}
		}
		var err error
		if h.segment, err = tx.SaveSegment(models.Segment{Name: "Some of them", Rules: segment.Rules{}, Channel: models.InApp, Body: "Hello"}, ""); err != nil {
			return err
		}
		for n := range contacts {
			who := models.Profile{Contact: models.Contact{ID: contactOf(n), Role: "user"}, Companies: bothCompanies[:n%3]}
			if err := tx.SaveProfile(who); err != nil {
				return err
			}
			if n%2 == 1 {
				if _, err := tx.EnterSegment(h.segment.ID, contactOf(n)); err != nil {
					return err
				}
			}
		}
		_, err = tx.SaveTeammate(models.Teammate{ID: h.mates[0], Name: mateName(h.mates[0]), Role: models.Admin})
		return err
	})
	pool := unwrap(h.db.SQL())(h.T)
	if _, err := pool.ExecContext(ctx, "UPDATE sessions SET expires_at = '2999-01-01 00:00:00', workspace_id = '"+h.tenant.Workspace+"', teammate_id = '"+h.mates[0]+"'"); err != nil {
		h.Fatal(err)
	}
}

var bothCompanies = []models.Company{{ID: "acme", Name: "Acme"}, {ID: "acorn", Name: "Acorn"}}

func mateName(id string) string { return "Name of " + id }

// instant is some time until now: mostly a few days around the turn, often a little before or after a local midnight.
func (h *figuresWorld) instant() time.Time {
	switch kind := rapid.IntRange(0, 9).Draw(h.T, "when"); {
	case kind < 4:
		year, month, day := h.turn.Date()
		midnight := time.Date(year, month, day+rapid.IntRange(-2, 3).Draw(h.T, "midnight of"), 0, 0, 0, 0, h.zone)
		return midnight.Add(time.Duration(rapid.SampledFrom([]int{-61, -60, -30, -1, 0, 1, 29, 30, 59, 61}).Draw(h.T, "minutes")) * time.Minute).UTC()
	case kind < 7:
		return h.turn.Add(time.Duration(rapid.IntRange(-60, 60).Draw(h.T, "hours")) * time.Hour)
	case kind == 7:
		return h.turn.Add(-time.Duration(rapid.IntRange(0, 400*24).Draw(h.T, "hours before")) * time.Hour)
	}
	return h.turn.Add(-time.Duration(rapid.IntRange(0, 40*24).Draw(h.T, "hours before")) * time.Hour)
}

// happen stores so many ratings in one transaction, and about as many requests and changes between them.
func (h *figuresWorld) happen(ratings int) {
	h.Helper()
	h.db.Clock.Set(h.instant())
	h.write(func(tx *models.Tx) error {
		for range ratings {
			do := []func(tx *models.Tx) error{h.rate}
			if rapid.IntRange(0, 4).Draw(h.T, "also") < 3 {
				do = append(do, rapid.SampledFrom([]func(tx *models.Tx) error{
					h.ask, h.ask, h.ask, h.ask, h.look, h.changeRating, h.changeRating, h.changeTalk, h.changePerson,
				}).Draw(h.T, "what"))
			}
			for _, do := range do {
				if err := do(tx); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (h *figuresWorld) one(what string, of ...string) string {
	return rapid.SampledFrom(of).Draw(h.T, what)
}

func (h *figuresWorld) some(what string, percent int) bool {
	return rapid.IntRange(0, 99).Draw(h.T, what) < percent
}

func (h *figuresWorld) name() string { h.names++; return fmt.Sprint("key ", h.names) }

func (h *figuresWorld) mate() string { return h.one("teammate", append([]string{""}, h.mates...)...) }

// contacts is how many customers there are.
const contacts = 7

func contactOf(talk int) string { return fmt.Sprint("contact ", talk%contacts) }

// talk draws a conversation and who speaks in it: nearly always the same contact.
func (h *figuresWorld) talk(tx *models.Tx) (models.Conversation, string, error) {
	n := rapid.IntRange(1, h.talks).Draw(h.T, "conversation")
	contact := contactOf(n)
	if h.some("another contact", 8) {
		contact = contactOf(1)
	}
	c, err := tx.Conversation(fmt.Sprint(700 + n))
	if err == nil && c.ReadAt == nil {
		if err = tx.ReadConversation(c, []string{models.Chat, "email", "email", "facebook"}[n%4], []string{contact}); err != nil {
			return c, contact, err
		}
		course := models.Course{State: models.StateOpen, ChangedAt: tx.Now, Tags: []models.Tags{nil, {"vip"}, {`a "b" & <c>`, "vip"}}[n%3]}
		if err = tx.SaveCourse(c.ID, course); err == nil {
			c, err = tx.Conversation(c.ID)
		}
	}
	return c, contact, err
}

func (h *figuresWorld) rate(tx *models.Tx) error {
	c, contact, err := h.talk(tx)
	if err != nil {
		return err
	}
	scale := rapid.SampledFrom([]int{5, 5, 5, len(h.wording.Options), 2, 3, 10}).Draw(h.T, "scale")
	r := models.Rating{
		ConversationID: c.ID, ContactID: contact, SourceKey: h.name(), Channel: c.Channel, Scale: scale, Emoji: "🙂", Label: "Label",
		Score: rapid.IntRange(1, scale).Draw(h.T, "score"), At: h.instant(), WordingVersion: rapid.IntRange(0, 2).Draw(h.T, "version"),
		Source: rapid.SampledFrom([]models.Source{models.FromCard, models.FromLink, models.FromIntercom, models.FromHome}).Draw(h.T, "source"),
		Remark: h.one("remark", "", "", "=words"), Replied: models.YesNo(h.one("replied", "", "", "yes", "yes", "no", "no")),
		WhyNot: models.WhyNot(h.one("why not", "", "", "", "", "", "", "", "", "", "unverified", "suspect", "void", "test", "undone")),
	}
	r.Sentiment = sentimentOf(r.Score, scale)
	if r.TeammateID = h.mate(); r.TeammateID != "" {
		r.TeammateName, r.CreditRule = mateName(r.TeammateID), rating.LastHumanReply
	}
	for _, asked := range h.asked {
		if asked.ConversationID == c.ID && h.some("an answer", 60) {
			r.RequestID = asked.ID
			if h.some("that counts", 80) {
				if err := h.unlessLate(tx.RequestRated(asked.ID)); err != nil {
					return err
				}
			}
		}
	}
	_, _, err = tx.AddRating(r)
	return err
}

// sentimentOf is what a score means on the scales of these tests: the lower two fifths are negative, the upper positive.
func sentimentOf(score, scale int) rating.Sentiment {
	side := map[int]int{2: 1, 3: 1, 5: 2, 10: 4}[scale]
	switch {
	case score <= side:
		return rating.Negative
	case score > scale-side:
		return rating.Positive
	}
	return rating.Neutral
}

// unlessLate lets a request be that cannot go on.
func (h *figuresWorld) unlessLate(err error) error {
	if errors.Is(err, models.ErrNoTransition) {
		return nil
	}
	return err
}

// ask sends a request, plans one, or says why there is none; by hand or after a close.
func (h *figuresWorld) ask(tx *models.Tx) error {
	c, contact, err := h.talk(tx)
	if err != nil {
		return err
	}
	h.names++
	r := models.Request{
		Method: rapid.SampledFrom([]models.Method{models.ByLink, models.ByCard, models.ByQuickReply}).Draw(h.T, "method"), Episode: 10 + h.names,
		WordingVersion: rapid.IntRange(1, 2).Draw(h.T, "version"), ContactID: contact, Test: h.some("test", 12), Automatic: h.some("automatic", 50),
	}
	if h.some("closed", 60) {
		at := h.instant()
		r.ClosedAt = &at
	}
	event := rapid.SampledFrom([]rating.RequestEvent{rating.Send, rating.Send, rating.Send, rating.Refuse, rating.Plan}).Draw(h.T, "event")
	at := h.instant()
	switch event {
	case rating.Send:
		r.SentAt = &at
	case rating.Refuse:
		if r.Rule = h.one("rule", "users", "min_characters"); r.ClosedAt == nil {
			r.ClosedAt = &at
		}
	case rating.Plan:
		r.DueAt = &at
	}
	if r, err = tx.BeginRequest(c, event, r); err != nil {
		return err
	}
	if event == rating.Send {
		h.asked = append(h.asked, r)
		if h.some("rated", 40) {
			if err := tx.RequestRated(r.ID); err != nil {
				return err
			}
		}
	}
	who := rating.Part{ID: h.mate()}
	if who.ID != "" {
		who.Name = mateName(who.ID)
	}
	return tx.SetRequestCredit(r.ID, who, rating.LastHumanReply)
}

// look is a request on Messenger Home.
func (h *figuresWorld) look(tx *models.Tx) error {
	c, contact, err := h.talk(tx)
	if err != nil {
		return err
	}
	r, err := tx.HomeRequest(c, contact, 1, h.some("test", 20))
	if err != nil || h.some("left", 50) {
		return err
	}
	h.asked = append(h.asked, r)
	return tx.RequestRated(r.ID)
}

// changeRating changes what is said of a rating.
func (h *figuresWorld) changeRating(tx *models.Tx) error {
	c, _, err := h.talk(tx)
	if err != nil {
		return err
	}
	all, err := tx.RatingsOf(c.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	r := rapid.SampledFrom(all).Draw(h.T, "rating")
	switch rapid.IntRange(0, 4).Draw(h.T, "change") {
	case 0:
		return tx.SetWhyNot(r, models.WhyNot(h.one("why not", "", "", "void", "suspect", "undone", "test")))
	case 1:
		who := rating.Part{ID: h.mate()}
		if who.ID != "" {
			who.Name = mateName(who.ID)
		}
		return tx.SetCredit(r, who, rating.LastHumanReply)
	case 2:
		return tx.SetReplied(r, models.YesNo(h.one("replied", "", "yes", "no")))
	case 3:
		_, err := tx.AddRemark(r.ID, "later words")
		return err
	}
	r.At = h.instant()
	return tx.Judge(r)
}

// changeTalk changes what is said of a conversation.
func (h *figuresWorld) changeTalk(tx *models.Tx) error {
	c, contact, err := h.talk(tx)
	if err != nil {
		return err
	}
	switch rapid.IntRange(0, 7).Draw(h.T, "change") {
	case 0:
		return tx.ConversationDeleted(c.ID)
	case 1:
		return tx.SetDoNotAsk(c.ID, h.some("not", 70))
	case 2:
		return tx.ReadConversation(c, h.one("channel", models.Chat, "email", "facebook"), []string{contact})
	}
	tags := rapid.SampledFrom([]models.Tags{nil, {"vip"}, {"vip plus"}, {`a "b" & <c>`, "vip"}}).Draw(h.T, "tags")
	return tx.SaveCourse(c.ID, models.Course{State: models.StateOpen, ChangedAt: tx.Now, Tags: tags})
}

// changePerson changes what is said of a contact.
func (h *figuresWorld) changePerson(tx *models.Tx) error {
	_, contact, err := h.talk(tx)
	if err != nil {
		return err
	}
	if h.some("merged", 15) {
		return tx.MergeContact(contact, contactOf(2))
	}
	companies := rapid.SampledFrom([][]models.Company{nil, bothCompanies[:1], bothCompanies}).Draw(h.T, "companies")
	if err := tx.SaveProfile(models.Profile{Contact: models.Contact{ID: contact, Role: "user"}, Companies: companies}); err != nil {
		return err
	}
	if h.some("in the segment", 70) {
		_, err := tx.EnterSegment(h.segment.ID, contact)
		return err
	}
	return tx.LeaveSegment(h.segment.ID, contact)
}

// page reads a page that must be there.
func (h *figuresWorld) page(address string) *goquery.Document {
	h.Helper()
	body := h.get(address)
	page, err := goquery.NewDocumentFromReader(body.Body)
	if err != nil {
		h.Fatal(err)
	}
	return page
}

// get reads whatever must be there.
func (h *figuresWorld) get(address string) *httptest.ResponseRecorder {
	h.Helper()
	request := httptest.NewRequest(http.MethodGet, h.base+address, nil)
	for _, cookie := range h.boss.client.Jar.Cookies(request.URL) {
		request.AddCookie(cookie)
	}
	return h.answered(request)
}

// program reads what the API says, strictly.
func (h *figuresWorld) program(address string, into any) {
	h.Helper()
	request := httptest.NewRequest(http.MethodGet, h.base+"/api/v1"+address, nil)
	request.Header.Set("Authorization", "Bearer "+h.key)
	d := json.NewDecoder(h.answered(request).Body)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		h.Fatalf("%s: %v", address, err)
	}
}

func (h *figuresWorld) answered(request *http.Request) *httptest.ResponseRecorder {
	h.Helper()
	answer := httptest.NewRecorder()
	h.handler.ServeHTTP(answer, request)
	if answer.Code != http.StatusOK {
		h.Fatalf("%s: %d %s %s", request.URL, answer.Code, answer.Header().Get("Location"), answer.Body)
	}
	return answer
}
