package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

func TestOneTimeLink(t *testing.T) {
	d := newDesk(t, nil)
	if a := d.get("/admin"); a.StatusCode != 403 || !strings.Contains(a.body, "stet serve") {
		t.Errorf("/admin without a session = %d", a.StatusCode)
	}
	if a := d.get("/admin?token=wrong"); a.StatusCode != 403 || len(a.Cookies()) != 0 {
		t.Errorf("a wrong link = %d", a.StatusCode)
	}
	d.do(httptest.NewRequest("HEAD", "/admin?token=first-token", nil))
	d.get("/admin?token=first-token", "Sec-Purpose", "prefetch")
	a := d.get("/admin?token=first-token")
	if a.StatusCode != 303 || a.Header.Get("Location") != "/admin" || len(a.Cookies()) != 1 {
		t.Fatalf("the link = %d, %d cookies", a.StatusCode, len(a.Cookies()))
	}
	c := a.Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Secure || c.Name != "stet" {
		t.Errorf("cookie %+v", c)
	}
	if a := d.get("/admin?token=first-token"); a.StatusCode != 403 {
		t.Errorf("the link works twice: %d", a.StatusCode)
	}
	if a := d.get("/admin", "Cookie", c.String()); a.StatusCode != 200 || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("/admin with the session = %d %s", a.StatusCode, a.Header.Get("Cache-Control"))
	}
	d.wait(SessionLife)
	if a := d.get("/admin", "Cookie", c.String()); a.StatusCode != 403 {
		t.Errorf("the session outlives its time: %d", a.StatusCode)
	}
}

func TestLinkGetsOld(t *testing.T) {
	d := newDesk(t, func(o *Options) { o.AdminToken = "" })
	link, late := d.site.AdminLink(), d.site.AdminLink()
	d.wait(AdminLinkLife - time.Second)
	if a := d.get(link); a.StatusCode != 303 {
		t.Errorf("a link just in time = %d", a.StatusCode)
	}
	d.wait(time.Second)
	if a := d.get(late); a.StatusCode != 403 {
		t.Errorf("a link too late = %d", a.StatusCode)
	}
	if a := d.get("/admin?token="); a.StatusCode != 403 {
		t.Errorf("an empty token = %d", a.StatusCode)
	}
}

func TestSecureCookie(t *testing.T) {
	d := newDesk(t, func(o *Options) { o.BaseURL = "https://stet.example.org/" })
	if c := d.enter(); c.Name != "__Host-stet" || !c.Secure || c.Domain != "" {
		t.Errorf("cookie %+v", c)
	}
}

func TestManySessions(t *testing.T) {
	d := newDesk(t, nil)
	first := d.enter()
	for range MaxSessions - 1 {
		d.wait(time.Second)
		d.enter()
	}
	if a := d.get("/admin", "Cookie", first.String()); a.StatusCode != 200 {
		t.Errorf("with MaxSessions sessions the first = %d", a.StatusCode)
	}
	d.wait(time.Second)
	last := d.enter()
	if a := d.get("/admin", "Cookie", first.String()); a.StatusCode != 403 {
		t.Errorf("with one more the first = %d", a.StatusCode)
	}
	if a := d.get("/admin", "Cookie", last.String()); a.StatusCode != 200 {
		t.Errorf("the last = %d", a.StatusCode)
	}
	if a := d.post(last, "/admin/leave", nil); a.StatusCode != 303 || a.Cookies()[0].MaxAge >= 0 {
		t.Errorf("leave = %d %v", a.StatusCode, a.Cookies())
	}
	if a := d.get("/admin", "Cookie", last.String()); a.StatusCode != 403 {
		t.Errorf("after leaving = %d", a.StatusCode)
	}
}

func TestAddRequest(t *testing.T) {
	d := newDesk(t, nil)
	c := d.enter()
	a := d.post(c, "/admin/requests", url.Values{"url": {" news.example.org/front?utm_source=x "}, "name": {"The News"}})
	if a.StatusCode != 303 || a.Header.Get("Location") != "/admin/requests/1" {
		t.Fatalf("add = %d %s", a.StatusCode, a.Header.Get("Location"))
	}
	req, err := d.store.Request(context.Background(), 1)
	if err != nil || req.URL != "https://news.example.org/front" || req.Name != "The News" || req.State != store.RequestPending {
		t.Errorf("request %+v, %v", req, err)
	}
	page := d.get("/admin/requests/1", "Cookie", c.String())
	if page.Header.Get("Refresh") != refresh || !strings.Contains(page.body, "Pending") {
		t.Errorf("a pending request does not look again: %v", page.Header)
	}
	lease, _, err := d.store.LeaseNamed(context.Background(), "news.example.org", time.Minute)
	d.must(err)
	d.must(d.store.FinishRequest(context.Background(), lease, 1, true, "a feed with 12 entries"))
	page = d.get("/admin/requests/1", "Cookie", c.String())
	if page.Header.Get("Refresh") != "" || !strings.Contains(page.body, "Done: a feed with 12 entries") {
		t.Error("a request that is done looks again, or hides its result")
	}
	for _, bad := range []string{"", "ftp://x/", "https://", "javascript:alert(1)", strings.Repeat("a", MaxFormText+1)} {
		if a := d.post(c, "/admin/requests", url.Values{"url": {bad}}); a.StatusCode != 400 {
			t.Errorf("add %.30q = %d, want 400", bad, a.StatusCode)
		}
	}
	if a := d.get("/admin/requests/2", "Cookie", c.String()); a.StatusCode != 404 {
		t.Errorf("no such request = %d", a.StatusCode)
	}
}

// TestFeedPaces: the page of a source tells how its feeds are visited, and warns of
// one whose entries may have been missed, for a time.
func TestFeedPaces(t *testing.T) {
	d := newDesk(t, nil)
	d.source("courier", "The Lessing Courier")
	d.must(addWatched(d))
	ctx := context.Background()
	feeds, err := d.store.Feeds(ctx, 0)
	d.must(err)
	d.must(d.store.SetFeedPeriod(ctx, feeds[1].ID, 0))
	const warning = "Entries may have been missed"
	page := d.get("/sources/courier")
	if !strings.Contains(page.body, "visited every 60 minutes") || !strings.Contains(page.body, "visited at its own pace") || strings.Contains(page.body, warning) {
		t.Error("the pace of feeds is not told, or a warning for nothing")
	}
	for ago, want := range map[time.Duration]int{time.Hour: 1, news.OutrunTime + time.Hour: 0} {
		lease, _, err := d.store.LeaseNamed(ctx, "courier.example.org", time.Minute)
		d.must(err)
		f := feeds[1]
		f.LastVisit = d.at
		f.OutrunAt = f.LastVisit.Add(-ago)
		_, err = d.store.RecordFeedVisit(ctx, lease, store.FeedVisit{Feed: f})
		d.must(err)
		d.must(d.store.ReleaseHost(ctx, lease, time.Time{}))
		if n := strings.Count(d.get("/sources/courier").body, warning); n != want {
			t.Errorf("outrun %v ago: %d warnings, want %d", ago, n, want)
		}
	}
}

func TestFeedsOfAdmin(t *testing.T) {
	d := newDesk(t, nil)
	d.source("courier", "The Lessing Courier")
	d.must(addWatched(d))
	c, ctx := d.enter(), context.Background()
	feeds := func() []news.Feed {
		f, err := d.store.Feeds(ctx, 0)
		d.must(err)
		return f
	}
	n := id(feeds()[0].ID).String()
	if a := d.post(c, "/admin/feeds/"+n+"/pause", nil); a.StatusCode != 303 || !feeds()[0].Due.IsZero() {
		t.Errorf("pause = %d", a.StatusCode)
	}
	if page := d.get("/admin", "Cookie", c.String()); len(find(page.doc, "form", "action=/admin/feeds/"+n+"/resume")) != 1 {
		t.Error("a paused feed cannot be resumed")
	}
	if a := d.post(c, "/admin/feeds/"+n+"/resume", nil); a.StatusCode != 303 || feeds()[0].Due.IsZero() {
		t.Errorf("resume = %d", a.StatusCode)
	}
	if a := d.post(c, "/admin/feeds/"+n+"/remove", nil); a.StatusCode != 303 || len(feeds()) != 1 {
		t.Errorf("remove = %d, %d feeds", a.StatusCode, len(feeds()))
	}
	if a := d.post(c, "/admin/feeds/"+n+"/pause", nil); a.StatusCode != 404 {
		t.Errorf("pause what is removed = %d", a.StatusCode)
	}
}

func TestFiltersOfAdmin(t *testing.T) {
	d := newDesk(t, nil)
	src := d.source("courier", "The Lessing Courier")
	c, ctx := d.enter(), context.Background()
	longest := strings.Repeat("x", news.MaxPattern)
	for _, tt := range []struct {
		name string
		form url.Values
		want int
	}{
		{"drop by address", url.Values{"pattern": {"/sport/"}, "field": {"url"}, "keep": {"0"}}, 303},
		{"keep by title, of one source", url.Values{"pattern": {"(?i)ferry"}, "field": {"title"}, "keep": {"1"}, "source": {"courier"}}, 303},
		{"the longest pattern", url.Values{"pattern": {longest}, "field": {"url"}}, 303},
		{"one byte longer", url.Values{"pattern": {longest + "x"}, "field": {"url"}}, 400},
		{"no pattern", url.Values{"field": {"url"}}, 400},
		{"a pattern that is none", url.Values{"pattern": {"("}, "field": {"url"}}, 400},
		{"another field", url.Values{"pattern": {"x"}, "field": {"body"}}, 400},
		{"no such source", url.Values{"pattern": {"x"}, "field": {"url"}, "source": {"none"}}, 404},
	} {
		if a := d.post(c, "/admin/filters", tt.form); a.StatusCode != tt.want {
			t.Errorf("%s = %d, want %d", tt.name, a.StatusCode, tt.want)
		}
	}
	filters, err := d.store.Filters(ctx)
	if err != nil || len(filters) != 3 || !filters[1].Keep || filters[1].SourceID != src.ID || filters[1].Field != news.FieldTitle {
		t.Fatalf("filters %+v, %v", filters, err)
	}
	if a := d.post(c, "/admin/filters/"+id(filters[0].ID).String()+"/remove", nil); a.StatusCode != 303 {
		t.Errorf("remove = %d", a.StatusCode)
	}
	if filters, _ = d.store.Filters(ctx); len(filters) != 2 {
		t.Errorf("%d filters are left", len(filters))
	}
}

func TestHideOfAdmin(t *testing.T) {
	d := filled(t, nil)
	c := d.enter()
	if a := d.post(c, "/admin/hide", url.Values{"article": {id(d.ids["single"]).String()}}); a.StatusCode != 400 {
		t.Errorf("without a reason = %d", a.StatusCode)
	}
	for _, which := range []string{id(d.ids["single"]).String(), "https://courier.example.org/news/bridge?utm_source=x"} {
		if a := d.post(c, "/admin/hide", url.Values{"article": {which}, "reason": {"order 9"}}); a.StatusCode != 303 {
			t.Errorf("hide %s = %d", which, a.StatusCode)
		}
	}
	for _, name := range []string{"single", "bridge"} {
		if a := d.get(d.path("/articles/%d", name)); a.StatusCode != 410 {
			t.Errorf("%s = %d, want 410", name, a.StatusCode)
		}
	}
	if a := d.post(c, "/admin/hide", url.Values{"article": {"9999"}, "reason": {"r"}}); a.StatusCode != 404 {
		t.Errorf("hide nothing = %d", a.StatusCode)
	}
}

// TestForeignForms: a form of another site changes nothing, even with the
// administrator's cookie.
func TestForeignForms(t *testing.T) {
	d := newDesk(t, nil)
	c := d.enter()
	for _, h := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example.org"}, {"Origin", "null"}} {
		r := httptest.NewRequest("POST", "/admin/requests", strings.NewReader("url=https://evil.example.org/"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(h[0], h[1])
		r.AddCookie(c)
		if a := d.do(r); a.StatusCode != 403 || !strings.Contains(a.body, "another site") {
			t.Errorf("%v = %d", h, a.StatusCode)
		}
	}
	if reqs, err := d.store.Requests(context.Background(), 10); err != nil || len(reqs) != 0 {
		t.Errorf("%d requests, %v", len(reqs), err)
	}
}

// TestBodyLimit: MaxBody at its edge.
func TestBodyLimit(t *testing.T) {
	d := newDesk(t, nil)
	c := d.enter()
	const prefix = "url=https://news.example.org/&x="
	for size, want := range map[int]int{MaxBody: 303, MaxBody + 1: 413} {
		r := httptest.NewRequest("POST", "/admin/requests", strings.NewReader(prefix+strings.Repeat("x", size-len(prefix))))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(c)
		if a := d.do(r); a.StatusCode != want {
			t.Errorf("a body of %d bytes = %d, want %d", size, a.StatusCode, want)
		}
	}
}

func TestNew(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("a site without a store")
	}
	d := newDesk(t, nil)
	for base, ok := range map[string]bool{"": true, "https://stet.example.org": true, "http://127.0.0.1:8080/": true, "stet.example.org": false, "https://x.example.org/path": false, "ftp://x": false, "https://": false} {
		if _, err := New(Options{Store: d.store, BaseURL: base}); (err == nil) != ok {
			t.Errorf("base %q: %v", base, err)
		}
	}
	r := httptest.NewRequest("GET", "/versions.rss", nil)
	r.Host = `x"><b>.example.org`
	if a := d.do(r); a.StatusCode != 400 {
		t.Errorf("a host that is none = %d", a.StatusCode)
	}
}
