package newsroom

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What a guest is held to.
const (
	// PaceTolerance is how much shorter than asked for a pause may be: timers of
	// two clocks. Pauses are measured from the moment that the answer was ready
	// to the arrival of the next request, so that whatever holds us up ourselves
	// makes a pause longer here than it was, never shorter.
	PaceTolerance = 10 * time.Millisecond
	// RobotsAge is for how long a guest that has a robots.txt does not ask again.
	RobotsAge = 24 * time.Hour
)

// A BreachKind says which of the manners was broken.
type BreachKind string

// The kinds of breach.
const (
	Together    BreachKind = "together"     // a request before the last one was answered
	TooSoon     BreachKind = "too-soon"     // less than the pace after the last answer
	DelayBroken BreachKind = "crawl-delay"  // the pace was kept, the Crawl-delay was not
	RetryBroken BreachKind = "retry-after"  // before the time that Retry-After gave
	RobotsFirst BreachKind = "robots-first" // something else was asked for before robots.txt was answered
	RobotsAgain BreachKind = "robots-again" // robots.txt was asked for, though a copy was young enough
	Disallowed  BreachKind = "disallowed"   // a path that robots.txt forbids
)

// A Breach is one request that broke the manners of a good guest.
type Breach struct {
	Host string     `json:"host"`
	Kind BreachKind `json:"kind"`
	At   time.Time  `json:"at"`
	Path string     `json:"path"`
	Why  string     `json:"why"`
}

// String is one line for people.
func (b Breach) String() string {
	return fmt.Sprintf("%s %s %s %s: %s", b.At.Format(time.TimeOnly), b.Host, b.Path, b.Kind, b.Why)
}

// HouseRules are those of a host, by its own robots.txt and ours.
type HouseRules struct {
	Pace     time.Duration // between the end of an answer and the next request
	Delay    time.Duration // Crawl-delay; binds from the answer to robots.txt on; 0 = none
	Disallow []string      // beginnings of paths that are forbidden
}

// Manners watches, at the server's side, how the one guest of a host behaves.
// It answers nothing itself. Every request can break several of them. It is
// safe for concurrent use.
type Manners struct {
	next  http.Handler
	rules HouseRules
	now   func() time.Time

	mu        sync.Mutex // protects what follows
	open      map[*answering]bool
	end       time.Time // when the last answer was ready; zero = none yet
	notBefore time.Time // by Retry-After
	robotsAt  time.Time // of the last good answer to robots.txt; zero = none
	breaches  []Breach
}

// WatchManners puts a watcher before a handler.
func WatchManners(next http.Handler, rules HouseRules, now func() time.Time) *Manners {
	return &Manners{next: next, rules: rules, now: now, open: map[*answering]bool{}}
}

// Breaches are those so far, in order.
func (m *Manners) Breaches() []Breach {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Breach(nil), m.breaches...)
}

// ServeHTTP implements [http.Handler].
func (m *Manners) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &answering{ResponseWriter: w, manners: m}
	m.arrive(x, r)
	defer m.leave(x, r)
	m.next.ServeHTTP(x, r)
}

// An answering notes when it was ready: before it is on its way, so that a
// guest cannot have it earlier than we say.
type answering struct {
	http.ResponseWriter
	manners *Manners
	status  int
	ready   time.Time // zero = not yet; protected by manners.mu
}

func (x *answering) WriteHeader(status int) {
	x.note(status)
	x.ResponseWriter.WriteHeader(status)
}

func (x *answering) Write(p []byte) (int, error) {
	x.note(http.StatusOK)
	return x.ResponseWriter.Write(p)
}

// note is told of every write; the last one counts.
func (x *answering) note(status int) {
	x.manners.mu.Lock()
	defer x.manners.mu.Unlock()
	if x.status == 0 {
		x.status = status
	}
	x.ready = x.manners.now()
	x.manners.end = x.ready
}

// arrive judges a request.
func (m *Manners) arrive(x *answering, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	say := func(k BreachKind, why string, args ...any) {
		m.breaches = append(m.breaches, Breach{Kind: k, At: now, Path: r.URL.Path, Why: fmt.Sprintf(why, args...)})
	}
	for other := range m.open {
		// An answer that was ready long ago is with its reader, though our own
		// side may not have been given time to end it.
		if other.ready.IsZero() || now.Sub(other.ready) < m.rules.Pace {
			say(Together, "another request was not yet answered")
		}
	}
	m.open[x] = true
	if pause := now.Sub(m.end); !m.end.IsZero() && pause < m.rules.Pace-PaceTolerance {
		say(TooSoon, "%v after the last answer, not %v", pause.Round(time.Millisecond), m.rules.Pace)
	} else if !m.end.IsZero() && !m.robotsAt.IsZero() && pause < m.rules.Delay-PaceTolerance {
		say(DelayBroken, "%v after the last answer, not %v", pause.Round(time.Millisecond), m.rules.Delay)
	}
	if early := m.notBefore.Sub(now); early > PaceTolerance {
		say(RetryBroken, "%v too early", early.Round(time.Millisecond))
	}
	m.judgePath(r.URL.Path, now, say)
}

// judgePath holds a path to robots.txt.
func (m *Manners) judgePath(path string, now time.Time, say func(BreachKind, string, ...any)) {
	if path == pathRobots {
		if age := now.Sub(m.robotsAt); !m.robotsAt.IsZero() && age < RobotsAge-PaceTolerance {
			say(RobotsAgain, "after %v", age.Round(time.Second))
		}
		return
	}
	if m.robotsAt.IsZero() {
		say(RobotsFirst, "robots.txt has not been answered")
	}
	for _, d := range m.rules.Disallow {
		if strings.HasPrefix(path, d) {
			say(Disallowed, "%s is not for guests", d)
		}
	}
}

// leave takes down what the answer asked of the guest.
func (m *Manners) leave(x *answering, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.open, x)
	if x.ready.IsZero() { // an empty answer, which the server sends now
		x.status = http.StatusOK
		m.end = m.now()
	}
	if r.URL.Path == pathRobots && x.status == http.StatusOK {
		m.robotsAt = m.end
	}
	wait, err := strconv.Atoi(x.Header().Get("Retry-After"))
	if err == nil && (x.status == http.StatusServiceUnavailable || x.status == http.StatusTooManyRequests) {
		m.notBefore = m.end.Add(time.Duration(wait) * time.Second)
	}
}
