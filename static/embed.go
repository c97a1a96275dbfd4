// Package static serves the built stylesheet, script, fonts and icons. Each file has a hash of its content in its name
// and may be kept by browsers for ever. `make assets` builds them from css, js, images and npm packages into dist.
package static

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
)

// all: because a fresh clone holds only dist/.gitkeep and must still compile.
//
//go:embed all:dist
var dist embed.FS

const prefix = "/static/"

// ErrNotBuilt says that this binary was compiled before the assets were built.
var ErrNotBuilt = errors.New("static assets are not built: run make assets")

// built reads the embedded files once, when first asked for.
var built = sync.OnceValues(func() (assets, error) {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		return assets{}, fmt.Errorf("open static assets: %w", err)
	}
	return read(built)
})

// Check returns ErrNotBuilt, or an error that names the damaged part, if pages could not load their assets.
// The server calls it before it listens.
func Check() error {
	_, err := built()
	return err
}

// Path returns the address under which a page asks for the file of this plain name, such as "app.css":
// "/static/app.IQAIKSMR.css". A name that does not exist comes back as it is, under /static/, where the answer is 404.
func Path(name string) string {
	files, _ := built()
	return files.path(name)
}

// Handler answers GET and HEAD below /static/. It serves the hashed names and nothing else.
func Handler() http.Handler {
	files, _ := built()
	return files
}

// assets are the files of one build.
type assets struct {
	files fs.FS
	// hashed maps plain names to names with hashes, types names with hashes to media types.
	hashed, types map[string]string
}

// mediaTypes are spelt out because the system's own table differs from machine to machine.
var mediaTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".woff2": "font/woff2",
}

func read(files fs.FS) (assets, error) {
	manifest, err := fs.ReadFile(files, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return assets{}, ErrNotBuilt
	}
	if err != nil {
		return assets{}, fmt.Errorf("read static assets: %w", err)
	}
	a := assets{files: files, hashed: map[string]string{}, types: map[string]string{}}
	if err := json.Unmarshal(manifest, &a.hashed); err != nil {
		return assets{}, fmt.Errorf("read static manifest.json: %w", err)
	}
	for name, hashed := range a.hashed {
		media, ok := mediaTypes[path.Ext(hashed)]
		if !ok {
			return assets{}, fmt.Errorf("static asset %s has no media type: add it to mediaTypes", name)
		}
		if _, err := fs.Stat(files, hashed); err != nil {
			return assets{}, fmt.Errorf("static asset %s is missing, run make assets: %w", name, err)
		}
		a.types[hashed] = media
	}
	return a, nil
}

func (a assets) path(name string) string {
	if hashed, ok := a.hashed[name]; ok {
		return prefix + hashed
	}
	return prefix + name
}

func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, prefix)
	media, ok := a.types[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeFileFS(w, r, a.files, name)
}
