package survey

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"rerate/internal/intercom"
)

// attribute is a conversation attribute, with what Intercom shows of it.
type attribute struct{ name, kind, description string }

// attributes hold the ratings.
var attributes = []attribute{
	{"First rating", "integer", "Rerate: the first rating of this conversation"},
	{"Latest rating", "integer", "Rerate: the newest rating of this conversation"},
	{"Counted rating", "decimal", "Rerate: the rating that counts under the workspace's policy"},
	{"Rating change", "string", "Rerate: how the newest rating compares with the first"},
}

// writeAttributes sets those attributes that are not right yet: each change is a visible line in the conversation.
func (e effect) writeAttributes(ctx context.Context) (outcome, error) {
	wanted := map[string]any{
		"First rating":   e.history.First().Score.Value,
		"Latest rating":  e.history.Latest().Score.Value,
		"Counted rating": math.Round(100*e.history.Counted(e.workspace.Settings.Policy)) / 100,
		"Rating change":  string(e.history.Change()),
	}
	for name, value := range wanted {
		if fmt.Sprint(e.read.CustomAttributes[name]) == fmt.Sprint(value) {
			delete(wanted, name)
		}
	}
	if len(wanted) == 0 {
		return done("The attributes are right already."), nil
	}
	if err := ensureAttributes(ctx, e.client, attributes...); err != nil && !isRefusal(err) {
		return outcome{}, err
	}
	if err := e.client.SetConversationAttributes(ctx, e.read.ID, wanted); err != nil {
		return outcome{}, err
	}
	for name, value := range wanted {
		if e.read.CustomAttributes == nil {
			e.read.CustomAttributes = map[string]any{}
		}
		e.read.CustomAttributes[name] = value
	}
	return done("Set %d conversation attributes.", len(wanted)), nil
}

// isRefusal reports whether Intercom says no for good, as it does to an app that may not list or make attributes.
// Somebody may have made them by hand, so setting them is tried all the same.
func isRefusal(err error) bool {
	var failed *intercom.Error
	return errors.As(err, &failed) && !failed.Temporary() && !failed.Unauthorized()
}

// ensureAttributes creates the attributes that the workspace does not have yet; Intercom refuses unknown ones. A job of
// another conversation may do the same at the same time, so a refusal counts only if the attribute is still missing.
func ensureAttributes(ctx context.Context, client *intercom.Client, wanted ...attribute) error {
	missing, err := missingAttributes(ctx, client, wanted)
	if err != nil {
		return err
	}
	var refused error
	for _, a := range missing {
		if _, err := client.CreateConversationAttribute(ctx, a.name, a.kind, a.description); err != nil {
			refused = err
		}
	}
	if refused == nil {
		return nil
	}
	if missing, err = missingAttributes(ctx, client, wanted); err != nil || len(missing) == 0 {
		return err
	}
	return refused
}

func missingAttributes(ctx context.Context, client *intercom.Client, wanted []attribute) ([]attribute, error) {
	known, err := client.ConversationAttributes(ctx)
	return slices.DeleteFunc(slices.Clone(wanted), func(a attribute) bool {
		return slices.ContainsFunc(known, func(k intercom.ConversationAttribute) bool { return k.Name == a.name })
	}), err
}
