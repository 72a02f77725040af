package crawl

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// In a bubble of synctest the clock is the real one and time is free.
func bubblePacer() *pacer { return newPacer(time.Now, sleep) }

func mustEnter(t *testing.T, p *pacer, host string, gap time.Duration) *turn {
	t.Helper()
	turn, until, err := p.enter(context.Background(), host, gap)
	if err != nil || turn == nil {
		t.Fatalf("%s: no turn until %v: %v", host, until, err)
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
		time.Sleep(3 * time.Second) // the request itself
		first.leave(200, "")
		mustEnter(t, p, "b", 2*time.Second).leave(200, "")
		if since() != 3*time.Second {
			t.Errorf("another host waited until %v", since())
		}
		mustEnter(t, p, "a", 2*time.Second).leave(200, "")
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
		until := mustEnter(t, p, "a", time.Second).leave(503, "120")
		if d := time.Until(until); d != 2*time.Minute {
			t.Fatalf("wish of %v", d)
		}
		began := time.Now()
		turn, again, err := p.enter(context.Background(), "a", time.Second)
		if turn != nil || err != nil || !again.Equal(until) || time.Since(began) != 0 {
			t.Errorf("inside the window: turn %v, until %v, %v, after %v", turn, again, err, time.Since(began))
		}
		time.Sleep(time.Until(until))
		mustEnter(t, p, "a", time.Second).leave(200, "")
	})
}

// Back-off without Retry-After doubles, and a good answer ends it.
func TestPaceBackOff(t *testing.T) {
	k := newClock()
	p := newPacer(k.now, k.sleep)
	for i, x := range []struct {
		status int
		want   time.Duration
	}{{429, MinBackOff}, {503, 2 * MinBackOff}, {0, 0}, {429, 4 * MinBackOff}, {404, 0}, {429, MinBackOff}} {
		until := mustEnter(t, p, "a", time.Second).leave(x.status, "")
		if x.want == 0 && !until.IsZero() || x.want > 0 && until.Sub(k.now()) != x.want {
			t.Errorf("step %d: until %v", i, until)
		}
		k.advance(x.want)
	}
}

// A clock set back by years stops nobody for longer than the gap, or, within
// a window, than its longest length.
func TestPaceClockSetBack(t *testing.T) {
	k := newClock()
	p := newPacer(k.now, k.sleep)
	mustEnter(t, p, "a", 2*time.Second).leave(200, "")
	k.advance(-10 * 365 * 24 * time.Hour)
	mustEnter(t, p, "a", 2*time.Second).leave(503, "60")
	if s := k.sleeps(); len(s) != 1 || s[0] != 2*time.Second {
		t.Errorf("slept %v", s)
	}
	k.advance(-10 * 365 * 24 * time.Hour)
	if turn, until, _ := p.enter(context.Background(), "a", 0); turn != nil || until.Sub(k.now()) != MaxRetryAfter {
		t.Errorf("turn %v until %v", turn, until)
	}
	k.advance(MaxRetryAfter)
	mustEnter(t, p, "a", 0)
}

func TestPaceCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := bubblePacer()
		holder := mustEnter(t, p, "a", time.Second)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, _, err := p.enter(ctx, "a", time.Second); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for the slot: %v", err)
		}
		holder.leave(200, "")
		ctx, cancel = context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		if _, _, err := p.enter(ctx, "a", time.Minute); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("waiting for the gap: %v", err)
		}
		if _, _, err := p.enter(ctx, "a", 0); err == nil {
			t.Error("a dead context got a turn")
		}
		mustEnter(t, p, "a", time.Minute).leave(200, "") // and the slot was given back
		if n := p.gates["a"].users; n != 0 {
			t.Errorf("%d users left", n)
		}
	})
}

// The law: whatever many visitors do to a few hosts, never two requests to one
// host at a time, never less than the gap between them, never one within a
// window that the host asked for.
func TestPaceLaw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const hosts, visitors, visits = 5, 12, 60
		p := bubblePacer()
		p.most = 2 // forget hosts all the time
		type record struct {
			inside atomic.Int32
			mu     sync.Mutex
			last   time.Time
			until  time.Time
		}
		var records [hosts]record
		var made, refused atomic.Int32
		var wg sync.WaitGroup
		for v := range visitors {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(uint64(v), 7))
				for range visits {
					i := r.IntN(hosts)
					rec, gap := &records[i], time.Duration(i+1)*time.Second
					turn, until, err := p.enter(context.Background(), fmt.Sprint("host", i), gap)
					if err != nil {
						t.Error(err)
						return
					}
					if turn == nil {
						refused.Add(1)
						time.Sleep(time.Until(until))
						continue
					}
					made.Add(1)
					if rec.inside.Add(1) != 1 {
						t.Error("two at a time")
					}
					rec.mu.Lock()
					if !rec.last.IsZero() && time.Since(rec.last) < gap {
						t.Errorf("only %v apart, want %v", time.Since(rec.last), gap)
					}
					if time.Now().Before(rec.until) {
						t.Error("asked within a window")
					}
					time.Sleep(time.Duration(r.IntN(1500)) * time.Millisecond)
					status, after := 200, ""
					if r.IntN(10) == 0 {
						status, after = 429, fmt.Sprint(r.IntN(30))
					}
					rec.last, rec.until = time.Now(), time.Time{}
					rec.inside.Add(-1)
					rec.until = turn.leave(status, after)
					rec.mu.Unlock()
					time.Sleep(time.Duration(r.IntN(4000)) * time.Millisecond)
				}
			})
		}
		wg.Wait()
		if made.Load() < visits || refused.Load() == 0 {
			t.Errorf("%d made, %d refused: nothing was tested", made.Load(), refused.Load())
		}
	})
}

func TestPaceForgets(t *testing.T) {
	k := newClock()
	p := newPacer(k.now, k.sleep)
	p.most = 100
	busy := mustEnter(t, p, "busy", time.Second)
	mustEnter(t, p, "waiting", time.Second).leave(503, "86400")
	for i := range p.most - 2 {
		mustEnter(t, p, fmt.Sprint("host", i), time.Second).leave(200, "")
	}
	k.advance(MaxPace)
	mustEnter(t, p, "early", time.Second).leave(200, "")
	if len(p.gates) != p.most+1 {
		t.Errorf("%d hosts: some were forgotten within the longest pace", len(p.gates))
	}
	k.advance(time.Second)
	mustEnter(t, p, "late", time.Second).leave(200, "")
	if len(p.gates) != 4 || p.gates["busy"] == nil || p.gates["waiting"] == nil {
		t.Errorf("%d hosts are left", len(p.gates))
	}
	busy.leave(200, "")
}
