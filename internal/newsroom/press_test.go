package newsroom

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// testPress is a press on a clock that the test moves.
func testPress(t *testing.T, o PressOptions) (*Press, *time.Time) {
	t.Helper()
	now := start
	if o.Papers == 0 {
		o.Papers, o.Articles = 12, 120
	}
	o.Start, o.Now = start, func() time.Time { return now }
	if o.Length == 0 {
		o.Length = 20 * time.Minute
	}
	p, err := NewPress(o)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range p.members {
		m.paper.slow = func(time.Duration) {}
		m.host = m.paper.name // the tests listen nowhere
	}
	return p, &now
}

func TestPressLimits(t *testing.T) {
	good := PressOptions{Papers: MaxPapers, Articles: MaxPapers, Length: time.Minute}
	if _, err := NewPress(good); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*PressOptions){
		"no paper":          func(o *PressOptions) { o.Papers = 0 },
		"too many papers":   func(o *PressOptions) { o.Papers = MaxPapers + 1; o.Articles = MaxPapers + 1 },
		"too few articles":  func(o *PressOptions) { o.Articles = MaxPapers - 1 },
		"too many articles": func(o *PressOptions) { o.Articles = MaxPressArticles + 1 },
		"no length":         func(o *PressOptions) { o.Length = 0 },
		"negative pace":     func(o *PressOptions) { o.Pace = -1 },
		"unknown trouble":   func(o *PressOptions) { o.Troubles = []Trouble{"rain"} },
	} {
		o := good
		change(&o)
		if _, err := NewPress(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestPressSeed: the same seed gives the same press, another another.
func TestPressSeed(t *testing.T) {
	truths := func(seed uint64) (all []Truth) {
		p, _ := testPress(t, PressOptions{Seed: seed})
		for _, m := range p.members {
			all = append(all, m.paper.Truths()...)
		}
		return all
	}
	if !reflect.DeepEqual(truths(1), truths(1)) {
		t.Error("one seed gives two presses")
	}
	if reflect.DeepEqual(truths(1), truths(2)) {
		t.Error("two seeds give one press")
	}
}

// TestPressProcess holds the drawn life of articles to what is promised: order,
// shortest stand, no text twice, nothing after the run, bursts that decay.
func TestPressProcess(t *testing.T) {
	p, _ := testPress(t, PressOptions{Papers: 50, Articles: 1000, Length: time.Hour})
	early, late, inPlaceOnes, announced, edits, soon := 0, 0, 0, 0, 0, 0
	for _, m := range p.members {
		for _, a := range m.paper.articles {
			if err := a.check(); err != nil {
				t.Fatalf("%s: %v", a.path, err)
			}
			if a.published() < 0 {
				inPlaceOnes++
			}
			if a.published() > time.Duration(lastArrival*float64(time.Hour)) {
				t.Errorf("%s is published at %v", a.path, a.published())
			}
			for i, x := range a.moments[1:] {
				stood := x.at - a.moments[i].at
				if i > 0 && stood < minStand || x.at >= time.Hour || x.at < 0 {
					t.Errorf("%s: a text of %v stood for %v", a.path, x.at, stood)
				}
				if slices.ContainsFunc(a.moments[:i+1], func(o moment) bool { return o.text.same(x.text) }) {
					t.Errorf("%s: the text of %v was there before", a.path, x.at)
				}
				if x.at-a.published() < 5*time.Minute {
					early++
				} else if a.published() > 0 && a.published() < 40*time.Minute && x.at-a.published() < 20*time.Minute {
					late++
				}
				edits++
				if x.announced {
					announced++
				}
				if i > 0 && stood < 2*time.Minute {
					soon++
				}
			}
		}
	}
	if early < late || inPlaceOnes < 300 || inPlaceOnes > 500 || edits < 1000 || announced < edits/3 || announced > edits*2/3 || soon < edits/5 {
		t.Errorf("%d edits, %d in the first 5 minutes, %d in the next 15, %d announced, %d soon after another; %d articles in place", edits, early, late, announced, soon, inPlaceOnes)
	}
}

// ask asks a member for a path.
func ask(m *member, path, etag string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "http://paper.example.org"+path, nil)
	if etag != "" {
		r.Header.Set("If-None-Match", etag)
	}
	w := httptest.NewRecorder()
	m.answer(w, r)
	return w
}

func (p *Press) in(tr Trouble) *member {
	return p.members[slices.IndexFunc(p.members, func(m *member) bool { return m.style.trouble == tr })]
}

func TestPressServesItsTexts(t *testing.T) {
	p, now := testPress(t, PressOptions{})
	for _, m := range p.members {
		if m.style.trouble == Busy || m.style.trouble == Liar {
			continue
		}
		for _, truth := range m.paper.Truths() {
			if truth.At.Before(start) || truth.Expect != ExpectVersion {
				continue
			}
			*now = truth.At
			w := ask(m, truth.Path, "")
			if w.Code != 200 {
				t.Fatalf("%s: status %d", truth.Path, w.Code)
			}
			got := read(t, w)
			for i := range got.lines {
				got.lines[i] = p.counter.ReplaceAllLiteralString(got.lines[i], counterMark)
			}
			if !got.shows(truth) {
				t.Errorf("%s at %v: the page shows another text", truth.Path, truth.At)
			}
		}
		for _, f := range m.style.feeds {
			if w := ask(m, feedPath(f), ""); w.Code != 200 || strings.Count(w.Body.String(), m.paper.articles[0].path) == 0 {
				t.Errorf("%s of %s: status %d without its first article", f, m.host, w.Code)
			}
		}
	}
}

func TestPressTroubles(t *testing.T) {
	p, now := testPress(t, PressOptions{Pace: time.Second})
	at := func(share float64) { *now = start.Add(time.Duration(share * float64(p.o.Length))) }
	first := func(m *member) string { return m.paper.articles[0].path }
	at(0.99)

	slow, waited := p.in(Slow), time.Duration(0)
	slow.paper.slow = func(d time.Duration) { waited = d }
	if ask(slow, first(slow), ""); waited != SlowTime {
		t.Errorf("slow: waits %v", waited)
	}

	busy := p.in(Busy)
	for share, want := range map[float64]int{busyFrom - 0.01: 200, busyFrom: 503, busyUntil - 0.01: 503, busyUntil: 200} {
		at(share)
		w := ask(busy, "/", "")
		if w.Code != want || want == 503 && w.Header().Get("Retry-After") != "30" {
			t.Errorf("busy at %g: status %d, Retry-After %q", share, w.Code, w.Header().Get("Retry-After"))
		}
		if w := ask(busy, pathRobots, ""); w.Code != 200 {
			t.Errorf("busy: robots.txt has status %d", w.Code)
		}
	}
	if f := busy.counted(); f.Refused != 2 || f.Robots != 4 || f.Other != 4 {
		t.Errorf("busy: counted %+v", f)
	}

	shy := p.in(Shy)
	if body := ask(shy, pathRobots, "").Body.String(); !strings.Contains(body, "Crawl-delay: 5\n") || shy.manners.rules.Delay != CrawlDelay {
		t.Errorf("shy: %q, watched for %v", body, shy.manners.rules.Delay)
	}

	at(0.99)
	restless := p.in(Restless)
	a, b := ask(restless, first(restless), "").Body.String(), ask(restless, first(restless), "").Body.String()
	if p.counter.FindString(a) == p.counter.FindString(b) || p.counter.FindString(a) == "" || strings.Contains(a, counterMark) {
		t.Errorf("restless: %q, then %q", p.counter.FindString(a), p.counter.FindString(b))
	}

	liar := p.in(Liar)
	etag := ask(liar, first(liar), "").Header().Get("ETag")
	if etag == "" || ask(liar, first(liar), etag).Code != 304 || ask(liar, first(liar), `W/"of another text"`).Code != 304 || ask(liar, first(liar), "").Code != 200 {
		t.Error("liar: does not answer 304 when and only when asked for news")
	}
	if w := ask(liar, feedPath(liar.style.feeds[0]), `W/"of another text"`); w.Code != 200 {
		t.Errorf("liar: lies about its feed too: %d", w.Code)
	}

	down := p.in(Down)
	for share, want := range map[float64]bool{downFrom - 0.01: false, downFrom: true, downFrom + 0.099: true, downFrom + 0.101: false} {
		at(share)
		if got := down.isDown(down.paper.since()); got != want {
			t.Errorf("down at %g: %t", share, got)
		}
	}
}

// pressPerfect is what a watcher sees that looks at everything, always.
func pressPerfect(p *Press) []PressSeen {
	var out []PressSeen
	for _, m := range p.members {
		last := map[string]time.Time{}
		for _, t := range m.paper.Truths() {
			if t.Expect != ExpectVersion {
				continue
			}
			out = append(out, PressSeen{m.host, Seen{Path: t.Path, Type: ExpectVersion, After: last[t.Path], Before: t.At.Add(2 * time.Second),
				Headline: t.Headline, Standfirst: t.Standfirst, Paragraphs: t.Paragraphs}})
			last[t.Path] = t.At.Add(time.Second)
		}
	}
	return out
}

func TestPressScore(t *testing.T) {
	p, _ := testPress(t, PressOptions{})
	end := start.Add(p.o.Length + time.Minute)
	seen := pressPerfect(p)
	s := p.Score(seen, end)
	if s.Articles != 120 || s.Found != 120 || s.Edits < 60 || s.Caught != s.Edits || s.Missed+s.Standing+s.False+s.Bounds+s.Late != 0 ||
		s.Median != 2*time.Second || s.P90 != 2*time.Second || s.Newness != 2*time.Second {
		t.Fatalf("perfect: %+v", s)
	}
	if none := p.Score(nil, end); none.Caught != 0 || none.Found != 0 || none.Missed+none.Standing != s.Edits || none.Standing == 0 || none.Missed == 0 || none.Late == 0 {
		t.Errorf("nothing seen: %+v", none)
	}
	if early := p.Score(nil, start); early.Edits != 0 || early.Articles == 0 || early.Articles == 120 {
		t.Errorf("at the beginning: %+v", early)
	}
	if half := p.Score(seen, start.Add(p.o.Length/2)); half.False+half.Bounds == 0 || half.Edits >= s.Edits {
		t.Errorf("texts that were seen before they were made: %+v", half)
	}
	if twice := p.Score(append(seen, seen[0]), end); twice.False != 1 || twice.Caught != s.Caught {
		t.Errorf("a text that is recorded twice: %+v", twice)
	}
	other := seen[0]
	other.Host = "elsewhere.example.org"
	if stray := p.Score(append(seen, other), end); stray.False != 1 {
		t.Errorf("a paper that is none: %+v", stray)
	}
}

// TestPressScoreCounter: what a restless paper counts is no text, so the same
// text with another count is a version that nobody made.
func TestPressScoreCounter(t *testing.T) {
	p, _ := testPress(t, PressOptions{})
	m := p.in(Restless)
	i, all := 0, pressPerfect(p)
	for i = range all {
		if all[i].Host == m.host {
			break
		}
	}
	counted := func(n string) PressSeen {
		s := all[i]
		s.Paragraphs = slices.Clone(s.Paragraphs)
		for j := range s.Paragraphs {
			s.Paragraphs[j] = strings.ReplaceAll(s.Paragraphs[j], counterMark, counterWords+n+".")
		}
		return s
	}
	again := counted("2000")
	again.After, again.Before = all[i].Before, all[i].Before.Add(time.Second)
	s := p.Score([]PressSeen{counted("1000"), again}, start.Add(p.o.Length))
	if s.Found != 1 || s.False != 1 {
		t.Errorf("%+v", s)
	}
}

// TestPressListens: papers are where they say, the one that is down hangs up,
// and breaches and fetches are those of all.
func TestPressListens(t *testing.T) {
	p, err := NewPress(PressOptions{Papers: 2, Articles: 2, Length: 10 * time.Minute, Troubles: []Trouble{Down}, Start: time.Now().Add(-5 * time.Minute)})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Serve(t.Context()); err == nil {
		t.Fatal("serves without listening")
	}
	if len(p.Feeds())+len(p.Hosts()) != 0 {
		t.Error("has addresses before it listens")
	}
	if err := p.Listen(); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Serve(ctx) }()
	hosts := p.Hosts()
	if hosts[0] == hosts[1] || strings.Count(p.Allow(), "/32:") != 2 || len(p.Feeds()) != 3 {
		t.Errorf("hosts %v, allow %s, feeds %v", hosts, p.Allow(), p.Feeds())
	}
	if r, err := http.Get("http://" + hosts[0] + "/"); err == nil {
		r.Body.Close()
		t.Error("the paper that is down answers")
	}
	r, err := http.Get("http://" + hosts[1] + pathRobots)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, r.Body)
	r.Body.Close()
	if r, err = http.Get("http://" + hosts[1] + "/adverts/pies"); err == nil {
		r.Body.Close()
	}
	if b := p.Breaches(); len(b) != 1 || b[0].Kind != Disallowed || b[0].Host != hosts[1] {
		t.Errorf("breaches %v", b)
	}
	if f := p.Fetches(); f.All() != 2 || f.Robots != 1 || f.Other != 1 {
		t.Errorf("fetches %+v", f)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// pressOne is a press of one paper with one article, whose life is this.
func pressOne(t *testing.T, moments ...moment) *Press {
	t.Helper()
	p, _ := testPress(t, PressOptions{Papers: 1, Articles: 1, Troubles: []Trouble{}})
	p.members[0].paper.articles[0].moments = moments
	return p
}

// TestPressScoreHeldBack: a watcher that holds back one of two edits catches the
// other, and the first when it comes to believe it; nothing else is forgiven.
func TestPressScoreHeldBack(t *testing.T) {
	text := func(headline string, lines ...string) text {
		x := text{headline: headline}
		for _, l := range lines {
			x.blocks = append(x.blocks, block{text: l})
		}
		return x
	}
	at := func(seconds int) time.Duration { return time.Duration(seconds) * time.Second }
	p := pressOne(t,
		moment{at: at(0), kind: published, text: text("Fog", "one", "two", "three")},
		moment{at: at(10), kind: edited, text: text("Fog", "one", "two")},
		moment{at: at(20), kind: edited, text: text("Thick fog", "one", "two")},
		moment{at: at(30), kind: edited, text: text("Thick fog", "one", "more", "two")})
	m := p.members[0]
	version := func(after, before int, headline string, lines ...string) PressSeen {
		s := PressSeen{m.host, Seen{Path: m.paper.articles[0].path, Type: ExpectVersion, Before: start.Add(at(before)), Headline: headline, Paragraphs: lines}}
		if after > 0 {
			s.After = start.Add(at(after))
		}
		return s
	}
	first := version(0, 5, "Fog", "one", "two", "three")
	held := version(5, 25, "Thick fog", "one", "two", "three")
	for _, tc := range []struct {
		name                                             string
		seen                                             []PressSeen
		found, caught, missed, standing, falsely, bounds int
	}{
		{"all at its time", []PressSeen{first, version(5, 15, "Fog", "one", "two"), version(15, 25, "Thick fog", "one", "two"), version(25, 35, "Thick fog", "one", "more", "two")}, 1, 3, 0, 0, 0, 0},
		{"one edit is held back, then believed", []PressSeen{first, held, version(5, 26, "Thick fog", "one", "two")}, 1, 2, 0, 1, 0, 0},
		{"one edit is held back, the other has wrong bounds", []PressSeen{first, version(21, 25, "Thick fog", "one", "two", "three")}, 1, 1, 1, 1, 0, 1},
		{"an edit that is made later", []PressSeen{first, version(5, 29, "Thick fog", "one", "more", "two")}, 1, 1, 2, 0, 0, 1},
		{"a line that nobody wrote", []PressSeen{first, version(5, 25, "Thick fog", "one", "two", "three", "buy pies")}, 1, 0, 2, 1, 1, 0},
		{"nothing new is shown", []PressSeen{first, held, version(25, 29, "Thick fog", "one", "two", "three")}, 1, 1, 1, 1, 1, 0},
		{"two edits in one version: the newer is caught", []PressSeen{first, version(5, 25, "Thick fog", "one", "two")}, 1, 1, 1, 1, 0, 0},
		{"the right text at a wrong time", []PressSeen{first, version(25, 29, "Thick fog", "one", "two")}, 1, 1, 1, 1, 0, 1},
		{"a first version of a text that is not yet made", []PressSeen{version(0, 5, "Thick fog", "one", "two")}, 1, 0, 2, 1, 1, 0},
		{"a change of what was never seen", []PressSeen{version(5, 15, "Fog", "one", "two")}, 1, 0, 2, 1, 1, 0},
		{"a second first version", []PressSeen{first, version(0, 15, "Fog", "one", "two")}, 1, 0, 2, 1, 1, 0},
		{"found late", []PressSeen{version(0, 15, "Fog", "one", "two")}, 1, 1, 1, 1, 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := p.Score(tc.seen, start.Add(time.Minute))
			if s.Found != tc.found || s.Caught != tc.caught || s.Missed != tc.missed || s.Standing != tc.standing || s.False != tc.falsely || s.Bounds != tc.bounds || len(s.Wrong) != tc.falsely+tc.bounds {
				t.Errorf("%+v", s)
			}
		})
	}
	gone := first
	gone.Type = ExpectGone
	if s := p.Score([]PressSeen{first, gone}, start.Add(time.Minute)); s.False != 1 {
		t.Errorf("a loss that nobody made: %+v", s)
	}
}
