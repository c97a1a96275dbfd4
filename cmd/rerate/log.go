package main

import (
	"context"
	"errors"
	"log/slog"
)

// log is one JSON line for each event.
func (p program) log() *slog.Logger {
	return slog.New(slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: p.level}))
}

// queueLog is the queue's own log: errors only, since what fails is told in the write-back table.
func (p program) queueLog() *slog.Logger {
	return slog.New(unlessStopping{slog.NewJSONHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelError})})
}

// unlessStopping drops what the queue says of its own work being cut off by a stop.
type unlessStopping struct{ slog.Handler }

func (h unlessStopping) Handle(ctx context.Context, r slog.Record) error {
	stopping := false
	r.Attrs(func(a slog.Attr) bool {
		err, ok := a.Value.Any().(error)
		text := a.Value.String()
		stopping = (ok && errors.Is(err, context.Canceled)) || text == context.Canceled.Error()
		return !stopping
	})
	if stopping {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs keeps the filter.
func (h unlessStopping) WithAttrs(attrs []slog.Attr) slog.Handler {
	return unlessStopping{h.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the filter.
func (h unlessStopping) WithGroup(name string) slog.Handler {
	return unlessStopping{h.Handler.WithGroup(name)}
}
