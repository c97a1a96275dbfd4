package survey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
)

// How much of a conversation the sidebar shows; the dashboard shows all.
const (
	ratingsBeside  = 5
	episodesBeside = 5
	wordsBeside    = 300 // characters of a remark
	waitingDays    = 90  // as far back as the list of what waits goes when it is opened
)

// notice is what the sidebar says about the button that was pressed.
type notice struct {
	text  string
	wrong bool
}

// beside is everything that the sidebar tells of one conversation.
type beside struct {
	s            *Service
	settings     models.Settings
	conversation models.Conversation
	ratings      []models.Rating
	requests     []models.Request
	teammates    map[string]string // names by id
	waiting      []models.Rating   // low ratings here that nobody has asked about since, the oldest first
	others       int64             // such ratings in other conversations
}

// sidebar draws what stands beside a conversation.
func (s *Service) sidebar(ctx context.Context, tenant models.Tenant, conversation string, said notice) (canvas.Canvas, error) {
	b, err := s.beside(ctx, tenant, conversation)
	if err != nil {
		return canvas.Canvas{}, err
	}
	parts := b.said(said)
	parts = append(parts, b.history()...)
	parts = append(parts, b.recovery()...)
	parts = append(parts, b.asks()...)
	parts = append(parts, b.buttons()...)
	return s.withInboxState(tenant.Workspace, inboxState{Conversation: conversation, Request: newestRequest(b.requests)}, content(parts...))
}

func (s *Service) beside(ctx context.Context, tenant models.Tenant, id string) (b beside, err error) {
	b = beside{s: s, teammates: map[string]string{}}
	w, err := tenant.Get(ctx)
	if err != nil {
		return b, err
	}
	b.settings = w.Settings
	b.conversation, err = tenant.Conversation(ctx, id)
	if errors.Is(err, models.ErrNotFound) {
		b.conversation = models.Conversation{ID: id}
	} else if err != nil {
		return b, err
	}
	if b.ratings, err = tenant.RatingsOf(ctx, id); err != nil {
		return b, err
	}
	if b.requests, err = tenant.RequestsOf(ctx, id); err != nil {
		return b, err
	}
	teammates, err := tenant.Teammates(ctx)
	for _, t := range teammates {
		b.teammates[t.ID] = t.Name
	}
	if err != nil || !b.showsScores() {
		return b, err
	}
	if b.waiting, err = tenant.WaitingIn(ctx, id); err == nil && len(b.waiting) > 0 {
		b.others, err = b.otherWaiting(ctx, tenant)
	}
	return b, err
}

// newestRequest is the id of the request that was made last.
func newestRequest(requests []models.Request) string {
	newest := models.Request{}
	for _, r := range requests {
		if !r.CreatedAt.Before(newest.CreatedAt) {
			newest = r
		}
	}
	return newest.ID
}

// showsScores reports whether teammates may see scores in the Inbox.
func (b beside) showsScores() bool { return b.settings.Note == rating.NoteFull }

func (b beside) said(said notice) []canvas.Component {
	switch {
	case said.text == "":
		return nil
	case said.wrong:
		return []canvas.Component{canvas.Text{Text: said.text, Style: "error"}}
	}
	return []canvas.Component{canvas.Text{Text: "*" + said.text + "*"}}
}

// history tells what was rated. It is no data-table: Intercom cuts the values of one off in the Inbox.
func (b beside) history() []canvas.Component {
	parts := []canvas.Component{canvas.Text{Text: "Ratings", Style: "header"}}
	if len(b.ratings) == 0 {
		return append(parts, canvas.Text{Text: "No rating in this conversation yet."})
	}
	if !b.showsScores() {
		return append(parts, canvas.Text{Text: "This workspace does not show scores in the Inbox."})
	}
	if counted := b.counted(); counted != "" {
		parts = append(parts, canvas.Text{Text: "*Counts:* " + counted})
	}
	shown := b.ratings
	if more := len(shown) - ratingsBeside; more > 0 {
		shown = shown[more:]
		parts = append(parts, canvas.Text{Style: "muted", Text: fmt.Sprintf("[All %d ratings](%s)", len(b.ratings), b.s.BaseURL+"/ratings/"+b.ratings[0].ID)})
	}
	for _, r := range shown {
		parts = append(parts, canvas.Text{Text: ratingWords(r), BottomMargin: "none"}, canvas.Text{Text: b.date(r.At), Style: "muted"})
	}
	if last := shown[len(shown)-1]; last.Remark != "" {
		parts = append(parts, canvas.Text{Text: "“" + shortened(last.Remark, wordsBeside) + "”"})
	}
	return parts
}

// counted is the rating of the newest answer's contact that the workspace's policy picks, with the policy's name.
func (b beside) counted() string {
	last := b.ratings[len(b.ratings)-1]
	for _, r := range b.ratings {
		if r.Valid() {
			last = r
		}
	}
	history := models.HistoryOf(b.ratings, b.conversation.ID, last.ContactID)
	if history == nil {
		return ""
	}
	if b.settings.Policy == rating.CountAverage {
		return fmt.Sprintf("%.1f of %d, the average of all ratings", history.Counted(rating.CountAverage), last.Scale)
	}
	pick := map[rating.Policy]rating.Rated{
		rating.CountFirst: history.First(), rating.CountBest: history.Best(), rating.CountWorst: history.Worst(),
		rating.CountLatest: history.Latest(),
	}[b.settings.Policy]
	for _, r := range b.ratings {
		if r.ID == pick.ID {
			return givenWords(r) + ", the " + string(b.settings.Policy) + " rating"
		}
	}
	return ""
}

func givenWords(r models.Rating) string {
	return strings.TrimSpace(fmt.Sprintf("%s %s (%d of %d)", r.Emoji, r.Label, r.Score, r.Scale))
}

// ratingWords are one rating with all that is to be said of it in a line.
func ratingWords(r models.Rating) string {
	text := givenWords(r)
	switch {
	case !r.Valid():
		text += ", left out: " + string(r.WhyNot)
	case r.Change != rating.First:
		text += ", " + string(r.Change)
	}
	if said, ok := whatChangedWords[r.WhatChanged]; ok {
		text += ". The customer says: " + said
	}
	return text
}

// recovery says of a low rating that waits whether the customer can be asked again.
func (b beside) recovery() []canvas.Component {
	if len(b.waiting) == 0 {
		return nil
	}
	low := b.waiting[len(b.waiting)-1]
	parts := []canvas.Component{canvas.Text{Text: "Low rating", Style: "header"}, canvas.Text{Text: b.readiness(low)}}
	if b.others > 0 {
		words := "1 other waits."
		if b.others > 1 {
			words = fmt.Sprintf("%d others wait.", b.others)
		}
		parts = append(parts, canvas.Text{Style: "muted", Text: fmt.Sprintf("%s [See them](%s)", words, b.s.BaseURL+"/ratings/waiting")})
	}
	return parts
}

// readiness says what is missing until the customer can be asked again.
func (b beside) readiness(low models.Rating) string {
	replied := b.conversation.TeammateRepliedAt != nil && b.conversation.TeammateRepliedAt.After(low.At)
	closed := b.conversation.State == models.StateClosed && b.conversation.ClosedAt != nil && b.conversation.ClosedAt.After(low.At)
	switch {
	case replied && closed:
		return "✅ Ready to ask again: a teammate has replied since the low rating, and the conversation is closed."
	case replied:
		return "⏳ Close the conversation when it is solved; then the customer can be asked again."
	}
	return "⏳ Nobody has replied since the low rating. Reply, solve it and close; then the customer can be asked again."
}

// otherWaiting counts what the list of what waits shows of other conversations.
func (b beside) otherWaiting(ctx context.Context, tenant models.Tenant) (int64, error) {
	zone := b.settings.Location()
	today := stats.DayOf(b.s.Now(), zone)
	lately := stats.Range{From: today.AddDays(1 - waitingDays), To: today, Zone: zone}
	n, _, err := tenant.CountWaiting(ctx, models.RatingFilter{Filter: models.Filter{Range: lately}})
	for _, low := range b.waiting {
		if !low.At.Before(lately.Start()) {
			n--
		}
	}
	return max(0, n), err // something here may have been asked between the two queries
}

func (b beside) date(at time.Time) string { return dateText(&at, b.settings) }

func dateText(at *time.Time, settings models.Settings) string {
	if at == nil {
		return "—"
	}
	return at.In(settings.Location()).Format("2 Jan 2006, 15:04")
}

// shortened cuts a text off after some characters.
func shortened(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return strings.TrimSpace(string(runes[:most])) + "…"
	}
	return text
}

// nameOf is a teammate's name, or what stands for somebody unknown.
func (b beside) nameOf(teammate string) string { return cmp.Or(b.teammates[teammate], "a teammate") }
