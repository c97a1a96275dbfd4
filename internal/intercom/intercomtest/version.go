package intercomtest

import (
	"slices"
	"strconv"
	"strings"
)

// version is an API version as a number: 2.15 is 215. Preview is above all.
type version int

const (
	version215 version = 215 // conversation_rating is the latest answered one; webhook bodies are plain text
	version216 version = 216 // /conversations/attributes; priority in five steps; assignee 0 for nobody
	version217 version = 217 // POST /conversations/{id}/rating
	preview    version = 999
	newest             = 17 // of 2.x
)

var oldVersions = []string{"1.0", "1.1", "1.2", "1.3", "1.4"}

// parseVersion reads an Intercom-Version header.
func parseVersion(header string) (version, bool) {
	if header == "Preview" || header == "Unstable" {
		return preview, true
	}
	if slices.Contains(oldVersions, header) {
		n, _ := strconv.Atoi(header[2:])
		return version(100 + n), true
	}
	minor, ok := strings.CutPrefix(header, "2.")
	n, err := strconv.Atoi(minor)
	if !ok || err != nil || n < 0 || n > newest || strconv.Itoa(n) != minor {
		return 0, false
	}
	return version(200 + n), true
}

// appVersion is what the Developer Hub says.
func (s *Server) appVersion() version {
	v, ok := parseVersion(s.opts.AppVersion)
	if !ok {
		panic("intercomtest: Options.AppVersion " + s.opts.AppVersion + " is no version of Intercom's API")
	}
	return v
}
