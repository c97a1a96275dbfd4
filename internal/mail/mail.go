// Package mail sends e-mail over SMTP, one message at a time, and says how it ended: sent, refused, not taken yet, or
// nobody knows.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// patience is how long the server may take to greet, protect the way and let us in, and again to take one message.
const patience = 10 * time.Second

// Message is one e-mail to one person.
type Message struct {
	ID          string // before the @ of the Message-ID; the same for every attempt at the same mail
	To          string // an address as ParseAddress gives it
	Subject     string
	Text        string // for programs and people that show no HTML
	HTML        string
	Unsubscribe string // an address that takes a POST, by RFC 8058; empty: there is none
}

// Outcome is how an attempt ended that did not end well.
type Outcome int

// The outcomes. After Unclear the message may have arrived, after the others it has not.
const (
	Refused Outcome = iota // for good: the same attempt would end the same way
	NotYet                 // a later attempt may do
	Unclear                // the way broke after the whole message was handed over and before the answer
)

// Error is an attempt that did not end well.
type Error struct {
	Outcome Outcome
	Reason  string // one sentence for people
	Cause   error  // logged, never shown
}

// Error is the sentence with the cause, for logs.
func (e Error) Error() string { return e.Reason + " (" + e.Cause.Error() + ")" }

// Unwrap is the cause.
func (e Error) Unwrap() error { return e.Cause }

// Mailer hands mail to a server.
type Mailer struct {
	server Server
	from   Sender
	now    func() time.Time
}

// New makes a mailer; now dates the mails.
func New(server Server, from Sender, now func() time.Time) *Mailer {
	return &Mailer{server: server, from: from, now: now}
}

// From is whom the mail is from, as people read it.
func (m *Mailer) From() string {
	if m.from.Name == "" {
		return m.from.Address
	}
	return m.from.Name + " <" + m.from.Address + ">"
}

// Send hands a message over. Its error is an Error.
func (m *Mailer) Send(ctx context.Context, message Message) error {
	letter, err := m.letter(message)
	if err != nil {
		return Error{Refused, "This mail cannot be written.", err}
	}
	var conn net.Conn
	client, err := m.client(&conn)
	if err != nil {
		return Error{Refused, "The mail server's setting is of no use.", err}
	}
	// Never by QUIT after a failure: behind half a message it would end that message and have it sent.
	defer func() {
		if conn != nil {
			_ = conn.Close()
		}
	}()
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return notLetIn(err)
	}
	if err := client.SendWithSMTPClient(session, letter); err != nil && !letter.IsDelivered() {
		return notTaken(err)
	}
	_ = session.Quit() // it is sent, whatever the server says now
	return nil
}

// letter is the message with its headers.
func (m *Mailer) letter(message Message) (*gomail.Msg, error) {
	if hasControl(message.ID + message.To + message.Subject + message.Unsubscribe) {
		return nil, errors.New("a header holds a control character")
	}
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	letter.FromMailAddress(&netmail.Address{Name: m.from.Name, Address: m.from.Address})
	if err := letter.To(message.To); err != nil {
		return nil, err
	}
	letter.Subject(message.Subject)
	letter.SetDateWithValue(m.now())
	letter.SetMessageIDWithValue(message.ID + "@" + m.from.domain())
	letter.SetGenHeader("Auto-Submitted", "auto-generated") // so that no answering machine answers
	if message.Unsubscribe != "" {
		letter.SetGenHeader("List-Unsubscribe", "<"+message.Unsubscribe+">")
		letter.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	letter.SetBodyString(gomail.TypeTextPlain, message.Text)
	letter.AddAlternativeString(gomail.TypeTextHTML, message.HTML)
	return letter, nil
}

// client is set up for one session, whose connection it tells.
func (m *Mailer) client(conn *net.Conn) (*gomail.Client, error) {
	options := []gomail.Option{
		gomail.WithPort(m.server.Port), gomail.WithTimeout(patience), gomail.WithoutNoop(), gomail.WithoutRset(),
		gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			dialed, err := m.dial(ctx, network, address)
			*conn = dialed
			return dialed, err
		}),
	}
	switch m.server.TLS {
	case StartTLS:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case Implicit:
		options = append(options, gomail.WithSSL())
	case Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if m.server.User != "" {
		ways := []gomail.SMTPAuthType{gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin, gomail.SMTPAuthCramMD5}
		if m.server.TLS == Plain { // on this machine
			ways[1], ways[2] = gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc
		}
		options = append(options, gomail.WithOpportunisticSMTPAuth(ways...), gomail.WithUsername(m.server.User), gomail.WithPassword(m.server.Password))
	}
	return gomail.NewClient(m.server.Host, options...)
}

func (m *Mailer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var dialer net.Dialer
	if m.server.TLS == Implicit {
		return (&tls.Dialer{NetDialer: &dialer, Config: &tls.Config{ServerName: m.server.Host}}).DialContext(ctx, network, address)
	}
	return dialer.DialContext(ctx, network, address)
}

// notLetIn says why there was no session. Whatever it was, an operator may mend it, so a later attempt may do.
func notLetIn(err error) error {
	var answer *textproto.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &answer) && (answer.Code == 535 || answer.Code == 534 || answer.Code == 530):
		return Error{NotYet, "The mail server does not accept the user and password: " + said(answer) + ".", err}
	case errors.As(err, &answer):
		return Error{NotYet, "The mail server did not let us in: " + said(answer) + ".", err}
	case errors.As(err, &certificate):
		return Error{NotYet, "The mail server's certificate cannot be trusted.", err}
	case strings.Contains(err.Error(), "STARTTLS"):
		return Error{NotYet, "The mail server does not offer STARTTLS, which protects the way to it.", err}
	case strings.Contains(err.Error(), "AUTH"):
		return Error{NotYet, "The mail server knows no way to sign in that is safe.", err}
	}
	return Error{NotYet, "The mail server cannot be reached.", err}
}

// notTaken says why the server did not take the message.
func notTaken(err error) error {
	var failed *gomail.SendError
	var answer *textproto.Error
	switch {
	case errors.As(err, &failed) && failed.ErrorCode() != 0 && answered(failed, &answer):
		outcome := Refused
		if answer.Code < 500 {
			outcome = NotYet
		}
		return Error{outcome, "The mail server did not take it: " + said(answer) + ".", err}
	case errors.As(err, &failed) && failed.Reason == gomail.ErrSMTPDataClose:
		return Error{Unclear, "The mail server took it but broke off before it said whether it sends it.", err}
	}
	return Error{NotYet, "The mail server broke off.", err}
}

// answered finds the server's own words. They stand, quoted, in the text alone: the library's error hides the rest.
func answered(failed *gomail.SendError, answer **textproto.Error) bool {
	code := failed.ErrorCode()
	_, rest, _ := strings.Cut(failed.Error(), fmt.Sprintf(" %d ", code))
	quoted, err := strconv.QuotedPrefix(rest)
	if err != nil {
		return false
	}
	words, err := strconv.Unquote(quoted)
	*answer = &textproto.Error{Code: code, Msg: words}
	return err == nil
}

// said is the server's answer in one short line.
func said(answer *textproto.Error) string {
	const most = 200
	words := strings.Join(strings.FieldsFunc(answer.Msg, func(r rune) bool { return r < ' ' || r == 0x7f }), " ")
	words = strings.TrimRight(strings.ToValidUTF8(words, "�"), ". ")
	if runes := []rune(words); len(runes) > most {
		words = string(runes[:most]) + "…"
	}
	return strings.TrimSpace(fmt.Sprintf("%d %s", answer.Code, words))
}
