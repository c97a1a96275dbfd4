package views

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
