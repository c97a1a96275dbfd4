package views

import (
	"time"

	"rerate/views/ui"
)

func exampleLedgerRows() []LedgerRow {
	row := func(id, state, reason, method string, ago time.Duration) LedgerRow {
		r := LedgerRow{
			ID: id, ConversationID: "2154" + id, Episode: 2, At: now.Add(-ago), Closed: true, State: state, Reason: reason, Method: method,
			Contact: "Lena Hansen", Channel: "chat", Teammate: "Mia Kowalski", IntercomURL: "https://app.intercom.com/",
		}
		if method != "" {
			r.SentAt = r.At
		}
		return r
	}
	rows := []LedgerRow{
		row("1", "sent", "", "card", time.Minute),
		row("2", "remarked", "", "link", time.Hour),
		row("3", "suppressed", "The conversation is too short.", "", 2*time.Hour),
		row("4", "cancelled", "The conversation was opened again before it was asked.", "", 30*time.Hour),
		row("5", "scheduled", "", "", 40*time.Hour),
		row("6", "failed", "Intercom says that the conversation was deleted.", "", 50*time.Hour),
		row("7", "expired", "", "quick_reply", 60*time.Hour),
	}
	rows[0].Closed, rows[1].Answer, rows[1].Test = false, scale[4], true
	return rows
}

func exampleRequests() RequestsProps {
	sum := func(n int, words string) LedgerSum {
		return LedgerSum{N: n, Words: words, Href: "/requests?status=" + words}
	}
	return RequestsProps{
		Page: examplePage("Ledger", "/requests"), Bar: exampleBar(), Automatic: true, Rows: exampleLedgerRows(), Total: 214,
		Sums: LedgerSums{
			Total: 215, Closes: 214, Asked: sum(97, "asked"), Answered: sum(41, ""), Waiting: sum(20, ""), Unanswered: sum(36, ""),
			NotAsked: sum(116, ""), Due: sum(1, ""), Failed: sum(1, ""),
			Reasons: []LedgerSum{sum(61, "The conversation is too short."), sum(54, "The conversation is assigned to a bot."), {N: 1, Words: "The reason is not known."}},
		},
		NextHref: "/requests?cursor=abc", FirstHref: "/requests", CSVHref: "/requests.csv",
	}
}

func exampleRequest() RequestProps {
	return RequestProps{
		Page: examplePage("A close in the ledger", "/requests/3"), Row: exampleLedgerRows()[2], Automatic: true, Detail: "Why not.",
		Credit: Credit{Teammate: "Mia Kowalski", Rule: "last_human_reply"}, DueAt: now, SeenAt: now,
		Findings: []Finding{
			{Asks: "One contact only", Saw: "1 contact", Verdict: Passed},
			{Saw: "a user", Verdict: Passed},
			{Asks: "More than 250 characters in all", Saw: "31 characters", Verdict: Refused},
			{Asks: "None of the tags fraud, dupe", Saw: "no tags", Verdict: NotLooked},
		},
		StoryHref: "/ratings/1", EpisodesHref: "/requests?conversation=21543",
	}
}

// requestExamples are one row in every state.
func requestExamples() []example {
	all := []example{{"setup", SetUp(SetUpProps{Page: examplePage("Set-up", "/setup"), Steps: exampleSetUp()})}, {"request", Request(exampleRequest())}, {"waiting", LowRatings(exampleWaiting())}}
	for _, row := range exampleLedgerRows() {
		props := exampleRequest()
		props.Row, props.Findings, props.AskedBy, props.Automatic, props.RatedAt, props.Version = row, nil, "Jon Park", false, now, 3
		all = append(all, example{"request-" + row.State, Request(props)})
	}
	return all
}

func hostileRequests() []example {
	list, one := exampleRequests(), exampleRequest()
	list.Page, one.Page = examplePage(hostile, "/"+hostile), examplePage(hostile, "/"+hostile)
	row := LedgerRow{
		ID: hostile, ConversationID: hostile, Episode: -1, State: hostile, Reason: hostile, Method: hostile, Contact: hostile, Channel: hostile,
		Teammate: hostile, IntercomURL: "javascript:alert(1)", SentAt: now, Answer: ui.Score{Value: 1, Emoji: hostile, Label: hostile},
	}
	list.Rows, list.Sums.Reasons, list.CSVHref = []LedgerRow{row}, []LedgerSum{{N: 1, Words: hostile, Href: "javascript:alert(1)"}}, "javascript:alert(1)"
	list.Bar.Filter = Filter{Status: hostile, Rule: hostile, Method: hostile}
	one.Row, one.AskedBy, one.Detail, one.Findings = row, hostile, hostile, []Finding{{Asks: hostile, Saw: hostile, Verdict: RuleVerdict(hostile)}}
	low := exampleWaiting()
	low.Page, low.Rows = one.Page, []WaitingRow{{Owner: hostile, State: hostile, RatingRow: RatingRow{ID: hostile, Contact: hostile, Remark: hostile, IntercomURL: "javascript:alert(1)"}}}
	return []example{{"requests-hostile", Requests(list)}, {"request-hostile", Request(one)}, {"waiting-hostile", LowRatings(low)}}
}
