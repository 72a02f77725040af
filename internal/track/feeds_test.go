package track

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// feeds lists the feeds by their paths.
func (w *world) feeds() map[string]news.Feed {
	w.t.Helper()
	rows, err := w.store.Feeds(w.t.Context(), 0)
	if err != nil {
		w.t.Fatal(err)
	}
	out := make(map[string]news.Feed)
	for _, f := range rows {
		out[strings.TrimPrefix(f.URL, w.url)] = f
	}
	return out
}

// articles lists the articles' addresses without the host, oldest first.
func (w *world) articles() (out []string) {
	w.t.Helper()
	rows, _, err := w.store.ArticleList(w.t.Context(), store.ArticleQuery{Page: store.Page{Size: 100}})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range rows {
		out = append([]string{strings.TrimPrefix(a.URL, w.url)}, out...)
	}
	return out
}

func entry(link string) string {
	return "<item><title>Bridge</title><link>" + link + "</link></item>"
}

// One article in three feeds, under three spellings of its address, is one.
func TestOneArticleInThreeFeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, link := range map[string]string{"/rss": "/bridge?utm_source=rss&utm_medium=feed", "/town/rss": "/bridge/#comments", "/sea/rss": "/bridge?fbclid=abc"} {
		w.page(path, func(int, time.Duration) reply { return reply{body: rss(entry(w.url + link))} })
		w.ask(path)
	}
	for _, path := range []string{"/bridge", "/bridge/"} {
		w.page(path, func(int, time.Duration) reply { return reply{body: story("Bridge to close")} })
	}
	w.run(w.tracker(nil), 20*time.Minute)
	w.expect("version 0")
	if got := w.articles(); len(got) != 1 {
		t.Errorf("articles: %v", got)
	}
	if len(w.feeds()) != 3 || w.asked["/bridge"]+w.asked["/bridge/"] != 1 {
		t.Errorf("%d feeds, asked %v", len(w.feeds()), w.asked)
	}
}

// Links that are relative are resolved; links that lead nowhere are left out,
// and harm no other entry.
func TestLinksInFeeds(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		"/a/bridge":                     "/a/bridge",
		"bridge":                        "/news/bridge",
		"../bridge":                     "/bridge",
		"?id=7":                         "/news/rss?id=7",
		"mailto:desk@example.org":       "",
		"javascript:void(0)":            "",
		"http://":                       "",
		"http://[::1":                   "",
		"":                              "",
		"/" + strings.Repeat("x", 3000): "",
	} {
		t.Run(fmt.Sprintf("%.20s", link), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.page("/news/rss", func(int, time.Duration) reply { return reply{body: rss(entry(link), entry(w.url+"/school"))} })
			w.ask("/news/rss")
			w.run(w.tracker(nil), 30*time.Second)
			var others []string
			for _, a := range w.articles() {
				if a != "/school" {
					others = append(others, a)
				}
			}
			if got := strings.Join(others, " "); got != want {
				t.Errorf("%q became %q, want %q", link, got, want)
			}
			if w.asked["/school"] != 1 {
				t.Error("the entry beside it was lost")
			}
		})
	}
}

// A feed that turns into a page is tried again later and later, and goes on at
// its own pace when it is a feed again.
func TestFeedTurnsIntoAPageAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.page("/bridge", func(int, time.Duration) reply { return reply{body: story("Bridge to close")} })
	w.page("/school", func(int, time.Duration) reply { return reply{body: story("School to open")} })
	w.page("/rss", func(_ int, at time.Duration) reply {
		switch {
		case at < 5*time.Minute:
			return reply{body: rss(item(w, "/bridge", "Bridge", morning.Add(-time.Hour))), header: map[string]string{"ETag": `"1"`}}
		case at < 100*time.Minute:
			return reply{body: "<html><body><h1>We are rebuilding our site</h1></body></html>"}
		}
		return reply{body: rss(item(w, "/school", "School", morning.Add(-time.Hour))), header: map[string]string{"ETag": `"2"`}}
	})
	w.ask("/rss")
	tr := w.tracker(nil)
	w.run(tr, 90*time.Minute)
	f := w.feeds()["/rss"]
	if f.LastOutcome != news.NotArticle || f.LastReason == "" || f.Failures != 3 || f.LastOK.Sub(morning) > time.Minute || f.ETag != `"1"` {
		t.Errorf("while it is a page: %+v", f)
	}
	var at []string
	for _, line := range w.log {
		if strings.HasSuffix(line, " /rss") {
			at = append(at, line[:5])
		}
	}
	if got := strings.Join(at, " "); got != "06:00 06:10 06:30 07:10" {
		t.Errorf("polled at %s", got)
	}
	w.run(tr, 150*time.Minute)
	if f = w.feeds()["/rss"]; f.Failures != 0 || f.LastOutcome != news.Unchanged || f.Due.Sub(f.LastVisit) != f.Period {
		t.Errorf("when it is a feed again: %+v", f)
	}
	if w.asked["/school"] == 0 {
		t.Error("what it lists now was not visited")
	}
}

// The wait after failures ends at MaxFeedPeriod, and is never shorter than the period.
func TestFeedWait(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		period   time.Duration
		failures int
		want     time.Duration
	}{
		{10 * time.Minute, 0, 10 * time.Minute},
		{10 * time.Minute, 1, 20 * time.Minute},
		{10 * time.Minute, 5, 320 * time.Minute},
		{10 * time.Minute, 6, MaxFeedPeriod},
		{10 * time.Minute, 1 << 30, MaxFeedPeriod},
		{12 * time.Hour, 3, 12 * time.Hour},
	} {
		if got := afterFailures(tt.period, tt.failures); got != tt.want {
			t.Errorf("period %v after %d failures: %v, want %v", tt.period, tt.failures, got, tt.want)
		}
	}
}

// A paused feed stays so, also when it is paused while it is polled.
func TestPausedFeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.page("/rss", func(n int, _ time.Duration) reply {
		if n == 2 {
			if err := w.store.PauseFeed(t.Context(), 1, true); err != nil {
				t.Error(err)
			}
		}
		return reply{body: rss(item(w, "/bridge", "Bridge", morning))}
	})
	w.ask("/rss")
	w.run(w.tracker(nil), 3*time.Hour)
	if n := w.asked["/rss"]; n != 3 {
		t.Errorf("polled %d times, paused during the third", n)
	}
}

// A long feed is taken in with one poll, and what is visited later adds nothing.
func TestLongFeed(t *testing.T) {
	t.Parallel()
	const entries = 1500
	w := newWorld(t)
	var items []string
	for i := range entries {
		items = append(items, item(w, fmt.Sprintf("/%d", i), fmt.Sprint("Story ", i), morning))
	}
	body := rss(items...)
	w.page("/rss", func(int, time.Duration) reply { return reply{body: body} })
	w.ask("/rss")
	tr := w.tracker(nil)
	w.run(tr, 3*time.Second)
	count := func() int {
		n, err := w.store.Totals(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return n.Articles
	}
	if f := w.feeds()["/rss"]; f.Entries != entries || count() != entries {
		t.Errorf("%d entries, %d articles, want %d", f.Entries, count(), entries)
	}
	w.run(tr, 30*time.Second) // the first visits, all 404
	if count() != entries {
		t.Errorf("%d articles", count())
	}
}

// An index of sitemaps becomes feeds, each sitemap a feed of its own; old ones
// and those that are no addresses are left out.
func TestSitemapIndex(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.page("/sitemap.xml", func(int, time.Duration) reply {
		var b strings.Builder
		b.WriteString(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
		for path, day := range map[string]string{"/may.xml": "2026-05-04", "/2016.xml": "2016-01-01"} {
			fmt.Fprintf(&b, "<sitemap><loc>%s%s</loc><lastmod>%s</lastmod></sitemap>", w.url, path, day)
		}
		fmt.Fprintf(&b, "<sitemap><loc>ftp://example.org/x.xml</loc></sitemap><sitemap><loc>%s/sitemap.xml</loc></sitemap></sitemapindex>", w.url)
		return reply{body: b.String(), header: map[string]string{"Content-Type": "application/xml"}}
	})
	w.page("/may.xml", func(int, time.Duration) reply {
		return reply{body: sitemap(w, map[string]string{"/bridge": "2026-05-04T05:00:00Z", "/school": "2026-05-03", "/mill": "2011-01-01"}), header: map[string]string{"Content-Type": "application/xml"}}
	})
	for _, path := range []string{"/bridge", "/school", "/mill"} {
		w.page(path, func(int, time.Duration) reply { return reply{body: story("Story of " + path)} })
	}
	w.ask("/sitemap.xml")
	w.run(w.tracker(nil), time.Minute)
	if f := w.feeds(); len(f) != 2 || f["/may.xml"].Entries != 3 {
		t.Errorf("feeds: %+v", f)
	}
	w.expect("version 0", "version 0")
	if w.asked["/mill"]+w.asked["/2016.xml"] > 0 {
		t.Error("what is older than MaxEntryAge was asked for")
	}
}

func sitemap(w *world, days map[string]string) string {
	var b strings.Builder
	b.WriteString(`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
	for path, day := range days {
		fmt.Fprintf(&b, "<url><loc>%s%s</loc><lastmod>%s</lastmod></url>", w.url, path, day)
	}
	return b.String() + "</urlset>"
}

// Old entries that bear one date are old all the same.
func TestOldEntriesOfOneDate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	days := map[string]string{"/new": "2026-05-04"}
	for i := range MaxSameUpdated + 1 {
		days[fmt.Sprint("/old/", i)] = "2016-01-01"
	}
	w.page("/sitemap.xml", func(int, time.Duration) reply {
		return reply{body: sitemap(w, days), header: map[string]string{"Content-Type": "application/xml"}}
	})
	w.ask("/sitemap.xml")
	w.run(w.tracker(nil), time.Minute)
	if got := w.articles(); len(got) != 1 {
		t.Errorf("articles: %v", got)
	}
}

// The newest sitemaps of an index are taken, wherever they stand in it.
func TestNewestSitemaps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.page("/sitemap.xml", func(int, time.Duration) reply {
		var b strings.Builder
		b.WriteString(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
		for i := range MaxSitemaps + 2 {
			fmt.Fprintf(&b, "<sitemap><loc>%s/%d.xml</loc><lastmod>2026-04-%02d</lastmod></sitemap>", w.url, i, i+10)
		}
		return reply{body: b.String() + "</sitemapindex>", header: map[string]string{"Content-Type": "application/xml"}}
	})
	w.ask("/sitemap.xml")
	w.run(w.tracker(nil), 5*time.Second)
	if _, ok := w.feeds()[fmt.Sprintf("/%d.xml", MaxSitemaps+1)]; !ok {
		t.Errorf("the newest sitemap was left out: %v", w.feeds())
	}
}

// Indexes that name ever new indexes come to an end.
func TestSitemapTrap(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 400 {
		w.page(fmt.Sprintf("/%d.xml", i), func(int, time.Duration) reply {
			var b strings.Builder
			b.WriteString(`<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`)
			for k := range MaxSitemaps {
				fmt.Fprintf(&b, "<sitemap><loc>%s/%d.xml</loc></sitemap>", w.url, i*MaxSitemaps+k+1)
			}
			return reply{body: b.String() + "</sitemapindex>", header: map[string]string{"Content-Type": "application/xml"}}
		})
	}
	w.ask("/0.xml")
	w.run(w.tracker(nil), 2*time.Minute)
	if n := len(w.feeds()); n > 1+MaxSitemaps {
		t.Errorf("%d feeds after two minutes", n)
	}
}
