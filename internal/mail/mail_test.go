package mail_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"rerate/internal/mail"
	"rerate/internal/mail/mailtest"
)

var sentAt = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

func now() time.Time { return sentAt }

func sink(t *testing.T) *mailtest.Sink {
	t.Helper()
	s, err := mailtest.Start(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func mailer(t *testing.T, address string) *mail.Mailer {
	t.Helper()
	server, err := mail.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	return mail.New(server, mail.Sender{Name: "Rerate, at \"work\"", Address: "rerate@example.com"}, now)
}

var message = mail.Message{
	ID: "digest.2026-02-23.abc", To: "jane@example.com", Subject: "Zufriedenheit: 87 % 😍", Text: "Text mit Ümlaut.\n.\nEnde\n",
	HTML: "<p>HTML mit Ümlaut</p>", Unsubscribe: "https://rerate.example.com/digest/" + strings.Repeat("x", 300),
}

func TestAMailArrivesWhole(t *testing.T) {
	s := sink(t)
	if err := mailer(t, s.URL()).Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	got := s.Mails()[0]
	if got.From != "rerate@example.com" || got.To != message.To || got.Subject != message.Subject || got.Text != message.Text || got.HTML != message.HTML {
		t.Errorf("it arrived as %+v", got)
	}
	for name, want := range map[string]string{
		"From": `"Rerate, at \"work\"" <rerate@example.com>`, "To": "<jane@example.com>", "Message-Id": "<digest.2026-02-23.abc@example.com>",
		"Date": "Mon, 02 Mar 2026 09:00:00 +0000", "List-Unsubscribe": "<" + message.Unsubscribe + ">",
		"List-Unsubscribe-Post": "List-Unsubscribe=One-Click", "Auto-Submitted": "auto-generated", "User-Agent": "", "X-Mailer": "",
	} {
		if said := got.Header.Get(name); said != want {
			t.Errorf("%s is %q, want %q", name, said, want)
		}
	}
	for line := range strings.SplitSeq(got.Raw, "\n") {
		if len(line) > 998 {
			t.Errorf("a line has %d characters", len(line))
		}
	}
}

func TestWithoutUnsubscribingThereIsNoSuchHeader(t *testing.T) {
	s := sink(t)
	m := message
	m.Unsubscribe = ""
	if err := mailer(t, s.URL()).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if header := s.Mails()[0].Header; header.Get("List-Unsubscribe")+header.Get("List-Unsubscribe-Post") != "" {
		t.Errorf("the headers are %v", header)
	}
}

func TestNoHeaderCanBePutIn(t *testing.T) {
	s := sink(t)
	for name, change := range map[string]func(*mail.Message){
		"subject":     func(m *mail.Message) { m.Subject = "Hi\r\nBcc: eve@example.com" },
		"a lone line": func(m *mail.Message) { m.Subject = "Hi\nBcc: eve@example.com" },
		"id":          func(m *mail.Message) { m.ID = "x>\r\nBcc: <eve@example.com" },
		"to":          func(m *mail.Message) { m.To = "jane@example.com>\r\nRCPT TO:<eve@example.com" },
		"unsubscribe": func(m *mail.Message) { m.Unsubscribe = "https://x>\r\nBcc: eve@example.com" },
	} {
		m := message
		change(&m)
		var failed mail.Error
		if err := mailer(t, s.URL()).Send(t.Context(), m); !errors.As(err, &failed) || failed.Outcome != mail.Refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := s.Mails(); len(got) > 0 || s.Attempts() > 0 {
		t.Errorf("something was sent: %+v", got)
	}
}

func TestHowAnAttemptEnds(t *testing.T) {
	for name, test := range map[string]struct {
		fault   mailtest.Fault
		outcome mail.Outcome
		reason  string
		arrived int
	}{
		"nobody there": {mailtest.Unknown, mail.Refused, "The mail server did not take it: 550 5.1.1 there is no such person here.", 0},
		"busy":         {mailtest.Busy, mail.NotYet, "The mail server did not take it: 451 4.3.0 come back later.", 0},
		"spam":         {mailtest.Spam, mail.Refused, "The mail server did not take it: 554 5.7.1 this looks like spam.", 0},
		"cut early":    {mailtest.CutEarlier, mail.NotYet, "The mail server broke off.", 0},
		"cut":          {mailtest.Cut, mail.Unclear, "The mail server took it but broke off before it said whether it sends it.", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := sink(t)
			s.Fail(func(string) mailtest.Fault { return test.fault })
			var failed mail.Error
			if err := mailer(t, s.URL()).Send(t.Context(), message); !errors.As(err, &failed) || failed.Outcome != test.outcome || failed.Reason != test.reason {
				t.Errorf("it ended with %v", err)
			}
			if n := len(s.Mails()); n != test.arrived {
				t.Errorf("%d mails arrived", n)
			}
		})
	}
}

func TestOnlyWhoMaySends(t *testing.T) {
	s := sink(t)
	s.LetIn("rerate", "s3cret")
	if err := mailer(t, s.URL()).Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	var failed mail.Error
	err := mailer(t, "smtp://rerate:other@"+s.Address()).Send(t.Context(), message)
	if !errors.As(err, &failed) || failed.Outcome != mail.NotYet || failed.Reason != "The mail server does not accept the user and password: 535 5.7.8 wrong user or password." {
		t.Errorf("a wrong password: %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "other") {
		t.Errorf("the password is told: %v", err)
	}
	if len(s.Mails()) != 1 {
		t.Errorf("%d mails arrived", len(s.Mails()))
	}
}

// TestNothingGoesOpenly speaks with a server that is not to be trusted: one without STARTTLS, and one with a certificate that
// nobody knows. loopback is asked for by another name, since on this machine TLS is not wanted.
func TestNothingGoesOpenly(t *testing.T) {
	s := sink(t)
	_, port, err := net.SplitHostPort(s.Address())
	if err != nil {
		t.Fatal(err)
	}
	server, err := mail.ParseURL("smtp://u:p@" + "127.0.0.1:" + port)
	if err != nil {
		t.Fatal(err)
	}
	server.TLS = mail.StartTLS
	var failed mail.Error
	err = mail.New(server, mail.Sender{Address: "a@example.com"}, now).Send(t.Context(), message)
	if !errors.As(err, &failed) || failed.Reason != "The mail server does not offer STARTTLS, which protects the way to it." {
		t.Errorf("without STARTTLS: %v", err)
	}
	server, err = mail.ParseURL("smtps://" + stranger(t))
	if err != nil {
		t.Fatal(err)
	}
	err = mail.New(server, mail.Sender{Address: "a@example.com"}, now).Send(t.Context(), message)
	if !errors.As(err, &failed) || failed.Outcome != mail.NotYet || failed.Reason != "The mail server's certificate cannot be trusted." {
		t.Errorf("an unknown certificate: %v", err)
	}
	if s.Attempts() > 0 {
		t.Error("a mail was handed over")
	}
}

// stranger is a server whose certificate nobody has signed.
func stranger(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	body := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	signed, err := x509.CreateCertificate(rand.Reader, body, body, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{signed}, PrivateKey: key}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.(*tls.Conn).HandshakeContext(context.Background())
			conn.Close()
		}
	}()
	return l.Addr().String()
}

func TestAServerThatIsNotThere(t *testing.T) {
	s := sink(t)
	s.Close()
	var failed mail.Error
	if err := mailer(t, s.URL()).Send(t.Context(), message); !errors.As(err, &failed) || failed.Outcome != mail.NotYet || failed.Reason != "The mail server cannot be reached." {
		t.Errorf("it ended with %v", err)
	}
}

func TestParseURL(t *testing.T) {
	for raw, want := range map[string]mail.Server{
		"smtp://mail.example.com":                 {Host: "mail.example.com", Port: 587},
		"smtp://jane:p%40ss@mail.example.com:25/": {Host: "mail.example.com", Port: 25, User: "jane", Password: "p@ss"},
		"smtps://a%40b.c:x@mail.example.com":      {Host: "mail.example.com", Port: 465, TLS: mail.Implicit, User: "a@b.c", Password: "x"},
		"smtp://relay:25?tls=off":                 {Host: "relay", Port: 25, TLS: mail.Plain},
		"smtp://localhost:1025":                   {Host: "localhost", Port: 1025, TLS: mail.Plain},
		"smtp://u:p@[::1]:1025":                   {Host: "::1", Port: 1025, TLS: mail.Plain, User: "u", Password: "p"},
		"smtp://u:p@127.0.0.1?tls=off":            {Host: "127.0.0.1", Port: 587, TLS: mail.Plain, User: "u", Password: "p"},
		"smtps://127.0.0.1":                       {Host: "127.0.0.1", Port: 465, TLS: mail.Implicit},
	} {
		if got, err := mail.ParseURL(raw); err != nil || got != want {
			t.Errorf("%s: %+v, %v", raw, got, err)
		}
	}
	for raw, want := range map[string]string{
		"": "must be smtp://", "mail.example.com:587": "must be smtp://", "http://mail.example.com": "must be smtp://", "smtp://": "must be smtp://",
		"smtp://u:p@": "must be smtp://", "smtp://a b": "must be smtp://", "smtp://host/path": "must be smtp://", "smtp://host#x": "must be smtp://",
		"smtp:host": "must be smtp://", "smtp://p%ss@host": "must be smtp://", "smtp://host\r\n": "must be smtp://",
		"smtp://host:0": "must end in a port", "smtp://host:65536": "must end in a port", "smtp://host:x": "must be smtp://",
		"smtp://u@host": "must name a user and a password", "smtp://:p@host": "must name a user and a password", "smtp://u:p%0D%0A@host": "must name a user",
		"smtp://host?tls=on": "takes nothing after the port but ?tls=off", "smtps://host?tls=off": "cannot be smtps://",
		"smtp://u:s3cret@host?tls=off": "would send a password without TLS",
	} {
		if got, err := mail.ParseURL(raw); err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %+v, %v", raw, got, err)
		}
	}
}

func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{"smtp://u:p@host:587", "smtps://host", "smtp://[::1]:25?tls=off", "smtp://%", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		s, err := mail.ParseURL(raw)
		if err != nil {
			if u, bad := url.Parse(raw); bad == nil {
				if password, _ := u.User.Password(); len(password) > 20 && strings.Contains(err.Error(), password) {
					t.Errorf("the error tells the password: %v", err)
				}
			}
			return
		}
		local := s.Host == "localhost" || net.ParseIP(s.Host).IsLoopback()
		if s.Port < 1 || s.Port > 65535 || s.Host == "" || strings.ContainsAny(s.Host+s.User+s.Password, "\r\n\x00") || (s.User == "") != (s.Password == "") {
			t.Errorf("%q: %+v", raw, s)
		}
		if s.TLS == mail.Plain && !local && (s.User != "" || !strings.HasSuffix(raw, "?tls=off")) {
			t.Errorf("%q would be spoken with openly", raw)
		}
	})
}

func TestParseAddress(t *testing.T) {
	for typed, want := range map[string]string{
		" Jane@Example.COM ": "jane@example.com", "j.o'neil+x@mail.example.co.uk": "j.o'neil+x@mail.example.co.uk",
	} {
		if got, err := mail.ParseAddress(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{
		"", "jane", "jane@", "@example.com", "jane@example", "Jane <jane@example.com>", "jane@example.com, eve@example.com", "jane@example.com\r\nBcc: eve@example.com",
		"jane@exam ple.com", `"j j"@example.com`, "jäne@example.com", "jane@example..com", "jane@-example.com", strings.Repeat("x", 65) + "@example.com",
		"j@" + strings.Repeat("x.", 130) + "com",
	} {
		if got, err := mail.ParseAddress(typed); err == nil {
			t.Errorf("%q was taken for %q", typed, got)
		}
	}
}

func TestParseSender(t *testing.T) {
	for typed, want := range map[string]mail.Sender{
		"rerate@localhost": {Address: "rerate@localhost"}, "Rerate <rerate@example.com>": {Name: "Rerate", Address: "rerate@example.com"},
	} {
		if got, err := mail.ParseSender(typed); err != nil || got != want {
			t.Errorf("%q: %+v, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "Rerate", "Rerate <rerate>", "a@b.c, d@e.f", "=?utf-8?q?a=0D=0Ab?= <a@b.c>", `"a b"@example.com`} {
		if got, err := mail.ParseSender(typed); err == nil {
			t.Errorf("%q was taken for %+v", typed, got)
		}
	}
}
