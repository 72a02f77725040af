package crawl

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

// A paper is a server with a robots.txt that can be changed, and counts who
// asks for it.
type paper struct {
	*httptest.Server
	robots http.HandlerFunc
	asked  int // for robots.txt
	served int // everything else
}

func newPaper(t *testing.T) *paper {
	p := &paper{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/robots") {
			p.asked++
			p.robots(w, r)
			return
		}
		p.served++
		if strings.HasPrefix(r.URL.Path, "/to/") {
			http.Redirect(w, r, strings.TrimPrefix(r.URL.Path, "/to"), http.StatusFound)
		}
	}))
	t.Cleanup(p.Close)
	return p
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, s) }
}

func code(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(status) }
}

func TestGetObeysRobots(t *testing.T) {
	p := newPaper(t)
	p.robots = text("User-agent: *\nDisallow: /drafts/\nDisallow: /*?print=\n")
	c, _ := newTestClient(t, Options{}, testTimes, addr(p.Server))
	for path, want := range map[string]Failure{
		"/news": "", "/drafts/1": FailRobots, "/d%72afts/1": FailRobots, "/news?print=1": FailRobots, "/to/news": "", "/to/drafts/1": FailRobots,
	} {
		f := get(t, c, Request{URL: p.URL + path})
		wantFailure(t, f, want)
		if f.Robots.Allowed != (want == "") || want != "" && !strings.HasPrefix(f.Robots.Rule, "Disallow: /") {
			t.Errorf("%s: verdict %+v", path, f.Robots)
		}
		if want != "" && f.Status != 0 {
			t.Errorf("%s: status %d of the hop before is left", path, f.Status)
		}
	}
	if p.served != 4 || p.asked != 1 { // news, to/news and news, to/drafts/1
		t.Errorf("%d requests served, robots.txt asked for %d times", p.served, p.asked)
	}
}

func TestRobotsAnswers(t *testing.T) {
	elsewhere := newPaper(t)
	elsewhere.robots = text("User-agent: *\nDisallow: /drafts/\n")
	location := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { w.Header().Set("Location", to); w.WriteHeader(301) }
	}
	steps := func(n int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if left := n - len(r.URL.RawQuery); left > 0 {
				location("/robots.txt?"+r.URL.RawQuery+"x")(w, r)
				return
			}
			text("User-agent: *\nDisallow: /drafts/\n")(w, r)
		}
	}
	large := "User-agent: *\nDisallow: /drafts/\n#" + strings.Repeat("x", 2*MaxRobots)
	tests := []struct {
		name         string
		robots       http.HandlerFunc
		news, drafts Failure
	}{
		{"rules", text("User-agent: stet\nDisallow: /drafts/\n"), "", FailRobots},
		{"empty", text(""), "", ""},
		{"a page of HTML", text("<html><p>User-agent: *</p></html>"), "", ""},
		{"larger than is read", text(large), "", FailRobots},
		{"larger than is read, packed", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(encode(t, []byte(large), "gzip"))
		}, "", FailRobots},
		{"not found", code(404), "", ""},
		{"forbidden", code(403), "", ""},
		{"gone", code(410), "", ""},
		{"a server error", code(500), FailRobots, FailRobots},
		{"unavailable", code(503), FailRobots, FailRobots},
		{"too many requests", code(429), FailRobots, FailRobots},
		{"304 unasked", code(304), FailRobots, FailRobots},
		{"five redirects", steps(5), "", FailRobots},
		{"six redirects", steps(6), "", ""},
		{"a redirect in a circle", location("/robots.txt"), "", ""},
		{"a redirect to another host", location(elsewhere.URL + "/robots.txt"), "", FailRobots},
		{"a redirect to a private network", location("http://10.0.0.1/robots.txt"), FailRobots, FailRobots},
		{"a redirect to a file", location("file:///robots.txt"), FailRobots, FailRobots},
		{"undecodable", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "rot13")
			fmt.Fprint(w, "Hfre-ntrag: *")
		}, FailRobots, FailRobots},
		{"cut short", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			fmt.Fprint(w, "User-agent: *\n")
		}, FailRobots, FailRobots},
	}
	for _, x := range tests {
		t.Run(x.name, func(t *testing.T) {
			p := newPaper(t)
			p.robots = x.robots
			c, k := newTestClient(t, Options{}, testTimes, addr(p.Server), addr(elsewhere.Server))
			news := get(t, c, Request{URL: p.URL + "/news"})
			wantFailure(t, news, x.news)
			wantFailure(t, get(t, c, Request{URL: p.URL + "/drafts/1"}), x.drafts)
			if x.news != "" && (!news.NotBefore.After(k.now()) || !strings.Contains(news.Robots.Why, "cannot be had")) {
				t.Errorf("not before %v, %+v", news.NotBefore, news.Robots)
			}
			if x.news != "" && p.served != 0 {
				t.Errorf("%d articles were asked for all the same", p.served)
			}
		})
	}
}

// A host that is down is called so, not "forbidden by robots.txt".
func TestRobotsHostDown(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	down := ln.Addr().String()
	resolver := nameServer(t, func(string) []netip.Addr { return nil })
	c, k := newTestClient(t, Options{Resolver: resolver}, testTimes, down)
	for url, want := range map[string]Failure{
		"http://" + down + "/a": FailConnect, "http://gone.example.org/a": FailNoName, "http://10.0.0.1/a": FailAddress,
	} {
		f := get(t, c, Request{URL: url})
		wantFailure(t, f, want)
		if f.Robots.Allowed || f.NotBefore.Sub(k.now()) > RobotsRetry || f.NotBefore.IsZero() {
			t.Errorf("%s: %+v, not before %v", url, f.Robots, f.NotBefore)
		}
	}
}

// The life of a robots.txt: kept for a day, then asked for again; while that
// fails, good for another day; then nothing is allowed until it comes back.
func TestRobotsAge(t *testing.T) {
	p := newPaper(t)
	rules := text("User-agent: *\nDisallow: /drafts/\n")
	p.robots = rules
	c, k := newTestClient(t, Options{}, testTimes, addr(p.Server))
	allowed := func(path string) (Verdict, bool) {
		v, err := c.Robots(context.Background(), p.URL+path)
		if err != nil {
			t.Fatal(err)
		}
		return v, v.Allowed
	}
	steps := []struct {
		name         string
		wait         time.Duration
		robots       http.HandlerFunc
		asked        int // so far
		news, drafts bool
	}{
		{"first", 0, rules, 1, true, false},
		{"early enough", RobotsTTL - RobotsMargin - RobotsSpread, code(500), 1, true, false},
		{"before a day is over: asked again, in vain", RobotsSpread, code(500), 2, true, false},
		{"not asked again at once", RobotsRetry - DefaultPace - time.Second, code(500), 2, true, false},
		{"but soon", time.Minute, code(500), 3, true, false},
		{"the end of grace", RobotsGrace + RobotsMargin, code(500), 4, false, false},
		{"back, with other rules", RobotsRetry, text("User-agent: *\nDisallow: /news\n"), 5, false, true},
		{"not found any more", RobotsTTL, code(404), 6, true, true},
		{"a clock set back by a year: the copy is as old as before", -365 * 24 * time.Hour, rules, 6, true, true},
		{"and ages as before", RobotsTTL, rules, 7, true, false},
		{"a clock set forward by a year", 365 * 24 * time.Hour, code(404), 8, true, true},
	}
	for _, x := range steps {
		k.advance(x.wait)
		p.robots = x.robots
		v, news := allowed("/news")
		if _, drafts := allowed("/drafts/1"); news != x.news || drafts != x.drafts || p.asked != x.asked {
			t.Errorf("%s: news %v, drafts %v, asked %d times; %+v", x.name, news, drafts, p.asked, v)
		}
		if x.asked == 3 && !strings.Contains(v.Why, "by the copy of ") {
			t.Errorf("%s: the verdict does not tell that its rules are old: %+v", x.name, v)
		}
	}
}

// After Retry-After on robots.txt it is asked for as soon as the host allows.
func TestRobotsRetryAfter(t *testing.T) {
	p := newPaper(t)
	p.robots = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "600")
		w.WriteHeader(429)
	}
	c, k := newTestClient(t, Options{}, testTimes, addr(p.Server))
	f := get(t, c, Request{URL: p.URL + "/news"})
	if wantFailure(t, f, FailRobots); f.NotBefore.Sub(k.now()) != 10*time.Minute {
		t.Errorf("not before %v", f.NotBefore)
	}
	k.advance(RobotsRetry)
	until := f.NotBefore
	f = get(t, c, Request{URL: p.URL + "/news"})
	if wantFailure(t, f, FailRate); !f.NotBefore.Equal(until) || p.asked != 1 {
		t.Errorf("not before %v, asked %d times", f.NotBefore, p.asked)
	}
	k.advance(RobotsRetry)
	p.robots = text("")
	wantFailure(t, get(t, c, Request{URL: p.URL + "/news"}), "")
}

func TestCrawlDelayIsAFloor(t *testing.T) {
	for line, want := range map[string]time.Duration{"7": 7 * time.Second, "1": DefaultPace, "3600": MaxCrawlDelay} {
		p := newPaper(t)
		p.robots = text("User-agent: *\nCrawl-delay: " + line + "\n")
		c, k := newTestClient(t, Options{}, testTimes, addr(p.Server))
		get(t, c, Request{URL: p.URL + "/news"})
		k.sleeps()
		get(t, c, Request{URL: p.URL + "/sport"})
		if s := k.sleeps(); len(s) != 1 || s[0] != want {
			t.Errorf("Crawl-delay %s: slept %v", line, s)
		}
	}
}

func TestSitemaps(t *testing.T) {
	p := newPaper(t)
	p.robots = text("Sitemap: https://press.example.org/a.xml\nsitemap:/b.xml\nSitemap: file:///etc/passwd\nSitemap: http://[\n")
	c, _ := newTestClient(t, Options{}, testTimes, addr(p.Server))
	want := []string{"https://press.example.org/a.xml", p.URL + "/b.xml"}
	if got := c.Sitemaps(context.Background(), p.URL+"/news"); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := c.Sitemaps(context.Background(), "http://10.0.0.1/"); got != nil {
		t.Errorf("a host that is not asked: %v", got)
	}
	if v, err := c.Robots(context.Background(), "file:///etc/passwd"); err != nil || v.Allowed || v.Why == "" {
		t.Errorf("no address: %+v, %v", v, err)
	}
}

func TestRobotsForgets(t *testing.T) {
	rc := newRobotsCache()
	began := stamp{wall: time.Date(2031, 5, 4, 9, 0, 0, 0, time.UTC)}
	later := func(d time.Duration) stamp { return stamp{began.wall.Add(d), d} }
	rc.most = 3
	for i, o := range []*origin{rc.use("a", began), rc.use("b", began), rc.use("c", began)} {
		if o.copyAt = began; i > 0 {
			rc.forget(o)
		}
	}
	rc.use("d", later(RobotsTTL+RobotsGrace-1))
	if len(rc.origins) != 4 {
		t.Errorf("%d origins: some were forgotten while they counted", len(rc.origins))
	}
	rc.use("e", later(RobotsTTL+RobotsGrace))
	if len(rc.origins) != 3 || rc.origins["a"] == nil {
		t.Errorf("%d origins, the one in use among them: %v", len(rc.origins), rc.origins["a"] != nil)
	}
}

// Copies that came together do not come due together, and none is ever used
// for a day.
func TestRobotsSpread(t *testing.T) {
	rc := newRobotsCache()
	var hours [4]int
	for i := range 400 {
		o := rc.use(fmt.Sprintf("https://press%d.example.org", i), stamp{})
		early := RobotsTTL - o.fresh
		if early < RobotsMargin || early >= RobotsMargin+RobotsSpread {
			t.Fatalf("origin %d: asked again %v before a day is over", i, early)
		}
		hours[4*(early-RobotsMargin)/RobotsSpread]++
	}
	if slices.Min(hours[:]) < 50 {
		t.Errorf("by quarters of the spread: %v of 400", hours)
	}
}
