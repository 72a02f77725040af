package store

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func TestBlobs(t *testing.T) {
	b := newBench(t)
	noise := make([]byte, 10_000)
	rand.Read(noise)
	for name, data := range map[string][]byte{
		"nothing": {}, "one byte": {0}, "text": []byte(strings.Repeat("All the news. ", 1000)), "noise": noise, "as large as can be": make([]byte, MaxBlob),
	} {
		d, err := b.PutBlob(b.ctx, data)
		b.must(err)
		again, err := b.PutBlob(b.ctx, data)
		b.must(err)
		got, err := b.Blob(b.ctx, d)
		b.must(err)
		if d != news.Sum(data) || again != d || !bytes.Equal(got, data) {
			t.Errorf("%s: %d bytes came back as %d under %s", name, len(data), len(got), d)
		}
		_, small := os.Stat(b.blobPath(d) + zstdBlob)
		if want := name == "text" || name == "as large as can be"; (small == nil) != want {
			t.Errorf("%s: compressed = %v", name, !want)
		}
	}
	if _, err := b.PutBlob(b.ctx, make([]byte, MaxBlob+1)); err == nil {
		t.Error("a blob beyond MaxBlob: no error")
	}
	entries, err := os.ReadDir(filepath.Join(b.dir, blobDir, tempDir))
	b.must(err)
	equal(t, "files left", len(entries), 0)
	if n := b.verify().Checked["orphan blobs"]; n != 5 {
		t.Errorf("%d orphan blobs, want 5", n)
	}
}

// TestBlobHeals: bytes that are put again make a damaged file good.
func TestBlobHeals(t *testing.T) {
	b := newBench(t)
	for _, data := range [][]byte{[]byte("x"), []byte(strings.Repeat("All the news. ", 1000))} {
		d, err := b.PutBlob(b.ctx, data)
		b.must(err)
		path := b.blobPath(d)
		if len(data) > 1 {
			path += zstdBlob
		}
		for what, harm := range map[string]func() error{
			"flipped byte": func() error { return flip(path, -1) },
			"cut short":    func() error { return os.Truncate(path, 0) },
			"plain junk":   func() error { return os.WriteFile(b.blobPath(d), []byte("junk"), 0o600) },
		} {
			b.must(harm())
			if _, err := b.Blob(b.ctx, d); err == nil || errors.Is(err, ErrNotFound) || !strings.Contains(err.Error(), "damaged") {
				t.Errorf("%s: error %v", what, err)
			}
			_, err := b.PutBlob(b.ctx, data)
			b.must(err)
			if got, err := b.Blob(b.ctx, d); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s: not healed: %v", what, err)
			}
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

func TestSweepTemp(t *testing.T) {
	dir := t.TempDir()
	openStore(t, Options{Dir: dir})
	old, young := filepath.Join(dir, blobDir, tempDir, "old"), filepath.Join(dir, blobDir, tempDir, "young")
	for _, path := range []string{old, young} {
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := time.Now()
	err := errors.Join(os.Chtimes(old, now, now.Add(-tempAge-time.Second)), os.Chtimes(young, now, now.Add(-tempAge)))
	if err != nil {
		t.Fatal(err)
	}
	openStore(t, Options{Dir: dir, Now: func() time.Time { return now }})
	_, oldErr := os.Stat(old)
	_, youngErr := os.Stat(young)
	if oldErr == nil || youngErr != nil {
		t.Errorf("old: %v, young: %v", oldErr, youngErr)
	}
}
