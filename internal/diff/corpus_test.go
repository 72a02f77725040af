package diff

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"slices"
	"testing"
	"time"

	"stet/internal/news"
)

// maxOverFlat is how many words may be marked for each that a flat diff marks:
// 1.015 over all pairs when last measured, with room for small samples.
const maxOverFlat = 1.08

const corpusFile = "../../../shared/data/versions-dev.jsonl.gz"

// corpusPairs gives consecutive versions of real pages, at most limit pairs,
// every step-th.
func corpusPairs(t testing.TB, step, limit int) [][2]news.Content {
	t.Helper()
	f, err := os.Open(corpusFile)
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
	var out [][2]news.Content
	var last news.Content
	var url string
	n := 0
	in := bufio.NewScanner(z)
	in.Buffer(nil, 16<<20)
	for in.Scan() && len(out) < limit {
		var v struct {
			URL, Title string
			Paragraphs []string
		}
		if err := json.Unmarshal(in.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		c := news.Content{Headline: v.Title}
		for _, p := range v.Paragraphs {
			c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: p})
		}
		if v.URL == url {
			if n%step == 0 {
				out = append(out, [2]news.Content{last, c})
			}
			n++
		}
		last, url = c, v.URL
	}
	if err := in.Err(); err != nil {
		t.Fatal(err)
	}
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

// TestCorpus checks the laws on real pairs, and measures. All pairs with
// "go test -run TestCorpus -v"; otherwise every fiftieth.
func TestCorpus(t *testing.T) {
	step := 50
	if testing.Verbose() {
		step = 1
	}
	pairs := corpusPairs(t, step, 1<<30)
	var took []time.Duration
	marked, flat, approximate := 0, 0, 0
	for _, p := range pairs {
		start := time.Now()
		s := Compare(p[0], p[1])
		took = append(took, time.Since(start))
		checkLaws(t, p[0], p[1], s)
		if t.Failed() {
			t.Fatalf("headline %q", p[1].Headline)
		}
		marked += s.WordsAdded + s.WordsRemoved
		flat += flatMarked(p[0], p[1])
		if s.Approximate {
			approximate++
		}
	}
	slices.Sort(took)
	at := func(q float64) time.Duration { return took[int(q*float64(len(took)-1))] }
	t.Logf("%d pairs: median %v, p99 %v, max %v; %d approximate; words marked %d, flat %d: %.3f",
		len(pairs), at(0.5), at(0.99), at(1), approximate, marked, flat, float64(marked)/float64(flat))
	// Rewritten sentences are shown whole, and a flat diff finds chance matches in
	// them, so the two counts come out near one another.
	if float64(marked) > maxOverFlat*float64(flat) {
		t.Errorf("%d words marked, a flat diff marks %d", marked, flat)
	}
	if 100*approximate > len(pairs) {
		t.Errorf("%d of %d approximate", approximate, len(pairs))
	}
}
