package rating

import "time"

// Doubt is why an answer on the hosted page may not be a person's, in words for the team.
type Doubt string

// The doubts. Mail scanners fetch every link, run scripts and send forms; none of that is a rating.
const (
	NoDoubt      Doubt = ""
	Unproven     Doubt = "Nothing showed that a person chose it: the page's script gave no proof, and the second step was not taken."
	Hurried      Doubt = "It was sent faster than a person can read the page."
	Trapped      Doubt = "It came with a field or a link that people cannot see."
	Several      Doubt = "Several different choices came within seconds, as from a machine that tries all of them."
	Swept        Doubt = "All links of the message were opened within seconds, just before it."
	Contradicted Doubt = "The second step was answered with another choice, as by a machine that tries all of them."
	Outrun       Doubt = "A person had answered already when it came without proof of a person."
	Twice        Doubt = "Another page with the same question had been answered seconds before."
)

// Proof is how an answer shows that a person gave it.
type Proof int

// The proofs: none; the page's script saw a real pointer or key; the same choice was found again among shuffled ones.
const (
	NoProof Proof = iota
	ByScript
	ByStep
)

const (
	// Moment is the least time that a person takes to see a page and act.
	Moment = time.Second
	// Burst is how close answers come together that one machine sends.
	Burst = 20 * time.Second
)

// Evidence is what is known of how an answer came.
type Evidence struct {
	Proof    Proof
	After    time.Duration // from the page to the answer
	Trapped  bool          // what people cannot see was filled in or followed
	Swept    bool          // all links were opened within the last Burst
	Answered bool          // a person's answer stands
	Choices  int           // different choices without a script's proof within the last Burst, this one among them
	Options  int           // of the scale
}

// Doubt judges an answer. A script's proof holds whatever a scanner does at the same time: scanners come with the
// message and with the click, and must not take the person's answer away.
func (e Evidence) Doubt() Doubt {
	switch {
	case e.Trapped:
		return Trapped
	case e.After < Moment:
		return Hurried
	case e.Proof == ByScript:
		return NoDoubt
	case e.Choices >= Many(e.Options):
		return Several
	case e.Swept:
		return Swept
	case e.Proof == ByStep:
		return NoDoubt
	case e.Answered:
		return Outrun
	}
	return Unproven
}

// Many is how many different choices within seconds are more than a person makes.
func Many(options int) int { return min(3, options) }
