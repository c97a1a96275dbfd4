package handlers_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"rerate/models"
)

func texts(s *goquery.Selection) []string {
	return s.Map(func(_ int, one *goquery.Selection) string { return strings.Join(strings.Fields(one.Text()), " ") })
}

func TestPagesBeforeTheFirstRating(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		for address, want := range map[string]string{
			"/": "No ratings yet", "/ratings": "No ratings yet", "/wording": "Version 1", "/settings": "There are no keys.",
			"/ratings?score=1": "No ratings yet",
		} {
			if got := boss.page(address).Find("main").Text(); !strings.Contains(got, want) {
				t.Errorf("%s does not say %q: %s", address, want, got)
			}
		}
		boss.get("/ratings/nothing").is(http.StatusNotFound)
		boss.get("/ratings/%00").is(http.StatusNotFound)
		boss.get("/ratings/" + strings.Repeat("a", 65)).is(http.StatusNotFound)
	})
}

func TestRatingsList(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		w.history()
		for query, want := range map[string]int{
			"": 6, "days=7": 3, "valid=yes": 5, "valid=no": 1, "change=better": 1, "change=worse": 1, "score=1": 2, "remark=yes": 2,
			"channel=email": 2, "teammate=" + tomas: 1, "first=2&latest=5": 1, "contact=c1": 2, "conversation=102": 2, "first=1&latest=1": 0,
		} {
			if got := boss.page("/ratings?" + query).Find("[data-row]").Length(); got != want {
				t.Errorf("%q shows %d ratings, want %d", query, got, want)
			}
		}
		row := boss.page("/ratings?conversation=101&change=better").Find("[data-row]")
		got := strings.Join(strings.Fields(row.Text()), " ")
		for _, want := range []string{"Bad", "Amazing", "Better", "Now it works, thank you!", "Name of " + tomas} {
			if !strings.Contains(got, want) {
				t.Errorf("the row does not say %q: %s", want, got)
			}
		}
		if href, _ := row.Find(`a[href*="/a/inbox/"]`).Attr("href"); href != w.intercomAt+"/a/inbox/"+workspace+"/inbox/conversation/101" {
			t.Errorf("the conversation in Intercom is at %q", href)
		}
		ignored := boss.page("/ratings?score=eleven&outcome=odd&channel=email")
		if got := ignored.Find("section").Text(); !strings.Contains(got, "score “eleven” was ignored") || !strings.Contains(got, "outcome “odd” was ignored") {
			t.Errorf("the page does not say what it ignored: %s", got)
		}
		if href, _ := ignored.Find(`a[href^="/ratings.csv"]`).Attr("href"); href != "/ratings.csv?channel=email" {
			t.Errorf("the file is at %q", href)
		}
	})
}

func TestTheListGoesOn(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	var given []give
	for i := range 120 {
		given = append(given, give{conversation: "101", contact: "c1", score: 1 + i%5, ago: hour * 6}) // all at once: only the id tells them apart
	}
	stored := ids(w.store(given...))
	slices.Reverse(stored)
	var seen []string
	address := "/ratings"
	for pages := 0; address != ""; pages++ {
		page := boss.page(address)
		page.Find(`tbody a[data-row-link]`).Each(func(_ int, a *goquery.Selection) {
			id := strings.TrimPrefix(a.AttrOr("href", ""), "/ratings/")
			if len(seen) == 0 || seen[len(seen)-1] != id {
				seen = append(seen, id)
			}
		})
		address = page.Find(`a[rel="next"]`).AttrOr("href", "")
		if first := page.Find(`a[rel="first"]`).Length(); (first == 1) != (pages > 0) {
			t.Errorf("page %d has %d links back", pages, first)
		}
		if pages > 3 {
			t.Fatal("the list does not end")
		}
	}
	if diff := cmp.Diff(stored, seen); diff != "" {
		t.Errorf("stored and seen differ (-stored +seen):\n%s", diff)
	}
}

func TestRatingsFile(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		stored := w.history()
		a := boss.get("/ratings.csv?days=90").is(http.StatusOK)
		if got := a.header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
			t.Errorf("the type is %q", got)
		}
		rows := readCSV(a.body)
		if len(rows) != 7 || len(rows[0]) != 21 || rows[0][6] != "remark" {
			t.Fatalf("the file is %v", rows)
		}
		byID := map[string][]string{}
		for _, row := range rows[1:] {
			byID[row[0]] = row
		}
		want := []string{
			stored[3].ID, "102", "c2", "1", "😠", "Terrible", "'=cmd|' /C calc'!A0", "worse", "4",
			testStart.Add(-9 * day).Format("2006-01-02T15:04:05Z"), "card", "email", "", "", "true", "", "messenger", "", "", "", "",
		}
		if diff := cmp.Diff(want, byID[stored[3].ID]); diff != "" {
			t.Errorf("the row (-want +got):\n%s", diff)
		}
		if got := byID[stored[5].ID][14:]; !slices.Equal(got, []string{"false", "suspect", "messenger", "", "", "", ""}) {
			t.Errorf("the rating that does not count ends %v", got)
		}
		if rows := readCSV(boss.get("/ratings.csv?days=90&channel=email").body); len(rows) != 3 {
			t.Errorf("filtered, the file has %d lines", len(rows))
		}
	})
}

func readCSV(text string) [][]string {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil
	}
	return rows
}

func TestRatingStory(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		stored := w.history()
		second := stored[1]
		err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
			if err := tx.SaveContact(models.Contact{ID: "c1", Name: "عمر حداد"}); err != nil {
				return err
			}
			if err := tx.WriteLater(second, tx.Now, models.Note, models.Attributes); err != nil {
				return err
			}
			return tx.SaveWriteBack(models.WriteBack{
				WorkspaceID: workspace, RatingID: second.ID, Kind: models.Note, ConversationID: "101", State: models.GaveUp, DueAt: tx.Now,
				Attempts: 8, Detail: "Intercom says that the conversation has 500 parts.",
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		page := boss.page("/ratings/" + second.ID)
		got := strings.Join(texts(page.Find("main")), "")
		for _, want := range []string{
			"First rating🙁Bad", "Amazing", "Better", "عمر حداد", "Private note", "has 500 parts", "Try what failed again", "Counted", "This rating",
		} {
			if !strings.Contains(got, want) {
				t.Errorf("the page does not say %q: %s", want, got)
			}
		}
		boss.post("/ratings/"+second.ID+"/retry", nil).leadsTo("/ratings/" + second.ID)
		after := must(w.db.Tenant(workspace).WriteBacksOf(ctx, second.ID))(t)
		for _, write := range after {
			if write.State != models.Waiting {
				t.Errorf("%s is %s after the retry", write.Kind, write.State)
			}
		}
		if got := boss.page("/ratings/" + second.ID).Find(`[role="status"]`).Text(); !strings.Contains(got, "is being tried again") {
			t.Errorf("the page says %q", got)
		}
		boss.post("/ratings/nothing/retry", nil).is(http.StatusNotFound)
	})
}

func TestAnotherWorkspacesRatingIsNotThere(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	other := w.db.Tenant("other")
	var foreign models.Rating
	err := other.Write(ctx, func(tx *models.Tx) error {
		if err := tx.Install(models.Workspace{Name: "Other", Settings: defaults()}); err != nil {
			return err
		}
		if _, err := tx.Conversation("900"); err != nil {
			return err
		}
		var err error
		foreign, _, err = tx.AddRating(models.Rating{
			ConversationID: "900", ContactID: "c9", Source: models.FromCard, SourceKey: "k", Score: 1, Scale: 5, Sentiment: "negative", At: tx.Now,
			Channel: models.Chat, Remark: "a secret of others",
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	boss.get("/ratings/" + foreign.ID).is(http.StatusNotFound)
	boss.post("/ratings/"+foreign.ID+"/retry", nil).is(http.StatusNotFound)
	for _, address := range []string{"/", "/ratings", "/ratings?conversation=900", "/ratings?contact=c9", "/ratings.csv"} {
		if strings.Contains(boss.get(address).is(http.StatusOK).body, "a secret of others") {
			t.Errorf("%s tells it", address)
		}
	}
}

func TestHostileTextStaysText(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	hostile := `<script>alert(1)</script>"'><img src=x onerror=alert(2)>`
	stored := w.store(give{conversation: "101", contact: "c1", score: 1, ago: hour, remark: hostile})
	err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		return tx.SaveContact(models.Contact{ID: "c1", Name: hostile})
	})
	if err != nil {
		t.Fatal(err)
	}
	query := url.Values{"contact": {hostile}, "days": {hostile}, hostile: {hostile}}.Encode()
	for _, address := range []string{"/", "/ratings", "/ratings/" + stored[0].ID, "/ratings?" + query, "/?" + query, "/signin?" + query} {
		page := boss.page(address)
		if page.Find("img[onerror], script:not([src])").Length() > 0 {
			t.Errorf("%s lets it run", address)
		}
		if page.Find("[style], [onclick]").Length() > 0 {
			t.Errorf("%s has inline style or script", address)
		}
	}
}

func TestAYearOfExampleData(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		if err := w.service.AddExampleData(ctx, workspace); err != nil {
			t.Fatal(err)
		}
		page := boss.page("/?days=365")
		if page.Find("#trend-chart-title, #trend").Length() == 0 || page.Find(`aside[aria-label="Example data"]`).Length() != 1 {
			t.Errorf("the page has no trend or does not say that its figures are made up: %s", page.Text())
		}
		for _, address := range []string{"/ratings", "/wording", "/settings"} {
			boss.page(address)
		}
		boss.post("/settings/example-data/remove", nil).leadsTo("/")
		if got := boss.page("/").Find("main").Text(); !strings.Contains(got, "The example data is removed") || !strings.Contains(got, "No ratings yet") {
			t.Errorf("afterwards the page says %s", got)
		}
	})
}
