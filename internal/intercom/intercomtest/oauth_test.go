package intercomtest

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// consent opens the consent page, presses one teammate's button (or "deny") and returns the address that the browser is sent to.
func (w *world) consent(query, who string) *url.URL {
	w.t.Helper()
	res, err := http.Get(w.http.URL + "/oauth?" + query)
	w.ok(err)
	defer res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("X-Sandbox-Intercom") != "1" {
		w.t.Fatalf("consent page: %d", res.StatusCode)
	}
	doc, err := goquery.NewDocumentFromReader(res.Body)
	w.ok(err)
	form := url.Values{}
	doc.Find("form").EachWithBreak(func(_ int, f *goquery.Selection) bool {
		button := f.Find("button")
		if !strings.Contains(button.Text(), who) {
			return true
		}
		f.Find("input").Each(func(_ int, i *goquery.Selection) { form.Set(i.AttrOr("name", ""), i.AttrOr("value", "")) })
		form.Set("decision", button.AttrOr("value", ""))
		return false
	})
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	back, err := client.PostForm(w.http.URL+"/oauth", form)
	w.ok(err)
	defer back.Body.Close()
	if back.StatusCode != 303 {
		body, _ := io.ReadAll(back.Body)
		w.t.Fatalf("consent: %d %s", back.StatusCode, body)
	}
	to, err := url.Parse(back.Header.Get("Location"))
	w.ok(err)
	return to
}

func (w *world) trade(contentType, body string) (int, string) {
	w.t.Helper()
	res, err := http.Post(w.http.URL+"/auth/eagle/token", contentType, strings.NewReader(body))
	w.ok(err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	w.ok(err)
	return res.StatusCode, string(raw)
}

func TestOAuth(t *testing.T) {
	w := newWorld(t)
	w.Revoke(DefaultWorkspace)
	to := w.consent("client_id=sandbox-client&state=s%3D1&response_type=code", "Jane Agent")
	code := to.Query().Get("code")
	if !strings.HasPrefix(to.String(), w.app.URL+"/auth/intercom/callback?") || to.Query().Get("state") != "s=1" || !strings.HasSuffix(code, "=") {
		t.Fatalf("sent to %s", to)
	}
	form := url.Values{"code": {code}, "client_id": {"sandbox-client"}, "client_secret": {"sandbox-secret"}}
	status, answer := w.trade("application/x-www-form-urlencoded", form.Encode())
	if status != 200 || !strings.Contains(answer, `"token_type":"Bearer"`) || !strings.Contains(answer, `"access_token":"`) {
		t.Fatalf("%d %s", status, answer)
	}
	if !w.Installed(DefaultWorkspace) {
		t.Error("not installed after the token")
	}
	if status, answer := w.trade("application/x-www-form-urlencoded", form.Encode()); status != 401 || !strings.Contains(answer, "Unauthorized Code") {
		t.Errorf("a code worked twice: %d %s", status, answer)
	}

	second := w.consent("client_id=sandbox-client&state=x&redirect_uri="+url.QueryEscape(w.app.URL+"/auth/intercom/callback"), "Max Unverified").Query().Get("code")
	status, answer = w.trade("application/json", `{"code":"`+second+`","client_id":"sandbox-client","client_secret":"sandbox-secret"}`)
	_, rest, _ := strings.Cut(answer, `"token":"`)
	w.token, _, _ = strings.Cut(rest, `"`)
	if me := w.call("GET", "/me", ""); status != 200 || me.body["email_verified"] != false {
		t.Errorf("%d %s", status, me.raw)
	}
	third := w.consent("client_id=sandbox-client&state=x", "Jane").Query().Get("code")
	if status, _ := w.trade("application/json", `{"code":"`+third+`","client_id":"sandbox-client","client_secret":"wrong"}`); status != 401 {
		t.Errorf("a wrong secret got %d", status)
	}

	denied := w.consent("client_id=sandbox-client&state=x", "Deny")
	if denied.Query().Get("error") != "access_denied" || denied.Query().Get("code") != "" || denied.Query().Get("state") != "x" {
		t.Errorf("denied: %s", denied)
	}
	for _, query := range []string{"client_id=other&state=x", "client_id=sandbox-client&redirect_uri=https%3A%2F%2Fevil.example%2F"} {
		res, err := http.Get(w.http.URL + "/oauth?" + query)
		w.ok(err)
		res.Body.Close()
		if res.StatusCode != 400 {
			t.Errorf("%s: %d, want 400", query, res.StatusCode)
		}
	}
}

func TestUninstall(t *testing.T) {
	w := newWorld(t)
	call := w.Uninstall(t.Context(), DefaultWorkspace)
	got := w.app.last(t)
	if call.Status != 200 || got.path != "/intercom/uninstall" || got.body["app_id"] != DefaultWorkspace || got.header.Get("X-Body-Signature") != bodySignature("sandbox-secret", got.raw) {
		t.Errorf("%+v %s", call, got.raw)
	}
	w.call("GET", "/me", "").want(t, 401, "token_revoked")
	w.token = w.Install(DefaultWorkspace, w.jane)
	w.call("POST", "/auth/uninstall", "").want(t, 200, "")
	w.call("GET", "/me", "").want(t, 401, "token_revoked")

	w.token = w.Install(DefaultWorkspace, w.jane)
	w.SetQuirks(Quirks{UnsignedUninstall: true})
	res, err := http.PostForm(w.http.URL+"/appstore/uninstall", url.Values{"workspace": {DefaultWorkspace}})
	w.ok(err)
	res.Body.Close()
	if res.StatusCode != 200 || w.Installed(DefaultWorkspace) || w.app.last(t).header.Get("X-Body-Signature") != "" {
		t.Errorf("the page's button: %d", res.StatusCode)
	}
}

func TestHealth(t *testing.T) {
	w := newWorld(t)
	w.app.says(200, map[string]string{"state": "UNHEALTHY", "message": "Reconnect"})
	h := w.CheckHealth(t.Context(), DefaultWorkspace)
	got := w.app.last(t)
	if h.State != "UNHEALTHY" || h.Description != "Reconnect" || got.body["workspace_id"] != DefaultWorkspace || got.header.Get("X-Body-Signature") == "" {
		t.Errorf("%+v", h)
	}
	w.app.says(500, nil)
	if h := w.CheckHealth(t.Context(), DefaultWorkspace); h.State != "UNKNOWN" || h.Call.Problem == "" {
		t.Errorf("%+v", h)
	}
}

func TestPlainPages(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]string{
		"/appstore": "Rerate is installed.",
		"/appstore/redirect?install_success=true":    "was installed",
		"/appstore/redirect?error_message=%3Cb%3Eno": "&lt;b&gt;no",
	} {
		res, err := http.Get(w.http.URL + path)
		w.ok(err)
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		w.ok(err)
		if res.StatusCode != 200 || !strings.Contains(string(body), want) || !strings.Contains(string(body), "Sandbox Intercom") {
			t.Errorf("%s: %d %s", path, res.StatusCode, body)
		}
	}
}
