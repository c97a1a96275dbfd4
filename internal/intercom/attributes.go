package intercom

import (
	"context"
	"net/http"

	"rerate/internal/intercom/canvas"
)

// ConversationAttribute describes a custom attribute of conversations (OpenAPI 2.16).
type ConversationAttribute struct {
	ID          string
	Name        string
	DataType    string // string, integer, decimal, boolean, datetime, list, relationship, files
	Description string
	Archived    bool
}

// SetConversationAttributes writes custom attributes by name (PUT /conversations/{id}). Each must
// exist before; each change adds a visible line to the conversation. Setting them again changes nothing.
func (c *Client) SetConversationAttributes(ctx context.Context, conversation string, values map[string]any) error {
	path, err := conversationPath(conversation, "")
	if err != nil {
		return err
	}
	in := map[string]any{"custom_attributes": values}
	return c.do(ctx, call{method: http.MethodPut, path: path, in: in})
}

// ConversationAttributes lists the attributes that are not archived (GET /conversations/attributes, API 2.16).
func (c *Client) ConversationAttributes(ctx context.Context) ([]ConversationAttribute, error) {
	var found struct {
		Data []ConversationAttribute `json:"data"`
	}
	err := c.do(ctx, call{
		method: http.MethodGet, path: "/conversations/attributes",
		version: versionAttributes, out: &found,
	})
	return found.Data, err
}

// CreateConversationAttribute makes an attribute (POST /conversations/attributes, API 2.16). An
// unknown data type is a 422 parameter_invalid.
func (c *Client) CreateConversationAttribute(ctx context.Context, name, dataType, description string) (ConversationAttribute, error) {
	in := map[string]string{"name": name, "data_type": dataType}
	if description != "" {
		in["description"] = description
	}
	var made ConversationAttribute
	err := c.do(ctx, call{
		method: http.MethodPost, path: "/conversations/attributes",
		version: versionAttributes, in: in, out: &made,
	})
	return made, err
}

// UnmarshalJSON reads an attribute, whose id is a number.
func (a *ConversationAttribute) UnmarshalJSON(raw []byte) error {
	var v struct {
		ID          canvas.ID `json:"id"`
		Name        string    `json:"name"`
		DataType    string    `json:"data_type"`
		Description string    `json:"description"`
		Archived    bool      `json:"archived"`
	}
	if err := canvas.DecodeObject(raw, &v); err != nil {
		return err
	}
	*a = ConversationAttribute{
		ID: string(v.ID), Name: v.Name, DataType: v.DataType,
		Description: v.Description, Archived: v.Archived,
	}
	return nil
}
