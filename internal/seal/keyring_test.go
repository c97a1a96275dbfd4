package seal_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"rerate/internal/seal"
)

// secret is a fixed master key; different n give different ones.
func secret(n byte) []byte {
	b := make([]byte, 32)
	for i := range b {
		b[i] = byte(i)*7 + n
	}
	return b
}

func encoded(n byte) string { return base64.StdEncoding.EncodeToString(secret(n)) }

func ring(t testing.TB, numbers ...byte) seal.Keyring {
	t.Helper()
	var keys []string
	for _, n := range numbers {
		keys = append(keys, encoded(n))
	}
	k, err := seal.ParseKeys(strings.Join(keys, ","))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestParseKeysAcceptsEverySpelling(t *testing.T) {
	long := bytes.Join([][]byte{secret(1), secret(2)}, nil)
	wrapped := base64.StdEncoding.EncodeToString(long)
	wrapped = wrapped[:64] + "\n" + wrapped[64:]
	tests := []struct {
		name, value string
		same        []byte
	}{
		{"base64", base64.StdEncoding.EncodeToString(secret(1)), secret(1)},
		{"base64 without padding", base64.RawStdEncoding.EncodeToString(secret(1)), secret(1)},
		{"base64url", base64.URLEncoding.EncodeToString(secret(1)), secret(1)},
		{"base64url without padding", base64.RawURLEncoding.EncodeToString(secret(1)), secret(1)},
		{"hex", hex.EncodeToString(secret(1)), secret(1)},
		{"HEX", strings.ToUpper(hex.EncodeToString(secret(1))), secret(1)},
		{"a file's line break", encoded(1) + "\n", secret(1)},
		{"a long key on two lines, as openssl writes it", wrapped, long},
	}
	for _, tt := range tests {
		got, err := seal.ParseKeys(tt.value)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		want, err := seal.ParseKeys(hex.EncodeToString(tt.same))
		if err != nil {
			t.Fatal(err)
		}
		if !sameKeys(t, got, want) {
			t.Errorf("%s: read as another key", tt.name)
		}
	}
}

func sameKeys(t *testing.T, a, b seal.Keyring) bool {
	t.Helper()
	keysOfA, err := a.CookieKeys()
	if err != nil {
		t.Fatal(err)
	}
	keysOfB, err := b.CookieKeys()
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(bytes.Join(keysOfA, nil), bytes.Join(keysOfB, nil))
}

func TestParseKeysRefuses(t *testing.T) {
	const must = ": it must be at least 32 random bytes as base64 or hex (openssl rand -base64 32), or new,old while rotating"
	tests := []struct{ name, value, want string }{
		{"nothing", "", "key 1 of 1 has 0 bytes" + must},
		{"blanks", " \n", "key 1 of 1 has 0 bytes" + must},
		{"too short", base64.StdEncoding.EncodeToString(secret(1)[:31]), "key 1 of 1 has 31 bytes" + must},
		{"hex of 24 bytes, though base64 of 36", hex.EncodeToString(secret(1)[:24]), "key 1 of 1 has 24 bytes" + must},
		{"hex with a digit lost", hex.EncodeToString(secret(1))[1:], "key 1 of 1 has an odd number of hex digits" + must},
		{"a pass phrase", "correct horse battery staple, but longer", "key 1 of 2 is neither base64 nor hex" + must},
		{"zeros", strings.Repeat("0", 64), "key 1 of 1 is not random" + must},
		{"one byte repeated", base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{200}, 40)), "key 1 of 1 is not random" + must},
		{"four bytes repeated", strings.Repeat("deadbeef", 8), "key 1 of 1 is not random" + must},
		{"a bad old key", encoded(1) + ",x", "key 2 of 2 is neither base64 nor hex" + must},
		{"a comma too many", encoded(1) + ",", "key 2 of 2 has 0 bytes" + must},
		{"the same key twice", encoded(1) + "," + hex.EncodeToString(secret(1)), "key 2 of 2 is in the list already: write each key once, the new one first"},
	}
	for _, tt := range tests {
		_, err := seal.ParseKeys(tt.value)
		if err == nil {
			t.Errorf("%s: accepted", tt.name)
		} else if err.Error() != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, err, tt.want)
		}
	}
}

func TestRandomKeysAreAccepted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		distinct := rapid.SliceOfNDistinct(rapid.Byte(), 32, 64, rapid.ID[byte]).Draw(t, "secret")
		for _, s := range []string{hex.EncodeToString(distinct), base64.StdEncoding.EncodeToString(distinct)} {
			if _, err := seal.ParseKeys(s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
	})
}

func TestCookieKeys(t *testing.T) {
	keys, err := ring(t, 1, 2).CookieKeys()
	if err != nil {
		t.Fatal(err)
	}
	if len(keys) != 4 {
		t.Fatalf("got %d keys, want signing and encryption of both masters", len(keys))
	}
	seen := map[string]bool{}
	for _, key := range keys {
		if len(key) != 32 || seen[string(key)] {
			t.Errorf("a key of %d bytes, or one that comes twice", len(key))
		}
		seen[string(key)] = true
	}
	old, err := ring(t, 2).CookieKeys()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(keys[2], old[0]) || !bytes.Equal(keys[3], old[1]) {
		t.Error("the old master's keys changed by rotating")
	}
	if _, err := (seal.Keyring{}).CookieKeys(); err == nil {
		t.Error("an empty keyring gave keys")
	}
}

func TestPrintingShowsNoKey(t *testing.T) {
	config := struct{ keys seal.Keyring }{ring(t, 1)}
	longRun := regexp.MustCompile(`[0-9a-fA-F]{30}`)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		printed := fmt.Sprintf(verb, config)
		// The key id and an address may show; 32 bytes of a key, in any spelling, may not.
		if len(strings.Fields(printed)) > 15 || longRun.MatchString(printed) {
			t.Errorf("%s prints a key: %s", verb, printed)
		}
	}
}

func FuzzParseKeys(f *testing.F) {
	for _, seed := range []string{"", ",", encoded(1), encoded(1) + "," + encoded(2), hex.EncodeToString(secret(3)), "====", "00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := seal.ParseKeys(s)
		if err != nil {
			if len(s) >= 32 && strings.Contains(err.Error(), s) {
				t.Errorf("the error repeats the value: %v", err)
			}
			return
		}
		if keys, err := k.CookieKeys(); err != nil || len(keys) != 2*(1+strings.Count(s, ",")) {
			t.Errorf("%q gave %d keys, %v", s, len(keys), err)
		}
	})
}
