package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"stet/internal/news"
)

// versionsFile has the versions of articles, those of one URL one after the
// other and oldest first.
const versionsFile = "versions-dev.jsonl.gz"

// Which texts are compared.
const (
	minWords      = 60   // of each side of a pair
	maxWords      = 3000 // of each side of a pair, and of an article that is edited
	minEdited     = 150  // words of an article that is edited
	minParagraphs = 8    // of an article that is edited
	maxLine       = 16 << 20
)

// An article is one version: what every tool compares.
type article struct {
	URL        string   `json:"url"`
	Title      string   `json:"title"`
	Paragraphs []string `json:"paragraphs"`
	Version    int      `json:"version"`
	SeenAt     string   `json:"seen_at"`
	Language   string   `json:"lang"`
}

// lines are the title and the paragraphs, each a line of the text that tools
// without paragraphs compare.
func (a article) lines() []string {
	out := []string{line(a.Title)}
	for _, p := range a.Paragraphs {
		out = append(out, line(p))
	}
	return out
}

// line is a text without line feeds, which would be paragraphs to some tools.
func line(s string) string {
	return strings.Join(strings.FieldsFunc(valid(s), func(r rune) bool { return r == '\n' || r == '\r' }), " ")
}

func (a article) text() string { return strings.Join(a.lines(), "\n") }

func (a article) words() []string { return wordsOf(a.text()) }

func (a article) content() news.Content {
	lines := a.lines()
	c := news.Content{Headline: lines[0]}
	for _, p := range lines[1:] {
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: p})
	}
	return c
}

// A pair is what is compared.
type pair struct{ old, new article }

// loadVersions reads all versions of the corpus in a folder.
func loadVersions(data string) ([]article, error) {
	f, err := os.Open(filepath.Join(data, versionsFile))
	if err != nil {
		return nil, fmt.Errorf("corpus: %w", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", versionsFile, err)
	}
	var out []article
	in := bufio.NewScanner(z)
	in.Buffer(nil, maxLine)
	for in.Scan() {
		var a article
		if err := json.Unmarshal(in.Bytes(), &a); err != nil {
			return nil, fmt.Errorf("corpus %s, line %d: %w", versionsFile, len(out)+1, err)
		}
		out = append(out, a)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("corpus %s: %w", versionsFile, err)
	}
	return out, nil
}

// consecutive gives the pairs of consecutive versions of one URL whose sides
// have minWords to maxWords words.
func consecutive(versions []article) []pair {
	var out []pair
	fitted := false
	for i, now := range versions {
		fits := within(now, minWords)
		if i > 0 && fits && fitted && versions[i-1].URL == now.URL {
			out = append(out, pair{versions[i-1], now})
		}
		fitted = fits
	}
	return out
}

func within(a article, least int) bool {
	n := len(a.words())
	return least <= n && n <= maxWords
}

// stride takes n of the values, evenly spaced from the first; all of them if
// there are not more.
func stride[T any](all []T, n int) []T {
	if n >= len(all) {
		return all
	}
	out := make([]T, n)
	for i := range out {
		out[i] = all[i*len(all)/n]
	}
	return out
}
