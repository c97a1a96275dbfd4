package handlers

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/views"
)

func (s *site) rating(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return err
	}
	asked, err := s.tenant(c).Rating(ctx, id)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	props, err := s.ratingProps(ctx, m.workspace, asked)
	if err != nil {
		return err
	}
	props.Page = s.page(c, "Rating")
	return render(c, http.StatusOK, views.Rating(props))
}

func (s *site) retryWriteBacks(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	if err := s.RetryWriteBacks(c.Request().Context(), m.workspace.ID, id); err != nil {
		return err
	}
	return s.done(c, "/ratings/"+id, "retrying")
}

// ratingProps tells the story of the conversation that a rating belongs to.
func (s *site) ratingProps(ctx context.Context, w models.Workspace, asked models.Rating) (views.RatingProps, error) {
	tenant := s.Store.Tenant(w.ID)
	ratings, err := tenant.RatingsOf(ctx, asked.ConversationID)
	if err != nil {
		return views.RatingProps{}, err
	}
	var ids, contacts []string
	for _, r := range ratings {
		ids, contacts = append(ids, r.ID), append(contacts, r.ContactID)
	}
	requests, err := tenant.RequestsOf(ctx, asked.ConversationID)
	if err != nil {
		return views.RatingProps{}, err
	}
	writes, err := tenant.WriteBacksOf(ctx, ids...)
	if err != nil {
		return views.RatingProps{}, err
	}
	people, err := tenant.Contacts(ctx, contacts)
	if err != nil {
		return views.RatingProps{}, err
	}
	policy := w.Settings.Policy
	props := views.RatingProps{
		RatingID: asked.ID, ConversationID: asked.ConversationID, IntercomURL: s.conversationURL(w, asked.ConversationID),
		Channel: asked.Channel, Policy: string(policy), Change: string(asked.Change), Contact: contactName(people, asked.ContactID),
		Credit: creditOf(asked.TeammateName, asked.TeammateID, asked.CreditRule), Example: strings.HasPrefix(asked.ConversationID, models.ExamplePrefix),
		Requests: requestSteps(requests, ratings), Ratings: ratingSteps(ratings, people, policy),
	}
	for _, contact := range slices.Compact(slices.Sorted(slices.Values(contacts))) {
		if contact != asked.ContactID {
			props.Others = append(props.Others, contactName(people, contact))
		}
	}
	for i := range props.Ratings {
		step := &props.Ratings[i]
		if len(props.Others) == 0 {
			step.Contact = ""
		}
		step.Writes = writeRows(writes, step.ID)
		if len(step.Writes) == 0 && !props.Example {
			step.NoWrites = whyNoWrites(ratings[i])
		}
	}
	countContact(&props, ratings, asked, policy)
	return props, nil
}

// whyNoWrites says why Intercom is told nothing of a rating.
func whyNoWrites(r models.Rating) string {
	switch {
	case r.Source == models.FromIntercom:
		return "Intercom holds this rating itself, so nothing is written for it."
	case !r.Valid():
		return ""
	}
	return "Nothing is written to Intercom for this rating: notes and write-backs were switched off when it came."
}

func creditOf(name, id string, rule rating.CreditRule) views.Credit {
	return views.Credit{Teammate: nameOf(name, id), Rule: string(rule)}
}

// countContact fills in what the ratings of the contact who gave the one asked for come to.
func countContact(props *views.RatingProps, ratings []models.Rating, asked models.Rating, policy rating.Policy) {
	history := models.HistoryOf(ratings, asked.ConversationID, asked.ContactID)
	if history == nil {
		return
	}
	first := ratingByID(ratings, history.First().ID)
	props.Change = string(history.Change())
	props.First = views.FirstRating{Score: given(first), At: first.At, Source: string(first.Source)}
	if policy == rating.CountAverage {
		average := strconv.FormatFloat(history.Counted(policy), 'f', 1, 64)
		props.CountedWords = fmt.Sprintf("%s of %d", average, history.Latest().Score.Of)
		return
	}
	props.Counted = given(ratingByID(ratings, counted(history, policy)))
}

// counted is the id of the rating that a policy picks, "" where it takes all of them.
func counted(history rating.History, policy rating.Policy) string {
	switch policy {
	case rating.CountFirst:
		return history.First().ID
	case rating.CountBest:
		return history.Best().ID
	case rating.CountWorst:
		return history.Worst().ID
	case rating.CountAverage:
		return ""
	case rating.CountLatest:
	}
	return history.Latest().ID
}

func ratingByID(ratings []models.Rating, id string) models.Rating {
	for _, r := range ratings {
		if r.ID == id {
			return r
		}
	}
	return models.Rating{}
}

func ratingSteps(ratings []models.Rating, people map[string]models.Contact, policy rating.Policy) []views.RatingStep {
	steps := make([]views.RatingStep, len(ratings))
	for i, r := range ratings {
		history := models.HistoryOf(ratings, r.ConversationID, r.ContactID)
		steps[i] = views.RatingStep{
			ID: r.ID, At: r.At, Score: given(r), Previous: comparedWith(ratings, r), Change: string(r.Change), Remark: r.Remark,
			Source: string(r.Source), Contact: contactName(people, r.ContactID), WhyNot: string(r.WhyNot), Reason: r.WhatChanged,
			Credit:  creditOf(r.TeammateName, r.TeammateID, r.CreditRule),
			Counted: history != nil && r.ID == counted(history, policy),
		}
		if r.RemarkAt != nil && r.RemarkAt.After(r.At) {
			steps[i].RemarkAt = *r.RemarkAt
		}
	}
	return steps
}

func requestSteps(requests []models.Request, ratings []models.Rating) []views.RequestStep {
	steps := make([]views.RequestStep, len(requests))
	for i, r := range requests {
		at := r.CreatedAt
		if r.SentAt != nil {
			at = *r.SentAt
		}
		steps[i] = views.RequestStep{
			At: at, State: string(r.State), Method: string(r.Method), Version: r.WordingVersion, Reason: r.Rule,
			Credit: creditOf(r.TeammateName, r.TeammateID, r.CreditRule),
			Again:  slices.ContainsFunc(ratings, func(rated models.Rating) bool { return rated.Valid() && rated.At.Before(at) }),
		}
	}
	return steps
}

// writeNames are the write-backs that pages call by another name.
var writeNames = map[models.WriteBackKind]string{models.FollowUp: "follow_up_note"}

// writeOrder is how a story tells them: people first.
var writeOrder = []models.WriteBackKind{
	models.Note, models.FollowUp, models.Attributes, models.DataEvent, models.Tag, models.NativeRating,
}

// writeRows are the write-backs of one rating.
func writeRows(writes []models.WriteBack, ratingID string) []views.Write {
	var rows []views.Write
	for _, kind := range writeOrder {
		for _, w := range writes {
			if w.Kind != kind || w.RatingID != ratingID {
				continue
			}
			row := views.Write{
				What: cmp.Or(writeNames[w.Kind], string(w.Kind)), State: string(w.State), Attempts: w.Attempts, Detail: w.Detail, At: w.DueAt,
			}
			if w.DoneAt != nil {
				row.At = *w.DoneAt
			}
			rows = append(rows, row)
		}
	}
	return rows
}
