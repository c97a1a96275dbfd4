package main

import (
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"rerate/internal/rating"
	"rerate/internal/seal"
	"rerate/models"
)

// asked is a request of a solved conversation of Sam's that was sent as links.
type asked struct {
	w            *world
	conversation string
	request      models.Request
}

// askedByLink is a solved conversation whose customer got a comment with links a minute ago.
func (w *world) askedByLink() asked {
	w.t.Helper()
	a := asked{w: w, conversation: w.solved()}
	a.again()
	w.sync(a.conversation) // says who takes part
	return a
}

// again sends the next request for the same conversation.
func (a *asked) again() {
	a.w.t.Helper()
	a.w.must(a.w.tenant.Write(a.w.ctx, func(tx *models.Tx) error {
		c, err := tx.Conversation(a.conversation)
		if err != nil {
			return err
		}
		wording, err := tx.Wording()
		if err != nil {
			return err
		}
		a.request, err = tx.SendRequest(c, models.ByLink, wording.Version, func(time.Time) bool { return true })
		return err
	}))
	a.w.clock.Move(time.Minute)
}

// link is the path of the link of a choice; 0 is the one link without a choice.
func (a *asked) link(score int) string {
	return a.sealed(a.w.tenant.Workspace, map[string]any{"r": a.request.ID, "s": score}, a.w.clock.Now().Add(24*time.Hour))
}

func (a *asked) sealed(workspace string, says map[string]any, until time.Time) string {
	a.w.t.Helper()
	keys, err := seal.ParseKeys(secretKey)
	a.w.must(err)
	token, err := keys.Seal(seal.RatingLink, workspace, says, until)
	a.w.must(err)
	return "/r/" + token
}

// sheet is a hosted page as a browser has it.
type sheet struct {
	w      *world
	path   string
	status int
	header http.Header
	*goquery.Document
}

func (w *world) visit(method, path string, form url.Values) sheet {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.ctx, method, w.url+path, strings.NewReader(form.Encode()))
	w.must(err)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultClient.Do(request)
	w.must(err)
	defer response.Body.Close()
	doc, err := goquery.NewDocumentFromReader(response.Body)
	w.must(err)
	path, _, _ = strings.Cut(path, "?")
	return sheet{w, path, response.StatusCode, response.Header, doc}
}

func (w *world) open(path string) sheet { w.t.Helper(); return w.visit(http.MethodGet, path, nil) }

// fields are what the form around a field would send, with other values put in.
func (s sheet) fields(field string, values ...string) url.Values {
	s.w.t.Helper()
	form := s.Find("form").FilterFunction(func(_ int, f *goquery.Selection) bool { return f.Find(field).Length() > 0 }).First()
	if form.Length() == 0 {
		html, _ := s.Html()
		s.w.t.Fatalf("the page has no form with %s: %s", field, html)
	}
	sent := url.Values{}
	form.Find("input, textarea").Each(func(_ int, i *goquery.Selection) {
		_, checked := i.Attr("checked")
		if i.AttrOr("type", "") == "radio" && !checked {
			return
		}
		sent.Set(i.AttrOr("name", ""), i.AttrOr("value", i.Text()))
	})
	for i := 0; i < len(values); i += 2 {
		sent.Set(values[i], values[i+1])
	}
	return sent
}

func (s sheet) post(form url.Values) sheet {
	s.w.t.Helper()
	return s.w.visit(http.MethodPost, s.path, form)
}

// prove does what the page's script does once it has seen a person.
func prove(form url.Values) url.Values {
	h := fnv.New32a()
	_, _ = io.WriteString(h, form.Get("view"))
	form.Set("proof", strconv.FormatUint(uint64(h.Sum32()), 36))
	return form
}

// rate is a person with scripts: they look, choose and send.
func (s sheet) rate(score int, remark string) sheet {
	s.w.t.Helper()
	s.w.clock.Move(3 * time.Second)
	return s.post(prove(s.fields("[name=rating]", "rating", fmt.Sprint(score), "remark", remark)))
}

// rateWithoutScripts is a person whose browser runs none: they choose the same once more.
func (s sheet) rateWithoutScripts(score int, remark string) sheet {
	s.w.t.Helper()
	label := s.Find(fmt.Sprintf("label.face:has(input[value='%d']) .label", score)).Text()
	s.w.clock.Move(3 * time.Second)
	step := s.post(s.fields("[name=rating]", "rating", fmt.Sprint(score), "remark", remark))
	step.says("One more tap")
	s.w.clock.Move(3 * time.Second)
	return step.face(label)
}

// face chooses by its label in the second step.
func (s sheet) face(label string) sheet {
	s.w.t.Helper()
	button := s.Find("button.face").FilterFunction(func(_ int, b *goquery.Selection) bool { return b.Find(".label").Text() == label })
	return s.post(s.fields("[name=face]", "face", button.AttrOr("value", "")))
}

func (s sheet) says(text string) sheet {
	s.w.t.Helper()
	if all := strings.Join(strings.Fields(s.Find("main").Text()), " "); !strings.Contains(all, text) {
		s.w.t.Fatalf("the page (%d) does not say %q but %q", s.status, text, all)
	}
	return s
}

// counted are the scores of the conversation's valid ratings, apart those left out, each with why.
func (a *asked) counted() (counted []int, apart map[int]string) {
	a.w.t.Helper()
	apart = map[int]string{}
	for _, r := range a.w.ratings(a.conversation) {
		if r.Valid() {
			counted = append(counted, r.Score)
		} else {
			apart[r.Score] = string(r.WhyNot) + ": " + r.Doubt
		}
	}
	return counted, apart
}

func (a *asked) counts(scores ...int) {
	a.w.t.Helper()
	if got, apart := a.counted(); fmt.Sprint(got) != fmt.Sprint(scores) {
		a.w.t.Fatalf("counted are %v instead of %v; apart %v", got, scores, apart)
	}
}

// both runs a test as a person with and without scripts.
func both(t *testing.T, test func(w *world, rate func(s sheet, score int, remark string) sheet)) {
	t.Helper()
	t.Run("with scripts", func(t *testing.T) { eachWorld(t, func(w *world) { test(w, sheet.rate) }) })
	t.Run("without scripts", func(t *testing.T) { eachWorld(t, func(w *world) { test(w, sheet.rateWithoutScripts) }) })
}

func TestAPersonRatesByLink(t *testing.T) {
	both(t, func(w *world, rate func(s sheet, score int, remark string) sheet) {
		a := w.askedByLink()
		page := w.open(a.link(2))
		if got := page.Find("input[checked]").AttrOr("value", ""); got != "2" {
			t.Errorf("preselected is %q", got)
		}
		rate(page, 2, "Still leaks <b>a bit</b>").says("We are sorry").says("Your remark is saved too.")
		a.counts(2)
		r := w.ratings(a.conversation)[0]
		if r.Source != models.FromLink || r.Integrity != models.ByPerson || r.ContactID != w.sam().ID || r.Doubt != "" || r.Revision != 1 {
			t.Errorf("stored is %+v", r)
		}
		if note := w.notes(a.conversation, 1)[0]; !strings.Contains(note, "🙁 Bad (2 of 5)") || !strings.Contains(note, "Still leaks &lt;b&gt;a bit&lt;/b&gt;") {
			t.Errorf("the note says %s", note)
		}
		requests, err := w.tenant.RequestsOf(w.ctx, a.conversation)
		w.must(err)
		if requests[0].State != rating.HasRemark {
			t.Errorf("the request is %s", requests[0].State)
		}

		// Opened again it shows the answer, and can be changed; then it asks what changed.
		w.open(a.link(2)).says("Your answer is saved.")
		again := w.open(a.link(2) + "?change")
		rate(again, 5, "").says("What changed?")
		a.counts(2, 5)
	})
}

func TestOpeningRecordsNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.askedByLink()
		for score := range 6 {
			for _, method := range []string{http.MethodHead, http.MethodGet, http.MethodGet} {
				if s := w.visit(method, a.link(score), nil); s.status != http.StatusOK {
					t.Errorf("%s answers %d", method, s.status)
				}
			}
		}
		w.open(a.link(1) + "?all")
		if got := w.ratings(a.conversation); len(got) != 0 {
			t.Errorf("stored is %+v", got)
		}
		requests, err := w.tenant.RequestsOf(w.ctx, a.conversation)
		w.must(err)
		if requests[0].State != rating.Sent {
			t.Errorf("the request is %s", requests[0].State)
		}
		// A person at the very same moment, whose browser runs scripts, is not hindered.
		w.open(a.link(4)).rate(4, "").says("We are glad")
		a.counts(4)
	})
}

// A machine that sends every choice, in every way that was thought of, counts for nothing; a person afterwards does.
func TestAMachineThatSendsEveryChoice(t *testing.T) {
	second := func(w *world) { w.clock.Move(2 * time.Second) }
	machines := map[string]func(w *world, a asked){
		"each link's form": func(w *world, a asked) {
			for score := 1; score <= 5; score++ {
				page := w.open(a.link(score))
				second(w)
				page.post(page.fields("[name=rating]"))
			}
		},
		"all from one page": func(w *world, a asked) {
			page := w.open(a.link(0))
			second(w)
			for score := 1; score <= 5; score++ {
				page.post(page.fields("[name=rating]", "rating", fmt.Sprint(score)))
			}
		},
		"without a page": func(w *world, a asked) {
			for score := 1; score <= 5; score++ {
				w.visit(http.MethodPost, a.link(score), url.Values{"rating": {fmt.Sprint(score)}})
			}
		},
		"and every face of the second step": func(w *world, a asked) {
			for score := 1; score <= 5; score++ {
				page := w.open(a.link(score))
				second(w)
				step := page.post(page.fields("[name=rating]"))
				second(w)
				step.Find("button.face").Each(func(_ int, b *goquery.Selection) {
					step.post(step.fields("[name=face]", "face", b.AttrOr("value", "")))
				})
			}
		},
		"and the first face of the second step": func(w *world, a asked) {
			for score := 1; score <= 5; score++ {
				page := w.open(a.link(score))
				second(w)
				step := page.post(page.fields("[name=rating]"))
				second(w)
				step.post(step.fields("[name=face]", "face", step.Find("button.face").First().AttrOr("value", "")))
			}
		},
		"and the right face of each, which is luck": func(w *world, a asked) {
			for score := 1; score <= 5; score++ {
				page := w.open(a.link(score))
				second(w)
				step := page.post(page.fields("[name=rating]"))
				second(w)
				step.face([]string{"Terrible", "Bad", "OK", "Good", "Amazing"}[score-1])
			}
		},
		"at once with a script's proof": func(w *world, a asked) {
			for score := 1; score <= 5; score++ {
				page := w.open(a.link(score))
				page.post(prove(page.fields("[name=rating]")))
			}
		},
		"with a script's proof and patience": func(w *world, a asked) {
			var pages []sheet
			for score := 1; score <= 5; score++ {
				pages = append(pages, w.open(a.link(score)))
			}
			second(w)
			for _, page := range pages {
				page.post(prove(page.fields("[name=rating]")))
			}
		},
		"filling in every field": func(w *world, a asked) {
			page := w.open(a.link(1))
			second(w)
			page.post(prove(page.fields("[name=rating]", "subject", "x", "remark", "x")))
		},
	}
	for name, machine := range machines {
		t.Run(name, func(t *testing.T) {
			both(t, func(w *world, rate func(s sheet, score int, remark string) sheet) {
				// As by default, the team is told when the undo time is over, by which a burst has been judged as a whole.
				w.set(func(s *models.Settings) { s.Windows.UndoMinutes = 1 })
				a := w.askedByLink()
				machine(w, a)
				a.counts()
				_, apart := a.counted()
				if len(apart) == 0 {
					t.Error("nothing is kept apart")
				}
				for score, why := range apart {
					if !strings.HasPrefix(why, "suspect: ") || len(why) < 30 {
						t.Errorf("%d is left out as %q", score, why)
					}
				}
				w.clock.Move(rating.Burst + time.Second)
				rate(w.open(a.link(4)), 4, "Thank you!").says("We are glad")
				a.counts(4)
				w.notes(a.conversation, 1)
				if listed := w.items("/ratings?valid=no"); len(listed) < len(apart) || listed[0]["integrity"] != "doubtful" {
					t.Errorf("the API lists %v", listed)
				}
			})
		})
	}
}

// A scanner that comes with the click or after it takes nothing away from the person who was first.
func TestThePersonWhoWasFirstStands(t *testing.T) {
	both(t, func(w *world, rate func(s sheet, score int, remark string) sheet) {
		a := w.askedByLink()
		rate(w.open(a.link(5)), 5, "")
		w.clock.Move(35 * time.Second)
		for score := 1; score <= 5; score++ {
			page := w.open(a.link(score) + "?change")
			w.clock.Move(2 * time.Second)
			page.post(page.fields("[name=rating]", "rating", fmt.Sprint(score)))
		}
		a.counts(5)
		w.open(a.link(0)).says("Your answer is saved.")
		if got := w.open(a.link(0)).Find(".choice .label").Text(); got != "Amazing" {
			t.Errorf("the page shows %q", got)
		}
	})
}

// Nobody is locked out: whoever errs in the second step chooses again.
func TestErringInTheSecondStep(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.askedByLink()
		page := w.open(a.link(2))
		w.clock.Move(3 * time.Second)
		step := page.post(page.fields("[name=rating]", "remark", "All that I typed"))
		w.clock.Move(3 * time.Second)
		again := step.face("Amazing").says("That was another answer")
		if got := again.Find("textarea").Text(); got != "All that I typed" {
			t.Errorf("the remark is now %q", got)
		}
		a.counts()
		w.clock.Move(3 * time.Second)
		again.rateWithoutScripts(5, "All that I typed").says("We are glad")
		a.counts(5)
	})
}

func TestLinksThatAreNoLinks(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.askedByLink()
		good := a.link(3)
		soon := a.w.clock.Now().Add(time.Hour)
		for name, path := range map[string]string{
			"no token": "/r/x", "cut": good[:len(good)-3], "a letter lost": good[:30] + good[31:],
			"another workspace": a.sealed("stranger", map[string]any{"r": a.request.ID, "s": 3}, soon),
			"another request":   a.sealed(w.tenant.Workspace, map[string]any{"r": "none"}, soon),
			"no request":        a.sealed(w.tenant.Workspace, map[string]any{}, soon),
		} {
			want, _ := w.open("/r/unknown").Html()
			for method, form := range map[string]url.Values{http.MethodGet: nil, http.MethodPost: {"rating": {"3"}}} {
				s := w.visit(method, path, form)
				if got, _ := s.Html(); got != want || s.status != http.StatusNotFound {
					t.Errorf("%s: %s answers %d: %s", name, method, s.status, got)
				}
			}
		}
		old := a.sealed(w.tenant.Workspace, map[string]any{"r": a.request.ID, "s": 3}, w.clock.Now().Add(-time.Second))
		if s := w.open(old).says("too late"); s.status != http.StatusGone {
			t.Errorf("an old link answers %d", s.status)
		}
		a.counts()
	})
}

func TestWindowsAndNewerRequestsAreSaidKindly(t *testing.T) {
	both(t, func(w *world, rate func(s sheet, score int, remark string) sheet) {
		w.byHand()
		w.set(func(s *models.Settings) { s.Windows.RateHours, s.Windows.ChangeHours, s.Windows.UndoMinutes = 1, 1, 1 })
		a := w.askedByLink()
		page := w.open(a.link(2))
		rate(page, 2, "").says("Change my rating")
		rate(w.open(a.link(3)), 3, "")
		if got, apart := a.counted(); fmt.Sprint(got) != "[3]" || apart[2] != "undone: " {
			t.Errorf("after an undo %v count, apart %v", got, apart)
		}
		w.clock.Move(2 * time.Hour)
		if s := w.open(a.link(3)); s.Find("a[href='?change']").Length() != 0 {
			t.Error("it can still be changed")
		}
		w.open(a.link(3) + "?change").says("too late to change")
		a.counts(3)

		// The next request was not answered in time.
		a.again()
		late := w.open(a.link(5))
		w.clock.Move(time.Hour)
		w.open(a.link(5)).says("too late to rate")
		late.post(prove(late.fields("[name=rating]"))).says("too late to rate")
		a.counts(3)

		// One that a newer request has replaced says so.
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
			_, err := tx.MoveRequest(a.request, rating.Replace, nil)
			return err
		}))
		old := a
		a.again()
		w.open(old.link(5)).says("There is a newer question")
		rate(w.open(a.link(5)), 5, "").says("We are glad")
		a.counts(3, 5)
	})
}

// The same form twice, a second tab and what was added meanwhile store nothing twice.
func TestTheSameViewAnswersOnce(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.askedByLink()
		page, tab := w.open(a.link(2)), w.open(a.link(2))
		w.clock.Move(3 * time.Second)
		form := prove(page.fields("[name=rating]"))
		page.post(form)
		page.post(form).says("Your answer is saved.")
		tab.post(prove(tab.fields("[name=rating]"))).says("Your answer is saved.")
		a.counts(2)
		saved := w.open(a.link(2))
		sent := prove(saved.fields("[name=act]", "remark", "Once"))
		saved.post(sent).says("Your remark is saved too.")
		sent.Set("remark", "Twice")
		saved.post(sent)
		if got := w.ratings(a.conversation)[0].Remark; got != "Once" {
			t.Errorf("the remark is %q", got)
		}
	})
}

// What a machine adds to a person's answer is not added.
func TestAMachineAddsNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.askedByLink()
		w.open(a.link(2)).rate(2, "")
		w.clock.Move(time.Hour)
		w.open(a.link(5)).rate(5, "")
		w.clock.Move(time.Hour)
		page := w.open(a.link(5))
		page.post(page.fields("[name=act]", "remark", "buy now")).says("One more tap")
		page.post(page.fields("[name=what_changed]", "what_changed", "tapped_wrong")).says("One more tap")
		all := w.ratings(a.conversation)
		if all[1].Remark != "" || all[1].WhatChanged != "" || !all[0].Valid() {
			t.Errorf("stored is %+v", all)
		}
		// A person without scripts adds it with the second step.
		step := page.post(page.fields("[name=act]", "remark", "Much better"))
		w.clock.Move(2 * time.Second)
		step.face("Amazing").says("Your remark is saved too.")
		if got := w.ratings(a.conversation)[1].Remark; got != "Much better" {
			t.Errorf("the remark is %q", got)
		}
	})
}

func TestTheHostedPageTellsNobody(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.askedByLink()
		s := w.open(a.link(2))
		for header, want := range map[string]string{
			"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
		} {
			if got := s.header.Get(header); got != want {
				t.Errorf("%s is %q", header, got)
			}
		}
		if csp := s.header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("the policy is %q", csp)
		}
		if got := s.header.Values("Set-Cookie"); got != nil {
			t.Errorf("it sets %q", got)
		}
		html, _ := s.Html()
		for _, secret := range []string{w.sam().ID, w.sam().Email, w.sam().Name, a.conversation, a.request.ID, strings.TrimPrefix(a.link(2), "/r/")} {
			if strings.Contains(html, secret) {
				t.Errorf("the page holds %q", secret)
			}
		}
	})
}

// items reads the items of a list of the API.
func (w *world) items(path string) []map[string]any {
	w.t.Helper()
	var page struct{ Items []map[string]any }
	w.get(path+"&limit=100", &page)
	return page.Items
}

// What a scanner sent is seen, counted by an admin and left out again, each with its reason; Intercom follows.
func TestAnAdminDecidesOfASuspect(t *testing.T) {
	eachWorld(t, func(w *world) {
		a := w.askedByLink()
		page := w.open(a.link(2))
		w.clock.Move(3 * time.Second)
		page.post(page.fields("[name=rating]", "remark", "It was me!"))
		suspect := w.ratings(a.conversation)[0]
		boss, viewer := w.signedIn(jane), w.signedIn(tomas)
		if list := boss.get("/ratings").body; !strings.Contains(list, "1 suspect answer") || !strings.Contains(list, "why_not=suspect") {
			t.Errorf("the list does not say that one is left out")
		}
		if list := boss.get("/ratings?why_not=suspect").body; !strings.Contains(list, "/ratings/"+suspect.ID) {
			t.Errorf("the filter does not find it")
		}
		story := boss.get("/ratings/" + suspect.ID).body
		for _, want := range []string{string(rating.Unproven)[:30], "Count it", "perhaps a machine"} {
			if !strings.Contains(story, want) {
				t.Errorf("the story does not say %q", want)
			}
		}
		if got := viewer.post("/ratings/"+suspect.ID+"/count", nil).status; got != http.StatusForbidden {
			t.Errorf("a viewer counts it: %d", got)
		}
		if got := boss.post("/ratings/"+suspect.ID+"/count", url.Values{"reason": {"The customer told us."}}).status; got != http.StatusSeeOther {
			t.Fatalf("counting it answers %d", got)
		}
		a.counts(2)
		if note := w.notes(a.conversation, 1)[0]; !strings.Contains(note, "It was me!") {
			t.Errorf("the note says %s", note)
		}
		w.until("the attributes say it", func() bool { return fmt.Sprint(w.sandbox.Attributes(a.conversation)["Counted rating"]) == "2" })
		r := w.ratings(a.conversation)[0]
		if r.Integrity != models.Doubtful || !strings.HasSuffix(r.Doubt, "Counted by Jane Agent: The customer told us.") {
			t.Errorf("stored is %+v", r)
		}

		// The person is not in the way of that, nor that in the person's.
		w.open(a.link(5)).rate(5, "").says("We are glad")
		a.counts(2, 5)
		if got := boss.post("/ratings/"+suspect.ID+"/leave-out", url.Values{"reason": {" "}}).status; got != http.StatusUnprocessableEntity {
			t.Errorf("leaving it out without a reason answers %d", got)
		}
		boss.post("/ratings/"+suspect.ID+"/leave-out", url.Values{"reason": {"It was not"}})
		a.counts(5)
		w.until("the attributes forget it", func() bool {
			return fmt.Sprint(w.sandbox.Attributes(a.conversation)["First rating"]) == "5"
		})
		if got := w.ratings(a.conversation)[0]; got.WhyNot != models.Void || !strings.HasSuffix(got.Doubt, "Left out by Jane Agent: It was not.") {
			t.Errorf("stored is %+v", got)
		}
		if got := boss.post("/ratings/"+suspect.ID+"/leave-out", url.Values{"reason": {"again"}}).status; got != http.StatusConflict {
			t.Errorf("leaving it out twice answers %d", got)
		}
	})
}
