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

// TestCorpusChains: real histories come back from their chains, in much less room
// than as frames that stand for themselves; a dictionary learnt from one half of
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
	plain, keys := 0, 0
	for _, vs := range histories {
		for _, v := range vs {
			e, err := b.encode(v)
			b.must(err)
			plain += len(e.body)
		}
	}
	for name, d := range map[string]*dictionary{"without dictionary": nil, "with dictionary": trained} {
		n, raw, stored, firsts := 0, 0, 0, 0
		var took, read time.Duration
		for i := 1; i < len(histories); i += 2 { // not those that were learnt from
			c := &chain{s: b.Store, dictionary: d}
			var before []byte
			for _, v := range histories[i] {
				_, text, err := prepare(v)
				b.must(err)
				began := time.Now()
				f, err := c.next(text, v.Extractor)
				took += time.Since(began)
				b.must(err)
				if f.encoding != encodedDelta {
					c.length = 0
					firsts++
				}
				c.text, c.extractor, c.length = text, v.Extractor, c.length+1
				began = time.Now()
				before, err = b.openFrame(f, before, d)
				read += time.Since(began)
				if err != nil || !bytes.Equal(before, text) {
					t.Fatalf("a text came back another: %v", err)
				}
				n, raw, stored = n+1, raw+len(text), stored+len(f.body)
			}
		}
		t.Logf("%s: %d versions, %d key frames, %d B of text, %d B stored each, %d B as frames that stand for themselves, encoded and read back in %v, one frame read in %v",
			name, n, firsts, raw/n, stored/n, plain/14258, took/time.Duration(n), read/time.Duration(n))
		if stored*4 > raw {
			t.Errorf("%s: %d bytes for %d of text", name, stored, raw)
		}
		if d == nil {
			keys += stored
		} else {
			keys -= stored
		}
	}
	if keys <= 0 {
		t.Errorf("the dictionary costs %d bytes", -keys)
	}
}
