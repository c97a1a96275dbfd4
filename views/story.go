package views

import "slices"

// storyStep is one step of a conversation's story: a request or a rating.
type storyStep struct {
	Request *RequestStep
	Rating  *RatingStep
}

func (s storyStep) at() int64 {
	if s.Request != nil {
		return s.Request.At.UnixNano()
	}
	return s.Rating.At.UnixNano()
}

// story puts requests and ratings in the order of time; at the same moment the request comes first.
func (p RatingProps) story() []storyStep {
	steps := make([]storyStep, 0, len(p.Requests)+len(p.Ratings))
	for i := range p.Requests {
		steps = append(steps, storyStep{Request: &p.Requests[i]})
	}
	for i := range p.Ratings {
		steps = append(steps, storyStep{Rating: &p.Ratings[i]})
	}
	slices.SortStableFunc(steps, func(a, b storyStep) int {
		switch {
		case a.at() < b.at():
			return -1
		case a.at() > b.at():
			return 1
		}
		return 0
	})
	return steps
}

// failed says whether something could not be written back for any rating of the conversation.
func (p RatingProps) failed() bool {
	return slices.ContainsFunc(p.Writes, func(w Write) bool { return w.State == "failed" })
}

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
