package browser

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"

	"stet/internal/crawl"
)

func TestFate(t *testing.T) {
	tests := []struct {
		name, method, url string
		kind              network.ResourceType
		frame             string
		text, shot        fate // without and with a screenshot
	}{
		{"the page's own document is ours to fetch", "GET", "https://example.org/a", network.ResourceTypeDocument, "page", document, document},
		{"a form that is sent is left out", "POST", "https://example.org/a", network.ResourceTypeDocument, "page", left, left},
		{"a frame is left out", "GET", "https://example.org/a", network.ResourceTypeDocument, "frame", left, left},
		{"the greeting of the proxy goes", "GET", crawl.ProxyGreeting, network.ResourceTypeDocument, "page", goes, goes},
		{"a script goes", "GET", "https://example.org/a.js", network.ResourceTypeScript, "page", goes, goes},
		{"a script in a frame goes", "GET", "http://example.org/a.js", network.ResourceTypeScript, "frame", goes, goes},
		{"data goes, asked for in any way", "POST", "https://example.org/q", network.ResourceTypeXHR, "page", goes, goes},
		{"a style sheet goes", "GET", "https://example.org/a.css", network.ResourceTypeStylesheet, "page", goes, goes},
		{"a picture matters in a picture", "GET", "https://example.org/a.png", network.ResourceTypeImage, "page", blank, goes},
		{"a font matters in a picture", "GET", "https://example.org/a.woff2", network.ResourceTypeFont, "page", left, goes},
		{"a film is left out", "GET", "https://example.org/a.mp4", network.ResourceTypeMedia, "page", left, left},
		{"a beacon is left out", "POST", "https://example.org/b", network.ResourceTypePing, "page", left, left},
		{"the tab's icon is left out", "GET", "https://example.org/favicon.ico", network.ResourceTypeOther, "page", left, left},
		{"a file is left out", "GET", "file:///etc/passwd", network.ResourceTypeXHR, "page", left, left},
		{"a file as document is left out", "GET", "file:///etc/passwd", network.ResourceTypeDocument, "page", left, left},
		{"what the page made itself goes", "GET", "blob:https://example.org/1-2", network.ResourceTypeXHR, "page", goes, goes},
		{"what stands in the page goes", "GET", "data:text/plain,x", network.ResourceTypeXHR, "page", goes, goes},
		{"another scheme is left out", "GET", "ftp://example.org/", network.ResourceTypeXHR, "page", left, left},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for shot, want := range map[bool]fate{false: tt.text, true: tt.shot} {
				tab := &tab{frame: "page", request: Request{Screenshot: shot}}
				e := &fetch.EventRequestPaused{ResourceType: tt.kind, Request: &network.Request{URL: tt.url, Method: tt.method}}
				e.FrameID = "page"
				if tt.frame == "frame" {
					e.FrameID = "frame"
				}
				if got := tab.fate(e); got != want {
					t.Errorf("screenshot %v: fate %d, want %d", shot, got, want)
				}
			}
		})
	}
}

func TestFateCounts(t *testing.T) {
	tab := &tab{}
	e := &fetch.EventRequestPaused{ResourceType: network.ResourceTypeXHR, Request: &network.Request{URL: "https://example.org/q", Method: "GET"}}
	for i := range MaxRequests + 2 {
		if got := tab.fate(e); (got == goes) != (i < MaxRequests) {
			t.Fatalf("request %d: fate %d", i+1, got)
		}
	}
}

func TestWorth(t *testing.T) {
	whole := crawl.Fetch{Status: 200, Body: []byte("x"), Header: http.Header{"Content-Type": {"Text/HTML; charset=x"}}}
	tests := map[string]struct {
		change func(*crawl.Fetch)
		want   bool
	}{
		"HTML":                  {func(f *crawl.Fetch) {}, true},
		"XHTML":                 {func(f *crawl.Fetch) { f.Header = http.Header{"Content-Type": {"application/xhtml+xml"}} }, true},
		"of no kind":            {func(f *crawl.Fetch) { f.Header = http.Header{} }, true},
		"of a kind in pieces":   {func(f *crawl.Fetch) { f.Header = http.Header{"Content-Type": {"text/html; =;"}} }, true},
		"a picture":             {func(f *crawl.Fetch) { f.Header = http.Header{"Content-Type": {"image/png"}} }, false},
		"HTTP 299":              {func(f *crawl.Fetch) { f.Status = 299 }, true},
		"HTTP 300":              {func(f *crawl.Fetch) { f.Status = 300 }, false},
		"HTTP 199":              {func(f *crawl.Fetch) { f.Status = 199 }, false},
		"no body":               {func(f *crawl.Fetch) { f.Body = nil }, false},
		"a body that came half": {func(f *crawl.Fetch) { f.Failure = crawl.FailTruncated }, false},
	}
	for name, tt := range tests {
		f := whole
		if tt.change(&f); worth(f) != tt.want {
			t.Errorf("%s: worth %v, want %v", name, !tt.want, tt.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	list := headers(http.Header{"Content-Type": {"text/html"}, "Content-Encoding": {"br"}, "Content-Length": {"7"}, "Alt-Svc": {"h3"},
		"Content-Security-Policy": {"default-src *"}, "Set-Cookie": {"a=1", "b=2"}, "X-Odd": {"\xff"}})
	var got []string
	for _, h := range list {
		got = append(got, h.Name+": "+h.Value)
	}
	all := strings.Join(got, "\n")
	for _, want := range []string{"Content-Security-Policy: " + sandbox, "Content-Security-Policy: default-src *", "Content-Type: text/html",
		"Set-Cookie: a=1", "Set-Cookie: b=2"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	if len(got) != 5 {
		t.Errorf("%d headers, want 5:\n%s", len(got), all)
	}
}

func TestCalm(t *testing.T) {
	at := time.Date(2031, 5, 4, 9, 0, 0, 0, time.UTC)
	var c calm
	steps := []struct {
		after time.Duration // since the step before
		view  view
		still bool
	}{
		{0, view{}, false},
		{QuietTime, view{}, false}, // a page that does not answer is not still
		{0, view{10, "loading"}, false},
		{QuietTime - 1, view{10, "interactive"}, false},
		{1, view{10, "complete"}, true},
		{time.Hour, view{10, "complete"}, true},
		{0, view{11, "complete"}, false},
		{QuietTime, view{}, false},
		{0, view{11, "complete"}, false},
		{QuietTime, view{11, "complete"}, true},
	}
	for i, s := range steps {
		at = at.Add(s.after)
		c.see(s.view, at)
		if c.still(at) != s.still {
			t.Errorf("step %d: still %v, want %v", i, !s.still, s.still)
		}
	}
}

func TestLate(t *testing.T) {
	tests := []struct {
		state        string
		quiet, still bool
		note         string // empty = a failure
	}{
		{"complete", true, false, "its text kept changing"},
		{"complete", false, true, "it kept asking for more"},
		{"interactive", false, true, "it kept asking for more"},
		{"complete", false, false, ""},
		{"loading", false, true, ""},
		{"", false, true, ""},
	}
	for _, tt := range tests {
		tab := &tab{b: &Browser{limits: limits{render: MaxRender}}}
		reason := tab.late(view{1, tt.state}, tt.quiet, tt.still)
		if (reason == "") != (tt.note != "") || !strings.HasSuffix(tab.noticed, tt.note) {
			t.Errorf("%+v: reason %q, note %q", tt, reason, tab.noticed)
		}
	}
}

// A request that lasts is waiting for news, and no reason to wait for it.
func TestPatience(t *testing.T) {
	at := time.Date(2031, 5, 4, 9, 0, 0, 0, time.UTC)
	tab := &tab{b: &Browser{now: func() time.Time { return at }}}
	tab.busy = map[network.RequestID]time.Time{"old": at.Add(-Patience), "new": at.Add(1 - Patience)}
	if got := tab.standing().busy; got != 1 {
		t.Errorf("%d requests under way, want 1", got)
	}
}

func TestShotHeight(t *testing.T) {
	for want, size := range map[float64]*dom.Rect{Height: nil, 1: {Height: 0}, 900.5: {Height: 900.5},
		MaxShotHeight - 1: {Height: MaxShotHeight - 1}, MaxShotHeight: {Height: MaxShotHeight + 1}} {
		if got := shotHeight(size); got != want {
			t.Errorf("%+v: %v, want %v", size, got, want)
		}
	}
}

func TestSaying(t *testing.T) {
	var s saying
	if s.reason() != "" {
		t.Error("something was said")
	}
	for range 3 {
		s.Write([]byte(strings.Repeat("x", maxSaying)))
	}
	s.Write([]byte("\nthe reason\xff\n\n"))
	if got := s.reason(); got != "the reason" || len(s.text) != maxSaying {
		t.Errorf("last %q of %d bytes", got, len(s.text))
	}
	s.Write([]byte("[1:2:x:FATAL:y] no room\nand more\n"))
	if got := s.reason(); got != "[1:2:x:FATAL:y] no room" {
		t.Errorf("reason %q", got)
	}
}

func TestRoomy(t *testing.T) {
	fits := "/" + strings.Repeat("x", maxTemp-1)
	if got := roomy(fits, "/y"); got != fits {
		t.Errorf("%q becomes %q", fits, got)
	}
	if got := roomy(fits+"x", "/y"); got != "/y" {
		t.Errorf("one more becomes %q", got)
	}
	if name := len("/org.chromium.Chromium.abcdef/SingletonSocket"); maxTemp+name > 103 {
		t.Errorf("%d bytes are left for a name of %d", 103-maxTemp, name)
	}
}
