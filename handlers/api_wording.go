package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rerate/internal/rating"
	"rerate/models"
)

// wordingBytes is the size that a wording stays below. It may hold fifty languages.
const wordingBytes = 2 << 20

// wordingAnswer carries the wording itself, and in headers which version it is.
type wordingAnswer struct {
	Version     int       `header:"Wording-Version" doc:"Counts up from 1 with each wording that is published."`
	PublishedAt time.Time `header:"Last-Modified"`
	Body        rating.Wording
}

func answerWording(w models.Wording) *wordingAnswer {
	return &wordingAnswer{Version: w.Version, PublishedAt: w.PublishedAt, Body: w.Body.Clean()}
}

type wordingInput struct {
	utf8Body
	Body rating.Wording
}

type wordingVersion struct {
	Version     int            `json:"version"`
	PublishedAt time.Time      `json:"published_at"`
	Author      *string        `json:"author" doc:"The teammate or API key that published it; null for Rerate itself."`
	Wording     rating.Wording `json:"wording"`
}

func (a *api) addWording() {
	add(a, huma.Operation{
		OperationID: "wording", Method: http.MethodGet, Path: "/wording", Summary: "The wording that customers are asked with now",
	}, a.wording)
	add(a, huma.Operation{
		OperationID: "put-wording", Method: http.MethodPut, Path: "/wording", Summary: "Publish a wording as a new version",
		Description:  "Takes the whole wording and answers it as it is stored. Cards that were shown before keep their version.",
		MaxBodyBytes: wordingBytes, Errors: []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge},
	}, a.putWording)
	add(a, huma.Operation{
		OperationID: "wording-versions", Method: http.MethodGet, Path: "/wording/versions", Summary: "All versions, newest first",
	}, a.wordingVersions)
}

func (a *api) wording(ctx context.Context, who caller, _ *struct{}) (*wordingAnswer, error) {
	current, err := wordingInForce(ctx, who.tenant)
	if err != nil {
		return nil, err
	}
	return answerWording(current), nil
}

func (a *api) putWording(ctx context.Context, who caller, in *wordingInput) (*wordingAnswer, error) {
	// Checked as sent: publishing numbers the options by their place, and so would turn a scale that was sent best first.
	if problems := in.Body.Validate(); problems != nil {
		return nil, problems
	}
	var published models.Wording
	err := who.tenant.Write(ctx, func(tx *models.Tx) (err error) {
		published, err = tx.PublishWording(in.Body, "API key "+who.key.Name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answerWording(published), nil
}

func (a *api) wordingVersions(ctx context.Context, who caller, in *PageQuery) (*list[wordingVersion], error) {
	before := 0
	if in.Cursor != "" {
		var err error
		if before, err = strconv.Atoi(in.Cursor); err != nil || before < 1 || strconv.Itoa(before) != in.Cursor {
			return nil, errBadCursor
		}
	}
	versions, err := who.tenant.WordingsBefore(ctx, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	names, err := teammateNames(ctx, who.tenant)
	if err != nil {
		return nil, err
	}
	row := func(w models.Wording) wordingVersion {
		v := wordingVersion{Version: w.Version, PublishedAt: w.PublishedAt.UTC(), Wording: w.Body.Clean()}
		if author := nameOf(names[w.AuthorID], w.AuthorID); author != "" {
			v.Author = &author
		}
		return v
	}
	return listOf(versions, in.Limit, row, func(w models.Wording) string { return strconv.Itoa(w.Version) }), nil
}
