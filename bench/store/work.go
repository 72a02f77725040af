package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"stet/internal/news"
	"stet/internal/store"
)

// claimed is how many articles a worker takes from a host, as package track does.
const claimed = 20

// leaseTime is for how long hosts are leased.
const leaseTime = time.Minute

// claims hands articles to workers, ready to visit: a host is leased, what is
// due there is read, the host is given back. Nothing is visited.
func (b *bench) claims(ctx context.Context) error {
	for _, workers := range []int{1, 4, 16} {
		if err := b.claim(ctx, workers); err != nil {
			return err
		}
	}
	return nil
}

// claim lets so many workers share the turns. They write to slots of their own,
// so that nothing but the store is waited for.
func (b *bench) claim(ctx context.Context, workers int) error {
	each := max(b.o.turns/workers, 1)
	articles := make([]int, workers)
	times := make([][]time.Duration, workers)
	g, gctx := errgroup.WithContext(ctx)
	e := begin()
	for w := range workers {
		g.Go(func() (err error) {
			times[w], err = repeat(each, func(int) error {
				n, err := b.claimOnce(gctx)
				articles[w] += n
				return err
			})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	spent, sum := e.end(), 0
	for _, n := range articles {
		sum += n
	}
	what := fmt.Sprintf("%d workers: ", workers)
	b.add(what+"articles claimed", float64(sum)/spent.wall.Seconds(), "/s")
	b.add(what+"articles claimed", float64(sum)/max(spent.cpu.Seconds(), leastTime), "/CPU-s")
	b.addTimes(what+"a host, leased, read, given back", slices.Concat(times...))
	return nil
}

// claimOnce leases one host and gives it back; n is how many articles were due.
func (b *bench) claimOnce(ctx context.Context) (n int, err error) {
	// None is ready when others hold all that are due: an empty turn, and counted.
	l, ok, err := b.store.LeaseHost(ctx, leaseTime)
	if err != nil || !ok {
		return 0, err
	}
	w, err := b.store.Due(ctx, l, claimed)
	return len(w.Articles), errors.Join(err, b.store.ReleaseHost(ctx, l, time.Time{}))
}

// backup copies the store beside itself, verified as every backup is.
func (b *bench) backup(ctx context.Context) error {
	// On the same disk: that is what is to be read and written.
	dir, err := os.MkdirTemp(filepath.Dir(b.dir), "stet-backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	e := begin()
	if err := b.store.Backup(ctx, dir); err != nil {
		return err
	}
	spent := e.end()
	size, err := folderSize(dir)
	b.add("copied and verified", spent.wall.Seconds(), "s")
	b.add("copied and verified", spent.cpu.Seconds(), "CPU-s")
	b.add("size of the copy", float64(size)/1e6, "MB")
	return err
}

// visit records visits to articles: one half finds a new version, the other the
// text as it was.
func (b *bench) visit(ctx context.Context) error {
	r := b.draw()
	for _, kind := range []struct {
		name   string
		change bool
	}{{"a visit that finds a version", true}, {"a visit that finds nothing new", false}} {
		var times []time.Duration
		var spent effort
		for range max(b.o.turns/8, 1) { // each waits for the disk: fewer turns will do
			e, err := b.visitOnce(ctx, 1+r.Int64N(int64(b.report.Articles)), kind.change, r)
			if err != nil {
				return err
			}
			times = append(times, e.wall)
			spent.add(e)
		}
		b.addTimes(kind.name, times)
		b.add(kind.name, float64(len(times))/spent.wall.Seconds(), "/s")
		b.add(kind.name, float64(len(times))/max(spent.cpu.Seconds(), leastTime), "/CPU-s")
	}
	return nil
}

// visitOnce records one visit under a lease of its host, and times the record.
func (b *bench) visitOnce(ctx context.Context, id int64, change bool, r *rand.Rand) (spent effort, err error) {
	a, err := b.store.Visiting(ctx, id)
	if err != nil {
		return spent, err
	}
	u, err := url.Parse(a.URL)
	if err != nil {
		return spent, err
	}
	l, ok, err := b.store.LeaseNamed(ctx, u.Host, leaseTime)
	if err != nil || !ok {
		return spent, errors.Join(err, fmt.Errorf("host %s: leased: %v", u.Host, ok))
	}
	v := visitTo(a, l, change, r)
	e := begin() // the lease is the price of a batch, not of a visit
	_, err = b.store.RecordVisit(ctx, v)
	spent = e.end()
	return spent, errors.Join(err, b.store.ReleaseHost(ctx, l, time.Time{}))
}

// visitTo is a visit that shows the text that is known, or that with another
// last paragraph.
func visitTo(a store.Visiting, l store.Lease, change bool, r *rand.Rand) store.Visit {
	now := time.Now().UTC()
	v := store.Visit{
		Lease: l, ArticleID: a.ID, Due: now.Add(time.Hour), Period: time.Hour, Sighting: !change,
		Capture: news.Capture{URL: a.URL, FinalURL: a.URL, At: now, Outcome: news.OK, Status: 200, Extractor: "bench/1"},
		Pulse:   &news.Pulse{Visits: 1, Seen: 1},
	}
	if change {
		c := a.Current.Content
		c.Blocks = append(slices.Clone(c.Blocks), news.Block{Kind: news.Paragraph, Text: fmt.Sprintf("It was the %dth visit, said a spokesman.", r.Uint64())})
		v.Version = &news.Version{Number: a.Versions, Content: c, Extractor: "bench/1"}
		v.Changes = []news.Change{{Type: news.VersionAppeared, After: a.LastVisit, Before: now, WordsAdded: 7}}
	}
	return v
}
