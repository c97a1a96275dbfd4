package survey

import (
	"strings"
	"unicode/utf8"
)

// A message as Slack's incoming webhooks take it (docs.slack.dev, "Sending messages using incoming webhooks" and "Block
// Kit"). Text is what notifications show.
type slackText struct {
	Type     string `json:"type"` // plain_text or mrkdwn
	Text     string `json:"text"`
	Emoji    bool   `json:"emoji,omitempty"`
	Verbatim bool   `json:"verbatim,omitempty"` // nothing is made into a link or a mention by itself
}

type slackBlock struct {
	Type     string      `json:"type"` // header, section or context
	Text     *slackText  `json:"text,omitempty"`
	Elements []slackText `json:"elements,omitempty"`
}

type slackBody struct {
	Text        string       `json:"text"`
	Blocks      []slackBlock `json:"blocks"`
	UnfurlLinks bool         `json:"unfurl_links"`
	UnfurlMedia bool         `json:"unfurl_media"`
}

// longestQuote is how much of a remark is quoted, in characters. Slack takes 3,000 in a section.
const longestQuote = 500

// slackMessage draws an alert for Slack.
func slackMessage(a alert) slackBody {
	body := slackBody{Text: escapeSlack(a.Text)}
	body.Blocks = append(body.Blocks,
		slackBlock{Type: "header", Text: &slackText{Type: "plain_text", Text: a.title, Emoji: true}},
		section(escapeSlack(a.Text)))
	if quote := cut(a.row.Remark, longestQuote); quote != "" {
		body.Blocks = append(body.Blocks, section("> "+strings.ReplaceAll(escapeSlack(quote), "\n", "\n> ")))
	}
	var facts []string
	if a.row.TeammateName != "" {
		facts = append(facts, "Credited to "+escapeSlack(cut(a.row.TeammateName, longestName)))
	}
	for _, link := range []struct{ to, words string }{
		{a.RatingURL, "See it in Rerate"}, {a.ConversationURL, "Open the conversation in Intercom"}, {a.URL, "See them in Rerate"},
	} {
		if link.to != "" {
			facts = append(facts, "<"+escapeSlack(link.to)+"|"+link.words+">")
		}
	}
	if len(facts) > 0 {
		body.Blocks = append(body.Blocks, slackBlock{Type: "context", Elements: []slackText{markdown(strings.Join(facts, " · "))}})
	}
	return body
}

// longestName keeps a name from filling the message.
const longestName = 80

func section(text string) slackBlock {
	t := markdown(text)
	return slackBlock{Type: "section", Text: &t}
}

func markdown(text string) slackText { return slackText{Type: "mrkdwn", Text: text, Verbatim: true} }

// slackEscapes are the three characters that begin something in Slack: an entity, a link, a mention of everybody.
var slackEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escapeSlack(text string) string { return slackEscapes.Replace(text) }

// cut is the beginning of a text, of whole characters, with line breaks as Slack has them.
func cut(text string, most int) string {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n"))
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:most-1])) + "…"
}
