package track

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"stet/internal/crawl"
	"stet/internal/feed"
	"stet/internal/news"
	"stet/internal/schedule"
)

// The numbers that pure packages cannot share are the same.
func TestPaceNumbers(t *testing.T) {
	if schedule.FeedFloor != news.MinFeedPeriod || schedule.MaxListed != news.MaxListed {
		t.Errorf("floor %v and %v, %d and %d names", schedule.FeedFloor, news.MinFeedPeriod, schedule.MaxListed, news.MaxListed)
	}
}

func TestLifetime(t *testing.T) {
	const date = "Mon, 04 May 2026 06:00:00 GMT"
	for name, tt := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"nothing":              {http.Header{}, 0},
		"max-age":              {http.Header{"Cache-Control": {"public, max-age=90"}}, 90 * time.Second},
		"quoted":               {http.Header{"Cache-Control": {`MAX-AGE = "90"`}}, 90 * time.Second},
		"the first of two":     {http.Header{"Cache-Control": {"max-age=60", "max-age=90"}}, time.Minute},
		"for proxies only":     {http.Header{"Cache-Control": {"s-maxage=90"}}, 0},
		"no-cache":             {http.Header{"Cache-Control": {"no-cache, max-age=90"}, "Expires": {"Mon, 04 May 2026 07:00:00 GMT"}}, 0},
		"max-age over Expires": {http.Header{"Cache-Control": {"max-age=0"}, "Expires": {"Mon, 04 May 2026 07:00:00 GMT"}}, 0},
		"Expires":              {http.Header{"Expires": {"Mon, 04 May 2026 07:00:00 GMT"}}, 30 * time.Minute},
		"Expires by its Date":  {http.Header{"Expires": {"Mon, 04 May 2026 07:00:00 GMT"}, "Date": {date}}, time.Hour},
		"Expires of old":       {http.Header{"Expires": {"Thu, 19 Nov 1981 08:52:00 GMT"}}, 0},
		"Expires in words":     {http.Header{"Expires": {"0"}}, 0},
		"negative":             {http.Header{"Cache-Control": {"max-age=-5"}}, 0},
		"no number":            {http.Header{"Cache-Control": {"max-age=soon"}}, 0},
		"a century":            {http.Header{"Cache-Control": {"max-age=3153600000"}}, feed.MaxTTL},
		"absurd":               {http.Header{"Cache-Control": {"max-age=99999999999999999999999"}}, feed.MaxTTL},
		"a year, to the edge":  {http.Header{"Cache-Control": {fmt.Sprintf("max-age=%d", feed.MaxTTL/time.Second)}}, feed.MaxTTL},
	} {
		if got := lifetime(tt.header, morning.Add(30*time.Minute)); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

func FuzzLifetime(f *testing.F) {
	f.Add("max-age=60", "", "")
	f.Add(`private="a, max-age=5", max-age="007"`, "Mon, 04 May 2026 07:00:00 GMT", "Mon, 04 May 0001 07:00:00 GMT")
	f.Fuzz(func(t *testing.T, control, expires, date string) {
		h := http.Header{"Cache-Control": {control}, "Expires": {expires}, "Date": {date}}
		if got := lifetime(h, morning); got < 0 || got > feed.MaxTTL {
			t.Errorf("%v", got)
		}
	})
}

// asks gives the waits between the requests of a path.
func (w *world) asks(path string) (waits []time.Duration) {
	w.t.Helper()
	var last time.Time
	for _, line := range w.log {
		at, err := time.Parse("15:04:05 ", line[:9])
		if err != nil {
			w.t.Fatal(err)
		}
		if line[9:] != path {
			continue
		}
		if !last.IsZero() {
			waits = append(waits, (at.Sub(last)+24*time.Hour)%(24*time.Hour))
		}
		last = at
	}
	return waits
}

// A feed without news is polled ever less; one that says an hour, each hour, until
// its window is outrun; one with news and leave to ask, each minute.
func TestFeedsOwnPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := item(w, "/bridge", "Bridge", morning.Add(-40*24*time.Hour))
	w.page("/quiet", func(int, time.Duration) reply { return reply{body: rss(old), header: map[string]string{"ETag": `"1"`}} })
	w.page("/hourly", func(int, time.Duration) reply { return reply{body: rss("<ttl>60</ttl>", old)} })
	w.page("/outrun", func(n int, _ time.Duration) reply {
		return reply{body: rss("<ttl>60</ttl>", entry(fmt.Sprint(w.url, "/outrun/", n)))}
	})
	for _, path := range []string{"/quiet", "/hourly", "/outrun"} {
		w.ask(path)
	}
	tr := w.tracker(nil)
	tr.o.FeedPeriod = 0
	const slack = 5 * time.Minute // jitter, the host's pace
	w.run(tr, 4*time.Hour)
	if a := w.asks("/quiet"); len(a) > 16 || len(a) < 4 || a[len(a)-1] < a[0]*3/2 {
		t.Errorf("quiet: %v", a)
	}
	for i, d := range w.asks("/hourly") {
		if d < time.Hour || d > time.Hour+slack {
			t.Errorf("hourly: wait %d of %v", i, d)
		}
	}
	a := w.asks("/outrun")
	if a[0] < time.Hour || a[1] > 25*time.Minute || a[len(a)-1] > schedule.FeedFloor+slack {
		t.Errorf("outrun: %v", a)
	}
	f := w.feeds()
	if f["/quiet"].Period != 0 || f["/hourly"].TTL != time.Hour || f["/hourly"].Outrun(w.now) || !f["/outrun"].Outrun(w.now) {
		t.Errorf("feeds: %+v", f)
	}
}

// A feed with news, whose server says that it may be asked often.
func TestFeedThatMayBeAskedOften(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long")
	}
	for control, want := range map[string]time.Duration{"max-age=60": time.Minute, "max-age=150": 150 * time.Second, "max-age=0": schedule.FeedFloor, "no-cache": schedule.FeedFloor} {
		w := newWorld(t)
		w.page("/busy", func(_ int, at time.Duration) reply {
			var items []string
			for i := range 30 {
				items = append(items, item(w, fmt.Sprint("/busy/", int(at.Minutes())+i), "Busy", morning.Add(-10*24*time.Hour)))
			}
			return reply{body: rss(items...), header: map[string]string{"Cache-Control": control}}
		})
		w.ask("/busy")
		tr := w.tracker(nil)
		tr.o.FeedPeriod = 0
		w.run(tr, 35*time.Minute)
		a := w.asks("/busy")
		if d := a[len(a)-1]; d < want || want < schedule.FeedFloor && d >= schedule.FeedFloor {
			t.Errorf("%s: %v", control, a)
		}
	}
}

// A window that was outrun is noted, also at a fixed period, and the warning
// ends.
func TestFeedOutrunIsNoted(t *testing.T) {
	t.Parallel()
	for _, period := range []time.Duration{0, 10 * time.Minute} {
		w := newWorld(t)
		w.page("/rss", func(n int, at time.Duration) reply {
			n = max(min(n, 2), 0) // all new at the second and third
			return reply{body: rss(item(w, fmt.Sprint("/a", n), "A", morning), item(w, fmt.Sprint("/b", n), "B", morning))}
		})
		w.ask("/rss")
		tr := w.tracker(nil)
		tr.o.FeedPeriod = period
		w.run(tr, 3*time.Minute)
		if f := w.feeds()["/rss"]; !f.OutrunAt.IsZero() || f.Pace.Window != 2 {
			t.Errorf("period %v, after the first poll: %+v", period, f)
		}
		w.run(tr, 3*time.Hour)
		f := w.feeds()["/rss"]
		if !f.Outrun(w.now) || f.Outrun(f.OutrunAt.Add(news.OutrunTime)) || !f.Outrun(f.OutrunAt.Add(news.OutrunTime-1)) {
			t.Errorf("period %v: %+v", period, f)
		}
		if period > 0 && f.Due.Sub(f.LastVisit) != period {
			t.Errorf("the operator's period does not hold: %+v", f)
		}
		if period == 0 && (f.Pace.Fill == 0 || f.Due.Sub(f.LastVisit) > schedule.FirstFeed) {
			t.Errorf("not polled more often: %+v", f)
		}
	}
}

// Sitemaps of an index count as its entries, entries that lead nowhere by their
// GUID, and one under two spellings once.
func TestEntryNames(t *testing.T) {
	a, err := news.ParseAddress("https://www.example.org/bridge/?utm_source=rss", nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := news.ParseAddress("http://example.org/bridge", nil)
	if err != nil {
		t.Fatal(err)
	}
	if entryID(feed.Entry{GUID: "1"}, a) != entryID(feed.Entry{GUID: "2"}, b) {
		t.Error("two spellings are two entries")
	}
	if entryID(feed.Entry{GUID: "1"}, news.Address{}) == entryID(feed.Entry{GUID: "2"}, news.Address{}) || entryID(feed.Entry{}, news.Address{}) != 0 {
		t.Error("entries without an address")
	}
	w := newWorld(t)
	tr := w.tracker(nil)
	f := news.Feed{Format: string(feed.Sitemap)} // of which no children are made
	doc := feed.Document{Format: feed.SitemapIndex, Sitemaps: []feed.Entry{{URL: "https://example.org/a.xml"}, {URL: "https://example.org/b.xml"}}}
	if took, err := tr.read(t.Context(), &f, crawl.Fetch{}, doc, morning); err != nil || len(took.listed) != 2 || took.listed[0].ID == took.listed[1].ID {
		t.Errorf("%+v, %v", took, err)
	}
}
