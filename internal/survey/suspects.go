package survey

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// mostApart is how many answers of doubt are kept for one request: no machine fills the database.
const mostApart = 40

// fromView marks the source key of an answer that came without a script's proof; the view's id and the score follow.
const fromView = ":view:"

// linkAnswers are the answers to this request on the hosted page, oldest first.
func (v *visitor) linkAnswers() ([]models.Rating, error) {
	all, err := v.tx.RatingsOf(v.conversation.ID)
	return slices.DeleteFunc(all, func(r models.Rating) bool {
		return r.RequestID != v.request.ID || r.Source != models.FromLink
	}), err
}

// proof is how the form shows that a person sent it.
func (v *visitor) proof() rating.Proof {
	if v.view.ID != "" && (v.view.Person || v.form.Proof == proofOf(v.form.View)) {
		return rating.ByScript
	}
	return rating.NoProof
}

// evidence is what is known of how a choice came.
func (v *visitor) evidence(proof rating.Proof, score rating.Score, known []models.Rating) rating.Evidence {
	links, trapped := v.s.visits.lately(v.request.ID, v.tx.Now)
	choices := map[int]bool{score.Value: true}
	for _, r := range unproven(known, v.tx.Now) {
		choices[r.Score] = true
	}
	return rating.Evidence{
		Proof: proof, After: v.view.age(v.tx.Now),
		Trapped: v.form.Trap != "" || trapped && proof != rating.ByScript,
		Swept:   links >= rating.Many(score.Of), Answered: v.latest != nil,
		Choices: len(choices), Options: score.Of,
	}
}

// unproven are the answers of the last seconds that no script has proved, also those that a second step has.
func unproven(known []models.Rating, now time.Time) []models.Rating {
	var some []models.Rating
	for _, r := range known {
		if strings.Contains(r.SourceKey, fromView) && r.Doubt != string(rating.Twice) && now.Sub(r.At) <= rating.Burst {
			some = append(some, r)
		}
	}
	return some
}

// ofView are the answers that came from one view of the page.
func ofView(known []models.Rating, view string) []models.Rating {
	var some []models.Rating
	for _, r := range known {
		if strings.Contains(r.SourceKey, fromView+view+":") {
			some = append(some, r)
		}
	}
	return some
}

// setApart stores a choice that may not be a person's: visible to the team, in no figure, and in nobody's way.
func (v *visitor) setApart(score rating.Score, doubt rating.Doubt, known []models.Rating) error {
	if len(known) >= mostApart {
		return nil
	}
	row := v.row(score)
	row.SourceKey = fmt.Sprintf("%s:%s%s%s:%d", v.source, v.request.ID, fromView, v.view.ID, score.Value)
	row.WhyNot, row.Integrity, row.Doubt = models.Suspect, models.Doubtful, string(doubt)
	if text := strings.TrimSpace(v.form.Remark); text != "" && storableRemark(text) && v.wording.Body.Remarks.Enabled {
		row.Remark, row.RemarkAt = text, &v.tx.Now
	}
	if _, _, err := v.tx.AddRating(row); err != nil || doubt != rating.Several {
		return err
	}
	return v.doubtAll(unproven(known, v.tx.Now), rating.Several)
}

// doubtAll takes answers out of every figure. Those of which an admin has decided stay as they are.
func (v *visitor) doubtAll(answers []models.Rating, doubt rating.Doubt) error {
	for _, r := range answers {
		if r.Integrity == models.Doubtful && r.WhyNot != models.Suspect {
			continue
		}
		if err := v.tx.SkipWriteBacks(r.ID, "The rating turned out to be suspect."); err != nil {
			return err
		}
		counted := r.Valid()
		r.WhyNot, r.Integrity, r.Doubt = models.Suspect, models.Doubtful, string(doubt)
		if err := v.tx.Judge(r); err != nil {
			return err
		}
		if counted {
			if err := v.s.tellLeftOut(v.ctx, v.tx, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// answeredTwice keeps apart what a second page with the same question sent seconds after the first, with a script's
// proof. One person may do that by mistake; as many different answers as nobody gives in seconds make all of them suspect.
func (v *visitor) answeredTwice(score rating.Score, known []models.Rating) error {
	if v.view.Revision != 0 || v.latest.Score == score.Value || len(known) >= mostApart ||
		v.latest.Source != models.FromLink || v.tx.Now.Sub(v.latest.At) > rating.Burst {
		return nil
	}
	if err := v.setApart(score, rating.Twice, known); err != nil {
		return err
	}
	together := []models.Rating{*v.latest}
	different := map[int]bool{score.Value: true, v.latest.Score: true}
	for _, r := range known {
		if r.Doubt == string(rating.Twice) && v.tx.Now.Sub(r.At) <= rating.Burst {
			together, different[r.Score] = append(together, r), true
		}
	}
	if len(different) < rating.Many(score.Of) {
		return nil
	}
	return v.doubtAll(together, rating.Several)
}

// takeLatestAnew reads the newest answer again.
func (v *visitor) takeLatestAnew() error {
	v.latest = nil
	return v.takeLatest()
}
