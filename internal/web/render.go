package web

import (
	"bytes"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"

	"stet/internal/news"
)

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed static
var staticFiles embed.FS

// pages are the parsed templates by name: each is base.html, parts.html and
// one page that defines "main".
type pages map[string]*template.Template

// loadPages parses every page, so that a broken template stops the program at
// its start and not a reader.
func loadPages() (pages, error) {
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	all := pages{}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "base" || name == "parts" {
			continue
		}
		t, err := template.New("base.html").Funcs(words).Option("missingkey=error").
			ParseFS(templateFiles, "templates/base.html", "templates/parts.html", file)
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		all[name] = t
	}
	return all, nil
}

// render fills a page in memory: a template that fails half-way has sent nothing.
func (p pages) render(name string, data any) ([]byte, error) {
	t, ok := p[name]
	if !ok {
		return nil, fmt.Errorf("render %s: no such page", name)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return nil, fmt.Errorf("render %s: %w", name, err)
	}
	return b.Bytes(), nil
}

// show answers with a page.
func (s *Site) show(w http.ResponseWriter, r *http.Request, name string, data any) error {
	body, err := s.pages.render(name, data)
	if err != nil {
		return err
	}
	send(w, r, "text/html; charset=utf-8", time.Time{}, body)
	return nil
}

// send answers 200 with body, or 304 when the reader has it: by ETag, a digest
// of the bytes, or by Last-Modified unless modified is zero (RFC 9110 §13).
func send(w http.ResponseWriter, r *http.Request, contentType string, modified time.Time, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache") // keep it, but ask each time
	}
	sum := news.Sum(body)
	h.Set("ETag", `"`+hex.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", modified, bytes.NewReader(body))
}

// statics are the files under /static/: name → content and its address, which
// holds a digest so that a new program never meets an old sheet.
type statics map[string]static

// A static is one file as it is sent.
type static struct {
	body []byte
	kind string
	URL  string
}

// kinds of the static files; a file of another kind is a mistake.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// loadStatics reads the files that are built in.
func loadStatics() (statics, error) {
	entries, err := staticFiles.ReadDir("static")
	if err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	all := statics{}
	for _, e := range entries {
		kind := kinds[path.Ext(e.Name())]
		if kind == "" {
			return nil, fmt.Errorf("web: static file %s: unknown kind", e.Name())
		}
		body, err := staticFiles.ReadFile("static/" + e.Name())
		if err != nil {
			return nil, fmt.Errorf("web: %w", err)
		}
		all[e.Name()] = static{body: body, kind: kind, URL: "/static/" + e.Name() + "?v=" + news.Sum(body).String()[:12]}
	}
	return all, nil
}

// serveStatic answers /static/{name}; with the digest in the query the answer
// may be kept for ever.
func (s *Site) serveStatic(w http.ResponseWriter, r *http.Request) error {
	f, ok := s.statics[r.PathValue("name")]
	if !ok {
		return missing("file")
	}
	if strings.HasSuffix(f.URL, "?"+r.URL.RawQuery) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	send(w, r, f.kind, time.Time{}, f.body)
	return nil
}
