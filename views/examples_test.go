package views

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/a-h/templ"

	"rerate/views/chart"
	"rerate/views/ui"
)

// example is one page with props to draw it with.
type example struct {
	name string
	page templ.Component
}

// hostile is what somebody may send as a name or remark: markup, right-to-left text, joined emoji, a word without end.
var hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(1)> שלום עולם 👨‍👩‍👧‍👦🏳️‍🌈 ` + strings.Repeat("Donaudampfschifffahrt", 30)

var scale = []ui.Score{
	{Value: 1, Emoji: "😠", Label: "Terrible"},
	{Value: 2, Emoji: "🙁", Label: "Bad"},
	{Value: 3, Emoji: "😐", Label: "OK"},
	{Value: 4, Emoji: "😃", Label: "Good"},
	{Value: 5, Emoji: "😍", Label: "Amazing"},
}

var now = time.Date(2026, 10, 31, 14, 5, 0, 0, time.UTC)

func examplePage(title, path string) Page {
	return Page{
		Title: title, Path: path, Theme: "light", Now: now, Zone: time.FixedZone("IST", 3600), Workspace: "Acme Garden Tools",
		Teammate: Teammate{Name: "Mia Kowalski", Role: "admin"},
	}
}

func exampleBar() FilterBar {
	return FilterBar{
		RangeWords: "3 August to 31 October 2026", ComparedWords: "5 May to 2 August 2026", ZoneName: "Europe/Dublin", Today: "2026-10-31",
		Policy: "latest", OwnPolicy: "latest", Earlier: &Filter{From: "2026-05-05", To: "2026-08-02"},
		Scale:     scale,
		Teammates: []ui.Choice{{Value: "1", Label: "Mia Kowalski"}, {Value: "2", Label: "Jon Park"}},
		Channels:  []ui.Choice{{Value: "chat"}, {Value: "email"}},
	}
}

func exampleTrend(weeks int) chart.Trend {
	trend := chart.Trend{MinSample: 10, Target: 0.9}
	for i := range weeks {
		day := time.Date(2026, 10, 26, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -7*(weeks-1-i))
		n := 34 + int(14*math.Sin(float64(i)*1.3))
		counted, first := 0.82+0.06*math.Sin(float64(i)/2)+0.004*float64(i), 0.66+0.07*math.Sin(float64(i)/1.7+1)
		bucket := chart.Bucket{Label: day.Format("2 Jan"), Title: "Week of " + day.Format("2 January 2006"), Unfinished: i == weeks-1}
		if i == weeks-1 {
			n = 7
		}
		bucket.Counted = chart.Point{N: n, Score: counted, Low: counted - 0.9/math.Sqrt(float64(n)), High: min(counted+0.5/math.Sqrt(float64(n)), 1)}
		bucket.First = chart.Point{N: n, Score: first, Low: first - 0.12, High: first + 0.1}
		trend.Buckets = append(trend.Buckets, bucket)
	}
	return trend
}

func exampleMatrix() chart.Matrix {
	counts := [5][5]int{{12, 20, 35, 40, 13}, {6, 22, 52, 80, 50}, {4, 10, 33, 75, 58}, {2, 6, 14, 30, 38}, {1, 0, 6, 15, 16}}
	m := chart.Matrix{Scale: scale}
	for i, row := range counts {
		cells := make([]chart.MatrixCell, len(row))
		for j, n := range row {
			cells[j] = chart.MatrixCell{Count: n, Href: Filter{Days: "90", First: fmt.Sprint(i + 1), Latest: fmt.Sprint(j + 1)}.URL("/ratings")}
		}
		m.Cells = append(m.Cells, cells)
	}
	return m
}

func exampleRows() []RatingRow {
	return []RatingRow{
		{
			ID: "r1", ConversationID: "215473", Score: scale[4], Previous: scale[1], Change: "better", At: now.Add(-2 * time.Hour),
			Remark: "Mia sorted my refund in two minutes. Thank you!", Contact: "Ada Byrne", Channel: "chat", Teammate: "Mia Kowalski", IntercomURL: "https://app.intercom.com/a/inbox/x/215473",
		},
		{
			ID: "r2", ConversationID: "215470", Score: scale[1], Previous: scale[2], Change: "worse", At: now.Add(-26 * time.Hour),
			Remark: "Still broken on Android 14. I have now explained it three times to three people and nobody reads what I wrote before.", Contact: "sam@example.com",
			Channel: "email", Teammate: "Jon Park", IntercomURL: "https://app.intercom.com/a/inbox/x/215470",
		},
		{ID: "r3", Score: scale[3], Previous: scale[3], Change: "same", At: now.Add(-80 * time.Hour), Contact: "Lead from Cork", Channel: "chat"},
		{ID: "r4", Score: scale[0], Change: "first", At: now.Add(-90 * time.Hour), Contact: "Test person", Channel: "chat", WhyNot: "test", Remark: "trying it out"},
		{ID: "r5", Score: scale[2], Previous: scale[0], Change: "better", At: now.AddDate(-1, 0, 0), Contact: "Noa Levi", Channel: "email", WhyNot: "suspect", Remark: "תודה רבה על העזרה"},
	}
}

func exampleOverview() OverviewProps {
	share := func(positive float64, n int, low, high, by, byLow, byHigh float64) Share {
		return Share{
			Positive: positive, N: n, Score: positive / float64(n), Low: low, High: high, Href: "/ratings?outcome=rated",
			Change: &Change{N: n - 3, By: by, Low: byLow, High: byHigh, Clear: byLow > 0 || byHigh < 0},
		}
	}
	return OverviewProps{
		Page: examplePage("Overview", "/"), Bar: exampleBar(), MinSample: 10,
		Again: Again{
			Better: 461, Same: 113, Worse: 64, Verdict: GoesUp, Href: "/ratings?outcome=again",
			BetterHref: "/ratings?outcome=better", SameHref: "/ratings?outcome=same", WorseHref: "/ratings?outcome=worse",
		},
		Counted: share(359, 412, 0.838, 0.899, 0.036, 0.002, 0.071), First: share(273.5, 412, 0.617, 0.708, -0.02, -0.05, 0.01),
		Recovery: Recovery{
			Share: share(183, 330, 0.50, 0.61, -0.08, -0.12, -0.03), Asked: 301, Answered: 262,
			LowHref: "/ratings?outcome=first_low", AskedHref: "/ratings?outcome=asked", AnsweredHref: "/ratings?outcome=answered",
		},
		Response: Response{Share: share(640, 1016, 0.60, 0.66, 0, -0.04, 0.04), MayRise: true},
		Waiting:  Waiting{NotAsked: 37, Low: 61, Compared: true, Before: 30, Href: "/ratings?outcome=not_asked", LowHref: "/ratings?outcome=low"},
		Trend:    exampleTrend(13), Grain: "week", Matrix: exampleMatrix(),
		Spread: chart.Distribution{Scale: scale, Rows: []chart.DistributionRow{
			{Label: "Before: first rating", Counts: []int{120, 210, 180, 90, 38}}, {Label: "After: latest rating", Counts: []int{25, 58, 140, 240, 175}},
		}},
		Low: exampleRows()[1:2], Newest: exampleRows(), NewestHref: "/ratings", CSVHref: "/ratings.csv?outcome=rated",
	}
}

func exampleRatings() RatingsProps {
	return RatingsProps{
		Page: examplePage("Ratings", "/ratings"), Bar: exampleBar(), Rows: exampleRows(), Total: 1240,
		NextHref: "/ratings?cursor=abc", FirstHref: "/ratings", CSVHref: "/ratings.csv",
	}
}

func exampleRating() RatingProps {
	at := now.Add(-50 * time.Hour)
	mia := Credit{Teammate: "Mia Kowalski", Rule: "last_human_reply"}
	return RatingProps{
		Customer: exampleCustomer(),
		Page:     examplePage("Rating", "/ratings/r3"), RatingID: "r3", ConversationID: "215473", IntercomURL: "https://app.intercom.com/a/inbox/x/215473",
		Channel: "chat", Contact: "Ada Byrne", Others: []string{"sam@example.com"}, Policy: "latest", Counted: scale[4], Change: "better",
		First: FirstRating{Score: scale[1], At: at, Source: "intercom"}, Credit: mia,
		Requests: []RequestStep{
			{At: at.Add(10 * time.Hour), State: "suppressed", Reason: "The conversation has 120 characters; the rules ask for 250."},
			{At: at.Add(20 * time.Hour), State: "remarked", Method: "card", Version: 3, Credit: mia, Again: true},
		},
		Ratings: []RatingStep{
			{
				ID: "r1", At: at, Score: scale[1], Change: "first", Source: "intercom", Contact: "Ada Byrne", Credit: Credit{Teammate: "Jon Park", Rule: "last_bot_reply"},
				Remark: "Nobody answered for two days.", NoWrites: "Intercom holds this rating itself, so nothing is written for it.",
			},
			{ID: "r2", At: at.Add(21 * time.Hour), Score: scale[3], Previous: scale[1], Change: "better", Source: "card", Contact: "Ada Byrne", WhyNot: "undone"},
			{
				ID: "r3", At: at.Add(21*time.Hour + 20*time.Second), Score: scale[4], Previous: scale[1], Change: "better", Source: "card", Contact: "Ada Byrne",
				Credit: mia, Counted: true, Remark: "Mia sorted my refund in two minutes. Thank you!", RemarkAt: at.Add(22 * time.Hour), Reason: "fixed",
				Writes: []Write{
					{What: "note", State: "done", Attempts: 1, At: at.Add(22 * time.Hour), Detail: "The note is in the conversation."},
					{What: "attributes", State: "failed", Attempts: 4, At: at.Add(30 * time.Hour), Detail: "Intercom did not answer within 10 seconds."},
					{What: "event", State: "waiting", At: at.Add(31 * time.Hour)},
					{What: "tag", State: "skipped", At: at.Add(22 * time.Hour), Detail: "No tag is set in the settings."},
					{What: "native_rating", State: "skipped", At: at.Add(22 * time.Hour), Detail: "Intercom holds the first rating and takes no other."},
				},
			},
		},
	}
}

func exampleCustomer() Customer {
	c := Customer{
		ID: "c1", Name: "Ada Byrne", Email: "ada@example.com", Role: "user", Locale: "en", Location: "Dublin, Ireland", Unsubscribed: true,
		SignedUpAt: now.AddDate(-1, 0, 0), SeenAt: now.Add(-time.Hour), IntercomURL: "https://app.intercom.com/a/apps/x/users/c1", RatingsHref: "/ratings?contact=c1",
		Companies: []CustomerCompany{{Name: "Blue Sun", Plan: "Pro", Size: 40, Href: CompanyPath("k1")}, {Name: "Acme", Href: CompanyPath("k2")}},
		Segments:  []ui.Choice{{Value: "s1", Label: "Paying"}}, ReadAt: now.Add(-3 * time.Hour), Attributes: Attributes{More: 3},
	}
	for i := range 9 {
		c.Attributes.Shown = append(c.Attributes.Shown, Attribute{Name: fmt.Sprint("attribute ", i), Value: fmt.Sprint(i)})
		c.Events = append(c.Events, CustomerEvent{Name: fmt.Sprint("event-", i), Count: 1 + i, LastAt: now.Add(-time.Duration(i) * time.Hour)})
	}
	c.Attributes.Shown[1].At, c.Attributes.Shown[2].Value, c.Events[3].LastAt = now, "", time.Time{}
	return c
}

func exampleCompanies() CompaniesProps {
	first := exampleOverview().First
	row := CompanyRow{
		Name: "Blue Sun", Href: CompanyPath("k1"), Plan: "Pro", Size: 40, People: 31, Rated: 44, First: Fraction{Share: first}, Counted: Fraction{Share: first, PartHref: "/ratings"},
		Recovered: Fraction{}, Better: 4, Same: 2, Worse: 1, Waiting: 3, RatedHref: "/ratings", AgainHref: "/ratings", BetterHref: "/ratings", WorseHref: "/ratings", WaitingHref: "/ratings/waiting",
	}
	few := row
	few.Name, few.Few, few.Plan, few.Size, few.Better, few.Same, few.Worse, few.Waiting = "Acme", true, "", 0, 0, 0, 0, 0
	p := CompaniesProps{
		Page: examplePage("Companies", "/companies"), Bar: exampleBar(), MinSample: 10, Target: 0.9, Sort: "unhappy", Rows: []CompanyRow{row, few}, All: row,
		Total: 30, Skipped: 25, CSVHref: "/companies.csv", FirstHref: CompaniesPath, NextHref: "/companies?cursor=50",
	}
	p.All.Name, p.All.Href, p.All.People, p.Bar.Rows = "", "", 0, "companies"
	return p
}

func exampleCompany() CompanyProps {
	p := CompanyProps{
		Page: examplePage("Blue Sun", "/companies/k1"), ID: "k1", ExternalID: "account-1", Name: "Blue Sun", Plan: "Pro", Size: 40, Attributes: exampleCustomer().Attributes,
		ReadAt: now, Report: exampleOverview(), PeopleKnown: 12, ListHref: CompaniesPath, RatingsHref: "/ratings?company=k1",
		People: []CompanyPerson{
			{Name: "Ada Byrne", Email: "ada@example.com", Href: "/ratings?contact=c1", Rated: 2, Score: scale[4], At: now, RatingID: "r1"},
			{Name: "c2", Href: "/ratings?contact=c2"},
		},
	}
	p.Report.Path = CompanyPath("k1")
	return p
}

// companyEmpties are the pages of companies without anything.
func companyEmpties(page Page) []example {
	all := []example{{"companies-zero", Companies(CompaniesProps{Page: page})}, {"company-zero", Company(CompanyProps{Page: page})}}
	for _, reason := range []Empty{NotConnected, NoRatingsYet, NothingMatches, NoCompanies, NoneFound} {
		list, one := exampleCompanies(), exampleCompany()
		list.Empty, list.Bar.Filter.Search, one.Report.Empty = reason, "acme", reason
		all = append(all, example{"companies-" + string(reason), Companies(list)}, example{"company-" + string(reason), Company(one)})
	}
	for _, why := range []WhyUnknown{NotToldYet, Gone, Erased, NobodyNamed} {
		rating := exampleRating()
		rating.Customer = Customer{Nothing: why}
		all = append(all, example{"rating-" + string(why), Rating(rating)})
	}
	return all
}

func exampleWording() WordingProps {
	form := WordingForm{
		SeenVersion: 3, Question: "Rate your conversation again", Enabled: true, AskWhyUpTo: 3,
		Remarks: WordingRemarks{Label: "Anything to add?"},
		Thanks:  WordingThanks{Negative: "Thank you. We will look into it.", Neutral: "Thank you for telling us.", Positive: "Thank you! Glad to hear it."},
		Locales: []WordingLocale{
			{Code: "ar", Question: "قيّم محادثتك مرة أخرى", Done: 1, Of: 10},
			{Code: "fr", Question: "Notez à nouveau votre conversation", Labels: []string{"Terrible", "Mauvais", "Moyen", "Bien", "Super"}, Remarks: WordingRemarks{Label: "Autre chose ?"}, Done: 7, Of: 10},
		},
	}
	byPlace := []string{"negative", "negative", "neutral", "positive", "positive"}
	for i, s := range scale {
		form.Options = append(form.Options, WordingOption{Emoji: s.Emoji, Label: s.Label, ByPlace: byPlace[i]})
	}
	faces := []string{"😠", "🙁", "😐", "😃", "😍"}
	versions := []WordingVersion{
		{Number: 3, Author: "Mia Kowalski", At: now.Add(-time.Hour), Question: "Rate your conversation again", Emoji: faces, Current: true, Again: 1},
		{Number: 2, Author: "Jon Park", At: now.AddDate(0, -1, 0), Question: "How was it?", Emoji: []string{"👎", "👍"}},
		{Number: 1, At: now.AddDate(-1, 0, 0), Question: "Rate your conversation again", Emoji: faces},
	}
	return WordingProps{
		Page: examplePage("Wording", "/wording"), Form: form, Preview: examplePreview(form), Versions: versions, InUse: versions[0], Older: true,
	}
}

func examplePreview(form WordingForm) WordingPreview {
	return WordingPreview{
		Card: templ.Raw("<h3>The card</h3>"), Step: "thanks", Locale: "ar", Tapped: 2, Locales: []string{"ar", "fr"}, Options: form.Options,
		Remarks: true, Bytes: 3000, MaxBytes: 64 << 10,
	}
}

// movedWording is a draft in the editor, while somebody else has published and saved another draft.
func movedWording() WordingProps {
	p := exampleWording()
	p.Draft = &WordingDraft{Author: "Mia Kowalski", At: now.Add(-5 * time.Minute), BasedOn: 2, Shown: true}
	p.Meanwhile = &WordingMeanwhile{
		Version: p.InUse, Draft: &WordingDraft{Author: "Jon Park", At: now.Add(-time.Minute)}, Changes: exampleChanges(), Keep: "keep_mine.3.x",
	}
	p.Asking, p.Said, p.Focus, p.Changed = "stars", "Good moved to place 3 of 5.", "replace", true
	p.Preview.Bytes, p.Preview.Heaviest, p.Preview.Step = 60<<10, "ar", "too_late"
	return p
}

func exampleChanges() []WordingChange {
	return []WordingChange{
		{Kind: "changed", Field: "question", Before: "How was it?", After: "Rate your conversation again"},
		{Kind: "added", Field: "choice", Choice: "😐 OK", After: "😐 OK"},
		{Kind: "removed", Field: "choice", Choice: "Meh", Before: "Meh"},
		{Kind: "moved", Field: "choice", Choice: "😃 Good", Before: "4", After: "3"},
		{Kind: "changed", Field: "emoji", Choice: "😃 Good", Before: "🙂", After: "😃"},
		{Kind: "changed", Field: "sentiment", Choice: "😃 Good", After: "negative"},
		{Kind: "changed", Field: "remarks.enabled", Before: "on", After: "off"},
		{Kind: "changed", Field: "remarks.ask_why_up_to", Before: "😐 OK"},
		{Kind: "added", Field: "language", Locale: "ar"},
		{Kind: "removed", Field: "language", Locale: "tlh"},
		{Kind: "added", Field: "label", Locale: "ar", Choice: "😃 Good", After: "جيد"},
		{Kind: "removed", Field: "thanks.neutral", Locale: "ar", Before: "شكرا"},
		{Kind: "removed", Field: "remarks.placeholder", Before: "Write here"},
	}
}

func exampleVersion() WordingVersionProps {
	w := exampleWording()
	return WordingVersionProps{
		Page: examplePage("Version 2", "/wording/versions/2"), Version: w.Versions[1], InUse: 3, Preview: examplePreview(w.Form),
		Changes: exampleChanges(), Since: exampleChanges(), Sent: 1204, Rated: 311, Meanwhile: 3,
	}
}

func exampleSettings() SettingsProps {
	values := map[string]string{
		"policy": "latest", "time_zone": "Europe/Dublin", "target": "90", "min_sample": "10", "note": "full", "retention_days": "0",
		"ask.min_characters": "250", "ask.max_days_since_reply": "7", "ask.suppress_tags": "fraud\ndupe\ndo_not_send", "ask.sample_percent": "100",
		"ask.chat_method": "link", "ask.delay_minutes": "0", "ask.max_per_conversation": "3", "ask.suppression_days": "0",
		"windows.rate_hours": "0", "windows.change_hours": "0", "windows.undo_minutes": "1",
	}
	for _, on := range []string{"ask.automatic", "ask.users", "ask.leads", "ask.workflow_started", "ask.require_teammate_reply", "ask.skip_group", "ask.skip_bot_assignee", "ask.channels.chat", "ask.channels.email", "write_back.attributes", "write_back.event"} {
		values[on] = "true"
	}
	return SettingsProps{
		Page: examplePage("Settings", "/settings"), Values: values,
		Keys: []APIKey{
			{ID: "k1", Name: "Warehouse", ReadOnly: true, Author: "Mia Kowalski", CreatedAt: now.AddDate(0, -2, 0)},
			{ID: "k2", Name: "Old script", CreatedAt: now.AddDate(-1, 0, 0), Revoked: true},
		},
		Teammates: []TeammateRow{
			{ID: "1", Name: "Mia Kowalski", Email: "mia@example.com", Role: "admin", SeenAt: now, Self: true},
			{ID: "2", Name: "Jon Park", Email: "jon@example.com", Role: "viewer", SeenAt: now.Add(-50 * time.Hour)},
		},
	}
}

func exampleFeedback(role string) FeedbackProps {
	p := FeedbackProps{
		Page: examplePage("Feedback", FeedbackPath), Total: 1204, Any: true, Scale: scale, NextHref: FeedbackPath + "?cursor=c", CSVHref: FeedbackPath + ".csv",
		Filter:     FeedbackFilter{Text: "tent", Source: "home", Category: "idea", Score: "2", Handled: "no", Contact: "c1", Conversation: "215473"},
		Categories: []ui.Choice{{Value: "idea", Label: "Idea or wish"}, {Value: "praise", Label: "Praise"}},
		Rows: []FeedbackRow{
			{ID: "f1", At: now.Add(-time.Minute), Text: hostile, Category: "Idea or wish", Score: scale[1], Source: "teammate", Contact: hostile, Teammate: "Mia Kowalski", ConversationID: "215473", IntercomURL: "https://app.intercom.com/a/inbox/x/215473"},
			{ID: "f2", At: now.AddDate(0, 0, -3), Text: "Two\nlines", Source: "home", HandledAt: now.AddDate(0, 0, -2), HandledBy: "Jon Park"},
			{ID: "f3", At: now.AddDate(-1, 0, 0), Score: scale[4], Source: "teammate", Contact: "Sam", Test: true, HandledAt: now},
		},
	}
	p.Page.Teammate.Role = role
	return p
}

func exampleCalls() CallsProps {
	call := func(ago time.Duration, in bool, kind, path, outcome, reason string, status int) CallRow {
		return CallRow{
			ID: kind, At: now.Add(-ago), In: in, Kind: kind, Path: path, ConversationID: "215473", Status: status, Outcome: outcome, Reason: reason,
			Millis: 4, IntercomURL: "https://app.intercom.com/a/inbox/x/215473", StoryHref: "/ratings/r1",
		}
	}
	return CallsProps{
		Page: examplePage("Calls", "/calls"), Live: 1204, Test: 3, Invalid: 12, Days: 7, Most: 20000,
		Kinds:  []string{"GET conversations", "messenger submit", "some.new.topic"},
		Filter: CallFilter{Direction: "in", Kind: "messenger submit", Conversation: "215473"},
		Rows: []CallRow{
			call(time.Minute, true, "messenger submit", "POST /canvas/messenger/submit", "done", "", 200),
			call(time.Hour, true, "messenger submit", "POST /canvas/messenger/submit", "refused", "The time to rate is over: windows.rate_hours in the settings.", 200),
			call(2*time.Hour, false, "POST note", "POST /conversations/{id}/reply", "failed", "Intercom did not answer in time, or the connection broke.", 0),
			{ID: "h", At: now.AddDate(0, 0, -3), In: true, Kind: "health", Path: "POST /intercom/health", Status: 200, Outcome: "done", Test: true},
		},
		NextHref: "/calls?cursor=abc", FirstHref: "/calls",
	}
}

// examples are the pages as they look in use.
func examples() []example {
	knocked := exampleCalls()
	knocked.Unlisted = Unlisted{WrongSignature: 3, WrongSignatureAt: now, Unreadable: 1, UnreadableAt: now, Lost: 2}
	silent := exampleCalls()
	silent.Trouble = &Trouble{Failures: 12, Since: now.Add(-time.Hour), Until: now.Add(time.Minute)}
	silent.GivenUp = []GivenUp{{ID: "4711", Kind: "sync", ConversationID: "215473", At: now, Attempts: 25}, {ID: "4712", Kind: "new_kind", At: now, Attempts: 25}}
	viewer := exampleSettings()
	viewer.Page.Teammate.Role = "viewer"
	viewerWording := exampleWording()
	viewerWording.Page.Teammate.Role = "viewer"
	banners := exampleOverview()
	banners.Page.ExampleData, banners.Page.Reconnect = true, true
	banners.Page.Flashes = []ui.Flash{{Kind: "success", Text: "You are signed in."}, {Kind: "error", Text: "That link is too old."}, {Text: "By the way."}}
	broken := exampleWording()
	broken.Form.Options[1].Label, broken.Form.Question = "", ""
	broken.Errors = map[string]string{"question": "The question is empty. Write one.", "option.1.label": "Every choice needs a label.", "options": "A scale has 2 to 10 options.", "locale.1.question": "Too long.", "form": "Too large.", "new_locale_code": "Choose a language."}
	broken.Refused, broken.Preview.Bytes = true, 70<<10
	wrong := exampleSettings()
	wrong.Values["time_zone"], wrong.NewKey = "Mars", "rk_live_8fjq2n4vz0example"
	wrong.Errors = map[string]string{"time_zone": "There is no time zone of that name. Write one such as Europe/Dublin.", "name": "Give the key a name."}
	return append(append(requestExamples(), teammatesExamples()...), []example{
		{"digest", Digest(exampleDigest())},
		{"unsubscribe", Unsubscribe(UnsubscribeProps{Page: examplePage("Weekly digest", "/digest/unsubscribe/x"), Name: "Acme"})},
		{"unsubscribed", Unsubscribe(UnsubscribeProps{Page: examplePage("Weekly digest", "/digest/unsubscribe/x"), Name: "Acme", Over: true})},
		{"requests", Requests(exampleRequests())},
		{"overview", Overview(exampleOverview())},
		{"overview-banners", Overview(banners)},
		{"ratings", Ratings(exampleRatings())},
		{"rating", Rating(exampleRating())},
		{"wording", Wording(exampleWording())},
		{"wording-message", Wording(exampleMessage())},
		{"wording-viewer", Wording(viewerWording)},
		{"wording-moved", Wording(movedWording())},
		{"wording-version", WordingVersionPage(exampleVersion())},
		{"wording-errors", Wording(broken)},
		{"feedback", Feedback(exampleFeedback("admin"))},
		{"feedback-viewer", Feedback(exampleFeedback("viewer"))},
		{"calls", Calls(exampleCalls())},
		{"calls-knocked", Calls(knocked)},
		{"calls-silent", Calls(silent)},
		{"settings", Settings(exampleSettings())},
		{"imports", Imports(exampleImports("IMP"))},
		{"import-columns", Import(exampleImport("uploaded", "old.csv"))},
		{"import-adding", Import(exampleImport("adding", "old.csv"))},
		{"import-added", Import(exampleImport("added", "old.csv"))},
		{"import-removing", Import(exampleImport("removing", "old.csv"))},
		{"import-removed", Import(exampleImport("removed", "old.csv"))},
		{"backfill-running", Backfill(exampleBackfill("running", "Mia"))},
		{"backfill-failed", Backfill(exampleBackfill("failed", ""))},
		{"backfill-done", Backfill(exampleBackfill("done", "Mia"))},
		{"settings-dry-run", Settings(triedSettings())},
		{"settings-viewer", Settings(viewer)},
		{"settings-errors", Settings(wrong)},
		{"hosted", Hosted(exampleHosted("ask"))},
		{"hosted-saved", Hosted(exampleHosted("saved"))},
		{"hosted-step", Hosted(exampleHosted("step"))},
		{"hosted-closed", Hosted(exampleHosted("notice"))},
		{"segments", Segments(SegmentsProps{Page: examplePage("Segments", "/segments"), Rows: exampleSegments("VIPs in Ireland")})},
		{"segment", Segment(exampleSegment("VIPs in Ireland"))},
		{"companies", Companies(exampleCompanies())},
		{"company", Company(exampleCompany())},
		{"endpoints", Endpoints(exampleEndpoints("Support leads"))},
		{"endpoint", Endpoint(exampleEndpoint("events", "Warehouse"))},
		{"endpoint-slack", Endpoint(exampleEndpoint("slack", "Support leads"))},
		{"parts", Parts(PartsProps{Page: examplePage("Parts", "/parts")})},
		{"signin", SignIn(SignInProps{Page: Page{Title: "Sign in"}, Reason: SignInUnverified, Next: "/ratings?score=1"})},
		{"problem", Problem(ProblemProps{Page: examplePage("Not found", "/x"), Status: 404})},
	}...)
}

// empties are the pages with as little as a handler can give.
func empties() []example {
	page := Page{Title: "Empty", Teammate: Teammate{Name: "A", Role: "viewer"}}
	all := []example{
		{"digest-zero", Digest(DigestProps{Page: page})},
		{"unsubscribe-zero", Unsubscribe(UnsubscribeProps{Page: page})},
		{"setup-zero", SetUp(SetUpProps{Page: page})},
		{"overview-zero", Overview(OverviewProps{Page: page})},
		{"ratings-none", Ratings(RatingsProps{Page: page})},
		{"waiting-zero", LowRatings(WaitingProps{Page: page})},
		{"rating-zero", Rating(RatingProps{Page: page})},
		{"requests-none", Requests(RequestsProps{Page: page})},
		{"request-zero", Request(RequestProps{Page: page})},
		{"wording-zero", Wording(WordingProps{Page: page})},
		{"wording-version-zero", WordingVersionPage(WordingVersionProps{Page: page})},
		{"feedback-zero", Feedback(FeedbackProps{Page: page})},
		{"feedback-none", Feedback(FeedbackProps{Page: page, Any: true, Filter: FeedbackFilter{Text: "x", Score: "9"}, FirstHref: FeedbackPath, Ignored: []string{"x was ignored."}})},
		{"calls-zero", Calls(CallsProps{Page: page})},
		{"imports-zero", Imports(ImportsProps{Page: page})},
		{"import-zero", Import(ImportProps{Page: page})},
		{"backfill-zero", Backfill(BackfillProps{Page: page})},
		{"calls-none-invalid", Calls(CallsProps{Page: page, Filter: CallFilter{Tab: "invalid"}, Days: 7})},
		{"calls-none-test", Calls(CallsProps{Page: page, Filter: CallFilter{Tab: "test"}})},
		{"calls-none-testing", Calls(CallsProps{Page: page, TestMode: true, FirstHref: "/calls"})},
		{"calls-none-here", Calls(CallsProps{Page: page, Filter: CallFilter{Kind: "x"}, Test: 1})},
		{"calls-none-anywhere", Calls(CallsProps{Page: page, Filter: CallFilter{Kind: "x"}})},
		{"segments-none", Segments(SegmentsProps{Page: page})},
		{"endpoints-none", Endpoints(EndpointsProps{Page: page})},
		{"endpoint-zero", Endpoint(EndpointProps{Page: page})},
		{"segment-new", Segment(SegmentProps{Page: page})},
		{"settings-zero", Settings(SettingsProps{Page: page})},
		{"signin-zero", SignIn(SignInProps{})},
		{"problem-zero", Problem(ProblemProps{})},
		{"hosted-zero", Hosted(HostedProps{Text: "This link cannot be used any more."})},
		{"hosted-plain", Hosted(HostedProps{Stage: "ask", Question: "How was it?", Options: []HostedOption{{Score: 1, Label: "Bad"}, {Score: 2, Emoji: "👍"}}, Words: HostedWords{Send: "Send", LeaveEmpty: "Leave empty"}})},
	}
	all = append(all, teammatesEmpties(page)...)
	all = append(all, companyEmpties(page)...)
	narrow := exampleBar()
	narrow.Filter, narrow.Ignored = Filter{Teammate: "2", Channel: "email", From: "2026-10-05", To: "2026-10-06", Outcome: "not_asked"}, []string{"It was ignored."}
	for _, reason := range []Empty{NotConnected, NoRatingsYet, NothingMatches} {
		all = append(all, example{"overview-" + string(reason), Overview(OverviewProps{Page: page, Bar: narrow, Empty: reason})},
			example{"ratings-" + string(reason), Ratings(RatingsProps{Page: page, Bar: narrow, Empty: reason})},
			example{"requests-" + string(reason), Requests(RequestsProps{Page: page, Bar: narrow, Empty: reason})})
	}
	for _, verdict := range []Verdict{NoPairs, TooFew, NoDirection, GoesDown} {
		few := OverviewProps{Page: page, Bar: exampleBar(), MinSample: 10, Again: Again{Verdict: verdict, Better: 1}}
		few.Counted = Share{N: 3, Positive: 1, Score: 1.0 / 3, Change: &Change{N: 12}}
		all = append(all, example{"overview-" + string(verdict), Overview(few)})
	}
	for _, status := range []int{403, 404, 405, 413, 422, 429, 500, 503} {
		all = append(all, example{fmt.Sprint("problem-", status), Problem(ProblemProps{Status: status, ID: "req-1"})})
	}
	for _, reason := range []SignInReason{SignInDenied, SignInExpired, SignInNotInstalled, SignInSignedOut, SignInIntercomFails, "other"} {
		all = append(all, example{"signin-" + string(reason), SignIn(SignInProps{Reason: reason})})
	}
	return all
}

// hostiles are the pages with hostile words wherever a person may write.
func exampleImports(text string) ImportsProps {
	return ImportsProps{
		Page: examplePage("Import", "/settings/import"), Error: text, Limit: "At most 50,000 rows.",
		Files: []ImportFile{exampleImport("added", text).File, exampleImport("removed", "b.csv").File},
	}
}

func exampleImport(state, text string) ImportProps {
	return ImportProps{
		Page: examplePage("Import of old.csv", "/settings/import/1"), ReadAs: "Read as UTF-8, with a comma between the cells.",
		File: ImportFile{
			ID: "1", Name: text, State: state, Author: text, At: now, Total: 28742, Staged: 12000, Prepared: 7000, Known: 3, Twins: 2, Bad: 4,
		},
		Header: []string{"Conversation", text, ""}, Sample: [][]string{{"17", text, "5"}}, Scale: "5", Ready: true, Again: "?scale=5",
		Fields: []ImportField{
			{Key: "conversation_id", Label: "Conversation", Hint: "Only digits.", Column: "0", Required: true},
			{Key: "score", Label: "Score", Error: "Choose the column that holds it.", Required: true},
		},
		Rows: 9, Good: 5, New: 2, From: now.AddDate(-1, 0, 0), To: now,
		Problems: []ImportProblem{{Line: 7, Column: text, Text: text}}, More: 3, Unusable: text,
	}
}

func exampleBackfill(state, text string) BackfillProps {
	return BackfillProps{
		Page: examplePage("Back-fill", "/settings/backfill"), State: state, Phase: "past", Total: 20000, Done: 7350, Ratings: 2411, Whole: 300,
		WholeDone: 20, Days: 365, Detail: "Intercom refuses our access." + text, By: text, StartedAt: now.Add(-time.Hour), EndedAt: now, Connected: true,
	}
}

func hostiles() []example {
	page := examplePage(hostile, "/"+hostile)
	page.Workspace, page.Teammate.Name, page.Theme = hostile, hostile, hostile
	page.Flashes = []ui.Flash{{Kind: hostile, Text: hostile}}
	bad := []ui.Score{{Value: 1, Emoji: hostile, Label: hostile}, {Value: 2, Emoji: "👨‍👩‍👧‍👦", Label: "עברית"}}
	bar := exampleBar()
	bar.Filter = Filter{Days: hostile, From: hostile, Policy: hostile, Teammate: hostile, Channel: hostile, First: hostile, Outcome: hostile, Contact: hostile}
	bar.RangeWords, bar.Ignored, bar.Policy = hostile, []string{hostile}, hostile
	bar.Channels, bar.TypedFrom, bar.Scale = []ui.Choice{{Value: hostile}}, hostile, bad
	row := RatingRow{
		ID: hostile, Score: bad[0], Previous: bad[1], Change: hostile, Remark: hostile, Contact: hostile, Channel: hostile, Teammate: hostile,
		WhyNot: hostile, IntercomURL: "javascript:alert(1)",
	}
	overview := OverviewProps{
		Page: page, Bar: bar, Low: []RatingRow{row}, Newest: []RatingRow{row}, Counted: Share{N: 1, Score: math.NaN(), Href: "javascript:alert(1)"},
		Again: Again{Better: 1, Verdict: Verdict(hostile), Href: "javascript:alert(1)"}, Grain: hostile, NewestHref: "javascript:alert(1)",
		Matrix: chart.Matrix{Scale: bad, Cells: [][]chart.MatrixCell{{{Count: 1, Href: "javascript:alert(1)"}, {Count: 3}}, {{}, {Count: 9}}, {{}}}},
		Trend:  chart.Trend{Buckets: []chart.Bucket{{Label: hostile, Title: hostile, Counted: chart.Point{N: 1, Score: math.Inf(1)}}}},
	}
	rating := exampleRating()
	rating.Page, rating.RatingID, rating.ConversationID, rating.Contact, rating.IntercomURL = page, hostile, hostile, hostile, "javascript:alert(1)"
	rating.Customer = Customer{
		ID: hostile, Name: hostile, Email: hostile, Role: hostile, Locale: hostile, Location: hostile, IntercomURL: "javascript:alert(1)", Nothing: WhyUnknown(hostile),
		Companies:  []CustomerCompany{{Name: hostile, Plan: hostile, Href: CompanyPath(hostile)}},
		Attributes: Attributes{Shown: []Attribute{{Name: hostile, Value: hostile}}}, Events: []CustomerEvent{{Name: hostile, Count: -1}},
		Segments: []ui.Choice{{Value: hostile, Label: hostile}},
	}
	companies, company := exampleCompanies(), exampleCompany()
	companies.Page, companies.Bar, companies.Rows[0].Name, companies.Rows[0].Plan, companies.Sort = page, bar, hostile, hostile, hostile
	company.Page, company.Report.Bar, company.Name, company.Plan, company.ExternalID, company.Attributes = page, bar, hostile, hostile, hostile, rating.Customer.Attributes
	company.People[0].Name, company.People[0].Email, company.People[0].RatingID = hostile, hostile, hostile
	rating.Others, rating.Credit, rating.Ratings[1].Credit = []string{hostile}, Credit{hostile, hostile}, Credit{hostile, hostile}
	rating.CountedWords, rating.Ratings[0].Remark, rating.Ratings[0].Contact, rating.Ratings[2].Writes[0].Detail, rating.Requests[0].Reason = hostile, hostile, hostile, hostile, hostile
	wording := exampleWording()
	wording.Page, wording.Form.Question, wording.Form.Options[0] = page, hostile, WordingOption{Emoji: hostile, Label: hostile, Sentiment: hostile}
	wording.Form.Locales[0] = WordingLocale{Code: "x-y", Question: hostile, Labels: []string{hostile}}
	wording.Form.NewCode, wording.Form.SeenDraft, wording.Asking, wording.Said, wording.Focus = hostile, hostile, hostile, hostile, hostile
	wording.Draft, wording.Preview.Locale, wording.Refused = &WordingDraft{Author: hostile}, hostile, true
	version := exampleVersion()
	version.Page, version.Version.Author, version.Changes = page, hostile, []WordingChange{{Kind: hostile, Field: hostile, Locale: hostile, Choice: hostile, Before: hostile, After: hostile}}
	wording.Errors = map[string]string{"question": hostile, "form": hostile}
	wording.Versions[0].Question, wording.Versions[0].Emoji, wording.Versions[0].Author = hostile, []string{hostile}, hostile
	settings := exampleSettings()
	settings.Page, settings.NewKey, settings.Keys[0].Name, settings.Keys[0].ID, settings.Teammates[1].Name = page, hostile, hostile, hostile, hostile
	settings.Values["write_back.tag"], settings.Values["test_contacts"], settings.Errors = hostile, hostile, map[string]string{"form": hostile, "policy": hostile}
	calls := exampleCalls()
	calls.Page, calls.Kinds, calls.Ignored, calls.Filter = page, []string{hostile}, []string{hostile}, CallFilter{hostile, hostile, hostile, hostile, hostile}
	calls.Rows[0] = CallRow{
		Kind: hostile, Path: hostile, ConversationID: hostile, Outcome: hostile, Reason: hostile, IntercomURL: "javascript:alert(1)", StoryHref: "javascript:alert(1)",
	}
	return append(append(hostileRequests(), teammatesHostiles(page)...), []example{
		{"digest-hostile", Digest(DigestProps{
			Page: page, MailFrom: hostile, Weekday: hostile, Hour: hostile, ZoneName: hostile, SavedBy: hostile, Missed: hostile, Email: hostile,
			Errors:     map[string]string{"email": hostile, "teammate": hostile, "form": hostile},
			Recipients: []DigestRecipient{{ID: hostile, Name: hostile, Address: hostile}, {ID: "2", Address: hostile}},
			Teammates:  []ui.Choice{{Value: hostile, Label: hostile}}, Mine: DigestMine{Address: hostile},
			Mail:  DigestMail{Workspace: hostile, Counted: Share{N: 1}, Remarks: []DigestRemark{{Remark: hostile, Teammate: hostile, Score: bad[0]}}},
			Weeks: []DigestWeek{{Week: hostile, Others: []DigestSending{{ID: hostile, Address: hostile, State: hostile, Detail: hostile}}}},
		})},
		{"unsubscribe-hostile", Unsubscribe(UnsubscribeProps{Page: page, Name: hostile})},
		{"calls-hostile", Calls(calls)},
		{"overview-hostile", Overview(overview)},
		{"ratings-hostile", Ratings(RatingsProps{Page: page, Bar: bar, Rows: []RatingRow{row}, NextHref: "javascript:alert(1)", CSVHref: "javascript:alert(1)"})},
		{"rating-hostile", Rating(rating)},
		{"companies-hostile", Companies(companies)},
		{"company-hostile", Company(company)},
		{"wording-hostile", Wording(wording)},
		{"wording-version-hostile", WordingVersionPage(version)},
		{"settings-hostile", Settings(settings)},
		{"segments-hostile", Segments(SegmentsProps{Page: page, Rows: exampleSegments(hostile)})},
		{"segment-hostile", Segment(exampleSegment(hostile))},
		{"endpoints-hostile", Endpoints(exampleEndpoints(hostile))},
		{"endpoint-hostile", Endpoint(exampleEndpoint("alert", hostile))},
		{"signin-hostile", SignIn(SignInProps{Page: page, Reason: SignInReason(hostile), Next: hostile})},
		{"hosted-hostile", Hosted(hostileHosted("ask"))},
		{"hosted-hostile-saved", Hosted(hostileHosted("saved"))},
		{"hosted-hostile-step", Hosted(hostileHosted("step"))},
		{"hosted-hostile-closed", Hosted(hostileHosted("failed"))},
		{"problem-hostile", Problem(ProblemProps{Page: page, Status: 500, Message: hostile, ID: hostile})},
	}...)
}

func exampleMessage() WordingProps {
	p := exampleWording()
	p.Form.Ask = WordingAsk{Chat: "One question more:", Email: "Hello,"}
	p.Preview.Card, p.Preview.Step = nil, "email"
	p.Preview.Message = &WordingMessage{Before: []string{"Hello,"}, Question: "How was it?", Links: scale}
	return p
}

func exampleHosted(stage string) HostedProps {
	p := HostedProps{
		Stage: stage, Language: "en", Team: "Acme Garden Tools", Question: "Rate your conversation again", Chosen: 2, View: "sealed",
		Remark: HostedField{Shown: true, Label: "Anything to add?", Why: "What went wrong?", MaxLength: 5000},
		Text:   "Thank you for telling us.", MayChange: true, What: []HostedChoice{{"fixed", "It is fixed now"}, {"tapped_wrong", "I tapped the wrong one"}},
		Newer: "/r/newer",
		Words: HostedWords{
			Send: "Send my rating", SendRemark: "Send", Change: "Change my rating", Keep: "Keep my answer as it is", YourAnswer: "Your answer",
			Saved: "Your answer is saved.", OnceMore: "One more tap, please", OnceMoreWhy: "Choose the same answer again.", WhatChanged: "What changed?",
			ToNewer: "Answer the newer question", Again: "Try again", LeaveEmpty: "Please leave this empty",
		},
	}
	for i, s := range scale {
		p.Options = append(p.Options, HostedOption{Score: s.Value, Emoji: s.Emoji, Label: s.Label, Place: string(rune('a' + i)), AskWhy: i < 3})
	}
	return p
}

func hostileHosted(stage string) HostedProps {
	p := exampleHosted(stage)
	p.Team, p.Question, p.Typed, p.Problem, p.Text, p.View, p.Changing, p.RightToLeft = hostile, hostile, hostile, hostile, hostile, hostile, true, true
	p.Remark = HostedField{Shown: true, Label: hostile, Why: hostile, Placeholder: hostile}
	p.Retry = []HostedChoice{{"remark", hostile}}
	for i := range p.Options {
		p.Options[i].Label = hostile
	}
	return p
}

func exampleSegments(name string) []SegmentRow {
	return []SegmentRow{
		{ID: "s1", Name: name, Conditions: []string{"Contact attribute “" + name + "” is yes", "Language starts with “en”"}, Channel: "email", Automatic: true, Members: 1240, Sent: 1201, Answered: 388, Waiting: 12, Failed: 3, Skipped: 24},
		{ID: "s2", Name: "Away", Any: true, Conditions: []string{"Last seen is longer ago than 30 days"}, Channel: "in_app", Paused: true},
		{ID: "s3", Name: "New", Conditions: []string{"Signed up is within the last 7 days"}, Working: true},
	}
}

func exampleSegment(name string) SegmentProps {
	choices := []ui.Choice{{Value: "attribute", Label: "Contact attribute"}, {Value: "rating", Label: "Latest rating"}}
	p := SegmentProps{
		Page: examplePage(name, "/segments/s1"), Segment: exampleSegments(name)[0], Version: 3, SavedAt: now, SavedBy: name, TestMode: true, Refused: true, Changed: true,
		Form: SegmentForm{
			Name: name, Channel: "email", Subject: name, Body: name,
			Conditions: []ConditionForm{
				{Field: "attribute", Name: name, Operator: "yes", Fields: choices, Named: "attribute", Operators: []ui.Choice{{Value: "yes", Label: "is yes"}}},
				{Field: "rating", Operator: "is", Value: "negative", Fields: choices, Operators: []ui.Choice{{Value: "is", Label: "is"}}, Choices: []ui.Choice{{Value: "negative", Label: "negative"}}},
				{Operator: "within_days", Value: name, ValueType: "days", Fields: choices},
				{Operator: "more_than", Value: "7", ValueType: "number", Fields: choices},
				{Operator: "after", Value: "2026-01-31", ValueType: "date", Fields: choices},
				{Operator: "is", Value: name, ValueType: "text", Fields: choices},
			},
		},
		Errors:  map[string]string{"name": name, "conditions": "Too many.", "conditions.0.name": name, "conditions.2.value": "Write a whole number.", "subject": "Empty.", "body": "Empty.", "channel": "Choose."},
		Preview: SegmentPreview{Known: true, In: 1240, LookedAt: 20000, First: []MatchedContact{{Name: name, Why: []string{name, "Language starts with “en”"}}}},
		Message: MessagePreview{Channel: "email", Subject: name, Paragraphs: []string{name}, Question: name, Options: []ui.Score{{Value: 1, Emoji: "😠", Label: name}, {Value: 2, Label: "Good"}}},
		State:   "failed", FirstHref: "/segments/s1?state=failed", NextHref: "/segments/s1?cursor=x",
	}
	for _, state := range []string{"waiting", "begun", "sent", "failed", "skipped"} {
		p.Messages = append(p.Messages, MessageRow{
			ID: state, Contact: name, State: state, Detail: name, Automatic: state == "sent", By: name, Channel: "email", At: now, Answer: "Rated", Ledger: "/requests/r1", Retry: state == "failed",
		})
	}
	return p
}

func exampleEndpoints(name string) EndpointsProps {
	page := examplePage("Alerts and webhooks", "/settings/webhooks")
	page.Stopped = 2
	return EndpointsProps{
		Page: page, UndoMinutes: 1,
		Alerts: []EndpointRow{
			{ID: "e1", Kind: "slack", Name: name, Shown: "https://hooks.slack.com/…Qz7k", Low: true, Worse: true, PerHour: 10, Done: 214, CreatedBy: name},
			{ID: "e2", Kind: "alert", Name: "Pager", Shown: "https://pager.example.com/…", Worse: true, WithRemark: true, PerHour: 3, Paused: true},
		},
		Webhooks: []EndpointRow{
			{ID: "e3", Kind: "events", Name: name, Shown: "https://" + name, Events: []string{"rating.created"}, FailingSince: now, Waiting: 12, Failed: 3},
			{ID: "e4", Kind: "events", Name: "Old", Events: []string{"rating.created", "rating.left_out"}, Paused: true, PausedWhy: "It answered 410: it wants no more messages."},
		},
	}
}

func exampleEndpoint(kind, name string) EndpointProps {
	p := EndpointProps{
		Page: examplePage(name, "/settings/webhooks/e1"), Secret: "whsec_" + name, Added: true, UndoMinutes: 5, MaxName: 80, MostPerHour: 1000,
		Endpoint: EndpointRow{
			ID: "e1", Kind: kind, Name: name, Shown: "https://hooks.example.com/…Qz7k", PausedWhy: name, Paused: kind == "alert", CreatedBy: name,
			CreatedAt: now, BothUntil: now.Add(time.Hour), Done: 1204, Waiting: 2, Failed: 1,
		},
		Form:   EndpointForm{Kind: kind, Name: name, URL: name, Events: []string{"rating.created", name}, Low: true, PerHour: name},
		Errors: map[string]string{"form": name, "url": name, "name": name, "events": name, "low": name, "per_hour": name},
		State:  "", NextHref: "/settings/webhooks/e1?cursor=x", FirstHref: "/settings/webhooks/e1", Watch: true,
		Deliveries: []DeliveryRow{{ID: "d0", Type: name, State: name, Detail: name, At: now}},
	}
	if kind == "slack" {
		p.Endpoint.FailingSince = now
	}
	for i, state := range []string{"waiting", "done", "failed", "skipped", "gathered"} {
		p.Deliveries = append(p.Deliveries, DeliveryRow{
			ID: "d1", Type: []string{"rating.created", "alert.rating", "alert.summary", "test", "rating.remarked"}[i], RatingID: "r1", State: state,
			Detail: "It answered 500 Internal Server Error.", Tries: i, At: now, NextAt: now.Add(time.Hour), Retry: true,
		})
	}
	p.Deliveries[1].Tries = 3
	return p
}
