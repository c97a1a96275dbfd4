package survey

import (
	"fmt"
	"time"

	"rerate/models"
)

// exampleWords is made-up feedback that is no rating. Days are counted back from the end of the year.
var exampleWords = []struct {
	days               int
	category, language string // no category: on Messenger Home
	text               string
	score              int
	handled            bool
}{
	{0, "", "en", "Could you sell gift cards? My whole hiking group would want one.", 0, false},
	{1, "problem", "en", "On the phone: the size table cannot be scrolled on an older iPad, so he ordered blind.", 2, false},
	{2, "", "de", "Schön wäre eine Erinnerung, wenn ein Zelt wieder da ist.", 4, false},
	{4, "idea", "en", "Wants to rent a tent for a week before buying one. Second customer this month.", 0, false},
	{6, "", "fr", "Vos conseils sont top, mais le site est lent le soir.", 3, true},
	{9, "price", "en", "Says customs of 48 euros came as a surprise; would have paid it had the basket said so.", 2, true},
	{13, "praise", "en", "Asked me to thank Amara: the repaired jacket survived the Highlands.", 5, true},
	{18, "", "es", "¿Por qué no puedo pagar con Bizum?", 0, true},
	{24, "question", "en", "Did not understand the difference between returning and exchanging. Nor did I, reading the page.", 0, true},
	{33, "", "en", "", 5, true},
	{41, "service", "en", "Was called back on a Sunday and is still talking about it.", 5, true},
	{55, "other", "en", "Asks for a paper catalogue, as every spring.", 0, true},
}

// tellFeedback makes up what customers wrote without being asked, each by somebody who was in a conversation.
func (y *exampleYear) tellFeedback() {
	for i, said := range exampleWords {
		if len(y.data.Conversations) == 0 {
			return
		}
		talk := y.data.Conversations[(i*37+11)%len(y.data.Conversations)]
		f := models.Feedback{
			ID: fmt.Sprintf("%sfeedback-%d", models.ExamplePrefix, i+1), Text: said.text, Category: said.category, Locale: said.language,
			Source: models.FromHome, ContactID: y.contactOf(talk.ID), At: y.now.AddDate(0, 0, -said.days).Add(-time.Duration(40+i) * time.Minute),
		}
		f.SourceKey = f.ID
		if said.category != "" {
			f.Source, f.ConversationID = models.FromTeammate, talk.ID
			f.TeammateID, f.TeammateName = exampleTeammateID(0), exampleTeammates[0].name
		}
		if said.score > 0 {
			option := y.data.Wordings[0].Body.Options[said.score-1]
			f.Score, f.Scale, f.Emoji, f.Label = said.score, len(y.data.Wordings[0].Body.Options), option.Emoji, option.Label
		}
		if said.handled {
			at := f.At.AddDate(0, 0, 1)
			f.HandledAt, f.HandledBy = &at, exampleTeammates[0].name
		}
		y.data.Feedback = append(y.data.Feedback, f)
	}
}

// contactOf is who takes part in a made-up conversation.
func (y *exampleYear) contactOf(conversation string) string {
	for _, m := range y.data.Members {
		if m.ConversationID == conversation {
			return m.ContactID
		}
	}
	return ""
}
