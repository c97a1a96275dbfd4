package intercomtest

import (
	"cmp"
	"errors"
	"strings"
)

func pageName(path string) string {
	switch path {
	case pathMessenger:
		return "Messenger"
	case pathInbox:
		return "Inbox"
	case pathCalls:
		return "Calls"
	default:
		return "Both sides"
	}
}

func mainClass(path string) string {
	switch path {
	case pathMessenger:
		return "one messenger-page"
	case pathInbox:
		return "one inbox-page"
	case pathCalls:
		return "calls-page"
	default:
		return "both"
	}
}

// sentence is a problem as one reads it: without the code of an Intercom error, and with a full stop.
func sentence(problem error) string {
	words := problem.Error()
	var refused *Error
	if errors.As(problem, &refused) {
		words = refused.Message
	}
	return strings.TrimRight(words, ".") + "."
}

func contactChoices(contacts []Contact) []choice {
	var list []choice
	for _, c := range contacts {
		list = append(list, choice{c.ID, cmp.Or(c.Name, c.Email, c.ID) + " (" + c.Role + ", " + c.Locale + ")"})
	}
	return list
}

func adminChoices(admins []Admin) []choice {
	var list []choice
	for _, a := range admins {
		list = append(list, choice{a.ID, a.Name})
	}
	return list
}

// names are the contacts of a conversation in one line.
func (i inboxView) names(c Conversation) string {
	var list []string
	for _, id := range c.Contacts {
		list = append(list, cmp.Or(i.Names[id], "Somebody"))
	}
	return strings.Join(list, ", ")
}

// channel is where a conversation began, in the words of the Inbox.
func channel(c Conversation) string {
	if c.Source.Type == "conversation" {
		return "Messenger"
	}
	return c.Source.Type
}

// face is the emoji of one of Intercom's own scores.
func face(score int) string {
	for _, f := range faces {
		if f.Score == score {
			return f.Emoji + " " + f.Name
		}
	}
	return "not answered"
}

func entryName(e entry) string {
	if e.Kind == "note" {
		return "Private note by " + e.Sender
	}
	return "Message by " + e.Sender
}

func tagNames(c Conversation) string {
	var list []string
	for _, t := range c.Tags {
		list = append(list, t.Name)
	}
	return cmp.Or(strings.Join(list, ", "), "None")
}

// nativeWords are Intercom's own ratings of a conversation, newest last.
func nativeWords(c Conversation) string {
	var list []string
	for _, r := range c.Ratings {
		words := face(r.Score)
		if r.Remark != "" {
			words += " “" + r.Remark + "”"
		}
		list = append(list, words)
	}
	return cmp.Or(strings.Join(list, "; "), "Not asked")
}
