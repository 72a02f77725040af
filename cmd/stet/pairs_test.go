package main

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// corpus gives the path of a file of the shared corpora, which are beside the
// checkout where they are; the test is skipped where they are not.
func corpus(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("skipped: no corpus")
	}
	return path
}

// pair is one page fetched twice; see the corpus's manifest.
type pair struct {
	ID      string `json:"id"`
	URL     string `json:"url"`
	Changed bool   `json:"text_changed"`
	A, B    struct {
		File string `json:"file"`
	}
}

// A turnServer serves for each path its first page once, then its second.
type turnServer struct {
	mu     sync.Mutex // protects asked, and is held when enough is called
	asked  map[string]int
	enough func() // called after each request
	pages  map[string][2][]byte
}

func (s *turnServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	page, ok := s.pages[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	s.mu.Lock()
	n := min(s.asked[r.URL.Path], 1)
	s.asked[r.URL.Path]++
	s.enough()
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Write(page[n])
}

// TestWatchPairs watches real pages that were fetched twice: two versions where
// the text changed, one where it did not.
func TestWatchPairs(t *testing.T) {
	dir := corpus(t, "html-pairs")
	if testing.Short() {
		t.Skip("skipped: long")
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var pairs []pair
	if err := json.Unmarshal(manifest, &pairs); err != nil {
		t.Fatal(err)
	}
	turns := &turnServer{asked: map[string]int{}, pages: map[string][2][]byte{}}
	server := httptest.NewServer(turns)
	defer server.Close()
	u, _ := url.Parse(server.URL)
	args := []string{"watch", "--json", "--data", t.TempDir(), "--allow-net", u.Hostname() + "/32:" + u.Port(),
		"--every", "1s", "--pace", "0s", "--for", "5m"}
	for _, p := range pairs {
		var page [2][]byte
		for i, name := range []string{p.A.File, p.B.File} {
			if page[i], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		orig, err := url.Parse(p.URL)
		if err != nil {
			t.Fatal(err)
		}
		path := "/" + p.ID + orig.Path
		turns.pages[path] = page
		args = append(args, server.URL+path)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	turns.enough = func() { // each has been seen at its second page, and twice more
		if len(turns.asked) == len(pairs) && slices.Min(slices.Collect(maps.Values(turns.asked))) >= 4 {
			stop()
		}
	}
	var out, talk bytes.Buffer
	if code := run(ctx, args, strings.NewReader(""), &out, &talk); code != exitDone {
		t.Fatalf("stet watch ended with %d:\n%s", code, talk.String())
	}
	versions := map[string]int{}
	for line := range strings.Lines(out.String()) {
		var row changeRow
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		u, err := url.Parse(row.URL)
		if err != nil {
			t.Fatal(err)
		}
		id, _, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
		versions[id]++
	}
	right := 0
	for _, p := range pairs {
		want := 1
		if p.Changed {
			want = 2
		}
		if versions[p.ID] == want {
			right++
		} else {
			t.Logf("%s: %d versions, want %d (text changed: %v)", p.ID, versions[p.ID], want, p.Changed)
		}
	}
	t.Logf("%d of %d pairs right", right, len(pairs))
	if right < 86 {
		t.Errorf("%d of %d pairs right, want at least 86", right, len(pairs))
	}
}
