package main

import (
	"fmt"
	"strings"
	"testing"

	"rerate/internal/intercom/intercomtest"
)

// The walk of a re-rating, in every form in which Intercom may send its requests.
func TestTheWalkUnderEveryQuirk(t *testing.T) {
	quirks := map[string]intercomtest.Quirks{
		"documented": {}, "conversation id as text": {ConversationIDAsString: true}, "American colour": {AmericanColour: true},
		"wrapped canvas": {WrappedCurrentCanvas: true}, "inbox with context": {InboxContext: true}, "operator": {OperatorAtRunTime: true},
		"teammates key": {TeammatesKey: true}, "null statistics": {NullStatistics: true}, "empty rating": {EmptyRating: "fields"},
		"absent rating": {EmptyRating: "absent"}, "silent remark": {SilentRemark: true}, "silent bot": {BotCloseIsSilent: true},
		"reopening comment": {AdminCommentReopens: true},
		"all at once": {
			ConversationIDAsString: true, AmericanColour: true, PersonKey: "all", WrappedCurrentCanvas: true, InboxContext: true,
			OperatorAtRunTime: true, TeammatesKey: true, NullStatistics: true, EmptyRating: "fields", AdminCommentReopens: true,
		},
	}
	for _, key := range []string{"contact", "customer", "user", "all"} {
		quirks["person as "+key] = intercomtest.Quirks{PersonKey: key}
	}
	for _, version := range []string{"2.11", "2.14", "2.15", "2.16", "2.17"} {
		for name, quirk := range quirks {
			if version != "2.15" && name != "documented" && name != "all at once" {
				continue
			}
			t.Run(version+" "+name, func(t *testing.T) {
				eachWorld(t, walk, func(o *intercomtest.Options) { o.Quirks, o.AppVersion = quirk, version })
			})
		}
	}
}

func walk(w *world) {
	sam := w.sam().ID
	w.byHand()
	id := w.ratedNatively(2)
	w.deliver(id)
	opened := w.sandbox.InboxAppOpen(w.ctx, id, jane, "")
	w.fine(opened)
	again := w.sandbox.InboxAppSubmit(w.ctx, id, jane, "", "ask_again", nil)
	w.fine(again)
	if again.Then == nil {
		w.t.Fatal("no card lands in the reply")
	}
	w.fine(*again.Then)
	_, err := w.sandbox.SendComposer(id, jane, "How is it now?")
	w.must(err)
	card := again.Then.Card.ID
	w.tap(card, sam, 1)
	w.press(card, sam, "change", nil)
	w.tap(card, sam, 5)
	w.remark(card, sam, "All good.")
	w.deliver(id)
	notes := w.settledNotes(id, 2) // undo is off: two ratings, the second with its remark
	if !strings.Contains(strings.Join(notes, " "), "better") || !strings.Contains(strings.Join(notes, " "), "All good.") {
		w.t.Errorf("the notes are %q", notes)
	}
	if got := w.told(id); got != "intercom 2 first, card 1 worse, card 5 better" {
		w.t.Errorf("the ratings are %s", got)
	}
	for _, r := range w.ratings(id) {
		if !r.Valid() {
			w.t.Errorf("the rating is left out: %+v", r)
		}
	}

	w.fine(w.sandbox.AddToWorkflow(w.ctx, intercomtest.DefaultWorkspace, nil))
	run := w.sandbox.RunWorkflow(w.ctx, id)
	w.fine(run)
	w.tap(run.Card.ID, sam, 4)
	w.deliver(id)
	if got := w.told(id); got != "intercom 2 first, card 1 worse, card 5 better, card 4 better" {
		w.t.Errorf("the ratings are %s", got)
	}
	if got := fmt.Sprint(w.sandbox.Attributes(id)["Latest rating"]); got != "4" {
		w.t.Errorf("the latest rating is %s", got)
	}
}
