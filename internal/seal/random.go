package seal

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
)

// RandomToken is a new unguessable token of 256 bits, 43 characters that are
// safe in URLs, cookies and headers: for session ids, API keys and nonces.
// random is crypto/rand.Reader outside of tests. It panics if random fails, as
// crypto/rand itself does: there is no safe way on.
func RandomToken(random io.Reader) string {
	var token [32]byte
	if _, err := io.ReadFull(random, token[:]); err != nil {
		panic(fmt.Sprintf("seal: no randomness: %v", err))
	}
	return base64.RawURLEncoding.EncodeToString(token[:])
}

// Hash is what is stored of a token, to be looked up by: SHA-256 in hex. It is
// for random tokens only. Those cannot be guessed, so no slow or salted hash is
// needed; passwords would need one.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
