package intercomtest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

var allTopics = []string{
	"conversation.user.created", "conversation.user.replied", "conversation.admin.replied", "conversation.admin.closed",
	"conversation.admin.opened", "conversation.admin.snoozed", "conversation.admin.unsnoozed", "conversation.admin.assigned",
	"conversation.admin.open.assigned", "conversation.admin.noted", "conversation.admin.single.created", "conversation.operator.replied",
	"conversation.rating.added", "conversation_part.tag.created", "conversation.deleted", "conversation.contact.attached",
	"conversation.contact.detached", "contact.archived", "contact.deleted", "contact.merged", "contact.unarchive",
	"contact.user.updated", "contact.lead.updated", "company.updated", "event.created",
}

// notification is one webhook that waits for its delivery. The item is encoded when the event happens, not when it is sent.
type notification struct {
	id        string
	workspace string
	topic     string
	item      json.RawMessage
	createdAt time.Time
	dueAt     time.Time
	attempts  int
	held      bool // a fault put it back once
	backwards bool // it goes after the ones that came later
}

// envelope is what the app receives (third-party captures of 2026).
type envelope struct {
	Type             string   `json:"type"`
	AppID            string   `json:"app_id"`
	Data             data     `json:"data"`
	Links            struct{} `json:"links"`
	ID               *string  `json:"id"`
	Topic            string   `json:"topic"`
	DeliveryStatus   *string  `json:"delivery_status"`
	DeliveryAttempts int      `json:"delivery_attempts"`
	DeliveredAt      int64    `json:"delivered_at"`
	FirstSentAt      int64    `json:"first_sent_at"`
	CreatedAt        int64    `json:"created_at"`
	Self             *string  `json:"self"`
}

type data struct {
	Type string          `json:"type"`
	Item json.RawMessage `json:"item"`
}

// tell queues a webhook for an installed workspace.
func (s *Server) tell(workspace, topic string, item any) {
	sp := s.spaces[workspace]
	if s.silent || s.webhooksOff || sp.installedBy == "" || !slices.Contains(s.opts.WebhookTopics, topic) {
		return
	}
	now := s.now()
	s.queue = append(s.queue, &notification{
		id: "notif_" + s.ids.uuid(), workspace: workspace, topic: topic, item: encode(item), createdAt: now, dueAt: now,
	})
}

func (s *Server) tellConversation(c *Conversation, topic string, p *Part) {
	s.tell(c.Workspace, topic, s.webhookConversation(c, p))
}

func (s *Server) tellTagged(c *Conversation, p *Part, added Tag) {
	item := s.webhookConversation(c, p)
	item.TagsAdded = &tagList{Type: "tag.list", Tags: []tagJSON{tagOf(added)}}
	s.tell(c.Workspace, "conversation_part.tag.created", item)
}

// Waiting counts the webhooks that were not delivered yet, those that wait for their retry included.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.queue)
}

// Deliver sends every webhook that is due by the sandbox's clock and returns the calls it made. A failed one is put back for its one
// retry, RetryAfter later; a second failure drops it.
func (s *Server) Deliver(ctx context.Context) []Call { return s.deliver(ctx, false) }

// DeliverNow also sends what waits for a retry, whatever the clock says.
func (s *Server) DeliverNow(ctx context.Context) []Call { return s.deliver(ctx, true) }

// Run delivers webhooks as they come, wakes snoozed conversations and runs workflows, until ctx ends.
func (s *Server) Run(ctx context.Context) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if s.webhookDue() {
			s.Deliver(ctx)
		}
		s.RunWorkflows(ctx)
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-tick.C:
			s.WakeSnoozed()
		}
	}
}

func (s *Server) webhookDue() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.queue, func(n *notification) bool { return !n.dueAt.After(s.now()) })
}

// Ping sends the test notification of the Developer Hub, whose id is null.
func (s *Server) Ping(ctx context.Context, workspace string) Call {
	s.mu.Lock()
	n := &notification{
		workspace: workspace, topic: "ping", createdAt: s.now(), item: encode(map[string]string{"type": "ping", "message": "something something interzen"}),
	}
	s.mu.Unlock()
	return s.post(ctx, n)
}

// CheckEndpoint sends the HEAD request that Intercom sends when the webhook address is saved. Success ends what a 410 began.
func (s *Server) CheckEndpoint(ctx context.Context) Call {
	s.mu.Lock()
	o := outgoing{kind: KindWebhook, method: http.MethodHead, url: s.opts.AppURL + webhookPath, path: webhookPath, budget: s.opts.WebhookBudget, attempt: 1}
	s.mu.Unlock()
	call := s.send(ctx, o)
	if call.Problem == "" {
		s.lock()
		defer s.unlock()
		s.webhooksOff = false
	}
	return call
}

// WebhooksOff says whether an answer of 410 ended the subscription: nothing is told any more.
func (s *Server) WebhooksOff() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.webhooksOff
}

const webhookPath = "/webhooks/intercom"

func (s *Server) deliver(ctx context.Context, all bool) []Call {
	s.lock()
	now := s.now()
	var due []*notification
	s.queue = slices.DeleteFunc(s.queue, func(n *notification) bool {
		take := all || !n.dueAt.After(now)
		if take {
			due = append(due, n)
		}
		return take
	})
	due = s.misdeliver(due)
	s.unlock()

	var calls []Call
	for _, n := range due {
		call := s.post(ctx, n)
		calls = append(calls, call)
		if call.Status == http.StatusGone {
			s.lock()
			s.webhooksOff, s.queue = true, nil
			s.unlock()
			break
		}
		if call.Problem != "" && n.attempts == 1 {
			s.lock()
			n.dueAt = s.now().Add(s.opts.RetryAfter)
			s.queue = append(s.queue, n)
			s.unlock()
		}
	}
	return calls
}

func (s *Server) post(ctx context.Context, n *notification) Call {
	s.mu.Lock()
	n.attempts++
	body := encode(n.envelope())
	o := outgoing{
		kind: KindWebhook, workspace: n.workspace, method: http.MethodPost, url: s.opts.AppURL + webhookPath, path: webhookPath,
		body: body, budget: s.opts.WebhookBudget, topic: n.topic, attempt: n.attempts,
		header: map[string]string{
			"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "intercom-parrot-service-client/1.0",
			"X-Hub-Signature": hubSignature(s.opts.ClientSecret, body), "X-Sandbox-Intercom": "1",
		},
	}
	s.mu.Unlock()
	return s.send(ctx, o)
}

func (n *notification) envelope() envelope {
	e := envelope{
		Type: "notification_event", AppID: n.workspace, Data: data{"notification_event_data", n.item}, Topic: n.topic,
		DeliveryAttempts: n.attempts, FirstSentAt: n.createdAt.Unix() + 1, CreatedAt: n.createdAt.Unix(),
	}
	if n.id != "" {
		pending := "pending"
		e.ID, e.DeliveryStatus = &n.id, &pending
	}
	return e
}
