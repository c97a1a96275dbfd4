package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rerate/internal/rating"
	"rerate/internal/seal"
	"rerate/models"
)

// Visit is how somebody comes to the hosted page.
type Visit struct {
	Language string // the browser's Accept-Language
	Teammate string // the workspace of the teammate who is signed in in this browser, if one is
	Change   bool   // the choice is wanted again
	Trap     bool   // by a link that people cannot see
}

// HostedForm is what the forms of the hosted page send.
type HostedForm struct {
	View   string // the view that the form stands on, sealed
	Proof  string // what the page's script made of it
	Trap   string // of a field that people cannot see
	Rating string // a score, in decimals
	Remark string
	Act    string // actRemark: Remark alone
	What   string // what changed
	Face   string // the place of the choice in the second step
}

// OpenLink is the hosted page of a link. It stores nothing: scanners open links too.
func (s *Service) OpenLink(ctx context.Context, token string, visit Visit) Hosted {
	return s.visit(ctx, token, visit, HostedForm{}, func(v *visitor) (Hosted, error) {
		s.visits.note(v.request.ID, opened{score: v.link.Score, trap: v.Trap, at: v.tx.Now})
		return v.open()
	})
}

// AnswerLink does what a form of the hosted page asks for. What it stores is durable before it answers, and it never
// calls Intercom.
func (s *Service) AnswerLink(ctx context.Context, token string, visit Visit, form HostedForm) Hosted {
	return s.visit(ctx, token, visit, form, func(v *visitor) (Hosted, error) { return v.answer() })
}

// visitor is one visit to the hosted page.
type visitor struct {
	*answering
	Visit
	form  HostedForm
	link  ratingLink
	view  pageView // that the form stands on; zero without one
	card  card
	words words

	actedByPerson bool // what this visit sent was a person's act
}

// visit opens the link's request and lets do make the page. A link that is wrong, over or not ours is answered like one
// that never was.
func (s *Service) visit(ctx context.Context, token string, visit Visit, form HostedForm, do func(*visitor) (Hosted, error)) Hosted {
	var link ratingLink
	workspace, err := s.Keys.Open(seal.RatingLink, token, s.Now(), &link)
	locale := localeOf(link.Locale, visit.Language)
	words := wordsFor(locale)
	if errors.Is(err, seal.ErrExpired) {
		return closed(HostedLate, locale, words.tooLateToRate)
	} else if err != nil {
		return closed(HostedUnknown, locale, words.linkOver)
	}
	tenant := s.Store.Tenant(workspace)
	if visit.Teammate != "" && visit.Teammate == workspace {
		return closed(HostedNotice, locale, words.ownTap)
	}
	if err := s.installed(ctx, tenant); err != nil {
		return s.hostedRefused(ctx, workspace, locale, form, err)
	}
	var page Hosted
	err = tenant.Write(ctx, func(tx *models.Tx) error {
		v, err := s.newVisitor(ctx, tx, link, locale, visit, form)
		if err != nil {
			return err
		}
		page, err = do(v)
		return err
	})
	if err != nil {
		return s.hostedRefused(ctx, workspace, locale, form, err)
	}
	return page
}

// hostedRefused is the page for an act that was not done.
func (s *Service) hostedRefused(ctx context.Context, workspace, locale string, form HostedForm, cause error) Hosted {
	var refusal refusal
	var told Error
	words := wordsFor(locale)
	switch {
	case errors.As(cause, &refusal), errors.As(cause, &told), errors.Is(cause, models.ErrNotFound):
		return closed(HostedUnknown, locale, words.linkOver)
	}
	s.Log.ErrorContext(ctx, "an answer on the hosted page could not be stored", "workspace", workspace, "error", cause)
	page := closed(HostedFailed, locale, words.tryAgain)
	page.Retry = &form
	return page
}

func (s *Service) newVisitor(ctx context.Context, tx *models.Tx, link ratingLink, locale string, visit Visit, form HostedForm) (*visitor, error) {
	request, err := tx.Request(link.Request)
	if err != nil {
		return nil, err
	}
	a := &answering{s: s, ctx: ctx, tx: tx, source: models.FromLink, locale: locale}
	if a.conversation, err = tx.Conversation(request.ConversationID); err != nil {
		return nil, err
	}
	if err := a.takeRequest(link.Request); err != nil {
		return nil, err
	}
	a.contact.ID = a.request.ContactID
	if a.contact.ID == "" {
		if a.contact.ID, err = tx.OnlyContact(a.conversation.ID); err != nil {
			return nil, err
		}
	}
	v := &visitor{
		answering: a, Visit: visit, form: form, link: link, card: newCard(a.wording.Body, locale), words: wordsFor(locale),
	}
	v.view = s.openView(tx.Workspace, a.request.ID, form.View)
	if v.view.ID != "" {
		a.key = fmt.Sprintf("%s:%s:by:%s", a.source, a.request.ID, v.view.ID) // one view, one answer
	}
	a.seen = seen{Contact: v.view.Contact, Revision: v.view.Revision, Changing: v.view.Changing}
	return v, a.takeLatest()
}

// open is the page for somebody who comes by the link.
func (v *visitor) open() (Hosted, error) {
	if v.latest == nil {
		late, err := v.tooLate()
		if err != nil {
			return Hosted{}, err
		}
		return v.page(said{stage: late})
	}
	another := v.link.Score != 0 && v.link.Score != v.latest.Score
	next, err := v.superseded()
	switch {
	case err != nil:
		return Hosted{}, err
	case (v.Change || another) && next != nil:
		return v.page(said{stage: replaced})
	case (v.Change || another) && v.mayChange():
		return v.page(said{stage: asksAgain})
	case v.Change:
		return v.page(said{stage: lateToChange})
	}
	return v.page(said{stage: saved})
}

// answer does what the form asks for, if a person sent it.
func (v *visitor) answer() (Hosted, error) {
	switch {
	case v.view.Step != nil:
		return v.takeStep(*v.view.Step)
	case v.form.What != "" || v.form.Act == actRemark:
		return v.add()
	case v.form.Rating == "":
		page, err := v.open()
		page.Problem = v.words.chooseFirst
		return page, err
	}
	score, err := v.score(v.form.Rating)
	if err != nil {
		return Hosted{}, err
	}
	return v.choose(score)
}

// choose takes a choice: as the answer where a person made it, else apart, with the second step to follow.
func (v *visitor) choose(score rating.Score) (Hosted, error) {
	if late, err := v.tooLate(); v.latest == nil && (err != nil || late != asks) {
		return v.pageOr(said{stage: late}, err)
	}
	if next, err := v.superseded(); err != nil || next != nil && v.latest != nil {
		return v.pageOr(said{stage: replaced}, err)
	}
	known, err := v.linkAnswers()
	if err != nil {
		return Hosted{}, err
	}
	doubt := v.evidence(v.proof(), score, known).Doubt()
	if doubt != rating.NoDoubt {
		if err := v.setApart(score, doubt, known); err != nil {
			return Hosted{}, err
		}
		return v.stepPage(secondStep{Score: score.Value, Act: actRate})
	}
	if v.latest != nil && !v.current() {
		if err := v.answeredTwice(score, known); err != nil {
			return Hosted{}, err
		}
		if err := v.takeLatestAnew(); err != nil || v.latest == nil {
			return v.startAgain(v.words.atOnce)
		}
		return v.page(said{stage: saved})
	}
	return v.accept(score)
}

// accept stores the choice of a person with the remark that came with it.
func (v *visitor) accept(score rating.Score) (Hosted, error) {
	result := said{stage: saved}
	if again := v.latest != nil && v.current() && v.latest.Score == score.Value; !again {
		var err error
		if result, err = v.rate(score); err != nil || result.stage != saved {
			return v.pageOr(result, err)
		}
	}
	if v.doubted != nil && v.latest.ID == v.doubted.ID && v.latest.RemarkAt != nil { // it came with its remark
		if err := v.tx.RequestRemarked(v.request.ID); err != nil {
			return Hosted{}, err
		}
		return v.pageOr(said{stage: finished}, v.s.planRemark(v.ctx, v.tx, *v.latest, v.settings))
	}
	v.seen = seen{Contact: v.contact.ID, Revision: v.latest.Revision}
	if strings.TrimSpace(v.form.Remark) == "" || v.latest.RemarkAt != nil {
		return v.byPerson(result)
	}
	result, err := v.remark(v.form.Remark)
	if err != nil {
		return Hosted{}, err
	}
	return v.byPerson(result)
}

// add takes a remark or what changed, for the answer that stands.
func (v *visitor) add() (Hosted, error) {
	if v.latest == nil {
		return v.open()
	}
	act := secondStep{Score: v.latest.Score, Act: actRemark}
	if v.form.What != "" {
		act.Act, act.What = actChanged, v.form.What
	}
	if v.proof() == rating.NoProof {
		return v.stepPage(act)
	}
	return v.addAs(act)
}

func (v *visitor) addAs(act secondStep) (Hosted, error) {
	if act.Act == actChanged {
		result, err := v.whatChanged(act.What)
		if err != nil {
			return Hosted{}, err
		}
		return v.byPerson(result)
	}
	result, err := v.remark(v.form.Remark)
	if err != nil {
		return Hosted{}, err
	}
	return v.byPerson(result)
}

// takeStep takes the second step: the same choice once more, among shuffled ones.
func (v *visitor) takeStep(step secondStep) (Hosted, error) {
	known, err := v.linkAnswers()
	if err != nil {
		return Hosted{}, err
	}
	score, chosen := v.chosen(step)
	same := chosen == step.Score && v.view.age(v.tx.Now) >= rating.Moment
	if step.Act != actRate {
		if !same || v.latest == nil || v.latest.Score != step.Score {
			return v.startAgain(v.words.notTheSame)
		}
		return v.addAs(step)
	}
	chain := ofView(known, v.view.ID)
	if !same {
		if err := v.doubtAll(chain, rating.Contradicted); err != nil {
			return Hosted{}, err
		}
		return v.startAgain(v.words.notTheSame)
	}
	for _, r := range chain {
		switch {
		case r.Integrity == models.ByPerson && r.Score == step.Score:
			return v.page(said{stage: saved}) // sent twice
		case r.Score != step.Score || r.Doubt == string(rating.Contradicted):
			return v.startAgain(v.words.notTheSame)
		}
	}
	if doubt := v.evidence(rating.ByStep, score, known).Doubt(); doubt != rating.NoDoubt {
		if doubt == rating.Several {
			chain = unproven(known, v.tx.Now)
		}
		if err := v.doubtAll(chain, doubt); err != nil {
			return Hosted{}, err
		}
		return v.startAgain(v.words.atOnce)
	}
	if v.latest != nil && !v.current() {
		return v.page(said{stage: saved}) // another answer came first
	}
	if len(chain) > 0 {
		v.doubted = &chain[0]
	}
	return v.accept(score)
}

// chosen is the score at the place that was chosen in the second step; 0 where there is none.
func (v *visitor) chosen(step secondStep) (score rating.Score, chosen int) {
	for place, face := range step.Faces {
		if v.form.Face == placeID(place) {
			chosen = face
		}
	}
	score, _ = v.wording.Body.Score(step.Score)
	return score, chosen
}

// pageOr is the page, unless something failed.
func (v *visitor) pageOr(result said, err error) (Hosted, error) {
	if err != nil {
		return Hosted{}, err
	}
	return v.page(result)
}
