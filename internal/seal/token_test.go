package seal_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rerate/internal/seal"
)

type card struct {
	Conversation string `json:"conversation"`
	Revision     int    `json:"revision"`
}

var (
	noon    = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	content = card{Conversation: "123", Revision: 4}
)

const workspace = "abc123"

// oldToken was sealed with key 1 when the format was new: CardState, workspace
// and content as above, no expiry. Cards out there hold such tokens for years.
const oldToken = "AXpRN2RWsjz9SDWnh-UN1nta16aYAZ2ZqUtDOo4Ic1pUl8S5JYT-zzpiYWaM0QWFkeXnGMbD47t1L5G5IEMef7eOlmhvxFRah-cA-Ve26EHi70ttWlo4ZZZi"

func sealed(t testing.TB, k seal.Keyring, expires time.Time) string {
	t.Helper()
	token, err := k.Seal(seal.CardState, workspace, content, expires)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestSealAndOpen(t *testing.T) {
	k := ring(t, 1)
	token := sealed(t, k, noon.Add(time.Hour))
	var got card
	sealedFor, err := k.Open(seal.CardState, token, noon, &got)
	if err != nil || sealedFor != workspace || got != content {
		t.Errorf("got %v for %q, %v", got, sealedFor, err)
	}
	if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("%s is not safe in a URL", token)
	}
	if again := sealed(t, k, noon.Add(time.Hour)); again == token {
		t.Error("two tokens are the same: the nonce repeats")
	}
}

func TestTokensOfOldReleasesOpen(t *testing.T) {
	var got card
	if err := ring(t, 1).OpenFor(seal.CardState, workspace, oldToken, noon, &got); err != nil || got != content {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestExpiry(t *testing.T) {
	k := ring(t, 1)
	tests := []struct {
		name         string
		expires, now time.Time
		want         error
	}{
		{"before", noon, noon.Add(-time.Second), nil},
		{"in the very second", noon, noon, seal.ErrExpired},
		{"after", noon, noon.Add(time.Hour), seal.ErrExpired},
		{"never", time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), nil},
		{"the Unix epoch is not never", time.Unix(0, 0), noon, seal.ErrExpired},
		{"nor is what came before it", time.Unix(-1, 0), noon, seal.ErrExpired},
	}
	for _, tt := range tests {
		var got card
		_, err := k.Open(seal.CardState, sealed(t, k, tt.expires), tt.now, &got)
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
		if err != nil && got != (card{}) {
			t.Errorf("%s: an expired token gave %v away", tt.name, got)
		}
	}
	if errors.Is(seal.ErrExpired, seal.ErrInvalid) || seal.ErrExpired.Error() != seal.ErrInvalid.Error() {
		t.Error("expired and invalid must be two errors that read the same")
	}
}

func TestOpenRefuses(t *testing.T) {
	k := ring(t, 1)
	good := sealed(t, k, noon)
	other, err := k.Seal(seal.RatingLink, workspace, content, noon)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, token string }{
		{"nothing", ""},
		{"text", "hello"},
		{"half of it", good[:len(good)/2]},
		{"one character less", good[:len(good)-1]},
		{"one character more", good + "A"},
		{"padding", good + "="},
		{"a line break inside", good[:20] + "\n" + good[20:]},
		{"a line break after", good + "\r\n"},
		{"standard base64 letters", strings.Repeat("+/", 60)},
		{"another purpose", other},
		{"another key", sealed(t, ring(t, 2), noon)},
		{"another version", "Ag" + good[2:]},
		{"too long", strings.Repeat("A", seal.MaxTokenLength+1)},
	}
	for _, tt := range tests {
		var got card
		// Refused as invalid even after the expiry of the token it was made from.
		_, err := k.Open(seal.CardState, tt.token, noon.Add(time.Hour), &got)
		if !errors.Is(err, seal.ErrInvalid) || got != (card{}) {
			t.Errorf("%s: got %v, %v", tt.name, got, err)
		}
	}
	var text string
	if _, err := k.Open(seal.CardState, sealed(t, k, time.Time{}), noon, &text); !errors.Is(err, seal.ErrInvalid) {
		t.Errorf("a payload of another shape: got %q, %v", text, err)
	}
	if _, err := (seal.Keyring{}).Open(seal.CardState, good, noon, &text); !errors.Is(err, seal.ErrInvalid) {
		t.Errorf("an empty keyring: got %v", err)
	}
}

func TestOpenForOneWorkspace(t *testing.T) {
	k := ring(t, 1)
	none, err := k.Seal(seal.CardState, "", content, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, workspace, token string
		want                   error
	}{
		{"its own", workspace, sealed(t, k, time.Time{}), nil},
		{"its own, expired", workspace, sealed(t, k, noon), seal.ErrExpired},
		{"another", "abc124", sealed(t, k, time.Time{}), seal.ErrInvalid},
		{"another, expired", "abc124", sealed(t, k, noon), seal.ErrInvalid},
		{"other letter case", "ABC123", sealed(t, k, time.Time{}), seal.ErrInvalid},
		{"none", "", sealed(t, k, time.Time{}), seal.ErrInvalid},
		{"none, and none sealed", "", none, seal.ErrInvalid},
		{"none sealed", workspace, none, seal.ErrInvalid},
		{"no token at all", workspace, "hello", seal.ErrInvalid},
	}
	for _, tt := range tests {
		var got card
		if err := k.OpenFor(seal.CardState, tt.workspace, tt.token, noon, &got); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestRotation(t *testing.T) {
	before, during, after := ring(t, 1), ring(t, 2, 1), ring(t, 2)
	tests := []struct {
		name   string
		sealer seal.Keyring
		opener seal.Keyring
		want   error
	}{
		{"the old key still opens", before, during, nil},
		{"the new key seals", during, after, nil},
		{"the old one does not", during, before, seal.ErrInvalid},
		{"once dropped the old key opens nothing", before, after, seal.ErrInvalid},
	}
	for _, tt := range tests {
		var got card
		if _, err := tt.opener.Open(seal.CardState, sealed(t, tt.sealer, time.Time{}), noon, &got); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestSealRefuses(t *testing.T) {
	if token, err := ring(t, 1).Seal(seal.CardState, workspace, strings.Repeat("x", 3000), noon); err == nil {
		t.Errorf("a token of %d characters", len(token))
	}
	if _, err := ring(t, 1).Seal(seal.CardState, workspace, make(chan int), noon); err == nil {
		t.Error("a channel was sealed")
	}
	if _, err := (seal.Keyring{}).Seal(seal.CardState, workspace, content, noon); err == nil {
		t.Error("an empty keyring sealed")
	}
}

func TestWhatWasSealedOpens(t *testing.T) {
	k := ring(t, 1)
	rapid.Check(t, func(t *rapid.T) {
		purpose := seal.Purpose(rapid.String().Draw(t, "purpose"))
		other := seal.Purpose(rapid.String().Draw(t, "other purpose"))
		forWorkspace := rapid.StringN(0, 40, 160).Draw(t, "workspace")
		payload := rapid.SliceOfN(rapid.Byte(), 0, 500).Draw(t, "payload")
		expires := time.Unix(rapid.Int64Range(1, 1<<35).Draw(t, "expires"), 0)
		token, err := k.Seal(purpose, forWorkspace, payload, expires)
		if err != nil {
			t.Fatal(err)
		}
		var got []byte
		gotWorkspace, err := k.Open(purpose, token, expires.Add(-time.Second), &got)
		if err != nil || gotWorkspace != forWorkspace || string(got) != string(payload) {
			t.Fatalf("got %q for %q, %v", got, gotWorkspace, err)
		}
		if _, err := k.Open(other, token, expires.Add(-time.Second), &got); err == nil && other != purpose {
			t.Fatalf("opened for %q too", other)
		}
	})
}

func TestAnyChangedCharacterIsRefused(t *testing.T) {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n"
	k := ring(t, 1)
	token := sealed(t, k, time.Time{})
	for at := range token {
		for _, letter := range letters {
			changed := token[:at] + string(letter) + token[at+1:]
			if changed == token {
				continue
			}
			var got card
			if _, err := k.Open(seal.CardState, changed, noon, &got); !errors.Is(err, seal.ErrInvalid) {
				t.Errorf("%q instead of %q at %d: got %v", letter, token[at], at, err)
			}
		}
	}
}

func FuzzOpen(f *testing.F) {
	k := ring(f, 1)
	for _, seed := range []string{"", oldToken, oldToken[:len(oldToken)/2], oldToken + "=", "AQ", strings.Repeat("A", 5000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		var got card
		_, err := k.Open(seal.CardState, token, noon, &got)
		if (err == nil) != (token == oldToken) {
			t.Errorf("%q: got %v, %v", token, got, err)
		}
	})
}
