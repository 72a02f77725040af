//go:build unix

package extract

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"
	"time"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/markusmobius/go-trafilatura"
	"golang.org/x/net/html"
)

// devPages are the pages of the corpus that all speeds are measured on.
func devPages(tb testing.TB) []Page {
	const set = "extraction-dev"
	files := readArchive(tb, set+".tar.zst")
	var truths []truth
	if err := json.Unmarshal(files[set+"/truth.json"], &truths); err != nil {
		tb.Fatal(err)
	}
	pages := make([]Page, len(truths))
	for i, tr := range truths {
		pages[i] = Page{URL: mustURL(tr.URL), Status: 200, ContentType: "text/html", Body: files[set+"/"+tr.File]}
	}
	return pages
}

// BenchmarkDev tells how many pages a second are read, side by side with each
// library alone; decoding and parsing are part of all. To be run with
// GOMAXPROCS=1, so that the collector's work is counted too.
func BenchmarkDev(b *testing.B) {
	pages := devPages(b)
	for _, c := range []struct {
		name string
		read func(Page)
	}{
		{"Read", func(p Page) { Read(p) }},
		{"ParseAlone", func(p Page) { parse(decode(p.Body, p.ContentType)) }},
		{"TrafilaturaAlone", func(p Page) {
			_, _ = trafilatura.ExtractDocument(mustParse(b, p), trafilatura.Options{OriginalURL: p.URL})
		}},
		{"ReadabilityAlone", func(p Page) {
			parser := readability.NewParser()
			_, _ = parser.ParseAndMutate(mustParse(b, p), p.URL)
		}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			start := cpuTime()
			for b.Loop() {
				for _, p := range pages {
					c.read(p)
				}
			}
			b.ReportMetric(float64(len(pages)*b.N)/(cpuTime()-start).Seconds(), "pages/cpu-s")
		})
	}
}

// mustParse is how a user of a library alone comes to a tree.
func mustParse(b *testing.B, p Page) *html.Node {
	root, err := html.Parse(strings.NewReader(decode(p.Body, p.ContentType)))
	if err != nil {
		b.Fatal(err)
	}
	return root
}

// cpuTime is the time that this process has used so far on all cores; unlike
// the clock it does not count what the machine does for others.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
