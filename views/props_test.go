package views

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"rerate/views/ui"
)

func TestFilterURL(t *testing.T) {
	for _, c := range []struct {
		name   string
		filter Filter
		want   string
	}{
		{"nothing", Filter{}, "/ratings"},
		{"fixed order", Filter{Cursor: "c", Channel: "chat", Days: "30"}, "/ratings?days=30&channel=chat&cursor=c"},
		{"escaped", Filter{Contact: "a&b=c d<é"}, "/ratings?contact=a%26b%3Dc+d%3C%C3%A9"},
		{
			"everything",
			Filter{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30"},
			"/ratings?days=1&from=2&to=3&policy=4&compare=5&teammate=6&channel=7&tag=8&score=10&change=9&remark=11&wording=12&segment=13&company=14&outcome=15&first=16&latest=17&valid=18&why_not=19&status=20&rule=21&method=22&first_teammate=23&closes=24&q=25&handled=26&contact=27&conversation=28&sort=29&cursor=30",
		},
	} {
		if got := c.filter.URL("/ratings"); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestPresetKeepsTheRestButDatesAndPlace(t *testing.T) {
	for days, want := range map[string]Filter{"30": {Days: "30", Teammate: "7"}, "90": {Teammate: "7"}} {
		got := Filter{From: "2026-01-01", To: "2026-02-01", Cursor: "c", Teammate: "7"}.ForDays(days)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestCurrentNavigation(t *testing.T) {
	for _, c := range []struct {
		path string
		want []string
	}{
		{"/", []string{"Overview"}},
		{"/?days=30", []string{"Overview"}},
		{"/ratings", []string{"Ratings"}},
		{"/ratings?score=1", []string{"Ratings"}},
		{"/ratings/r1", []string{"Ratings"}},
		{"/ratingsx", nil},
		{"", nil},
	} {
		var got []string
		for _, item := range Navigation {
			if (Page{Path: c.path}).Current(item) {
				got = append(got, item.Label)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q marks %v, want %v", c.path, got, c.want)
		}
	}
}

// The contract's settings, as design.md section 6 has them.
const contract = `{"ask":{"automatic":true,"users":true,"leads":true,"outbound":false,"workflow_started":true,"require_teammate_reply":true,
 "min_characters":250,"max_days_since_reply":7,"skip_group":true,"skip_bot_assignee":true,"suppress_tags":["fraud"],
 "suppression_days":0,"delay_minutes":0,"max_per_conversation":3,"sample_percent":100,"channels":{"chat":true,"email":true},"chat_method":"link"},
 "windows":{"rate_hours":0,"change_hours":0,"undo_minutes":1},"policy":"latest","note":"full","test_mode":false,"test_contacts":[],
 "write_back":{"attributes":true,"event":true,"tag":"","native_rating":false},"time_zone":"UTC","target":0.9,"min_sample":10,"retention_days":0}`

func TestSettingsFormHoldsEverySettingOnce(t *testing.T) {
	var settings map[string]any
	if err := json.Unmarshal([]byte(contract), &settings); err != nil {
		t.Fatal(err)
	}
	want := map[string]kind{}
	var walk func(prefix string, value any)
	walk = func(prefix string, value any) {
		switch value := value.(type) {
		case map[string]any:
			for key, inner := range value {
				walk(strings.TrimPrefix(prefix+"."+key, "."), inner)
			}
		case bool:
			want[prefix] = toggle
		case float64:
			want[prefix] = number
		case []any:
			want[prefix] = lines
		default:
			want[prefix] = text
		}
	}
	walk("", settings)
	got := map[string]kind{}
	for _, group := range settingsGroups {
		for _, s := range group.settings {
			if _, twice := got[s.name]; twice {
				t.Errorf("%s stands twice", s.name)
			}
			if s.hint == "" || s.label == "" {
				t.Errorf("%s does not say what it does", s.name)
			}
			got[s.name] = s.kind
			if s.kind == choice || s.kind == choices {
				got[s.name] = text
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings and form differ (-contract +form):\n%s", diff)
	}
}

func TestStoryIsInOrderOfTimeRequestsFirst(t *testing.T) {
	at := func(minutes int) time.Time { return now.Add(time.Duration(minutes) * time.Minute) }
	p := RatingProps{
		Requests: []RequestStep{{At: at(3), State: "sent"}, {At: at(0), State: "rated"}},
		Ratings: []RatingStep{
			{At: at(3), ID: "b", RemarkAt: at(4), Writes: []Write{{At: at(4)}}},
			{At: at(1), ID: "a", Writes: []Write{{At: at(2)}, {At: at(0)}}},
		},
	}
	var got []string
	for _, step := range p.story() {
		switch {
		case step.Request != nil:
			got = append(got, step.Request.State)
		case step.Rating != nil:
			got = append(got, step.Rating.ID)
		case step.Remark != nil:
			got = append(got, step.Remark.ID+" remarked")
		default:
			got = append(got, step.Writes.ID+" written")
		}
	}
	if want := []string{"rated", "a", "a written", "sent", "b", "b remarked", "b written"}; !slices.Equal(got, want) {
		t.Errorf("story is %v, want %v", got, want)
	}
}

func TestRequestWords(t *testing.T) {
	for _, c := range []struct {
		step RequestStep
		want string
	}{
		{RequestStep{State: "suppressed", Method: "link"}, "Closed and not asked"},
		{RequestStep{State: "scheduled", Method: "link"}, "Will be asked by link"},
		{RequestStep{State: "cancelled"}, "The request was cancelled"},
		{RequestStep{State: "sent", Method: "card", Again: true}, "Asked again by Messenger card, no answer yet"},
		{RequestStep{State: "seen", Method: "quick_reply"}, "Asked by quick reply, seen, no answer yet"},
		{RequestStep{State: "rated"}, "Asked"},
		{RequestStep{State: "remarked", Method: "home", Again: true}, "Asked again on Messenger Home"},
		{RequestStep{State: "expired", Method: "workflow_card"}, "Asked by a Workflow's card, not answered in time"},
		{RequestStep{State: "failed", Method: "link", Again: true}, "Could not be asked again by link"},
	} {
		if got := c.step.words(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.step, got, c.want)
		}
	}
}

func TestMoment(t *testing.T) {
	p := examplePage("", "/")
	for _, c := range []struct {
		ago  time.Duration
		want string
	}{
		{0, "just now"},
		{59 * time.Second, "just now"},
		{time.Minute, "1 min ago"},
		{time.Hour, "1 h ago"},
		{23 * time.Hour, "23 h ago"},
		{24 * time.Hour, "30 Oct 15:05"},
		{400 * 24 * time.Hour, "26 Sep 2025"},
		{-time.Hour, "31 Oct 16:05"},
	} {
		if got := p.moment(now.Add(-c.ago)); got != c.want {
			t.Errorf("%v ago is %q, want %q", c.ago, got, c.want)
		}
	}
}

func TestFiguresWithoutASampleAreDashes(t *testing.T) {
	if got := (Share{}).value(); got != "—" {
		t.Errorf("no sample shows %q", got)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -4321: "−4,321"} {
		if got := grouped(n); got != want {
			t.Errorf("grouped(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestViewersGetNoActs(t *testing.T) {
	page := examplePage("", "/")
	page.Teammate.Role, page.ExampleData = "viewer", true
	rating, wording, settings := exampleRating(), exampleWording(), exampleSettings()
	rating.Page, wording.Page, settings.Page = page, page, page
	for _, e := range []example{{"rating", Rating(rating)}, {"wording", Wording(wording)}, {"settings", Settings(settings)}} {
		_, doc := render(t, e)
		actions := map[string]bool{}
		doc.Find("form").Each(func(_ int, form *goquery.Selection) {
			if form.Find("fieldset[disabled]").Length() == 0 {
				actions[form.AttrOr("action", "")] = true
			}
		})
		if got := slices.Sorted(maps.Keys(actions)); !slices.Equal(got, []string{"/auth/logout", "/theme"}) {
			t.Errorf("%s: a viewer may post to %v", e.name, got)
		}
		if n := doc.Find("fieldset[disabled] button").Length(); n > 0 {
			t.Errorf("%s: a viewer sees %d buttons", e.name, n)
		}
	}
}

func TestChangeIsSaidInWordsAndSign(t *testing.T) {
	for change, want := range map[string]string{"better": "↑ Better", "same": "= Same", "worse": "↓ Worse", "first": "• First"} {
		var text strings.Builder
		if err := ui.Change(change).Render(t.Context(), &text); err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(strings.NewReader(text.String()))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(doc.Text()); got != want {
			t.Errorf("%s reads %q, want %q", change, got, want)
		}
	}
}
