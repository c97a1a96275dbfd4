package intercomtest

import (
	"encoding/hex"
	"maps"
	"slices"
)

// What leaves the lock is a copy, down to the last slice.

func copyConversation(c *Conversation) Conversation {
	out := *c
	out.Contacts = slices.Clone(c.Contacts)
	out.Tags = slices.Clone(c.Tags)
	out.Attributes = maps.Clone(c.Attributes)
	out.Ratings = slices.Clone(c.Ratings)
	out.Parts = make([]Part, len(c.Parts))
	for i := range c.Parts {
		out.Parts[i] = copyPart(&c.Parts[i])
	}
	return out
}

func copyPart(p *Part) Part {
	out := *p
	out.Tags = slices.Clone(p.Tags)
	out.QuickReplies = slices.Clone(p.QuickReplies)
	if p.AssignedTo != nil {
		to := *p.AssignedTo
		out.AssignedTo = &to
	}
	if p.Card != nil {
		card := *p.Card
		out.Card = &card
	}
	return out
}

func copyContact(c *Contact) Contact {
	out := *c
	out.Attributes = maps.Clone(c.Attributes)
	out.Companies = slices.Clone(c.Companies)
	return out
}

func copyCompany(c *Company) Company {
	out := *c
	out.Attributes = maps.Clone(c.Attributes)
	return out
}

func copyDraft(d *Draft) Draft {
	out := *d
	if d.Card != nil {
		card := *d.Card
		out.Card = &card
	}
	return out
}

func hexDigits(b []byte) string { return hex.EncodeToString(b) }
