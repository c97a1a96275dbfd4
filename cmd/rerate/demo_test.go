package main

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

func TestTheWelcomeLeadsToTheConsentPage(t *testing.T) {
	var said strings.Builder
	p := program{stdout: &said, lookup: environment()}
	if err := p.welcome("http://localhost:8080", "http://localhost:8081", false); err != nil {
		t.Fatal(err)
	}
	var addresses []string
	for _, word := range strings.Fields(said.String()) {
		if strings.HasPrefix(word, "http") {
			addresses = append(addresses, word)
		}
	}
	if len(addresses) != 2 || addresses[0] != "http://localhost:8080/auth/intercom" || addresses[1] != "http://localhost:8081" {
		t.Errorf("it names %q", addresses)
	}
	for _, line := range strings.Split(said.String(), "\n") {
		if len(line) > 110 {
			t.Errorf("this line is %d letters long: %s", len(line), line)
		}
	}
}

// What is forgotten when the demo ends depends on where its database is.
func TestTheWelcomeSaysWhatIsForgotten(t *testing.T) {
	for want, env := range map[string]lookup{
		"Ctrl-C stops both and forgets everything.": environment(),
		"your database keeps":                       environment("RERATE_DATABASE_URL", "sqlite:///srv/rerate.db"),
	} {
		var said strings.Builder
		p := program{stdout: &said, lookup: env}
		if err := p.welcome("http://localhost:8080", "http://localhost:8081", false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not say %q: %s", want, said.String())
		}
	}
}

// Who has something else on a port is told which variable or flag to change.
func TestTheDemoSaysWhichPortIsTaken(t *testing.T) {
	var listen net.ListenConfig
	taken, err := listen.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, test := range []struct{ app, sandbox, names string }{
		{taken.Addr().String(), "127.0.0.1:0", "RERATE_ADDR="},
		{"127.0.0.1:0", taken.Addr().String(), "--sandbox-addr "},
	} {
		p := program{now: time.Now, stdout: io.Discard, stderr: io.Discard, lookup: func(name string) (string, bool) {
			return test.app, name == "RERATE_ADDR"
		}}
		err := p.demo(context.Background(), []string{"--sandbox-addr", test.sandbox})
		if err == nil || !strings.Contains(err.Error(), test.names) || !strings.Contains(err.Error(), "port of your own") {
			t.Errorf("with %s taken it says: %v", test.names, err)
		}
	}
}
