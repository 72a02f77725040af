package store

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/blob"
	"stet/internal/news"
)

// blobPath is the file of a blob of a store whose blobs are in its directory.
func (s *Store) blobPath(d news.Digest) string {
	return filepath.Join(s.dir, blobDir, filepath.FromSlash(blob.Name(d)))
}

// bodies is n captures of one page, each of which resembles the one before.
func bodies(n int) (out [][]byte) {
	var page strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&page, "<p>%x</p>\n", news.Sum([]byte(fmt.Sprint("line ", i))))
	}
	for i := range n {
		fmt.Fprintf(&page, "<p>Edit %d of the page</p>\n", i)
		out = append(out, []byte(page.String()))
	}
	return out
}

func TestBlobs(t *testing.T) {
	b := newBench(t)
	var like news.Digest
	pages := append(bodies(3), []byte{}, []byte{0}, make([]byte, MaxBlob))
	for i, data := range pages {
		d, err := b.PutBlob(b.ctx, data, like)
		b.must(err)
		again, err := b.PutBlob(b.ctx, data, news.Digest{})
		b.must(err)
		got, err := b.Blob(b.ctx, d)
		b.must(err)
		if d != news.Sum(data) || again != d || !bytes.Equal(got, data) {
			t.Errorf("%d: %d bytes came back as %d under %s", i, len(data), len(got), d)
		}
		base, err := b.blobs.Base(b.ctx, d)
		b.must(err)
		if rests := i == 1 || i == 2; base.IsZero() == rests {
			t.Errorf("%d rests on %q", i, base)
		}
		like = d
	}
	if _, err := b.PutBlob(b.ctx, make([]byte, MaxBlob+1), news.Digest{}); !errors.Is(err, blob.ErrTooLarge) {
		t.Errorf("a blob beyond MaxBlob: %v", err)
	}
	equal(t, "orphan blobs", b.verify().Checked["orphan blobs"], len(pages))
}

// TestBlobHeals: bytes that are put again make a damaged file good.
func TestBlobHeals(t *testing.T) {
	b := newBench(t)
	data := bodies(1)[0]
	d, err := b.PutBlob(b.ctx, data, news.Digest{})
	b.must(err)
	for what, harm := range map[string]func() error{
		"flipped byte": func() error { return flip(b.blobPath(d), -1) },
		"cut short":    func() error { return os.Truncate(b.blobPath(d), 0) },
	} {
		b.must(harm())
		if _, err := b.Blob(b.ctx, d); err == nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s: error %v", what, err)
		}
		_, err := b.PutBlob(b.ctx, data, news.Digest{})
		b.must(err)
		if got, err := b.Blob(b.ctx, d); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: not healed: %v", what, err)
		}
	}
}

// flip changes a byte of a file; a negative place counts from the end.
func flip(path string, at int) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if at < 0 {
		at += len(data)
	}
	data[at] ^= 0xff
	return os.WriteFile(path, data, 0o600)
}

// TestBlobsElsewhere: blobs may be in another directory; a place that is none is an
// error that names it.
func TestBlobsElsewhere(t *testing.T) {
	dir, other := t.TempDir(), filepath.Join(t.TempDir(), "captures")
	s := openStore(t, Options{Dir: dir, Blobs: other})
	d, err := s.PutBlob(t.Context(), []byte("x"), news.Digest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(other, blob.Name(d))); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, blobDir)); err == nil {
		t.Error("there is a directory for blobs in the data directory")
	}
	for _, where := range []string{"ftp://captures", "s3://captures?endpoint=", "s3://k:s@captures"} {
		if _, err := Open(t.Context(), Options{Dir: dir, Blobs: where}); err == nil || !strings.Contains(err.Error(), "blobs") {
			t.Errorf("%s: %v", where, err)
		}
	}
}

func TestLastRaw(t *testing.T) {
	b := newBench(t)
	a := b.article("a")
	last := func() news.Digest {
		d, err := b.LastRaw(b.ctx, a.ID)
		b.must(err)
		return d
	}
	l := b.lease()
	equal(t, "of none", last(), news.Digest{})
	v := b.withBody(b.visit(l, a.ID, news.OK).withVersion(0, content("A", "x")), "body")
	b.record(v)
	b.clock.pass(time.Minute)
	seen := b.visit(l, a.ID, news.OK)
	seen.Sighting = true
	b.record(seen)
	equal(t, "of one, and a capture without bytes", last(), v.Capture.Raw)
}

// TestOlderBlobs: the plain files of an older store are read, verified and copied.
func TestOlderBlobs(t *testing.T) {
	b := newBench(t)
	a := b.article("a")
	v := b.withBody(b.visit(b.lease(), a.ID, news.OK).withVersion(0, content("A", "x")), "body")
	b.record(v)
	path := b.blobPath(v.Capture.Raw)
	b.must(os.Remove(path))
	b.must(os.WriteFile(strings.TrimSuffix(path, ".zst"), []byte("body"), 0o600))
	equal(t, "blobs", b.verify().Checked["blobs"], 1)
	dir := filepath.Join(t.TempDir(), "copy")
	b.must(b.Backup(b.ctx, dir))
	if got, err := openStore(t, Options{Dir: dir}).Blob(b.ctx, v.Capture.Raw); string(got) != "body" || err != nil {
		t.Errorf("in the copy: %q, %v", got, err)
	}
}
