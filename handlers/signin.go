package handlers

import (
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"rerate/internal/seal"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
)

// signInPath is the sign-in page, with the page that was asked for as the place to go on to.
func signInPath(r *http.Request) string {
	if r.Method != http.MethodGet || r.URL.Path == "/" {
		return "/signin"
	}
	return "/signin?next=" + url.QueryEscape(ownPage(r.URL.RequestURI()))
}

// reasons are those that the sign-in page may be asked to show.
var reasons = []views.SignInReason{
	views.SignInUnverified, views.SignInDenied, views.SignInExpired, views.SignInNotInstalled, views.SignInSignedOut,
	views.SignInIntercomFails, signInFailed,
}

// signInFailed is every reason without a text of its own.
const signInFailed views.SignInReason = "failed"

func (s *site) signIn(c echo.Context) error {
	reason := views.SignInReason(c.QueryParam("reason"))
	if !slices.Contains(reasons, reason) {
		reason = views.SignInOK
	}
	next := ownPage(c.QueryParam("next"))
	if next == "/" {
		next = ""
	}
	return render(c, http.StatusOK, views.SignIn(views.SignInProps{Page: s.page(c, "Sign in"), Reason: reason, Next: next}))
}

// What the browser keeps of an OAuth round trip. That it must show the state again binds the round trip to it.
const (
	oauthState   = "state"
	oauthNext    = "next"
	oauthInstall = "install" // "yes": begun in Intercom's app store
)

func (s *site) startSignIn(c echo.Context) error {
	return s.startOAuth(c, map[string]string{oauthNext: ownPage(c.QueryParam("next"))})
}

func (s *site) startInstall(c echo.Context) error {
	return s.startOAuth(c, map[string]string{oauthInstall: "yes"})
}

// How often one address may begin to sign in: an office behind one address may, a flood may not.
const (
	startsPerSecond = 1
	startsAtOnce    = 60
)

func limitStarts() echo.MiddlewareFunc {
	return middleware.RateLimiter(middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
		Rate: startsPerSecond, Burst: startsAtOnce,
	}))
}

// startOAuth sends the browser to Intercom with a state that is good once, for ten minutes, in this browser.
func (s *site) startOAuth(c echo.Context, keep map[string]string) error {
	state := seal.RandomToken(s.config.Random)
	if err := s.Store.StartOAuth(c.Request().Context(), seal.Hash(state), oauthLasts); err != nil {
		return err
	}
	keep[oauthState] = state
	if err := s.writeCookie(c, oauthCookie, oauthLasts, keep); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, s.AuthorizeURL(state))
}

// finishSignIn is where Intercom sends the browser back to.
func (s *site) finishSignIn(c echo.Context) error {
	kept := s.readCookie(c, oauthCookie)
	if err := s.writeCookie(c, oauthCookie, 0, nil); err != nil {
		return err
	}
	who, reason, err := s.whoSignsIn(c, kept[oauthState])
	if err != nil {
		note(c, err)
	}
	if reason != views.SignInOK {
		return c.Redirect(http.StatusSeeOther, s.afterFailure(kept, reason, err))
	}
	if err := s.startSession(c, who); err != nil {
		return err
	}
	if kept[oauthInstall] != "" {
		return c.Redirect(http.StatusSeeOther, s.storePage("true", ""))
	}
	return c.Redirect(http.StatusSeeOther, ownPage(kept[oauthNext]))
}

// whoSignsIn checks the state, uses it up, and has the code turned into a teammate.
func (s *site) whoSignsIn(c echo.Context, kept string) (models.Teammate, views.SignInReason, error) {
	ctx, state := c.Request().Context(), c.QueryParam("state")
	if kept == "" || subtle.ConstantTimeCompare([]byte(kept), []byte(state)) != 1 {
		return models.Teammate{}, views.SignInExpired, nil
	}
	fresh, err := s.Store.FinishOAuth(ctx, seal.Hash(state))
	switch {
	case err != nil:
		return models.Teammate{}, signInFailed, err
	case !fresh:
		return models.Teammate{}, views.SignInExpired, nil
	}
	code := c.QueryParam("code")
	if code == "" || c.QueryParam("error") != "" {
		return models.Teammate{}, views.SignInDenied, nil
	}
	who, err := s.SignIn(ctx, code)
	if err != nil {
		return models.Teammate{}, reasonOf(err), err
	}
	return who, views.SignInOK, nil
}

// reasonOf says why Intercom's code did not sign anybody in.
func reasonOf(err error) views.SignInReason {
	var told survey.Error
	if !errors.As(err, &told) {
		return signInFailed
	}
	switch told.Code {
	case survey.Forbidden:
		return views.SignInUnverified
	case survey.Unauthorized:
		return views.SignInExpired // a code is good once, for a short time
	case survey.NotFound:
		return views.SignInNotInstalled
	case survey.Unavailable:
		return views.SignInIntercomFails
	case survey.Invalid, survey.Conflict:
	}
	return signInFailed
}

// afterFailure is the sign-in page, or Intercom's app store for those who came from there.
func (s *site) afterFailure(kept map[string]string, reason views.SignInReason, cause error) string {
	if kept[oauthInstall] != "" {
		return s.storePage("false", installProblem(reason, cause))
	}
	return "/signin?reason=" + url.QueryEscape(string(reason))
}

// installProblem is the sentence that Intercom shows to whoever could not install.
func installProblem(reason views.SignInReason, cause error) string {
	var told survey.Error
	switch {
	case errors.As(cause, &told):
		return told.Sentence
	case reason == views.SignInDenied:
		return "Rerate was not allowed to see the workspace. Install it again and choose Authorize."
	case reason == views.SignInExpired:
		return "Installing took too long or the page was used twice. Install it again."
	}
	return "Rerate could not be installed. Try again in a minute."
}

// storePage is where an installation from Intercom's app store ends (docs: installing-uninstalling).
func (s *site) storePage(success, problem string) string {
	query := url.Values{"install_success": {success}}
	if problem != "" {
		query.Set("error_message", problem)
	}
	return strings.TrimRight(s.AppURL, "/") + "/appstore/redirect?" + query.Encode()
}

func (s *site) signOut(c echo.Context) error {
	if err := s.endSession(c); err != nil {
		return err
	}
	if err := s.writeCookie(c, "", 0, nil); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/signin?reason="+string(views.SignInSignedOut))
}
