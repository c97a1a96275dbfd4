// Package canvastypes checks canvases against the Canvas Kit types of Intercom's own npm package, for tests.
package canvastypes

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rerate/internal/intercom/canvas"
)

// Check fails the test when the TypeScript compiler does not take one of the named canvases as a CanvasObject of intercom-client 6.4.0,
// which package.json has as intercom-client-canvas. It skips the test where the npm packages are not installed.
//
// The types differ from Canvas Kit in these ways: they want content, so live canvases (content_url) are left out here; they want a
// checkbox's label, which the documents call optional; they give lists and data tables no id; they refuse the type key in an image's
// action, which the documents require. And they check neither the number of options, nor sizes,
// nor https, nor that ids are unique: canvas.Validate does.
func Check(t testing.TB, canvases map[string]canvas.Canvas) {
	t.Helper()
	literals := map[string]string{}
	for name, c := range canvases {
		if c.ContentURL != "" {
			continue
		}
		raw, err := json.MarshalIndent(c, "", "  ")
		if err != nil {
			t.Fatalf("%s cannot be written as JSON: %v", name, err)
		}
		literals[name] = string(raw)
	}
	if faults := compile(t, literals); faults != "" {
		t.Errorf("the types of intercom-client 6.4.0 refuse:\n%s", faults)
	}
}

// compile type-checks the literals and returns what the compiler says of them, "" when it takes them all.
func compile(t testing.TB, literals map[string]string) string {
	t.Helper()
	root := moduleRoot(t)
	compiler := filepath.Join(root, "node_modules", "typescript", "bin", "tsc")
	for _, path := range []string{compiler, filepath.Join(root, "node_modules", "intercom-client-canvas")} {
		if _, err := os.Stat(path); err != nil {
			t.Skip("the npm packages are not installed (npm ci): ", err)
		}
	}
	dir := t.TempDir()
	write(t, filepath.Join(dir, "canvases.ts"), source(literals))
	write(t, filepath.Join(dir, "tsconfig.json"), fmt.Sprintf(`{
  "compilerOptions": {
    "strict": true, "noEmit": true, "skipLibCheck": true, "target": "es2022", "module": "commonjs", "moduleResolution": "node",
    "types": [], "baseUrl": %q
  },
  "files": ["canvases.ts"]
}`, filepath.Join(root, "node_modules")))
	cmd := exec.CommandContext(t.Context(), "node", compiler, "--project", dir, "--pretty", "false")
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) == 0 {
		t.Fatalf("the TypeScript compiler did not run: %v", err)
	}
	if err == nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// source is one constant for each literal, under its name as a comment.
func source(literals map[string]string) string {
	var b strings.Builder
	b.WriteString("import type { Intercom } from \"intercom-client-canvas\";\n")
	for i, name := range slices.Sorted(maps.Keys(literals)) {
		fmt.Fprintf(&b, "\n// %s\nexport const canvas%d: Intercom.CanvasObject = %s;\n", strings.ReplaceAll(name, "\n", " "), i, literals[name])
	}
	return b.String()
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// moduleRoot is the folder of go.mod, above the package that is being tested.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("there is no go.mod above the test")
	return ""
}
