package handlers

import (
	"context"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/views"
	"rerate/views/ui"
)

// requests is the ledger: what became of each closed episode, and of what was asked by hand.
func (s *site) requests(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	f, err := s.ledgerFilterOf(c)
	if err != nil {
		return err
	}
	if f.tidied(c, "/requests") {
		return nil
	}
	tenant := s.tenant(c)
	found, err := tenant.Ledger(ctx, f.ledger(), f.after, pageSize+1)
	if err != nil {
		return err
	}
	sums, err := tenant.LedgerSums(ctx, f.unsorted().ledger())
	if err != nil {
		return err
	}
	props := views.RequestsProps{Sums: ledgerSums(f, sums), CSVHref: f.list().URL("/requests.csv")}
	props.Total = listedOf(f.asks, sums)
	if props.Bar, err = s.ledgerBar(ctx, m.workspace, f, c); err != nil {
		return err
	}
	if f.after != nil {
		props.FirstHref = f.list().URL("/requests")
	}
	if len(found) > pageSize {
		found = found[:pageSize]
		next := f.list()
		next.Cursor = ledgerCursor(found[pageSize-1])
		props.NextHref = next.URL("/requests")
	}
	if props.Rows, err = s.ledgerRows(ctx, m.workspace, found); err != nil {
		return err
	}
	if props.Empty, err = s.whyNoRequests(ctx, m.workspace, props.Total == 0); err != nil {
		return err
	}
	props.Automatic = m.workspace.Settings.Ask.Automatic
	props.Page = s.page(c, "Ledger")
	return render(c, http.StatusOK, views.Requests(props))
}

// whyNoRequests says why the ledger has nothing to show, where it has nothing.
func (s *site) whyNoRequests(ctx context.Context, w models.Workspace, nothingHere bool) (views.Empty, error) {
	if !nothingHere {
		return views.NotEmpty, nil
	}
	some, err := s.Store.Tenant(w.ID).HasRequests(ctx)
	switch {
	case err != nil:
		return views.NotEmpty, err
	case some:
		return views.NothingMatches, nil
	case !w.Connected() && w.TokenInvalidAt == nil:
		return views.NotConnected, nil
	}
	return views.NoRatingsYet, nil
}

// ledgerBar is the filter of the ledger, with the teammates and channels of its range.
func (s *site) ledgerBar(ctx context.Context, w models.Workspace, f filter, c echo.Context) (views.FilterBar, error) {
	teammates, err := s.Store.Tenant(w.ID).LedgerTeammates(ctx, f.ledger())
	if err != nil {
		return views.FilterBar{}, err
	}
	channels, err := s.Store.Tenant(w.ID).LedgerChannels(ctx, f.ledger())
	if err != nil {
		return views.FilterBar{}, err
	}
	bar, err := s.barOf(ctx, w, f, c.QueryParams(), teammates, channels)
	bar.Rows = "closes"
	for _, key := range rating.Reasons() {
		words, _ := rating.RuleWords(key)
		bar.Rules = append(bar.Rules, ui.Choice{Value: key, Label: words})
	}
	return bar, err
}

// unsorted is the filter without the group of rows that it picks: what the sums are of.
func (f filter) unsorted() filter {
	f.asks.Status, f.asks.Rule = "", ""
	f.shown.Status, f.shown.Rule = "", ""
	return f
}

// ledgerSums adds the counts up to what became of the closes, each with the way to its rows.
func ledgerSums(f filter, counted []models.LedgerSum) views.LedgerSums {
	list := f.unsorted().list()
	rowsOf := func(status models.LedgerStatus, rule string) string {
		list.Status, list.Rule = string(status), rule
		return list.URL("/requests")
	}
	sum := func(status models.LedgerStatus) views.LedgerSum {
		n := 0
		for _, s := range counted {
			if slices.Contains(status.States(), s.State) {
				n += s.Rows
			}
		}
		return views.LedgerSum{N: n, Href: rowsOf(status, "")}
	}
	sums := views.LedgerSums{
		Asked: sum(models.IsAsked), Answered: sum(models.IsAnswered), Waiting: sum(models.IsWaiting), Unanswered: sum(models.IsUnanswered),
		NotAsked: sum(models.IsNotAsked), Due: sum(models.IsDue), Failed: sum(models.HasFailed),
	}
	reasons := map[string]int{}
	for _, s := range counted {
		sums.Total += s.Rows
		sums.Closes += s.Closes
		if slices.Contains(models.IsNotAsked.States(), s.State) {
			reasons[s.Rule] += s.Rows
		}
	}
	for _, key := range append(rating.Reasons(), "") {
		if n := reasons[key]; n > 0 {
			reason := views.LedgerSum{N: n, Words: reasonWords(key)}
			if key != "" {
				reason.Href = rowsOf(models.IsNotAsked, key)
			}
			sums.Reasons = append(sums.Reasons, reason)
		}
	}
	slices.SortStableFunc(sums.Reasons, func(a, b views.LedgerSum) int { return b.N - a.N })
	return sums
}

// listedOf is how many of the counted rows a filter lists.
func listedOf(f models.LedgerFilter, counted []models.LedgerSum) int {
	n := 0
	for _, s := range counted {
		if (f.Status == "" || slices.Contains(f.Status.States(), s.State)) && (f.Rule == "" || f.Rule == s.Rule) {
			n += s.Rows
		}
	}
	return n
}

// reasonWords say why a conversation was not asked.
func reasonWords(key string) string {
	if words, ok := rating.RuleWords(key); ok {
		return words
	}
	return "The reason is not known."
}

// whyNotAsked says why a request was not sent, or why it ended; "" where there is nothing to say.
func whyNotAsked(r models.Request) string {
	if r.Rule != "" {
		return reasonWords(r.Rule)
	}
	if r.State == rating.Failed {
		return r.Detail
	}
	return ""
}

// ledgerCursor is the place after a row of the ledger.
func ledgerCursor(r models.LedgerRow) string { return FormatCursor(models.Cursor{At: r.At, ID: r.ID}) }

// ledgerRows turns rows of the ledger into those of a list.
func (s *site) ledgerRows(ctx context.Context, w models.Workspace, found []models.LedgerRow) ([]views.LedgerRow, error) {
	tenant := s.Store.Tenant(w.ID)
	var conversations, contacts []string
	for _, r := range found {
		conversations, contacts = append(conversations, r.ConversationID), append(contacts, r.ContactID)
	}
	answers, err := tenant.RatingsOf(ctx, conversations...)
	if err != nil {
		return nil, err
	}
	people, err := tenant.Contacts(ctx, contacts)
	if err != nil {
		return nil, err
	}
	rows := make([]views.LedgerRow, len(found))
	for i, r := range found {
		rows[i] = views.LedgerRow{
			ID: r.ID, ConversationID: r.ConversationID, Episode: r.Episode, At: r.At, Closed: r.ClosedAt != nil,
			State: string(r.State), Reason: whyNotAsked(r.Request), Method: string(r.Method), Test: r.Test, Answer: answerTo(answers, r.ID),
			Contact: contactName(people, r.ContactID), Channel: r.Channel, Teammate: r.TeammateName,
			IntercomURL: s.conversationURL(w, r.ConversationID),
		}
		if r.SentAt != nil {
			rows[i].SentAt = *r.SentAt
		}
	}
	return rows, nil
}

// answerTo is the newest answer to a request that was not undone and is not suspect.
func answerTo(ratings []models.Rating, request string) ui.Score {
	var newest models.Rating
	for _, r := range ratings { // oldest first
		if r.RequestID == request && r.WhyNot != models.Undone && r.WhyNot != models.Suspect {
			newest = r
		}
	}
	return given(newest)
}

// request is one row of the ledger with what the rules saw.
func (s *site) request(c echo.Context) error {
	ctx := c.Request().Context()
	m, _ := memberOf(c)
	id, err := pathID(c)
	if err != nil {
		return err
	}
	row, err := s.tenant(c).LedgerRow(ctx, id)
	if err != nil {
		return err
	}
	rows, err := s.ledgerRows(ctx, m.workspace, []models.LedgerRow{row})
	if err != nil {
		return err
	}
	props := views.RequestProps{
		Row: rows[0], Version: row.WordingVersion, Detail: row.Detail, Automatic: row.Automatic, Attempts: row.Attempts,
		Credit: creditOf(row.TeammateName, row.TeammateID, row.CreditRule),
	}
	if row.DueAt != nil {
		props.DueAt = *row.DueAt
	}
	if row.SeenAt != nil {
		props.SeenAt = *row.SeenAt
	}
	if row.RatedAt != nil {
		props.RatedAt = *row.RatedAt
	}
	if row.AskedBy != "" {
		names, err := teammateNames(ctx, s.tenant(c))
		if err != nil {
			return err
		}
		props.AskedBy = nameOf(names[row.AskedBy], row.AskedBy)
	}
	settings, err := s.tenant(c).SettingsAt(ctx, row.At)
	if err != nil {
		return err
	}
	props.Findings = findings(settings, row.Request)
	if props.StoryHref, err = s.storyOf(ctx, c, row.ConversationID); err != nil {
		return err
	}
	props.EpisodesHref = views.Filter{Days: "365", Conversation: row.ConversationID}.URL("/requests")
	props.Page = s.page(c, "A close in the ledger")
	return render(c, http.StatusOK, views.Request(props))
}

// storyOf is the page that tells a conversation's ratings, where it has any.
func (s *site) storyOf(ctx context.Context, c echo.Context, conversation string) (string, error) {
	ratings, err := s.tenant(c).RatingsOf(ctx, conversation)
	if err != nil || len(ratings) == 0 {
		return "", err
	}
	return "/ratings/" + ratings[len(ratings)-1].ID, nil
}

// findings are what the rules saw of a close, up to the one that said no. What each rule said follows from the row: the
// rules are asked in their order, and the first no ends it.
func findings(settings rating.Settings, r models.Request) []views.Finding {
	if r.Facts.At.IsZero() {
		return nil
	}
	verdict, rules := views.Passed, settings.Findings(r.Facts)
	if r.Rule == rating.BeforeInstall {
		verdict = views.NotLooked
	}
	found := make([]views.Finding, len(rules))
	for i, f := range rules {
		found[i] = views.Finding{Asks: f.Asks, Saw: f.Saw, Verdict: verdict}
		if f.Key == r.Rule {
			found[i].Verdict, verdict = views.Refused, views.NotLooked
			if f.Asks == "" { // the setting of that time is not known any more
				found[i].Asks = reasonWords(f.Key)
			}
		}
	}
	return found
}
