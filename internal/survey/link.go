package survey

import (
	"cmp"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"rerate/internal/rating"
	"rerate/internal/seal"
	"rerate/models"
)

// ratingLink is what the token of a link to the hosted page says. It is sealed: whoever sees the address, in a mail
// server or a browser's history, learns nothing of the workspace, the conversation or the person.
type ratingLink struct {
	Request string `json:"r"`
	Score   int    `json:"s,omitempty"` // the choice that was tapped; the page only preselects it
	Locale  string `json:"l,omitempty"` // of the ask, where the customer's is known
}

// linkLasts is how long a link opens at all. The windows end sooner, kindly; after it nobody can tell the link from
// one that never was.
const linkLasts = 365 * 24 * time.Hour

// linkPath is where links lead; the token follows.
const linkPath = "/r/"

// linkURL is the address of the hosted page for a request.
func (s *Service) linkURL(workspace string, link ratingLink) (string, error) {
	token, err := s.Keys.Seal(seal.RatingLink, workspace, link, s.Now().Add(linkLasts))
	return s.BaseURL + linkPath + token, err
}

// linkInText finds the tokens of links in a text.
var linkInText = regexp.MustCompile(linkPath + `([A-Za-z0-9_-]+)`)

// linkedRequest is the request that a link of ours in the body of a part asks for; ok is false without one. A comment
// that holds such a link is an ask that arrived, whatever its sender was told. Customers quote what they answer, so look
// only at what teammates wrote.
func (s *Service) linkedRequest(workspace, body string) (request string, ok bool) {
	for _, found := range linkInText.FindAllStringSubmatch(html.UnescapeString(body), -1) {
		var link ratingLink
		// The zero time: a link that is over by now was sent all the same.
		if err := s.Keys.OpenFor(seal.RatingLink, workspace, found[1], time.Time{}, &link); err == nil && link.Request != "" {
			return link.Request, true
		}
	}
	return "", false
}

// ask is one ask in words, for a comment or a message.
type ask struct {
	Request string         // its id
	Channel string         // of the conversation: models.Chat or one of Intercom's other source types
	Wording rating.Wording // of the request's version
	Locale  string         // of the customer; empty or another language: the wording's default
}

// mostLinks is the largest scale that is asked with one link for each option. A longer list of links is no pleasure to
// read, so there one link leads to the page with all options.
const mostLinks = 5

// askHTML is the ask as the body of a comment or message: the question, then one link for each option. Intercom keeps
// paragraphs, bold, line breaks and links in the Messenger and in e-mail. Each option has a line of its own, which is
// easy to hit with a thumb and reads well in an e-mail as plain text.
func (s *Service) askHTML(workspace string, a ask) (string, error) {
	message := newMessage(a.Wording, a.Locale, a.Channel)
	link := ratingLink{Request: a.Request, Locale: a.Locale}
	var lines []string
	for _, o := range message.Links {
		link.Score = o.Score
		line, err := s.askLine(workspace, link, o.Text())
		if err != nil {
			return "", err
		}
		lines = append(lines, line)
	}
	return message.html(lines), nil
}

// Message is a message that asks, as the customer reads it.
type Message struct {
	Before   []string // paragraphs, which may hold line breaks
	Question string
	Links    []rating.Option // one for each option, or one alone, without a score
}

// newMessage puts the ask into words for a channel.
func newMessage(w rating.Wording, locale, channel string) Message {
	w = w.In(locale)
	before := w.Ask.Email
	if channel == models.Chat {
		before = w.Ask.Chat
	}
	m := Message{Question: w.Question, Before: Paragraphs(before)}
	m.Links = slices.Clone(w.Options)
	if len(w.Options) > mostLinks {
		m.Links = []rating.Option{{Label: wordsFor(locale).rateHere}}
	}
	return m
}

// Paragraphs are the parts of a text that empty lines part.
func Paragraphs(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// html is the message with its links.
func (m Message) html(links []string) string {
	return paragraphsHTML(m.Before) + "<p><b>" + html.EscapeString(m.Question) + "</b></p><p>" + strings.Join(links, "<br>") + "</p>"
}

func paragraphsHTML(paragraphs []string) string {
	var b strings.Builder
	for _, text := range paragraphs {
		b.WriteString("<p>" + noteText(text) + "</p>")
	}
	return b.String()
}

// The steps of the preview that show a message in place of the card.
const (
	StepChat  Step = "chat"
	StepEmail Step = "email"
)

// MessageSteps are both.
var MessageSteps = []Step{StepChat, StepEmail}

// PreviewMessage is the message that would ask with a wording, in a language, by one of the MessageSteps.
func PreviewMessage(w rating.Wording, locale string, step Step) Message {
	channel := models.Chat
	if step == StepEmail {
		channel = "email"
	}
	m := newMessage(w.Clean(), locale, channel)
	m.Question = cmp.Or(m.Question, unsaid)
	for i, link := range m.Links {
		if link.Text() == "" {
			m.Links[i].Label = unsaid
		}
	}
	return m
}

func (s *Service) askLine(workspace string, link ratingLink, text string) (string, error) {
	address, err := s.linkURL(workspace, link)
	return fmt.Sprintf(`<a href="%s">%s</a>`, html.EscapeString(address), html.EscapeString(text)), err
}
