package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestGetArticle(t *testing.T) {
	page := strings.Repeat("<p>The bridge stays closed until Friday.</p>\n", 50)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "br")
		w.Header().Set("ETag", `"v1"`)
		w.Write(encode(t, []byte(page), "br"))
	})
	c, k := newTestClient(t, Options{UserAgent: UserAgent("9.1", "https://stet.example.org/bot; desk@example.org")}, testTimes, addr(s))
	f := get(t, c, Request{URL: s.URL + "/news/bridge#comments"})
	wantFailure(t, f, "")
	if string(f.Body) != page || len(f.Wire) == 0 || len(f.Wire) >= len(page) {
		t.Errorf("%d bytes on the wire, %d decoded", len(f.Wire), len(f.Body))
	}
	if f.URL != s.URL+"/news/bridge#comments" || f.Final != s.URL+"/news/bridge" || len(f.Hops) != 0 {
		t.Errorf("url %s, final %s, hops %v", f.URL, f.Final, f.Hops)
	}
	if f.Status != 200 || f.Proto != "HTTP/1.1" || f.RemoteAddr != addr(s) || !f.Delimited || f.Took <= 0 || f.FirstByte <= 0 {
		t.Errorf("%+v", f)
	}
	if want := "stet/9.1 (+https://stet.example.org/bot; desk@example.org)"; f.RequestHeader.Get("User-Agent") != want {
		t.Errorf("user agent %q", f.RequestHeader.Get("User-Agent"))
	}
	if !f.Robots.Allowed || f.Robots.Why == "" {
		t.Errorf("robots %+v", f.Robots)
	}
	if slept := k.sleeps(); len(slept) != 1 || slept[0] != DefaultPace || f.End.Sub(f.Start) != DefaultPace {
		t.Errorf("slept %v between robots.txt and the article; %v to %v", slept, f.Start, f.End)
	}
	text := f.HeaderText()
	if !strings.HasPrefix(text, "HTTP/1.1 200 OK\r\n") || !strings.Contains(text, "\r\nEtag: \"v1\"\r\n") {
		t.Errorf("header text %q", text)
	}
}

func TestUserAgent(t *testing.T) {
	for _, x := range []struct{ version, contact, want string }{
		{"0.1", "", "stet/0.1"},
		{"", "desk@example.org", "stet (+desk@example.org)"},
		{"0.1\r\nX: y", "a(b)\tü", "stet/0.1X:y (+ab)"},
	} {
		if got := UserAgent(x.version, x.contact); got != x.want {
			t.Errorf("got %q, want %q", got, x.want)
		}
	}
}

// A document that does not change is asked for with what was told before.
func TestGetConditional(t *testing.T) {
	var seen http.Header
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		switch {
		case r.URL.Path == "/redirected":
			http.Redirect(w, r, "/redirected/", http.StatusMovedPermanently)
		case r.URL.Path == "/gone":
			http.Redirect(w, r, "/", http.StatusFound)
		case r.Header.Get("If-None-Match") == `W/"a b"`:
			w.WriteHeader(304)
		}
	})
	c, _ := newTestClient(t, Options{}, testTimes, addr(s))
	validators := Request{ETag: `W/"a b"`, LastModified: "yesterday, about noon"}
	ask := func(path string, change func(*Request)) Fetch {
		r := validators
		r.URL = s.URL + path
		if change != nil {
			change(&r)
		}
		return get(t, c, r)
	}
	f := ask("/a", nil)
	wantFailure(t, f, "")
	if f.Status != 304 || seen.Get("If-Modified-Since") != "yesterday, about noon" {
		t.Errorf("status %d, sent %v", f.Status, seen)
	}
	if f := ask("/redirected", nil); f.Status != 304 {
		t.Errorf("redirect to the same article: status %d", f.Status)
	}
	if f := ask("/gone", nil); f.Status != 200 || seen.Get("If-None-Match") != "" {
		t.Errorf("redirect to the front page: status %d, sent %v", f.Status, seen)
	}
	if f := ask("/a", func(r *Request) { r.Fresh = true }); f.Status != 200 || seen.Get("Cache-Control") != "no-cache" {
		t.Errorf("fresh: status %d, sent %v", f.Status, seen)
	}
	ask("/a", func(r *Request) { r.ETag = "a\r\nX: y"; r.LastModified = strings.Repeat("x", maxValidator+1) })
	if seen.Get("If-None-Match") != "" || seen.Get("If-Modified-Since") != "" || seen.Get("X") != "" {
		t.Errorf("bad validators were sent: %v", seen)
	}
}

// A confirming fetch must not be answered over the connection, and so perhaps
// by the same broken cache node, that gave the first answer.
func TestGetFreshConnection(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.RemoteAddr) })
	c, _ := newTestClient(t, Options{}, testTimes, addr(s))
	one := get(t, c, Request{URL: s.URL})
	two := get(t, c, Request{URL: s.URL})
	three := get(t, c, Request{URL: s.URL, Fresh: true})
	if !bytes.Equal(one.Body, two.Body) || bytes.Equal(two.Body, three.Body) {
		t.Errorf("connections %s, %s, %s", one.Body, two.Body, three.Body)
	}
}

func TestGetRedirects(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		if _, err := fmt.Sscanf(r.URL.Path, "/%d", &n); err == nil && n > 0 {
			w.Header().Set("Location", fmt.Sprintf("%d?from=%d#x", n-1, n))
			w.WriteHeader([]int{301, 302, 303, 307, 308}[n%5])
			return
		}
		fmt.Fprint(w, "arrived")
	})
	c, k := newTestClient(t, Options{}, testTimes, addr(s))
	f := get(t, c, Request{URL: s.URL + "/5"})
	wantFailure(t, f, "")
	if len(f.Hops) != MaxRedirects || f.Final != s.URL+"/0?from=1" || string(f.Body) != "arrived" {
		t.Errorf("hops %v, final %s", f.Hops, f.Final)
	}
	if h := f.Hops[1]; h.URL != s.URL+"/4?from=5" || h.Status != 308 || h.Location != "3?from=4#x" {
		t.Errorf("second hop %+v", h)
	}
	if slept := k.sleeps(); len(slept) != 6 {
		t.Errorf("each hop is a request to be paced: slept %v", slept)
	}
	f = get(t, c, Request{URL: s.URL + "/6"})
	wantFailure(t, f, FailRedirects)
	if len(f.Hops) != MaxRedirects || f.Status != 302 {
		t.Errorf("%d hops, status %d", len(f.Hops), f.Status)
	}
}

// Where a redirect may not lead.
func TestGetRedirectTargets(t *testing.T) {
	location := ""
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", location)
		w.WriteHeader(302)
	})
	other := serve(t, func(w http.ResponseWriter, r *http.Request) { t.Error("a server that is not allowed was reached") })
	c, _ := newTestClient(t, Options{}, testTimes, addr(s))
	for target, want := range map[string]Failure{
		"file:///etc/passwd": FailURL, "javascript:alert(1)": FailURL, "gopher://127.0.0.1:70/x": FailURL, "http://[::1": FailURL,
		"http://ana:pw@press.example.org/": FailURL, "/" + strings.Repeat("a", MaxURL): FailURL,
		"http://169.254.169.254/latest/meta-data/": FailAddress, "//127.0.0.1/": FailAddress, other.URL: FailAddress,
		"http://[::ffff:127.0.0.1]/": FailAddress, "http://168.63.129.16/": FailAddress, "": FailRedirects, "/": FailRedirects,
	} {
		location = target
		f := get(t, c, Request{URL: s.URL})
		wantFailure(t, f, want)
		if want == FailAddress && len(f.Hops) != 1 {
			t.Errorf("%q: hops %v", target, f.Hops)
		}
	}
}

// Some walls send a visitor in circles until it shows a cookie; the next visit
// comes without again.
func TestGetCookies(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if _, err := r.Cookie("pass"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "pass", Value: "1"})
			http.SetCookie(w, &http.Cookie{Name: "big", Value: strings.Repeat("x", maxCookie)})
			for i := range 2 * maxCookies {
				http.SetCookie(w, &http.Cookie{Name: fmt.Sprint("c", i), Value: "1"})
			}
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "kept", Value: "1"})
		fmt.Fprint(w, len(r.Cookies()), " cookies")
	})
	c, _ := newTestClient(t, Options{}, testTimes, addr(s))
	for range 2 {
		f := get(t, c, Request{URL: s.URL + "/a"})
		wantFailure(t, f, "")
		if len(f.Hops) != 1 || string(f.Body) != fmt.Sprint(maxCookies, " cookies") {
			t.Errorf("hops %v, body %q", f.Hops, f.Body)
		}
	}
}

func TestGetRetryAfter(t *testing.T) {
	var asked atomic.Int32
	status, after := 503, "120"
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		w.Header().Set("Retry-After", after)
		w.WriteHeader(status)
	})
	c, k := newTestClient(t, Options{}, testTimes, addr(s))
	for _, x := range []struct {
		status int
		after  string
		window time.Duration
	}{{503, "120", 2 * time.Minute}, {429, "-5", 2 * MinBackOff}, {429, "Fri, 31 Dec 9999 23:59:59 GMT", MaxRetryAfter}, {429, "0", 0}, {200, "120", 0}} {
		status, after = x.status, x.after
		f := get(t, c, Request{URL: s.URL})
		wantFailure(t, f, "")
		if x.window == 0 {
			if !f.NotBefore.IsZero() {
				t.Errorf("%v: not before %v", x, f.NotBefore)
			}
			continue
		}
		if f.Status != x.status || f.NotBefore.Sub(k.now()) != x.window {
			t.Errorf("%v: status %d, not before %v", x, f.Status, f.NotBefore)
		}
		k.sleeps()
		n := asked.Load()
		inside := get(t, c, Request{URL: s.URL + "/another"})
		wantFailure(t, inside, FailRate)
		if !inside.NotBefore.Equal(f.NotBefore) || asked.Load() != n || len(k.sleeps()) != 0 {
			t.Errorf("%v: inside the window: %+v", x, inside)
		}
		k.advance(x.window)
	}
}

func TestGetSizes(t *testing.T) {
	size := 0
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/announced" {
			w.Header().Set("Content-Length", fmt.Sprint(size))
		}
		piece := make([]byte, 1<<16)
		for left := size; left > 0; left -= len(piece) {
			if _, err := w.Write(piece[:min(left, len(piece))]); err != nil {
				return
			}
		}
	})
	c, _ := newTestClient(t, Options{}, testTimes, addr(s))
	for _, x := range []struct {
		want Want
		most int
	}{{Article, MaxWire}, {Feed, MaxFeed}} {
		for _, path := range []string{"/announced", "/flowing"} {
			size = x.most
			f := get(t, c, Request{URL: s.URL + path, Want: x.want})
			wantFailure(t, f, "")
			if len(f.Body) != x.most {
				t.Errorf("at the limit: %d bytes", len(f.Body))
			}
			size++
			f = get(t, c, Request{URL: s.URL + path, Want: x.want})
			wantFailure(t, f, FailTooLarge)
			if len(f.Wire) > MaxWire {
				t.Errorf("over the limit: %d bytes kept", len(f.Wire))
			}
		}
	}
}

// Sitemaps are often gzip files rather than gzip-encoded.
func TestGetSitemap(t *testing.T) {
	small, large := encode(t, []byte("<urlset/>"), "gzip"), encode(t, noise(MaxFeed+1), "gzip")
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/gzip")
		if r.URL.Path == "/large" {
			w.Write(large)
			return
		}
		w.Write(small)
	})
	c, _ := newTestClient(t, Options{}, testTimes, addr(s))
	if f := get(t, c, Request{URL: s.URL, Want: Sitemap}); string(f.Body) != "<urlset/>" {
		t.Errorf("got %q, %s", f.Body, f.Reason)
	}
	if f := get(t, c, Request{URL: s.URL + "/large", Want: Sitemap}); len(f.Body) != MaxFeed+1 {
		t.Errorf("got %d bytes, %s", len(f.Body), f.Reason)
	}
	if f := get(t, c, Request{URL: s.URL}); string(f.Body) == "<urlset/>" {
		t.Error("an article was unpacked")
	}
}

// The hops of a fetch share one time limit; waiting for the pace is not in it.
func TestGetTimeout(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(300 * time.Millisecond)
		http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
	})
	tm := testTimes
	tm.total = 800 * time.Millisecond
	c, k := newTestClient(t, Options{Pace: time.Hour}, tm, addr(s))
	f := get(t, c, Request{URL: s.URL + "/"})
	wantFailure(t, f, FailTimeout)
	if f.Took > f.End.Sub(f.Start) || len(k.sleeps()) == 0 {
		t.Errorf("took %v of %v", f.Took, f.End.Sub(f.Start))
	}
}

func TestGetCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	c, _ := newTestClient(t, Options{}, testTimes, addr(s))
	f, err := c.Get(ctx, Request{URL: s.URL})
	if !errors.Is(err, context.Canceled) || f.Final != s.URL+"/" {
		t.Errorf("%+v, %v", f, err)
	}
	if _, err := c.Get(ctx, Request{URL: s.URL}); !errors.Is(err, context.Canceled) {
		t.Errorf("with a dead context: %v", err)
	}
	if _, err := c.Robots(ctx, "https://press.example.org/"); !errors.Is(err, context.Canceled) {
		t.Errorf("robots with a dead context: %v", err)
	}
}

func TestHeaderTextLimit(t *testing.T) {
	f := Fetch{Status: 200, Proto: "HTTP/1.1", StatusLine: "200 OK", Header: http.Header{"A": {"1", "2"}, "B": {strings.Repeat("x", MaxHeaderText)}, "C": {"3"}}}
	if got := f.HeaderText(); got != "HTTP/1.1 200 OK\r\nA: 1\r\nA: 2\r\nC: 3\r\n" {
		t.Errorf("got %d bytes: %.80q", len(got), got)
	}
	f.Header = http.Header{"B": {strings.Repeat("x", MaxHeaderText-len("HTTP/1.1 200 OK\r\nB: \r\n"))}}
	if got := f.HeaderText(); len(got) != MaxHeaderText {
		t.Errorf("at the limit: %d bytes", len(got))
	}
	if got := (Fetch{}).HeaderText(); got != "" {
		t.Errorf("no response: %q", got)
	}
}

func TestNewOptions(t *testing.T) {
	var log bytes.Buffer
	allow, _ := ParseAllowNet("127.0.0.1/32:8080,[::1]/128:8080")
	c, err := New(Options{Allow: allow, Pace: MaxPace, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil || c.times.total != DefaultTimeout {
		t.Fatalf("%+v, %v", c, err)
	}
	if n := strings.Count(log.String(), "level=WARN"); n != 2 || !strings.Contains(log.String(), "[::1]/128:8080") {
		t.Errorf("log: %s", log.String())
	}
	if c, err := New(Options{}); err != nil || c.pace != DefaultPace || c.agent != ProductToken {
		t.Errorf("%+v, %v", c, err)
	}
	for name, o := range map[string]Options{
		"negative pace": {Pace: -1}, "pace over the limit": {Pace: MaxPace + 1}, "negative timeout": {Timeout: -1},
		"half a clock": {Now: time.Now}, "user agent of two lines": {UserAgent: "a\nb"}, "no port": {Allow: []AllowNet{{Prefix: allow[0].Prefix}}},
		"no prefix": {Allow: []AllowNet{{Port: 80}}},
	} {
		if _, err := New(o); err == nil || !strings.HasPrefix(err.Error(), "crawl options: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Many visitors to one real server: one request at a time.
func TestGetOneAtATime(t *testing.T) {
	var inside, most atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := inside.Add(1); n > most.Load() {
			most.Store(n)
		}
		time.Sleep(time.Millisecond)
		inside.Add(-1)
	}))
	defer s.Close()
	c, k := newTestClient(t, Options{Pace: time.Second}, testTimes, addr(s))
	done := make(chan error)
	for i := range 8 {
		go func() {
			_, err := c.Get(context.Background(), Request{URL: fmt.Sprint(s.URL, "/", i)})
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if most.Load() != 1 || len(k.sleeps()) != 8 { // robots.txt once, then eight articles
		t.Errorf("%d at a time", most.Load())
	}
}
