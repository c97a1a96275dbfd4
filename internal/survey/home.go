package survey

import (
	"context"
	"errors"
	"strings"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
	"rerate/models"
)

// livePath is where Intercom asks for the content of our live canvas.
const livePath = "/canvas/messenger/live"

// homeCard is the card of Messenger Home: a live canvas, one for all contacts, which says nothing of anybody.
func (s *Service) homeCard(workspace, locale string) (canvas.Canvas, error) {
	live, err := s.withState(workspace, cardState{Home: true}, canvas.Content{})
	live.Content, live.ContentURL = nil, s.BaseURL+livePath
	if err == nil && live.Validate() != nil { // Intercom takes no address without https
		return plain(wordsFor(locale).home), nil
	}
	return live, err
}

// Live answers the content of the card on Messenger Home for the contact who looks: the conversation that was closed
// last, if it may be rated, else a card for open feedback. Nothing of a conversation is shown to anybody who is not known
// to take part in it, nor to a teammate: whom Intercom names when one looks in the Inbox is not documented.
func (s *Service) Live(ctx context.Context, in canvas.Live) (canvas.LiveResponse, error) {
	tenant := s.Store.Tenant(in.WorkspaceID)
	if err := s.installed(ctx, tenant); err != nil {
		return canvas.LiveResponse{}, err
	}
	if in.Context.Location != "" && in.Context.Location != canvas.LocationHome {
		return canvas.LiveResponse{Content: *plain(wordsFor(in.Context.Locale).home).Content}, nil
	}
	shown, err := s.homeContent(ctx, tenant, in.Person, in.Context.Locale)
	return canvas.LiveResponse{Content: shown}, err
}

// homeContent is what Home shows to a person now. An offer to rate is stored before it is shown.
func (s *Service) homeContent(ctx context.Context, tenant models.Tenant, person *canvas.Person, locale string) (canvas.Content, error) {
	wording, err := tenant.Wording(ctx)
	if err != nil {
		return canvas.Content{}, err
	}
	c := newHomeCard(wording.Body, locale)
	if person == nil || person.ID == "" {
		return c.feedback(feedbackForm{}), nil
	}
	if teammate, err := s.isTeammate(ctx, tenant, person); err != nil {
		return canvas.Content{}, err
	} else if teammate {
		return c.preview(), nil
	}
	last, err := tenant.LastClosed(ctx, person.ID) // most who look have none, and cost no write
	if errors.Is(err, models.ErrNotFound) {
		return c.feedback(feedbackForm{}), nil
	} else if err != nil {
		return canvas.Content{}, err
	}
	var look models.HomeLook
	var settings models.Settings
	offered := false
	err = tenant.Write(ctx, func(tx *models.Tx) (err error) {
		if settings, err = tx.Settings(); err != nil {
			return err
		}
		if offered, err = homeOffers(tx, settings, last, *person); err != nil || !offered {
			return err
		}
		look, err = tx.ShowHome(person.ID, last.ID)
		return err
	})
	if err != nil || !offered {
		return c.feedback(feedbackForm{}), err
	}
	return c.offer(look, last, settings.Location()), nil
}

// isTeammate reports whether the person is one of the workspace's own.
func (s *Service) isTeammate(ctx context.Context, tenant models.Tenant, person *canvas.Person) (is bool, err error) {
	if person.Type == "admin" {
		return true, nil
	}
	teammates, err := tenant.Teammates(ctx)
	for _, t := range teammates {
		if person.Email != "" && strings.EqualFold(t.Email, person.Email) {
			return true, err
		}
	}
	return false, err
}

// homeOffers reports whether the contact may rate the conversation from Home now.
func homeOffers(tx *models.Tx, settings models.Settings, c models.Conversation, person canvas.Person) (bool, error) {
	if c.DeletedAt != nil || c.ClosedAt == nil {
		return false, nil
	}
	last := rating.LastClosed{
		ClosedAt: *c.ClosedAt, DoNotAsk: c.DoNotAsk, Tags: c.Tags, TestContact: settings.TestContact(person.ID, person.Email),
	}
	requests, err := tx.RequestsOf(c.ID)
	if err != nil {
		return false, err
	}
	for _, r := range requests {
		if r.ClosedAt != nil { // the close of an episode; the conversation's own may be one that only ended an answer
			last.ClosedAt = *r.ClosedAt
		}
	}
	ratings, err := tx.RatingsOf(c.ID)
	if err != nil {
		return false, err
	}
	for _, r := range ratings {
		if r.ContactID == person.ID && r.WhyNot != models.Undone {
			last.AnsweredAt = r.At
		}
	}
	return settings.OffersOnHome(last, tx.Now), nil
}

// subjectMost is how much of a subject is kept, in characters.
const subjectMost = 100

// subjectOf is the subject by which the customer knows the conversation again, on one line.
func subjectOf(read intercom.Conversation) string {
	return shortened(strings.Join(strings.Fields(storable(read.Source.Subject)), " "), subjectMost)
}

// homeCardShown draws the card on Home in one language.
type homeCardShown struct {
	card
	home homeWords
}

func newHomeCard(w rating.Wording, locale string) homeCardShown {
	return homeCardShown{newCard(w, locale), homeWordsFor(locale)}
}

// lookPrefix begins the id of the text that says which conversation is offered. Where Intercom sends the content along
// with a tap, it says which look the tap belongs to.
const lookPrefix = "look_"

// offer asks for a rating of the conversation, which it names by subject and day.
func (c homeCardShown) offer(look models.HomeLook, last models.Conversation, zone *time.Location) canvas.Content {
	about := last.ClosedAt.In(zone).Format(c.home.day)
	if last.Subject != "" {
		about = "“" + last.Subject + "” · " + about
	}
	return content(
		canvas.Text{ID: "question", Text: c.home.rateLast, Style: "header", Align: "center"},
		canvas.Text{ID: lookPrefix + look.ID, Text: about, Style: "muted", Align: "center"},
		canvas.SingleSelect{ID: scaleID, Options: c.options(), Action: canvas.Submit{}})
}

// offeredLook is the look that the content of a card says it shows; empty where it does not say.
func offeredLook(shown *canvas.Content) string {
	if shown == nil {
		return ""
	}
	for _, part := range shown.Components {
		if text, ok := part.(canvas.Text); ok {
			if id, is := strings.CutPrefix(text.ID, lookPrefix); is {
				return id
			}
		}
	}
	return ""
}
