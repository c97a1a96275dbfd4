package handlers_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rerate/internal/jobs"
	"rerate/models"
)

// upload sends a file as the form does.
func (b *browser) upload(name, text string) answer {
	b.w.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		b.w.t.Fatal(err)
	}
	if _, err := part.Write([]byte(text)); err != nil {
		b.w.t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		b.w.t.Fatal(err)
	}
	request := b.request(http.MethodPost, "/settings/import", body.String())
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.do(request)
}

// uploaded is the address of the page of a file that was taken.
func (b *browser) uploaded(name, text string) string {
	b.w.t.Helper()
	return b.upload(name, text).is(http.StatusSeeOther).location()
}

// facts are the figures of a page by their names.
func facts(page *goquery.Document) map[string]string {
	all := map[string]string{}
	page.Find("dl.facts > div").Each(func(_ int, fact *goquery.Selection) {
		all[strings.TrimSpace(fact.Find("dt").Text())] = strings.Join(strings.Fields(fact.Find("dd").Text()), " ")
	})
	return all
}

const oldFile = "Conversation ID;Rating;Rated on;Comment\r\n" +
	"11;5;2026-01-05 10:00;\"Great;\r\nthanks\"\r\n" +
	"12;1;2026-01-06 10:00;\r\n" +
	"12;1;2026-01-06 10:00;the same\r\n" +
	"13;9;2026-01-06 10:00;off the scale\r\n" +
	"14;3;04/05/2026;which day?\r\n"

func TestImportPage(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		address := boss.uploaded("old <b>ratings</b>.csv", oldFile)
		before := w.rows()
		page := boss.page(address)
		for name, want := range map[string]string{
			"Ratings that would be new": "2", "Known already": "0", "The same as an earlier row": "1", "Bad rows, left out": "2", "Rows in all": "5",
			"Rated from": "5 January 2026 to 6 January 2026",
		} {
			if got := facts(page)[name]; got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		bad := page.Find("table[aria-label='Bad rows'] tbody tr")
		if text := bad.Text(); bad.Length() != 2 || !strings.Contains(text, "6") || !strings.Contains(text, "not on the scale from 1 to 5") ||
			!strings.Contains(text, "may be the 4 May or the 5 April") {
			t.Errorf("the bad rows are %q", text)
		}
		if got := page.Find("select[name=score] option[selected]").Text(); got != "Rating" {
			t.Errorf("the score is guessed to be in %q", got)
		}
		file := boss.get(address + "/problems.csv").is(http.StatusOK)
		if !strings.Contains(file.body, "6,Rating,“9” is not on the scale from 1 to 5.") || strings.Count(file.body, "\n") != 3 {
			t.Errorf("the file of bad rows is %s", file.body)
		}
		if after := w.rows(); !sameCounts(before, after) {
			t.Errorf("the dry run stored something: %v, then %v", before, after)
		}

		form := hiddenFields(page, "/start")
		boss.post(address+"/start", form).leadsTo(address)
		if text := boss.page(address).Find("#progress").Text(); !strings.Contains(text, "Being added") || !strings.Contains(text, "None of it counts") {
			t.Errorf("under way it says %q", text)
		}
		w.runImport(address)
		page = boss.page(address)
		if got := facts(page); got["New ratings"] != "2" || got["Bad rows, left out"] != "2" || page.Find("table[aria-label='Bad rows'] tbody tr").Length() != 2 {
			t.Errorf("added it says %v", got)
		}
		stored := must(w.db.Tenant(workspace).RatingsOf(ctx, "11"))(t)
		if len(stored) != 1 || stored[0].Remark != "Great;\nthanks" || stored[0].Source != models.FromImport || !stored[0].Valid() {
			t.Errorf("stored is %+v", stored)
		}

		again := boss.uploaded("again.csv", oldFile)
		page = boss.page(again)
		if got := facts(page); got["Ratings that would be new"] != "0" || got["Known already"] != "2" || page.Find("form[action$='/start']").Length() != 0 {
			t.Errorf("the second time it says %v", got)
		}
		boss.post(again+"/cancel", nil).leadsTo("/settings/import")
		if text := boss.page("/settings/import").Find("main").Text(); !strings.Contains(text, "Stopped") || !strings.Contains(text, "2 ratings added") {
			t.Errorf("the list says %q", text)
		}

		boss.post(address+"/take-back", nil).leadsTo(address)
		w.runImport(address)
		if text := boss.page(address).Find("main").Text(); !strings.Contains(text, "Taken back") {
			t.Errorf("taken back it says %q", text)
		}
		if stored := must(w.db.Tenant(workspace).RatingsOf(ctx, "11"))(t); len(stored) != 0 {
			t.Errorf("stored is %+v", stored)
		}
		boss.post(address+"/take-back", nil).is(http.StatusConflict)
		boss.post(again+"/start", form).is(http.StatusConflict)
	})
}

// hiddenFields are those of the form that goes there.
func hiddenFields(page *goquery.Document, action string) url.Values {
	values := url.Values{}
	page.Find("form[action$='" + action + "'] input[type=hidden]").Each(func(_ int, field *goquery.Selection) {
		values.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	return values
}

func (w *world) runImport(address string) {
	w.t.Helper()
	id := address[strings.LastIndex(address, "/")+1:]
	if err := w.service.Import(ctx, jobs.Import{Workspace: workspace, Import: id}); err != nil {
		w.t.Fatal(err)
	}
}

// Columns with other names are chosen by hand; what is chosen stands in the address.
func TestImportColumnsByHand(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	address := boss.uploaded("strange.csv", "a,b,c\n2026-01-05,7,21\n2026-01-05,3,22\n")
	page := boss.page(address)
	if page.Find("form[action$='/start']").Length() != 0 || page.Find("select[aria-invalid=true]").Length() != 3 {
		t.Errorf("without columns the page says %q", page.Find("main").Text())
	}
	page = boss.page(address + "?rated_at=0&score=1&conversation_id=2&scale=10")
	if got := facts(page); got["Ratings that would be new"] != "2" || got["Bad rows, left out"] != "0" {
		t.Errorf("by hand it says %v", got)
	}
	boss.post(address+"/start", hiddenFields(page, "/start")).leadsTo(address)
	w.runImport(address)
	stored := must(w.db.Tenant(workspace).RatingsOf(ctx, "21"))(t)
	if len(stored) != 1 || stored[0].Score != 7 || stored[0].Scale != 10 || stored[0].Label != "7 of 10" {
		t.Errorf("stored is %+v", stored)
	}
	for _, query := range []string{"?scale=1", "?scale=99&score=0", "?scale=5&score=9&rated_at=-1&conversation_id=x", "?scale=5&rated_at=1&score=1&conversation_id=2"} {
		other := boss.uploaded("strange.csv", "a,b,c\n2026-01-05,7,21\n")
		if page := boss.page(other + query); page.Find("form[action$='/start']").Length() != 0 || page.Find("select[aria-invalid=true]").Length() == 0 {
			t.Errorf("%s: the page says %q", query, page.Find("main").Text())
		}
		boss.post(other+"/start", url.Values{"scale": {"5"}, "score": {"9"}}).is(http.StatusUnprocessableEntity)
	}
}

func TestFilesThatCannotBeImported(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	for want, text := range map[string]string{"is empty": "", "save the table as CSV": "PK\x03\x04", "larger than 16 MB": strings.Repeat("x", 16<<20+1)} {
		a := boss.upload("file.csv", text)
		if page := a.document(); a.status != http.StatusUnprocessableEntity || !strings.Contains(page.Find("#file-error").Text(), want) {
			t.Errorf("%s: %d %q", want, a.status, page.Find("main").Text())
		}
	}
	if a := boss.upload("file.csv", strings.Repeat("x", 18<<20)); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("18 MB are answered with %d", a.status)
	}
	boss.post("/settings/import", url.Values{"file": {"no file"}}).is(http.StatusUnprocessableEntity)
	var rows strings.Builder
	rows.WriteString("conversation_id,score,rated_at\n")
	for n := range 50_001 {
		fmt.Fprintf(&rows, "%d,5,2026-01-05\n", n)
	}
	a := boss.get(boss.uploaded("long.csv", rows.String()))
	if page := a.document(); a.status != http.StatusUnprocessableEntity || !strings.Contains(page.Text(), "more than 50,000 rows") || page.Find("form[action$='/start']").Length() != 0 {
		t.Errorf("a long file: %d %q", a.status, page.Find("main").Text())
	}
}

func TestImportsOfAnotherWorkspaceAreNotFound(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	var theirs models.Import
	if err := w.db.Tenant("other").Write(ctx, func(tx *models.Tx) (err error) {
		if err := tx.Install(models.Workspace{Name: "Other"}); err != nil {
			return err
		}
		theirs, err = tx.AddImport(models.Import{FileName: "theirs.csv"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	address := "/settings/import/" + theirs.ID
	boss.get(address).is(http.StatusNotFound)
	boss.get(address + "/problems.csv").is(http.StatusNotFound)
	for _, act := range []string{"/start", "/cancel", "/take-back"} {
		boss.post(address+act, url.Values{"scale": {"5"}}).is(http.StatusNotFound)
	}
}

func TestBackfillPage(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	says := func(want ...string) {
		t.Helper()
		text := boss.page("/settings/backfill").Find("main").Text()
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("the page does not say %q: %q", part, text)
			}
		}
	}
	says("Begin to read", "asks nobody")
	boss.post("/settings/backfill/start", url.Values{"days": {"7"}}).is(http.StatusUnprocessableEntity)
	boss.post("/settings/backfill/pause", nil).is(http.StatusNotFound)
	boss.post("/settings/backfill/start", url.Values{"days": {"365"}}).leadsTo("/settings/backfill")
	says("is being read", "Counting the conversations", "by Jane Agent", "Pause")
	boss.post("/settings/backfill/pause", nil).leadsTo("/settings/backfill")
	says("Paused", "Resume", "Begin to read")
	boss.post("/settings/backfill/pause", nil).is(http.StatusConflict)
	boss.post("/settings/backfill/resume", nil).leadsTo("/settings/backfill")
	for range 20 {
		b := must(w.db.Tenant(workspace).Backfill(ctx))(t)
		if err := w.service.Backfill(ctx, jobs.Backfill{Workspace: workspace, Step: b.Step}); err != nil {
			t.Fatal(err)
		}
	}
	says("has been read", fmt.Sprint(w.sandbox.Count(workspace).Conversations), "changed in the last year")
	boss.post("/settings/backfill/resume", nil).is(http.StatusConflict)
}
