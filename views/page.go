// Package views holds the dashboard's pages and their props: what a page shows, already decided.
// Props carry no rows of the store and nothing of Intercom; times come with the page's zone.
package views

import (
	"strings"
	"time"
	"unicode/utf8"

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

	Flashes        []ui.Flash
	ExampleData    bool // the workspace holds example data
	Reconnect      bool // Intercom refused our token
	Stopped        int  // how many webhooks and alerts Rerate has paused by itself; told to admins only
	Rebuilding     bool // figures may be wrong, because they are being rebuilt
	RebuiltPercent int  // how far that has come
	Parts          bool // there is a page of every part, at /parts
}

// Teammate is the person who is signed in.
type Teammate struct {
	Name string
	Role string // "admin" or "viewer"
	Path string // the teammate's own page; "" is none
}

// NavItem is one entry of the navigation.
type NavItem struct {
	Label string
	Path  string
	Icon  string // of static/images/icons.txt
	With  string // another path that belongs to it
}

// Navigation lists the dashboard's pages in the order shown.
var Navigation = []NavItem{
	{Label: "Overview", Path: "/", Icon: "layout-dashboard"},
	{Label: "Ratings", Path: "/ratings", Icon: "star"},
	{Label: "Teammates", Path: "/teammates", Icon: "users"},
	{Label: "Ledger", Path: "/requests", Icon: "list"},
	{Label: "Wording", Path: "/wording", Icon: "message-square"},
	{Label: "Segments", Path: "/segments", Icon: "target", With: CompaniesPath},
	{Label: "Calls", Path: "/calls", Icon: "arrow-left-right"},
	{Label: "Settings", Path: "/settings", Icon: "settings"},
}

// rowPlaces is how many entries the phone's row of icons holds.
const rowPlaces = 5

// inRow is how many of the entries stand in the phone's row; where they are too many, its last place is for the rest.
func inRow(items []NavItem) int {
	if len(items) <= rowPlaces {
		return len(items)
	}
	return rowPlaces - 1
}

// SignedIn says whether a teammate looks at the page.
func (p Page) SignedIn() bool { return p.Teammate.Name != "" }

// initial stands for the teammate where there is no room for a name.
func (t Teammate) initial() string {
	first, _ := utf8.DecodeRuneInString(t.Name)
	return strings.ToUpper(string(first))
}

// printed is the time of the page, for paper.
func (p Page) printed() string { return p.local(p.Now).Format("2 January 2006, 15:04 MST") }

// Admin says whether the teammate may change things.
func (p Page) Admin() bool { return p.Teammate.Role == "admin" }

// Current says whether the navigation entry is the page shown or the parent of it.
func (p Page) Current(item NavItem) bool {
	path, _, _ := strings.Cut(p.Path, "?")
	if item.Path == "/" {
		return path == "/"
	}
	within := func(base string) bool { return path == base || strings.HasPrefix(path, base+"/") }
	return within(item.Path) || item.With != "" && within(item.With)
}
