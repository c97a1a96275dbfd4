package models_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
	"rerate/internal/segment"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
)

// secret stands in every text of the workspace that must stay out of reach.
const secret = "SECRET"

// theirs are the rows that another workspace asks for by their right names.
type theirs struct {
	segment models.Segment
	message models.SegmentMessage
	rating  models.Rating
	request models.Request
	back    models.WriteBack
	key     models.APIKey
	who     models.Teammate
	talk    models.Conversation
	contact models.Contact
	words   models.Feedback
	look    models.HomeLook
	file    models.Import
	row     models.ImportRow
	mail    models.DigestMail

	recipient models.DigestRecipient
	reply     models.Reply
	target    models.Endpoint
	told      models.Delivery
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
				return tx.SaveProfile(models.Profile{
					Contact:   models.Contact{ID: "c", Locale: text, Attributes: map[string]any{text: text}},
					Companies: []models.Company{{ID: "b", Name: text, Plan: text, Attributes: map[string]any{text: true}}},
					Events:    []models.ContactEvent{{Name: text, Count: 1}},
				})
			},
			func() error {
				all.segment, err = tx.SaveSegment(models.Segment{Name: text, Channel: models.InApp, Subject: text, Body: text}, "1")
				return err
			},
			func() error {
				_, err := tx.EnterSegment(all.segment.ID, "c")
				return err
			},
			func() error {
				all.message, _, err = tx.PlanMessage(all.segment, "c", "")
				return err
			},
			func() error {
				all.request, err = tx.SendRequest(all.talk, models.ByCard, 1, func(time.Time) bool { return true })
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
				return tx.AddReply(models.Reply{ID: tx.NewID(), RatingID: all.rating.ID, ConversationID: "7", AuthorID: "1", AuthorName: text, Body: text})
			},
			func() error {
				return tx.SetRequestCredit(all.request.ID, rating.Part{ID: "1", Name: text}, rating.LastHumanReply)
			},
			func() error {
				return tx.ChangeRequest(all.request.ID, map[string]any{"closed_at": tx.Now, "automatic": true, "facts": rating.Close{Tags: []string{text}}})
			},
			func() error {
				s := rating.DefaultSettings()
				s.WriteBack.Tag = text
				return tx.ChangeSettings(s, text)
			},
			func() error {
				_, err := tx.AddEvent(models.Event{NotificationID: "n", Topic: text, ConversationID: "7"})
				return err
			},
			func() error {
				_, err := tx.AddFeedback(models.Feedback{Source: models.FromHome, SourceKey: "same key", Text: text, ContactID: "c"})
				return err
			},
			func() error { all.look, err = tx.ShowHome("c", "7"); return err },
			func() error { _, err := tx.TakeHomeTap("same hash"); return err },
			func() error { return tx.SetSubject("7", text) },
			func() error {
				return tx.AddCalls([]models.Call{{
					At: tx.Now, Direction: models.FromThem, Kind: text, ConversationID: "7", Outcome: models.CallDone,
				}})
			},
			func() error { return tx.SavePoll(models.Poll{Since: tx.Now, Until: tx.Now, NextPage: text}) },
			func() error {
				all.file, err = tx.AddImport(models.Import{FileName: text, File: []byte(text), Author: text})
				all.file.State = models.ImportAdding
				return errors.Join(err, tx.SaveImport(all.file))
			},
			func() error {
				all.row = importRow(2, "7", "c", 3, 1)
				all.row.Remark = text
				_, err := tx.StageImport(all.file, []models.ImportRow{all.row})
				return err
			},
			func() error { _, _, err := tx.PrepareImport(all.file, models.Unit{}, 10); return err },
			func() error { return tx.BeginRecount(models.Check, models.RecountAsked) },
			func() error {
				_, err := tx.StartBackfill(models.Backfill{Phase: models.BackfillPast, StartedBy: text})
				return err
			},
			func() error { _, err := tx.ReadWholeLater([]string{"7"}); return err },
			func() error {
				return tx.SaveDigest(models.Digest{Enabled: true, Weekday: time.Monday, Hour: 9, Since: tx.Now, SavedBy: text})
			},
			func() error { return tx.AddDigestRecipient("1", text) },
			func() error {
				all.mail, _, err = tx.PlanDigest(models.DigestMail{Week: "2026-02-23", Email: text, GiveUpAt: tx.Now})
				return err
			},
			func() error {
				all.target, err = tx.AddEndpoint(models.Endpoint{ID: tx.NewID(), Kind: models.EventEndpoint, Name: text, Shown: text, Paused: true, PausedWhy: text})
				return err
			},
			func() error {
				d := models.Delivery{EndpointID: all.target.ID, Type: text, Key: "same key", RatingID: all.rating.ID, SummaryID: "s", At: tx.Now, DueAt: tx.Now}
				return tx.PlanDelivery(d)
			},
			func() error { all.told, err = tx.DeliveryOf(all.target.ID, "same key"); return err },
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	all.talk = must(tenant.Conversation(ctx, "7"))(t)
	all.reply = must(tenant.RepliesOf(ctx, "7"))(t)[0]
	all.back = must(tenant.WriteBacksOf(ctx, all.rating.ID))(t)[0]
	all.words = must(tenant.Feedback(ctx, models.FeedbackFilter{}, nil, 1))(t)[0]
	all.contact = must(tenant.Contacts(ctx, []string{"c"}))(t)["c"]
	all.recipient = must(tenant.DigestRecipients(ctx))(t)[0]
	return all
}

func yes(time.Time) bool { return true }

// everything is what no segment needs more of.
var everything = segment.Needs{Companies: true, Events: true, Rating: true, Asked: true}

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
	"Tenant.Get":   {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Get(ctx) })},
	"Tenant.Write": {`"own"`, reads(func(t models.Tenant, _ theirs) (any, error) { return writesTo(t, t.Write) })},
	"Tenant.Together": {"not found", reads(func(t models.Tenant, of theirs) (any, error) {
		return nil, t.Together(ctx, models.Act{Conversation: "7", Contact: of.rating.ContactID}, func(tx *models.Tx) error {
			_, err := tx.LatestAnswer(of.rating.RequestID, of.rating.ContactID)
			return err
		})
	})},
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
	"Tenant.DueRequests":         {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.DueRequests(ctx, "7") })},
	"Tenant.RequestsOf":          {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.RequestsOf(ctx, "7") })},
	"Tenant.Rating":              {"not found", reads(func(t models.Tenant, of theirs) (any, error) { return t.Rating(ctx, of.rating.ID) })},
	"Tenant.RatingsOf":           {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.RatingsOf(ctx, "7") })},
	"Tenant.Recoverers":          {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Recoverers(ctx, always(time.UTC)) })},
	"Tenant.TeammateReports":     {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.TeammateReports(ctx, always(time.UTC)) })},
	"Tenant.TeammateDays":        {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.TeammateDays(ctx, always(time.UTC)) })},
	"Tenant.Report":              {"0", reads(func(t models.Tenant, _ theirs) (any, error) { return countAll(t) })},
	"Tenant.Ratings": {"[]", reads(func(t models.Tenant, of theirs) (any, error) {
		after := &models.Cursor{At: of.rating.At.Add(time.Hour), ID: "z"}
		return t.Ratings(ctx, models.RatingFilter{Filter: always(time.UTC), Conversation: "7", Contact: "c"}, after, 10)
	})},
	"Tenant.RatingPage": {"0", reads(func(t models.Tenant, _ theirs) (any, error) {
		page, err := t.RatingPage(ctx, models.RatingFilter{Filter: always(time.UTC), Search: secret}, nil, 10)
		return len(page.Rows) + page.Total.N, err
	})},
	"Tenant.RepliesOf": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.RepliesOf(ctx, "7") })},
	"Tenant.CountRatings": {"0", reads(func(t models.Tenant, _ theirs) (any, error) {
		return t.CountRatings(ctx, models.RatingFilter{Filter: always(time.UTC), Conversation: "7", Contact: "c"})
	})},
	"Tenant.Waiting": {"[]", reads(func(t models.Tenant, of theirs) (any, error) {
		return t.Waiting(ctx, models.RatingFilter{Filter: always(time.UTC)}, &models.Cursor{ID: of.rating.ID}, 10)
	})},
	"Tenant.CountWaiting": {"[0,0]", reads(func(t models.Tenant, _ theirs) (any, error) {
		all, ready, err := t.CountWaiting(ctx, models.RatingFilter{Filter: always(time.UTC)})
		return []int64{all, ready}, err
	})},
	"Tenant.WaitingIn":       {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.WaitingIn(ctx, "7") })},
	"Tenant.SetUp":           {`{"WebhookAt":null,"CardRatedAt":null,"PublishedAt":null,"ReRatedAt":null}`, reads(func(t models.Tenant, _ theirs) (any, error) { return t.SetUp(ctx) })},
	"Tenant.HasRatings":      {"false", reads(func(t models.Tenant, _ theirs) (any, error) { return t.HasRatings(ctx) })},
	"Tenant.RecentTags":      {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.RecentTags(ctx, 9) })},
	"Tenant.RecentCompanies": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.RecentCompanies(ctx, 9) })},
	"Tenant.FindCompanies":   {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.FindCompanies(ctx, secret, 9) })},
	"Tenant.Company":         {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Company(ctx, "b") })},
	"Tenant.HasCompanies":    {"false", reads(func(t models.Tenant, _ theirs) (any, error) { return t.HasCompanies(ctx) })},
	"Tenant.CompanyReports":  {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.CompanyReports(ctx, always(time.UTC)) })},
	"Tenant.CompanyPeople": {"[0,0]", reads(func(t models.Tenant, _ theirs) (any, error) {
		of := always(time.UTC)
		of.Company = "b"
		people, all, err := t.CompanyPeople(ctx, of, 9)
		return []int{len(people), int(all)}, err
	})},
	"Tenant.SegmentsOf": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.SegmentsOf(ctx, "c") })},
	"Tenant.FirstDay": {`"2999-12-31"`, reads(func(t models.Tenant, _ theirs) (any, error) {
		return t.FirstDay(ctx, stats.Range{From: "1970-01-01", To: "2999-12-31", Zone: time.UTC})
	})},
	"Tenant.CreditedTeammates": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.CreditedTeammates(ctx) })},
	"Tenant.UsedChannels":      {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.UsedChannels(ctx) })},
	"Tenant.WriteBacksOf":      {"[]", reads(func(t models.Tenant, of theirs) (any, error) { return t.WriteBacksOf(ctx, of.rating.ID) })},

	"Tenant.DueWriteBacks": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.DueWriteBacks(ctx, "7") })},
	"Tenant.Ledger": {"[]", reads(func(t models.Tenant, of theirs) (any, error) {
		after := &models.Cursor{At: of.rating.At.Add(time.Hour), ID: "z"}
		return t.Ledger(ctx, models.LedgerFilter{Filter: always(time.UTC), Conversation: "7"}, after, 10)
	})},
	"Tenant.LedgerRow": {"not found", reads(func(t models.Tenant, of theirs) (any, error) { return t.LedgerRow(ctx, of.request.ID) })},
	"Tenant.LedgerSums": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) {
		return t.LedgerSums(ctx, models.LedgerFilter{Conversation: "7"})
	})},
	"Tenant.LedgerTeammates": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.LedgerTeammates(ctx, models.LedgerFilter{}) })},
	"Tenant.LedgerChannels": {"0", reads(func(t models.Tenant, _ theirs) (any, error) {
		channels, err := t.LedgerChannels(ctx, models.LedgerFilter{})
		return len(channels), err
	})},
	"Tenant.PastCloses": {"[null,null]", reads(func(t models.Tenant, _ theirs) (any, error) {
		closes, asks, err := t.PastCloses(ctx, time.Time{}, 10)
		return []any{closes, asks}, err
	})},
	"Tenant.HasRequests":     {"false", reads(func(t models.Tenant, _ theirs) (any, error) { return t.HasRequests(ctx) })},
	"Tenant.SettingsChanges": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.SettingsChanges(ctx, 10) })},
	"Tenant.SettingsAt": {"", reads(func(t models.Tenant, _ theirs) (any, error) {
		s, err := t.SettingsAt(ctx, time.Time{})
		return s, err
	})},
	"Tenant.LedgerOf":     {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.LedgerOf(ctx, "7") })},
	"Tenant.WordingDraft": {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.WordingDraft(ctx) })},
	"Tenant.WordingUse": {"[0,0]", reads(func(t models.Tenant, _ theirs) (any, error) {
		sent, rated, err := t.WordingUse(ctx, 1)
		return []int64{sent, rated}, err
	})},
	"Tenant.WordingsBefore": {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.WordingsBefore(ctx, 9, 9) })},

	"Tenant.Feedback": {"[]", reads(func(t models.Tenant, of theirs) (any, error) {
		after := &models.Cursor{At: of.words.At.Add(time.Hour), ID: "z"}
		return t.Feedback(ctx, models.FeedbackFilter{Contact: "c", Text: "e"}, after, 10)
	})},
	"Tenant.CountFeedback": {"0", reads(func(t models.Tenant, _ theirs) (any, error) {
		return t.CountFeedback(ctx, models.FeedbackFilter{Contact: "c"})
	})},
	"Tenant.CountOlder": {"[0,0]", reads(func(t models.Tenant, _ theirs) (any, error) {
		ratings, remarks, err := t.CountOlder(ctx, modelstest.Start.AddDate(9, 0, 0))
		return []int64{ratings, remarks}, err
	})},
	"Tenant.StoresOf": {"false", reads(func(t models.Tenant, _ theirs) (any, error) { return t.StoresOf(ctx, "c") })},
	"Tenant.ExportContact": {"0", reads(func(t models.Tenant, _ theirs) (any, error) {
		rows := 0
		err := t.ExportContact(ctx, "c", func(string, []models.Field) error { rows++; return nil })
		return rows, err
	})},
	"Tenant.LastClosed": {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.LastClosed(ctx, "c") })},
	"Tenant.Calls": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) {
		return t.Calls(ctx, models.CallFilter{Tab: models.LiveCalls, Conversation: "7"}, nil, 10)
	})},
	"Tenant.CountCalls": {"{}", reads(func(t models.Tenant, _ theirs) (any, error) {
		return t.CountCalls(ctx, models.CallFilter{Conversation: "7"})
	})},
	"Tenant.CallKinds": {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.CallKinds(ctx) })},
	"Tenant.TrimCalls": {"null", reads(func(t models.Tenant, _ theirs) (any, error) {
		return only(t.TrimCalls(ctx, models.CallBounds{Bite: 10}))
	})},
	"Tenant.Poll": {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Poll(ctx) })},

	"Tenant.Endpoints":        {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Endpoints(ctx) })},
	"Tenant.Endpoint":         {"not found", reads(func(t models.Tenant, of theirs) (any, error) { return t.Endpoint(ctx, of.target.ID) })},
	"Tenant.StoppedEndpoints": {"0", reads(func(t models.Tenant, _ theirs) (any, error) { return t.StoppedEndpoints(ctx) })},
	"Tenant.Deliveries": {"[]", reads(func(t models.Tenant, of theirs) (any, error) {
		after := &models.Cursor{At: of.told.CreatedAt.Add(time.Hour), ID: "z"}
		return t.Deliveries(ctx, models.DeliveryFilter{Endpoint: of.target.ID, State: models.DeliveryWaiting}, after, 10)
	})},
	"Tenant.CountDeliveries": {"{}", reads(func(t models.Tenant, _ theirs) (any, error) { return t.CountDeliveries(ctx) })},
	"Tx.AddEndpoint": {"", writes(func(tx *models.Tx, of theirs) (any, error) {
		return tx.AddEndpoint(models.Endpoint{WorkspaceID: "theirs", ID: of.target.ID, Kind: models.SlackEndpoint, Name: "mine"})
	})},
	"Tx.HoldEndpoint": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.HoldEndpoint(of.target.ID) })},
	"Tx.SaveEndpoint": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.target.Name = "mine"
		return only(tx.SaveEndpoint(of.target))
	})},
	"Tx.DeleteEndpoint": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.DeleteEndpoint(of.target.ID)) })},
	"Tx.Endpoints":      {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Endpoints() })},
	"Tx.PlanDelivery": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.told.WorkspaceID = "theirs"
		return only(tx.PlanDelivery(of.told))
	})},
	"Tx.DeliveryOf":     {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.DeliveryOf(of.target.ID, "same key") })},
	"Tx.NextDelivery":   {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.NextDelivery(of.target.ID) })},
	"Tx.Delivery":       {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.Delivery(of.told.ID) })},
	"Tx.DropDelivery":   {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.DropDelivery(of.told.ID)) })},
	"Tx.DeliveriesInto": {"", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.DeliveriesInto("s") })},
	"Tx.SaveDelivery": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.told.Detail = "mine"
		return only(tx.SaveDelivery(of.told))
	})},
	"Tx.OverdueEndpoints": {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) {
		ids, err := tx.OverdueEndpoints(tx.Now.Add(time.Hour))
		if ids == nil {
			ids = []string{}
		}
		return ids, err
	})},

	"Tx.AddCalls": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.AddCalls([]models.Call{{WorkspaceID: "theirs", At: tx.Now, Direction: models.ToThem, Outcome: models.CallDone}}))
	})},
	"Tx.SavePoll": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.SavePoll(models.Poll{WorkspaceID: "theirs", Since: tx.Now, Until: tx.Now, NextPage: "mine"}))
	})},
	"Tx.KnownConversations": {"{}", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.KnownConversations("7") })},
	"Tx.MergeContact":       {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.MergeContact("c", "d")) })},
	"Tx.FinishPoll": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.FinishPoll(models.Poll{WorkspaceID: "theirs", Until: tx.Now}))
	})},

	"Tenant.Recount": {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Recount(ctx, models.Check) })},
	"Tenant.GoOn":    {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.GoOn(ctx, models.Check) })},
	"Tenant.CheckPiece": {"0", reads(func(t models.Tenant, _ theirs) (any, error) {
		r := models.NewRecount(models.Check, models.RecountAsked)
		for r.UnderWay() {
			if err := t.CheckPiece(ctx, &r); err != nil {
				return nil, err
			}
		}
		return r.Drifted, nil
	})},
	"Tx.BeginRecount": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.BeginRecount(models.Check, models.RecountNightly))
	})},

	"Tenant.Import":  {"not found", reads(func(t models.Tenant, of theirs) (any, error) { return t.Import(ctx, of.file.ID) })},
	"Tenant.Imports": {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Imports(ctx, 10) })},
	"Tenant.KnownSources": {"{}", reads(func(t models.Tenant, of theirs) (any, error) {
		return t.KnownSources(ctx, []string{of.rating.SourceKey})
	})},
	"Tenant.Backfill": {"not found", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Backfill(ctx) })},
	"Tenant.ToReadWhole": {"", reads(func(t models.Tenant, _ theirs) (any, error) {
		ids, err := t.ToReadWhole(ctx, 10)
		return len(ids), err
	})},

	"Tx.AddImport": {"", writes(func(tx *models.Tx, of theirs) (any, error) {
		return tx.AddImport(models.Import{WorkspaceID: "theirs", ID: of.file.ID})
	})},
	"Tx.HoldImport": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.HoldImport(of.file.ID) })},
	"Tx.SaveImport": {"", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.file.FileName = "mine"
		return only(tx.SaveImport(of.file))
	})},
	"Tx.StageImport": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.row.WorkspaceID, of.row.SourceKey = "theirs", "another"
		return tx.StageImport(of.file, []models.ImportRow{of.row})
	})},
	"Tx.PrepareImport": {"0", writes(func(tx *models.Tx, of theirs) (any, error) {
		_, n, err := tx.PrepareImport(of.file, models.Unit{}, 10)
		return n, err
	})},
	"Tx.FinishImport": {"", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.file.State = models.ImportRemoving
		return only(tx.FinishImport(of.file, 10))
	})},
	"Tx.ClearImport":  {"false", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.ClearImport(of.file.ID, 10) })},
	"Tx.HoldBackfill": {"not found", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.HoldBackfill() })},
	"Tx.StartBackfill": {"", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return tx.StartBackfill(models.Backfill{WorkspaceID: "theirs", Phase: models.BackfillPast})
	})},
	"Tx.SaveBackfill": {"", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.SaveBackfill(models.Backfill{WorkspaceID: "theirs", State: models.BackfillDone, Phase: models.BackfillPast}))
	})},
	"Tx.TeammateNames": {"{}", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.TeammateNames() })},
	"Tx.AddPast": {"", writes(func(tx *models.Tx, of theirs) (any, error) {
		known, _, err := tx.AddPast([]models.Past{{Conversation: of.talk, Contacts: []models.Contact{of.contact}, Rating: &of.rating, Close: &of.request}})
		return len(known), err
	})},
	"Tx.AddPastClose": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.AddPastClose(of.talk, models.Request{Episode: 9, ClosedAt: &tx.Now}))
	})},
	"Tx.ReadWholeLater": {"1", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.ReadWholeLater([]string{"7"}) })},
	"Tx.HasReadWhole":   {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.HasReadWhole([]string{"7"})) })},

	"Tenant.Digest":           {"", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Digest(ctx) })},
	"Tenant.DigestRecipients": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.DigestRecipients(ctx) })},
	"Tenant.DigestMails":      {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.DigestMails(ctx, "1970-01-01") })},
	"Tenant.OverdueDigestMails": {"[]", reads(func(t models.Tenant, of theirs) (any, error) {
		return t.OverdueDigestMails(ctx, of.mail.DueAt.Add(time.Hour))
	})},
	"Tenant.DigestRemarks": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) {
		return t.DigestRemarks(ctx, always(time.UTC).Range, rating.Negative, 10)
	})},
	"Tx.HoldDigest": {"", writes(func(tx *models.Tx, _ theirs) (any, error) {
		d, err := tx.HoldDigest()
		return d.Enabled, err
	})},
	"Tx.SaveDigest": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.SaveDigest(models.Digest{WorkspaceID: "theirs", Since: tx.Now, SavedBy: "mine"}))
	})},
	"Tx.DigestRecipients":   {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.DigestRecipients() })},
	"Tx.AddDigestRecipient": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.AddDigestRecipient("1", "")) })},
	"Tx.RemoveDigestRecipient": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.RemoveDigestRecipient(of.recipient.ID))
	})},
	"Tx.UnsubscribeDigest": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.UnsubscribeDigest(of.recipient.ID))
	})},
	"Tx.PlanDigest": {"true", writes(func(tx *models.Tx, of theirs) (any, error) {
		_, planned, err := tx.PlanDigest(of.mail)
		return planned, err
	})},
	"Tx.DigestMail": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.DigestMail(of.mail.ID) })},
	"Tx.SaveDigestMail": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.mail.State = models.DigestSent
		return only(tx.SaveDigestMail(of.mail))
	})},

	"Tx.Get":      {"", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Get() })},
	"Tx.Settings": {"", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Settings() })},
	"Tx.Install": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.Install(models.Workspace{ID: "theirs", Settings: rating.DefaultSettings()}))
	})},
	"Tx.Uninstall":    {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.Uninstall()) })},
	"Tx.SetToken":     {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.SetToken([]byte("mine"))) })},
	"Tx.TokenInvalid": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.TokenInvalid()) })},
	"Tx.SaveSettings": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(moveTo(tx, "Asia/Tokyo")) })},
	"Tx.ChangeSettings": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		s := rating.DefaultSettings()
		s.Ask.Leads = false
		return only(tx.ChangeSettings(s, "mine"))
	})},
	"Tx.HealthSeen": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.HealthSeen()) })},
	"Tx.DryRunSeen": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.DryRunSeen()) })},
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
	"Tenant.CompaniesOf": {"null", reads(func(t models.Tenant, _ theirs) (any, error) { return t.CompaniesOf(ctx, "c") })},
	"Tenant.EventsOf":    {"{}", reads(func(t models.Tenant, _ theirs) (any, error) { return t.EventsOf(ctx, "c") })},
	"Tx.ClaimProfile":    {"false", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.ClaimProfile("c", time.Hour) })},
	"Tx.ProfilesDue":     {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.ProfilesDue([]string{"c"}) })},
	"Tx.ReleaseProfile":  {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.ReleaseProfile("c", tx.Now)) })},
	"Tx.SaveProfile": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.SaveProfile(models.Profile{
			Contact: models.Contact{WorkspaceID: "theirs", ID: "c", Locale: "fr"}, Companies: []models.Company{{WorkspaceID: "theirs", ID: "b"}},
			Events: []models.ContactEvent{{WorkspaceID: "theirs", ContactID: "c", Name: "mine"}},
		}))
	})},
	"Tx.ContactGone":  {"false", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.ContactGone("c", "d") })},
	"Tx.Membership":   {fmt.Sprint(int(models.Stranger)), writes(func(tx *models.Tx, of theirs) (any, error) { return tx.Membership(of.talk, "c") })},
	"Tx.Contact":      {"not found", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Contact("c") })},
	"Tx.Participants": {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.Participants("7") })},
	"Tx.SaveCourse": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return only(tx.SaveCourse("7", models.Course{State: models.StateClosed, ChangedAt: tx.Now}))
	})},
	"Tenant.Segments": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.Segments(ctx) })},
	"Tenant.Segment":  {"not found", reads(func(t models.Tenant, of theirs) (any, error) { return t.Segment(ctx, of.segment.ID) })},
	"Tenant.MembersOf": {"", reads(func(t models.Tenant, of theirs) (any, error) {
		ids, err := t.MembersOf(ctx, of.segment.ID, "", 10)
		return len(ids), err
	})},
	"Tenant.SegmentCounts":   {"{}", reads(func(t models.Tenant, _ theirs) (any, error) { return t.SegmentCounts(ctx) })},
	"Tenant.PeopleAfter":     {"null", reads(func(t models.Tenant, _ theirs) (any, error) { return t.PeopleAfter(ctx, "", 10, everything) })},
	"Tenant.ContactIDsAfter": {"[]", reads(func(t models.Tenant, _ theirs) (any, error) { return t.ContactIDsAfter(ctx, "", 10) })},
	"Tenant.SegmentMessages": {"[]", reads(func(t models.Tenant, of theirs) (any, error) {
		return t.SegmentMessages(ctx, models.MessageFilter{Segment: of.segment.ID, State: models.MessageWaiting}, nil, 10)
	})},
	"Tenant.MessageOutcomes": {"{}", reads(func(t models.Tenant, of theirs) (any, error) {
		of.message.RequestID = of.request.ID
		return t.MessageOutcomes(ctx, []models.SegmentMessage{of.message})
	})},
	"Tx.Segment":      {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.Segment(of.segment.ID) })},
	"Tx.HoldSegments": {"[]", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.HoldSegments(of.segment.ID) })},
	"Tx.SaveSegment": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.segment.Name = "mine"
		return tx.SaveSegment(of.segment, "1")
	})},
	"Tx.DeleteSegment": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.DeleteSegment(of.segment.ID)) })},
	"Tx.SetSegment":    {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.SetSegment(of.segment.ID, true, true)) })},
	"Tx.SegmentWorkedThrough": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.SegmentWorkedThrough(of.segment.ID, 1))
	})},
	"Tx.EnterSegment": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.EnterSegment(of.segment.ID, "c") })},
	"Tx.LeaveSegment": {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.LeaveSegment(of.segment.ID, "c")) })},
	"Tx.MembersAmong": {"{}", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.MembersAmong([]string{"c"}) })},
	"Tx.InSegment":    {"false", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.InSegment(of.segment.ID, "c") })},
	"Tx.People":       {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.People([]string{"c"}, everything) })},
	"Tx.PlanMessage": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		m, _, err := tx.PlanMessage(of.segment, "c", "1")
		return m.ID, err
	})},
	"Tx.SegmentMessage": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) {
		m, _, err := tx.SegmentMessage(of.message.ID)
		return m, err
	})},
	"Tx.SaveSegmentMessage": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.message.State, of.message.Detail = models.MessageSent, "mine"
		return only(tx.SaveSegmentMessage(of.message))
	})},
	"Tx.MessageArrived": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.message.RequestID, of.message.ConversationID = of.request.ID, "7"
		return only(tx.MessageArrived(of.message))
	})},
	"Tx.AskedSince":      {"false", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.AskedSince("c", time.Time{}) })},
	"Tx.OverdueMessages": {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.OverdueMessages(tx.Now.AddDate(1, 0, 0), 10) })},
	"Tx.WaitingMessages": {"[]", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.WaitingMessages(of.segment.ID, "", 10) })},
	"Tx.ReadConversation": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.ReadConversation(of.talk, "email", []string{"intruder"}))
	})},
	"Tx.ConversationDeleted": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.ConversationDeleted("7")) })},
	"Tx.WaitingFiles":        {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.WaitingFiles() })},
	"Tx.NamesOf":             {`["c"]`, writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.NamesOf("c") })},
	"Tx.EraseOld":            {"0", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.EraseOld(tx.Now.AddDate(9, 0, 0), 100) })},
	"Tx.ForgetSilent":        {`""`, writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.ForgetSilent(tx.Now.AddDate(9, 0, 0), "", 100) })},
	"Tx.EraseWorkspace":      {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.EraseWorkspace()) })},
	"Tx.DropFile":            {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.DropFile(of.file.ID)) })},
	"Tx.Wipe": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) {
		if err := tx.EraseWorkspace(); err != nil {
			return nil, err
		}
		var at models.Wiped
		var err error
		for !at.Done && err == nil {
			at, err = tx.Wipe(at, 2)
		}
		return nil, err
	})},
	"Tx.EraseContact": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.EraseContact("c")) })},
	"Tx.Request":      {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.Request(of.request.ID) })},
	"Tx.SendRequest":  {"refused", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.SendRequest(of.talk, models.ByCard, 1, yes) })},
	"Tx.MoveRequest": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		return tx.MoveRequest(of.request, rating.Look, nil)
	})},
	"Tx.BeginRequest": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		return tx.BeginRequest(of.talk, rating.Plan, models.Request{WorkspaceID: "theirs", Method: models.ByLink})
	})},
	"Tx.ChangeRequest": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.ChangeRequest(of.request.ID, map[string]any{"detail": "mine"}))
	})},
	"Tx.ContactAskedAt": {`"0001-01-01T00:00:00Z"`, writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.ContactAskedAt("c", "") })},
	"Tx.OpenRequests":   {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.OpenRequests(tx.Now.AddDate(1, 0, 0), 10) })},
	"Tx.OverdueRequests": {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return tx.OverdueRequests(tx.Now.AddDate(1, 0, 0), tx.Now.AddDate(1, 0, 0))
	})},
	"Tx.RequestRated":    {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.RequestRated(of.request.ID)) })},
	"Tx.RequestRemarked": {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.RequestRemarked(of.request.ID)) })},
	"Tx.SetRequestCredit": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.SetRequestCredit(of.request.ID, rating.Part{ID: "2"}, rating.LastBotReply))
	})},
	"Tx.RequestsOf": {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.RequestsOf("7") })},
	"Tx.AddRating": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		stored, _, err := tx.AddRating(of.rating)
		return stored, err
	})},
	"Tx.Rating": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.Rating(of.rating.ID) })},
	"Tx.RequestAfter": {"not found", writes(func(tx *models.Tx, _ theirs) (any, error) {
		return tx.RequestAfter(models.Request{ConversationID: "7"})
	})},
	"Tx.OnlyContact": {`""`, writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.OnlyContact("7") })},
	"Tx.Judge": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		r := of.rating
		r.WhyNot = models.Suspect
		return only(tx.Judge(r))
	})},
	"Tx.LatestAnswer":   {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.LatestAnswer(of.request.ID, "c") })},
	"Tx.AddRemark":      {"false", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.AddRemark(of.rating.ID, "mine") })},
	"Tx.SetWhatChanged": {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.SetWhatChanged(of.rating.ID, "fixed")) })},
	"Tx.SetWhyNot":      {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.SetWhyNot(of.rating, models.Void)) })},
	"Tx.SetReplied":     {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.SetReplied(of.rating, models.Yes)) })},
	"Tx.SetCredit": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.SetCredit(of.rating, rating.Part{ID: "2"}, "x"))
	})},
	"Tx.RatingsOf":  {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.RatingsOf("7") })},
	"Tx.WriteLater": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.WriteLater(of.rating, tx.Now, models.Tag)) })},
	"Tx.SyncLater":  {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.SyncLater("7", tx.Now)) })},
	"Tx.WriteAgain": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		return only(tx.WriteAgain(of.rating, tx.Now, models.FollowUp))
	})},
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
	"Tx.IndexRemarks":         {`""`, writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.IndexRemarks("", 100) })},
	"Tx.SetHandled":           {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.SetHandled(of.rating.ID, "mine")) })},
	"Tx.AddReply": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.reply.ID = "another"
		return only(tx.AddReply(of.reply))
	})},
	"Tx.Reply": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.Reply(of.reply.ID) })},
	"Tx.SaveReply": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.reply.Detail = "mine"
		return only(tx.SaveReply(of.reply))
	})},
	"Tx.RetryReply":     {"null", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.RetryReply(of.reply.ID)) })},
	"Tx.RepliesOf":      {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.RepliesOf("7") })},
	"Tx.OverdueReplies": {"[]", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.OverdueReplies(tx.Now.AddDate(1, 0, 0)) })},
	"Tx.RebuildReports": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.RebuildReports()) })},
	"Tx.AddExampleData": {"null", writes(func(tx *models.Tx, of theirs) (any, error) {
		of.talk.ID, of.rating.ID, of.rating.ConversationID, of.rating.SourceKey = "example-7", "example-8", "example-7", "example:8"
		return only(tx.AddExampleData(models.ExampleData{
			Contacts:      []models.Contact{{WorkspaceID: "theirs", ID: "example-c"}},
			Conversations: []models.Conversation{of.talk}, Ratings: []models.Rating{of.rating},
		}))
	})},
	"Tx.RemoveExampleData": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.RemoveExampleData()) })},
	"Tx.AddFeedback": {"true", writes(func(tx *models.Tx, of theirs) (any, error) {
		return tx.AddFeedback(models.Feedback{WorkspaceID: "theirs", ID: of.words.ID, Source: models.FromTeammate, SourceKey: "another key"})
	})},
	"Tx.HandleFeedback": {"not found", writes(func(tx *models.Tx, of theirs) (any, error) { return only(tx.HandleFeedback(of.words.ID, "mine")) })},
	"Tx.ShowHome": {`"9"`, writes(func(tx *models.Tx, _ theirs) (any, error) {
		look, err := tx.ShowHome("c", "9")
		return look.ConversationID, err
	})},
	"Tx.HomeLook":    {"not found", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.HomeLook("c") })},
	"Tx.UseHomeLook": {"false", writes(func(tx *models.Tx, of theirs) (any, error) { return tx.UseHomeLook(of.look) })},
	"Tx.LastClosed":  {"not found", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.LastClosed("c") })},
	"Tx.SetSubject":  {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.SetSubject("7", "mine")) })},
	"Tx.SetDoNotAsk": {"null", writes(func(tx *models.Tx, _ theirs) (any, error) { return only(tx.SetDoNotAsk("7", true)) })},
	"Tx.TakeHomeTap": {"true", writes(func(tx *models.Tx, _ theirs) (any, error) { return tx.TakeHomeTap("same hash") })},
	"Tx.HomeRequest": {"refused", writes(func(tx *models.Tx, of theirs) (any, error) {
		return tx.HomeRequest(of.talk, "c", 1, false)
	})},
	"Tx.NewID":         {"", nil}, // reaches no row
	"Tx.Exec":          {"", nil}, // of these tests alone, as is the next
	"Tx.WriteRequests": {"", nil},
	"Tx.NameRequest":   {"", nil},
	"Tx.SQL":           {"", nil}, // the one way around: for the job queue, which has tables of its own
}

// countAll adds up what a report says. TestReportsEqualPlainCounting looks closer, with many workspaces in one database.
func countAll(t models.Tenant) (int64, error) {
	r, err := t.Report(ctx, always(time.UTC))
	return r.Rated + r.FirstNegative + r.Asks.Sent + r.Asks.Closed + int64(len(r.Days)+len(r.Moves)), err
}

// writesTo says whose rows a way to write opens.
func writesTo(t models.Tenant, write func(context.Context, func(*models.Tx) error) error) (whose string, err error) {
	err = write(ctx, func(tx *models.Tx) error {
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
