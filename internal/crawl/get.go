package crawl

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"
	"golang.org/x/net/publicsuffix"
)

// Limits of what is sent along.
const (
	maxValidator = 4 << 10 // bytes of an ETag or Last-Modified; longer ones are not sent back
	maxCookies   = 50      // per request
	maxCookie    = 4 << 10 // bytes of one
)

// Get makes one polite GET and follows redirects. The error is that of ctx or
// of the clock's Sleep; then the Fetch tells how far it came.
func (c *Client) Get(ctx context.Context, r Request) (Fetch, error) {
	f := Fetch{URL: r.URL}
	err := c.follow(ctx, &chain{request: r}, &f)
	c.log.LogAttrs(ctx, slog.LevelDebug, "fetch", slog.String("url", f.URL), slog.Int("hops", len(f.Hops)),
		slog.Int("status", f.Status), slog.Int("bytes", len(f.Wire)), slog.Duration("took", f.Took),
		slog.String("failure", string(f.Failure)), slog.String("reason", f.Reason))
	if err != nil {
		return f, fmt.Errorf("fetch %s: %w", clip(r.URL, 200), err)
	}
	return f, nil
}

// A chain is a request with what its redirects have in common.
type chain struct {
	request Request
	first   *url.URL
	jar     http.CookieJar // nil until a cookie is set
	delay   time.Duration  // known Crawl-delay, when the document is robots.txt itself
	form    string         // that is posted; empty = a GET
}

// follow fills f with the response to the request, or the failure.
func (c *Client) follow(ctx context.Context, ch *chain, f *Fetch) error {
	f.Start = c.now()
	defer func() { f.End = c.now() }()
	u, err := parseURL(ch.request.URL)
	if err != nil {
		f.fail(FailURL, err.Error())
		return nil
	}
	ch.first = u
	for u != nil {
		f.Final = u.String()
		if err := c.hop(ctx, ch, u, f); err != nil {
			return err
		}
		ch.keepsForm(f)
		u = next(u, f)
	}
	return nil
}

// hop makes one request, if robots.txt and the host let it.
func (c *Client) hop(ctx context.Context, ch *chain, u *url.URL, f *Fetch) error {
	f.reset()
	delay := ch.delay
	if ch.request.Want != robots && ch.form == "" {
		s, err := c.standingOf(ctx, u)
		if err != nil {
			return err
		}
		f.Robots = s.verdict(u)
		if !f.Robots.Allowed {
			f.NotBefore, f.Down = s.notBefore, s.down
			f.fail(s.failure, f.Robots.Why)
			return nil
		}
		delay = s.robots.Delay(ProductToken)
	}
	turn, no, err := c.pacer.enter(ctx, placeOf(u), max(c.pace, delay))
	if err != nil {
		return err
	}
	if turn == nil {
		f.NotBefore, f.Down = no.until, no.down
		f.fail(no.failure, no.reason)
		return nil
	}
	c.exchange(ctx, ch, u, f)
	f.NotBefore, f.Down = turn.leave(f.answer(u, ctx.Err() != nil))
	return ctx.Err()
}

// answer is what the pacer learns from the exchange. One that the caller
// called off says nothing of the host.
func (f *Fetch) answer(u *url.URL, off bool) answer {
	return answer{url: u.String(), status: f.Status, retryAfter: f.Header.Get("Retry-After"), date: f.Header.Get("Date"),
		failure: f.Failure, reason: f.Reason, connected: f.RemoteAddr != "" || f.Status != 0, void: off}
}

// reset clears what belongs to the exchange before.
func (f *Fetch) reset() {
	f.Status, f.StatusLine, f.Proto, f.Header, f.RequestHeader = 0, "", "", nil, nil
	f.RemoteAddr, f.Wire, f.Body, f.Delimited, f.FirstByte = "", nil, nil, false, 0
	f.Robots, f.NotBefore, f.Down = Verdict{}, time.Time{}, time.Time{}
}

// next gives the target of a redirect, or nil when f is the end of the chain.
func next(u *url.URL, f *Fetch) *url.URL {
	if f.Failure != "" || !isRedirect(f.Status) {
		return nil
	}
	location := f.Header.Get("Location")
	if location == "" {
		f.fail(FailRedirects, fmt.Sprintf("HTTP %d without a Location", f.Status))
		return nil
	}
	if len(f.Hops) == MaxRedirects {
		f.fail(FailRedirects, fmt.Sprintf("more than %d redirects", MaxRedirects))
		return nil
	}
	f.Hops = append(f.Hops, Hop{u.String(), f.Status, printableURL(location)})
	if len(location) > MaxURL {
		f.fail(FailURL, fmt.Sprintf("redirect to an address longer than %d bytes", MaxURL))
		return nil
	}
	to, err := u.Parse(location)
	if err == nil {
		err = checkURL(to)
	}
	if err != nil {
		f.fail(FailURL, fmt.Sprintf("redirect to %q: %v", clip(location, 100), err))
		return nil
	}
	return to
}

// printableURL bounds a Location that is kept for evidence.
func printableURL(s string) string {
	if len(s) > MaxURL {
		return s[:MaxURL]
	}
	return s
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// header builds the header of a request to u.
func (ch *chain) header(agent string, u *url.URL) http.Header {
	r := ch.request
	h := http.Header{
		"User-Agent":      {agent},
		"Accept":          {r.Want.accept()},
		"Accept-Encoding": {acceptEncoding},
	}
	if ch.form != "" {
		h.Set("Content-Type", "application/x-www-form-urlencoded")
	} else if r.Fresh {
		h.Set("Cache-Control", "no-cache")
	} else if sameArticle(ch.first, u) {
		setValidator(h, "If-None-Match", r.ETag)
		setValidator(h, "If-Modified-Since", r.LastModified)
	}
	if ch.jar != nil {
		req := http.Request{Header: h}
		for i, cookie := range ch.jar.Cookies(u) {
			if i < maxCookies {
				req.AddCookie(cookie)
			}
		}
	}
	return h
}

func setValidator(h http.Header, name, value string) {
	if value != "" && len(value) <= maxValidator && httpguts.ValidHeaderFieldValue(value) {
		h.Set(name, value)
	}
}

// keep remembers the cookies of a redirect for the next hop: some consent and
// login walls send one round in circles without.
func (ch *chain) keep(u *url.URL, resp *http.Response) {
	if !isRedirect(resp.StatusCode) {
		return
	}
	var good []*http.Cookie
	for _, cookie := range resp.Cookies() {
		if len(cookie.Raw) <= maxCookie && len(good) < maxCookies {
			good = append(good, cookie)
		}
	}
	if len(good) == 0 {
		return
	}
	if ch.jar == nil {
		ch.jar, _ = cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // its error is always nil
	}
	ch.jar.SetCookies(u, good)
}
