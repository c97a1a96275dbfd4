package handlers

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"

	"rerate/internal/survey"
	"rerate/models"
)

// apiRoot is where the management API stands. Its contract is docs/api.md.
const apiRoot = "/api/v1"

// api is the management API: JSON for programs that show a key. The key alone says which workspace is meant.
type api struct {
	*survey.Service
	huma     huma.API
	failures *failures
}

// API is what mounts the management API on a group at /api/v1. It also answers every error below that address as
// problem details (RFC 9457), those of the router among them.
func API(service *survey.Service) func(*echo.Echo, *echo.Group) {
	return func(e *echo.Echo, g *echo.Group) {
		strictNames()
		a := &api{Service: service, failures: newFailures()}
		a.huma = humaecho.NewWithGroup(e, g, a.config())
		a.huma.UseMiddleware(a.authorize, strictQuery)
		a.addSummary()
		a.addTeammates()
		a.addCompanies()
		a.addRatings()
		a.addConversations()
		a.addRequests()
		a.addFeedback()
		a.addCalls()
		a.addWebhooks()
		a.addSettings()
		a.addWording()
		g.GET("/openapi.json", a.describe())
		e.HTTPErrorHandler = answerProblems(e.HTTPErrorHandler)
	}
}

// strictNames makes "Policy" another field than "policy". It is a switch of the whole library, which only the
// management API uses.
var strictNames = sync.OnceFunc(func() { huma.ValidateStrictCasing = true })

func (a *api) config() huma.Config {
	config := huma.DefaultConfig("Rerate management API", "1")
	config.Info.Description = "Ratings, figures, settings and wording of one workspace. Times are RFC 3339 in UTC, days are " +
		"those of the workspace's time zone, ids of teammates, contacts and conversations are Intercom's."
	config.Servers = []*huma.Server{{URL: a.BaseURL + apiRoot}}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		securityName: {Type: "http", Scheme: "bearer", Description: "A key from the settings page or `rerate apikey create`."},
	}
	config.Security = []map[string][]string{{securityName: {}}}
	config.Transformers = []huma.Transformer{plainProblem}
	// The page of the library loads scripts from elsewhere; its own routes for the description know no exception from
	// the key; the links to schemas would be one more field in every answer.
	config.DocsPath, config.OpenAPIPath, config.SchemasPath, config.CreateHooks = "", "", "", nil
	return config
}

const securityName = "key"

// describe answers the OpenAPI description, which needs no key.
func (a *api) describe() echo.HandlerFunc {
	description, err := json.Marshal(a.huma.OpenAPI())
	return func(c echo.Context) error {
		if err != nil {
			return err
		}
		return c.JSONBlob(http.StatusOK, description)
	}
}

// caller is whose key a request shows, and where.
type caller struct {
	tenant    models.Tenant
	workspace models.Workspace
	key       models.APIKey
	request   echo.Context
}

type callerKey struct{}

// callerOf is set for every operation by authorize.
func callerOf(ctx context.Context) caller {
	who, _ := ctx.Value(callerKey{}).(caller)
	return who
}

// ofReports are the operations that may be read from a replica of the database.
var ofReports = map[string]bool{"summary": true, "teammates": true, "companies": true}

// add registers an operation. Its errors are logged whole and answered as problem details that tell nothing of our
// inside.
func add[I, O any](a *api, op huma.Operation, do func(context.Context, caller, *I) (*O, error)) {
	op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden, http.StatusUnprocessableEntity,
		http.StatusTooManyRequests, http.StatusServiceUnavailable)
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		ctx, cancel := context.WithTimeout(ctx, pageTimeout)
		defer cancel()
		if ofReports[op.OperationID] {
			ctx = models.MayLag(ctx)
		}
		who := callerOf(ctx)
		out, err := do(ctx, who, in)
		if err != nil {
			note(who.request, err)
			return nil, problemFrom(err)
		}
		return out, nil
	})
}
