package models_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"rerate/internal/rating"
	"rerate/models"
	"rerate/models/modelstest"
)

// hostile is text as people and other people write it.
var hostile = map[string]string{
	"family":            "👨‍👩‍👧‍👦👩🏿‍❤️‍💋‍👨🏻",
	"flags and keycaps": "🏴󠁧󠁢󠁳󠁣󠁴󠁿🇮🇪1️⃣#️⃣",
	"right to left":     "\u200fשלום\u200f \u202eevil\u202c \u2067مرحبا\u2069",
	"four bytes":        "𝒳𐍈𠜎\U0010fffd",
	"combining marks":   "e" + strings.Repeat("\u0301", 50_000), // 100 kB
	"composed or not":   "\u00e9e\u0301\u212b",
	"SQL":               "'; DROP TABLE ratings; -- \" \\ %_ $1 ? :a @b",
	"markup":            "<script>alert(1)</script>&amp;{{.}}",
	"control":           "a\tb\r\nc\x01\x1b[31m\x7f\u0085\u2028\u2029",
	"spaces":            "  \u00a0\u3000 ",
	"formula":           "=HYPERLINK(\"x\")",
	"not a character":   "\ufffe\ufeff\ufffd",
	"number":            "007",
	"date":              "2026-03-02 09:00:00+00:00",
	"empty":             "",
}

// keep stores the text wherever a person's words are kept, and reads all of them back.
func keep(t tb, tenant models.Tenant, id, text string) (read map[string]string) {
	t.Helper()
	settings, wording := rating.DefaultSettings(), rating.DefaultWording()
	settings.Ask.SuppressTags, wording.Thanks.Neutral = []string{text}, text
	wording.Locales["fr"] = rating.Translation{Question: text}
	r := answer(id, id, id, 3, 0)
	r.Emoji, r.Label, r.TeammateName = text, text, text
	write(t, tenant, func(tx *models.Tx) error {
		if err := tx.Install(models.Workspace{Name: text, Settings: settings}); err != nil {
			return err
		}
		if _, err := tx.Conversation(id); err != nil {
			return err
		}
		stored, _, err := tx.AddRating(r)
		if err != nil {
			return err
		}
		r = stored
		if _, err := tx.AddRemark(stored.ID, text); err != nil {
			return err
		}
		if err := tx.SaveContact(models.Contact{ID: id, Name: text, Email: text}); err != nil {
			return err
		}
		_, err = tx.SaveTeammate(models.Teammate{ID: id, Name: text})
		return err
	})
	w := must(tenant.Get(ctx))(t)
	read = map[string]string{"workspace": w.Name, "tag": w.Settings.Ask.SuppressTags[0]}
	c := must(tenant.Contacts(ctx, []string{id}))(t)[id]
	read["contact"], read["address"] = c.Name, c.Email
	r = must(tenant.Rating(ctx, r.ID))(t)
	read["emoji"], read["label"], read["remark"], read["credit"] = r.Emoji, r.Label, r.Remark, r.TeammateName
	read["teammate"] = must(tenant.Teammates(ctx))(t)[0].Name
	if wording.Validate() == nil {
		write(t, tenant, func(tx *models.Tx) error { _, err := tx.PublishWording(wording, id); return err })
		body := must(tenant.Wording(ctx))(t).Body
		read["thanks"], read["translation"] = body.Thanks.Neutral, body.Locales["fr"].Question
	}
	return read
}

func TestHostileTextComesBackAsItWas(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		for name, text := range hostile {
			for where, got := range keep(t, db.Tenant("w "+name), "1", text) {
				if got != text {
					t.Errorf("%s, as %s: %d bytes %.40q came back as %d bytes %.40q", name, where, len(text), text, len(got), got)
				}
			}
		}
	})
}

func TestAnyTextComesBackAsItWas(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		workspaces := 0
		rapid.Check(t, func(t *rapid.T) {
			workspaces++
			text := strings.ReplaceAll(rapid.String().Draw(t, "text"), "\x00", "")
			for where, got := range keep(t, db.Tenant(strings.Repeat("w", workspaces)), "1", text) {
				if got != text {
					t.Fatalf("as %s: %q came back as %q", where, text, got)
				}
			}
		})
	})
}

// A remark of a megabyte of combining marks neither fails nor is cut.
func TestAMegabyteOfMarks(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		r := answer("7", "c", "k", 3, 0)
		r.Remark = "e" + strings.Repeat("\u0301", 1<<19)
		r = add(t, tenant, r)
		f := models.RatingFilter{Filter: always(time.UTC)}
		f.Remark = models.Yes
		rows := must(tenant.Ratings(ctx, f, nil, 10))(t)
		if len(rows) != 1 || !cmp.Equal(rows[0], r) || len(rows[0].Remark) != 1+1<<20 {
			t.Errorf("%d rows", len(rows))
		}
	})
}

// Ids that Intercom gives are compared byte by byte: neither case nor accents nor spaces make two of them one.
func TestIdsThatLookAlikeStayApart(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		ids := []string{"a", "A", "a ", "\u00e1", "a\u0301", "7", "07", "7.0", "\u0430"}
		for i, id := range ids {
			add(t, tenant, answer(id, id, id, 1+i%5, 0))
		}
		for _, id := range ids {
			if rows := must(tenant.RatingsOf(ctx, id))(t); len(rows) != 1 || rows[0].ContactID != id {
				t.Errorf("%q has %d ratings", id, len(rows))
			}
		}
		if got := report(t, tenant, always(time.UTC)).Rated; got != int64(len(ids)) {
			t.Errorf("%d units, want %d", got, len(ids))
		}
	})
}

// What one database cannot keep the other does not keep either.
func TestUnstorableTextIsRefused(t *testing.T) {
	modelstest.Each(t, func(t *testing.T, db modelstest.DB) {
		tenant := install(t, db, "w")
		r := add(t, tenant, answer("7", "c", "k", 3, 0))
		for _, text := range []string{"a\x00b", "\x00", "a\xff", "\xed\xa0\x80"} {
			err := tenant.Write(ctx, func(tx *models.Tx) error {
				_, err := tx.AddRemark(r.ID, text)
				return err
			})
			if err == nil {
				t.Errorf("%q is stored", text)
			}
			if _, err := tenant.RatingsOf(ctx, text); err == nil {
				t.Errorf("%q is looked for", text)
			}
		}
		if got := must(tenant.Rating(ctx, r.ID))(t); got.RemarkAt != nil {
			t.Errorf("kept is %q", got.Remark)
		}
	})
}
