package intercomtest

import "slices"

// RequestNativeRating asks with Intercom's own rating, as a workflow may do again and again. Options.RatingWindow limits the answer.
func (s *Server) RequestNativeRating(conversation string) (NativeRating, error) {
	s.lock()
	defer s.unlock()
	c, _, err := s.conversation(conversation)
	if err != nil {
		return NativeRating{}, err
	}
	r := NativeRating{ID: s.ids.small(), RequestedAt: s.now(), Contact: c.Contacts[0], Teammate: lastWriter(c)}
	if s.opts.RatingWindow > 0 {
		r.ClosesAt = r.RequestedAt.Add(s.opts.RatingWindow)
	}
	c.Ratings = append(c.Ratings, r)
	s.touch(c)
	return r, nil
}

// RateNatively answers the latest native request. The score may be changed while answers are taken; a remark locks both.
func (s *Server) RateNatively(conversation, contact string, score int, remark string) error {
	s.lock()
	defer s.unlock()
	c, sp, err := s.conversation(conversation)
	if err != nil {
		return err
	}
	if _, err := s.contact(sp, contact); err != nil {
		return err
	}
	return s.rated(c, contact, score, remark)
}

func (s *Server) rated(c *Conversation, contact string, score int, remark string) error {
	if score < 1 || score > 5 {
		return unprocessable("rating must be between 1 and 5")
	}
	if len(c.Ratings) == 0 {
		return unprocessable("No rating has been requested in this conversation")
	}
	r := &c.Ratings[len(c.Ratings)-1]
	now := s.now()
	switch {
	case r.Contact != contact || !slices.Contains(c.Contacts, contact):
		return unprocessable("Only the contact who received the rating request can answer it")
	case r.Score == score && r.Remark == remark:
		return nil
	case r.Remark != "":
		return unprocessable("The rating is locked because a remark was left")
	case !r.ClosesAt.IsZero() && now.After(r.ClosesAt):
		return unprocessable("The rating request no longer accepts answers")
	}
	first := r.Score == 0
	r.Score, r.AnsweredAt = score, now
	if remark != "" {
		r.Remark = remark
	}
	s.touch(c)
	if first || !s.opts.Quirks.SilentRemark {
		s.tellConversation(c, "conversation.rating.added", nil)
	}
	return nil
}

// shownRating is what conversation_rating shows: from version 2.15 the latest answered request, before it the latest request.
func shownRating(c *Conversation, v version) (NativeRating, bool) {
	for _, r := range slices.Backward(c.Ratings) {
		if r.Score > 0 || v < version215 {
			return r, true
		}
	}
	return NativeRating{}, false
}
