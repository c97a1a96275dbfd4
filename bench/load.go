package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// measured is a server and what was found of it.
type measured struct {
	name   string
	server *server
	next   int // the number of the next request
	idle   used

	acknowledged int
	perSecond    []float64
	cpu          []time.Duration // of the server, for a thousand taps
	written      []int           // bytes to a disk, for one tap
	p50, p99     []time.Duration // at the plan's rate
	reloading    []time.Duration // p99 while a page of the dashboard reloads all the time
}

func (m *measured) measure(ctx context.Context, p plan, counts bool) error {
	began, before := time.Now(), m.server.used()
	n, err := m.rush(ctx, p)
	if err != nil {
		return err
	}
	took, after := time.Since(began), m.server.used()
	m.acknowledged += n
	latencies, err := m.steady(ctx, p, nil)
	if err != nil {
		return err
	}
	var reloading []time.Duration
	if m.server.page != nil {
		if reloading, err = m.steady(ctx, p, m.server.page); err != nil {
			return err
		}
	}
	if !counts {
		return nil
	}
	m.perSecond = append(m.perSecond, float64(n)/took.Seconds())
	m.cpu = append(m.cpu, 1000*(after.cpu-before.cpu)/time.Duration(n))
	m.written = append(m.written, (after.written-before.written)/n)
	m.p50 = append(m.p50, share(latencies, 50))
	m.p99 = append(m.p99, share(latencies, 99))
	if reloading != nil {
		m.reloading = append(m.reloading, share(reloading, 99))
	}
	return nil
}

// rush taps on all connections as fast as the server answers.
func (m *measured) rush(ctx context.Context, p plan) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, p.seconds)
	defer cancel()
	var next, done atomic.Int64
	next.Store(int64(m.next))
	errs := make(chan error, p.connections)
	for range p.connections {
		go func() {
			errs <- m.connected(func(c *connection) error {
				for ctx.Err() == nil {
					if err := c.tap(m.server, int(next.Add(1)-1)); err != nil {
						return err
					}
					done.Add(1)
				}
				return nil
			})
		}()
	}
	var all error
	for range p.connections {
		all = errors.Join(all, <-errs)
	}
	m.next = int(next.Load())
	return int(done.Load()), all
}

// steady taps at the plan's rate, whatever the server answers, and answers how long each answer took since it was to be asked
// for. The page is read again and again meanwhile.
func (m *measured) steady(ctx context.Context, p plan, page []byte) ([]time.Duration, error) {
	var mu sync.Mutex
	var latencies []time.Duration
	var all sync.WaitGroup
	var failed error
	fail := func(err error) {
		if err != nil {
			mu.Lock()
			failed = errors.Join(failed, err)
			mu.Unlock()
		}
	}
	ended := make(chan struct{})
	if page != nil {
		all.Go(func() {
			fail(m.connected(func(c *connection) error {
				for {
					select {
					case <-ended:
						return nil
					default:
					}
					if _, err := c.ask(page); err != nil {
						return err
					}
				}
			}))
		})
	}
	due := make(chan time.Time, p.rate*10)
	var workers sync.WaitGroup
	for range p.connections {
		workers.Go(func() {
			fail(m.connected(func(c *connection) error {
				for at := range due {
					mu.Lock()
					n := m.next
					m.next++
					mu.Unlock()
					if err := c.tap(m.server, n); err != nil {
						return err
					}
					mu.Lock()
					latencies = append(latencies, time.Since(at))
					m.acknowledged++
					mu.Unlock()
				}
				return nil
			}))
		})
	}
	began := time.Now()
	for i := 0; time.Since(began) < p.seconds && ctx.Err() == nil; i++ {
		at := began.Add(time.Duration(i) * time.Second / time.Duration(p.rate))
		time.Sleep(time.Until(at))
		due <- at
	}
	close(due)
	workers.Wait()
	close(ended)
	all.Wait()
	return latencies, failed
}

// connection keeps one connection open.
type connection struct {
	net.Conn
	read *bufio.Reader
}

func (m *measured) connected(do func(*connection) error) error {
	conn, err := m.server.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	return do(&connection{conn, bufio.NewReaderSize(conn, 32*1024)})
}

func (c *connection) tap(s *server, n int) error {
	answer, err := c.ask(s.request(n))
	if err == nil && !s.taken(answer) {
		err = fmt.Errorf("tap %d is answered %s", n, answer)
	}
	return err
}

func (c *connection) ask(request []byte) ([]byte, error) {
	if _, err := c.Write(request); err != nil {
		return nil, err
	}
	answer, err := http.ReadResponse(c.read, nil)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	var body bytes.Buffer
	if _, err := io.Copy(&body, answer.Body); err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answered %s %s", answer.Status, body.Bytes())
	}
	return body.Bytes(), nil
}

// share is the value below which so many per cent are.
func share(values []time.Duration, percent int) time.Duration {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)-1, len(values)*percent/100)]
}

func median[T cmp.Ordered](values []T) (middle T) {
	if len(values) == 0 {
		return middle
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
