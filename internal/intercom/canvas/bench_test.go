package canvas

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// tapped is what a card shows after a tap, with its sealed state.
func tapped() SubmitResponse {
	options := make([]Option, 5)
	for i := range options {
		options[i] = Option{ID: fmt.Sprint(i + 1), Text: "😍 Amazing"}
	}
	return SubmitResponse{Canvas: Canvas{
		Content: &Content{Components: []Component{
			Text{ID: "question", Text: "Rate your conversation again", Style: "header", Align: "center"},
			SingleSelect{ID: "rating", Options: options, Value: "4", SaveState: "saved"},
			Text{Text: "Your answer is saved", Style: "muted", Align: "center"},
			TextArea{ID: "remark", Label: "What could be better?", Placeholder: "In your own words"},
			Button{ID: "send_remark", Label: "Send", Style: "primary", Action: Submit{}},
			Button{ID: "change", Label: "Change my answer", Style: "link", Action: Submit{}},
		}},
		StoredData: Values{"state": strings.Repeat("c2VhbGVk", 30)},
	}, Event: Completed}
}

func BenchmarkDecodeMessengerSubmit(b *testing.B) {
	card, err := json.Marshal(tapped().Canvas)
	if err != nil {
		b.Fatal(err)
	}
	body := fmt.Appendf(nil, `{"workspace_id":"bench","workspace_region":"US","component_id":"rating","input_values":{"rating":"4"},`+
		`"context":{"conversation_id":700000000000001,"location":"conversation","locale":"en"},`+
		`"user":{"type":"contact","id":"c1","role":"user","email":"c1@example.com"},"current_canvas":%s}`, card)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := DecodeMessengerSubmit(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeSubmitResponse(b *testing.B) {
	answer := tapped()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := answer.MarshalJSON(); err != nil {
			b.Fatal(err)
		}
	}
}
