// Package visits lets the real pipeline visit pages whose furniture is drawn
// anew at each fetch, and counts what it made of them.
//
// Every host is a server of its own on loopback; the pipeline has its real
// store, in a directory that is removed afterwards, its real crawler with
// loopback allowed, and one clock that moves only when it sleeps. Articles are
// visited once a period, all in the same slot: slot 0 is the first visit, slot
// n the nth refetch. Edits are made at the beginning of a slot.
//
// Hosts are shared out among the processors; each share is a world of its own
// with its own clock, so that what comes out does not depend on how many there
// are.
package visits

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"stet/bench/refetch/noise"
	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
	"stet/internal/track"
)

// Period is the time from one visit of an article to the next, on the clock of
// the bench.
const Period = time.Hour

// Lead is how long a slot has begun when its visits are due. The pipeline dates
// a capture by when it asked, which is a moment of real time before the clock
// of the bench.
const Lead = 5 * time.Minute

// A Timed edit is made before the visit of this number; 0 is the first visit.
type Timed struct {
	noise.Edit
	Slot int
}

// An Article is a page that is visited.
type Article struct {
	Name   string // for the report
	Path   string // on its host, unique there
	Page   *noise.Page
	Edits  []Timed // by slot
	Relays []Relay // by slot
}

// A Relay gives an article another template: from a slot on its page is this
// one, as it is: the edits of later slots must be in it.
type Relay struct {
	Slot int
	HTML []byte
}

// A Host has the articles of one source.
type Host struct {
	Name     string
	Articles []*Article
}

// Options say how to visit.
type Options struct {
	Visits   int            // of each article, the first included
	Shares   int            // worlds at once; 0 = 1
	Pace     time.Duration  // between requests to a host, on the bench's clock; 0 = the crawler's own. All must fit in a Period.
	Log      io.Writer      // the pipeline's talk; nil = none
	Progress func(slot int) // told of each slot that begins, by one of the worlds; nil = nobody
}

// Run visits all articles and counts.
func Run(ctx context.Context, hosts []*Host, o Options) (Figures, error) {
	shares := make([][]*Host, max(o.Shares, 1))
	for i, h := range hosts {
		shares[i%len(shares)] = append(shares[i%len(shares)], h)
	}
	found := make([]Figures, len(shares))
	g, ctx := errgroup.WithContext(ctx)
	for i, share := range shares {
		mine := o
		if i > 0 {
			mine.Progress = nil
		}
		g.Go(func() (err error) {
			found[i], err = visitAll(ctx, share, mine)
			return err
		})
	}
	err := g.Wait()
	var sum Figures
	for _, f := range found {
		sum.add(f)
	}
	sum.sort()
	return sum, err
}

// beginning is when the clock of a world starts.
func beginning() time.Time { return time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC) }

// A world is some hosts, a store, and the pipeline between them.
type world struct {
	o     Options
	store *store.Store
	stop  context.CancelFunc

	mu  sync.Mutex // protects now
	now time.Time
}

func visitAll(ctx context.Context, hosts []*Host, o Options) (f Figures, err error) {
	dir, err := os.MkdirTemp("", "stet-bench-")
	if err != nil {
		return f, err
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w := &world{o: o, stop: stop, now: beginning().Add(Lead)}
	if w.store, err = store.Open(ctx, store.Options{Dir: dir, Now: w.Now, Exclusive: true}); err != nil {
		return f, err
	}
	defer w.store.Close()
	var sites []*site
	for i, h := range hosts {
		s, err := w.serve(ctx, h, i)
		if err != nil {
			return f, err
		}
		defer s.server.Close()
		sites = append(sites, s)
	}
	if err := w.watch(ctx, sites); err != nil {
		return f, err
	}
	for _, s := range sites {
		if err := w.judge(context.WithoutCancel(ctx), s, &f); err != nil {
			return f, err
		}
	}
	return f, nil
}

// Now is the time of the world.
func (w *world) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// Sleep moves the clock on, and ends the work when the last slot is over.
func (w *world) Sleep(ctx context.Context, d time.Duration) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	before := slotOf(w.now)
	w.now = w.now.Add(d)
	slot := slotOf(w.now)
	if slot >= w.o.Visits {
		w.stop()
	}
	if slot > before && w.o.Progress != nil {
		w.o.Progress(slot)
	}
	return ctx.Err()
}

func slotOf(t time.Time) int { return int(t.Sub(beginning()) / Period) }

// once is the policy that visits once in every slot.
type once struct{}

// Name is "once a slot".
func (once) Name() string { return "once a slot" }

// Next is the beginning of the next slot.
func (once) Next(_ schedule.History, v schedule.Visit) schedule.Plan {
	due := beginning().Add(time.Duration(slotOf(v.At)+1)*Period + Lead)
	return schedule.Plan{Due: due, Period: due.Sub(v.At)}
}

// watch runs the pipeline until the last slot is over.
func (w *world) watch(ctx context.Context, sites []*site) error {
	var allow []crawl.AllowNet
	for _, s := range sites {
		one, err := crawl.ParseAllowNet(s.allow)
		if err != nil {
			return err
		}
		allow = append(allow, one...)
	}
	log := slog.New(slog.DiscardHandler)
	if w.o.Log != nil {
		log = slog.New(slog.NewTextHandler(w.o.Log, nil))
	}
	client, err := crawl.New(crawl.Options{UserAgent: crawl.UserAgent("bench", ""), Allow: allow, Pace: w.o.Pace, Now: w.Now, Sleep: w.Sleep, Log: log})
	if err != nil {
		return err
	}
	defer client.Close()
	t, err := track.New(track.Options{Store: w.store, Client: client, Policy: once{}, Workers: 1, Now: w.Now, Sleep: w.Sleep, Idle: Period, Log: log})
	if err != nil {
		return err
	}
	return t.Run(ctx)
}

// A site is a host that is being served.
type site struct {
	*Host
	server   *http.Server
	source   int64 // in the store
	allow    string
	articles map[string]*Article // by path
	ids      map[string]int64    // in the store, by path

	mu      sync.Mutex // protects what follows
	fetches map[string]int
}

// serve starts a server for a host and adds its articles to the store.
func (w *world) serve(ctx context.Context, h *Host, number int) (*site, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &site{Host: h, articles: map[string]*Article{}, ids: map[string]int64{}, fetches: map[string]int{}}
	s.allow = fmt.Sprintf("127.0.0.1/32:%d", l.Addr().(*net.TCPAddr).Port)
	for _, a := range h.Articles {
		s.articles[a.Path] = a
	}
	s.server = &http.Server{ReadHeaderTimeout: crawl.HeaderTimeout, Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.answer(s, rw, r) })}
	go s.server.Serve(l)
	home := "http://" + l.Addr().String()
	src, err := w.store.AddSource(ctx, news.Source{Key: fmt.Sprintf("source-%d", number), Name: h.Name, Home: home + "/"})
	if err != nil {
		return s, err
	}
	s.source = src.ID
	for _, a := range h.Articles {
		addr, err := news.ParseAddress(home+a.Path, nil)
		if err != nil {
			return s, err
		}
		art, added, err := w.store.AddArticle(ctx, src.ID, addr, "", "import", time.Time{}, time.Time{})
		if err != nil || !added {
			return s, fmt.Errorf("article %s%s is not new: %w", h.Name, a.Path, err)
		}
		s.ids[a.Path] = art.ID
	}
	return s, nil
}

// answer draws an article's page for this fetch.
func (w *world) answer(s *site, rw http.ResponseWriter, r *http.Request) {
	a := s.articles[r.URL.Path]
	if a == nil {
		http.NotFound(rw, r)
		return
	}
	s.mu.Lock()
	n := s.fetches[a.Path]
	s.fetches[a.Path]++
	s.mu.Unlock()
	body, err := a.draw(slotOf(w.Now()), n)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusInternalServerError)
		return
	}
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	rw.Write(body)
}

// draw is the article's page at a fetch in a slot.
func (a *Article) draw(slot, fetch int) ([]byte, error) {
	for _, r := range slices.Backward(a.Relays) {
		if slot >= r.Slot {
			return r.HTML, nil
		}
	}
	var edits []noise.Edit
	for _, e := range a.Edits {
		if e.Slot <= slot {
			edits = append(edits, e.Edit)
		}
	}
	return a.Page.Draw(fetch, edits)
}
