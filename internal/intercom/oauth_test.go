package intercom

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func oauth(t *testing.T, h http.HandlerFunc) *OAuth {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return NewOAuth(OAuthConfig{
		ClientID: "client", ClientSecret: "very-secret", AppURL: "https://app.intercom.com/", APIURL: server.URL + "/",
		RedirectURL: "https://rerate.example.com/auth/intercom/callback",
	}, server.Client())
}

func TestAuthorizeURL(t *testing.T) {
	u, err := url.Parse(oauth(t, nil).AuthorizeURL("st&te="))
	if err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"client_id": {"client"}, "state": {"st&te="}, "response_type": {"code"},
		"redirect_uri": {"https://rerate.example.com/auth/intercom/callback"},
	}
	if diff := cmp.Diff(want, u.Query()); diff != "" || u.Scheme+"://"+u.Host+u.Path != "https://app.intercom.com/oauth" {
		t.Error(u, diff)
	}
}

func TestExchange(t *testing.T) {
	flow := oauth(t, func(w http.ResponseWriter, r *http.Request) {
		for key, want := range map[string]string{"code": "abc+/==", "client_id": "client", "client_secret": "very-secret"} {
			if got := r.PostFormValue(key); got != want {
				t.Errorf("%s is %q", key, got)
			}
		}
		if r.URL.Path != "/auth/eagle/token" || r.Method != http.MethodPost {
			t.Errorf("%s %s", r.Method, r.URL)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"token_type":"Bearer","token":"dG9rOjBiM...","access_token":"dG9rOjBiM..."}`)
	})
	token, err := flow.Exchange(t.Context(), "abc+/==")
	if err != nil || token != "dG9rOjBiM..." {
		t.Errorf("%q, %v", token, err)
	}
}

func TestExchangeRefused(t *testing.T) {
	for _, c := range []struct {
		status       int
		body         string
		unauthorized bool
		temporary    bool
	}{
		{401, `{"type":"error.list","errors":[{"code":"unauthorized","message":"Unauthorized Code"}]}`, true, false},
		{401, `Unauthorized Code`, true, false},
		{400, `{"error":"very-secret-answer"}`, false, false},
		{503, `down`, false, true},
		{302, ``, false, false},
	} {
		flow := oauth(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Location", "/elsewhere")
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		})
		_, err := flow.Exchange(t.Context(), "used")
		var e *Error
		if !errors.As(err, &e) || e.Status != c.status || e.Unauthorized() != c.unauthorized || e.Temporary() != c.temporary {
			t.Errorf("%d %s: %v", c.status, c.body, err)
		}
		if strings.Contains(err.Error(), "very-secret") || strings.Contains(err.Error(), "used") {
			t.Errorf("the error tells secrets: %v", err)
		}
	}
	empty := oauth(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{}`)
	})
	if token, err := empty.Exchange(t.Context(), "x"); err == nil || token != "" {
		t.Errorf("%q, %v", token, err)
	}
}
