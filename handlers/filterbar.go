package handlers

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

// The most that a filter offers of what a workspace may have any number of.
const (
	offeredTags      = 30
	offeredCompanies = 30
	offeredWordings  = 30
)

// filterBar is the filter of ratings as a page shows it, with the choices that the workspace has.
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
	bar, err := s.barOf(ctx, w, f, query, teammates, channels)
	if err != nil {
		return bar, err
	}
	return bar, s.offer(ctx, tenant, f, &bar)
}

// offer fills in what may be chosen of tags, segments, versions of the wording and companies. Of what there may be
// thousands of, it is what the newest ratings have; anything else can be typed.
func (s *site) offer(ctx context.Context, tenant models.Tenant, f filter, bar *views.FilterBar) (err error) {
	if bar.Tags, err = tenant.RecentTags(ctx, offeredTags); err != nil {
		return err
	}
	segments, err := tenant.Segments(ctx)
	if err != nil {
		return err
	}
	for _, segment := range segments {
		bar.Segments = append(bar.Segments, ui.Choice{Value: segment.ID, Label: segment.Name})
	}
	if bar.Wordings, err = wordingChoices(ctx, tenant, f.rows.Wording); err != nil {
		return err
	}
	companies, err := tenant.RecentCompanies(ctx, offeredCompanies)
	for _, c := range companies {
		bar.Companies = append(bar.Companies, nameOf(c.Name, c.ID))
	}
	bar.Companies = slices.Compact(bar.Companies)
	return err
}

// wordingChoices are the newest versions, and the one that is chosen, each with its question.
func wordingChoices(ctx context.Context, tenant models.Tenant, chosen int) ([]ui.Choice, error) {
	newest, err := tenant.WordingsBefore(ctx, 0, offeredWordings)
	if err != nil {
		return nil, err
	}
	if len(newest) > 0 && chosen > 0 && chosen < newest[len(newest)-1].Version {
		older, err := tenant.WordingsBefore(ctx, chosen+1, 1)
		if err != nil {
			return nil, err
		}
		newest = append(newest, older...)
	}
	choices := make([]ui.Choice, len(newest))
	for i, w := range newest {
		choices[i] = ui.Choice{Value: strconv.Itoa(w.Version), Label: fmt.Sprintf("%d: %s", w.Version, shown(w.Body.Question))}
	}
	return choices, nil
}

// barOf is a filter as a page shows it, with the teammates and channels to choose from.
func (s *site) barOf(
	ctx context.Context, w models.Workspace, f filter, query url.Values, teammates []models.Teammate, channels []string,
) (views.FilterBar, error) {
	wording, err := s.currentWording(ctx, w)
	if err != nil {
		return views.FilterBar{}, err
	}
	today := stats.DayOf(s.Now(), w.Settings.Location())
	bar := views.FilterBar{
		Filter: f.shown, RangeWords: rangeWords(f.rows.Range), ZoneName: w.Settings.TimeZone, Today: string(today), Figures: f.figures,
		Policy: string(f.rows.Policy), OwnPolicy: string(w.Settings.Policy), Scale: scale(wording), Ignored: f.ignored,
		Company: f.company.name, TypedCompany: f.company.typed,
	}
	bar.TypedFrom, bar.TypedTo = f.typed(query, "from", f.shown.From), f.typed(query, "to", f.shown.To)
	bar.Earlier, bar.Later = f.steps(today)
	if f.compared != nil {
		bar.ComparedWords = rangeWords(*f.compared)
	}
	for _, t := range teammates {
		bar.Teammates = append(bar.Teammates, ui.Choice{Value: t.ID, Label: nameOf(t.Name, t.ID)})
	}
	bar.Teammates = append(bar.Teammates, ui.Choice{Value: models.Nobody, Label: "Nobody credited"})
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
