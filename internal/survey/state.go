package survey

import (
	"time"

	"rerate/internal/intercom/canvas"
	"rerate/internal/seal"
)

// cardState travels sealed in a card's stored_data. Intercom's signature covers a body but not when, where or how
// often it is sent; the state says which conversation, request and answer a submit can only be meant for.
type cardState struct {
	Home         bool   `json:"h,omitempty"` // the card of Messenger Home, before anything is answered
	Conversation string `json:"c,omitempty"` // empty on a preview and on Home
	Request      string `json:"r,omitempty"`
	Contact      string `json:"p,omitempty"` // who gave the answer that the card shows
	Revision     int    `json:"n,omitempty"` // of that answer; 0 while nothing is answered
	Changing     bool   `json:"x,omitempty"` // the scale is shown again to replace that answer
}

// stateKey is where stored_data holds the sealed state.
const stateKey = "state"

// neverExpires: windows are decided by rule when a card is used, so that "too late" can be said kindly.
var neverExpires time.Time

// withState puts content and sealed state together.
func (s *Service) withState(workspace string, state cardState, shown canvas.Content) (canvas.Canvas, error) {
	token, err := s.Keys.Seal(seal.CardState, workspace, state, neverExpires)
	return canvas.Canvas{Content: &shown, StoredData: canvas.Values{stateKey: token}}, err
}

// openState reads the sealed state of a card that belongs to the workspace.
func (s *Service) openState(workspace string, shown canvas.Shown) (state cardState, err error) {
	err = s.Keys.OpenFor(seal.CardState, workspace, shown.StoredData.Text(stateKey), s.Now(), &state)
	return state, err
}
