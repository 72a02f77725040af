package crawl

import (
	"container/heap"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"stet/internal/schedule"
)

// A plan is how large a simulation is.
type plan struct {
	papers   int           // sites; five of fifty share a domain
	articles int           // of each
	keen     int           // of those, visited by News Sniffer's policy before they are visited at the slow pulse
	pulse    time.Duration // of the keen ones, when the policy has ended
	slow     time.Duration // between visits to the others
	time     time.Duration
	steps    int // times that the visitors' clock is set
	odds     int // of a step at a request
}

// A sim is a world and those who visit it.
type sim struct {
	t      *testing.T
	world  *world
	client *Client
	wall   atomic.Int64 // by how much the clock on the wall is wrong
	end    time.Duration
	visits atomic.Int64
	seen   atomic.Int64 // those that showed the article
	late   time.Duration
	plan   plan
	spoil  func() // called before each visit; nil = nothing
}

// mostLate is how long after its due time, or the end of the trouble of its
// site, an article may wait: the longest Retry-After, and a queue of all the
// others at a site that takes 29 s and half as much again for each and is left
// a minute between.
func (p plan) mostLate() time.Duration {
	return MaxRetryAfter + time.Duration(p.articles)*(29*3/2*time.Second+MaxLearned)
}

func newSim(t *testing.T, p plan) *sim {
	s := &sim{t: t, plan: p, end: p.time}
	s.world = &world{began: time.Now(), pace: DefaultPace, random: rand.New(rand.NewPCG(2031, 5)),
		papers: map[string]*newspaper{}, breaches: map[string]int{}, examples: map[string]string{},
		steps: p.steps, odds: max(p.odds, 1)}
	s.world.stepped = func() { s.wall.Store(rand.Int64N(2*int64(decade)) - int64(decade)) }
	for i := range p.papers {
		s.world.add(i, p.time)
	}
	s.client = s.newClient()
	return s
}

// newClient makes a client whose requests go to the world, and whose clock on
// the wall may be set. As on any machine, nobody sets what time.Now measures
// differences by.
func (s *sim) newClient() *Client {
	wall := func() time.Time { return time.Now().Round(0).Add(time.Duration(s.wall.Load())) }
	o := Options{Now: wall, Sleep: sleep}
	o.setDefaults()
	c := newClient(o, times{DefaultTimeout * 2, ConnectTimeout, HeaderTimeout, IdleTimeout})
	c.elapsed = elapsedBy(time.Now)
	c.pacer.elapsed = c.elapsed
	for _, t := range []*http.Transport{c.keeping, c.fresh} {
		t.RegisterProtocol("http", s.world)
	}
	return c
}

// add makes the newspaper of that number. Five of fifty share a domain, one of
// ten takes 29 s to answer, has a long Crawl-delay, refuses now and then, or
// has no robots.txt; each has outages of two days.
func (w *world) add(i int, long time.Duration) {
	p := &newspaper{host: fmt.Sprintf("press%d.example", i), domain: &domain{}, latency: time.Duration(50+w.random.IntN(700)) * time.Millisecond}
	switch i % 10 {
	case 1:
		p.latency = 29 * time.Second
	case 2:
		p.delay = 10 * time.Second
	case 3:
		p.noRobots = true
	case 4:
		p.closed = true
	case 5:
		p.host = fmt.Sprintf("press%d.example.org", i)
		if first := w.papers["press5.example.org"]; first != nil {
			p.domain = first.domain
		}
	}
	for n := range 4 {
		from := time.Duration(w.random.Int64N(int64(long)))
		p.outages = append(p.outages, outage{from, from + outageTime, n})
	}
	w.papers[p.host] = p
}

// A piece is an article as those who visit it know it.
type piece struct {
	url     string
	keen    bool
	due     time.Duration
	planned time.Duration // the due time by plan, before trouble put it off
	history schedule.History
	failed  int // visits in a row
}

// A queue has the piece that is due next on top.
type queue []*piece

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due < q[j].due }
func (q queue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)        { *q = append(*q, x.(*piece)) }
func (q *queue) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

// run lets two visitors share the articles of each paper until the end.
func (s *sim) run() {
	var wg sync.WaitGroup
	late := make(chan time.Duration, 2*len(s.world.papers))
	for _, host := range slices.Sorted(maps.Keys(s.world.papers)) {
		paper := s.world.papers[host]
		for half := range 2 {
			var q queue
			for i := half; i < s.plan.articles; i += 2 {
				a := &piece{url: fmt.Sprintf("http://%s/%d", host, i), keen: i < s.plan.keen}
				if !a.keen {
					a.due = s.plan.slow * time.Duration(i) / time.Duration(s.plan.articles)
				}
				a.planned = a.due
				q = append(q, a)
			}
			heap.Init(&q)
			wg.Go(func() { late <- s.visitor(paper, q) })
		}
	}
	wg.Wait()
	for range cap(late) {
		s.late = max(s.late, <-late)
	}
	s.client.Close()
}

// visitor visits what is due, in turn. It gives the most that an article was
// late.
func (s *sim) visitor(paper *newspaper, q queue) (most time.Duration) {
	for len(q) > 0 && q[0].due < s.end {
		a := q[0]
		if wait := a.due - s.world.now(); wait > 0 {
			time.Sleep(wait)
		}
		if s.spoil != nil {
			s.spoil()
		}
		f, err := s.client.Get(context.Background(), Request{URL: a.url})
		if err != nil {
			s.t.Error(err)
			return most
		}
		s.visits.Add(1)
		most = max(most, s.judge(paper, a, f))
		heap.Fix(&q, 0)
	}
	return most
}

// judge plans the next visit by what came, and gives how late this one was.
func (s *sim) judge(paper *newspaper, a *piece, f Fetch) (late time.Duration) {
	now := s.world.now()
	if f.Failure == "" && f.Status == 200 {
		s.seen.Add(1)
		s.world.mu.Lock()
		late = now - max(a.planned, paper.trouble)
		if late > s.plan.mostLate() {
			s.world.breach("stall", "%s at %v, planned for %v, last trouble until %v", a.url, now, a.planned, paper.trouble)
		}
		s.world.mu.Unlock()
		a.failed = 0
		a.planned = now + s.next(a)
		a.due = a.planned
		return late
	}
	wait := min(10*time.Minute<<min(a.failed, 6), 6*time.Hour)
	if f.Failure == FailRate || f.Failure == FailDown {
		wait = 0 // not asked at all: no visit
	} else {
		a.failed++
	}
	if rest := f.NotBefore.Sub(f.End); !f.NotBefore.IsZero() {
		// The clock may have been set between the two; a rest has an end.
		wait = max(wait, min(rest, MaxRetryAfter))
	}
	a.due = now + max(wait, time.Second)
	return 0
}

// next is how long an article that was seen can wait.
func (s *sim) next(a *piece) time.Duration {
	if !a.keen {
		return s.plan.slow
	}
	p := schedule.NewsSniffer{}.Next(a.history, schedule.Visit{At: time.Now(), Changed: a.history.Period == 0})
	if p.Due.IsZero() {
		return s.plan.pulse
	}
	a.history.Period = p.Period
	return p.Period
}

func (s *sim) report() {
	for kind, n := range s.world.breaches {
		s.t.Errorf("%d breaches of %q: %s", n, kind, s.world.examples[kind])
	}
	if set := s.plan.steps - s.world.steps; set < s.plan.steps || s.seen.Load() < int64(s.plan.papers*s.plan.articles) {
		s.t.Errorf("the clock was set %d times, %d visits were good: too little was tested", set, s.seen.Load())
	}
	s.t.Logf("%d requests, %d visits, %d of them good; the clock was set %d times; no article was later than %v",
		s.world.served, s.visits.Load(), s.seen.Load(), s.plan.steps-s.world.steps, s.late)
}

// A tenth of everything: papers of each kind, articles, time.
var small = plan{papers: 20, articles: 100, keen: 10, pulse: 30 * 24 * time.Hour, slow: 100 * 24 * time.Hour, time: decade / 10, steps: 100, odds: 50}

// Ten years, fifty papers, a thousand articles of each. Five articles of each
// paper are visited by the policy of News Sniffer and then each month, the
// others every five years: some 200,000 visits in all.
func TestDecade(t *testing.T) {
	p := plan{papers: 50, articles: 1000, keen: 5, pulse: 30 * 24 * time.Hour, slow: 1800 * 24 * time.Hour, time: decade, steps: 1000, odds: 150}
	if testing.Short() {
		p = small
	}
	synctest.Test(t, func(t *testing.T) {
		s := newSim(t, p)
		s.run()
		s.report()
	})
}

// The world does see breaches: each kind is found when the visitor is made to
// commit it.
func TestDecadeSeesBreaches(t *testing.T) {
	p := small
	p.papers, p.articles, p.time, p.steps = 10, 20, decade/100, 0
	for kind, spoil := range map[string]func(*sim){
		"gap":           func(s *sim) { s.client.pacer.sleep = func(context.Context, time.Duration) error { return nil } },
		"two at a time": func(s *sim) { s.spoil = s.client.pacer.amnesia },
		"Retry-After":   func(s *sim) { s.world.deaf = true },
		"robots": func(s *sim) {
			at := time.Now()
			s.client.now, s.client.elapsed = func() time.Time { return at }, func() time.Duration { return 0 }
		},
		"stall": func(s *sim) {
			s.client.pacer.sleep = func(ctx context.Context, d time.Duration) error { return sleep(ctx, max(d, 4*time.Hour)) }
		},
	} {
		t.Run(kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSim(t, p)
				spoil(s)
				s.run()
				if s.world.breaches[kind] == 0 {
					t.Errorf("not seen in %d requests: %v", s.world.served, s.world.breaches)
				}
			})
		})
	}
}

// amnesia lets the pacer forget whom it is asking.
func (p *pacer) amnesia() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.gates)
}

// On a clock whose differences are not safe from being set (a test's, a
// demo's), setting it forward lets requests come early, but not many; nothing
// else goes wrong.
func TestDecadeByTheClockOnTheWall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSim(t, small)
		s.client.elapsed = elapsedBy(s.client.now)
		s.client.pacer.elapsed = s.client.elapsed
		s.run()
		early := s.world.breaches["gap"] + s.world.breaches["Retry-After"]
		if most := small.steps * small.papers; early == 0 || early > most {
			t.Errorf("%d requests came early after %d steps of the clock, at most %d may", early, small.steps, most)
		}
		delete(s.world.breaches, "gap")
		delete(s.world.breaches, "Retry-After")
		s.report()
	})
}
