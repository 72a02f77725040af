package feed

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// corpus opens an archive of the corpus and calls each with every file in it.
func corpus(t *testing.T, name string, each func(name string, body []byte)) {
	t.Helper()
	f, err := os.Open(filepath.Join("../../../shared/data", name))
	if err != nil {
		t.Skip("skipped: no corpus")
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		each(path.Clean(h.Name), body)
	}
}

func address(t testing.TB, s string) *url.URL {
	t.Helper()
	u, err := url.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// maxCorpusTime is how long any one file of the corpus may take. Ordinary ones
// take milliseconds; the margin is for a busy machine.
const maxCorpusTime = time.Second

// TestCorpusCounts compares the number of entries with what feedparser 6.0.10
// found in each of the files it knows for a feed.
func TestCorpusCounts(t *testing.T) {
	files := map[string][]byte{}
	var manifest []struct {
		File       string
		Feedparser *struct {
			Version *string
			Entries int
		}
	}
	corpus(t, "feeds.tar.zst", func(name string, body []byte) {
		name = strings.TrimPrefix(name, "feeds/")
		if files[name] = body; name == "manifest.json" {
			if err := json.Unmarshal(body, &manifest); err != nil {
				t.Fatal(err)
			}
		}
	})
	base := address(t, "https://feeds.example.org/all.xml")
	agree, total := 0, 0
	var slowest time.Duration
	for _, m := range manifest {
		body, ok := files[m.File]
		if !ok {
			t.Fatalf("%s: in the manifest, not in the archive", m.File)
		}
		began := time.Now()
		d, err := Parse(body, "", base)
		slowest = max(slowest, time.Since(began))
		if m.Feedparser == nil || m.Feedparser.Version == nil || *m.Feedparser.Version == "" {
			continue
		}
		total++
		if err == nil && len(d.Entries) == m.Feedparser.Entries {
			agree++
			continue
		}
		t.Logf("%s: %d entries, feedparser %d (%v)", m.File, len(d.Entries), m.Feedparser.Entries, err)
	}
	share := float64(agree) / float64(total)
	t.Logf("%d files; counts agree for %d of %d (%.2f %%); slowest %v", len(manifest), agree, total, 100*share, slowest)
	if share < 0.99 {
		t.Errorf("counts agree for %.2f %%, want at least 99 %%", 100*share)
	}
	if slowest > maxCorpusTime {
		t.Errorf("slowest file took %v, want at most %v", slowest, maxCorpusTime)
	}
}

// TestCorpusHostile reads every hostile file as everything this package reads.
func TestCorpusHostile(t *testing.T) {
	base := address(t, "https://feeds.example.org/all.xml")
	n, feeds := 0, 0
	var slowest time.Duration
	var slow string
	corpus(t, "hostile.tar.zst", func(name string, body []byte) {
		if len(body) > 2*MaxFeed {
			return
		}
		n++
		began := time.Now()
		d, err := Parse(body, "", base)
		switch {
		case err == nil:
			feeds++
		case !errors.Is(err, ErrNotFeed) && !errors.Is(err, ErrTooLarge):
			t.Errorf("%s: error of no kind: %v", name, err)
		}
		if len(d.Entries) > MaxSitemapURLs {
			t.Errorf("%s: %d entries", name, len(d.Entries))
		}
		for _, e := range d.Entries {
			if u, err := url.Parse(e.URL); err != nil || e.URL != "" && u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("%s: entry leads to %q", name, e.URL)
			}
		}
		Links(body, "", base)
		Discover(body, "", nil, base)
		_, _, err = ParseOPML(body)
		if strings.Contains(name, "/opml/") && err != nil && bytes.Contains(body, []byte("<opml version")) {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(began); took > slowest {
			slowest, slow = took, name
		}
	})
	t.Logf("%d files, %d read as feeds; slowest %v (%s)", n, feeds, slowest, slow)
	if slowest > 10*maxCorpusTime { // four functions, and gzip files unpack to their limit
		t.Errorf("%s took %v", slow, slowest)
	}
}
