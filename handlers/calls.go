package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rerate/internal/intercom/canvas"
	"rerate/models"
	"rerate/views"
)

// callFilter is what the address of the list of calls asks for.
type callFilter struct {
	rows    models.CallFilter
	shown   views.CallFilter
	after   *models.Cursor
	ignored []string
}

// callParams are the names of the query: what a value must be, and how it is taken.
var callParams = []struct {
	name, must string
	take       func(f *callFilter, value string) bool
}{
	{"tab", "live, test or invalid", func(f *callFilter, v string) bool {
		f.rows.Tab, f.shown.Tab = models.CallTab(v), v
		return slices.Contains(models.CallTabs, f.rows.Tab)
	}},
	{"direction", "in or out", func(f *callFilter, v string) bool {
		f.rows.Direction, f.shown.Direction = models.CallDirection(v), v
		return v == "in" || v == "out"
	}},
	{"kind", "a kind of call", func(f *callFilter, v string) bool {
		f.rows.Kind, f.shown.Kind = v, v
		return len(v) <= 100 && shortened(v, 100) == v
	}},
	{"conversation", "a conversation's id", func(f *callFilter, v string) bool {
		f.rows.Conversation, f.shown.Conversation = v, v
		return canvas.IsConversationID(v)
	}},
	{"cursor", "a place that a page linked to", func(f *callFilter, v string) bool {
		cursor, ok := ParseCursor(v)
		if ok {
			f.after, f.shown.Cursor = &cursor, v
		}
		return ok
	}},
}

// parseCallFilter reads the filter in the address; what is not understood does not narrow, and the page says so.
func parseCallFilter(query url.Values) callFilter {
	f := callFilter{}
	var said filter
	known := []string{}
	for _, p := range callParams {
		known = append(known, p.name)
		value, ok := said.value(query, p.name)
		if !ok {
			continue
		}
		before := f
		if !p.take(&f, value) {
			f = before
			said.ignore(p.name, value, "it must be "+p.must)
		}
	}
	said.ignoreOthers(query, known)
	f.ignored = said.ignored
	if f.rows.Tab == "" {
		f.rows.Tab = models.LiveCalls
	}
	if f.shown.Tab == string(models.LiveCalls) {
		f.shown.Tab = ""
	}
	return f
}

// calls is the page of what Intercom asked of Rerate and Rerate of Intercom.
func (s *site) calls(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	f := parseCallFilter(c.QueryParams())
	if len(f.ignored) == 0 && hasEmpty(c.QueryParams()) {
		return c.Redirect(http.StatusSeeOther, f.shown.URL())
	}
	tenant := s.tenant(c)
	found, err := tenant.Calls(ctx, f.rows, f.after, pageSize+1)
	if err != nil {
		return err
	}
	props := views.CallsProps{Filter: f.shown, Ignored: f.ignored, Days: int(models.KeepCalls.Age.Hours() / 24), Most: models.KeepCalls.Rows}
	if f.after != nil {
		props.FirstHref = f.shown.Without("cursor").URL()
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		next := f.shown
		next.Cursor = FormatCursor(models.Cursor{At: found[pageSize-1].At, ID: found[pageSize-1].ID})
		props.NextHref = next.URL()
	}
	counts, err := tenant.CountCalls(ctx, f.rows)
	if err != nil {
		return err
	}
	props.Live, props.Test, props.Invalid = counts[models.LiveCalls], counts[models.TestCalls], counts[models.InvalidCalls]
	if props.Kinds, err = tenant.CallKinds(ctx); err != nil {
		return err
	}
	if props.Rows, err = s.callRows(ctx, m.workspace, found); err != nil {
		return err
	}
	props.TestMode = m.workspace.Settings.TestMode
	props.Unlisted = unlisted(s)
	if props.GivenUp, err = s.givenUp(ctx, m.workspace.ID); err != nil {
		return err
	}
	if t, paused := s.Trouble(m.workspace.ID); paused {
		props.Trouble = &views.Trouble{Failures: t.Failures, Since: t.Since, Until: t.Until}
	}
	props.Page = s.page(c, "Calls")
	return render(c, http.StatusOK, views.Calls(props))
}

func (s *site) givenUp(ctx context.Context, workspace string) ([]views.GivenUp, error) {
	found, err := s.GivenUp(ctx, workspace)
	rows := make([]views.GivenUp, len(found))
	for i, job := range found {
		rows[i] = views.GivenUp{ID: strconv.FormatInt(job.ID, 10), Kind: job.Kind, ConversationID: job.Conversation, At: job.At, Attempts: job.Attempts}
	}
	return rows, err
}

// retryGivenUp has work that was given up tried again.
func (s *site) retryGivenUp(c echo.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return echo.ErrNotFound
	}
	m, _ := memberOf(c)
	if err := s.RetryGivenUp(c.Request().Context(), m.workspace.ID, id); err != nil {
		return err
	}
	return s.done(c, "/calls", "work_again")
}

func hasEmpty(query url.Values) bool {
	for _, values := range query {
		if slices.Contains(values, "") {
			return true
		}
	}
	return false
}

func unlisted(s *site) views.Unlisted {
	u := s.Calls.Unlisted()
	return views.Unlisted{
		WrongSignature: u.WrongSignature, WrongSignatureAt: u.WrongSignatureAt, Unreadable: u.Unreadable, UnreadableAt: u.UnreadableAt, Lost: u.Lost,
	}
}

// callRows turns calls into the rows of the list; those about a conversation that was rated lead to its story.
func (s *site) callRows(ctx context.Context, w models.Workspace, calls []models.Call) ([]views.CallRow, error) {
	var conversations []string
	for _, call := range calls {
		if call.ConversationID != "" && !slices.Contains(conversations, call.ConversationID) {
			conversations = append(conversations, call.ConversationID)
		}
	}
	ratings, err := s.Store.Tenant(w.ID).RatingsOf(ctx, conversations...)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return nil, err
	}
	story := map[string]string{} // the newest rating of each conversation
	for _, r := range ratings {
		story[r.ConversationID] = "/ratings/" + r.ID
	}
	rows := make([]views.CallRow, len(calls))
	for i, call := range calls {
		rows[i] = views.CallRow{
			ID: call.ID, At: call.At, In: call.Direction == models.FromThem, Kind: call.Kind, Path: call.Path, ConversationID: call.ConversationID,
			Test: call.Test, Status: call.Status, Outcome: string(call.Outcome), Reason: strings.TrimSpace(call.Reason),
			Millis: call.Micros / 1000, StoryHref: story[call.ConversationID],
		}
		if call.ConversationID != "" {
			rows[i].IntercomURL = s.conversationURL(w, call.ConversationID)
		}
	}
	return rows, nil
}
