package intercom

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"golang.org/x/oauth2"
)

// OAuth installs the app in a workspace and signs teammates in (docs: setting-up-oauth). Intercom
// knows no scope parameter, no PKCE, no expiry and no refresh token.
type OAuth struct {
	config oauth2.Config
	http   http.Client
}

// OAuthConfig is what the Developer Hub shows and what it was told.
type OAuthConfig struct {
	ClientID     string
	ClientSecret string
	AppURL       string // where authorization begins, https://app.intercom.com
	APIURL       string // where a code becomes a token, https://api.intercom.io
	RedirectURL  string // one of the registered addresses; empty for the first of them
}

// NewOAuth returns the flow; hc is bounded as NewClient says.
func NewOAuth(c OAuthConfig, hc *http.Client) *OAuth {
	return &OAuth{http: bounded(hc), config: oauth2.Config{
		ClientID:     c.ClientID,
		ClientSecret: c.ClientSecret,
		RedirectURL:  c.RedirectURL,
		Endpoint: oauth2.Endpoint{
			AuthURL:   strings.TrimRight(c.AppURL, "/") + "/oauth",
			TokenURL:  strings.TrimRight(c.APIURL, "/") + "/auth/eagle/token",
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}}
}

// AuthorizeURL is where the browser goes. The state is the only defence against a forged callback:
// make it unguessable, bound to the browser, short-lived and of one use.
func (o *OAuth) AuthorizeURL(state string) string { return o.config.AuthCodeURL(state) }

// Exchange turns the callback's code, which may end in =, into an access token. A wrong or used
// code is an *Error whose Unauthorized is true.
func (o *OAuth) Exchange(ctx context.Context, code string) (token string, err error) {
	failed := &Error{Method: http.MethodPost, Path: "/auth/eagle/token"}
	got, err := o.config.Exchange(context.WithValue(ctx, oauth2.HTTPClient, &o.http), code)
	var refused *oauth2.RetrieveError
	switch {
	case err == nil:
		return got.AccessToken, nil
	case errors.As(err, &refused):
		// The library's own error quotes the whole answer, which does not belong into a log.
		failed.Status = refused.Response.StatusCode
		failed.readErrorBody(refused.Body)
		if failed.Status >= 200 && failed.Status <= 299 {
			failed.Message = "the answer holds no token"
		}
	default:
		failed.Cause = err
	}
	return "", failed
}
