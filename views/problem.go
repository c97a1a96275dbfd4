package views

// ProblemProps is an error page.
type ProblemProps struct {
	Page    Page
	Status  int    // the HTTP status
	Message string // one sentence that says what happened and what to do; "" takes the status's own
	ID      string // request id to quote to the operator; "" shows none
}
