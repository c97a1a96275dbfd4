package outgoing

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// Guard says where messages may go. The zero Guard lets through what is on the public internet, over https.
type Guard struct {
	Private []netip.Prefix // networks that may be reached although they are not public; there http will do, too
}

// ErrPrivate means that an address leads where messages may not go.
var ErrPrivate = errors.New("the address leads into a network that is not public")

// ParseNetworks reads networks as CIDRs or single addresses, separated by commas.
func ParseNetworks(text string) ([]netip.Prefix, error) {
	var networks []netip.Prefix
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		network, err := netip.ParsePrefix(part)
		if err != nil {
			address, notAddress := netip.ParseAddr(part)
			if notAddress != nil {
				return nil, fmt.Errorf("%q is no network like 10.0.0.0/8", part)
			}
			network = netip.PrefixFrom(address, address.BitLen())
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}

// notPublic are the networks beyond those that netip knows by name: shared, reserved, for documents and tests, the ones
// in which an IPv4 address is hidden, and the one address of a cloud's host that looks public.
var notPublic = mustNetworks("0.0.0.0/8,100.64.0.0/10,168.63.129.16/32,192.0.0.0/24,192.0.2.0/24,192.88.99.0/24,198.18.0.0/15," +
	"198.51.100.0/24,203.0.113.0/24,240.0.0.0/4,::/96,64:ff9b::/96,64:ff9b:1::/48,100::/64,2001::/23,2001:db8::/32,2002::/16," +
	"3fff::/20,5f00::/16,fec0::/10")

func mustNetworks(text string) []netip.Prefix {
	networks, err := ParseNetworks(text)
	if err != nil {
		panic(err)
	}
	return networks
}

// listed reports whether an address lies in a network that the operator has named.
func (g Guard) listed(address netip.Addr) bool { return within(g.Private, address) }

func within(networks []netip.Prefix, address netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(address) {
			return true
		}
	}
	return false
}

// Allows reports whether messages may go to an address, over https or, with plain, over http.
func (g Guard) Allows(address netip.Addr, plain bool) bool {
	address = address.Unmap().WithZone("")
	if g.listed(address) {
		return true
	}
	return !plain && address.IsGlobalUnicast() && !address.IsPrivate() && !within(notPublic, address)
}

// control refuses a connection once the name has been resolved, at the moment in which it would be made: whatever the
// name service says, and however often it changes its mind, no other address is reached.
func (g Guard) control(plain bool) func(network, address string, _ syscall.RawConn) error {
	return func(_, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		if err != nil || !g.Allows(to.Addr(), plain) {
			return ErrPrivate
		}
		return nil
	}
}

// CheckURL says in one sentence why an address cannot be sent to; "" when nothing is wrong with how it is written. What
// its name leads to is only known when it is sent to.
func (g Guard) CheckURL(text string) string {
	u, err := url.Parse(text)
	switch {
	case text == "":
		return "Enter the address to send to."
	case len(text) > longestURL:
		return "The address is too long: 2,000 characters are the most."
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "" || strings.ContainsFunc(text, isSpace):
		return "This is no web address. It begins with https://."
	case u.Scheme != "https" && (u.Scheme != "http" || len(g.Private) == 0):
		return "The address must begin with https://."
	case u.User != nil:
		return "A name and password cannot be part of the address."
	case u.Fragment != "":
		return "The address must not have a part behind #: it is never sent."
	}
	if address, err := netip.ParseAddr(u.Hostname()); err == nil && !g.Allows(address, u.Scheme == "http") {
		return "The address leads into a network that is not public, which Rerate does not send to."
	}
	return ""
}

const longestURL = 2000

func isSpace(r rune) bool { return r <= ' ' || r == 0x7F }

// dialer connects to what the guard allows only.
func (g Guard) dialer(plain bool) *net.Dialer {
	return &net.Dialer{Timeout: connectTime, Control: g.control(plain)}
}
