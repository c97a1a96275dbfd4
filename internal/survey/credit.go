package survey

import (
	"strings"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/models"
)

// takeCredit decides once who each answer belongs to, from what had happened when it was asked for.
func takeCredit(tx *models.Tx, read intercom.Conversation, ours func(intercom.Part) bool) error {
	requests, err := tx.RequestsOf(read.ID)
	if err != nil {
		return err
	}
	asked := map[string]models.Request{}
	for _, r := range requests {
		if r.SentAt != nil {
			asked[r.ID] = r
		}
	}
	ratings, err := tx.RatingsOf(read.ID)
	if err != nil {
		return err
	}
	parts := creditParts(read, ours)
	previous := map[string]time.Time{} // of the contact's rating before
	for _, r := range ratings {
		request, ok := asked[r.RequestID]
		at := r.At
		if ok {
			at = *request.SentAt
		}
		if r.CreditRule == "" {
			who, rule, ok := rating.Credit(parts, previous[r.ContactID], at)
			if r.Revision == 1 && request.CreditRule != "" && request.ContactID == r.ContactID {
				// It was taken when the request was made; what happened to the conversation since changes nothing.
				who, rule, ok = rating.Part{ID: request.TeammateID, Name: request.TeammateName}, request.CreditRule, true
			}
			if ok {
				if err := tx.SetCredit(r, who, rule); err != nil {
					return err
				}
				if err := tx.SetRequestCredit(r.RequestID, who, rule); err != nil {
					return err
				}
			}
		}
		if r.Valid() {
			previous[r.ContactID] = r.At
		}
	}
	return nil
}

// creditParts is the conversation as the credit rule sees it: its first message too, since a teammate or a bot
// may have begun it.
//
// Our own asks are nobody's work.
func creditParts(read intercom.Conversation, ours func(intercom.Part) bool) []rating.Part {
	var parts []rating.Part
	add := func(author intercom.Author, kind string, hasBody bool, at time.Time) {
		if !workParts[kind] {
			return
		}
		part := rating.Part{ID: author.ID, Name: storable(author.Name), At: at, Reply: hasBody && kind != "assignment"}
		switch {
		case author.Type == "bot", author.FromAIAgent:
			part.Author = rating.Bot
		case author.Type == "admin":
			part.Author = rating.Human
		default:
			return
		}
		parts = append(parts, part)
	}
	add(read.Source.Author, "comment", true, read.CreatedAt)
	for _, p := range read.Parts {
		if ours(p) {
			continue
		}
		add(p.Author, p.Type, strings.TrimSpace(p.Body) != "", p.CreatedAt)
	}
	return parts
}

// workParts are the part types that count as work on a conversation. All but an assignment, whose text is for the
// team, reach the customer when they have a body. Notes (our own among them), participant events and changed attributes
// earn no credit (intercom.com help 7872853).
var workParts = map[string]bool{
	"comment": true, "quick_reply": true, "close": true, "open": true, "snoozed": true, "unsnoozed": true,
	"assignment": true, "assign_and_reopen": true, "assign_and_unsnooze": true,
}
