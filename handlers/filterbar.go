package handlers

import (
	"context"
	"net/url"
	"time"

	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

// filterBar is the filter as a page shows it, with the choices that the workspace has.
func (s *site) filterBar(ctx context.Context, w models.Workspace, f filter, query url.Values) (views.FilterBar, error) {
	tenant := s.Store.Tenant(w.ID)
	teammates, err := tenant.CreditedTeammates(ctx)
	if err != nil {
		return views.FilterBar{}, err
	}
	channels, err := tenant.UsedChannels(ctx)
	if err != nil {
		return views.FilterBar{}, err
	}
	wording, err := s.currentWording(ctx, w)
	if err != nil {
		return views.FilterBar{}, err
	}
	today := stats.DayOf(s.Now(), w.Settings.Location())
	bar := views.FilterBar{
		Filter: f.shown, RangeWords: rangeWords(f.rows.Range), ZoneName: w.Settings.TimeZone, Today: string(today),
		Policy: string(f.rows.Policy), OwnPolicy: string(w.Settings.Policy), Scale: scale(wording), Ignored: f.ignored,
	}
	bar.TypedFrom, bar.TypedTo = f.typed(query, "from", f.shown.From), f.typed(query, "to", f.shown.To)
	bar.Earlier, bar.Later = f.steps(today)
	zone := w.Settings.Location()
	bar.ThisMonth, bar.LastMonth = f.over(month(today, 0, zone), today), f.over(month(today, -1, zone), today)
	if f.compared != nil {
		bar.ComparedWords = rangeWords(*f.compared)
	}
	for _, t := range teammates {
		bar.Teammates = append(bar.Teammates, ui.Choice{Value: t.ID, Label: nameOf(t.Name, t.ID)})
	}
	for _, channel := range channels {
		bar.Channels = append(bar.Channels, ui.Choice{Value: channel, Label: channel})
	}
	return bar, nil
}

// rangeWords writes a range as people say it: what both ends share is said once.
func rangeWords(r stats.Range) string {
	const day, dayMonth, full = "2", "2 January", "2 January 2006"
	from, to := string(r.From), string(r.To)
	start := full
	switch {
	case from == to:
		return dayWords(r.To, full)
	case from[:7] == to[:7]: // the same month
		start = day
	case from[:4] == to[:4]: // the same year
		start = dayMonth
	}
	return dayWords(r.From, start) + " to " + dayWords(r.To, full)
}

// dayWords writes a day in a layout of package time.
func dayWords(d stats.Day, layout string) string {
	date, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return date.Format(layout)
}

// typed is what stands in a field of the range: what holds, or what was refused, so that nothing typed is lost.
func (f filter) typed(query url.Values, name, holds string) string {
	if holds != "" {
		return holds
	}
	return shown(query.Get(name))
}
