package modelstest

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Proxy stands between Rerate and PostgreSQL and loses what it is told to lose.
type Proxy struct {
	URL string // of the database, through the proxy

	listener net.Listener
	network  string // of the server
	address  string
	lose     atomic.Int32
	lost     atomic.Int32
	away     atomic.Bool // after what is lost nobody gets through any more

	mu    sync.Mutex
	conns map[net.Conn]bool
}

// What of a COMMIT is lost, together with its connection.
const (
	loseNothing int32 = iota
	loseCommit        // PostgreSQL never sees it
	loseAnswer        // PostgreSQL has done it, and nobody hears of it
)

// Between puts a proxy before the PostgreSQL at the address.
func Between(t testing.TB, dsn string) *Proxy {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{conns: map[net.Conn]bool{}}
	p.network, p.address = pgNetwork(config)
	var listen net.ListenConfig
	if p.listener, err = listen.Listen(t.Context(), "tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.listener.Close(); p.Cut() })
	through := url.URL{Scheme: "postgres", User: url.UserPassword(config.User, config.Password), Host: p.listener.Addr().String(), Path: "/" + config.Database, RawQuery: "sslmode=disable"}
	p.URL = through.String()
	go p.serve()
	return p
}

func pgNetwork(config *pgx.ConnConfig) (network, address string) {
	if len(config.Host) > 0 && config.Host[0] == '/' {
		return "unix", config.Host + "/.s.PGSQL.5432"
	}
	return "tcp", net.JoinHostPort(config.Host, "5432")
}

// LoseCommits has the next n COMMITs not arrive.
func (p *Proxy) LoseCommits(n int) { p.lost.Store(int32(n)); p.lose.Store(loseCommit) } //nolint:gosec // a few

// LoseCommitAndAll has the next COMMIT not arrive, nor anything after it.
func (p *Proxy) LoseCommitAndAll() { p.away.Store(true); p.LoseCommits(1) }

// LoseAnswers has the next n COMMITs done without an answer.
func (p *Proxy) LoseAnswers(n int) { p.lost.Store(int32(n)); p.lose.Store(loseAnswer) } //nolint:gosec // a few

// ToLose is how many COMMITs are still to be lost.
func (p *Proxy) ToLose() int { return max(0, int(p.lost.Load())) }

// Cut ends every connection.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for conn := range p.conns {
		_ = conn.Close()
	}
}

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		go p.pass(client)
	}
}

func (p *Proxy) hold(conn net.Conn) func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[conn] = true
	return func() {
		_ = conn.Close()
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.conns, conn)
	}
}

func (p *Proxy) pass(client net.Conn) {
	defer p.hold(client)()
	var dial net.Dialer
	server, err := dial.Dial(p.network, p.address)
	if err != nil {
		return
	}
	defer p.hold(server)()
	var deaf atomic.Bool // the answer to a COMMIT is lost
	go func() {
		defer func() { _ = client.Close() }()
		answers := make([]byte, 1<<16)
		for {
			n, err := server.Read(answers)
			if err != nil || deaf.Load() && bytes.Contains(answers[:n], []byte("COMMIT\x00")) {
				return
			}
			if !deaf.Load() {
				if _, err := client.Write(answers[:n]); err != nil {
					return
				}
			}
		}
	}()
	asked := make([]byte, 1<<16)
	for {
		n, err := client.Read(asked)
		if err != nil {
			return
		}
		if isCommit(asked[:n]) && p.lose.Load() != loseNothing && p.lost.Add(-1) >= 0 {
			if p.away.Load() {
				_ = p.listener.Close()
			}
			if p.lose.Load() == loseCommit {
				return
			}
			deaf.Store(true)
		}
		if _, err := io.Copy(server, bytes.NewReader(asked[:n])); err != nil {
			return
		}
	}
}

// isCommit knows the message that ends a transaction: a simple query of this one word.
func isCommit(message []byte) bool {
	return len(message) > 5 && message[0] == 'Q' && bytes.EqualFold(message[5:], []byte("commit\x00"))
}
