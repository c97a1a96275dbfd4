package intercomtest

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"time"
)

// replyBody is the body of POST /conversations/{id}/reply and /parts.
type replyBody struct {
	MessageType     string       `json:"message_type"`
	Type            string       `json:"type"`
	AdminID         idText       `json:"admin_id"`
	AssigneeID      idText       `json:"assignee_id"`
	Body            string       `json:"body"`
	ReplyOptions    []QuickReply `json:"reply_options"`
	IntercomUserID  string       `json:"intercom_user_id"`
	UserID          string       `json:"user_id"`
	Email           string       `json:"email"`
	SnoozedUntil    int64        `json:"snoozed_until"`
	AttachmentURLs  []string     `json:"attachment_urls"`
	AttachmentFiles []any        `json:"attachment_files"`
}

func (s *Server) postReply(in *restRequest) (any, error) {
	var body replyBody
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	c, err := s.replyTo(in, body)
	if err != nil {
		return nil, err
	}
	if len(body.AttachmentURLs) > 10 || len(body.AttachmentFiles) > 10 {
		return nil, invalid("No more than 10 attachments are allowed")
	}
	if body.Type == "user" {
		return s.replyAsContact(in, c, body)
	}
	return s.replyAsAdmin(in, c, body)
}

// replyTo finds the conversation. The id "last" means the newest one, of the contact or of the whole workspace: an id that is not
// checked writes to strangers.
func (s *Server) replyTo(in *restRequest, body replyBody) (*Conversation, error) {
	if in.r.PathValue("id") != "last" {
		return s.find(in)
	}
	contact, _ := s.contactBy(in.sp, body.IntercomUserID, body.UserID, body.Email)
	var last *Conversation
	for _, id := range in.sp.conversations {
		c := s.conversations[id]
		if body.Type == "user" && (contact == nil || !slices.Contains(c.Contacts, contact.ID)) {
			continue
		}
		if last == nil || !c.UpdatedAt.Before(last.UpdatedAt) {
			last = c
		}
	}
	if last == nil {
		return nil, notFound("Conversation not found")
	}
	return last, nil
}

func (s *Server) replyAsAdmin(in *restRequest, c *Conversation, body replyBody) (any, error) {
	a, err := in.sp.admin(string(body.AdminID))
	if err != nil {
		return nil, err
	}
	app := s.opts.ClientID
	if body.MessageType == "quick_reply" {
		return s.quickReply(in, c, a, body)
	}
	if body.Body == "" && len(body.AttachmentURLs)+len(body.AttachmentFiles) == 0 {
		return nil, missing("Body is required")
	}
	switch body.MessageType {
	case "note":
		return s.withPart(in, c, s.noted(c, a, safeHTML(body.Body), app)), nil
	case "comment":
		return s.withPart(in, c, s.adminReplied(c, a, safeHTML(body.Body), Part{AppPackageCode: app})), nil
	default:
		return nil, invalid("message_type must be comment, note or quick_reply")
	}
}

var uuidPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// quickReply adds buttons. It takes no body, and leaves the state as it is.
func (s *Server) quickReply(in *restRequest, c *Conversation, a *Admin, body replyBody) (any, error) {
	if body.Body != "" {
		return nil, invalid("body is not allowed for a quick_reply")
	}
	if len(body.ReplyOptions) == 0 {
		return nil, missing("reply_options is required")
	}
	for _, o := range body.ReplyOptions {
		if o.Text == "" || !uuidPattern.MatchString(o.UUID) {
			return nil, invalid("reply_options must each have a text and a uuid")
		}
	}
	p := s.addPart(c, Part{Type: "quick_reply", Author: adminAuthor(a), QuickReplies: body.ReplyOptions, AppPackageCode: s.opts.ClientID})
	s.tellConversation(c, "conversation.admin.replied", p)
	return s.withPart(in, c, p), nil
}

func (s *Server) replyAsContact(in *restRequest, c *Conversation, body replyBody) (any, error) {
	who, err := s.contactBy(in.sp, body.IntercomUserID, body.UserID, body.Email)
	if err != nil {
		return nil, err
	}
	app := s.opts.ClientID
	switch {
	case body.MessageType == "comment" && body.Body != "":
		return s.withPart(in, c, s.customerReplied(c, who, safeHTML(body.Body), "", app)), nil
	case body.MessageType == "comment":
		return nil, missing("Body is required")
	case body.MessageType == "quick_reply" && len(body.ReplyOptions) == 1:
		o := body.ReplyOptions[0]
		return s.withPart(in, c, s.customerReplied(c, who, paragraph(o.Text), o.UUID, app)), nil
	default:
		return nil, invalid("message_type must be comment, or quick_reply with the one chosen option")
	}
}

func (s *Server) postPart(in *restRequest) (any, error) {
	c, err := s.find(in)
	if err != nil {
		return nil, err
	}
	var body replyBody
	if err := in.decode(&body); err != nil {
		return nil, err
	}
	a, err := in.sp.admin(string(body.AdminID))
	if err != nil {
		return nil, err
	}
	app := s.opts.ClientID
	switch body.MessageType {
	case "close":
		return s.withPart(in, c, s.closed(c, adminAuthor(a), safeHTML(body.Body), app)), nil
	case "open":
		return s.withPart(in, c, s.opened(c, adminAuthor(a), app)), nil
	case "snoozed":
		if body.SnoozedUntil <= s.now().Unix() {
			return nil, invalid("snoozed_until must be in the future")
		}
		return s.withPart(in, c, s.snoozed(c, a, time.Unix(body.SnoozedUntil, 0), app)), nil
	case "assignment":
		return s.assignment(in, c, a, body)
	default:
		return nil, invalid("message_type must be close, open, snoozed or assignment")
	}
}

func (s *Server) assignment(in *restRequest, c *Conversation, a *Admin, body replyBody) (any, error) {
	to := Ref{cmp.Or(body.Type, "admin"), string(body.AssigneeID)}
	switch {
	case to.Type != "admin" && to.Type != "team":
		return nil, invalid("type must be admin or team")
	case to.ID == "0" || to.ID == "":
		to.ID = ""
	case to.Type == "team" && in.sp.team(to.ID) == nil:
		return nil, &Error{Status: http.StatusNotFound, Code: "team_not_found", Message: "Team not found"}
	case to.Type == "admin" && to.ID != BotID:
		if _, err := in.sp.admin(to.ID); err != nil {
			return nil, err
		}
	}
	return s.withPart(in, c, s.assigned(c, adminAuthor(a), to, safeHTML(body.Body), s.opts.ClientID)), nil
}
