package crawl

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"time"
)

// How long a robots.txt counts, by the clock of the client.
const (
	RobotsTTL   = 24 * time.Hour  // RFC 9309 §2.4; a copy is used for a little less
	RobotsGrace = 24 * time.Hour  // beyond RobotsTTL, while no newer one can be had; less the margin, too
	RobotsRetry = 5 * time.Minute // before one that could not be had is asked for again
	// RobotsMargin is kept from the ends of both, since a request may wait
	// for its turn after its verdict.
	RobotsMargin = 30 * time.Minute
	// RobotsSpread is by how much more copies may be asked for early, each
	// origin's by a time of its own: those that were fetched together, after a
	// start, must not come due together each day.
	RobotsSpread = 2 * time.Hour
)

// robotsCache keeps a robots.txt per origin (scheme, host and port).
type robotsCache struct {
	mu      sync.Mutex // protects origins and origin.users
	origins map[string]*origin
	most    int // origins; MaxHosts
}

// An origin is what is known of one robots.txt. Whoever holds the slot owns
// the fields below it.
type origin struct {
	users   int
	fresh   time.Duration // how long a copy serves: RobotsTTL less margin and spread
	slot    chan struct{} // capacity 1: one asks, the others wait for the answer
	copy    *Robots       // the last good one; nil = none
	copyAt  stamp
	triedAt stamp    // of the last try, when it did not give a copy
	failed  standing // what that try gave; failure empty = the last try was good
}

// A standing is where we stand with an origin: its rules, or why there are
// none.
type standing struct {
	robots    *Robots // nil = everything is forbidden
	note      string  // a remark for the verdict
	failure   Failure // what a verdict of "no" is called
	reason    string
	notBefore time.Time
	down      time.Time // see Fetch.Down
}

func newRobotsCache() *robotsCache {
	return &robotsCache{origins: map[string]*origin{}, most: MaxHosts}
}

func (s standing) verdict(u *url.URL) Verdict {
	if s.robots == nil {
		return Verdict{Why: s.reason}
	}
	v := s.robots.AllowedURL(ProductToken, target(u))
	v.Why += s.note
	return v
}

// Robots gives the verdict on an address, asking for robots.txt when no copy
// is kept. An address that is no address is not allowed. The error is that of
// ctx or the clock.
func (c *Client) Robots(ctx context.Context, rawURL string) (Verdict, error) {
	u, err := parseURL(rawURL)
	if err != nil {
		return Verdict{Why: printable(err.Error())}, nil
	}
	s, err := c.standingOf(ctx, u)
	if err != nil {
		return Verdict{}, fmt.Errorf("robots.txt of %s: %w", u.Host, err)
	}
	return s.verdict(u), nil
}

// Sitemaps lists the addresses that robots.txt of the address's origin names
// as sitemaps, those that are no addresses left out. None when it cannot be
// had.
func (c *Client) Sitemaps(ctx context.Context, rawURL string) []string {
	u, err := parseURL(rawURL)
	if err != nil {
		return nil
	}
	s, err := c.standingOf(ctx, u)
	if err != nil || s.robots == nil {
		return nil
	}
	var list []string
	for _, text := range s.robots.Sitemaps() {
		if at, err := u.Parse(text); err == nil && checkURL(at) == nil {
			list = append(list, at.String())
		}
	}
	return list
}

// standingOf gives the rules of the address's origin, from the cache or fresh.
func (c *Client) standingOf(ctx context.Context, u *url.URL) (standing, error) {
	base := u.Scheme + "://" + u.Host
	o := c.robots.use(base, c.stamp())
	defer c.robots.forget(o)
	select {
	case o.slot <- struct{}{}:
		defer func() { <-o.slot }()
	case <-ctx.Done():
		return standing{}, ctx.Err()
	}
	now := c.stamp()
	if o.copy != nil && now.within(o.copyAt, o.fresh) {
		return standing{robots: o.copy, failure: FailRobots}, nil
	}
	if o.failed.failure == "" || !now.within(o.triedAt, RobotsRetry) {
		if err := c.fetchRobots(ctx, base, o); err != nil {
			return standing{}, err
		}
	}
	return o.standing(c.stamp()), nil
}

// standing gives the copy, or the last failure when there is none good enough.
func (o *origin) standing(now stamp) standing {
	switch {
	case o.failed.failure == "":
		return standing{robots: o.copy, failure: FailRobots}
	case o.copy != nil && now.within(o.copyAt, RobotsTTL+RobotsGrace-RobotsMargin):
		return standing{robots: o.copy, failure: FailRobots,
			note: "; by the copy of " + o.copyAt.wall.UTC().Format(time.RFC3339) + ", for now " + o.failed.reason}
	}
	return o.failed
}

// fetchRobots asks for robots.txt and notes what came.
func (c *Client) fetchRobots(ctx context.Context, base string, o *origin) error {
	ch := &chain{request: Request{URL: base + "/robots.txt", Want: robots}}
	if o.copy != nil {
		ch.delay = o.copy.Delay(ProductToken)
	}
	var f Fetch
	if err := c.follow(ctx, ch, &f); err != nil {
		return err
	}
	now := c.stamp()
	rules, failed := judgeRobots(f)
	switch {
	case rules != nil:
		o.copy, o.copyAt = rules, now
	case failed.failure == FailRate || failed.failure == FailDown: // nothing was asked: no reason to wait longer than the host rests
		o.triedAt = stamp{}
	default:
		o.triedAt = now
		if soonest := c.now().Add(RobotsRetry); failed.notBefore.Before(soonest) {
			failed.notBefore = soonest
		}
	}
	o.failed = failed
	return nil
}

// judgeRobots reads rules out of the answer to a robots.txt request, or the
// reason why there are none (RFC 9309 §2.3.1). 429 is a 4xx, but says "later",
// not "there is none".
func judgeRobots(f Fetch) (*Robots, standing) {
	switch {
	case f.Failure == "" && f.Status >= 200 && f.Status < 300:
		return ParseRobots(f.Body), standing{}
	case f.Failure == "" && f.Status >= 400 && f.Status < 500 && f.Status != 429, f.Failure == FailRedirects:
		return &Robots{}, standing{}
	case f.Failure == "":
		return nil, standing{failure: FailRobots, notBefore: f.NotBefore, down: f.downHere(),
			reason: fmt.Sprintf("robots.txt cannot be had: HTTP %d", f.Status)}
	}
	s := standing{failure: FailRobots, reason: "robots.txt cannot be had: " + f.Reason, notBefore: f.NotBefore, down: f.downHere()}
	switch f.Failure {
	case FailAddress, FailRate, FailDown, FailDNS, FailNoName, FailConnect, FailTLS, FailTimeout:
		if len(f.Hops) == 0 { // the host that was asked for is itself the trouble
			s.failure = f.Failure
		}
	}
	return nil, s
}

// downHere is Down, if it speaks of the host that was asked for.
func (f *Fetch) downHere() time.Time {
	if len(f.Hops) > 0 {
		return time.Time{}
	}
	return f.Down
}

// use finds or makes the origin and counts the caller as a user.
func (rc *robotsCache) use(base string, now stamp) *origin {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	o := rc.origins[base]
	if o == nil {
		if len(rc.origins) >= rc.most {
			rc.sweep(now)
		}
		o = &origin{slot: make(chan struct{}, 1), fresh: RobotsTTL - RobotsMargin - spread(base, RobotsSpread)}
		rc.origins[base] = o
	}
	o.users++
	return o
}

func (rc *robotsCache) forget(o *origin) {
	rc.mu.Lock()
	defer rc.mu.Unlock()
	o.users--
}

// sweep forgets origins that nobody uses and of which nothing counts any more.
func (rc *robotsCache) sweep(now stamp) {
	for base, o := range rc.origins {
		if o.users == 0 && !now.within(o.copyAt, RobotsTTL+RobotsGrace) && !now.within(o.triedAt, RobotsRetry) {
			delete(rc.origins, base)
		}
	}
}
