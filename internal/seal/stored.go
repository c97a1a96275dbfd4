package seal

import (
	"errors"
	"fmt"
)

// Place is where an encrypted value is stored. It is bound to the value: moved
// to another workspace, table, row or column it does not decrypt.
type Place struct {
	Workspace, Table, Row, Column string
}

// ErrUnreadable is the error of Decrypt.
var ErrUnreadable = errors.New("a stored value cannot be decrypted: it was changed or moved, " +
	"or its key is no longer in RERATE_SECRET_KEY")

// Encrypt encrypts a value for storing at the place, under the newest key. The
// result is binary and 33 bytes longer.
func (k Keyring) Encrypt(place Place, value []byte) ([]byte, error) {
	box, err := k.sealBox(storedUse, place.context(), value)
	if err != nil {
		return nil, fmt.Errorf("encrypt %s.%s: %w", place.Table, place.Column, err)
	}
	return box, nil
}

// Decrypt is the reverse of Encrypt, with any key of the ring. Its error wraps
// ErrUnreadable.
func (k Keyring) Decrypt(place Place, stored []byte) ([]byte, error) {
	value, ok := k.openBox(storedUse, place.context(), stored)
	if !ok {
		return nil, fmt.Errorf("%s.%s: %w", place.Table, place.Column, ErrUnreadable)
	}
	return value, nil
}

const storedUse = "stored"

func (p Place) context() [][]byte {
	return [][]byte{[]byte(p.Workspace), []byte(p.Table), []byte(p.Row), []byte(p.Column)}
}
