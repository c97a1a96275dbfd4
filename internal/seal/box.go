package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
)

// A box is what both tokens and stored values are inside:
//
//	version (1 byte) ‖ key id (4) ‖ nonce (12) ‖ ciphertext ‖ tag (16)
//
// AES-256-GCM with a random nonce, rather than a readable payload with a MAC:
// it authenticates just as well, and Intercom, browser histories and mail
// scanners, which all get to see tokens, learn no ids from them. Random nonces
// are safe for 2³² boxes per key; each purpose has a key of its own.
const (
	version     = 1
	headerBytes = 1 + keyIDBytes
)

// sealBox encrypts under the newest key for the use, and binds the context,
// which is not part of the box: whoever opens it must name the same one.
func (k Keyring) sealBox(use string, context [][]byte, plaintext []byte) ([]byte, error) {
	m, err := k.newest()
	if err != nil {
		return nil, err
	}
	aead, err := m.aead(use)
	if err != nil {
		return nil, err
	}
	header := append([]byte{version}, m.id...)
	return append(header, aead.Seal(nil, nil, plaintext, boundTo(header, use, context))...), nil
}

// openBox is false for anything but an untouched box of this use and context.
func (k Keyring) openBox(use string, context [][]byte, box []byte) ([]byte, bool) {
	if len(box) < headerBytes || box[0] != version {
		return nil, false
	}
	header, sealed := box[:headerBytes], box[headerBytes:]
	m, known := k.byID(header[1:])
	if !known {
		return nil, false
	}
	aead, err := m.aead(use)
	if err != nil {
		return nil, false
	}
	plaintext, err := aead.Open(nil, nil, sealed, boundTo(header, use, context))
	return plaintext, err == nil
}

func (m master) aead(use string) (cipher.AEAD, error) {
	key, err := m.expand(use, keyBytes)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// boundTo is the additional data of a box. Each field carries its length, so no
// two lists of fields read the same: ("ab", "c") is not ("a", "bc").
func boundTo(header []byte, use string, context [][]byte) []byte {
	bound := appendField(nil, header)
	bound = appendField(bound, []byte(use))
	for _, field := range context {
		bound = appendField(bound, field)
	}
	return bound
}

func appendField(b, field []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, uint64(len(field)))
	return append(b, field...)
}
