package crawl

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Want is what kind of document is asked for; it sets the Accept header and
// the limits of the body.
type Want int

// The kinds of document.
const (
	Article Want = iota // MaxWire, MaxDecoded
	Feed                // MaxWire, MaxFeed
	Sitemap             // MaxSitemap; a body that is itself a gzip file is unpacked
	robots              // MaxRobots, and the rest cut off rather than refused
	reply               // to a form: MaxAnswer, and the rest cut off
)

// limits are the most bytes as sent and after decoding.
func (w Want) limits() (wire, decoded int64) {
	switch w {
	case Feed:
		return MaxWire, MaxFeed
	case Sitemap:
		return MaxSitemap, MaxSitemap
	case robots:
		return MaxRobots, MaxRobots
	case reply:
		return MaxAnswer, MaxAnswer
	}
	return MaxWire, MaxDecoded
}

func (w Want) accept() string {
	switch w {
	case Feed:
		return "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
	case Sitemap:
		return "application/xml, text/xml, */*;q=0.1"
	case robots, reply:
		return "text/plain, */*;q=0.1"
	}
	return "text/html, application/xhtml+xml, */*;q=0.1"
}

// A Request is one GET.
type Request struct {
	URL string // http or https; without user name and password
	// Validators of the last good response, sent as they are. They go to the
	// address itself and to a redirect that differs from it only in scheme,
	// "www." or a final slash: elsewhere a 304 would speak of another document.
	ETag, LastModified string
	Want               Want
	// Fresh asks again to confirm: over a new connection, with Cache-Control:
	// no-cache and without validators.
	Fresh bool
}

// Failure names why no whole response came. Empty = one did, whatever its
// status.
type Failure string

// The failures.
const (
	FailURL       Failure = "url"       // not an address that we ask: scheme, credentials, length, syntax
	FailAddress   Failure = "address"   // the address guard refused the network or port
	FailRobots    Failure = "robots"    // robots.txt forbids it, or cannot be read
	FailRate      Failure = "rate"      // not asked: the host wished to be left alone until NotBefore
	FailDown      Failure = "down"      // not asked: the host has failed in a row, and rests until NotBefore
	FailDNS       Failure = "dns"       // the name could not be looked up
	FailNoName    Failure = "no-name"   // there is no such name
	FailConnect   Failure = "connect"   // no connection, or lost before a response
	FailTLS       Failure = "tls"       // certificate or handshake
	FailTimeout   Failure = "timeout"   // of connecting, of the headers, of an idle body, of the whole
	FailProtocol  Failure = "protocol"  // not HTTP, or a status that answers no question of ours
	FailRedirects Failure = "redirects" // more than MaxRedirects, or one without a target
	FailTooLarge  Failure = "too-large" // headers or body over a limit
	FailRatio     Failure = "ratio"     // the body expands over MaxRatio: a bomb
	FailEncoding  Failure = "encoding"  // the content-encoding is unknown, stacked too high or broken
	FailTruncated Failure = "truncated" // the body ended before its announced end
)

// A Hop is one request that was answered with a redirect.
type Hop struct {
	URL      string
	Status   int
	Location string // as sent, at most MaxURL bytes of it
}

// A Fetch is all that is known after a Get.
type Fetch struct {
	URL           string // as asked for
	Final         string // of the last request, after redirects; empty when URL is not one
	Hops          []Hop  // the redirects before it
	Status        int    // 0 = no response
	StatusLine    string // "200 OK", as sent
	Proto         string // "HTTP/1.1", "HTTP/2.0"
	Header        http.Header
	RemoteAddr    string // IP address and port
	RequestHeader http.Header
	Wire          []byte        // the body exactly as sent; kept as far as it came when it is cut short
	Body          []byte        // decoded; nil after a failure
	Delimited     bool          // the end of the body was marked; if not, a cut cannot be told from the end
	Start, End    time.Time     // by the clock of the client; waiting for the host's pace is within
	FirstByte     time.Duration // real time from the last request to its response
	Took          time.Duration // real time of all exchanges, waiting not included
	Robots        Verdict       // on the last address
	Failure       Failure
	Reason        string    // of the failure, in words, for people
	NotBefore     time.Time // do not ask this host again before; zero = no reason not to
	// Down is since when every request to the host of Final has failed, once
	// that is reason not to ask it for a while ([BreakAfter]); zero = it is not
	// known to be down.
	Down time.Time
}

func (f *Fetch) fail(why Failure, reason string) {
	f.Failure, f.Reason, f.Body = why, printable(reason), nil
}

// MaxHeaderText is the most bytes that HeaderText gives.
const MaxHeaderText = 64 << 10

// HeaderText is the status line and headers of the last response as text, for
// evidence: the values as received, each on a line that ends in CR LF, sorted
// by name (HTTP/2 and Go keep neither the order nor the case of names). Headers
// that would lead over [MaxHeaderText] are left out. Empty without a response.
func (f Fetch) HeaderText() string {
	if f.Status == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\r\n", f.Proto, clip(f.StatusLine, 1000))
	names := make([]string, 0, len(f.Header))
	for name := range f.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range f.Header[name] {
			if b.Len()+len(name)+len(value)+len(": \r\n") <= MaxHeaderText {
				b.WriteString(name + ": " + value + "\r\n")
			}
		}
	}
	return b.String()
}

// printable makes a text of a remote side safe to show on one line.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	return clip(s, 300)
}
