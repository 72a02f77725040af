package crawl

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// A world is fifty newspapers without a network: it answers the requests of a
// client as their servers would, in the time of a bubble of synctest, and
// writes down every breach of manners that it sees. It knows nothing of the
// pacer: gaps, wishes and ages are measured anew, by a clock that nobody sets.
type world struct {
	began time.Time
	pace  time.Duration // what is asked of visitors

	mu       sync.Mutex // protects all below
	random   *rand.Rand
	papers   map[string]*newspaper // by host
	served   int
	breaches map[string]int
	examples map[string]string
	deaf     bool   // its refusals say nothing of the rest that they mean
	stepped  func() // called at some requests: the visitors' clock is set
	steps    int    // still to come
	odds     int    // of a step at a request, one to so many
}

// A newspaper is one site of the world.
type newspaper struct {
	host      string
	domain    *domain
	latency   time.Duration // on average
	delay     time.Duration // of its robots.txt; 0 = none
	noRobots  bool          // 404
	outages   []outage
	quiet     time.Duration // its wish: not before
	robotsAt  time.Duration // of the last good answer to robots.txt
	hasRobots bool
	noAnswer  bool          // robots.txt could not be had at the last try
	trouble   time.Duration // end of the last trouble
	closed    bool          // 429s now and then, for ever
}

// A domain is what its papers share.
type domain struct {
	inside int
	asked  bool
	last   time.Duration
}

// An outage is two days of trouble.
type outage struct {
	from, to time.Duration
	kind     int // 0 no connection, 1 HTTP 500, 2 a 503 without Retry-After, 3 with
}

const (
	decade     = 10 * 365 * 24 * time.Hour
	outageTime = 48 * time.Hour
)

// wishes are what 429 and 503 say, and the rest that is meant by it at least.
var wishes = []struct {
	value string
	least time.Duration
}{
	{"30", 30 * time.Second}, {"120", 2 * time.Minute}, {"3600", time.Hour}, {"0", 0},
	{"", MinBackOff}, {"-5", MinBackOff}, {"-99999999999999999999", MinBackOff}, {"soon", MinBackOff}, {"1e9", MinBackOff},
	{"99999999999999999999", MaxRetryAfter}, {"Fri, 31 Dec 9999 23:59:59 GMT", MaxRetryAfter}, {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
	{"in ten minutes", 10 * time.Minute}, // stands for a date
}

func (w *world) now() time.Duration { return time.Since(w.began) }

// breach writes one down; mu is held.
func (w *world) breach(kind, format string, args ...any) {
	if w.breaches[kind]++; w.breaches[kind] == 1 {
		w.examples[kind] = fmt.Sprintf(format, args...)
	}
}

// RoundTrip is a request that comes in.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	p, now := w.papers[r.URL.Host], w.now()
	robots := r.URL.Path == "/robots.txt"
	w.come(p, now, robots)
	latency := p.latency/2 + time.Duration(w.random.Int64N(int64(p.latency)))
	step := w.steps > 0 && w.random.IntN(w.odds) == 0
	pause := time.Duration(w.random.Int64N(int64(8 * time.Second))) // within the exchange, or the gap after it
	if step {
		w.steps--
	}
	w.mu.Unlock()
	if step {
		time.AfterFunc(pause, w.stepped)
	}
	headers := min(latency, 5*time.Second) // the rest is for the body
	time.Sleep(headers)

	w.mu.Lock()
	defer w.mu.Unlock()
	resp, err := w.answer(p, r, robots)
	if err != nil {
		w.over(p)
		return nil, err
	}
	resp.Body = &slowly{Reader: resp.Body, world: w, paper: p, left: latency - headers}
	return resp, nil
}

// come judges a request by when it comes; mu is held.
func (w *world) come(p *newspaper, now time.Duration, robots bool) {
	w.served++
	d := p.domain
	if d.inside++; d.inside > 1 {
		w.breach("two at a time", "%s at %v", p.host, now)
	}
	if gap := max(w.pace, p.knownDelay()); d.asked && now-d.last < gap {
		w.breach("gap", "%s at %v: %v after the last, not %v", p.host, now, now-d.last, gap)
	}
	if now < p.quiet {
		w.breach("Retry-After", "%s at %v, not before %v", p.host, now, p.quiet)
	}
	age := now - p.robotsAt
	if most := RobotsTTL; !robots {
		if p.noAnswer {
			most += RobotsGrace
		}
		if !p.hasRobots || age > most {
			w.breach("robots", "%s at %v: robots.txt is %v old", p.host, now, age)
		}
	}
}

// knownDelay is the Crawl-delay that a visitor has read.
func (p *newspaper) knownDelay() time.Duration {
	if !p.hasRobots {
		return 0
	}
	return p.delay
}

// over ends a request; mu is held.
func (w *world) over(p *newspaper) {
	p.domain.inside--
	p.domain.asked, p.domain.last = true, w.now()
}

// answer is what the paper says; mu is held.
func (w *world) answer(p *newspaper, r *http.Request, robots bool) (*http.Response, error) {
	now := w.now()
	if o := p.outage(now); o != nil {
		p.trouble, p.noAnswer = max(p.trouble, o.to), p.noAnswer || robots
		switch o.kind {
		case 0:
			return nil, errors.New("connection refused")
		case 1:
			return w.page(r, 500, "", "out of order"), nil
		}
		return w.refuse(p, r, o.kind == 3), nil
	}
	if p.closed && w.random.IntN(20) == 0 {
		p.noAnswer = p.noAnswer || robots
		return w.refuse(p, r, true), nil
	}
	if robots {
		p.robotsAt, p.hasRobots, p.noAnswer = now, true, false
		switch {
		case p.noRobots:
			return w.page(r, 404, "", ""), nil
		case p.delay > 0:
			return w.page(r, 200, "", fmt.Sprintf("User-agent: *\nCrawl-delay: %d\n", p.delay/time.Second)), nil
		}
		return w.page(r, 200, "", "User-agent: *\nDisallow: /admin/\n"), nil
	}
	return w.page(r, 200, "", "<p>news</p>"), nil
}

func (p *newspaper) outage(now time.Duration) *outage {
	for i := range p.outages {
		if o := &p.outages[i]; o.from <= now && now < o.to {
			return o
		}
	}
	return nil
}

// refuse answers 429 or 503, and notes for how long; mu is held.
func (w *world) refuse(p *newspaper, r *http.Request, says bool) *http.Response {
	wish := wishes[4]
	if says {
		wish = wishes[w.random.IntN(len(wishes))]
	}
	value, now := wish.value, w.now()
	if value == "in ten minutes" {
		value = w.began.Add(now).Add(wish.least + time.Second).UTC().Format(http.TimeFormat) // whole seconds
	}
	p.quiet = now + wish.least
	p.trouble = max(p.trouble, p.quiet)
	return w.page(r, []int{429, 503}[w.random.IntN(2)], value, "")
}

func (w *world) page(r *http.Request, status int, retryAfter, body string) *http.Response {
	h := http.Header{"Content-Type": {"text/html"}, "Date": {w.began.Add(w.now()).UTC().Format(http.TimeFormat)}}
	if retryAfter != "" && !w.deaf {
		h.Set("Retry-After", retryAfter)
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}
}

// slowly is a body that takes its time, piece by piece; its end is the end of
// the request.
type slowly struct {
	io.Reader
	world *world
	paper *newspaper
	left  time.Duration
	once  sync.Once
}

func (s *slowly) Read(p []byte) (int, error) {
	if s.left > 0 {
		pause := min(s.left, 8*time.Second)
		s.left -= pause
		time.Sleep(pause)
		return copy(p, " "), nil
	}
	return s.Reader.Read(p)
}

func (s *slowly) Close() error {
	s.once.Do(func() {
		s.world.mu.Lock()
		defer s.world.mu.Unlock()
		s.world.over(s.paper)
	})
	return nil
}
