package handlers

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"rerate/internal/intercom/canvas"
	"rerate/internal/intercom/draw"
	"rerate/internal/rating"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

// wordingNow is what is stored: all versions, newest first, the one in use, the draft and the names of the teammates.
type wordingNow struct {
	versions []models.Wording
	current  models.Wording       // version 0 is the built-in one
	draft    *models.WordingDraft // nil: none
	names    map[string]string
}

func (s *site) wordingNow(c echo.Context) (now wordingNow, err error) {
	ctx, tenant := c.Request().Context(), s.tenant(c)
	if now.versions, err = tenant.Wordings(ctx); err != nil {
		return now, err
	}
	now.current.Body = rating.DefaultWording()
	if len(now.versions) > 0 {
		now.current = now.versions[0]
	}
	draft, err := tenant.WordingDraft(ctx)
	if err == nil {
		now.draft = &draft
	} else if !errors.Is(err, models.ErrNotFound) {
		return now, err
	}
	now.names, err = teammateNames(ctx, tenant)
	return now, err
}

// version is one version as a page shows it.
func (now wordingNow) version(w models.Wording) views.WordingVersion {
	v := views.WordingVersion{
		Number: w.Version, Author: nameOf(now.names[w.AuthorID], w.AuthorID), At: w.PublishedAt, Question: w.Body.Question,
		Current: w.Version == now.current.Version,
	}
	for _, o := range w.Body.Options {
		v.Emoji = append(v.Emoji, o.Emoji)
	}
	for _, earlier := range now.versions {
		if v.Again == 0 && earlier.Version < w.Version-1 && len(rating.Differences(earlier.Body, w.Body)) == 0 {
			v.Again = earlier.Version
		}
	}
	return v
}

func (now wordingNow) draftProps() *views.WordingDraft {
	if now.draft == nil {
		return nil
	}
	return &views.WordingDraft{
		Author: nameOf(now.names[now.draft.AuthorID], now.draft.AuthorID), At: now.draft.SavedAt, BasedOn: now.draft.BasedOn,
	}
}

// versionsShown is how many versions the page lists.
const versionsShown = 20

func (s *site) showWording(c echo.Context, status int, now wordingNow, e wordingEdit) error {
	m, _ := memberOf(c)
	errs := wordingErrors(e)
	props := views.WordingProps{
		Form: wordingForm(e), Preview: wordingPreview(e.wording, e.look), InUse: now.version(now.current), Draft: now.draftProps(),
		Meanwhile: meanwhile(now, e), Asking: e.asking, Said: e.said, Focus: e.focus, Changed: e.changed, Errors: errs, Refused: e.refused,
		Older: len(now.versions) > versionsShown,
	}
	if props.Draft != nil {
		props.Draft.Shown = m.admin() && now.draft.ID == e.seen.Draft
	}
	if !m.admin() {
		props.Errors, props.Meanwhile = nil, nil
	}
	if props.Meanwhile != nil && props.Draft != nil && !props.Draft.Shown {
		props.Draft = nil // said there
	}
	for _, w := range now.versions[:min(len(now.versions), versionsShown)] {
		props.Versions = append(props.Versions, now.version(w))
	}
	props.Page = s.page(c, "Wording")
	return render(c, status, views.Wording(props))
}

// meanwhile is what others have stored that the form does not know of, nil when there is nothing.
func meanwhile(now wordingNow, e wordingEdit) *views.WordingMeanwhile {
	newVersion := now.current.Version != e.seen.Version
	newDraft := now.draft != nil && now.draft.ID != e.seen.Draft
	if !newVersion && !newDraft {
		return nil
	}
	m := &views.WordingMeanwhile{}
	theirs, draft := now.current.Body, ""
	if newVersion {
		m.Version = now.version(now.current)
	}
	if now.draft != nil {
		draft = now.draft.ID
	}
	if newDraft {
		m.Draft, theirs = now.draftProps(), now.draft.Body
	}
	m.Changes = wordingChanges(rating.Differences(theirs, e.wording))
	m.Keep = keepButton(now.current.Version, draft)
	return m
}

func wordingChanges(all []rating.Difference) []views.WordingChange {
	var changes []views.WordingChange
	for _, d := range all {
		changes = append(changes, views.WordingChange(d))
	}
	return changes
}

// wordingPreview draws the very canvas that Intercom would get.
func wordingPreview(w rating.Wording, look wordingLook) views.WordingPreview {
	p := views.WordingPreview{
		Card: draw.Content(survey.Preview(w, look.locale, look.step, look.tapped), draw.Options{Name: "Preview of the card"}),
		Step: string(look.step), Locale: look.locale, Tapped: look.tapped, Locales: tags(w), Options: wordingForm(wordingEdit{wording: w}).Options,
		Remarks: w.Remarks.Enabled, MaxBytes: canvas.MaxBytes,
	}
	if slices.Contains(survey.MessageSteps, look.step) {
		p.Card, p.Message = nil, messagePreview(survey.PreviewMessage(w, look.locale, look.step))
	}
	p.Bytes, p.Heaviest = survey.Weight(w)
	return p
}

func messagePreview(m survey.Message) *views.WordingMessage {
	shown := &views.WordingMessage{Before: m.Before, Question: m.Question}
	for _, o := range m.Links {
		shown.Links = append(shown.Links, ui.Score{Value: o.Score, Emoji: o.Emoji, Label: o.Label})
	}
	return shown
}

// unstorable is what no database takes; anything else a draft may hold.
func unstorable(e wordingEdit) map[string]string {
	errs := map[string]string{}
	for field, sentence := range wordingErrors(e) {
		if _, broken := e.errs[field]; broken || strings.Contains(sentence, "cannot be stored") || strings.HasSuffix(field, ".code") {
			errs[field] = sentence
		}
	}
	if len(errs) == 0 && !utf8.ValidString(e.seen.Draft) {
		errs[wholeForm] = "This form cannot be read. Load the page again."
	}
	return errs
}
