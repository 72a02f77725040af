package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/archive/warc"
	"stet/internal/newsroom"
	"stet/internal/store"
	"stet/internal/track"
)

// An archivist asks for pages and writes what came to a WARC file.
type archivist struct {
	t      testing.TB
	w      *warc.Writer
	client *http.Client
}

func newArchivist(t testing.TB, out io.Writer) *archivist {
	t.Helper()
	a := &archivist{t, warc.NewWriter(out, true), &http.Client{
		Transport:     &http.Transport{DisableCompression: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	if err := a.w.Info(time.Now(), "software: stet"); err != nil {
		t.Fatal(err)
	}
	return a
}

// ask asks for a page at that time, and for where it leads.
func (a *archivist) ask(u *url.URL, at time.Time) {
	a.t.Helper()
	for range 5 {
		req, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, u.String(), nil)
		if err != nil {
			a.t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip")
		resp, err := a.client.Do(req)
		if err != nil {
			return // some trouble of the paper's: nothing came
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			a.t.Fatal(err)
		}
		var m bytes.Buffer
		fmt.Fprintf(&m, "HTTP/1.1 %s\r\n", resp.Status)
		resp.Header.Write(&m)
		fmt.Fprintf(&m, "\r\n%s", body)
		if resp.ContentLength > int64(len(body)) && resp.Header.Get("Content-Length") == "" {
			a.t.Fatal("the announced length is lost")
		}
		if _, err := a.w.Response(warc.Exchange{Target: u.String(), Date: at, IP: "127.0.0.1"}, m.Bytes()); err != nil {
			a.t.Fatal(err)
		}
		to := resp.Header.Get("Location")
		if resp.StatusCode/100 != 3 || to == "" {
			return
		}
		if u, err = u.Parse(to); err != nil {
			a.t.Fatal(err)
		}
	}
}

// runImport imports files, and gives the summary.
func runImport(t testing.TB, dir string, args ...string) (sum warcSummary, talk string) {
	t.Helper()
	var out, said bytes.Buffer
	args = append([]string{"import", "warc", "--json", "--data", dir}, args...)
	if code := run(t.Context(), args, strings.NewReader(""), &out, &said); code != exitDone {
		t.Fatalf("exit code %d: %s", code, said.String())
	}
	if err := json.Unmarshal(out.Bytes(), &sum); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	n := float64(sum.Responses)
	t.Logf("%d responses, %d articles, %v, %d broken; %.1f s, %.1f s of CPU: %.0f a second, %.0f a CPU second; extraction %.1f s",
		sum.Responses, sum.Articles, sum.Fates, sum.Broken, sum.Seconds, sum.CPU, n/sum.Seconds, n/sum.CPU, sum.Extraction)
	return sum, said.String()
}

// TestImportNewsroom archives the newspaper through its day, a look at each article
// every half hour, and finds its history in the archive.
func TestImportNewsroom(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: long")
	}
	start := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -3).Add(6 * time.Hour)
	now := start
	paper := newsroom.New(newsroom.Options{Start: start, Now: func() time.Time { return now }, Slow: func(time.Duration) {}})
	server := httptest.NewServer(paper.Handler())
	defer server.Close()
	home, err := url.Parse(server.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, truth := range paper.Truths() {
		if !slices.Contains(paths, truth.Path) {
			paths = append(paths, truth.Path)
		}
	}
	paths = append(paths, "/", paper.Feeds()[0])
	dir := t.TempDir()
	var files []string
	for part := range 2 {
		path := filepath.Join(dir, fmt.Sprintf("%c.warc.gz", 'b'-part)) // the names are not in the order of time
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		a := newArchivist(t, f)
		for end := start.Add(newsroom.Day() / 2 * time.Duration(part+1)); now.Before(end); now = now.Add(30 * time.Minute) {
			for i, p := range paths {
				a.ask(home.ResolveReference(&url.URL{Path: p}), now.Add(time.Duration(i)*time.Millisecond))
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	data := filepath.Join(dir, "data")
	slices.Reverse(files)
	sum, talk := runImport(t, data, files...)
	if sum.Broken > 0 || sum.Fates[track.WasRefused]+sum.Fates[track.WasOlder] > 0 {
		t.Errorf("a sound archive: %+v\n%s", sum, talk)
	}
	s, err := store.Open(t.Context(), store.Options{Dir: data, MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	c := Config{}
	if err := c.catchUp(t.Context(), s, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	seen, _, err := observed(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	score := paper.Score(seen)
	t.Log(score)
	for _, m := range score.Missed {
		t.Logf("missed: %s %s: %s", m.At.Format("Mon 15:04"), m.Path, m.What)
	}
	for _, w := range score.Wrong {
		t.Logf("wrong: %s-%s %s: %s %q", w.After.Format("Mon 15:04"), w.Before.Format("Mon 15:04"), w.Path, w.Type, w.Headline)
	}
	if score.Caught < score.Changes || score.False > 0 {
		t.Errorf("score: %s", score)
	}
	if again, _ := runImport(t, data, files...); again.Articles+again.Fates[track.MadeVersion]+again.Fates[track.WasSighting]+again.Fates[track.WasHeld]+again.Fates[track.ShowedNone] > 0 {
		t.Errorf("imported again: %+v", again)
	}
	if r, err := s.Verify(t.Context(), nil); err != nil || len(r.Problems) > 0 {
		t.Errorf("verify: %v %v", r.Problems, err)
	}
}

// TestImportPairs archives pages that were fetched twice, the second of which was
// there at the next looks too, as the watcher of TestWatchPairs sees them.
func TestImportPairs(t *testing.T) {
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
	path := filepath.Join(t.TempDir(), "pairs.warc.gz")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := warc.NewWriter(f, true)
	start := time.Now().UTC().AddDate(0, -1, 0).Truncate(time.Hour)
	for round := range 4 {
		for _, p := range pairs {
			orig, err := url.Parse(p.URL)
			if err != nil {
				t.Fatal(err)
			}
			page, err := os.ReadFile(filepath.Join(dir, []string{p.A.File, p.B.File}[min(round, 1)]))
			if err != nil {
				t.Fatal(err)
			}
			x := warc.Exchange{Target: "https://pairs.example.org/" + p.ID + orig.Path, Date: start.Add(time.Duration(round) * time.Hour)}
			head := "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
			if _, err := w.Response(x, append([]byte(head), page...)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	runImport(t, data, path)
	s, err := store.Open(t.Context(), store.Options{Dir: data, MustExist: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	seen, _, err := s.VersionList(t.Context(), store.VersionQuery{Page: store.Page{Size: 500}})
	if err != nil {
		t.Fatal(err)
	}
	versions := map[string]int{}
	for _, v := range seen {
		u, err := url.Parse(v.URL)
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

// A place that is durable is where the next run begins, and files before it are not
// read again; one that was changed since begins anew.
func TestWARCPlaces(t *testing.T) {
	dir := t.TempDir()
	var names []string
	for i, name := range []string{"second.warc.gz", "first.warc.gz"} {
		path := filepath.Join(dir, name)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		w := warc.NewWriter(f, true)
		for n := range 3 {
			x := warc.Exchange{Target: fmt.Sprintf("https://news.example.org/%d", n), Date: time.Date(2026, 5, 4-i, n, 0, 0, 0, time.UTC)}
			if _, err := w.Response(x, []byte("HTTP/1.1 200 OK\r\n\r\n<p>")); err != nil {
				t.Fatal(err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		names = append(names, path)
	}
	// left gives what there is to do, as day and number, and notes the nth as durable.
	left := func(durable int) (got string) {
		t.Helper()
		in, err := openWARCs(names, dir, func(file string, at int64, reason string) { t.Errorf("%s, %d: %s", file, at, reason) })
		if err != nil {
			t.Fatal(err)
		}
		defer in.close()
		for n := 0; ; n++ {
			a, err := in.next()
			if errors.Is(err, io.EOF) {
				return got
			}
			if err != nil {
				t.Fatal(err)
			}
			got += a.At.Format("2") + a.URL[len(a.URL)-1:] + " "
			if n == durable {
				if err := errors.Join(in.durable(a.Place.(warcPlace)), in.keep()); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	all := "30 31 32 40 41 42 "
	if got := left(1); got != all {
		t.Errorf("at first %q, want %q", got, all)
	}
	if got := left(2); got != all[6:] {
		t.Errorf("after the second %q, want %q", got, all[6:])
	}
	if got := left(-1); got != "42 " {
		t.Errorf("when the first file was done: %q, want what is left of the second", got)
	}
	if err := os.Chtimes(names[0], time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := left(-1); got != all[9:] {
		t.Errorf("when the file was changed: %q, want %q", got, all)
	}
}
