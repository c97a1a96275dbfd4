package models

import (
	"cmp"
	"maps"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"rerate/internal/rating"
	"rerate/internal/stats"
)

// RollupKey says which summaries a rollup row sums.
type RollupKey struct {
	WorkspaceID string    `gorm:"primaryKey"`
	Day         stats.Day `gorm:"primaryKey"`
	Channel     string    `gorm:"primaryKey"`
	TeammateID  string    `gorm:"primaryKey"`
}

func (k RollupKey) compare(other RollupKey) int {
	return cmp.Or(cmp.Compare(k.Day, other.Day), cmp.Compare(k.Channel, other.Channel), cmp.Compare(k.TeammateID, other.TeammateID))
}

// Figures are the sums over summaries that the pages show.
type Figures struct {
	Rated          int64
	FirstPositive  int64
	LatestPositive int64
	BestPositive   int64
	WorstPositive  int64
	Credit         int64 // in CreditUnit
	Better         int64
	Same           int64
	Worse          int64
	FirstNegative  int64
	Asked          int64 // of the first negative: asked again
	Answered       int64 // of the first negative: rated again
	Recovered      int64 // of the first negative: positive now
}

// RollupDay is one rollup row of figures.
type RollupDay struct {
	RollupKey
	Figures
}

// RollupMove counts the summaries that went from one score to another.
type RollupMove struct {
	RollupKey
	FirstScore  int `gorm:"primaryKey;autoIncrement:false"`
	FirstScale  int `gorm:"primaryKey;autoIncrement:false"`
	LatestScore int `gorm:"primaryKey;autoIncrement:false"`
	LatestScale int `gorm:"primaryKey;autoIncrement:false"`
	Pairs       int64
}

// figures is what one summary adds to its rollup row.
func (s Summary) figures() Figures {
	f := Figures{
		Rated:          1,
		FirstPositive:  count(s.FirstSentiment == rating.Positive),
		LatestPositive: count(s.LatestSentiment == rating.Positive),
		BestPositive:   count(s.BestSentiment == rating.Positive),
		WorstPositive:  count(s.WorstSentiment == rating.Positive),
		Credit:         s.Credit,
		Better:         count(s.Change == rating.Better),
		Same:           count(s.Change == rating.Same),
		Worse:          count(s.Change == rating.Worse),
	}
	if s.FirstSentiment == rating.Negative {
		f.FirstNegative = 1
		f.Asked = count(s.AskedAgain)
		f.Answered = count(s.Ratings > 1)
		f.Recovered = count(rating.Recovered(s.FirstSentiment, s.LatestSentiment))
	}
	return f
}

func count(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// each lists the columns of Figures with their values, so that adding, taking and upserting all speak of the
// same ones.
func (f *Figures) each() map[string]*int64 {
	return map[string]*int64{
		"rated": &f.Rated, "first_positive": &f.FirstPositive, "latest_positive": &f.LatestPositive,
		"best_positive": &f.BestPositive, "worst_positive": &f.WorstPositive, "credit": &f.Credit,
		"better": &f.Better, "same": &f.Same, "worse": &f.Worse, "first_negative": &f.FirstNegative,
		"asked": &f.Asked, "answered": &f.Answered, "recovered": &f.Recovered,
	}
}

// Add adds times × other to f.
func (f *Figures) Add(other Figures, times int64) {
	values := other.each()
	for column, value := range f.each() {
		*value += times * *values[column]
	}
}

type moveKey struct {
	RollupKey
	first, firstScale, latest, latestScale int
}

func (k moveKey) compare(other moveKey) int {
	return cmp.Or(k.RollupKey.compare(other.RollupKey), cmp.Compare(k.first, other.first), cmp.Compare(k.firstScale, other.firstScale),
		cmp.Compare(k.latest, other.latest), cmp.Compare(k.latestScale, other.latestScale))
}

// moveRollups takes old summaries out of their rollup rows and adds new ones to theirs, in the order of their keys.
func (tx *Tx) moveRollups(before, next []Summary) error {
	days := map[RollupKey]Figures{}
	moves := map[moveKey]int64{}
	add := func(s Summary, times int64) {
		key := RollupKey{WorkspaceID: s.WorkspaceID, Day: s.Day, Channel: s.Channel, TeammateID: s.TeammateID}
		sum := days[key]
		sum.Add(s.figures(), times)
		days[key] = sum
		if s.Ratings > 1 {
			moves[moveKey{key, s.FirstScore, s.FirstScale, s.LatestScore, s.LatestScale}] += times
		}
	}
	for _, s := range before {
		add(s, -1)
	}
	for _, s := range next {
		add(s, 1)
	}
	var dayRows []RollupDay
	for _, key := range slices.SortedFunc(maps.Keys(days), RollupKey.compare) {
		if days[key] != (Figures{}) {
			dayRows = append(dayRows, RollupDay{RollupKey: key, Figures: days[key]})
		}
	}
	var moveRows []RollupMove
	for _, k := range slices.SortedFunc(maps.Keys(moves), moveKey.compare) {
		if moves[k] != 0 {
			moveRows = append(moveRows, RollupMove{k.RollupKey, k.first, k.firstScale, k.latest, k.latestScale, moves[k]})
		}
	}
	if err := addTo(tx, dayRows, "rollup_days", dayKey, figureColumns); err != nil {
		return err
	}
	return addTo(tx, moveRows, "rollup_moves", moveKeyColumns, []string{"pairs"})
}

var (
	dayKey         = []string{"workspace_id", "day", "channel", "teammate_id"}
	moveKeyColumns = append(slices.Clone(dayKey), "first_score", "first_scale", "latest_score", "latest_scale")
	figureColumns  = slices.Sorted(maps.Keys((&Figures{}).each()))
)

// addTo adds each row's sums to the stored row of the same key.
func addTo[Row any](tx *Tx, rows []Row, table string, key, sums []string) error {
	if len(rows) == 0 {
		return nil
	}
	onConflict := clause.OnConflict{}
	for _, column := range key {
		onConflict.Columns = append(onConflict.Columns, clause.Column{Name: column})
	}
	for _, column := range sums {
		onConflict.DoUpdates = append(onConflict.DoUpdates, clause.Assignment{
			Column: clause.Column{Name: column},
			Value:  gorm.Expr(table + "." + column + " + excluded." + column),
		})
	}
	return tx.db.Clauses(onConflict).CreateInBatches(rows, 100).Error
}
