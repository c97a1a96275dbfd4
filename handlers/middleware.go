package handlers

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// requestID gives each request an id of ours. One that the client sends is not believed: it would end up in the log.
func (s *site) requestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderXRequestID, s.NewID())
		return next(c)
	}
}

func requestIDOf(c echo.Context) string { return c.Response().Header().Get(echo.HeaderXRequestID) }

// logRequest writes one line for each request, for one that breaks off too.
func (s *site) logRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		defer s.logLine(c, s.Now())
		if err := next(c); err != nil {
			c.Error(err)
		}
		return nil
	}
}

// logLine names the route rather than the address, since addresses hold codes and tokens, and nothing of the body.
func (s *site) logLine(c echo.Context, began time.Time) {
	level, took := slog.LevelInfo, s.Now().Sub(began)
	if s.config.Meter != nil {
		s.config.Meter.Request(c.Request().Method, c.Path(), c.Response().Status, took)
	}
	line := []slog.Attr{
		slog.String("request_id", requestIDOf(c)),
		slog.String("method", c.Request().Method),
		slog.String("route", c.Path()),
		slog.Int("status", c.Response().Status),
		slog.Int64("bytes", c.Response().Size),
		slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.String("remote", c.RealIP()),
	}
	if m, ok := memberOf(c); ok {
		line = append(line, slog.String("workspace", m.workspace.ID), slog.String("teammate", m.teammate.ID))
	}
	if err := noted(c); err != nil {
		line = append(line, slog.String("error", err.Error()))
		if status, _ := statusOf(err); status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
	}
	s.Log.LogAttrs(c.Request().Context(), level, "request", line...)
}

// recoverPanics makes an error of a panic, so that it is answered and logged like any other.
func recoverPanics() echo.MiddlewareFunc {
	return middleware.RecoverWithConfig(middleware.RecoverConfig{
		DisableErrorHandler: true,
		DisableStackAll:     true,
		LogErrorFunc: func(_ echo.Context, err error, stack []byte) error {
			return fmt.Errorf("panic: %w\n%s", err, stack)
		},
	})
}

// compress sends text in gzip. Intercom's calls are answered as they are: small, and better read in a recording. The
// static files are compressed already. That lengths may tell what is in a page (BREACH) needs a page that holds a secret,
// and a stranger who makes the browser fetch it thousands of times: our pages hold no token, and their cookie comes with no
// request that another site's page makes in the background.
func compress() echo.MiddlewareFunc {
	return middleware.GzipWithConfig(middleware.GzipConfig{
		MinLength: 1400, // what one packet carries in any case
		Skipper: func(c echo.Context) bool {
			first, _, _ := strings.Cut(strings.TrimPrefix(c.Request().URL.Path, "/"), "/")
			return slices.Contains([]string{"canvas", "intercom", "static", "webhooks"}, first)
		},
	})
}

// contentPolicy lets pages load our own files and nothing else; nothing inline runs or styles.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

func (s *site) secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set("Content-Security-Policy", contentPolicy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Referrer-Policy", "same-origin")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		if s.secure {
			header.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// filePolicy is for what a page loads: it is no page itself, so the short policy says all, some hundred bytes less with
// each file.
func filePolicy(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Security-Policy", "default-src 'none'")
		return next(c)
	}
}

// privatePage keeps pages out of every cache: they hold what customers said.
func privatePage(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return next(c)
	}
}

// sameOrigin refuses what another site makes a browser send. Browsers say where a request comes from in headers
// that pages cannot set; programs that send neither have no cookie of ours to misuse.
func (s *site) sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	var protection http.CrossOriginProtection
	return func(c echo.Context) error {
		if err := protection.Check(c.Request()); err != nil {
			return echo.NewHTTPError(http.StatusForbidden).WithInternal(err)
		}
		return next(c)
	}
}

// clientAddress says whose address a request has: the connection's, or what a trusted proxy forwards.
func clientAddress(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{
			IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen()),
		}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}

// seconds is a time span as cookies count it.
func seconds(span time.Duration) int { return int(span / time.Second) }
