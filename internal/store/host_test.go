package store

import (
	"testing"
	"time"

	"stet/internal/news"
)

// feedOn adds a feed on another host, due now.
func (b *bench) feedOn(host string) news.Feed {
	b.t.Helper()
	f, _, err := b.AddFeed(b.ctx, news.Feed{SourceID: b.src.ID, URL: "https://" + host + "/rss", Period: time.Hour})
	b.must(err)
	return f
}

// leaseAny takes the next host, "" when none is ready.
func (b *bench) leaseAny(d time.Duration) Lease {
	b.t.Helper()
	l, ok, err := b.LeaseHost(b.ctx, d)
	b.must(err)
	if ok != (l.Host != "") {
		b.t.Fatalf("LeaseHost = %+v, %v", l, ok)
	}
	return l
}

func testLeaseOrder(t *testing.T, b *bench) {
	b.clock.pass(time.Minute)
	b.feedOn("second.example.org")
	b.clock.pass(time.Minute)
	b.feedOn("third.example.org:8443")
	for _, want := range []string{"courier.example.org", "second.example.org", "third.example.org:8443", ""} {
		if l := b.leaseAny(time.Minute); l.Host != want {
			t.Errorf("leased %q, want %q", l.Host, want)
		} else if want != "" && (!l.Until.Equal(b.clock.t.Add(time.Minute)) || l.Token == "") {
			t.Errorf("lease %+v", l)
		}
	}
}

func testLeaseExpiry(t *testing.T, b *bench) {
	first := b.leaseAny(time.Minute)
	b.clock.pass(time.Minute - time.Microsecond)
	if l := b.leaseAny(time.Minute); l.Host != "" {
		t.Errorf("leased %q a microsecond early", l.Host)
	}
	b.must(b.RenewLease(b.ctx, &first, time.Minute))
	if !first.Until.Equal(b.clock.t.Add(time.Minute)) {
		t.Errorf("renewed until %v", first.Until)
	}
	b.clock.pass(time.Minute - time.Microsecond)
	if l := b.leaseAny(time.Minute); l.Host != "" {
		t.Error("a renewed lease was taken")
	}
	b.clock.pass(time.Microsecond)
	// It ran out, but nobody took it: it is still ours.
	b.must(b.RenewLease(b.ctx, &first, time.Minute))
	b.clock.pass(time.Minute)
	second := b.leaseAny(time.Minute)
	if second.HostID != first.HostID || second.Token == first.Token {
		t.Errorf("second lease %+v after %+v", second, first)
	}
	wantErr(t, "renew what is lost", b.RenewLease(b.ctx, &first, time.Minute), ErrLeaseLost)
	wantErr(t, "release what is lost", b.ReleaseHost(b.ctx, first, time.Time{}), ErrLeaseLost)
	b.must(b.ReleaseHost(b.ctx, second, time.Time{}))
	wantErr(t, "release twice", b.ReleaseHost(b.ctx, second, time.Time{}), ErrLeaseLost)
}

func testLeaseFence(t *testing.T, b *bench) {
	a := b.article("a")
	late := b.lease()
	b.clock.pass(MaxLease)
	l := b.lease()
	_, err := b.Due(b.ctx, late, 1)
	wantErr(t, "due", err, ErrLeaseLost)
	_, err = b.RecordFeedVisit(b.ctx, late, FeedVisit{Feed: b.feed})
	wantErr(t, "feed visit", err, ErrLeaseLost)
	_, err = b.RecordVisit(b.ctx, b.visit(late, a.ID, news.OK).withVersion(0, content("Late", "x")))
	wantErr(t, "visit", err, ErrLeaseLost)
	b.record(b.visit(l, a.ID, news.OK).withVersion(0, content("In time", "x")))
}

func testPace(t *testing.T, b *bench) {
	l := b.lease()
	until := b.clock.t.Add(10 * time.Second)
	b.must(b.ReleaseHost(b.ctx, l, until))
	if _, ok, err := b.LeaseNamed(b.ctx, "courier.example.org", time.Minute); ok || err != nil {
		t.Errorf("leased by name before the pace allows: %v", err)
	}
	// Work that comes in meanwhile waits too.
	_, err := b.AddRequest(b.ctx, "https://courier.example.org/x", "courier.example.org", "")
	b.must(err)
	at, ok, err := b.NextReady(b.ctx)
	b.must(err)
	if !ok || !at.Equal(until) {
		t.Errorf("ready at %v, want %v", at, until)
	}
	b.clock.pass(10*time.Second - time.Microsecond)
	if l := b.leaseAny(time.Minute); l.Host != "" {
		t.Error("leased a microsecond before Retry-After")
	}
	b.clock.pass(time.Microsecond)
	if l := b.leaseAny(time.Minute); l.Host == "" {
		t.Error("not leased at Retry-After")
	}
}

func testLeaseLimits(t *testing.T, b *bench) {
	for _, d := range []time.Duration{0, -1, MaxLease + 1} {
		if _, ok, err := b.LeaseHost(b.ctx, d); ok || err == nil {
			t.Errorf("leased for %v", d)
		}
		if _, ok, err := b.LeaseNamed(b.ctx, "courier.example.org", d); ok || err == nil {
			t.Errorf("leased by name for %v", d)
		}
	}
	l := b.leaseAny(MaxLease)
	if err := b.RenewLease(b.ctx, &l, MaxLease+1); err == nil {
		t.Error("renewed beyond MaxLease")
	}
	if _, ok, err := b.LeaseNamed(b.ctx, "courier.example.org", time.Minute); ok || err != nil {
		t.Errorf("leased twice: %v", err)
	}
	if _, _, err := b.LeaseNamed(b.ctx, "", time.Minute); err == nil {
		t.Error("leased the host without a name")
	}
}

func testDue(t *testing.T, b *bench) {
	late := b.clock.t.Add(-time.Hour)
	for i, due := range []time.Time{late.Add(2 * time.Minute), late, b.clock.t.Add(time.Microsecond)} {
		_, _, err := b.AddArticle(b.ctx, b.src.ID, address("https://courier.example.org/"+string(rune('a'+i))), "", "import", time.Time{}, due)
		b.must(err)
	}
	_, err := b.AddRequest(b.ctx, "https://courier.example.org/q", "courier.example.org", "")
	b.must(err)
	l := b.lease()
	tests := []struct {
		limit, requests, feeds int
		articles               string
	}{{0, 0, 0, ""}, {-1, 0, 0, ""}, {1, 1, 0, ""}, {2, 1, 1, ""}, {3, 1, 1, "b"}, {4, 1, 1, "ba"}, {9, 1, 1, "ba"}}
	for _, tt := range tests {
		w, err := b.Due(b.ctx, l, tt.limit)
		b.must(err)
		names := ""
		for _, a := range w.Articles {
			names += a.URL[len(a.URL)-1:]
		}
		if len(w.Requests) != tt.requests || len(w.Feeds) != tt.feeds || names != tt.articles {
			t.Errorf("limit %d: %d requests, %d feeds, articles %q; want %d, %d, %q", tt.limit, len(w.Requests), len(w.Feeds), names, tt.requests, tt.feeds, tt.articles)
		}
	}
}

// Who opens the store to crawl finds no host leased: whoever held one is dead.
// Who opens it beside the crawler leaves the leases alone.
func TestExclusiveOpenFreesHosts(t *testing.T) {
	dir, now := t.TempDir(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	open := func(exclusive bool) *Store {
		t.Helper()
		s, err := Open(t.Context(), Options{Dir: dir, Exclusive: exclusive, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	lease := func(s *Store) bool {
		t.Helper()
		_, ok, err := s.LeaseHost(t.Context(), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	first := open(true)
	if _, err := first.AddRequest(t.Context(), "https://example.org/a", "example.org", ""); err != nil {
		t.Fatal(err)
	}
	if !lease(first) {
		t.Fatal("nothing to lease")
	}
	beside := open(false)
	if lease(beside) {
		t.Error("a reader's opening freed the host")
	}
	beside.Close()
	first.Close() // as a crash would leave it: the lease is not released
	again := open(true)
	defer again.Close()
	if !lease(again) {
		t.Error("after a restart the host waits for a dead process's lease")
	}
}
