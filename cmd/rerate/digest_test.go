package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"rerate/internal/jobs"
	"rerate/internal/mail/mailtest"
	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
)

// withMail gives the world a mail server, and stops its queue: jobs run when the test runs them.
func (w *world) withMail() *mailtest.Sink {
	w.t.Helper()
	sink, err := mailtest.Start(w.ctx, w.clock.Now)
	w.must(err)
	w.t.Cleanup(sink.Close)
	w.environment["RERATE_MAIL_FROM"] = "Rerate <rerate@example.com>"
	w.restart("RERATE_SMTP_URL", sink.URL())
	w.byHand()
	return sink
}

// weekly has the digest come on Mondays at 9, from now on, to Jane and to the boss. Monday is the 9th of March, so that it
// tells the week from the 2nd to the 8th.
func (w *world) weekly(zone string) *browser {
	w.t.Helper()
	w.set(func(s *models.Settings) { s.TimeZone = zone })
	b := w.signedIn(jane)
	for _, form := range []struct {
		path string
		form url.Values
	}{
		{"/settings/digest", url.Values{"enabled": {"true"}, "weekday": {"1"}, "hour": {"9"}}},
		{"/settings/digest/mine", url.Values{"on": {"true"}}},
		{"/settings/digest/recipients", url.Values{"email": {" Boss@Example.ORG "}}},
	} {
		if got := b.post(form.path, form.form); got.status != http.StatusSeeOther || got.location != "/settings/digest" {
			w.t.Fatalf("%s answered %d: %s", form.path, got.status, got.body)
		}
	}
	return b
}

// due moves the clock to nine on a Monday in the zone.
func (w *world) due(zone string, monday string) {
	w.t.Helper()
	location, err := time.LoadLocation(zone)
	w.must(err)
	at, err := time.ParseInLocation(time.DateTime, monday+" 09:00:00", location)
	w.must(err)
	w.clock.Set(at)
}

// mailed plans what is due and runs every job for it once; it answers the mails that the mail server has by then, by address.
func (w *world) mailed(sink *mailtest.Sink) map[string][]mailtest.Mail {
	w.t.Helper()
	w.must(w.app.service.Digests(w.ctx, jobs.Digests{}))
	for _, m := range w.digestMails() {
		err := w.app.service.DigestMail(w.ctx, jobs.DigestMail{Workspace: w.tenant.Workspace, Mail: m.ID})
		var later jobs.Later
		if err != nil && !errors.As(err, &later) {
			w.t.Fatal(err)
		}
	}
	got := map[string][]mailtest.Mail{}
	for _, m := range sink.Mails() {
		got[m.To] = append(got[m.To], m)
	}
	return got
}

func (w *world) digestMails() []models.DigestMail {
	w.t.Helper()
	mails, err := w.tenant.DigestMails(w.ctx, "2000-01-01")
	w.must(err)
	return mails
}

// sendings are the stored mails by address.
func (w *world) sendings() map[string]models.DigestMail {
	w.t.Helper()
	all := map[string]models.DigestMail{}
	for _, m := range w.digestMails() {
		all[m.Email] = m
	}
	return all
}

const (
	jane2 = "jane@example.com" // where Jane gets mail
	boss  = "boss@example.org"
)

// said is a rating as the database has it.
type said struct {
	conversation, contact, id, sentiment, whyNot, teammate, name string
	at                                                           time.Time
}

// counts are what a week comes to, counted plainly from the rows.
type counts struct{ latest, first, recovered, responded stats.Proportion }

// plain counts a week from the rows of ratings and requests, without a rollup or a summary.
func (w *world) plain(week stats.Range) (all counts, byTeammate map[string]stats.Proportion, low []said) {
	w.t.Helper()
	db, err := w.app.store.SQL()
	w.must(err)
	rows, err := db.QueryContext(w.ctx, "SELECT conversation_id, contact_id, id, sentiment, why_not, teammate_id, teammate_name, at FROM ratings")
	w.must(err)
	defer rows.Close()
	units := map[[2]string][]said{}
	for rows.Next() {
		var s said
		w.must(rows.Scan(&s.conversation, &s.contact, &s.id, &s.sentiment, &s.whyNot, &s.teammate, &s.name, &s.at))
		if s.whyNot == "" {
			key := [2]string{s.conversation, s.contact}
			units[key] = append(units[key], s)
		}
	}
	w.must(rows.Err())
	byTeammate = map[string]stats.Proportion{}
	one := func(p *stats.Proportion, yes bool) {
		if p.N++; yes {
			p.Positive++
		}
	}
	for _, unit := range units {
		sort.Slice(unit, func(i, j int) bool {
			return unit[i].at.Before(unit[j].at) || unit[i].at.Equal(unit[j].at) && unit[i].id < unit[j].id
		})
		first, latest := unit[0], unit[len(unit)-1]
		if latest.at.Before(week.Start()) || !latest.at.Before(week.End()) {
			continue
		}
		one(&all.latest, latest.sentiment == "positive")
		one(&all.first, first.sentiment == "positive")
		if first.sentiment == "negative" {
			one(&all.recovered, latest.sentiment == "positive")
		}
		if latest.sentiment == "negative" {
			low = append(low, latest)
		}
		if latest.teammate != "" {
			p := byTeammate[latest.name]
			one(&p, latest.sentiment == "positive")
			byTeammate[latest.name] = p
		}
	}
	asks, err := db.QueryContext(w.ctx, "SELECT sent_at, rated_at IS NOT NULL FROM requests WHERE sent_at IS NOT NULL AND NOT test AND method <> 'home'")
	w.must(err)
	defer asks.Close()
	for asks.Next() {
		var at time.Time
		var rated bool
		w.must(asks.Scan(&at, &rated))
		if !at.Before(week.Start()) && at.Before(week.End()) {
			one(&all.responded, rated)
		}
	}
	w.must(asks.Err())
	return all, byTeammate, low
}

// share writes a proportion as the mail does: "78 %", and its interval.
func share(p stats.Proportion) (value, interval string) {
	score, _ := p.Share()
	i, _ := p.Wilson()
	value = fmt.Sprintf("%.0f %%", score*100)
	from, to := int(i.Low*100), int(i.High*100)
	if float64(to) < i.High*100-1e-9 {
		to++
	}
	return value, fmt.Sprintf("%d–%d %%", from, to)
}

func TestTheDigestTellsTheWeekAsItsRowsDo(t *testing.T) {
	for _, zone := range []string{"America/St_Johns", "Pacific/Auckland"} {
		t.Run(zone, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				sink := w.withMail()
				w.clock.Set(time.Date(2026, time.March, 8, 20, 0, 0, 0, time.UTC))
				w.weekly(zone)
				w.must(w.app.service.AddExampleData(w.ctx, w.tenant.Workspace))
				w.due(zone, "2026-03-09")
				got := w.mailed(sink)
				if len(got[jane2]) != 1 || len(got[boss]) != 1 || len(got) != 2 {
					t.Fatalf("the mails went to %v", got)
				}
				location, err := time.LoadLocation(zone)
				w.must(err)
				week := stats.Range{From: "2026-03-02", To: "2026-03-08", Zone: location}
				w.checkWeek(got[jane2][0], week)
				if again := w.mailed(sink); len(again[jane2]) != 1 || len(again[boss]) != 1 {
					t.Error("it was sent again")
				}
			})
		})
	}
}

// checkWeek holds a mail against the rows.
func (w *world) checkWeek(got mailtest.Mail, week stats.Range) {
	w.t.Helper()
	text := strings.Join(strings.Fields(got.Text), " ")
	has := func(format string, parts ...any) {
		w.t.Helper()
		if want := fmt.Sprintf(format, parts...); !strings.Contains(text, want) {
			w.t.Errorf("the mail does not say %q:\n%s", want, got.Text)
		}
	}
	now, mine, low := w.plain(week)
	before, theirs, _ := w.plain(week.Previous())
	if now.latest.N < 10 || now.recovered.N == 0 || now.responded.N == 0 || len(low) == 0 {
		w.t.Fatalf("the example data is too thin to tell anything: %+v", now)
	}
	value, interval := share(now.latest)
	has("CSAT, latest rating: %s %.0f positive of %d rated conversations; 95 %% interval %s.", value, now.latest.Positive, now.latest.N, interval)
	if want := fmt.Sprintf("CSAT %s of %d rated, week of 2 to 8 March 2026", value, now.latest.N); !strings.HasSuffix(got.Subject, want) {
		w.t.Errorf("the subject is %q, want it to end in %q", got.Subject, want)
	}
	value, interval = share(now.first)
	has("CSAT, first ratings: %s %.0f positive of the same %d conversations; 95 %% interval %s.", value, now.first.Positive, now.first.N, interval)
	value, interval = share(now.recovered)
	has("Recovered: %.0f of %d %s of the conversations with a low first rating are positive now; 95 %% interval %s.", now.recovered.Positive, now.recovered.N, value, interval)
	value, interval = share(now.responded)
	has("Response rate: %s %.0f rated of %d requests sent; 95 %% interval %s.", value, now.responded.Positive, now.responded.N, interval)
	by, between, _ := now.latest.ChangeFrom(before.latest)
	word := map[bool]string{true: "points on the week before (", false: "No clear change on the week before: "}[between.Clear()]
	has("%s", word)
	has("%.1f", max(by, -by)*100)
	has("; %d then).", before.latest.N)

	waiting := w.count(`SELECT COUNT(*) FROM (SELECT 1 FROM ratings r WHERE r.why_not = '' AND r.sentiment = 'negative'
		AND NOT EXISTS (SELECT 1 FROM ratings n WHERE n.conversation_id = r.conversation_id AND n.contact_id = r.contact_id AND n.why_not = '' AND (n.at > r.at OR n.at = r.at AND n.id > r.id))
		AND NOT EXISTS (SELECT 1 FROM requests q WHERE q.conversation_id = r.conversation_id AND NOT q.test AND (q.sent_at > r.at OR q.state = 'scheduled'))
		AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.id = r.conversation_id AND (c.do_not_ask OR c.deleted_at IS NOT NULL))
		AND r.id IN (` + quoted(low) + `)) waiting`)
	has("Low and not asked again: %d of %d", waiting, len(low))

	left := 0
	for name, p := range mine {
		b := theirs[name]
		if p.N < 10 || b.N < 10 {
			left++
			continue
		}
		own, _ := share(p)
		earlier, _ := share(b)
		has("%s %s of %d, %s of %d the week before.", name, own, p.N, earlier, b.N)
	}
	if left > 0 {
		has("left out: fewer than 10 ratings in one of the two weeks.")
		has("%d teammate", left)
	}
	if quotes := regexp.MustCompile(`(?m)^> `).FindAllString(got.Text, -1); len(quotes) == 0 {
		w.t.Error("no remark is quoted")
	}
	w.sameNumbers(got)
	w.harmless(got)
}

func quoted(all []said) string {
	var ids []string
	for _, s := range all {
		ids = append(ids, "'"+s.id+"'")
	}
	return strings.Join(ids, ",")
}

var (
	anAddress = regexp.MustCompile(`https?://\S+`)
	aNumber   = regexp.MustCompile(`[−+<]?[0-9][0-9,]*(\.[0-9]+)?`)
)

// sameNumbers wants every number of the text in the HTML, as often, and the other way round.
func (w *world) sameNumbers(got mailtest.Mail) {
	w.t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(strings.ReplaceAll(got.HTML, "<", " <")))
	w.must(err)
	document.Find("head").Remove()
	numbers := func(text string) []string {
		found := aNumber.FindAllString(anAddress.ReplaceAllString(text, ""), -1)
		slices.Sort(found)
		return found
	}
	if diff := cmp.Diff(numbers(got.Text), numbers(document.Text())); diff != "" {
		w.t.Errorf("text and HTML differ in their numbers (-text +HTML):\n%s", diff)
	}
}

// harmless wants nothing in the HTML that loads, runs or tells of being read.
func (w *world) harmless(got mailtest.Mail) {
	w.t.Helper()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(got.HTML))
	w.must(err)
	document.Find("*").Each(func(_ int, s *goquery.Selection) {
		name := s.Nodes[0].Data
		if slices.Contains([]string{"img", "script", "link", "iframe", "object", "form", "input", "svg", "video", "base"}, name) {
			w.t.Errorf("the mail holds <%s>", name)
		}
		for _, a := range s.Nodes[0].Attr {
			if a.Key == "src" || a.Key == "background" || strings.HasPrefix(a.Key, "on") || strings.Contains(strings.ToLower(a.Val), "javascript:") {
				w.t.Errorf("<%s %s=%q>", name, a.Key, a.Val)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, baseURL+"/") {
				w.t.Errorf("a link leads to %q", a.Val)
			}
		}
	})
	if strings.Contains(got.HTML, "url(") || strings.Contains(got.HTML, "@import") {
		w.t.Error("the style loads something")
	}
}

// remarked stores a rating by a contact in a conversation of its own.
func (w *world) remarked(contact string, score int, remark string, at time.Time) {
	w.t.Helper()
	w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
		conversation := "77" + fmt.Sprint(at.UnixMicro())
		if _, err := tx.Conversation(conversation); err != nil {
			return err
		}
		if err := tx.SaveContact(models.Contact{ID: contact, Name: "Name of " + contact, Role: "user"}); err != nil {
			return err
		}
		_, _, err := tx.AddRating(models.Rating{
			ConversationID: conversation, ContactID: contact, Source: models.FromCard, SourceKey: conversation, Score: score, Scale: 5,
			Sentiment: rating.SentimentOf(score, 5), Label: rating.DefaultWording().Options[score-1].Label, Remark: remark, At: at,
			TeammateID: jane, TeammateName: "Jane <b>Agent</b>\r\nBcc: eve@example.com", Channel: models.Chat,
		})
		return err
	}))
}

func TestWhatCustomersWriteStaysText(t *testing.T) {
	eachWorld(t, func(w *world) {
		sink := w.withMail()
		w.weekly("Europe/Dublin")
		at := w.clock.Now().Add(time.Hour)
		hostile := "<img src=x onerror=alert(1)>\r\n.\r\n-- \r\nhttps://evil.example \x1b[31m\u202etxt " + strings.Repeat("w", 900)
		w.remarked("c-hostile", 1, hostile, at)
		w.remarked("c-erased", 1, "My name is Rumpelstiltskin", at.Add(time.Minute))
		w.remarked("c-happy", 5, "Lovely & quick", at.Add(2*time.Minute))
		w.remarked("c-middle", 3, "Neither nor", at.Add(3*time.Minute))
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.EraseContact("c-erased") }))
		w.due("Europe/Dublin", "2026-03-09")
		got := w.mailed(sink)[boss][0]
		w.harmless(got)
		for _, absent := range []string{"Rumpelstiltskin", "Neither nor", "Name of c-", "\x1b"} {
			if strings.Contains(got.Text+got.HTML, absent) {
				t.Errorf("the mail tells %q", absent)
			}
		}
		if !strings.Contains(got.HTML, "&lt;img src=x onerror=alert(1)&gt;") || !strings.Contains(got.Text, "> <img src=x onerror=alert(1)>\n> .\n> --\n") {
			t.Errorf("the remark is not quoted as it was written:\n%s", got.Text)
		}
		if !strings.Contains(got.HTML, "Jane &lt;b&gt;Agent&lt;/b&gt; Bcc: eve@example.com") || !strings.Contains(got.Text, "Lovely & quick") {
			t.Errorf("a name or remark is missing:\n%s", got.HTML)
		}
		if len(got.Header["Bcc"]) > 0 || strings.Count(got.Text, "w") > 500 {
			t.Errorf("the headers are %v, the text has %d characters", got.Header, len(got.Text))
		}
		w.sameNumbers(got)
	})
}

func TestAnEmptyWeekIsToldShortly(t *testing.T) {
	eachWorld(t, func(w *world) {
		sink := w.withMail()
		w.weekly("Europe/Dublin")
		w.due("Europe/Dublin", "2026-03-09")
		got := w.mailed(sink)[boss][0]
		if !strings.HasSuffix(got.Subject, ": no ratings in the week of 2 to 8 March 2026") {
			t.Errorf("the subject is %q", got.Subject)
		}
		for name, body := range map[string]string{"text": got.Text, "HTML": got.HTML} {
			if !strings.Contains(body, "No conversation was rated and nobody was asked this week.") || strings.Contains(body, "CSAT") {
				t.Errorf("%s: %s", name, body)
			}
		}
		if n := len(strings.Split(got.Text, "\n")); n > 16 {
			t.Errorf("the text has %d lines", n)
		}
	})
}

// unsubscribeLink is the address in the header that ends the digest.
func unsubscribeLink(t *testing.T, got mailtest.Mail) string {
	t.Helper()
	link := strings.Trim(got.Header.Get("List-Unsubscribe"), "<>")
	if got.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(link, baseURL+"/digest/unsubscribe/") {
		t.Fatalf("the headers are %v", got.Header)
	}
	if !strings.Contains(got.Text, link) || !strings.Contains(got.HTML, link) {
		t.Error("the link does not stand in the mail")
	}
	return link
}

func TestUnsubscribingTakesAPost(t *testing.T) {
	eachWorld(t, func(w *world) {
		sink := w.withMail()
		w.weekly("Europe/Dublin")
		w.due("Europe/Dublin", "2026-03-09")
		mails := w.mailed(sink)
		link := unsubscribeLink(t, mails[boss][0])
		if other := unsubscribeLink(t, mails[jane2][0]); other == link {
			t.Error("two people have the same link")
		}
		stranger := w.browser()
		if page := stranger.get(link); page.status != http.StatusOK || !strings.Contains(page.body, "Get no more digests?") {
			t.Errorf("the page answers %d: %s", page.status, page.body)
		}
		stranger.do(http.MethodHead, link, nil)
		if page := stranger.post(link, url.Values{"x": {"y"}}); page.status != http.StatusUnprocessableEntity {
			t.Errorf("any post will do: %d", page.status)
		}
		for _, wrong := range []string{link + "x", baseURL + "/digest/unsubscribe/abc", strings.Replace(link, "/digest/unsubscribe/", "/r/", 1)} {
			if page := stranger.post(wrong, url.Values{"List-Unsubscribe": {"One-Click"}}); page.status != http.StatusNotFound {
				t.Errorf("%s answers %d", wrong, page.status)
			}
		}
		w.due("Europe/Dublin", "2026-03-16")
		if n := len(w.mailed(sink)[boss]); n != 2 {
			t.Fatalf("after looking at the page the boss has %d mails", n)
		}
		// As a mail program's server posts: no cookie, another site.
		request, err := http.NewRequestWithContext(w.ctx, http.MethodPost, link, strings.NewReader("List-Unsubscribe=One-Click"))
		w.must(err)
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		request.Header.Set("Origin", "https://mail.example")
		response, err := stranger.client.Do(request)
		w.must(err)
		body, err := io.ReadAll(response.Body)
		w.must(err)
		response.Body.Close()
		if response.StatusCode != http.StatusOK || !strings.Contains(string(body), "You get no more digests") {
			t.Errorf("it answers %d: %s", response.StatusCode, body)
		}
		w.due("Europe/Dublin", "2026-03-23")
		mails = w.mailed(sink)
		if len(mails[boss]) != 2 || len(mails[jane2]) != 3 {
			t.Errorf("the boss has %d mails, Jane %d", len(mails[boss]), len(mails[jane2]))
		}
		admin := w.signedIn(jane)
		if page := admin.get("/settings/digest"); !strings.Contains(page.body, "Unsubscribed") {
			t.Error("the page does not say who has unsubscribed")
		}
		admin.post("/settings/digest/recipients", url.Values{"email": {boss}})
		w.due("Europe/Dublin", "2026-03-30")
		if n := len(w.mailed(sink)[boss]); n != 3 {
			t.Errorf("after being added again the boss has %d mails", n)
		}
	})
}

func TestOneWhoUnsubscribesBeforeItIsSentGetsNothing(t *testing.T) {
	w := newWorld(t, models.SQLite)
	sink := w.withMail()
	w.weekly("Europe/Dublin")
	w.due("Europe/Dublin", "2026-03-09")
	w.must(w.app.service.Digests(w.ctx, jobs.Digests{}))
	w.signedIn(jane).post("/settings/digest/mine", nil)
	if got := w.mailed(sink); len(got[jane2]) != 0 || len(got[boss]) != 1 {
		t.Errorf("the mails are %v", got)
	}
	if state := w.sendings()[jane2].State; state != models.DigestSkipped {
		t.Errorf("Jane's mail is %s", state)
	}
}

func TestWhatBecomesOfAMailThatIsNotTaken(t *testing.T) {
	for name, test := range map[string]struct {
		fault   mailtest.Fault
		state   models.DigestState
		says    string
		arrived int
	}{
		"nobody there": {mailtest.Unknown, models.DigestFailed, "The mail server did not take it: 550 5.1.1 there is no such person here.", 0},
		"spam":         {mailtest.Spam, models.DigestFailed, "The mail server did not take it: 554 5.7.1 this looks like spam.", 0},
		"busy":         {mailtest.Busy, models.DigestWaiting, "The mail server did not take it: 451 4.3.0 come back later.", 0},
		"cut early":    {mailtest.CutEarlier, models.DigestWaiting, "The mail server broke off.", 0},
		"cut":          {mailtest.Cut, models.DigestUnclear, "The mail server took it but broke off before it said whether it sends it. It is not sent again by itself.", 1},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				sink := w.withMail()
				w.weekly("Europe/Dublin")
				sink.Fail(func(to string) mailtest.Fault {
					if to == boss {
						return test.fault
					}
					return mailtest.Fine
				})
				w.due("Europe/Dublin", "2026-03-09")
				admin := w.signedIn(jane)
				got := w.mailed(sink)
				m := w.sendings()[boss]
				if m.State != test.state || m.Detail != test.says || len(got[boss]) != test.arrived || len(got[jane2]) != 1 {
					t.Fatalf("it is %s, %q; %d arrived, Jane has %d", m.State, m.Detail, len(got[boss]), len(got[jane2]))
				}
				page := admin.get("/settings/digest").body
				if !strings.Contains(page, test.says) || !strings.Contains(page, boss) || !strings.Contains(page, "Sent to 1") {
					t.Error("the page does not say so")
				}
				sink.Fail(nil)
				w.clock.Move(2 * time.Minute)
				retry := "/settings/digest/mails/" + m.ID + "/retry"
				if test.state == models.DigestWaiting {
					if page := admin.post(retry, nil); page.status != http.StatusConflict {
						t.Errorf("what waits can be tried again by hand: %d", page.status)
					}
				} else {
					if got := w.mailed(sink)[boss]; len(got) != test.arrived {
						t.Fatalf("it was sent again by itself: %d", len(got))
					}
					if page := admin.post(retry, nil); page.status != http.StatusSeeOther {
						t.Errorf("trying again answers %d: %s", page.status, page.body)
					}
				}
				got = w.mailed(sink)
				if len(got[boss]) != test.arrived+1 || w.sendings()[boss].State != models.DigestSent || len(got[jane2]) != 1 {
					t.Fatalf("after another try it is %s, the boss has %d", w.sendings()[boss].State, len(got[boss]))
				}
				if ids := got[boss]; len(ids) == 2 && ids[0].Header.Get("Message-Id") != ids[1].Header.Get("Message-Id") {
					t.Error("the two mails have two Message-IDs")
				}
				if got[boss][0].Header.Get("Message-Id") == got[jane2][0].Header.Get("Message-Id") {
					t.Error("two people's mails have one Message-ID")
				}
			})
		})
	}
}

func TestAServerThatStaysBusyIsGivenUpAfterADay(t *testing.T) {
	w := newWorld(t, models.SQLite)
	sink := w.withMail()
	w.weekly("Europe/Dublin")
	sink.Fail(func(string) mailtest.Fault { return mailtest.Busy })
	w.due("Europe/Dublin", "2026-03-09")
	tries := 0
	for range 100 {
		w.mailed(sink)
		if tries = w.sendings()[boss].Attempts; w.sendings()[boss].State != models.DigestWaiting {
			break
		}
		w.clock.Set(w.sendings()[boss].DueAt)
	}
	if m := w.sendings()[boss]; m.State != models.DigestFailed || !strings.HasSuffix(m.Detail, "come back later. It was tried for a day.") || tries < 10 || tries > 40 {
		t.Errorf("after %d attempts it is %s, %q", tries, m.State, m.Detail)
	}
}

// TestAfterACrashNothingIsSentTwice kills the worker between "it begins" and what became of it, with the mail gone out.
func TestAfterACrashNothingIsSentTwice(t *testing.T) {
	eachWorld(t, func(w *world) {
		sink := w.withMail()
		w.weekly("Europe/Dublin")
		w.due("Europe/Dublin", "2026-03-09")
		admin := w.signedIn(jane)
		w.must(w.app.service.Digests(w.ctx, jobs.Digests{}))
		m := w.sendings()[boss]
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
			m.State, m.DueAt, m.Attempts = models.DigestBegun, tx.Now.Add(2*time.Minute), 1
			return tx.SaveDigestMail(m)
		}))
		w.clock.Move(time.Minute)
		if got := w.mailed(sink); len(got[boss]) != 0 || w.sendings()[boss].State != models.DigestBegun {
			t.Fatalf("another worker has taken it: %v", got)
		}
		w.clock.Move(10 * time.Minute)
		if got := w.mailed(sink); len(got[boss]) != 0 || w.sendings()[boss].State != models.DigestUnclear {
			t.Fatalf("it is %s, %v", w.sendings()[boss].State, got)
		}
		if page := admin.get("/settings/digest").body; !strings.Contains(page, "it may have arrived") || !strings.Contains(page, "Not known") {
			t.Error("the page does not say so")
		}
	})
}

// SQLite has no replicas: one process serves it.
func TestTwoReplicasSendOneMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, models.Postgres)
	sink := w.withMail()
	w.weekly("Europe/Dublin")
	w.due("Europe/Dublin", "2026-03-09")
	first := w.app
	w.start() // another one, beside it
	second := w.app
	w.t.Cleanup(func() { w.must(first.close(context.WithoutCancel(w.ctx))) })
	w.stopQueue()
	both := func(run func(a *app)) {
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() { run(first) })
			all.Go(func() { run(second) })
		}
		all.Wait()
	}
	both(func(a *app) {
		if err := a.service.Digests(w.ctx, jobs.Digests{}); err != nil {
			t.Error(err)
		}
	})
	mails := w.digestMails()
	if len(mails) != 2 {
		t.Fatalf("there are %d mails", len(mails))
	}
	for _, m := range mails {
		both(func(a *app) {
			err := a.service.DigestMail(w.ctx, jobs.DigestMail{Workspace: w.tenant.Workspace, Mail: m.ID})
			var later jobs.Later
			if err != nil && !errors.As(err, &later) {
				t.Error(err)
			}
		})
	}
	if got := sink.Mails(); len(got) != 2 || sink.Attempts() != 2 {
		t.Errorf("%d mails arrived in %d attempts", len(got), sink.Attempts())
	}
}

func TestTheQueueSendsByItself(t *testing.T) {
	eachWorld(t, func(w *world) {
		sink := w.withMail()
		w.weekly("Europe/Dublin")
		w.due("Europe/Dublin", "2026-03-09")
		w.restart("RERATE_SMTP_URL", sink.URL()) // the schedule looks at once
		ctx, cancel := context.WithTimeout(w.ctx, patience)
		defer cancel()
		if mails, err := sink.Wait(ctx, 2); err != nil {
			t.Fatalf("waited in vain, %d mails arrived", len(mails))
		}
	})
}

func TestMissedHoursAreCaughtUpWithinADay(t *testing.T) {
	for name, test := range map[string]struct {
		late time.Duration
		want int
	}{
		"an hour early": {-time.Hour, 0}, "on time": {0, 1}, "almost a day late": {23*time.Hour + 59*time.Minute, 1}, "a day late": {24 * time.Hour, 0}, "on Friday": {96 * time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, models.SQLite)
			sink := w.withMail()
			w.weekly("Europe/Dublin")
			w.due("Europe/Dublin", "2026-03-09")
			w.clock.Move(test.late)
			admin := w.signedIn(jane)
			if got := len(w.mailed(sink)[boss]); got != test.want {
				t.Errorf("%d mails arrived, want %d", got, test.want)
			}
			missed := strings.Contains(admin.get("/settings/digest").body, "The digest of 2 to 8 March 2026 was not sent")
			if missed != (test.late >= 24*time.Hour) {
				t.Errorf("the page says that it was missed: %v", missed)
			}
			w.due("Europe/Dublin", "2026-03-16")
			if got := len(w.mailed(sink)[boss]); got != test.want+1 {
				t.Errorf("a week later %d mails have arrived, want %d", got, test.want+1)
			}
		})
	}
}

func TestWhoComesLaterBeginsWithTheNext(t *testing.T) {
	w := newWorld(t, models.SQLite)
	sink := w.withMail()
	w.weekly("Europe/Dublin")
	w.signedIn(tomas)
	w.due("Europe/Dublin", "2026-03-09")
	w.clock.Move(time.Hour)
	w.signedIn(jane).post("/settings/digest/recipients", url.Values{"teammate": {tomas}})
	if got := w.mailed(sink); len(got) != 2 {
		t.Errorf("the mails went to %v", got)
	}
	w.due("Europe/Dublin", "2026-03-16")
	if got := w.mailed(sink); len(got) != 3 {
		t.Errorf("a week later there are mails to %d", len(got))
	}
	// Another day is no second digest of the same week.
	w.signedIn(jane).post("/settings/digest", url.Values{"enabled": {"true"}, "weekday": {"2"}, "hour": {"9"}})
	w.clock.Move(24 * time.Hour)
	if got := w.mailed(sink); len(got[boss]) != 2 {
		t.Errorf("the boss has %d mails", len(got[boss]))
	}
	w.signedIn(jane).post("/settings/digest", url.Values{"weekday": {"2"}, "hour": {"9"}})
	w.clock.Move(7 * 24 * time.Hour)
	if got := w.mailed(sink); len(got[boss]) != 2 {
		t.Errorf("though it is off, the boss has %d mails", len(got[boss]))
	}
}

func TestWithoutAMailServerThePageSaysSo(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.byHand()
	admin := w.weekly("Europe/Dublin")
	page := admin.get("/settings/digest")
	for _, want := range []string{"Rerate cannot send e-mail yet.", "RERATE_SMTP_URL", "RERATE_MAIL_FROM", "Mail is not set up"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if preview := admin.get("/settings/digest/preview"); preview.status != http.StatusOK || !strings.Contains(preview.body, "The week of 23 February to 1 March 2026") {
		t.Errorf("the preview answers %d: %s", preview.status, preview.body)
	}
	w.due("Europe/Dublin", "2026-03-09")
	w.must(w.app.service.Digests(w.ctx, jobs.Digests{}))
	if n := len(w.digestMails()); n != 0 {
		t.Errorf("%d mails were planned", n)
	}
	admin = w.signedIn(jane)
	if answer := admin.post("/settings/digest/send", nil); answer.status != http.StatusConflict || !strings.Contains(answer.body, "has not set up mail") {
		t.Errorf("sending now answers %d", answer.status)
	}
}

func TestSendingItNowSaysHowItWent(t *testing.T) {
	w := newWorld(t, models.SQLite)
	sink := w.withMail()
	admin := w.signedIn(jane)
	if got := admin.post("/settings/digest/send", nil); got.status != http.StatusSeeOther {
		t.Fatalf("it answers %d: %s", got.status, got.body)
	}
	got := sink.Mails()[0]
	if got.To != jane2 || got.Header.Get("List-Unsubscribe") != "" || !strings.Contains(got.Text, "once, because you asked for it") || !strings.HasSuffix(got.Subject, "23 February to 1 March 2026") {
		t.Errorf("it arrived as %+v", got)
	}
	sink.Fail(func(string) mailtest.Fault { return mailtest.Unknown })
	if got := admin.post("/settings/digest/send", nil); got.status != http.StatusUnprocessableEntity || !strings.Contains(got.body, "550 5.1.1 there is no such person here") {
		t.Errorf("a refusal answers %d: %s", got.status, got.body)
	}
	if page := admin.get("/settings/digest"); !strings.Contains(page.body, "No digest has been sent yet") {
		t.Error("what was asked for by hand stands among the weekly ones")
	}
	for _, wrong := range []url.Values{{"email": {"jane"}}, {"email": {"a@b.c\r\nBcc: d@e.f"}}, {"teammate": {"nobody"}}, {"enabled": {"true"}}} {
		path := "/settings/digest/recipients"
		if wrong.Has("enabled") {
			path = "/settings/digest"
		}
		if got := admin.post(path, wrong); got.status != http.StatusUnprocessableEntity && got.status != http.StatusNotFound {
			t.Errorf("%v answers %d", wrong, got.status)
		}
	}
}
