package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// browser is a teammate's: it keeps cookies, follows no redirect by itself, and finds the app where it says it is,
// also after a restart.
type browser struct {
	w      *world
	client *http.Client
}

func (w *world) browser() *browser {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	w.must(err)
	host := strings.TrimPrefix(baseURL, "http://")
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasPrefix(address, host+":") {
			address = strings.TrimPrefix(w.url, "http://")
		}
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	return &browser{w, &http.Client{
		Jar: jar, Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// page is what an address answered.
type page struct {
	status      int
	location    string
	body        string
	contentType string
}

func (b *browser) do(method, address string, form url.Values) page {
	b.w.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = baseURL + address
	}
	request, err := http.NewRequestWithContext(b.w.ctx, method, address, strings.NewReader(form.Encode()))
	b.w.must(err)
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	response, err := b.client.Do(request)
	b.w.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	b.w.must(err)
	return page{response.StatusCode, response.Header.Get("Location"), string(body), response.Header.Get("Content-Type")}
}

func (b *browser) get(address string) page { return b.do(http.MethodGet, address, nil) }

func (b *browser) post(address string, form url.Values) page {
	return b.do(http.MethodPost, address, form)
}

// consent goes through Intercom's own page as a teammate and answers where that sends the browser back to.
func (b *browser) consent(start, workspace, admin string) string {
	b.w.t.Helper()
	there, err := url.Parse(b.get(start).location)
	b.w.must(err)
	back := b.post(b.w.api.URL+"/oauth", url.Values{
		"client_id": {"sandbox-client"}, "state": {there.Query().Get("state")},
		"workspace": {workspace}, "admin": {admin}, "decision": {"allow"},
	}).location
	if !strings.HasPrefix(back, baseURL+"/auth/intercom/callback?") {
		b.w.t.Fatalf("Intercom sent the browser to %q", back)
	}
	return back
}

// signIn signs a teammate in and answers where that leads.
func (b *browser) signIn(workspace, admin string) string {
	b.w.t.Helper()
	return b.get(b.consent("/auth/intercom", workspace, admin)).location
}

// signedIn is a browser in which a teammate of the default workspace has signed in.
func (w *world) signedIn(admin string) *browser {
	w.t.Helper()
	b := w.browser()
	if to := b.signIn(w.tenant.Workspace, admin); to != "/" {
		w.t.Fatalf("signing in led to %q", to)
	}
	return b
}
