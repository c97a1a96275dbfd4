package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rerate/internal/intercom/intercomtest"
	"rerate/internal/jobs"
	"rerate/internal/survey"
	"rerate/models"
)

// arrival is what a receiver got.
type arrival struct {
	id, signature string
	at            int64
	body          []byte
	path          string
}

// event reads the body of a signed message.
func (a arrival) event(t testing.TB) (kind string, data map[string]any) {
	t.Helper()
	var body struct {
		Type      string
		Timestamp time.Time
		Data      map[string]any
	}
	if err := json.Unmarshal(a.body, &body); err != nil || body.Timestamp.IsZero() {
		t.Fatalf("%s: %v", a.body, err)
	}
	return body.Type, body.Data
}

// receiver is an address outside that gets messages.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []arrival
	answer func(arrival) int // 0 is 200
	header http.Header       // of every answer
}

func (w *world) receiver() *receiver {
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		body, _ := io.ReadAll(in.Body)
		at, _ := strconv.ParseInt(in.Header.Get("webhook-timestamp"), 10, 64)
		a := arrival{id: in.Header.Get("webhook-id"), signature: in.Header.Get("webhook-signature"), at: at, body: body, path: in.URL.Path}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, a)
		for name := range r.header {
			out.Header().Set(name, r.header.Get(name))
		}
		if r.answer != nil {
			if status := r.answer(a); status != 0 {
				out.WriteHeader(status)
			}
		}
	}))
	w.t.Cleanup(r.Close)
	return r
}

func (r *receiver) arrived() []arrival {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]arrival(nil), r.got...)
}

func (r *receiver) answers(status func(arrival) int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = status
}

// kinds are the kinds of what has arrived, in order.
func (r *receiver) kinds(t testing.TB) string {
	var kinds []string
	for _, a := range r.arrived() {
		kind, _ := a.event(t)
		kinds = append(kinds, kind)
	}
	return strings.Join(kinds, " ")
}

// endpoint adds an endpoint that is told of every event.
func (w *world) endpoint(url string, change ...func(*survey.EndpointForm)) (models.Endpoint, string) {
	w.t.Helper()
	form := survey.EndpointForm{Kind: models.EventEndpoint, Name: "Data", URL: url + "/hook", Events: survey.Events, PerHour: 10}
	for _, c := range change {
		c(&form)
	}
	e, secret, err := w.app.service.AddEndpoint(w.ctx, intercomtest.DefaultWorkspace, "Jane", form)
	w.must(err)
	return e, secret
}

func slack(form *survey.EndpointForm) {
	form.Kind, form.Low, form.Worse, form.Events = models.SlackEndpoint, true, true, nil
}

// send runs the job of an endpoint until it does not ask to be run again at once.
func (w *world) sendTo(e models.Endpoint) {
	w.t.Helper()
	var later jobs.Later
	err := w.app.service.Deliver(w.ctx, jobs.Deliver{Workspace: e.WorkspaceID, Endpoint: e.ID})
	if err != nil && !errors.As(err, &later) {
		w.t.Fatal(err)
	}
}

// deliveries are what is listed of an endpoint, oldest first: "kind state attempts".
func (w *world) deliveries(e models.Endpoint) []string {
	w.t.Helper()
	found, err := w.tenant.Deliveries(w.ctx, models.DeliveryFilter{Endpoint: e.ID}, nil, 100)
	w.must(err)
	var all []string
	for _, d := range found {
		all = append([]string{fmt.Sprintf("%s %s %d", d.Type, d.State, d.Attempts)}, all...)
	}
	return all
}

func (w *world) wantDeliveries(e models.Endpoint, want ...string) {
	w.t.Helper()
	if got := w.deliveries(e); !reflect.DeepEqual(got, want) {
		w.t.Errorf("the deliveries are %q instead of %q", got, want)
	}
}

// signed is the signature of a message, computed by another hand than Rerate's.
func signed(secret string, a arrival) string {
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(a.id + "." + strconv.FormatInt(a.at, 10) + "."))
	mac.Write(a.body)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

const undo = 5 * time.Minute

// ready stops the queue and sets an undo time, so that the test alone says when something is sent.
func (w *world) ready() {
	w.byHand()
	w.set(func(s *models.Settings) { s.Windows.UndoMinutes = int(undo / time.Minute) })
}

// rated is a conversation that Sam rated with a card, read from Intercom since.
func (w *world) rated(score int) (conversation, card string) {
	w.t.Helper()
	id := w.solved()
	card = w.ask(id)
	w.tap(card, w.sam().ID, score)
	w.sync(id)
	return id, card
}

// One signed event for a rating, once the undo time is over, with the row that the API gives. A tap that was undone is
// told to nobody.
func TestOneSignedEventForARatingThatStands(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.byHand()
		w.ready()
		r := w.receiver()
		e, secret := w.endpoint(r.URL)
		id := w.solved()
		card := w.ask(id)
		w.sync(id)
		w.tap(card, w.sam().ID, 1)
		w.clock.Move(undo - time.Minute)
		w.press(card, w.sam().ID, "change", nil)
		w.tap(card, w.sam().ID, 4)
		w.sync(id)
		w.sendTo(e)
		if n := len(r.arrived()); n != 0 {
			t.Fatalf("%d messages arrive within the undo time", n)
		}
		w.clock.Move(undo)
		for range 3 {
			w.sendTo(e)
		}
		w.wantDeliveries(e, "rating.created skipped 0", "rating.created done 1")
		got := r.arrived()
		if len(got) != 1 {
			t.Fatalf("%d messages arrive", len(got))
		}
		if want := signed(secret, got[0]); got[0].signature != want || got[0].at != w.clock.Now().Unix() {
			t.Errorf("signed %s at %d, want %s", got[0].signature, got[0].at, want)
		}
		kind, data := got[0].event(t)
		var page struct{ Items []map[string]any }
		w.get("/ratings?valid=yes&conversation="+id, &page)
		if kind != survey.EventCreated || len(page.Items) != 1 || !reflect.DeepEqual(data, page.Items[0]) {
			t.Errorf("%s carries\n%v\nthe API gives\n%v", kind, data, page.Items)
		}
	})
}

// A receiver that fails gets the same message again, with the same id, later and later, until it takes it.
func TestFailuresAreTriedAgainWithTheSameID(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.ready()
		r := w.receiver()
		r.answers(func(arrival) int { return http.StatusInternalServerError })
		e, secret := w.endpoint(r.URL)
		w.rated(2)
		w.clock.Move(undo)
		w.sendTo(e)
		w.sendTo(e) // too soon
		w.wantDeliveries(e, "rating.created waiting 1")
		var gaps []time.Duration
		for range 4 {
			before := w.clock.Now()
			for n := len(r.arrived()); len(r.arrived()) == n; w.sendTo(e) {
				w.clock.Move(time.Second)
			}
			gaps = append(gaps, w.clock.Now().Sub(before))
		}
		for i, least := range []time.Duration{5 * time.Second, time.Minute, 5 * time.Minute, 30 * time.Minute} {
			if gaps[i] < least || gaps[i] > least*5/4+longestRestHere {
				t.Errorf("try %d comes after %v", i+2, gaps[i])
			}
		}
		r.answers(nil)
		w.clock.Move(3 * time.Hour)
		w.sendTo(e)
		w.wantDeliveries(e, "rating.created done 6")
		ids, times := map[string]bool{}, map[int64]bool{}
		for _, a := range r.arrived() {
			ids[a.id], times[a.at] = true, true
			if a.signature != signed(secret, a) {
				t.Errorf("%d is not signed right", a.at)
			}
		}
		if len(ids) != 1 || len(times) != 6 {
			t.Errorf("six tries have %d ids and %d times", len(ids), len(times))
		}
		stored, err := w.tenant.Endpoint(w.ctx, e.ID)
		if err != nil || stored.Failures != 0 || stored.FailingSince != nil {
			t.Errorf("%+v %v", stored, err)
		}
	})
}

// longestRestHere is how long an endpoint that failed a few times rests.
const longestRestHere = 25 * time.Second

// Who never answers gets eleven tries of a message in three days, and is paused then; admins read why.
func TestWhoNeverAnswersIsPaused(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.ready()
		r := w.receiver()
		r.answers(func(arrival) int { return http.StatusBadGateway })
		e, _ := w.endpoint(r.URL)
		w.rated(5)
		w.clock.Move(undo)
		began := w.clock.Now()
		for paused := false; !paused; {
			w.sendTo(e)
			stored, err := w.tenant.Endpoint(w.ctx, e.ID)
			w.must(err)
			if paused = stored.Paused; paused && !strings.Contains(stored.PausedWhy, "502 Bad Gateway") {
				t.Errorf("it is paused because %q", stored.PausedWhy)
			}
			w.clock.Move(time.Hour)
			if w.clock.Now().Sub(began) > 5*24*time.Hour {
				t.Fatal("it is tried for five days")
			}
		}
		if took := w.clock.Now().Sub(began); took < 3*24*time.Hour {
			t.Errorf("it is paused after %v", took)
		}
		if n := len(r.arrived()); n != 11 {
			t.Errorf("there are %d tries", n)
		}
		w.wantDeliveries(e, "rating.created failed 11")
		b := w.signedIn(jane)
		if page := b.get("/"); !strings.Contains(page.body, "has been paused") {
			t.Error("the overview does not say that something was paused")
		}

		// What comes meanwhile waits, and goes out when somebody resumes.
		w.rated(4)
		w.clock.Move(undo)
		w.sendTo(e)
		r.answers(nil)
		w.must(w.app.service.PauseEndpoint(w.ctx, e.WorkspaceID, e.ID, false))
		w.sendTo(e)
		w.wantDeliveries(e, "rating.created failed 11", "rating.created done 1")
	})
}

// 410 means: never again. The endpoint is paused at once.
func TestGonePausesTheEndpoint(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.ready()
	r := w.receiver()
	r.answers(func(arrival) int { return http.StatusGone })
	e, _ := w.endpoint(r.URL)
	w.rated(5)
	w.rated(4)
	w.clock.Move(undo)
	w.sendTo(e)
	w.sendTo(e)
	w.wantDeliveries(e, "rating.created failed 1", "rating.created waiting 0")
	stored, err := w.tenant.Endpoint(w.ctx, e.ID)
	if err != nil || !stored.Paused || !strings.Contains(stored.PausedWhy, "410") || len(r.arrived()) != 1 {
		t.Errorf("%+v %v, %d messages", stored, err, len(r.arrived()))
	}
}

// A redirect is a failure, and where it leads hears nothing.
func TestRedirectsAreNotFollowed(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.ready()
	elsewhere, r := w.receiver(), w.receiver()
	r.header = http.Header{"Location": {elsewhere.URL}}
	r.answers(func(arrival) int { return http.StatusTemporaryRedirect })
	e, _ := w.endpoint(r.URL)
	w.rated(5)
	w.clock.Move(undo)
	w.sendTo(e)
	w.wantDeliveries(e, "rating.created waiting 1")
	if len(elsewhere.arrived()) != 0 || len(r.arrived()) != 1 {
		t.Errorf("%d and %d messages", len(elsewhere.arrived()), len(r.arrived()))
	}
}

// A remark is in the event of the rating, or, when that has been told, in one of its own; a rating that is left out and
// counted again is told of each time.
func TestRemarksAndVerdictsAreEvents(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.ready()
		r := w.receiver()
		e, _ := w.endpoint(r.URL)
		_, early := w.rated(2)
		w.remark(early, w.sam().ID, "slow")
		w.clock.Move(undo)
		w.sendTo(e)
		_, card := w.rated(1)
		w.clock.Move(undo)
		w.sendTo(e)
		w.remark(card, w.sam().ID, "rude")
		w.sendTo(e)
		id := w.last(e).RatingID
		w.must(w.app.service.LeaveOutRating(w.ctx, e.WorkspaceID, survey.Verdict{Rating: id, By: "Jane", Reason: "A joke"}))
		w.sendTo(e)
		w.clock.Move(time.Second)
		w.must(w.app.service.CountRating(w.ctx, e.WorkspaceID, survey.Verdict{Rating: id, By: "Jane"}))
		w.sendTo(e)
		want := "rating.created rating.created rating.remarked rating.left_out rating.counted"
		if got := r.kinds(t); got != want {
			t.Fatalf("arrived: %s, want %s", got, want)
		}
		for i, remark := range []string{"slow", "", "rude", "rude", "rude"} {
			_, data := r.arrived()[i].event(t)
			if data["remark"] != remark || data["valid"] != (i != 3) {
				t.Errorf("message %d: %v", i, data)
			}
		}
	})
}

// last is the newest delivery of an endpoint.
func (w *world) last(e models.Endpoint) models.Delivery {
	w.t.Helper()
	found, err := w.tenant.Deliveries(w.ctx, models.DeliveryFilter{Endpoint: e.ID}, nil, 1)
	w.must(err)
	return found[0]
}

// An answer of somebody who is not known to take part is told of once Intercom has said that they do; Intercom's own
// rating is told of too, but nothing of the time before the endpoint.
func TestWhatBecomesValidIsTold(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.ready()
	old := w.ratedNatively(5)
	w.deliver(old)
	r := w.receiver()
	e, _ := w.endpoint(r.URL)
	w.clock.Move(time.Minute)
	w.deliver(old)
	fresh := w.ratedNatively(2)
	w.deliver(fresh)
	w.clock.Move(undo)
	w.sendTo(e)
	w.wantDeliveries(e, "rating.created done 1")
	if _, data := r.arrived()[0].event(t); data["conversation_id"] != fresh || data["source"] != "intercom" {
		t.Errorf("%v", data)
	}
}

// Nothing is lost when Rerate is stopped at any moment: what was planned goes out after the start, what was cut off goes
// out again with the same id.
func TestWhatIsPlannedOutlivesARestart(t *testing.T) {
	eachWorld(t, func(w *world) {
		r := w.receiver()
		e, _ := w.endpoint(r.URL)
		first := true
		r.answers(func(arrival) int {
			if first {
				first = false
				return http.StatusServiceUnavailable
			}
			return 0
		})
		w.rated(3)
		// The queue may look before the job of the conversation has read it; then it looks again two seconds later.
		w.within(patience, "the first message is tried", func() bool {
			w.must(w.app.service.CatchUp(w.ctx, jobs.CatchUp{}))
			w.clock.Move(time.Second)
			return len(r.arrived()) > 0
		})
		w.restart("RERATE_PRIVATE_TARGETS", "127.0.0.1")
		w.rated(4)
		w.clock.Move(time.Minute)
		w.within(patience, "both messages have arrived", func() bool {
			w.must(w.app.service.CatchUp(w.ctx, jobs.CatchUp{}))
			w.clock.Move(time.Second)
			return strings.Count(strings.Join(w.deliveries(e), ","), "done") == 2
		})
		ids := map[string]int{}
		for _, a := range r.arrived() {
			ids[a.id]++
		}
		if len(ids) != 2 || len(r.arrived()) != 3 {
			t.Errorf("the ids are %v", ids)
		}
	})
}

// While a secret is rotated both sign; a day later only the new one does.
func TestBothSecretsSignForADay(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.byHand()
	r := w.receiver()
	e, old := w.endpoint(r.URL)
	fresh, err := w.app.service.RotateSecret(w.ctx, e.WorkspaceID, e.ID)
	w.must(err)
	send := func() arrival {
		w.must(w.app.service.TestEndpoint(w.ctx, e.WorkspaceID, e.ID))
		w.sendTo(e)
		all := r.arrived()
		return all[len(all)-1]
	}
	a := send()
	if want := signed(fresh, a) + " " + signed(old, a); old == fresh || a.signature != want {
		t.Errorf("signed %q instead of %q", a.signature, want)
	}
	w.clock.Move(24 * time.Hour)
	if a := send(); a.signature != signed(fresh, a) {
		t.Errorf("after a day it is signed %q", a.signature)
	}
	if kind, _ := a.event(t); kind != "test" {
		t.Errorf("a test is called %s", kind)
	}
}

// Into networks that are not public nothing goes, by whatever name; the reason is in plain words.
func TestNothingGoesInside(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.ready()
	r := w.receiver()
	port := r.URL[strings.LastIndex(r.URL, ":"):]
	form := func(url string) survey.EndpointForm {
		return survey.EndpointForm{Kind: models.EventEndpoint, URL: url, Events: survey.Events}
	}
	for _, url := range []string{"https://169.254.169.254/latest", "https://[::1]/", "https://10.0.0.1/", "http://1.1.1.1/", "gopher://127.0.0.1/"} {
		if _, _, err := w.app.service.AddEndpoint(w.ctx, intercomtest.DefaultWorkspace, "Jane", form(url)); err == nil {
			t.Errorf("%s is taken", url)
		}
	}
	e, _ := w.endpoint("http://localhost" + port)
	w.restart("RERATE_PRIVATE_TARGETS", "10.0.0.0/8")
	w.ready()
	w.rated(5)
	w.clock.Move(undo)
	w.sendTo(e)
	if d := w.last(e); !strings.Contains(d.Detail, "not public") || d.State != models.DeliveryWaiting || len(r.arrived()) != 0 {
		t.Errorf("%+v, %d messages", d, len(r.arrived()))
	}
}

// Nothing of an erased contact is left in what is stored or still to be sent.
func TestErasedContactsAreInNoMessage(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.ready()
		r := w.receiver()
		r.answers(func(arrival) int { return http.StatusInternalServerError })
		e, _ := w.endpoint(r.URL)
		s, _ := w.endpoint(r.URL, slack)
		_, card := w.rated(1)
		w.clock.Move(undo)
		w.sendTo(e)
		w.sendTo(s)
		w.remark(card, w.sam().ID, "my name is SECRET")
		w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.EraseContact(w.sam().ID) }))
		for _, column := range w.texts("SELECT type || key || detail FROM deliveries UNION ALL SELECT CAST(args AS TEXT) FROM river_job") {
			if strings.Contains(column, "SECRET") {
				t.Errorf("%q is stored", column)
			}
		}
		r.answers(nil)
		w.clock.Move(time.Hour)
		w.sendTo(e)
		w.sendTo(s)
		for _, a := range r.arrived() {
			if strings.Contains(string(a.body), "SECRET") {
				t.Errorf("%s is sent", a.body)
			}
		}
		w.wantDeliveries(e, "rating.created done 2", "rating.remarked skipped 0")
	})
}

// Uninstalling forgets the addresses with all that was sent there.
func TestUninstallingForgetsEndpoints(t *testing.T) {
	w := newWorld(t, models.SQLite)
	w.byHand()
	r := w.receiver()
	e, _ := w.endpoint(r.URL)
	w.must(w.app.service.TestEndpoint(w.ctx, e.WorkspaceID, e.ID))
	w.must(w.tenant.Write(w.ctx, func(tx *models.Tx) error { return tx.Uninstall() }))
	w.sendTo(e)
	if n := w.number("SELECT COUNT(*) FROM endpoints") + w.number("SELECT COUNT(*) FROM deliveries"); n != 0 || len(r.arrived()) != 0 {
		t.Errorf("%d rows are left, %d messages arrive", n, len(r.arrived()))
	}
}

// Deliveries are listed for thirty days.
func TestOldDeliveriesArePruned(t *testing.T) {
	eachWorld(t, func(w *world) {
		w.ready()
		r := w.receiver()
		e, _ := w.endpoint(r.URL)
		w.rated(5)
		w.clock.Move(29 * 24 * time.Hour)
		w.sendTo(e)
		w.must(w.app.store.Sweep(w.ctx))
		w.wantDeliveries(e, "rating.created done 1")
		w.clock.Move(2 * 24 * time.Hour)
		w.must(w.app.store.Sweep(w.ctx))
		if all := w.deliveries(e); len(all) != 0 {
			t.Errorf("%q", all)
		}
	})
}
