package crawl

import (
	"context"
	"stet/internal/news"
	"sync"
	"sync/atomic"
	"time"
)

// Limits of what the pacer remembers and spreads.
const (
	// MaxHosts is how many gates are remembered before those that are idle are
	// forgotten.
	MaxHosts = 10_000
	// MaxDomainHosts is the same for the hosts of one gate: a domain may have
	// a name for each of its readers.
	MaxDomainHosts = 1_000
	// StartFree is how many gates are opened without delay. The first request
	// through each later one waits for a part of the pace that its name gives,
	// so that after a start not all sites are asked at once.
	StartFree = 4
)

// A pacer keeps the requests to one gate apart: one at a time, a gap between
// the end of one and the start of the next; and none to a host that wishes to
// be left alone or is down. Its inner times are those of elapsed, which no
// setting of the clock takes back.
type pacer struct {
	now     func() time.Time
	elapsed func() time.Duration
	sleep   func(context.Context, time.Duration) error

	mu    sync.Mutex // protects gates, made and gate.users
	gates map[string]*gate
	made  int // gates ever
	most  int // gates; MaxHosts
}

// A gate is what is known of the hosts that share a pace. Whoever holds the
// slot owns the fields below it.
type gate struct {
	users int           // turns that hold or await the slot
	late  bool          // its first request waits a little; see StartFree
	slot  chan struct{} // capacity 1
	asked bool          // there was a request
	last  time.Duration // end of the last one
	tempo tempo
	hosts map[string]*host

	kept, told atomic.Int64 // time.Duration: the gap before the last request; what Remember said since
}

func newPacer(now func() time.Time, elapsed func() time.Duration, sleep func(context.Context, time.Duration) error) *pacer {
	return &pacer{now: now, elapsed: elapsed, sleep: sleep, gates: map[string]*gate{}, most: MaxHosts}
}

// A turn is the right to make one request to a host.
type turn struct {
	pacer *pacer
	gate  *gate
	host  *host
	gap   time.Duration // that was kept before it
	began time.Duration
}

// A stop is what comes instead of a turn: why the host is not asked.
type stop struct {
	failure Failure // FailRate or FailDown
	reason  string
	until   time.Time // before then it is not asked
	down    time.Time // see Fetch.Down
}

// An answer is what the pacer learns from when a request is over.
type answer struct {
	url        string
	status     int // 0 = none
	retryAfter string
	date       string // the header of that name
	failure    Failure
	reason     string
	connected  bool
	void       bool // the request was called off: nothing is to be learned
}

// enter waits for the gate to be free and the gap to be over. Instead of a
// turn it gives, at once, a stop. The error is that of ctx or of sleep; then
// there is neither.
func (p *pacer) enter(ctx context.Context, at place, floor time.Duration) (*turn, stop, error) {
	t := &turn{pacer: p, gate: p.use(at.gate)}
	if err := t.take(ctx); err != nil {
		return nil, stop{}, err
	}
	now, g := p.elapsed(), t.gate
	t.host = g.host(at.host, now)
	if s := t.host.stop(now, p.now()); s.failure != "" {
		t.release()
		return nil, s, nil
	}
	g.tempo.penalty = max(g.tempo.penalty, time.Duration(g.told.Swap(0)))
	t.gap = max(floor, g.tempo.gap())
	g.kept.Store(int64(t.gap))
	wait := g.wait(now, t.gap)
	if !g.asked && g.late {
		wait = spread(at.gate, floor)
	}
	if wait > 0 {
		if err := p.sleep(ctx, wait); err != nil {
			t.release()
			return nil, stop{}, err
		}
	}
	t.began = p.elapsed()
	return t, stop{}, nil
}

func (t *turn) take(ctx context.Context) error {
	err := ctx.Err() // select picks at random when both are ready
	if err == nil {
		select {
		case t.gate.slot <- struct{}{}:
			return nil
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	t.forget()
	return err
}

// leave ends the turn after a request. It gives the time before which the host
// is not asked again (zero = any) and since when it is down (zero = it is not).
func (t *turn) leave(a answer) (notBefore, down time.Time) {
	now, wall, g := t.pacer.elapsed(), t.pacer.now(), t.gate
	g.asked, g.last = true, now
	if !a.void {
		g.tempo.learn(a, now-t.began, t.gap)
		t.host.learn(a, now, wall)
	}
	if wait := t.host.until() - now; wait > 0 {
		notBefore = wall.Add(wait)
	}
	down = t.host.down()
	t.release()
	return notBefore, down
}

func (t *turn) release() {
	<-t.gate.slot
	t.forget()
}

func (t *turn) forget() {
	t.pacer.mu.Lock()
	defer t.pacer.mu.Unlock()
	t.gate.users--
}

// wait is how long to sleep before a request, at most the gap.
func (g *gate) wait(now, gap time.Duration) time.Duration {
	if !g.asked {
		return 0
	}
	return min(gap, g.last+gap-now)
}

// host finds or makes what is known of a host.
func (g *gate) host(name string, now time.Duration) *host {
	h := g.hosts[name]
	if h == nil {
		if len(g.hosts) >= MaxDomainHosts {
			g.sweep(now)
		}
		h = &host{}
		g.hosts[name] = h
	}
	return h
}

// sweep forgets the hosts that may be asked.
func (g *gate) sweep(now time.Duration) {
	for name, h := range g.hosts {
		if h.until() <= now {
			delete(g.hosts, name)
		}
	}
}

// use finds or makes a gate and counts the caller as a user.
func (p *pacer) use(name string) *gate {
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.gates[name]
	if g == nil {
		if len(p.gates) >= p.most {
			p.sweep(p.elapsed())
		}
		g = &gate{slot: make(chan struct{}, 1), hosts: map[string]*host{}, late: p.made >= StartFree}
		p.gates[name] = g
		p.made++
	}
	g.users++
	return g
}

// sweep forgets gates that nobody uses and whose gap and stops are long over;
// without users the fields of a gate have no other owner.
func (p *pacer) sweep(now time.Duration) {
	for name, g := range p.gates {
		if g.users > 0 || now-g.last <= MaxPace {
			continue
		}
		if g.sweep(now); len(g.hosts) == 0 {
			delete(p.gates, name)
		}
	}
}

// Gap is the least time that lies between two requests to the host's domain now:
// Options.Pace, or what was last kept there, if that is more.
func (c *Client) Gap(host string) time.Duration {
	g := c.pacer.use(news.Domain(host))
	defer (&turn{pacer: c.pacer, gate: g}).forget()
	return max(c.pace, time.Duration(g.kept.Load()))
}

// Remember takes in a gap that another process has kept to the host's domain; the
// next request keeps it, too, up to MaxLearned.
func (c *Client) Remember(host string, gap time.Duration) {
	g := c.pacer.use(news.Domain(host))
	defer (&turn{pacer: c.pacer, gate: g}).forget()
	if gap > time.Duration(g.kept.Load()) {
		g.told.Store(int64(min(gap, MaxLearned)))
	}
}
