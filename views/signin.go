package views

import (
	"net/url"

	"rerate/views/ui"
)

// SignInProps is the page for somebody who is not signed in.
type SignInProps struct {
	Page   Page
	Reason SignInReason // why the last try failed
	Next   string       // the path to go on to afterwards; sent as next
}

// SignInReason is why a sign-in failed.
type SignInReason string

// The reasons that have their own text; any other non-empty one gets a general text.
const (
	SignInOK            SignInReason = ""
	SignInUnverified    SignInReason = "email_not_verified"
	SignInDenied        SignInReason = "denied"
	SignInExpired       SignInReason = "state_expired"
	SignInNotInstalled  SignInReason = "not_installed"
	SignInSignedOut     SignInReason = "signed_out"
	SignInIntercomFails SignInReason = "intercom_failed"
)

// start is where the sign-in begins.
func (p SignInProps) start() string {
	if p.Next == "" {
		return "/auth/intercom"
	}
	return "/auth/intercom?next=" + url.QueryEscape(p.Next)
}

// flash says what went wrong and what to do.
func (r SignInReason) flash() ui.Flash {
	text := "Signing in did not work. Try again."
	switch r {
	case SignInSignedOut:
		return ui.Flash{Kind: "success", Text: "You are signed out."}
	case SignInUnverified:
		text = "Intercom has not verified your e-mail address. Verify it in Intercom under Settings, then sign in again."
	case SignInDenied:
		text = "You did not allow Rerate to see your workspace. Sign in again and choose Authorize."
	case SignInExpired:
		text = "Signing in took too long or the page was used twice. Start again."
	case SignInNotInstalled:
		text = "Rerate is not connected to this workspace. Ask somebody who may install apps in Intercom to sign in here first."
	case SignInIntercomFails:
		text = "Intercom did not answer. Wait a minute and sign in again."
	}
	return ui.Flash{Kind: "error", Text: text}
}
