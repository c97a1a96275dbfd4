package views

import "strconv"

// HostedProps is what a customer sees who was asked by a link.
type HostedProps struct {
	Stage       string // ask, step, saved, notice, late, unknown, failed or too_many
	Language    string
	RightToLeft bool
	Team        string
	Question    string
	Options     []HostedOption
	Chosen      int    // a score; 0: none
	View        string // sealed, for the forms
	Remark      HostedField
	Typed       string
	Changing    bool
	MayChange   bool
	Remarked    bool
	Text        string
	Problem     string
	Newer       string         // an address of ours
	What        []HostedChoice // the answers to "what changed?"; none: not asked
	Retry       []HostedChoice // the fields that are sent again, by name
	Words       HostedWords
}

// HostedOption is one choice. Place is its value in the second step.
type HostedOption struct {
	Score        int
	Emoji, Label string
	Place        string
	AskWhy       bool // the remark asks what went wrong
}

// Value is the score as a form sends it.
func (o HostedOption) Value() string { return strconv.Itoa(o.Score) }

// HostedField is the remark field. Why is its label for a low score.
type HostedField struct {
	Shown                   bool
	Label, Why, Placeholder string
	MaxLength               int
}

// HostedChoice is a value with its text.
type HostedChoice struct{ Value, Text string }

// HostedWords are the page's own words.
type HostedWords struct {
	Send, SendRemark, Change, Keep, YourAnswer, Saved, RemarkSaved string
	OnceMore, OnceMoreWhy, WhatChanged, ToNewer, Again, LeaveEmpty string
	Fixed, Explained, Broken, WrongTap                             string
}

func (p HostedProps) direction() string {
	if p.RightToLeft {
		return "rtl"
	}
	return "ltr"
}

// title is the page's name in the browser.
func (p HostedProps) title() string {
	switch {
	case p.Question != "":
		return p.Question
	case p.Text != "":
		return p.Text
	}
	return "Rerate"
}

// chosen is the option of the answer that stands.
func (p HostedProps) chosen() HostedOption {
	for _, o := range p.Options {
		if o.Score == p.Chosen {
			return o
		}
	}
	return HostedOption{}
}

// remarkLabel fits the choice: a low one is asked what went wrong.
func (p HostedProps) remarkLabel() string {
	if p.chosen().AskWhy {
		return p.Remark.Why
	}
	return p.Remark.Label
}

// columns is the shape of the scale: as many beside each other as a phone has room for.
func (p HostedProps) columns() string {
	switch n := len(p.Options); {
	case n <= 5:
		return "scale-" + strconv.Itoa(n)
	default:
		return "scale-5"
	}
}
