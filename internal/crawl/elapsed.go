package crawl

import (
	"sync"
	"time"
)

// elapsedBy makes a clock that only goes forward from one that may be set: it
// stands still while the other goes back. On [time.Now] it is not touched by
// settings at all, since differences of its times come from a clock that
// nobody sets.
func elapsedBy(now func() time.Time) func() time.Duration {
	var mu sync.Mutex // protects last and sum
	last, sum := now(), time.Duration(0)
	return func() time.Duration {
		mu.Lock()
		defer mu.Unlock()
		at := now()
		if d := at.Sub(last); d > 0 {
			sum += min(d, maxStep)
		}
		last = at
		return sum
	}
}

// maxStep is how far one step forward counts, so that no sum of them overflows
// within the life of a process: longer than anything that is waited for.
const maxStep = 7 * 24 * time.Hour

// A stamp is a moment by both clocks.
type stamp struct {
	wall    time.Time // without its monotonic reading; zero = never
	elapsed time.Duration
}

func (c *Client) stamp() stamp { return stamp{c.now().Round(0), c.elapsed()} }

// since is how long ago an earlier moment was, by the clock that says more: the
// one on the wall may have been set back, the other has stood still while the
// machine slept.
func (s stamp) since(earlier stamp) time.Duration {
	return max(s.wall.Sub(earlier.wall), s.elapsed-earlier.elapsed)
}

// within reports whether less than the limit has gone by since a moment; never
// when there was none.
func (s stamp) within(earlier stamp, limit time.Duration) bool {
	return !earlier.wall.IsZero() && s.since(earlier) < limit
}
