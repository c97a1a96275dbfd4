package views

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"rerate/views/ui"
)

func exampleDigestMail() DigestMail {
	share := func(positive float64, n int, score, low, high float64, c *Change) Share {
		return Share{Positive: positive, N: n, Score: score, Low: low, High: high, Change: c}
	}
	up := &Change{N: 110, By: 0.121, Low: 0.02, High: 0.22, Clear: true}
	unclear := &Change{N: 110, By: -0.011, Low: -0.1, High: 0.08}
	return DigestMail{
		Workspace: "Acme Garden Tools", Week: "2 to 8 March 2026", Before: "23 February to 1 March 2026", ZoneName: "Europe/Dublin", Policy: "latest",
		MinSample: 10, Examples: true,
		Again:    Again{Better: 12, Same: 3, Worse: 1, Verdict: GoesUp},
		Counted:  share(104, 120, 0.867, 0.794, 0.917, up),
		First:    share(90, 120, 0.75, 0.666, 0.819, unclear),
		Recovery: Recovery{Share: share(3, 9, 0.333, 0.12, 0.646, &Change{N: 4}), Asked: 7, Answered: 5},
		Response: Response{Share: share(0, 0, 0, 0, 0, &Change{N: 30})},
		Waiting:  Waiting{NotAsked: 2, Low: 6, Compared: true, Before: 4},
		Movers: []DigestMover{
			{Name: "Mia Kowalski", Now: share(20, 22, 0.909, 0.722, 0.975, &Change{N: 20, By: -0.25, Low: -0.4, High: -0.1, Clear: true}), Before: share(20, 20, 1, 0.839, 1, nil)},
		},
		LeftOut: 1,
		Remarks: []DigestRemark{
			{Score: scale[0], Scale: 5, Remark: "Three weeks.\r\n\r\nNo answer.", Teammate: "Jon Park", Day: "5 March", Href: "https://rerate.example.com/ratings/1"},
			{Score: scale[4], Scale: 5, Remark: "Thank you!", Day: "4 March", Href: "https://rerate.example.com/ratings/2"},
		},
		OverviewHref: "https://rerate.example.com/?from=2026-03-02&to=2026-03-08", WaitingHref: "https://rerate.example.com/ratings/waiting",
		SettingsHref: "https://rerate.example.com/settings/digest", UnsubscribeHref: "https://rerate.example.com/digest/unsubscribe/abc",
	}
}

const digestText = `Acme Garden Tools: the week of 2 to 8 March 2026
Monday to Sunday, Europe/Dublin, against the week before, 23 February to 1
March 2026.
Made-up example data is among these figures.

More ratings go up than down. Of 16 conversations rated more than once 12
went up, 1 went down and 3 stayed the same. Chance alone would hardly do
that, but part of such a rise is expected anyway: a low rating has most room
to rise.

CSAT, latest rating: 87 %
  104 positive of 120 rated conversations; 95 % interval 79–92 %.
  Up 12.1 points on the week before (+2.0 to +22.0; 110 then).

CSAT, first ratings: 75 %
  90 positive of the same 120 conversations; 95 % interval 66–82 %.
  No clear change on the week before: −1.1 points (−10.0 to +8.0; 110 then).

Recovered: 3 of 9
  33 % of the conversations with a low first rating are positive now; 95 %
  interval 12–65 %.
  Too few to rely on: fewer than 10.
  Too few to compare with the week before, which had 4.
  7 asked again, 5 answered.

Response rate: —
  No request was sent.
  The week before had 30.

Low and not asked again: 2 of 6
  Of 6 conversations of the week that are low by their latest rating.
  A to-do: make it right, then ask again.
  The week before: 4.

TEAMMATES WHO MOVED MOST
Mia Kowalski
  91 % of 22, 100 % of 20 the week before. Down 25.0 points (−40.0 to
  −10.0).
1 teammate is left out: fewer than 10 ratings in one of the two weeks.

WHAT CUSTOMERS WROTE
Terrible, 1 of 5, to Jon Park, 5 March
> Three weeks.
> 
> No answer.
https://rerate.example.com/ratings/1

Amazing, 5 of 5, 4 March
> Thank you!
https://rerate.example.com/ratings/2

Overview of the week:
https://rerate.example.com/?from=2026-03-02&to=2026-03-08
What waits: https://rerate.example.com/ratings/waiting

-- 
Rerate sends this mail once a week.
Who gets it and when: https://rerate.example.com/settings/digest
Get no more of these: https://rerate.example.com/digest/unsubscribe/abc
`

func TestTheDigestAsText(t *testing.T) {
	if got := exampleDigestMail().Text(); got != digestText {
		t.Errorf("it reads:\n%s", got)
	}
	if got := exampleDigestMail().Subject(); got != "Acme Garden Tools: CSAT 87 % of 120 rated, week of 2 to 8 March 2026" {
		t.Errorf("the subject is %q", got)
	}
}

// The colours of the mail, which no style sheet of ours reaches, are those of the pages, each for its theme.
func TestTheMailHasTheColoursOfThePages(t *testing.T) {
	tokens, err := os.ReadFile("../static/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	light, dark, found := strings.Cut(string(tokens), `name: "dark"`)
	if !found {
		t.Fatal("the tokens have no dark theme")
	}
	var mail bytes.Buffer
	if err := exampleDigestMail().HTML().Render(t.Context(), &mail); err != nil {
		t.Fatal(err)
	}
	head, body, _ := strings.Cut(mail.String(), "</head>")
	for theme, of := range map[string][2]string{"light": {body, light}, "dark": {head, dark}} {
		colours := regexp.MustCompile(`#[0-9a-f]{6}\b`).FindAllString(of[0], -1)
		if len(colours) < 5 {
			t.Errorf("%s: only %v", theme, colours)
		}
		for _, colour := range colours {
			if !strings.Contains(of[1], colour) {
				t.Errorf("%s: %s is no colour of the product", theme, colour)
			}
		}
	}
	if strings.Contains(mail.String(), "zTemplUnsafe") || strings.Contains(body, `style=""`) {
		t.Error("a style was taken for a danger")
	}
}

func exampleDigest() DigestProps {
	return DigestProps{
		Page: examplePage("Weekly digest", "/settings/digest"), MailFrom: "Rerate <rerate@example.com>", Enabled: true, Weekday: "1", Hour: "9",
		ZoneName: "Europe/Dublin", SavedBy: "Mia Kowalski", SavedAt: now, Next: now.AddDate(0, 0, 2), Missed: "19 to 25 October 2026",
		Recipients: []DigestRecipient{
			{ID: "r1", TeammateID: "1", Name: "Mia Kowalski", Address: "mia@example.com", Self: true, AddedAt: now},
			{ID: "r2", Address: "boss@example.com", AddedAt: now, UnsubscribedAt: now},
			{ID: "r3", TeammateID: "3", Name: "Jon Park", AddedAt: now},
		},
		Teammates: []ui.Choice{{Value: "2", Label: "Jon Park"}}, Mine: DigestMine{Address: "mia@example.com", On: true}, Mail: exampleDigestMail(),
		Weeks: []DigestWeek{
			{Week: "12 to 18 October 2026", Sent: 2, Waiting: 1, At: now, Others: []DigestSending{
				{ID: "m1", Address: "a@example.com", State: "failed", Detail: "The mail server did not take it: 550."},
				{ID: "m2", Address: "b@example.com", State: "unclear", Detail: "It may have arrived."},
				{ID: "m3", Address: "c@example.com", State: "skipped", Detail: "Gone."},
				{ID: "m4", Address: "d@example.com", State: "waiting", Detail: "Not yet."},
			}},
			{Week: "5 to 11 October 2026", Waiting: 3, At: now},
		},
	}
}
