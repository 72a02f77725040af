package store

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stet/internal/news"
)

// TestLeasesExclude: many workers, few hosts; no host is ever held twice.
func TestLeasesExclude(t *testing.T) {
	const hosts, workers, rounds = 5, 8, 25
	s := openStore(t, Options{Dir: t.TempDir()})
	ctx := t.Context()
	src, err := s.AddSource(ctx, news.Source{Key: "courier"})
	if err != nil {
		t.Fatal(err)
	}
	for i := range hosts {
		if _, _, err := s.AddFeed(ctx, news.Feed{SourceID: src.ID, URL: fmt.Sprintf("https://h%d.example.org/", i), Period: time.Hour}); err != nil {
			t.Fatal(err)
		}
	}
	var held [hosts + 1]atomic.Int32
	var leased atomic.Int32
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range rounds {
				l, ok, err := s.LeaseHost(ctx, time.Minute)
				if err != nil {
					t.Error(err)
					return
				}
				if !ok {
					continue
				}
				leased.Add(1)
				if held[l.HostID].Add(1) != 1 {
					t.Errorf("host %d is held twice", l.HostID)
				}
				if _, err := s.Due(ctx, l, 3); err != nil {
					t.Error(err)
				}
				held[l.HostID].Add(-1)
				if err := s.ReleaseHost(ctx, l, time.Time{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if leased.Load() == 0 {
		t.Error("nothing was leased")
	}
}

// TestNoForks: writers that saw the same article race for its next version; one
// wins each number, the others are told, decide again, and nothing is lost.
func TestNoForks(t *testing.T) {
	const writers, each = 6, 8
	b := newBench(t)
	a := b.article("a")
	l := b.lease()
	var conflicts atomic.Int32
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				for {
					x, err := b.Visiting(b.ctx, a.ID)
					if err == nil {
						_, err = b.RecordVisit(b.ctx, b.visit(l, a.ID, news.OK).withVersion(x.Versions, content("A", fmt.Sprint(w, " ", i))))
					}
					if err == nil {
						break
					}
					if !errors.Is(err, ErrConflict) {
						t.Error(err)
						return
					}
					conflicts.Add(1)
				}
			}
		})
	}
	wg.Wait()
	vs, err := b.ArticleVersions(b.ctx, a.ID)
	b.must(err)
	if len(vs) != writers*each {
		t.Errorf("%d versions, want %d", len(vs), writers*each)
	}
	if conflicts.Load() == 0 {
		t.Error("no conflict: the test did not race")
	}
	b.verify()
}

// TestReadersSeeOneMoment: a reader never sees half of a visit.
func TestReadersSeeOneMoment(t *testing.T) {
	b := newBench(t)
	a := b.article("a")
	l := b.lease()
	var wg sync.WaitGroup
	stop := make(chan bool)
	for range readers {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				x, err := b.Visiting(b.ctx, a.ID)
				if err != nil {
					t.Error(err)
					return
				}
				if x.Versions > 0 && (x.Current == nil || x.Current.Number != x.Versions-1 || x.Headline != x.Current.Content.Headline) {
					t.Errorf("half a visit: %+v", x)
					return
				}
			}
		})
	}
	for i := range 30 {
		b.record(b.visit(l, a.ID, news.OK).withVersion(i, content(fmt.Sprint("Headline ", i), "x")))
	}
	close(stop)
	wg.Wait()
}
