package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/internal/segment"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

// segments is the list of segments.
func (s *site) segments(c echo.Context) error {
	ctx := c.Request().Context()
	found, err := s.tenant(c).Segments(ctx)
	if err != nil {
		return err
	}
	counts, err := s.tenant(c).SegmentCounts(ctx)
	if err != nil {
		return err
	}
	var props views.SegmentsProps
	for _, in := range found {
		props.Rows = append(props.Rows, segmentRow(in, counts[in.ID]))
	}
	props.Page = s.page(c, "Segments")
	return render(c, http.StatusOK, views.Segments(props))
}

func segmentRow(in models.Segment, n models.SegmentCount) views.SegmentRow {
	row := views.SegmentRow{
		ID: in.ID, Name: in.Name, Any: in.Rules.Any, Channel: string(in.Channel), Automatic: in.Automatic, Paused: in.Paused,
		Working: in.WorkedThroughAt == nil, Members: int(n.Members), Sent: int(n.Sent), Answered: int(n.Answered), Waiting: int(n.Waiting),
		Failed: int(n.Failed), Skipped: int(n.Skipped),
	}
	for _, condition := range in.Rules.Conditions {
		row.Conditions = append(row.Conditions, condition.Words())
	}
	return row
}

// newSegment opens the form with one condition to begin with.
func (s *site) newSegment(c echo.Context) error {
	return s.showSegment(c, http.StatusOK, segmentEdit{segment: models.Segment{
		Channel: models.InApp, Rules: segment.Rules{Conditions: []segment.Condition{firstCondition()}},
	}})
}

// segment is the page of one segment.
func (s *site) segment(c echo.Context) error {
	stored, err := s.storedSegment(c)
	if err != nil {
		return err
	}
	return s.showSegment(c, http.StatusOK, segmentEdit{stored: stored, segment: stored})
}

func (s *site) storedSegment(c echo.Context) (models.Segment, error) {
	id, err := pathID(c)
	if err != nil {
		return models.Segment{}, err
	}
	return s.tenant(c).Segment(c.Request().Context(), id)
}

// makeSegment and editSegment are every button of the form. Only save stores something; the others show the form again,
// changed.
func (s *site) makeSegment(c echo.Context) error { return s.pressSegment(c, models.Segment{}) }

func (s *site) editSegment(c echo.Context) error {
	stored, err := s.storedSegment(c)
	if err != nil {
		return err
	}
	return s.pressSegment(c, stored)
}

func (s *site) pressSegment(c echo.Context, stored models.Segment) error {
	values, err := c.FormParams()
	if err != nil {
		return err
	}
	e := segmentEdit{stored: stored, segment: readSegment(values, stored), changed: true}
	do := values.Get("do")
	if do != "save" {
		if !e.press(do) {
			return echo.NewHTTPError(http.StatusUnprocessableEntity)
		}
		return s.showSegment(c, http.StatusOK, e)
	}
	m, _ := memberOf(c)
	saved, err := s.SaveSegment(c.Request().Context(), m.workspace.ID, e.segment, m.teammate.ID)
	var problems survey.SegmentProblems
	if errors.As(err, &problems) {
		e.errs, e.refused = problems, true
		return s.showSegment(c, http.StatusUnprocessableEntity, e)
	}
	if err != nil {
		return err
	}
	return s.done(c, "/segments/"+saved.ID, "segment_saved")
}

// switchSegment turns sending by itself, and pausing, on or off.
func (s *site) switchSegment(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	automatic, paused := c.FormValue("automatic") == "true", c.FormValue("paused") == "true"
	if err := s.SetSegment(c.Request().Context(), m.workspace.ID, id, automatic, paused); err != nil {
		return err
	}
	return s.done(c, "/segments/"+id, "segment_switched")
}

// sendSegment sends the message to all who are in the segment now.
func (s *site) sendSegment(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	if err := s.SendToAll(c.Request().Context(), m.workspace.ID, id, m.teammate.ID); err != nil {
		return err
	}
	return s.done(c, "/segments/"+id, "segment_sending")
}

func (s *site) deleteSegment(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	if err := s.DeleteSegment(c.Request().Context(), m.workspace.ID, id); err != nil {
		return err
	}
	return s.done(c, "/segments", "segment_deleted")
}

func (s *site) retryMessage(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	m, _ := memberOf(c)
	in, err := s.RetryMessage(c.Request().Context(), m.workspace.ID, id)
	if err != nil {
		return err
	}
	return s.done(c, "/segments/"+in, "message_again")
}

// showSegment draws the form with what it holds, who would be in it, and what was sent.
func (s *site) showSegment(c echo.Context, status int, e segmentEdit) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	props := views.SegmentProps{
		Form: e.form(), Errors: e.errs, Refused: e.refused, Changed: e.changed, TestMode: m.workspace.Settings.TestMode,
	}
	var err error
	if props.Preview, err = s.segmentPreview(ctx, m.workspace.ID, e.segment.Rules); err != nil {
		return err
	}
	if props.Message, err = s.messagePreview(ctx, m.workspace.ID, e.segment); err != nil {
		return err
	}
	title := "New segment"
	if e.stored.ID != "" {
		title = e.stored.Name
		if err := s.addStoredSegment(c, e.stored, &props); err != nil {
			return err
		}
	}
	props.Page = s.page(c, title)
	return render(c, status, views.Segment(props))
}

// addStoredSegment fills in what a stored segment has come to and its messages.
func (s *site) addStoredSegment(c echo.Context, stored models.Segment, props *views.SegmentProps) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	tenant := s.tenant(c)
	counts, err := tenant.SegmentCounts(ctx)
	if err != nil {
		return err
	}
	props.Segment, props.Version, props.SavedAt = segmentRow(stored, counts[stored.ID]), stored.Version, stored.SavedAt
	teammates, err := s.teammateNames(ctx, tenant)
	if err != nil {
		return err
	}
	props.SavedBy = teammates[stored.SavedBy]
	filter := models.MessageFilter{Segment: stored.ID}
	if state := c.QueryParam("state"); messageStates[state] != "" {
		props.State, filter.State = state, messageStates[state]
	}
	var after *models.Cursor
	if cursor, ok := ParseCursor(c.QueryParam("cursor")); ok {
		after = &cursor
		props.FirstHref = messagesHref(stored.ID, props.State, "")
	}
	found, err := tenant.SegmentMessages(ctx, filter, after, pageSize+1)
	if err != nil {
		return err
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		last := found[pageSize-1]
		props.NextHref = messagesHref(stored.ID, props.State, FormatCursor(models.Cursor{At: last.CreatedAt, ID: last.ID}))
	}
	props.Messages, err = s.messageRows(ctx, m.workspace, stored, found, teammates)
	return err
}

// messageStates are the states by which the messages can be filtered.
var messageStates = map[string]models.MessageState{
	"waiting": models.MessageWaiting, "sent": models.MessageSent, "failed": models.MessageFailed, "skipped": models.MessageSkipped,
}

func messagesHref(segment, state, cursor string) string {
	href := "/segments/" + segment + "?state=" + state
	if cursor != "" {
		href += "&cursor=" + cursor
	}
	return href + "#messages"
}

func (s *site) teammateNames(ctx context.Context, tenant models.Tenant) (map[string]string, error) {
	all, err := tenant.Teammates(ctx)
	names := map[string]string{}
	for _, t := range all {
		names[t.ID] = nameOf(t.Name, t.Email, t.ID)
	}
	return names, err
}

func (s *site) messageRows(ctx context.Context, w models.Workspace, in models.Segment, found []models.SegmentMessage, teammates map[string]string) ([]views.MessageRow, error) {
	tenant := s.Store.Tenant(w.ID)
	ids := make([]string, len(found))
	for i, m := range found {
		ids[i] = m.ContactID
	}
	people, err := tenant.Contacts(ctx, ids)
	if err != nil {
		return nil, err
	}
	outcomes, err := tenant.MessageOutcomes(ctx, found)
	if err != nil {
		return nil, err
	}
	rows := make([]views.MessageRow, len(found))
	for i, m := range found {
		row := views.MessageRow{
			ID: m.ID, Contact: contactName(people, m.ContactID), State: string(m.State), Detail: m.Detail, Automatic: m.Automatic,
			By: teammates[m.PlannedBy], Channel: string(m.Channel), At: m.CreatedAt,
			Retry: (m.State == models.MessageFailed || m.State == models.MessageSkipped) && m.Version == in.Version,
		}
		if m.DoneAt != nil {
			row.At = *m.DoneAt
		}
		if request, ok := outcomes[m.RequestID]; ok {
			row.Answer, row.Ledger = strings.TrimSuffix(request.State.Words(), "."), "/requests/"+request.ID
		}
		rows[i] = row
	}
	return rows, nil
}

func (s *site) segmentPreview(ctx context.Context, workspace string, rules segment.Rules) (views.SegmentPreview, error) {
	rules = rules.Clean()
	if rules.Check() != nil {
		return views.SegmentPreview{}, nil
	}
	found, err := s.PreviewSegment(ctx, workspace, rules)
	preview := views.SegmentPreview{Known: true, In: found.In, LookedAt: found.LookedAt, All: found.All}
	for _, who := range found.First {
		matched := views.MatchedContact{Name: nameOf(who.Contact.Name, who.Contact.Email, who.Contact.ID)}
		for _, why := range who.Why {
			matched.Why = append(matched.Why, why.Words())
		}
		preview.First = append(preview.First, matched)
	}
	return preview, err
}

func (s *site) messagePreview(ctx context.Context, workspace string, in models.Segment) (views.MessagePreview, error) {
	wording, err := s.Store.Tenant(workspace).Wording(ctx)
	if errors.Is(err, models.ErrNotFound) {
		wording.Body, err = rating.DefaultWording(), nil
	}
	preview := views.MessagePreview{
		Channel: string(in.Channel), Subject: in.Subject, Paragraphs: survey.Paragraphs(in.Body), Question: wording.Body.Question,
	}
	for _, o := range wording.Body.Options {
		preview.Options = append(preview.Options, ui.Score{Value: o.Score, Emoji: o.Emoji, Label: nameOf(o.Label, o.Emoji, strconv.Itoa(o.Score))})
	}
	return preview, err
}
