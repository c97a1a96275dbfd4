package survey

import (
	"fmt"

	"rerate/internal/intercom/canvas"
	"rerate/internal/rating"
	"rerate/models"
)

// asks tells of each episode why it was asked or not, the newest first, and what is to come.
func (b beside) asks() []canvas.Component {
	parts := []canvas.Component{canvas.Text{Text: "Asked or not", Style: "header"}}
	if b.conversation.DoNotAsk {
		parts = append(parts, canvas.Text{Text: "Rerate does not ask here by itself: a teammate said so."})
	}
	if len(b.requests) == 0 {
		return append(parts, canvas.Text{Style: "muted", Text: "Not asked yet. Why, or why not, stands here once the conversation is closed."})
	}
	for i := len(b.requests) - 1; i >= max(0, len(b.requests)-episodesBeside); i-- {
		r := b.requests[i]
		parts = append(parts, canvas.Text{Text: b.askWords(r), BottomMargin: "none"}, canvas.Text{Style: "muted", Text: b.episodeWords(r)})
	}
	if len(b.requests) > episodesBeside {
		parts = append(parts, canvas.Text{Style: "muted", Text: fmt.Sprintf("[All %d](%s)", len(b.requests), b.s.BaseURL+"/requests?conversation="+b.conversation.ID)})
	}
	return parts
}

// methodWords say how a customer is asked.
var methodWords = map[models.Method]string{
	models.ByCard: "with a card", models.ByLink: "by link", models.ByQuickReply: "with Messenger buttons",
	models.ByWorkflowCard: "with a Workflow's card", models.ByHome: "on Messenger Home", models.ByMessage: "by a message",
}

// askWords say what became of a request, and why.
func (b beside) askWords(r models.Request) string {
	how := methodWords[r.Method]
	if r.AskedBy != "" {
		how += ", by " + b.nameOf(r.AskedBy)
	}
	why, _ := rating.RuleWords(r.Rule)
	asked := "Asked " + dateText(r.SentAt, b.settings) + " " + how + ". "
	switch r.State {
	case rating.Suppressed, rating.Cancelled:
		return r.State.Words() + spaced(why)
	case rating.Scheduled:
		return "Will be asked " + dateText(r.DueAt, b.settings) + " " + how + "."
	case rating.Failed:
		return r.State.Words() + spaced(r.Detail)
	case rating.Sent:
		return asked + "There is no answer yet."
	case rating.Seen:
		return asked + "It was seen; there is no answer yet."
	case rating.Expired:
		if why != "" {
			return asked + why
		}
		return asked + r.State.Words()
	case rating.HasRating, rating.HasRemark:
	}
	return asked + r.State.Words()
}

func spaced(sentence string) string {
	if sentence == "" {
		return ""
	}
	return " " + sentence
}

// episodeWords say which stretch of the conversation a request belongs to.
func (b beside) episodeWords(r models.Request) string {
	text := fmt.Sprintf("Episode %d", r.Episode)
	switch {
	case r.ClosedAt != nil:
		return text + ", closed " + dateText(r.ClosedAt, b.settings)
	case r.Method == models.ByHome:
		return text + ", by the customer"
	}
	return text + ", by hand"
}

// buttons are what a teammate can do here.
func (b beside) buttons() []canvas.Component {
	asking := canvas.Button{ID: dontAskID, Label: "Don't ask by itself", Style: "link", Action: canvas.Submit{}}
	if b.conversation.DoNotAsk {
		asking.ID, asking.Label = mayAskID, "Ask by itself again"
	}
	return []canvas.Component{
		canvas.Button{ID: askAgainID, Label: "Ask again", Style: "primary", Action: canvas.Submit{}},
		canvas.Button{ID: sendLinkID, Label: "Send link", Style: "secondary", Action: canvas.Submit{}},
		canvas.Button{ID: recordFeedbackID, Label: "Record feedback", Style: "secondary", Action: canvas.Submit{}},
		asking,
	}
}
