package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/png"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"stet/internal/crawl"
)

// What scripts bring is on the page; what stands there for readers without
// scripts is not. The document itself is asked for once, by the crawler.
func TestScript(t *testing.T) {
	s := serve(t, map[string]string{
		"/a": `<!doctype html><title>Ferry</title><script type="application/ld+json">{"headline":"Ferry"}</script>
			<div id=x>Loading</div><noscript>Turn scripts on</noscript><script src="/a.js"></script><img src="/photo.png" onerror="this.remove()">`,
		"/a.js": `fetch("/data").then(r => r.text()).then(text => { document.getElementById("x").innerHTML = "<p>" + text + "</p>" })`,
	}, map[string]http.HandlerFunc{"/data": func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("The ferry sails again, Zoë says.")) }})
	b := open(t, Options{}, s.URL)
	p := getAs(t, b, Request{Request: crawl.Request{URL: s.URL + "/a", ETag: `"old"`, LastModified: "Mon, 02 Jan 2006 15:04:05 GMT"}})
	contains(t, p, "<!DOCTYPE html>", "<p>The ferry sails again, Zoë says.</p>", `{"headline":"Ferry"}`, "<img")
	lacks(t, p, "Loading", "Turn scripts on")
	f := p.Fetch
	if !p.Rendered || f.Failure != "" || f.Status != 200 || f.URL != s.URL+"/a" || f.Final != f.URL || len(f.Hops) != 0 {
		t.Errorf("fetch %+v", f)
	}
	if !bytes.Equal(f.Wire, f.Body) || f.Header.Get("Content-Type") != "text/html; charset=utf-8" || f.Header.Get("Content-Length") != "" {
		t.Errorf("wire and header do not fit the body: %v", f.Header)
	}
	if mark := f.Header.Get(RenderedHeader); !strings.Contains(mark, "Chrom") || !strings.Contains(mark, "document-sha256=") {
		t.Errorf("mark %q", mark)
	}
	if !strings.Contains(string(p.Document.Body), "Turn scripts on") || p.Document.Header.Get(RenderedHeader) != "" {
		t.Error("the document is not as it was sent")
	}
	if f.Took < QuietTime || f.End.Sub(f.Start) < QuietTime || p.Screenshot != nil {
		t.Errorf("took %v, from %v to %v, screenshot of %d bytes", f.Took, f.Start, f.End, len(p.Screenshot))
	}
	for path, want := range map[string]int{"/a": 1, "/a.js": 1, "/data": 1, "/photo.png": 0, "/favicon.ico": 0} {
		if got := s.count(path); got != want {
			t.Errorf("%s was asked for %d times, want %d", path, got, want)
		}
	}
	if got := s.last.Get("User-Agent"); got != "stet/0.1 (+bot@example.org)" {
		t.Errorf("user agent %q", got)
	}
}

// Text in shadow trees stands where a reader sees it.
func TestShadow(t *testing.T) {
	s := serve(t, map[string]string{"/a": `<!doctype html><news-story><b slot="lead">The lead.</b><i>Not placed</i></news-story>
		<script>
		customElements.define("news-story", class extends HTMLElement {
			connectedCallback() {
				const root = this.attachShadow({mode: "open"});
				root.innerHTML = "<h1>Harbour</h1><slot name=lead>None yet</slot><p>In the shade.</p><slot name=end>The end.</slot>";
			}
		})</script><template><p>Never shown</p></template>`}, nil)
	p := get(t, open(t, Options{}, s.URL), s.URL+"/a")
	contains(t, p, `<h1>Harbour</h1><slot name="lead"><b slot="lead">The lead.</b></slot><p>In the shade.</p><slot name="end">The end.</slot>`,
		"<template><p>Never shown</p></template>")
	lacks(t, p, "Not placed", `name="lead">None yet`, "</p>The end")
}

// What a browser cannot improve is handed back as it came, and Chromium is not
// even started.
func TestNotWorth(t *testing.T) {
	plain := func(kind string, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			w.Write([]byte("<script>document.title = 1</script>"))
		}
	}
	s := serve(t, nil, map[string]http.HandlerFunc{
		"/pdf": plain("application/pdf", 200), "/gone": plain("text/html", 410), "/text": plain("text/plain", 200),
		"/empty": func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Content-Type", "text/html") },
		"/wall":  plain("text/html", 403),
		"/away":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/away", http.StatusFound) },
		"/robots.txt": func(w http.ResponseWriter, r *http.Request) {
			w.Write([]byte("User-agent: *\nDisallow: /private"))
		}})
	b := open(t, Options{}, s.URL)
	for path, want := range map[string]crawl.Failure{"/pdf": "", "/gone": "", "/text": "", "/empty": "", "/wall": "",
		"/away": crawl.FailRedirects, "/private": crawl.FailRobots} {
		if p := get(t, b, s.URL+path); p.Rendered || p.Fetch.Failure != want || p.Fetch.Status != p.Document.Status {
			t.Errorf("%s: rendered %v, failure %q, want %q", path, p.Rendered, p.Fetch.Failure, want)
		}
	}
	if b.running != nil {
		t.Error("Chromium was started")
	}
}

// Where scripts go on to, the rules of every fetch hold.
func TestScriptsLeadOn(t *testing.T) {
	lead := func(to string) string {
		return `<p>before</p><script>location.replace(` + fmt.Sprintf("%q", to) + `)</script>`
	}
	secret := serve(t, map[string]string{"/": "secret"}, nil)
	s := serve(t, map[string]string{
		"/one": lead("/two"), "/two": `<meta http-equiv=refresh content="0;url=/moved">`, "/three": "<p>Arrived</p><script>document.body.append(location.pathname)</script>",
		"/in": lead(secret.URL + "/"), "/no": lead("/private"), "/round": lead("/round?" + "again"), "/file": lead("file:///etc/passwd"),
		"/gone":  lead("/nothing"),
		"/twice": `<p>before</p><script>location = "/slow"; setTimeout(() => { location = "/three" }, 100)</script>`,
		"/post":  `<form method=post action=/three></form><p>stays</p><script>document.forms[0].submit()</script>`,
	}, map[string]http.HandlerFunc{
		"/robots.txt": func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("User-agent: *\nDisallow: /private")) },
		"/moved": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/three", http.StatusMovedPermanently)
		},
		"/slow": func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(700 * time.Millisecond)
			w.Header().Set("Content-Type", "text/html")
			w.Write([]byte("<p>slow</p>"))
		}})
	b := open(t, Options{Pages: 8}, s.URL)
	p := get(t, b, s.URL+"/one")
	contains(t, p, "<p>Arrived</p>", "/three")
	lacks(t, p, "before")
	var way []string
	for _, h := range p.Fetch.Hops {
		way = append(way, fmt.Sprint(strings.TrimPrefix(h.URL, s.URL), " ", h.Status, " ", strings.TrimPrefix(h.Location, s.URL)))
	}
	if got := strings.Join(way, ", "); got != "/one 200 /two, /two 200 /moved, /moved 301 /three" || p.Fetch.URL != s.URL+"/one" || p.Fetch.Final != s.URL+"/three" {
		t.Errorf("by %s from %s to %s", got, p.Fetch.URL, p.Fetch.Final)
	}
	for path, want := range map[string]crawl.Failure{"/in": crawl.FailAddress, "/no": crawl.FailRobots, "/round": crawl.FailRedirects} {
		if p := get(t, b, s.URL+path); p.Fetch.Failure != want || p.Fetch.Body != nil || p.Rendered || p.Fetch.Reason == "" {
			t.Errorf("%s: failure %q, rendered %v, want %q", path, p.Fetch.Failure, p.Rendered, want)
		}
	}
	if p := get(t, b, s.URL+"/gone"); p.Fetch.Status != 404 || p.Rendered || p.Fetch.Failure != "" {
		t.Errorf("HTTP %d, rendered %v", p.Fetch.Status, p.Rendered)
	}
	contains(t, get(t, b, s.URL+"/file"), "before")
	contains(t, get(t, b, s.URL+"/post"), "stays")
	contains(t, get(t, b, s.URL+"/twice"), "Arrived")
	if n := s.count("/round"); n != 1+crawl.MaxRedirects {
		t.Errorf("/round was asked for %d times, want %d", n, 1+crawl.MaxRedirects)
	}
	if n := secret.total() + s.count("/private"); n != 0 {
		t.Errorf("%d requests where none may go", n)
	}
}

// Pages that never end are taken at the limit when they can be read, and are a
// failure when not. They wait together, each in its tab.
func TestEndless(t *testing.T) {
	hang := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		for r.Context().Err() == nil {
			w.Write([]byte(" "))
			w.(http.Flusher).Flush()
			time.Sleep(100 * time.Millisecond)
		}
	}
	s := serve(t, map[string]string{
		"/picture":  `<p>Read me</p><link rel=stylesheet href=/hang2 media=print><script async src="/hang"></script>`,
		"/blocked":  `<p>Half</p><script src="/hang"></script><p>Never</p>`,
		"/polling":  `<p>Read me</p><script>setInterval(() => fetch("/data"), 50)</script>`,
		"/ticking":  `<p>Read me</p><p id=x></p><script>setInterval(() => { x.textContent += "." }, 100)</script>`,
		"/both":     `<p>Half</p><p id=x></p><script>setInterval(() => { fetch("/data"); x.textContent += "." }, 50)</script>`,
		"/spinning": `<p>Half</p><script>for (;;) {}</script>`,
		"/growing":  `<p>Half</p><script>setTimeout(() => { for (let a = [];;) a.push(new Array(1e6).fill(Math.random())) }, 500)</script>`,
	}, map[string]http.HandlerFunc{"/hang": hang, "/hang2": hang})
	b := open(t, Options{Pages: 3}, s.URL)
	b.limits.render = 8 * time.Second // the real one would hold up the tests
	want := map[string]crawl.Failure{"/picture": "", "/polling": "", "/ticking": "", "/blocked": crawl.FailTimeout,
		"/both": crawl.FailTimeout, "/spinning": crawl.FailTimeout}
	var wg sync.WaitGroup
	for path, failure := range want {
		wg.Go(func() {
			p, err := b.Get(context.Background(), Request{Request: crawl.Request{URL: s.URL + path}})
			t.Logf("%s: failure %q %s, note %q, took %v %v", path, p.Fetch.Failure, p.Fetch.Reason, p.Note, p.Fetch.Took, err)
			if err != nil || p.Fetch.Failure != failure || p.Fetch.Took < b.limits.render {
				t.Errorf("%s: failure %q %v after %v, want %q", path, p.Fetch.Failure, err, p.Fetch.Took, failure)
			}
			if failure == "" && (!strings.Contains(string(p.Fetch.Body), "Read me") || !strings.Contains(p.Note, "taken after 8s")) {
				t.Errorf("%s: note %q, body %s", path, p.Note, p.Fetch.Body)
			}
		})
	}
	wg.Wait()
	// A page that takes all memory takes itself down, not the next one.
	if p := get(t, b, s.URL+"/growing"); p.Fetch.Failure != FailBrowser && p.Fetch.Failure != crawl.FailTimeout { // on a slow machine
		t.Errorf("failure %q, want %q", p.Fetch.Failure, FailBrowser)
	}
	contains(t, get(t, b, s.URL+"/ticking"), "Read me")
}

// Nothing on a page can make it wait for somebody, open windows or write files.
func TestDialogs(t *testing.T) {
	s := serve(t, map[string]string{
		"/a": `<p>begin</p><a id=w target=_blank href=/window>w</a><a id=d download href=/file>d</a><script>
			alert(1); confirm(2); prompt(3); print();
			addEventListener("beforeunload", e => { e.preventDefault(); e.returnValue = "stay" });
			navigator.geolocation.getCurrentPosition(() => {}, () => document.body.append("no place"));
			if (window.Notification) Notification.requestPermission().then(x => document.body.append("notify " + x));
			window.open("/window"); w.click(); d.click();
			document.body.append("all done");
			if (location.hash == "") setTimeout(() => { location = "/b" }, 300)</script>`,
		"/b": "<p>second</p>", "/window": "<p>window</p>",
	}, map[string]http.HandlerFunc{"/file": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Disposition", "attachment; filename=x.bin")
		w.Write(make([]byte, 1000))
	}})
	b := open(t, Options{}, s.URL)
	contains(t, get(t, b, s.URL+"/a"), "<p>second</p>")
	if n := s.count("/window") + s.count("/file"); n != 0 {
		t.Errorf("%d windows and files", n)
	}
}

func TestManyRequests(t *testing.T) {
	s := serve(t, map[string]string{"/a": `<p id=x>0</p><script>
		Promise.allSettled(Array.from({length: 1000}, (_, i) => fetch("/data?" + i))).then(all => {
			x.textContent = all.filter(r => r.status == "fulfilled").length + " came" })</script>`},
		map[string]http.HandlerFunc{"/data": func(w http.ResponseWriter, r *http.Request) {}})
	p := get(t, open(t, Options{}, s.URL), s.URL+"/a")
	contains(t, p, fmt.Sprint(MaxRequests, " came"))
	if got := s.count("/data"); got != MaxRequests {
		t.Errorf("%d requests came through, want %d", got, MaxRequests)
	}
}

func TestManyBytes(t *testing.T) {
	s := serve(t, map[string]string{"/a": `<p id=x>0</p><script>
		fetch("/data").then(r => r.blob()).then(b => { x.textContent = "all" }, e => { x.textContent = "cut" })</script>`},
		map[string]http.HandlerFunc{"/data": func(w http.ResponseWriter, r *http.Request) {
			for range MaxBytes/1_000_000 + 1 {
				w.Write(make([]byte, 1_000_000))
			}
		}})
	contains(t, get(t, open(t, Options{}, s.URL), s.URL+"/a"), ">cut<")
}

// What one page stores the next one does not find.
func TestForgets(t *testing.T) {
	s := serve(t, map[string]string{"/a": `<p id=x></p><script>
		x.textContent = "found " + (document.cookie || "no cookie") + ", " + (localStorage.getItem("a") || "nothing stored");
		document.cookie = "a=b"; localStorage.setItem("a", "b"); fetch("/data", {credentials: "include"})</script>`}, nil)
	b := open(t, Options{}, s.URL)
	for range 2 {
		contains(t, get(t, b, s.URL+"/a"), "found no cookie, nothing stored")
	}
	if got := s.last.Get("Cookie"); got != "a=b" {
		t.Errorf("within the page: cookie %q", got)
	}
}

func TestScreenshot(t *testing.T) {
	s := serve(t, map[string]string{
		"/a":    `<!doctype html><style>body{margin:0;background:#123456} div{height:2500px}</style><div></div>`,
		"/tall": `<!doctype html><style>body{margin:0} div{height:20000px}</style><div></div>`}, nil)
	b := open(t, Options{}, s.URL)
	for path, height := range map[string]int{"/a": 2500, "/tall": MaxShotHeight} {
		p := getAs(t, b, Request{Request: crawl.Request{URL: s.URL + path}, Screenshot: true})
		img, err := png.Decode(bytes.NewReader(p.Screenshot))
		if err != nil {
			t.Fatalf("%s: %d bytes: %v, note %q", path, len(p.Screenshot), err, p.Note)
		}
		if size := img.Bounds().Size(); size.X != Width || size.Y != height {
			t.Errorf("%s: %v, want %d × %d", path, size, Width, height)
		}
		if r, g, b, _ := img.At(Width/2, 2400).RGBA(); path == "/a" && (r>>8 != 0x12 || g>>8 != 0x34 || b>>8 != 0x56) {
			t.Errorf("colour %x %x %x", r>>8, g>>8, b>>8)
		}
	}
}

// A picture that is too large is cut, and left out when nothing of it fits.
func TestScreenshotSize(t *testing.T) {
	s := serve(t, map[string]string{"/a": `<!doctype html><style>body{margin:0} div{height:2000px}</style><div></div>`}, nil)
	b := open(t, Options{}, s.URL)
	r := Request{Request: crawl.Request{URL: s.URL + "/a"}, Screenshot: true}
	whole := getAs(t, b, r).Screenshot
	for most, height := range map[int]int{len(whole): 2000, len(whole) - 1: 1000} {
		b.limits.shot = most
		c, err := png.DecodeConfig(bytes.NewReader(getAs(t, b, r).Screenshot))
		if err != nil || c.Height != height {
			t.Errorf("of %d bytes: height %d %v, want %d", most, c.Height, err, height)
		}
	}
	b.limits.shot = 10
	if p := getAs(t, b, r); p.Screenshot != nil || p.Note != "no screenshot: too large" || !p.Rendered {
		t.Errorf("screenshot of %d bytes, note %q", len(p.Screenshot), p.Note)
	}
}

// Scripts cannot make a page larger than a document may be.
func TestTreeSize(t *testing.T) {
	s := serve(t, map[string]string{"/a": fmt.Sprintf(`<div hidden id=x></div><script>x.append("x".repeat(%d))</script>`, MaxTree)}, nil)
	if p := get(t, open(t, Options{}, s.URL), s.URL+"/a"); p.Fetch.Failure != crawl.FailTooLarge || p.Fetch.Body != nil {
		t.Errorf("failure %q, body of %d bytes", p.Fetch.Failure, len(p.Fetch.Body))
	}
}

// A browser or tab that is killed costs the page that it showed, not the next.
func TestCrash(t *testing.T) {
	s := serve(t, map[string]string{"/a": "<p>Read me</p>", "/slow": `<p>Slow</p><script>setInterval(() => fetch("/data"), 50)</script>`}, nil)
	b := open(t, Options{}, s.URL)
	contains(t, get(t, b, s.URL+"/a"), "Read me")
	for _, kind := range []string{"--type=renderer", ""} {
		result := make(chan Page)
		go func() { result <- get(t, b, s.URL+"/slow") }()
		before := s.count("/data")
		for s.count("/data") == before {
			time.Sleep(20 * time.Millisecond)
		}
		kill(t, b, kind)
		p := <-result
		if p.Fetch.Failure != FailBrowser || p.Fetch.Body != nil || p.Rendered || p.Fetch.Reason == "" || p.Fetch.Status != 200 {
			t.Errorf("%s: failure %q %s, HTTP %d", kind, p.Fetch.Failure, p.Fetch.Reason, p.Fetch.Status)
		}
		contains(t, get(t, b, s.URL+"/a"), "Read me")
	}
}

func TestCancel(t *testing.T) {
	s := serve(t, map[string]string{"/slow": `<p>Slow</p><script>setInterval(() => fetch("/data"), 50)</script>`}, nil)
	b := open(t, Options{Pages: 1}, s.URL)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for s.count("/data") == 0 {
			time.Sleep(20 * time.Millisecond)
		}
		cancel()
	}()
	if _, err := b.Get(ctx, Request{Request: crawl.Request{URL: s.URL + "/slow"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of the context", err)
	}
	b.Close()
	if _, err := b.Get(context.Background(), Request{Request: crawl.Request{URL: s.URL + "/slow"}}); !errors.Is(err, ErrClosed) {
		t.Errorf("error %v, want ErrClosed", err)
	}
}

// Chromium is started anew after so many pages, when none is open.
func TestRecycle(t *testing.T) {
	s := serve(t, map[string]string{"/a": "<p>Read me</p>"}, nil)
	b := open(t, Options{}, s.URL)
	get(t, b, s.URL+"/a")
	first := b.running
	get(t, b, s.URL+"/a")
	if b.running != first || first.pages != 2 || first.open != 0 {
		t.Errorf("pages %d, open %d, or started anew too early", first.pages, first.open)
	}
	first.pages = Recycle
	contains(t, get(t, b, s.URL+"/a"), "Read me")
	if b.running == first || first.ctx.Err() == nil {
		t.Error("not started anew")
	}
}

// Without pages Chromium ends after a while, and comes back.
func TestIdle(t *testing.T) {
	s := serve(t, map[string]string{"/a": "<p>Read me</p>"}, nil)
	b := open(t, Options{}, s.URL)
	b.limits.idle = time.Millisecond
	for range 2 {
		contains(t, get(t, b, s.URL+"/a"), "Read me")
		for b.alive() {
			time.Sleep(10 * time.Millisecond)
		}
	}
}

func (b *Browser) alive() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.running != nil
}

func TestNew(t *testing.T) {
	c, err := crawl.New(crawl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir())
	for want, o := range map[string]Options{
		"a client is needed":           {Path: "true"},
		"17 pages at a time":           {Client: c, Pages: MaxPages + 1},
		"-1 pages at a time":           {Client: c, Pages: -1},
		"install the package chromium": {Client: c},
		"no-such-program":              {Client: c, Path: filepath.Join(t.TempDir(), "no-such-program")},
	} {
		if _, err := New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want %q", o, err, want)
		}
	}
}

// A program that is no browser is our own fault, said in its own words.
func TestNotChromium(t *testing.T) {
	s := serve(t, map[string]string{"/a": "<p>Read me</p>"}, nil)
	b := open(t, Options{}, s.URL)
	b.path = script(t, "echo no usable sandbox >&2; exit 1")
	_, err := b.Get(context.Background(), Request{Request: crawl.Request{URL: s.URL + "/a"}})
	if err == nil || !strings.Contains(err.Error(), "start Chromium") || !strings.Contains(err.Error(), "no usable sandbox") {
		t.Errorf("error %v", err)
	}
	// One that says nothing is waited for no longer than the caller wishes.
	b.path = script(t, "exec sleep 600")
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if _, err := b.Get(ctx, Request{Request: crawl.Request{URL: s.URL + "/a"}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want that of the context", err)
	}
}
