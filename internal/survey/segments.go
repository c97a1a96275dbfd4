package survey

import (
	"context"
	"time"

	"rerate/internal/jobs"
	"rerate/internal/segment"
	"rerate/models"
)

// Everybody is looked at in bites, each a transaction of its own, and one job takes so many bites at most.
const (
	peopleBite  = 200
	bitesPerJob = 100
)

// placePeople puts some contacts into the segments in which they are now, and takes them out of the others. Who enters a
// segment that sends its message by itself gets it, once for each version. It is called whenever something about a contact
// has changed, and for everybody once an hour, since time alone changes who has not been seen for a month.
func (s *Service) placePeople(ctx context.Context, tx *models.Tx, contacts ...string) error {
	if len(contacts) == 0 {
		return nil
	}
	segments, err := tx.HoldSegments()
	if err != nil {
		return err
	}
	return s.place(ctx, tx, segments, contacts)
}

func (s *Service) place(ctx context.Context, tx *models.Tx, segments []models.Segment, contacts []string) error {
	if len(segments) == 0 {
		return nil
	}
	var needs segment.Needs
	for _, in := range segments {
		needs = needs.And(in.Rules.Needs())
	}
	// Who is in is read first: whoever another worker puts in meanwhile, because they have changed, must not be taken out
	// again for what they were before.
	members, err := tx.MembersAmong(contacts)
	if err != nil {
		return err
	}
	people, err := tx.People(contacts, needs)
	if err != nil {
		return err
	}
	for _, who := range people {
		for _, in := range segments {
			was := members[who.Contact.ID][in.ID]
			is := who.Contact.There() && in.Rules.Match(who.Person, tx.Now)
			switch {
			case is && !was:
				err = s.enter(ctx, tx, in, who.Contact.ID)
			case was && !is:
				err = tx.LeaveSegment(in.ID, who.Contact.ID)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// enter puts a contact in. Until everybody has been looked at by these rules, whoever is in was in before.
func (s *Service) enter(ctx context.Context, tx *models.Tx, in models.Segment, contact string) error {
	entered, err := tx.EnterSegment(in.ID, contact)
	if err != nil || !entered || !in.Automatic || in.WorkedThroughAt == nil {
		return err
	}
	m, planned, err := tx.PlanMessage(in, contact, "")
	if err != nil || !planned {
		return err
	}
	return s.enqueueMessage(ctx, tx, m, jobs.Now)
}

// Members looks at everybody for one segment, from one contact on.
func (s *Service) Members(ctx context.Context, job jobs.Members) error {
	tenant := s.Store.Tenant(job.Workspace)
	after := job.After
	for range bitesPerJob {
		ids, err := tenant.ContactIDsAfter(ctx, after, peopleBite)
		if err != nil {
			return err
		}
		current := false
		if err := tenant.Write(ctx, func(tx *models.Tx) error {
			held, err := tx.HoldSegments(job.Segment)
			if err != nil || len(held) == 0 || held[0].Version != job.Version {
				return err
			}
			current = true
			if len(ids) == 0 {
				return tx.SegmentWorkedThrough(job.Segment, job.Version)
			}
			return s.place(ctx, tx, held, ids)
		}); err != nil || !current || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
	}
	job.After = after
	return tenant.Write(ctx, func(tx *models.Tx) error { return s.enqueueIn(ctx, tx, job, jobs.Now) })
}

// enqueueIn puts a job in with the transaction, unless the same job is waiting or running already.
func (s *Service) enqueueIn(ctx context.Context, tx *models.Tx, job jobs.Job, at time.Time) error {
	sqlTx, err := tx.SQL()
	if err != nil {
		return err
	}
	return s.queue.EnqueueOnceAtTx(ctx, sqlTx, job, at)
}

// RefreshSegments looks at everybody anew in every workspace.
func (s *Service) RefreshSegments(ctx context.Context, _ jobs.RefreshSegments) error {
	workspaces, err := s.Store.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		if err := s.Store.Tenant(w.ID).Write(ctx, func(tx *models.Tx) error {
			segments, err := tx.HoldSegments()
			if err != nil {
				return err
			}
			for _, in := range segments {
				if err := s.enqueueIn(ctx, tx, jobs.Members{Workspace: w.ID, Segment: in.ID, Version: in.Version}, jobs.Now); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// SegmentProblems say what is wrong with a segment, by field.
type SegmentProblems map[string]string

// Error is the first problem that a person would read.
func (SegmentProblems) Error() string { return "The segment cannot be saved as it is." }

// The bounds of a segment's texts, in characters.
const (
	maxSegmentName = 80
	maxSubject     = 200
	maxBody        = 2000
)

// CheckSegment says what is wrong with a segment; nil: nothing.
func CheckSegment(in models.Segment) SegmentProblems {
	problems := SegmentProblems{}
	for field, problem := range in.Rules.Check() {
		problems[field] = problem
	}
	checkLength(problems, "name", in.Name, 1, maxSegmentName)
	checkLength(problems, "body", in.Body, 1, maxBody)
	switch in.Channel {
	case models.ByEmail:
		checkLength(problems, "subject", in.Subject, 1, maxSubject)
	case models.InApp:
	default:
		problems["channel"] = "Choose how the message is sent."
	}
	if len(problems) == 0 {
		return nil
	}
	return problems
}

// SaveSegment stores a segment and begins to work out who is in it.
func (s *Service) SaveSegment(ctx context.Context, workspace string, in models.Segment, by string) (saved models.Segment, err error) {
	in.Rules = in.Rules.Clean()
	if problems := CheckSegment(in); problems != nil {
		return in, problems
	}
	err = s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		if saved, err = tx.SaveSegment(in, by); err != nil {
			return err
		}
		return s.enqueueIn(ctx, tx, jobs.Members{Workspace: workspace, Segment: saved.ID, Version: saved.Version}, jobs.Now)
	})
	return saved, err
}

// SegmentPreview is who would be in a segment.
type SegmentPreview struct {
	In       int  // how many of those that were looked at
	LookedAt int  // contacts
	All      bool // everybody was looked at
	First    []Matched
}

// Matched is somebody who is in, and the conditions that hold for them.
type Matched struct {
	Contact models.Contact
	Why     []segment.Condition
}

// The bounds of a preview.
const (
	previewPeople   = 20
	previewMost     = 20_000
	previewPatience = 2 * time.Second
)

// PreviewSegment works out who would be in a segment by some rules, without storing anything. It looks at as many
// contacts as it can in a moment.
func (s *Service) PreviewSegment(ctx context.Context, workspace string, rules segment.Rules) (SegmentPreview, error) {
	var preview SegmentPreview
	began, tenant, after := s.Now(), s.Store.Tenant(workspace), ""
	for preview.LookedAt < previewMost && s.Now().Sub(began) < previewPatience {
		people, err := tenant.PeopleAfter(ctx, after, 500, rules.Needs())
		if err != nil {
			return preview, err
		}
		if len(people) == 0 {
			preview.All = true
			break
		}
		for _, who := range people {
			after = who.Contact.ID
			if !who.Contact.There() {
				continue
			}
			preview.LookedAt++
			if !rules.Match(who.Person, began) {
				continue
			}
			if preview.In++; len(preview.First) < previewPeople {
				preview.First = append(preview.First, Matched{who.Contact, rules.Why(who.Person, began)})
			}
		}
	}
	return preview, nil
}

// SetSegment switches sending by itself and pausing. What waits is taken up again when a pause ends.
func (s *Service) SetSegment(ctx context.Context, workspace, id string, automatic, paused bool) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
		if err := tx.SetSegment(id, automatic, paused); err != nil || paused {
			return err
		}
		return s.enqueueIn(ctx, tx, jobs.Release{Workspace: workspace, Segment: id}, jobs.Now)
	})
}

// DeleteSegment takes a segment out of use.
func (s *Service) DeleteSegment(ctx context.Context, workspace, id string) error {
	return s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error { return tx.DeleteSegment(id) })
}

func checkLength(problems SegmentProblems, field, text string, least, most int) {
	if problem := lengthProblem(text, least, most); problem != "" {
		problems[field] = problem
	}
}
