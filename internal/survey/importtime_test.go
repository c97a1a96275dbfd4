package survey

import (
	"strings"
	"testing"
	"time"

	"rerate/models"
)

func TestTimesOfAFile(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{ // a time in UTC, or what is said of one that is refused
		"2026-03-02T10:15:30Z":      "2026-03-02T10:15:30Z",
		"2026-03-02T10:15:30+01:00": "2026-03-02T09:15:30Z",
		"2026-03-02T10:15:30.5Z":    "2026-03-02T10:15:30Z",
		"2026-03-02 10:15:30 UTC":   "2026-03-02T10:15:30Z",
		"2026-03-02 10:15 +0100":    "2026-03-02T09:15:00Z",
		"2026-03-02 10:15:30 +0100": "2026-03-02T09:15:30Z",
		"2026-03-02 10:15:30":       "2026-03-02T09:15:30Z",
		"2026-07-02 10:15":          "2026-07-02T08:15:00Z",
		"2026-07-02":                "2026-07-01T22:00:00Z",
		"1772446530":                "2026-03-02T10:15:30Z",
		"946684800":                 "2000-01-01T00:00:00Z",
		"1772446530000":             "milliseconds",
		"20260302":                  "write it as 2026-03-02",
		"45000":                     "write it like",
		"03/04/2026":                "may be the 3 April or the 4 March; write the year first, like 2026-04-03",
		"31.12.2026":                "for certain which number is the day",
		"04/04/2026":                "for certain which number is the day",
		"3/4/26 10:00":              "for certain which number is the day",
		"2026-10-25 02:30":          "comes twice",
		"2026-10-25 03:00":          "2026-10-25T02:00:00Z",
		"2026-10-25 01:59":          "2026-10-24T23:59:00Z",
		"2026-10-25T02:30:00+02:00": "2026-10-25T00:30:00Z",
		"2026-03-29 02:30":          "does not exist",
		"2026-03-29 03:00":          "2026-03-29T01:00:00Z",
		"2026-02-30":                "write it like",
		"yesterday":                 "write it like",
	} {
		at, err := parseTime(text, berlin)
		got := at.Format(time.RFC3339)
		if err != nil {
			got = err.Error()
		}
		if err != nil && !strings.Contains(got, want) || err == nil && got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestColumnsAreGuessed(t *testing.T) {
	for _, c := range []struct {
		header string
		want   map[string]int
	}{
		{"conversation_id,score,rated_at", map[string]int{"conversation_id": 0, "score": 1, "rated_at": 2}},
		{"Date,Conversation ID,CSAT,Agent Name,Comment", map[string]int{"rated_at": 0, "conversation_id": 1, "score": 2, "teammate_name": 3, "remark": 4}},
		{"conversation_rating.score,conversation,conversation_rating.replied_at,created_at", map[string]int{"score": 0, "conversation_id": 1, "rated_at": 2}},
		{"a,b", map[string]int{}},
	} {
		got := guessColumns(strings.Split(c.header, ","))
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", c.header, got)
		}
		for field, n := range c.want {
			if got[field] != n {
				t.Errorf("%s: %v", c.header, got)
			}
		}
	}
}

// The key of a rating is the same for the same rating, whatever else stands in its row, and for no other.
func TestKeysOfImportedRatings(t *testing.T) {
	base := models.ImportRow{ConversationID: "1", ContactID: "2", Score: 3, Scale: 5, At: time.Unix(1_700_000_000, 0)}
	same := base
	same.Line, same.Remark, same.Channel, same.TeammateID = 7, "words", "email", "9"
	if importKey(base) != importKey(same) {
		t.Error("line, remark, channel or teammate change the key")
	}
	for name, change := range map[string]func(*models.ImportRow){
		"conversation": func(r *models.ImportRow) { r.ConversationID = "12"; r.ContactID = "" },
		"contact":      func(r *models.ImportRow) { r.ContactID = "" },
		"score":        func(r *models.ImportRow) { r.Score = 4 },
		"scale":        func(r *models.ImportRow) { r.Scale = 10 },
		"time":         func(r *models.ImportRow) { r.At = r.At.Add(time.Microsecond) },
	} {
		other := base
		if change(&other); importKey(other) == importKey(base) {
			t.Errorf("another %s has the same key", name)
		}
	}
}
