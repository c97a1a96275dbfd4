package handlers_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/models"
	"rerate/models/modelstest"
)

type listOf[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

type teammateJSON struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type ratingJSON struct {
	ID             string        `json:"id"`
	ConversationID string        `json:"conversation_id"`
	ContactID      string        `json:"contact_id"`
	Score          int           `json:"score"`
	Emoji          string        `json:"emoji"`
	Label          string        `json:"label"`
	Remark         string        `json:"remark"`
	Change         string        `json:"change"`
	PreviousScore  *int          `json:"previous_score"`
	At             string        `json:"at"`
	Source         string        `json:"source"`
	Channel        string        `json:"channel"`
	Teammate       *teammateJSON `json:"teammate"`
	Valid          bool          `json:"valid"`
	WhyNot         *string       `json:"why_not"`
	Integrity      string        `json:"integrity"`
	Doubt          *string       `json:"doubt"`
	WhatChanged    *string       `json:"what_changed"`
	HandledAt      *time.Time    `json:"handled_at"`
	HandledBy      *string       `json:"handled_by"`
}

func TestAPIRatings(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.fill()
		two := 2
		got := as[listOf[ratingJSON]](w.get("/ratings?conversation=4&limit=1"))
		if got.NextCursor == nil {
			t.Fatal("no next page")
		}
		want := []ratingJSON{{
			ID: got.Items[0].ID, ConversationID: "4", ContactID: "dora", Score: 2, Emoji: "🙁", Label: "Bad", Change: "same",
			PreviousScore: &two, At: "2026-03-02T11:00:00Z", Source: "card", Channel: "email", Teammate: &teammateJSON{"9", "Mia"}, Valid: true,
			Integrity: "messenger",
		}}
		if diff := cmp.Diff(want, got.Items); diff != "" {
			t.Error(diff)
		}
		void := as[listOf[ratingJSON]](w.get("/ratings?valid=no")).Items
		if len(void) != 1 || void[0].Valid || void[0].WhyNot == nil || *void[0].WhyNot != "void" || void[0].Teammate != nil {
			t.Errorf("void: %+v", void)
		}
		for query, n := range map[string]int{
			"": 10, "?limit=200": 10, "?from=2026-03-03": 0, "?to=2026-03-02": 10, "?to=2026-03-01": 0, "?from=2026-03-02&to=2026-03-02": 10,
			"?teammate=9": 2, "?channel=chat": 8, "?change=first": 5, "?change=better": 2, "?change=worse": 2, "?change=same": 1,
			"?score=5": 3, "?valid=yes": 9, "?remark=yes": 0, "?contact=ben": 3, "?conversation=nobody": 0,
			"?first=5&latest=4": 1, "?first=1&latest=5": 1, "?first=4&latest=4": 0, "?channel=": 10, "?score=5&valid=yes&contact=anna": 1,
		} {
			if items := as[listOf[ratingJSON]](w.get("/ratings" + query)).Items; len(items) != n {
				t.Errorf("%q lists %d, want %d", query, len(items), n)
			}
			file := w.get("/ratings.csv" + strings.ReplaceAll(query, "limit=200", "")).is(http.StatusOK)
			if rows := len(apiCSV(t, file.body)) - 1; rows != n {
				t.Errorf("%q writes %d rows, want %d", query, rows, n)
			}
		}
	})
}

// Walking the pages meets every row once, newest first, also where many have the same time.
func TestAPIRatingsPages(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		const n = 23
		for i := range n {
			w.rate(w.ours, fmt.Sprint(i+1), "anna", 1+i%5, time.Duration(i/4)*time.Second)
		}
		all := as[listOf[ratingJSON]](w.get("/ratings")).Items
		if len(all) != n || !slices.IsSortedFunc(all, func(a, b ratingJSON) int { return strings.Compare(b.At, a.At) }) {
			t.Fatalf("%d rows: %v", len(all), all)
		}
		for _, limit := range []int{1, 2, 7, 22, 23, 24} {
			var walked []ratingJSON
			for path := fmt.Sprintf("/ratings?limit=%d", limit); ; {
				page := as[listOf[ratingJSON]](w.get(path))
				walked = append(walked, page.Items...)
				if page.NextCursor == nil {
					break
				}
				if len(page.Items) != limit {
					t.Fatalf("a page of %d has %d rows", limit, len(page.Items))
				}
				path = fmt.Sprintf("/ratings?limit=%d&cursor=%s", limit, url.QueryEscape(*page.NextCursor))
			}
			if diff := cmp.Diff(all, walked); diff != "" {
				t.Errorf("pages of %d: %s", limit, diff)
			}
		}
	})
}

// writtenTexts are what customers, imports and attackers write.
var writtenTexts = []string{
	"Danke! 👨‍👩‍👧‍👦 🏳️‍🌈 7️⃣ 👍🏽", "مرحبا بالعالم \"שלום\"", "two\nlines, \"quoted\", and\ttabs", "𝔘𝔫𝔦 \U0001F9D1\u200d\U0001F680", "😍",
	"=HYPERLINK(\"http://evil\")", "+1", "-1", "@SUM(A1)", "\tx", "'quoted", "  spaces  ", "",
}

func TestAPIRatingsFile(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		for i, text := range writtenTexts {
			w.rate(w.ours, fmt.Sprint(i+1), "anna", 1+i%5, time.Duration(-i)*time.Second, func(r *models.Rating) { r.Remark, r.Label = text, text })
		}
		listed := as[listOf[ratingJSON]](w.get("/ratings")).Items
		a := w.get("/ratings.csv").is(http.StatusOK)
		if got := a.header.Get("Content-Type"); got != "text/csv; charset=utf-8" {
			t.Errorf("Content-Type %q", got)
		}
		rows := apiCSV(t, a.body)
		head := strings.Split("id,conversation_id,contact_id,score,emoji,label,remark,change,previous_score,at,source,channel,"+
			"teammate_id,teammate_name,valid,why_not,integrity,doubt,what_changed,handled_at,handled_by", ",")
		if diff := cmp.Diff(head, rows[0]); diff != "" {
			t.Error(diff)
		}
		for i, text := range writtenTexts {
			if listed[i].Remark != text || listed[i].Label != text {
				t.Errorf("JSON holds %q, want %q", listed[i].Remark, text)
			}
			cell := rows[i+1][6]
			if text != "" && strings.ContainsRune("=+-@\t\r'", rune(text[0])) {
				if cell[0] != '\'' {
					t.Errorf("a spreadsheet would run %q", cell)
				}
				cell = cell[1:]
			}
			if cell != text {
				t.Errorf("CSV holds %q, want %q", cell, text)
			}
			if rows[i+1][0] != listed[i].ID || rows[i+1][14] != "true" {
				t.Errorf("row %v is not %v", rows[i+1], listed[i])
			}
		}
		if marked := w.get("/ratings.csv?bom=1").is(http.StatusOK).body; marked != "\xEF\xBB\xBF"+a.body {
			t.Error("a file with a byte order mark is another file")
		}
	})
}

// A file is longer than one batch of the database.
func TestAPIRatingsFileInBatches(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		const n = 501
		w.write(w.ours, func(tx *models.Tx) error {
			if _, err := tx.Conversation("1"); err != nil {
				return err
			}
			for i := range n {
				r := models.Rating{
					ConversationID: "1", ContactID: fmt.Sprint(i), Source: models.FromImport, SourceKey: fmt.Sprint("import ", i),
					Score: 3, Scale: 5, Sentiment: "neutral", Emoji: "😐", Label: "OK", At: tx.Now, Channel: models.Chat,
				}
				if _, _, err := tx.AddRating(r); err != nil {
					return err
				}
			}
			return nil
		})
		ids := map[string]bool{}
		for _, row := range apiCSV(t, w.get("/ratings.csv").is(http.StatusOK).body)[1:] {
			ids[row[0]] = true
		}
		if len(ids) != n {
			t.Errorf("%d different rows, want %d", len(ids), n)
		}
	})
}

func apiCSV(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// brokenPipe is a client that has gone away.
type brokenPipe struct{ http.ResponseWriter }

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// A file that cannot be finished breaks the connection off, so that nobody takes a part for the whole.
func TestAPIRatingsFileBreaksOff(t *testing.T) {
	w := newAPIWorld(t, modelstest.Open(t, models.SQLite, jobTables))
	request := httptest.NewRequest(http.MethodGet, "/api/v1/ratings.csv", nil)
	request.Header.Set("Authorization", "Bearer "+w.key)
	func() {
		defer func() {
			if cause := recover(); cause != http.ErrAbortHandler {
				t.Errorf("the answer ended with %v", cause)
			}
		}()
		w.handler.ServeHTTP(brokenPipe{httptest.NewRecorder()}, request)
	}()
	if !strings.Contains(w.log.String(), `"a file broke off","file":"ratings.csv"`) {
		t.Errorf("the log says nothing of it: %s", w.log)
	}
}
