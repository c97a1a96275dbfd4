package handlers_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	godiff "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/models"
	"rerate/models/modelstest/plain"
)

// compareSummary holds the API's summary against plain counting.
func (h *figuresWorld) compareSummary(q figuresQuery) {
	h.Helper()
	c := h.count(q)
	sums := c.now.Sums
	want := summaryJSON{
		From: string(q.now.Range.From), To: string(q.now.Range.To), TimeZone: h.set.TimeZone, Policy: string(q.policy),
		Counted: csat(c.now, q.policy).csatJSON(), First: csat(c.now, "first").csatJSON(), Matrix: [][]int{},
	}
	want.Changes.Better, want.Changes.Same, want.Changes.Worse = int(sums["better"]), int(sums["same"]), int(sums["worse"])
	want.Recovery.FirstNegative, want.Recovery.Asked = int(sums["first_negative"]), int(sums["asked"])
	want.Recovery.Answered, want.Recovery.Recovered = int(sums["answered"]), int(sums["recovered"])
	for _, row := range c.now.Matrix(len(h.wording.Options)) {
		var cells []int
		for _, pairs := range row {
			cells = append(cells, int(pairs))
		}
		want.Matrix = append(want.Matrix, cells)
	}
	type requests struct {
		Delivered int `json:"delivered"`
		Rated     int `json:"rated"`
	}
	var got struct {
		summaryJSON
		Requests *requests `json:"requests"`
	}
	address := q.forPrograms("/summary")
	h.program(address, &got)
	if diff := godiff.Diff(want, got.summaryJSON, nearly); diff != "" {
		h.Fatalf("%s (-want +got)\n%s", address, diff)
	}
	asks := &requests{int(c.asks["sent"]), int(c.asks["rated"])}
	if c.ofAnswers {
		asks = nil
	}
	if diff := godiff.Diff(asks, got.Requests); diff != "" {
		h.Fatalf("%s: requests (-want +got)\n%s", address, diff)
	}
}

// ratingLine is a rating as the API and files have it.
type ratingLine struct {
	ID, ConversationID, ContactID, Score, Emoji, Label, Remark, Change, Previous, At, Source, Channel, Teammate, Name, Valid, WhyNot string
}

func (h *figuresWorld) lineOf(r models.Rating) ratingLine {
	change, previous := h.plain.Change(r)
	line := ratingLine{
		ID: r.ID, ConversationID: r.ConversationID, ContactID: r.ContactID, Score: strconv.Itoa(r.Score), Emoji: r.Emoji, Label: r.Label, Remark: r.Remark,
		Change: string(change), At: r.At.UTC().Truncate(time.Second).Format(time.RFC3339), Source: string(r.Source), Channel: h.plain.Channels[r.ConversationID],
		Teammate: r.TeammateID, Name: r.TeammateName, Valid: strconv.FormatBool(r.WhyNot == ""), WhyNot: string(r.WhyNot),
	}
	if previous != nil {
		line.Previous = strconv.Itoa(*previous)
	}
	return line
}

// compareLists holds lists of ratings and requests against plain reading: page, file and API.
func (h *figuresWorld) compareLists(q figuresQuery) {
	h.Helper()
	size := len(h.wording.Options)
	for range 2 {
		f := models.RatingFilter{Filter: q.now}
		kind := h.one("list", "", "outcome", "first teammate", "valid", "why not", "move")
		switch kind {
		case "outcome":
			f.Outcome = rapid.SampledFrom(models.Outcomes).Draw(h.T, "outcome")
		case "first teammate":
			f.FirstTeammate = h.one("first teammate", append([]string{models.Nobody}, h.mates...)...)
		case "valid":
			f.Valid = models.YesNo(h.one("valid", "yes", "no"))
		case "why not":
			f.WhyNot = rapid.SampledFrom(models.WhyNots).Draw(h.T, "why not")
		case "move":
			f.Move = models.Move{First: rapid.IntRange(1, size).Draw(h.T, "first"), Latest: rapid.IntRange(1, size).Draw(h.T, "latest"), Scale: size}
		}
		h.compareRatings(q, f, kind != "outcome" && kind != "first teammate") // the API has no such names
	}
	h.compareLedger(q)
}

func (h *figuresWorld) compareRatings(q figuresQuery, f models.RatingFilter, api bool) {
	h.Helper()
	want := []ratingLine{}
	for _, r := range h.fitting(f) {
		want = append(want, h.lineOf(r))
	}
	narrow := []string{"outcome", string(f.Outcome), "first_teammate", f.FirstTeammate, "valid", string(f.Valid), "why_not", string(f.WhyNot)}
	if f.Move.First > 0 {
		narrow = append(narrow, "first", strconv.Itoa(f.Move.First), "latest", strconv.Itoa(f.Move.Latest))
	}
	address := q.rows("/ratings.csv", narrow...)
	got := []ratingLine{}
	for i, row := range readCSV(h.get(address).Body.String()) {
		if i == 0 {
			continue
		}
		got = append(got, ratingLine{
			row[0], row[1], row[2], row[3], row[4], row[5], strings.TrimPrefix(row[6], "'"), row[7], row[8], row[9], row[10], row[11], row[12], row[13], row[14], row[15],
		})
	}
	if diff := godiff.Diff(want, got); diff != "" {
		h.Fatalf("%s (-want +got)\n%s", address, diff)
	}
	address = q.rows("/ratings", narrow...)
	list := h.page(address).Find("#list")
	if n, _ := strconv.Atoi(strings.ReplaceAll(firstNumber.FindString(words(list)), ",", "")); n != len(want) {
		h.Fatalf("%s says %q, want %d", address, words(list), len(want))
	}
	if api {
		h.compareRatingsAPI(q, want, narrow)
	}
}

// compareRatingsAPI walks through all pages of the API.
func (h *figuresWorld) compareRatingsAPI(q figuresQuery, want []ratingLine, narrow []string) {
	h.Helper()
	address := q.address("/ratings", append(narrow, "days", "", "from", string(q.now.Range.From), "to", string(q.now.Range.To), "compare", "", "policy", "", "sort", "")...)
	address += "&limit=" + strconv.Itoa(rapid.SampledFrom([]int{7, 40, 200}).Draw(h.T, "limit"))
	got := []ratingLine{}
	for cursor := ""; ; {
		var page struct {
			Items []struct {
				ID             string
				ConversationID string `json:"conversation_id"`
				ContactID      string `json:"contact_id"`
				Score          int
				Emoji          string
				Label          string
				Remark         string
				Change         string
				PreviousScore  *int `json:"previous_score"`
				At             time.Time
				Source         string
				Channel        string
				Teammate       *struct{ ID, Name string }
				Valid          bool
				WhyNot         *string `json:"why_not"`
				Integrity      string
				Doubt          *string
				WhatChanged    *string    `json:"what_changed"`
				HandledAt      *time.Time `json:"handled_at"`
				HandledBy      *string    `json:"handled_by"`
			}
			NextCursor *string `json:"next_cursor"`
		}
		h.program(address+cursor, &page)
		for _, i := range page.Items {
			line := ratingLine{
				ID: i.ID, ConversationID: i.ConversationID, ContactID: i.ContactID, Score: strconv.Itoa(i.Score), Emoji: i.Emoji, Label: i.Label, Remark: i.Remark,
				Change: i.Change, At: i.At.Truncate(time.Second).Format(time.RFC3339), Source: i.Source, Channel: i.Channel, Valid: strconv.FormatBool(i.Valid),
			}
			if i.PreviousScore != nil {
				line.Previous = strconv.Itoa(*i.PreviousScore)
			}
			if i.Teammate != nil {
				line.Teammate, line.Name = i.Teammate.ID, i.Teammate.Name
			}
			if i.WhyNot != nil {
				line.WhyNot = *i.WhyNot
			}
			got = append(got, line)
		}
		if page.NextCursor == nil {
			break
		}
		cursor = "&cursor=" + url.QueryEscape(*page.NextCursor)
	}
	if diff := godiff.Diff(want, got); diff != "" {
		h.Fatalf("%s (-want +got)\n%s", address, diff)
	}
}

// compareLedger holds the file of requests and what it counts against plain reading. It knows a range, a channel and a teammate.
func (h *figuresWorld) compareLedger(q figuresQuery) {
	h.Helper()
	kind := models.LedgerCloses(h.one("closes", "", "all", "asked"))
	place := func(r plain.Request) time.Time {
		switch {
		case !r.ClosedAt.IsZero():
			return r.ClosedAt
		case !r.SentAt.IsZero():
			return r.SentAt
		}
		return r.CreatedAt
	}
	var found []plain.Request
	for _, r := range h.plain.Requests {
		day := h.plain.Day(place(r))
		if day < string(q.now.Range.From) || day > string(q.now.Range.To) || q.now.Channel != "" && q.now.Channel != h.plain.Channels[r.Conversation] ||
			q.now.Teammate != "" && !plain.IsOf(q.now.Teammate, r.Teammate) || kind != "" && (r.ClosedAt.IsZero() || r.Test) || kind == "asked" && r.SentAt.IsZero() {
			continue
		}
		found = append(found, r)
	}
	slices.SortFunc(found, func(a, b plain.Request) int {
		if order := place(b).Compare(place(a)); order != 0 {
			return order
		}
		return strings.Compare(b.ID, a.ID)
	})
	clock := func(at time.Time) string {
		if at.IsZero() {
			return ""
		}
		return at.UTC().Format(time.RFC3339)
	}
	want, got := [][]string{}, [][]string{}
	for _, r := range found {
		want = append(want, []string{
			r.ID, r.Conversation, strconv.Itoa(r.Episode), clock(r.ClosedAt), r.State, r.Rule, h.plain.Channels[r.Conversation], r.Method, clock(r.SentAt), clock(r.RatedAt),
			h.scoreOf(r), strconv.FormatBool(r.Automatic), strconv.FormatBool(r.Test), r.Teammate, r.TeammateName,
		})
	}
	address := figuresQuery{values: map[string]string{
		"from": string(q.now.Range.From), "to": string(q.now.Range.To), "channel": q.now.Channel, "teammate": q.now.Teammate, "closes": string(kind),
	}}.address("/requests.csv")
	for i, row := range readCSV(h.get(address).Body.String()) {
		if i > 0 {
			got = append(got, slices.Delete(row, 5, 6)) // the reason in words
		}
	}
	if diff := godiff.Diff(want, got); diff != "" {
		h.Fatalf("%s (-want +got)\n%s", address, diff)
	}
}

// scoreOf is the score of the newest answer to a request that was not undone and is not suspect.
func (h *figuresWorld) scoreOf(q plain.Request) string {
	score, newest := "", models.Rating{}
	for _, r := range h.plain.Ratings {
		if r.RequestID == q.ID && r.WhyNot != "undone" && r.WhyNot != "suspect" &&
			(score == "" || r.At.After(newest.At) || r.At.Equal(newest.At) && r.ID > newest.ID) {
			score, newest = strconv.Itoa(r.Score), r
		}
	}
	return score
}
