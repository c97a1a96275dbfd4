package handlers

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"rerate/internal/rating"
	"rerate/internal/words"
	"rerate/models"
)

// RatingQuery narrows ratings by the names that the dashboard's pages use. It is exported for the library alone, which
// fills in no embedded type that is not.
type RatingQuery struct {
	From string `query:"from" format:"date" doc:"The first day, in the workspace's time zone; by default the first of all."`
	To   string `query:"to" format:"date" doc:"The last day, included; by default the last of all."`
	FilterQuery
	Valid        string `query:"valid" enum:"yes,no" doc:"yes: part of the figures; no: left out of them."`
	WhyNot       string `query:"why_not" enum:"unverified,suspect,void,test,undone" doc:"Left out for this reason."`
	Search       string `query:"q" maxLength:"200" doc:"Words that the remark has, all of them, in any order; the last may be the beginning of one."`
	Handled      string `query:"handled" enum:"yes,no" doc:"Marked as handled by a teammate, or not."`
	Conversation string `query:"conversation" maxLength:"64"`
	Contact      string `query:"contact" maxLength:"64"`
	First        int    `query:"first" minimum:"1" maximum:"10" doc:"With latest: the latest ratings of conversations that went from one score to the other."`
	Latest       int    `query:"latest" minimum:"1" maximum:"10" doc:"With first."`
}

// The ends of time, as days know it.
const (
	firstOfDays = "1970-01-01"
	lastOfDays  = "2999-12-31"
)

func (q RatingQuery) filter(ctx context.Context, who caller) (models.RatingFilter, error) {
	settings := who.workspace.Settings
	period, err := days(cmp.Or(q.From, firstOfDays), cmp.Or(q.To, lastOfDays), settings)
	if err != nil {
		return models.RatingFilter{}, err
	}
	if q.Search != "" && words.Parse(q.Search).Empty() {
		return models.RatingFilter{}, invalid("query.q", "There must be a word in it.")
	}
	narrowed, err := q.FilterQuery.filter(ctx, who, period)
	if err != nil {
		return models.RatingFilter{}, err
	}
	if (q.First == 0) != (q.Latest == 0) {
		return models.RatingFilter{}, invalid("query.first", "first and latest go together.")
	}
	move := models.Move{First: q.First, Latest: q.Latest}
	if q.First != 0 { // a field of the summary's matrix, which is on the scale of the current wording
		wording, err := who.tenant.Wording(ctx)
		if err != nil {
			return models.RatingFilter{}, err
		}
		move.Scale = len(wording.Body.Options)
	}
	return models.RatingFilter{
		Filter: narrowed,
		Valid:  models.YesNo(q.Valid), WhyNot: models.WhyNot(q.WhyNot),
		Conversation: q.Conversation, Contact: q.Contact, Move: move, Search: q.Search, Handled: models.YesNo(q.Handled),
	}, nil
}

type ratingRow struct {
	ID             string              `json:"id"`
	ConversationID string              `json:"conversation_id"`
	ContactID      string              `json:"contact_id"`
	Score          int                 `json:"score" doc:"1 is worst."`
	Emoji          string              `json:"emoji" doc:"As the customer saw it."`
	Label          string              `json:"label"`
	Remark         string              `json:"remark"`
	Change         rating.Change       `json:"change" enum:"first,better,same,worse" doc:"Against the first valid rating of the same contact in the conversation."`
	PreviousScore  *int                `json:"previous_score" doc:"Of the valid rating just before; null where there is none."`
	At             time.Time           `json:"at"`
	Source         models.Source       `json:"source" enum:"card,link,quick_reply,home,intercom,import,teammate"`
	Channel        string              `json:"channel"`
	Teammate       orNull[teammateRef] `json:"teammate" doc:"Who is credited; null while nobody is."`
	Valid          bool                `json:"valid" doc:"Part of the figures."`
	WhyNot         *string             `json:"why_not" doc:"unverified, suspect, void, test or undone; null when valid."`
	Integrity      models.Integrity    `json:"integrity" enum:"messenger,person,doubtful,intercom,import,teammate" doc:"How sure it is that the person who was asked gave it: signed by Intercom's Messenger, a person on the hosted page, doubtful there, Intercom's own rating, imported, or written down by a teammate."`
	Doubt          *string             `json:"doubt" doc:"Why it is doubtful, and what an admin said of it, in plain words; null where there is nothing to say."`
	WhatChanged    *string             `json:"what_changed" doc:"What the customer says has changed since an earlier rating: fixed, explained, still_broken or tapped_wrong; null when nothing is said."`
	HandledAt      *time.Time          `json:"handled_at" doc:"When a teammate marked it as handled; null when nobody did."`
	HandledBy      *string             `json:"handled_by" doc:"The name of that teammate."`
}

type teammateRef struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func rowOf(r models.Rating) ratingRow {
	row := ratingRow{
		ID: r.ID, ConversationID: r.ConversationID, ContactID: r.ContactID, Score: r.Score, Emoji: r.Emoji, Label: r.Label,
		Remark: r.Remark, Change: r.Change, PreviousScore: r.PreviousScore, At: r.At.UTC(), Source: r.Source,
		Channel: r.Channel, Valid: r.Valid(), Integrity: r.Integrity,
	}
	if r.Doubt != "" {
		row.Doubt = &r.Doubt
	}
	if r.TeammateID != "" {
		row.Teammate.value = &teammateRef{ID: r.TeammateID, Name: r.TeammateName}
	}
	if why := string(r.WhyNot); !r.Valid() {
		row.WhyNot = &why
	}
	if r.HandledAt != nil {
		at := r.HandledAt.UTC()
		row.HandledAt, row.HandledBy = &at, &r.HandledBy
	}
	if r.WhatChanged != "" {
		row.WhatChanged = &r.WhatChanged
	}
	return row
}

// RatingJSON is a rating as the API shows it; webhooks show it the same way.
func RatingJSON(r models.Rating) any { return rowOf(r) }

// orNull is an object that JSON shows as null where there is none. The library cannot describe that by itself.
type orNull[T any] struct{ value *T }

// MarshalJSON writes the object or null.
func (n orNull[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.value) }

// Schema describes the object or null.
func (orNull[T]) Schema(registry huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{registry.Schema(reflect.TypeFor[T](), true, ""), {Type: "null"}}}
}

type ratingsInput struct {
	RatingQuery
	PageQuery
}

// fileOperation describes a list as a CSV file.
func fileOperation(id, path, summary string) huma.Operation {
	text := &huma.Schema{Type: huma.TypeString}
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: summary,
		Description: "UTF-8. Cells that a spreadsheet would run as a formula, or that begin with an apostrophe, have an apostrophe before them.",
		Responses: map[string]*huma.Response{"200": {
			Description: "OK", Content: map[string]*huma.MediaType{"text/csv": {Schema: text}},
		}},
	}
}

type ratingsFileInput struct {
	RatingQuery
	Mark string `query:"bom" enum:"1" doc:"1: begin with a byte order mark, which some spreadsheets need to read UTF-8."`
}

func (a *api) addRatings() {
	add(a, huma.Operation{
		OperationID: "ratings", Method: http.MethodGet, Path: "/ratings", Summary: "Ratings, newest first",
	}, a.ratings)
	add(a, fileOperation("ratings-file", "/ratings.csv", "Ratings as a CSV file, newest first"), a.ratingsFile)
}

func (a *api) ratings(ctx context.Context, who caller, in *ratingsInput) (*list[ratingRow], error) {
	f, err := in.filter(ctx, who)
	if err != nil {
		return nil, err
	}
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	rows, err := who.tenant.Ratings(ctx, f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return listOf(rows, in.Limit, rowOf, cursorAfter), nil
}

const byteOrderMark = "\uFEFF"

func (a *api) ratingsFile(ctx context.Context, who caller, in *ratingsFileInput) (*huma.StreamResponse, error) {
	f, err := in.filter(ctx, who)
	if err != nil {
		return nil, err
	}
	return streamFile(ctx, a, who, "ratings.csv", in.Mark != "", ratingsTable(who.tenant, f))
}

// streamFile answers with the whole table, with a byte order mark before it when it is marked. The first batch is read
// before the answer begins, so that most errors can still be told.
func streamFile[Row any](
	ctx context.Context, a *api, who caller, name string, marked bool, table fileTable[Row],
) (*huma.StreamResponse, error) {
	batch, err := table.read(models.MayLag(ctx), nil)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		ctx, cancel := context.WithTimeout(models.MayLag(h.Context()), fileTimeout)
		defer cancel()
		to := humaecho.Unwrap(h).Response()
		fileHeader(to.Header(), name)
		if marked {
			_, err = to.Write([]byte(byteOrderMark))
		}
		if err == nil {
			err = table.write(ctx, to, batch)
		}
		if err != nil {
			a.Log.WarnContext(ctx, "a file broke off", "file", name, "workspace", who.workspace.ID, "error", err)
			panic(http.ErrAbortHandler) // a file that breaks off is not taken for the whole
		}
	}}, nil
}
