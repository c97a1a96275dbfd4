// Package static serves the built stylesheet, script, font and icons, compressed where the browser takes that. Each file
// has a hash of its content in its name and may be kept by browsers for ever. `make assets` builds them from css, js,
// images and npm packages into dist.
package static

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
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
	// hashed maps plain names to names with hashes.
	hashed map[string]string
	served map[string]asset // by name with hash
}

// asset is one file as it is served.
type asset struct {
	media   string
	encoded []encoding // the same file compressed, smallest first; none where that gains nothing
}

// encoding is a name of HTTP's for a way to compress, and the ending of files that are compressed so.
type encoding struct{ name, ending string }

// encodings are those that build.mjs writes, best first.
var encodings = []encoding{{"br", ".br"}, {"gzip", ".gz"}}

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
	a := assets{files: files, hashed: map[string]string{}, served: map[string]asset{}}
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
		file := asset{media: media}
		for _, e := range encodings {
			if _, err := fs.Stat(files, hashed+e.ending); err == nil {
				file.encoded = append(file.encoded, e)
			}
		}
		a.served[hashed] = file
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
	file, ok := a.served[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", file.media)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	if len(file.encoded) > 0 {
		w.Header().Set("Vary", "Accept-Encoding")
	}
	for _, e := range file.encoded {
		if accepts(r, e.name) {
			w.Header().Set("Content-Encoding", e.name)
			name += e.ending
			break
		}
	}
	http.ServeFileFS(w, r, a.files, name)
}

// accepts reports whether the browser names an encoding among those that it takes: "gzip, br;q=0.9, zstd;q=0". What it
// likes better does not matter: the smallest that it takes is sent.
func accepts(r *http.Request, encoding string) bool {
	for _, offered := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(offered, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		_, q, given := strings.Cut(weight, "q=")
		if !given {
			return true
		}
		likes, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return err == nil && likes > 0
	}
	return false
}
