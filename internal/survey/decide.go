package survey

import (
	"context"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// decision is what is decided about the episodes of one conversation, in the transaction that has learned of them.
type decision struct {
	s            *Service
	ctx          context.Context
	tx           *models.Tx
	read         intercom.Conversation
	conversation models.Conversation
	settings     models.Settings
	installedAt  time.Time
	requests     []models.Request // of the conversation, oldest first
	marks        marks
	course       course
	contact      models.Contact // who is asked
	botAssignee  bool
}

// decide gives every closed episode its row in the ledger and takes back what is not to be sent any more.
func (d *decision) decide() error {
	if err := d.placeRequests(); err != nil {
		return err
	}
	for _, e := range d.course.Episodes {
		if !e.closed() {
			continue
		}
		var err error
		if row, ok := d.row(e.Number); ok {
			err = d.again(e, row)
		} else {
			err = d.first(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// load reads the requests of the conversation, cuts it into episodes, and finds out who is asked.
func (d *decision) load() error {
	w, err := d.tx.Get()
	if err != nil {
		return err
	}
	d.settings, d.installedAt = w.Settings, w.InstalledAt
	if d.requests, err = d.tx.RequestsOf(d.read.ID); err != nil {
		return err
	}
	wordings := map[int]rating.Wording{}
	for _, r := range d.requests {
		if _, ok := wordings[r.WordingVersion]; ok || r.Method != models.ByQuickReply {
			continue
		}
		w, err := d.tx.WordingVersion(r.WordingVersion)
		if err != nil {
			return err
		}
		wordings[r.WordingVersion] = w.Body
	}
	d.marks = d.s.newMarks(d.tx.Workspace, d.requests, wordings)
	d.course = courseOf(d.read, d.marks.ours, d.requests)
	d.contact, err = askedContact(d.tx, d.read)
	return err
}

// row is the ledger's row of an episode.
func (d *decision) row(number int) (models.Request, bool) {
	for _, r := range d.requests {
		if r.ClosedAt != nil && r.Episode == number {
			return r, true
		}
	}
	return models.Request{}, false
}

// findArrived moves what Intercom has, although nobody told us so.
func (d *decision) findArrived() error {
	for i, r := range d.requests {
		if r.State != rating.Scheduled && r.State != rating.Failed || r.Attempts == 0 {
			continue
		}
		found := d.marks.arrived(d.read.Parts, r)
		if !found.Link && !found.Buttons {
			continue
		}
		sent, err := d.sent(r, found.At)
		if err != nil {
			return err
		}
		d.requests[i] = sent
	}
	return nil
}

// sent stores that the customer has an ask. It takes the place of what has not been answered until now.
func (d *decision) sent(r models.Request, at time.Time) (models.Request, error) {
	sent, err := d.tx.MoveRequest(r, rating.Send, map[string]any{"sent_at": at, "detail": ""})
	if err != nil {
		return r, err
	}
	return sent, replaceOpen(d.tx, sent)
}

// replaceOpen ends what a newer request takes the place of.
func replaceOpen(tx *models.Tx, by models.Request) error {
	all, err := tx.RequestsOf(by.ConversationID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.ID == by.ID || !r.State.Open() || r.Test != by.Test {
			continue
		}
		if _, err := tx.MoveRequest(r, rating.Replace, map[string]any{"rule": rating.Replaced}); err != nil {
			return err
		}
	}
	return nil
}

// placeRequests says of requests without a row of their own which episode they belong to and who was asked.
func (d *decision) placeRequests() error {
	for i, r := range d.requests {
		changes := map[string]any{}
		if e, ok := d.course.at(r.CreatedAt); ok && r.ClosedAt == nil && r.Episode != e.Number {
			changes["episode"] = e.Number
			d.requests[i].Episode = e.Number
		}
		if r.ContactID == "" && d.contact.ID != "" {
			changes["contact_id"] = d.contact.ID
			d.requests[i].ContactID = d.contact.ID
		}
		if len(changes) == 0 {
			continue
		}
		if err := d.tx.ChangeRequest(r.ID, changes); err != nil {
			return err
		}
	}
	return nil
}

// first decides a closed episode for the first time.
func (d *decision) first(e episode) error {
	facts, err := d.facts(e, models.Request{})
	if err != nil {
		return err
	}
	if asked, ok := d.handMade(e); ok {
		return d.tx.ChangeRequest(asked.ID, map[string]any{"closed_at": e.ClosedAt, "facts": facts})
	}
	newest, standing := d.course.newest()
	switch {
	case e.ClosedAt.Before(d.installedAt.Truncate(time.Second)):
		_, err = d.begin(e, rating.Refuse, facts, rating.BeforeInstall)
	case !standing || newest.Number != e.Number:
		var r models.Request
		if r, err = d.begin(e, rating.Plan, facts, ""); err == nil {
			_, err = d.tx.MoveRequest(r, rating.Cancel, map[string]any{"rule": d.whyReopened(e)})
		}
	default:
		err = d.ask(e, facts)
	}
	return err
}

// handMade is the newest request that a teammate made in an episode.
func (d *decision) handMade(e episode) (found models.Request, ok bool) {
	for _, r := range d.requests {
		if at, known := d.course.at(r.CreatedAt); known && at.Number == e.Number && r.ClosedAt == nil && byHand(r) {
			found, ok = r, true
		}
	}
	return found, ok
}

// ask lets the rules decide about a close that stands.
func (d *decision) ask(e episode, facts rating.Close) error {
	if rule := d.settings.Refusal(facts); rule != "" {
		_, err := d.begin(e, rating.Refuse, facts, rule)
		return err
	}
	r, err := d.begin(e, rating.Plan, facts, "")
	if err != nil || !r.DueAt.After(d.tx.Now) {
		return err // the same job sends it
	}
	return d.s.enqueueSync(d.ctx, d.tx, d.read.ID, *r.DueAt)
}

// begin stores the row of an episode, with who worked in it.
func (d *decision) begin(e episode, event rating.RequestEvent, facts rating.Close, rule string) (models.Request, error) {
	wording, err := d.tx.Wording()
	if err != nil {
		return models.Request{}, err
	}
	closed, due := e.ClosedAt, e.ClosedAt.Add(time.Duration(d.settings.Ask.DelayMinutes)*time.Minute)
	r := models.Request{
		Episode: e.Number, Method: methodFor(facts.Channel, d.settings), WordingVersion: wording.Version, Rule: rule, ClosedAt: &closed,
		Automatic: true, Test: d.settings.TestMode, ContactID: d.contact.ID, Facts: facts,
	}
	if event == rating.Plan {
		r.DueAt = &due
	}
	who, credited, ok, err := d.credit(e.ClosedAt)
	if err != nil {
		return models.Request{}, err
	}
	if ok {
		r.TeammateID, r.TeammateName, r.CreditRule = who.ID, who.Name, credited
	}
	r, err = d.tx.BeginRequest(d.conversation, event, r)
	d.requests = append(d.requests, r)
	return r, err
}

// credit says who has worked since the contact's last rating until a time.
func (d *decision) credit(until time.Time) (rating.Part, rating.CreditRule, bool, error) {
	ratings, err := d.tx.RatingsOf(d.read.ID)
	if err != nil {
		return rating.Part{}, "", false, err
	}
	var previous time.Time
	for _, r := range ratings {
		if r.Valid() && r.ContactID == d.contact.ID && !r.At.After(until) {
			previous = later(previous, r.At)
		}
	}
	who, rule, ok := rating.Credit(creditParts(d.read, d.marks.ours), previous, until)
	return who, rule, ok, nil
}

// methodFor is how a conversation is asked by itself.
func methodFor(channel string, settings models.Settings) models.Method {
	if channel != models.Chat {
		return models.ByLink
	}
	switch settings.Ask.ChatMethod {
	case rating.AskByQuickReply:
		return models.ByQuickReply
	case rating.AskByWorkflowCard:
		return models.ByWorkflowCard
	case rating.AskByLink:
	}
	return models.ByLink
}

// again looks at an episode that was to be asked: whether it still stands, and what the rules say by now.
func (d *decision) again(e episode, r models.Request) error {
	if r.State != rating.Scheduled || !r.Automatic {
		return nil
	}
	if newest, standing := d.course.newest(); !standing || newest.Number != e.Number {
		return d.cancel(r, d.whyReopened(e), r.Facts)
	}
	facts, err := d.facts(e, r)
	if err != nil {
		return err
	}
	if rule := d.settings.Refusal(facts); rule != "" {
		return d.cancel(r, rule, facts)
	}
	return nil
}

func (d *decision) cancel(r models.Request, rule string, facts rating.Close) error {
	_, err := d.tx.MoveRequest(r, rating.Cancel, map[string]any{"rule": rule, "facts": facts})
	return err
}

// whyReopened says what has ended an episode's being closed.
func (d *decision) whyReopened(e episode) string {
	if next := d.course.after(e); next != nil && next.Snoozed {
		return rating.Snoozed
	}
	return rating.Reopened
}
