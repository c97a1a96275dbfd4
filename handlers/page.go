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
		p.Teammate = views.Teammate{Name: nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID), Role: string(m.teammate.Role), Path: views.TeammatePath(m.teammate.ID)}
		p.Reconnect = m.workspace.TokenInvalidAt != nil
		p.Parts = s.config.Parts
		p.RebuiltPercent, p.Rebuilding = m.workspace.Rebuilding()
		p.ExampleData = m.workspace.HasExampleData
		p.Flashes = s.takeFlash(c)
		p.Stopped = s.stoppedEndpoints(c, m)
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
var ownPages = regexp.MustCompile(`^/(|ratings|ratings/[0-9A-Za-z_-]{1,64}|teammates|teammates/[0-9A-Za-z_-]{1,64}|companies|companies/[0-9A-Za-z_-]{1,64}|requests|requests/[0-9A-Za-z_-]{1,64}|wording|wording/versions/[0-9]{1,9}|segments|segments/[0-9A-Za-z_-]{1,64}|calls|setup|settings|settings/backfill|settings/digest|settings/webhooks|settings/webhooks/[0-9A-Za-z_-]{1,64}|settings/import|settings/import/[0-9A-Za-z_-]{1,64}|parts)$`)

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
	"published":        {Kind: "success", Text: "Your wording is published. The next card shows it."},
	"unchanged":        {Kind: "info", Text: "Nothing is different from what is in use, so no new version was made."},
	"rolled_back":      {Kind: "success", Text: "The earlier wording is in use again, as a new version. The next card shows it."},
	"draft_saved":      {Kind: "success", Text: "The draft is saved. Customers do not see it until you publish."},
	"draft_gone":       {Kind: "success", Text: "The draft is discarded. This is the wording in use."},
	"draft_newer":      {Kind: "error", Text: "The draft was saved again or is gone meanwhile, so nothing was discarded. This is how things stand."},
	"saved":            {Kind: "success", Text: "The settings are saved."},
	"saved_zone":       {Kind: "success", Text: "The settings are saved, and every figure moves to the days of the new time zone."},
	"checking":         {Kind: "success", Text: "The figures are being checked."},
	"rebuilding":       {Kind: "success", Text: "The figures are being rebuilt."},
	"asked":            {Kind: "success", Text: "The customer is being asked again. The ledger says what becomes of it."},
	"revoked":          {Kind: "success", Text: "The key is revoked. It no longer works."},
	"role":             {Kind: "success", Text: "The role is changed. The teammate has to sign in again."},
	"retrying":         {Kind: "success", Text: "What failed is being tried again. Load the page again in a minute."},
	"import_stopped":   {Kind: "success", Text: "The file is stopped. Nothing of it was added."},
	"example_gone":     {Kind: "success", Text: "The example data is removed. You can add it again under Settings."},
	"example_added":    {Kind: "success", Text: "A year of example data is added. You can remove it again at any time."},
	"counted":          {Kind: "success", Text: "The rating counts now."},
	"left_out":         {Kind: "success", Text: "The rating is left out of every figure."},
	"segment_saved":    {Kind: "success", Text: "The segment is saved. Who is in it is being worked out."},
	"segment_switched": {Kind: "success", Text: "The switches are saved."},
	"segment_sending":  {Kind: "success", Text: "The message is on its way to all who are in the segment, a hundred a minute."},
	"segment_deleted":  {Kind: "success", Text: "The segment is deleted."},
	"message_again":    {Kind: "success", Text: "The message is being tried again. Load the page again in a minute."},
	"digest_saved":     {Kind: "success", Text: "The digest is saved."},
	"digest_added":     {Kind: "success", Text: "The digest is sent there too, from the next one on."},
	"digest_removed":   {Kind: "success", Text: "The digest is not sent there any more."},
	"digest_mine":      {Kind: "success", Text: "You get the digest from the next one on."},
	"digest_not_mine":  {Kind: "success", Text: "You get no more digests."},
	"digest_sent":      {Kind: "success", Text: "The digest of last week is on its way to you."},
	"digest_again":     {Kind: "success", Text: "The mail is being sent again. Load the page again in a minute."},
	"endpoint_added":   {Kind: "success", Text: "It is added. Send a test to see whether it arrives."},
	"endpoint_saved":   {Kind: "success", Text: "The changes are saved."},
	"endpoint_paused":  {Kind: "success", Text: "It is paused. Messages wait until somebody resumes."},
	"endpoint_resumed": {Kind: "success", Text: "It goes on. What has waited is being sent."},
	"endpoint_tested":  {Kind: "success", Text: "A test is on its way. What became of it stands below."},
	"endpoint_deleted": {Kind: "success", Text: "It is deleted. Nothing is sent there any more."},
	"work_again":       {Kind: "success", Text: "It is being tried again. If it fails once more, it stands here again."},
	"delivery_again":   {Kind: "success", Text: "It is being tried again. What became of it stands below."},
	"rating_handled":   {Kind: "success", Text: "The rating is marked as handled."},
	"rating_reopened":  {Kind: "success", Text: "The rating is not marked as handled any more."},
	"customer_erased":  {Kind: "success", Text: "This customer is erased. The scores stay, and every figure is what it was."},
	"reply_waits":      {Kind: "success", Text: "Your reply is on its way to Intercom. Below stands what becomes of it."},
	"reply_again":      {Kind: "success", Text: "The reply is being sent again. Load the page again in a minute."},
	"handled":          {Kind: "success", Text: "The feedback is marked as handled."},
	"reopened":         {Kind: "success", Text: "The feedback is open again."},
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
