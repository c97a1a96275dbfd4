package handlers

import (
	"encoding/base64"
	"strings"
	"time"

	"rerate/models"
)

// FormatCursor writes a place in a list for an address: not secret, but nothing to build by hand.
func FormatCursor(c models.Cursor) string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.At.UTC().Format(time.RFC3339Nano) + " " + c.ID))
}

// ParseCursor reads what FormatCursor wrote; ok is false for anything else.
func ParseCursor(text string) (c models.Cursor, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return models.Cursor{}, false
	}
	at, id, _ := strings.Cut(string(raw), " ")
	c.ID = id
	c.At, err = time.Parse(time.RFC3339Nano, at)
	return c, err == nil && plainID.MatchString(id) && FormatCursor(c) == text
}

// cursorAfter is the place after a rating.
func cursorAfter(r models.Rating) string { return FormatCursor(models.Cursor{At: r.At, ID: r.ID}) }
