package store

import (
	"bytes"
	"testing"
	"time"

	"stet/internal/news"
)

// TestCorpusChains: real histories come back from their chains, in a quarter of
// the room; a dictionary learnt from one half of
// the articles helps the other.
func TestCorpusChains(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: -short")
	}
	var histories [][]news.Version
	corpusHistories(t, "versions-dev.jsonl.gz", func(_ string, contents []news.Content) {
		var h []news.Version
		for _, c := range contents {
			h = append(h, news.Version{Content: c, Extractor: "test/1"})
		}
		histories = append(histories, h)
	})
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
