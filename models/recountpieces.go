package models

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rerate/internal/stats"
)

// recountBite is how many conversations are summed up anew at a time.
const recountBite = 100

// recountPiece does the next piece of a recount. The rollups of a day are replaced by what its summaries and requests
// come to, whatever they said before: summaries that a rebuild changes move no rollup. From then on whoever changes a
// summary or a request moves them rightly, so that once every day has had its turn all of them are right.
func (tx *Tx) recountPiece(r *Recount) error {
	if r.Stage == RecountSummaries {
		return tx.recountConversations(r)
	}
	return tx.recountDay(r)
}

// recountConversations derives what was said in the next conversations from its ratings.
func (tx *Tx) recountConversations(r *Recount) error {
	var conversations []string
	next := `SELECT conversation_id FROM (SELECT DISTINCT conversation_id FROM %s WHERE workspace_id = @workspace AND conversation_id > @after
		ORDER BY conversation_id LIMIT @most) AS %[1]s_next`
	if err := tx.db.Raw(fmt.Sprintf(next, "ratings")+" UNION "+fmt.Sprintf(next, "summaries")+" UNION "+fmt.Sprintf(next, "pending_summaries")+
		" ORDER BY conversation_id LIMIT @most", map[string]any{"workspace": tx.Workspace, "after": r.After, "most": recountBite}).
		Scan(&conversations).Error; err != nil {
		return err
	}
	if len(conversations) == 0 {
		r.Stage, r.After, r.Done, r.Total = RecountRollups, "", 0, 0
		return nil
	}
	units, err := tx.unitsOf(conversations)
	if err != nil {
		return err
	}
	r.compareRatings(units)
	if err := tx.recountSummaries(r, conversations, units); err != nil {
		return err
	}
	r.After, r.Done = conversations[len(conversations)-1], r.Done+int64(len(units))
	return nil
}

// unitsOf reads everything that was said in some conversations, by the unit of every figure, oldest first.
func (tx *Tx) unitsOf(conversations []string) ([][]Rating, error) {
	all, err := list[Rating](tx.rows().Where("conversation_id IN ?", conversations))
	slices.SortFunc(all, func(a, b Rating) int { return cmp.Or(compareUnit(a, b), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return units(all), err
}

// units cuts ratings, sorted by the unit of every figure, into what one contact said in one conversation each.
func units(sorted []Rating) (all [][]Rating) {
	for len(sorted) > 0 {
		n := 1
		for n < len(sorted) && compareUnit(sorted[0], sorted[n]) == 0 {
			n++
		}
		all, sorted = append(all, sorted[:n:n]), sorted[n:]
	}
	return all
}

// compareRatings holds what ratings say of those before them against what was counted, and says it of them. Which of them
// were wrong is mended by Tenant.compareAgain.
func (r *Recount) compareRatings(units [][]Rating) {
	r.uncompared = nil
	for _, unit := range units {
		was, before := slices.Clone(unit), r.Drifted
		compareAll(unit)
		for i := range unit {
			what := Drift{Table: "ratings", Where: "rating " + unit[i].ID}
			r.drifted(what, "change", string(was[i].Change), string(unit[i].Change))
			r.drifted(what, "previous_score", optional(was[i].PreviousScore), optional(unit[i].PreviousScore))
		}
		if r.Drifted != before {
			r.uncompared = append(r.uncompared, Unit{unit[0].ConversationID, unit[0].ContactID})
		}
	}
}

func optional(score *int) string {
	if score == nil {
		return "none"
	}
	return fmt.Sprint(*score)
}

func (tx *Tx) recountSummaries(r *Recount, conversations []string, units [][]Rating) error {
	settings, err := tx.Settings()
	if err != nil {
		return err
	}
	around, err := tx.circumstancesOf(conversations...)
	if err != nil {
		return err
	}
	stored, err := list[Summary](tx.rows().Where("conversation_id IN ?", conversations).Order("conversation_id, contact_id"))
	if err != nil {
		return err
	}
	was := map[Unit]Summary{}
	for _, s := range stored {
		was[s.unit()] = s
	}
	var changed []Summary
	for _, unit := range units {
		s, ok := newSummary(unit, around[unit[0].ConversationID], settings.Location())
		if !ok {
			continue
		}
		before, known := was[s.unit()]
		delete(was, s.unit())
		if r.compareSummaries(before, known, s, true) {
			changed = append(changed, s)
		}
	}
	var gone []Summary
	for _, s := range stored {
		if _, left := was[s.unit()]; left {
			r.compareSummaries(s, true, Summary{}, false)
			gone = append(gone, s)
		}
	}
	if r.Kind == Check {
		return nil
	}
	return tx.mendSummaries(conversations, gone, changed)
}

func (s Summary) unit() Unit { return Unit{s.ConversationID, s.ContactID} }

func (tx *Tx) mendSummaries(conversations []string, gone, changed []Summary) error {
	for _, row := range []any{&PendingSummary{}, &PendingChange{}} { // of another time zone
		if err := tx.rows().Where("conversation_id IN ?", conversations).Delete(row).Error; err != nil {
			return err
		}
	}
	if err := tx.replaceSummaries(gone, nil); err != nil || len(changed) == 0 {
		return err
	}
	return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(changed, 100).Error
}

// recountDay counts the next day's rollups, from the newest day to the oldest.
func (tx *Tx) recountDay(r *Recount) error {
	settings, err := tx.Settings()
	if err != nil {
		return err
	}
	zone := settings.Location()
	days, err := tx.daysAround(stats.Day(r.After), zone)
	if err != nil {
		return err
	}
	if days.next == "" {
		r.Stage, r.After, r.FinishedAt = RecountEnded, "", &tx.Now
		return nil
	}
	if r.Total == 0 {
		r.Total = int64(days.oldest.DaysUntil(days.next)) + 1
	}
	stored, err := tx.storedRollups(days.next)
	if err != nil {
		return err
	}
	counted, err := tx.countedRollups(days.next, zone)
	if err != nil {
		return err
	}
	drifted := r.compareRollups(days.next, stored, counted)
	r.After, r.Done = string(days.next), r.Total-int64(days.oldest.DaysUntil(days.next))
	if r.Kind == Check || !drifted {
		return nil
	}
	return tx.replaceRollups(days.next, counted)
}

type daysAround struct{ next, oldest stats.Day }

// daysAround finds the next day of which there is anything before a day, or the newest of all, and the oldest.
func (tx *Tx) daysAround(before stats.Day, zone *time.Location) (found daysAround, err error) {
	take := func(days []stats.Day) {
		for _, day := range days {
			found.next = max(found.next, day)
			if found.oldest == "" || day < found.oldest {
				found.oldest = day
			}
		}
	}
	ends := func(q func() *gorm.DB, column string, until any, pluck func(*gorm.DB) error) error {
		for _, direction := range []string{" DESC", " ASC"} {
			one := q().Where(column + " IS NOT NULL").Order(column + direction).Limit(1)
			if before != "" {
				one = one.Where(column+" < ?", until)
			}
			if err := pluck(one); err != nil {
				return err
			}
		}
		return nil
	}
	ofDays := func(row any, narrow func(*gorm.DB) *gorm.DB) error {
		return ends(func() *gorm.DB { return narrow(tx.rows().Model(row)) }, "day", before, func(q *gorm.DB) error {
			var days []stats.Day
			err := q.Pluck("day", &days).Error
			take(days)
			return err
		})
	}
	if err := ofDays(&Summary{}, func(q *gorm.DB) *gorm.DB { return q }); err != nil {
		return found, err
	}
	for _, of := range rollups {
		for _, view := range of.views {
			for _, byChannel := range []bool{false, true} {
				narrow := func(q *gorm.DB) *gorm.DB { return q.Where("teammate_of = ? AND by_channel = ?", view, byChannel) }
				if err := ofDays(of.row, narrow); err != nil {
					return found, err
				}
			}
		}
	}
	for _, column := range []string{"sent_at", "closed_at"} {
		var until time.Time
		if before != "" {
			until = before.Start(zone)
		}
		if err := ends(func() *gorm.DB { return tx.rows().Model(&Request{}) }, column, until, func(q *gorm.DB) error {
			var times []time.Time
			err := q.Pluck(column, &times).Error
			for _, at := range times {
				take([]stats.Day{stats.DayOf(at, zone)})
			}
			return err
		}); err != nil {
			return found, err
		}
	}
	return found, nil
}

// The views in which a summary and a request stand.
var (
	summaryViews = []TeammateOf{OfAny, OfLatest, OfFirst}
	askViews     = []TeammateOf{OfAny, OfRequest}
)

// rollups are the tables of rollups, with the views in each.
var rollups = []struct {
	row   any
	views []TeammateOf
}{{&RollupDay{}, summaryViews}, {&RollupMove{}, summaryViews}, {&RollupAsks{}, askViews}}

// ofDay narrows a query of rollups to the rows of a day.
func ofDay(q *gorm.DB, views []TeammateOf, day stats.Day) *gorm.DB {
	return q.Where("teammate_of IN ? AND by_channel IN ? AND day = ?", views, []bool{false, true}, day)
}

// storedRollups reads every rollup row of a day.
func (tx *Tx) storedRollups(day stats.Day) (rolled, error) {
	sums := newRolled()
	of := func(views []TeammateOf) *gorm.DB { return ofDay(tx.rows(), views, day) }
	days, err := list[RollupDay](of(summaryViews))
	if err != nil {
		return sums, err
	}
	for _, row := range days {
		sums.days[row.RollupKey] = row.Figures
	}
	moves, err := list[RollupMove](of(summaryViews))
	if err != nil {
		return sums, err
	}
	for _, m := range moves {
		sums.moves[moveKey{m.RollupKey, m.FirstScore, m.FirstScale, m.LatestScore, m.LatestScale}] = m.Pairs
	}
	asks, err := list[RollupAsks](of(askViews))
	for _, row := range asks {
		sums.asks[row.RollupKey] = row.Asks
	}
	return sums, err
}

// countedRollups counts what every rollup row of a day should say.
func (tx *Tx) countedRollups(day stats.Day, zone *time.Location) (rolled, error) {
	sums := newRolled()
	var groups []struct {
		Channel, TeammateID, FirstTeammateID             string
		FirstScore, FirstScale, LatestScore, LatestScale int
		Pairs                                            int64
		Figures
	}
	const key = "channel, teammate_id, first_teammate_id, first_score, first_scale, latest_score, latest_scale"
	if err := tx.rows().Model(&Summary{}).Where("day = ?", day).Group(key).
		Select(key + ", SUM(CASE WHEN " + again + " THEN 1 ELSE 0 END) AS pairs, " + counted(figures)).Scan(&groups).Error; err != nil {
		return sums, err
	}
	for _, g := range groups {
		s := Summary{WorkspaceID: tx.Workspace, SummaryFacts: SummaryFacts{
			Day: day, Channel: g.Channel, TeammateID: g.TeammateID, FirstTeammateID: g.FirstTeammateID,
			FirstScore: g.FirstScore, FirstScale: g.FirstScale, LatestScore: g.LatestScore, LatestScale: g.LatestScale,
		}}
		sums.put(s, g.Figures, g.Pairs, 1)
	}
	return sums, tx.countAsks(sums, day, zone)
}

func (tx *Tx) countAsks(sums rolled, day stats.Day, zone *time.Location) error {
	for _, of := range []struct {
		column string
		sums   []sum[Asks, ask]
	}{{"sent_at", asksSent}, {"closed_at", asksClosed}} {
		var groups []struct {
			Channel, TeammateID string
			Asks
		}
		if err := tx.db.Table("requests").Where("requests.workspace_id = ?", tx.Workspace).
			Joins("JOIN conversations AS c ON c.workspace_id = requests.workspace_id AND c.id = requests.conversation_id").
			Where("requests."+of.column+" >= ? AND requests."+of.column+" < ?", day.Start(zone), day.AddDays(1).Start(zone)).
			Select("c.channel, requests.teammate_id, " + counted(of.sums)).Group("c.channel, requests.teammate_id").Scan(&groups).Error; err != nil {
			return err
		}
		for _, g := range groups {
			sums.putAsks(RollupKey{WorkspaceID: tx.Workspace, Day: day, TeammateID: g.TeammateID}, g.Channel, g.Asks, 1)
		}
	}
	return nil
}

// replaceRollups stores what was counted of a day.
func (tx *Tx) replaceRollups(day stats.Day, counted rolled) error {
	for _, of := range rollups {
		if err := ofDay(tx.rows(), of.views, day).Delete(of.row).Error; err != nil {
			return err
		}
	}
	return tx.addRolled(counted)
}
