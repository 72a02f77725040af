package schedule

import (
	"fmt"
	"math"
	"time"
)

// The policies of older trackers, each as its code has it. Their field Scale
// multiplies all waits, for comparisons at equal numbers of visits; 0 is 1, the
// tracker's own.

// scale gives the factor that a Scale field means.
func scale(s float64) float64 {
	if s == 0 {
		return 1
	}
	return s
}

// after plans a visit that long after this one.
func (v Visit) after(hours float64) Plan {
	d := span(hours)
	return Plan{Due: v.At.Add(d), Period: d}
}

// span is a number of hours as a duration, whole seconds, at least one.
func span(hours float64) time.Duration {
	const most = float64(math.MaxInt64) / float64(time.Hour) / 2
	return max(time.Duration(min(hours, most)*float64(time.Hour)).Round(time.Second), time.Second)
}

// longer is a wait that many times as long, in whole seconds as the trackers round
// it, but at least a second longer: of the shortest waits of a small Scale
// rounding would leave nothing to grow.
func longer(wait time.Duration, by float64) time.Duration {
	return max(span(wait.Hours()*by), wait+time.Second)
}

// since is the time from when the text last changed to the visit, in hours.
func (h History) since(v Visit) float64 {
	last := h.Found
	if h.Changed.After(last) {
		last = h.Changed
	}
	if v.Changed {
		last = v.At
	}
	return v.At.Sub(last).Hours()
}

// Numbers of the News Sniffer policy.
const (
	SnifferFirst  = 30 * time.Minute    // wait after a version
	SnifferGrowth = 1.2                 // each visit without one lengthens the wait so
	SnifferEnd    = 40 * 24 * time.Hour // a wait this long is never begun
)

// NewsSniffer is the back-off of News Sniffer (app/models/news_article.rb), to
// the second: 30 minutes after a version, and 1.2 times longer after each visit
// that found none, until the wait would reach 40 days: 42 visits, the last 220
// days after the last change.
type NewsSniffer struct{ Scale float64 }

// Name is "newssniffer".
func (NewsSniffer) Name() string { return "newssniffer" }

// Tune implements [Tunable].
func (NewsSniffer) Tune(k float64) Policy { return NewsSniffer{k} }

// Next implements [Policy].
func (p NewsSniffer) Next(h History, v Visit) Plan {
	k := scale(p.Scale)
	wait := span(SnifferFirst.Hours() * k)
	if !v.Changed && h.Period > 0 {
		wait = longer(h.Period, SnifferGrowth)
	}
	if wait.Seconds() >= SnifferEnd.Seconds()*max(k, 1) {
		return Plan{}
	}
	return v.after(wait.Hours())
}

// NewsDiffs is the table of NewsDiffs (scraper.py, get_update_delay), by the time
// since the last change: 15 min under 3 h, 1 h under a day, 3 h under a week, 3
// days under a month, 30 days under 360 days, then never. The time is that of the
// coming visit, not of the last: it asks at each run whether an article is due.
type NewsDiffs struct{ Scale float64 }

// Name is "newsdiffs".
func (NewsDiffs) Name() string { return "newsdiffs" }

// Tune implements [Tunable].
func (NewsDiffs) Tune(k float64) Policy { return NewsDiffs{k} }

// Next implements [Policy].
func (p NewsDiffs) Next(h History, v Visit) Plan {
	since := h.since(v)
	for _, row := range [...]struct{ under, wait float64 }{{3, .25}, {24, 1}, {7 * 24, 3}, {30 * 24, 72}, {360 * 24, 720}} {
		if wait := row.wait * scale(p.Scale); since+wait < row.under {
			return v.after(wait)
		}
	}
	return Plan{}
}

// Diffengine is the rule of diffengine (diffengine/__init__.py): every half hour
// it visits what was not visited for a fifth of the time since it was found; as
// meant, or as shipped, where whole days are dropped from both times, so that the
// ratio begins anew each day (and a text of no age is due, whenever it was
// visited).
type Diffengine struct {
	Shipped bool
	Scale   float64 // of the ratio
}

// Numbers of diffengine.
const (
	diffengineRatio = .2
	diffengineRun   = 30 * time.Minute // between two runs, as its README says
)

// Name is "diffengine", or "diffengine-shipped".
func (p Diffengine) Name() string {
	if p.Shipped {
		return "diffengine-shipped"
	}
	return "diffengine"
}

// Tune implements [Tunable].
func (p Diffengine) Tune(k float64) Policy { return Diffengine{p.Shipped, k} }

// Next implements [Policy]. A ratio of 1 and more is never reached: its waits
// then grow with the age instead.
func (p Diffengine) Next(h History, v Visit) Plan {
	k := scale(p.Scale)
	if !p.Shipped {
		// (now - checked)/(now - found) = .2 after a quarter of the age.
		runs := math.Ceil(v.At.Sub(h.Found).Hours() / 4 * k / diffengineRun.Hours())
		return v.after(max(runs, 1) * diffengineRun.Hours())
	}
	const day = 24 * time.Hour
	run := span(diffengineRun.Hours() * k)
	// Not before a quarter of the age that it sees, or a day of the age has passed.
	age := v.At.Sub(h.Found) % day
	first := max(min(age/4, day-age)/run, 1)
	for at := v.At.Add(first * run); ; at = at.Add(run) {
		checked, found := at.Sub(v.At)%day, at.Sub(h.Found)%day
		if found < time.Second || checked.Seconds()/found.Seconds() >= diffengineRatio || at.Sub(v.At) > 30*day {
			return v.after(at.Sub(v.At).Hours())
		}
	}
}

// Newsdiff is the rule of rmdes/newsdiff (feed-poller.ts): each poll of the feed,
// every five minutes, visits every item that the feed lists; nothing after.
type Newsdiff struct{ Scale float64 }

// Name is "newsdiff".
func (Newsdiff) Name() string { return "newsdiff" }

// Tune implements [Tunable].
func (Newsdiff) Tune(k float64) Policy { return Newsdiff{k} }

// Next implements [Policy].
func (p Newsdiff) Next(h History, v Visit) Plan {
	plan := v.after(scale(p.Scale) / 12)
	if !h.Listed.IsZero() && plan.Due.After(h.Listed) {
		return Plan{}
	}
	return plan
}

// Backoff waits half an hour after a change and Factor times longer after each
// visit without one; for ever.
type Backoff struct {
	Factor float64 // above 1
	Scale  float64
}

// Name is "backoff:" and the factor.
func (p Backoff) Name() string { return fmt.Sprintf("backoff:%g", p.Factor) }

// Tune implements [Tunable].
func (p Backoff) Tune(k float64) Policy { return Backoff{p.Factor, k} }

// Next implements [Policy].
func (p Backoff) Next(h History, v Visit) Plan {
	if v.Changed || h.Period == 0 {
		return v.after(scale(p.Scale) / 2)
	}
	return v.after(longer(h.Period, p.Factor).Hours())
}

// Every visits at a fixed distance, for ever.
type Every time.Duration

// Name is "every:" and the duration.
func (e Every) Name() string { return "every:" + time.Duration(e).String() }

// Tune implements [Tunable].
func (e Every) Tune(k float64) Policy { return Every(span(time.Duration(e).Hours() * k)) }

// Next implements [Policy].
func (e Every) Next(_ History, v Visit) Plan {
	return Plan{Due: v.At.Add(time.Duration(e)), Period: time.Duration(e)}
}
