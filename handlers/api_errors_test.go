package handlers_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"rerate/models"
	"rerate/models/modelstest"
)

func TestAPIErrors(t *testing.T) {
	const good = "/summary?from=2026-03-01&to=2026-03-31"
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		for _, c := range []struct {
			method, path string
			status       int
			locations    []string
		}{
			{"GET", "", 404, nil},
			{"GET", "/", 404, nil},
			{"GET", "/nothing", 404, nil},
			{"GET", "/conversations/1", 404, nil},
			{"GET", "/conversations/%00", 404, nil},
			{"GET", "/conversations/%ff", 404, nil},
			{"GET", "/conversations/" + strings.Repeat("9", 65), 422, []string{"path.id"}},
			{"DELETE", "/ratings", 405, nil},
			{"PUT", "/requests", 405, nil},
			{"POST", "/openapi.json", 405, nil},
			{"GET", "/summary", 422, []string{"query.from", "query.to"}},
			{"GET", "/summary?from=&to=2026-03-01", 422, []string{"query.from"}},
			{"GET", "/summary?from=2026-02-30&to=2026-03-01", 422, []string{"query.from"}},
			{"GET", "/summary?from=1969-01-01&to=2026-03-01", 422, []string{"query.from"}},
			{"GET", "/summary?from=2026-03-02&to=2026-03-01", 422, []string{"query.to"}},
			{"GET", good + "&policy=mean", 422, []string{"query.policy"}},
			{"GET", good + "&segment=vip", 422, []string{"query.segment"}},
			{"GET", good + "&form=2026", 422, []string{"query.form"}},
			{"GET", good + "&from=2026-03-02", 422, []string{"query.from"}},
			{"GET", good + "&channel=%00", 422, []string{"query.channel"}},
			{"GET", good + "&teammate=%ff", 422, []string{"query.teammate"}},
			{"GET", "/ratings?%zz", 422, []string{"query"}},
			{"GET", "/ratings?limit=0", 422, []string{"query.limit"}},
			{"GET", "/ratings?limit=201", 422, []string{"query.limit"}},
			{"GET", "/ratings?limit=ten", 422, []string{"query.limit"}},
			{"GET", "/ratings?limit=1&limit=2", 422, []string{"query.limit"}},
			{"GET", "/ratings?cursor=x", 422, []string{"query.cursor"}},
			{"GET", "/ratings?cursor=MjAyNi0wMy0wMlQwOTowMDowMFogJyBPUiAx", 422, []string{"query.cursor"}},
			{"GET", "/ratings?score=0", 422, []string{"query.score"}},
			{"GET", "/ratings?score=11", 422, []string{"query.score"}},
			{"GET", "/ratings?change=happier", 422, []string{"query.change"}},
			{"GET", "/ratings?valid=maybe&remark=1", 422, []string{"query.valid", "query.remark"}},
			{"GET", "/ratings?first=1", 422, []string{"query.first"}},
			{"GET", "/ratings?from=2026-03-02&to=2026-03-01", 422, []string{"query.to"}},
			{"GET", "/ratings?from=yesterday", 422, []string{"query.from"}},
			{"GET", "/ratings.csv?limit=5", 422, []string{"query.limit"}},
			{"GET", "/ratings.csv?bom=yes", 422, []string{"query.bom"}},
			{"GET", "/requests?cursor=x", 422, []string{"query.cursor"}},
			{"GET", "/requests?state=sent", 422, []string{"query.state"}},
			{"GET", "/calls?tab=dead", 422, []string{"query.tab"}},
			{"GET", "/calls?cursor=x", 422, []string{"query.cursor"}},
			{"GET", "/requests?status=sent", 422, []string{"query.status"}},
			{"GET", "/requests?rule=none", 422, []string{"query.rule"}},
			{"GET", "/requests.csv?from=2026-02-30", 422, []string{"query.from"}},
			{"GET", "/settings?x=1", 422, []string{"query.x"}},
			{"GET", "/wording/versions?cursor=0", 422, []string{"query.cursor"}},
			{"GET", "/wording/versions?cursor=%2B1", 422, []string{"query.cursor"}},
		} {
			t.Run(c.method+" "+c.path, func(t *testing.T) {
				a := w.call(c.method, "/api/v1"+c.path, w.key, "")
				a.t = t
				a.isProblem(c.status, c.locations...)
				if c.status == http.StatusMethodNotAllowed && a.header.Get("Allow") == "" {
					t.Error("no Allow header")
				}
			})
		}
	})
}

// Nothing of what fails inside reaches a caller; the log has it.
func TestAPIHidesItsInside(t *testing.T) {
	w := newAPIWorld(t, modelstest.Open(t, models.SQLite, jobTables))
	pool, err := w.db.SQL()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pool.ExecContext(ctx, "DROP TABLE ratings"); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/ratings", "/ratings.csv", "/requests"} {
		a := w.get(path)
		p := a.isProblem(http.StatusInternalServerError)
		if len(p.Errors) > 0 || strings.Contains(a.body, "table") {
			t.Errorf("%s tells %s", path, a.body)
		}
	}
	if !strings.Contains(w.log.String(), "no such table: ratings") {
		t.Errorf("the log does not say what failed: %s", w.log)
	}
	if strings.Contains(w.log.String(), w.key) {
		t.Error("the log holds the key")
	}
}

func TestAPIOpenAPI(t *testing.T) {
	w := newAPIWorld(t, modelstest.Open(t, models.SQLite, jobTables))
	a := w.call("GET", "/api/v1/openapi.json", "", "").is(http.StatusOK)
	doc, err := openapi3.NewLoader().LoadFromData([]byte(a.body))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(ctx, openapi3.IsOpenAPI31OrLater()); err != nil {
		t.Error(err)
	}
	if doc.OpenAPI != "3.1.0" || doc.Servers[0].URL != w.base+"/api/v1" {
		t.Errorf("version %q, servers %v", doc.OpenAPI, doc.Servers)
	}
	guide, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method, op := range item.Operations() {
			described[method+" "+path] = true
			if op.Summary == "" || op.Responses.Value("401") == nil || op.Responses.Value("422") == nil {
				t.Errorf("%s %s is described badly", method, path)
			}
		}
	}
	for _, op := range apiOperations {
		path, _, _ := strings.Cut(op[1], "?")
		path = strings.Replace(path, "/1", "/{id}", 1)
		if !described[op[0]+" "+path] {
			t.Errorf("%s %s is not described", op[0], path)
		}
		delete(described, op[0]+" "+path)
		if !strings.Contains(string(guide), "`"+op[0]+" "+path) {
			t.Errorf("docs/api.md says nothing of %s %s", op[0], path)
		}
	}
	if len(described) > 0 {
		t.Errorf("described and not tested: %v", described)
	}
	if strings.Contains(a.body, "$schema") || !json.Valid([]byte(a.body)) {
		t.Error("the description holds $schema links")
	}
}
