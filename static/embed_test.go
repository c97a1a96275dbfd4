package static

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"testing/fstest"
)

func build() fstest.MapFS {
	return fstest.MapFS{
		".gitkeep":             {},
		"manifest.json":        {Data: []byte(`{"app.css":"app.AAAA1111.css","app.js":"app.BBBB2222.js","inter.woff2":"inter.CCCC3333.woff2"}`)},
		"app.AAAA1111.css":     {Data: []byte("body{color:red}")},
		"app.BBBB2222.js":      {Data: []byte("import(1)")},
		"inter.CCCC3333.woff2": {Data: []byte("wOF2")},
	}
}

func TestHandlerServesHashedNamesOnly(t *testing.T) {
	files, err := read(build())
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		method, path string
		status       int
		media, body  string
	}{
		{"GET", "/static/app.AAAA1111.css", 200, "text/css; charset=utf-8", "body{color:red}"},
		{"GET", "/static/app.BBBB2222.js", 200, "text/javascript; charset=utf-8", "import(1)"},
		{"GET", "/static/inter.CCCC3333.woff2", 200, "font/woff2", "wOF2"},
		{"HEAD", "/static/app.AAAA1111.css", 200, "text/css; charset=utf-8", ""},
		{"POST", "/static/app.AAAA1111.css", 405, "text/plain; charset=utf-8", "only GET and HEAD\n"},
		{"GET", "/static/app.css", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"GET", "/static/manifest.json", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"GET", "/static/.gitkeep", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"GET", "/static/", 404, "text/plain; charset=utf-8", "404 page not found\n"},
		{"GET", "/static/../embed.go", 404, "text/plain; charset=utf-8", "404 page not found\n"},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			w := httptest.NewRecorder()
			files.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), test.method, test.path, http.NoBody))
			if w.Code != test.status || w.Header().Get("Content-Type") != test.media || w.Body.String() != test.body {
				t.Errorf("got %d, %s, %q", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			if immutable := strings.Contains(w.Header().Get("Cache-Control"), "immutable"); immutable != (w.Code == 200) {
				t.Errorf("Cache-Control is %q for status %d", w.Header().Get("Cache-Control"), w.Code)
			}
		})
	}
}

func TestHandlerSendsWhatTheBrowserTakes(t *testing.T) {
	compressed := build()
	compressed["app.AAAA1111.css.br"] = &fstest.MapFile{Data: []byte("in brotli")}
	compressed["app.AAAA1111.css.gz"] = &fstest.MapFile{Data: []byte("in gzip")}
	files, err := read(compressed)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ path, accept, encoding, body string }{
		{"/static/app.AAAA1111.css", "gzip, deflate, br, zstd", "br", "in brotli"},
		{"/static/app.AAAA1111.css", "gzip;q=1.0, BR;q=0.2", "br", "in brotli"},
		{"/static/app.AAAA1111.css", "gzip, br;q=0", "gzip", "in gzip"},
		{"/static/app.AAAA1111.css", "gzip", "gzip", "in gzip"},
		{"/static/app.AAAA1111.css", "brotli, xgzip", "", "body{color:red}"},
		{"/static/app.AAAA1111.css", "gzip;q=much", "", "body{color:red}"},
		{"/static/app.AAAA1111.css", "", "", "body{color:red}"},
		{"/static/inter.CCCC3333.woff2", "gzip, br", "", "wOF2"},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), "GET", test.path, http.NoBody)
		r.Header.Set("Accept-Encoding", test.accept)
		files.ServeHTTP(w, r)
		if got := w.Header().Get("Content-Encoding"); w.Code != 200 || got != test.encoding || w.Body.String() != test.body {
			t.Errorf("%q gives %d, %q, %q", test.accept, w.Code, got, w.Body)
		}
		if media := mediaTypes[path.Ext(test.path)]; w.Header().Get("Content-Type") != media {
			t.Errorf("%s is sent as %s", test.path, w.Header().Get("Content-Type"))
		}
		varies := w.Header().Get("Vary") == "Accept-Encoding"
		if varies != strings.HasSuffix(test.path, ".css") {
			t.Errorf("%s varies: %v", test.path, varies)
		}
	}
	for _, address := range []string{"/static/app.AAAA1111.css.br", "/static/app.AAAA1111.css.gz"} {
		w := httptest.NewRecorder()
		files.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", address, http.NoBody))
		if w.Code != 404 {
			t.Errorf("%s has an address of its own", address)
		}
	}
}

func TestPath(t *testing.T) {
	files, err := read(build())
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"app.css": "/static/app.AAAA1111.css",
		"app.js":  "/static/app.BBBB2222.js",
		"nothing": "/static/nothing",
	} {
		if got := files.path(name); got != want {
			t.Errorf("path(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestReadRefusesAnIncompleteBuild(t *testing.T) {
	if _, err := read(fstest.MapFS{".gitkeep": {}}); !errors.Is(err, ErrNotBuilt) {
		t.Errorf("without a build: %v", err)
	}
	missing := build()
	delete(missing, "app.AAAA1111.css")
	if _, err := read(missing); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "app.css") {
		t.Errorf("with a file missing: %v", err)
	}
	unknown := build()
	unknown["manifest.json"] = &fstest.MapFile{Data: []byte(`{"a.exe":"a.DDDD4444.exe"}`)}
	if _, err := read(unknown); err == nil || !strings.Contains(err.Error(), "mediaTypes") {
		t.Errorf("with an unknown type: %v", err)
	}
	damaged := build()
	damaged["manifest.json"] = &fstest.MapFile{Data: []byte(`{`)}
	if _, err := read(damaged); err == nil {
		t.Error("a damaged manifest was read")
	}
}

// What `make assets` built last must be whole: each file that the pages name, and each font that the stylesheet names.
func TestBuiltAssets(t *testing.T) {
	files, err := built()
	if errors.Is(err, ErrNotBuilt) {
		t.Skip(ErrNotBuilt)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"app.css", "editor.css", "app.js", "icons.svg", "favicon.svg"} {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", Path(name), http.NoBody))
		if w.Code != 200 || w.Body.Len() == 0 {
			t.Errorf("%s: status %d, %d bytes", Path(name), w.Code, w.Body.Len())
		}
	}
	for hashed, file := range files.served {
		if text := file.media != "font/woff2" && file.media != "image/png"; text != (len(file.encoded) == len(encodings)) {
			t.Errorf("%s is there compressed as %v", hashed, file.encoded)
		}
	}
	css, err := fs.ReadFile(files.files, files.hashed["app.css"])
	if err != nil {
		t.Fatal(err)
	}
	fonts := 0
	for _, part := range strings.Split(string(css), "url(\"./")[1:] {
		name, _, _ := strings.Cut(part, "\"")
		fonts++
		if files.served[name].media != "font/woff2" {
			t.Errorf("the stylesheet asks for %s, which is not served", name)
		}
	}
	if fonts == 0 {
		t.Error("the stylesheet names no font")
	}
}
