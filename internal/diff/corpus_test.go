package diff

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"stet/internal/news"
)

// maxOverFlat is how many words may be marked for each that a flat diff marks:
// 0.97 over all pairs when last measured, with room for small samples.
const maxOverFlat = 1.04

const corpusFolder = "../../../shared/data/"

// eachPair gives every step-th pair of consecutive versions of real pages, until
// f says that it has enough.
func eachPair(t testing.TB, file string, step int, f func(old, new news.Content) bool) {
	t.Helper()
	in, err := os.Open(corpusFolder + file)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("skipped: no corpus")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		t.Fatal(err)
	}
	var last news.Content
	var url string
	n := 0
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var v struct {
			URL, Title string
			Paragraphs []string
		}
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		c := news.Content{Headline: v.Title}
		for _, p := range v.Paragraphs {
			c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: p})
		}
		if v.URL == url {
			if n%step == 0 && !f(last, c) {
				return
			}
			n++
		}
		last, url = c, v.URL
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// corpusPairs gives at most limit pairs of the shorter pages.
func corpusPairs(t testing.TB, step, limit int) [][2]news.Content {
	t.Helper()
	var out [][2]news.Content
	eachPair(t, "versions-dev.jsonl.gz", step, func(old, new news.Content) bool {
		out = append(out, [2]news.Content{old, new})
		return len(out) < limit
	})
	return out
}

// flatMarked is the number of words that one longest common subsequence over
// all words of the two contents leaves unmatched on both sides: what a diff
// without paragraphs, sentences and moves would mark.
func flatMarked(old, new news.Content) int {
	n := newNames()
	all := func(c news.Content) (out []int32) {
		for _, s := range append([]string{c.Headline}, texts(c)...) {
			for _, p := range pieces(s) {
				if p.sort == word || p.sort == number {
					out = append(out, n.id(p.s))
				}
			}
		}
		return out
	}
	a, b := all(old), all(new)
	w := budget{left: 1 << 40}
	return len(a) + len(b) - 2*len(lcs(a, b, &w))
}

func texts(c news.Content) (out []string) {
	for _, b := range c.Blocks {
		out = append(out, b.Text)
	}
	return out
}

var allPairs = flag.Bool("all", false, "take all pairs of the corpus, not every fiftieth")

// TestCorpus checks the laws on real pairs, and measures. All pairs with
// "go test -v -run TestCorpus ./internal/diff -all"; otherwise every fiftieth.
func TestCorpus(t *testing.T) {
	m := measureCorpus(t, "versions-dev.jsonl.gz")
	// Rewritten sentences are shown whole, and a flat diff finds chance matches in
	// them, so the two counts come out near one another.
	if float64(m.marked) > maxOverFlat*float64(m.flat) {
		t.Errorf("%d words marked, a flat diff marks %d", m.marked, m.flat)
	}
	if 100*m.approximate > len(m.took) {
		t.Errorf("%d of %d approximate", m.approximate, len(m.took))
	}
}

// TestCorpusLong does the same with long documents, of up to some hundred
// thousand words.
func TestCorpusLong(t *testing.T) { measureCorpus(t, "versions-long.jsonl.gz") }

type measured struct {
	took                      []time.Duration
	marked, flat, approximate int
}

func measureCorpus(t *testing.T, file string) measured {
	t.Helper()
	step := 50
	if *allPairs {
		step = 1
	}
	var m measured
	var before, after runtime.MemStats
	most := uint64(0) // bytes that one comparison asked for
	eachPair(t, file, step, func(old, new news.Content) bool {
		runtime.ReadMemStats(&before)
		start := time.Now()
		s := Compare(old, new)
		m.took = append(m.took, time.Since(start))
		runtime.ReadMemStats(&after)
		most = max(most, after.TotalAlloc-before.TotalAlloc)
		checkLaws(t, old, new, s)
		if t.Failed() {
			t.Fatalf("headline %q", new.Headline)
		}
		m.marked += s.WordsAdded + s.WordsRemoved
		m.flat += flatMarked(old, new)
		if s.Approximate {
			m.approximate++
		}
		return true
	})
	slices.Sort(m.took)
	at := func(q float64) time.Duration { return m.took[int(q*float64(len(m.took)-1))] }
	t.Logf("%d pairs: median %v, p99 %v, max %v; at most %d MB asked for; %d approximate; words marked %d, flat %d: %.3f",
		len(m.took), at(0.5), at(0.99), at(1), most>>20, m.approximate, m.marked, m.flat, float64(m.marked)/float64(m.flat))
	return m
}
