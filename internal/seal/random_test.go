package seal_test

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"

	"rerate/internal/seal"
)

func TestRandomToken(t *testing.T) {
	if got, want := seal.RandomToken(bytes.NewReader(make([]byte, 32))), strings.Repeat("A", 43); got != want {
		t.Errorf("of zeros: got %s, want %s", got, want)
	}
	if one, other := seal.RandomToken(rand.Reader), seal.RandomToken(rand.Reader); one == other || len(one) != 43 {
		t.Errorf("got %s and %s", one, other)
	}
}

func TestRandomTokenNeverMakesDoWithLess(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("31 random bytes were enough")
		}
	}()
	seal.RandomToken(bytes.NewReader(make([]byte, 31)))
}

func TestHash(t *testing.T) {
	// FIPS 180-2, appendix B.1.
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if got := seal.Hash("abc"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
