package models_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// team makes teammates with the given roles, named "1", "2" and so on, each with a session "session N".
func team(t tb, tenant models.Tenant, roles ...models.Role) {
	t.Helper()
	write(t, tenant, func(tx *models.Tx) error {
		for i, role := range roles {
			id := fmt.Sprint(i + 1)
			if _, err := tx.SaveTeammate(models.Teammate{ID: id, Name: "Teammate " + id, Email: "T" + id + "@Example.com", Role: role}); err != nil {
				return err
			}
			if err := tx.StartSession(tenant.Workspace+" session "+id, id, time.Hour); err != nil {
				return err
			}
		}
		return nil
	})
}

func signedIn(t tb, db modelstest.DB, session string) bool {
	t.Helper()
	_, _, err := db.Session(ctx, session)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

func TestSessions(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant, other := install(t, db, "w"), install(t, db, "other")
		team(t, tenant, models.Admin, models.Viewer, models.Viewer)
		team(t, other, models.Admin)
		session, who, err := db.Session(ctx, "w session 2")
		if err != nil || session.WorkspaceID != "w" || who.WorkspaceID != "w" || who.ID != "2" || who.Role != models.Viewer {
			t.Fatalf("%+v of %+v, %v", session, who, err)
		}
		if signedIn(t, db, "") || signedIn(t, db, "w session 9") || signedIn(t, db, "W SESSION 2") {
			t.Error("an unknown session signs in")
		}
		if err := db.EndSession(ctx, "w session 3"); err != nil || signedIn(t, db, "w session 3") || !signedIn(t, db, "w session 2") {
			t.Errorf("signing out ends that session alone: %v", err)
		}
		write(t, tenant, func(tx *models.Tx) error { return tx.SetRole("2", models.Viewer) })
		if !signedIn(t, db, "w session 2") {
			t.Error("the role that one has signs out")
		}
		write(t, tenant, func(tx *models.Tx) error { return tx.SetRole("2", models.Admin) })
		if signedIn(t, db, "w session 2") || !signedIn(t, db, "w session 1") {
			t.Error("a new role signs out that teammate alone")
		}
		write(t, tenant, func(tx *models.Tx) error { return tx.Uninstall() })
		if signedIn(t, db, "w session 1") || !signedIn(t, db, "other session 1") {
			t.Error("uninstalling signs out that workspace alone")
		}
	})
}

func TestSessionsEndInTime(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		team(t, tenant, models.Admin)
		db.Clock.Move(time.Hour - time.Microsecond)
		if err := db.Sweep(ctx); err != nil || !signedIn(t, db, "w session 1") {
			t.Errorf("just before its end it is over: %v", err)
		}
		db.Clock.Move(time.Microsecond)
		if signedIn(t, db, "w session 1") {
			t.Error("at its end it goes on")
		}
		db.Clock.Move(time.Microsecond)
		if err := db.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if rows := query(t, db, "SELECT id_hash FROM sessions"); len(rows) != 0 {
			t.Errorf("swept, there are %v", rows)
		}
	})
}

// A state that comes back many times at once opens one door.
func TestOAuthStatesAreUsedOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		for _, state := range []string{"used", "late", "left"} {
			if err := db.StartOAuth(ctx, state, time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		var opened atomic.Int32
		together(t, 16, func(int) error {
			ok, err := db.FinishOAuth(ctx, "used")
			if ok {
				opened.Add(1)
			}
			return err
		})
		if opened.Load() != 1 {
			t.Errorf("it was good for %d", opened.Load())
		}
		db.Clock.Move(time.Minute)
		for _, state := range []string{"used", "late", "never"} {
			if ok, err := db.FinishOAuth(ctx, state); ok || err != nil {
				t.Errorf("%s: %v, %v", state, ok, err)
			}
		}
		db.Clock.Move(time.Second)
		if err := errors.Join(db.Ready(ctx), db.Sweep(ctx)); err != nil {
			t.Error(err)
		}
		if rows := query(t, db, "SELECT id_hash FROM oauth_states"); len(rows) != 0 {
			t.Errorf("kept are %v", rows)
		}
	})
}

func TestAPIKeys(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		addKey := func(hash string) (key models.APIKey, err error) {
			err = tenant.Write(ctx, func(tx *models.Tx) error {
				key, err = tx.AddAPIKey(models.APIKey{Name: "n", KeyHash: hash, ReadOnly: hash == "one", CreatedBy: "Ann"})
				return err
			})
			return key, err
		}
		one := must(addKey("one"))(t)
		db.Clock.Move(time.Minute)
		two := must(addKey("two"))(t)
		if _, err := addKey("two"); err == nil {
			t.Error("two keys with one hash are stored")
		}
		found, err := db.APIKey(ctx, "one")
		if err != nil || found.ID != one.ID || found.WorkspaceID != "w" || !found.ReadOnly || found.CreatedBy != "Ann" {
			t.Errorf("found %+v, %v", found, err)
		}
		if all := must(tenant.APIKeys(ctx))(t); len(all) != 2 || all[0].ID != two.ID {
			t.Errorf("listed are %+v", all)
		}
		var revoked atomic.Int32
		together(t, 8, func(int) error {
			err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.RevokeAPIKey(one.ID) })
			if err == nil {
				revoked.Add(1)
			}
			if errors.Is(err, models.ErrNotFound) {
				return nil
			}
			return err
		})
		if revoked.Load() != 1 {
			t.Errorf("revoked %d times", revoked.Load())
		}
		for _, hash := range []string{"one", "", "ONE", "none"} {
			if _, err := db.APIKey(ctx, hash); !errors.Is(err, models.ErrNotFound) {
				t.Errorf("key %q: %v", hash, err)
			}
		}
		if all := must(tenant.APIKeys(ctx))(t); len(all) != 1 || all[0].ID != two.ID {
			t.Errorf("left are %+v", all)
		}
	})
}

func TestTheLastAdminStays(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant, other := install(t, db, "w"), install(t, db, "other")
		team(t, tenant, models.Admin, models.Viewer)
		team(t, other, models.Admin, models.Admin)
		role := func(id string, role models.Role) error {
			return tenant.Write(ctx, func(tx *models.Tx) error { return tx.SetRole(id, role) })
		}
		if err := role("1", models.Viewer); !errors.Is(err, models.ErrLastAdmin) {
			t.Errorf("the only admin: %v", err)
		}
		if !signedIn(t, db, "w session 1") {
			t.Error("the only admin is signed out")
		}
		for _, err := range []error{role("1", models.Admin), role("2", models.Viewer), role("2", models.Admin), role("1", models.Viewer)} {
			if err != nil {
				t.Error(err)
			}
		}
		if err := role("2", models.Viewer); !errors.Is(err, models.ErrLastAdmin) {
			t.Errorf("the other admin, now the only one: %v", err)
		}
	})
}

// Admins who make each other viewers at the same moment leave one.
func TestTheLastAdminStaysWhenAllGoAtOnce(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		team(t, tenant, models.Admin, models.Admin, models.Admin, models.Admin)
		together(t, 4, func(i int) error {
			err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.SetRole(fmt.Sprint(i+1), models.Viewer) })
			if errors.Is(err, models.ErrLastAdmin) {
				return nil
			}
			return err
		})
		admins := 0
		for _, who := range must(tenant.Teammates(ctx))(t) {
			if who.Role == models.Admin {
				admins++
			}
		}
		if admins != 1 {
			t.Errorf("%d admins are left", admins)
		}
	})
}

func TestTeammatesAreRefreshed(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		team(t, tenant, models.Admin)
		at := db.Clock.Move(time.Hour)
		write(t, tenant, func(tx *models.Tx) error {
			who, err := tx.SaveTeammate(models.Teammate{ID: "1", Name: "New", Email: "NEW@example.com", Role: models.Viewer, SignedInAt: &at})
			if who.Role != models.Admin || who.Name != "New" || !who.SignedInAt.Equal(at) || !who.CreatedAt.Equal(modelstest.Start) {
				t.Errorf("refreshed to %+v", who)
			}
			if err != nil {
				return err
			}
			who, err = tx.SaveTeammate(models.Teammate{ID: "1", Name: "Newer"})
			if who.SignedInAt == nil || !who.SignedInAt.Equal(at) {
				t.Errorf("the sign-in is forgotten: %+v", who)
			}
			return err
		})
		for email, want := range map[string]bool{"": false, "t1@example.com": false} {
			write(t, tenant, func(tx *models.Tx) error {
				got, err := tx.HasTeammateEmail(email)
				if got != want {
					t.Errorf("%q is a teammate's: %v", email, got)
				}
				return err
			})
		}
	})
}

func TestInstallAgainKeepsSettings(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		write(t, tenant, func(tx *models.Tx) error { return moveTo(tx, "Asia/Tokyo") })
		write(t, tenant, func(tx *models.Tx) error { return errors.Join(tx.TokenInvalid(), tx.Uninstall()) })
		w := must(tenant.Get(ctx))(t)
		if w.Connected() || w.Token != nil || w.UninstalledAt == nil || len(must(db.Workspaces(ctx))(t)) != 0 {
			t.Errorf("uninstalled it is %+v", w)
		}
		at := db.Clock.Move(time.Hour)
		write(t, tenant, func(tx *models.Tx) error {
			return tx.Install(models.Workspace{Name: "new", Token: []byte("new"), Settings: rating.DefaultSettings()})
		})
		w = must(tenant.Get(ctx))(t)
		if !w.Connected() || string(w.Token) != "new" || w.Settings.TimeZone != "Asia/Tokyo" || !w.InstalledAt.Equal(at) || w.Name != "new" {
			t.Errorf("installed again it is %+v", w)
		}
		if _, err := db.Tenant("never").Get(ctx); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("a workspace that never was: %v", err)
		}
	})
}
