package survey

import (
	"slices"
	"strings"
	"unicode"

	"rerate/internal/rating"
	"rerate/models"
)

// ImportField is something that a file of old ratings may say of each.
type ImportField struct {
	Key      string // the name of the column in our own files
	Label    string
	Hint     string
	Required bool
	others   []string // how other programs call it, as plain leaves it
}

// ImportFields are all of them.
var ImportFields = []ImportField{
	{
		Key: "conversation_id", Label: "Conversation", Hint: "Intercom's id of the conversation, only digits.", Required: true,
		others: []string{"conversation", "conversationnumber", "conversationnr", "intercomconversationid", "ticketid"},
	},
	{
		Key: "score", Label: "Score", Hint: "A number on the scale, or its emoji or label.", Required: true,
		others: []string{"rating", "conversationrating", "conversationratingscore", "ratingscore", "csat", "csatscore", "csatrating", "stars", "conversationscore"},
	},
	{
		Key: "rated_at", Label: "Time", Hint: "Like 2026-03-02 10:15, in the time zone of your settings unless it names another.", Required: true,
		others: []string{
			"ratedon", "ratingat", "ratingtime", "ratingdate", "repliedat", "conversationratingrepliedat", "ratedatutc", "submittedat", "timestamp", "createdat",
			"updatedat", "date", "time", "at",
		},
	},
	{
		Key: "contact_id", Label: "Contact", Hint: "Intercom's id of the contact. Without it the conversation's only contact is meant.",
		others: []string{"contact", "customerid", "intercomuserid", "conversationratingcontactid", "userid"},
	},
	{
		Key: "remark", Label: "Remark",
		others: []string{"comment", "feedback", "conversationratingremark", "ratingremark", "ratingcomment", "review", "text", "message", "notes"},
	},
	{
		Key: "teammate_id", Label: "Teammate's id", Hint: "Intercom's id of the teammate to whom the rating belongs.",
		others: []string{"adminid", "agentid", "teammateratedid", "conversationratingadminid", "assigneeid"},
	},
	{
		Key: "teammate_name", Label: "Teammate's name",
		others: []string{"teammate", "agent", "agentname", "adminname", "admin", "assignee", "teammaterated"},
	},
	{
		Key: "channel", Label: "Channel", Hint: "chat, email or another of Intercom's channels. Without it: chat, or what is known of the conversation.",
		others: []string{"sourcetype", "channelinitiated", "source", "conversationchannel"},
	},
}

// guessColumns finds the column of each field by the names in the header. No column is taken twice.
func guessColumns(header []string) map[string]int {
	columns := map[string]int{}
	taken := func(n int) bool {
		for _, other := range columns {
			if other == n {
				return true
			}
		}
		return false
	}
	find := func(key string, names []string) {
		if _, found := columns[key]; found {
			return
		}
		for _, name := range names {
			if n := slices.IndexFunc(header, func(h string) bool { return plainName(h) == name }); n >= 0 && !taken(n) {
				columns[key] = n
				return
			}
		}
	}
	for _, f := range ImportFields {
		find(f.Key, []string{plainName(f.Key)})
	}
	for _, f := range ImportFields {
		find(f.Key, f.others)
	}
	return columns
}

// plainName is a name without case, spaces and signs.
func plainName(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// checkOptions says, by field, what keeps a file from being read in this way.
func checkOptions(o models.ImportOptions, header []string) rating.Problems {
	problems := rating.Problems{}
	used := map[int]string{}
	for _, f := range ImportFields {
		n, chosen := o.Columns[f.Key]
		switch {
		case !chosen && f.Required:
			problems[f.Key] = "Choose the column that holds it; a rating cannot do without."
		case chosen && (n < 0 || n >= len(header)):
			problems[f.Key] = "The file has no such column."
		case chosen && used[n] != "":
			problems[f.Key] = "This column is taken for " + used[n] + " already."
		case chosen:
			used[n] = "“" + f.Label + "”"
		}
	}
	if o.Scale < 2 || o.Scale > 10 {
		problems["scale"] = "A scale has 2 to 10 options."
	}
	return problems
}
