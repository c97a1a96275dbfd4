package handlers_test

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/handlers"
	"rerate/internal/rating"
	"rerate/internal/seal"
	"rerate/models"
)

// apiOperations are all that need a key.
var apiOperations = [][2]string{
	{"GET", "/summary?from=2026-03-01&to=2026-03-31"},
	{"GET", "/teammates?from=2026-03-01&to=2026-03-31"},
	{"GET", "/companies?from=2026-03-01&to=2026-03-31"},
	{"GET", "/ratings"},
	{"GET", "/ratings.csv"},
	{"GET", "/conversations/1"},
	{"GET", "/requests"},
	{"GET", "/calls"},
	{"GET", "/webhooks"},
	{"GET", "/feedback"},
	{"GET", "/requests.csv"},
	{"POST", "/requests"},
	{"GET", "/settings"},
	{"PUT", "/settings"},
	{"GET", "/wording"},
	{"PUT", "/wording"},
	{"GET", "/wording/versions"},
}

func TestAPINeedsAKey(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		revoked := w.newKey(w.ours, false)
		w.write(w.ours, func(tx *models.Tx) error {
			key, err := w.db.APIKey(context.Background(), seal.Hash(revoked))
			if err != nil {
				return err
			}
			return tx.RevokeAPIKey(key.ID)
		})
		for _, op := range apiOperations {
			for name, header := range map[string]string{
				"none": "", "unknown": "Bearer rr_nobody", "revoked": "Bearer " + revoked, "other scheme": "Basic " + w.key,
				"bare": w.key, "empty": "Bearer ", "NUL": "Bearer a\x00b", "hash": "Bearer " + seal.Hash(w.key),
			} {
				w.db.Clock.Move(time.Minute) // so that the limit on failures is not what is tested
				a := w.call(op[0], "/api/v1"+op[1], "", "", "Authorization", header)
				a.isProblem(http.StatusUnauthorized)
				if !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer ") {
					t.Errorf("%v with %s: WWW-Authenticate %q", op, name, a.header.Get("WWW-Authenticate"))
				}
			}
		}
		w.call("GET", "/api/v1/settings", "", "", "Authorization", "bearer "+w.key).is(http.StatusOK)
	})
}

func TestAPIReadOnlyKeyChangesNothing(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.rate(w.ours, "1", "anna", 3, 0)
		before := w.get("/settings").body + w.get("/wording/versions").body
		for _, op := range apiOperations {
			a := w.call(op[0], "/api/v1"+op[1], w.readOnly, `{}`)
			if op[0] == "GET" {
				a.is(http.StatusOK)
			} else {
				a.isProblem(http.StatusForbidden)
			}
		}
		if after := w.get("/settings").body + w.get("/wording/versions").body; after != before {
			t.Errorf("a read-only key changed %s to %s", before, after)
		}
	})
}

func TestAPIUninstalledWorkspace(t *testing.T) {
	inEachAPI(t, func(_ *testing.T, w *apiWorld) {
		w.write(w.ours, func(tx *models.Tx) error { return tx.Uninstall() })
		w.get("/ratings").isProblem(http.StatusForbidden)
		w.call("GET", "/api/v1/ratings", w.foe, "").is(http.StatusOK)
	})
}

func TestAPITenantsAreApart(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		w.rate(w.ours, "77", "anna", 2, 0)
		w.write(w.ours, func(tx *models.Tx) error {
			c, err := tx.Conversation("77")
			if err != nil {
				return err
			}
			_, err = tx.SendRequest(c, models.ByCard, 1, func(time.Time) bool { return true })
			return err
		})
		w.call("GET", "/api/v1/conversations/77", w.foe, "").isProblem(http.StatusNotFound)
		ours := as[listOf[ratingJSON]](w.get("/ratings")).Items
		if len(ours) != 1 {
			t.Fatalf("ours: %v", ours)
		}
		for _, path := range []string{"/ratings", "/ratings?conversation=77", "/ratings?contact=anna", "/requests"} {
			if got := as[listOf[any]](w.call("GET", "/api/v1"+path, w.foe, "")).Items; len(got) != 0 {
				t.Errorf("%s shows them %v", path, got)
			}
		}
		if csv := w.call("GET", "/api/v1/ratings.csv", w.foe, "").is(http.StatusOK).body; strings.Count(csv, "\n") != 1 {
			t.Errorf("their file holds %s", csv)
		}
		if s := as[summaryJSON](w.call("GET", "/api/v1/summary?from=2026-03-01&to=2026-03-31", w.foe, "")); s.First.Rated != 0 || s.Requests.Delivered != 0 {
			t.Errorf("their summary is %+v", s)
		}
	})
}

func TestAPILimitsWrongKeys(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		wrong := func() answer { return w.call("GET", "/api/v1/ratings", "rr_wrong", "") }
		for range 20 {
			wrong().isProblem(http.StatusUnauthorized)
		}
		limited := wrong()
		limited.isProblem(http.StatusTooManyRequests)
		if got := limited.header.Get("Retry-After"); got != "6" {
			t.Errorf("Retry-After %q", got)
		}
		w.get("/ratings").is(http.StatusOK) // a good key from the same address works
		w.db.Clock.Move(6 * time.Second)
		wrong().isProblem(http.StatusUnauthorized)
		wrong().isProblem(http.StatusTooManyRequests)
	})
}

func TestAPINewKey(t *testing.T) {
	inEachAPI(t, func(t *testing.T, w *apiWorld) {
		key, row, err := handlers.NewAPIKey(ctx, w.ours, rand.Reader, "  Büro 😀 ", "Jane", true)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(key, "rr_") || len(key) != 46 || row.KeyHash != seal.Hash(key) || row.Name != "Büro 😀" || !row.ReadOnly || row.CreatedBy != "Jane" {
			t.Errorf("key %q, row %+v", key, row)
		}
		w.call("GET", "/api/v1/settings", key, "").is(http.StatusOK)
		for _, name := range []string{"", "   ", strings.Repeat("é", 101), "a\x00b", "a\xffb", "two\nlines"} {
			_, _, err := handlers.NewAPIKey(ctx, w.ours, rand.Reader, name, "Jane", false)
			if problems := (rating.Problems{}); !errors.As(err, &problems) || problems["name"] == "" {
				t.Errorf("name %q: %v", name, err)
			}
		}
		if _, _, err := handlers.NewAPIKey(ctx, w.ours, rand.Reader, strings.Repeat("é", 100), "Jane", false); err != nil {
			t.Error(err)
		}
		if _, _, err := handlers.NewAPIKey(ctx, w.db.Tenant("nobody"), rand.Reader, "x", "Jane", false); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("an unknown workspace: %v", err)
		}
	})
}
