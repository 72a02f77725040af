package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"stet/bench/corpus"
	"stet/internal/archive"
	"stet/internal/news"
)

// realFile holds the real histories in the data folder: JSON lines, the versions
// of an article one after another.
const realFile = "versions-dev.jsonl.gz"

// maxLine is the longest line of it that is read, in bytes.
const maxLine = 64 << 20

// A record is a line: one version.
type record struct {
	Source     string    `json:"source"`
	URL        string    `json:"url"`
	SeenAt     time.Time `json:"seen_at"`
	Title      string    `json:"title"`
	Paragraphs []string  `json:"paragraphs"`
	Lang       string    `json:"lang"`
}

// version takes paragraphs as they are: the corpus knows no other kind of block.
func (r record) version() archive.Version {
	c := news.Content{Headline: r.Title, Language: r.Lang}
	for _, p := range r.Paragraphs {
		c.Blocks = append(c.Blocks, news.Block{Kind: news.Paragraph, Text: p})
	}
	return archive.Version{Content: c, At: r.SeenAt}
}

// loadReal reads all real histories; fs.ErrNotExist when they are not there.
func loadReal(data string) ([]archive.History, error) {
	f, err := os.Open(filepath.Join(data, realFile))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", realFile, err)
	}
	all, err := readReal(z)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", realFile, err)
	}
	return all, nil
}

// readReal reads JSON lines; a line that cannot be read ends it, with its number.
func readReal(r io.Reader) (all []archive.History, err error) {
	// Only neighbours are put together: the corpus has its versions in order.
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	n := 0
	for lines.Scan() {
		n++
		var v record
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		if v.URL == "" {
			return nil, fmt.Errorf("line %d: no url", n)
		}
		if len(all) == 0 || all[len(all)-1].URL != v.URL {
			all = append(all, archive.History{Source: archive.Source{Key: v.Source}, URL: v.URL, Origin: "real", Language: v.Lang})
		}
		h := &all[len(all)-1]
		h.Versions = append(h.Versions, v.version())
	}
	return all, lines.Err()
}

// texts gives what a model learns from, and its name: the newest English text
// of each real article, or pages of our own where there are none.
func texts(data string) (paragraphs []string, name string, err error) {
	all, err := loadReal(data)
	if errors.Is(err, fs.ErrNotExist) {
		for _, p := range corpus.Own(ownPages, 1) {
			paragraphs = append(paragraphs, p.Paragraphs...)
		}
		return paragraphs, "pages of our own (no corpus: they say little, and pack too well)", nil
	}
	once := map[string]bool{} // what a publisher writes under every text would be said too often
	for _, h := range all {
		c := h.Versions[len(h.Versions)-1].Content
		for _, b := range c.Blocks {
			if c.Language == "en" && !once[b.Text] {
				once[b.Text] = true
				paragraphs = append(paragraphs, b.Text)
			}
		}
	}
	return paragraphs, realFile, err
}

// ownPages is how many pages of our own a model learns from.
const ownPages = 2000
