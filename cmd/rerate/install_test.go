package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/models"
)

const (
	other    = "b86dr8yl" // a second workspace
	otherIvy = "9708799"  // its only teammate
)

// addOther makes a second workspace in the sandbox, which has not installed Rerate.
func (w *world) addOther() {
	w.t.Helper()
	w.sandbox.AddWorkspace(intercomtest.Workspace{ID: other, Name: "Other shop", Region: "EU"})
	w.sandbox.AddAdmin(other, intercomtest.Admin{ID: otherIvy, Name: "Ivy Other", Email: "ivy@example.com", EmailVerified: true})
}

func (w *world) teammates(workspace string) map[string]models.Role {
	w.t.Helper()
	all, err := w.app.store.Tenant(workspace).Teammates(w.ctx)
	w.must(err)
	roles := map[string]models.Role{}
	for _, who := range all {
		roles[who.ID] = who.Role
	}
	return roles
}

// Who signs in first installs the workspace and is its admin; the next one is a viewer.
func TestTheFirstTeammateInstalls(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.addOther()
		second := w.sandbox.AddAdmin(other, intercomtest.Admin{Name: "Bo", Email: "bo@example.com", EmailVerified: true})
		if state := w.sandbox.CheckHealth(w.ctx, other).State; state != "UNKNOWN" {
			t.Errorf("before the installation the health is %s", state)
		}
		ivy, bo := w.browser(), w.browser()
		if to := ivy.get(ivy.consent("/install", other, otherIvy)).location; to != w.api.URL+"/appstore/redirect?install_success=true" {
			t.Errorf("the installation leads to %s", to)
		}
		if to := bo.signIn(other, second.ID); to != "/" {
			t.Errorf("the second sign-in leads to %s", to)
		}
		if roles := w.teammates(other); roles[otherIvy] != models.Admin || roles[second.ID] != models.Viewer {
			t.Errorf("the roles are %v", roles)
		}
		if answer := bo.post("/settings", nil); answer.status != http.StatusForbidden {
			t.Errorf("a viewer's settings are answered %d", answer.status)
		}
		connected, err := w.app.store.Tenant(other).Get(w.ctx)
		if err != nil || connected.InstallerID != otherIvy || connected.Region != "EU" || connected.Name != "Other shop" {
			t.Errorf("the workspace is %+v, %v", connected, err)
		}
		if state := w.sandbox.CheckHealth(w.ctx, other).State; state != "OK" {
			t.Errorf("after the installation the health is %s", state)
		}
		if roles := w.teammates(w.tenant.Workspace); roles[otherIvy] != "" || roles[second.ID] != "" {
			t.Errorf("the first workspace has %v", roles)
		}
	})
}

// An address that Intercom has not verified neither installs nor signs in, and leaves nothing behind.
func TestAnUnverifiedTeammateIsRefused(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.addOther()
		fake := w.sandbox.AddAdmin(other, intercomtest.Admin{Name: "Jane Agent", Email: "jane@example.com"})
		b := w.browser()
		if to := b.signIn(other, fake.ID); to != "/signin?reason=email_not_verified" {
			t.Errorf("the sign-in leads to %s", to)
		}
		if to := b.get(b.consent("/install", other, fake.ID)).location; !strings.Contains(to, "install_success=false") {
			t.Errorf("the installation leads to %s", to)
		}
		if answer := b.get("/"); answer.location == "" {
			t.Errorf("the overview is answered %d", answer.status)
		}
		if _, err := w.app.store.Tenant(other).Get(w.ctx); err == nil || len(w.teammates(other)) != 0 {
			t.Errorf("the workspace is stored, with %v", w.teammates(other))
		}
	})
}

// A viewer's sign-in changes neither the token nor in whose name notes are written.
func TestAnExistingConnectionKeepsItsToken(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.signedIn(tomas)
		id := w.rerated()
		w.notes(id, 1)
		if note := w.sandbox.Notes(id)[0]; note.Author.ID != jane {
			t.Errorf("the note is %s's", note.Author.Name)
		}
		connected, err := w.tenant.Get(w.ctx)
		if err != nil || connected.InstallerID != jane {
			t.Errorf("the workspace is %+v, %v", connected, err)
		}
	})
}

// The notice ends sessions and cards; the data stays, and a new installation goes on with it.
func TestUninstall(t *testing.T) {
	eachWorld(t, func(w *world) {
		admin := w.signedIn(jane)
		id := w.rerated()
		w.notes(id, 1)
		card, tappedCard := w.ask(id), w.ask(w.solved())
		if call := w.sandbox.Uninstall(w.ctx, w.tenant.Workspace); call.Status != http.StatusOK {
			t.Fatalf("the notice is answered %d %s", call.Status, call.Answer)
		}
		if answer := admin.get("/"); !strings.HasPrefix(answer.location, "/signin") {
			t.Errorf("the overview is answered %d", answer.status)
		}
		connected, err := w.tenant.Get(w.ctx)
		if err != nil || connected.UninstalledAt == nil || len(connected.Token) != 0 {
			t.Errorf("the workspace is %+v, %v", connected, err)
		}
		if state := w.sandbox.CheckHealth(w.ctx, w.tenant.Workspace).State; state == "OK" {
			t.Errorf("the health is %s", state)
		}
		tapped := w.tap(tappedCard, w.sam().ID, 1)
		asked := w.sandbox.InsertCardInComposer(w.ctx, id, jane, nil)
		opened := w.sandbox.InboxAppOpen(w.ctx, id, jane, "")
		if !strings.Contains(texts(tapped.Shown), "cannot be used any more") { // what to do about it is not the customer's
			t.Errorf("a tap shows %q", texts(tapped.Shown))
		}
		for name, result := range map[string]intercomtest.CanvasResult{"a card": asked, "the sidebar": opened} {
			w.fine(result)
			if !strings.Contains(texts(result.Shown), "not connected") {
				t.Errorf("%s shows %q", name, texts(result.Shown))
			}
		}
		if got := len(w.ratings(id)); got != 2 {
			t.Errorf("there are %d ratings", got)
		}

		notice := w.noticeCall()
		w.clock.Move(time.Hour)
		w.signedIn(tomas) // installs again
		if roles := w.teammates(w.tenant.Workspace); roles[jane] != models.Admin || roles[tomas] != models.Viewer {
			t.Errorf("the roles are %v", roles)
		}
		w.tap(card, w.sam().ID, 3)
		w.notes(id, 2)

		// The old notice is sent once more: the token works, so nothing happens.
		if again := w.sandbox.Replay(w.ctx, notice, ""); again.Status != http.StatusOK {
			t.Errorf("the replayed notice is answered %d", again.Status)
		}
		if connected, err = w.tenant.Get(w.ctx); err != nil || !connected.Connected() {
			t.Errorf("after the replay the workspace is %+v, %v", connected, err)
		}
		w.tap(w.ask(id), w.sam().ID, 4)
		w.notes(id, 3)
	})
}

// noticeCall is the uninstall notice that the sandbox sent.
func (w *world) noticeCall() intercomtest.Call {
	w.t.Helper()
	for _, call := range w.sandbox.Calls() {
		if call.Kind == intercomtest.KindUninstall {
			return call
		}
	}
	w.t.Fatal("no notice was sent")
	return intercomtest.Call{}
}

func TestAnUnsignedUninstallChangesNothing(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.sandbox.SetQuirks(intercomtest.Quirks{UnsignedUninstall: true})
		if call := w.sandbox.Uninstall(w.ctx, w.tenant.Workspace); call.Status != http.StatusUnauthorized {
			t.Errorf("the notice is answered %d", call.Status)
		}
		if connected, err := w.tenant.Get(w.ctx); err != nil || connected.UninstalledAt != nil {
			t.Errorf("the workspace is %+v, %v", connected, err)
		}
	})
}

// A notice for a workspace that nobody knows, and one that comes twice.
func TestUninstallNoticesAreHarmless(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.addOther()
		w.sandbox.Install(other, otherIvy) // in Intercom only
		if call := w.sandbox.Uninstall(w.ctx, other); call.Status != http.StatusOK {
			t.Errorf("a notice for a stranger is answered %d", call.Status)
		}
		if _, err := w.app.store.Tenant(other).Get(w.ctx); err == nil {
			t.Error("the stranger is stored")
		}
		w.sandbox.Uninstall(w.ctx, w.tenant.Workspace)
		before, err := w.tenant.Get(w.ctx)
		w.must(err)
		w.clock.Move(time.Hour)
		w.sandbox.Uninstall(w.ctx, w.tenant.Workspace)
		after, err := w.tenant.Get(w.ctx)
		if err != nil || !after.UninstalledAt.Equal(*before.UninstalledAt) {
			t.Errorf("uninstalled at %v, then %v, %v", before.UninstalledAt, after.UninstalledAt, err)
		}
	})
}

// The health is that of the connection.
func TestHealth(t *testing.T) {
	eachWorld(t, func(w *world) {
		check := func(when, want string) {
			t.Helper()
			h := w.sandbox.CheckHealth(w.ctx, w.tenant.Workspace)
			if h.Call.Problem != "" || h.State != want {
				t.Errorf("%s the health is %s, %s", when, h.State, h.Call.Problem)
			}
		}
		check("connected", "OK")
		w.byHand()
		w.sandbox.Revoke(w.tenant.Workspace)
		w.sync(w.rerated())
		check("without a working token", "UNHEALTHY")
		w.sandbox.Uninstall(w.ctx, w.tenant.Workspace)
		check("uninstalled", "UNHEALTHY")
		w.signedIn(jane)
		check("connected again", "OK")
		if h := w.sandbox.CheckHealth(w.ctx, "nobody"); h.State != "UNKNOWN" || h.Call.Status != http.StatusOK {
			t.Errorf("of a stranger the health is %s, status %d", h.State, h.Call.Status)
		}
	})
}
