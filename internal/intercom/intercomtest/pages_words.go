package intercomtest

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

func pageName(path string) string {
	switch path {
	case pathMessenger:
		return "Customer"
	case pathInbox:
		return "Teammate"
	case pathCalls:
		return "Behind the scenes"
	case pathWorkflow:
		return "Workflow"
	case pathTeamMail:
		return "Team’s mail"
	case pathReceiver:
		return "Receiver"
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
	case pathCalls, pathTeamMail, pathReceiver:
		return "calls-page"
	case pathWorkflow:
		return "calls-page workflow-page"
	default:
		return "both"
	}
}

// title is a word as the beginning of a label.
func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// byApp says that a part was made by the app.
func (i inboxView) byApp(p Part) string {
	if p.AppPackageCode == "" {
		return ""
	}
	return "(by " + i.AppName + ")"
}

func firstName(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// initials stand in for a picture: of the first and the last word, only of the first where letters join as in Arabic.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	if len(words) == 1 || first > unicode.MaxLatin1 {
		return string(unicode.ToUpper(first))
	}
	return string(unicode.ToUpper(first)) + string(unicode.ToUpper(last))
}

// avatarClass gives each person one of six colours, always the same.
func avatarClass(id string) string {
	sum := 0
	for i, b := range []byte(id) {
		sum += (i + 3) * int(b)
	}
	return "avatar avatar-" + strconv.Itoa(sum%6)
}

// textDirection is how a language is written.
func textDirection(locale string) string {
	language, _, _ := strings.Cut(locale, "-")
	if slices.Contains([]string{"ar", "fa", "he", "ur"}, language) {
		return "rtl"
	}
	return "ltr"
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

// person is somebody whom the reader of a page can be.
type person struct{ ID, Name, More string }

func contactPeople(contacts []Contact) []person {
	var list []person
	for _, c := range contacts {
		list = append(list, person{c.ID, nameOf(c), c.Role + ", " + c.Locale})
	}
	return list
}

func adminPeople(admins []Admin) []person {
	var list []person
	for _, a := range admins {
		list = append(list, person{a.ID, a.Name, a.JobTitle})
	}
	return list
}

func nameOf(c Contact) string { return cmp.Or(c.Name, c.Email, c.ID) }

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
