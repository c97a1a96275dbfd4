package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// ruleCase is one conversation under one set of rules.
type ruleCase struct {
	name string
	set  func(*models.Settings)
	live func(w *world) string // makes the conversation, up to its close
	want string                // the rule that says no; empty: it is asked
}

// talk is a conversation with messages of these many characters of the customer and then of Jane.
func talk(customer, jane int, change ...func(*intercomtest.Start)) func(*world) string {
	return func(w *world) string { return w.talk(customer, jane, change...) }
}

func (w *world) talk(customer, teammate int, change ...func(*intercomtest.Start)) string {
	w.t.Helper()
	start := intercomtest.Start{Contact: w.sam().ID, Text: strings.Repeat("x", customer)}
	for _, c := range change {
		c(&start)
	}
	c, err := w.sandbox.NewConversation(start)
	w.must(err)
	w.says(c.ID, "<p>"+strings.Repeat("y", teammate)+"</p>")
	return c.ID
}

func (w *world) says(id, html string) {
	w.t.Helper()
	w.step(func() error { _, err := w.sandbox.AdminReply(id, jane, html); return err })
}

// and does something more in a conversation.
func and(live func(*world) string, more func(w *world, id string) error) func(*world) string {
	return func(w *world) string {
		id := live(w)
		w.step(func() error { return more(w, id) })
		return id
	}
}

// closedBefore has a conversation closed and reopened by its customer.
func closedBefore(live func(*world) string) func(*world) string {
	return func(w *world) string {
		id := live(w)
		w.close(id)
		w.customerReply(id)
		w.deliver(id)
		return id
	}
}

func email(s *intercomtest.Start)   { s.Channel = "email" }
func byAdmin(s *intercomtest.Start) { s.Admin = jane }
func byBot(s *intercomtest.Start)   { s.Bot = true }

func of(address string) func(*world) string {
	return func(w *world) string {
		return w.talk(150, 150, func(s *intercomtest.Start) { s.Contact = w.contact(address).ID })
	}
}

// after lets time pass before the close, and asks the rules with the very second.
func after(live func(*world) string, pause time.Duration) func(*world) string {
	return func(w *world) string {
		id := live(w)
		w.clock.Move(pause - time.Minute) // closing takes a minute
		return id
	}
}

const days = 24 * time.Hour

var fine = talk(150, 150)

// Every rule, on and off and at its boundary.
var ruleCases = []ruleCase{
	{"by default", nil, fine, ""},
	{"asking by itself is off", func(s *models.Settings) { s.Ask.Automatic = false }, fine, "automatic"},
	{"a teammate said no", nil, func(w *world) string {
		id := fine(w)
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error {
			if _, err := tx.Conversation(id); err != nil {
				return err
			}
			return tx.SetDoNotAsk(id, true)
		}))
		return id
	}, "do_not_ask"},

	{"Intercom asked, and waits", nil, and(fine, func(w *world, id string) error { _, err := w.sandbox.RequestNativeRating(id); return err }), "asked_by_intercom"},
	{"Intercom asked, and was answered", nil, and(fine, func(w *world, id string) error {
		w.must2(w.sandbox.RequestNativeRating(id))
		return w.sandbox.RateNatively(id, w.sam().ID, 4, "")
	}), "asked_by_intercom"},
	{"Intercom asked in the episode before", nil, func(w *world) string {
		id := fine(w)
		w.must2(w.sandbox.RequestNativeRating(id))
		w.clock.Move(time.Second)
		w.close(id)
		w.customerReply(id)
		w.says(id, "<p>Here.</p>")
		return id
	}, ""},

	{"chat is off", func(s *models.Settings) { s.Ask.Channels.Chat = false }, fine, "channels"},
	{"chat is off, an e-mail", func(s *models.Settings) { s.Ask.Channels.Chat = false }, talk(150, 150, email), ""},
	{"e-mail is off", func(s *models.Settings) { s.Ask.Channels.Email = false }, talk(150, 150, email), "channels"},
	{"e-mail is off, a chat", func(s *models.Settings) { s.Ask.Channels.Email = false }, fine, ""},
	{"another channel", nil, talk(150, 150, func(s *intercomtest.Start) { s.Channel = "whatsapp" }), "channels"},

	{"users are off", func(s *models.Settings) { s.Ask.Users = false }, fine, "users"},
	{"users are off, a lead", func(s *models.Settings) { s.Ask.Users = false }, ofLead, ""},
	{"leads are off", func(s *models.Settings) { s.Ask.Leads = false }, ofLead, "leads"},
	{"leads are off, a user", func(s *models.Settings) { s.Ask.Leads = false }, fine, ""},

	{"the team began it", nil, talk(150, 150, byAdmin), "outbound"},
	{"the team began it, which is fine", func(s *models.Settings) { s.Ask.Outbound = true }, talk(150, 150, byAdmin), ""},
	{"the team began it and said nothing more", func(s *models.Settings) { s.Ask.Outbound = true }, func(w *world) string {
		c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: w.sam().ID, Admin: jane, Text: "<p>" + enough + "</p>"})
		w.must(err)
		w.customerReply(c.ID)
		return c.ID
	}, ""},
	{"a Workflow began it", nil, talk(150, 150, byBot), ""},
	{"a Workflow began it, which is off", func(s *models.Settings) { s.Ask.WorkflowStarted = false }, talk(150, 150, byBot), "workflow_started"},
	{"no Workflow began it", func(s *models.Settings) { s.Ask.WorkflowStarted = false }, fine, ""},

	{"two customers", nil, and(fine, addZoe), "skip_group"},
	{"two customers, which is fine", func(s *models.Settings) { s.Ask.SkipGroup = false }, and(fine, addZoe), ""},

	{"nobody replied", nil, silent, "require_teammate_reply"},
	{"nobody replied, which is fine", func(s *models.Settings) { s.Ask.RequireTeammateReply = false }, silent, ""},
	{"a bot replied", nil, and(silent, func(w *world, id string) error { _, err := w.sandbox.BotReply(id, "<p>Beep</p>"); return err }), "require_teammate_reply"},
	{"a note is no reply", nil, and(silent, func(w *world, id string) error { _, err := w.sandbox.AdminNote(id, jane, "<p>Hm</p>"); return err }), "require_teammate_reply"},
	{"nobody replied since it was opened again", nil, closedBefore(fine), "require_teammate_reply"},

	{"250 characters", nil, talk(150, 100), "min_characters"},
	{"251 characters", nil, talk(150, 101), ""},
	{"tags, entities and spaces are not read", nil, and(talk(150, 90), func(w *world, id string) error {
		_, err := w.sandbox.AdminReply(id, jane, "<p><b>1</b>2&amp;</p>\n<p>4\n   6 <a href=\"https://example.com/a-long-address\">8</a>9&lt;</p>")
		return err
	}), "min_characters"},
	{"one character more", nil, and(talk(150, 91), func(w *world, id string) error {
		_, err := w.sandbox.AdminReply(id, jane, "<p><b>1</b>2&amp;</p>\n<p>4\n   6 <a href=\"https://example.com/a-long-address\">8</a>9&lt;</p>")
		return err
	}), ""},
	{"a note does not make it longer", nil, and(talk(150, 100), func(w *world, id string) error {
		_, err := w.sandbox.AdminNote(id, jane, "<p>"+enough+"</p>")
		return err
	}), "min_characters"},
	{"letters of two bytes are one character", nil, and(talk(150, 50), func(w *world, id string) error {
		_, err := w.sandbox.AdminReply(id, jane, "<p>"+strings.Repeat("ü", 50)+"</p>")
		return err
	}), "min_characters"},
	{"any length", func(s *models.Settings) { s.Ask.MinCharacters = 0 }, talk(1, 1), ""},

	{"seven days after the last reply", nil, after(fine, 7*days), ""},
	{"a second more", nil, after(fine, 7*days+time.Second), "max_days_since_reply"},
	{"however long after the last reply", func(s *models.Settings) { s.Ask.MaxDaysSinceReply = 0 }, after(fine, 300*days), ""},
	{"the customer's reply counts too", nil, after(and(after(fine, 6*days), func(w *world, id string) error {
		_, err := w.sandbox.CustomerReply(id, w.sam().ID, "Still there?")
		return err
	}), 6*days), ""},

	{"assigned to a bot", nil, and(fine, func(w *world, id string) error { _, err := w.sandbox.AssignBot(id, jane); return err }), "skip_bot_assignee"},
	{"assigned to a bot, which is fine", func(s *models.Settings) { s.Ask.SkipBotAssignee = false }, and(fine, func(w *world, id string) error {
		_, err := w.sandbox.AssignBot(id, jane)
		return err
	}), ""},
	{"assigned to a teammate", nil, and(fine, func(w *world, id string) error { _, err := w.sandbox.Assign(id, jane, tomas); return err }), ""},

	{"a tag", nil, and(fine, func(w *world, id string) error { _, err := w.sandbox.Tag(id, jane, "Do_Not_Send"); return err }), "suppress_tags"},
	{"a tag on a message", nil, and(fine, func(w *world, id string) error {
		c, _ := w.sandbox.Conversation(id)
		_, err := w.sandbox.TagMessage(id, c.Parts[0].ID, jane, "fraud")
		return err
	}), "suppress_tags"},
	{"another tag", nil, and(fine, func(w *world, id string) error { _, err := w.sandbox.Tag(id, jane, "fraudulent"); return err }), ""},
	{"no tags are looked for", func(s *models.Settings) { s.Ask.SuppressTags = nil }, and(fine, func(w *world, id string) error {
		_, err := w.sandbox.Tag(id, jane, "fraud")
		return err
	}), ""},

	{"asked as often as allowed", func(s *models.Settings) { s.Ask.MaxPerConversation = 2 }, askedTimes(2, 2*days), "max_per_conversation"},
	{"asked once less", func(s *models.Settings) { s.Ask.MaxPerConversation = 2 }, askedTimes(1, 2*days), ""},
	{"asked without a limit", func(s *models.Settings) { s.Ask.MaxPerConversation = 0 }, askedTimes(4, 2*days), ""},
	{"asked three times within a day", func(s *models.Settings) { s.Ask.MaxPerConversation = 0 }, askedTimes(3, time.Hour), "daily_cap"},
	{"asked three times, the first a day ago", func(s *models.Settings) { s.Ask.MaxPerConversation = 0 }, askedTimes(3, 8*time.Hour), ""},

	{"the customer was asked just before", func(s *models.Settings) { s.Ask.SuppressionDays = 5 }, askedElsewhere(5*days - time.Second), "suppression_days"},
	{"the customer was asked five days ago", func(s *models.Settings) { s.Ask.SuppressionDays = 5 }, askedElsewhere(5 * days), ""},
	{"the customer may be asked at any time", nil, askedElsewhere(time.Minute), ""},
	{"another customer was asked", func(s *models.Settings) { s.Ask.SuppressionDays = 5 }, func(w *world) string {
		askedElsewhere(time.Minute)(w)
		return of("omar@example.com")(w)
	}, ""},

	{"none of a hundred", func(s *models.Settings) { s.Ask.SamplePercent = 0 }, fine, "sample_percent"},

	{"test mode", func(s *models.Settings) { s.TestMode = true }, fine, "test_mode"},
	{"test mode, a test contact", func(s *models.Settings) { s.TestMode, s.TestContacts = true, []string{" Sam@Example.com "} }, fine, ""},
	{"test mode, a test contact by id", nil, func(w *world) string {
		w.set(func(s *models.Settings) { s.TestMode, s.TestContacts = true, []string{w.sam().ID} })
		return fine(w)
	}, ""},
}

func ofLead(w *world) string {
	for _, c := range w.sandbox.Contacts(intercomtest.DefaultWorkspace) {
		if c.Role == "lead" {
			return w.talk(150, 150, func(s *intercomtest.Start) { s.Contact = c.ID })
		}
	}
	w.t.Fatal("the sandbox has no lead")
	return ""
}

func silent(w *world) string {
	c, err := w.sandbox.NewConversation(intercomtest.Start{Contact: w.sam().ID, Text: enough})
	w.must(err)
	return c.ID
}

func addZoe(w *world, id string) error {
	return w.sandbox.AddToConversation(id, w.contact("zoe@example.com").ID)
}

// askedTimes is a conversation that was closed and asked that often, with a pause from one close to the next.
func askedTimes(n int, pause time.Duration) func(*world) string {
	return func(w *world) string {
		id := fine(w)
		for range n {
			closing := w.clock.Now().Add(time.Minute)
			w.close(id)
			w.customerReply(id)
			w.says(id, "<p>Here.</p>")
			w.deliver(id)
			w.clock.Move(pause - time.Minute - w.clock.Now().Sub(closing)) // closing takes a minute
		}
		w.wantAsks(id, n)
		return id
	}
}

// askedElsewhere is a conversation of a customer who was asked in another one before.
func askedElsewhere(ago time.Duration) func(*world) string {
	return func(w *world) string {
		other := fine(w)
		w.close(other)
		w.wantAsks(other, 1)
		asked := w.clock.Now()
		id := fine(w)
		w.clock.Move(max(0, ago-time.Minute-w.clock.Now().Sub(asked)))
		return id
	}
}

func TestEveryRule(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		before, err := w.tenant.Get(w.ctx)
		w.must(err)
		for _, c := range ruleCases {
			t.Run(c.name, func(t *testing.T) {
				w.t = t
				w.clock.Move(400 * days)
				w.set(func(s *models.Settings) {
					*s = before.Settings
					if c.set != nil {
						c.set(s)
					}
				})
				id := c.live(w)
				w.dropJobs()
				w.step(func() error { _, err := w.sandbox.Close(id, jane); return err })
				w.deliver(id)
				if !slices.Contains(w.put(), id) {
					t.Error("the webhook of the close puts in no job")
				}
				all := w.requests(id)
				got := all[len(all)-1]
				want := models.RequestState("suppressed")
				if c.want == "" {
					want = "sent"
				}
				if got.State != want || got.Rule != c.want || got.ClosedAt == nil || !got.Automatic {
					t.Errorf("the row is %s %q, want %s %q; the facts are %+v", got.State, got.Rule, want, c.want, got.Facts)
				}
				if sent := len(w.asks(id)) > 0 && w.asks(id)[len(w.asks(id))-1].At.Equal(w.clock.Now().Truncate(time.Second)); sent != (c.want == "") {
					t.Errorf("the customer was asked just now: %t", sent)
				}
			})
		}
	})
}

// The sample is drawn by lot, once for each episode.
func TestTheSample(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.set(func(s *models.Settings) { s.Ask.SamplePercent = 50 })
		asked := 0
		for range 30 {
			id := fine(w)
			w.close(id)
			r := w.requests(id)[0]
			if (r.Rule == "sample_percent") != (r.Facts.Lot >= 50) {
				t.Errorf("lot %d leads to %s %s", r.Facts.Lot, r.State, r.Rule)
			}
			if r.State == "sent" {
				asked++
			}
		}
		if asked < 5 || asked > 25 {
			t.Errorf("of 30 conversations %d were asked", asked)
		}
	}, manyCalls)
}
