package survey

import (
	"context"
	"strconv"
	"strings"

	"rerate/internal/intercom/canvas"
	"rerate/models"
)

// The component ids of the feedback form, besides feedbackScoreID.
const (
	feedbackTextID     = "feedback_text"
	feedbackCategoryID = "feedback_category"
)

// Category is one kind of feedback that a teammate can choose.
type Category struct{ Key, Label string }

// Categories are all of them, in the order of the form. Intercom's dropdown takes 2 to 10.
var Categories = []Category{
	{"problem", "Something is broken"},
	{"idea", "Idea or wish"},
	{"question", "Hard to understand"},
	{"price", "Price or billing"},
	{"service", "Our service"},
	{"praise", "Praise"},
	{"other", "Something else"},
}

func knownCategory(key string) bool {
	for _, c := range Categories {
		if c.Key == key {
			return true
		}
	}
	return false
}

// written is what a teammate has filled into the form, and what is wrong with it.
type written struct {
	text, category, score string
	problems              []string
	textWrong             bool
}

// openFeedback shows an empty form. Its id is new each time, so that it can be saved once.
func (s *Service) openFeedback(ctx context.Context, tenant models.Tenant, conversation string) (canvas.Canvas, error) {
	wording, err := tenant.Wording(ctx)
	if err != nil {
		return canvas.Canvas{}, err
	}
	return s.feedbackForm(tenant.Workspace, inboxState{Conversation: conversation, Form: s.NewID()}, newCard(wording.Body, ""), written{})
}

func (s *Service) feedbackForm(workspace string, state inboxState, c card, f written) (canvas.Canvas, error) {
	categories := make([]canvas.Option, len(Categories))
	for i, category := range Categories {
		categories[i] = canvas.Option{ID: category.Key, Text: category.Label}
	}
	parts := []canvas.Component{
		canvas.Text{Text: "Record feedback", Style: "header"},
		canvas.Text{Style: "muted", Text: "What the customer told you. It goes to the feedback list and into no figure."},
	}
	for _, problem := range f.problems {
		parts = append(parts, canvas.Text{Text: problem, Style: "error"})
	}
	return s.withInboxState(workspace, state, content(append(parts,
		canvas.TextArea{ID: feedbackTextID, Label: "What they said", Value: f.text, Error: f.textWrong},
		canvas.Dropdown{ID: feedbackCategoryID, Label: "Category", Options: categories, Value: f.category},
		canvas.SingleSelect{ID: feedbackScoreID, Label: "Score (optional)", Options: c.options(), Value: f.score},
		canvas.Button{ID: saveFeedbackID, Label: "Save feedback", Style: "primary", Action: canvas.Submit{}},
		canvas.Button{ID: backID, Label: "Back", Style: "link", Action: canvas.Submit{}})...))
}

// saveFeedback stores what the form holds, or shows it again with all that was typed and what is wrong.
func (s *Service) saveFeedback(ctx context.Context, tenant models.Tenant, in canvas.InboxSubmit, state inboxState) (canvas.Canvas, error) {
	if state.Form == "" {
		return s.sidebar(ctx, tenant, in.ConversationID, notice{text: "This form is not open any more. Press Record feedback again.", wrong: true})
	}
	wording, err := tenant.Wording(ctx)
	if err != nil {
		return canvas.Canvas{}, err
	}
	c := newCard(wording.Body, "")
	form, filled := c.readWritten(in.InputValues)
	if len(form.problems) > 0 {
		return s.feedbackForm(tenant.Workspace, state, c, form)
	}
	filled.Source, filled.SourceKey = models.FromTeammate, "teammate:"+state.Form
	filled.ConversationID, filled.TeammateID, filled.TeammateName = in.ConversationID, in.Admin.ID, storable(in.Admin.Name)
	if in.Person != nil {
		filled.ContactID = in.Person.ID
	}
	if err := tenant.Write(ctx, func(tx *models.Tx) error {
		_, err := tx.AddFeedback(filled)
		return err
	}); err != nil {
		return canvas.Canvas{}, err
	}
	return s.sidebar(ctx, tenant, in.ConversationID, notice{text: "The feedback is saved in the [list](" + s.BaseURL + "/ratings/feedback)."})
}

// readWritten reads the form: what can be stored, and what was typed where something is wrong.
func (c card) readWritten(values canvas.InputValues) (f written, filled models.Feedback) {
	f = written{text: strings.TrimSpace(values.Get(feedbackTextID)), category: values.Get(feedbackCategoryID)}
	score, onScale := c.scoreOf(values.Get(feedbackScoreID))
	if onScale {
		f.score = strconv.Itoa(score.Value)
	}
	wrong := func(sentence string) { f.problems = append(f.problems, sentence) }
	switch {
	case f.text == "":
		f.textWrong = true
		wrong("Write down what the customer said.")
	case !storableRemark(f.text):
		f.text, f.textWrong = storable(f.text), true
		wrong("The text is longer than " + strconv.Itoa(MaxRemark) + " characters or holds some that cannot be stored. Shorten it.")
	}
	if !knownCategory(f.category) {
		f.category = ""
		wrong("Choose a category.")
	}
	filled = models.Feedback{Text: f.text, Category: f.category}
	c.chosen(&filled, score)
	return f, filled
}
