package handlers

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"rerate/internal/mail"
	"rerate/internal/stats"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

const digestPath = "/settings/digest"

// weeksShown is how many weeks back the page says what was sent.
const weeksShown = 12

// digest is the page of the weekly digest.
func (s *site) digest(c echo.Context) error {
	return s.showDigest(c, http.StatusOK, views.DigestProps{})
}

// digestPreview is the mail itself. It is looked at in a frame of the page, or alone; nothing in it runs.
func (s *site) digestPreview(c echo.Context) error {
	m, _ := memberOf(c)
	d, err := s.DigestOfLastWeek(c.Request().Context(), m.workspace.ID)
	if err != nil {
		return err
	}
	header := c.Response().Header()
	header.Set("Content-Security-Policy", mailPolicy)
	header.Set("X-Frame-Options", "SAMEORIGIN")
	return render(c, http.StatusOK, digestMail(d).HTML())
}

// mailPolicy is for a page that is a mail: its looks stand in its elements, as mail programs want it, and it can do nothing
// but have its links opened elsewhere.
const mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; " +
	"sandbox allow-popups allow-popups-to-escape-sandbox"

// framesOwn lets a page frame others of ours.
func framesOwn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", contentPolicy+"; frame-src 'self'")
		return next(c)
	}
}

func (s *site) saveDigest(c echo.Context) error {
	m, _ := memberOf(c)
	weekday, err := strconv.Atoi(c.FormValue("weekday"))
	hour, err2 := strconv.Atoi(c.FormValue("hour"))
	if errors.Join(err, err2) != nil {
		weekday = -1 // is refused with the right words
	}
	err = s.SetDigest(c.Request().Context(), m.workspace.ID, c.FormValue("enabled") == "true", time.Weekday(weekday), hour,
		nameOf(m.teammate.Name, m.teammate.Email, m.teammate.ID))
	return s.digestChanged(c, err, "form", "digest_saved")
}

func (s *site) addDigestRecipient(c echo.Context) error {
	m, _ := memberOf(c)
	ctx := c.Request().Context()
	if teammate := c.FormValue("teammate"); teammate != "" {
		return s.digestChanged(c, s.AddDigestTeammate(ctx, m.workspace.ID, teammate), "teammate", "digest_added")
	}
	return s.digestChanged(c, s.AddDigestAddress(ctx, m.workspace.ID, c.FormValue("email")), "email", "digest_added")
}

func (s *site) removeDigestRecipient(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	return s.digestChanged(c, s.RemoveDigestRecipient(c.Request().Context(), workspaceOf(c), id), "form", "digest_removed")
}

// digestForMe is what everybody may do: get the digest, or not.
func (s *site) digestForMe(c echo.Context) error {
	m, _ := memberOf(c)
	ctx := c.Request().Context()
	if c.FormValue("on") == "true" {
		return s.digestChanged(c, s.AddDigestTeammate(ctx, m.workspace.ID, m.teammate.ID), "form", "digest_mine")
	}
	return s.digestChanged(c, s.LeaveDigest(ctx, m.workspace.ID, m.teammate.ID), "form", "digest_not_mine")
}

func (s *site) sendDigest(c echo.Context) error {
	m, _ := memberOf(c)
	return s.digestChanged(c, s.SendDigestNow(c.Request().Context(), m.workspace.ID, m.teammate), "form", "digest_sent")
}

func (s *site) retryDigest(c echo.Context) error {
	id, err := pathID(c)
	if err != nil {
		return err
	}
	return s.digestChanged(c, s.RetryDigest(c.Request().Context(), workspaceOf(c), id), "form", "digest_again")
}

func workspaceOf(c echo.Context) string {
	m, _ := memberOf(c)
	return m.workspace.ID
}

// digestChanged leads back to the page, or shows it with what is wrong in place.
func (s *site) digestChanged(c echo.Context, err error, field, flash string) error {
	var told survey.Error
	switch {
	case errors.As(err, &told) && told.Code != survey.NotFound:
		note(c, err)
		status := http.StatusUnprocessableEntity
		if told.Code == survey.Conflict {
			status = http.StatusConflict
		}
		return s.showDigest(c, status, views.DigestProps{Email: c.FormValue("email"), Errors: map[string]string{field: told.Sentence}})
	case err != nil:
		return err
	}
	return s.done(c, digestPath, flash)
}

// showDigest adds how things stand to what was refused, if anything was.
func (s *site) showDigest(c echo.Context, status int, props views.DigestProps) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	if s.Mailer != nil {
		props.MailFrom = s.Mailer.From()
	}
	if err := s.digestTimes(ctx, m.workspace, &props); err != nil {
		return err
	}
	if err := s.digestPeople(ctx, m, &props); err != nil {
		return err
	}
	d, err := s.DigestOfLastWeek(ctx, m.workspace.ID)
	if err != nil {
		return err
	}
	props.Mail = digestMail(d)
	props.Page = s.page(c, "Weekly digest")
	return render(c, status, views.Digest(props))
}

// digestTimes fills in when the digest comes, and what became of the last ones.
func (s *site) digestTimes(ctx context.Context, w models.Workspace, props *views.DigestProps) error {
	tenant := s.Store.Tenant(w.ID)
	wanted, err := tenant.Digest(ctx)
	if err != nil {
		return err
	}
	zone := w.Settings.Location()
	mails, err := tenant.DigestMails(ctx, stats.DayOf(s.Now(), zone).AddDays(-7*weeksShown))
	if err != nil {
		return err
	}
	times := s.DigestTimes(w, wanted, mails)
	props.Enabled, props.Weekday, props.Hour = wanted.Enabled, strconv.Itoa(int(wanted.Weekday)), strconv.Itoa(wanted.Hour)
	props.ZoneName, props.SavedBy, props.SavedAt, props.Next = w.Settings.TimeZone, wanted.SavedBy, wanted.SavedAt, times.Next
	if times.Missed.From != "" {
		props.Missed = rangeWords(times.Missed)
	}
	props.Weeks = digestWeeks(mails)
	return nil
}

func digestWeeks(mails []models.DigestMail) []views.DigestWeek {
	var weeks []views.DigestWeek
	var last stats.Day
	for _, m := range mails {
		if m.Week != last {
			last = m.Week
			weeks = append(weeks, views.DigestWeek{Week: rangeWords(stats.Range{From: m.Week, To: m.Week.AddDays(6)}), At: m.CreatedAt})
		}
		w := &weeks[len(weeks)-1]
		switch {
		case m.State == models.DigestSent:
			w.Sent++
			continue
		case m.Detail == "": // nothing to tell of it yet
			w.Waiting++
			continue
		case m.State == models.DigestWaiting || m.State == models.DigestBegun:
			w.Waiting++
		case m.State == models.DigestFailed || m.State == models.DigestUnclear || m.State == models.DigestSkipped:
		}
		w.Others = append(w.Others, views.DigestSending{ID: m.ID, Address: m.Email, State: string(m.State), Detail: m.Detail})
	}
	return weeks
}

// digestPeople fills in who gets the digest, and who could.
func (s *site) digestPeople(ctx context.Context, m member, props *views.DigestProps) error {
	tenant := s.Store.Tenant(m.workspace.ID)
	teammates, err := tenant.Teammates(ctx)
	if err != nil {
		return err
	}
	recipients, err := tenant.DigestRecipients(ctx)
	if err != nil {
		return err
	}
	known, gets := map[string]models.Teammate{}, map[string]bool{}
	for _, t := range teammates {
		known[t.ID] = t
	}
	for _, r := range recipients {
		row := views.DigestRecipient{ID: r.ID, TeammateID: r.TeammateID, Address: r.Email, AddedAt: r.AddedAt, Self: r.TeammateID == m.teammate.ID}
		if t, ok := known[r.TeammateID]; ok {
			row.Name, row.Address = nameOf(t.Name, t.Email, t.ID), t.Email
		}
		if r.UnsubscribedAt != nil {
			row.UnsubscribedAt = *r.UnsubscribedAt
		} else {
			gets[r.TeammateID] = true
		}
		props.Recipients = append(props.Recipients, row)
	}
	for _, t := range teammates {
		if _, err := mail.ParseAddress(t.Email); err == nil && !gets[t.ID] {
			props.Teammates = append(props.Teammates, ui.Choice{Value: t.ID, Label: nameOf(t.Name, t.Email)})
		}
	}
	props.Mine = views.DigestMine{Address: known[m.teammate.ID].Email, On: gets[m.teammate.ID]}
	return nil
}

// openUnsubscribe shows what the link in a digest is about, for GET and HEAD. It changes nothing: programs open links.
func (s *site) openUnsubscribe(c echo.Context) error {
	found, err := s.ReadUnsubscription(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return render(c, http.StatusOK, views.Unsubscribe(views.UnsubscribeProps{
		Page: s.page(c, "Weekly digest"), Name: found.Workspace, Over: found.Over,
	}))
}

// unsubscribe ends the digest for whom the link was made: by the page's button, or by a mail program's, which sends the same
// (RFC 8058).
func (s *site) unsubscribe(c echo.Context) error {
	if c.FormValue("List-Unsubscribe") != "One-Click" {
		return echo.NewHTTPError(http.StatusUnprocessableEntity)
	}
	if err := s.Unsubscribe(c.Request().Context(), c.Param("token")); err != nil {
		return err
	}
	return s.openUnsubscribe(c)
}
