package outgoing_test

import (
	"net/netip"
	"strings"
	"testing"

	"rerate/internal/outgoing"
)

// Every kind of address that a server must not be talked into calling, in each way to write it, and some that are fine.
func TestWhereMessagesMayGo(t *testing.T) {
	refused := []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
		"169.254.169.254", "169.254.0.1", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1",
		"198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "192.88.99.1",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "fc00::1", "fd00:ec2::254", "fe80::1",
		"fe80::1%eth0", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2001::1", "2001:db8::1", "2002:7f00:1::", "100::1",
		"3fff::1", "5f00::1",
	}
	public := []string{"1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:1.1.1.1"}
	var none outgoing.Guard
	for _, text := range refused {
		if none.Allows(netip.MustParseAddr(text), false) {
			t.Errorf("%s may be reached", text)
		}
	}
	for _, text := range public {
		address := netip.MustParseAddr(text)
		if !none.Allows(address, false) {
			t.Errorf("%s may not be reached", text)
		}
		if none.Allows(address, true) {
			t.Errorf("%s may be reached over http", text)
		}
	}
}

func TestNamedNetworksMayBeReached(t *testing.T) {
	networks, err := outgoing.ParseNetworks("10.1.0.0/16, 127.0.0.1,::1 ,fd00::/8")
	if err != nil {
		t.Fatal(err)
	}
	guard := outgoing.Guard{Private: networks}
	for text, want := range map[string]bool{
		"10.1.2.3": true, "10.2.0.1": false, "127.0.0.1": true, "127.0.0.2": false, "::1": true, "::ffff:10.1.2.3": true,
		"fd12::1": true, "169.254.169.254": false,
	} {
		for _, plain := range []bool{true, false} {
			if got := guard.Allows(netip.MustParseAddr(text), plain); got != want {
				t.Errorf("%s, plain %v: %v", text, plain, got)
			}
		}
	}
	if guard.Allows(netip.MustParseAddr("1.1.1.1"), true) {
		t.Error("a public address may be reached over http")
	}
	for _, wrong := range []string{"off", "10.0.0.0/33", "10.0.0.0/8;::1/128", "example.com"} {
		if _, err := outgoing.ParseNetworks(wrong); err == nil || !strings.Contains(err.Error(), "network") {
			t.Errorf("%q is taken: %v", wrong, err)
		}
	}
}

func TestAddressesThatAreRefusedAsWritten(t *testing.T) {
	loopback := outgoing.Guard{Private: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
	for text, ok := range map[string][2]bool{ // without, with loopback
		"https://hooks.example.com/a?b=c": {true, true}, "https://hooks.example.com:8443/": {true, true}, "https://[2606:4700::1111]/": {true, true},
		"http://hooks.example.com/": {false, true}, // the dialer decides, where it leads
		"https://127.0.0.1/":        {false, true}, "http://127.0.0.1:80/": {false, true}, "https://[::1]/": {false, false},
		"https://[::ffff:127.0.0.1]/": {false, true}, "https://169.254.169.254/latest": {false, false}, "http://1.1.1.1/": {false, false},
		"": {}, "hooks.example.com": {}, "//hooks.example.com": {}, "https://": {}, "https:///path": {}, "https://:443/": {}, "ftp://example.com": {},
		"file:///etc/passwd": {}, "javascript:alert(1)": {}, "https://user:pass@example.com/": {}, "https://example.com/#part": {},
		"https://example.com/a b": {}, "https://example.com/\n": {}, "https://exa\x00mple.com/": {}, "https:example.com": {},
		"https://example.com/" + strings.Repeat("x", 2000): {},
	} {
		for i, guard := range []outgoing.Guard{{}, loopback} {
			if problem := guard.CheckURL(text); (problem == "") != ok[i] {
				t.Errorf("%q with guard %d: %q", text, i, problem)
			}
		}
	}
}

func FuzzCheckURL(f *testing.F) {
	for _, seed := range []string{"https://example.com", "http://[::1]:8", "https://0x7f.1/", "https://127.1/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		problem := outgoing.Guard{}.CheckURL(text)
		if problem == "" && !strings.HasPrefix(strings.ToLower(text), "https://") {
			t.Errorf("%q is fine", text)
		}
	})
}
