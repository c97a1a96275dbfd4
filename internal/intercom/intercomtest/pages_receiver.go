package intercomtest

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// receiverView is what has arrived outside of Intercom, newest first.
type receiverView struct {
	At      place
	AppName string
	AppURL  string
	Here    string // the sandbox's own address
	Got     []received
	Fails   bool
	Secrets int
	Clock   wallClock
}

func (p *pages) receiverView(v *visit) receiverView {
	o := p.Options()
	view := receiverView{At: v.at, AppName: o.AppName, AppURL: o.AppURL, Here: o.BaseURL, Clock: p.clockOf(v.at.Workspace)}
	p.Server.mu.Lock()
	defer p.Server.mu.Unlock()
	view.Got, view.Fails, view.Secrets = slices.Clone(p.receiver.got), p.receiver.fails, len(p.receiver.secrets)
	slices.Reverse(view.Got)
	return view
}

// mountReceiver adds the addresses that programs send to. A browser of another site cannot post there.
func (p *pages) mountReceiver(sameOrigin *http.CrossOriginProtection) {
	p.Handle("POST "+ReceiverPath, sameOrigin.Handler(http.HandlerFunc(p.receive)))
	p.Handle("POST "+ReceiverSlackPath, sameOrigin.Handler(http.HandlerFunc(p.receive)))
	p.Handle("POST /receiver/{act}", sameOrigin.Handler(p.post(receiverActs)))
}

var receiverActs = map[string]func(*pages, *visit) error{
	"fail":   func(p *pages, _ *visit) error { return p.changeReceiver(func(in *receiver) { in.fails = true }) },
	"behave": func(p *pages, _ *visit) error { return p.changeReceiver(func(in *receiver) { in.fails = false }) },
	"empty":  func(p *pages, _ *visit) error { return p.changeReceiver(func(in *receiver) { in.got = nil }) },
	"secret": (*pages).trustSecret,
}

func (p *pages) changeReceiver(change func(*receiver)) error {
	p.lock()
	defer p.unlock()
	change(&p.receiver)
	return nil
}

func (p *pages) trustSecret(v *visit) error {
	secret := strings.TrimSpace(v.form.Get("secret"))
	if !strings.HasPrefix(secret, "whsec_") {
		return errors.New("a signing secret begins with whsec_")
	}
	p.TrustWebhooks(secret)
	return nil
}

// words are what the receiver says of a signature.
func (s signature) words() string {
	switch s {
	case signedRight:
		return "✓ Signature verified"
	case signedWrong:
		return "✕ The signature is not of a secret that is known here"
	case secretNeeded:
		return "Signed; no secret is known here to check it with"
	}
	return "Not signed"
}
