package news

import (
	"net/url"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	base, _ := url.Parse("https://news.example.org/world/index.html?x=1")
	tests := []struct{ name, raw, url, key, host string }{
		{"plain", "https://news.example.org/a/b", "https://news.example.org/a/b", "news.example.org/a/b", "news.example.org"},
		{"host case, default port, fragment", "HTTPS://News.Example.ORG:443/a#top", "https://news.example.org/a", "news.example.org/a", "news.example.org"},
		{"other port stays", "http://127.0.0.1:8099/a", "http://127.0.0.1:8099/a", "127.0.0.1:8099/a", "127.0.0.1:8099"},
		{"scheme is no part of the key", "http://news.example.org/a", "http://news.example.org/a", "news.example.org/a", "news.example.org"},
		{"www and trailing slash", "https://www.example.org/a/", "https://www.example.org/a/", "example.org/a", "www.example.org"},
		{"mobile host", "https://m.example.org/a", "https://m.example.org/a", "example.org/a", "m.example.org"},
		{"m alone is no prefix", "https://m.org/a", "https://m.org/a", "m.org/a", "m.org"},
		{"amp path", "https://example.org/amp/a", "https://example.org/amp/a", "example.org/a", "example.org"},
		{"amp suffix", "https://example.org/a/amp/", "https://example.org/a/amp/", "example.org/a", "example.org"},
		{"tracking", "https://example.org/a?utm_source=rss&id=7&fbclid=x", "https://example.org/a?id=7", "example.org/a?id=7", "example.org"},
		{"query sorted in the key only", "https://example.org/a?b=2&a=1", "https://example.org/a?b=2&a=1", "example.org/a?a=1&b=2", "example.org"},
		{"relative", "../uk/story?at_medium=RSS", "https://news.example.org/uk/story", "news.example.org/uk/story", "news.example.org"},
		{"scheme-relative", "//cdn.example.org/x", "https://cdn.example.org/x", "cdn.example.org/x", "cdn.example.org"},
		{"spaces and line breaks", " https://example.org/a\n b ", "https://example.org/a%20b", "example.org/a%20b", "example.org"},
		{"back slashes", `https:\\example.org\a`, "https://example.org/a", "example.org/a", "example.org"},
		{"dot segments", "https://example.org/a/./b/../c", "https://example.org/a/c", "example.org/a/c", "example.org"},
		{"credentials dropped", "https://me:secret@example.org/a", "https://example.org/a", "example.org/a", "example.org"},
		{"international host", "https://Bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4", "xn--bcher-kva.example/%C3%A4", "xn--bcher-kva.example"},
		{"IPv6", "http://[::1]:8080/a", "http://[::1]:8080/a", "[::1]:8080/a", "[::1]:8080"},
		{"front page", "https://example.org", "https://example.org/", "example.org", "example.org"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := ParseAddress(tt.raw, base)
			if err != nil {
				t.Fatal(err)
			}
			if a.URL != tt.url || a.Key != tt.key || a.Host != tt.host {
				t.Errorf("ParseAddress(%q) = %+v\nwant URL %q Key %q Host %q", tt.raw, a, tt.url, tt.key, tt.host)
			}
			again, err := ParseAddress(a.URL, nil)
			if err != nil || again != a {
				t.Errorf("cleaning is not idempotent: %+v, %v", again, err)
			}
		})
	}
}

func TestParseAddressRefuses(t *testing.T) {
	long := "https://example.org/" + strings.Repeat("a", MaxAddress-len("https://example.org/"))
	if _, err := ParseAddress(long, nil); err != nil {
		t.Errorf("an address of exactly MaxAddress bytes: %v", err)
	}
	for _, raw := range []string{"", "ftp://example.org/", "javascript:alert(1)", "file:///etc/passwd", "https://", "http:///x", "mailto:a@example.org", "https://exa mple.org/", "relative", "http://[::1", long + "a"} {
		if a, err := ParseAddress(raw, nil); err == nil {
			t.Errorf("ParseAddress(%.40q) = %+v, want an error", raw, a)
		}
	}
}

func TestSameSite(t *testing.T) {
	tests := []struct {
		a, b string
		want bool
	}{
		{"www.example.co.uk", "news.example.co.uk", true},
		{"example.co.uk", "other.co.uk", false},
		{"127.0.0.1:80", "127.0.0.1:81", false},
		{"127.0.0.1:81", "127.0.0.1:81", true},
		{"a.github.io", "b.github.io", false},
	}
	for _, tt := range tests {
		if got := SameSite(tt.a, tt.b); got != tt.want {
			t.Errorf("SameSite(%q, %q) = %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"https://example.org/a?b=c#d", "//x", `http:\\a\b`, "http://[::1]/%zz", "https://exämple.org/.."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		a, err := ParseAddress(raw, nil)
		if err != nil {
			return
		}
		again, err := ParseAddress(a.URL, nil)
		if err != nil || again.Key != a.Key || again.Host != a.Host {
			t.Errorf("ParseAddress(%q) = %+v, and of its URL %+v, %v", raw, a, again, err)
		}
	})
}
