package intercomtest

import (
	"strconv"
	"strings"
	"time"
)

// searchField reads one searchable field. The names are those of the description's table, which differ from the model's: score for
// rating, requested_at for created_at, and admin_d.
type searchField struct {
	kind fieldKind
	of   func(*figures, *Conversation) any
}

func plainField(k fieldKind, of func(*Conversation) any) searchField {
	return searchField{k, func(_ *figures, c *Conversation) any { return of(c) }}
}

func timeField(of func(*figures, *Conversation) time.Time) searchField {
	return searchField{number, func(f *figures, c *Conversation) any { return seconds(of(f, c)) }}
}

func ratingField(k fieldKind, of func(NativeRating) any) searchField {
	return plainField(k, func(c *Conversation) any {
		if r, ok := shownRating(c, version215); ok {
			return of(r)
		}
		return nil
	})
}

func seconds(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

func integer(id string) any {
	if n, err := strconv.ParseInt(id, 10, 64); err == nil {
		return n
	}
	return nil
}

func deref(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

var searchFields = map[string]searchField{
	"id":                    plainField(txt, func(c *Conversation) any { return c.ID }),
	"created_at":            timeField(func(_ *figures, c *Conversation) time.Time { return c.CreatedAt }),
	"updated_at":            timeField(func(_ *figures, c *Conversation) time.Time { return c.UpdatedAt }),
	"waiting_since":         timeField(func(_ *figures, c *Conversation) time.Time { return c.WaitingSince }),
	"snoozed_until":         timeField(func(_ *figures, c *Conversation) time.Time { return c.SnoozedUntil }),
	"state":                 plainField(txt, func(c *Conversation) any { return c.State }),
	"open":                  plainField(boolean, func(c *Conversation) any { return c.State != "closed" }),
	"read":                  plainField(boolean, func(c *Conversation) any { return c.Read }),
	"priority":              plainField(txt, func(c *Conversation) any { return priorityOf(c, version215) }),
	"source.id":             plainField(txt, func(c *Conversation) any { return c.Source.ID }),
	"source.type":           plainField(txt, func(c *Conversation) any { return c.Source.Type }),
	"source.delivered_as":   plainField(txt, func(c *Conversation) any { return c.Source.DeliveredAs }),
	"source.subject":        plainField(txt, func(c *Conversation) any { return c.Source.Subject }),
	"source.body":           plainField(many, func(c *Conversation) any { return strings.Fields(plainText(c.Source.Body)) }),
	"source.url":            plainField(txt, func(c *Conversation) any { return c.Source.URL }),
	"source.author.id":      plainField(txt, func(c *Conversation) any { return c.Source.Author.ID }),
	"source.author.type":    plainField(txt, func(c *Conversation) any { return c.Source.Author.Type }),
	"source.author.name":    plainField(txt, func(c *Conversation) any { return c.Source.Author.Name }),
	"source.author.email":   plainField(txt, func(c *Conversation) any { return c.Source.Author.Email }),
	"channel_initiated":     plainField(txt, func(c *Conversation) any { return channelOf(c.Source.Type) }),
	"contact_ids":           plainField(many, func(c *Conversation) any { return c.Contacts }),
	"teammate_ids":          plainField(many, func(c *Conversation) any { return teammateIDs(c) }),
	"tag_ids":               plainField(many, func(c *Conversation) any { return tagIDs(c) }),
	"admin_assignee_id":     plainField(number, func(c *Conversation) any { return integer(c.Assignee) }),
	"team_assignee_id":      plainField(number, func(c *Conversation) any { return integer(c.Team) }),
	"ai_agent_participated": plainField(boolean, func(c *Conversation) any { return c.BotTookPart }),

	"statistics.first_contact_reply_at":   timeField(func(f *figures, _ *Conversation) time.Time { return f.firstContact }),
	"statistics.last_contact_reply_at":    timeField(func(f *figures, _ *Conversation) time.Time { return f.lastContact }),
	"statistics.first_assignment_at":      timeField(func(f *figures, _ *Conversation) time.Time { return f.firstAssigned }),
	"statistics.last_assignment_at":       timeField(func(f *figures, _ *Conversation) time.Time { return f.lastAssigned }),
	"statistics.first_admin_reply_at":     timeField(func(f *figures, _ *Conversation) time.Time { return f.firstAdmin }),
	"statistics.last_admin_reply_at":      timeField(func(f *figures, _ *Conversation) time.Time { return f.lastAdmin }),
	"statistics.first_close_at":           timeField(func(f *figures, _ *Conversation) time.Time { return f.firstClose }),
	"statistics.last_close_at":            timeField(func(f *figures, _ *Conversation) time.Time { return f.lastClose }),
	"statistics.last_closed_by_id":        {txt, func(f *figures, _ *Conversation) any { return asText(f.closedBy) }},
	"statistics.count_reopens":            {number, func(f *figures, _ *Conversation) any { return int64(f.reopens) }},
	"statistics.count_assignments":        {number, func(f *figures, _ *Conversation) any { return int64(f.assignments) }},
	"statistics.count_conversation_parts": {number, func(_ *figures, c *Conversation) any { return int64(len(c.Parts) + 1) }},
	"statistics.time_to_first_close":      {number, func(f *figures, c *Conversation) any { return deref(since(c, f.firstClose)) }},
	"statistics.time_to_last_close":       {number, func(f *figures, c *Conversation) any { return deref(since(c, f.lastClose)) }},
	"statistics.time_to_admin_reply":      {number, func(f *figures, c *Conversation) any { return deref(since(c, f.firstAdmin)) }},
	"statistics.time_to_assignment":       {number, func(f *figures, c *Conversation) any { return deref(since(c, f.firstAssigned)) }},
	"statistics.median_time_to_reply":     {number, func(f *figures, _ *Conversation) any { return deref(median(f.replies)) }},

	"conversation_rating.requested_at": ratingField(number, func(r NativeRating) any { return seconds(r.RequestedAt) }),
	"conversation_rating.replied_at":   ratingField(number, func(r NativeRating) any { return seconds(r.AnsweredAt) }),
	"conversation_rating.score":        ratingField(number, func(r NativeRating) any { return int64(r.Score) }),
	"conversation_rating.remark":       ratingField(txt, func(r NativeRating) any { return r.Remark }),
	"conversation_rating.contact_id":   ratingField(txt, func(r NativeRating) any { return r.Contact }),
	"conversation_rating.admin_d":      ratingField(txt, func(r NativeRating) any { return r.Teammate.ID }),
}

func teammateIDs(c *Conversation) []string {
	var ids []string
	for _, p := range c.Parts {
		if p.Author.Type == "admin" {
			ids = append(ids, p.Author.ID)
		}
	}
	return ids
}

func tagIDs(c *Conversation) []string {
	var ids []string
	for _, t := range c.Tags {
		ids = append(ids, t.ID)
	}
	return ids
}
