package feed

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func parse(t *testing.T, body string) Document {
	t.Helper()
	d, err := Parse([]byte(body), "", address(t, "https://news.example.org/rss"))
	if err != nil {
		t.Fatalf("Parse(%.80q…) = %v", body, err)
	}
	return d
}

// mended reports whether a note of the document begins so.
func mended(d Document, prefix string) bool {
	return slices.ContainsFunc(d.Mended, func(m string) bool { return strings.HasPrefix(m, prefix) })
}

// TestEntryLimits gives each format one entry more than it may have.
func TestEntryLimits(t *testing.T) {
	for _, tt := range []struct {
		name, head, entry, tail string
		limit                   int
		kept                    func(Document) int
	}{
		{"rss", "<rss><channel>", "<item><title>x</title></item>", "</channel></rss>", MaxEntries, nil},
		{"atom", "<feed>", "<entry><title>x</title></entry>", "</feed>", MaxEntries, nil},
		{"json", `{"items":[{}`, `,{"title":"x"}`, "]}", MaxEntries, nil},
		{"sitemap", "<urlset>", "<url><loc>/a</loc></url>", "</urlset>", MaxSitemapURLs, nil},
		{"sitemap index", "<sitemapindex>", "<sitemap><loc>/a</loc></sitemap>", "</sitemapindex>", MaxSitemapURLs,
			func(d Document) int { return len(d.Sitemaps) }},
		{"news sitemap", "<urlset>", "<url><loc>/a</loc><news:title>x</news:title></url>", "</urlset>", MaxEntries, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n := tt.limit
			if tt.name == "json" {
				n-- // the head holds one
			}
			kept := func(d Document) int { return len(d.Entries) }
			if tt.kept != nil {
				kept = tt.kept
			}
			d := parse(t, tt.head+strings.Repeat(tt.entry, n)+tt.tail)
			if kept(d) != tt.limit || len(d.Mended) > 0 {
				t.Errorf("at the limit: %d entries, mended %q", kept(d), d.Mended)
			}
			d = parse(t, tt.head+strings.Repeat(tt.entry, n+2)+tt.tail)
			if kept(d) != tt.limit || !mended(d, "2 ") {
				t.Errorf("past the limit: %d entries, mended %q", kept(d), d.Mended)
			}
		})
	}
}

// TestNewestKept checks that a news sitemap loses its oldest entries, not its
// last ones.
func TestNewestKept(t *testing.T) {
	var b strings.Builder
	b.WriteString("<urlset>")
	for i := range MaxEntries + 10 {
		at := time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC)
		fmt.Fprintf(&b, "<url><loc>/%d</loc><news:publication_date>%s</news:publication_date></url>", i, at.Format(time.RFC3339))
	}
	b.WriteString("</urlset>")
	d := parse(t, b.String())
	if len(d.Entries) != MaxEntries || d.Entries[0].URL != "https://news.example.org/10" {
		t.Errorf("%d entries, the first %q", len(d.Entries), d.Entries[0].URL)
	}
}

func TestSizeLimits(t *testing.T) {
	pad := func(head, tail string, size int) []byte {
		return []byte(head + strings.Repeat(" ", size-len(head)-len(tail)) + tail)
	}
	for _, tt := range []struct {
		name, head, tail string
		limit            int
	}{
		{"rss", "<rss><channel>", "</channel></rss>", MaxFeed},
		{"json", `{"items":[`, "]}", MaxFeed},
		{"sitemap", "<urlset>", "</urlset>", MaxSitemap},
	} {
		if _, err := Parse(pad(tt.head, tt.tail, tt.limit), "", nil); err != nil {
			t.Errorf("%s of %d bytes: %v", tt.name, tt.limit, err)
		}
		if _, err := Parse(pad(tt.head, tt.tail, tt.limit+1), "", nil); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%s of %d bytes: %v, want ErrTooLarge", tt.name, tt.limit+1, err)
		}
	}
	if _, _, err := ParseOPML(pad("<opml>", "</opml>", MaxFeed)); err != nil {
		t.Errorf("OPML of %d bytes: %v", MaxFeed, err)
	}
	if _, _, err := ParseOPML(pad("<opml>", "</opml>", MaxFeed+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("OPML of %d bytes: %v, want ErrTooLarge", MaxFeed+1, err)
	}
}

func zip(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGzip(t *testing.T) {
	body := []byte("<urlset><url><loc>https://map.example.org/a</loc></url>" + strings.Repeat("<url><loc>https://map.example.org/b</loc></url>", 500) + "</urlset>")
	packed := zip(t, body)
	if d, err := Parse(packed, "", nil); err != nil || len(d.Entries) != 501 {
		t.Errorf("gzip: %d entries, %v", len(d.Entries), err)
	}
	if d, err := Parse(packed[:len(packed)-9], "", nil); err != nil || len(d.Entries) == 0 {
		t.Errorf("gzip cut short: %d entries, %v", len(d.Entries), err)
	}
	if _, err := Parse([]byte("\x1f\x8b\x08junk"), "", nil); !errors.Is(err, ErrNotFeed) {
		t.Errorf("broken gzip: %v, want ErrNotFeed", err)
	}
	if _, err := gunzip(zip(t, make([]byte, 1001)), 1000); !errors.Is(err, ErrTooLarge) {
		t.Errorf("gzip past its limit: %v, want ErrTooLarge", err)
	}
	if out, err := gunzip(zip(t, make([]byte, 1000)), 1000); err != nil || len(out) != 1000 {
		t.Errorf("gzip at its limit: %d bytes, %v", len(out), err)
	}
}

func TestNotFeed(t *testing.T) {
	for _, body := range []string{"", " ", "hello", "<", "<<<", "<html><body><rss>", "<!doctype html><html>", "<opml version='2.0'>",
		"{}", "[]", `{"a":1}`, `{"items":{}}`, "{", "<note/>", "\x00\x00\x00", "\xff\xfe", "<?xml version='1.0'?>"} {
		if d, err := Parse([]byte(body), "", nil); !errors.Is(err, ErrNotFeed) {
			t.Errorf("Parse(%q) = %v, %v; want ErrNotFeed", body, d, err)
		}
	}
	far := strings.Repeat(" <x>", rootSearch/4+1) + "<rss/>"
	if _, err := Parse([]byte(far), "", nil); !errors.Is(err, ErrNotFeed) {
		t.Errorf("root past %d bytes: %v, want ErrNotFeed", rootSearch, err)
	}
}

// TestStructureLimits checks the limits on nesting, namespaces and attributes
// at their edges, and that entries behind what was cut are still found.
func TestStructureLimits(t *testing.T) {
	nest := func(n int) string {
		return "<rss><channel>" + strings.Repeat("<image>", n) + strings.Repeat("</image>", n) + "<item><title>after</title></item></channel></rss>"
	}
	names := func(n int) string {
		var b strings.Builder
		b.WriteString("<rss")
		for i := range n {
			fmt.Fprintf(&b, " xmlns:n%d='urn:%d'", i, i)
		}
		return b.String() + "><channel><item><title>after</title></item></channel></rss>"
	}
	attrs := func(n int) string {
		var b strings.Builder
		b.WriteString("<rss><channel><item><link")
		for i := range n {
			fmt.Fprintf(&b, " a%d=''", i)
		}
		return b.String() + "/><title>after</title></item></channel></rss>"
	}
	for _, tt := range []struct {
		name  string
		body  func(int) string
		limit int
		note  string
	}{
		{"depth", nest, MaxDepth - 2, "1 element nested deeper"}, // root and channel count
		{"namespaces", names, MaxNamespaces, "1 namespace declaration past"},
		{"attributes", attrs, MaxAttributes, "1 attribute past"},
	} {
		if d := parse(t, tt.body(tt.limit)); len(d.Mended) > 0 || len(d.Entries) != 1 || d.Entries[0].Title != "after" {
			t.Errorf("%s at the limit: %+v", tt.name, d)
		}
		if d := parse(t, tt.body(tt.limit+1)); !mended(d, tt.note) || len(d.Entries) != 1 || d.Entries[0].Title != "after" {
			t.Errorf("%s past the limit: %+v", tt.name, d)
		}
	}
}

// TestHostile reads documents made to be slow. Each has 256 KiB: a reader
// that is not linear takes minutes.
func TestHostile(t *testing.T) {
	const hostileSize = 256 << 10
	fill := func(head, unit string) string {
		return head + strings.Repeat(unit, hostileSize/len(unit))
	}
	var nested strings.Builder
	nested.WriteString("<rss><channel>")
	for i := 0; nested.Len() < hostileSize; i++ {
		fmt.Fprintf(&nested, "<a xmlns:n%d='u%d'>", i, i)
	}
	for name, body := range map[string]string{
		"nested namespaces":     nested.String(),
		"empty items":           fill("<rss><channel>", "<item/>"),
		"open items":            fill("<rss><channel>", "<item>"),
		"open titles":           fill("<rss><channel><item>", "<title>"),
		"open CDATA":            fill("<rss><channel><item><title>", "<![CDATA["),
		"open comments":         fill("<rss><channel>", "<!--"),
		"open declarations":     fill("<rss><channel>", "<!a["),
		"closing declarations":  fill("<rss><channel>", "<!a[[]"),
		"open instructions":     fill("<rss><channel>", "<?a"),
		"open quotes":           fill("<rss><channel>", `<a b="<a b='`),
		"alternating quotes":    fill("<rss><channel>", `<a b="> `),
		"references":            fill("<rss><channel><title>", "&amp"),
		"ampersands":            fill("<rss><channel><title>", "&"),
		"less-than signs":       fill("<rss><channel><title>", "<"),
		"stray ends":            fill("<rss><channel>", "</x>"),
		"deep HTML":             fill("<feed><entry><content type='html'>", "&lt;b>"),
		"deep XHTML":            fill("<feed><entry><content type='xhtml'>", "<b>"),
		"attributes":            fill("<rss><channel><item ", "a='1' "),
		"foreign elements":      fill("<rss><channel>", "<zz:a>"),
		"one extension":         fill("<rss><channel><item>", "<dc:subject>a</dc:subject>"),
		"categories":            fill("<rss><channel><item>", "<category>ab</category>"),
		"sitemap without ends":  fill("<urlset>", "<url><loc>/a"),
		"JSON of one depth":     fill(`{"items":`, "["),
		"JSON objects":          fill(`{"items":[`, `{"a":`),
		"JSON numbers":          fill(`{"items":[0`, ",0"),
		"JSON tags":             fill(`{"items":[{"tags":[0`, ",0") + "]}]}",
		"title of script":       fill("<rss><channel><title>", "&lt;script>"),
		"title of declarations": fill("<rss><channel><title>", "&lt;![CDATA["),
	} {
		began := time.Now()
		d, err := Parse([]byte(body), "", nil)
		if took := time.Since(began); took > 10*time.Second { // linear ones take a hundredth
			t.Errorf("%s: %v", name, took)
		}
		if err != nil && !errors.Is(err, ErrNotFeed) {
			t.Errorf("%s: %v", name, err)
		}
		if len(d.Entries) > MaxEntries {
			t.Errorf("%s: %d entries", name, len(d.Entries))
		}
		t.Logf("%-22s %8v %d entries", name, time.Since(began).Round(time.Millisecond), len(d.Entries))
	}
}

// TestEntities checks that declared entities have no effect: nothing is read
// from elsewhere, nothing grows.
func TestEntities(t *testing.T) {
	d := parse(t, `<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>
<rss><channel><title>&b; &f; &copy;</title></channel></rss>`)
	if d.Title != "&b; &f; ©" {
		t.Errorf("title %q", d.Title)
	}
}
