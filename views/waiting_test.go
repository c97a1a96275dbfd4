package views

import "time"

func exampleWaiting() WaitingProps {
	row := func(id string, waits time.Duration, replied time.Duration) WaitingRow {
		r := RatingRow{ID: id, Score: scale[1], Contact: "Contact " + id, Channel: "chat", Remark: "Not good.", At: now.Add(-waits), IntercomURL: "https://app.intercom.com/"}
		return WaitingRow{RatingRow: r, Owner: "Mia Kowalski", RepliedAt: now.Add(-replied), State: "open"}
	}
	rows := []WaitingRow{row("1", 80*time.Hour, time.Hour), row("2", 30*time.Hour, time.Hour), row("3", 5*time.Minute, time.Minute), row("4", time.Hour, 2*time.Hour)}
	rows[0].Ready, rows[2].ByCustomer, rows[3].Owner, rows[3].Example = true, true, "", true
	return WaitingProps{
		Page: examplePage("Waiting to be asked again", "/ratings/waiting"), Bar: exampleBar(), Rows: rows, Total: 4, Ready: 1,
		NextHref: "/ratings/waiting?cursor=abc", FirstHref: "/ratings/waiting",
	}
}
