package newsroom

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// headerTime is how long a reader may take for the header of a request.
const headerTime = 10 * time.Second

// Fetches counts requests by what was asked for; a request counts once, but for
// NotModified, which are among the others.
type Fetches struct {
	Articles    int `json:"articles"`
	Feeds       int `json:"feeds"`
	Sitemaps    int `json:"sitemaps"`
	Robots      int `json:"robots"`
	Other       int `json:"other"`
	NotModified int `json:"not_modified"` // answered with 304
	Refused     int `json:"refused"`      // answered with 503; connections that were closed count nowhere
}

func (f *Fetches) add(g Fetches) {
	f.Articles += g.Articles
	f.Feeds += g.Feeds
	f.Sitemaps += g.Sitemaps
	f.Robots += g.Robots
	f.Other += g.Other
	f.NotModified += g.NotModified
	f.Refused += g.Refused
}

// All is how many requests there were.
func (f Fetches) All() int { return f.Articles + f.Feeds + f.Sitemaps + f.Robots + f.Other }

// A member is one paper of a press, with its trouble.
type member struct {
	paper    *Paper
	style    style
	o        PressOptions
	manners  *Manners
	host     string // where it listens; empty before
	listener net.Listener

	mu      sync.Mutex // protects what follows
	fetches Fetches
	conns   map[net.Conn]bool
}

func newMember(paper *Paper, s style, o PressOptions) *member {
	m := &member{paper: paper, style: s, o: o, conns: map[net.Conn]bool{}}
	rules := HouseRules{Pace: o.Pace, Disallow: []string{"/adverts/", "/extra/"}}
	if s.trouble == Shy {
		rules.Delay = o.short(CrawlDelay)
	}
	m.manners = WatchManners(http.HandlerFunc(m.answer), rules, o.Now)
	return m
}

func (m *member) counted() Fetches {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fetches
}

// answer serves the paper as it is in its trouble.
func (m *member) answer(w http.ResponseWriter, r *http.Request) {
	q := request{path: r.URL.Path, base: "http://" + r.Host, since: m.paper.since(), number: m.paper.requests.Add(1) - 1}
	if m.style.trouble == Slow { // before it looks: its readers get what it says when they get it
		m.paper.slow(SlowTime)
		q.since = m.paper.since()
	}
	a := m.troubled(q, r, m.paper.answer(q))
	m.count(r, a)
	a.send(w, r)
}

// troubled is the answer as the paper's trouble makes it.
func (m *member) troubled(q request, r *http.Request, a reply) reply {
	switch {
	case m.style.trouble == Busy && q.path != pathRobots && m.during(q.since, busyFrom, busyUntil):
		wait := strconv.Itoa(int(m.o.short(BusyRetry).Seconds()))
		return reply{status: http.StatusServiceUnavailable, mediaType: "text/plain; charset=utf-8", body: []byte("too many readers\n"),
			header: map[string]string{"Retry-After": wait}}
	case m.style.trouble == Shy && q.path == pathRobots:
		a.body = append(fmt.Appendf(nil, "User-agent: *\nCrawl-delay: %d\n", int(m.o.short(CrawlDelay).Seconds())), a.body...)
		return validated(a, a.body)
	case m.style.trouble == Restless: // whatever the document: feeds do not have the mark
		a.body = bytes.ReplaceAll(a.body, []byte(counterMark), fmt.Appendf(nil, "%s%d.", counterWords, 1000+7*q.number))
	case m.style.trouble == Liar && m.paper.byPath[q.path] != nil && r.Header.Get("If-None-Match") != "":
		a.header["ETag"] = r.Header.Get("If-None-Match")
	}
	return a
}

// during reports whether the run is between two shares of its length.
func (m *member) during(d time.Duration, from, until float64) bool {
	share := float64(d) / float64(m.o.Length)
	return share >= from && share < until
}

func (m *member) count(r *http.Request, a reply) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := &m.fetches
	switch path := r.URL.Path; {
	case path == pathRobots:
		f.Robots++
	case path == pathSitemap:
		f.Sitemaps++
	case path == pathRSS || path == pathAtom || path == pathJSON:
		f.Feeds++
	case m.paper.byPath[path] != nil:
		f.Articles++
	default:
		f.Other++
	}
	if a.status == http.StatusServiceUnavailable {
		f.Refused++
	}
	if etag := a.header["ETag"]; etag != "" && a.status == http.StatusOK && matches(r.Header.Get("If-None-Match"), etag) {
		f.NotModified++
	}
}

// Listen opens the papers' addresses: 127.0.0.1, 127.0.0.2 and so on, or ports
// of 127.0.0.1 where the others are not to be had. Call it once, before
// [Press.Serve].
func (p *Press) Listen() error {
	for i, m := range p.members {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.%d:0", i+1))
		if err != nil {
			l, err = net.Listen("tcp", "127.0.0.1:0")
		}
		if err != nil {
			return fmt.Errorf("press: listen for paper %d: %w", i, err)
		}
		m.listener, m.host = l, l.Addr().String()
	}
	return nil
}

// Serve answers for all papers until ctx ends.
func (p *Press) Serve(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, m := range p.members {
		if m.listener == nil {
			return errors.New("press: serve without listen")
		}
		g.Go(func() error { return m.serve(ctx) })
	}
	return g.Wait()
}

func (m *member) serve(ctx context.Context) error {
	server := &http.Server{Handler: m.manners, ReadHeaderTimeout: headerTime}
	stopped := context.AfterFunc(ctx, func() { server.Close() })
	defer stopped()
	defer server.Close()
	if m.style.trouble == Down {
		from := time.Duration(downFrom * float64(m.o.Length))
		t := time.AfterFunc(from-m.paper.since(), m.hangUp)
		defer t.Stop()
	}
	if err := server.Serve(&doors{m.listener, m}); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("press: %s: %w", m.host, err)
	}
	return nil
}

// isDown reports whether the paper is down at d of the run. It goes down as a
// process does that is killed: connections that stand are cut, new ones are
// closed before a word is said. No request is answered, so none is counted, and
// none can break manners.
func (m *member) isDown(d time.Duration) bool {
	from := time.Duration(downFrom * float64(m.o.Length))
	return m.style.trouble == Down && d >= from && d < from+m.o.short(DownTime)
}

// hangUp closes all connections.
func (m *member) hangUp() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c := range m.conns {
		c.Close()
	}
	clear(m.conns)
}

// doors are where connections come in. Those that come while the paper is down
// are closed at once.
type doors struct {
	net.Listener
	m *member
}

func (d *doors) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if !d.m.isDown(d.m.paper.since()) {
			return d.m.keep(c), nil
		}
		c.Close()
	}
}

// keep remembers a connection of a paper that will go down.
func (m *member) keep(c net.Conn) net.Conn {
	if m.style.trouble == Down {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.conns[c] = true
	}
	return c
}

// Hosts are where the papers listen, as HOST:PORT.
func (p *Press) Hosts() []string {
	var out []string
	for _, m := range p.members {
		if m.host != "" {
			out = append(out, m.host)
		}
	}
	return out
}

// Allow is the exception from an address guard that the papers need, in the form
// "127.0.0.1/32:4000,…".
func (p *Press) Allow() string {
	var out []string
	for _, h := range p.Hosts() {
		host, port, _ := net.SplitHostPort(h) // of a listener: always both
		out = append(out, host+"/32:"+port)
	}
	return strings.Join(out, ",")
}
