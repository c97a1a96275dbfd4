package outgoing_test

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"rerate/internal/outgoing"
)

// The vector that libraries for Standard Webhooks are tested with; docs/api.md shows it, too.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorTime      = 1614265330
	vectorBody      = `{"test": 2432232314}`
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

func TestSignatureOfTheStandardsVector(t *testing.T) {
	got, err := outgoing.Sign(vectorID, time.Unix(vectorTime, 0), []byte(vectorBody), vectorSecret)
	if err != nil || got != vectorSignature {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestSignatureChangesWithEverythingThatItCovers(t *testing.T) {
	at := time.Unix(vectorTime, 0)
	other := "whsec_" + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("x"), 32))
	for name, sign := range map[string]func() (string, error){
		"id": func() (string, error) { return outgoing.Sign("msg_2", at, []byte(vectorBody), vectorSecret) },
		"time": func() (string, error) {
			return outgoing.Sign(vectorID, at.Add(time.Second), []byte(vectorBody), vectorSecret)
		},
		"body":   func() (string, error) { return outgoing.Sign(vectorID, at, []byte(vectorBody+" "), vectorSecret) },
		"secret": func() (string, error) { return outgoing.Sign(vectorID, at, []byte(vectorBody), other) },
	} {
		if got, err := sign(); err != nil || got == vectorSignature {
			t.Errorf("another %s has the same signature: %q, %v", name, got, err)
		}
	}
	both, err := outgoing.Sign(vectorID, at, []byte(vectorBody), other, vectorSecret)
	if parts := strings.Fields(both); err != nil || len(parts) != 2 || parts[1] != vectorSignature {
		t.Errorf("two secrets sign as %q, %v", both, err)
	}
}

func TestNoSignatureWithoutASecret(t *testing.T) {
	for _, secrets := range [][]string{nil, {""}, {"whsec_"}, {"whsec_AAAA"}, {"whsec_!!!"}, {vectorSecret, ""}} {
		if got, err := outgoing.Sign(vectorID, time.Unix(vectorTime, 0), nil, secrets...); err == nil {
			t.Errorf("%q sign as %q", secrets, got)
		}
	}
}

func TestNewSecretsDifferAndSign(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		secret, err := outgoing.NewSecret(rand.Reader)
		if err != nil || seen[secret] {
			t.Fatalf("%q twice, or %v", secret, err)
		}
		seen[secret] = true
		if _, err := outgoing.Sign("id", time.Unix(0, 0), nil, secret); err != nil {
			t.Fatal(err)
		}
	}
}

// Who writes a receiver tries it with the example in the documentation.
func TestTheDocumentedExampleIsTheVector(t *testing.T) {
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"secret": vectorSecret, "`webhook-id`": vectorID, "`webhook-timestamp`": strconv.Itoa(vectorTime), "body": vectorBody, "`webhook-signature`": vectorSignature,
	} {
		if row := "| " + name + " | `" + value + "` |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/api.md has no row %s", row)
		}
	}
}
