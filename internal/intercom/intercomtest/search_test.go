package intercomtest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// searchWorld has three conversations: a open chat, b closed and rated e-mail, c reopened chat of two people with a tag.
func searchWorld(t *testing.T) (w *world, a, b, c string) {
	w = newWorld(t)
	for _, old := range w.Conversations(DefaultWorkspace) {
		w.ok(w.DeleteConversation(old.ID))
	}
	a = w.start("Where is my parcel?")
	w.clock.add(time.Minute)
	lead := w.AddContact(DefaultWorkspace, Contact{Role: "lead", Name: "Lea"})
	mail, err := w.NewConversation(Start{Contact: lead.ID, Channel: "email", Subject: "Broken", Text: "It broke"})
	w.ok(err)
	b = mail.ID
	_, err = w.AdminReply(b, w.jane, "Sorry")
	w.ok(err)
	_, err = w.Close(b, w.jane)
	w.ok(err)
	_, err = w.RequestNativeRating(b)
	w.ok(err)
	w.ok(w.RateNatively(b, lead.ID, 1, "awful"))
	w.clock.add(time.Minute)
	c = w.start("Group")
	w.ok(w.AddToConversation(c, lead.ID))
	_, err = w.Close(c, "9608812")
	w.ok(err)
	_, err = w.CustomerReply(c, w.sam, "again")
	w.ok(err)
	_, err = w.Tag(c, w.jane, "fraud")
	w.ok(err)
	return w, a, b, c
}

func TestSearchFilters(t *testing.T) {
	w, a, b, c := searchWorld(t)
	name := map[string]string{a: "a", b: "b", c: "c"}
	conv, _ := w.Conversation(c)
	tag := conv.Tags[0].ID
	updated := func(id string) int64 { v, _ := w.Conversation(id); return v.UpdatedAt.Unix() }
	f := func(field, op string, value any) string {
		return fmt.Sprintf(`{"field":%q,"operator":%q,"value":%s}`, field, op, encode(value))
	}
	tests := []struct{ query, want string }{
		{f("state", "=", "closed"), "b"},
		{f("state", "!=", "closed"), "ca"},
		{f("open", "=", true), "ca"},
		{f("state", "IN", []string{"closed", "open"}), "cba"},
		{f("state", "NIN", []string{"closed"}), "ca"},
		{f("updated_at", ">", updated(b)), "cb"},
		{f("updated_at", "<", fmt.Sprint(updated(b))), "ba"},
		{f("source.type", "=", "email"), "b"},
		{f("source.author.type", "=", "lead"), "b"},
		{f("source.subject", "^", "bro"), "b"},
		{f("source.subject", "$", "KEN"), "b"},
		{f("source.subject", "~", "ROK"), "b"},
		{f("source.subject", "!~", "rok"), "ca"},
		{f("source.body", "=", "parcel?"), "a"},
		{f("source.body", "=", "my parcel?"), ""},
		{f("contact_ids", "=", w.sam), "ca"},
		{f("teammate_ids", "=", "9608812"), "c"},
		{f("tag_ids", "=", tag), "c"},
		{f("statistics.count_reopens", ">", 1), "c"},
		{f("statistics.last_close_at", ">", 0), "cb"},
		{f("statistics.last_closed_by_id", "=", w.jane), "b"},
		{f("conversation_rating.score", "<", 2), "b"},
		{f("conversation_rating.remark", "~", "awf"), "b"},
		{f("conversation_rating.score", "=", nil), "ca"},
		{`{"operator":"AND","value":[` + f("state", "=", "open") + `,` + f("tag_ids", "=", tag) + `]}`, "c"},
		{`{"operator":"OR","value":[` + f("state", "=", "closed") + `,{"operator":"AND","value":[` + f("tag_ids", "=", tag) + `]}]}`, "cb"},
	}
	for _, tt := range tests {
		r := w.call("POST", "/conversations/search", `{"query":`+tt.query+`}`).want(t, 200, "")
		got := ""
		for _, found := range r.body["conversations"].([]any) {
			got += name[at(t, found, "id").(string)]
		}
		if got != tt.want {
			t.Errorf("%s found %q, want %q", tt.query, got, tt.want)
		}
	}
	many := strings.Repeat(f("state", "=", "open")+",", 15) + f("state", "=", "open")
	group := func(in string) string { return `{"operator":"AND","value":[` + in + `]}` }
	for _, query := range []string{
		f("nonsense", "=", 1), f("state", ">", "a"), f("created_at", "=", "foobar"), f("created_at", "~", 1), f("state", "IN", "open"),
		`{}`, `[]`, group(many), group(group(group(f("state", "=", "open")))), group(""),
	} {
		w.call("POST", "/conversations/search", `{"query":`+query+`}`).want(t, 400, "parameter_invalid")
	}
	w.call("POST", "/conversations/search", `{"query":`+tests[0].query+`,"pagination":{"per_page":151}}`).want(t, 400, "parameter_invalid")
	w.call("POST", "/conversations/search", `{"query":`+tests[0].query+`,"pagination":{"starting_after":"x"}}`).want(t, 400, "parameter_invalid")
}

func TestSearchPages(t *testing.T) {
	w := newWorld(t)
	var want []string
	for i := range 7 {
		id := w.start(fmt.Sprint("Conversation ", i))
		want = append([]string{id}, want...)
		if i%2 == 0 {
			w.clock.add(time.Second)
		}
	}
	var got []string
	after := ""
	for page := 1; ; page++ {
		r := w.call("POST", "/conversations/search", fmt.Sprintf(
			`{"query":{"field":"source.body","operator":"=","value":"Conversation"},"pagination":{"per_page":3,"starting_after":%q}}`, after)).want(t, 200, "")
		for _, c := range r.body["conversations"].([]any) {
			got = append(got, at(t, c, "id").(string))
		}
		if at(t, r.body, "pages", "page") != float64(page) || at(t, r.body, "pages", "total_pages") != 3.0 || r.body["total_count"] != 7.0 {
			t.Errorf("page %d: %v, total %v", page, r.body["pages"], r.body["total_count"])
		}
		next, more := at(t, r.body, "pages").(map[string]any)["next"]
		if !more {
			break
		}
		after = at(t, next, "starting_after").(string)
		w.start("A newcomer on the way") // must not shift the pages
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestSearchLag(t *testing.T) {
	w := newWorld(t)
	w.SetQuirks(Quirks{SearchLag: time.Minute})
	w.start("fresh")
	query := `{"query":{"field":"source.body","operator":"=","value":"fresh"}}`
	if r := w.call("POST", "/conversations/search", query); r.body["total_count"] != 0.0 {
		t.Error("found before the index caught up")
	}
	w.clock.add(time.Minute)
	if r := w.call("POST", "/conversations/search", query); r.body["total_count"] != 1.0 {
		t.Error("not found after the lag")
	}
}
