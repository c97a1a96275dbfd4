package intercomtest

import (
	"context"
	"net/url"

	"rerate/internal/intercom/canvas"
)

// AddHomeCard puts the app on Messenger Home, as an admin would in the settings; options are what configure gave.
func (s *Server) AddHomeCard(ctx context.Context, workspace string, options canvas.Values) CanvasResult {
	s.mu.Lock()
	sp := s.mustSpace(workspace)
	s.mu.Unlock()
	r := s.initialize(ctx, sp, "home", "", options)
	if r.Problem == "" {
		s.lock()
		defer s.unlock()
		sp.home, sp.homeFor = s.cards[r.Card.ID], map[string]*Card{}
	}
	return r
}

// OpenMessengerHome is a contact's look at Messenger Home: the contact's own copy of the card, fetched anew when the canvas is live.
// Without a card on Home the app is put there first.
func (s *Server) OpenMessengerHome(ctx context.Context, contact string) CanvasResult {
	s.mu.Lock()
	who := s.contacts[contact]
	if who == nil {
		s.mu.Unlock()
		return CanvasResult{Problem: "there is no such contact"}
	}
	sp := s.spaces[who.Workspace]
	missing := sp.home == nil
	s.mu.Unlock()
	if missing {
		if r := s.AddHomeCard(ctx, sp.ID, nil); r.Problem != "" {
			return r
		}
	}
	s.lock()
	who.SeenAt = s.now()
	card := sp.homeFor[contact]
	if card == nil || sp.home.Canvas.ContentURL != "" {
		own := *sp.home
		own.ID = s.ids.card()
		card = &own
		s.cards[card.ID], sp.homeFor[contact] = card, card
	}
	id := card.ID
	s.unlock()
	return s.ViewCard(ctx, id, contact)
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Path
}
