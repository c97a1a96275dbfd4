package seal

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"
)

// Purpose says what a token is for. A token of one purpose opens for no other.
type Purpose string

// The purposes. Their text is part of every token out there: it never changes.
const (
	CardState  Purpose = "card"  // stored_data of a customer's canvas
	InboxState Purpose = "inbox" // stored_data of the canvas beside a conversation
	RatingLink Purpose = "link"  // the hosted page, /r/{token}
	PageView   Purpose = "view"  // one view of the hosted page

	Unsubscribe Purpose = "unsubscribe" // the link in a digest that ends it
)

// MaxTokenLength is the longest token that Seal makes and Open looks at, in
// characters: well within what servers and proxies take as one URL or header.
const MaxTokenLength = 4000

// Both errors read the same, so that an answer that shows them tells a stranger
// nothing. Only a token that we made ourselves can be ErrExpired.
var (
	ErrInvalid = errors.New("this is not valid, or not any more: ask for a new one")
	ErrExpired = errors.New("this is not valid, or not any more: ask for a new one")
)

// never is the expiry of a token without one.
const never = math.MaxInt64

// Seal makes a token that carries the payload, as JSON, and the workspace
// (empty only where none is known yet, as in OAuth state). The token is safe in
// URLs, unreadable and good until expires, to the second; the zero time means
// for ever. It is an error if the token would be longer than MaxTokenLength.
func (k Keyring) Seal(purpose Purpose, workspace string, payload any, expires time.Time) (string, error) {
	content, err := json.Marshal(payload)
	if err != nil {
		return "", fmt.Errorf("seal a %s token: %w", purpose, err)
	}
	expiry := int64(never)
	if !expires.IsZero() {
		expiry = expires.Unix()
	}
	plaintext := binary.BigEndian.AppendUint64(nil, uint64(expiry))
	plaintext = appendField(plaintext, []byte(workspace))
	plaintext = append(plaintext, content...)

	box, err := k.sealBox(purpose.use(), nil, plaintext)
	if err != nil {
		return "", fmt.Errorf("seal a %s token: %w", purpose, err)
	}
	token := base64.RawURLEncoding.EncodeToString(box)
	if len(token) > MaxTokenLength {
		return "", fmt.Errorf("seal a %s token: it would have %d characters, more than %d: put less into it",
			purpose, len(token), MaxTokenLength)
	}
	return token, nil
}

// Open reads a token into payload, a pointer as for json.Unmarshal, and returns
// the workspace that it was sealed for. The error is ErrInvalid or ErrExpired;
// payload is untouched then, unless it cannot hold what was sealed. Where the
// workspace is known from elsewhere, use OpenFor.
func (k Keyring) Open(purpose Purpose, token string, now time.Time, payload any) (workspace string, err error) {
	workspace, content, err := k.open(purpose, token, now)
	if err != nil {
		return "", err
	}
	if err := json.Unmarshal(content, payload); err != nil {
		return "", ErrInvalid
	}
	return workspace, nil
}

// OpenFor is Open for a caller who knows the workspace, say from a signed body:
// a token of another workspace is ErrInvalid, even if it has expired too.
func (k Keyring) OpenFor(purpose Purpose, workspace, token string, now time.Time, payload any) error {
	sealedFor, content, err := k.open(purpose, token, now)
	if workspace == "" || sealedFor != workspace {
		return ErrInvalid
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, payload); err != nil {
		return ErrInvalid
	}
	return nil
}

// open names the workspace of an expired token too.
func (k Keyring) open(purpose Purpose, token string, now time.Time) (workspace string, content []byte, err error) {
	if len(token) > MaxTokenLength {
		return "", nil, ErrInvalid
	}
	box, err := base64.RawURLEncoding.DecodeString(token)
	// The decoder skips line breaks and ignores spare bits; a token has one spelling.
	if err != nil || base64.RawURLEncoding.EncodeToString(box) != token {
		return "", nil, ErrInvalid
	}
	plaintext, ok := k.openBox(purpose.use(), nil, box)
	if !ok || len(plaintext) < 16 {
		return "", nil, ErrInvalid
	}
	expiry := int64(binary.BigEndian.Uint64(plaintext))
	size, rest := binary.BigEndian.Uint64(plaintext[8:]), plaintext[16:]
	if size > uint64(len(rest)) {
		return "", nil, ErrInvalid
	}
	workspace, content = string(rest[:size]), rest[size:]
	if now.Unix() >= expiry {
		return workspace, nil, ErrExpired
	}
	return workspace, content, nil
}

func (p Purpose) use() string { return "token " + string(p) }
