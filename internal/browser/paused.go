package browser

import (
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"stet/internal/crawl"
)

// sandbox is added to the policies of every document. Scripts run and keep
// their origin; windows, downloads and dialogs are not among what is allowed.
const sandbox = "sandbox allow-scripts allow-same-origin allow-forms"

// pixel is a transparent picture (GIF), shown for one that nobody looks at: a
// page may take down what has no picture, so that it must not fail.
const pixel = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x21\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

// A fate is what becomes of a request of the page.
type fate int

const (
	goes     fate = iota // through the proxy
	document             // the page's own: it is ours to fetch
	blank                // answered with a pixel
	left                 // left out
)

// answer deals with a request that the browser wants to make.
func (t *tab) answer(e *fetch.EventRequestPaused) {
	switch t.fate(e) {
	case goes:
		chromedp.Call(t.ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
	case document:
		t.document(e)
	case blank:
		chromedp.Call(t.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: 200,
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "image/gif"}}, Body: []byte(pixel)})
	case left:
		t.refuse(e)
	}
}

// refuse leaves a request out. To one for the page's own document the answer
// is that there is nothing to see, so that the page stays where it is instead
// of giving way to an error page.
func (t *tab) refuse(e *fetch.EventRequestPaused) {
	if e.ResourceType == network.ResourceTypeDocument && e.FrameID == t.frame {
		chromedp.Call(t.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: http.StatusNoContent})
		return
	}
	chromedp.Call(t.ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID,
		ErrorReason: network.ErrorReasonBlockedByClient})
}

// authorise tells the password of the proxy to nobody but the proxy.
func (t *tab) authorise(e *fetch.EventAuthRequired) {
	answer := &fetch.AuthChallengeResponse{Response: fetch.AuthChallengeResponseResponseCancelAuth}
	if e.AuthChallenge.Source == fetch.AuthChallengeSourceProxy {
		answer.Response = fetch.AuthChallengeResponseResponseProvideCredentials
		answer.Username, answer.Password = t.proxy.Credentials()
	}
	chromedp.Call(t.ctx, fetch.ContinueWithAuth, fetch.ContinueWithAuthParams{RequestID: e.RequestID, AuthChallengeResponse: answer})
}

// fate decides about a request, and counts it.
func (t *tab) fate(e *fetch.EventRequestPaused) fate {
	if e.Request.URL == crawl.ProxyGreeting {
		return goes
	}
	if scheme, _, _ := strings.Cut(e.Request.URL, ":"); scheme != "http" && scheme != "https" {
		if scheme == "data" || scheme == "blob" { // made by the page itself, nothing is asked for
			return goes
		}
		return left
	}
	if e.ResourceType == network.ResourceTypeDocument {
		if e.FrameID == t.frame && e.Request.Method == http.MethodGet {
			return document
		}
		return left
	}
	if f := kindFate(e.ResourceType, t.request.Screenshot); f != goes {
		return f
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.requests >= MaxRequests {
		return left
	}
	t.requests++
	return goes
}

// kindFate is what becomes of a kind of resource.
func kindFate(kind network.ResourceType, screenshot bool) fate {
	switch kind {
	case network.ResourceTypeOther, // icons of the tab, plug-ins
		network.ResourceTypeMedia, network.ResourceTypeTextTrack, network.ResourceTypePing, network.ResourceTypePrefetch,
		network.ResourceTypeCSPViolationReport, network.ResourceTypeManifest, network.ResourceTypeSignedExchange:
		return left
	case network.ResourceTypeFont:
		if !screenshot {
			return left
		}
	case network.ResourceTypeImage:
		if !screenshot {
			return blank
		}
	}
	return goes
}

// document answers a request for the page's own document: with the one that
// waits for it, or with one that is fetched now, because scripts lead there.
func (t *tab) document(e *fetch.EventRequestPaused) {
	t.order.Lock()
	defer t.order.Unlock()
	if t.waiting(e) {
		t.place(e)
		return
	}
	doc, ok := t.fetch(e.Request.URL)
	switch {
	case !ok:
		t.refuse(e)
	case doc.Final != e.Request.URL: // let the browser know where it is; it comes back
		chromedp.Call(t.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: 302,
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Location", Value: doc.Final}}})
	default:
		t.place(e)
	}
}

// waiting tells whether the last document is the one that is asked for: the
// first, or one that we redirected to. The browser may spell its address in its
// own way.
func (t *tab) waiting(e *fetch.EventRequestPaused) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.leading = true
	return t.ready && (len(t.docs) == 1 || e.RedirectedRequestID != "")
}

// fetch asks for a document that scripts lead to. False when there is nothing
// to show of it, which ends the page.
func (t *tab) fetch(address string) (crawl.Fetch, bool) {
	t.mu.Lock()
	t.asking = true
	hops := len(t.docs)
	for _, d := range t.docs {
		hops += len(d.Hops)
	}
	t.mu.Unlock()
	doc := crawl.Fetch{URL: address, Final: address, Failure: crawl.FailRedirects,
		Reason: fmt.Sprintf("more than %d redirects, those by scripts counted", crawl.MaxRedirects)}
	if hops <= crawl.MaxRedirects {
		next := t.request.Request
		next.URL = address
		doc, _ = t.b.client.Get(t.ctx, next) // its error is that of the context, which ends the tab
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.docs, t.asking, t.beginning = append(t.docs, doc), false, t.b.now()
	t.ready = worth(doc)
	t.stopped = !t.ready
	return doc, t.ready
}

// place answers with the last document.
func (t *tab) place(e *fetch.EventRequestPaused) {
	t.mu.Lock()
	doc := t.docs[len(t.docs)-1]
	t.ready, t.beginning = false, t.b.now()
	t.mu.Unlock()
	chromedp.Call(t.ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{RequestID: e.RequestID,
		ResponseCode: int64(doc.Status), ResponseHeaders: headers(doc.Header), Body: doc.Body})
}

// headers gives a document's headers as the browser takes them: without those
// of its encoding, which is undone, and with the sandbox.
func headers(h http.Header) []*fetch.HeaderEntry {
	list := []*fetch.HeaderEntry{{Name: "Content-Security-Policy", Value: sandbox}}
	for name, values := range h {
		switch name {
		case "Content-Encoding", "Content-Length", "Transfer-Encoding", "Connection", "Alt-Svc":
			continue
		}
		for _, v := range values {
			if utf8.ValidString(v) { // or the protocol could not carry it
				list = append(list, &fetch.HeaderEntry{Name: name, Value: v})
			}
		}
	}
	return list
}
