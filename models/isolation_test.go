package models_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// secret stands in every text of the workspace that must stay out of reach.
const secret = "SECRET"

// theirs are the rows that another workspace asks for by their right names.
type theirs struct {
	rating  models.Rating
	request models.Request
	back    models.WriteBack
	key     models.APIKey
	who     models.Teammate
	talk    models.Conversation
	contact models.Contact
}

// fill puts a row into every table of the workspace. Ids that Intercom gives are the same in each.
func fill(t tb, tenant models.Tenant, text string) (all theirs) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) (err error) {
		steps := []func() error{
			func() error {
				all.who, err = tx.SaveTeammate(models.Teammate{ID: "1", Name: text, Email: text + "@example.com", Role: models.Admin})
				return err
			},
			func() error { return tx.StartSession("session of "+tenant.Workspace, "1", time.Hour) },
			func() error {
				_, err := tx.SaveWordingDraft(rating.Wording{Question: text}, 1, "1")
				return err
			},
			func() error {
				all.key, err = tx.AddAPIKey(models.APIKey{Name: text, KeyHash: "key of " + tenant.Workspace})
				return err
			},
			func() error { all.talk, err = tx.Conversation("7"); return err },
			func() error { return tx.ReadConversation(all.talk, "channel "+text, []string{"c"}) },
			func() error { return tx.SaveContact(models.Contact{ID: "c", Name: text, Email: text, Role: "user"}) },
			func() error {
				all.request, err = tx.SendRequest(all.talk, models.FromCard, 1, func(time.Time) bool { return true })
				return err
			},
			func() error {
				r := answer("7", "c", "same key", 1, 0)
				r.RequestID, r.Channel, r.Label = all.request.ID, "channel "+text, text
				all.rating, _, err = tx.AddRating(r)
				return err
			},
			func() error { return tx.SetCredit(all.rating, rating.Part{ID: "1", Name: text}, rating.LastHumanReply) },
			func() error { return tx.WriteLater(all.rating, tx.Now, models.Note) },
			func() error {
				_, err := tx.AddEvent(models.Event{NotificationID: "n", Topic: text, ConversationID: "7"})
				return err
			},
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	all.talk = must(tenant.Conversation(ctx, "7"))(t)
	all.back = must(tenant.WriteBacksOf(ctx, all.rating.ID))(t)[0]
	all.contact = must(tenant.Contacts(ctx, []string{"c"}))(t)["c"]
	return all
}

func yes(time.Time) bool { return true }

// attempt is one method, called by a workspace that is empty but for settings and wording; quiet is what it then
// answers, as JSON, where an answer is due.
type attempt struct {
	quiet string
	call  any // func(models.Tenant, theirs) (any, error), or func(*models.Tx, theirs) (any, error)
}

type (
	reads  = func(models.Tenant, theirs) (any, error)
	writes = func(*models.Tx, theirs) (any, error)
)

// only turns a method without an answer into one with an answer.
func only(err error) (any, error) { return nil, err }

var attempts = map[string]attempt{
	"Tenant.Get":          {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Get(ctx) })},
	"Tenant.Write":        {`"own"`, reads(func(t models.Tenant, _ theirs) (any, error) { return writesTo(t) })},
	"Tenant.Teammates":    {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Teammates(ctx) })},
	"Tenant.Wording":      {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Wording(ctx) })},
	"Tenant.Wordings":     {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Wordings(ctx) })},
	"Tenant.APIKeys":      {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.APIKeys(ctx) })},
	"Tenant.LastEvent":    {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.LastEvent(ctx) })},
	"Tenant.Conversation": {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Conversation(ctx, "7") })},
	"Tenant.Contacts":     {"{}", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Contacts(ctx, []string{"c"}) })},
	"Tenant.ContactsOf": {"", reads(func(t models.Tenant, _ theirs) (any, error) {
		ids, err := t.ContactsOf(ctx, "7")
		return len(ids) == 0, err
	})},
	"Tenant.LeaseConversation":   {"false", reads(func(t models.Tenant, _ theirs) (any, error) { return t.LeaseConversation(ctx, "7", "mine", time.Hour) })},
	"Tenant.ReleaseConversation": {"null", reads(func(t models.Tenant, _ theirs) (any, error) { return only(t.ReleaseConversation(ctx, "7", "")) })},
	"Tenant.RequestsOf":          {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.RequestsOf(ctx, "7") })},
	"Tenant.Rating":              {"not found", reads(func(t models.Tenant, of theirs) (any, error) { return t.Rating(ctx, of.rating.ID) })},
	"Tenant.RatingsOf":           {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.RatingsOf(ctx, "7") })},
	"Tenant.Report":              {"0", reads(func(t models.Tenant, _ theirs) (any, error) { return countAll(t) })},
	"Tenant.Ratings": {"[]", reads(func(t models.Tenant, of theirs) (any, error) {
		after := &models.Cursor{At: of.rating.At.Add(time.Hour), ID: "z"}
		return t.Ratings(ctx, models.RatingFilter{Filter: always(time.UTC), Conversation: "7", Contact: "c"}, after, 10)
	})},
	"Tenant.CountRatings": {"0", reads(func(t models.Tenant, _ theirs) (any, error) {
		return t.CountRatings(ctx, models.RatingFilter{Filter: always(time.UTC), Conversation: "7", Contact: "c"})
	})},
	"Tenant.HasRatings":        {"false", reads(func(t models.Tenant, _ theirs) (any, error) { return t.HasRatings(ctx) })},
	"Tenant.CreditedTeammates": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.CreditedTeammates(ctx) })},
	"Tenant.UsedChannels":      {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.UsedChannels(ctx) })},
	"Tenant.WriteBacksOf":      {"[]", reads(func(t models.Tenant, of theirs) (any, error) { return t.WriteBacksOf(ctx, of.rating.ID) })},

	"Tenant.DueWriteBacks": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.DueWriteBacks(ctx, "7") })},
	"Tenant.Ledger":        {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Ledger(ctx, nil, 10) })},
	"Tenant.LedgerOf":      {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.LedgerOf(ctx, "7") })},
	"Tenant.WordingDraft":  {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.WordingDraft(ctx) })},
	"Tenant.WordingUse": {"[0,0]", reads(func(t models.Tenant, _ theirs) (any, error) {
		sent, rated, err := t.WordingUse(ctx, 1)
		return []int64{sent, rated}, err
	})},
	"Tenant.WordingsBefore": {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.WordingsBefore(ctx, 9, 9) })},

	"Tx.Get":      {"", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Get() })},
	"Tx.Settings": {"", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Settings() })},
	"Tx.Install": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.Install(models.Workspace{ID: "theirs", Settings: rating.DefaultSettings()}))
	})},
	"Tx.Uninstall":    {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.Uninstall()) })},
	"Tx.SetToken":     {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.SetToken([]byte("mine"))) })},
	"Tx.TokenInvalid": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.TokenInvalid()) })},
	"Tx.SaveSettings": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(moveTo(tx, "Asia/Tokyo")) })},
	"Tx.PublishWording": {"", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return tx.PublishWording(rating.DefaultWording(), "1")
	})},
	"Tx.HoldWording": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.HoldWording(models.WordingSeen{Version: 1}))
	})},
	"Tx.SaveWordingDraft": {"", writes(func(tx *models.Tx, _ theirs) (any, error) {
		draft, err := tx.SaveWordingDraft(rating.DefaultWording(), 1, "1")
		return draft.BasedOn, err
	})},
	"Tx.DropWordingDraft": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.DropWordingDraft()) })},
	"Tx.Wording":          {"", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Wording() })},
	"Tx.WordingVersion":   {"", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.WordingVersion(1) })},
	"Tx.Teammate":         {"", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Teammate("1") })},
	"Tx.SaveTeammate": {"", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return tx.SaveTeammate(models.Teammate{WorkspaceID: "theirs", ID: "1", Name: "mine"})
	})},
	"Tx.HasAdmin":         {"false", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.HasAdmin() })},
	"Tx.SetRole":          {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.SetRole("1", models.Viewer)) })},
	"Tx.HasTeammateEmail": {"false", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.HasTeammateEmail(of.who.Email) })},
	"Tx.StartSession":     {"refused", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.StartSession("new", "1", time.Hour)) })},
	"Tx.AddAPIKey": {"", writes(func(tx *models.Tx, of theirs) (any, error) {
		return tx.AddAPIKey(models.APIKey{WorkspaceID: "theirs", ID: of.key.ID, KeyHash: "of " + tx.Workspace})
	})},
	"Tx.RevokeAPIKey": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.RevokeAPIKey(of.key.ID)) })},
	"Tx.AddEvent": {"true", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return tx.AddEvent(models.Event{WorkspaceID: "theirs", NotificationID: "n"})
	})},
	"Tx.Conversation": {"", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Conversation("7") })},
	"Tx.SaveContact": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.SaveContact(models.Contact{WorkspaceID: "theirs", ID: "c"}))
	})},
	"Tx.Membership": {fmt.Sprint(int(models.Stranger)), writes(func(tx *models.Tx, of theirs) (any, error) { return tx.Membership(of.talk, "c") })},
	"Tx.ReadConversation": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.ReadConversation(of.talk, "email", []string{"intruder"}))
	})},
	"Tx.ConversationDeleted": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.ConversationDeleted("7")) })},
	"Tx.EraseContact":        {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.EraseContact("c")) })},
	"Tx.Request":             {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.Request(of.request.ID) })},
	"Tx.SendRequest":         {"refused", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.SendRequest(of.talk, models.FromCard, 1, yes) })},
	"Tx.RequestRated":        {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.RequestRated(of.request.ID)) })},
	"Tx.RequestRemarked":     {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.RequestRemarked(of.request.ID)) })},
	"Tx.SetRequestCredit": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.SetRequestCredit(of.request.ID, rating.Part{ID: "2"}, rating.LastBotReply))
	})},
	"Tx.RequestsOf": {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.RequestsOf("7") })},
	"Tx.AddRating": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		stored, _, err := tx.AddRating(of.rating)
		return stored, err
	})},
	"Tx.Rating":         {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.Rating(of.rating.ID) })},
	"Tx.LatestAnswer":   {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.LatestAnswer(of.request.ID, "c") })},
	"Tx.AddRemark":      {"false", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.AddRemark(of.rating.ID, "mine") })},
	"Tx.SetWhatChanged": {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.SetWhatChanged(of.rating.ID, "fixed")) })},
	"Tx.SetWhyNot":      {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.SetWhyNot(of.rating, models.Void)) })},
	"Tx.SetCredit": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.SetCredit(of.rating, rating.Part{ID: "2"}, "x"))
	})},
	"Tx.RatingsOf":      {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.RatingsOf("7") })},
	"Tx.WriteLater":     {"refused", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.WriteLater(of.rating, tx.Now, models.Tag)) })},
	"Tx.WriteNow":       {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.WriteNow(of.rating.ID)) })},
	"Tx.SkipWriteBacks": {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.SkipWriteBacks(of.rating.ID, "mine")) })},
	"Tx.RetryWriteBacks": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.RetryWriteBacks(of.rating.ID, models.GaveUp))
	})},
	"Tx.DueWriteBacks": {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.DueWriteBacks("7") })},
	"Tx.SaveWriteBack": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.back.State = models.Done
		return only(tx.SaveWriteBack(of.back))
	})},
	"Tx.WriteBack":            {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.WriteBack(of.rating.ID, models.Note) })},
	"Tx.OverdueConversations": {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.OverdueConversations(tx.Now.AddDate(1, 0, 0)) })},
	"Tx.RebuildReports":       {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.RebuildReports()) })},
	"Tx.AddExampleData": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.talk.ID, of.rating.ID, of.rating.ConversationID, of.rating.SourceKey = "example-7", "example-8", "example-7", "example:8"
		return only(tx.AddExampleData(models.ExampleData{
			Contacts:      []models.Contact{{WorkspaceID: "theirs", ID: "example-c"}},
			Conversations: []models.Conversation{of.talk}, Ratings: []models.Rating{of.rating},
		}))
	})},
	"Tx.RemoveExampleData": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.RemoveExampleData()) })},
	"Tx.NewID":             {"", nil}, // reaches no row
	"Tx.SQL":               {"", nil}, // the one way around: for the job queue, which has tables of its own
}

// countAll adds up what a report says. TestReportsEqualPlainCounting looks closer, with many workspaces in one database.
func countAll(t models.Tenant) (int64, error) {
	r, err := t.Report(ctx, always(time.UTC))
	return r.Rated + r.FirstNegative + r.Requests.Delivered + int64(len(r.Days)+len(r.Moves)), err
}

func writesTo(t models.Tenant) (whose string, err error) {
	err = t.Write(ctx, func(tx *models.Tx) error {
		if tx.Workspace == t.Workspace {
			whose = "own"
		}
		return nil
	})
	return whose, err
}

// The table names every method, so that whoever adds one thinks of other workspaces.
func TestEveryMethodIsTriedOnAnotherWorkspace(t *testing.T) {
	seen := map[string]bool{}
	for prefix, kind := range map[string]reflect.Type{"Tenant.": reflect.TypeFor[models.Tenant](), "Tx.": reflect.TypeFor[*models.Tx]()} {
		for i := range kind.NumMethod() {
			name := prefix + kind.Method(i).Name
			seen[name] = true
			if _, ok := attempts[name]; !ok {
				t.Errorf("%s is new: add it to attempts, with the rows of another workspace", name)
			}
		}
	}
	for name := range attempts {
		if !seen[name] {
			t.Errorf("%s is gone: take it out of attempts", name)
		}
	}
}

// Whatever a workspace calls, with ids and even whole rows of another, it reads nothing of it and changes nothing.
func TestWorkspacesAreApart(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		other := install(t, db, "theirs")
		rows := fill(t, other, secret)
		all := keyed(t, db)
		before := dump(t, db, all, "theirs")
		if n := strings.Count(fmt.Sprint(before), secret); n < 8 {
			t.Fatalf("the other workspace holds the secret %d times only: %v", n, before)
		}
		for name, try := range attempts {
			if try.call == nil {
				continue
			}
			got := call(install(t, db, "empty "+name), try, rows)
			if try.quiet != "" && got != try.quiet {
				t.Errorf("%s, in an empty workspace: %s, want %s", name, got, try.quiet)
			}
			twin := install(t, db, "twin "+name)
			fill(t, twin, "own")
			for whose, answer := range map[string]string{"an empty workspace": got, "one with the same ids": call(twin, try, rows)} {
				if strings.Contains(answer, secret) {
					t.Errorf("%s, in %s, answers rows of another workspace: %s", name, whose, answer)
				}
			}
			if after := dump(t, db, all, "theirs"); !reflect.DeepEqual(after, before) {
				t.Fatalf("%s changed another workspace (-before +after)\n%s", name, cmp.Diff(before, after))
			}
		}
	})
}

// call answers as JSON, or the error: "not found", or "refused" for any other.
func call(tenant models.Tenant, try attempt, rows theirs) string {
	var got any
	var err error
	switch do := try.call.(type) {
	case reads:
		got, err = do(tenant, rows)
	case writes:
		err = tenant.Write(ctx, func(tx *models.Tx) (err error) {
			got, err = do(tx, rows)
			return err
		})
	}
	if err != nil {
		if err.Error() == models.ErrNotFound.Error() {
			return "not found"
		}
		return "refused"
	}
	body, err := json.Marshal(got)
	if err != nil {
		return err.Error()
	}
	return string(body)
}
