package survey

import (
	"errors"
	"strconv"
	"strings"

	"rerate/internal/rating"
	"rerate/models"
)

// HostedStage is which of its faces the hosted page shows.
type HostedStage string

// The stages. The last five only say something.
const (
	HostedAsk     HostedStage = "ask"     // the question, preselected where a choice is known
	HostedStep    HostedStage = "step"    // the same choice once more, among shuffled ones
	HostedSaved   HostedStage = "saved"   // the answer, with what can be added
	HostedNotice  HostedStage = "notice"  // replaced, or not for teammates
	HostedLate    HostedStage = "late"    // a window has closed
	HostedUnknown HostedStage = "unknown" // no link of ours, or not any more
	HostedFailed  HostedStage = "failed"  // it could not be stored; Retry sends it again
	HostedTooMany HostedStage = "too_many"
)

// Hosted is what the hosted page shows. It holds nothing about the person but the choice they made.
type Hosted struct {
	Stage       HostedStage
	Language    string // of the page, like "en" or "pt-BR"
	RightToLeft bool
	Team        string // the workspace's name
	Question    string
	Options     []HostedOption
	Chosen      int         // a score; 0: none
	View        string      // sealed, for the forms
	Remark      HostedField // for the answer and for what can be added to it
	Typed       string      // a remark that is not stored yet
	Changing    bool        // the answer is shown to be replaced
	MayChange   bool
	AskWhat     bool
	Remarked    bool // the remark is stored
	Text        string
	Problem     string
	Newer       string // the address of the newer request's page
	Retry       *HostedForm
	Words       HostedWords
}

// HostedOption is one choice. Place is its value in the second step.
type HostedOption struct {
	Score        int
	Emoji, Label string
	Place        string
	AskWhy       bool // the remark asks what went wrong
}

// HostedField is the remark field. Why is its label for a low score.
type HostedField struct {
	Shown                   bool
	Label, Why, Placeholder string
	MaxLength               int
}

// HostedWords are the page's own words.
type HostedWords struct {
	Send, SendRemark, Change, Keep, YourAnswer, Saved, RemarkSaved string
	OnceMore, OnceMoreWhy, WhatChanged, ToNewer, Again, LeaveEmpty string
	Fixed, Explained, Broken, WrongTap                             string
}

// closed is a page that only says something.
func closed(stage HostedStage, locale, text string) Hosted {
	return Hosted{Stage: stage, Language: pageLanguage(locale), RightToLeft: rightToLeft(locale), Text: text, Words: hostedWords(locale)}
}

// HostedSlowDown is the page for who opens too many links at once.
func (s *Service) HostedSlowDown(visit Visit) Hosted {
	locale := localeOf("", visit.Language)
	return closed(HostedTooMany, locale, wordsFor(locale).slowDown)
}

// page draws what an act has led to.
func (v *visitor) page(result said) (Hosted, error) {
	page, err := v.blank()
	if err != nil {
		return page, err
	}
	view := v.newView()
	switch result.stage {
	case lateToRate:
		page.Stage, page.Text = HostedLate, v.words.tooLateToRate
		return page, nil
	case replaced:
		page.Stage, page.Text = HostedNotice, v.words.replaced
		page.Newer, err = v.newer()
		return page, err
	case asks, asksAgain:
		page.Stage, page.Chosen = HostedAsk, v.link.Score
		if result.stage == asksAgain {
			page.Changing, view.Changing = true, true
			if page.Chosen == 0 || v.Change {
				page.Chosen = v.latest.Score
			}
		}
		page.Remark.Shown = page.Remark.Shown && (v.latest == nil || v.latest.RemarkAt == nil || page.Changing)
	case saved, finished, lateToChange:
		view.Person = v.actedByPerson
		page.Stage, page.Chosen, page.Problem = HostedSaved, v.latest.Score, result.problem
		page.MayChange, page.AskWhat = v.mayChange(), result.stage == saved && v.asksWhatChanged()
		page.Remarked = v.latest.RemarkAt != nil || result.stage == finished && v.form.Remark != ""
		page.Remark.Shown = page.Remark.Shown && !page.Remarked && result.stage == saved
		page.Text = v.thanks()
		if result.stage == lateToChange {
			page.Text = v.words.tooLateToChange
		}
		if result.problem != "" {
			page.Typed = v.form.Remark
		}
	}
	page.View, err = v.seal(view)
	return page, err
}

// byPerson is page for somebody who has just been seen to be a person: what they add needs no other proof.
func (v *visitor) byPerson(result said) (Hosted, error) {
	v.actedByPerson = true
	return v.page(result)
}

// stepPage asks for the same choice once more.
func (v *visitor) stepPage(step secondStep) (Hosted, error) {
	page, err := v.blank()
	if err != nil {
		return page, err
	}
	view := v.newView()
	view.ID, view.Changing = v.view.ID, v.view.Changing
	view.Contact, view.Revision = v.view.Contact, v.view.Revision
	if step.Act != actRate {
		view.Contact, view.Revision = v.contact.ID, v.latest.Revision
	}
	step.Faces = shuffled(v.wording.Body)
	view.Step = &step
	options := page.Options
	page.Stage, page.Options, page.Typed = HostedStep, nil, v.form.Remark
	for place, score := range step.Faces {
		o := options[score-1]
		o.Place = placeID(place)
		page.Options = append(page.Options, o)
	}
	page.View, err = v.seal(view)
	return page, err
}

func placeID(place int) string { return string(rune('a' + place)) }

// startAgain shows the question anew, with nothing preselected, and says why.
func (v *visitor) startAgain(why string) (Hosted, error) {
	if err := v.takeLatestAnew(); err != nil {
		return Hosted{}, err
	}
	v.link.Score, v.Change = 0, true
	page, err := v.open()
	page.Problem, page.Typed = why, v.form.Remark
	if page.Stage == HostedAsk && !page.Changing {
		page.Chosen = 0
	}
	return page, err
}

// blank is what every page of this visit has.
func (v *visitor) blank() (Hosted, error) {
	w := v.card.wording
	workspace, err := v.tx.Get()
	page := closed("", v.locale, "")
	page.Team, page.Question = workspace.Name, w.Question
	for _, o := range w.Options {
		score, _ := v.wording.Body.Score(o.Score)
		page.Options = append(page.Options, HostedOption{Score: o.Score, Emoji: o.Emoji, Label: o.Label, AskWhy: score.Value <= w.Remarks.AskWhyUpTo})
	}
	page.Remark = HostedField{
		Shown: w.Remarks.Enabled, Label: w.Remarks.Label, Why: v.card.remarkLabel(rating.Score{}), Placeholder: w.Remarks.Placeholder, MaxLength: MaxRemark,
	}
	return page, err
}

// thanks are the workspace's words for the answer that stands.
func (v *visitor) thanks() string {
	if text := v.card.wording.Thanks.For(v.latest.Sentiment); text != "" {
		return text
	}
	return v.words.thanks
}

// superseded is a newer request of the same conversation to the same person; nil without one.
func (v *visitor) superseded() (*models.Request, error) {
	next, err := v.tx.RequestAfter(v.request)
	if errors.Is(err, models.ErrNotFound) || err == nil && next.ContactID != v.request.ContactID {
		return nil, nil //nolint:nilnil // there is none, which is no error
	}
	return &next, err
}

// newer is the address of the page for the request that took this one's place, with the choice that was tapped; empty
// where somebody else was asked.
func (v *visitor) newer() (string, error) {
	next, err := v.superseded()
	if err != nil || next == nil || next.ContactID == "" || !next.State.Asked() {
		return "", err
	}
	address, err := v.s.linkURL(v.tx.Workspace, ratingLink{Request: next.ID, Score: v.link.Score, Locale: v.link.Locale})
	return strings.TrimPrefix(address, v.s.BaseURL), err
}

func hostedWords(locale string) HostedWords {
	w := wordsFor(locale)
	return HostedWords{
		Send: w.sendRating, SendRemark: w.send, Change: w.change, Keep: w.keep, YourAnswer: w.yourAnswer, Saved: w.saved,
		RemarkSaved: w.remarkSaved, OnceMore: w.onceMore, OnceMoreWhy: w.onceMoreWhy, WhatChanged: w.whatChanged,
		ToNewer: w.toNewer, Again: w.again, LeaveEmpty: w.leaveEmpty,
		Fixed: w.fixed, Explained: w.explained, Broken: w.broken, WrongTap: w.wrongTap,
	}
}

// WhatChangedAnswers are the values of the answers to "what changed?", in the order in which they are shown.
var WhatChangedAnswers = []string{changedFixed, changedExplained, changedBroken, tappedWrong}

// localeOf is the link's locale, or the language that the browser likes best.
func localeOf(link, accepts string) string {
	if link != "" {
		return link
	}
	best, weight := "", 0.0
	for _, part := range strings.Split(accepts, ",") {
		tag, parameters, _ := strings.Cut(strings.TrimSpace(part), ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(parameters), "q="); ok {
			q, _ = strconv.ParseFloat(value, 64)
		}
		if plainTag(tag) && q > weight {
			best, weight = tag, q
		}
	}
	return best
}

// plainTag reports whether a text looks like a language tag, so that it may stand in a page and in a row.
func plainTag(tag string) bool {
	return len(tag) >= 2 && len(tag) <= 35 && strings.Trim(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == ""
}

// pageLanguage is the language of the page's own words.
func pageLanguage(locale string) string {
	language, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	if _, ok := builtIn[language]; ok {
		return language
	}
	return "en"
}

// rightToLeft reports whether the page's own words run from right to left. Texts of a workspace take their own direction.
func rightToLeft(locale string) bool { return pageLanguage(locale) == "ar" }
