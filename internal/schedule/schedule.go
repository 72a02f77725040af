// Package schedule decides when an article is visited again, and when a feed is
// polled again ([FeedPace]).
//
// A [Policy] is a pure function: what is known of an article and of the visit
// that has just ended go in, the time of the next visit comes out. It holds no
// clock and no state; the few numbers that it wants to remember between visits
// are in [History], which the store keeps with the article.
//
// The policies here are those that a reader of the older trackers would
// recognise, so that they can be compared on one history:
//
//   - newssniffer (the default): 30 minutes after a version, and 1.2 times
//     longer after each visit that found none, until the wait would reach 40
//     days: 42 visits, the last 220 days after the last change.
//   - newsdiffs: a table by the time since the last change: 15 min under 3 h,
//     1 h under a day, 3 h under a week, 3 days under a month, 30 days under
//     360 days, then never.
//   - every:D, for instance every:15m: at a fixed distance, for ever.
//
// Signals (a feed that says "updated", a reader's request) are not the
// policy's business: they move the due time of the article in the store.
package schedule

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// History is what is known of an article when a visit ends, before that visit
// is counted in.
type History struct {
	Found   time.Time     // when stet first knew of it
	Changed time.Time     // when its newest version was first seen; zero = no version yet
	Period  time.Duration // the wait that led to this visit; 0 = it was the first
}

// Visit is how the visit that has just ended went.
type Visit struct {
	At      time.Time
	Changed bool // it made a version, the first one included
}

// Plan is when to come back. A zero Due means never.
type Plan struct {
	Due    time.Time
	Period time.Duration // Due minus the time of the visit
}

// A Policy decides when to come back. Next must be deterministic.
type Policy interface {
	Name() string
	Next(h History, v Visit) Plan
}

// Named finds a policy by its name; see the package comment.
func Named(name string) (Policy, error) {
	if name == (NewsSniffer{}).Name() {
		return NewsSniffer{}, nil
	}
	if name == (NewsDiffs{}).Name() {
		return NewsDiffs{}, nil
	}
	if text, ok := strings.CutPrefix(name, "every:"); ok {
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 {
			return nil, fmt.Errorf("policy %q: want a positive duration after every:, such as every:15m", name)
		}
		return Every(d), nil
	}
	return nil, fmt.Errorf("policy %q: want newssniffer, newsdiffs or every:DURATION", name)
}

// Numbers of the News Sniffer policy.
const (
	SnifferFirst  = 30 * time.Minute    // wait after a version
	SnifferGrowth = 1.2                 // each visit without one lengthens the wait so
	SnifferEnd    = 40 * 24 * time.Hour // a wait this long is never begun
)

// NewsSniffer is the back-off of News Sniffer (app/models/news_article.rb),
// to the second.
type NewsSniffer struct{}

// Name is "newssniffer".
func (NewsSniffer) Name() string { return "newssniffer" }

// Next implements [Policy].
func (NewsSniffer) Next(h History, v Visit) Plan {
	wait := SnifferFirst
	if !v.Changed && h.Period > 0 {
		wait = time.Duration(math.Round(h.Period.Seconds()*SnifferGrowth)) * time.Second
	}
	if wait >= SnifferEnd {
		return Plan{}
	}
	return Plan{Due: v.At.Add(wait), Period: wait}
}

// NewsDiffs is the table of NewsDiffs (scraper.py, get_update_delay).
type NewsDiffs struct{}

// Name is "newsdiffs".
func (NewsDiffs) Name() string { return "newsdiffs" }

// Next implements [Policy].
func (NewsDiffs) Next(h History, v Visit) Plan {
	const day = 24 * time.Hour
	since := h.Found
	if h.Changed.After(since) {
		since = h.Changed
	}
	if v.Changed {
		since = v.At
	}
	table := []struct{ age, wait time.Duration }{
		{3 * time.Hour, 15 * time.Minute},
		{day, time.Hour},
		{7 * day, 3 * time.Hour},
		{30 * day, 3 * day},
		{360 * day, 30 * day},
	}
	for _, row := range table {
		if v.At.Sub(since) < row.age {
			return Plan{Due: v.At.Add(row.wait), Period: row.wait}
		}
	}
	return Plan{}
}

// Every visits at a fixed distance, for ever.
type Every time.Duration

// Name is "every:" and the duration.
func (e Every) Name() string { return "every:" + time.Duration(e).String() }

// Next implements [Policy].
func (e Every) Next(_ History, v Visit) Plan {
	return Plan{Due: v.At.Add(time.Duration(e)), Period: time.Duration(e)}
}
