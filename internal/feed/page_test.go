package feed

import (
	"fmt"
	"strings"
	"testing"
)

func TestLinksCases(t *testing.T) {
	cases(t, "links", func(t *testing.T, files map[string]string) string {
		base := address(t, strings.TrimSpace(files["url"]))
		return show(t, Links([]byte(files["page"]), "text/html; charset=utf-8", base))
	})
}

func TestDiscoverCases(t *testing.T) {
	cases(t, "discover", func(t *testing.T, files map[string]string) string {
		base := address(t, strings.TrimSpace(files["url"]))
		headers := strings.Split(strings.TrimSpace(files["headers"]), "\n")
		return lines(t, Discover([]byte(files["page"]), "", headers, base))
	})
}

func TestLinksLimit(t *testing.T) {
	page := func(n int) []byte {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "<a href='/2026/01/02/story-%d'>Story number %d of very many</a>", i, i)
		}
		return []byte(b.String())
	}
	base := address(t, "https://many.example.org/")
	if d := Links(page(MaxEntries), "", base); len(d.Entries) != MaxEntries || len(d.Mended) > 0 {
		t.Errorf("at the limit: %d entries, mended %q", len(d.Entries), d.Mended)
	}
	if d := Links(page(MaxEntries+1), "", base); len(d.Entries) != MaxEntries || !mended(d, "1 link past") {
		t.Errorf("past the limit: %d entries, mended %q", len(d.Entries), d.Mended)
	}
	if d := Links(page(3), "", nil); d.Format != Page || len(d.Entries) > 0 {
		t.Errorf("without a base: %+v", d)
	}
	far := strings.Repeat(" ", MaxPage) + string(page(1))
	if d := Links([]byte(far), "", base); len(d.Entries) > 0 {
		t.Errorf("links past %d bytes were read", MaxPage)
	}
}

// TestLinksEncoding reads a page in the encoding of its meta element.
func TestLinksEncoding(t *testing.T) {
	page := "<meta charset=windows-1251><a href='/news/1011185'>\xd0\xe5\xea\xe0 \xe2\xfb\xf8\xeb\xe0 \xe8\xe7 \xe1\xe5\xf0\xe5\xe3\xee\xe2 \xf1\xed\xee\xe2\xe0</a>"
	d := Links([]byte(page), "", address(t, "https://reka.example.org/"))
	if len(d.Entries) != 1 || d.Entries[0].Title != "Река вышла из берегов снова" {
		t.Errorf("entries %+v", d.Entries)
	}
}

// TestArticlePath lists addresses that are, or are not, an article's by their
// path and a headline of five words.
func TestArticlePath(t *testing.T) {
	base := address(t, "https://news.example.co.uk/")
	for _, tt := range []struct {
		path string
		want bool
	}{
		{"/news/2026-03-04/river-over-banks", true},
		{"/2026/mar/04/river", true},
		{"/stories/3376705/", true},
		{"/politik/article409956720/ampeln-tot.html", true},
		{"/nyheter/a/Ard8wM12/hanna-forsvunnen-i-dag", true},
		{"/doc/7715044", true},
		{"/archive/63076", true},
		{"/river-over-banks-third-time-this-year", true},
		{"/a/b/c4ng72x1mo8o", true},
		{"/?p=4711", false}, // the front page's own path
		{"/index.php?id=4711", false},
		{"/artikel.php?id=4711", true},
		{"/sport", false},
		{"/sport/football", false},
		{"/2026/03/04", false},
		{"/2026/", false},
		{"/archive/2026-03", false},
		{"/news/video", false},
		{"/tags/river-over-banks-third-time", false},
		{"/topics/c4ng72x1mo8o", false},
		{"/picture-of-the-river-today.jpg", false},
		{"/", false},
	} {
		a := anchor{url: "https://news.example.co.uk" + tt.path, text: "River is over its banks"}
		if got := isArticle(a, base); got != tt.want {
			t.Errorf("isArticle(%s) = %v, want %v", tt.path, got, tt.want)
		}
	}
	for host, want := range map[string]bool{"www.news.example.co.uk": true, "other.co.uk": false, "news.example.co.uk.evil.example": false} {
		a := anchor{url: "https://" + host + "/2026/03/04/river-over-banks", text: "River is over its banks"}
		if got := isArticle(a, base); got != want {
			t.Errorf("on host %s: %v, want %v", host, got, want)
		}
	}
}
