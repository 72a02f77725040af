package feed

import (
	"bytes"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"
	"unicode/utf8"
)

// seeds adds the inputs of the cases in the folder.
func seeds(f *testing.F, folder, file string) {
	paths, _ := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(archive(string(data))[file]))
	}
}

// checkEntries fails unless entries are what Entry promises.
func checkEntries(t *testing.T, entries []Entry) {
	for _, e := range entries {
		if u, err := url.Parse(e.URL); err != nil || e.URL != "" && u.Scheme != "http" && u.Scheme != "https" {
			t.Fatalf("address %q", e.URL)
		}
		for _, s := range append(e.Categories, e.Title, e.Summary, e.Author, e.Language, e.GUID) {
			if s != oneLine(s) || !utf8.ValidString(s) {
				t.Fatalf("not plain text on one line: %q", s)
			}
		}
		for _, at := range []time.Time{e.Published, e.Updated} {
			if _, err := at.MarshalText(); err != nil || at.Location() != time.UTC {
				t.Fatalf("time %v: %v", at, err)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	seeds(f, "parse", "feed")
	base := address(f, "https://news.example.org/feeds/all.xml")
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := Parse(body, "", base)
		if err != nil {
			if !errors.Is(err, ErrNotFeed) && !errors.Is(err, ErrTooLarge) {
				t.Fatalf("error of no kind: %v", err)
			}
			return
		}
		checkEntries(t, d.Entries)
		for _, format := range []Format{RSS, Atom, JSONFeed} {
			var b bytes.Buffer
			if err := Write(&b, format, d); err != nil {
				t.Fatal(err)
			}
			again, err := Parse(b.Bytes(), "", base)
			if errors.Is(err, ErrTooLarge) {
				continue
			}
			if err != nil || len(again.Entries) != min(len(d.Entries), MaxEntries) {
				t.Fatalf("%s: wrote %d entries, read %d (%v)\n%s", format, len(d.Entries), len(again.Entries), err, b.String())
			}
		}
	})
}

func FuzzLinks(f *testing.F) {
	seeds(f, "links", "page")
	seeds(f, "discover", "page")
	base := address(f, "https://www.courier.example.org/local/")
	f.Fuzz(func(t *testing.T, body []byte) {
		d := Links(body, "", base)
		checkEntries(t, d.Entries)
		seen := map[string]bool{}
		for _, e := range d.Entries {
			if seen[e.URL] || e.Title == "" {
				t.Fatalf("entry %+v is there twice or has no title", e)
			}
			seen[e.URL] = true
		}
		for _, c := range Discover(body, "", []string{string(body)}, base) {
			if webURL(nil, c.URL) != c.URL {
				t.Fatalf("candidate %+v", c)
			}
		}
	})
}

func FuzzOPML(f *testing.F) {
	seeds(f, "opml", "opml")
	f.Fuzz(func(t *testing.T, body []byte) {
		list, _, err := ParseOPML(body)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := WriteOPML(&b, "x", time.Time{}, list); err != nil {
			t.Fatal(err)
		}
		again, _, err := ParseOPML(b.Bytes())
		if err != nil || len(again) != len(list) {
			t.Fatalf("wrote %d outlines, read %d (%v)\n%s", len(list), len(again), err, b.String())
		}
	})
}
