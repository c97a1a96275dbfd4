package views

import (
	"net/url"
	"strings"

	"rerate/views/ui"
)

// Filter is the state of a page's filter form, and of every link that keeps it. Each field is the
// query value under the name in its comment, or "" for no limit.
type Filter struct {
	Days         string // days: "7", "30", "90" or "365", counted back from today; From or To win over it
	From, To     string // from, to: YYYY-MM-DD in the workspace's zone, both included
	Policy       string // policy: "" is the workspace's own
	Teammate     string // teammate: Intercom's id
	Channel      string // channel: "chat", "email", …
	Change       string // change: "first", "better", "same", "worse"
	Score        string // score: a number on the scale
	Outcome      string // outcome: latest rating against the first, "better", "same", "worse" or "recovered"
	First        string // first: the conversation's first score
	Latest       string // latest: the conversation's latest score
	Valid        string // valid: "yes" or "no"
	Remark       string // remark: "yes" or "no"
	Contact      string // contact: Intercom's id
	Conversation string // conversation: Intercom's id
	Cursor       string // cursor: where a list goes on
}

// fields pairs every query name with its value, in the order of links.
func (f Filter) fields() [][2]string {
	return [][2]string{
		{"days", f.Days},
		{"from", f.From},
		{"to", f.To},
		{"policy", f.Policy},
		{"teammate", f.Teammate},
		{"channel", f.Channel},
		{"change", f.Change},
		{"score", f.Score},
		{"outcome", f.Outcome},
		{"first", f.First},
		{"latest", f.Latest},
		{"valid", f.Valid},
		{"remark", f.Remark},
		{"contact", f.Contact},
		{"conversation", f.Conversation},
		{"cursor", f.Cursor},
	}
}

// URL is path with the filter as its query; what is empty is left out, the order is fixed.
func (f Filter) URL(path string) string {
	query := ""
	for _, field := range f.fields() {
		if field[1] == "" {
			continue
		}
		if query != "" {
			query += "&"
		}
		query += field[0] + "=" + url.QueryEscape(field[1])
	}
	if query == "" {
		return path
	}
	return path + "?" + query
}

// ForDays is the same filter over one of the preset ranges, from its first page.
func (f Filter) ForDays(days string) Filter {
	f.Days, f.From, f.To, f.Cursor = days, "", "", ""
	return f
}

// FilterBar is what the filter form shows: the choices and the range that was resolved.
type FilterBar struct {
	Filter     Filter
	RangeWords string // "1 to 30 September 2026"
	ZoneName   string // "Europe/Dublin"
	Policy     string // the policy in force: "latest", …
	Teammates  []ui.Choice
	Channels   []ui.Choice
	Ignored    []string // query values that were not understood, as one sentence each
}

// narrowed says whether anything but a preset range is set.
func (f Filter) narrowed() bool {
	f.Days, f.Cursor = "", ""
	return f != Filter{}
}

// policyWords names the policy in force inside a sentence.
func (b FilterBar) policyWords() string {
	return strings.ToLower(word(policyNames, b.Policy))
}

// policies are the choices of the policy, the workspace's own first.
func (b FilterBar) policies() []ui.Choice {
	return orAll("Workspace's policy", policyNames)
}

// channels are the channels given, under names that people know.
func (b FilterBar) channels() []ui.Choice {
	named := make([]ui.Choice, len(b.Channels))
	for i, channel := range b.Channels {
		named[i] = channel
		if channel.Label == "" || channel.Label == channel.Value {
			named[i].Label = word(channelNames, channel.Value)
		}
	}
	return named
}
