package crawl

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// In a bubble of synctest the clock is the real one and time is free.
func bubblePacer() *pacer { return newPacer(time.Now, elapsedBy(time.Now), sleep) }

func (k *clock) pacer() *pacer { return newPacer(k.now, elapsedBy(k.now), k.sleep) }

// A host by itself; many tests need no more.
func alone(name string) place { return place{name, name} }

var good = answer{status: 200}

func busy(status int, retryAfter string) answer {
	return answer{status: status, retryAfter: retryAfter}
}

func mustEnter(t *testing.T, p *pacer, host string, gap time.Duration) *turn {
	t.Helper()
	turn, no, err := p.enter(context.Background(), alone(host), gap)
	if err != nil || turn == nil {
		t.Fatalf("%s: no turn: %+v, %v", host, no, err)
	}
	return turn
}

func TestPaceGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, began := bubblePacer(), time.Now()
		since := func() time.Duration { return time.Since(began) }
		first := mustEnter(t, p, "a", 2*time.Second)
		if since() != 0 {
			t.Errorf("the first waited %v", since())
		}
		time.Sleep(3 * time.Second)
		first.leave(answer{}) // the request itself taught nothing
		mustEnter(t, p, "b", 2*time.Second).leave(good)
		if since() != 3*time.Second {
			t.Errorf("another host waited until %v", since())
		}
		mustEnter(t, p, "a", 2*time.Second).leave(good)
		if since() != 5*time.Second {
			t.Errorf("the second of a host came at %v, want 5s", since())
		}
		time.Sleep(time.Minute)
		mustEnter(t, p, "a", 2*time.Second)
		if since() != 65*time.Second {
			t.Errorf("after a long pause it waited until %v", since())
		}
	})
}

func TestPaceWish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := bubblePacer()
		until, _ := mustEnter(t, p, "a", time.Second).leave(busy(503, "120"))
		if d := time.Until(until); d != 2*time.Minute {
			t.Fatalf("wish of %v", d)
		}
		began := time.Now()
		turn, no, err := p.enter(context.Background(), alone("a"), time.Second)
		if turn != nil || err != nil || no.failure != FailRate || !no.until.Equal(until) || !no.down.IsZero() || time.Since(began) != 0 {
			t.Errorf("inside the window: turn %v, %+v, %v, after %v", turn, no, err, time.Since(began))
		}
		time.Sleep(time.Until(until))
		mustEnter(t, p, "a", time.Second).leave(good)
	})
}

// Back-off without Retry-After doubles, and a good answer ends it.
func TestPaceBackOff(t *testing.T) {
	k := newClock()
	p := k.pacer()
	for i, x := range []struct {
		status int
		want   time.Duration
	}{{429, MinBackOff}, {503, 2 * MinBackOff}, {0, 0}, {429, 4 * MinBackOff}, {404, 0}, {429, MinBackOff}} {
		until, _ := mustEnter(t, p, "a", time.Second).leave(answer{status: x.status})
		if x.want == 0 && !until.IsZero() || x.want > 0 && until.Sub(k.now()) != x.want {
			t.Errorf("step %d: until %v", i, until)
		}
		k.advance(x.want)
	}
}

// A clock that is set by years stops nobody for longer than the gap or the
// wish that was begun; set forward, it lets one request come early, not many.
func TestPaceClockIsSet(t *testing.T) {
	const decade = 10 * 365 * 24 * time.Hour
	k := newClock()
	p := k.pacer()
	mustEnter(t, p, "a", 2*time.Second).leave(good)
	k.advance(-decade)
	mustEnter(t, p, "a", 2*time.Second).leave(busy(503, "60"))
	if s := k.sleeps(); len(s) != 1 || s[0] != 2*time.Second {
		t.Errorf("slept %v", s)
	}
	k.advance(-decade)
	if turn, no, _ := p.enter(context.Background(), alone("a"), 0); turn != nil || no.until.Sub(k.now()) != time.Minute {
		t.Errorf("turn %v, %+v", turn, no)
	}
	k.advance(time.Minute)
	mustEnter(t, p, "a", 0).leave(good)
	for _, step := range []time.Duration{decade, -decade, decade} {
		k.advance(step)
		k.sleeps()
		for range 5 {
			mustEnter(t, p, "a", 2*time.Second).leave(good)
		}
		if s := k.sleeps(); len(s) < 4 || slices.Min(s) < 2*time.Second || slices.Max(s) > 4*time.Second { // the 503 has doubled the gap
			t.Errorf("after a step of %v: slept %v", step, s)
		}
	}
}

func TestPaceCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := bubblePacer()
		holder := mustEnter(t, p, "a", time.Second)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, _, err := p.enter(ctx, alone("a"), time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for the slot: %v", err)
		}
		holder.leave(good)
		ctx, cancel = context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, _, err := p.enter(ctx, alone("a"), time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for the gap: %v", err)
		}
		if _, _, err := p.enter(ctx, alone("a"), 0); err == nil {
			t.Error("a dead context got a turn")
		}
		mustEnter(t, p, "a", time.Minute).leave(good) // and the slot was given back
		if n := p.gates["a"].users; n != 0 {
			t.Errorf("%d users left", n)
		}
	})
}

func TestPaceForgets(t *testing.T) {
	k := newClock()
	p := k.pacer()
	p.most = 100
	working := mustEnter(t, p, "working", 1)
	mustEnter(t, p, "waiting", 1).leave(busy(503, "86400"))
	for i := range p.most - 2 {
		mustEnter(t, p, fmt.Sprint("host", i), 1).leave(good)
	}
	k.advance(MaxPace)
	mustEnter(t, p, "early", 1).leave(good)
	if len(p.gates) != p.most+1 {
		t.Errorf("%d hosts: some were forgotten within the longest pace", len(p.gates))
	}
	k.advance(time.Second)
	mustEnter(t, p, "late", 1).leave(good)
	if len(p.gates) != 4 || p.gates["working"] == nil || p.gates["waiting"] == nil {
		t.Errorf("%d hosts are left", len(p.gates))
	}
	working.leave(good)
}

// A domain may have a name for each reader: those that may be asked are
// forgotten, those that may not are kept.
func TestPaceForgetsHostsOfADomain(t *testing.T) {
	k := newClock()
	p := k.pacer()
	visit := func(name string, a answer) {
		turn, no, err := p.enter(context.Background(), place{"example.org", name}, time.Nanosecond)
		if turn == nil {
			t.Fatalf("%s: %+v, %v", name, no, err)
		}
		turn.leave(a)
	}
	visit("closed.example.org", busy(503, "86400"))
	for i := range MaxDomainHosts - 1 {
		visit(fmt.Sprint(i, ".example.org"), good)
	}
	if n := len(p.gates["example.org"].hosts); n != MaxDomainHosts {
		t.Errorf("%d hosts, want %d", n, MaxDomainHosts)
	}
	visit("one-more.example.org", good)
	if hosts := p.gates["example.org"].hosts; len(hosts) != 2 || hosts["closed.example.org"] == nil {
		t.Errorf("%d hosts are left", len(hosts))
	}
}

// Hosts of one domain share the pace; the wish of one is its own.
func TestPaceOfADomain(t *testing.T) {
	k := newClock()
	p := k.pacer()
	enter := func(host string) (*turn, stop) {
		turn, no, err := p.enter(context.Background(), place{"example.org", host}, 2*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		return turn, no
	}
	first, _ := enter("news.example.org")
	first.leave(good)
	second, _ := enter("sport.example.org")
	second.leave(busy(429, "3600"))
	third, _ := enter("news.example.org")
	if third == nil {
		t.Fatal("the wish of one host stops another")
	}
	third.leave(good)
	if s := k.sleeps(); !slices.Equal(s, []time.Duration{2 * time.Second, 4 * time.Second}) {
		t.Errorf("slept %v: want the pace, and twice of it after 429", s)
	}
	if turn, no := enter("sport.example.org"); turn != nil || no.failure != FailRate {
		t.Errorf("the host itself: turn %v, %+v", turn, no)
	}
}

// After a start a few gates are open at once and the others wait, each for a
// part of the pace of its own; once only.
func TestPaceStart(t *testing.T) {
	k := newClock()
	p := k.pacer()
	for i := range StartFree {
		mustEnter(t, p, fmt.Sprint("press", i), 2*time.Second).leave(good)
	}
	if s := k.sleeps(); len(s) != 0 {
		t.Errorf("the first slept %v", s)
	}
	const many = 200
	var slots [4]int
	for i := range many {
		name := fmt.Sprint("paper", i)
		mustEnter(t, p, name, 2*time.Second).leave(good)
		s := k.sleeps()
		if len(s) > 1 || len(s) == 1 && s[0] >= 2*time.Second {
			t.Fatalf("%s slept %v", name, s)
		}
		if len(s) == 1 {
			slots[s[0]/(500*time.Millisecond)]++
		}
		k.advance(time.Minute)
		if mustEnter(t, p, name, 2*time.Second).leave(good); len(k.sleeps()) != 0 {
			t.Fatalf("%s slept again", name)
		}
	}
	if slices.Min(slots[:]) < many/8 {
		t.Errorf("starts by quarter of the pace: %v of %d", slots, many)
	}
}
