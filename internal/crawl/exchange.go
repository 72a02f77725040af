package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"sync"
	"time"
)

// maxRedirectBody is how much of a redirect's body is read, so that its
// connection can be used again; nobody looks at it.
const maxRedirectBody = 64 << 10

var (
	errTotal = errors.New("the whole fetch took too long")
	errIdle  = errors.New("the body stood still too long")
)

// exchange sends one request and reads its response into f.
func (c *Client) exchange(parent context.Context, ch *chain, u *url.URL, f *Fetch) {
	began := time.Now()
	defer func() { f.Took += time.Since(began) }()
	ctx, cancel := context.WithTimeoutCause(parent, max(c.times.total-f.Took, 0), errTotal)
	defer cancel()
	ctx, abort := context.WithCancelCause(ctx)
	defer abort(nil)

	t := &trace{}
	req, err := ch.build(t.attach(ctx), u)
	if err != nil {
		f.fail(FailURL, err.Error())
		return
	}
	req.Header = ch.header(c.agent, u)
	f.RequestHeader = req.Header.Clone() // the transport may add to its own
	transport := c.keeping
	if ch.request.Fresh || ch.form != "" { // a form that was lost on an old connection is not sent twice
		transport = c.fresh
	}
	resp, err := transport.RoundTrip(req)
	f.RemoteAddr, f.FirstByte = t.read(began)
	if err != nil {
		f.fail(requestFailure(ctx, err, t.stage()))
		return
	}
	defer resp.Body.Close()
	ch.keep(u, resp)
	f.Status, f.Proto, f.Header = resp.StatusCode, resp.Proto, resp.Header
	f.StatusLine = resp.Status
	f.Delimited = resp.ContentLength >= 0 || resp.ProtoMajor >= 2 && resp.TLS != nil || slices.Contains(resp.TransferEncoding, "chunked")
	if why := senseless(f); why != "" {
		f.fail(FailProtocol, why)
		return
	}
	c.body(ctx, abort, ch.request.Want, resp, f)
}

// senseless says why a status cannot be the answer to the request.
func senseless(f *Fetch) string {
	conditional := f.RequestHeader.Get("If-None-Match") != "" || f.RequestHeader.Get("If-Modified-Since") != ""
	switch {
	case f.Status < 200 || f.Status > 599:
		return fmt.Sprintf("HTTP status %d does not exist", f.Status)
	case f.Status == http.StatusNotModified && !conditional:
		return "HTTP 304, but no validator was sent"
	case f.Status == http.StatusPartialContent:
		return "HTTP 206, but no part was asked for"
	}
	return ""
}

// body reads the body of the response and decodes it.
func (c *Client) body(ctx context.Context, abort func(error), want Want, resp *http.Response, f *Fetch) {
	if isRedirect(f.Status) && f.Header.Get("Location") != "" {
		c.read(ctx, abort, resp.Body, maxRedirectBody)
		return
	}
	wire, decoded := want.limits()
	if resp.ContentLength > wire && !want.cut() {
		f.fail(FailTooLarge, fmt.Sprintf("body of %d bytes, over %d", resp.ContentLength, wire))
		return
	}
	var err error
	f.Wire, err = c.read(ctx, abort, resp.Body, wire)
	if err != nil && !(want.cut() && errors.Is(err, errTooLarge)) {
		f.fail(bodyFailure(ctx, err))
		return
	}
	f.Body, err = decode(f.Wire, encodings(f.Header), decoded)
	if want == Sitemap && err == nil && bytes.HasPrefix(f.Body, []byte("\x1f\x8b")) {
		f.Body, err = decode(f.Body, []string{"gzip"}, decoded)
	}
	if err != nil && !(want.cut() && errors.Is(err, errTooLarge)) {
		f.fail(bodyFailure(ctx, err))
	}
}

// read reads a body up to the limit, and no longer than the idle time without
// a byte. It gives what came, also with an error.
func (c *Client) read(ctx context.Context, abort func(error), body io.Reader, limit int64) ([]byte, error) {
	timer := time.AfterFunc(c.times.idle, func() { abort(errIdle) })
	defer timer.Stop()
	wire, err := io.ReadAll(io.LimitReader(&ticking{body, timer, c.times.idle}, limit+1))
	if int64(len(wire)) > limit {
		return wire[:limit], fmt.Errorf("%w: over %d bytes as sent", errTooLarge, limit)
	}
	return wire, err
}

// ticking puts off the timer with every byte that comes.
type ticking struct {
	r     io.Reader
	timer *time.Timer
	idle  time.Duration
}

func (t *ticking) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if n > 0 {
		t.timer.Reset(t.idle)
	}
	return n, err
}

// A stage is how far a request came.
type stage int

const (
	dialing  stage = iota
	shaking        // in the TLS handshake, or failed there
	asking         // has a connection
	answered       // has a byte of the response
)

// trace follows a request. Its hooks may run in the transport's goroutines,
// and after the request is over.
type trace struct {
	mu     sync.Mutex // protects all below
	far    stage
	remote string
	first  time.Time
}

func (t *trace) attach(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		TLSHandshakeStart:    func() { t.reach(shaking, "") },
		GotConn:              func(i httptrace.GotConnInfo) { t.reach(asking, i.Conn.RemoteAddr().String()) },
		GotFirstResponseByte: func() { t.reach(answered, "") },
	})
}

func (t *trace) reach(s stage, remote string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.far = max(t.far, s)
	if remote != "" {
		t.remote = remote
	}
	if s == answered && t.first.IsZero() {
		t.first = time.Now()
	}
}

func (t *trace) stage() stage {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.far
}

// read gives the remote address and the time to the first byte.
func (t *trace) read(began time.Time) (string, time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.first.IsZero() {
		return t.remote, 0
	}
	return t.remote, t.first.Sub(began)
}
