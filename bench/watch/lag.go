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

// A lagCheck compares the lag as the store tells it with what the due times of
// feeds, articles and requests say, which are read through other queries.
type lagCheck struct {
	Samples int           `json:"samples"` // that were compared
	Moved   int           `json:"moved"`   // passed over: in every try visits ended, or the machine was too busy
	Largest time.Duration `json:"largest_ns"`
	Counts  int           `json:"counts"`     // largest difference of the numbers of what is due
	Longest time.Duration `json:"longest_ns"` // lag seen
}

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
		n, lag, at, err := w.told(ctx)
		if err != nil {
			return err
		}
		slow := time.Since(at) > lagStill // then it is not clear for which moment the figure is
		ours, oldest, err := w.counted(ctx, at)
		if err != nil {
			return err
		}
		again, later, atLater, err := w.told(ctx)
		if err != nil {
			return err
		}
		if slow || time.Since(atLater) > lagStill || again != n || (later-lag-atLater.Sub(at)).Abs() > lagStill {
			continue
		}
		c.Samples++
		c.Longest = max(c.Longest, lag)
		c.Largest = max(c.Largest, (lag - oldest).Abs())
		c.Counts = max(c.Counts, max(n-ours, ours-n))
		return nil
	}
	c.Moved++
	return nil
}

// told is what the store says of its lag, and when it was asked.
func (w *world) told(ctx context.Context) (n int, lag time.Duration, at time.Time, err error) {
	at = time.Now()
	n, lag, err = w.store.Overdue(ctx)
	return n, lag, at, err
}

// counted is how many things are due at a time, and for how long the oldest of
// them has been, from the lists that readers see.
func (w *world) counted(ctx context.Context, at time.Time) (n int, oldest time.Duration, err error) {
	count := func(due time.Time) {
		if !due.IsZero() && !due.After(at) {
			n++
			oldest = max(oldest, at.Sub(due))
		}
	}
	for page := 1; ; page++ {
		rows, _, err := w.store.ArticleList(ctx, store.ArticleQuery{Page: store.Page{Number: page, Size: store.MaxPageSize}})
		if err != nil {
			return 0, 0, err
		}
		for _, a := range rows {
			count(a.Due)
		}
		if len(rows) < store.MaxPageSize {
			break
		}
	}
	feeds, err := w.store.Feeds(ctx, 0)
	if err != nil {
		return 0, 0, err
	}
	for _, f := range feeds {
		count(f.Due)
	}
	requests, err := w.store.Requests(ctx, requestsLimit)
	if err != nil {
		return 0, 0, err
	}
	for _, r := range requests {
		count(r.Due)
	}
	return n, oldest, nil
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
