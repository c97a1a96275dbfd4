package handlers

import (
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/views"
	"rerate/views/ui"
)

// page is what surrounds a page for whoever looks at it. It takes the message of the action before, so call it once.
func (s *site) page(c echo.Context, title string) views.Page {
	p := views.Page{Title: title, Path: c.Request().URL.RequestURI(), Theme: s.theme(c), Now: s.Now(), Zone: time.UTC}
	if m, ok := memberOf(c); ok {
		p.Zone = m.workspace.Settings.Location()
		p.Workspace = m.workspace.Name
		p.Teammate = views.Teammate{Name: nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID), Role: string(m.teammate.Role)}
		p.Reconnect = m.workspace.TokenInvalidAt != nil
		p.Parts = s.config.Parts
		p.ExampleData = m.workspace.HasExampleData
		p.Flashes = s.takeFlash(c)
	}
	return p
}

// nameOf is the first of several names that is known.
func nameOf(names ...string) string {
	for _, name := range names {
		if name != "" {
			return name
		}
	}
	return ""
}

// ownPages are the pages that a redirect may lead to.
var ownPages = regexp.MustCompile(`^/(|ratings|ratings/[0-9A-Za-z_-]{1,64}|wording|wording/versions/[0-9]{1,9}|settings|parts)$`)

// ownPage is one of our pages for an address that a browser sent, with its query, or "/" for anything else. It is
// put together anew, so that what browsers read as another site ("//", "/\") cannot come through.
func ownPage(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || !ownPages.MatchString(u.Path) {
		return "/"
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil || len(query) == 0 {
		return u.Path
	}
	return u.Path + "?" + query.Encode()
}

// plainID is what an id in an address may look like. Anything else is not found, and never reaches a query.
var plainID = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)

// pathID is the id in the address.
func pathID(c echo.Context) (string, error) {
	id := c.Param("id")
	if !plainID.MatchString(id) {
		return "", echo.ErrNotFound
	}
	return id, nil
}

// flashes are the messages after an action. The cookie holds only a key of this table.
var flashes = map[string]ui.Flash{
	"published":     {Kind: "success", Text: "Your wording is published. The next card shows it."},
	"unchanged":     {Kind: "info", Text: "Nothing is different from what is in use, so no new version was made."},
	"rolled_back":   {Kind: "success", Text: "The earlier wording is in use again, as a new version. The next card shows it."},
	"draft_saved":   {Kind: "success", Text: "The draft is saved. Customers do not see it until you publish."},
	"draft_gone":    {Kind: "success", Text: "The draft is discarded. This is the wording in use."},
	"draft_newer":   {Kind: "error", Text: "The draft was saved again or is gone meanwhile, so nothing was discarded. This is how things stand."},
	"saved":         {Kind: "success", Text: "The settings are saved."},
	"revoked":       {Kind: "success", Text: "The key is revoked. It no longer works."},
	"role":          {Kind: "success", Text: "The role is changed. The teammate has to sign in again."},
	"retrying":      {Kind: "success", Text: "What failed is being tried again. Load the page again in a minute."},
	"example_gone":  {Kind: "success", Text: "The example data is removed. You can add it again under Settings."},
	"example_added": {Kind: "success", Text: "A year of example data is added. You can remove it again at any time."},
}

const flashValue = "flash"

// done leads on to a page of ours, which then shows the message.
func (s *site) done(c echo.Context, path, flash string) error {
	if err := s.writeCookie(c, flashCookie, flashLasts, map[string]string{flashValue: flash}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, path)
}

// takeFlash is the message to show now; it is shown once.
func (s *site) takeFlash(c echo.Context) []ui.Flash {
	flash, ok := flashes[s.readCookie(c, flashCookie)[flashValue]]
	if !ok {
		return nil
	}
	if err := s.writeCookie(c, flashCookie, 0, nil); err != nil {
		note(c, err)
	}
	return []ui.Flash{flash}
}
