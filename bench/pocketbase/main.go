// Command pocketbase is what PocketBase does with a customer's tap, to measure Rerate against: a route of its own, and a
// record saved by PocketBase's ordinary API with its defaults (a commit for each, synchronous=NORMAL). It is a module of
// its own, so that Rerate does not depend on what PocketBase needs.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
)

// tap is what is read of a request.
type tap struct {
	WorkspaceID string            `json:"workspace_id"`
	InputValues map[string]string `json:"input_values"`
	Context     struct {
		ConversationID int64 `json:"conversation_id"`
	} `json:"context"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

// thanks is as long as the card with which Rerate answers.
var thanks = map[string]any{"canvas": map[string]any{
	"content":     map[string]any{"components": []map[string]any{{"type": "text", "text": "✅ Your answer is saved."}}},
	"stored_data": map[string]any{"state": strings.Repeat("0123456789", 20)},
}}

func main() {
	app := pocketbase.New() // its command line: serve --http=HOST:PORT --dir=DIRECTORY
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil // it would open a browser
		ratings, err := collection(app)
		if err != nil {
			return err
		}
		e.Router.POST("/canvas/messenger/submit", func(e *core.RequestEvent) error { return store(e, ratings) })
		return e.Next()
	})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}

// collection is where the records go, with the columns that the other servers have.
func collection(app core.App) (*core.Collection, error) {
	if ratings, err := app.FindCollectionByNameOrId("ratings"); err == nil {
		return ratings, nil
	}
	ratings := core.NewBaseCollection("ratings")
	ratings.Fields.Add(
		&core.TextField{Name: "workspace"}, &core.NumberField{Name: "conversation", OnlyInt: true}, &core.TextField{Name: "contact"},
		&core.TextField{Name: "score"}, &core.NumberField{Name: "at", OnlyInt: true},
	)
	return ratings, app.Save(ratings)
}

func store(e *core.RequestEvent, ratings *core.Collection) error {
	body, err := io.ReadAll(e.Request.Body)
	if err != nil {
		return e.BadRequestError("not read", err)
	}
	mac := hmac.New(sha256.New, []byte("sandbox-secret"))
	mac.Write(body)
	sent, err := hex.DecodeString(e.Request.Header.Get("X-Body-Signature"))
	if err != nil || !hmac.Equal(sent, mac.Sum(nil)) {
		return e.UnauthorizedError("not signed", err)
	}
	var t tap
	if err := json.Unmarshal(body, &t); err != nil {
		return e.BadRequestError("not JSON", err)
	}
	record := core.NewRecord(ratings)
	record.Load(map[string]any{
		"workspace": t.WorkspaceID, "conversation": t.Context.ConversationID, "contact": t.User.ID, "score": t.InputValues["rating"], "at": time.Now().UnixMicro(),
	})
	if err := e.App.Save(record); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, thanks)
}
