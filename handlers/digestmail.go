package handlers

import (
	"bytes"
	"context"

	"rerate/internal/rating"
	"rerate/internal/stats"
	"rerate/internal/survey"
	"rerate/models"
	"rerate/views"
)

// DigestMail writes a digest as text and HTML. Its figures are made by what makes the tiles of the overview.
func DigestMail(d survey.Digest) (survey.Letter, error) {
	mail := digestMail(d)
	var html bytes.Buffer
	err := mail.HTML().Render(context.Background(), &html)
	return survey.Letter{Subject: mail.Subject(), Text: mail.Text(), HTML: html.String()}, err
}

func digestMail(d survey.Digest) views.DigestMail {
	settings := d.Workspace.Settings
	share := func(of func(models.Report) stats.Proportion) views.Share {
		measured := measure(of(d.Now))
		measured.Change = change(of(d.Now), of(d.Then))
		return measured
	}
	week := views.Filter{From: string(d.Week.From), To: string(d.Week.To)}
	mail := views.DigestMail{
		Workspace: nameOf(d.Workspace.Name, d.Workspace.ID), Week: rangeWords(d.Week), Before: rangeWords(d.Before), ZoneName: settings.TimeZone,
		Policy: string(settings.Policy), MinSample: settings.MinSample, Examples: d.Workspace.HasExampleData,
		Again: views.Again{
			Better: int(d.Now.Better), Same: int(d.Now.Same), Worse: int(d.Now.Worse), Verdict: verdict(d.Now.Figures),
		},
		Counted:      share(csatBy(settings.Policy)),
		First:        share(csatBy(rating.CountFirst)),
		Recovery:     views.Recovery{Share: share(recovered), Asked: int(d.Now.Asked), Answered: int(d.Now.Answered)},
		Response:     views.Response{Share: share(responded), MayRise: true},
		Waiting:      views.Waiting{NotAsked: int(d.Now.Waiting), Low: int(d.Now.LatestNegative), Compared: true, Before: int(d.Then.Waiting)},
		LeftOut:      d.LeftOut,
		OverviewHref: d.Site + week.URL("/"), WaitingHref: d.Site + week.URL("/ratings/waiting"), SettingsHref: d.Site + "/settings/digest",
		UnsubscribeHref: d.Unsubscribe,
	}
	for _, m := range d.Movers {
		mover := views.DigestMover{Name: nameOf(m.Name, m.ID), Now: measure(m.Now), Before: measure(m.Before)}
		mover.Now.Change = change(m.Now, m.Before)
		mail.Movers = append(mail.Movers, mover)
	}
	for _, r := range d.Remarks {
		mail.Remarks = append(mail.Remarks, views.DigestRemark{
			Score: given(r), Scale: r.Scale, Remark: r.Remark, Teammate: r.TeammateName,
			Day: dayWords(stats.DayOf(r.At, d.Week.Zone), "2 January"), Href: d.Site + "/ratings/" + r.ID,
		})
	}
	return mail
}
