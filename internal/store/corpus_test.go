package store

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/pgtest"
)

// corpusVersions is how many versions of the corpus TestCorpus takes.
const corpusVersions = 500

// TestCorpus: real histories go in and come out the same.
func TestCorpus(t *testing.T) {
	pgtest.SQLiteOnly(t)
	f, err := os.Open("../../../shared/data/versions-dev.jsonl.gz")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: no corpus")
	}
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	b := newBench(t)
	b.must(err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	b.must(err)
	type line struct {
		URL        string    `json:"url"`
		SeenAt     time.Time `json:"seen_at"`
		Title      string    `json:"title"`
		Paragraphs []string  `json:"paragraphs"`
	}
	l := b.lease()
	want := map[[2]int64]news.Digest{}
	var text int
	in := bufio.NewScanner(z)
	in.Buffer(nil, 64<<20)
	for in.Scan() && len(want) < corpusVersions {
		var x line
		b.must(json.Unmarshal(in.Bytes(), &x))
		addr, err := news.ParseAddress(x.URL, nil)
		b.must(err)
		a, _, err := b.AddArticle(b.ctx, b.src.ID, addr, x.Title, "import", time.Time{}, time.Time{})
		b.must(err)
		c := content(x.Title, x.Paragraphs...)
		v := b.visit(l, a.ID, news.OK).withVersion(a.Versions, c)
		v.Capture.At, v.Capture.URL = x.SeenAt, x.URL
		if _, err := b.RecordVisit(b.ctx, v); errors.Is(err, ErrConflict) {
			continue // the same text in other typography
		} else {
			b.must(err)
		}
		want[[2]int64{a.ID, int64(a.Versions)}] = news.Sum(c.Canonical())
		text += len(c.Canonical())
	}
	b.must(in.Err())
	for k, digest := range want {
		v, err := b.VersionByNumber(b.ctx, k[0], int(k[1]))
		b.must(err)
		if news.Sum(v.Content.Canonical()) != digest {
			t.Errorf("version %d of article %d came back another", k[1], k[0])
		}
	}
	for n := 1; n > 0; {
		n, err = b.IndexChanges(b.ctx, 500)
		b.must(err)
	}
	b.verify()
	b.must(b.Backup(b.ctx, filepath.Join(t.TempDir(), "copy")))
	var pages, size int
	b.must(b.reader.QueryRowContext(b.ctx, `PRAGMA page_count`).Scan(&pages))
	b.must(b.reader.QueryRowContext(b.ctx, `PRAGMA page_size`).Scan(&size))
	t.Logf("%d versions, %d bytes of text each, %d bytes of database each, index and captures included", len(want), text/len(want), pages*size/len(want))
}
