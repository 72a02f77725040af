package store

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"testing"
	"time"

	"stet/internal/news"
)

// corpusHistories reads the histories of a corpus, in order.
func corpusHistories(t testing.TB, name string) (histories [][]news.Version) {
	f, err := os.Open("../../../shared/data/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: no corpus")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(z)
	in.Buffer(nil, 64<<20)
	at := map[string]int{}
	for in.Scan() {
		var x struct {
			URL, Title string
			Paragraphs []string
		}
		if err := json.Unmarshal(in.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		i, known := at[x.URL]
		if !known {
			i = len(histories)
			at[x.URL] = i
			histories = append(histories, nil)
		}
		histories[i] = append(histories[i], news.Version{Content: content(x.Title, x.Paragraphs...), Extractor: "test/1"})
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
	return histories
}

// TestCorpusChains: real histories come back from their chains, in a quarter of
// the room; a dictionary learnt from one half of
// the articles helps the other.
func TestCorpusChains(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	histories := corpusHistories(t, "versions-dev.jsonl.gz")
	b := newBench(t)
	var samples [][]byte
	size := 0
	for i := 0; i < len(histories) && size < MaxSampleBytes/2; i += 2 {
		text := histories[i][0].Content.Canonical()
		samples = append(samples, text[:min(len(text), maxSampleText)])
		size += len(samples[len(samples)-1])
	}
	data, err := train(1, samples)
	b.must(err)
	trained, err := newDictionary(1, data)
	b.must(err)
	saved := 0
	for _, d := range []*dictionary{nil, trained} {
		var n, raw, stored, keys int
		before := spent(t)
		var frames [][]frame
		for i := 1; i < len(histories); i += 2 { // not those that were learnt from
			c := &chain{s: b.Store, dictionary: d}
			var fs []frame
			for _, v := range histories[i] {
				e, err := c.encode(v)
				b.must(err)
				fs = append(fs, e.frame)
				n, stored, keys = n+1, stored+len(e.body), keys+bit(e.encoding != encodedDelta)
			}
			frames = append(frames, fs)
		}
		took, before := spent(t)-before, spent(t)
		for i, fs := range frames {
			var text []byte
			for k, f := range fs {
				if text, err = b.openFrame(f, text, d); err != nil || !bytes.Equal(text, histories[2*i+1][k].Content.Canonical()) {
					t.Fatalf("a text came back another: %v", err)
				}
				raw += len(text)
			}
		}
		t.Logf("dictionary %v: %d versions, %d key frames, %d B of text, %d B stored each; encoded whole, with digest and words, in %v of processor time, read in %v",
			d != nil, n, keys, raw/n, stored/n, took/time.Duration(n), (spent(t)-before)/time.Duration(n))
		if stored*4 > raw {
			t.Errorf("%d bytes for %d of text", stored, raw)
		}
		saved = stored - saved
	}
	if saved >= 0 { // what was stored with the dictionary, less what was without
		t.Errorf("the dictionary costs %d bytes", saved)
	}
}
