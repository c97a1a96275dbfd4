package intercomtest

// maxParts is the most that a conversation shows: its 500 newest parts (description 2.16, "Retrieve a conversation").
const maxParts = 500

type partList struct {
	Type       string     `json:"type"`
	Parts      []partJSON `json:"conversation_parts"`
	TotalCount int        `json:"total_count"`
}

// partJSON is one part (schema conversation_part).
type partJSON struct {
	Type                 string         `json:"type"`
	ID                   string         `json:"id"`
	PartType             string         `json:"part_type"`
	Body                 *string        `json:"body"`
	CreatedAt            int64          `json:"created_at"`
	UpdatedAt            int64          `json:"updated_at"`
	NotifiedAt           int64          `json:"notified_at"`
	AssignedTo           *Ref           `json:"assigned_to"`
	Author               any            `json:"author"`
	Attachments          []any          `json:"attachments"`
	ExternalID           *string        `json:"external_id"`
	Redacted             bool           `json:"redacted"`
	Metadata             map[string]any `json:"metadata"`
	EmailMessageMetadata any            `json:"email_message_metadata"`
	State                string         `json:"state"`
	Tags                 []tagJSON      `json:"tags"`
	EventDetails         map[string]any `json:"event_details"`
	AppPackageCode       *string        `json:"app_package_code"`
}

// adminPartAuthor is an author that is no contact: it also says whether an AI wrote.
type adminPartAuthor struct {
	Author
	FromAIAgent bool `json:"from_ai_agent"`
	IsAIAnswer  bool `json:"is_ai_answer"`
}

func partOf(p *Part) partJSON {
	at := p.At.Unix()
	out := partJSON{
		Type: "conversation_part", ID: p.ID, PartType: p.Type, Body: orNull(p.Body), CreatedAt: at, UpdatedAt: at, NotifiedAt: at, AssignedTo: p.AssignedTo,
		Author: p.Author, Attachments: []any{}, Metadata: map[string]any{}, State: p.State, Tags: []tagJSON{}, EventDetails: map[string]any{},
		AppPackageCode: orNull(p.AppPackageCode),
	}
	if p.Author.Type == "admin" || p.Author.Type == "bot" {
		out.Author = adminPartAuthor{Author: p.Author}
	}
	for _, t := range p.Tags {
		out.Tags = append(out.Tags, tagJSON{Type: "tag", ID: t.ID, Name: t.Name})
	}
	if len(p.QuickReplies) > 0 {
		out.Metadata["quick_reply_options"] = p.QuickReplies
	}
	if p.QuickReplyID != "" {
		out.Metadata["quick_reply_uuid"] = p.QuickReplyID
	}
	if a := p.Attribute; a != nil {
		out.EventDetails["attribute"] = map[string]any{"name": a.Name}
		out.EventDetails["value"] = map[string]any{"name": a.Value, "previous": orNull(a.Previous)}
	}
	return out
}

// partsOf lists the newest parts, at most maxParts, oldest first.
func partsOf(parts []Part) *partList {
	if extra := len(parts) - maxParts; extra > 0 {
		parts = parts[extra:]
	}
	list := &partList{Type: "conversation_part.list", Parts: make([]partJSON, len(parts)), TotalCount: len(parts)}
	for i := range parts {
		list.Parts[i] = partOf(&parts[i])
	}
	return list
}
