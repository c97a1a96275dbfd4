package survey

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// writeNote writes the private note of a rating. The note carries a link that names the rating; a note that
// holds it is already there, whatever the last attempt was told.
func (e effect) writeNote(ctx context.Context, item *models.WriteBack) (outcome, error) {
	mark := e.noteLink()
	if e.hasNote(func(body string) bool {
		return strings.Contains(body, mark) && !strings.Contains(body, mark+"#")
	}) {
		item.WithRemark = e.quotedBefore
		return done("The note is in the conversation."), nil
	}
	mode := e.workspace.Settings.Note
	if mode == rating.NoteOff {
		return outcome{state: models.Skipped, detail: "Notes have been switched off since."}, nil
	}
	_, err := e.client.Note(ctx, e.read.ID, e.workspace.InstallerID, e.noteHTML(mode))
	return done("The note is in the conversation."), err
}

// writeFollowUp writes the note for what the customer said after the rating's note: a remark, or what has changed.
func (e effect) writeFollowUp(ctx context.Context, tenant models.Tenant) (outcome, error) {
	all, err := tenant.WriteBacksOf(ctx, e.rating.ID)
	if err != nil {
		return outcome{}, err
	}
	remark, changed := e.rating.Remark != "", e.whatChanged()
	for _, w := range all {
		if w.Kind == models.Note && w.WithRemark && w.State == models.Done {
			remark = false
		}
	}
	if e.hasNote(func(body string) bool { return strings.Contains(body, e.noteLink()) && strings.Contains(body, changed) }) {
		changed = ""
	}
	mark := e.noteLink() + changedMark
	if remark {
		mark = e.noteLink() + followUpMark
	}
	switch {
	case !remark && changed == "":
		return outcome{state: models.Skipped, detail: "An earlier note holds it."}, nil
	case e.hasNote(func(body string) bool { return strings.Contains(body, mark) }):
		return done("The note that follows is in the conversation."), nil
	case e.workspace.Settings.Note == rating.NoteOff:
		return outcome{state: models.Skipped, detail: "Notes have been switched off since."}, nil
	}
	_, err = e.client.Note(ctx, e.read.ID, e.workspace.InstallerID, e.followUpHTML(remark, changed, mark))
	return done("The note that follows is in the conversation."), err
}

// The marks tell the links of follow-up notes from the link of the note, and from each other.
const (
	followUpMark = "#remark"
	changedMark  = "#changed"
)

// whatChanged is what the customer says has changed, as a sentence; empty where nothing is said.
func (e effect) whatChanged() string {
	words, ok := whatChangedWords[e.rating.WhatChanged]
	if !ok {
		return ""
	}
	return "The customer says: " + words + "."
}

// noteLink is where the note leads, and the mark by which it is found again.
func (e effect) noteLink() string { return e.s.BaseURL + "/ratings/" + e.rating.ID }

// hasNote looks for a note whose body fits among the newest 500 parts, which is all that Intercom gives. A message
// to or from the customer may quote the same link.
func (e effect) hasNote(fits func(body string) bool) bool {
	return slices.ContainsFunc(e.read.Parts, func(p intercom.Part) bool {
		return p.Type == "note" && fits(html.UnescapeString(p.Body))
	})
}

func (e effect) noteHTML(mode rating.NoteMode) string {
	var b strings.Builder
	if e.rating.WhyNot == models.Test {
		b.WriteString("<p><b>Test rating</b>, left out of every figure.</p>")
	}
	if mode == rating.NoteNoScore {
		b.WriteString("<p><b>The customer rated this conversation.</b></p>")
	} else {
		b.WriteString(e.verdict())
	}
	if changed := e.whatChanged(); changed != "" {
		b.WriteString("<p>" + changed + "</p>")
	}
	b.WriteString(e.quotedRemark())
	fmt.Fprintf(&b, `<p><a href="%s">All ratings of this conversation</a></p>`, html.EscapeString(e.noteLink()))
	return b.String()
}

// verdict says what the new rating is and how it compares, loudest when it went down.
func (e effect) verdict() string {
	now := "<b>" + scoreText(e.rating) + "</b>"
	first, previous := e.before()
	if first == nil {
		return fmt.Sprintf("<p>New rating: %s. There is no earlier rating to compare it with.</p>", now)
	}
	was := scoreText(*first)
	var text string
	switch e.rating.Value().ChangeFrom(first.Value()) {
	case rating.Better:
		text = fmt.Sprintf("<p>🎉 New rating: %s – <b>better</b> than the first, %s.</p>", now, was)
	case rating.Worse:
		text = fmt.Sprintf("<h2>🚨 The rating went down</h2><p>New rating: %s – <b>worse</b> than the first, %s.</p>", now, was)
	case rating.Same, rating.First:
		text = fmt.Sprintf("<p>New rating: %s – the <b>same</b> as the first, %s.</p>", now, was)
	}
	if previous.ID != first.ID {
		text += fmt.Sprintf("<p>%s</p>", previousText(e.rating, *previous))
	}
	return text
}

// before finds the first valid rating of the contact in this conversation and the last one before this rating.
func (e effect) before() (first, previous *models.Rating) {
	for i := range e.ratings {
		r := &e.ratings[i]
		if r.ID == e.rating.ID {
			break
		}
		if r.Valid() && r.ContactID == e.rating.ContactID {
			if first == nil {
				first = r
			}
			previous = r
		}
	}
	return first, previous
}

func previousText(now, previous models.Rating) string {
	was := scoreText(previous)
	switch now.Value().ChangeFrom(previous.Value()) {
	case rating.Better:
		return "Up from the rating before, " + was + "."
	case rating.Worse:
		return "⚠️ <b>Down</b> from the rating before, " + was + "."
	case rating.Same, rating.First:
	}
	return "The rating before was " + was + " too."
}

// scoreText is a score with its emoji, label and number: "😍 Amazing (5 of 5)".
func scoreText(r models.Rating) string {
	name := html.EscapeString(strings.TrimSpace(r.Emoji + " " + r.Label))
	return fmt.Sprintf("%s (%d of %d)", name, r.Score, r.Scale)
}

func (e effect) quotedRemark() string {
	if e.rating.Remark == "" {
		return ""
	}
	return "<p>“" + noteText(e.rating.Remark) + "”</p>"
}

func (e effect) followUpHTML(remark bool, changed, link string) string {
	var b strings.Builder
	if changed != "" {
		b.WriteString("<p>" + changed + "</p>")
	}
	if remark {
		b.WriteString("<p>The customer added a remark to the rating:</p>" + e.quotedRemark())
	}
	fmt.Fprintf(&b, `<p><a href="%s">All ratings of this conversation</a></p>`, html.EscapeString(link))
	return b.String()
}

// noteText is what somebody typed as HTML: escaped, with its line breaks.
func noteText(text string) string {
	return strings.ReplaceAll(html.EscapeString(strings.ReplaceAll(text, "\r\n", "\n")), "\n", "<br>")
}
