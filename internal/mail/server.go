package mail

import (
	"errors"
	"net"
	"net/url"
	"regexp"
	"strconv"
)

// Server is the mail server that takes our mail.
type Server struct {
	Host     string
	Port     int
	TLS      TLS
	User     string // empty: without signing in
	Password string
}

// TLS is how the way to the server is protected.
type TLS int

// The ways. A server that does not offer STARTTLS gets nothing from us, unless it is on this machine or the operator says so.
const (
	StartTLS TLS = iota
	Implicit
	Plain
)

// The ports that are usual for a way.
const (
	submission  = 587
	submissions = 465
)

// Errors of ParseURL. None repeats what was typed: it holds a password.
var (
	errURL      = errors.New("must be smtp://USER:PASSWORD@HOST:587, or smtps://HOST:465 for TLS from the start; write special characters of user and password as %40 and the like")
	errPort     = errors.New("must end in a port from 1 to 65535, like smtp://HOST:587")
	errUser     = errors.New("must name a user and a password, like smtp://USER:PASSWORD@HOST:587, or neither")
	errQuery    = errors.New("takes nothing after the port but ?tls=off")
	errBothWays = errors.New("cannot be smtps:// and ?tls=off at once")
	errOpenly   = errors.New("would send a password without TLS: leave out ?tls=off, or user and password")
)

// hostName is what a server's name or address may look like.
var hostName = regexp.MustCompile(`^[0-9A-Za-z:._-]{1,253}$`)

// ParseURL reads the operator's setting: smtp://USER:PASSWORD@HOST:587, with STARTTLS, or smtps://HOST:465. Without TLS only
// a server on this machine is spoken with, or any without a password where ?tls=off says so. Its errors are the end of a
// sentence that begins with the setting's name, and repeat nothing of it.
func ParseURL(raw string) (Server, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.Fragment != "" || (u.Path != "" && u.Path != "/") || !hostName.MatchString(u.Hostname()) {
		return Server{}, errURL
	}
	s := Server{Host: u.Hostname()}
	switch u.Scheme {
	case "smtp":
		s.Port = submission
	case "smtps":
		s.Port, s.TLS = submissions, Implicit
	default:
		return Server{}, errURL
	}
	if port := u.Port(); port != "" {
		if s.Port, err = strconv.Atoi(port); err != nil || s.Port < 1 || s.Port > 65535 {
			return Server{}, errPort
		}
	}
	if u.User != nil {
		s.User = u.User.Username()
		s.Password, _ = u.User.Password()
		if s.User == "" || s.Password == "" || hasControl(s.User) || hasControl(s.Password) {
			return Server{}, errUser
		}
	}
	return s, s.protect(u)
}

// protect decides about TLS.
func (s *Server) protect(u *url.URL) error {
	off := u.RawQuery == "tls=off"
	switch {
	case u.RawQuery != "" && !off:
		return errQuery
	case off && s.TLS == Implicit:
		return errBothWays
	case off && s.User != "" && !s.local():
		return errOpenly
	case off || (s.TLS == StartTLS && s.local()):
		s.TLS = Plain
	}
	return nil
}

// local reports whether the server is on this machine, so that nobody can read along.
func (s *Server) local() bool {
	ip := net.ParseIP(s.Host)
	return s.Host == "localhost" || (ip != nil && ip.IsLoopback())
}
