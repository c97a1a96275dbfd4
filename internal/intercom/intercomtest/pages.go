package intercomtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"

	"rerate/internal/intercom/draw"
)

//go:embed static
var staticFiles embed.FS

// pagesPolicy allows pictures from elsewhere, because canvases show the app's own.
const pagesPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: data:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"

// pages is the browser side of the sandbox. Beside the Server's state it keeps only what a browser window would: a half-done set-up of
// the app's card and an unsent text by composer, taps that failed by card, and what the app is being asked for.
type pages struct {
	*Server
	mu      sync.Mutex
	setups  map[string]CanvasResult
	unsent  map[string]string
	failed  map[string]lastTap
	waiting map[string]bool
	notes   map[string]string // why something that was asked for is not there
}

// visit is one request for a page, or one form that was posted from it.
type visit struct {
	ctx  context.Context
	at   place
	act  string // of a form
	form url.Values
	poll bool // the page's script looks for changes: nothing may be asked of the app
}

// errUnknown is for an address with an id that the sandbox does not have.
var errUnknown = errors.New("the sandbox has nothing under this address; choose a page above to begin again")

// MountPages adds the browser side to the sandbox: Messenger, Inbox and the log of calls. Call it once, before serving begins.
func (s *Server) MountPages() {
	p := &pages{
		Server: s, setups: map[string]CanvasResult{}, unsent: map[string]string{}, failed: map[string]lastTap{},
		waiting: map[string]bool{}, notes: map[string]string{},
	}
	for _, page := range []string{pathBoth, pathMessenger, pathInbox, pathCalls, pathWorkflow, pathTeamMail, pathReceiver} {
		pattern := "GET " + page
		if page == pathBoth {
			pattern += "{$}"
		}
		s.Handle(pattern, http.HandlerFunc(p.get))
	}
	sameOrigin := http.NewCrossOriginProtection()
	s.Handle("POST /messenger/{act}", sameOrigin.Handler(p.post(messengerActs)))
	s.Handle("POST /inbox/{act}", sameOrigin.Handler(p.post(inboxActs)))
	s.Handle("POST /workflow/{act}", sameOrigin.Handler(p.post(workflowActs)))
	s.Handle("POST /calls/{act}", sameOrigin.Handler(p.post(callsActs)))
	p.mountReceiver(sameOrigin)
	s.Handle("GET /a/inbox/{workspace}/inbox/conversation/{id}", http.HandlerFunc(p.conversationLink))
	s.Handle("GET /a/apps/{workspace}/users/{id}", http.HandlerFunc(p.contactLink))
	s.Handle("GET /team-mail/{number}", http.HandlerFunc(p.mailHTML))
	s.Handle("GET /sandbox/canvas.css", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "canvas.css", time.Time{}, strings.NewReader(draw.CSS))
	}))
	files, _ := fs.Sub(staticFiles, "static") // the folder is part of the program
	s.Handle("GET /sandbox/", http.StripPrefix("/sandbox/", http.FileServerFS(files)))
}

// conversationLink is the address at which teammates see a conversation in the real Inbox.
func (p *pages) conversationLink(w http.ResponseWriter, r *http.Request) {
	at := place{Page: pathInbox, Workspace: r.PathValue("workspace"), Conversation: r.PathValue("id")}
	http.Redirect(w, r, at.URL(), http.StatusSeeOther)
}

// contactLink leads to what the sandbox has of a contact: the Messenger as that contact sees it.
func (p *pages) contactLink(w http.ResponseWriter, r *http.Request) {
	at := place{Page: pathMessenger, Workspace: r.PathValue("workspace"), Contact: r.PathValue("id")}
	http.Redirect(w, r, at.URL(), http.StatusSeeOther)
}

func (p *pages) get(w http.ResponseWriter, r *http.Request) {
	v := &visit{ctx: r.Context(), at: placeOf(r.URL.Path, r.URL.Query()), poll: r.URL.Query().Has("poll")}
	err := p.resolve(&v.at)
	if err == nil && r.URL.Query().Has("open") {
		p.openPanel(v)
		http.Redirect(w, r, v.at.URL(), http.StatusSeeOther)
		return
	}
	if v.poll && err == nil {
		p.changes(w, r, v)
		return
	}
	p.show(w, v, err)
}

// changes answers the page's script: the live parts of the page, or 204 while they are as they were.
func (p *pages) changes(w http.ResponseWriter, r *http.Request, v *visit) {
	html, err := render(v.ctx, p.live(v))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256(html)
	version := hexDigits(sum[:8])
	w.Header().Set("X-Version", version)
	pageHeaders(w)
	if r.URL.Query().Get("version") == version {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	_, _ = w.Write(html) // the browser went away
}

// post runs the act that the form names and goes back to the page it came from. A refusal is shown on that page.
func (p *pages) post(acts map[string]func(*pages, *visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("act")
		act, ok := acts[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if err := r.ParseForm(); err != nil {
			http.Error(w, "The form could not be read: "+err.Error(), http.StatusBadRequest)
			return
		}
		v := &visit{ctx: r.Context(), at: placeOf(r.URL.Query().Get("page"), r.URL.Query()), act: name, form: r.Form}
		err := p.resolve(&v.at)
		if err == nil {
			err = act(p, v)
		}
		if err != nil {
			if name == "send" || name == "note" {
				p.keepUnsent(v, v.form.Get("text"))
			}
			p.show(w, v, err)
			return
		}
		http.Redirect(w, r, v.at.URL(), http.StatusSeeOther)
	})
}

// show writes the whole page. problem is said at its top; nil is none.
func (p *pages) show(w http.ResponseWriter, v *visit, problem error) {
	status := http.StatusOK
	var content templ.Component
	switch {
	case errors.Is(problem, errUnknown):
		v.at = place{Page: v.at.Page}
		status, content = http.StatusNotFound, livePart(v.at, guide{}, templ.NopComponent)
	case problem != nil:
		status = http.StatusUnprocessableEntity
		fallthrough
	default:
		content = p.live(v)
	}
	html, err := render(v.ctx, document(v.at, p.navigation(), p.Options().AppName, p.appURL(), problem, content))
	if err != nil {
		http.Error(w, "The sandbox could not draw this page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	pageHeaders(w)
	w.WriteHeader(status)
	_, _ = w.Write(html) // the browser went away
}

func pageHeaders(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagesPolicy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}

// navigation is the pages that every page links to.
func (p *pages) navigation() []string {
	paths := []string{pathBoth, pathMessenger, pathInbox}
	if p.teamMails != nil {
		paths = append(paths, pathTeamMail)
	}
	return append(paths, pathReceiver, pathCalls)
}

// live is what changes by itself: the page without its frame, and the list of things to try.
func (p *pages) live(v *visit) templ.Component {
	content := p.body(v)
	return livePart(v.at, p.guide(v.at), content)
}

// body is the page without its frame. Drawing it may ask the app for a card, which fills the place in.
func (p *pages) body(v *visit) templ.Component {
	switch v.at.Page {
	case pathMessenger:
		return messengerPane(p.messenger(v))
	case pathInbox:
		return inboxPane(p.inbox(v))
	case pathCalls:
		return callsPage(p.log(v))
	case pathWorkflow:
		return workflowPage(p.workflowView(v))
	case pathTeamMail:
		return teamMailPage(p.teamMail(v))
	case pathReceiver:
		return receiverPage(p.receiverView(v))
	default:
		return bothPanes(p.messenger(v), p.inbox(v))
	}
}

func render(ctx context.Context, c templ.Component) ([]byte, error) {
	var b bytes.Buffer
	err := c.Render(ctx, &b)
	return b.Bytes(), err
}
