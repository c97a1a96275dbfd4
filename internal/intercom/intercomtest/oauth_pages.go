package intercomtest

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
)

//go:embed oauth.gohtml
var oauthFiles embed.FS

var oauthTemplates = template.Must(template.ParseFS(oauthFiles, "oauth.gohtml"))

// oauthPage is what the templates of oauth.gohtml show.
type oauthPage struct {
	Title      string
	Message    string
	ClientID   string
	State      string
	Redirect   string
	AppURL     string
	AppName    string
	Workspaces []workspaceChoice
}

// oauthPerson is one teammate whom the reader of the consent page can be.
type oauthPerson struct {
	Page          oauthPage
	Workspace     string
	WorkspaceName string
	Installed     bool
	Admin         Admin
	First         bool
}

// People are the teammates of every workspace, the one whom the page suggests first.
func (p oauthPage) People() []oauthPerson {
	var list []oauthPerson
	for _, w := range p.Workspaces {
		for _, a := range w.Admins {
			list = append(list, oauthPerson{p, w.ID, w.Name, w.Installed, a, len(list) == 0})
		}
	}
	return list
}

type workspaceChoice struct {
	Workspace
	Installed bool
	Admins    []Admin
}

func (s *Server) consentPage(w http.ResponseWriter, r *http.Request) {
	redirect, problem := s.authorizeRequest(r.URL.Query())
	if problem != nil {
		s.oauthProblem(w, problem)
		return
	}
	s.page(w, http.StatusOK, "consent", oauthPage{
		Title: s.Options().AppName + " wants to use Intercom", ClientID: r.URL.Query().Get("client_id"), State: r.URL.Query().Get("state"), Redirect: redirect, Workspaces: s.choices(),
	})
}

func (s *Server) appStorePage(w http.ResponseWriter, _ *http.Request) {
	s.page(w, http.StatusOK, "installed", oauthPage{Title: "Installed apps", Workspaces: s.choices()})
}

// appStoreRedirect is where an app sends the browser after an install that began in the app store.
func (s *Server) appStoreRedirect(w http.ResponseWriter, r *http.Request) {
	message := "The app was installed."
	if r.URL.Query().Get("install_success") != "true" {
		message = "The app was not installed: " + r.URL.Query().Get("error_message")
	}
	s.page(w, http.StatusOK, "message", oauthPage{Title: "App store", Message: message})
}

func (s *Server) uninstallForm(w http.ResponseWriter, r *http.Request) {
	workspace := r.PostFormValue("workspace")
	if !s.Installed(workspace) {
		s.oauthProblem(w, invalid("The app is not installed in this workspace."))
		return
	}
	call := s.Uninstall(r.Context(), workspace)
	message := "Uninstalled. The app took the notice."
	if call.Problem != "" {
		message = "Uninstalled, but the notice failed: " + call.Problem
	}
	s.page(w, http.StatusOK, "message", oauthPage{Title: "Installed apps", Message: message})
}

func (s *Server) healthForm(w http.ResponseWriter, r *http.Request) {
	h := s.CheckHealth(r.Context(), r.PostFormValue("workspace"))
	message := "The app says: " + h.State + " " + h.Description
	if h.Call.Problem != "" {
		message = "No health: " + h.Call.Problem
	}
	s.page(w, http.StatusOK, "message", oauthPage{Title: "Installed apps", Message: message})
}

func (s *Server) oauthProblem(w http.ResponseWriter, e *Error) {
	s.page(w, e.Status, "message", oauthPage{Title: "This does not work", Message: e.Message})
}

func (s *Server) choices() []workspaceChoice {
	var list []workspaceChoice
	for _, ws := range s.Workspaces() {
		list = append(list, workspaceChoice{ws, s.Installed(ws.ID), s.Admins(ws.ID)})
	}
	return list
}

func (s *Server) appURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts.AppURL
}

// page writes one of the plain pages. A form may lead to the app's own address, so form-action names it.
func (s *Server) page(w http.ResponseWriter, code int, name string, p oauthPage) {
	p.AppName, p.AppURL = s.Options().AppName, s.appURL()
	var b bytes.Buffer
	if err := oauthTemplates.ExecuteTemplate(&b, name, p); err != nil {
		http.Error(w, "The sandbox could not draw this page: "+err.Error(), http.StatusInternalServerError)
		return
	}
	formAction := "'self'"
	if u, err := url.Parse(p.Redirect); err == nil && u.Host != "" {
		formAction += " " + u.Scheme + "://" + u.Host
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action "+formAction)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes()) // the browser went away
}
