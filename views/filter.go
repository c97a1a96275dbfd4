package views

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"rerate/views/ui"
)

// Filter is the state of a page's filter form, and of every link that keeps it. Each field is the
// query value under the name in its comment, or "" for no limit.
type Filter struct {
	Days          string // days: "7", "30" or "365", counted back from today, or "today", "last_month", "all", …; "" is 90, From or To win over it
	From, To      string // from, to: YYYY-MM-DD in the workspace's zone, both included
	Policy        string // policy: "" is the workspace's own
	Compare       string // compare: "" is the range before, "weekdays" the one with the same weekdays, "year" a year before, "off" none
	Teammate      string // teammate: Intercom's id
	Channel       string // channel: "chat", "email", …
	Tag           string // tag: a tag of the conversation
	Change        string // change: "first", "better", "same", "worse"
	Score         string // score: a number on the scale
	Remark        string // remark: "yes" or "no"
	Wording       string // wording: the version that asked
	Segment       string // segment: an id
	Company       string // company: Intercom's id
	Outcome       string // outcome: the rows behind a figure, "rated", "recovered", "not_asked", …
	First         string // first: the conversation's first score
	Latest        string // latest: the conversation's latest score
	Valid         string // valid: "yes" or "no"
	WhyNot        string // why_not: "suspect", "unverified", …
	Status        string // status: of the ledger, "asked", "not_asked", …
	Rule          string // rule: of the ledger, why a conversation was not asked
	Method        string // method: of the ledger, how it was asked
	FirstTeammate string // first_teammate: Intercom's id, of who is credited with the conversation's first rating
	Closes        string // closes: of the ledger, "all" closed episodes or the "asked" ones
	Search        string // q: words of the remark
	Handled       string // handled: "yes" or "no"
	Contact       string // contact: Intercom's id
	Conversation  string // conversation: Intercom's id
	Sort          string // sort: the column that the teammates are sorted by, "" is the default
	Cursor        string // cursor: where a list goes on
}

// fields pairs every query name with its value, in the order of links.
func (f Filter) fields() [][2]string {
	return [][2]string{
		{"days", f.Days},
		{"from", f.From},
		{"to", f.To},
		{"policy", f.Policy},
		{"compare", f.Compare},
		{"teammate", f.Teammate},
		{"channel", f.Channel},
		{"tag", f.Tag},
		{"score", f.Score},
		{"change", f.Change},
		{"remark", f.Remark},
		{"wording", f.Wording},
		{"segment", f.Segment},
		{"company", f.Company},
		{"outcome", f.Outcome},
		{"first", f.First},
		{"latest", f.Latest},
		{"valid", f.Valid},
		{"why_not", f.WhyNot},
		{"status", f.Status},
		{"rule", f.Rule},
		{"method", f.Method},
		{"first_teammate", f.FirstTeammate},
		{"closes", f.Closes},
		{"q", f.Search},
		{"handled", f.Handled},
		{"contact", f.Contact},
		{"conversation", f.Conversation},
		{"sort", f.Sort},
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
	if days == defaultDays {
		days = ""
	}
	f.Days, f.From, f.To, f.Cursor = days, "", "", ""
	return f
}

// defaultDays is the preset that an address without a range means.
const defaultDays = "90"

// FilterBar is what stands over a page of figures or rows: the range that was resolved, the filter and its choices.
type FilterBar struct {
	Filter             Filter
	RangeWords         string // "1 to 30 September 2026"
	ComparedWords      string // the range compared with; "" is none
	ZoneName           string // "Europe/Dublin"
	Today              string // YYYY-MM-DD
	TypedFrom, TypedTo string // what stands in the fields of a range of one's own
	Earlier, Later     *Filter
	Figures            bool   // of a page of figures, which has a policy and a comparison
	Policy, OwnPolicy  string // the policy in force, and the workspace's own: "latest", …
	Teammates          []ui.Choice
	Channels           []ui.Choice
	Tags               []string    // some, to choose from; others can be typed
	Segments, Wordings []ui.Choice // segments by name, versions by question
	Companies          []string    // some names, to choose from
	Company            string      // the name of the one in force
	TypedCompany       string      // what stands in its field, also when it was refused
	Scale              []ui.Score
	Rules              []ui.Choice // of the ledger: the reasons not to ask, in words
	Rows               string      // what the rows are, "ratings" where nothing is said
	Ignored            []string    // query values that were not understood, as one sentence each
}

// presets are the ranges that one click gives, in the groups of their menu.
var presets = [][]ui.Choice{
	{{Value: "7", Label: "7 days"}, {Value: "30", Label: "30 days"}, {Value: "90", Label: "90 days"}, {Value: "365", Label: "12 months"}},
	{
		{Value: "today", Label: "Today"},
		{Value: "yesterday", Label: "Yesterday"},
		{Value: "week", Label: "This week"},
		{Value: "last_week", Label: "Last week"},
		{Value: "month", Label: "This month"},
		{Value: "last_month", Label: "Last month"},
		{Value: "quarter", Label: "This quarter"},
		{Value: "year", Label: "Year to date"},
		{Value: "all", Label: "All time"},
	},
}

// presetName is a preset in a menu and on its button.
func presetName(choice ui.Choice) string {
	if choice.Label[0] >= '0' && choice.Label[0] <= '9' {
		return "Last " + choice.Label
	}
	return choice.Label
}

// preset is the preset in force, "" when the range is another.
func (b FilterBar) preset() string {
	switch {
	case b.Filter.From != "" || b.Filter.To != "":
		return ""
	case b.Filter.Days == "":
		return defaultDays
	}
	return b.Filter.Days
}

// policyWords names the policy in force inside a sentence.
func (b FilterBar) policyWords() string {
	return strings.ToLower(word(policyNames, b.Policy))
}

// forPolicy is the filter under a policy; the workspace's own is the default.
func (b FilterBar) forPolicy(policy string) Filter {
	f := b.Filter
	f.Policy, f.Cursor = policy, ""
	if policy == b.OwnPolicy {
		f.Policy = ""
	}
	return f
}

// comparisons are the choices of what to compare with, the default first.
var comparisons = []ui.Choice{{Label: "Previous period"}, {Value: "weekdays", Label: "Same weekdays before"}, {Value: "year", Label: "A year before"}, {Value: "off", Label: "Nothing"}}

// forCompare is the filter with another comparison.
func (b FilterBar) forCompare(compare string) Filter {
	f := b.Filter
	f.Compare, f.Cursor = compare, ""
	return f
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

// pill is one limit of the filter in words, and the address without it.
type pill struct {
	Label string
	Bare  Filter
}

// pills are the limits besides range, policy and comparison.
func (b FilterBar) pills() []pill {
	var all []pill
	add := func(value, label string, drop func(f *Filter)) {
		if value == "" {
			return
		}
		bare := b.Filter
		bare.Cursor = ""
		drop(&bare)
		all = append(all, pill{label, bare})
	}
	f := b.Filter
	add(f.Outcome, "Only "+word(outcomeNames, f.Outcome), func(f *Filter) { f.Outcome = "" })
	add(f.First, "First rating: "+b.score(f.First), func(f *Filter) { f.First = "" })
	add(f.Latest, "Latest rating: "+b.score(f.Latest), func(f *Filter) { f.Latest = "" })
	add(f.Teammate, "Teammate: "+word(b.Teammates, f.Teammate), func(f *Filter) { f.Teammate = "" })
	add(f.Channel, "Channel: "+word(channelNames, f.Channel), func(f *Filter) { f.Channel = "" })
	add(f.Tag, "Tag: "+f.Tag, func(f *Filter) { f.Tag = "" })
	add(f.Score, "Score: "+b.score(f.Score), func(f *Filter) { f.Score = "" })
	add(f.Change, word(changeNames, f.Change), func(f *Filter) { f.Change = "" })
	add(f.Remark, word(remarkChoices, f.Remark), func(f *Filter) { f.Remark = "" })
	add(f.Wording, "Wording "+word(b.Wordings, f.Wording), func(f *Filter) { f.Wording = "" })
	add(f.Segment, "Segment: "+word(b.Segments, f.Segment), func(f *Filter) { f.Segment = "" })
	add(f.Company, "Company: "+cmp.Or(b.Company, f.Company), func(f *Filter) { f.Company = "" })
	add(f.Valid, word(validChoices, f.Valid), func(f *Filter) { f.Valid = "" })
	add(f.WhyNot, "Left out: "+word(whyNotNames, f.WhyNot), func(f *Filter) { f.WhyNot = "" })
	add(f.Status, word(statusNames, f.Status), func(f *Filter) { f.Status = "" })
	add(f.Rule, "Not asked: "+word(b.Rules, f.Rule), func(f *Filter) { f.Rule = "" })
	add(f.Method, capital(word(methodNames, f.Method)), func(f *Filter) { f.Method = "" })
	add(f.FirstTeammate, "First rating of: "+word(b.Teammates, f.FirstTeammate), func(f *Filter) { f.FirstTeammate = "" })
	add(f.Closes, word(closesNames, f.Closes), func(f *Filter) { f.Closes = "" })
	searched := "Remark: "
	if b.rows() == "companies" {
		searched = "Name: "
	}
	add(f.Search, searched+f.Search, func(f *Filter) { f.Search = "" })
	add(f.Handled, word(handledChoices, f.Handled), func(f *Filter) { f.Handled = "" })
	add(f.Contact, "Contact: "+f.Contact, func(f *Filter) { f.Contact = "" })
	add(f.Conversation, "Conversation: "+f.Conversation, func(f *Filter) { f.Conversation = "" })
	return all
}

// score is the label of a score of the wording in force, or of a run of scores such as "1-2".
func (b FilterBar) score(value string) string {
	if from, to, run := strings.Cut(value, "-"); run {
		return b.score(from) + " to " + b.score(to)
	}
	for _, s := range b.Scale {
		if strconv.Itoa(s.Value) == value {
			return s.Words()
		}
	}
	return value
}

// bare is the filter without any limit but its range, policy and comparison.
func (f Filter) bare() Filter {
	return Filter{Days: f.Days, From: f.From, To: f.To, Policy: f.Policy, Compare: f.Compare, Sort: f.Sort}
}

// rangeName is the range in force in two words.
func (b FilterBar) rangeName() string {
	for _, choice := range slices.Concat(presets...) {
		if choice.Value == b.preset() {
			return presetName(choice)
		}
	}
	return "Own range"
}

// companyRefused says whether a company was typed that was not understood.
func (b FilterBar) companyRefused() bool { return b.TypedCompany != "" && b.Filter.Company == "" }

// ofAnswers says whether the filter speaks of what only an answer has, so that requests cannot be counted by it.
func (b FilterBar) ofAnswers() bool {
	return b.Filter.Score != "" || b.Filter.Change != "" || b.Filter.Remark != ""
}

// ofRequests is the filter without what only an answer has.
func (b FilterBar) ofRequests() Filter {
	f := b.Filter
	f.Score, f.Change, f.Remark, f.Cursor = "", "", "", ""
	return f
}

// basis says by which day something belongs to the range.
func (b FilterBar) basis() string {
	switch {
	case strings.HasPrefix(b.Filter.Outcome, "responded"):
		return "by the day of the request"
	case b.rows() == "closes":
		return "by the day of the close"
	case b.Filter.Outcome == "happy":
		return "by the day of each rating"
	case b.Figures, b.rows() != "ratings", b.Filter.Outcome != "", b.Filter.FirstTeammate != "", b.Filter.First != "", b.Filter.Latest != "":
		return "by the day of the latest rating"
	}
	return "by the day of each rating"
}

// rangeRefused says whether a range was typed that does not hold.
func (b FilterBar) rangeRefused() bool {
	return b.TypedFrom != b.Filter.From || b.TypedTo != b.Filter.To
}

// countedWords names the ratings that count: "latest rating", "average of all ratings".
func (b FilterBar) countedWords() string {
	if b.Policy == "average" {
		return "average rating"
	}
	return b.policyWords()
}

// policySentence says which rating makes the counted figure.
func (b FilterBar) policySentence() string {
	if b.Policy == "average" {
		return "Each conversation adds the share of its ratings that are positive."
	}
	return "Of each conversation the " + b.policyWords() + " counts."
}

// rows names what the filter narrows.
func (b FilterBar) rows() string { return cmp.Or(b.Rows, "ratings") }

// emptyWords says what stands in the way of rows.
func (b FilterBar) emptyWords() string {
	pills := len(b.pills())
	if pills == 1 && b.Filter.Search != "" {
		return "No remark from " + b.RangeWords + " says “" + b.Filter.Search + "”."
	}
	if pills > 0 {
		return "There are " + b.rows() + ", but none from " + b.RangeWords + " with " + count(pills, "filter", "filters") + " set."
	}
	return "There are " + b.rows() + ", but none from " + b.RangeWords + "."
}

// chosen is what a link to a filter needs beside its address: an id, by which the focus finds it again.
func chosen(id string, current bool) templ.Attributes {
	all := templ.Attributes{"id": id, "hx-boost": "true"}
	if current {
		all["aria-current"] = "true"
	}
	return all
}
