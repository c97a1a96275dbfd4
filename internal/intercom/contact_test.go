package intercom

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A merged contact says who took its place; nothing else in the header is believed.
func TestMergedContact(t *testing.T) {
	for link, want := range map[string]string{
		`</contacts/66ab>; rel="canonical"`:                                "66ab",
		`</contacts/66ab>;rel=canonical`:                                   "66ab",
		`</contacts/66ab>; rel="next"`:                                     "",
		`</contacts/../me>; rel=canonical`:                                 "",
		`<https://evil.example/contacts/66ab>; rel="canonical"`:            "",
		`</contacts/` + strings.Repeat("a", 65) + `>; rel="canonical"`:     "",
		`</contacts/66ab>; rel="canonical", </contacts/77>; rel=canonical`: "",
		"": "",
	} {
		for _, status := range []int{http.StatusGone, http.StatusNotFound} {
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Link", link)
				w.WriteHeader(status)
				fmt.Fprint(w, errorList("contact_merged", "This contact has been merged."))
			})
			_, err := client.Contact(t.Context(), "ab12")
			var e *Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			if status == http.StatusNotFound && e.Canonical() != "" || status == http.StatusGone && e.Canonical() != want {
				t.Errorf("%d %s: %q", status, link, e.Canonical())
			}
		}
	}
}

// A third of the window is kept for what somebody waits for.
func TestSpare(t *testing.T) {
	b := &budget{}
	if _, ok := b.spare(noon); !ok {
		t.Error("nothing is known yet, so there is room")
	}
	told := func(remaining string) {
		h := limits(remaining, in(4*time.Second))
		h.Set("X-RateLimit-Limit", "9")
		b.learn(noon, http.StatusOK, h)
	}
	told("4")
	if _, ok := b.spare(noon); !ok {
		t.Error("4 of 9 are more than a third")
	}
	told("3")
	if wait, ok := b.spare(noon); ok || wait != 4*time.Second {
		t.Errorf("3 of 9: wait %s, %v", wait, ok)
	}
	if _, ok := b.spare(noon.Add(4 * time.Second)); !ok {
		t.Error("the window is over")
	}
}

// What Intercom sends in another form than documented is an error, never a wrong value.
func TestPeopleAreReadStrictly(t *testing.T) {
	for _, body := range []string{`{"id":"a","created_at":"soon"}`, `{"id":"a","ID":"b","unsubscribed_from_emails":"no"}`, `[]`, `{"id":"a","id":"b","role":7}`} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		if got, err := client.Contact(t.Context(), "a"); err == nil {
			t.Errorf("%s was read as %+v", body, got)
		}
	}
	for _, body := range []string{`{"data":[{"id":"a","size":"many"}]}`, `{"data":7}`} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		if got, err := client.ContactCompanies(t.Context(), "a"); err == nil {
			t.Errorf("%s was read as %+v", body, got)
		}
	}
	for _, body := range []string{`{"events":[{"name":"a","last":"yesterday"}]}`, `{"events":{"a":1}`} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		if got, err := client.ContactEvents(t.Context(), "a"); err == nil {
			t.Errorf("%s was read as %+v", body, got)
		}
	}
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("called") })
	for _, id := range []string{"", "a/b", "a&type=user"} {
		if errOf(client.ContactCompanies(t.Context(), id)) == nil || errOf(client.ContactEvents(t.Context(), id)) == nil {
			t.Errorf("%q was asked for", id)
		}
	}
}

// Where Intercom knows the other spelling of a message in the Messenger only, that is used; any other refusal stands.
func TestMessageTypeIsSpeltAsIntercomWantsIt(t *testing.T) {
	var kinds []string
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			Type string `json:"message_type"`
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		kinds = append(kinds, in.Type)
		if in.Type == "in_app" {
			fmt.Fprint(w, `{"id":"1","conversation_id":"2"}`)
			return
		}
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, errorList("parameter_invalid", "message_type is invalid"))
	})
	if sent, err := client.SendMessage(t.Context(), Message{HTML: "x", Contact: "a"}); err != nil || sent.ConversationID != "2" {
		t.Errorf("%+v, %v", sent, err)
	}
	if _, err := client.SendMessage(t.Context(), Message{HTML: "x", Contact: "a", Email: true}); err == nil {
		t.Error("a refused e-mail was sent")
	}
	if got := strings.Join(kinds, " "); got != "inapp in_app email" {
		t.Errorf("sent as %s", got)
	}
}
