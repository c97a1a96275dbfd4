package models

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// Unit names what one contact said in one conversation.
type Unit struct {
	ConversationID string
	ContactID      string
}

// PrepareImport derives what the next units will say once the import is added or taken back: those after the given one,
// in their order, that are not derived yet, and not more than most. It answers the last one, and how many they were.
// Nothing counts by it.
func (tx *Tx) PrepareImport(i Import, after Unit, most int) (last Unit, n int, err error) {
	if _, err := tx.holdSettings(clause.LockingStrengthUpdate); err != nil {
		return Unit{}, 0, err
	}
	units, err := list[Unit](tx.unprepared(i).Where("(conversation_id, contact_id) > (?, ?)", after.ConversationID, after.ContactID).Limit(most))
	if err != nil || len(units) == 0 {
		return Unit{}, 0, err
	}
	return units[len(units)-1], len(units), tx.prepareUnits(i, units)
}

// unprepared are the units that an import adds to or takes from and of which nothing is pending, in their order.
func (tx *Tx) unprepared(i Import) *gorm.DB {
	from, table := tx.rows().Model(&ImportRow{}), "import_rows"
	if i.State == ImportRemoving {
		from, table = tx.rows().Model(&Rating{}).Where("import_id <> ''"), "ratings" // so that the index is found
	}
	return from.Where("import_id = ?", i.ID).Where(`NOT EXISTS (SELECT 1 FROM pending_summaries p WHERE p.workspace_id = `+table+`.workspace_id
		AND p.conversation_id = `+table+`.conversation_id AND p.contact_id = `+table+`.contact_id AND p.import_id = `+table+`.import_id)`).
		Distinct("conversation_id", "contact_id").Order("conversation_id, contact_id")
}

func (tx *Tx) prepareUnits(i Import, units []Unit) error {
	if len(units) == 0 {
		return nil
	}
	conversations := conversationsOf(units)
	ratings, err := tx.ratingsAfter(i, conversations)
	if err != nil {
		return err
	}
	around, err := tx.circumstancesOf(conversations...)
	if err != nil {
		return err
	}
	var summaries []PendingSummary
	var changes []PendingChange
	for _, unit := range units {
		pending, changed, err := tx.prepareUnit(i, unit, ratings[unit], around[unit.ConversationID])
		if err != nil {
			return err
		}
		summaries, changes = append(summaries, pending), append(changes, changed...)
	}
	replace := tx.db.Clauses(clause.OnConflict{UpdateAll: true})
	if err := replace.CreateInBatches(summaries, 100).Error; err != nil || len(changes) == 0 {
		return err
	}
	return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(changes, 100).Error
}

func conversationsOf(units []Unit) (ids []string) {
	for _, unit := range units {
		ids = append(ids, unit.ConversationID)
	}
	return slices.Compact(ids)
}

// ratingsAfter are the ratings that each unit of some conversations will have.
func (tx *Tx) ratingsAfter(i Import, conversations []string) (map[Unit][]Rating, error) {
	byUnit := map[Unit][]Rating{}
	stored, err := list[Rating](tx.rows().Where("conversation_id IN ?", conversations))
	if err != nil {
		return nil, err
	}
	for _, r := range stored {
		if r.ImportID != i.ID { // those of the import are staged, or go
			unit := Unit{r.ConversationID, r.ContactID}
			byUnit[unit] = append(byUnit[unit], r)
		}
	}
	if i.State == ImportRemoving {
		return byUnit, nil
	}
	staged, err := list[ImportRow](tx.rows().Where("import_id = ? AND conversation_id IN ?", i.ID, conversations))
	if err != nil {
		return nil, err
	}
	talks, err := list[Conversation](tx.rows().Where("id IN ?", conversations))
	if err != nil {
		return nil, err
	}
	channels := map[string]string{}
	for _, c := range talks {
		channels[c.ID] = c.Channel
	}
	for _, r := range staged {
		unit := Unit{r.ConversationID, r.ContactID}
		byUnit[unit] = append(byUnit[unit], r.rating(channels[r.ConversationID]))
	}
	return byUnit, nil
}

func (tx *Tx) prepareUnit(i Import, unit Unit, ratings []Rating, around circumstances) (PendingSummary, []PendingChange, error) {
	slices.SortFunc(ratings, func(a, b Rating) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	was := slices.Clone(ratings)
	compareAll(ratings)
	var changes []PendingChange
	for n, r := range ratings {
		if r.Change != was[n].Change || !equal(r.PreviousScore, was[n].PreviousScore) {
			changes = append(changes, PendingChange{
				WorkspaceID: tx.Workspace, RatingID: r.ID, ImportID: i.ID, ConversationID: r.ConversationID,
				Change: r.Change, PreviousScore: r.PreviousScore,
			})
		}
	}
	pending := PendingSummary{WorkspaceID: tx.Workspace, ConversationID: unit.ConversationID, ContactID: unit.ContactID, ImportID: i.ID}
	settings, err := tx.Settings()
	if err != nil {
		return pending, nil, err
	}
	if history := HistoryOf(ratings, unit.ConversationID, unit.ContactID); history != nil {
		pending.SummaryFacts = factsOf(history, ratings, around, settings.Location())
	}
	return pending, changes, nil
}

// ErrImportNotPrepared means that more than a few units have changed since they were prepared, or never were.
var ErrImportNotPrepared = errors.New("the import is not prepared")

// FinishImport adds the ratings of an import to all figures at once, or takes them out of all, by statements over whole
// tables: nobody ever sees a part of it. It answers ErrImportNotPrepared while there are more than a few units to derive.
func (tx *Tx) FinishImport(i Import, few int) error {
	steps, ends := importSteps, ImportAdded
	if i.State == ImportRemoving {
		steps, ends = removalSteps, ImportRemoved
	}
	if err := tx.holdConversationsOf(i); err != nil {
		return err
	}
	if err := tx.execute(i, steps.alone); err != nil {
		return err
	}
	if _, err := tx.holdSettings(clause.LockingStrengthUpdate); err != nil {
		return err
	}
	units, err := list[Unit](tx.unprepared(i).Limit(few + 1))
	if err != nil {
		return err
	}
	if len(units) > few {
		return ErrImportNotPrepared
	}
	if err := tx.prepareUnits(i, units); err != nil {
		return err
	}
	if err := tx.execute(i, steps.counted); err != nil {
		return err
	}
	i.State, i.FinishedAt = ends, &tx.Now
	return tx.SaveImport(i)
}

func (tx *Tx) execute(i Import, statements []string) error {
	for _, statement := range statements {
		args := make([]any, 0, 4)
		for range strings.Count(statement, "?") / 2 {
			args = append(args, tx.Workspace, i.ID)
		}
		if err := tx.db.Exec(statement, args...).Error; err != nil {
			return err
		}
	}
	return nil
}

// finishing is what adds an import or takes it back: statements for which only who rates in the same conversations has to
// wait, and those for which all figures of the workspace stand still. Each ? is the workspace and the import by
// turns.
type finishing struct{ alone, counted []string }

var (
	importSteps = finishing{
		[]string{addRatings, forgetWords}, append(moveRolledUp(), replaceSummaries, changeRatings),
	}
	removalSteps = finishing{
		[]string{dropWriteBacks, dropReplies, dropWords}, append(moveRolledUp(), dropSummaries, replaceSummaries, dropRatings, changeRatings),
	}
)

// holdConversationsOf takes the conversations before anything else, as everybody does who changes a rating in one of them:
// two that took other things first would wait for each other in a circle. SQLite has one writer anyway.
func (tx *Tx) holdConversationsOf(i Import) error {
	if tx.db.Name() == "sqlite" {
		return nil
	}
	from := "import_rows"
	if i.State == ImportRemoving {
		from = "ratings"
	}
	return tx.db.Exec(`SELECT id FROM conversations WHERE workspace_id = ? AND id IN
		(SELECT conversation_id FROM `+from+` WHERE workspace_id = ? AND import_id = ? AND import_id <> '') ORDER BY id FOR KEY SHARE`,
		tx.Workspace, tx.Workspace, i.ID).Error
}

const addRatings = `INSERT INTO ratings (workspace_id, id, conversation_id, contact_id, source, source_key, score, scale, sentiment,
		emoji, label, remark, remark_at, at, teammate_id, teammate_name, credit_rule, channel, integrity, import_id)
	SELECT r.workspace_id, r.rating_id, r.conversation_id, r.contact_id, '` + string(FromImport) + `', r.source_key, r.score, r.scale, r.sentiment,
		r.emoji, r.label, CASE WHEN c.erased_at IS NULL THEN r.remark ELSE '' END, CASE WHEN r.remark <> '' THEN r.at END, r.at,
		r.teammate_id, r.teammate_name, CASE WHEN r.teammate_id <> '' OR r.teammate_name <> '' THEN '` + string(CreditByImport) + `' ELSE '' END,
		v.channel, '` + string(ByImport) + `', r.import_id
	FROM import_rows r
	JOIN conversations v ON v.workspace_id = r.workspace_id AND v.id = r.conversation_id
	LEFT JOIN contacts c ON c.workspace_id = r.workspace_id AND c.id = r.contact_id
	WHERE r.workspace_id = ? AND r.import_id = ? ORDER BY r.line`

const dropRatings = `DELETE FROM ratings WHERE workspace_id = ? AND import_id = ? AND import_id <> ''`

const dropWriteBacks = `DELETE FROM write_backs WHERE (workspace_id, rating_id) IN
	(SELECT workspace_id, id FROM ratings WHERE workspace_id = ? AND import_id = ? AND import_id <> '')`

const dropReplies = `DELETE FROM replies WHERE (workspace_id, rating_id) IN
	(SELECT workspace_id, id FROM ratings WHERE workspace_id = ? AND import_id = ? AND import_id <> '')`

const dropWords = `DELETE FROM rating_words WHERE (workspace_id, rating_id) IN
	(SELECT workspace_id, id FROM ratings WHERE workspace_id = ? AND import_id = ? AND import_id <> '')`

// forgetWords takes out of the index what was staged of contacts who have been erased since.
const forgetWords = `DELETE FROM rating_words WHERE (workspace_id, rating_id) IN
	(SELECT workspace_id, id FROM ratings WHERE workspace_id = ? AND import_id = ? AND import_id <> '' AND remark = '')`

const changeRatings = `UPDATE ratings SET change = p.change, previous_score = p.previous_score FROM pending_changes p
	WHERE p.workspace_id = ? AND p.import_id = ? AND ratings.workspace_id = p.workspace_id AND ratings.id = p.rating_id`

const dropSummaries = `DELETE FROM summaries WHERE (workspace_id, conversation_id, contact_id) IN
	(SELECT workspace_id, conversation_id, contact_id FROM pending_summaries WHERE workspace_id = ? AND import_id = ? AND ratings = 0)`

var summaryColumns = []string{
	"day", "channel", "teammate_id", "first_score", "first_scale", "latest_score", "latest_scale", "first_sentiment",
	"latest_sentiment", "best_sentiment", "worst_sentiment", "change", "ratings", "credit", "asked_again", "latest_at",
	"latest_id", "first_teammate_id", "replied", "waiting",
}

var replaceSummaries = `INSERT INTO summaries (workspace_id, conversation_id, contact_id, ` + strings.Join(summaryColumns, ", ") + `)
	SELECT workspace_id, conversation_id, contact_id, ` + strings.Join(summaryColumns, ", ") + ` FROM pending_summaries
	WHERE workspace_id = ? AND import_id = ? AND ratings > 0
	ON CONFLICT (workspace_id, conversation_id, contact_id) DO UPDATE SET ` + each(summaryColumns, "%s = excluded.%s")

// moved are the summaries that an import takes out of the rollups (n = -1) and those that it puts in (n = 1).
const moved = `WITH moved AS (
		SELECT -1 AS n, s.workspace_id, s.conversation_id, s.contact_id, %s FROM summaries s JOIN pending_summaries p ON p.workspace_id = s.workspace_id
			AND p.conversation_id = s.conversation_id AND p.contact_id = s.contact_id
		WHERE p.workspace_id = ? AND p.import_id = ?
		UNION ALL
		SELECT 1 AS n, workspace_id, conversation_id, contact_id, %s FROM pending_summaries
		WHERE workspace_id = ? AND import_id = ? AND ratings > 0)
	`

// moveRolledUp moves the rollups by what an import takes out and puts in, one table and one view after the other.
func moveRolledUp() (statements []string) {
	pairs := []sum[RollupMove, Summary]{{column: "pairs", sql: "1"}}
	for _, view := range [][2]string{{"'any'", "''"}, {"'latest'", "teammate_id"}, {"'first'", "first_teammate_id"}} {
		for _, channel := range []string{"FALSE AS by_channel, day, '' AS channel", "TRUE AS by_channel, day, channel"} {
			key := view[0] + " AS teammate_of, " + channel + ", " + view[1] + " AS teammate_id"
			statements = append(statements,
				moveInto("rollup_days", dayKey, key, figures, "TRUE"),
				moveInto("rollup_moves", moveKeyColumns, key+", first_score, first_scale, latest_score, latest_scale", pairs, again))
		}
	}
	return statements
}

func moveInto[S, R any](table string, key []string, values string, sums []sum[S, R], which string) string {
	columns := columnsOf(sums)
	for _, declared := range sums {
		values += ", CAST(SUM(n * (" + declared.sql + ")) AS BIGINT)"
	}
	var groups []string
	for n := range key {
		groups = append(groups, strconv.Itoa(n+1))
	}
	return fmt.Sprintf(moved, each(summaryColumns, "s.%s"), strings.Join(summaryColumns, ", ")) +
		"INSERT INTO " + table + " (" + strings.Join(slices.Concat(key, columns), ", ") + ") SELECT workspace_id, " +
		values + " FROM moved WHERE " + which + " GROUP BY " + strings.Join(groups, ", ") +
		" ON CONFLICT (" + strings.Join(key, ", ") + ") DO UPDATE SET " + each(columns, "%s = "+table+".%s + excluded.%s")
}

// each writes the pattern once for each column.
func each(columns []string, pattern string) string {
	var all []string
	for _, column := range columns {
		all = append(all, strings.ReplaceAll(pattern, "%s", column))
	}
	return strings.Join(all, ", ")
}

// inOrder sorts rows by their key.
func inOrder[Row any](rows map[string]Row) []Row {
	all := []Row{}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		all = append(all, rows[key])
	}
	return all
}
