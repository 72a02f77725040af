package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// page gives an answer to the request for one of many pages.
func page(n int, a answer) answer {
	a.url = fmt.Sprint("https://example.org/", n)
	return a
}

// What counts as a failure of the host: the breaker is open after BreakAfter
// of them, and not before.
func TestBreaker(t *testing.T) {
	met := func(a answer) answer { a.connected = true; return a }
	tests := []struct {
		name    string
		answers []answer // in turn, each for another page
		opens   bool
	}{
		{"no name", []answer{{failure: FailNoName}}, true},
		{"names not looked up", []answer{{failure: FailDNS}}, true},
		{"no connection", []answer{{failure: FailConnect}}, true},
		{"no handshake", []answer{{failure: FailTLS}}, true},
		{"time-outs", []answer{met(answer{failure: FailTimeout})}, true},
		{"all in turn", []answer{{failure: FailDNS}, {failure: FailConnect}, {failure: FailTLS}, {failure: FailTimeout}}, true},
		{"500", []answer{met(answer{status: 500})}, true},
		{"502 and 504", []answer{met(answer{status: 502}), met(answer{status: 504})}, true},
		{"503 that says nothing", []answer{met(busy(503, ""))}, true},
		{"503 that says nonsense", []answer{met(busy(503, "-1"))}, true},
		{"503 that says when", []answer{met(busy(503, "1"))}, false},
		{"429", []answer{met(busy(429, ""))}, false},
		{"not found", []answer{met(answer{status: 404})}, false},
		{"refused by our own guard", []answer{{failure: FailAddress}}, false},
		{"a body cut short", []answer{met(answer{status: 200, failure: FailTruncated})}, false},
		{"not HTTP", []answer{met(answer{failure: FailProtocol})}, false},
		{"called off by us", []answer{{failure: FailTimeout, void: true}}, false},
		{"a good one between", []answer{met(answer{status: 500}), met(answer{status: 500}), met(answer{status: 500}), met(answer{status: 500}), good}, false},
	}
	for _, x := range tests {
		k := newClock()
		p := k.pacer()
		var down time.Time
		for i := range BreakAfter {
			k.advance(MaxBackOff)
			if _, down = mustEnter(t, p, "a", 1).leave(page(i, x.answers[i%len(x.answers)])); i < BreakAfter-1 && !down.IsZero() {
				t.Errorf("%s: down after %d", x.name, i+1)
			}
		}
		turn, no, _ := p.enter(context.Background(), alone("a"), 1)
		if opens := turn == nil && no.failure == FailDown && !no.down.IsZero(); opens != x.opens || down.IsZero() == x.opens {
			t.Errorf("%s: stopped %v, want %v: %+v, down %v", x.name, opens, x.opens, no, down)
		}
	}
}

// One broken page is no outage, however often it is tried; without a
// connection it does not matter what was asked for.
func TestBreakerOfOnePage(t *testing.T) {
	for name, x := range map[string]struct {
		a    answer
		down bool
	}{
		"a page that breaks":  {answer{status: 500, connected: true}, false},
		"a page that hangs":   {answer{failure: FailTimeout, connected: true}, false},
		"a host that is gone": {answer{failure: FailTimeout}, true},
	} {
		k := newClock()
		p := k.pacer()
		down := time.Time{}
		for range 2 * BreakAfter {
			k.advance(BreakMost)
			_, down = mustEnter(t, p, "a", 1).leave(page(1, x.a))
		}
		if down.IsZero() == x.down {
			t.Errorf("%s: down since %v", name, down)
		}
		if _, down = mustEnter(t, p.after(k), "a", 1).leave(page(2, x.a)); down.IsZero() {
			t.Errorf("%s: not down when a second page is so too", name)
		}
	}
}

// after lets the longest rest go by.
func (p *pacer) after(k *clock) *pacer { k.advance(BreakMost); return p }

// The rests double up to their limit, one request goes through after each, and
// one good answer ends it all.
func TestBreakerRests(t *testing.T) {
	k := newClock()
	p := k.pacer()
	began := k.now()
	broken := answer{failure: FailConnect, reason: "connection refused"}
	for range BreakAfter - 1 {
		mustEnter(t, p, "a", 1).leave(broken)
	}
	rests := []time.Duration{BreakFirst, 2 * BreakFirst, 4 * BreakFirst, 8 * BreakFirst, 16 * BreakFirst, 32 * BreakFirst, BreakMost, BreakMost}
	for i, want := range rests {
		until, down := mustEnter(t, p, "a", 1).leave(broken)
		if until.Sub(k.now()) != want || !down.Equal(began) {
			t.Errorf("rest %d: until %v, down since %v; want %v from %v", i, until, down, want, k.now())
		}
		k.advance(want - time.Nanosecond)
		turn, no, _ := p.enter(context.Background(), alone("a"), 1)
		if turn != nil || no.failure != FailDown || !no.until.Equal(until) || !no.down.Equal(began) || !strings.Contains(no.reason, "connection refused") {
			t.Errorf("rest %d, just before its end: %v, %+v", i, turn, no)
		}
		k.advance(time.Nanosecond)
	}
	if until, down := mustEnter(t, p, "a", 1).leave(good); !until.IsZero() || !down.IsZero() {
		t.Errorf("well again: until %v, down since %v", until, down)
	}
	for i := range BreakAfter - 1 {
		if _, down := mustEnter(t, p, "a", 1).leave(broken); !down.IsZero() {
			t.Errorf("down again after %d", i+1)
		}
	}
}

// A client tells of a host that is down, asks nothing of it while it rests,
// and finds it well again.
func TestGetHostDown(t *testing.T) {
	var bad atomic.Bool
	var requests atomic.Int32
	p := serve(t, func(http.ResponseWriter, *http.Request) {
		if requests.Add(1); bad.Load() {
			panic(http.ErrAbortHandler)
		}
	})
	c, k := newTestClient(t, Options{}, testTimes, addr(p))
	visit := func(n int) Fetch { return get(t, c, Request{URL: fmt.Sprint(p.URL, "/", n)}) }
	if f := visit(0); f.Failure != "" || !f.Down.IsZero() {
		t.Fatalf("%+v", f)
	}
	bad.Store(true)
	var f Fetch
	var first time.Time
	for i := range BreakAfter {
		if f = visit(i); i == 0 {
			first = f.End
		}
		wantFailure(t, f, FailConnect)
	}
	if f.Down.IsZero() || f.Down.After(first) || f.NotBefore.Sub(f.End) != BreakFirst {
		t.Errorf("down since %v, not before %v, want it since %v", f.Down, f.NotBefore, first)
	}
	asked := requests.Load()
	f = visit(9)
	wantFailure(t, f, FailDown)
	if f.Down.IsZero() || f.NotBefore.Sub(f.End) != BreakFirst || f.Final == "" || requests.Load() != asked {
		t.Errorf("at rest: %+v", f)
	}
	k.advance(BreakFirst)
	bad.Store(false)
	if f = visit(10); f.Failure != "" || !f.Down.IsZero() || !f.NotBefore.IsZero() {
		t.Errorf("well again: %+v", f)
	}
}

// So is a host of which robots.txt cannot be had: it is asked for less and
// less often, and what comes of it is called by its name.
func TestRobotsOfAHostThatIsDown(t *testing.T) {
	asked := 0
	resolver := nameServer(t, func(string) []netip.Addr { asked++; return nil })
	c, k := newTestClient(t, Options{Resolver: resolver}, testTimes)
	var failures []Failure
	began := k.now()
	for k.now().Sub(began) < 12*time.Hour {
		f := get(t, c, Request{URL: "http://gone.example.org/a"})
		if failures = append(failures, f.Failure); f.NotBefore.IsZero() || (len(failures) >= BreakAfter) == f.Down.IsZero() {
			t.Fatalf("fetch %d: %v, down since %v, not before %v", len(failures), f.Failure, f.Down, f.NotBefore)
		}
		k.advance(f.NotBefore.Sub(k.now()))
	}
	if n := len(failures); n < 15 || n > 30 || slices.Contains(failures, FailRobots) {
		t.Errorf("asked %d times in 12 h: %v", n, failures)
	}
}
