package intercom

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const testToken = "secret-token-of-a-workspace"

// noon is when every test happens.
var noon = time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// serve starts a server and returns a client of it.
func serve(t *testing.T, h http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return NewClient(server.URL+"/", testToken, server.Client(), atNoon)
}

// seen is what a call sent.
type seen struct{ Method, URI, Version, Body string }

func TestCalls(t *testing.T) {
	ctx := t.Context()
	for _, c := range []struct {
		name   string
		answer string
		call   func(*Client) (any, error)
		sent   seen
		want   any
	}{
		{
			"me", `{"type":"admin","id":"9608799","email":"jane@example.com","name":"Jane Agent","email_verified":true,"has_inbox_seat":true,
				"app":{"type":"app","id_code":"a86dr8yl","name":"Example workspace","timezone":"Europe/Dublin","region":"US"}}`, func(c *Client) (any, error) { return c.Me(ctx) },
			seen{"GET", "/me", "2.15", ""},
			Me{
				Admin: Admin{ID: "9608799", Name: "Jane Agent", Email: "jane@example.com", HasInboxSeat: true}, EmailVerified: true,
				App: App{ID: "a86dr8yl", Name: "Example workspace", Region: "US", Timezone: "Europe/Dublin"},
			},
		},
		{
			"me, old", `{"id":7,"email_verified":null,"app":null}`, func(c *Client) (any, error) { return c.Me(ctx) },
			seen{"GET", "/me", "2.15", ""},
			Me{Admin: Admin{ID: "7"}},
		},
		{
			"admins", `{"type":"admin.list","admins":[{"type":"admin","id":"1","name":"Jane","email":"j@example.com","has_inbox_seat":true}]}`,
			func(c *Client) (any, error) { return c.Admins(ctx) },
			seen{"GET", "/admins", "2.15", ""},
			[]Admin{{ID: "1", Name: "Jane", Email: "j@example.com", HasInboxSeat: true}},
		},
		{
			"contact", `{"type":"contact","id":"ab12","workspace_id":"w1","external_id":null,"role":"lead","email":"","name":null}`,
			func(c *Client) (any, error) { return c.Contact(ctx, "ab12") },
			seen{"GET", "/contacts/ab12", "2.16", ""},
			Contact{ID: "ab12", WorkspaceID: "w1", Role: "lead"},
		},
		{
			"contact, all of it", `{"type":"contact","id":"ab12","external_id":42,"role":"user","email":"a@b.example","name":"Ann","created_at":1767225600,
				"signed_up_at":1767225600,"last_seen_at":null,"unsubscribed_from_emails":false,"has_hard_bounced":true,"language_override":null,
				"browser_language":"fr-FR","custom_attributes":{"plan":"Pro","seats":12,"vip":true,"gone":null,"order":{"type":"Order.list"}}}`,
			func(c *Client) (any, error) { return c.Contact(ctx, "ab12") },
			seen{"GET", "/contacts/ab12", "2.16", ""},
			Contact{
				ID: "ab12", ExternalID: "42", Role: "user", Email: "a@b.example", Name: "Ann", Locale: "fr-FR", Unsubscribed: true,
				CreatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), SignedUpAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
				Attributes: map[string]any{"plan": "Pro", "seats": 12.0, "vip": true},
			},
		},
		{
			"companies", `{"type":"list","data":[{"type":"company","company_id":"1","id":"c1","name":"Blue Sun","size":12,"plan":{"type":"plan","id":"3","name":"Pro"},
				"custom_attributes":{"trial":false}},{"id":"c2","plan":{},"size":null,"name":null,"custom_attributes":{}}],"pages":{"next":null}}`,
			func(c *Client) (any, error) { return c.ContactCompanies(ctx, "ab12") },
			seen{"GET", "/contacts/ab12/companies", "2.16", ""},
			[]Company{{ID: "c1", ExternalID: "1", Name: "Blue Sun", Plan: "Pro", Size: 12, Attributes: map[string]any{"trial": false}}, {ID: "c2"}},
		},
		{
			"companies, as the schema has them", `{"companies":[{"id":"c1","plan":"Pro"}]}`,
			func(c *Client) (any, error) { return c.ContactCompanies(ctx, "ab12") },
			seen{"GET", "/contacts/ab12/companies", "2.16", ""},
			[]Company{{ID: "c1", Plan: "Pro"}},
		},
		{
			"events", `{"type":"event.summary","events":[{"name":"placed-order","first":"2014-01-16T23:12:21.000+00:00","last":"2014-01-17T23:12:21.000+00:00 ","count":3},
				{"name":"left","first":null,"last":1767225600,"count":-1}]}`,
			func(c *Client) (any, error) { return c.ContactEvents(ctx, "ab12") },
			seen{"GET", "/events?intercom_user_id=ab12&summary=true&type=user", "2.16", ""},
			[]EventSummary{
				{Name: "placed-order", Count: 3, First: time.Date(2014, 1, 16, 23, 12, 21, 0, time.UTC), Last: time.Date(2014, 1, 17, 23, 12, 21, 0, time.UTC)},
				{Name: "left", Last: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
			},
		},
		{
			"conversation", `{"id":"12","state":"closed"}`, func(c *Client) (any, error) { return c.Conversation(ctx, "12") },
			seen{"GET", "/conversations/12", "2.15", ""},
			Conversation{ID: "12", State: "closed"},
		},
		{
			"note", `{"id":"12","conversation_parts":{"conversation_parts":[{"id":"99","part_type":"note"}]}}`,
			func(c *Client) (any, error) { return c.Note(ctx, "12", "7", "<p>“Great” & 😍</p>") },
			seen{"POST", "/conversations/12/reply", "2.15", `{"message_type":"note","type":"admin","admin_id":"7","body":"<p>“Great” & 😍</p>"}`},
			Part{ID: "99", Type: "note"},
		},
		{
			"comment", `{"id":"12"}`, func(c *Client) (any, error) { return c.Comment(ctx, "12", "7", "hi") },
			seen{"POST", "/conversations/12/reply", "2.15", `{"message_type":"comment","type":"admin","admin_id":"7","body":"hi"}`},
			Part{},
		},
		{
			"quick reply", `{"id":"12"}`,
			func(c *Client) (any, error) { return c.QuickReply(ctx, "12", "7", []QuickReplyOption{{"😍", "u-1"}}) },
			seen{"POST", "/conversations/12/reply", "2.15", `{"message_type":"quick_reply","type":"admin","admin_id":"7","reply_options":[{"text":"😍","uuid":"u-1"}]}`},
			Part{},
		},
		{
			"close", `{}`, func(c *Client) (any, error) { return nil, c.CloseConversation(ctx, "12", "7") },
			seen{"POST", "/conversations/12/parts", "2.15", `{"message_type":"close","type":"admin","admin_id":"7"}`},
			nil,
		},
		{
			"attributes", `{}`,
			func(c *Client) (any, error) {
				return nil, c.SetConversationAttributes(ctx, "12", map[string]any{"Latest rating": 5})
			},
			seen{"PUT", "/conversations/12", "2.15", `{"custom_attributes":{"Latest rating":5}}`},
			nil,
		},
		{
			"list attributes", `{"type":"list","data":[{"id":3,"name":"Latest rating","data_type":"integer","archived":false}]}`,
			func(c *Client) (any, error) { return c.ConversationAttributes(ctx) },
			seen{"GET", "/conversations/attributes", "2.16", ""},
			[]ConversationAttribute{{ID: "3", Name: "Latest rating", DataType: "integer"}},
		},
		{
			"create attribute", `{"id":8,"name":"n","data_type":"string","description":"d"}`,
			func(c *Client) (any, error) { return c.CreateConversationAttribute(ctx, "n", "string", "d") },
			seen{"POST", "/conversations/attributes", "2.16", `{"data_type":"string","description":"d","name":"n"}`},
			ConversationAttribute{ID: "8", Name: "n", DataType: "string", Description: "d"},
		},
		{
			"event", "", func(c *Client) (any, error) {
				return nil, c.CreateEvent(ctx, Event{Name: "rerated", At: noon, ContactID: "ab12", Metadata: map[string]any{"rating": 5}})
			},
			seen{"POST", "/events", "2.15", `{"event_name":"rerated","created_at":1768046400,"id":"ab12","metadata":{"rating":5}}`},
			nil,
		},
		{
			"message", `{"type":"admin_message","id":"403","message_type":"inapp","conversation_id":"613"}`, func(c *Client) (any, error) {
				return c.SendMessage(ctx, Message{HTML: "<p>hi</p>", AdminID: "7", Contact: "ab12", Subject: "not for the Messenger"})
			},
			seen{"POST", "/messages", "2.15", `{"message_type":"inapp","body":"<p>hi</p>","from":{"type":"admin","id":"7"},"to":{"type":"user","id":"ab12"},"create_conversation_without_contact_reply":true}`},
			SentMessage{ID: "403", ConversationID: "613"},
		},
		{
			"message by e-mail", `{"id":403,"conversation_id":null}`, func(c *Client) (any, error) {
				return c.SendMessage(ctx, Message{Email: true, Subject: "How was it?", HTML: "<p>hi</p>", AdminID: "7", Contact: "ab12", Lead: true})
			},
			seen{"POST", "/messages", "2.15", `{"message_type":"email","subject":"How was it?","body":"<p>hi</p>","template":"personal","from":{"type":"admin","id":"7"},"to":{"type":"lead","id":"ab12"},"create_conversation_without_contact_reply":true}`},
			SentMessage{ID: "403"},
		},
		{
			"create tag", `{"type":"tag","id":"17","name":"recovered"}`, func(c *Client) (any, error) { return c.CreateTag(ctx, "recovered") },
			seen{"POST", "/tags", "2.15", `{"name":"recovered"}`},
			Tag{ID: "17", Name: "recovered"},
		},
		{
			"tag", `{}`, func(c *Client) (any, error) { return nil, c.TagConversation(ctx, "12", "17", "7") },
			seen{"POST", "/conversations/12/tags", "2.15", `{"admin_id":"7","id":"17"}`},
			nil,
		},
		{
			"native rating", `{}`, func(c *Client) (any, error) { return nil, c.RateConversation(ctx, "12", "ab12", 5, "Great") },
			seen{"POST", "/conversations/12/rating", "2.17", `{"intercom_user_id":"ab12","rating":5,"remark":"Great"}`},
			nil,
		},
		{"uninstall", ``, func(c *Client) (any, error) { return nil, c.Uninstall(ctx) }, seen{"POST", "/auth/uninstall", "2.15", ""}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got seen
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = seen{r.Method, r.RequestURI, r.Header.Get("Intercom-Version"), string(body)}
				if r.Header.Get("Authorization") != "Bearer "+testToken || r.Header.Get("Accept") != "application/json" {
					t.Errorf("headers %v", r.Header)
				}
				if (r.Header.Get("Content-Type") == "application/json") != (len(body) > 0) {
					t.Errorf("content type %q of %d bytes", r.Header.Get("Content-Type"), len(body))
				}
				if c.name == "event" {
					w.WriteHeader(http.StatusAccepted)
				}
				fmt.Fprint(w, c.answer)
			})
			answer, err := c.call(client)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, answer); diff != "" {
				t.Error(diff)
			}
			got.Body = plainJSON(t, got.Body)
			if diff := cmp.Diff(c.sent, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// plainJSON undoes the escaping of <, > and &, to keep the table readable.
func plainJSON(t *testing.T, body string) string {
	t.Helper()
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(body)
}

func TestSearchPages(t *testing.T) {
	want, answer := sample(t, "rest-search-request.json"), sample(t, "rest-search-response.json")
	var sent []byte
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent, _ = io.ReadAll(r.Body)
		w.Write(answer)
	})
	query := And(
		Query{"updated_at", ">", 1767225600},
		Query{"state", "=", "closed"},
		Query{"statistics.count_reopens", ">", 0},
	)
	page, err := client.SearchConversations(t.Context(), query, "")
	if err != nil || page.Total != 312 || page.Next == "" || len(page.Conversations) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	var a, b map[string]any
	if json.Unmarshal(want, &a) != nil || json.Unmarshal(sent, &b) != nil {
		t.Fatal("not JSON")
	}
	delete(a["pagination"].(map[string]any), "starting_after") // null in the sample: the same as none
	if diff := cmp.Diff(a, b); diff != "" {
		t.Error(diff)
	}
	if _, err = client.SearchConversations(t.Context(), Or(query), page.Next); err != nil || !strings.Contains(string(sent), page.Next) {
		t.Errorf("the cursor is not in %s, %v", sent, err)
	}
	last := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"conversations":[],"total_count":0,"pages":{"next":null}}`)
	})
	if page, err := last.SearchConversations(t.Context(), query, "x"); err != nil || page.Next != "" {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestSampleAnswers(t *testing.T) {
	answer := sample(t, "me-response.json")
	me := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.Write(answer) })
	if got, err := me.Me(t.Context()); err != nil || !got.EmailVerified || got.App.ID != "a86dr8yl" || got.Admin.ID != "9608799" {
		t.Errorf("%+v, %v", got, err)
	}
	for name, status := range map[string]int{"error-401.json": 401, "error-404.json": 404, "error-429.json": 429} {
		answer := sample(t, name)
		refusing := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			w.Write(answer)
		})
		var e *Error
		if _, err := refusing.Me(t.Context()); !errors.As(err, &e) || e.Code == "" || e.Message == "" || e.RequestID == "" {
			t.Errorf("%s: %+v", name, e)
		}
	}
}

func TestNoBadIdReachesAPath(t *testing.T) {
	client := serve(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was called", r.RequestURI) })
	ctx := t.Context()
	for _, id := range []string{"", "last", "../me", "1/../2", "1?x=1", "1#", "1 ", "1\n", "%31", "١", "-1", strings.Repeat("1", 21)} {
		calls := []error{
			errOf(client.Conversation(ctx, id)),
			errOf(client.Note(ctx, id, "7", "x")),
			errOf(client.Comment(ctx, id, "7", "x")),
			errOf(client.QuickReply(ctx, id, "7", nil)),
			client.CloseConversation(ctx, id, "7"),
			client.SetConversationAttributes(ctx, id, nil),
			client.TagConversation(ctx, id, "1", "7"),
			client.RateConversation(ctx, id, "c", 5, ""),
		}
		for i, err := range calls {
			if err == nil || errors.As(err, new(*Error)) {
				t.Errorf("call %d with %q: %v", i, id, err)
			}
		}
	}
	for _, id := range []string{"", "../me", "a/b", "a?b", "é", strings.Repeat("a", 65)} {
		if _, err := client.Contact(ctx, id); err == nil {
			t.Errorf("contact %q", id)
		}
	}
	for _, score := range []int{0, 6} {
		if client.RateConversation(ctx, "12", "c", score, "") == nil {
			t.Errorf("score %d", score)
		}
	}
}

func errOf[T any](_ T, err error) error { return err }

func TestClientIsBounded(t *testing.T) {
	for given, want := range map[time.Duration]time.Duration{0: CallTimeout, time.Hour: CallTimeout, time.Second: time.Second} {
		if got := NewClient("", "", &http.Client{Timeout: given}, atNoon).http.Timeout; got != want {
			t.Errorf("%s became %s", given, got)
		}
	}
	big := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"title":"`, strings.Repeat("x", maxBody), `"}`)
	})
	if _, err := big.Conversation(t.Context(), "12"); err == nil || !strings.Contains(err.Error(), "larger than 8 MB") {
		t.Error(err)
	}
	if _, err := NewClient("http://a b", "", http.DefaultClient, atNoon).Me(t.Context()); err == nil {
		t.Error("an unusable address was called")
	}
	if err := big.SetConversationAttributes(t.Context(), "12", map[string]any{"x": func() {}}); err == nil {
		t.Error("a function was sent")
	}
}

func TestNothingIsChangedOnceTheTimeIsOver(t *testing.T) {
	var calls []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls = append(calls, r.Method)
		fmt.Fprint(w, `{"id":"12"}`)
	})
	now := noon
	c.now = func() time.Time { return now }
	ctx := Until(t.Context(), noon.Add(time.Minute))
	note := func() error { _, err := c.Note(ctx, "12", "1", "<p>x</p>"); return err }
	if err := note(); err != nil {
		t.Error(err)
	}
	now = noon.Add(time.Minute)
	var failed *Error
	if err := note(); !errors.As(err, &failed) || !failed.Temporary() || failed.Ambiguous() || !strings.Contains(err.Error(), "the time to write is over") {
		t.Errorf("once the time is over: %v", err)
	}
	if _, err := c.Conversation(ctx, "12"); err != nil {
		t.Errorf("reading once the time is over: %v", err)
	}
	if want := []string{"POST", "GET"}; !cmp.Equal(calls, want) {
		t.Errorf("%v were made, want %v", calls, want)
	}
}

func TestClientIsSafeForConcurrentUse(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-RateLimit-Remaining", "100")
		w.Header().Set("X-RateLimit-Reset", fmt.Sprint(noon.Unix()+10))
		fmt.Fprint(w, `{"id":"12"}`)
	})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := client.Conversation(t.Context(), "12"); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}
