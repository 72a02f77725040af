package web

import (
	"net/http/httptest"
	"testing"
)

// BenchmarkPages: one request each, over a store on disk, previews kept.
func BenchmarkPages(b *testing.B) {
	d := reading(b)
	for name, path := range map[string]string{
		"list": "/", "search": "/versions/search?q=bridge", "article": d.path("/articles/%d", "bridge"),
		"diff": d.path("/articles/%d/diff/1/2", "bridge"), "feed": "/versions.rss",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				rec := httptest.NewRecorder()
				d.h.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
				if rec.Code != 200 {
					b.Fatal(rec.Code)
				}
			}
		})
	}
}
