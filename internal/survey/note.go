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
		return strings.Contains(body, mark) && !strings.Contains(body, mark+followUpMark)
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

// writeFollowUp writes the note for a remark that came after the rating's note, unless that holds it.
func (e effect) writeFollowUp(ctx context.Context, tenant models.Tenant) (outcome, error) {
	mark := e.noteLink() + followUpMark
	if e.hasNote(func(body string) bool { return strings.Contains(body, mark) }) {
		return done("The note with the remark is in the conversation."), nil
	}
	if e.workspace.Settings.Note == rating.NoteOff {
		return outcome{state: models.Skipped, detail: "Notes have been switched off since."}, nil
	}
	all, err := tenant.WriteBacksOf(ctx, e.rating.ID)
	if err != nil {
		return outcome{}, err
	}
	for _, w := range all {
		if w.Kind == models.Note && w.WithRemark && w.State == models.Done {
			return outcome{state: models.Skipped, detail: "The first note holds the remark."}, nil
		}
	}
	_, err = e.client.Note(ctx, e.read.ID, e.workspace.InstallerID, e.followUpHTML(mark))
	return done("The note with the remark is in the conversation."), err
}

// followUpMark tells the link of a follow-up note from the link of the note.
const followUpMark = "#remark"

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

func (e effect) followUpHTML(link string) string {
	return fmt.Sprintf(`<p>The customer added a remark to the rating:</p>%s<p><a href="%s">All ratings of this conversation</a></p>`,
		e.quotedRemark(), html.EscapeString(link))
}

// noteText is a customer's text as HTML: escaped, with its line breaks.
func noteText(text string) string {
	return strings.ReplaceAll(html.EscapeString(strings.ReplaceAll(text, "\r\n", "\n")), "\n", "<br>")
}
