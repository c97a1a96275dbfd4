package intercomtest

import (
	"net/http"
	"slices"
	"strconv"

	"rerate/internal/mail/mailtest"
)

// teamMailView is the e-mail that the app has sent to teammates by itself, not through Intercom.
type teamMailView struct {
	Mails []teamMail // newest first
	Clock wallClock
}

type teamMail struct {
	mailtest.Mail
	Number int // from 1, the oldest
}

// ShowTeamMail has the pages show what a mail server got. Call it before serving begins.
func (s *Server) ShowTeamMail(mails func() []mailtest.Mail) { s.teamMails = mails }

func (p *pages) teamMail(v *visit) teamMailView {
	view := teamMailView{Clock: p.clockOf(v.at.Workspace)}
	if p.teamMails == nil {
		return view
	}
	for i, m := range p.teamMails() {
		view.Mails = append(view.Mails, teamMail{m, i + 1})
	}
	slices.Reverse(view.Mails)
	return view
}

func (m teamMail) id() string        { return "mail-" + strconv.Itoa(m.Number) }
func (m teamMail) htmlPath() string  { return pathTeamMail + "/" + strconv.Itoa(m.Number) }
func (m teamMail) sentFrom() string  { return m.Header.Get("From") }
func (m teamMail) messageID() string { return m.Header.Get("Message-Id") }

// mailHTML is a mail as it was sent, for a frame in which nothing runs and nothing is loaded.
func (p *pages) mailHTML(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("number"))
	if p.teamMails == nil || err != nil || n < 1 || n > len(p.teamMails()) {
		http.NotFound(w, r)
		return
	}
	pageHeaders(w)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "+
		"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox")
	_, _ = w.Write([]byte(p.teamMails()[n-1].HTML)) // the browser went away
}
