package intercom

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func errorList(code, message string) string {
	return `{"type":"error.list","request_id":"r-1","errors":[{"code":"` + code + `","message":"` + message + `"}]}`
}

func TestErrorsSayWhatToDo(t *testing.T) {
	type verdict struct{ Temporary, Limited, Unauthorized, NotFound, Gone, Ambiguous bool }
	for _, c := range []struct {
		status int
		body   string
		want   verdict
		text   string
	}{
		{401, errorList("unauthorized", "Access Token Invalid"), verdict{Unauthorized: true}, `401 to POST /conversations/12/reply (unauthorized: "Access Token Invalid"); connect the workspace again`},
		{404, errorList("not_found", "Resource Not Found"), verdict{NotFound: true}, `(not_found: "Resource Not Found")`},
		{429, errorList("rate_limit_exceeded", "Exceeded rate limit of 1667 in 10_seconds"), verdict{Temporary: true, Limited: true}, "try again in 10s"},
		{400, `{"errors":[{"code":"parameter_invalid"}]}`, verdict{}, `400`},
		{403, `{"errors":[]}`, verdict{}, "403"},
		{408, ``, verdict{Temporary: true}, "try again later"},
		{410, `{"errors":[{"code":"contact_merged"}]}`, verdict{Gone: true}, "contact_merged"},
		{422, `[]`, verdict{}, "422"},
		{302, ``, verdict{}, "302"},
		{500, `<html>`, verdict{Temporary: true, Ambiguous: true}, "500"},
		{503, `{"errors":[{"code":"service_unavailable"}]}`, verdict{Temporary: true, Ambiguous: true}, "503"},
		{200, `{"id":`, verdict{Temporary: true, Ambiguous: true}, "not what Intercom documents"},
		{404, `{"errors":[{"message":"` + strings.Repeat("x", 1<<20) + `"}]}`, verdict{NotFound: true}, "404"},
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if c.status == 302 {
				w.Header().Set("Location", "/elsewhere")
			}
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		})
		_, err := client.Note(t.Context(), "12", "7", "hello")
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("%d: %v", c.status, err)
		}
		_, limited := e.RateLimited()
		got := verdict{e.Temporary(), limited, e.Unauthorized(), e.NotFound(), e.Gone(), e.Ambiguous()}
		if got != c.want || e.Status != c.status || !strings.Contains(err.Error(), c.text) || len(err.Error()) > 1000 {
			t.Errorf("%d: %+v, %v", c.status, got, err)
		}
	}
}

func TestBrokenConnections(t *testing.T) {
	reset := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.(*net.TCPConn).SetLinger(0)
		conn.Close()
	}
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"id":"12"`)
	}
	check := func(name string, err error, ambiguous bool) {
		t.Helper()
		var e *Error
		if !errors.As(err, &e) || !e.Temporary() || e.Ambiguous() != ambiguous || strings.Contains(err.Error(), testToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, h := range map[string]http.HandlerFunc{"reset": reset, "cut": cut} {
		client := serve(t, h)
		check(name+", note", errOf(client.Note(t.Context(), "12", "7", "x")), true)
		check(name+", read", errOf(client.Conversation(t.Context(), "12")), false)
		check(name+", search", errOf(client.SearchConversations(t.Context(), Query{}, "")), false)
	}
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	down := NewClient(server.URL, testToken, server.Client(), atNoon)
	check("down", errOf(down.Note(t.Context(), "12", "7", "x")), false)

	asked, done := make(chan bool), make(chan bool)
	hanging := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		close(asked)
		<-done
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-asked; cancel() }()
	err := errOf(hanging.Note(ctx, "12", "7", "x"))
	close(done)
	check("hanging", err, true)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("hanging: %v", err)
	}
}
