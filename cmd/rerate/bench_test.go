package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"rerate/internal/intercom"
	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

// BenchmarkSubmit is the path of a rating without the network: signature, strict decode, sealed state, one durable
// transaction with the rating, summary, rollups and jobs, the card that thanks. Each tap is another conversation's.
func BenchmarkSubmit(b *testing.B) {
	w := newWorld(b, models.SQLite)
	w.must(w.app.queue.Stop(w.ctx)) // the jobs would compete for the processor
	post := w.poster()
	person := `"user":{"type":"contact","id":"` + w.sam().ID + `","role":"user","email":"sam@example.com"}`
	conversation := 700_000_000_000_000
	for b.Loop() {
		b.StopTimer()
		conversation++
		where := fmt.Sprintf(`"workspace_id":%q,"context":{"conversation_id":%d,"location":"conversation","locale":"en"}`,
			intercomtest.DefaultWorkspace, conversation)
		asked := post("/canvas/messenger/initialize", `{`+where+`,"card_creation_options":{}}`)
		card := strings.TrimSuffix(strings.TrimPrefix(asked, `{"canvas":`), "}")
		body := `{` + where + `,` + person + `,"component_id":"rating","input_values":{"rating":"4"},"current_canvas":` + card + `}`
		b.StartTimer()
		if thanks := post("/canvas/messenger/submit", body); !strings.Contains(thanks, "saved") {
			b.Fatalf("the card says %s", thanks)
		}
	}
}

// BenchmarkSummary is a year's summary of the management API over the example data.
func BenchmarkSummary(b *testing.B) {
	w := newWorld(b, models.SQLite)
	w.must(w.app.service.AddExampleData(w.ctx, intercomtest.DefaultWorkspace))
	for b.Loop() {
		request := httptest.NewRequestWithContext(w.ctx, http.MethodGet, "/api/v1/summary?from=2025-03-01&to=2026-03-02", nil)
		request.Header.Set("Authorization", "Bearer "+w.key)
		answer := httptest.NewRecorder()
		w.app.server.Handler.ServeHTTP(answer, request)
		if answer.Code != http.StatusOK {
			b.Fatalf("the summary is answered %d %s", answer.Code, answer.Body)
		}
	}
}

// poster sends a signed body to the router and answers the body that comes back.
func (w *world) poster() func(path, body string) string {
	return func(path, body string) string {
		request := httptest.NewRequestWithContext(w.ctx, http.MethodPost, path, strings.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set(intercom.BodySignatureHeader, intercom.BodySignature("sandbox-secret", []byte(body)))
		answer := httptest.NewRecorder()
		w.app.server.Handler.ServeHTTP(answer, request)
		if answer.Code != http.StatusOK {
			w.t.Fatalf("%s is answered %d %s", path, answer.Code, answer.Body)
		}
		return strings.TrimSpace(answer.Body.String())
	}
}
