package handlers

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/models"
)

// strictQuery refuses query parameters that the operation does not know, that come twice or that cannot be stored: a
// filter with a typing error would otherwise answer too much.
func strictQuery(ctx huma.Context, next func(huma.Context)) {
	address := ctx.URL()
	query, err := url.ParseQuery(address.RawQuery)
	refused := problem(http.StatusUnprocessableEntity, "")
	if err != nil {
		refused.Add(&huma.ErrorDetail{Location: "query", Message: "The query is not written as name=value&name=value."})
	}
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if sentence := wrongParameter(ctx.Operation(), name, query[name]); sentence != "" {
			refused.Add(&huma.ErrorDetail{Location: "query." + shown(name), Message: sentence})
		}
	}
	if len(refused.Errors) == 0 {
		next(ctx)
		return
	}
	c := humaecho.Unwrap(ctx)
	if err := sendProblem(c, refused); err != nil {
		note(c, err)
	}
}

func wrongParameter(op *huma.Operation, name string, values []string) string {
	known := slices.ContainsFunc(op.Parameters, func(p *huma.Param) bool { return p.In == "query" && p.Name == name })
	switch {
	case !known:
		return "There is no such parameter here."
	case len(values) > 1:
		return "This parameter is there more than once."
	case !utf8.ValidString(values[0]) || strings.ContainsFunc(values[0], unicode.IsControl):
		return "This holds characters that cannot be used."
	}
	return ""
}

// PageQuery is which part of a list is asked for. It is exported for the library alone, as RatingQuery is.
type PageQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"The most items of one answer."`
	Cursor string `query:"cursor" maxLength:"200" doc:"The next_cursor of the answer before."`
}

// after is the place that the cursor names, nil for the beginning.
func (q PageQuery) after() (*models.Cursor, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	place, ok := ParseCursor(q.Cursor)
	if !ok {
		return nil, errBadCursor
	}
	return &place, nil
}

var errBadCursor = invalid("query.cursor", "This is not a next_cursor of an answer of this list.")

// listed is the body of every list.
type listed[Item any] struct {
	Items      []Item  `json:"items" nullable:"false"`
	NextCursor *string `json:"next_cursor" doc:"Where the list goes on; null on the last page."`
}

type list[Item any] struct{ Body listed[Item] }

// listOf makes an answer of rows. One row more than the limit was read where there is a next page.
func listOf[Row, Item any](rows []Row, limit int, item func(Row) Item, cursor func(Row) string) *list[Item] {
	l := &list[Item]{Body: listed[Item]{Items: make([]Item, 0, len(rows))}}
	if len(rows) > limit {
		rows = rows[:limit]
		next := cursor(rows[limit-1])
		l.Body.NextCursor = &next
	}
	for _, row := range rows {
		l.Body.Items = append(l.Body.Items, item(row))
	}
	return l
}

// FilterQuery narrows figures and ratings alike, by the names that the dashboard's pages use. It is exported for the library
// alone, which fills in no embedded type that is not.
type FilterQuery struct {
	Teammate string `query:"teammate" maxLength:"64" doc:"Intercom's id of the teammate credited with the rating; in figures with the latest one."`
	Channel  string `query:"channel" maxLength:"64" example:"chat"`
	Tag      string `query:"tag" maxLength:"255" doc:"A tag of the conversation, as Intercom said when it was last read."`
	Score    int    `query:"score" minimum:"1" maximum:"10" doc:"Of the rating; in figures of the latest one, as are change, remark and wording."`
	Change   string `query:"change" enum:"first,better,same,worse" doc:"Against the first rating of the same contact in the conversation; first: there is none before it."`
	Remark   string `query:"remark" enum:"yes,no" doc:"With or without a remark."`
	Wording  int    `query:"wording" minimum:"1" maximum:"1000000" doc:"The version of the wording that asked."`
	Segment  string `query:"segment" maxLength:"64" doc:"The id of a segment that the contact is in now."`
	Company  string `query:"company" maxLength:"255" doc:"Intercom's id of a company that the contact belongs to now."`
}

// filter is the query over a range. A segment that is not there is refused: it would answer that nobody is in it.
func (q FilterQuery) filter(ctx context.Context, who caller, over stats.Range) (models.Filter, error) {
	if q.Segment != "" {
		_, err := who.tenant.Segment(ctx, q.Segment)
		switch {
		case errors.Is(err, models.ErrNotFound):
			return models.Filter{}, invalid("query.segment", "There is no such segment.")
		case err != nil:
			return models.Filter{}, err
		}
	}
	return models.Filter{
		Range: over, Teammate: q.Teammate, Channel: q.Channel, Tag: q.Tag, Score: q.Score, Change: rating.Change(q.Change),
		Remark: models.YesNo(q.Remark), Wording: q.Wording, Segment: q.Segment, Company: q.Company,
	}, nil
}

// days reads a range of days in the workspace's zone, both ends included.
func days(from, to string, settings rating.Settings) (stats.Range, error) {
	r, err := stats.ParseRange(from, to, settings.Location())
	if err != nil {
		field, sentence, _ := strings.Cut(err.Error(), ": ")
		return stats.Range{}, invalid("query."+field, sentence+".")
	}
	return r, nil
}
