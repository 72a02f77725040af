package browser

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"stet/internal/crawl"
)

// The window of a page, in pixels: a desk, and tall, since nobody scrolls.
const (
	Width  = 1280
	Height = 1600
)

// A tab is one page being shown.
type tab struct {
	b       *Browser
	ctx     context.Context // of commands: ends with the caller's, the tab and Chromium
	request Request
	product string // what Chromium calls itself
	proxy   *crawl.Proxy
	frame   cdp.FrameID // the page's own, not one inside it
	work    sync.WaitGroup
	order   sync.Mutex // one document after the other

	mu       sync.Mutex // protects all below
	finished bool
	progress
}

// progress is how far a page came.
type progress struct {
	docs      []crawl.Fetch                   // as they came, the last one is shown
	ready     bool                            // the last one waits for the browser to ask for it
	asking    bool                            // one is being fetched
	leading   bool                            // the browser is on its way to one
	busy      map[network.RequestID]time.Time // requests under way, and since when
	active    time.Time                       // of the last event of a request, or the last document
	requests  int                             // beside documents
	broken    string                          // why the page cannot be shown; empty = it can
	stopped   bool                            // a later document is nothing to show, or did not come
	noticed   string                          // about how it came to rest
	beginning time.Time                       // of the time that the last document has
}

// show lets the browser show p.Document and reads it into p. The error is that
// of ctx.
func (b *Browser) show(ctx context.Context, proc *process, r Request, p *Page) error {
	proxy, err := b.client.OpenProxy(crawl.ProxyLimits{Bytes: MaxBytes, Requests: MaxRequests})
	if err != nil {
		return err
	}
	defer proxy.Close()
	parent, giveUp := context.WithCancel(proc.ctx)
	defer giveUp()
	defer context.AfterFunc(ctx, giveUp)()
	tabCtx, closeTab := chromedp.NewContext(parent, chromedp.WithNewBrowserContext(
		func(c *target.CreateBrowserContextParams) {
			c.ProxyServer, c.ProxyBypassList = "http://"+proxy.Address(), "<-loopback>"
		}))
	t := &tab{b: b, ctx: tabCtx, request: r, product: proc.product, proxy: proxy,
		progress: progress{docs: []crawl.Fetch{p.Document}, ready: true, busy: map[network.RequestID]time.Time{}}}
	defer t.finish()
	defer closeTab()
	// The greeting, commands and the tab itself have their time, too.
	hang := time.AfterFunc(StartTimeout, giveUp)
	err = t.open()
	hang.Stop()
	if err == nil {
		err = t.read(p)
	}
	p.Use = proxy.Use()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		t.fail(p, FailBrowser, "the browser lost the page: "+err.Error())
	}
	return nil
}

// open prepares the tab and sends it to the document.
func (t *tab) open() error {
	if err := chromedp.Listen(t.ctx, t.hear); err != nil {
		return err
	}
	t.frame = cdp.FrameID(chromedp.FromContext(t.ctx).Target.TargetID)
	on := true
	steps := []func() error{
		run(t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: Width, Height: Height, DeviceScaleFactor: 1}),
		run(t, network.SetBypassServiceWorker, network.SetBypassServiceWorkerParams{Bypass: true}),
		run(t, fetch.Enable, fetch.EnableParams{HandleAuthRequests: &on, Patterns: []*fetch.RequestPattern{{URLPattern: "*"}}}),
		t.greet,
		t.navigate,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// run is a command as a step, its result not wanted.
func run[P, R any](t *tab, command cdp.Command[P, R], params P) func() error {
	return func() error {
		_, err := chromedp.Call(t.ctx, command, params)
		return err
	}
}

// greet goes to the page that the proxy itself answers: the browser learns the
// password there and has it for whatever asks first later, a worker or a frame
// whose questions would not reach us.
func (t *tab) greet() error {
	if err := chromedp.Do(t.ctx, chromedp.Navigate(crawl.ProxyGreeting)); err != nil {
		return fmt.Errorf("learn the way out: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.leading, t.beginning = true, t.b.now()
	return nil
}

// navigate sends the browser to the first document.
func (t *tab) navigate() error {
	went, err := chromedp.Call(t.ctx, page.Navigate, page.NavigateParams{URL: t.docs[0].Final})
	if err == nil && went.ErrorText != "" {
		err = errors.New(went.ErrorText)
	}
	return err
}

// spawn does work that takes time, unless the tab is finished.
func (t *tab) spawn(f func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.finished {
		t.work.Go(f)
	}
}

// finish waits for the work under way and lets none begin.
func (t *tab) finish() {
	t.mu.Lock()
	t.finished = true
	t.mu.Unlock()
	t.work.Wait()
}

// hear notes the events of the page. It must not wait, so that what needs an
// answer gets it elsewhere.
func (t *tab) hear(ev any) {
	switch e := ev.(type) {
	case *fetch.EventRequestPaused:
		t.spawn(func() { t.answer(e) })
	case *fetch.EventAuthRequired:
		t.spawn(func() { t.authorise(e) })
	case *page.EventJavascriptDialogOpening:
		t.spawn(func() { // the sandbox shows none, except before anything is loaded
			chromedp.Call(t.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{
				Accept: e.Type == page.DialogTypeBeforeunload})
		})
	default:
		t.mu.Lock()
		defer t.mu.Unlock()
		t.note(ev)
	}
}

// note follows the progress of the page.
func (t *tab) note(ev any) {
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if e.Type != network.ResourceTypeEventSource { // stays open as long as the page
			t.active = t.b.now()
			t.busy[e.RequestID] = t.active
		}
	case *network.EventLoadingFinished:
		t.done(e.RequestID)
	case *network.EventLoadingFailed:
		t.done(e.RequestID)
	case *page.EventFrameNavigated:
		if e.Frame.ParentID == "" && !t.ready && !t.asking {
			t.arrive(e.Frame)
		}
	case *inspector.EventTargetCrashed:
		t.broken = "the page crashed"
	}
}

// arrive notes that the browser is at a document. What the page before it
// wanted ends unheard.
func (t *tab) arrive(f *cdp.Frame) {
	t.leading, t.active = false, t.b.now()
	maps.DeleteFunc(t.busy, func(id network.RequestID, _ time.Time) bool { return id != network.RequestID(f.LoaderID) })
	if f.UnreachableURL != "" && !t.stopped {
		t.broken = "the browser would not show the document"
	}
}

func (t *tab) done(id network.RequestID) {
	if _, ok := t.busy[id]; ok {
		delete(t.busy, id)
		t.active = t.b.now()
	}
}
