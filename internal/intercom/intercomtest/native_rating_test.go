package intercomtest

import (
	"fmt"
	"testing"
	"time"
)

func TestNativeRatingByREST(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.RatingWindow = time.Hour })
	id := w.start("Hello")
	rate := func(body, version string) reply {
		return w.call("POST", "/conversations/"+id+"/rating", body, version)
	}
	by := func(score int, remark string) string {
		return fmt.Sprintf(`{"intercom_user_id":%q,"rating":%d,"remark":%q}`, w.sam, score, remark)
	}
	rate(by(5, ""), "2.16").want(t, 400, "intercom_version_invalid")
	rate(by(5, ""), "2.17").want(t, 422, "parameter_invalid") // no request
	_, err := w.RequestNativeRating(id)
	w.ok(err)
	rate(by(6, ""), "2.17").want(t, 422, "parameter_invalid")
	rate(by(2, ""), "2.17").want(t, 200, "")
	rate(by(4, ""), "2.17").want(t, 200, "") // may still change
	rate(by(4, "Fine"), "2.17").want(t, 200, "")
	rate(by(4, "Fine"), "2.17").want(t, 200, "")              // a safe retry
	rate(by(5, ""), "2.17").want(t, 422, "parameter_invalid") // locked by the remark
	other := w.AddContact(DefaultWorkspace, Contact{Name: "Else"})
	rate(fmt.Sprintf(`{"intercom_user_id":%q,"rating":1}`, other.ID), "2.17").want(t, 422, "parameter_invalid")

	_, err = w.RequestNativeRating(id)
	w.ok(err)
	w.clock.add(2 * time.Hour)
	rate(by(5, ""), "2.17").want(t, 422, "parameter_invalid") // window closed

	var added int
	for _, c := range w.DeliverNow(t.Context()) {
		if c.Topic == "conversation.rating.added" {
			added++
		}
	}
	if added != 3 {
		t.Errorf("conversation.rating.added came %d times, want 3: the answer, the change, the remark", added)
	}
}

func TestRatingByVersion(t *testing.T) {
	w := newWorld(t)
	id := w.start("Hello")
	shown := func(version string) any {
		return w.call("GET", "/conversations/"+id, "", version).want(t, 200, "").body["conversation_rating"]
	}
	if shown("2.15") != nil || shown("2.14") != nil {
		t.Error("a rating without a request")
	}
	_, err := w.RequestNativeRating(id)
	w.ok(err)
	if shown("2.15") != nil {
		t.Error("2.15 shows an unanswered request")
	}
	if at(t, shown("2.14"), "rating") != nil || at(t, shown("2.14"), "created_at") == nil {
		t.Error("2.14 hides the request")
	}
	w.ok(w.RateNatively(id, w.sam, 2, ""))
	w.clock.add(time.Hour)
	_, err = w.RequestNativeRating(id)
	w.ok(err)
	if got := at(t, shown("2.15"), "rating"); got != 2.0 {
		t.Errorf("2.15 shows %v, want the completed rating 2", got)
	}
	if got := at(t, shown("2.14"), "rating"); got != nil {
		t.Errorf("2.14 shows %v, want the nulls of the newest request", got)
	}
	w.SetQuirks(Quirks{EmptyRating: "absent"})
	fresh := w.start("Another")
	if _, there := w.call("GET", "/conversations/"+fresh, "").body["conversation_rating"]; there {
		t.Error("conversation_rating is there although told to be absent")
	}
	w.SetQuirks(Quirks{EmptyRating: "fields"})
	if r := w.call("GET", "/conversations/"+fresh, ""); at(t, r.body, "conversation_rating") == nil || at(t, r.body, "conversation_rating", "rating") != nil {
		t.Errorf("want an object of nulls: %v", r.body["conversation_rating"])
	}
}
