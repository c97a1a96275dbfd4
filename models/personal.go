package models

import "strings"

// personal says what a table stores of a contact. The list of them is the one place that knows: erasing, the export of what is
// stored on somebody and erasing by age all go by it, and tests hold it against the schema.
//
// Contact and conversation ids of Intercom's stay: ratings are counted by them, and they lead to nobody without access to Intercom.
type personal struct {
	table string
	of    string // which rows are of the contact @contact of @workspace
	erase string // what becomes of them: "DELETE", assignments, or nothing where they hold ids, times and counts only
	holds string // which rows hold something that erase takes away
	at    string // when a row's words were written, for erasing by age; empty: not by age
	team  string // what becomes of rows besides when a whole workspace is erased, teammates' names with it
	names string // which rows that concerns
	key   string // of the table, besides the workspace
	json  string // columns, with spaces around each, that hold JSON
	apart string // columns that are no matter of the contact, likewise
}

const (
	ofContact = "contact_id = @contact"
	ofTheirs  = "conversation_id IN (SELECT m.conversation_id FROM conversation_contacts m WHERE m.workspace_id = @workspace AND m.contact_id = @contact)"
	ofNobody  = "COALESCE(contact_id, '') = '' AND " + ofTheirs // written so that it is found by its conversation
	ofUnits   = ofContact + " AND conversation_id IN (SELECT r.conversation_id FROM ratings r WHERE r.workspace_id = @workspace AND r.contact_id = @contact)"
	ofRatings = "rating_id IN (SELECT r.id FROM ratings r WHERE r.workspace_id = @workspace AND r.contact_id = @contact)"
)

// forgotten are the assignments that leave of a contact an id.
const forgotten = `external_id = '', role = '', email = '', name = '', locale = '', location = '', signed_up_at = NULL, last_seen_at = NULL,
	unsubscribed = FALSE, attributes = '{}', profile_at = NULL, profile_next_at = NULL, updated_at = @now`

const remembered = `(external_id <> '' OR role <> '' OR email <> '' OR name <> '' OR locale <> '' OR location <> '' OR attributes <> '{}'
	OR profile_at IS NOT NULL OR signed_up_at IS NOT NULL OR last_seen_at IS NOT NULL)`

// personals, in the order in which they are erased: ratings come before their words in the index, since whoever is putting a remark
// there holds the rating.
var personals = []personal{
	{table: "contacts", of: "id = @contact", erase: forgotten, holds: remembered, key: "id", json: " attributes "},
	{
		table: "ratings", of: ofContact, erase: "remark = ''", holds: "remark <> ''", at: "at", key: "id",
		team: "teammate_name = '', handled_by = ''", names: "(teammate_name <> '' OR handled_by <> '')",
	},
	{table: "rating_words", of: ofRatings, erase: "DELETE", holds: "TRUE", key: "rating_id", apart: " doc words "},
	{
		table: "replies", of: ofRatings, erase: "body = ''", holds: "body <> ''", at: "created_at", key: "id",
		team: "author_name = ''", names: "author_name <> ''",
	},
	{
		table: "feedback", of: ofContact, erase: "text = '', contact_id = '', source_key = id", holds: "(text <> '' OR contact_id <> '')", at: "at", key: "id",
		team: "teammate_name = '', handled_by = ''", names: "(teammate_name <> '' OR handled_by <> '')",
	},
	{
		table: "conversations", of: strings.TrimPrefix(ofTheirs, "conversation_"), erase: "subject = ''", holds: "subject <> ''", at: "created_at", key: "id",
		json: " tags ", apart: " lease leased_until ",
	},
	{table: "conversation_contacts", of: ofContact},
	{
		table: "requests", of: "(" + ofContact + " OR " + ofNobody + ")", key: "id", json: " facts ",
		team: "teammate_name = '', asked_by = ''", names: "(teammate_name <> '' OR asked_by <> '')",
	},
	{table: "summaries", of: ofUnits},
	{table: "write_backs", of: ofRatings},
	{table: "events", of: "(" + ofContact + " OR " + ofNobody + ")"},
	{table: "calls", of: ofTheirs},
	{table: "deliveries", of: ofRatings},
	{table: "home_looks", of: ofContact, erase: "DELETE", holds: "TRUE", key: "contact_id"},
	{table: "contact_events", of: ofContact, erase: "DELETE", holds: "TRUE", key: "contact_id"},
	{table: "segment_members", of: ofContact, erase: "DELETE", holds: "TRUE", key: "contact_id"},
	{table: "segment_messages", of: ofContact},
	{table: "contact_companies", of: ofContact, key: "contact_id", team: "DELETE", names: "TRUE"}, // of one contact: see leaveCompanies
	{
		table: "companies", of: "id IN (SELECT c.company_id FROM contact_companies c WHERE c.workspace_id = @workspace AND c.contact_id = @contact)",
		key: "id", team: "DELETE", names: "TRUE", json: " attributes ",
	},
	{
		table: "import_rows", of: ofContact, erase: "remark = ''", holds: "remark <> ''", key: "rating_id",
		team: "teammate_name = ''", names: "teammate_name <> ''",
	},
	{table: "pending_summaries", of: ofUnits},
	{table: "pending_changes", of: ofRatings},
}

// NotPersonal are the tables that hold nothing of a contact, each with what it holds instead.
var NotPersonal = map[string]string{
	"workspaces":        "the workspace; test contacts among its settings are taken out by themselves",
	"settings_changes":  "who changed settings; the same for test contacts",
	"imports":           "files that wait to be added are taken out by themselves when they name the contact; others are gone",
	"teammates":         "people of the team",
	"sessions":          "people of the team",
	"oauth_states":      "sign-ins that have begun",
	"api_keys":          "programs of the team",
	"wordings":          "the team's own words",
	"wording_drafts":    "the team's own words",
	"segments":          "the team's own words",
	"segment_versions":  "the team's own words",
	"endpoints":         "addresses of the team",
	"digests":           "the digest's time",
	"digest_recipients": "people of the team",
	"digest_mails":      "people of the team",
	"rollup_days":       "counts",
	"rollup_moves":      "counts",
	"rollup_asks":       "counts",
	"recounts":          "counts",
	"home_taps":         "hashes",
	"outbox":            "ids of conversations that are about to be written back",
	"polls":             "a place in a list of Intercom's",
	"backfills":         "how far the past was read",
	"backfill_reads":    "ids of conversations that are still to be read",
}

// Personal names the tables that hold something of a contact.
func Personal() (tables []string) {
	for _, p := range personals {
		tables = append(tables, p.table)
	}
	return tables
}

// change is the beginning of the statement that erases some rows.
func (p personal) change(assignments string) string {
	if assignments == "DELETE" {
		return "DELETE FROM " + p.table
	}
	return "UPDATE " + p.table + " SET " + assignments
}

// person are the arguments of the conditions above.
func (tx *Tx) person(contact string) map[string]any {
	return map[string]any{"workspace": tx.Workspace, "contact": contact, "now": tx.Now}
}

// forget erases what is stored of a contact.
func (tx *Tx) forget(contact string) error {
	if err := tx.skipMessagesTo(contact); err != nil {
		return err
	}
	for _, p := range personals {
		if p.erase == "" {
			continue
		}
		statement := p.change(p.erase) + " WHERE workspace_id = @workspace AND " + p.of + " AND " + p.holds
		if err := tx.db.Exec(statement, tx.person(contact)).Error; err != nil {
			return err
		}
	}
	return tx.leaveCompanies(contact)
}

// someOf reads the keys of a table's rows, in their order, so many at most. A row that somebody else is at is left for another
// time: nobody waits for whoever erases, and the other way round.
func (tx *Tx) someOf(p personal, order string, most int, condition string, args map[string]any) (keys []string, err error) {
	statement := "SELECT " + p.key + " FROM " + p.table + " AS t WHERE workspace_id = @workspace AND " + condition + " ORDER BY " + order + " LIMIT @most"
	if tx.db.Name() != "sqlite" {
		statement += " FOR UPDATE SKIP LOCKED"
	}
	args["workspace"], args["now"], args["most"] = tx.Workspace, tx.Now, most
	err = tx.db.Raw(statement, args).Scan(&keys).Error
	return keys, err
}

// eraseRows changes the rows of some keys.
func (tx *Tx) eraseRows(p personal, assignments string, keys []string) error {
	if p.table == "requests" {
		if err := tx.holdAsks(keys...); err != nil {
			return err
		}
	}
	return tx.db.Exec(p.change(assignments)+" WHERE workspace_id = @workspace AND "+p.key+" IN @keys",
		map[string]any{"workspace": tx.Workspace, "now": tx.Now, "keys": keys}).Error
}
