package intercomtest

import (
	"context"
	"errors"
	"net/http"

	"rerate/internal/intercom/canvas"
	"rerate/internal/intercom/draw"
)

// The app in the Inbox: its card in the composer, its panel in the sidebar, its card in the workflow.

// insertCard begins to put the app's card into the composer: configure first, initialize at once when the app has no such step.
func (p *pages) insertCard(v *visit) error {
	p.keepUnsent(v, v.form.Get("text"))
	r := p.ConfigureCard(v.ctx, v.at.Workspace, v.at.Admin, "conversation", nil, "", nil)
	if r.Call.Status == http.StatusNotFound {
		return p.insertWith(v, nil)
	}
	return p.configured(v, r)
}

// setUpCard is the teammate's use of a configuration step.
func (p *pages) setUpCard(v *visit) error {
	p.mu.Lock()
	before, ok := p.setups[composer(v)]
	p.mu.Unlock()
	if !ok || before.Shown == nil {
		return draw.ErrNotOffered
	}
	component, values, err := draw.Answers(*before.Shown, v.form)
	if err != nil {
		return err
	}
	return p.configured(v, p.ConfigureCard(v.ctx, v.at.Workspace, v.at.Admin, "conversation", &before, component, values))
}

// configured goes on after a step: to the next one, or with the results to initialize.
func (p *pages) configured(v *visit, r CanvasResult) error {
	switch {
	case r.Problem != "":
		return errors.New("the app's card could not be set up: " + r.Problem)
	case r.Results != nil:
		return p.insertWith(v, r.Results)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.setups[composer(v)] = r
	return nil
}

func (p *pages) insertWith(v *visit, options canvas.Values) error {
	p.mu.Lock()
	delete(p.setups, composer(v))
	p.mu.Unlock()
	if r := p.InsertCardInComposer(v.ctx, v.at.Conversation, v.at.Admin, options); r.Problem != "" {
		return errors.New("the app's card could not be inserted: " + r.Problem)
	}
	return nil
}

// discard takes the card, or its set-up, out of the composer; the text stays.
func (p *pages) discard(v *visit) error {
	p.DiscardDraft(v.at.Conversation)
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.setups, composer(v))
	if v.form.Has("text") {
		p.unsent[composer(v)] = v.form.Get("text")
	}
	return nil
}

// openApp opens the sidebar's app anew. A problem that comes of it stays in the sidebar.
func (p *pages) openApp(v *visit) error {
	p.openPanel(v)
	return nil
}

// openPanel asks the app for the sidebar, and lets the page go on when that takes long.
func (p *pages) openPanel(v *visit) {
	p.soon(v.ctx, panelWait(v), func(ctx context.Context) {
		p.InboxAppOpen(ctx, v.at.Conversation, v.at.Admin, v.at.Participant)
	})
}

func panelWait(v *visit) string { return "panel/" + composer(v) + "/" + v.at.Participant }

func (p *pages) useApp(v *visit) error {
	shown, ok := p.InboxPanel(v.at.Conversation, v.at.Admin, v.at.Participant)
	if !ok || shown.Shown == nil {
		return draw.ErrNotOffered
	}
	component, values, err := draw.Answers(*shown.Shown, v.form)
	if err != nil {
		return err
	}
	r := p.InboxAppSubmit(v.ctx, v.at.Conversation, v.at.Admin, v.at.Participant, component, values)
	if r.Then != nil && r.Then.Problem != "" {
		return errors.New("the app asked for its card in the composer, but it could not be inserted: " + r.Then.Problem)
	}
	return nil
}

// workflow lets the workspace's workflow send the app's card in this conversation, as a flow that begins on close would.
func (p *pages) workflow(v *visit) error {
	p.Server.mu.Lock()
	authored := p.spaces[v.at.Workspace].workflow != nil
	p.Server.mu.Unlock()
	if !authored {
		if r := p.AddToWorkflow(v.ctx, v.at.Workspace, nil); r.Problem != "" {
			return errors.New("the app's card could not be added to the workflow: " + r.Problem)
		}
	}
	if r := p.RunWorkflow(v.ctx, v.at.Conversation); r.Problem != "" {
		return errors.New("the workflow could not send the app's card: " + r.Problem)
	}
	return nil
}
