package handlers

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"rerate/internal/survey"
	"rerate/views"
)

// How much one address may open and send: a household behind one address reads several mails at once, a machine that
// tries all choices of many links is slowed down.
const (
	visitsPerSecond = 2
	visitsAtOnce    = 60
)

// limitVisits slows down who opens too many links, and says so on a page like the others.
func (s *site) limitVisits() echo.MiddlewareFunc {
	return middleware.RateLimiterWithConfig(middleware.RateLimiterConfig{
		Store: middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
			Rate: visitsPerSecond, Burst: visitsAtOnce,
		}),
		IdentifierExtractor: func(c echo.Context) (string, error) { return c.RealIP(), nil },
		DenyHandler: func(c echo.Context, _ string, _ error) error {
			return s.showHosted(c, s.HostedSlowDown(visitOf(c, "")))
		},
	})
}

// customerPage keeps the page out of search engines, and its address, which is a key, out of what browsers tell others.
func customerPage(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("X-Robots-Tag", "noindex, nofollow")
		header.Set("Referrer-Policy", "no-referrer")
		return next(c)
	}
}

// openHosted shows the hosted page of a link, for GET and HEAD. It stores nothing.
func (s *site) openHosted(c echo.Context) error {
	return s.showHosted(c, s.OpenLink(c.Request().Context(), c.Param("token"), visitOf(c, s.ownWorkspace(c))))
}

// answerHosted does what a form of the hosted page asks for.
func (s *site) answerHosted(c echo.Context) error {
	if err := c.Request().ParseForm(); err != nil {
		return echo.NewHTTPError(http.StatusBadRequest).WithInternal(err)
	}
	sent := c.Request().PostForm
	form := survey.HostedForm{
		View: sent.Get("view"), Proof: sent.Get("proof"), Trap: sent.Get("subject"), Rating: sent.Get("rating"),
		Remark: sent.Get("remark"), Act: sent.Get("act"), What: sent.Get("what_changed"), Face: sent.Get("face"),
	}
	return s.showHosted(c, s.AnswerLink(c.Request().Context(), c.Param("token"), visitOf(c, s.ownWorkspace(c)), form))
}

func visitOf(c echo.Context, teammate string) survey.Visit {
	query := c.QueryParams()
	return survey.Visit{
		Language: c.Request().Header.Get("Accept-Language"), Teammate: teammate,
		Change: query.Has("change"), Trap: query.Has("all"),
	}
}

// ownWorkspace is where this browser's teammate is signed in, if one is: links stand in the Inbox too.
func (s *site) ownWorkspace(c echo.Context) string {
	if s.config.OneBrowser {
		return ""
	}
	m, err := s.member(c)
	if err != nil {
		return ""
	}
	return m.workspace.ID
}

// hostedStatus maps the stages that only say something.
var hostedStatus = map[survey.HostedStage]int{
	survey.HostedLate: http.StatusGone, survey.HostedUnknown: http.StatusNotFound, survey.HostedFailed: http.StatusServiceUnavailable,
	survey.HostedTooMany: http.StatusTooManyRequests,
}

func (s *site) showHosted(c echo.Context, h survey.Hosted) error {
	status := hostedStatus[h.Stage]
	if status == 0 {
		status = http.StatusOK
	}
	props := views.HostedProps{
		Stage: string(h.Stage), Language: h.Language, RightToLeft: h.RightToLeft, Team: h.Team, Question: h.Question,
		Chosen: h.Chosen, View: h.View, Remark: views.HostedField(h.Remark), Typed: h.Typed, Changing: h.Changing,
		MayChange: h.MayChange, Remarked: h.Remarked, Text: h.Text, Problem: h.Problem, Newer: h.Newer,
		Words: views.HostedWords(h.Words),
	}
	for _, o := range h.Options {
		props.Options = append(props.Options, views.HostedOption(o))
	}
	if h.AskWhat {
		for i, text := range []string{h.Words.Fixed, h.Words.Explained, h.Words.Broken, h.Words.WrongTap} {
			props.What = append(props.What, views.HostedChoice{Value: survey.WhatChangedAnswers[i], Text: text})
		}
	}
	if h.Retry != nil {
		props.Retry = []views.HostedChoice{
			{Value: "view", Text: h.Retry.View},
			{Value: "proof", Text: h.Retry.Proof},
			{Value: "rating", Text: h.Retry.Rating},
			{Value: "remark", Text: h.Retry.Remark},
			{Value: "act", Text: h.Retry.Act},
			{Value: "what_changed", Text: h.Retry.What},
			{Value: "face", Text: h.Retry.Face},
		}
	}
	return render(c, status, views.Hosted(props))
}
