package intercomtest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// entry is one line of a conversation as the teammate sees it.
type entry struct {
	Part
	Kind    string // customer, teammate, note or news
	News    string // what happened, in words; "" for a plain message
	Sender  string
	Changes []string // attributes that were written one after the other
	Day     string   // the heading of a new day; "" within one
}

func (i inboxView) entries() []entry {
	first := Part{ID: i.Open.Source.ID, Type: "comment", Body: i.Open.Source.Body, Author: i.Open.Source.Author, At: i.Open.CreatedAt}
	var list []entry
	for _, part := range append([]Part{first}, i.Open.Parts...) {
		e := i.entry(part)
		if last := len(list) - 1; part.Attribute != nil && last >= 0 && list[last].Changes != nil {
			list[last].Changes = append(list[last].Changes, e.News)
			continue
		}
		if part.Attribute != nil {
			e.Changes = []string{e.News}
		}
		list = append(list, e)
	}
	list = append(list, i.nativeNews()...)
	slices.SortStableFunc(list, func(a, b entry) int { return a.At.Compare(b.At) })
	day := ""
	for n := range list {
		if today := i.Clock.day(list[n].At); today != day {
			day, list[n].Day = today, today
		}
	}
	return list
}

func (i inboxView) entry(part Part) entry {
	e := entry{Part: part, News: i.news(part), Sender: part.Author.Name}
	switch {
	case part.Type == "note":
		e.Kind = "note"
	case part.Body == "" && part.Card == nil && len(part.QuickReplies) == 0:
		e.Kind = "news"
	case part.Author.Type == "user" || part.Author.Type == "lead":
		e.Kind = "customer"
	default:
		e.Kind = "teammate"
	}
	if e.Kind != "news" {
		e.News = strings.TrimPrefix(e.News, e.Sender+" ") // who it was stands beside the message
	}
	return e
}

// nativeNews tells of Intercom's own rating, which is no part of a conversation.
func (i inboxView) nativeNews() []entry {
	var list []entry
	add := func(id string, at time.Time, news string) {
		list = append(list, entry{Part: Part{ID: id, At: at}, Kind: "news", News: news})
	}
	for n, r := range i.Open.Ratings {
		add(fmt.Sprintf("asked-%d", n), r.RequestedAt, "Intercom asked for its own rating")
		if r.Score > 0 {
			news := i.Names[r.Contact] + " rated the conversation " + face(r.Score)
			if r.Remark != "" {
				news += " “" + r.Remark + "”"
			}
			add(fmt.Sprintf("rated-%d", n), r.AnsweredAt, news)
		}
	}
	return list
}

// news says what a part did beside its message.
func (i inboxView) news(p Part) string {
	who := p.Author.Name
	switch p.Type {
	case "comment", "note", "quick_reply":
		return ""
	case "close":
		return who + " closed the conversation"
	case "open":
		return who + " reopened the conversation"
	case "snoozed":
		return who + " snoozed the conversation"
	case "assignment", "assign_and_reopen":
		to := "nobody"
		if p.AssignedTo != nil {
			to = i.Names[p.AssignedTo.ID]
		}
		return who + " assigned the conversation to " + to
	}
	if p.Attribute != nil {
		return fmt.Sprintf("%s is now “%s”", p.Attribute.Name, p.Attribute.Value)
	}
	return who + ": " + strings.ReplaceAll(p.Type, "_", " ")
}
