package intercom

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sample reads one of Intercom's example bodies, which lie beside a checkout and not in it.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("../../../shared/intercom-samples", name))
	if os.IsNotExist(err) {
		t.Skip("the sample bodies (../shared/intercom-samples beside the checkout) are not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func TestSignatureVectors(t *testing.T) {
	var v struct {
		Secret string `json:"client_secret"`
		Body   string `json:"body_utf8"`
		SHA256 string `json:"X-Body-Signature"`
		SHA1   string `json:"X-Hub-Signature"`
	}
	if err := json.Unmarshal(sample(t, "signature-vectors.json"), &v); err != nil {
		t.Fatal(err)
	}
	if got := BodySignature(v.Secret, []byte(v.Body)); got != v.SHA256 {
		t.Errorf("X-Body-Signature is %s, want %s", got, v.SHA256)
	}
	if got := HubSignature(v.Secret, []byte(v.Body)); got != v.SHA1 {
		t.Errorf("X-Hub-Signature is %s, want %s", got, v.SHA1)
	}
}

// Test case 2 of RFC 2202 and RFC 4231.
func TestSignaturesAreStandardHMAC(t *testing.T) {
	body := []byte("what do ya want for nothing?")
	if got := BodySignature("Jefe", body); got != "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" {
		t.Error(got)
	}
	if got := HubSignature("Jefe", body); got != "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79" {
		t.Error(got)
	}
}

func TestVerify(t *testing.T) {
	body := []byte(`{"text":"café </b> 😍"}`)
	for _, kind := range []struct {
		name, header string
		sign         func(string, []byte) string
		verify       func([]string, http.Header, []byte) error
	}{
		{"body", BodySignatureHeader, BodySignature, VerifyBody},
		{"hub", HubSignatureHeader, HubSignature, VerifyHub},
	} {
		good := kind.sign("new", body)
		for _, c := range []struct {
			name    string
			secrets []string
			values  []string
			ok      bool
		}{
			{"right", []string{"new"}, []string{good}, true},
			{"rotating, new", []string{"new", "old"}, []string{good}, true},
			{"rotating, old", []string{"old", "new"}, []string{good}, true},
			{"wrong secret", []string{"other"}, []string{good}, false},
			{"missing", []string{"new"}, nil, false},
			{"empty", []string{"new"}, []string{""}, false},
			{"twice", []string{"new"}, []string{good, good}, false},
			{"right and wrong", []string{"new"}, []string{good, "x"}, false},
			{"two in one", []string{"new"}, []string{good + "," + good}, false},
			{"truncated", []string{"new"}, []string{good[:len(good)-1]}, false},
			{"longer", []string{"new"}, []string{good + "0"}, false},
			{"space", []string{"new"}, []string{" " + good}, false},
			{"prefix", []string{"new"}, []string{"sha256=" + good}, false},
			{"upper case", []string{"new"}, []string{strings.ToUpper(good)}, false},
			{"no secrets", nil, []string{good}, false},
			{"empty secret", []string{""}, []string{kind.sign("", body)}, false},
			{"empty secret among others", []string{"new", ""}, []string{good}, false},
		} {
			err := kind.verify(c.secrets, http.Header{kind.header: c.values}, body)
			if (err == nil) != c.ok {
				t.Errorf("%s, %s: %v", kind.name, c.name, err)
			}
			if err != nil && strings.Contains(err.Error(), strings.TrimPrefix(good, "sha1=")) {
				t.Errorf("%s, %s: the error tells the right signature", kind.name, c.name)
			}
		}
		if kind.verify([]string{"new"}, http.Header{kind.header: {good}}, append(body, ' ')) == nil {
			t.Errorf("%s: a changed body passed", kind.name)
		}
	}
}
