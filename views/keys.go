package views

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/a-h/templ"
)

// Key is a single-key shortcut of a page, as the help shows it and static/js/keys.js does it.
type Key struct {
	Key   string // as KeyboardEvent.key names it: "j", "/", "?"
	Sign  string // what its cap shows, where that is another: "←"
	Or    string // another key that does the same by itself: "Enter" on what has the focus
	Does  string // in words
	Press string // a selector: what is pressed, or gets the focus if it is a field
	InRow bool   // it is looked for in the current row
	Step  int    // 1 or -1: goes to the next or previous row
}

// helpKey opens the help; every page with keys has it.
var helpKey = Key{Key: "?", Does: "Show these keys", Press: "#keys-open"}

// feedKeys are the shortcuts of a list of ratings.
var feedKeys = []Key{
	{Key: "/", Does: "Search in remarks", Press: "#q"},
	{Key: "j", Does: "Next rating", Step: 1},
	{Key: "k", Does: "Previous rating", Step: -1},
	{Key: "o", Or: "Enter", Does: "Open the rating", Press: "[data-row-link]", InRow: true},
}

// adminKeys are what admins do to a rating in the list.
var adminKeys = []Key{
	{Key: "r", Does: "Reply to the customer", Press: "[data-reply]", InRow: true},
	{Key: "h", Does: "Mark as handled, or take that back", Press: "[data-handle]", InRow: true},
}

// keysOf are the shortcuts of the list for whoever looks at it.
func keysOf(p Page) []Key {
	if p.Admin() {
		return slices.Concat(feedKeys, adminKeys)
	}
	return feedKeys
}

// reportKeys are the shortcuts of a page of figures.
var reportKeys = []Key{
	{Key: "w", Does: "The last 7 days", Press: "#range-7"},
	{Key: "t", Does: "The last 30 days", Press: "#range-30"},
	{Key: "n", Does: "The last 90 days", Press: "#range-90"},
	{Key: "y", Does: "The last 12 months", Press: "#range-365"},
	{Key: "ArrowLeft", Sign: "←", Does: "The period before", Press: "#earlier"},
	{Key: "ArrowRight", Sign: "→", Does: "The period after", Press: "#later"},
	{Key: "x", Does: "Compare with the period before, or with nothing", Press: ".menu-panel:has(#compare-off[aria-current]) #compare-previous, #compare-off:not([aria-current])"},
	{Key: "/", Does: "Search in remarks", Press: "#to-search"},
	{Key: "Escape", Sign: "Esc", Does: "Clear all filters", Press: "#clear-filters"},
}

// sign is the key as its cap shows it.
func (k Key) sign() string { return cmp.Or(k.Sign, k.Key) }

func (k Key) attributes() templ.Attributes {
	all := templ.Attributes{"data-key": k.Key}
	if k.Press != "" {
		all["data-press"] = k.Press
	}
	if k.InRow {
		all["data-in-row"] = true
	}
	if k.Step != 0 {
		all["data-step"] = strconv.Itoa(k.Step)
	}
	return all
}
