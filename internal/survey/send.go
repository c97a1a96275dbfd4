package survey

import (
	"context"
	"errors"
	"fmt"
	"html"
	"slices"
	"time"

	"github.com/google/uuid"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// askPatience is how long sending an ask is tried. A question that comes later is no question about this close.
const askPatience = 24 * time.Hour

// workflowPatience is how long an ask waits for the customer's Workflow to show the card.
const workflowPatience = 3 * 24 * time.Hour

// sendDue sends what is due in a conversation that was just read, and closes it again when nothing but an answer of
// ours has opened it.
func (s *Service) sendDue(ctx context.Context, tenant models.Tenant, w models.Workspace, client *intercom.Client, read intercom.Conversation, known *decision) error {
	due, err := tenant.DueRequests(ctx, read.ID)
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range due {
		a := &asking{s: s, client: client, tenant: tenant, workspace: w, read: read, marks: known.marks, request: r, locale: known.contact.Locale}
		failed = append(failed, a.perform(ctx))
	}
	if known.course.OnlyOurs {
		failed = append(failed, s.closeAgain(ctx, w, client, read))
	}
	return errors.Join(append(failed, s.turnGate(ctx, tenant, client, read))...)
}

// asking is one request being sent.
type asking struct {
	s         *Service
	client    *intercom.Client
	tenant    models.Tenant
	workspace models.Workspace
	read      intercom.Conversation
	marks     marks
	request   models.Request
	wording   models.Wording
	locale    string // of the customer, where Intercom says it
}

// perform stores that an attempt begins, sends what Intercom does not have yet, and stores what became of it.
func (a *asking) perform(ctx context.Context) error {
	begun := false
	err := a.tenant.Write(ctx, func(tx *models.Tx) (err error) {
		begun, err = a.begin(tx)
		return err
	})
	if err != nil || !begun {
		return err
	}
	var cause error
	switch a.request.Method {
	case models.ByLink:
		cause = a.sendLink(ctx)
	case models.ByQuickReply:
		cause = a.sendQuickReply(ctx)
	case models.ByWorkflowCard:
		return nil // the gate is turned for the whole conversation
	default:
		cause = fmt.Errorf("a request by %s cannot be sent", a.request.Method)
	}
	return a.tenant.Write(context.WithoutCancel(ctx), func(tx *models.Tx) error { return a.end(ctx, tx, cause) })
}

// begin stores the attempt; false when the request is not to be sent any more.
func (a *asking) begin(tx *models.Tx) (bool, error) {
	if _, err := tx.Conversation(a.read.ID); err != nil {
		return false, err
	}
	var err error
	if a.request, err = tx.Request(a.request.ID); err != nil || a.request.State != rating.Scheduled {
		return false, err
	}
	if a.wording, err = tx.WordingVersion(a.request.WordingVersion); err != nil {
		return false, err
	}
	if a.request.Method == models.ByWorkflowCard {
		if tx.Now.Sub(*a.request.DueAt) <= workflowPatience {
			return false, nil
		}
		_, err = tx.MoveRequest(a.request, rating.GiveUp, map[string]any{
			"detail": "No Workflow has shown the card. Check that the Workflow in Intercom is live and looks at the attribute " + gateName + ".",
		})
		return false, err
	}
	if a.stale(tx.Now) {
		_, err = tx.MoveRequest(a.request, rating.GiveUp, map[string]any{"detail": "It could not be sent within a day, and a question that comes later is no question about this close."})
		return false, err
	}
	a.request.Attempts++
	return true, tx.ChangeRequest(a.request.ID, map[string]any{"attempts": a.request.Attempts})
}

func (a *asking) sendLink(ctx context.Context) error {
	if a.marks.arrived(a.read.Parts, a.request).Link {
		return nil
	}
	body, err := a.s.askHTML(a.workspace.ID, ask{Request: a.request.ID, Channel: a.read.Channel(), Wording: a.wording.Body, Locale: a.locale})
	if err != nil {
		return err
	}
	return a.comment(ctx, body)
}

// sendQuickReply writes the question, then the buttons, which take no text.
func (a *asking) sendQuickReply(ctx context.Context) error {
	found := a.marks.arrived(a.read.Parts, a.request)
	if found.Buttons {
		return nil
	}
	words := a.wording.Body.In(a.locale)
	if !found.Question {
		if err := a.comment(ctx, questionHTML(words)); err != nil {
			return err
		}
	}
	var options []intercom.QuickReplyOption
	for _, o := range words.Options {
		options = append(options, intercom.QuickReplyOption{Text: o.Text(), UUID: optionID(a.request.ID, o.Score)})
	}
	return a.asTeammate(func(admin string) error {
		_, err := a.client.QuickReply(ctx, a.read.ID, admin, options)
		return err
	})
}

func questionHTML(w rating.Wording) string {
	m := newMessage(w, "", models.Chat)
	return paragraphsHTML(m.Before) + "<p>" + html.EscapeString(m.Question) + "</p>"
}

// optionID names a button of a quick reply: the same each time the request is sent.
func optionID(request string, score int) string {
	return uuid.NewSHA1(quickReplySpace, fmt.Appendf(nil, "%s:%d", request, score)).String()
}

var quickReplySpace = uuid.MustParse("5f1f4a0e-6f2f-4c39-9d53-0a3f8f3d9b61")

func (a *asking) comment(ctx context.Context, body string) error {
	return a.asTeammate(func(admin string) error {
		_, err := a.client.Comment(ctx, a.read.ID, admin, body)
		return err
	})
}

// asTeammate writes as the teammate who is credited, and as the one who connected the workspace where Intercom refuses
// that: somebody may have left.
func (a *asking) asTeammate(write func(admin string) error) error {
	writers := []string{a.workspace.InstallerID}
	if a.request.TeammateID != "" && a.request.CreditRule != rating.LastBotReply && a.request.TeammateID != a.workspace.InstallerID {
		writers = slices.Insert(writers, 0, a.request.TeammateID)
	}
	var err error
	for _, admin := range writers {
		if err = write(admin); err == nil || !isRefusal(err) {
			return err
		}
	}
	return err
}

// end stores what became of an attempt.
func (a *asking) end(ctx context.Context, tx *models.Tx, cause error) error {
	if cause == nil {
		sent, err := tx.MoveRequest(a.request, rating.Send, map[string]any{"sent_at": tx.Now, "detail": ""})
		if errors.Is(err, models.ErrNoTransition) {
			return nil // answered meanwhile
		} else if err != nil {
			return err
		}
		return replaceOpen(tx, sent)
	}
	o, err := outcomeOf(tx, cause)
	if err != nil {
		return err
	}
	if o.state == models.GaveUp {
		_, err := tx.MoveRequest(a.request, rating.GiveUp, map[string]any{"detail": o.detail})
		return err
	}
	pause := pauseAfter(a.request.Attempts)
	var asked jobs.Later
	if errors.As(o.retry, &asked) {
		pause = asked.Pause
	}
	next := tx.Now.Add(pause)
	if err := tx.ChangeRequest(a.request.ID, map[string]any{"detail": o.detail, "due_at": next}); err != nil || o.retry == nil {
		return err
	}
	return a.s.enqueueSync(ctx, tx, a.read.ID, next)
}

// stale reports whether the request has been due for too long. A delay is no lateness.
func (a *asking) stale(now time.Time) bool {
	delay := time.Duration(0)
	if a.request.Automatic {
		delay = time.Duration(a.workspace.Settings.Ask.DelayMinutes) * time.Minute
	}
	return now.Sub(a.request.CreatedAt.Add(delay)) > askPatience
}

// pauseAfter waits 1 s, 4 s, 9 s … up to an hour between attempts.
func pauseAfter(attempts int) time.Duration {
	return min(time.Duration(attempts*attempts)*time.Second, time.Hour)
}

// closeAgain closes a conversation that nothing but the answer to an ask of ours, or the ask itself, has opened.
func (s *Service) closeAgain(ctx context.Context, w models.Workspace, client *intercom.Client, read intercom.Conversation) error {
	err := client.CloseConversation(ctx, read.ID, w.InstallerID)
	if isRefusal(err) {
		s.Log.WarnContext(ctx, "closing a conversation again was refused", "conversation", read.ID, "error", err)
		return nil
	}
	var failed *intercom.Error
	if errors.As(err, &failed) {
		if wait, limited := failed.RateLimited(); limited {
			return jobs.Later{Pause: wait, Cause: err}
		}
	}
	return err
}

// giveUpUnreadable ends what waits in a conversation that Intercom does not have any more, and what has waited too long
// for one that cannot be read.
func giveUpUnreadable(tx *models.Tx, conversation string, cause error) error {
	var failed *intercom.Error
	if errors.As(cause, &failed) && failed.NotFound() {
		return cancelGone(tx, conversation)
	}
	all, err := tx.RequestsOf(conversation)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.State != rating.Scheduled || tx.Now.Sub(*r.DueAt) <= giveUpAfter {
			continue
		}
		if _, err := tx.MoveRequest(r, rating.GiveUp, map[string]any{"detail": "Intercom did not answer for days."}); err != nil {
			return err
		}
	}
	return nil
}
