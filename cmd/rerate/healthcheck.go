package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// healthcheck asks the Rerate that listens on RERATE_ADDR whether it is ready, for containers.
func (p program) healthcheck(ctx context.Context, args []string) error {
	if err := parse(p.flags("healthcheck"), args); err != nil {
		return err
	}
	c, err := readConfig(p.lookup)
	if err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return errors.New("Rerate does not answer on " + c.Addr + "; is it running?")
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("Rerate is not ready: %s", response.Status)
	}
	return nil
}
