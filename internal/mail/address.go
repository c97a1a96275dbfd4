package mail

import (
	"errors"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode"
)

// mailbox is what an address may look like: plain letters, as every server takes them, and nothing that means anything in a
// header. onTheNet also wants a domain with a dot.
var (
	mailbox  = regexp.MustCompile("^[0-9A-Za-z.!#$%&'*+/=?^_{|}~-]{1,64}@[0-9A-Za-z](?:[0-9A-Za-z.-]{0,251}[0-9A-Za-z])?$")
	onTheNet = regexp.MustCompile(`@.+\.[0-9A-Za-z-]+$`)
)

// ParseAddress reads the address of somebody who is to get mail: jane@example.com, without a name, in small letters.
func ParseAddress(typed string) (string, error) {
	address := strings.ToLower(strings.TrimSpace(typed))
	if len(address) > 254 || !mailbox.MatchString(address) || !onTheNet.MatchString(address) || strings.Contains(address, "..") {
		return "", errors.New("it must be an e-mail address like jane@example.com")
	}
	return address, nil
}

// Sender is whom our mail is from.
type Sender struct {
	Name, Address string
}

// ParseSender reads the operator's setting: rerate@example.com, or Rerate <rerate@example.com>. Its error is the end of a
// sentence that begins with the setting's name.
func ParseSender(typed string) (Sender, error) {
	parsed, err := netmail.ParseAddress(typed)
	if err != nil || !mailbox.MatchString(parsed.Address) || hasControl(parsed.Name) {
		return Sender{}, errors.New(`must be an e-mail address like rerate@example.com or "Rerate <rerate@example.com>"`)
	}
	return Sender{Name: parsed.Name, Address: parsed.Address}, nil
}

// domain is what stands behind the @.
func (s Sender) domain() string { return s.Address[strings.LastIndexByte(s.Address, '@')+1:] }

// hasControl reports whether a text holds what could end a header's line.
func hasControl(text string) bool { return strings.ContainsFunc(text, unicode.IsControl) }
