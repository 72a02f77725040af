// Package browser shows a page as a reader's browser would, for the few sources
// whose articles are put together by scripts.
//
// [Browser.Get] takes an address and gives a [Page]: the document as the server
// sent it, what became of it after its scripts ran, and a picture if one is
// asked for. It does so in this order:
//
//  1. The document is asked for by [crawl.Client.Get]: robots.txt, pace,
//     redirects, address guard and limits are those of every other fetch. Only
//     what came whole, with a status of 2xx and as HTML, is worth a browser; all
//     else is handed back as it is. Validators are not sent: a document may be
//     unchanged while what its scripts bring is new.
//  2. Chromium, without a window, is given that document, byte for byte, as the
//     answer to its own request. It never asks for the document itself. When
//     scripts lead on to another document, that one is fetched as in 1 and the
//     way there counts as a hop (at most [crawl.MaxRedirects] in all).
//  3. What else the page wants goes through a [crawl.Proxy] that exists for this
//     page only, with the address guard in it and at most [MaxRequests] requests
//     (of workers and frames: connections) and [MaxBytes] bytes. It is not paced, and robots.txt is not asked about
//     it: a page is one visit. Frames inside the page, media, beacons and fonts
//     are left out, for they say nothing of the text; pictures too, unless a
//     screenshot is wanted.
//  4. Until the page is at rest, at most [MaxRender]: loaded, no request under
//     way for [QuietTime] and its text the same for as long. At the limit, one
//     of the two is enough; a page that is still busy *and* changing is a
//     failure, not half a page.
//  5. The document tree is written down as HTML, in UTF-8, shadow trees in the
//     place where a reader sees them, noscript elements left out.
//
// A page gets a profile of its own without cookies or storage, which is thrown
// away. It may not open windows, download, ask, or show dialogs: a sandbox
// policy is added to its own. WebRTC, QUIC and name lookups of the browser are
// off, so that there is no way around the proxy.
//
// What remote sides and pages do is data, as in package crawl, with one more
// failure: [FailBrowser]. Errors are the caller's context and our own faults:
// no Chromium, or one that does not start.
package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"os"
	"strings"
	"sync"
	"time"

	"stet/internal/crawl"
)

// Limits of one page, in real time and in what it may bring.
const (
	MaxRender    = 20 * time.Second // from the last document to rest; waiting for a document's turn not included
	QuietTime    = time.Second      // without a request under way, and with the same text, is rest
	Patience     = 8 * time.Second  // with one request; a longer one waits for news and says nothing of rest
	StartTimeout = 30 * time.Second // until Chromium answers
	IdleTimeout  = 10 * time.Minute // without a page, until Chromium is ended
	CloseTimeout = 5 * time.Second  // until it has ended by itself
	SaveTimeout  = 10 * time.Second // for the tree; again for the picture
	MaxRequests  = 300              // beside the documents
	MaxBytes     = 30_000_000       // beside the documents, as sent
	MaxTree      = crawl.MaxDecoded // bytes of the page as HTML
)

// Limits of the browser.
const (
	DefaultPages = 2   // pages at a time
	MaxPages     = 16  // the most that Options.Pages may be
	Recycle      = 200 // pages before Chromium is started anew, for what it never gives back
)

// FailBrowser is the failure of a page that was sent whole but could not be
// shown: it crashed, or took Chromium down.
const FailBrowser crawl.Failure = "browser"

// RenderedHeader is the header that is added to a page that was read from the
// document tree and not from the wire. Its value names the browser and the
// SHA-256 of the document as decoded.
const RenderedHeader = "Stet-Rendered"

// Options set up a [Browser]. Client is needed, the zero value is right for
// the rest.
type Options struct {
	Path   string        // of Chromium; empty = found in PATH
	Client *crawl.Client // makes every request
	Pages  int           // at a time; 0 = DefaultPages
	Log    *slog.Logger  // nil = none

	flags []string // more flags for Chromium, "name=value"; of tests
}

// A Browser shows pages. It is safe for concurrent use.
type Browser struct {
	path   string
	client *crawl.Client
	log    *slog.Logger
	flags  []string
	slots  chan struct{} // one for each page that may be open
	now    func() time.Time
	limits limits

	mu      sync.Mutex // protects all below
	running *process   // nil = none yet, or none any more
	closed  bool
}

// limits are those that tests cannot wait for.
type limits struct {
	render, idle time.Duration
	shot         int
}

// A Request is one page to get.
type Request struct {
	crawl.Request      // ETag and LastModified are not sent
	Screenshot    bool // a picture of the whole page is wanted
}

// A Page is all that is known after a Get.
type Page struct {
	// Fetch is the page as it was shown: Body and Wire are the tree as HTML,
	// Header is that of the document without its encoding, length and
	// validators and with RenderedHeader. Took is the time since the first request was sent. It is
	// equal to Document when nothing was shown: after a failure, for a
	// status other than 2xx, for what is not HTML.
	Fetch crawl.Fetch
	// Document is the last document as the server sent it: the evidence from
	// outside.
	Document   crawl.Fetch
	Rendered   bool           // Fetch is what the browser showed
	Note       string         // about how it came to rest, or why there is no picture; may be empty
	Screenshot []byte         // PNG; nil when none was asked for or could be had
	Use        crawl.ProxyUse // what the page asked for beside its documents
}

// ErrClosed is the error of a browser that was closed.
var ErrClosed = errors.New("browser is closed")

// New finds Chromium; it is started when the first page needs it. The error is
// a wrong option, or that there is none.
func New(o Options) (*Browser, error) {
	if o.Client == nil {
		return nil, errors.New("browser options: a client is needed")
	}
	if o.Pages < 0 || o.Pages > MaxPages {
		return nil, fmt.Errorf("browser options: %d pages at a time: want 0 to %d", o.Pages, MaxPages)
	}
	path, err := find(o.Path)
	if err != nil {
		return nil, err
	}
	if o.Pages == 0 {
		o.Pages = DefaultPages
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if asRoot() {
		o.Log.Warn("Chromium runs without its sandbox, because stet runs as root: use an account of its own")
	}
	return &Browser{path: path, client: o.Client, log: o.Log, flags: o.flags,
		slots: make(chan struct{}, o.Pages), now: time.Now, limits: limits{MaxRender, IdleTimeout, MaxShot}}, nil
}

// asRoot tells whether Chromium would refuse to run with its sandbox.
func asRoot() bool { return os.Geteuid() == 0 }

// Get shows a page. The error is that of ctx, or our own fault; then the Page
// tells how far it came.
func (b *Browser) Get(ctx context.Context, r Request) (Page, error) {
	r.ETag, r.LastModified = "", ""
	doc, err := b.client.Get(ctx, r.Request)
	p := Page{Fetch: doc, Document: doc}
	if err != nil || !worth(doc) {
		return p, err
	}
	select {
	case b.slots <- struct{}{}:
		defer func() { <-b.slots }()
	case <-ctx.Done():
		return p, fmt.Errorf("show %s: %w", doc.Final, ctx.Err())
	}
	proc, err := b.process(ctx)
	if err != nil {
		return p, fmt.Errorf("show %s: %w", doc.Final, err)
	}
	defer b.leave(proc)
	if err := b.show(ctx, proc, r, &p); err != nil {
		return p, fmt.Errorf("show %s: %w", doc.Final, err)
	}
	b.log.LogAttrs(ctx, slog.LevelDebug, "page", slog.String("url", p.Fetch.URL), slog.Bool("rendered", p.Rendered),
		slog.Int("requests", p.Use.Requests), slog.Int64("bytes", p.Use.Bytes), slog.Int("refused", p.Use.Refused),
		slog.Duration("took", p.Fetch.Took), slog.String("failure", string(p.Fetch.Failure)), slog.String("note", p.Note))
	return p, nil
}

// worth tells whether a document can be one that scripts complete.
func worth(f crawl.Fetch) bool {
	if f.Failure != "" || f.Status < 200 || f.Status > 299 || len(f.Body) == 0 {
		return false
	}
	kind, _, _ := mime.ParseMediaType(f.Header.Get("Content-Type"))
	switch strings.ToLower(kind) {
	case "", "text/html", "application/xhtml+xml":
		return true
	}
	return false
}

// Close ends Chromium and removes its profile. A Get under way fails, later
// ones give ErrClosed.
func (b *Browser) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	if b.running != nil {
		b.running.stop()
		b.running = nil
	}
}
