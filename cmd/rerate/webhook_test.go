package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Intercom signs webhooks with SHA-1
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
)

// count answers a query that counts.
func (w *world) count(query string) int {
	w.t.Helper()
	db, err := w.app.store.SQL()
	w.must(err)
	var n int
	w.must(db.QueryRowContext(w.ctx, query).Scan(&n))
	return n
}

// live does everything in Intercom that a topic tells of.
func (w *world) live() {
	w.t.Helper()
	sam := w.sam().ID
	zoe := w.contact("zoe@example.com").ID
	lead := w.sandbox.AddContact(intercomtest.DefaultWorkspace, intercomtest.Contact{Role: "lead"})
	company := w.sandbox.AddCompany(intercomtest.DefaultWorkspace, intercomtest.Company{Name: "One"})
	id := w.ratedNatively(2)
	w.customerReply(id)
	w.reply(id, tomas)
	for _, act := range []func() error{
		func() error { _, err := w.sandbox.AdminNote(id, jane, "<p>Note</p>"); return err },
		func() error { _, err := w.sandbox.Assign(id, jane, tomas); return err },
		func() error { _, err := w.sandbox.Snooze(id, jane, w.clock.Now().Add(time.Second)); return err },
		func() error { w.sandbox.WakeSnoozed(); return nil },
		func() error { _, err := w.sandbox.Close(id, jane); return err },
		func() error { _, err := w.sandbox.Reopen(id, jane); return err },
		func() error { _, err := w.sandbox.BotReply(id, "<p>Beep</p>"); return err },
		func() error { _, err := w.sandbox.Tag(id, jane, "vip"); return err },
		func() error { return w.sandbox.AddToConversation(id, zoe) },
		func() error { return w.sandbox.RemoveFromConversation(id, zoe) },
		func() error {
			_, err := w.sandbox.NewConversation(intercomtest.Start{Contact: sam, Admin: jane, Text: "<p>How is the tent?</p>"})
			return err
		},
		func() error { return w.sandbox.DeleteConversation(id) },
		func() error { return w.sandbox.MergeContact(w.contact("omar@example.com").ID, zoe) },
		func() error { return w.sandbox.ArchiveContact(zoe) },
		func() error { return w.sandbox.UnarchiveContact(zoe) },
		func() error { return w.sandbox.UpdateContact(sam, func(c *intercomtest.Contact) { c.Name = "Samuel" }) },
		func() error {
			return w.sandbox.UpdateContact(lead.ID, func(c *intercomtest.Contact) { c.Name = "Lea" })
		},
		func() error {
			return w.sandbox.UpdateCompany(company.ID, func(c *intercomtest.Company) { c.Name = "Other" })
		},
		func() error { return w.sandbox.TrackEvent(sam, "bought", nil) },
		func() error { return w.sandbox.DeleteContact(zoe) },
	} {
		w.step(act)
	}
}

// Every topic that the sandbox knows is taken once, also when it comes twice, held back or in the wrong order.
func TestEveryTopicIsStoredOnce(t *testing.T) {
	for name, fault := range map[string]intercomtest.WebhookFault{
		"in order": {Topic: "none", Kind: intercomtest.Lose}, "twice": {Kind: intercomtest.Twice}, "backwards": {Kind: intercomtest.Backwards},
	} {
		t.Run(name, func(t *testing.T) {
			eachWorld(t, func(w *world) {
				w.live()
				w.sandbox.MisbehaveWebhooks(fault)
				sent := w.sandbox.Waiting()
				topics := map[string]bool{}
				for _, call := range append(w.sandbox.Deliver(w.ctx), w.sandbox.DeliverNow(w.ctx)...) {
					topics[call.Topic] = true
					if call.Status != http.StatusOK {
						t.Errorf("%s is answered %d %s", call.Topic, call.Status, call.Answer)
					}
				}
				for _, topic := range w.sandbox.Options().WebhookTopics {
					if !topics[topic] && topic != "conversation.admin.open.assigned" {
						t.Errorf("nothing told of %s", topic)
					}
				}
				if got := w.count("SELECT COUNT(*) FROM events"); got != sent {
					t.Errorf("%d events are stored of %d that were sent", got, sent)
				}
			})
		})
	}
}

// What is no news of a conversation is taken too.
func TestPingHeadAndUnknownTopics(t *testing.T) {
	eachWorld(t, func(w *world) {
		for range 2 {
			if call := w.sandbox.Ping(w.ctx, w.tenant.Workspace); call.Status != http.StatusOK {
				t.Errorf("ping is answered %d %s", call.Status, call.Answer)
			}
		}
		if got := w.count("SELECT COUNT(*) FROM events WHERE topic = 'ping'"); got != 2 {
			t.Errorf("%d pings are stored", got)
		}
		if call := w.sandbox.CheckEndpoint(w.ctx); call.Status != http.StatusOK {
			t.Errorf("HEAD is answered %d", call.Status)
		}
		id := w.solved()
		before := w.sandbox.Deliver(w.ctx)[0]
		w.forward(before, "conversation.user.created", "conversation.something.new")
		w.forward(before, `"notif_`, `"another_`)
		w.forward(before, `"item":{`, `"item":{"surprise":[null,{"a":1}],`)
		if got := w.count("SELECT COUNT(*) FROM events WHERE topic = 'conversation.something.new'"); got != 0 {
			t.Errorf("the same notification is stored %d times more under another topic", got)
		}
		if got := w.count("SELECT COUNT(*) FROM events WHERE topic = 'conversation.user.created'"); got != 2 {
			t.Errorf("stored are %d", got)
		}
		w.forward(before, "conversation.user.created", "conversation.something.new", `"notif_`, `"third_`)
		if got := w.count("SELECT COUNT(*) FROM events WHERE topic = 'conversation.something.new'"); got != 1 {
			t.Errorf("an unknown topic is stored %d times", got)
		}
		w.tap(w.ask(id), w.sam().ID, 4)
		w.notes(id, 1)
	}, func(o *intercomtest.Options) { o.WebhookTopics = []string{"conversation.user.created"} })
}

// forward sends a webhook once more, changed as Intercom might and signed.
func (w *world) forward(call intercomtest.Call, changes ...string) {
	w.t.Helper()
	call.Request = []byte(strings.NewReplacer(changes...).Replace(string(call.Request)))
	if answer := w.webhook(call.Request); answer != http.StatusOK {
		w.t.Errorf("%v: answered %d", changes, answer)
	}
}

// webhook posts a body as Intercom would and answers the status.
func (w *world) webhook(body []byte) int {
	w.t.Helper()
	mac := hmac.New(sha1.New, []byte("sandbox-secret"))
	mac.Write(body)
	request, err := http.NewRequestWithContext(w.ctx, http.MethodPost, w.url+"/webhooks/intercom", bytes.NewReader(body))
	w.must(err)
	request.Header.Set("X-Hub-Signature", "sha1="+hex.EncodeToString(mac.Sum(nil)))
	response, err := http.DefaultClient.Do(request)
	w.must(err)
	w.must(response.Body.Close())
	return response.StatusCode
}

func TestADeletedConversationCannotBeRated(t *testing.T) {
	eachWorld(t, func(w *world) {
		id := w.solved()
		card := w.ask(id)
		rated := w.ask(w.ratedNatively(2))
		w.tap(rated, w.sam().ID, 5)
		shown, _ := w.sandbox.Card(rated)
		w.notes(shown.Conversation, 1)
		for _, conversation := range []string{id, shown.Conversation} {
			w.must(w.sandbox.DeleteConversation(conversation))
		}
		w.sandbox.Deliver(w.ctx)
		if answer := w.tap(card, w.sam().ID, 5); !strings.Contains(texts(answer.Shown), "cannot be used any more") {
			t.Errorf("the card says %q", texts(answer.Shown))
		}
		if answer := w.press(rated, w.sam().ID, "change", nil); !strings.Contains(texts(answer.Shown), "cannot be used any more") {
			t.Errorf("the rated card says %q", texts(answer.Shown))
		}
		if got := len(w.ratings(id)); got != 0 {
			t.Errorf("there are %d ratings", got)
		}
		if got := len(w.ratings(shown.Conversation)); got != 2 { // what was said before still counts
			t.Errorf("there are %d ratings", got)
		}
	})
}

// A deleted contact is forgotten: name, address and every remark. The scores stay, and nothing that comes late brings
// the person back.
func TestADeletedContactIsForgotten(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		sam := w.sam()
		id := w.ratedNatively(2)
		w.must(w.sandbox.RateNatively(id, sam.ID, 2, "My name is Sam and it leaks."))
		created := w.sandbox.Deliver(w.ctx)
		card := w.ask(id)
		w.tap(card, sam.ID, 5)
		w.remark(card, sam.ID, "Sam is happy again.")
		w.notes(id, 1)
		stored := func(when string) {
			t.Helper()
			people, err := w.tenant.Contacts(w.ctx, []string{sam.ID})
			if err != nil || people[sam.ID].Name != "" || people[sam.ID].Email != "" || people[sam.ID].ExternalID != "" {
				t.Errorf("%s the contact is %+v, %v", when, people, err)
			}
			for _, r := range w.ratings(id) {
				if r.Remark != "" || !r.Valid() {
					t.Errorf("%s a rating is %+v", when, r)
				}
			}
			if got := w.told(id); got != "intercom 2 first, card 5 better" {
				t.Errorf("%s the ratings are %s", when, got)
			}
		}
		w.must(w.sandbox.DeleteContact(sam.ID))
		for _, call := range w.sandbox.Deliver(w.ctx) {
			if call.Status != http.StatusOK {
				t.Errorf("%s is answered %d", call.Topic, call.Status)
			}
		}
		stored("at once")
		csv := string(w.call(http.MethodGet, "/ratings.csv", nil, http.StatusOK))
		if strings.Contains(csv, "Sam") {
			t.Errorf("the CSV still names Sam: %s", csv)
		}
		w.sync(id)
		stored("after the conversation was read again")
		w.forward(created[0], `"notif_`, `"late_`)
		stored("after a late webhook")
	})
}

// Notifications of a workspace that has not installed Rerate are stored and do no harm.
func TestWebhooksOfAStranger(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.addOther()
		w.sandbox.Install(other, otherIvy) // in Intercom only
		eve := w.sandbox.AddContact(other, intercomtest.Contact{Name: "Eve", Email: "eve@example.com"})
		c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: eve.ID, Text: "Hello"})
		w.must(err)
		_, err = w.sandbox.RequestNativeRating(c.ID)
		w.must(err)
		w.must(w.sandbox.RateNatively(c.ID, eve.ID, 2, "Bad"))
		w.must(w.sandbox.DeleteContact(eve.ID))
		calls := w.sandbox.Deliver(w.ctx)
		for _, call := range calls {
			if call.Status != http.StatusOK {
				t.Errorf("%s is answered %d %s", call.Topic, call.Status, call.Answer)
			}
		}
		if got := w.count("SELECT COUNT(*) FROM events WHERE workspace_id = '" + other + "'"); got != len(calls) {
			t.Errorf("%d events are stored of %d", got, len(calls))
		}
		if got := w.count("SELECT COUNT(*) FROM ratings WHERE workspace_id = '" + other + "'"); got != 0 {
			t.Errorf("%d ratings are stored", got)
		}
		if got := w.count("SELECT COUNT(*) FROM contacts WHERE workspace_id = '" + other + "'"); got != 0 {
			t.Errorf("%d people of a stranger are stored", got)
		}
		if err := w.tryIn(w.ctx, other, c.ID); err != nil {
			t.Errorf("the job fails: %v", err)
		}
		// The queue is none the worse for it.
		id := w.solved()
		w.tap(w.ask(id), w.sam().ID, 1)
		w.notes(id, 1)
	})
}
