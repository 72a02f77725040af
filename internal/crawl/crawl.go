// Package crawl makes one polite GET, or posts one form.
//
// [Client.Get] takes an address and gives a [Fetch]: the redirects on the way,
// the response with its body as sent and as decoded, or the [Failure] that came
// instead. What a remote side does is data and never an error; errors are the
// caller's context and our own faults.
//
// For the address, and again for the target of each redirect (at most
// [MaxRedirects]), it decides in this order:
//
//  1. Is it one we ask at all? http or https, no user name or password, at
//     most [MaxURL] bytes. Else "url".
//  2. Does robots.txt of its origin allow it (RFC 9309)? Else "robots".
//  3. Is the host at rest: does it wish to be left alone (Retry-After)? Then
//     "rate". Has it failed in a row? Then "down". Both at once.
//  4. Wait for the gate of the host: one request at a time, and a gap after the
//     end of the last.
//  5. Connect. The guard in the dialer sees the real address behind every name:
//     only public ones, only ports 80 and 443, unless [Options.Allow] says
//     otherwise. Else "address".
//  6. Read, within limits of time, size and expansion, and decode.
//
// robots.txt is fetched by the same steps, except 2. A copy serves for
// [RobotsTTL] less a margin and a part that differs by origin; 4xx and endless redirects count as "no rules", everything else
// that is not a robots.txt forbids all, unless a copy of less than [RobotsTTL]
// plus [RobotsGrace] is left. Whether a host is down is seen first when
// robots.txt is asked for; such a failure (dns, connect, tls, timeout, address)
// is reported as itself, not as "robots".
//
// # Pace
//
// Hosts of one registrable domain (public suffix list) share a gate. An IP
// address with its port, and a name under no known suffix, has its own. After
// each request
//
//	gap = max([Options.Pace], Crawl-delay, learned)
//	learned = max(min([LatencyFactor] × usual, [MaxLearned]), penalty)
//
// usual is the smoothed time of an exchange ([LatencyWeight] for the newest),
// time-outs among them. 429 and 503 make penalty [PenaltyGrowth] times the gap
// that was kept, also when their Retry-After asks for less, at most
// [MaxLearned]; each good answer takes a tenth of it away ([PenaltyDecay]). So
// the pace asked for is a floor and never a ceiling. The first gates after a
// start are open at once, later ones after a part of the pace ([StartFree]).
//
// Retry-After holds for the host that sent it: seconds or a date, at most
// [MaxRetryAfter]; without one that can be read 429 and 503 are left alone for
// [MinBackOff], doubled each time up to [MaxBackOff].
//
// # Hosts that are down
//
// After [BreakAfter] failures in a row a host is not asked for [BreakFirst];
// then one request is let through, and each that fails doubles the rest, up to
// [BreakMost]. One answer below 500 ends it. What counts: no name, no
// connection, no handshake, a time-out, a status of 5xx but a 503 with a
// Retry-After. Failures behind a connection must be of two addresses: one
// broken page is no outage. [Fetch.Down] says since when.
//
// # Forms
//
// [Client.Post] sends a form to a hub of WebSub by the same steps, except 2:
// robots.txt speaks of what crawlers may read, and a hub's address is given out
// to be asked. Only 307 and 308 carry a form on.
//
// Cookies live only from one redirect to the next. Proxies of the environment
// are not used: a proxy would be asked for addresses that the guard never sees.
// Names are resolved by Go's own resolver, which does not take "0x7f.1" for an
// address.
//
// Pace, Retry-After and the age of robots.txt follow the clock of [Options],
// which a test or a demo may let run faster; time-outs are real time. A clock
// that is set, by however much, stops nobody for longer than the rest that was
// begun and lets at most one request of each gate come early; none when the
// clock is [time.Now].
package crawl

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"
)

// Limits of a fetch. Bodies have theirs at [MaxWire].
const (
	DefaultPace    = 2 * time.Second
	MaxPace        = time.Hour
	DefaultTimeout = 30 * time.Second // all exchanges of a Get together, waiting for the pace not included
	ConnectTimeout = 10 * time.Second // name, connection; again for the TLS handshake
	HeaderTimeout  = 15 * time.Second // from the request to the headers
	IdleTimeout    = 10 * time.Second // between two pieces of a body
	KeepTime       = 90 * time.Second // an idle connection is kept: longer than MaxLearned, so that it serves at every learned pace
	MaxHeader      = 1 << 20          // bytes of response headers
	MaxRedirects   = 5
)

// ProductToken is the name by which robots.txt speaks to us.
const ProductToken = "stet"

// UserAgent is the honest name that we send, "stet/0.1 (+CONTACT)". The contact
// is a page about the crawler, an address to write to, or both with "; "
// between; without it the name stands alone.
func UserAgent(version, contact string) string {
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r <= ' ' && r != ' ' || r >= 0x7f || r == '(' || r == ')' {
				return -1
			}
			return r
		}, strings.TrimSpace(s))
	}
	name := ProductToken
	if v := clean(version); v != "" {
		name += "/" + strings.ReplaceAll(v, " ", "")
	}
	if c := clean(contact); c != "" {
		name += " (+" + c + ")"
	}
	return name
}

// Options set up a [Client]. The zero value is right but for UserAgent.
type Options struct {
	UserAgent string         // as [UserAgent] builds it; empty = the bare product token
	Allow     []AllowNet     // exceptions from the address guard
	Pace      time.Duration  // least gap; 0 = DefaultPace; at most MaxPace
	Timeout   time.Duration  // 0 = DefaultTimeout
	Roots     *x509.CertPool // nil = those of the system
	Resolver  *net.Resolver  // nil = Go's own with the name servers of the system
	// The clock: both or neither. Sleep returns early with the error of its
	// context.
	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
	Log   *slog.Logger // nil = none
}

// A Client makes polite GETs. It is safe for concurrent use; requests to one
// domain come one after the other whoever makes them.
type Client struct {
	agent   string
	pace    time.Duration
	times   times
	now     func() time.Time
	elapsed func() time.Duration // see elapsedBy
	log     *slog.Logger
	pacer   *pacer
	robots  *robotsCache
	keeping *http.Transport // reuses connections
	fresh   *http.Transport // never does
}

// times are the real-time limits.
type times struct{ total, connect, header, idle time.Duration }

// New makes a client. Exceptions from the address guard are logged as
// warnings, once each. The error is a wrong option.
func New(o Options) (*Client, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("crawl options: %w", err)
	}
	o.setDefaults()
	for _, a := range o.Allow {
		o.Log.Warn("address guard has an exception", "allow", a.String())
	}
	return newClient(o, times{o.Timeout, ConnectTimeout, HeaderTimeout, IdleTimeout}), nil
}

func (o *Options) check() error {
	for _, a := range o.Allow {
		if !a.Prefix.IsValid() || a.Port == 0 {
			return fmt.Errorf("allowed network %v: want a prefix and a port", a)
		}
	}
	switch {
	case o.Pace < 0 || o.Pace > MaxPace:
		return fmt.Errorf("pace %v: want 0 to %v", o.Pace, MaxPace)
	case o.Timeout < 0:
		return fmt.Errorf("timeout %v is negative", o.Timeout)
	case (o.Now == nil) != (o.Sleep == nil):
		return errors.New("a clock needs both Now and Sleep")
	case !httpguts.ValidHeaderFieldValue(o.UserAgent):
		return fmt.Errorf("user agent %q is no header value", o.UserAgent)
	}
	return nil
}

func (o *Options) setDefaults() {
	if o.UserAgent == "" {
		o.UserAgent = ProductToken
	}
	if o.Pace == 0 {
		o.Pace = DefaultPace
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Resolver == nil {
		o.Resolver = &net.Resolver{PreferGo: true}
	}
	if o.Now == nil {
		o.Now, o.Sleep = time.Now, sleep
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// newClient builds a client from complete options.
func newClient(o Options, t times) *Client {
	dialer := &net.Dialer{Timeout: t.connect, Resolver: o.Resolver, ControlContext: newGuard(o.Allow).control}
	keeping := &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    t.connect,
		ResponseHeaderTimeout:  t.header,
		MaxResponseHeaderBytes: MaxHeader,
		ForceAttemptHTTP2:      true, // or an own dialer would mean HTTP/1.1
		DisableCompression:     true, // or the bytes as sent would be lost
		MaxIdleConns:           100,
		MaxIdleConnsPerHost:    1,
		IdleConnTimeout:        KeepTime,
	}
	fresh := keeping.Clone()
	fresh.DisableKeepAlives = true
	elapsed := elapsedBy(o.Now)
	return &Client{agent: o.UserAgent, pace: o.Pace, times: t, now: o.Now, elapsed: elapsed, log: o.Log,
		pacer: newPacer(o.Now, elapsed, o.Sleep), robots: newRobotsCache(), keeping: keeping, fresh: fresh}
}

// Close closes idle connections. The client stays usable.
func (c *Client) Close() {
	c.keeping.CloseIdleConnections()
	c.fresh.CloseIdleConnections()
}
