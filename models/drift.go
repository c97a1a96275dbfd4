package models

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"gorm.io/gorm/schema"

	"rerate/internal/stats"
)

// Drift is a stored value that is not what was counted.
type Drift struct {
	Table   string    `json:"table"`
	Day     stats.Day `json:"day"`    // empty where there is none
	Where   string    `json:"where"`  // which row, in words
	Column  string    `json:"column"` // empty: the whole row
	Stored  string    `json:"stored"`
	Counted string    `json:"counted"`
}

// String says it in a line.
func (d Drift) String() string {
	day := ""
	if d.Day != "" {
		day = ", " + string(d.Day)
	}
	return fmt.Sprintf("%s%s, %s: %s is %s, should be %s", d.Table, day, d.Where, d.Column, d.Stored, d.Counted)
}

// keptDrifts is how many values that differ are kept; the rest are only counted.
const keptDrifts = 50

// drifted remembers a value if it is not what was counted, and answers whether it is not.
func (r *Recount) drifted(what Drift, column, stored, counted string) bool {
	if stored == counted {
		return false
	}
	r.Drifted++
	if len(r.Drifts) < keptDrifts {
		what.Column, what.Stored, what.Counted = column, stored, counted
		r.Drifts = append(r.Drifts, what)
	}
	return true
}

// compareSummaries holds a stored summary against the one that was derived; either may not be there.
func (r *Recount) compareSummaries(stored Summary, isStored bool, derived Summary, isDerived bool) (differ bool) {
	known := derived
	if !isDerived {
		known = stored
	}
	what := Drift{Table: "summaries", Day: known.Day, Where: "conversation " + known.ConversationID + " of contact " + known.ContactID}
	if isStored != isDerived {
		there := map[bool]string{true: "there", false: "missing"}
		return r.drifted(what, "the row", there[isStored], there[isDerived])
	}
	was, is := reflect.ValueOf(stored.SummaryFacts), reflect.ValueOf(derived.SummaryFacts)
	for i := range was.NumField() {
		column := schema.NamingStrategy{}.ColumnName("", was.Type().Field(i).Name)
		differ = r.drifted(what, column, shown(was.Field(i)), shown(is.Field(i))) || differ
	}
	return differ
}

func shown(value reflect.Value) string {
	if at, ok := value.Interface().(time.Time); ok {
		return at.UTC().Format(time.RFC3339Nano)
	}
	if text := fmt.Sprint(value.Interface()); text != "" {
		return text
	}
	return "empty"
}

// compareRollups holds the stored rollups of a day against those that were counted.
func (r *Recount) compareRollups(day stats.Day, stored, counted rolled) bool {
	before := r.Drifted
	for _, key := range keysOf(stored.days, counted.days, RollupKey.compare) {
		compareSums(r, Drift{Table: "rollup_days", Day: day, Where: key.String()}, figures, stored.days[key], counted.days[key])
	}
	for _, key := range keysOf(stored.moves, counted.moves, moveKey.compare) {
		what := Drift{Table: "rollup_moves", Day: day, Where: key.String()}
		r.drifted(what, "pairs", number(stored.moves[key]), number(counted.moves[key]))
	}
	for _, key := range keysOf(stored.asks, counted.asks, RollupKey.compare) {
		compareSums(r, Drift{Table: "rollup_asks", Day: day, Where: key.String()}, asks, stored.asks[key], counted.asks[key])
	}
	return r.Drifted != before
}

func keysOf[K comparable, V any](a, b map[K]V, order func(K, K) int) []K {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return slices.SortedFunc(maps.Keys(all), order)
}

func compareSums[S, R any](r *Recount, what Drift, declared []sum[S, R], stored, counted S) {
	for _, d := range declared {
		r.drifted(what, d.column, number(*d.field(&stored)), number(*d.field(&counted)))
	}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// String names the row in words.
func (k RollupKey) String() string {
	whose := k.TeammateID
	if whose == "" {
		whose = "nobody"
	}
	switch k.TeammateOf {
	case OfAny:
		whose = "everybody together"
	case OfLatest:
		whose = "latest rating credited to " + whose
	case OfFirst:
		whose = "first rating credited to " + whose
	case OfRequest:
		whose = "requests of " + whose
	}
	if !k.ByChannel {
		return whose + ", all channels"
	}
	return whose + ", channel " + k.Channel
}

// String names the row in words.
func (k moveKey) String() string {
	return fmt.Sprintf("%s, from %d of %d to %d of %d", k.RollupKey, k.first, k.firstScale, k.latest, k.latestScale)
}
