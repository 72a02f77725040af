package news

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSection(t *testing.T) {
	long := strings.Repeat("a", maxSectionFolder)
	tests := []struct{ name, address, want string }{
		{"folders", "https://post.example.org/news/town/bridge-to-close-on-monday", "news/town"},
		{"deeper folders", "https://post.example.org/sport/rowing/eights/a-win", "sport/rowing"},
		{"one folder", "https://post.example.org/sport/a-win-for-the-eight", "sport"},
		{"the article alone", "https://post.example.org/bridge-to-close", ""},
		{"a folder alone is an article", "https://post.example.org/sport/", ""},
		{"no path", "https://post.example.org", ""},
		{"a date ends it", "https://post.example.org/sport/2026/03/02/a-win", "sport"},
		{"a date begins it", "https://post.example.org/2026/03/02/sport/a-win", ""},
		{"a number ends it", "https://post.example.org/town/4711/a-win", "town"},
		{"a number with a word", "https://post.example.org/news/technology-57763382", "news/technology"},
		{"a number with three words", "https://post.example.org/news/world-middle-east-57763382", "news/world-middle-east"},
		{"with four it is a headline", "https://post.example.org/news/bridge-to-close-soon-57763382", "news"},
		{"a short number is no name", "https://post.example.org/news/section-1234", "news"},
		{"five digits are", "https://post.example.org/news/section-12345", "news/section"},
		{"digits in the words", "https://post.example.org/news/g20-57763382", "news"},
		{"a number alone", "https://post.example.org/news/-57763382", "news"},
		{"case", "https://post.example.org/News/Town/x", "news/town"},
		{"query and fragment", "https://post.example.org/news/x?from=/a/b/c#/d/e/f", "news"},
		{"two slashes", "https://post.example.org/news//town/x", "news"},
		{"other letters", "https://post.example.org/ニュース/政治/x", "ニュース/政治"},
		{"escaped", "https://post.example.org/%E6%94%BF%E6%B2%BB/x", "政治"},
		{"as long as may be", "https://post.example.org/" + long + "/x", long},
		{"a slug", "https://post.example.org/" + long + "a/x", ""},
		{"no host", "/news/town/x", "news/town"},
		{"no address", "://", ""},
		{"bad escape", "https://post.example.org/%zz/x", ""},
		{"nothing", "", ""},
	}
	for _, tt := range tests {
		if got := Section(tt.address); got != tt.want {
			t.Errorf("%s: %q has the section %q, want %q", tt.name, tt.address, got, tt.want)
		}
	}
}

// FuzzSection holds that a section is short, has no digits, and is the same for
// another article beside.
func FuzzSection(f *testing.F) {
	f.Add("news/town")
	f.Add("News/2026/x%ff/İİİİİİİİİİİİ")
	f.Fuzz(func(t *testing.T, folders string) {
		got := Section("https://post.example.org/" + folders + "/a-headline-of-some-length")
		if strings.Count(got, "/") >= maxSectionDepth || strings.ContainsAny(got, "0123456789") {
			t.Errorf("%q: %q", folders, got)
		}
		if len(got) > 2*3*maxSectionFolder+1 || !utf8.ValidString(got) {
			t.Errorf("%q: %q of %d bytes", folders, got, len(got))
		}
	})
}
