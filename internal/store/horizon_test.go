package store

import (
	"fmt"
	"testing"
	"time"

	"stet/internal/news"
)

// years is a step of the clock, as in the limits that track must stand.
const years = 10 * 365 * 24 * time.Hour

// dueNames names the articles that are due on the host, by the last
// letter of their addresses.
func (b *bench) dueNames(l Lease, limit int) (names string) {
	b.t.Helper()
	w, err := b.Due(b.ctx, l, limit)
	b.must(err)
	for _, a := range w.Articles {
		names += a.URL[len(a.URL)-1:]
	}
	return names
}

// readyNow reports whether NextReady says so.
func (b *bench) readyNow() bool {
	b.t.Helper()
	at, ok, err := b.NextReady(b.ctx)
	b.must(err)
	return ok && !at.After(b.clock.t)
}

// While the clock was ten years ahead, a host was served and all was planned from
// there. Set right again, the clock finds it ready, and its articles due.
func TestClockSetBack(t *testing.T) {
	b := newBench(t)
	a, other := b.article("a"), b.article("b")
	b.clock.pass(years)
	l := b.lease()
	b.must(b.updateFeedDue(l, b.clock.t.Add(time.Hour)))
	for _, id := range []int64{a.ID, other.ID} {
		b.record(b.failing(l, id))
	}
	b.must(b.ReleaseHost(b.ctx, l, b.clock.t.Add(2*time.Second)))
	b.clock.pass(-years)
	if all, _, err := b.Lag(b.ctx); err != nil || all.Due() != 3 || all.Longest != 0 {
		t.Errorf("lag %+v, %v", all, err)
	}
	if !b.readyNow() {
		t.Error("no host is ready")
	}
	l = b.leaseAny(time.Minute)
	if names := b.dueNames(l, 9); names != "ab" {
		t.Errorf("due: %q", names)
	}
	// One is visited; the other still counts as due when the host is released.
	b.must(b.updateFeedDue(l, b.clock.t.Add(time.Hour)))
	b.record(b.failing(l, a.ID))
	b.must(b.ReleaseHost(b.ctx, l, time.Time{}))
	if !b.readyNow() {
		t.Error("what is left is forgotten")
	}
	l = b.leaseAny(time.Minute)
	if names := b.dueNames(l, 9); names != "b" {
		t.Errorf("left: %q", names)
	}
	b.record(b.failing(l, other.ID))
	b.must(b.ReleaseHost(b.ctx, l, time.Time{}))
	if b.readyNow() || b.leaseAny(time.Minute).Host != "" {
		t.Error("it goes on after all was visited: a burst")
	}
	b.verify()
}

// failing is a visit to an article of which nothing was ever seen.
func (b *bench) failing(l Lease, id int64) Visit {
	v := b.visit(l, id, news.Failed)
	v.State = news.New
	return v
}

// updateFeedDue visits the feed.
func (b *bench) updateFeedDue(l Lease, due time.Time) error {
	f := b.feed
	f.Due, f.LastVisit = due, b.clock.t
	_, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: f})
	return err
}

// A lease, and a rest, that a wrong clock gave hold nobody off: neither a claim of
// any host nor that of a named one.
func TestLeaseOfAWrongClock(t *testing.T) {
	for _, named := range []bool{false, true} {
		for _, rest := range []bool{false, true} {
			t.Run(fmt.Sprintf("named %v, rest %v", named, rest), func(t *testing.T) {
				b := newBench(t)
				b.clock.pass(years)
				l := b.lease()
				if rest {
					b.must(b.ReleaseHost(b.ctx, l, b.clock.t.Add(time.Hour)))
				}
				b.clock.pass(-years)
				if !b.readyNow() {
					t.Error("not ready")
				}
				if named {
					b.lease()
				} else if b.leaseAny(time.Minute).Host == "" {
					t.Error("not leased")
				}
			})
		}
	}
}

// A host that rests for too long, with work that is due within the year, waits no
// longer for its rest to end.
func TestRestOfAWrongClock(t *testing.T) {
	b := newBench(t)
	const ahead = 30 * 24 * time.Hour
	b.clock.pass(ahead)
	b.must(b.ReleaseHost(b.ctx, b.lease(), b.clock.t.Add(time.Hour)))
	b.clock.pass(-ahead)
	if !b.readyNow() || b.leaseAny(time.Minute).Host == "" {
		t.Error("the host rests for a month")
	}
}

// At the edges: what is planned as far ahead as may be stays planned, what is
// planned further is cut to it.
func TestHorizonEdges(t *testing.T) {
	b := newBench(t)
	a := b.article("a")
	l := b.lease()
	b.must(b.updateFeedDue(l, b.clock.t.Add(MaxDue)))
	v := b.failing(l, a.ID)
	v.Due = b.clock.t.Add(2 * MaxDue)
	b.record(v)
	b.must(b.ReleaseHost(b.ctx, l, b.clock.t.Add(2*MaxRest)))
	if b.readyNow() {
		t.Error("what is planned MaxDue ahead is due")
	}
	if x := b.visiting(a.ID); !x.Due.Equal(b.clock.t.Add(MaxDue)) {
		t.Errorf("due %v, %v ahead", x.Due, x.Due.Sub(b.clock.t))
	}
	if _, ok, err := b.LeaseNamed(b.ctx, "courier.example.org", time.Minute); ok || err != nil {
		t.Errorf("leased while it rests: %v", err)
	}
	b.clock.pass(MaxRest - time.Microsecond)
	if _, ok, err := b.LeaseNamed(b.ctx, "courier.example.org", time.Minute); ok || err != nil {
		t.Errorf("leased a microsecond before the end of the rest: %v", err)
	}
	b.clock.pass(time.Microsecond)
	l, ok, err := b.LeaseNamed(b.ctx, "courier.example.org", MaxLease)
	if !ok || err != nil {
		t.Errorf("not leased at the end of the longest rest: %v", err)
	}
	b.clock.pass(MaxDue - MaxRest)
	b.must(b.RenewLease(b.ctx, &l, MaxLease))
	if b.leaseAny(time.Minute).Host != "" {
		t.Error("the longest lease is not believed")
	}
	if names := b.dueNames(l, 9); names != "a" {
		t.Errorf("due after MaxDue: %q", names)
	}
}

// A signal noted by a clock that was ahead does not make an article due for ever.
func TestSignalOfAWrongClock(t *testing.T) {
	b := newBench(t)
	a := b.article("a")
	b.clock.pass(years)
	l := b.lease()
	for _, updated := range []time.Time{b.clock.t, b.clock.t.Add(time.Minute)} {
		_, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: b.feed, Entries: []FoundEntry{{Address: address("https://courier.example.org/a"), Updated: updated}}})
		b.must(err)
	}
	b.must(b.ReleaseHost(b.ctx, l, time.Time{}))
	b.clock.pass(-years)
	l = b.lease()
	v := b.failing(l, a.ID)
	b.record(v)
	if x := b.visiting(a.ID); !x.Due.Equal(v.Due) {
		t.Errorf("due %v, want %v", x.Due, v.Due)
	}
}

// Two sources on one host: that one has many articles due, and that they were due
// before, does not make the other wait.
func TestSourcesOfOneHostAreServedInRounds(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	const many, batch = 3000, 20
	b := newBench(t)
	small, err := b.AddSource(b.ctx, b.src)
	b.must(err)
	small.Key = "small"
	small, err = b.AddSource(b.ctx, small)
	b.must(err)
	b.must(b.write(b.ctx, "crowd", func(tx *tx) error {
		for i := range many {
			if _, _, err := tx.addArticle(b.ctx, found{b.src.ID, address(fmt.Sprint("https://courier.example.org/", i)), "", "import", time.Time{}, b.clock.t.Add(-time.Hour)}); err != nil {
				return err
			}
		}
		return nil
	}))
	for _, name := range "xyz" {
		_, _, err := b.AddArticle(b.ctx, small.ID, address("https://courier.example.org/"+string(name)), "", "import", time.Time{}, b.clock.t.Add(time.Minute))
		b.must(err)
	}
	b.clock.pass(time.Minute)
	l := b.lease()
	b.must(b.updateFeedDue(l, b.clock.t.Add(time.Hour)))
	w, err := b.Due(b.ctx, l, batch)
	b.must(err)
	of := map[int64]int{}
	for i, a := range w.Articles {
		if of[a.SourceID]++; i < 6 && of[a.SourceID] != i/2+1 {
			t.Errorf("article %d is of source %d: not one of each in turn", i, a.SourceID)
		}
	}
	if of[small.ID] != 3 || of[b.src.ID] != batch-3 {
		t.Errorf("articles by source: %v", of)
	}
}

// More sources than a batch has room for: another begins each time, so that each
// gets its visit after as many leases as there are sources, at the latest.
func TestEachSourceBegins(t *testing.T) {
	const sources = 7
	b := newBench(t)
	for i := range sources {
		s := b.src
		s.Key = fmt.Sprint("s", i)
		s, err := b.AddSource(b.ctx, s)
		b.must(err)
		for k := range 3 {
			_, _, err := b.AddArticle(b.ctx, s.ID, address(fmt.Sprintf("https://one.example.org/%d/%d", i, k)), "", "import", time.Time{}, time.Time{})
			b.must(err)
		}
	}
	first, both := map[int64]int{}, map[int64]int{}
	for range sources {
		l, _, err := b.LeaseNamed(b.ctx, "one.example.org", time.Minute)
		b.must(err)
		w, err := b.Due(b.ctx, l, 2)
		b.must(err)
		if len(w.Articles) != 2 || w.Articles[0].SourceID == w.Articles[1].SourceID {
			t.Fatalf("due: %+v", w.Articles)
		}
		first[w.Articles[0].SourceID]++
		for _, a := range w.Articles {
			both[a.SourceID]++
		}
		b.must(b.ReleaseHost(b.ctx, l, time.Time{}))
	}
	if len(first) != sources || len(both) != sources {
		t.Errorf("began: %v; visited: %v", first, both)
	}
}
