package intercomtest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// topics delivers what waits and names it.
func (w *world) topics() []string {
	w.t.Helper()
	var list []string
	for _, call := range w.Deliver(w.t.Context()) {
		list = append(list, call.Topic)
	}
	return list
}

func TestEveryActTellsItsTopic(t *testing.T) {
	w := newWorld(t)
	team := w.AddTeam(DefaultWorkspace, Team{Name: "Returns", Admins: []string{w.jane}})
	other := w.AddContact(DefaultWorkspace, Contact{Name: "Eve", Email: "eve@example.com"})
	id := w.start("Hello")
	later := w.clock.now().Add(time.Hour)
	part := func(p Part, err error) string {
		w.ok(err)
		return fmt.Sprintf("%s by %s, %s", p.Type, p.Author.Type, p.State)
	}
	tests := []struct {
		name  string
		act   func() string
		want  string
		topic string // "" for none
	}{
		{"assign to a team", func() string { return part(w.AssignTeam(id, w.jane, team.ID)) }, "assignment by admin, open", "conversation.admin.assigned"},
		{"assign to the bot", func() string { return part(w.AssignBot(id, w.jane)) }, "assignment by admin, open", "conversation.admin.assigned"},
		{"assign to nobody", func() string { return part(w.Assign(id, w.jane, "")) }, "assignment by admin, open", "conversation.admin.assigned"},
		{"assign by a workflow", func() string { return part(w.AssignByWorkflow(id, w.jane)) }, "assignment by bot, open", "conversation.admin.assigned"},
		{"bot reply", func() string { return part(w.BotReply(id, "Hi")) }, "comment by bot, open", "conversation.operator.replied"},
		{"reply", func() string { return part(w.AdminReply(id, w.jane, "Hi")) }, "comment by admin, open", "conversation.admin.replied"},
		{"note", func() string { return part(w.AdminNote(id, w.jane, "Hm")) }, "note by admin, open", "conversation.admin.noted"},
		{"snooze", func() string { return part(w.Snooze(id, w.jane, later)) }, "snoozed by admin, snoozed", "conversation.admin.snoozed"},
		{"unsnooze", func() string { return part(w.Reopen(id, w.jane)) }, "open by admin, open", "conversation.admin.unsnoozed"},
		{"open what is open", func() string { p, err := w.Reopen(id, w.jane); w.ok(err); return p.ID }, "", ""},
		{"snooze again", func() string { return part(w.Snooze(id, w.jane, later)) }, "snoozed by admin, snoozed", "conversation.admin.snoozed"},
		{"the customer ends a snooze", func() string { return part(w.CustomerReply(id, w.sam, "News?")) }, "comment by user, open", "conversation.user.replied"},
		{"close with words", func() string { return part(w.CloseSaying(id, w.jane, "<p>Bye</p>")) }, "close by admin, closed", "conversation.admin.closed"},
		{"reopen", func() string { return part(w.Reopen(id, w.jane)) }, "open by admin, open", "conversation.admin.opened"},
		{"close by a workflow", func() string { return part(w.CloseByWorkflow(id)) }, "close by bot, closed", "conversation.admin.closed"},
		{"reopen by a workflow", func() string { return part(w.ReopenByWorkflow(id)) }, "open by bot, open", "conversation.admin.opened"},
		{"close", func() string { return part(w.Close(id, w.jane)) }, "close by admin, closed", "conversation.admin.closed"},
		{"assigning opens", func() string { return part(w.Assign(id, w.jane, w.jane)) }, "assign_and_reopen by admin, open", "conversation.admin.open.assigned"},
		{"tag", func() string { tag, err := w.Tag(id, w.jane, "fraud"); w.ok(err); return tag.Name }, "fraud", "conversation_part.tag.created"},
		{"tag again", func() string { tag, err := w.Tag(id, w.jane, "fraud"); w.ok(err); return tag.Name }, "fraud", ""},
		{"untag", func() string { w.ok(w.Untag(id, "fraud")); return "" }, "", ""},
		{"a second contact", func() string { w.ok(w.AddToConversation(id, other.ID)); return "" }, "", "conversation.contact.attached"},
		{"and gone", func() string { w.ok(w.RemoveFromConversation(id, other.ID)); return "" }, "", "conversation.contact.detached"},
		{"contact changed", func() string {
			w.ok(w.UpdateContact(w.sam, func(c *Contact) { c.Attributes["plan"] = "pro" }))
			return ""
		}, "", "contact.user.updated"},
		{"event", func() string { w.ok(w.TrackEvent(w.sam, "order-returned", nil)); return "" }, "", "event.created"},
		{"archived", func() string { w.ok(w.ArchiveContact(other.ID)); return "" }, "", "contact.archived"},
		{"unarchived", func() string { w.ok(w.UnarchiveContact(other.ID)); return "" }, "", "contact.unarchive"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w.clock.add(time.Minute)
			if got := tt.act(); got != tt.want {
				t.Errorf("made %q, want %q", got, tt.want)
			}
			var want []string
			if tt.topic != "" {
				want = []string{tt.topic}
			}
			if d := cmp.Diff(want, w.topics()); d != "" {
				t.Error(d)
			}
		})
	}
	c, _ := w.Conversation(id)
	if c.Reopens() != 3 || c.Team != team.ID || len(c.Contacts) != 1 {
		t.Errorf("reopened %d times, team %q, contacts %v", c.Reopens(), c.Team, c.Contacts)
	}
	if err := w.Untag(id, "fraud"); err == nil {
		t.Error("took off a tag that is not there")
	}
}

// A tag on a message is the conversation's too; taken off by REST it is gone from both.
func TestTagOfAMessage(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	first, err := w.AdminReply(id, w.jane, "one")
	w.ok(err)
	_, err = w.AdminReply(id, w.jane, "two")
	w.ok(err)
	tag, err := w.TagMessage(id, first.ID, w.jane, "dupe")
	w.ok(err)
	r := w.call("GET", "/conversations/"+id, "").want(t, 200, "")
	if at(t, r.body, "tags", "tags", 0, "name") != "dupe" || at(t, r.body, "conversation_parts", "conversation_parts", 0, "tags", 0, "name") != "dupe" {
		t.Error(r.raw)
	}
	w.call("DELETE", "/conversations/"+id+"/tags/"+tag.ID, `{"admin_id":"9608799"}`).want(t, 200, "")
	c, _ := w.Conversation(id)
	if len(c.Tags) != 0 || len(c.Parts[0].Tags) != 0 {
		t.Errorf("still tagged: %+v", c.Tags)
	}
	if _, err := w.TagMessage(id, "1", w.jane, "dupe"); err == nil {
		t.Error("tagged a message that is not there")
	}
}

func TestAssigneesByREST(t *testing.T) {
	w := newWorld(t)
	team := w.AddTeam(DefaultWorkspace, Team{Name: "Returns", Admins: []string{w.jane}})
	id := w.start("Hello")
	assign := func(body string) reply {
		return w.call("POST", "/conversations/"+id+"/parts", `{"message_type":"assignment","admin_id":"9608799",`+body+`}`)
	}
	r := assign(`"type":"team","assignee_id":"`+team.ID+`"`).want(t, 200, "")
	if got := fmt.Sprint(at(t, r.body, "team_assignee_id")); got != fmt.Sprint(float64(mustInt(team.ID))) {
		t.Errorf("team %s, want %s", got, team.ID)
	}
	r = assign(`"type":"admin","assignee_id":`+BotID).want(t, 200, "")
	if at(t, r.body, "admin_assignee_id") != 278.0 {
		t.Error(r.raw)
	}
	r = assign(`"type":"team","assignee_id":0`).want(t, 200, "")
	if at(t, r.body, "team_assignee_id") != 0.0 || at(t, r.body, "admin_assignee_id") != 278.0 {
		t.Error(r.raw)
	}
	assign(`"type":"team","assignee_id":"7"`).want(t, 404, "team_not_found")
	assign(`"type":"crowd","assignee_id":"7"`).want(t, 400, "parameter_invalid")
	if got := at(t, w.call("GET", "/teams/"+team.ID, "").want(t, 200, "").body, "name"); got != "Returns" {
		t.Error(got)
	}
	for _, admin := range at(t, w.call("GET", "/admins", "").body, "admins").([]any) {
		if at(t, admin, "id") == BotID {
			t.Error("the bot is among the admins")
		}
	}
}

func mustInt(s string) int64 { return integer(s).(int64) }

func TestConversationsThatABotOrATeammateBegins(t *testing.T) {
	w := newWorld(t)
	c, err := w.NewConversation(Start{Contact: w.sam, Bot: true, Text: "<p>Need help?</p>"})
	w.ok(err)
	if c.Source.Author.Type != "bot" || c.Source.DeliveredAs != "operator_initiated" || !c.BotTookPart {
		t.Errorf("%+v", c.Source)
	}
	if got := w.topics(); got != nil {
		t.Errorf("told %v", got)
	}
	r := w.call("GET", "/conversations/"+c.ID, "").want(t, 200, "")
	if at(t, r.body, "statistics", "first_contact_reply_at") != nil {
		t.Error("the bot's words count as the contact's")
	}
}

func TestQuickRepliesOfTheNewestMessage(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	const one = "a5e1c524-5ddd-4c3e-9328-6bca5d6e3edb"
	w.call("POST", "/conversations/"+id+"/reply",
		`{"message_type":"quick_reply","type":"admin","admin_id":"9608799","reply_options":[{"text":"😍","uuid":"`+one+`"}]}`).want(t, 200, "")
	if q := w.QuickReplies(id); len(q) != 1 || q[0].UUID != one {
		t.Errorf("%+v", q)
	}
	p, err := w.TakeQuickReply(id, w.sam, one)
	w.ok(err)
	w.Deliver(t.Context())
	part := at(t, w.app.last(t).body, "data", "item", "conversation_parts", "conversation_parts", 0)
	if p.Type != "comment" || at(t, part, "metadata", "quick_reply_uuid") != one || at(t, part, "author", "type") != "user" {
		t.Errorf("%v", part)
	}
	if q := w.QuickReplies(id); q != nil {
		t.Errorf("still offered: %+v", q)
	}
	_, err = w.Close(id, w.jane)
	w.ok(err)
	w.SetQuirks(Quirks{QuickReplyKeepsClosed: true})
	if p, err = w.TakeQuickReply(id, w.sam, one); err != nil || p.Type != "comment" || p.State != "closed" {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err = w.CustomerReply(id, w.sam, "And a word"); err != nil || p.Type != "open" {
		t.Errorf("%+v, %v", p, err)
	}
}

func TestCompaniesAndEventsByREST(t *testing.T) {
	w := newWorld(t)
	eve := w.AddContact(DefaultWorkspace, Contact{ExternalID: "eve-1", Name: "Eve", Email: "eve@example.com"}).ID
	larkspur := w.AddCompany(DefaultWorkspace, Company{ExternalID: "c-1", Name: "Larkspur", Plan: "Pro", Size: 12, Attributes: map[string]any{"tier": "gold"}})
	w.AddCompany(DefaultWorkspace, Company{Name: "Other"})
	w.ok(w.JoinCompany(eve, larkspur.ID))
	if c, _ := w.Contact(eve); len(c.Companies) != 1 {
		t.Errorf("%+v", c)
	}
	r := w.call("GET", "/contacts/"+eve, "").want(t, 200, "")
	if at(t, r.body, "companies", "data", 0, "id") != larkspur.ID || at(t, r.body, "companies", "total_count") != 1.0 {
		t.Error(r.raw)
	}
	r = w.call("GET", "/contacts/"+eve+"/companies", "").want(t, 200, "")
	if at(t, r.body, "companies", 0, "plan", "name") != "Pro" || at(t, r.body, "companies", 0, "user_count") != 1.0 {
		t.Error(r.raw)
	}
	if got := at(t, w.call("GET", "/companies?company_id=c-1", "").want(t, 200, "").body, "custom_attributes", "tier"); got != "gold" {
		t.Error(got)
	}
	w.call("GET", "/companies/1", "").want(t, 404, "company_not_found")
	w.ok(w.UpdateCompany(larkspur.ID, func(c *Company) { c.Plan = "Team" }))
	if d := cmp.Diff([]string{"company.updated"}, w.topics()); d != "" {
		t.Error(d)
	}

	w.ok(w.TrackEvent(eve, "ordered", map[string]any{"value": 9}))
	w.clock.add(time.Minute)
	w.ok(w.TrackEvent(eve, "ordered", nil))
	r = w.call("GET", "/events?type=user&intercom_user_id="+eve, "").want(t, 200, "")
	if len(at(t, r.body, "events").([]any)) != 2 || at(t, r.body, "events", 1, "metadata", "value") != 9.0 {
		t.Error(r.raw)
	}
	r = w.call("GET", "/events?type=user&summary=true&user_id=eve-1", "").want(t, 200, "")
	if at(t, r.body, "events", 0, "count") != 2.0 {
		t.Error(r.raw)
	}
	w.call("GET", "/events?intercom_user_id="+eve, "").want(t, 400, "parameter_invalid")
}

// Times of contacts are compared by the day, in the workspace's zone, until version 2.17.
func TestContactSearchByDay(t *testing.T) {
	w := newWorld(t)
	day := time.Date(2026, 3, 29, 12, 0, 0, 0, time.UTC)
	add := func(name string, created time.Time) {
		w.AddContact(DefaultWorkspace, Contact{Name: name, Email: name + "@day.example", CreatedAt: created})
	}
	add("before", day.AddDate(0, 0, -1))
	add("same", day)
	add("after", day.AddDate(0, 0, 1))
	tests := []struct {
		version, operator string
		value             time.Time
		want              []string
	}{
		{"2.16", "=", day.Add(-5 * time.Hour), []string{"same"}},
		{"2.16", ">", day.Add(-5 * time.Hour), []string{"after"}},
		{"2.16", "<", day.Add(5 * time.Hour), []string{"before"}},
		{"2.17", ">", day.Add(-5 * time.Hour), []string{"same", "after"}},
		{"2.17", "<", day.Add(5 * time.Hour), []string{"before", "same"}},
	}
	for _, tt := range tests {
		body := fmt.Sprintf(`{"query":{"operator":"AND","value":[{"field":"email","operator":"$","value":"@day.example"},
			{"field":"created_at","operator":"%s","value":%d}]}}`, tt.operator, tt.value.Unix())
		var got []string
		for _, c := range at(t, w.call("POST", "/contacts/search", body, tt.version).want(t, 200, "").body, "data").([]any) {
			got = append(got, at(t, c, "name").(string))
		}
		if d := cmp.Diff(tt.want, got); d != "" {
			t.Errorf("%s %s: %s", tt.version, tt.operator, d)
		}
	}
	w.call("POST", "/contacts/search", `{"query":{"field":"created_at","operator":"IN","value":[1]}}`).want(t, 400, "parameter_invalid")
	w.call("POST", "/contacts/search", `{"query":{"field":"shoe","operator":"=","value":1}}`).want(t, 400, "parameter_invalid")
}

// Walking through all pages gives each contact once.
func TestContactPages(t *testing.T) {
	w := newWorld(t)
	for i := range 7 {
		w.AddContact(DefaultWorkspace, Contact{Name: fmt.Sprint("c", i), Attributes: map[string]any{"tier": "gold"}})
	}
	var got []string
	for after := ""; ; {
		body := fmt.Sprintf(`{"query":{"field":"custom_attributes.tier","operator":"=","value":"gold"},"pagination":{"per_page":3,"starting_after":%q}}`, after)
		r := w.call("POST", "/contacts/search", body).want(t, 200, "")
		for _, c := range at(t, r.body, "data").([]any) {
			got = append(got, at(t, c, "name").(string))
		}
		next, more := at(t, r.body, "pages").(map[string]any)["next"]
		if !more {
			break
		}
		after = at(t, next, "starting_after").(string)
	}
	if d := cmp.Diff([]string{"c0", "c1", "c2", "c3", "c4", "c5", "c6"}, got); d != "" {
		t.Error(d)
	}
}
