package track

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

var morning = time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)

// A world is a web server that the test scripts, a store, and the pipeline
// between them, all on one clock that moves only when the pipeline sleeps.
type world struct {
	t     *testing.T
	store *store.Store
	dir   string // of the store
	// faulty tells that the test makes the store fail
	faulty bool
	url    string
	host   string

	mu    sync.Mutex // protects what follows
	now   time.Time
	end   time.Time
	stop  context.CancelFunc
	pages map[string]func(n int, at time.Duration) reply // by path; n = requests of the path before, at = time since morning
	asked map[string]int
	log   []string // "06:30 /a"
	// conditional answers a request with validators, given ETag or date: true is 304
	conditional func(tag string, at time.Duration) bool
}

// A reply is what a scripted page answers.
type reply struct {
	status int
	header map[string]string
	body   string
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, dir: t.TempDir(), now: morning, pages: map[string]func(int, time.Duration) reply{}, asked: map[string]int{}}
	server := httptest.NewServer(w)
	t.Cleanup(server.Close)
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	w.url, w.host = server.URL, u.Host
	if w.store, err = store.Open(t.Context(), store.Options{Dir: w.dir, Now: w.Now, Exclusive: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.verify()
		w.store.Close()
	})
	return w
}

func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) Sleep(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now = w.now.Add(d); !w.now.Before(w.end) {
		w.now = w.end
		w.stop()
	}
	return ctx.Err()
}

func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	page, n, at := w.pages[r.URL.Path], w.asked[r.URL.Path], w.now.Sub(morning)
	w.asked[r.URL.Path]++
	w.log = append(w.log, w.now.Format("15:04:05 ")+r.URL.Path)
	w.mu.Unlock()
	if page == nil {
		http.NotFound(rw, r)
		return
	}
	a := page(n, at)
	for k, v := range a.header {
		rw.Header().Set(k, v)
	}
	if rw.Header().Get("Content-Type") == "" {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	if tag := r.Header.Get("If-None-Match") + r.Header.Get("If-Modified-Since"); tag != "" && w.conditional != nil && w.conditional(tag, at) {
		rw.WriteHeader(http.StatusNotModified)
		return
	}
	if tag := a.header["ETag"]; tag != "" && r.Header.Get("If-None-Match") == tag {
		rw.WriteHeader(http.StatusNotModified)
		return
	}
	rw.WriteHeader(max(a.status, 200))
	fmt.Fprint(rw, a.body)
}

func punctual(policy schedule.Policy) schedule.Policy {
	if policy == nil {
		return schedule.NewsSniffer{}
	}
	return policy
}

// page scripts a path.
func (w *world) page(path string, f func(n int, at time.Duration) reply) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pages[path] = f
}

// tracker builds the pipeline with one worker; nil is the policy of News Sniffer,
// whose times are known to the second.
func (w *world) tracker(policy schedule.Policy) *Tracker {
	policy = punctual(policy)
	u, _ := url.Parse(w.url)
	allow, err := crawl.ParseAllowNet(u.Hostname() + "/32:" + u.Port())
	if err != nil {
		w.t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(logTo{w}, nil))
	client, err := crawl.New(crawl.Options{UserAgent: crawl.UserAgent("test", "tests@example.org"), Allow: allow, Now: w.Now, Sleep: w.Sleep, Log: log})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(client.Close)
	tr, err := New(Options{Store: w.store, Client: client, Policy: policy, FeedPeriod: 10 * time.Minute, Workers: 1, Now: w.Now, Sleep: w.Sleep, Idle: time.Hour, Log: log})
	if err != nil {
		w.t.Fatal(err)
	}
	return tr
}

type logTo struct{ w *world }

// A fault of our own is recorded and the work goes on; a test that does not
// expect one fails.
func (l logTo) Write(p []byte) (int, error) {
	if !l.w.faulty && strings.Contains(string(p), "level=ERROR") {
		l.w.t.Errorf("our own fault: %s", p)
		return len(p), nil
	}
	l.w.t.Log(strings.TrimRight(string(p), "\n"))
	return len(p), nil
}

// run watches for a while.
func (w *world) run(tr *Tracker, d time.Duration) {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	defer stop()
	w.mu.Lock()
	w.end, w.stop = w.now.Add(d), stop
	w.mu.Unlock()
	if err := tr.Run(ctx); err != nil {
		w.t.Fatal(err)
	}
}

// ask asks for a path to be watched.
func (w *world) ask(path string) store.Request {
	w.t.Helper()
	a, err := news.ParseAddress(w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	r, err := w.store.AddRequest(w.t.Context(), a.URL, a.Host, "")
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// verify checks every invariant of the store.
func (w *world) verify() {
	w.t.Helper()
	r, err := w.store.Verify(context.Background(), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range r.Problems {
		w.t.Errorf("verify: %s", p)
	}
}

// changes is the change log, a line an entry: "version 1 A→B 06:30–07:06".
func (w *world) changes() []string {
	w.t.Helper()
	rows, err := w.store.Changes(w.t.Context(), 0, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, c := range rows {
		s := string(c.Type)
		if c.Type == news.VersionAppeared {
			s += fmt.Sprintf(" %d", c.Number)
		}
		out = append(out, s)
	}
	return out
}

func (w *world) change(i int) news.Change {
	w.t.Helper()
	rows, err := w.store.Changes(w.t.Context(), 0, 1000)
	if err != nil || i >= len(rows) {
		w.t.Fatalf("no change %d: %v", i, err)
	}
	return rows[i]
}

// expect compares the change log.
func (w *world) expect(want ...string) {
	w.t.Helper()
	if got := w.changes(); strings.Join(got, ", ") != strings.Join(want, ", ") {
		w.t.Errorf("change log: %s\nwant: %s\nasked: %s", strings.Join(got, ", "), strings.Join(want, ", "), strings.Join(w.log, " | "))
	}
}

// story is an article's page: a headline and the paragraphs of a long text.
func story(headline string, more ...string) string {
	body := []string{
		"The harbour bridge will close on Monday for a week while divers inspect the piers, the port office of Lindhaven said in a short note to the press.",
		"Buses will take the long way round by the mill, and the ferry will run every ten minutes from six in the morning until midnight.",
		"Shopkeepers on the north bank said that they had been told of the closure by their customers, and not by the port, and asked for help.",
	}
	body = append(body, more...)
	var b strings.Builder
	fmt.Fprintf(&b, `<!DOCTYPE html><html lang="en"><head><title>%s - The Lindhaven Post</title><meta property="og:type" content="article"><meta property="og:title" content="%s"></head><body><header><nav><a href="/">Home</a> <a href="/town">Town</a></nav></header><main><article><h1>%s</h1>`, headline, headline, headline)
	for _, p := range body {
		fmt.Fprintf(&b, "<p>%s</p>\n", p)
	}
	b.WriteString(`</article></main><footer><p>The Lindhaven Post, Quay Street</p></footer></body></html>`)
	return b.String()
}

func rss(items ...string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>The Lindhaven Post</title><link>/</link>` + strings.Join(items, "") + `</channel></rss>`
}

func item(w *world, path, title string, published time.Time) string {
	return fmt.Sprintf(`<item><title>%s</title><link>%s%s</link><guid>%s</guid><pubDate>%s</pubDate></item>`, title, w.url, path, path, published.Format(time.RFC1123Z))
}
