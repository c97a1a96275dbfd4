package rating_test

import (
	"testing"
	"time"

	"rerate/internal/rating"
)

// minute makes times of a conversation.
func minute(n int) time.Time { return time.Unix(1_000_000, 0).Add(time.Duration(n) * time.Minute) }

func reply(author rating.Author, id string, at int) rating.Part {
	return rating.Part{Author: author, ID: id, Name: "Name of " + id, Reply: true, At: minute(at)}
}

// act is an assignment or a close: no message to the customer.
func act(author rating.Author, id string, at int) rating.Part {
	part := reply(author, id, at)
	part.Reply = false
	return part
}

func TestCredit(t *testing.T) {
	const human, bot = rating.Human, rating.Bot
	never := time.Time{}
	tests := []struct {
		name            string
		parts           []rating.Part
		previous, asked time.Time
		want            string
		rule            rating.CreditRule
	}{
		{"nobody acted", nil, never, minute(9), "", ""},
		{"the last human reply", []rating.Part{reply(human, "ann", 1), reply(human, "ben", 2)}, never, minute(9), "ben", rating.LastHumanReply},
		{"a human before a later bot", []rating.Part{reply(human, "ann", 1), reply(bot, "fin", 2)}, never, minute(9), "ann", rating.LastHumanReply},
		{"a human reply before a later close", []rating.Part{reply(human, "ann", 1), act(human, "ben", 2)}, never, minute(9), "ann", rating.LastHumanReply},
		{"the bot when no human replied", []rating.Part{reply(bot, "fin", 1), act(human, "ben", 2)}, never, minute(9), "fin", rating.LastBotReply},
		{"the last of two bots", []rating.Part{reply(bot, "fin", 1), reply(bot, "other", 2)}, never, minute(9), "other", rating.LastBotReply},
		{"any teammate when nobody replied", []rating.Part{act(human, "ann", 1), act(human, "ben", 2)}, never, minute(9), "ben", rating.LastTeammate},
		{"a bot's act earns nothing", []rating.Part{act(bot, "fin", 1)}, never, minute(9), "", ""},
		{"parts in any order", []rating.Part{reply(human, "ben", 2), reply(human, "ann", 1)}, never, minute(9), "ben", rating.LastHumanReply},
		{"of the same second the one that stands later", []rating.Part{reply(human, "ann", 1), reply(human, "ben", 1)}, never, minute(9), "ben", rating.LastHumanReply},

		// Taken when the request is made: a colleague who is handed the bad rating afterwards does not get it.
		{"reassigned after the request", []rating.Part{reply(human, "ann", 1), act(human, "ben", 6), reply(human, "ben", 7)}, never, minute(5), "ann", rating.LastHumanReply},
		{"only reassigned after the request", []rating.Part{act(human, "ben", 6)}, never, minute(5), "", ""},
		{"a reply at the request itself", []rating.Part{reply(human, "ann", 1), reply(human, "ben", 5)}, never, minute(5), "ben", rating.LastHumanReply},
		{"a reply just after the request", []rating.Part{reply(human, "ann", 1), reply(human, "ben", 6)}, never, minute(6).Add(-1), "ann", rating.LastHumanReply},

		// A later rating belongs to who worked since the one before.
		{"worked since the previous rating", []rating.Part{reply(human, "ann", 1), reply(human, "ben", 4)}, minute(2), minute(5), "ben", rating.LastHumanReply},
		{"a bot since outranks a human before", []rating.Part{reply(human, "ann", 1), reply(bot, "fin", 4)}, minute(2), minute(5), "fin", rating.LastBotReply},
		{"a close since outranks replies before", []rating.Part{reply(human, "ann", 1), act(human, "ben", 4)}, minute(2), minute(5), "ben", rating.LastTeammate},
		{"nobody worked since", []rating.Part{reply(human, "ann", 1)}, minute(2), minute(5), "", ""},
		{"a reply at the previous rating itself", []rating.Part{reply(human, "ann", 2)}, minute(2), minute(5), "", ""},
		{"a reply just after the previous rating", []rating.Part{reply(human, "ann", 3)}, minute(3).Add(-1), minute(5), "ann", rating.LastHumanReply},
	}
	for _, tt := range tests {
		who, rule, ok := rating.Credit(tt.parts, tt.previous, tt.asked)
		if who.ID != tt.want || rule != tt.rule || ok != (tt.want != "") {
			t.Errorf("%s: credited %q by %q, %v; want %q by %q", tt.name, who.ID, rule, ok, tt.want, tt.rule)
		}
		if ok && who.Name != "Name of "+tt.want {
			t.Errorf("%s: the name is %q", tt.name, who.Name)
		}
	}
}
