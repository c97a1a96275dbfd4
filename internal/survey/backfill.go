package survey

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/jobs"
	"rerate/internal/rating"
	"rerate/models"
)

// How a back-fill reads. Intercom's search has an undocumented order and its rows move while one pages through them, so
// conversations are read by when they were created, which never changes, in windows of not much more than a few pages:
// whoever resumes goes on in the window, at worst from its beginning, and skips nobody. What changes meanwhile is read
// once more at the end.
const (
	windowMost  = 1500             // conversations in a window; with more it is halved
	windowLeast = 12 * time.Hour   // it is not halved below
	indexLag    = 10 * time.Minute // how far Intercom's search may lag behind
	wholeDays   = 30               // conversations closed since are read whole, for the dry run of the rules
	wholeBite   = 50               // of these in one job
	firstDays   = 365              // how far back the first back-fill looks, by itself
	yearOfStart = 2011             // before Intercom began
)

// StartBackfill begins to read the conversations that have changed in the last days, 0: all, from Intercom. by is the
// teammate who wants it. It asks nobody.
func (s *Service) StartBackfill(ctx context.Context, workspace, by string, days int) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		w, err := tx.Get()
		if err != nil {
			return err
		}
		if !w.Connected() {
			return Error{Code: Conflict, Sentence: "Rerate is not connected with Intercom; sign in with Intercom first."}
		}
		return s.startBackfill(ctx, tx, by, days)
	})
}

func (s *Service) startBackfill(ctx context.Context, tx *models.Tx, by string, days int) error {
	b, err := tx.StartBackfill(models.Backfill{
		Phase: models.BackfillPast, Days: days, StartedBy: by,
		WindowFrom: time.Date(yearOfStart, 1, 1, 0, 0, 0, 0, time.UTC), WindowTo: tx.Now.Truncate(time.Second),
	})
	if err != nil {
		return err
	}
	return s.enqueueBackfill(ctx, tx, b, jobs.Now)
}

// firstBackfill reads the past of a workspace that has just been connected, once.
func (s *Service) firstBackfill(ctx context.Context, tx *models.Tx) error {
	_, err := tx.HoldBackfill()
	if errors.Is(err, models.ErrNotFound) {
		return s.startBackfill(ctx, tx, "", firstDays)
	}
	return err
}

// PauseBackfill stops a back-fill after the page that it is reading.
func (s *Service) PauseBackfill(ctx context.Context, workspace string) error {
	return s.moveBackfill(ctx, workspace, models.BackfillPaused, "There is nothing to pause.", models.BackfillRunning)
}

// ResumeBackfill goes on where a back-fill was paused, or where Intercom refused.
func (s *Service) ResumeBackfill(ctx context.Context, workspace string) error {
	return s.moveBackfill(ctx, workspace, models.BackfillRunning, "There is nothing to resume.", models.BackfillPaused, models.BackfillFailed)
}

func (s *Service) moveBackfill(ctx context.Context, workspace string, to models.BackfillState, refusal string, from ...models.BackfillState) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		b, err := tx.HoldBackfill()
		if err != nil {
			return err
		}
		for _, state := range from {
			if b.State != state {
				continue
			}
			b.State, b.Detail = to, ""
			if to != models.BackfillRunning {
				return tx.SaveBackfill(b)
			}
			return s.nextStep(ctx, tx, b)
		}
		return Error{Code: Conflict, Sentence: refusal}
	})
}

// nextStep stores how far a back-fill has come and puts in the job for what comes next, in the same transaction.
func (s *Service) nextStep(ctx context.Context, tx *models.Tx, b models.Backfill) error {
	b.Step++
	if err := tx.SaveBackfill(b); err != nil || b.State != models.BackfillRunning {
		return err
	}
	return s.enqueueBackfill(ctx, tx, b, jobs.Now)
}

func (s *Service) enqueueBackfill(ctx context.Context, tx *models.Tx, b models.Backfill, at time.Time) error {
	sqlTx, err := tx.SQL()
	if err != nil {
		return err
	}
	return s.queue.EnqueueTx(ctx, sqlTx, jobs.Backfill{Workspace: tx.Workspace, Step: b.Step}, at)
}

// Backfill reads one page, or a few whole conversations, and stores it together with the job for the next. A job whose
// step is over does nothing, so it may be put in any number of times.
func (s *Service) Backfill(ctx context.Context, job jobs.Backfill) error {
	tenant := s.Store.Tenant(job.Workspace)
	b, err := tenant.Backfill(ctx)
	if errors.Is(err, models.ErrNotFound) || err == nil && !b.At(job.Step) {
		return nil
	}
	if err != nil {
		return err
	}
	w, err := tenant.Get(ctx)
	if err != nil {
		return err
	}
	if !w.Connected() {
		return s.backfillFailed(ctx, tenant, b, "Intercom refuses our access. Sign in with Intercom again, then resume.")
	}
	client, err := s.client(w)
	if err != nil {
		return errors.Join(err, tenant.Write(ctx, func(tx *models.Tx) error { return tx.TokenInvalid() }))
	}
	if wait, ok := client.Spare(); !ok {
		return jobs.Later{Pause: wait, Cause: errors.New("what is left of the window is for live work")}
	}
	run := backfillRun{s: s, tenant: tenant, client: client, workspace: w, b: b}
	if b.Phase == models.BackfillWhole {
		err = run.whole(ctx)
	} else {
		err = run.page(ctx)
	}
	return s.backfillOutcome(ctx, tenant, b, err)
}

// backfillOutcome decides what becomes of a back-fill whose call to Intercom did not work.
func (s *Service) backfillOutcome(ctx context.Context, tenant models.Tenant, b models.Backfill, cause error) error {
	var failed *intercom.Error
	if !errors.As(cause, &failed) {
		return cause
	}
	if wait, limited := failed.RateLimited(); limited {
		return jobs.Later{Pause: wait, Cause: cause}
	}
	switch {
	case failed.Unauthorized():
		err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.TokenInvalid() })
		return errors.Join(err, s.backfillFailed(ctx, tenant, b, "Intercom refuses our access. Sign in with Intercom again, then resume."))
	case failed.Temporary():
		return cause
	case b.After != "": // the cursor may have become too old: the window is read again
		return tenant.Write(ctx, func(tx *models.Tx) error {
			held, err := tx.HoldBackfill()
			if err != nil || !held.At(b.Step) {
				return err
			}
			held.Done, held.After, held.InWindow = held.Done-held.InWindow, "", 0
			return s.nextStep(ctx, tx, held)
		})
	}
	return s.backfillFailed(ctx, tenant, b, "Intercom refused: "+refusedBecause(failed))
}

func (s *Service) backfillFailed(ctx context.Context, tenant models.Tenant, b models.Backfill, why string) error {
	return tenant.Write(ctx, func(tx *models.Tx) error {
		held, err := tx.HoldBackfill()
		if err != nil || !held.At(b.Step) {
			return err
		}
		held.State, held.Detail = models.BackfillFailed, why
		return tx.SaveBackfill(held)
	})
}

// backfillRun is one job's work.
type backfillRun struct {
	s         *Service
	tenant    models.Tenant
	client    *intercom.Client
	workspace models.Workspace
	b         models.Backfill
}

// page reads a page of the window and stores it.
func (r backfillRun) page(ctx context.Context) error {
	page, err := r.client.SearchConversations(ctx, r.query(), r.b.After)
	if err != nil {
		return err
	}
	return r.tenant.Write(ctx, func(tx *models.Tx) error {
		b, err := tx.HoldBackfill()
		if err != nil || !b.At(r.b.Step) {
			return err
		}
		past := b.Phase == models.BackfillPast
		if past && b.Total == 0 {
			b.Total = page.Total // the first window is everything
		}
		if past && b.After == "" && page.Total > windowMost && b.WindowTo.Sub(b.WindowFrom) > windowLeast {
			b.WindowFrom = middle(b.WindowFrom, b.WindowTo)
			return r.s.nextStep(ctx, tx, b)
		}
		found, err := r.store(ctx, tx, page.Conversations)
		if err != nil {
			return err
		}
		b.Ratings += found.ratings
		if past {
			b.Done, b.InWindow = b.Done+found.conversations, b.InWindow+found.conversations
		}
		if b.WholeTotal, err = tx.ReadWholeLater(found.whole); err != nil {
			return err
		}
		b.After = page.Next
		if page.Next == "" {
			r.nextWindow(tx, &b, page.Total)
		}
		return r.s.nextStep(ctx, tx, b)
	})
}

// query is the window as Intercom's search has it. > and < are documented as "or equal"; taken a second wider it holds
// the window either way, and what is outside of it is left out here.
func (r backfillRun) query() intercom.Query {
	if r.b.Phase == models.BackfillChanged {
		return intercom.Query{Field: "updated_at", Operator: ">", Value: r.b.StartedAt.Add(-indexLag).Unix()}
	}
	all := []intercom.Query{
		{Field: "created_at", Operator: ">", Value: r.b.WindowFrom.Unix() - 1},
		{Field: "created_at", Operator: "<", Value: r.b.WindowTo.Unix() + 1},
	}
	if r.b.Days > 0 {
		all = append(all, intercom.Query{Field: "updated_at", Operator: ">", Value: r.b.StartedAt.AddDate(0, 0, -r.b.Days).Unix()})
	}
	return intercom.And(all...)
}

func (r backfillRun) inWindow(c intercom.Conversation) bool {
	return r.b.Phase == models.BackfillChanged || !c.CreatedAt.Before(r.b.WindowFrom) && !c.CreatedAt.After(r.b.WindowTo)
}

// nextWindow goes on to what was created before the window, or to the next phase.
func (r backfillRun) nextWindow(tx *models.Tx, b *models.Backfill, found int) {
	b.After, b.InWindow = "", 0
	begin := time.Date(yearOfStart, 1, 1, 0, 0, 0, 0, time.UTC)
	switch {
	case b.Phase == models.BackfillPast && b.WindowFrom.After(begin):
		width := b.WindowTo.Sub(b.WindowFrom) + time.Second
		if found < windowMost/2 {
			width *= 2
		}
		b.WindowTo = b.WindowFrom.Add(-time.Second)
		if b.WindowFrom = b.WindowTo.Add(-width); b.WindowFrom.Before(begin) {
			b.WindowFrom = begin
		}
	case b.Phase == models.BackfillPast:
		b.Phase = models.BackfillChanged
	case b.WholeTotal > 0:
		b.Phase = models.BackfillWhole
	default:
		finishBackfill(tx, b)
	}
}

func finishBackfill(tx *models.Tx, b *models.Backfill) {
	b.State, b.FinishedAt = models.BackfillDone, &tx.Now
}

func middle(a, b time.Time) time.Time { return a.Add(b.Sub(a) / 2).Truncate(time.Second) }

// found is what a page held.
type found struct {
	conversations, ratings int
	whole                  []string
}

// store keeps what a page says.
func (r backfillRun) store(ctx context.Context, tx *models.Tx, page []intercom.Conversation) (f found, err error) {
	names, err := tx.TeammateNames()
	if err != nil {
		return f, err
	}
	wording, err := tx.Wording()
	if err != nil {
		return f, err
	}
	byID := map[string]intercom.Conversation{}
	var past []models.Past
	for _, c := range page {
		if !r.inWindow(c) || c.ID == "" {
			continue
		}
		f.conversations++
		byID[c.ID] = c
		p := pastOf(c, names)
		switch closed := c.Statistics.LastCloseAt; {
		case closed.IsZero() || !closed.Before(r.workspace.InstalledAt.Truncate(time.Second)):
			// Closes since then are live work.
		case closed.After(r.b.StartedAt.AddDate(0, 0, -wholeDays)):
			f.whole = append(f.whole, c.ID)
		default:
			p.Close = pastClose(tx, c, p, wording.Version)
		}
		past = append(past, p)
	}
	known, ratings, err := tx.AddPast(past)
	if err != nil {
		return f, err
	}
	f.ratings = ratings
	for _, p := range known {
		added, err := r.learnKnown(ctx, tx, byID[p.Conversation.ID], p)
		if err != nil {
			return f, fmt.Errorf("conversation %s: %w", p.Conversation.ID, err)
		}
		f.ratings += added
	}
	return f, nil
}

// learnKnown adds what the search says of a conversation of which something is known already.
func (r backfillRun) learnKnown(ctx context.Context, tx *models.Tx, read intercom.Conversation, p models.Past) (ratings int, err error) {
	c, err := tx.Conversation(read.ID)
	if err != nil {
		return 0, err
	}
	if c, err = learnPeople(tx, c, read); err != nil {
		return 0, err
	}
	if err := tx.SaveCourse(read.ID, p.Course); err != nil {
		return 0, err
	}
	before, err := tx.RatingsOf(read.ID)
	if err != nil {
		return 0, err
	}
	if err := r.s.learnNativeRating(ctx, tx, c, read); err != nil {
		return 0, err
	}
	after, err := tx.RatingsOf(read.ID)
	if err != nil || p.Close == nil {
		return len(after) - len(before), err
	}
	return len(after) - len(before), tx.AddPastClose(c, *p.Close)
}

// pastOf is what the search says of a conversation, as rows.
func pastOf(read intercom.Conversation, names map[string]string) models.Past {
	channel := read.Channel()
	if channel == "" {
		channel = models.Chat
	}
	p := models.Past{
		Conversation: models.Conversation{ID: read.ID, Channel: storable(channel), CreatedAt: read.CreatedAt.UTC()},
		Course:       courseFacts(read),
	}
	for _, c := range read.Contacts {
		contact := models.Contact{ID: c.ID, ExternalID: c.ExternalID}
		if author := read.Source.Author; author.ID == c.ID {
			contact.Name, contact.Email, contact.Role = storable(author.Name), storable(author.Email), author.Type
		}
		p.Contacts = append(p.Contacts, contact)
	}
	if native := read.Rating; native != nil && native.Score >= 1 && native.Score <= nativeScale {
		rated := nativeRating(p.Conversation, read)
		rated.TeammateName = names[rated.TeammateID]
		if rated.Remark = storable(native.Remark); rated.Remark != "" {
			rated.RemarkAt = &rated.At
		}
		p.Rating = &rated
	}
	return p
}

// pastClose is the ledger's row for the newest close of a conversation that nobody reads whole: as much of it as the search
// tells.
func pastClose(tx *models.Tx, read intercom.Conversation, p models.Past, wording int) *models.Request {
	closed := read.Statistics.LastCloseAt.UTC()
	episode := read.Statistics.CountReopens + 1
	contact := ""
	if len(p.Contacts) > 0 {
		contact = p.Contacts[0].ID
	}
	return &models.Request{
		Episode: episode, Method: models.ByLink, WordingVersion: wording, Rule: rating.BeforeInstall, ClosedAt: &closed, Automatic: true, ContactID: contact,
		Facts: rating.Close{
			At: closed, Channel: p.Conversation.Channel, ContactID: contact, Contacts: len(p.Contacts), Lead: read.Source.Author.Type == "lead",
			StartedBy: startedBy(read.Source), Tags: tagsOf(read), Lot: lot(tx.Workspace, read.ID, episode),
			LastReplyAt: later(read.Statistics.LastAdminReplyAt, read.Statistics.LastContactReplyAt),
		},
	}
}

// whole reads the next conversations whole and learns from them what the rules ask about. Their closes were before Rerate
// was connected, so nobody is asked.
func (r backfillRun) whole(ctx context.Context) error {
	ids, err := r.tenant.ToReadWhole(ctx, wholeBite)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if _, ok := r.client.Spare(); !ok {
			ids = ids[:i] // what was read is stored, the rest comes in the next window
			break
		}
		if err := r.readWhole(ctx, id); err != nil {
			if i > 0 {
				ids = ids[:i]
				break
			}
			return err
		}
	}
	return r.tenant.Write(ctx, func(tx *models.Tx) error {
		b, err := tx.HoldBackfill()
		if err != nil || !b.At(r.b.Step) {
			return err
		}
		if err := tx.HasReadWhole(ids); err != nil {
			return err
		}
		left, err := tx.ReadWholeLater(nil)
		if err != nil {
			return err
		}
		if b.WholeDone = b.WholeTotal - left; left == 0 {
			finishBackfill(tx, &b)
		}
		return r.s.nextStep(ctx, tx, b)
	})
}

func (r backfillRun) readWhole(ctx context.Context, id string) error {
	readAt := r.s.Now()
	read, err := r.client.Conversation(ctx, id)
	var failed *intercom.Error
	if errors.As(err, &failed) && failed.NotFound() {
		return nil
	}
	if err != nil {
		return err
	}
	if read.Statistics.LastCloseAt.After(r.workspace.InstalledAt) {
		return nil // closed again meanwhile: live work, which decides about all its closes
	}
	bot, err := r.s.assignedToBot(ctx, r.tenant, r.client, read)
	if err != nil {
		return err
	}
	_, err = r.s.learn(ctx, r.tenant, read, readAt, bot)
	return err
}
