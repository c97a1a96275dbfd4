package models_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/words"
	"rerate/models"
	"rerate/models/modelstest"
	"rerate/models/modelstest/plain"
)

// vocabulary is what the remarks of the tests are made of.
var vocabulary = []string{
	"the", "then", "Theo", "refund", "Refunds", "late", "Zoë", "zoe", "STRASSE", "straße", "客服", "态度很好", "客", "服务", "감사합니다", "감사", "ขอบคุณ", "😡", "👍🏽", "❤️",
	"\"quoted\"", "AND", "OR", "NOT", "NEAR(a", "a*", "b:c", "d-e", "f^2", "(g", "h)", "'i", "\\j", "--k", ";l", "%m_", "שלום", "שָׁלוֹם", "धन्यवाद", "é", "e\u0301", "10,50", "ﬁne",
	strings.Repeat("donau", 30), "\u200bthin", "w746865697273",
}

func someWords(random *rand.Rand, most int) string {
	var all []string
	for range random.IntN(most + 1) {
		all = append(all, vocabulary[random.IntN(len(vocabulary))])
	}
	return strings.Join(all, []string{" ", ", ", ""}[random.IntN(3)])
}

// someRemarks stores ratings with remarks in every way that remarks come.
func someRemarks(t *testing.T, tenant models.Tenant, all plain.Rows) plain.Rows {
	t.Helper()
	random := rand.New(rand.NewPCG(3, 4))
	for i, r := range all.Ratings {
		write(t, tenant, func(tx *models.Tx) error {
			if _, err := tx.Conversation(r.ConversationID); err != nil {
				return err
			}
			if random.IntN(4) > 0 && r.RemarkAt == nil {
				if _, err := tx.AddRemark(r.ID, someWords(random, 6)); err != nil {
					return err
				}
			}
			r, err := tx.Rating(r.ID)
			if err != nil || random.IntN(5) > 0 {
				return err
			}
			r.At = r.At.Add(time.Duration(random.IntN(3)) * time.Hour)
			if err := tx.Judge(r); err != nil {
				return err
			}
			if i%7 == 0 {
				return tx.SetHandled(r.ID, "Jane")
			}
			return nil
		})
	}
	var ids []string
	for _, r := range all.Ratings {
		ids = append(ids, r.ID)
	}
	all.Ratings = nil
	for _, c := range []string{"1", "2", "3", "4", "5", "6"} {
		for _, r := range must(tenant.RatingsOf(ctx, c))(t) {
			if slices.Contains(ids, r.ID) {
				all.Ratings = append(all.Ratings, r)
			}
		}
	}
	slices.SortFunc(all.Ratings, func(a, b models.Rating) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	return all
}

// Whatever was typed, with any other filter, in pages of any size, and whether the index is asked or the remarks are read:
// the list is what words.Query says of each remark, on both databases.
func TestSearchEqualsPlainReading(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant, other := install(t, db, "w"), install(t, db, "other")
		all := someRemarks(t, tenant, someRatings(t, db, tenant))
		theirs := someRatings(t, db, other)
		someRemarks(t, other, theirs)
		rapid.Check(t, func(t *rapid.T) {
			db.LookNoFurther(rapid.IntRange(0, 40).Draw(t, "remarks"), rapid.IntRange(1, 40).Draw(t, "found"), 1000, 1000)
			f, limit := drawRatingFilter(t), rapid.IntRange(1, 130).Draw(t, "limit")
			if rapid.IntRange(0, 2).Draw(t, "wide") > 0 {
				f = models.RatingFilter{Filter: always(time.UTC), Outcome: f.Outcome}
			}
			f.Handled = rapid.SampledFrom([]models.YesNo{"", "", "yes", "no"}).Draw(t, "handled")
			typed := rapid.SliceOfN(rapid.SampledFrom(vocabulary), 1, 3).Draw(t, "typed")
			f.Search = strings.Join(typed, rapid.SampledFrom([]string{" ", "", "\""}).Draw(t, "between"))
			if runes := []rune(f.Search); rapid.Bool().Draw(t, "cut") {
				f.Search = string(runes[:rapid.IntRange(1, len(runes)).Draw(t, "length")])
			}
			query, all := words.Parse(f.Search), all.In(f.Range.Zone)
			var want, got []string
			for _, r := range all.Ratings {
				if all.Fits(f, r) && (f.Handled == "" || (f.Handled == "yes") == (r.HandledAt != nil)) && !query.Empty() && r.Remark != "" && query.Match(r.Remark) {
					want = append(want, r.ID)
				}
			}
			for cursor := (*models.Cursor)(nil); ; {
				page := must(tenant.RatingPage(ctx, f, cursor, limit))(t)
				for _, r := range page.Rows {
					got = append(got, r.ID)
				}
				if n := page.Total.N; n != len(want) && !page.Total.More || n > len(want) {
					t.Fatalf("%q: %+v are counted, want %d", f.Search, page.Total, len(want))
				}
				if page.Preparing {
					t.Fatal("the index is not complete")
				}
				if len(page.Rows) < limit {
					break
				}
				last := page.Rows[len(page.Rows)-1]
				cursor = &models.Cursor{At: last.At, ID: last.ID}
			}
			if d := diff.Diff(want, got); d != "" {
				t.Fatalf("%q %+v (-want +got)\n%s", f.Search, f, d)
			}
		})
	})
}

// found is what the index alone says, for nothing is read before it.
func found(t tb, db modelstest.DB, tenant models.Tenant, typed string) (remarks []string) {
	t.Helper()
	db.LookNoFurther(0, 1000, 1000, 1000)
	for _, r := range must(tenant.Ratings(ctx, models.RatingFilter{Filter: always(time.UTC), Search: typed}, nil, 100))(t) {
		remarks = append(remarks, r.Remark)
	}
	slices.Sort(remarks)
	return remarks
}

func indexRows(t tb, db modelstest.DB) int {
	return len(query(t, db, "SELECT rating_id FROM rating_words"))
}

func TestTheIndexFollowsTheRemarks(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		is := func(typed string, want ...string) {
			t.Helper()
			// The newest remark is always read: put one in front of all.
			if got := found(t, db, tenant, typed); !slices.Equal(got, want) {
				t.Errorf("%q finds %q, want %q", typed, got, want)
			}
		}
		front := answer("front", "z", "front", 5, 10_000*time.Hour)
		front.Remark = "front"
		add(t, tenant, front)
		r := answer("1", "a", "1", 5, 0)
		r.Remark = "came with the rating"
		first := add(t, tenant, r)
		second := add(t, tenant, answer("1", "a", "2", 4, time.Hour))
		write(t, tenant, func(tx *models.Tx) error { _, err := tx.AddRemark(second.ID, "came later"); return err })
		is("came", "came later", "came with the rating")
		write(t, tenant, func(tx *models.Tx) error {
			second, err := tx.Rating(second.ID)
			if err != nil {
				return err
			}
			second.At = second.At.AddDate(0, 3, 0)
			return tx.Judge(second)
		})
		is("later", "came later")
		write(t, tenant, func(tx *models.Tx) error { return tx.MergeContact("a", "b") })
		is("came", "came later", "came with the rating")
		write(t, tenant, func(tx *models.Tx) error {
			past := answer("past", "p", "past", 2, -time.Hour)
			past.Remark = "from the past"
			_, _, err := tx.AddPast([]models.Past{{Conversation: models.Conversation{ID: "past", Channel: "chat", CreatedAt: past.At}, Contacts: []models.Contact{{ID: "p"}}, Rating: &past}})
			return err
		})
		is("past", "from the past")
		write(t, tenant, func(tx *models.Tx) error { return tx.EraseContact("b") })
		is("came")
		write(t, tenant, func(tx *models.Tx) error { return tx.EraseContact("p") })
		is("past")
		if n := indexRows(t, db); n != 1 {
			t.Errorf("%d remarks are in the index, want the one in front", n)
		}
		if _, err := tenant.Rating(ctx, first.ID); err != nil {
			t.Error(err)
		}
	})
}

// What is erased is not left in the file of the index either.
func TestErasedWordsLeaveTheIndex(t *testing.T) {
	db := modelstest.Open(t, models.SQLite)
	tenant := install(t, db, "w")
	r := answer("1", "a", "1", 5, 0)
	r.Remark = "Zwetschgenknödel"
	add(t, tenant, r)
	holds := func() bool {
		for _, row := range query(t, db, "SELECT block FROM rating_words_index_data") {
			if strings.Contains(row[0], "zwetschgen") {
				return true
			}
		}
		return false
	}
	if !holds() {
		t.Fatal("the test looks in the wrong place")
	}
	write(t, tenant, func(tx *models.Tx) error { return tx.EraseContact("a") })
	if holds() {
		t.Error("the index still holds the word")
	}
}

// Remarks that were there before the index are put in bite by bite, by whoever comes next where one has stopped.
func TestRemarksOfBeforeAreIndexed(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for i := range 25 {
			r := answer(fmt.Sprint(i), "c", fmt.Sprint(i), 5, time.Duration(i)*time.Hour)
			r.Remark = fmt.Sprint("remark number", i)
			add(t, tenant, r)
		}
		pool := must(db.SQL())(t)
		for _, statement := range []string{"DELETE FROM rating_words", "UPDATE workspaces SET search_version = 0"} {
			if _, err := pool.ExecContext(ctx, statement); err != nil {
				t.Fatal(err)
			}
		}
		f := models.RatingFilter{Filter: always(time.UTC), Search: "number3"}
		db.LookNoFurther(5, 100, 100, 100)
		if p := must(tenant.RatingPage(ctx, f, nil, 10))(t); len(p.Rows) != 0 || !p.Preparing {
			t.Errorf("%d rows, preparing %v", len(p.Rows), p.Preparing)
		}
		for after, bite := "", 0; bite == 0 || after != ""; bite++ {
			if bite == 2 {
				after = "" // another process begins again
			}
			write(t, tenant, func(tx *models.Tx) (err error) { after, err = tx.IndexRemarks(after, 10); return err })
		}
		if p := must(tenant.RatingPage(ctx, f, nil, 10))(t); len(p.Rows) != 1 || p.Preparing {
			t.Errorf("%d rows, preparing %v", len(p.Rows), p.Preparing)
		}
		if n := indexRows(t, db); n != 25 {
			t.Errorf("%d remarks are in the index", n)
		}
	})
}

// A list of very many is not counted to its end.
func TestCountsStopEarly(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		for i := range 30 {
			add(t, tenant, answer(fmt.Sprint(i), "c", fmt.Sprint(i), 1+i%3, time.Duration(i)*time.Hour))
		}
		for _, c := range []struct {
			rows, counted, score int
			want                 models.Total
		}{
			{100, 100, 0, models.Total{N: 30}},
			{100, 20, 0, models.Total{N: 20, More: true}},
			{100, 100, 2, models.Total{N: 10}},
			{12, 100, 2, models.Total{N: 4, More: true}},
			{30, 30, 0, models.Total{N: 30}},
		} {
			db.LookNoFurther(10, 10, c.rows, c.counted)
			f := models.RatingFilter{Filter: always(time.UTC)}
			f.Score = c.score
			if got := must(tenant.RatingPage(ctx, f, nil, 5))(t); len(got.Rows) != 5 || got.Total != c.want && !c.want.More || got.Total.More != c.want.More || got.Total.N < c.want.N {
				t.Errorf("%+v: %d rows, %+v", c, len(got.Rows), got.Total)
			}
		}
	})
}

// Words of real remarks find the same ratings whether remarks are read or the index is asked.
func TestSearchInRealRemarks(t *testing.T) {
	file, err := os.Open("../../shared/data/remarks.csv")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the real remarks are not beside the checkout")
	} else if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows := must(csv.NewReader(file).ReadAll())(t)[1:2001]
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		write(t, tenant, func(tx *models.Tx) error {
			for i, row := range rows {
				r := answer(fmt.Sprint(i), "c", fmt.Sprint(i), 1+i%5, time.Duration(i)*time.Minute)
				r.Remark = row[0]
				if _, err := tx.Conversation(r.ConversationID); err != nil {
					return err
				}
				if _, _, err := tx.AddRating(r); err != nil {
					return err
				}
			}
			return nil
		})
		random := rand.New(rand.NewPCG(5, 6))
		for range 200 {
			typed := strings.Fields(rows[random.IntN(len(rows))][0])
			if len(typed) == 0 {
				continue
			}
			from := random.IntN(len(typed))
			f := models.RatingFilter{Filter: always(time.UTC), Search: strings.Join(typed[from:min(len(typed), from+1+random.IntN(3))], " ")}
			db.LookNoFurther(10_000, 2000, 1, 1)
			read := must(tenant.RatingPage(ctx, f, nil, 2000))(t)
			db.LookNoFurther(3, 2000, 1, 1)
			asked := must(tenant.RatingPage(ctx, f, nil, 2000))(t)
			if d := diff.Diff(idsOf(read.Rows), idsOf(asked.Rows)); d != "" || len(read.Rows) == 0 && !words.Parse(f.Search).Empty() {
				t.Errorf("%q: %d are read (-read +asked)\n%s", f.Search, len(read.Rows), d)
			}
		}
	})
}

func idsOf(ratings []models.Rating) (ids []string) {
	for _, r := range ratings {
		ids = append(ids, r.ID)
	}
	return ids
}
