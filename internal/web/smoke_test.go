package web

import "testing"

func TestPagesAnswer(t *testing.T) {
	d := filled(t, nil)
	for _, p := range []string{"/", "/versions?changes=1&page=2", "/versions.rss", "/versions.atom", "/versions.json", "/versions.csv",
		"/versions/search?q=bridge", "/versions/search", "/versions/search.rss?q=bridge", "/versions/1", "/articles", "/articles.csv", d.path("/articles/%d", "bridge"),
		d.path("/articles/%d.rss", "bridge"), d.path("/articles/%d/diff/0/1", "bridge"), d.path("/articles/%d/diff/1/2?view=split", "bridge"),
		d.path("/articles/%d/diff/1/2?view=plain", "bridge"), d.path("/articles/%d/versions/0", "bridge"), "/sources", "/sources/courier", "/sources/courier.atom",
		"/lookup", "/about", "/about-bot", "/health/check", "/news_articles/health", "/livez", "/readyz", "/robots.txt"} {
		d.page(p)
	}
}
