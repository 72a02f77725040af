package crawl

import (
	"fmt"
	"net/http"
	"time"
)

// Numbers of the circuit breaker; see the package comment.
const (
	BreakAfter = 5           // failures in a row that open it
	BreakFirst = time.Minute // for how long at first; doubled with each failure after that
	BreakMost  = time.Hour
)

// A host is what is known of one host of a gate: its wish to be left alone,
// and whether it is down.
type host struct {
	quiet   time.Duration // before then it wishes not to be asked
	strikes int           // answers in a row that were 429 or 503

	failures int       // in a row
	since    time.Time // the first of them
	url      string    // what the last of them asked for
	several  bool      // they speak for the host, not for one of its pages
	rest     time.Duration
	open     time.Duration // before then a host that is down is not asked; rest later than it was last tried
	reason   string        // of the last failure
}

// stop says why the host is not asked now, if so.
func (h *host) stop(now time.Duration, wall time.Time) stop {
	s := stop{down: h.down()}
	until := h.until()
	if until <= now {
		return s
	}
	s.until = wall.Add(until - now)
	text := s.until.UTC().Format(time.RFC3339)
	if h.open > now {
		s.failure = FailDown
		s.reason = fmt.Sprintf("not asked before %s: the last %d requests to the host failed: %s", text, h.failures, h.reason)
	} else {
		s.failure = FailRate
		s.reason = "the host wishes to be left alone until " + text
	}
	return s
}

// until is when the host may be asked again.
func (h *host) until() time.Duration { return max(h.quiet, h.open) }

// down is since when the host is down; zero = it is not.
func (h *host) down() time.Time {
	if h.rest == 0 {
		return time.Time{}
	}
	return h.since
}

// learn takes in an answer.
func (h *host) learn(a answer, now time.Duration, wall time.Time) {
	busy := a.status == 429 || a.status == 503
	switch {
	case busy:
		if d := retryDelay(a.retryAfter, a.dated(wall), h.strikes); d > 0 {
			h.quiet = now + d
		}
		h.strikes++
	case a.status != 0:
		h.strikes = 0
	}
	switch a.speaks() {
	case well:
		h.failures, h.several, h.rest, h.open = 0, false, 0, 0
	case ill:
		h.fail(a, now, wall)
	}
}

// What an answer says of the host.
type sign int

const (
	nothing sign = iota
	well         // it works
	ill          // it may be down
)

// speaks tells what the answer says of the host. A 503 that says when to come
// back is the word of a host that works and is closed: neither.
func (a answer) speaks() sign {
	switch {
	case a.failure == FailDNS || a.failure == FailNoName || a.failure == FailConnect || a.failure == FailTLS || a.failure == FailTimeout:
		return ill
	case a.status == 503 && readableRetry(a.retryAfter):
		return nothing
	case a.status >= 500:
		return ill
	case a.status >= 200:
		return well
	}
	return nothing
}

// fail counts a failure and opens the breaker when there were enough. Without
// a connection a failure speaks for the host; behind one it may be the page's
// own, and only those of two addresses in a row are the host's.
func (h *host) fail(a answer, now time.Duration, wall time.Time) {
	if h.failures == 0 {
		h.since = wall
	} else if a.url != h.url {
		h.several = true
	}
	h.failures++
	h.several = h.several || !a.connected
	h.url, h.reason = a.url, a.words()
	if h.failures < BreakAfter || !h.several {
		return
	}
	h.rest = min(max(BreakFirst, 2*h.rest), BreakMost)
	h.open = now + h.rest
}

// dated is when the answer was given by the host's own clock, if it says so: a
// Retry-After that is a date is by that clock, and ours may be set wrong.
func (a answer) dated(wall time.Time) time.Time {
	if at, err := http.ParseTime(a.date); err == nil {
		return at
	}
	return wall
}

func (a answer) words() string {
	if a.failure != "" {
		return clip(string(a.failure)+": "+a.reason, 200)
	}
	return fmt.Sprintf("HTTP %d", a.status)
}
