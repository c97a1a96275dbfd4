package canvas

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// SheetOpen asks for the page of a sheet (docs: canvas-kit, sheets). It goes through the browser,
// so its person is encrypted with the client secret.
type SheetOpen struct {
	WorkspaceID     string
	WorkspaceRegion string
	ComponentID     string
	Context         Context
	CurrentCanvas   Shown
	InputValues     InputValues
	Person          Person
}

var sheetOpen = shape{
	kind:   "open sheet",
	need:   []string{"component_id", "current_canvas", "user"},
	refuse: []string{"admin", "conversation", "sheet_values", "canvas", "contact", "customer"},
}

// DecodeSheetOpen reads a body, which must be of this kind and no other, and decrypts its user with
// the first of the client secrets that fits.
func DecodeSheetOpen(body []byte, secrets []string) (SheetOpen, error) {
	r, err := sheetOpen.read(body)
	if err != nil {
		return SheetOpen{}, err
	}
	var sealed string
	if err := json.Unmarshal(r.User, &sealed); err != nil {
		return SheetOpen{}, errors.New("the body is not an open sheet request: user is not a string")
	}
	person, err := openSheetUser(sealed, secrets)
	return SheetOpen{
		WorkspaceID:     r.WorkspaceID,
		WorkspaceRegion: r.WorkspaceRegion,
		ComponentID:     r.ComponentID,
		Context:         r.Context,
		CurrentCanvas:   r.CurrentCanvas,
		InputValues:     r.InputValues,
		Person:          person,
	}, err
}

// openSheetUser decrypts base64(iv[12] ‖ ciphertext ‖ tag[16]), AES-256-GCM under SHA-256(secret).
func openSheetUser(sealed string, secrets []string) (Person, error) {
	const ivSize = 12
	data, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\n", "", "\r", "").Replace(sealed))
	if err != nil || len(data) < ivSize {
		return Person{}, errors.New("the sheet's user is not encrypted as documented")
	}
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		text, err := openGCM(secret, data[:ivSize], data[ivSize:])
		if err != nil {
			continue
		}
		if err := scan(text); err != nil {
			return Person{}, fmt.Errorf("the sheet's user is refused: %w", err)
		}
		var p Person
		err = decodeWhole(text, &p)
		return p, err
	}
	return Person{}, errors.New("the sheet's user was not encrypted with this app's client secret")
}

func openGCM(secret string, iv, sealed []byte) ([]byte, error) {
	key := sha256.Sum256([]byte(secret))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return gcm.Open(nil, iv, sealed, nil)
}

// SheetSubmit says that a sheet's page called submitSheet.
type SheetSubmit struct {
	WorkspaceID     string
	WorkspaceRegion string
	Context         Context
	CurrentCanvas   Shown
	SheetValues     Values
	Person          *Person // nil when the body names none
}

var sheetSubmit = shape{
	kind:   "submit sheet",
	need:   []string{"current_canvas", "sheet_values"},
	refuse: []string{"component_id", "input_values", "admin", "conversation", "canvas"},
}

// DecodeSheetSubmit reads a body, which must be of this kind and no other.
func DecodeSheetSubmit(body []byte) (SheetSubmit, error) {
	r, err := sheetSubmit.read(body)
	if err != nil {
		return SheetSubmit{}, err
	}
	person, err := r.person()
	return SheetSubmit{
		WorkspaceID:     r.WorkspaceID,
		WorkspaceRegion: r.WorkspaceRegion,
		Context:         r.Context,
		CurrentCanvas:   r.CurrentCanvas,
		SheetValues:     r.SheetValues,
		Person:          person,
	}, err
}
