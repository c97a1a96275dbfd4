package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"rerate/internal/seal"
)

var tokenPlace = seal.Place{Workspace: workspace, Table: "workspaces", Row: "17", Column: "access_token"}

func TestStoredValuesStayInTheirPlace(t *testing.T) {
	k := ring(t, 1)
	stored, err := k.Encrypt(tokenPlace, []byte("dG9rOi"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.Decrypt(tokenPlace, stored); err != nil || string(got) != "dG9rOi" {
		t.Errorf("got %q, %v", got, err)
	}
	elsewhere := []seal.Place{
		{},
		{Workspace: "other", Table: "workspaces", Row: "17", Column: "access_token"},
		{Workspace: workspace, Table: "sessions", Row: "17", Column: "access_token"},
		{Workspace: workspace, Table: "workspaces", Row: "18", Column: "access_token"},
		{Workspace: workspace, Table: "workspaces", Row: "17", Column: "secret"},
		{Workspace: workspace, Table: "workspaces1", Row: "7", Column: "access_token"}, // the same when run together
		{Workspace: workspace + "workspaces", Row: "17", Column: "access_token"},
	}
	for _, place := range elsewhere {
		if got, err := k.Decrypt(place, stored); !errors.Is(err, seal.ErrUnreadable) {
			t.Errorf("%v: got %q, %v", place, got, err)
		}
	}
}

func TestStoredValuesAreNotTokens(t *testing.T) {
	k := ring(t, 1)
	stored, err := k.Encrypt(seal.Place{}, []byte("0123456789abcdef{}"))
	if err != nil {
		t.Fatal(err)
	}
	token := base64.RawURLEncoding.EncodeToString(stored)
	var got card
	for _, purpose := range []seal.Purpose{seal.CardState, seal.RatingLink, "", "stored"} {
		if _, err := k.Open(purpose, token, noon, &got); !errors.Is(err, seal.ErrInvalid) {
			t.Errorf("%q: got %v", purpose, err)
		}
	}
}

func TestStoredValuesRotate(t *testing.T) {
	before, during, after := ring(t, 1), ring(t, 2, 1), ring(t, 2)
	stored, err := before.Encrypt(tokenPlace, []byte("secret"))
	if err != nil {
		t.Fatal(err)
	}
	value, err := during.Decrypt(tokenPlace, stored)
	if err != nil || string(value) != "secret" {
		t.Fatalf("with the old key behind the new: got %q, %v", value, err)
	}
	if _, err := after.Decrypt(tokenPlace, stored); !errors.Is(err, seal.ErrUnreadable) {
		t.Errorf("without the old key: got %v", err)
	}
	again, err := during.Encrypt(tokenPlace, value)
	if err != nil {
		t.Fatal(err)
	}
	if value, err := after.Decrypt(tokenPlace, again); err != nil || string(value) != "secret" {
		t.Errorf("encrypted again: got %q, %v", value, err)
	}
	if _, err := (seal.Keyring{}).Encrypt(tokenPlace, value); err == nil {
		t.Error("an empty keyring encrypted")
	}
}

func TestAnyChangedByteIsRefused(t *testing.T) {
	k := ring(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SliceOf(rapid.Byte()).Draw(t, "value")
		stored, err := k.Encrypt(tokenPlace, value)
		if err != nil {
			t.Fatal(err)
		}
		if len(stored) != len(value)+33 {
			t.Fatalf("%d bytes became %d", len(value), len(stored))
		}
		if got, err := k.Decrypt(tokenPlace, stored); err != nil || !bytes.Equal(got, value) {
			t.Fatalf("got %x, %v", got, err)
		}
		changed := bytes.Clone(stored)
		changed[rapid.IntRange(0, len(changed)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		if got, err := k.Decrypt(tokenPlace, changed); !errors.Is(err, seal.ErrUnreadable) {
			t.Fatalf("changed: got %x, %v", got, err)
		}
		cut := stored[:rapid.IntRange(0, len(stored)-1).Draw(t, "cut at")]
		if got, err := k.Decrypt(tokenPlace, cut); !errors.Is(err, seal.ErrUnreadable) {
			t.Fatalf("cut: got %x, %v", got, err)
		}
	})
}
