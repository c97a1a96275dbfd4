// Package outgoing sends messages to addresses that the people of a workspace have entered: signed by the Standard
// Webhooks specification, and never into a network that is not meant for them. It stores nothing.
package outgoing

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a signed message, by the Standard Webhooks specification.
const (
	HeaderID        = "webhook-id"        // the same at every try of the same message
	HeaderTimestamp = "webhook-timestamp" // of the try, in seconds since 1970
	HeaderSignature = "webhook-signature" // one or more of "v1,BASE64", with spaces between
)

const (
	secretPrefix = "whsec_"
	secretBytes  = 32
	// The specification wants keys of 24 to 64 bytes.
	leastSecretBytes = 24
	mostSecretBytes  = 64
)

// NewSecret is a new random signing secret, whsec_ and base64. random is crypto/rand.Reader outside of tests.
func NewSecret(random io.Reader) (string, error) {
	key := make([]byte, secretBytes)
	if _, err := io.ReadFull(random, key); err != nil {
		return "", fmt.Errorf("making a secret: %w", err)
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(key), nil
}

var errSecret = errors.New("a signing secret is whsec_ and 24 to 64 bytes as base64")

// Sign is the value of the signature header: one signature for each secret, the newest first. A receiver that knows any
// one of them accepts the message.
func Sign(id string, at time.Time, body []byte, secrets ...string) (string, error) {
	var signatures []string
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
		if err != nil || len(key) < leastSecretBytes || len(key) > mostSecretBytes {
			return "", errSecret
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%d.", id, at.Unix())
		mac.Write(body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	if len(signatures) == 0 {
		return "", errSecret // an empty header would read as a message that needs no check
	}
	return strings.Join(signatures, " "), nil
}

// signInto adds the three headers.
func signInto(h http.Header, m Message) error {
	signature, err := Sign(m.ID, m.At, m.Body, m.Secrets...)
	if err != nil {
		return err
	}
	h.Set(HeaderID, m.ID)
	h.Set(HeaderTimestamp, strconv.FormatInt(m.At.Unix(), 10))
	h.Set(HeaderSignature, signature)
	return nil
}
