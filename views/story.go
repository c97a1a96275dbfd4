package views

import (
	"slices"
	"time"
)

// storyStep is one step of a conversation's story: a request, a rating, a remark that came later, or what was written
// to Intercom for a rating.
type storyStep struct {
	At      time.Time
	Request *RequestStep
	Rating  *RatingStep
	Remark  *RatingStep
	Writes  *RatingStep
	Reply   *ReplyStep
}

// story puts all steps in the order of time; at the same moment the request comes first, and what follows a rating
// stands behind it.
func (p RatingProps) story() []storyStep {
	var steps []storyStep
	for i := range p.Requests {
		steps = append(steps, storyStep{At: p.Requests[i].At, Request: &p.Requests[i]})
	}
	for i := range p.Ratings {
		r := &p.Ratings[i]
		steps = append(steps, storyStep{At: r.At, Rating: r})
		if !r.RemarkAt.IsZero() {
			steps = append(steps, storyStep{At: r.RemarkAt, Remark: r})
		}
		if len(r.Writes) > 0 {
			steps = append(steps, storyStep{At: r.written(), Writes: r})
		}
	}
	for i := range p.Replies {
		steps = append(steps, storyStep{At: p.Replies[i].At, Reply: &p.Replies[i]})
	}
	slices.SortStableFunc(steps, func(a, b storyStep) int { return a.At.Compare(b.At) })
	return steps
}

// written is when the last thing for a rating was or will be written.
func (r RatingStep) written() time.Time {
	last := r.At
	for _, w := range r.Writes {
		if w.At.After(last) {
			last = w.At
		}
	}
	return last
}

// remarkCame says that the remark came with the rating.
func (r RatingStep) remarkCame() bool { return r.Remark != "" && r.RemarkAt.IsZero() }

// policySentence says which rating the policy picks.
func (p RatingProps) policySentence() string {
	switch p.Policy {
	case "first":
		return "Your policy counts the first rating."
	case "average":
		return "Your policy counts the average of all ratings."
	case "best":
		return "Your policy counts the best rating."
	case "worst":
		return "Your policy counts the worst rating."
	}
	return "Your policy counts the latest rating."
}
