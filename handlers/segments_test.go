package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"rerate/models"
)

// segmentForm is a whole form: contacts with an attribute, asked in the Messenger.
func segmentForm(changes ...string) url.Values {
	form := url.Values{
		"do": {"save"}, "name": {"VIPs"}, "match": {"all"}, "conditions": {"1"}, "conditions.0.field": {"attribute"}, "conditions.0.name": {"vip"},
		"conditions.0.operator": {"yes"}, "channel": {"in_app"}, "subject": {""}, "body": {"Hello!"},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

// aSegment saves a segment and answers its id.
func (w *world) aSegment(boss *browser) string {
	w.t.Helper()
	saved := boss.post("/segments/new", segmentForm()).is(http.StatusSeeOther).location()
	return strings.TrimPrefix(saved, "/segments/")
}

func (w *world) stored(id string) models.Segment {
	w.t.Helper()
	s, err := w.db.Tenant(workspace).Segment(ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func TestASegmentIsSavedByItsForm(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		if text := boss.page("/segments").Text(); !strings.Contains(text, "No segments yet") {
			t.Errorf("the empty list says %q", text)
		}
		id := w.aSegment(boss)
		s := w.stored(id)
		if s.Name != "VIPs" || s.Version != 1 || s.Body != "Hello!" || s.SavedBy != jane || len(s.Rules.Conditions) != 1 || s.Rules.Conditions[0].Name != "vip" || s.Automatic {
			t.Errorf("stored is %+v", s)
		}
		page := boss.page("/segments/" + id)
		if got := page.Find("h1").Text(); got != "VIPs" {
			t.Errorf("the page is called %q", got)
		}
		boss.post("/segments/"+id, segmentForm("name", "Very important", "conditions.0.operator", "no")).leadsTo("/segments/" + id)
		if s := w.stored(id); s.Name != "Very important" || s.Version != 2 {
			t.Errorf("stored is %+v", s)
		}
		boss.post("/segments/"+id+"/switch", url.Values{"automatic": {"true"}}).leadsTo("/segments/" + id)
		if s := w.stored(id); !s.Automatic || s.Paused {
			t.Errorf("stored is %+v", s)
		}
		// The form has no switches, so saving it leaves them.
		boss.post("/segments/"+id, segmentForm("conditions.0.operator", "no")).leadsTo("/segments/" + id)
		if s := w.stored(id); !s.Automatic || s.Version != 2 {
			t.Errorf("stored is %+v", s)
		}
		list := boss.page("/segments")
		if text := list.Find("tbody").Text(); !strings.Contains(text, "VIPs") || !strings.Contains(text, "Contact attribute “vip” is no") || !strings.Contains(text, "Sends by itself") {
			t.Errorf("the list says %q", text)
		}
		boss.post("/segments/"+id+"/delete", nil).leadsTo("/segments")
		boss.get("/segments/" + id).is(http.StatusNotFound)
		boss.post("/segments/"+id, segmentForm()).is(http.StatusNotFound)
		boss.post("/segments/"+id+"/send", nil).is(http.StatusNotFound)
	})
}

// What cannot be saved is shown again with what is wrong, and nothing that was typed is lost.
func TestAWrongSegmentIsShownAgain(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	for name, c := range map[string]struct {
		form  url.Values
		field string
		words string
	}{
		"no name":         {segmentForm("name", " "), "name", "must not be empty"},
		"no conditions":   {segmentForm("conditions", "0"), "conditions", "at least one condition"},
		"no attribute":    {segmentForm("conditions.0.name", ""), "conditions.0.name", "must not be empty"},
		"another field":   {segmentForm("conditions.0.field", "role"), "conditions.0.operator", "cannot be compared"},
		"no such field":   {segmentForm("conditions.0.field", "moon"), "conditions.0.field", "Choose what"},
		"no number":       {segmentForm("conditions.0.operator", "more_than", "conditions.0.value", "many"), "conditions.0.value", "Write a number"},
		"no channel":      {segmentForm("channel", "pigeon"), "channel", "Choose how"},
		"no subject":      {segmentForm("channel", "email"), "subject", "must not be empty"},
		"too long":        {segmentForm("body", strings.Repeat("é", 2001)), "body", "at most 2000 fit"},
		"no text":         {segmentForm("body", ""), "body", "must not be empty"},
		"a broken letter": {segmentForm("name", "a\x00b"), "name", "cannot be stored"},
	} {
		a := boss.post("/segments/new", c.form).is(http.StatusUnprocessableEntity)
		document := a.document()
		if text := document.Find("#refused").Text(); !strings.Contains(text, c.words) {
			t.Errorf("%s: the summary says %q", name, text)
		}
		if c.field != "conditions" && document.Find(`[id="`+c.field+`-error"]`).Length() != 1 {
			t.Errorf("%s: the field %s has no error", name, c.field)
		}
		if name == "no subject" && document.Find("#body").Text() != "Hello!" {
			t.Errorf("%s: the text is lost", name)
		}
	}
	if all, err := w.db.Tenant(workspace).Segments(ctx); err != nil || len(all) != 0 {
		t.Errorf("stored are %+v, %v", all, err)
	}
	boss.post("/segments/new", segmentForm("do", "dance")).is(http.StatusUnprocessableEntity)
	boss.post("/segments/new", segmentForm("do", "remove.7")).is(http.StatusUnprocessableEntity)
}

// Without scripts every button shows the form again, changed, and stores nothing.
func TestTheButtonsOfASegment(t *testing.T) {
	w := newWorld(t)
	boss := w.signIn(jane)
	names := func(d *goquery.Document) (all []string) {
		d.Find("form#segment [name]").Each(func(_ int, s *goquery.Selection) {
			if name, _ := s.Attr("name"); strings.HasPrefix(name, "conditions.") {
				all = append(all, name)
			}
		})
		return all
	}
	added := boss.post("/segments/new", segmentForm("do", "add")).is(http.StatusOK).document()
	if got := strings.Join(names(added), " "); got != "conditions.0.field conditions.0.name conditions.0.operator conditions.1.field conditions.1.operator conditions.1.value" {
		t.Errorf("after adding there are %s", got)
	}
	if value, _ := added.Find("#name").Attr("value"); value != "VIPs" {
		t.Errorf("the name is %q", value)
	}
	both := segmentForm("do", "remove.0", "conditions", "2", "conditions.1.field", "last_seen", "conditions.1.operator", "before_days", "conditions.1.value", "30")
	removed := boss.post("/segments/new", both).is(http.StatusOK).document()
	if got := strings.Join(names(removed), " "); got != "conditions.0.field conditions.0.operator conditions.0.value" {
		t.Errorf("after removing there are %s", got)
	}
	if value, _ := removed.Find(`[id="conditions.0.value"]`).Attr("value"); value != "30" {
		t.Errorf("what is left has the value %q", value)
	}
	// Another field brings its own ways to compare.
	changed := boss.post("/segments/new", segmentForm("do", "preview", "conditions.0.field", "rating")).is(http.StatusOK).document()
	if got := changed.Find(`[id="conditions.0.value"] option[selected]`).Text(); got != "negative" {
		t.Errorf("the rating is %q", got)
	}
	if w.rows()["river_job"] != 0 {
		t.Error("looking put in a job")
	}
}

// The preview says who would get it, why, and what: before anything is stored.
func TestThePreviewOfASegment(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss, viewer := w.signIn(jane), w.signIn(tomas)
		if err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
			for name, vip := range map[string]bool{"Ann <b>": true, "Bob": false, "Eve": true} {
				if err := tx.SaveProfile(models.Profile{Contact: models.Contact{ID: "id-" + name[:3], Name: name, Role: "user", Attributes: map[string]any{"vip": vip}}}); err != nil {
					return err
				}
			}
			_, err := tx.ContactGone("id-Eve", "")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		form := segmentForm("do", "preview", "body", "One\n\nTwo <i>", "channel", "email", "subject", "Hi & bye")
		shown := boss.post("/segments/new", form).is(http.StatusOK).document()
		if got := strings.Join(strings.Fields(shown.Find("[aria-labelledby=who]").Text()), " "); got != "Who gets it1 of 2 contacts that Rerate knowsAnn <b> Contact attribute “vip” is yes" {
			t.Errorf("who gets it: %q", got)
		}
		looks := strings.Join(strings.Fields(shown.Find("[aria-labelledby=looks]").Text()), " ")
		if !strings.HasPrefix(looks, "What they getSubject: Hi & byeOneTwo <i>Rate your conversation again😠 Terrible") {
			t.Errorf("what they get: %q", looks)
		}
		id := w.aSegment(boss)
		seen := viewer.page("/segments/" + id)
		if seen.Find("fieldset#segment-fields[disabled]").Length() != 1 || seen.Find("button[value=save]").Length() != 0 || seen.Find("form[action$='/send']").Length() != 0 {
			t.Error("a viewer could change it")
		}
		if !strings.Contains(seen.Find("[aria-labelledby=who]").Text(), "1 of 2") {
			t.Error("a viewer does not see who is in it")
		}
		// Sending waits until it is known who is in it.
		boss.post("/segments/"+id+"/send", nil).is(http.StatusConflict)
		if again := boss.get("/segments/" + id).document().Find("[aria-labelledby=now]").Text(); !strings.Contains(again, "being worked out") {
			t.Errorf("now says %q", again)
		}
		if counts, err := w.db.Tenant(workspace).SegmentCounts(ctx); err != nil || len(counts) != 0 {
			t.Errorf("counts are %v, %v", counts, err)
		}
	})
}

// The history tells each message's outcome with its reason, can be filtered, and what failed can be tried again.
func TestTheMessagesOfASegment(t *testing.T) {
	inEachWorld(t, func(t *testing.T, w *world) {
		boss := w.signIn(jane)
		id := w.aSegment(boss)
		var failed string
		if err := w.db.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
			for contact, state := range map[string]models.MessageState{"a": models.MessageSent, "b": models.MessageFailed, "c": models.MessageSkipped} {
				if err := tx.SaveContact(models.Contact{ID: contact, Name: "Contact " + contact}); err != nil {
					return err
				}
				m, _, err := tx.PlanMessage(w.stored(id), contact, jane)
				if err != nil {
					return err
				}
				m.State, m.Detail, m.RequestID, m.ConversationID = state, "Why "+contact, tx.NewID(), "77"
				if state == models.MessageFailed {
					failed = m.ID
				}
				if err := tx.SaveSegmentMessage(m); err != nil {
					return err
				}
				if state != models.MessageSent {
					continue
				}
				if err := tx.MessageArrived(m); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		all := boss.page("/segments/" + id)
		text := all.Find("[aria-labelledby=messages]").Text()
		for _, want := range []string{"Contact a", "Why b", "Why c", "Sent", "Failed", "Passed over", "by Jane Agent", "Asked; there is no answer yet"} {
			if !strings.Contains(text, want) {
				t.Errorf("the history does not say %q: %s", want, text)
			}
		}
		if n := all.Find("form[action$='/retry']").Length(); n != 2 {
			t.Errorf("%d can be tried again", n)
		}
		if rows := boss.page("/segments/" + id + "?state=failed").Find("[aria-labelledby=messages] tbody tr"); rows.Length() != 1 || !strings.Contains(rows.Text(), "Contact b") {
			t.Errorf("failed are %q", rows.Text())
		}
		boss.post("/segments/messages/"+failed+"/retry", nil).leadsTo("/segments/" + id)
		boss.post("/segments/messages/"+failed+"/retry", nil).is(http.StatusConflict)
		if rows := boss.page("/segments/" + id + "?state=waiting").Find("[aria-labelledby=messages] tbody tr"); rows.Length() != 1 {
			t.Errorf("%d wait", rows.Length())
		}
	})
}
