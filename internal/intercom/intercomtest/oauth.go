package intercomtest

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"slices"
)

// grant is an admin's yes: first behind a code, then behind a token.
type grant struct {
	workspace string
	admin     string
	revoked   bool
}

// Install gives the app a token as OAuth would, without a browser.
func (s *Server) Install(workspace, admin string) string {
	s.lock()
	defer s.unlock()
	sp := s.mustSpace(workspace)
	if _, err := sp.admin(admin); err != nil {
		panic("intercomtest: no admin " + admin + " in workspace " + workspace + ": add one with AddAdmin")
	}
	return s.issue(&grant{workspace: workspace, admin: admin})
}

func (s *Server) issue(g *grant) string {
	token := s.ids.token()
	s.tokens[token] = g
	s.spaces[g.workspace].installedBy = g.admin
	return token
}

// Installed says whether the workspace has the app.
func (s *Server) Installed(workspace string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	sp := s.spaces[workspace]
	return sp != nil && sp.installedBy != ""
}

// Revoke makes every token of the workspace worthless, and tells nobody.
func (s *Server) Revoke(workspace string) {
	s.lock()
	defer s.unlock()
	s.revoke(workspace)
}

func (s *Server) revoke(workspace string) {
	for _, g := range s.tokens {
		g.revoked = g.revoked || g.workspace == workspace
	}
	s.mustSpace(workspace).installedBy = ""
}

// Uninstall revokes the workspace's tokens and posts the uninstall notice to the app.
func (s *Server) Uninstall(ctx context.Context, workspace string) Call {
	s.Revoke(workspace)
	return s.notice(ctx, KindUninstall, "/intercom/uninstall", workspace, map[string]string{"app_id": workspace})
}

// Health is what the app said of itself for a workspace: state OK, UNHEALTHY or UNKNOWN.
type Health struct {
	Call        Call
	State       string `json:"state"`
	CTAType     string `json:"cta_type"`
	CTALabel    string `json:"cta_label"`
	CTAURL      string `json:"cta_url"`
	Description string `json:"message"`
}

// CheckHealth asks the app how its installation is, as Intercom does daily.
func (s *Server) CheckHealth(ctx context.Context, workspace string) Health {
	call := s.notice(ctx, KindHealth, "/intercom/health", workspace, map[string]string{"workspace_id": workspace})
	h := Health{State: "UNKNOWN"}
	if call.Problem == "" {
		if err := json.Unmarshal(call.Answer, &h); err != nil {
			call.Problem = "the app's answer is no JSON: " + err.Error()
			s.amend(call.Number, call.Problem)
		}
	}
	h.Call = call
	return h
}

func (s *Server) notice(ctx context.Context, kind, path, workspace string, body any) Call {
	s.mu.Lock()
	raw := encode(body)
	o := outgoing{
		kind: kind, workspace: workspace, method: http.MethodPost, url: s.opts.AppURL + path, path: path, body: raw,
		header: s.signed(raw), budget: s.opts.CanvasBudget,
	}
	if kind == KindUninstall && s.opts.Quirks.UnsignedUninstall {
		delete(o.header, "X-Body-Signature")
	}
	s.mu.Unlock()
	return s.send(ctx, o)
}

// authorizeRequest reads the query of /oauth. An address that is not registered is never redirected to.
func (s *Server) authorizeRequest(v url.Values) (redirect string, err *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	redirect = v.Get("redirect_uri")
	if redirect == "" {
		redirect = s.opts.RedirectURLs[0]
	}
	switch {
	case v.Get("client_id") != s.opts.ClientID:
		return "", invalid("No app has this client_id.")
	case !slices.Contains(s.opts.RedirectURLs, redirect):
		return "", invalid("The redirect_uri is not one of the app's registered redirect URLs.")
	}
	return redirect, nil
}

// decide answers the consent page's form: back to the app with a code, or with the denial.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		s.oauthProblem(w, invalid("The form could not be read."))
		return
	}
	redirect, problem := s.authorizeRequest(r.PostForm)
	if problem != nil {
		s.oauthProblem(w, problem)
		return
	}
	back := url.Values{"state": {r.PostForm.Get("state")}}
	if r.PostForm.Get("decision") == "deny" {
		back.Set("error", "access_denied")
	} else {
		code, err := s.grantCode(r.PostForm.Get("workspace"), r.PostForm.Get("admin"))
		if err != nil {
			s.oauthProblem(w, invalid("There is no such teammate."))
			return
		}
		back.Set("code", code)
	}
	http.Redirect(w, r, redirect+"?"+back.Encode(), http.StatusSeeOther)
}

func (s *Server) grantCode(workspace, admin string) (string, error) {
	s.lock()
	defer s.unlock()
	sp := s.spaces[workspace]
	if sp == nil {
		return "", notFound("Workspace not found")
	}
	if _, err := sp.admin(admin); err != nil {
		return "", err
	}
	code := s.ids.code()
	s.codes[code] = &grant{workspace: workspace, admin: admin}
	return code, nil
}

// token trades a code for a token (…/docs/build-an-integration/learn-more/authentication/setting-up-oauth). A code works once.
func (s *Server) token(in *restRequest) (any, error) {
	f := in.tokenForm()
	g := s.codes[f.Get("code")]
	delete(s.codes, f.Get("code"))
	if g == nil || f.Get("client_id") != s.opts.ClientID || f.Get("client_secret") != s.opts.ClientSecret {
		return nil, &Error{Status: http.StatusUnauthorized, Code: "unauthorized", Message: "Unauthorized Code"}
	}
	in.call.Workspace = g.workspace
	token := s.issue(g)
	return map[string]string{"token_type": "Bearer", "token": token, "access_token": token}, nil
}

// tokenForm reads a form or a JSON object: clients send both.
func (in *restRequest) tokenForm() url.Values {
	kind, _, _ := mime.ParseMediaType(in.r.Header.Get("Content-Type"))
	if kind == "application/json" {
		var fields map[string]string
		_ = json.Unmarshal(in.call.Request, &fields) // what cannot be read has no code
		form := url.Values{}
		for k, v := range fields {
			form.Set(k, v)
		}
		return form
	}
	form, _ := url.ParseQuery(string(in.call.Request)) // likewise
	return form
}

// selfUninstall is POST /auth/uninstall: the app throws its own token away.
func (s *Server) selfUninstall(in *restRequest) (any, error) {
	s.revoke(in.sp.ID)
	return map[string]bool{"success": true}, nil
}
