package handlers

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humaecho"
	"github.com/labstack/echo/v4"
	"golang.org/x/time/rate"

	"rerate/internal/seal"
	"rerate/models"
)

// authorize lets requests with a working key through, each within the workspace of its key.
func (a *api) authorize(ctx huma.Context, next func(huma.Context)) {
	c := humaecho.Unwrap(ctx)
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	who, err := a.caller(c)
	if err != nil {
		note(c, err)
		if err := sendProblem(c, problemFrom(err)); err != nil {
			note(c, err)
		}
		return
	}
	next(huma.WithValue(ctx, callerKey{}, who))
}

func (a *api) caller(c echo.Context) (caller, error) {
	ctx, cancel := context.WithTimeout(c.Request().Context(), pageTimeout)
	defer cancel()
	secret, ok := bearer(c.Request().Header)
	if !ok {
		c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="rerate"`)
		return caller{}, problem(http.StatusUnauthorized, "Send your key as: Authorization: Bearer KEY.")
	}
	key, err := a.Store.APIKey(ctx, seal.Hash(secret))
	if errors.Is(err, models.ErrNotFound) {
		return caller{}, a.refuse(c)
	}
	if err != nil {
		return caller{}, err
	}
	who := caller{tenant: a.Store.Tenant(key.WorkspaceID), key: key, request: c}
	if who.workspace, err = who.tenant.Get(ctx); err != nil {
		return caller{}, err
	}
	switch {
	case who.workspace.UninstalledAt != nil:
		return caller{}, problem(http.StatusForbidden, "The workspace has uninstalled Rerate.")
	case key.ReadOnly && c.Request().Method != http.MethodGet:
		return caller{}, problem(http.StatusForbidden, "This key may only read. Make one that may change things.")
	}
	return who, nil
}

// bearer is the key of the one Authorization header.
func bearer(header http.Header) (key string, ok bool) {
	values := header.Values(echo.HeaderAuthorization)
	if len(values) != 1 {
		return "", false
	}
	scheme, key, _ := strings.Cut(values[0], " ")
	key = strings.TrimSpace(key)
	return key, strings.EqualFold(scheme, "Bearer") && key != ""
}

// refuse answers a key that does not work: 401, or 429 once an address has sent too many of them.
func (a *api) refuse(c echo.Context) error {
	if wait := a.failures.add(c.RealIP(), a.Now()); wait > 0 {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		return problem(http.StatusTooManyRequests, "Too many keys that do not work came from this address. Wait, then send the right one.")
	}
	c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="rerate", error="invalid_token"`)
	return problem(http.StatusUnauthorized, "This key does not work: it is unknown or was revoked.")
}

// An address may send so many wrong keys at once, then one in each interval. Good keys are never held up: behind a
// proxy that is not trusted all callers have one address.
const (
	failureBurst     = 20
	failureInterval  = 6 * time.Second
	failureAddresses = 10_000
)

// failures counts wrong keys by address. It is safe for concurrent use.
type failures struct {
	mu        sync.Mutex
	byAddress map[string]*rate.Limiter
}

func newFailures() *failures { return &failures{byAddress: map[string]*rate.Limiter{}} }

// add counts a wrong key and answers how long its sender has to wait, 0 for not at all.
func (f *failures) add(address string, now time.Time) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	network := networkOf(address)
	limiter, ok := f.byAddress[network]
	if !ok {
		f.makeRoom(now)
		limiter = rate.NewLimiter(rate.Every(failureInterval), failureBurst)
		f.byAddress[network] = limiter
	}
	reservation := limiter.ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait > 0 {
		reservation.CancelAt(now)
	}
	return wait
}

// makeRoom forgets addresses that have been quiet; where none has, it forgets all rather than grow.
func (f *failures) makeRoom(now time.Time) {
	if len(f.byAddress) < failureAddresses {
		return
	}
	for network, limiter := range f.byAddress {
		if limiter.TokensAt(now) >= failureBurst {
			delete(f.byAddress, network)
		}
	}
	if len(f.byAddress) >= failureAddresses {
		clear(f.byAddress)
	}
}

// networkOf is what one sender holds: an IPv4 address, or 64 bits of an IPv6 one.
func networkOf(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	network, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return network.String()
}
