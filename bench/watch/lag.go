package main

import (
	"context"
	"log/slog"
	"time"

	"stet/internal/store"
)

// How the store's own figure of the lag is checked.
const (
	lagEvery = time.Second            // between two samples
	lagTries = 5                      // readings of a sample, until nothing moved between their parts
	lagStill = 250 * time.Millisecond // nothing moved: two figures of the store, with the lists read between them, differ by no more than this and the time that passed; and neither took longer
)

// A lagCheck compares the lag as the store tells it, of all visits and of those
// of each source, with what the due times of feeds, articles and requests say,
// which are read through other queries.
type lagCheck struct {
	Samples int           `json:"samples"` // that were compared
	Moved   int           `json:"moved"`   // passed over: in every try visits ended, or the machine was too busy
	Largest time.Duration `json:"largest_ns"`
	Counts  int           `json:"counts"`     // largest difference of the numbers of what is due
	Longest time.Duration `json:"longest_ns"` // lag seen
}

// A waiting is how many visits are due, and how long the longest has waited.
type waiting struct {
	due     int
	longest time.Duration
}

// waits are those of each source, and with 0 those of all and of requests.
type waits map[int64]waiting

// checkLag samples until ctx ends.
func (w *world) checkLag(ctx context.Context) (lagCheck, error) {
	var c lagCheck
	tick := time.NewTicker(lagEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return c, nil
		case <-tick.C:
		}
		if err := w.sampleLag(ctx, &c); err != nil {
			if ctx.Err() != nil {
				return c, nil
			}
			return c, err
		}
	}
}

// sampleLag compares once.
func (w *world) sampleLag(ctx context.Context, c *lagCheck) error {
	// Three readings in a row are three moments. Only when the first and the last
	// say the same, but for the time between them, does the one in the middle
	// have to agree.
	for range lagTries {
		told, at, err := w.told(ctx)
		if err != nil {
			return err
		}
		slow := time.Since(at) > lagStill // then it is not clear for which moment the figure is
		counted, err := w.counted(ctx, at)
		if err != nil {
			return err
		}
		again, atAgain, err := w.told(ctx)
		if err != nil {
			return err
		}
		slow = slow || time.Since(atAgain) > lagStill
		if slow || !still(told, again, atAgain.Sub(at)) {
			continue
		}
		c.take(told, counted)
		return nil
	}
	c.Moved++
	return nil
}

// still reports whether nothing moved between two figures but the time.
func still(a, b waits, passed time.Duration) bool {
	for source, x := range b {
		old := a[source]
		if x.due != old.due || x.due > 0 && (x.longest-old.longest-passed).Abs() > lagStill {
			return false
		}
	}
	return len(a) == len(b)
}

// take compares a figure of the store with what the lists say.
func (c *lagCheck) take(told, counted waits) {
	c.Samples++
	c.Longest = max(c.Longest, told[0].longest)
	compare := func(a, b waiting) {
		c.Largest = max(c.Largest, (a.longest - b.longest).Abs())
		c.Counts = max(c.Counts, a.due-b.due, b.due-a.due)
	}
	for source, x := range told {
		compare(x, counted[source])
	}
	for source, x := range counted {
		compare(x, told[source])
	}
}

// told is what the store says of its lag, and when it was asked.
func (w *world) told(ctx context.Context) (told waits, at time.Time, err error) {
	at = time.Now()
	all, sources, err := w.store.Lag(ctx)
	told = waits{0: {all.Due(), all.Longest}}
	for source, l := range sources {
		told[source] = waiting{l.Due(), l.Longest}
	}
	return told, at, err
}

// counted is what is due at a time, from the lists that readers see.
func (w *world) counted(ctx context.Context, at time.Time) (waits, error) {
	counted := waits{0: {}}
	count := func(source int64, due time.Time) {
		if due.IsZero() || due.After(at) {
			return
		}
		x := counted[source]
		counted[source] = waiting{x.due + 1, max(x.longest, at.Sub(due))}
	}
	for page, more := (store.Page{Size: store.MaxPageSize}), true; more; {
		rows, ends, err := w.store.ArticleList(ctx, store.ArticleQuery{Page: page})
		if err != nil {
			return nil, err
		}
		for _, a := range rows {
			count(0, a.Due)
			count(a.SourceID, a.Due)
		}
		page.Before, more = ends.Older, ends.Older != 0
	}
	feeds, err := w.store.Feeds(ctx, 0)
	if err != nil {
		return nil, err
	}
	for _, f := range feeds {
		count(0, f.Due)
		count(f.SourceID, f.Due)
	}
	requests, err := w.store.Requests(ctx, requestsLimit)
	if err != nil {
		return nil, err
	}
	for _, r := range requests {
		count(0, r.Due)
	}
	return counted, nil
}

// requestsLimit is above the number of feeds of any press: two of each paper.
const requestsLimit = 1000

// quiet leaves out the warnings about the address guard, one for each paper.
func quiet(log *slog.Logger) *slog.Logger {
	if log.Enabled(context.Background(), slog.LevelInfo) {
		return log
	}
	return nil
}
