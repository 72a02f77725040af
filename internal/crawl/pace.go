package crawl

import (
	"context"
	"sync"
	"time"
)

// MaxHosts is how many hosts are remembered before those that are idle are
// forgotten.
const MaxHosts = 10_000

// A pacer keeps requests to one host apart: one at a time, a gap between the
// end of one and the start of the next, and none while the host wishes to be
// left alone.
type pacer struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu    sync.Mutex // protects gates and gate.users
	gates map[string]*gate
	most  int // hosts; MaxHosts
}

// A gate is what is known of one host. Whoever holds the slot owns the fields
// below it.
type gate struct {
	users     int           // turns that hold or await the slot
	slot      chan struct{} // capacity 1
	last      time.Time     // end of the last request
	notBefore time.Time     // the host's wish; zero = none
	strikes   int           // answers in a row that were 429 or 503
}

func newPacer(now func() time.Time, sleep func(context.Context, time.Duration) error) *pacer {
	return &pacer{now: now, sleep: sleep, gates: map[string]*gate{}, most: MaxHosts}
}

// A turn is the right to make one request to a host.
type turn struct {
	pacer *pacer
	gate  *gate
}

// enter waits for the host to be free and the gap to be over. Instead of a
// turn it gives, at once, the time before which the host does not want to be
// asked. The error is that of ctx or of sleep; then there is no turn.
func (p *pacer) enter(ctx context.Context, host string, gap time.Duration) (*turn, time.Time, error) {
	t := &turn{p, p.use(host)}
	if err := t.take(ctx); err != nil {
		return nil, time.Time{}, err
	}
	now := p.now()
	if until := t.gate.wish(now); now.Before(until) {
		t.release()
		return nil, until, nil
	}
	if wait := t.gate.wait(now, gap); wait > 0 {
		if err := p.sleep(ctx, wait); err != nil {
			t.release()
			return nil, time.Time{}, err
		}
	}
	return t, time.Time{}, nil
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

// leave ends the turn after a request. The answer is what the host's wish is
// read from; status 0 = none came, which says nothing.
func (t *turn) leave(status int, retryAfter string) (notBefore time.Time) {
	now, g := t.pacer.now(), t.gate
	g.last = now
	switch {
	case status == 429 || status == 503:
		if d := retryDelay(retryAfter, now, g.strikes); d > 0 {
			g.notBefore = now.Add(d)
			notBefore = g.notBefore
		}
		g.strikes++
	case status != 0:
		g.strikes = 0
	}
	t.release()
	return notBefore
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

// wait is how long to sleep before a request. A clock that was set back must
// not stop us for longer than the gap.
func (g *gate) wait(now time.Time, gap time.Duration) time.Duration {
	if g.last.IsZero() {
		return 0
	}
	return min(gap, g.last.Add(gap).Sub(now))
}

// wish is the time before which the host is left alone. One further away than
// any that can be set tells that the clock went back: it starts anew.
func (g *gate) wish(now time.Time) time.Time {
	if g.notBefore.Sub(now) > MaxRetryAfter {
		g.notBefore = now.Add(MaxRetryAfter)
	}
	return g.notBefore
}

// use finds or makes the gate of a host and counts the caller as a user.
func (p *pacer) use(host string) *gate {
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.gates[host]
	if g == nil {
		if len(p.gates) >= p.most {
			p.sweep(p.now())
		}
		g = &gate{slot: make(chan struct{}, 1)}
		p.gates[host] = g
	}
	g.users++
	return g
}

// sweep forgets hosts that nobody uses and whose gap and wish are long over;
// without users the fields of a gate have no other owner.
func (p *pacer) sweep(now time.Time) {
	for host, g := range p.gates {
		if g.users == 0 && now.Sub(g.last) > MaxPace && !now.Before(g.notBefore) {
			delete(p.gates, host)
		}
	}
}
