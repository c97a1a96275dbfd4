package handlers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/internal/survey"
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
	return s.showRating(c, http.StatusOK, asked, views.ReplyForm{ID: s.NewID()})
}

// showRating shows the story of a rating's conversation, with the form of a reply as it is.
func (s *site) showRating(c echo.Context, status int, asked models.Rating, form views.ReplyForm) error {
	m, _ := memberOf(c)
	props, err := s.ratingProps(c.Request().Context(), m.workspace, asked)
	if err != nil {
		return err
	}
	props.Page, props.Reply = s.page(c, "Rating"), form
	return render(c, status, views.Rating(props))
}

// replyToRating sends what a teammate writes to the customer. What is refused is shown again as it was typed.
func (s *site) replyToRating(c echo.Context) error {
	ctx := c.Request().Context()
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	form := views.ReplyForm{ID: c.FormValue("id"), Body: c.FormValue("body")}
	if !plainID.MatchString(form.ID) {
		form.ID = s.NewID()
	}
	err = s.Reply(ctx, m.workspace.ID, survey.Reply{
		ID: form.ID, Rating: id, Body: form.Body, AuthorID: m.teammate.ID, AuthorName: nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID),
	})
	var told survey.Error
	if !errors.As(err, &told) {
		if err != nil {
			return err
		}
		return s.done(c, "/ratings/"+id, "reply_waits")
	}
	asked, err := s.tenant(c).Rating(ctx, id)
	if err != nil {
		return err
	}
	form.Error = told.Sentence
	return s.showRating(c, statuses[told.Code], asked, form)
}

func (s *site) retryReply(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	reply := c.Param("reply")
	if !plainID.MatchString(reply) {
		return echo.ErrNotFound
	}
	m, _ := memberOf(c)
	if err := s.RetryReply(c.Request().Context(), m.workspace.ID, reply); err != nil {
		return err
	}
	return s.done(c, "/ratings/"+id, "reply_again")
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

// countRating and leaveOutRating do what an admin decides of a rating.
func (s *site) countRating(c echo.Context) error { return s.judgeRating(c, s.CountRating, "counted") }

func (s *site) leaveOutRating(c echo.Context) error {
	return s.judgeRating(c, s.LeaveOutRating, "left_out")
}

func (s *site) judgeRating(c echo.Context, do func(context.Context, string, survey.Verdict) error, flash string) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	by := nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID)
	if err := do(c.Request().Context(), m.workspace.ID, survey.Verdict{Rating: id, By: by, Reason: c.FormValue("reason")}); err != nil {
		return err
	}
	return s.done(c, "/ratings/"+id, flash)
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
	replies, err := tenant.RepliesOf(ctx, asked.ConversationID)
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
	props.Replies = replySteps(replies)
	props.HandledBy = asked.HandledBy
	if asked.HandledAt != nil {
		props.HandledAt = *asked.HandledAt
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
	props.Customer, err = s.customer(ctx, w, people[asked.ContactID], asked.ContactID)
	if asked.ContactID != "" {
		props.Customer.FileHref = "/ratings/" + asked.ID + "/customer.json"
		if people[asked.ContactID].ErasedAt == nil {
			props.Customer.EraseAction = "/ratings/" + asked.ID + "/customer/erase"
		}
	}
	return props, err
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
			Doubtful: r.Integrity == models.Doubtful, Trust: string(r.Integrity), Doubt: r.Doubt,
			Credit:  creditOf(r.TeammateName, r.TeammateID, r.CreditRule),
			Counted: history != nil && r.ID == counted(history, policy),
		}
		if r.RemarkAt != nil && r.RemarkAt.After(r.At) {
			steps[i].RemarkAt = *r.RemarkAt
		}
	}
	return steps
}

func replySteps(replies []models.Reply) []views.ReplyStep {
	steps := make([]views.ReplyStep, len(replies))
	for i, r := range replies {
		steps[i] = views.ReplyStep{
			ID: r.ID, RatingID: r.RatingID, At: r.CreatedAt, By: r.AuthorName, Body: r.Body, State: string(r.State), Attempts: r.Attempts, Detail: r.Detail,
		}
	}
	return steps
}

func requestSteps(requests []models.Request, ratings []models.Rating) []views.RequestStep {
	steps := make([]views.RequestStep, len(requests))
	for i, r := range requests {
		at := r.CreatedAt
		switch {
		case r.SentAt != nil:
			at = *r.SentAt
		case r.ClosedAt != nil:
			at = *r.ClosedAt
		}
		steps[i] = views.RequestStep{
			ID: r.ID, At: at, State: string(r.State), Method: string(r.Method), Version: r.WordingVersion, Reason: whyNotAsked(r),
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
