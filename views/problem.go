package views

// ProblemProps is an error page.
type ProblemProps struct {
	Page    Page
	Status  int    // the HTTP status
	Message string // one sentence that says what happened and what to do; "" takes the status's own
	ID      string // request id to quote to the operator; "" shows none
}

// title is the kind of the problem in a few words.
func (p ProblemProps) title() string {
	switch p.Status {
	case 403:
		return "You may not do this"
	case 404:
		return "Nothing is here"
	case 405:
		return "This cannot be done here"
	case 413:
		return "That was too much"
	case 422:
		return "Something in the form is wrong"
	case 429:
		return "Too fast"
	case 503:
		return "Rerate is not ready"
	}
	return "Something went wrong"
}

// message is the sentence given, or one for the status.
func (p ProblemProps) message() string {
	if p.Message != "" {
		return p.Message
	}
	switch p.Status {
	case 403:
		return "Only an admin of this workspace may do this. Ask one to do it, or to make you an admin."
	case 404:
		return "The address is wrong, or what was here has been deleted. Check the link."
	case 405:
		return "The address does not take this kind of request. Go back and use the page's own buttons."
	case 413:
		return "What you sent is too large. Go back and send less."
	case 422:
		return "Go back, check what you filled in and send it again."
	case 429:
		return "Wait a minute, then try again."
	case 503:
		return "Wait a minute, then load the page again."
	}
	return "It is not your fault. Try again in a minute."
}
