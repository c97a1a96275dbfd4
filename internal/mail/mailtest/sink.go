// Package mailtest is a mail server for tests and the demo: it takes every mail over SMTP, keeps it, and sends nothing on.
package mailtest

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Mail is one mail that arrived.
type Mail struct {
	From, To string // of the envelope
	Header   netmail.Header
	Subject  string // decoded
	Text     string
	HTML     string
	Raw      string
	At       time.Time
}

// Fault is what goes wrong with a mail.
type Fault int

// The faults.
const (
	Fine       Fault = iota
	Unknown          // 550: there is no such person
	Busy             // 451: not now
	Spam             // 554, once the whole mail is there
	Cut              // the whole mail is taken, and the way breaks before the answer
	CutEarlier       // the way breaks before anything of the mail is there
)

// Sink is the server. It listens on this machine alone.
type Sink struct {
	listener net.Listener
	now      func() time.Time
	open     sync.WaitGroup

	mu       sync.Mutex
	who      *url.Userinfo // may send; nil: everybody
	mails    []Mail
	conns    map[net.Conn]bool
	fault    func(to string) Fault
	arrived  chan struct{} // closed and made anew with each mail
	attempts int
}

// Start makes a sink that listens until Close.
func Start(ctx context.Context, now func() time.Time) (*Sink, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Sink{listener: listener, now: now, conns: map[net.Conn]bool{}, arrived: make(chan struct{})}
	s.open.Add(1)
	go s.accept()
	return s, nil
}

// Address is HOST:PORT, and URL what RERATE_SMTP_URL says to reach it.
func (s *Sink) Address() string { return s.listener.Addr().String() }

// URL is what RERATE_SMTP_URL says to reach it.
func (s *Sink) URL() string {
	return (&url.URL{Scheme: "smtp", User: s.whoMaySend(), Host: s.Address()}).String()
}

// LetIn lets nobody else send from now on.
func (s *Sink) LetIn(user, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.who = url.UserPassword(user, password)
}

func (s *Sink) whoMaySend() *url.Userinfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.who
}

// Close stops the server and ends every connection.
func (s *Sink) Close() {
	_ = s.listener.Close()
	s.mu.Lock()
	for conn := range s.conns {
		_ = conn.Close()
	}
	s.mu.Unlock()
	s.open.Wait()
}

// Fail sets what goes wrong with the mails to somebody from now on; nil is nothing.
func (s *Sink) Fail(fault func(to string) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = fault
}

// Mails are all that arrived, the oldest first.
func (s *Sink) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Attempts counts the mails that somebody began to hand over.
func (s *Sink) Attempts() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.attempts
}

// Wait waits until at least so many mails have arrived.
func (s *Sink) Wait(ctx context.Context, n int) ([]Mail, error) {
	for {
		s.mu.Lock()
		mails, arrived := slices.Clone(s.mails), s.arrived
		s.mu.Unlock()
		if len(mails) >= n {
			return mails, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return mails, ctx.Err()
		}
	}
}

func (s *Sink) accept() {
	defer s.open.Done()
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[conn] = true
		s.mu.Unlock()
		s.open.Go(func() {
			_ = s.talk(conn)
			_ = conn.Close()
			s.mu.Lock()
			delete(s.conns, conn)
			s.mu.Unlock()
		})
	}
}

// errCut ends a connection without a word.
var errCut = errors.New("cut")

// session is one connection.
type session struct {
	*textproto.Conn
	sink     *Sink
	who      *url.Userinfo
	letIn    bool
	from, to string
}

func (s *Sink) talk(conn net.Conn) error {
	who := s.whoMaySend()
	t := &session{Conn: textproto.NewConn(conn), sink: s, who: who, letIn: who == nil}
	if err := t.PrintfLine("220 sink ready"); err != nil {
		return err
	}
	for {
		line, err := t.ReadLine()
		if err != nil {
			return err
		}
		verb, rest, _ := strings.Cut(line, " ")
		if verb = strings.ToUpper(verb); verb == "QUIT" {
			return t.PrintfLine("221 bye")
		}
		if err := t.answer(verb, rest); err != nil {
			return err
		}
	}
}

func (t *session) answer(verb, rest string) error {
	switch verb {
	case "EHLO":
		if t.who != nil {
			return t.PrintfLine("250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME")
		}
		return t.PrintfLine("250-sink\r\n250 8BITMIME")
	case "HELO", "NOOP":
		return t.PrintfLine("250 fine")
	case "RSET":
		t.from, t.to = "", ""
		return t.PrintfLine("250 fine")
	case "AUTH":
		password, _ := t.who.Password()
		want := base64.StdEncoding.EncodeToString([]byte("\x00" + t.who.Username() + "\x00" + password))
		if t.letIn = rest == "PLAIN "+want; !t.letIn {
			return t.PrintfLine("535 5.7.8 wrong user or password")
		}
		return t.PrintfLine("235 welcome")
	case "MAIL":
		if !t.letIn {
			return t.PrintfLine("530 5.7.0 sign in first")
		}
		t.from = inAngles(rest)
		return t.PrintfLine("250 fine")
	case "RCPT":
		return t.recipient(inAngles(rest))
	case "DATA":
		return t.data()
	}
	return t.PrintfLine("502 not known here")
}

func inAngles(text string) string {
	_, text, _ = strings.Cut(text, "<")
	text, _, _ = strings.Cut(text, ">")
	return text
}

func (t *session) faultFor(to string) Fault {
	t.sink.mu.Lock()
	defer t.sink.mu.Unlock()
	if t.sink.fault == nil {
		return Fine
	}
	return t.sink.fault(to)
}

func (t *session) recipient(to string) error {
	t.sink.mu.Lock()
	t.sink.attempts++
	t.sink.mu.Unlock()
	t.to = to
	switch t.faultFor(to) {
	case Unknown:
		return t.PrintfLine("550 5.1.1 there is no such person here")
	case Busy:
		return t.PrintfLine("451 4.3.0 come back later")
	case CutEarlier:
		return errCut
	case Fine, Spam, Cut:
	}
	return t.PrintfLine("250 fine")
}

func (t *session) data() error {
	if err := t.PrintfLine("354 go ahead"); err != nil {
		return err
	}
	raw, err := t.ReadDotBytes()
	if err != nil {
		return err
	}
	fault := t.faultFor(t.to)
	if fault == Spam {
		return t.PrintfLine("554 5.7.1 this looks like spam")
	}
	mail, err := read(raw)
	if err != nil {
		return t.PrintfLine("554 5.6.0 %s", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	mail.From, mail.To, mail.At = t.from, t.to, t.sink.now()
	t.sink.keep(mail)
	if fault == Cut {
		return errCut
	}
	return t.PrintfLine("250 taken")
}

func (s *Sink) keep(mail Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, mail)
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// read takes a mail apart.
func read(raw []byte) (Mail, error) {
	message, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, err
	}
	mail := Mail{Header: message.Header, Raw: string(raw)}
	if mail.Subject, err = new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject")); err != nil {
		return Mail{}, err
	}
	kind, parameters, err := mime.ParseMediaType(message.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		return Mail{}, fmt.Errorf("the mail is %q, not text and HTML", kind)
	}
	parts := multipart.NewReader(message.Body, parameters["boundary"])
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return mail, nil
		}
		if err != nil {
			return Mail{}, err
		}
		body, err := io.ReadAll(part)
		if err != nil {
			return Mail{}, err
		}
		switch kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type")); kind {
		case "text/plain":
			mail.Text = strings.ReplaceAll(string(body), "\r\n", "\n")
		case "text/html":
			mail.HTML = strings.ReplaceAll(string(body), "\r\n", "\n")
		}
	}
}
