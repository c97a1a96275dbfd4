package views

import (
	"net/url"
	"strconv"
	"time"

	"rerate/views/ui"
)

// DigestProps is the page of the weekly digest. Its forms post to /settings/digest (enabled, weekday, hour), …/recipients
// (teammate or email), …/recipients/{id}/remove, …/mine (on), …/send and …/mails/{id}/retry.
type DigestProps struct {
	Page Page

	MailFrom string // "": the operator has not set up mail
	Enabled  bool
	Weekday  string // "0" is Sunday
	Hour     string
	ZoneName string
	SavedBy  string
	SavedAt  time.Time
	Next     time.Time // when the next one comes; zero: none does
	Missed   string    // the week whose digest was not sent; "": none was missed

	Recipients []DigestRecipient
	Teammates  []ui.Choice // who may be added
	Email      string      // the address that was typed and refused
	Errors     map[string]string
	Mine       DigestMine

	Mail  DigestMail // of the last week, as it would be sent
	Weeks []DigestWeek
}

// DigestMine is what the one who looks gets.
type DigestMine struct {
	Address string // "": none is known
	On      bool
}

// DigestRecipient is who gets the digest.
type DigestRecipient struct {
	ID, TeammateID, Name, Address string // an empty name: an address alone; an empty address: none is known
	Self                          bool
	AddedAt                       time.Time
	UnsubscribedAt                time.Time // zero: gets it
}

// DigestWeek is what became of the digest of one week.
type DigestWeek struct {
	Week    string // in words
	Sent    int
	Waiting int
	Others  []DigestSending // what was not simply sent
	At      time.Time       // when the first was sent, or planned
}

// DigestSending is one mail that was not simply sent.
type DigestSending struct {
	ID, Address string
	State       string // "waiting", "begun", "failed", "unclear" or "skipped"
	Detail      string
}

var weekdays = []ui.Choice{
	{Value: "1", Label: "Monday"},
	{Value: "2", Label: "Tuesday"},
	{Value: "3", Label: "Wednesday"},
	{Value: "4", Label: "Thursday"},
	{Value: "5", Label: "Friday"},
	{Value: "6", Label: "Saturday"},
	{Value: "0", Label: "Sunday"},
}

// hours are the full hours of a day.
func hours() []ui.Choice {
	all := make([]ui.Choice, 24)
	for h := range all {
		value := strconv.Itoa(h)
		all[h] = ui.Choice{Value: value, Label: time.Date(2000, 1, 1, h, 0, 0, 0, time.UTC).Format("15:04")}
	}
	return all
}

// receiving counts who gets it.
func (p DigestProps) receiving() int {
	n := 0
	for _, r := range p.Recipients {
		if r.UnsubscribedAt.IsZero() && r.Address != "" {
			n++
		}
	}
	return n
}

// state says whether digests go out.
func (p DigestProps) state() (kind, words string) {
	switch {
	case p.MailFrom == "":
		return "warning", "Mail is not set up"
	case !p.Enabled:
		return "", "Off"
	case p.receiving() == 0:
		return "warning", "On, but nobody gets it"
	}
	return "positive", "On"
}

// wrongs lists what was refused.
func (p DigestProps) wrongs() []ui.Wrong {
	var all []ui.Wrong
	for _, field := range []struct{ name, label string }{{"teammate", "Teammate"}, {"email", "Address"}, {"form", ""}} {
		if text := p.Errors[field.name]; text != "" {
			wrong := ui.Wrong{Label: field.label, Text: text}
			if field.label != "" {
				wrong.ID = field.name
			}
			all = append(all, wrong)
		}
	}
	return all
}

func (r DigestRecipient) removePath() string {
	return "/settings/digest/recipients/" + url.PathEscape(r.ID) + "/remove"
}

// who names a recipient.
func (r DigestRecipient) who() string {
	if r.Name == "" {
		return r.Address
	}
	return r.Name
}

func (m DigestSending) retryPath() string {
	return "/settings/digest/mails/" + url.PathEscape(m.ID) + "/retry"
}

// retry says what another attempt means.
func (m DigestSending) retry() ui.Confirmation {
	c := ui.Confirmation{
		ID: "retry-" + m.ID, Label: "Try again", Name: "Try again to send to " + m.Address, Class: "btn-sm", Title: "Send it again?",
		Text: "The digest of this week is put together anew and sent to " + m.Address + ".", Do: "Send it", Action: m.retryPath(),
	}
	if m.State == "unclear" {
		c.Text = "It may have arrived. If it has, " + m.Address + " gets it twice; mail programs that look at the Message-ID show it once."
	}
	return c
}

// summary says how a week went.
func (w DigestWeek) summary() string {
	text := "Sent to " + grouped(w.Sent)
	if w.Sent == 0 && len(w.Others) == 0 && w.Waiting > 0 {
		return count(w.Waiting, "mail waits", "mails wait")
	}
	if w.Waiting > 0 {
		text += ", " + grouped(w.Waiting) + " being sent"
	}
	return text
}
