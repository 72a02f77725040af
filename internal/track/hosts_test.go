package track

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/extract"
	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// second opens another server on the same clock; its pages have the prefix.
func (w *world) second(prefix string) string {
	s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.URL.Path = prefix + r.URL.Path
		w.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(s.Close)
	return s.URL
}

// An article redirects to a host that wishes to be left alone for a day. What
// else is on its own host must not wait for that.
func TestRestOfAnotherHostStopsNothingHere(t *testing.T) {
	w := newWorld(t)
	far := w.second("/far")
	w.page("/bridge", func(n int, _ time.Duration) reply {
		if n == 0 {
			return reply{body: story("Bridge to close")}
		}
		return reply{status: 302, header: map[string]string{"Location": far + "/bridge"}}
	})
	w.page("/far/bridge", func(int, time.Duration) reply {
		return reply{status: 429, header: map[string]string{"Retry-After": "86400"}}
	})
	w.page("/school", func(int, time.Duration) reply { return reply{body: story("School to open")} })
	w.ask("/bridge")
	w.ask("/school")
	w.run(w.trackerOf(nil, w.url, far), 24*time.Hour)
	if n := w.asked["/school"]; n < 8 {
		t.Errorf("/school was visited %d times in a day: %v", n, w.log)
	}
}

// An article is gone although every third answer is "try later".
func TestGoneBesideTrouble(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, at time.Duration) reply {
		switch {
		case n == 0:
			return reply{body: story("Bridge to close")}
		case n%3 == 0:
			return reply{status: 500}
		}
		return reply{status: 404}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 4*24*time.Hour)
	w.expect("version 0", "gone")
	if n := w.asked["/bridge"]; n > 60 {
		t.Errorf("asked %d times in four days", n)
	}
}

// All articles of a source are deleted; its feed goes on.
func TestAllGoneWhileTheFeedIsWell(t *testing.T) {
	w := newWorld(t)
	w.page("/rss", func(int, time.Duration) reply {
		return reply{body: rss(item(w, "/bridge", "Bridge", morning), item(w, "/school", "School", morning))}
	})
	for _, path := range []string{"/bridge", "/school"} {
		w.page(path, func(_ int, at time.Duration) reply {
			if at > 3*time.Hour {
				return reply{status: 410}
			}
			return reply{body: story("Story of " + path)}
		})
	}
	w.ask("/rss")
	tr := w.tracker(nil)
	tr.o.FeedPeriod = 3 * time.Hour
	w.run(tr, 6*24*time.Hour)
	w.expect("version 0", "version 0", "gone", "gone")
}

// A host with a long backlog is not served before all others.
func TestBacklogStarvesNoOtherHost(t *testing.T) {
	w := newWorld(t)
	far := w.second("/far")
	var items []string
	for i := range 120 {
		path := fmt.Sprintf("/%d", i)
		items = append(items, item(w, path, path, morning))
		w.page(path, func(int, time.Duration) reply { return reply{body: story("Story " + path)} })
	}
	w.page("/rss", func(int, time.Duration) reply { return reply{body: rss(items...)} })
	w.page("/far/bridge", func(int, time.Duration) reply { return reply{body: story("Bridge to close")} })
	w.ask("/rss")
	tr := w.trackerOf(nil, w.url, far)
	w.run(tr, 10*time.Second)
	a, err := news.ParseAddress(far+"/bridge", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.store.AddRequest(t.Context(), a.URL, a.Host, ""); err != nil {
		t.Fatal(err)
	}
	w.run(tr, 2*BatchSize*2*time.Second)
	if w.asked["/far/bridge"] == 0 {
		t.Errorf("not asked within the time of two batches; the other host was asked %d times", len(w.log))
	}
}

// Nor does a backlog starve the feed that it came from.
func TestBacklogStarvesNoFeed(t *testing.T) {
	w := newWorld(t)
	var items []string
	for i := range 600 {
		path := fmt.Sprintf("/%d", i)
		items = append(items, item(w, path, path, morning))
	}
	w.page("/rss", func(int, time.Duration) reply { return reply{body: rss(items...)} })
	w.ask("/rss")
	tr := w.tracker(nil)
	tr.o.FeedPeriod = 5 * time.Minute
	w.run(tr, 17*time.Minute)
	if n := w.asked["/rss"]; n < 3 {
		t.Errorf("polled %d times in 17 minutes, period 5 minutes", n)
	}
}

// A front page is no article's canonical address, whatever its host is called.
func TestCanonicalFrontPage(t *testing.T) {
	for _, url := range []string{"https://example.org/", "https://www.example.org/", "https://m.example.org", "https://www.example.org:8443/"} {
		l := look{page: extract.Result{Canonical: url}}
		if _, ok := l.canonical(); ok {
			t.Errorf("%s is believed", url)
		}
	}
}

// Furniture leaves no raw bodies: they are for what changed.
func TestFurnitureKeepsNoBlobs(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		return reply{body: story("Bridge to close", fmt.Sprintf("Offer number %d of the day: a kettle that whistles in tune, from the hardware shop in Mill Lane.", n))}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 12*time.Hour)
	captures, err := w.store.Captures(t.Context(), 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	kept := slices.DeleteFunc(captures, func(c news.Capture) bool { return c.Raw.IsZero() })
	if len(kept) != 1 {
		t.Errorf("%d raw bodies kept, want 1: nothing ever changed", len(kept))
	}
}

// A feed says "updated" while the article is being visited: the page that the
// visit got may be the old one, so another visit must follow at once.
func TestSignalDuringVisit(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		if n == 1 {
			w.announce(morning.Add(time.Hour))
		}
		return reply{body: story("Bridge to close")}
	})
	w.ask("/bridge")
	tr := w.tracker(nil)
	w.run(tr, time.Minute)
	w.announce(morning)
	w.run(tr, 35*time.Minute)
	if n := w.asked["/bridge"]; n != 3 {
		t.Errorf("asked %d times, want 3: %v", n, w.log)
	}
}

// announce records a visit to a feed on another host, which lists /bridge.
func (w *world) announce(updated time.Time) {
	ctx := context.Background()
	f, _, err := w.store.AddFeed(ctx, news.Feed{SourceID: 1, URL: "http://feeds.example.org/rss", Period: time.Hour})
	lease, ok, err2 := w.store.LeaseNamed(ctx, "feeds.example.org", time.Minute)
	a, err3 := news.ParseAddress(w.url+"/bridge", nil)
	if err = errors.Join(err, err2, err3); err != nil || !ok {
		w.t.Error(ok, err)
		return
	}
	f.Due = time.Time{}
	_, err = w.store.RecordFeedVisit(ctx, lease, store.FeedVisit{Feed: f, Entries: []store.FoundEntry{{Address: a, GUID: "1", Updated: updated}}})
	err2 = w.store.PauseFeed(ctx, f.ID, true)
	if err = errors.Join(err, err2, w.store.ReleaseHost(ctx, lease, time.Time{})); err != nil {
		w.t.Error(err)
	}
}

// No lease runs out in the middle of work, however slow the host wishes it.
func TestLeaseOutlastsSlowWork(t *testing.T) {
	w := newWorld(t)
	w.page("/robots.txt", func(int, time.Duration) reply {
		return reply{body: "User-agent: *\nCrawl-delay: 60\n", header: map[string]string{"Content-Type": "text/plain"}}
	})
	w.page("/", func(int, time.Duration) reply {
		return reply{body: "<html><head><title>The Post</title></head><body><h1>The Post</h1><p>Welcome.</p></body></html>"}
	})
	w.ask("/")
	tr := w.tracker(nil)
	for _, path := range []string{"/feed", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feed.json"} {
		w.page(path, func(int, time.Duration) reply {
			// The request is the middle of the work: nobody else may take the host.
			if l, ok, err := w.store.LeaseNamed(context.Background(), w.host, time.Minute); err != nil || ok {
				t.Errorf("another worker could take the host in the middle of work (%v)", err)
				_ = w.store.ReleaseHost(context.Background(), l, time.Time{})
			}
			return reply{status: 404}
		})
	}
	w.run(tr, 30*time.Minute)
}

// "Returned" happened after the last visit that did not find the article, not
// after a visit that found nothing out.
func TestReturnBoundAfterTrouble(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, at time.Duration) reply {
		switch {
		case at < 2*time.Hour || at > 14*time.Hour:
			return reply{body: story("Bridge to close")}
		case at < 8*time.Hour:
			return reply{status: 404}
		}
		return reply{status: 500}
	})
	w.ask("/bridge")
	w.run(w.tracker(nil), 24*time.Hour)
	w.expect("version 0", "gone", "returned")
	if c := w.change(2); c.After.After(morning.Add(8 * time.Hour)) {
		t.Errorf("T1 of the return is %v; from 14:00 on no visit found it gone", c.After)
	}
}

// When a host comes back from trouble its articles are visited no later than
// their own pace would have it.
func TestTroubleSlowsNoArticle(t *testing.T) {
	w := newWorld(t)
	up := 22 * time.Hour
	var seen time.Duration
	w.page("/bridge", func(_ int, at time.Duration) reply {
		if at > time.Minute && at < up {
			return reply{status: 500}
		}
		if at >= up && seen == 0 {
			seen = at
		}
		return reply{body: story("Bridge to close")}
	})
	w.ask("/bridge")
	w.run(w.tracker(schedule.Every(30*time.Minute)), 60*time.Hour)
	if late := seen - up; late > time.Hour {
		t.Errorf("first visit %v after the host came back; the policy is every 30 minutes", late)
	}
}

// A raw body that is damaged or was taken away stops one comparison, not all work.
func TestLostBlobDoesNotEndTheRun(t *testing.T) {
	w := newWorld(t)
	body := story("Bridge to close", extra)
	w.page("/bridge", func(int, time.Duration) reply { return reply{body: body} })
	w.ask("/bridge")
	tr := w.tracker(nil)
	w.run(tr, time.Minute)
	gone := "<html>" + body
	older(t, w, gone, 3)
	w.dropBlob(news.Sum([]byte(gone)))
	if err := w.try(tr, 3*time.Hour); err != nil {
		t.Errorf("run: %v", err)
	}
	if _, err := w.store.PutBlob(t.Context(), []byte(gone), news.Digest{}); err != nil {
		t.Error(err)
	}
}

// A publisher gives an article a new address: its feed tells of it first, then
// the old address leads there. It stays one article.
func TestNewAddressIsNoNewArticle(t *testing.T) {
	w := newWorld(t)
	w.page("/rss", func(_ int, at time.Duration) reply {
		if at < 2*time.Hour {
			return reply{body: rss(item(w, "/bridge-to-close", "Bridge", morning))}
		}
		return reply{body: rss(item(w, "/bridge-closed", "Bridge", morning))}
	})
	w.page("/bridge-to-close", func(_ int, at time.Duration) reply {
		if at < 2*time.Hour {
			return reply{body: story("Bridge to close")}
		}
		return reply{status: 301, header: map[string]string{"Location": "/bridge-closed"}}
	})
	w.page("/bridge-closed", func(_ int, at time.Duration) reply {
		if at < 6*time.Hour {
			return reply{body: story("Bridge closed")}
		}
		return reply{body: story("Bridge closed", extra)}
	})
	w.ask("/rss")
	w.run(w.tracker(nil), 10*time.Hour)
	edits := 0 // versions that hold the last edit
	for id := range int64(2) {
		versions, err := w.store.ArticleVersions(t.Context(), id+1)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range versions {
			if v, err = w.store.Version(t.Context(), v.ID); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(v.Content.Text(), extra) {
				edits++
			}
		}
	}
	if edits != 1 {
		t.Errorf("one edit was recorded %d times: %v", edits, w.changes())
	}
}
