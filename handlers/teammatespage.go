package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"rerate/internal/stats"
	"rerate/models"
	"rerate/views"
)

// teammatesParams are what the teammates are narrowed by: what figures are, but for the teammate.
var teammatesParams = append(slices.DeleteFunc(slices.Clone(reportParams), func(p param) bool { return p.name == "teammate" }),
	param{"sort", "name, first, counted, recovered, response, asked or low_asked", func(f *filter, v string) bool {
		if f.shown.Sort = v; v == teammateSorts[0].name {
			f.shown.Sort = "" // the default
		}
		return v == byName || slices.ContainsFunc(teammateSorts, func(figure teammateFigure) bool { return figure.name == v })
	}})

func (s *site) teammatesFilterOf(c echo.Context) (filter, error) {
	f, err := s.filterBy(c, teammatesParams)
	f.figures = true
	return f, err
}

// teammatesPage is everybody's figures side by side.
func (s *site) teammatesPage(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	f, err := s.teammatesFilterOf(c)
	if err != nil {
		return err
	}
	if f.tidied(c, "/teammates") {
		return nil
	}
	settings := m.workspace.Settings
	table, grain, err := f.teammates(ctx, s.tenant(c), settings, s.Now())
	if err != nil {
		return err
	}
	props := views.TeammatesProps{
		MinSample: settings.MinSample, Target: settings.Target, Grain: grain, Sort: nameOf(f.shown.Sort, teammateSorts[0].name),
		CSVHref: f.shown.URL("/teammates.csv"), All: f.teammate(table.all, ""),
	}
	named := func(rows []teammateRow) (shown []views.TeammateFigures) {
		for _, row := range rows {
			figures := f.teammate(row, row.ID)
			figures.Href, figures.Self = f.teammatePath(row.ID), row.ID == m.teammate.ID
			shown = append(shown, figures)
		}
		return shown
	}
	props.Ranked, props.Few = named(table.ranked), named(table.few)
	if table.nobody != nil {
		nobody := f.teammate(*table.nobody, models.Nobody)
		props.Nobody = &nobody
	}
	if props.Bar, err = s.teammatesBar(ctx, m.workspace, f, c.QueryParams()); err != nil {
		return err
	}
	if props.Empty, err = s.whyEmpty(ctx, m.workspace, table.all.nothing()); err != nil {
		return err
	}
	props.Page = s.page(c, "Teammates")
	return render(c, http.StatusOK, views.Teammates(props))
}

// teammatesBar is the filter, but for the teammate.
func (s *site) teammatesBar(ctx context.Context, w models.Workspace, f filter, query url.Values) (views.FilterBar, error) {
	bar, err := s.filterBar(ctx, w, f, query)
	bar.Teammates = nil
	return bar, err
}

// nothing reports whether there is nothing to say of the range.
func (r teammateRow) nothing() bool {
	return r.First.Rated == 0 && r.Latest.Rated == 0 && r.Asks.Sent == 0 && r.Asks.Closed == 0
}

// teammatePath is the page of one teammate under the same filter.
func (f filter) teammatePath(id string) string {
	shown := f.shown
	shown.Sort, shown.Teammate = "", ""
	return shown.URL("/teammates/" + url.PathEscape(id))
}

// teammatesFile is the table as a file: the same rows in the same order.
func (s *site) teammatesFile(c echo.Context) error {
	m, _ := memberOf(c)
	f, err := s.teammatesFilterOf(c)
	if err != nil {
		return err
	}
	table, _, err := f.teammates(c.Request().Context(), s.tenant(c), m.workspace.Settings, s.Now())
	if err != nil {
		return err
	}
	lines := table.lines()
	return sendFile(c, "teammates.csv", fileTable[teammateLine]{
		columns: teammateColumns(), cells: func(line teammateLine) []string { return f.teammateCells(line) },
		read: func(_ context.Context, after *teammateLine) ([]teammateLine, error) {
			if after != nil {
				return nil, nil
			}
			return lines, nil
		},
	})
}

// teammateLine is a line of the file; row says what it is.
type teammateLine struct {
	teammateRow
	row string // "teammate", "few" (too few ratings to rank by), "nobody" or "all"
}

// lines are all rows of the table in their order.
func (t teammateTable) lines() (lines []teammateLine) {
	for _, row := range t.ranked {
		lines = append(lines, teammateLine{row, "teammate"})
	}
	for _, row := range t.few {
		lines = append(lines, teammateLine{row, "few"})
	}
	if t.nobody != nil {
		nobody := *t.nobody
		nobody.name = ""
		lines = append(lines, teammateLine{nobody, "nobody"})
	}
	return append(lines, teammateLine{t.all, "all"})
}

func teammateColumns() []string {
	columns := []string{"row", "teammate_id", "teammate_name"}
	for _, figure := range teammateFigures {
		columns = append(columns, figure.part)
		if figure.whole != "" {
			columns = append(columns, figure.whole)
		}
		for _, part := range []string{"share", "low", "high", "share_before"} {
			columns = append(columns, figure.name+"_"+part)
		}
	}
	return columns
}

func (f filter) teammateCells(line teammateLine) []string {
	cells := []string{line.row, line.ID, line.name}
	for _, figure := range teammateFigures {
		now := figure.of(line.TeammateReport, f.rows.Policy)
		cells = append(cells, decimal(now.Positive))
		if figure.whole != "" {
			cells = append(cells, strconv.Itoa(now.N))
		}
		cells = append(cells, shareCells(now)...)
		before := ""
		if line.before != nil {
			before = shareCells(figure.of(*line.before, f.rows.Policy))[0]
		}
		cells = append(cells, before)
	}
	return cells
}

// shareCells are a share and its interval; empty where there is nothing to share.
func shareCells(p stats.Proportion) []string {
	score, ok := p.Share()
	if !ok {
		return []string{"", "", ""}
	}
	interval, _ := p.Wilson() // has an interval where there is a share
	return []string{fourPlaces(score), fourPlaces(interval.Low), fourPlaces(interval.High)}
}

func fourPlaces(value float64) string { return strconv.FormatFloat(value, 'f', 4, 64) }

// decimal writes a count that may have a fraction, under the average policy.
func decimal(value float64) string {
	text := strconv.FormatFloat(value, 'f', 4, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
