package canvas

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
)

// checker collects the first fault of one component; its methods chain.
type checker struct {
	name string
	err  error
}

func check(kind, id string) checker {
	if id == "" {
		return checker{name: kind}
	}
	return checker{name: fmt.Sprintf("%s %q", kind, id)}
}

func (c checker) fail(why string) checker {
	if c.err == nil {
		c.err = fmt.Errorf("%s: %s", c.name, why)
	}
	return c
}

// required refuses blank text: an empty string where text is required crashes the whole card.
func (c checker) required(field, value string) checker {
	if strings.TrimSpace(value) == "" {
		return c.fail(field + " must not be empty")
	}
	return c
}

func (c checker) oneOf(field, value string, allowed ...string) checker {
	if value == "" || slices.Contains(allowed, value) {
		return c
	}
	return c.fail(fmt.Sprintf("%s must be %s, not %q", field, strings.Join(allowed, " or "), value))
}

func (c checker) saveState(value string) checker {
	return c.oneOf("save_state", value, "unsaved", "saved", "failed")
}

func (c checker) positive(field string, n int) checker {
	if n < 1 {
		return c.fail(field + " must be a number of pixels above 0")
	}
	return c
}

func (c checker) atLeastOne(field string, n int) checker {
	if n == 0 {
		return c.fail(field + " must hold at least one")
	}
	return c
}

func (c checker) https(field, address string) checker {
	if why := urlFault(address); why != "" {
		return c.fail(field + " " + why)
	}
	return c
}

func (c checker) action(a Action) checker {
	if a == nil {
		return c
	}
	if err := a.Validate(); err != nil {
		return c.fail(err.Error())
	}
	return c
}

func (c checker) options(field string, options []Option, least, most int) checker {
	if n := len(options); n < least || n > most {
		if most <= least {
			return c.fail(fmt.Sprintf("%s must hold at least %d", field, least))
		}
		return c.fail(fmt.Sprintf("%s must hold %d to %d options, not %d", field, least, most, n))
	}
	seen := map[string]bool{}
	for i, o := range options {
		c = c.required(fmt.Sprintf("id of option %d", i+1), o.ID).
			required(fmt.Sprintf("text of option %d", i+1), o.Text)
		if seen[o.ID] {
			return c.fail(fmt.Sprintf("id %q is used by two options", o.ID))
		}
		seen[o.ID] = true
	}
	return c
}

func (c checker) value(id string, options []Option) checker {
	if id == "" || slices.ContainsFunc(options, func(o Option) bool { return o.ID == id }) {
		return c
	}
	return c.fail(fmt.Sprintf("value %q is not the id of one of its options", id))
}

// urlFault says what is wrong with an address that Intercom will open, or "". It must be https;
// http is taken for this machine only, so that the demo's links work.
func urlFault(address string) string {
	if address == "" {
		return "must not be empty"
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "must be a whole https address"
	}
	if u.Scheme == "https" || u.Scheme == "http" && isLoopback(u.Hostname()) {
		return ""
	}
	return "must begin with https://"
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func ids(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}
