package handlers

import (
	"context"
	"net/http"
	"reflect"
	"slices"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/internal/survey"
	"rerate/views"
)

// examplesShown is how many closes a line of a dry run leads to.
const examplesShown = 3

// dryRun shows the form as it was sent, and what its settings would have done.
func (s *site) dryRun(c echo.Context, props views.SettingsProps, tried rating.Settings) error {
	m, _ := memberOf(c)
	trial, err := s.DryRun(c.Request().Context(), m.workspace.ID, tried)
	if err != nil {
		return err
	}
	props.DryRun = dryRunOf(trial)
	props.Unsaved = !reflect.DeepEqual(tried.Clean(), m.workspace.Settings.Clean())
	return s.showSettings(c, http.StatusOK, props)
}

// dryRunOf puts a trial into lines: first what was asked, then the reasons not to, the most frequent first.
func dryRunOf(trial survey.Trial) *views.DryRun {
	d := views.DryRun{Days: survey.DryRunDays, Closes: len(trial.Closes), Same: slices.Equal(trial.Now, trial.Then)}
	if len(trial.Closes) == survey.DryRunMost {
		d.Most = survey.DryRunMost
	}
	now, then := rating.Tally(trial.Now), rating.Tally(trial.Then)
	line := func(key, words string) (views.DryRunRow, bool) {
		row := views.DryRunRow{Words: words, Asked: key == rating.Asked, Now: now[key], Then: then[key], Examples: trialExamples(trial, key)}
		return row, row.Now+row.Then > 0
	}
	var reasons []views.DryRunRow
	for _, key := range rating.Reasons() {
		if row, some := line(key, reasonWords(key)); some {
			reasons = append(reasons, row)
		}
	}
	slices.SortStableFunc(reasons, func(a, b views.DryRunRow) int { return b.Then - a.Then })
	asked, _ := line(rating.Asked, "Asked")
	d.Rows = append(d.Rows, asked)
	if byHand, some := line(rating.ByHand, "A teammate had asked by hand; no rule was needed."); some {
		d.Rows = append(d.Rows, byHand)
	}
	d.Rows = append(d.Rows, reasons...)
	if unknown, some := line(rating.NotKept, "What the rules would have seen was not kept."); some {
		d.Rows = append(d.Rows, unknown)
	}
	return &d
}

// trialExamples are pages of closes that the tried settings decide so, newest first; those that the settings in force
// decide otherwise come first.
func trialExamples(trial survey.Trial, key string) []string {
	var changed, same []string
	for i, c := range slices.Backward(trial.Closes) {
		switch {
		case trial.Then[i] != key:
		case trial.Now[i] != key:
			changed = append(changed, "/requests/"+c.ID)
		default:
			same = append(same, "/requests/"+c.ID)
		}
	}
	all := append(changed, same...)
	return all[:min(len(all), examplesShown)]
}

// settingsChangesShown is how many of the changes of settings the page lists.
const settingsChangesShown = 20

// settingsChanges are the newest changes of settings, each with the settings that differ.
func (s *site) settingsChanges(ctx context.Context, workspace string, most int) ([]views.SettingsChange, error) {
	found, err := s.Store.Tenant(workspace).SettingsChanges(ctx, most)
	if err != nil {
		return nil, err
	}
	changes := make([]views.SettingsChange, len(found))
	for i, f := range found {
		changes[i] = views.SettingsChange{Author: f.Author, At: f.At}
		for _, field := range settingFields {
			if before, after := field.show(f.Before), field.show(f.After); before != after {
				changes[i].Items = append(changes[i].Items, views.SettingChange{Key: field.key, Before: before, After: after})
			}
		}
	}
	return changes, nil
}
