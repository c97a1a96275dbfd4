// Package views holds the dashboard's pages and their props: what a page shows, already decided.
// Props carry no rows of the store and nothing of Intercom; times come with the page's zone.
package views

import (
	"strings"
	"time"

	"rerate/views/ui"
)

// Page is what surrounds every page: who looks, at which workspace, and what must be told first.
// A page without a teammate is drawn for somebody who is not signed in.
type Page struct {
	Title string
	Path  string // the path asked for, with its query: marks the navigation and is where /theme returns to
	Theme string // "system", "light" or "dark", from the cookie; "" is "system"

	Now  time.Time
	Zone *time.Location // the workspace's zone; nil is UTC

	Workspace string // its name
	Teammate  Teammate

	Flashes     []ui.Flash
	ExampleData bool // the workspace holds example data
	Reconnect   bool // Intercom refused our token
}

// Teammate is the person who is signed in.
type Teammate struct {
	Name string
	Role string // "admin" or "viewer"
}

// NavItem is one entry of the navigation.
type NavItem struct {
	Label string
	Path  string
	Icon  string // of static/images/icons.txt
}

// Navigation lists the dashboard's pages in the order shown.
var Navigation = []NavItem{
	{Label: "Overview", Path: "/", Icon: "layout-dashboard"},
	{Label: "Ratings", Path: "/ratings", Icon: "star"},
	{Label: "Wording", Path: "/wording", Icon: "message-square"},
	{Label: "Settings", Path: "/settings", Icon: "settings"},
}

// SignedIn says whether a teammate looks at the page.
func (p Page) SignedIn() bool { return p.Teammate.Name != "" }

// Admin says whether the teammate may change things.
func (p Page) Admin() bool { return p.Teammate.Role == "admin" }

// Current says whether the navigation entry is the page shown or the parent of it.
func (p Page) Current(item NavItem) bool {
	path, _, _ := strings.Cut(p.Path, "?")
	if item.Path == "/" {
		return path == "/"
	}
	return path == item.Path || strings.HasPrefix(path, item.Path+"/")
}
