// Package corpus gives the pages that the benches measure with: real ones from
// an archive beside the project, with what people say they hold, or a few of
// our own where the archive is absent.
//
// An archive is SET.tar.zst in the data folder, with SET/truth.json (a list of
// pages) and the HTML files that it names.
package corpus

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

// The sets.
const (
	Dev   = "extraction-dev"   // news pages
	Train = "extraction-train" // blogs, guides, magazines, some news
)

// MaxFile is the largest file of an archive that is read, in bytes.
const MaxFile = 64 << 20

// ErrAbsent says that there is no such archive here.
var ErrAbsent = errors.New("no corpus")

// A Page is a captured page and what a person says it holds.
type Page struct {
	URL        string   `json:"url"`
	Headline   string   `json:"title"`
	Paragraphs []string `json:"paras"` // of the body, in order
	File       string   `json:"file"`
	HTML       []byte   `json:"-"`
}

// Load reads a set from the data folder: ErrAbsent when it is not there.
func Load(data, set string) ([]Page, error) {
	files, err := archive(filepath.Join(data, set+".tar.zst"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("corpus %s in %s: %w", set, data, ErrAbsent)
	}
	if err != nil {
		return nil, fmt.Errorf("corpus %s: %w", set, err)
	}
	var pages []Page
	if err := json.Unmarshal(files[set+"/truth.json"], &pages); err != nil {
		return nil, fmt.Errorf("corpus %s: truth.json: %w", set, err)
	}
	for i := range pages {
		if pages[i].HTML = files[path.Join(set, pages[i].File)]; pages[i].HTML == nil {
			return nil, fmt.Errorf("corpus %s: no file %s", set, pages[i].File)
		}
	}
	return pages, nil
}

// archive reads all files of a tar.zst by name.
func archive(name string) (map[string][]byte, error) {
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
		if err == io.EOF {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if h.Typeflag != tar.TypeReg || h.Size > MaxFile {
			continue
		}
		if files[h.Name], err = io.ReadAll(r); err != nil {
			return nil, err
		}
	}
}
