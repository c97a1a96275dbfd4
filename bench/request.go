package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// body is a tap on a card, as Intercom sends it.
func body(workspace, conversation, contact, card string) []byte {
	return fmt.Appendf(nil, `{"workspace_id":%q,"workspace_region":"US","component_id":"rating","input_values":{"rating":"4"},`+
		`"context":{"conversation_id":%s,"location":"conversation","locale":"en"},`+
		`"user":{"type":"contact","id":%q,"role":"user","email":"%s@example.com"},"current_canvas":%s}`,
		workspace, conversation, contact, contact, card)
}

// plainBody is a tap for a server that does not look at the card, as long as Rerate's.
func plainBody(n int) []byte {
	option := `{"type":"option","id":"1","text":"😍 Amazing"}`
	card := `{"content":{"components":[{"type":"text","text":"Rate your conversation again","style":"header"},` +
		`{"type":"single-select","id":"rating","options":[` + strings.Repeat(option+",", 4) + option + `]}]},` +
		`"stored_data":{"state":"` + strings.Repeat("c2VhbGVk", 30) + `"}}`
	return body("bench", fmt.Sprint(700_000_000_000_000+n), fmt.Sprintf("c%d", n), card)
}

func signed(path, host string, body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(clientSecret))
	mac.Write(body)
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nX-Body-Signature: %s\r\nContent-Length: %d\r\n\r\n",
		path, host, hex.EncodeToString(mac.Sum(nil)), len(body))
	return append([]byte(head), body...)
}
