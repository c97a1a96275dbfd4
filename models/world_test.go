package models_test

import (
	"context"
	"time"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
	"rerate/models/modelstest"
)

var ctx = context.Background()

// tb is what tests and property tests have in common.
type tb interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// write runs do in one transaction of the workspace and ends the test when it fails.
func write(t tb, tenant models.Tenant, do func(tx *models.Tx) error) {
	t.Helper()
	if err := tenant.Write(ctx, do); err != nil {
		t.Fatalf("writing to workspace %s: %v", tenant.Workspace, err)
	}
}

// must unwraps an answer that no test expects to fail.
func must[T any](value T, err error) func(tb) T {
	return func(t tb) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// install makes a workspace with the default settings and wording.
func install(t tb, db modelstest.DB, id string) models.Tenant {
	t.Helper()
	tenant := db.Tenant(id)
	write(t, tenant, func(tx *models.Tx) error {
		if err := tx.Install(models.Workspace{
			Name: "Name of " + id, Region: "EU", Token: []byte("sealed"), InstallerID: "1", Settings: rating.DefaultSettings(),
		}); err != nil {
			return err
		}
		_, err := tx.PublishWording(rating.DefaultWording(), "")
		return err
	})
	return tenant
}

// answer is a valid rating of five from a chat; at is after modelstest.Start.
func answer(conversation, contact, key string, score int, at time.Duration) models.Rating {
	return models.Rating{
		ConversationID: conversation, ContactID: contact, Source: models.FromCard, SourceKey: key, Score: score, Scale: 5,
		Sentiment: rating.SentimentOf(score, 5), Emoji: "🙂", Label: "Label", At: modelstest.Start.Add(at), Channel: models.Chat,
	}
}

// add stores a rating in a transaction of its own.
func add(t tb, tenant models.Tenant, r models.Rating) models.Rating {
	t.Helper()
	var stored models.Rating
	write(t, tenant, func(tx *models.Tx) error {
		if _, err := tx.Conversation(r.ConversationID); err != nil {
			return err
		}
		var added bool
		var err error
		if stored, added, err = tx.AddRating(r); err == nil && !added {
			t.Errorf("rating %s was there already", r.SourceKey)
		}
		return err
	})
	return stored
}

// always is a filter that leaves nothing out.
func always(zone *time.Location) models.Filter {
	return models.Filter{Range: stats.Range{From: "1970-01-02", To: "2999-12-30", Zone: zone}}
}

func report(t tb, tenant models.Tenant, f models.Filter) models.Report {
	t.Helper()
	return must(tenant.Report(ctx, f))(t)
}
