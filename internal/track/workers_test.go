package track

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// A crowd is several hosts, visited in real time by several workers. Each host
// has one article; its text is edited at every fourth request.
type crowd struct {
	t     *testing.T
	store *store.Store
	dir   string
	urls  []string

	mu    sync.Mutex // protects what follows
	busy  map[string]int
	asked map[string]int
	goal  int // requests that each host must have had
	done  context.CancelFunc
}

func newCrowd(t *testing.T, hosts, goal int) *crowd {
	c := &crowd{t: t, dir: t.TempDir(), busy: map[string]int{}, asked: map[string]int{}, goal: goal}
	var err error
	if c.store, err = store.Open(t.Context(), store.Options{Dir: c.dir, Exclusive: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r, err := c.store.Verify(context.Background(), nil)
		if err != nil || len(r.Problems) > 0 {
			t.Errorf("verify: %v, %v", r.Problems, err)
		}
		c.store.Close()
	})
	for range hosts {
		s := httptest.NewServer(c)
		t.Cleanup(s.Close)
		c.urls = append(c.urls, s.URL)
		a, err := news.ParseAddress(s.URL+"/bridge", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.store.AddRequest(t.Context(), a.URL, a.Host, ""); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func (c *crowd) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	n := c.enter(r.Host, r.URL.Path)
	defer c.leave(r.Host)
	if r.URL.Path != "/bridge" {
		http.NotFound(rw, r)
		return
	}
	time.Sleep(time.Millisecond) // so that two visits at once would meet
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(rw, story(fmt.Sprint("Bridge to close, part ", n/4)))
}

// enter counts a request, and tells of two at once.
func (c *crowd) enter(host, path string) (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[host]++; c.busy[host] > 1 {
		c.t.Errorf("%s is visited twice at once", host)
	}
	if path != "/bridge" {
		return 0
	}
	n = c.asked[host]
	c.asked[host]++
	for _, raw := range c.urls {
		if u, _ := url.Parse(raw); c.asked[u.Host] < c.goal {
			return n
		}
	}
	c.done()
	return n
}

func (c *crowd) leave(host string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy[host]--
}

// tracker makes a pipeline with a client and a pace of its own.
func (c *crowd) tracker(s *store.Store, workers int) *Tracker {
	c.t.Helper()
	client, err := crawl.New(crawl.Options{Allow: allow(c.t, c.urls...), Pace: time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(client.Close)
	tr, err := New(Options{Store: s, Client: client, Policy: schedule.Every(time.Millisecond), Workers: workers, Idle: 5 * time.Millisecond})
	if err != nil {
		c.t.Fatal(err)
	}
	return tr
}

// run lets the trackers work until every host had its goal of requests; a host
// that is starved ends the test by its time.
func (c *crowd) run(trackers ...*Tracker) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Minute)
	defer cancel()
	ctx, c.done = context.WithCancel(ctx)
	var wg sync.WaitGroup
	for _, tr := range trackers {
		wg.Go(func() {
			if err := tr.Run(ctx); err != nil {
				c.t.Error(err)
			}
		})
	}
	wg.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, raw := range c.urls {
		if u, _ := url.Parse(raw); c.asked[u.Host] < c.goal {
			c.t.Errorf("%s was visited %d times, want %d: %v", u.Host, c.asked[u.Host], c.goal, c.asked)
		}
	}
}

// check looks through all histories: numbers without gaps, no text twice in a
// row, a capture for each request that was answered in time.
func (c *crowd) check() {
	c.t.Helper()
	for id := range int64(len(c.urls)) {
		versions, err := c.store.ArticleVersions(c.t.Context(), id+1)
		if err != nil || len(versions) == 0 {
			c.t.Fatalf("article %d: %d versions, %v", id+1, len(versions), err)
		}
		for i, v := range versions {
			if v.Number != i || i > 0 && v.Content.Headline == versions[i-1].Content.Headline {
				c.t.Errorf("article %d: version %d is number %d, %q", id+1, i, v.Number, v.Content.Headline)
			}
		}
		captures, err := c.store.Captures(c.t.Context(), id+1, 1000)
		a, _, err2 := c.store.Article(c.t.Context(), id+1)
		u, _ := url.Parse(a.URL)
		// One visit, of two fetches at most, may have been cut off by the end.
		if n := c.asked[u.Host]; err != nil || err2 != nil || len(captures) > n || len(captures) < n-2 {
			c.t.Errorf("%d captures of %d requests, %v, %v", len(captures), n, err, err2)
		}
	}
}

// Four workers serve ten hosts: all of them, each by one worker at a time.
func TestWorkersShareHosts(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 10, 9)
	c.run(c.tracker(c.store, 4))
	c.check()
}

// Two pipelines on two handles of one store, each with its own client: what
// keeps them apart is the lease alone.
func TestTwoTrackersOnOneStore(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, 3, 14)
	other, err := store.Open(t.Context(), store.Options{Dir: c.dir})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	c.run(c.tracker(c.store, 3), c.tracker(other, 3))
	c.check()
}

// Cancelled between request and answer, and between the first fetch and the
// confirming one: the host is free at once, and the edit is recorded later.
func TestCancelInMidVisit(t *testing.T) {
	t.Parallel()
	for _, at := range []int{1, 2} {
		t.Run(fmt.Sprint("request ", at), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.page("/bridge", func(n int, _ time.Duration) reply {
				if n == at {
					w.stop()
				}
				if n == 0 {
					return reply{body: story("Bridge to close")}
				}
				return reply{body: story("Bridge to close", extra)}
			})
			w.ask("/bridge")
			tr := w.tracker(nil)
			w.run(tr, time.Hour)
			w.expect("version 0")
			lease, ok, err := w.store.LeaseNamed(t.Context(), w.host, time.Minute)
			if err != nil || !ok {
				t.Fatalf("the host is not free: %v", err)
			}
			if err := w.store.ReleaseHost(t.Context(), lease, time.Time{}); err != nil {
				t.Fatal(err)
			}
			w.run(tr, time.Hour)
			w.expect("version 0", "version 1")
		})
	}
}

// Another writer records the same edit while the visit goes on: the visit is
// judged again, and is a sighting.
func TestConflictIsJudgedAgain(t *testing.T) {
	t.Parallel()
	for name, same := range map[string]bool{"the same text": true, "another text": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.page("/bridge", func(n int, _ time.Duration) reply {
				if n == 0 {
					return reply{body: story("Bridge to close")}
				}
				if n == 1 {
					w.recordBehind(same)
				}
				return reply{body: story("Bridge to close", extra)}
			})
			w.ask("/bridge")
			w.run(w.tracker(nil), 3*time.Hour)
			if same {
				w.expect("version 0", "version 1")
			} else {
				w.expect("version 0", "version 1", "version 2")
			}
			if text := w.last(); text != "Bridge to close\n"+w.text(0)[len("Bridge to close\n"):]+"\n"+extra {
				t.Errorf("the last version:\n%s", text)
			}
		})
	}
}

// recordBehind records a version with one paragraph more, under the lease of
// another host.
func (w *world) recordBehind(same bool) {
	ctx := context.Background()
	a, err := w.store.Visiting(ctx, 1)
	if err != nil {
		w.t.Error(err)
		return
	}
	lease, ok, err := w.store.LeaseNamed(ctx, "other.example.org", time.Minute)
	if err != nil || !ok {
		w.t.Error(ok, err)
		return
	}
	c, now, added := a.Current.Content, w.Now(), "Nobody had asked the fishermen."
	if same {
		added = extra
	}
	c.Blocks = append(c.Blocks[:len(c.Blocks):len(c.Blocks)], news.Block{Kind: news.Paragraph, Text: added})
	keys := append(slices.Clone(a.Baseline), news.Key(added))
	slices.Sort(keys)
	_, err = w.store.RecordVisit(ctx, store.Visit{Lease: lease, ArticleID: 1, State: news.Live, Due: a.Due, Period: a.Period,
		Keys: keys, Extractor: a.BaselineExtractor,
		Capture: news.Capture{ArticleID: 1, URL: a.URL, FinalURL: a.URL, At: now, Outcome: news.OK, Status: 200},
		Version: &news.Version{ArticleID: 1, Number: 1, Content: c, Extractor: a.Current.Extractor},
		Changes: []news.Change{{Type: news.VersionAppeared, Number: 1, After: a.Current.Seen.Last, Before: now}}})
	if err != nil {
		w.t.Error(err)
	}
}
