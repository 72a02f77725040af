package track

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/store"
)

func TestResolve(t *testing.T) {
	section := func(w *world, n int) string {
		var b strings.Builder
		b.WriteString("<html><head><title>Town</title></head><body><main>")
		for i := range n {
			fmt.Fprintf(&b, `<article><h2><a href="/2026/05/04/a-long-story-about-the-town-%d">A long story about the town, number %d</a></h2></article>`, i, i)
		}
		b.WriteString("</main></body></html>")
		return b.String()
	}
	tests := []struct {
		name  string
		pages func(w *world) map[string]reply
		ask   string
		state store.RequestState
		part  string // of the result
		feeds int
	}{
		{"a feed", func(w *world) map[string]reply {
			return map[string]reply{"/rss": {body: rss(item(w, "/a", "A", morning))}}
		}, "/rss", store.RequestDone, "rss", 1},
		{"an article", func(w *world) map[string]reply {
			return map[string]reply{"/bridge": {body: story("Bridge to close")}}
		}, "/bridge", store.RequestDone, "Bridge to close", 0},
		{"a front page that names its feed", func(w *world) map[string]reply {
			return map[string]reply{
				"/":    {body: strings.Replace(section(w, 8), "<head>", `<head><link rel="alternate" type="application/rss+xml" href="/rss">`, 1)},
				"/rss": {body: rss(item(w, "/a", "A", morning))},
			}
		}, "/", store.RequestDone, "/rss (rss): 1 entries", 1},
		{"a front page whose feed is where feeds are", func(w *world) map[string]reply {
			return map[string]reply{"/": {body: section(w, 8)}, "/feed": {body: rss(item(w, "/a", "A", morning))}}
		}, "/", store.RequestDone, "/feed (rss)", 1},
		{"a news sitemap named by robots.txt", func(w *world) map[string]reply {
			return map[string]reply{
				"/":                 {body: section(w, 8)},
				"/robots.txt":       {body: "User-agent: *\nAllow: /\nSitemap: " + w.url + "/sitemap-news.xml\n", header: map[string]string{"Content-Type": "text/plain"}},
				"/sitemap-news.xml": {body: `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>` + w.url + `/a</loc><news:news><news:publication_date>2026-05-04</news:publication_date><news:title>A</news:title></news:news></url></urlset>`},
			}
		}, "/", store.RequestDone, "newssitemap", 1},
		{"a section page without feeds", func(w *world) map[string]reply {
			return map[string]reply{"/town": {body: section(w, 8)}}
		}, "/town", store.RequestDone, "8 links to articles", 1},
		{"a page with too few links", func(w *world) map[string]reply {
			return map[string]reply{"/town": {body: section(w, MinLinks-1)}}
		}, "/town", store.RequestFailed, "no feed found", 0},
		{"nothing there", func(w *world) map[string]reply { return nil }, "/gone", store.RequestFailed, "HTTP 404", 0},
		{"robots.txt forbids it", func(w *world) map[string]reply {
			return map[string]reply{"/robots.txt": {body: "User-agent: *\nDisallow: /", header: map[string]string{"Content-Type": "text/plain"}}}
		}, "/bridge", store.RequestFailed, "robots", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			for path, r := range tt.pages(w) {
				w.page(path, func(int, time.Duration) reply { return r })
			}
			r := w.ask(tt.ask)
			w.run(w.tracker(nil), 5*time.Minute)
			r, err := w.store.Request(t.Context(), r.ID)
			if err != nil {
				t.Fatal(err)
			}
			if r.State != tt.state || !strings.Contains(r.Result, tt.part) {
				t.Errorf("request: %s %q, want %s with %q", r.State, r.Result, tt.state, tt.part)
			}
			feeds, err := w.store.Feeds(t.Context(), 0)
			if err != nil || len(feeds) != tt.feeds {
				t.Errorf("%d feeds, want %d (%v)", len(feeds), tt.feeds, err)
			}
			if n := w.asked[tt.ask]; n > 1 {
				t.Errorf("%s was asked for %d times; the request's fetch is the first visit", tt.ask, n)
			}
		})
	}
}

func TestSourceKey(t *testing.T) {
	for _, tt := range []struct{ host, port, want string }{
		{"www.bbc.co.uk", "", "bbc"},
		{"news.example.org", "", "example"},
		{"127.0.0.1", "8099", "127-0-0-1-8099"},
		{"localhost", "", "localhost"},
	} {
		if got := sourceKey(tt.host, tt.port); got != tt.want {
			t.Errorf("sourceKey(%q, %q) = %q, want %q", tt.host, tt.port, got, tt.want)
		}
	}
}
