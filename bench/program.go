package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// program is a process that answers requests.
type program struct {
	args    []string // the file first
	env     []string // empty: this process's
	address string
	ready   string // the path that it answers with 200 when it is ready
	process *exec.Cmd
}

func newProgram(ready string) *program {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return &program{ready: ready, address: l.Addr().String()}
}

// start answers how long it took until the program was ready.
func (p *program) start(ctx context.Context) (time.Duration, error) {
	p.process = exec.CommandContext(ctx, p.args[0], p.args[1:]...)
	p.process.Env = p.env
	if p.env == nil { // Rerate, which has one, writes a line for each request
		p.process.Stderr = os.Stderr
	}
	began := time.Now()
	if err := p.process.Start(); err != nil {
		return 0, err
	}
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+p.ready, nil)
		if err != nil {
			return 0, err
		}
		answer, err := http.DefaultClient.Do(request)
		if err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return time.Since(began), nil
			}
			err = fmt.Errorf("%s is answered %s", p.ready, answer.Status)
		}
		if time.Since(began) > 30*time.Second {
			return 0, fmt.Errorf("it is not ready: %w", err)
		}
		time.Sleep(time.Millisecond)
	}
}

func (p *program) stop() {
	if p.process != nil && p.process.Process != nil {
		_ = p.process.Process.Signal(os.Interrupt)
		_ = p.process.Process.Signal(syscall.SIGCONT) // it may be halted
		_ = p.process.Wait()
	}
}

// used is what a process has taken of the machine so far.
type used struct {
	cpu     time.Duration
	written int // bytes that went to a disk
	memory  int // bytes held now
	peak    int // and at most
}

func (u used) plus(other used) used {
	return used{u.cpu + other.cpu, u.written + other.written, u.memory + other.memory, u.peak + other.peak}
}

func (p *program) used() used {
	read := func(name string) []byte {
		raw, _ := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.process.Process.Pid, name))
		return raw
	}
	status := read("status")
	return used{
		cpu: cpu(read("stat")), written: number(read("io"), "write_bytes:"),
		memory: number(status, "VmRSS:") * 1024, peak: number(status, "VmHWM:") * 1024,
	}
}

// cpu reads /proc/PID/stat, which counts hundredths of a second.
func cpu(stat []byte) time.Duration {
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // the name may have spaces
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// number is what stands behind a name at the beginning of a line; 0 when nothing does.
func number(lines []byte, name string) int {
	for line := range strings.Lines(string(lines)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			first, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			n, _ := strconv.Atoi(first)
			return n
		}
	}
	return 0
}
