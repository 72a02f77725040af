package newsroom

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// A watcher is the punctual watcher of the package comment. It reads pages as
// one who knows the templates, so what it misses the script hid.
type watcher struct {
	t     *testing.T
	paper *Paper
	clock *clock
	lag   time.Duration // from being due to being visited
	known map[*article]*watched
	seen  []Seen
}

// watched is what the watcher knows of one article.
type watched struct {
	due, gap  time.Duration
	lastOK    time.Time
	announced time.Duration
	texts     []reading
	failed    []time.Time // visits in a row that did not find it
	gone      bool
	troubles  map[kind]bool // met
}

// run lets the watcher watch the whole day.
func (w *watcher) run() {
	w.known = map[*article]*watched{}
	for d := time.Duration(0); d <= day; d += time.Minute {
		w.clock.set(d)
		if (d-w.lag)%(10*time.Minute) == 0 {
			w.poll(d)
		}
		for _, a := range w.paper.articles {
			if k := w.known[a]; k != nil && d >= k.due+w.lag {
				w.visit(a, k, d)
			}
		}
	}
}

func (w *watcher) poll(d time.Duration) {
	for _, feed := range feedNames {
		for _, e := range w.paper.entries(feed, d) {
			k := w.known[e.article]
			if k == nil {
				k = &watched{due: d, gap: 30 * time.Minute, announced: e.announced, troubles: map[kind]bool{}}
				w.known[e.article] = k
			}
			if feed != "rss" && e.announced > k.announced {
				k.due, k.announced = d, e.announced
			}
		}
	}
}

func (w *watcher) visit(a *article, k *watched, d time.Duration) {
	path := a.path
	resp := get(w.paper, path)
	if resp.Code == 301 {
		path = strings.TrimPrefix(resp.Header().Get("Location"), "http://lantern.example")
		resp = get(w.paper, path)
	}
	now := w.clock.Time
	found, ok := article200(w.t, resp)
	switch {
	case resp.Code == 404 || resp.Code == 410 || resp.Code == 302:
		k.failed = append(k.failed, now)
		k.due = d + 30*time.Minute
		if n := len(k.failed); !k.gone && n >= 3 && now.Sub(k.failed[0]) >= time.Hour {
			k.gone = true
			w.seen = append(w.seen, Seen{Path: path, Type: "gone", After: k.lastOK, Before: k.failed[0]})
		}
		return
	case !ok:
		s, _ := a.at(d)
		k.troubles[s.trouble] = true
		k.due = d + k.gap
		return
	}
	if k.gone {
		w.seen = append(w.seen, Seen{Path: path, Type: "returned", After: k.failed[len(k.failed)-1], Before: now})
	}
	k.gone, k.failed = false, nil
	w.compare(k, path, found)
	k.lastOK, k.due = now, d+k.gap
	k.gap = k.gap * 6 / 5
}

// compare records a version when the text is new, or back for the first time.
func (w *watcher) compare(k *watched, path string, r reading) {
	same := func(x reading) bool {
		return x.headline == r.headline && x.standfirst == r.standfirst && slices.Equal(x.lines, r.lines)
	}
	stood := 0
	for _, x := range k.texts {
		if same(x) {
			stood++
		}
	}
	if n := len(k.texts); stood > 1 || n > 0 && same(k.texts[n-1]) {
		return
	}
	k.texts = append(k.texts, r)
	k.gap = 30 * time.Minute
	w.seen = append(w.seen, Seen{Path: path, Type: "version", After: k.lastOK, Before: w.clock.Time,
		Headline: r.headline, Standfirst: r.standfirst, Paragraphs: r.lines})
}

// article200 reads the response; false when it is no article, or not all of it.
func article200(t *testing.T, resp *httptest.ResponseRecorder) (reading, bool) {
	if resp.Code != 200 || !whole(resp) {
		return reading{}, false
	}
	r := read(t, resp)
	return r, !r.wall && len(r.lines) > 0
}

// TestEveryChangeCanBeCaught lets two punctual watchers run: one that is never
// late, and one that is 25 minutes late with every visit.
func TestEveryChangeCanBeCaught(t *testing.T) {
	for _, lag := range []time.Duration{0, 25 * time.Minute} {
		t.Run(lag.String(), func(t *testing.T) {
			t.Parallel()
			p, c := clockPaper(t)
			w := watcher{t: t, paper: p, clock: c, lag: lag}
			w.run()
			s := p.Score(w.seen)
			if s.Caught != s.Changes || s.False != 0 || s.BoundsWrong != 0 || len(s.Missed) > 0 ||
				s.DeletionsCaught != s.Deletions || s.ReturnsCaught != s.Returns || s.Articles != len(p.articles) {
				t.Error(s)
				for _, m := range s.Missed {
					t.Errorf("missed %s %v: %s", m.Path, m.At.Sub(start), m.What)
				}
				for _, x := range s.Wrong {
					t.Errorf("wrong %s %s: %v to %v, %q", x.Path, x.Type, x.After.Sub(start), x.Before.Sub(start), x.Headline)
				}
			}
			w.wantTroubleMet()
			t.Log(s)
		})
	}
}

// wantTroubleMet fails for trouble that the watcher never ran into.
func (w *watcher) wantTroubleMet() {
	for a, k := range w.known {
		for _, m := range a.moments {
			if m.kind.lasts() && m.kind != missing && !k.troubles[m.kind] {
				w.t.Errorf("%s: no visit met %s", a.path, m.kind)
			}
		}
	}
}
