package intercom

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Intercom signs webhooks with HMAC-SHA1; nothing of ours uses it
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"net/http"
)

// The headers that carry Intercom's signatures. Both are made over the raw bytes of the body with
// the app's client secret; neither covers time, address or method, so a signed body can be replayed.
const (
	BodySignatureHeader = "X-Body-Signature" // Canvas Kit, uninstall, health check (docs: canvas-kit, signed notifications)
	HubSignatureHeader  = "X-Hub-Signature"  // webhooks (docs: setting-up-webhooks)
)

// BodySignature is the hex HMAC-SHA256 that Intercom sends in X-Body-Signature.
func BodySignature(secret string, body []byte) string {
	return sign(sha256.New, secret, body)
}

// HubSignature is "sha1=" and the hex HMAC-SHA1 that Intercom sends in X-Hub-Signature.
func HubSignature(secret string, body []byte) string {
	return "sha1=" + sign(sha1.New, secret, body)
}

func sign(algorithm func() hash.Hash, secret string, body []byte) string {
	mac := hmac.New(algorithm, []byte(secret))
	mac.Write(body)
	return hex.EncodeToString(mac.Sum(nil))
}

// ErrSignature is what the Verify functions answer to a body that Intercom did not sign.
var ErrSignature = errors.New("the request does not carry one valid signature of Intercom's")

// VerifyBody checks X-Body-Signature. Several secrets are the new and the old one while they rotate.
func VerifyBody(secrets []string, header http.Header, body []byte) error {
	return verify(BodySignature, secrets, header[BodySignatureHeader], body)
}

// VerifyHub checks X-Hub-Signature, as VerifyBody does.
func VerifyHub(secrets []string, header http.Header, body []byte) error {
	return verify(HubSignature, secrets, header[HubSignatureHeader], body)
}

// verify compares in constant time with every secret's signature. An empty secret would let anyone
// sign, so it is an error of its own and never tried; a second signature header is a bad signature.
func verify(signature func(string, []byte) string, secrets, given []string, body []byte) error {
	if len(secrets) == 0 {
		return errors.New("no client secret is configured, so no signature can be checked")
	}
	for _, secret := range secrets {
		if secret == "" {
			return errors.New("an empty client secret is configured, so no signature can be checked")
		}
	}
	if len(given) != 1 {
		return ErrSignature
	}
	valid := false
	for _, secret := range secrets {
		valid = hmac.Equal([]byte(signature(secret, body)), []byte(given[0])) || valid
	}
	if !valid {
		return ErrSignature
	}
	return nil
}
