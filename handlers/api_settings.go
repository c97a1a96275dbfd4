package handlers

import (
	"context"
	"net/http"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"rerate/internal/rating"
)

// settingsBytes is the size that a document of settings stays below.
const settingsBytes = 256 << 10

type settingsAnswer struct{ Body rating.Settings }

type settingsInput struct {
	utf8Body
	Body rating.Settings
}

// utf8Body refuses bytes that are not UTF-8, which JSON decoding would quietly replace.
type utf8Body struct{ RawBody []byte }

// Resolve is called by the library once the body has been read.
func (b *utf8Body) Resolve(huma.Context) []error {
	if utf8.Valid(b.RawBody) {
		return nil
	}
	return []error{&huma.ErrorDetail{Location: "body", Message: "The body is not UTF-8."}}
}

func (a *api) addSettings() {
	add(a, huma.Operation{
		OperationID: "settings", Method: http.MethodGet, Path: "/settings", Summary: "The settings",
	}, func(_ context.Context, who caller, _ *struct{}) (*settingsAnswer, error) {
		return &settingsAnswer{Body: who.workspace.Settings.Clean()}, nil
	})
	add(a, huma.Operation{
		OperationID: "put-settings", Method: http.MethodPut, Path: "/settings", Summary: "Replace the settings",
		Description: "Takes the whole document and answers it as it is stored. Another time zone moves every figure to other days; where " +
			"there are many ratings that takes minutes, in which figures may be of either zone.",
		MaxBodyBytes: settingsBytes, Errors: []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge},
	}, a.putSettings)
}

func (a *api) putSettings(ctx context.Context, who caller, in *settingsInput) (*settingsAnswer, error) {
	stored := in.Body.Clean()
	if err := a.SaveSettings(ctx, who.workspace.ID, stored, "API key “"+who.key.Name+"”"); err != nil {
		return nil, err
	}
	return &settingsAnswer{Body: stored}, nil
}
