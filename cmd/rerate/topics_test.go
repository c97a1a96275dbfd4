package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"rerate/internal/intercom/intercomtest"
)

// again is when the news of a topic have the conversation read again.
var again = map[string]string{
	"conversation.admin.closed": "always", "conversation.admin.opened": "always", "conversation.admin.snoozed": "always",
	"conversation.admin.unsnoozed": "always", "conversation.admin.open.assigned": "always", "conversation.rating.added": "always",
	"conversation.user.replied": "where asked", "conversation.admin.replied": "where asked", "conversation.operator.replied": "where asked",
	"conversation.admin.assigned": "where asked", "conversation_part.tag.created": "where asked",
	"conversation.contact.attached": "where asked", "conversation.contact.detached": "where asked",
	"ticket.closed": "where asked", "ticket.resolved": "where asked", "ticket.rating.provided": "where asked",
	"conversation.admin.noted": "never", "conversation.user.created": "never", "conversation.admin.single.created": "never",
	"conversation.something.new": "never",
}

// Every topic has a conversation read again when it may change what is decided, once however many come, and not otherwise.
func TestWhichTopicsHaveAConversationReadAgain(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		asked, silent := w.solved(), w.solved()
		w.ask(asked)
		n := 0
		send := func(topic, id string) bool {
			w.t.Helper()
			w.dropJobs()
			for range 3 { // three notifications
				n++
				item := fmt.Sprintf(`{"type":"conversation","id":"%s","contacts":{"type":"contact.list","contacts":[{"type":"contact","id":"%s"}]}}`, id, w.sam().ID)
				switch {
				case topic == "ticket.closed": // nests the ticket from API 2.15 on
					item = fmt.Sprintf(`{"ticket":{"type":"ticket","id":"%s"}}`, id)
				case strings.HasPrefix(topic, "ticket."):
					item = fmt.Sprintf(`{"type":"ticket","id":"%s"}`, id)
				case topic == "conversation_part.tag.created":
					item = fmt.Sprintf(`{"type":"conversation_part","id":"55","conversation_id":"%s"}`, id)
				}
				if status := w.webhook(fmt.Appendf(nil, `{"type":"notification_event","id":"n%d","topic":"%s","app_id":"%s","created_at":1,"data":{"item":%s}}`,
					n, topic, intercomtest.DefaultWorkspace, item)); status != 200 {
					t.Errorf("%s is answered %d", topic, status)
				}
			}
			put := w.put()
			if len(put) > 1 {
				t.Errorf("%s puts in %v", topic, put)
			}
			return slices.Equal(put, []string{id})
		}
		for topic, when := range again {
			if got, want := send(topic, asked), when != "never"; got != want {
				t.Errorf("%s, where somebody was asked: read again %t, want %t", topic, got, want)
			}
			if got, want := send(topic, silent), when == "always"; got != want {
				t.Errorf("%s, where nobody was asked: read again %t, want %t", topic, got, want)
			}
		}
	})
}

// The topics to tick, as the README has them, are those that Rerate does something with, and no others.
func TestTheReadmeNamesEveryTopic(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "| topic |")
	table, _, _ = strings.Cut(table, "\n\n")
	for topic := range again {
		if known := topic != "conversation.something.new"; strings.Contains(table, "`"+topic+"`") != known {
			t.Errorf("%s stands in the table: %t", topic, !known)
		}
	}
	for _, topic := range []string{"contact.archived", "contact.unarchive", "contact.deleted", "contact.merged", "conversation.deleted"} {
		if !strings.Contains(table, "`"+topic+"`") {
			t.Errorf("the table says nothing of %s", topic)
		}
	}
}
