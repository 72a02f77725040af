package track

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"stet/internal/crawl"
	"stet/internal/news"
	"stet/internal/store"
)

// TestLyingServer: a server that answers 304 whatever it has. The edit is found at
// the next full visit, and the server's 304 is not asked for any more.
func TestLyingServer(t *testing.T) {
	for name, header := range map[string]string{"etag": "ETag", "last-modified": "Last-Modified"} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			value := map[string]string{"ETag": `W/"same"`, "Last-Modified": "Mon, 04 May 2026 06:00:00 GMT"}[header]
			var conditional []time.Duration
			w.page("/bridge", func(_ int, at time.Duration) reply {
				page := story("Bridge to close")
				if at > 2*time.Hour {
					page = story("Bridge to close for a week")
				}
				if at > 20*time.Hour {
					page = story("Bridge to stay open")
				}
				return reply{body: page, header: map[string]string{header: value}}
			})
			w.conditional = func(_ string, at time.Duration) bool {
				conditional = append(conditional, at)
				return true
			}
			w.ask("/bridge")
			w.run(w.tracker(nil), 30*time.Hour)
			w.expect("version 0", "version 1", "version 2")
			found := w.change(1).Before.Sub(morning)
			if found < 2*time.Hour || found > 12*time.Hour {
				t.Errorf("the edit was found after %v", found)
			}
			if len(conditional) == 0 || conditional[len(conditional)-1] > found {
				t.Errorf("found after %v; conditional requests at %v", found, conditional)
			}
			a, err := w.store.Visiting(t.Context(), 1)
			if err != nil {
				t.Fatal(err)
			}
			if a.Honesty != (news.Honesty{Host: w.host, Lies: 2}) {
				t.Errorf("%+v", a.Honesty)
			}
		})
	}
}

// TestHonestServer: validators that move with the text are believed; 304s go on.
func TestHonestServer(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(_ int, at time.Duration) reply {
		edition := int(at / (3 * time.Hour))
		return reply{body: story(fmt.Sprintf("Bridge to close for %d weeks", edition+2)), header: map[string]string{"ETag": fmt.Sprintf(`"%d"`, edition)}}
	})
	last := time.Duration(0)
	w.conditional = func(tag string, at time.Duration) bool {
		last = at
		return tag == fmt.Sprintf(`"%d"`, int(at/(3*time.Hour)))
	}
	w.ask("/bridge")
	w.run(w.tracker(nil), 72*time.Hour)
	a, err := w.store.Visiting(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if a.Versions < 15 || a.Honesty.Lies != 0 || a.Honesty.Honest == 0 || last < 70*time.Hour {
		t.Errorf("%d versions, %+v, last asked under conditions after %v", a.Versions, a.Honesty, last)
	}
}

func TestReachOf(t *testing.T) {
	lease := store.Lease{Host: "news.example.org"}
	const here, there = "https://news.example.org/a", "https://cdn.example.org/a"
	for _, tt := range []struct {
		f    crawl.Fetch
		o    news.Outcome
		want reach
	}{
		{crawl.Fetch{Final: here, Status: 200}, news.OK, reachSeen},
		{crawl.Fetch{Final: here, Status: 304}, news.Unchanged, reachSeen},
		{crawl.Fetch{Final: here, Failure: crawl.FailConnect}, news.Failed, reachFail},
		{crawl.Fetch{Final: here, Failure: crawl.FailNoName}, news.Gone, reachFail},
		{crawl.Fetch{Final: here, Status: 502}, news.Failed, reachFail},
		{crawl.Fetch{Final: there, Status: 502}, news.Failed, reachNone},
		{crawl.Fetch{Final: "", Failure: crawl.FailURL}, news.Failed, reachNone},
		{crawl.Fetch{Final: here, Failure: crawl.FailRobots}, news.Blocked, reachNone},
		{crawl.Fetch{Final: here, Failure: crawl.FailTooLarge}, news.Failed, reachNone},
		{crawl.Fetch{Final: here, Status: 404}, news.Gone, reachNone},
	} {
		if got := reachOf(lease, tt.f, tt.o); got != tt.want {
			t.Errorf("%s %d %q %s: %d, want %d", tt.f.Final, tt.f.Status, tt.f.Failure, tt.o, got, tt.want)
		}
	}
	for d, want := range map[time.Duration]string{9 * time.Minute: "9 min", 65 * time.Minute: "1 h 5 min", 51 * time.Hour: "2 d 3 h"} {
		if got := inWords(d); got != want {
			t.Errorf("%v: %q", d, got)
		}
	}
	if got := subjectOf(strings.Repeat("a", 60) + strings.Repeat("b", store.MaxSubject)); got != strings.Repeat("b", store.MaxSubject) {
		t.Errorf("subject %q", got)
	}
}

// outageWorld is a world whose articles and feed fail in an outage.
func outageWorld(t *testing.T, articles int, out func(at time.Duration) bool, after func(path string, at time.Duration) reply) *world {
	w := newWorld(t)
	var items []string
	for i := range articles {
		path := fmt.Sprintf("/%d", i)
		items = append(items, item(w, path, "Story "+path, morning))
		w.page(path, func(_ int, at time.Duration) reply {
			if out(at) {
				return reply{status: 503}
			}
			if after != nil {
				if r := after(path, at); r.status > 0 || r.body != "" {
					return r
				}
			}
			return reply{body: story("Story " + path)}
		})
	}
	w.page("/rss", func(_ int, at time.Duration) reply {
		if out(at) {
			return reply{status: 503}
		}
		return reply{body: rss(items...)}
	})
	w.ask("/rss")
	return w
}

// events are those of the world's only source.
func (w *world) events() []news.Event {
	w.t.Helper()
	all, err := w.store.Events(w.t.Context(), 0, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []news.Event
	for _, e := range all {
		if e.Kind == news.Outage {
			out = append(out, e)
		}
	}
	return out
}

// TestOutage: a host that is down for two days is one event, and no doubt of its
// articles; afterwards they are looked at soon, and not all at once.
func TestOutage(t *testing.T) {
	const articles, begins, ends = 40, 5 * time.Hour, 31 * time.Hour
	w := outageWorld(t, articles, func(at time.Duration) bool { return at >= begins && at < ends }, func(path string, at time.Duration) reply {
		if path == "/7" && at >= ends { // truly gone, while nobody could look
			return reply{status: 404}
		}
		return reply{}
	})
	tr := w.tracker(nil)
	w.run(tr, begins+6*time.Hour)
	open := w.events()
	if len(open) != 1 || !open[0].Ended.IsZero() || open[0].Subject != w.host || open[0].First.Before(morning.Add(begins)) ||
		open[0].First.After(morning.Add(begins+time.Hour)) || !strings.Contains(open[0].Note, "HTTP 503") {
		t.Fatalf("while it is down: %+v", open)
	}
	w.run(w.tracker(nil), ends-begins-6*time.Hour) // a new process goes on
	periods := map[int64]time.Duration{}
	for id := int64(1); id <= articles; id++ {
		a, err := w.store.Visiting(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		periods[id] = a.Period
	}
	n := len(w.log)
	w.run(w.tracker(nil), 5*time.Hour)
	over := w.events()
	if len(over) != 1 || over[0].Ended.Before(morning.Add(ends)) || !strings.Contains(over[0].Note, "could be seen on "+w.host+" for 1 d ") {
		t.Fatalf("afterwards: %+v", over)
	}
	w.expectGoneOnce(t)
	w.expectSpread(t, w.log[n:], over[0].Ended, articles)
	for id, p := range periods {
		if p > 2*begins {
			t.Errorf("article %d had a period of %v at the end of the outage, after %v of life", id, p, begins)
		}
	}
}

// expectGoneOnce: nothing but first versions and one article gone.
func (w *world) expectGoneOnce(t *testing.T) {
	t.Helper()
	gone := 0
	for _, c := range w.changes() {
		switch c {
		case "gone":
			gone++
		case "version 0":
		default:
			t.Errorf("change %q", c)
		}
	}
	if gone != 1 {
		t.Errorf("%d articles are gone, want 1", gone)
	}
}

// expectSpread: each article was asked for within RecoverTime and a little, and no
// quarter of that time saw half of them.
func (w *world) expectSpread(t *testing.T, log []string, end time.Time, articles int) {
	t.Helper()
	first := map[string]time.Duration{}
	for _, line := range log {
		clock, path, _ := strings.Cut(line, " ")
		at, err := time.Parse("15:04:05", clock)
		if err != nil {
			t.Fatal(err)
		}
		day := end.Truncate(24 * time.Hour)
		when := day.Add(at.Sub(at.Truncate(24 * time.Hour)))
		if when.Before(end.Add(-time.Hour)) {
			when = when.Add(24 * time.Hour)
		}
		if _, known := first[path]; !known && strings.Trim(path, "/0123456789") == "" {
			first[path] = when.Sub(end)
		}
	}
	quarters := [5]int{}
	for path, after := range first {
		if after > min(RecoverTime, time.Duration(articles)*RecoverGap)+5*time.Minute {
			t.Errorf("%s was asked for %v after the outage", path, after)
		}
		quarters[min(4, max(0, int(4*after/RecoverTime)))]++
	}
	if len(first) != articles || quarters[0] > articles/2 { // evenly over 40 minutes: 15 in the first quarter of the hour
		t.Errorf("%d articles, by quarters of %v: %v", len(first), RecoverTime, quarters)
	}
}

// TestOutageGivesNothingUp: a new article is given up after NewVisits, unless its
// host is out; a week of silence is believed even then.
func TestOutageGivesNothingUp(t *testing.T) {
	tr := newWorld(t).tracker(nil)
	a := store.Visiting{Article: news.Article{SourceID: 1, State: news.New, FoundAt: morning, Captures: NewVisits - 1}, Honesty: news.Honesty{Host: "example.org"}}
	l := look{got: morning.Add(time.Hour), outcome: news.Gone}
	known := store.Visiting{Article: news.Article{SourceID: 1, State: news.Live}, Honesty: a.Honesty}
	long := store.Doubt{Outcome: news.Gone, Count: GoneVisits, Since: l.got.Add(-DownTime)}
	short := store.Doubt{Outcome: news.Gone, Count: GoneVisits, Since: l.got.Add(-DownTime + 1)}
	for _, out := range []bool{false, true} {
		if out {
			tr.out.at[place{1, "example.org"}] = &failing{since: morning, told: morning}
		}
		if due := tr.retry(a, store.Visit{}, l); due.IsZero() == out {
			t.Errorf("out %v: due %v", out, due)
		}
		for d, gone := range map[store.Doubt]bool{long: true, short: !out} {
			if s, _ := confirmed(known, d, l, out); (s == news.StateGone) != gone {
				t.Errorf("out %v, in doubt since %v: %s", out, d.Since, s)
			}
		}
	}
	a.Captures--
	tr.out.at = map[place]*failing{}
	if tr.retry(a, store.Visit{}, l).IsZero() {
		t.Error("given up a visit too early")
	}
}

// TestNoOutage: fewer things than OutageVisits that fail are no outage, nor are
// failures that last for less than OutageTime, nor those beside which others are seen.
func TestNoOutage(t *testing.T) {
	for name, w := range map[string]*world{
		"too few":   outageWorld(t, OutageVisits-2, func(at time.Duration) bool { return at > time.Hour }, nil),
		"too short": outageWorld(t, 8, func(at time.Duration) bool { return at > 4*time.Hour && at < 4*time.Hour+OutageTime-time.Minute }, nil),
		"others are seen": outageWorld(t, 8, func(time.Duration) bool { return false }, func(path string, at time.Duration) reply {
			if at > time.Hour && path != "/0" {
				return reply{status: 500}
			}
			return reply{}
		}),
	} {
		w.run(w.tracker(nil), 12*time.Hour)
		if e := w.events(); len(e) > 0 {
			t.Errorf("%s: %+v", name, e)
		}
	}
	enough := outageWorld(t, OutageVisits-1, func(at time.Duration) bool { return at > time.Hour }, nil)
	enough.run(enough.tracker(nil), 12*time.Hour)
	if e := enough.events(); len(e) != 1 {
		t.Errorf("just enough: %+v", e)
	}
}

// TestOutageBesideALivingHost: nothing of a host is gone while it is out, though
// other hosts of the source are well.
func TestOutageBesideALivingHost(t *testing.T) {
	w := newWorld(t)
	far := w.second("/far")
	const begins, ends = 3 * time.Hour, 2 * 24 * time.Hour
	var items []string
	for i := range 8 {
		path := fmt.Sprintf("/%d", i)
		base := w.url
		if i < 4 {
			base = far
		}
		items = append(items, strings.ReplaceAll(item(w, path, "Story "+path, morning), w.url, base))
		w.page(path, func(int, time.Duration) reply { return reply{body: story("Story " + path)} })
		w.page("/far"+path, func(n int, at time.Duration) reply {
			switch {
			case at >= begins && at < ends && n%2 == 0, path == "/3" && at < ends: // the last was never seen
				return reply{status: 502}
			case at >= begins && at < ends: // as front servers say
				return reply{status: 404}
			}
			return reply{body: story("Story " + path)}
		})
	}
	w.page("/rss", func(int, time.Duration) reply { return reply{body: rss(items...)} })
	w.ask("/rss")
	w.run(w.trackerOf(nil, w.url, far), ends+LastRetry+time.Hour)
	for _, c := range w.changes() {
		if c != "version 0" {
			t.Errorf("change %q", c)
		}
	}
	if n := len(w.changes()); n != 8 {
		t.Errorf("%d articles were seen, want 8", n)
	}
	if e := w.events(); len(e) != 1 || e[0].Ended.IsZero() {
		t.Errorf("events: %+v", e)
	}
}
