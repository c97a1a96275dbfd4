// Package seal protects what leaves our hands and what lies in the database:
// sealed tokens (card state, links, OAuth state), encryption at rest, and random
// tokens that are stored only as hashes. One secret, RERATE_SECRET_KEY, feeds
// all of it through keys derived per purpose.
package seal

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

const (
	minSecretBytes = 32
	// Of 32 random bytes about 30 differ; fewer than 10 do not happen by chance.
	minDifferentBytes = 10
	keyBytes          = 32
	keyIDBytes        = 4
)

// Keyring holds the master keys. The first seals, all of them open, so that a
// key is rotated by putting the new one in front of the old. The zero Keyring
// seals and opens nothing. Printing one shows no key.
type Keyring struct {
	masters []master
}

// master is one secret.
type master struct {
	// id says which key sealed something. It is derived too and tells nothing.
	id []byte
	// expand derives the key for one use, HKDF's second step. It is a closure
	// because fmt prints the bytes of any field, exported or not.
	expand func(use string, size int) ([]byte, error)
}

var errNoKey = errors.New("the keyring is empty: set RERATE_SECRET_KEY")

// ParseKeys reads the value of RERATE_SECRET_KEY: at least 32 random bytes as
// base64 (standard or URL alphabet, padded or not) or hex; while rotating the
// new key, a comma and the old one. The error says what the value must be and
// never repeats it.
func ParseKeys(s string) (Keyring, error) {
	var ring Keyring
	parts := strings.Split(strings.TrimSpace(s), ",")
	for i, part := range parts {
		m, err := parseMaster(strings.TrimSpace(part))
		if err != nil {
			return Keyring{}, fmt.Errorf("key %d of %d %w: it must be at least %d random bytes as base64 or hex "+
				"(openssl rand -base64 32), or new,old while rotating", i+1, len(parts), err, minSecretBytes)
		}
		if _, twice := ring.byID(m.id); twice {
			return Keyring{}, fmt.Errorf("key %d of %d is in the list already: write each key once, the new one first", i+1, len(parts))
		}
		ring.masters = append(ring.masters, m)
	}
	return ring, nil
}

func parseMaster(s string) (master, error) {
	secret, err := decodeSecret(s)
	if err != nil {
		return master{}, err
	}
	if len(secret) < minSecretBytes {
		return master{}, fmt.Errorf("has %d bytes", len(secret))
	}
	if differentBytes(secret) < minDifferentBytes {
		return master{}, errors.New("is not random")
	}
	extracted, err := hkdf.Extract(sha256.New, secret, nil)
	if err != nil {
		return master{}, err
	}
	expand := func(use string, size int) ([]byte, error) {
		return hkdf.Expand(sha256.New, extracted, "rerate v1 "+use, size)
	}
	id, err := expand("key id", keyIDBytes)
	return master{id: id, expand: expand}, err
}

// decodeSecret takes hex digits for hex, always: a hex key that was cut short
// is often valid base64 and would pass for more bytes than it has.
func decodeSecret(s string) ([]byte, error) {
	if strings.Trim(s, "0123456789abcdefABCDEF") == "" {
		if secret, err := hex.DecodeString(s); err == nil {
			return secret, nil
		}
		return nil, errors.New("has an odd number of hex digits")
	}
	for _, encoding := range []*base64.Encoding{
		base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding,
	} {
		if secret, err := encoding.DecodeString(s); err == nil {
			return secret, nil
		}
	}
	return nil, errors.New("is neither base64 nor hex")
}

func differentBytes(secret []byte) int {
	seen := map[byte]bool{}
	for _, b := range secret {
		seen[b] = true
	}
	return len(seen)
}

// CookieKeys are the keys of the session cookie as gorilla/sessions wants them:
// a signing and an encryption key of each master, newest first.
func (k Keyring) CookieKeys() ([][]byte, error) {
	if len(k.masters) == 0 {
		return nil, errNoKey
	}
	var keys [][]byte
	for _, m := range k.masters {
		for _, use := range []string{"cookie signing", "cookie encryption"} {
			key, err := m.expand(use, keyBytes)
			if err != nil {
				return nil, err
			}
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// newest is the key that seals.
func (k Keyring) newest() (master, error) {
	if len(k.masters) == 0 {
		return master{}, errNoKey
	}
	return k.masters[0], nil
}

func (k Keyring) byID(id []byte) (master, bool) {
	for _, m := range k.masters {
		if bytes.Equal(m.id, id) {
			return m, true
		}
	}
	return master{}, false
}
