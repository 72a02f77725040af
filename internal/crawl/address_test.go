package crawl

import (
	"net/url"
	"strings"
	"testing"
)

func TestParseURL(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"as it is", "https://press.example.org/a?b=c", "https://press.example.org/a?b=c"},
		{"no path", "http://press.example.org", "http://press.example.org/"},
		{"white space around", "  http://press.example.org/\n", "http://press.example.org/"},
		{"capitals", "HTTP://Press.Example.ORG/A", "http://press.example.org/A"},
		{"default port", "https://press.example.org:443/", "https://press.example.org/"},
		{"other port", "https://press.example.org:80/", "https://press.example.org:80/"},
		{"empty port", "http://press.example.org:/", "http://press.example.org/"},
		{"fragment", "http://press.example.org/a#live", "http://press.example.org/a"},
		{"umlaut in the host", "http://zürich.example.org/", "http://xn--zrich-kva.example.org/"},
		{"umlaut in the path", "http://press.example.org/zürich", "http://press.example.org/z%C3%BCrich"},
		{"space and quotes in the query", "http://press.example.org/?q=a b\"ü", "http://press.example.org/?q=a%20b%22%C3%BC"},
		{"underscore", "http://my_press.example.org/", "http://my_press.example.org/"},
		{"IPv6 written long", "http://[0:0:0:0:0:0:0:1]:8080/", "http://[::1]:8080/"},
		{"IPv6 with the default port", "http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"},
	}
	for _, x := range tests {
		u, err := parseURL(x.in)
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		if u.String() != x.want {
			t.Errorf("%s: got %s, want %s", x.name, u, x.want)
		}
	}
	for _, bad := range []string{"", "press.example.org", "/a", "ftp://press.example.org/", "file:///etc/passwd", "javascript:alert(1)",
		"http:///a", "http://", "http://:80/", "http:opaque", "http://ana:pw@press.example.org/", "http://ana@press.example.org/", "http://[::1%25lo]/",
		"http://a b/", "http://a%20b/", "http://./", "http://press.example.org:port/", "http://press.example.org\\@127.0.0.1/", "http://a\x00b/", "http://[::1/"} {
		if u, err := parseURL(bad); err == nil {
			t.Errorf("%q: got %s", bad, u)
		}
	}
}

func TestParseURLLimit(t *testing.T) {
	base := "http://press.example.org/"
	if _, err := parseURL(base + strings.Repeat("a", MaxURL-len(base))); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	if _, err := parseURL(base + strings.Repeat("a", MaxURL-len(base)+1)); err == nil {
		t.Error("over the limit: no error")
	}
	if _, err := parseURL(base + strings.Repeat("ü", MaxURL/3)); err == nil {
		t.Error("over the limit once encoded: no error")
	}
}

func TestHostKey(t *testing.T) {
	tests := map[string]string{
		"http://Press.example.org/a":     "press.example.org",
		"https://press.example.org./":    "press.example.org",
		"https://press.example.org:80/":  "press.example.org",
		"http://press.example.org:8080/": "press.example.org:8080",
		"http://[::1]:8080/":             "[::1]:8080",
	}
	for in, want := range tests {
		u, err := parseURL(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostKey(u); got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}

func TestSameArticle(t *testing.T) {
	base, _ := url.Parse("http://press.example.org/a")
	for other, want := range map[string]bool{
		"https://press.example.org/a": true, "http://www.press.example.org/a": true, "http://press.example.org/a/": true,
		"http://press.example.org/": false, "http://press.example.org/b": false, "http://press.example.org/a?x=1": false,
		"http://paper.example.org/a": false, "http://press.example.org:8080/a": false,
	} {
		if u, _ := url.Parse(other); sameArticle(base, u) != want {
			t.Errorf("%s: got %v", other, !want)
		}
	}
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"http://press.example.org/a?b#c", "https://[::1]:8080/", "http://①②⑦.⓪.⓪.①/", "HTTP://ana@X:1/%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := parseURL(s)
		if err != nil {
			return
		}
		again, err := parseURL(u.String())
		if err != nil || again.String() != u.String() {
			t.Errorf("%q gives %q, which gives %v, %v", s, u, again, err)
		}
		if strings.ContainsAny(target(u), " \r\n") || u.User != nil || u.Hostname() == "" {
			t.Errorf("%q gives %q", s, u)
		}
	})
}

func TestPlaceOf(t *testing.T) {
	tests := []struct{ url, gate, host string }{
		{"https://example.org/", "example.org", "example.org"},
		{"https://www.example.org/", "example.org", "www.example.org"},
		{"http://m.news.example.org./", "example.org", "m.news.example.org"},
		{"https://example.org:8443/", "example.org", "example.org:8443"},
		{"https://a.example.co.uk/", "example.co.uk", "a.example.co.uk"},
		{"https://paper.github.io/", "paper.github.io", "paper.github.io"}, // a suffix that its owner has listed
		{"https://other.github.io/", "other.github.io", "other.github.io"},
		{"https://co.uk/", "co.uk", "co.uk"}, // a suffix itself
		{"https://a.press.intranet/", "a.press.intranet", "a.press.intranet"},
		{"http://localhost:8080/", "localhost:8080", "localhost:8080"},
		{"http://localhost:8081/", "localhost:8081", "localhost:8081"},
		{"http://127.0.0.1/", "127.0.0.1", "127.0.0.1"},
		{"http://127.0.0.1:8080/", "127.0.0.1:8080", "127.0.0.1:8080"},
		{"http://[::1]:8080/", "[::1]:8080", "[::1]:8080"},
		{"http://[2001:db8::1]/", "2001:db8::1", "2001:db8::1"},
		{"https://zeitung.bücher.example/", "zeitung.xn--bcher-kva.example", "zeitung.xn--bcher-kva.example"},
		{"https://www.公司.cn/", "www.xn--55qx5d.cn", "www.xn--55qx5d.cn"},
	}
	for _, x := range tests {
		u, err := parseURL(x.url)
		if err != nil {
			t.Fatal(err)
		}
		if got := placeOf(u); got != (place{x.gate, x.host}) {
			t.Errorf("%s: got %+v", x.url, got)
		}
	}
}
