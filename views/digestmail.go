package views

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"rerate/views/ui"
)

// DigestMail is the weekly digest as an e-mail. Its text and its HTML say the same, from the same lines.
type DigestMail struct {
	Workspace string
	Week      string // "2 to 8 March 2026"
	Before    string // the week before
	ZoneName  string
	Policy    string
	MinSample int
	Examples  bool // made-up conversations are among the figures

	Again    Again
	Counted  Share
	First    Share
	Recovery Recovery
	Response Response
	Waiting  Waiting

	Movers  []DigestMover // the biggest move first
	LeftOut int           // teammates with too few ratings to compare
	Remarks []DigestRemark

	// Whole addresses.
	OverviewHref, WaitingHref, SettingsHref string
	UnsubscribeHref                         string // "": it was asked for by hand
}

// DigestMover is a teammate's CSAT in the week and in the week before.
type DigestMover struct {
	Name        string
	Now, Before Share // Now carries the change
}

// DigestRemark is what a customer wrote.
type DigestRemark struct {
	Score    ui.Score
	Scale    int
	Remark   string
	Teammate string
	Day      string // "5 March"
	Href     string
}

// mailFigure is one figure with what it rests on, in whole sentences.
type mailFigure struct {
	Name, Value string
	Notes       []string
	Kind        string // "up" or "down" where the change is clear
}

// empty says that nothing at all happened in the week.
func (d DigestMail) empty() bool { return d.Counted.N == 0 && d.Response.N == 0 }

// Subject is the most important figure in one line.
func (d DigestMail) Subject() string {
	if d.Counted.N == 0 {
		return oneLine(d.Workspace) + ": no ratings in the week of " + d.Week
	}
	return fmt.Sprintf("%s: CSAT %s of %s rated, week of %s", oneLine(d.Workspace), d.Counted.value(), grouped(d.Counted.N), d.Week)
}

// oneLine keeps a name fit for a subject.
func oneLine(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u0085' || r == '\u2028' || r == '\u2029' }), " ")
}

// title is the head of the mail.
func (d DigestMail) title() string { return "The week of " + d.Week }

// frame says what is compared with what.
func (d DigestMail) frame() string {
	return "Monday to Sunday, " + d.ZoneName + ", against the week before, " + d.Before + "."
}

// quiet is all that there is to say of a week without anything.
func (d DigestMail) quiet() string {
	text := "No conversation was rated and nobody was asked this week."
	if c := d.Counted.Change; c != nil && c.N > 0 {
		text += " The week before " + count(c.N, "conversation was", "conversations were") + " rated."
	}
	return text
}

// figures are what the mail tells, in the order of the overview.
func (d DigestMail) figures() []mailFigure {
	bar := FilterBar{Policy: d.Policy}
	return []mailFigure{
		d.share("CSAT, "+bar.countedWords(), d.Counted, "positive of", "rated conversation", "rated conversations", "No conversation was rated."),
		d.share("CSAT, first ratings", d.First, "positive of the same", "conversation", "conversations", "No conversation was rated."),
		d.recovered(),
		d.responded(),
		d.waiting(),
	}
}

// share is a figure in per cent.
func (d DigestMail) share(name string, s Share, of, one, many, none string) mailFigure {
	f := mailFigure{Name: name, Value: s.value(), Notes: []string{none}}
	if s.N > 0 {
		f.Notes = []string{fmt.Sprintf("%s %s %s; 95 %% interval %s.", s.positive(), of, count(s.N, one, many), s.interval())}
		if s.few(d.MinSample) {
			f.Notes = append(f.Notes, fmt.Sprintf("Too few to rely on: fewer than %d.", d.MinSample))
		}
	}
	if said := d.change(s); said != "" {
		f.Notes = append(f.Notes, said)
	}
	if kind := s.changeKind(d.MinSample); kind == "up" || kind == "down" {
		f.Kind = kind
	}
	return f
}

// change says how a share moved, and what it is compared with.
func (d DigestMail) change(s Share) string {
	switch s.changeKind(d.MinSample) {
	case "up", "down":
		way := "Up"
		if s.Change.By < 0 {
			way = "Down"
		}
		return fmt.Sprintf("%s %s points on the week before (%s; %s then).", way, points(s.Change.By), s.Change.interval(), grouped(s.Change.N))
	case "unclear":
		return fmt.Sprintf("No clear change on the week before: %s points (%s; %s then).", signed(s.Change.By), s.Change.interval(), grouped(s.Change.N))
	case "few":
		return fmt.Sprintf("Too few to compare with the week before, which had %s.", grouped(s.Change.N))
	case "none":
		if s.N > 0 {
			return "Nothing to compare with in the week before."
		}
		if s.Change.N > 0 {
			return fmt.Sprintf("The week before had %s.", grouped(s.Change.N))
		}
	}
	return ""
}

func (d DigestMail) recovered() mailFigure {
	f := d.share("Recovered", d.Recovery.Share, "positive now of", "low first rating", "low first ratings", "No first rating was low.")
	if d.Recovery.N > 0 {
		f.Value = d.Recovery.positive() + " of " + grouped(d.Recovery.N)
		f.Notes[0] = fmt.Sprintf("%s of the conversations with a low first rating are positive now; 95 %% interval %s.", d.Recovery.value(), d.Recovery.interval())
		f.Notes = append(f.Notes, fmt.Sprintf("%s asked again, %s answered.", grouped(d.Recovery.Asked), grouped(d.Recovery.Answered)))
	}
	return f
}

func (d DigestMail) responded() mailFigure {
	f := d.share("Response rate", d.Response.Share, "rated of", "request sent", "requests sent", "No request was sent.")
	if d.Response.N > 0 {
		f.Notes = append(f.Notes, "It may still rise: requests can still be answered, and the week before had more time.")
	}
	return f
}

func (d DigestMail) waiting() mailFigure {
	f := mailFigure{Name: "Low and not asked again", Value: grouped(d.Waiting.NotAsked)}
	if d.Waiting.Low > 0 {
		f.Value += " of " + grouped(d.Waiting.Low)
		f.Notes = append(f.Notes, fmt.Sprintf("Of %s of the week that are low by their latest rating.", count(d.Waiting.Low, "conversation", "conversations")))
	} else {
		f.Notes = append(f.Notes, "No conversation of the week is low by its latest rating.")
	}
	if d.Waiting.NotAsked > 0 {
		f.Notes = append(f.Notes, "A to-do: make it right, then ask again.")
	}
	f.Notes = append(f.Notes, fmt.Sprintf("The week before: %s.", grouped(d.Waiting.Before)))
	return f
}

// again says whether asking again does something.
func (d DigestMail) again() string {
	if d.Again.pairs() == 0 {
		return "No conversation of the week has been rated more than once."
	}
	return strings.TrimSpace(fmt.Sprintf("%s Of %s rated more than once %s went up, %s went down and %s stayed the same. %s",
		d.Again.verdict(), count(d.Again.pairs(), "conversation", "conversations"), grouped(d.Again.Better), grouped(d.Again.Worse), grouped(d.Again.Same), d.Again.chance()))
}

// words say how a teammate's share moved.
func (m DigestMover) words() string {
	return fmt.Sprintf("%s of %s, %s of %s the week before. %s", m.Now.value(), grouped(m.Now.N), m.Before.value(), grouped(m.Before.N), m.change())
}

func (m DigestMover) change() string {
	c := m.Now.Change
	if !c.Clear {
		return fmt.Sprintf("No clear change: %s points (%s).", signed(c.By), c.interval())
	}
	way := "Up"
	if c.By < 0 {
		way = "Down"
	}
	return fmt.Sprintf("%s %s points (%s).", way, points(c.By), c.interval())
}

// leftOut says who is not among the teammates.
func (d DigestMail) leftOut() string {
	if d.LeftOut == 0 {
		return ""
	}
	return fmt.Sprintf("%s left out: fewer than %d ratings in one of the two weeks.", count(d.LeftOut, "teammate is", "teammates are"), d.MinSample)
}

// given is the score of a remark in words: "Bad, 2 of 5".
func (r DigestRemark) given() string {
	return fmt.Sprintf("%s, %d of %d", r.Score.Words(), r.Score.Value, r.Scale)
}

// about says whose work it is about, and when it was said.
func (r DigestRemark) about() string {
	if r.Teammate == "" {
		return r.Day
	}
	return "to " + r.Teammate + ", " + r.Day
}

// longestRemark is how much of a remark a mail holds, in characters.
const longestRemark = 400

// quote is the remark without what a mail cannot show, cut where it is too long.
func (r DigestRemark) quote() string {
	text := strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return -1
		}
		return c
	}, strings.ReplaceAll(r.Remark, "\r\n", "\n"))
	if runes := []rune(strings.TrimSpace(text)); len(runes) > longestRemark {
		return strings.TrimSpace(string(runes[:longestRemark])) + "…"
	}
	return strings.TrimSpace(text)
}

// lines are the remark's own lines.
func (r DigestRemark) lines() []string { return strings.Split(r.quote(), "\n") }

// HTML draws the mail.
func (d DigestMail) HTML() templ.Component { return digestMail(d) }

// Text is the mail for programs and people that show no HTML.
func (d DigestMail) Text() string {
	var b mailText
	b.line(oneLine(d.Workspace) + ": " + lowerFirst(d.title()))
	b.line(d.frame())
	if d.Examples {
		b.line(examplesNote)
	}
	b.line("")
	if d.empty() {
		b.line(d.quiet())
	} else {
		d.textFigures(&b)
		d.textMovers(&b)
		d.textRemarks(&b)
	}
	b.line("")
	b.line("Overview of the week: " + d.OverviewHref)
	if d.Waiting.NotAsked > 0 {
		b.line("What waits: " + d.WaitingHref)
	}
	b.line("")
	b.WriteString("-- \n") // begins a signature: mail programs know it by its blank
	b.line(d.why())
	b.line("Who gets it and when: " + d.SettingsHref)
	if d.UnsubscribeHref != "" {
		b.line("Get no more of these: " + d.UnsubscribeHref)
	}
	return b.String()
}

const examplesNote = "Made-up example data is among these figures."

func (d DigestMail) why() string {
	if d.UnsubscribeHref == "" {
		return "Rerate sent this mail once, because you asked for it."
	}
	return "Rerate sends this mail once a week."
}

func (d DigestMail) textFigures(b *mailText) {
	b.line(d.again())
	for _, f := range d.figures() {
		b.line("")
		b.line(f.Name + ": " + f.Value)
		for _, note := range f.Notes {
			b.wrapped("  ", note)
		}
	}
}

func (d DigestMail) textMovers(b *mailText) {
	b.head("Teammates who moved most")
	if len(d.Movers) == 0 {
		b.line("Nobody has enough ratings in both weeks to compare.")
	}
	for _, m := range d.Movers {
		b.line(oneLine(m.Name))
		b.wrapped("  ", m.words())
	}
	if said := d.leftOut(); said != "" {
		b.line(said)
	}
}

func (d DigestMail) textRemarks(b *mailText) {
	b.head("What customers wrote")
	if len(d.Remarks) == 0 {
		b.line("Nobody wrote a remark with a low or a positive rating.")
	}
	for i, r := range d.Remarks {
		if i > 0 {
			b.line("")
		}
		b.line(oneLine(r.given() + ", " + r.about()))
		for _, line := range r.lines() {
			b.wrapped("> ", line)
		}
		b.line(r.Href)
	}
}

// mailText writes plain text in lines of a width that every mail program shows.
type mailText struct{ strings.Builder }

const mailWidth = 76

func (b *mailText) line(text string) { b.wrapped("", text) }

func (b *mailText) head(text string) {
	b.line("")
	b.line(strings.ToUpper(text))
}

// wrapped writes a text, each line behind a prefix. A word that is longer than a line, such as an address, stays whole.
func (b *mailText) wrapped(prefix, text string) {
	line, width := prefix, 0
	for i, word := range strings.Fields(text) {
		size := len([]rune(word))
		switch {
		case i > 0 && len([]rune(prefix))+width+1+size > mailWidth:
			b.WriteString(line + "\n")
			line, width = prefix+word, size
		case i > 0:
			line, width = line+" "+word, width+1+size
		default:
			line, width = line+word, size
		}
	}
	b.WriteString(line + "\n")
}

func lowerFirst(text string) string { return strings.ToLower(text[:1]) + text[1:] }

// noteKind is "up" or "down" for the note that tells of a clear change.
func (f mailFigure) noteKind(i int) string {
	if f.Kind != "" && (strings.HasPrefix(f.Notes[i], "Up ") || strings.HasPrefix(f.Notes[i], "Down ")) {
		return f.Kind
	}
	return ""
}
