package corpus

import (
	"archive/tar"
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func TestLoad(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string // nil = no archive
		pages int
		want  string // in the error
	}{
		{"a set of one page", map[string]string{"s/truth.json": `[{"url":"https://news.example.org/a","title":"T","paras":["one","two"],"file":"html/a.html"}]`, "s/html/a.html": "<p>one"}, 1, ""},
		{"no archive", nil, 0, "no corpus"},
		{"no truth", map[string]string{"s/html/a.html": "<p>"}, 0, "truth.json"},
		{"truth that is no JSON", map[string]string{"s/truth.json": "["}, 0, "truth.json"},
		{"a page without its file", map[string]string{"s/truth.json": `[{"file":"html/b.html"}]`}, 0, "no file html/b.html"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if tt.files != nil {
				pack(t, filepath.Join(dir, "s.tar.zst"), tt.files)
			}
			pages, err := Load(dir, "s")
			if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %q", err, tt.want)
			}
			if errors.Is(err, ErrAbsent) != (tt.files == nil) {
				t.Errorf("absent: %v", err)
			}
			if len(pages) != tt.pages {
				t.Fatalf("%d pages, want %d", len(pages), tt.pages)
			}
			if tt.pages == 1 && (string(pages[0].HTML) != "<p>one" || len(pages[0].Paragraphs) != 2) {
				t.Errorf("page %+v", pages[0])
			}
		})
	}
}

func pack(t *testing.T, name string, files map[string]string) {
	t.Helper()
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	for name, text := range files {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(text)), Mode: 0o644, Typeflag: tar.TypeReg}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close(), os.WriteFile(name, b.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func TestOwn(t *testing.T) {
	a, b := Own(7, 3), Own(7, 3)
	if !reflect.DeepEqual(a, b) {
		t.Error("equal seeds gave different pages")
	}
	if reflect.DeepEqual(a[0].Paragraphs, Own(7, 4)[0].Paragraphs) {
		t.Error("different seeds gave one page")
	}
	for _, p := range a {
		if len(p.Paragraphs) < 7 || !bytes.Contains(p.HTML, []byte("<h1>")) || p.URL == "" {
			t.Errorf("page %s has %d paragraphs", p.File, len(p.Paragraphs))
		}
	}
}
