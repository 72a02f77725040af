package browser

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"stet/internal/crawl"
)

// open gives a browser that may visit the servers at the addresses. Its
// temporary files are in a folder that must be empty at the end, and no
// program may be left that was started with it.
func open(t *testing.T, o Options, servers ...string) *Browser {
	t.Helper()
	return openAs(t, o, crawl.Options{}, servers...)
}

func openAs(t *testing.T, o Options, co crawl.Options, servers ...string) *Browser {
	t.Helper()
	if _, err := find(""); err != nil {
		t.Skip("skipped: no Chromium")
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, s := range servers {
		ap := netip.MustParseAddrPort(s[strings.LastIndexByte(s, '/')+1:])
		co.Allow = append(co.Allow, crawl.AllowNet{Prefix: netip.PrefixFrom(ap.Addr(), ap.Addr().BitLen()), Port: ap.Port()})
	}
	co.UserAgent, co.Pace = crawl.UserAgent("0.1", "bot@example.org"), time.Millisecond
	c, err := crawl.New(co)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	o.Client = c
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { leftNothing(t, b, dir) })
	return b
}

// leftNothing closes the browser and looks for files and programs of it.
func leftNothing(t *testing.T, b *Browser, dir string) {
	t.Helper()
	before := programs(b)
	b.Close()
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) > 0 {
		t.Errorf("left on disk: %v", files)
	}
	alive := func() (left []program) {
		for _, p := range before {
			if now, ok := readProgram(p.id); ok && now.started == p.started && now.state != "Z" {
				left = append(left, now)
			}
		}
		return left
	}
	for wait := 0; wait < 50 && len(alive()) > 0; wait++ {
		time.Sleep(100 * time.Millisecond) // what is ending may end
	}
	if left := alive(); len(left) > 0 {
		t.Errorf("left running: %v", left)
	}
}

// A program is a process as the system lists it.
type program struct {
	id, parent     int
	state, started string
	line           string
}

func readProgram(id int) (program, bool) {
	dir := "/proc/" + strconv.Itoa(id)
	stat, err := os.ReadFile(dir + "/stat")
	line, _ := os.ReadFile(dir + "/cmdline")
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if err != nil || len(fields) < 20 {
		return program{}, false
	}
	parent, _ := strconv.Atoi(fields[1])
	return program{id, parent, fields[0], fields[19], strings.ReplaceAll(string(line), "\x00", " ")}, true
}

// programs lists Chromium and all that it started, itself first; none where
// the system has no such list, or when it does not run.
func programs(b *Browser) []program {
	b.mu.Lock()
	proc := b.running
	b.mu.Unlock()
	if proc == nil || proc.ctx.Err() != nil {
		return nil
	}
	var all []program
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		id, _ := strconv.Atoi(filepath.Base(d))
		if p, ok := readProgram(id); ok {
			all = append(all, p)
		}
	}
	root := chromedp.FromContext(proc.ctx).Browser.Process().Pid
	ours := map[int]bool{root: true}
	var list []program
	for grown := true; grown; {
		grown = false
		for _, p := range all {
			if (ours[p.parent] || p.id == root) && !slices.Contains(list, p) {
				list, ours[p.id], grown = append(list, p), true, true
			}
		}
	}
	slices.SortStableFunc(list, func(a, b program) int { return cmp.Compare(b2i(b.id == root), b2i(a.id == root)) })
	return list
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// A site serves pages by path and counts what it is asked for.
type site struct {
	*httptest.Server
	mu   sync.Mutex
	hits map[string]int
	last http.Header
}

// serve starts a site; robots.txt and what has no page is not found. A page
// that does not begin with "<" is a handler's name in more.
func serve(t *testing.T, pages map[string]string, more map[string]http.HandlerFunc) *site {
	t.Helper()
	s := &site{hits: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.hits[r.URL.Path]++
		s.last = r.Header.Clone()
		s.mu.Unlock()
		if h := more[r.URL.Path]; h != nil {
			h(w, r)
			return
		}
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		kind := "text/html; charset=utf-8"
		if strings.HasSuffix(r.URL.Path, ".js") {
			kind = "text/javascript"
		}
		w.Header().Set("Content-Type", kind)
		w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *site) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hits[path]
}

// total counts all requests.
func (s *site) total() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, k := range s.hits {
		n += k
	}
	return n
}

func get(t *testing.T, b *Browser, url string) Page {
	return getAs(t, b, Request{Request: crawl.Request{URL: url}})
}

func getAs(t *testing.T, b *Browser, r Request) Page {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	began := time.Now()
	p, err := b.Get(ctx, r)
	if err != nil {
		t.Fatalf("get %s: %v", r.URL, err)
	}
	t.Logf("%s: %v, rendered %v, failure %q %s, note %q, use %+v", r.URL, time.Since(began).Round(time.Millisecond), p.Rendered,
		p.Fetch.Failure, p.Fetch.Reason, p.Note, p.Use)
	return p
}

// contains checks the text of a page.
func contains(t *testing.T, p Page, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(string(p.Fetch.Body), w) {
			t.Errorf("the page lacks %q:\n%.2000s", w, p.Fetch.Body)
		}
	}
}

func lacks(t *testing.T, p Page, bad ...string) {
	t.Helper()
	for _, w := range bad {
		if strings.Contains(string(p.Fetch.Body), w) {
			t.Errorf("the page has %q:\n%.2000s", w, p.Fetch.Body)
		}
	}
}

// kill ends by force Chromium itself, or those of its programs that have the
// words on their command line.
func kill(t *testing.T, b *Browser, words string) {
	t.Helper()
	killed := 0
	for i, p := range programs(b) {
		if words == "" && i == 0 || words != "" && strings.Contains(p.line, words) {
			if syscall.Kill(p.id, syscall.SIGKILL) == nil {
				killed++
			}
		}
	}
	if killed == 0 {
		t.Errorf("no program %q to kill among %v", words, programs(b))
	}
}

// script writes a shell script.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "script")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
