package store

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"stet/internal/pgtest"
)

// second opens the bench's store once more, as another process would.
func (b *bench) second() *Store {
	b.t.Helper()
	return openStore(b.t, Options{Dir: b.dir, Now: b.clock.now, MustExist: true})
}

// TestElected: of two that would follow one follows, and the other when it ends.
func TestElected(t *testing.T) {
	b := newBench(t)
	other := b.second()
	follow := func(s *Store, ctx context.Context) (began <-chan bool, ended <-chan error) {
		begins, ends := make(chan bool, 1), make(chan error, 1)
		go func() {
			ends <- s.Elected(ctx, "crows", func(ctx context.Context) error {
				begins <- true
				<-ctx.Done()
				return nil
			})
		}()
		return begins, ends
	}
	ctx, stop := context.WithCancel(t.Context())
	began, ended := follow(b.Store, ctx)
	<-began
	again, stopAgain := context.WithCancel(t.Context())
	beganAgain, endedAgain := follow(other, again)
	select {
	case <-beganAgain:
		t.Fatal("two follow at once")
	case <-time.After(300 * time.Millisecond):
	}
	stop()
	b.must(<-ended)
	<-beganAgain
	stopAgain()
	b.must(<-endedAgain)
	want := errors.New("out of order")
	if err := b.Elected(b.ctx, "crows", func(context.Context) error { return want }); !errors.Is(err, want) {
		t.Errorf("the follower's own error: %v", err)
	}
}

// TestDeadMachine: what a machine held that is silent for BeatLife is given to
// others, not sooner, and after the pace of the domain; its late word is refused.
func TestDeadMachine(t *testing.T) {
	c := newClock()
	dir := filepath.Join(t.TempDir(), "data")
	o := Options{Dir: dir, DB: pgtest.Database(t, dir), Now: c.now}
	open := func() *Store {
		s, err := Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		return s
	}
	dead, alive := open(), open()
	b := &bench{Store: dead, t: t, ctx: t.Context(), clock: c}
	for _, url := range []string{"https://www.courier.example.org/", "https://old.courier.example.org/"} {
		a := address(url)
		_, err := dead.AddRequest(b.ctx, a.URL, a.Host, "")
		b.must(err)
	}
	beat := func(s *Store, want int) {
		t.Helper()
		freed, err := s.Beat(b.ctx, "m")
		b.must(err)
		equal(t, "freed", freed, want)
	}
	claim := func(s *Store, want bool) Lease {
		t.Helper()
		l, ok, err := s.LeaseHost(b.ctx, MaxLease)
		b.must(err)
		equal(t, "leased", ok, want)
		return l
	}
	beat(dead, 0)
	beat(alive, 0)
	held := claim(dead, true)
	claim(alive, false) // the other host is of the same domain
	held.Gap = 20 * time.Second
	b.must(dead.ReleaseHost(b.ctx, held, time.Time{}))
	claim(alive, false) // the domain rests
	held = claim(dead, true)
	c.pass(BeatLife)
	beat(alive, 0)
	c.pass(time.Second)
	beat(alive, 1)
	claim(alive, false)
	c.pass(20 * time.Second)
	l := claim(alive, true)
	equal(t, "the gap goes along", l.Gap, 20*time.Second)
	if err := dead.ReleaseHost(b.ctx, held, time.Time{}); !errors.Is(err, ErrLeaseLost) {
		t.Errorf("the late word of a machine that was given up: %v", err)
	}
	b.must(alive.Leave(b.ctx))
	machines, err := alive.CrawlingMachines(b.ctx)
	b.must(err)
	equal(t, "machines", len(machines), 0)
}
