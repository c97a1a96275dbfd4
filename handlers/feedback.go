package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"rerate/internal/intercom/canvas"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

// feedbackFilter is what the address of the list of feedback asks for.
type feedbackFilter struct {
	rows    models.FeedbackFilter
	shown   views.FeedbackFilter
	after   *models.Cursor
	ignored []string
}

// feedbackParams are the names of the query: what a value must be, and how it is taken.
var feedbackParams = []struct {
	name, must string
	take       func(f *feedbackFilter, value string) bool
}{
	{"text", "at most 100 characters of what was written", func(f *feedbackFilter, v string) bool {
		f.rows.Text, f.shown.Text = v, v
		return shortened(v, 100) == v
	}},
	{"source", "home or teammate", func(f *feedbackFilter, v string) bool {
		f.rows.Source, f.shown.Source = models.Source(v), v
		return f.rows.Source == models.FromHome || f.rows.Source == models.FromTeammate
	}},
	{"category", "a category of the form", func(f *feedbackFilter, v string) bool {
		f.rows.Category, f.shown.Category = v, v
		return slices.ContainsFunc(survey.Categories, func(c survey.Category) bool { return c.Key == v })
	}},
	{"score", "a score, 1 to 10", func(f *feedbackFilter, v string) (ok bool) {
		f.shown.Score = v
		f.rows.Score, ok = parseScore(v)
		return ok
	}},
	{"handled", "yes or no", func(f *feedbackFilter, v string) bool {
		f.rows.Handled, f.shown.Handled = models.YesNo(v), v
		return v == "yes" || v == "no"
	}},
	{"contact", "a contact's id", func(f *feedbackFilter, v string) bool {
		f.rows.Contact, f.shown.Contact = v, v
		return isID(v)
	}},
	{"conversation", "a conversation's id", func(f *feedbackFilter, v string) bool {
		f.rows.Conversation, f.shown.Conversation = v, v
		return canvas.IsConversationID(v)
	}},
	{"cursor", "a place that a page linked to", func(f *feedbackFilter, v string) bool {
		cursor, ok := ParseCursor(v)
		if ok {
			f.after, f.shown.Cursor = &cursor, v
		}
		return ok
	}},
}

// parseFeedbackFilter reads the filter in the address; what is not understood does not narrow, and the page says so.
func parseFeedbackFilter(query url.Values) feedbackFilter {
	f := feedbackFilter{}
	var said filter
	known := []string{}
	for _, p := range feedbackParams {
		known = append(known, p.name)
		value, ok := said.value(query, p.name)
		if !ok {
			continue
		}
		before := f
		if !p.take(&f, value) {
			f = before
			said.ignore(p.name, value, "it must be "+p.must)
		}
	}
	said.ignoreOthers(query, known)
	f.ignored = said.ignored
	return f
}

// first is the filter from its first page.
func (f feedbackFilter) first() views.FeedbackFilter {
	shown := f.shown
	shown.Cursor = ""
	return shown
}

// feedback is the list of feedback that is no rating.
func (s *site) feedback(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	f := parseFeedbackFilter(c.QueryParams())
	if len(f.ignored) == 0 && hasEmpty(c.QueryParams()) {
		return c.Redirect(http.StatusSeeOther, f.shown.URL(views.FeedbackPath))
	}
	tenant := s.tenant(c)
	found, err := tenant.Feedback(ctx, f.rows, f.after, pageSize+1)
	if err != nil {
		return err
	}
	total, err := tenant.CountFeedback(ctx, f.rows)
	if err != nil {
		return err
	}
	props := views.FeedbackProps{
		Filter: f.shown, Ignored: f.ignored, Total: int(total), Any: total > 0, CSVHref: f.first().URL(views.FeedbackPath + ".csv"),
	}
	if f.after != nil {
		props.FirstHref = f.first().URL(views.FeedbackPath)
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		next := f.shown
		next.Cursor = feedbackCursor(found[pageSize-1])
		props.NextHref = next.URL(views.FeedbackPath)
	}
	if !props.Any {
		all, err := tenant.Feedback(ctx, models.FeedbackFilter{}, nil, 1)
		if err != nil {
			return err
		}
		props.Any = len(all) > 0
	}
	for _, category := range survey.Categories {
		props.Categories = append(props.Categories, ui.Choice{Value: category.Key, Label: category.Label})
	}
	wording, err := s.currentWording(ctx, m.workspace)
	if err != nil {
		return err
	}
	props.Scale = scale(wording)
	if props.Rows, err = s.feedbackRows(ctx, m.workspace, found); err != nil {
		return err
	}
	props.Page = s.page(c, "Feedback")
	return render(c, http.StatusOK, views.Feedback(props))
}

func (s *site) feedbackRows(ctx context.Context, w models.Workspace, found []models.Feedback) ([]views.FeedbackRow, error) {
	var contacts []string
	for _, f := range found {
		contacts = append(contacts, f.ContactID)
	}
	people, err := s.Store.Tenant(w.ID).Contacts(ctx, contacts)
	if err != nil {
		return nil, err
	}
	rows := make([]views.FeedbackRow, len(found))
	for i, f := range found {
		rows[i] = views.FeedbackRow{
			ID: f.ID, At: f.At, Text: f.Text, Category: categoryLabel(f.Category), Score: ui.Score{Value: f.Score, Emoji: f.Emoji, Label: f.Label},
			Source: string(f.Source), Contact: contactName(people, f.ContactID), Teammate: f.TeammateName, ConversationID: f.ConversationID,
			Test: f.Test, HandledBy: f.HandledBy,
		}
		if f.HandledAt != nil {
			rows[i].HandledAt = *f.HandledAt
		}
		if f.ConversationID != "" {
			rows[i].IntercomURL = s.conversationURL(w, f.ConversationID)
		}
	}
	return rows, nil
}

func categoryLabel(key string) string {
	for _, c := range survey.Categories {
		if c.Key == key {
			return c.Label
		}
	}
	return key
}

// handleFeedback marks feedback as handled, or takes that back, and leads to where the teammate was.
func (s *site) handleFeedback(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	by, flash := nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID), "handled"
	switch c.FormValue("handled") {
	case "yes":
	case "no":
		by, flash = "", "reopened"
	default:
		return survey.Error{Code: survey.Invalid, Sentence: "Feedback can be marked as handled or as open; nothing was changed."}
	}
	if err := s.tenant(c).Write(c.Request().Context(), func(tx *models.Tx) error { return tx.HandleFeedback(id, by) }); err != nil {
		return err
	}
	back := ownPage(c.FormValue("back"))
	if back == "/" {
		back = views.FeedbackPath
	}
	return s.done(c, back, flash)
}

// feedbackCursor is the place after a row of the list.
func feedbackCursor(f models.Feedback) string { return FormatCursor(models.Cursor{At: f.At, ID: f.ID}) }
