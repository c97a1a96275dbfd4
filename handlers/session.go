package handlers

import (
	"errors"
	"net/http"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"rerate/internal/seal"
	"rerate/models"
)

// The cookies. On https their names say that they belong to this host alone, which browsers then enforce.
const (
	hostCookiePrefix = "__Host-"
	cookieName       = "rerate"
	oauthCookie      = "-oauth"
	flashCookie      = "-flash"
	themeCookie      = "-theme"

	sessionLasts = 7 * 24 * time.Hour
	oauthLasts   = 10 * time.Minute
	flashLasts   = time.Minute
	themeLasts   = 365 * 24 * time.Hour
)

// newCookieStore signs and encrypts cookies. What is in them is an opaque id or less; the rest is in the database.
func newCookieStore(keys [][]byte, secure bool) *sessions.CookieStore {
	store := sessions.NewCookieStore(keys...)
	store.MaxAge(seconds(sessionLasts))
	store.Options = &sessions.Options{
		Path: "/", MaxAge: seconds(sessionLasts), Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	return store
}

// readCookie reads the text values of a cookie of ours. One that is missing, damaged or made with a forgotten key
// has none.
func (s *site) readCookie(c echo.Context, name string) map[string]string {
	session, err := s.sessions.New(c.Request(), s.cookie+name)
	values := map[string]string{}
	if err != nil {
		return values
	}
	for key, value := range session.Values {
		k, isKey := key.(string)
		v, isValue := value.(string)
		if isKey && isValue {
			values[k] = v
		}
	}
	return values
}

// writeCookie sets a cookie; without values it is deleted.
func (s *site) writeCookie(c echo.Context, name string, lasts time.Duration, values map[string]string) error {
	session := sessions.NewSession(s.sessions, s.cookie+name)
	options := *s.sessions.Options
	options.MaxAge = seconds(lasts)
	if len(values) == 0 {
		options.MaxAge = -1
	}
	session.Options = &options
	for key, value := range values {
		session.Values[key] = value
	}
	return s.sessions.Save(c.Request(), c.Response(), session)
}

// member is the teammate who is signed in, and where.
type member struct {
	teammate  models.Teammate
	workspace models.Workspace
}

func (m member) admin() bool { return m.teammate.Role == models.Admin }

const memberKey = "member"

// memberOf is who is signed in. Behind signedInOnly there always is somebody.
func memberOf(c echo.Context) (member, bool) {
	m, ok := c.Get(memberKey).(member)
	return m, ok
}

// tenant opens the rows of the workspace that the request speaks for.
func (s *site) tenant(c echo.Context) models.Tenant {
	m, _ := memberOf(c)
	return s.Store.Tenant(m.workspace.ID)
}

const sessionIDValue = "id"

// signedInOnly lets teammates with a session through and sends everybody else to the sign-in page, from which they
// come back to the page that they asked for.
func (s *site) signedInOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		m, err := s.member(c)
		if errors.Is(err, models.ErrNotFound) {
			return toSignIn(c)
		}
		if err != nil {
			return err
		}
		c.Set(memberKey, m)
		return next(c)
	}
}

// mayLag lets a page be read from a replica of the database. It comes after whatever decides who may read.
func mayLag(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.SetRequest(c.Request().WithContext(models.MayLag(c.Request().Context())))
		return next(c)
	}
}

// toSignIn leads to the sign-in page. A page that htmx asks for would land in a part of the page before, so there the
// whole browser is told to go.
func toSignIn(c echo.Context) error {
	c.Response().Header().Add(echo.HeaderVary, "HX-Request")
	if c.Request().Header.Get("HX-Request") != "true" {
		return c.Redirect(http.StatusSeeOther, signInPath(c.Request()))
	}
	c.Response().Header().Set("HX-Redirect", signInPath(c.Request()))
	return c.NoContent(http.StatusNoContent)
}

// recognise notes who asks where no session is needed, so that an error page has the navigation around it.
func (s *site) recognise(c echo.Context) {
	if _, ok := memberOf(c); ok {
		return
	}
	if m, err := s.member(c); err == nil {
		c.Set(memberKey, m)
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	}
}

// member looks the session up: models.ErrNotFound when there is none.
func (s *site) member(c echo.Context) (member, error) {
	ctx, id := c.Request().Context(), s.readCookie(c, "")[sessionIDValue]
	if id == "" {
		return member{}, models.ErrNotFound
	}
	session, teammate, err := s.Store.Session(ctx, seal.Hash(id))
	if err != nil {
		return member{}, err
	}
	workspace, err := s.Store.Tenant(session.WorkspaceID).Get(ctx)
	return member{teammate: teammate, workspace: workspace}, err
}

// adminsOnly lets admins through; viewers may only read.
func adminsOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if m, ok := memberOf(c); !ok || !m.admin() {
			return echo.NewHTTPError(http.StatusForbidden)
		}
		return next(c)
	}
}

// startSession signs a teammate in with a new id. A session that the browser had before ends.
func (s *site) startSession(c echo.Context, who models.Teammate) error {
	ctx := c.Request().Context()
	if err := s.endSession(c); err != nil {
		return err
	}
	id := seal.RandomToken(s.config.Random)
	err := s.Store.Tenant(who.WorkspaceID).Write(ctx, func(tx *models.Tx) error {
		return tx.StartSession(seal.Hash(id), who.ID, sessionLasts)
	})
	if err != nil {
		return err
	}
	return s.writeCookie(c, "", sessionLasts, map[string]string{sessionIDValue: id})
}

// endSession ends the browser's session, if there is one.
func (s *site) endSession(c echo.Context) error {
	id := s.readCookie(c, "")[sessionIDValue]
	if id == "" {
		return nil
	}
	return s.Store.EndSession(c.Request().Context(), seal.Hash(id))
}
