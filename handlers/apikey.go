package handlers

import (
	"context"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"rerate/internal/rating"
	"rerate/internal/seal"
	"rerate/models"
)

// apiKeyPrefix lets people and scanners of leaked secrets see what a key is for. It is part of the key.
const apiKeyPrefix = "rr_"

// longestKeyName counts characters.
const longestKeyName = 100

// NewAPIKey makes a key of the management API for a workspace. The key itself is answered here and nowhere else: only
// its hash is stored. createdBy is a teammate's name, or "the command line". A name that cannot be used is a
// rating.Problems with the field "name"; a workspace that never installed Rerate is models.ErrNotFound.
func NewAPIKey(
	ctx context.Context, tenant models.Tenant, random io.Reader, name, createdBy string, readOnly bool,
) (key string, row models.APIKey, err error) {
	name = strings.TrimSpace(name)
	if !isAPIKeyName(name) {
		return "", models.APIKey{}, rating.Problems{"name": "Give the key a name of 1 to 100 characters."}
	}
	key = apiKeyPrefix + seal.RandomToken(random)
	err = tenant.Write(ctx, func(tx *models.Tx) error {
		if _, err := tx.Get(); err != nil {
			return err
		}
		row, err = tx.AddAPIKey(models.APIKey{Name: name, KeyHash: seal.Hash(key), ReadOnly: readOnly, CreatedBy: createdBy})
		return err
	})
	if err != nil {
		return "", models.APIKey{}, err
	}
	return key, row, nil
}

func isAPIKeyName(name string) bool {
	return name != "" && utf8.ValidString(name) && utf8.RuneCountInString(name) <= longestKeyName &&
		!strings.ContainsFunc(name, unicode.IsControl)
}
