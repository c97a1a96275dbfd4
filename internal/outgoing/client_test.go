package outgoing_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"rerate/internal/outgoing"
)

var loopback = outgoing.Guard{Private: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}

func send(t *testing.T, guard outgoing.Guard, url string) outgoing.Answer {
	t.Helper()
	a, err := outgoing.NewClient(guard).Send(t.Context(), outgoing.Message{
		URL: url, ID: vectorID, At: time.Unix(vectorTime, 0), Body: []byte(vectorBody), Secrets: []string{vectorSecret},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestAMessageArrivesSigned(t *testing.T) {
	var header http.Header
	var body []byte
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header.Clone()
		body, _ = io.ReadAll(r.Body)
	}))
	defer receiver.Close()
	if a := send(t, loopback, receiver.URL); !a.OK() || a.Status != http.StatusOK {
		t.Fatalf("%+v", a)
	}
	if string(body) != vectorBody || header.Get("webhook-id") != vectorID || header.Get("webhook-timestamp") != "1614265330" ||
		header.Get("webhook-signature") != vectorSignature || header.Get("Content-Type") != "application/json" {
		t.Errorf("%s %v", body, header)
	}
}

func TestAnswersInWords(t *testing.T) {
	status := 0
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "30")
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "what the receiver says")
	}))
	defer receiver.Close()
	for code, want := range map[int]string{
		204: "", 302: "It answered 302, a redirect, which is not followed.", 307: "a redirect", 400: "It answered 400 Bad Request.",
		410: "wants no more", 429: "It answered 429 Too Many Requests.", 500: "It answered 500 Internal Server Error.", 599: "It answered 599.",
	} {
		status = code
		a := send(t, loopback, receiver.URL)
		if a.Status != code || (want == "") != a.OK() || !strings.Contains(a.Problem, want) || strings.Contains(a.Problem, "what the receiver") {
			t.Errorf("%d: %+v", code, a)
		}
		if code == 429 && a.RetryAfter != 30*time.Second || a.Gone() != (code == 410) {
			t.Errorf("%d: %+v", code, a)
		}
	}
}

// Neither an address nor a name that leads inside is reached, and nothing arrives there.
func TestNothingGoesInside(t *testing.T) {
	reached := false
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true })
	plain, secure := httptest.NewServer(handler), httptest.NewTLSServer(handler)
	defer plain.Close()
	defer secure.Close()
	_, port, _ := net.SplitHostPort(secure.Listener.Addr().String())
	for _, url := range []string{plain.URL, secure.URL, "https://localhost:" + port, "https://127.1:" + port, "https://[::ffff:127.0.0.1]:" + port} {
		a := send(t, outgoing.Guard{}, url)
		if a.OK() || a.Status != 0 || reached {
			t.Errorf("%s: %+v, reached: %v", url, a, reached)
		}
	}
	if a := send(t, outgoing.Guard{}, secure.URL); !strings.Contains(a.Problem, "not public") {
		t.Errorf("%+v", a)
	}
}

func TestFailuresInWords(t *testing.T) {
	secure := httptest.NewTLSServer(nil)
	defer secure.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	broken := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer broken.Close()
	for url, want := range map[string]string{
		secure.URL: "certificate", gone.URL: "refused", broken.URL: "broke off", "https://nowhere.invalid/": "name in the address",
		strings.Replace(broken.URL, "http", "https", 1): "certificate",
	} {
		a := send(t, loopback, url)
		if !strings.Contains(a.Problem, want) || strings.Contains(a.Problem, url) {
			t.Errorf("%s: %q instead of %q", url, a.Problem, want)
		}
	}
}

func TestAStopIsNoFailureOfTheReceiver(t *testing.T) {
	release := make(chan struct{})
	hanging := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer hanging.Close()
	defer close(release)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := outgoing.NewClient(loopback).Send(ctx, outgoing.Message{URL: hanging.URL}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
