package main

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/klauspost/compress/zstd"

	"stet/internal/extract"
)

// A page is a lesson and the fold that it belongs to.
type page struct {
	*extract.Lesson
	fold int
}

// A truth is what a person says a page holds.
type truth struct {
	URL   string
	Paras []string
	File  string
}

// load reads an archive: one folder with truth.json and the pages that it
// names.
func load(name string) ([]*page, error) {
	files, err := unpack(name)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	var truths []truth
	dir := ""
	for path, data := range files {
		if base, ok := strings.CutSuffix(path, "truth.json"); ok {
			dir = base
			if err := json.Unmarshal(data, &truths); err != nil {
				return nil, fmt.Errorf("read %s: %s: %w", name, path, err)
			}
		}
	}
	var out []*page
	for _, t := range truths {
		u, err := url.Parse(t.URL)
		if err != nil {
			return nil, fmt.Errorf("read %s: %s: %w", name, t.File, err)
		}
		l := extract.NewLesson(extract.Page{URL: u, Status: 200, ContentType: "text/html", Body: files[dir+t.File]}, t.Paras)
		if l != nil {
			out = append(out, &page{Lesson: l, fold: foldOf(u.Hostname())})
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("read %s: no pages with a truth", name)
	}
	return out, nil
}

// foldOf keeps the pages of a host together: what is learnt from one page of
// it would else be tested on the next.
func foldOf(host string) int {
	h := fnv.New32a()
	io.WriteString(h, host) // a hash takes everything
	return int(h.Sum32() % folds)
}

// unpack reads all files of a tar archive that zstd has compressed.
func unpack(name string) (map[string][]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := zstd.NewReader(f)
	if err != nil {
		return nil, err
	}
	defer z.Close()
	files := map[string][]byte{}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			return nil, err
		}
	}
}
