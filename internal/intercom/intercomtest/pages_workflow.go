package intercomtest

import (
	"errors"
	"strings"
	"time"
)

// workflowView is the workspace's workflow: what begins it, what it waits for, what it sends.
type workflowView struct {
	At         place
	AppName    string
	Attributes []AttributeDefinition
	On         *Workflow // nil when it is switched off
	Attribute  string    // in the form
	Is         string
	Seconds    string
	Card       *Card // as it was authored
	Waiting    int   // runs that wait for their time
}

var workflowActs = map[string]func(*pages, *visit) error{
	"on":  (*pages).workflowOn,
	"off": func(p *pages, v *visit) error { p.StopWorkflow(v.at.Workspace); return nil },
}

func (p *pages) workflowView(v *visit) workflowView {
	view := workflowView{At: v.at, AppName: p.Options().AppName, Attributes: p.AttributeDefinitions(v.at.Workspace), Is: "true", Seconds: "5"}
	if w, on := p.WorkflowOf(v.at.Workspace); on {
		view.On, view.Attribute, view.Seconds = &w, w.Attribute, text(int(w.Wait.Seconds()))
		if w.Attribute != "" {
			view.Is = text(w.Is)
		}
	}
	if v.act == "on" {
		view.Attribute, view.Is, view.Seconds = v.form.Get("attribute"), v.form.Get("is"), v.form.Get("seconds")
	}
	p.Server.mu.Lock()
	defer p.Server.mu.Unlock()
	if sp := p.spaces[v.at.Workspace]; sp != nil {
		view.Waiting = len(sp.runs)
		if sp.workflow != nil {
			card := *sp.workflow
			view.Card = &card
		}
	}
	return view
}

func (p *pages) workflowOn(v *visit) error {
	seconds, err := wholeNumber(v, "seconds", 0, 86400)
	if err != nil {
		return err
	}
	w := Workflow{Attribute: strings.TrimSpace(v.form.Get("attribute")), Is: strings.TrimSpace(v.form.Get("is")), Wait: time.Duration(seconds) * time.Second}
	if !p.Installed(v.at.Workspace) {
		return errors.New("the app is not installed in this workspace")
	}
	if r := p.SetWorkflow(v.ctx, v.at.Workspace, w); r.Problem != "" {
		return errors.New("the app's card could not be added to the workflow: " + r.Problem)
	}
	return nil
}
