package track

import (
	"fmt"
	"math"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/schedule"
	"stet/internal/store"
)

// The learned policy, through the whole pipeline: it learns, keeps what it learned
// and takes it up again.
func TestLearnedPolicyThroughThePipeline(t *testing.T) {
	w := newWorld(t)
	w.page("/town/bridge", func(_ int, at time.Duration) reply { // three edits, an hour apart
		return reply{body: story(fmt.Sprintf("Bridge to close %d", min(int(at/time.Hour), 3)))}
	})
	w.ask("/town/bridge")
	tr := w.tracker(schedule.NewLearned())
	w.run(tr, 12*time.Hour)
	w.expect("version 0", "version 1", "version 2", "version 3")
	a, err := w.store.Visiting(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if a.Trace.Found <= 0 || a.Trace.Expected <= 0 || a.Trace.Streak != 0 || !a.Due.After(w.Now()) {
		t.Errorf("trace %+v, due in %v", a.Trace, a.Due.Sub(w.Now()))
	}
	curves, err := w.store.Curves(t.Context())
	if err != nil || len(curves) != 3 { // of the section, of the source, of all
		t.Fatalf("%d curves, %v", len(curves), err)
	}
	again := w.tracker(schedule.NewLearned())
	if err := again.loadCurves(t.Context()); err != nil {
		t.Fatal(err)
	}
	for g, n := range tr.planner.learned.Curves().All() {
		for h, m := range again.planner.learned.Curves().All() {
			if g == h && n != m {
				t.Errorf("%v: learned %v, taken up %v", g, n, m)
			}
		}
	}
}

// A curve of another version of stet is left alone, and the policy begins anew.
func TestStrangeCurves(t *testing.T) {
	w := newWorld(t)
	bad := make([]float64, 2*schedule.Slots)
	bad[3] = math.NaN()
	if err := w.store.PutCurves(t.Context(), []store.Curve{{Counts: []float64{1, 2, 3}}, {SourceID: 1, Counts: bad}}); err != nil {
		t.Fatal(err)
	}
	tr := w.tracker(schedule.NewLearned())
	if err := tr.loadCurves(t.Context()); err != nil {
		t.Fatal(err)
	}
	p := tr.planner.policy.Next(schedule.History{Found: morning, Group: schedule.Group{Source: 1}}, schedule.Visit{At: morning, Changed: true})
	if wait := p.Due.Sub(morning); wait < schedule.MinWait || wait > time.Hour {
		t.Errorf("first wait %v", wait)
	}
}

// A visit that does not show the article teaches nothing of edits.
func TestFailuresTeachNothing(t *testing.T) {
	w := newWorld(t)
	w.page("/bridge", func(n int, _ time.Duration) reply {
		if n > 0 {
			return reply{status: 500}
		}
		return reply{body: story("Bridge to close")}
	})
	w.ask("/bridge")
	tr := w.tracker(schedule.NewLearned())
	w.run(tr, 12*time.Hour)
	a, err := w.store.Visiting(t.Context(), 1)
	if err != nil || a.Trace != (store.Trace{}) {
		t.Errorf("trace %+v, %v", a.Trace, err)
	}
	for g, n := range tr.planner.learned.Curves().All() {
		if n != (schedule.Counts{}) {
			t.Errorf("%v was taught %v", g, n)
		}
	}
}

// A signal that has proved true brings the visit at once; one that cries wolf does
// not.
func TestSignalsAreBelievedAsTheyDeserve(t *testing.T) {
	now := morning.Add(5 * time.Hour)
	visits := func(truth bool) time.Time {
		w := newWorld(t)
		w.now = now
		p := schedule.NewLearned()
		tr := w.tracker(p)
		lesson := schedule.Lesson{Group: schedule.Group{Source: 7}, From: morning, To: now, Signal: schedule.FeedUpdated}
		if truth {
			lesson.Found = 1
		}
		for range 50 {
			p.Learn(lesson)
		}
		return tr.pull(store.Signal{
			Article: news.Article{SourceID: 7, State: news.Live, FoundAt: morning, LastOK: now.Add(-10 * time.Minute)}, Channel: "feed", Period: 3 * time.Hour,
		})
	}
	if at := visits(true); !at.Equal(now) {
		t.Errorf("a true signal brings the visit in %v", at.Sub(now))
	}
	if at := visits(false); at.Sub(now) < 10*time.Minute {
		t.Errorf("a false signal brings the visit in %v", at.Sub(now))
	}
}

func TestBudgets(t *testing.T) {
	p := newPlanner(schedule.NewsSniffer{}, 600)
	now := morning
	count := func(source int64, budget float64, d time.Duration) (n int) {
		for end := now.Add(d); now.Before(end); now = now.Add(time.Second) {
			if until, ok := p.allow(source, budget, false, now); ok {
				n++
			} else if !until.After(now) || until.Sub(now) > time.Hour {
				t.Fatalf("denied until %v from now", until.Sub(now))
			}
		}
		return n
	}
	if n := count(1, 0, time.Hour); n < 590 || n > 610 {
		t.Errorf("%d visits in an hour under a budget of 600 for all", n)
	}
	for { // until it is used up
		if _, ok := p.allow(4, 0, false, now); !ok {
			break
		}
	}
	if _, ok := p.allow(4, 0, true, now); !ok {
		t.Error("a first visit waits behind others")
	}
	if n := count(2, 60, time.Hour); n < 58 || n > 62 {
		t.Errorf("%d visits in an hour under a budget of 60 for a source", n)
	}
	if n := count(3, 1, 3*time.Hour); n < 3 || n > 5 {
		t.Errorf("%d visits in three hours under a budget of 1", n)
	}
	for _, step := range []time.Duration{10 * 365 * 24 * time.Hour, -20 * 365 * 24 * time.Hour} { // no burst, no stall
		now = now.Add(step)
		if n := count(1, 0, time.Hour); n < 580 || n > 611 {
			t.Errorf("%d visits in an hour after the clock went %v", n, step)
		}
	}
	free := newPlanner(schedule.NewsSniffer{}, 0)
	for range 10_000 {
		if _, ok := free.allow(1, 0, false, now); !ok {
			t.Fatal("denied without a budget")
		}
	}
}

// A source over its budget leaves the others on its host alone, and its waits grow.
func TestBudgetOfOneSourceOnAHost(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	w := newWorld(t)
	var items []string
	for i := range 30 {
		path := fmt.Sprintf("/town/story-%d", i)
		items = append(items, item(w, path, path, morning))
		w.page(path, func(int, time.Duration) reply { return reply{body: story(path)} })
	}
	w.page("/rss", func(int, time.Duration) reply { return reply{body: rss(items...)} })
	w.ask("/rss")
	tr := w.tracker(schedule.NewLearned())
	w.run(tr, 10*time.Minute)
	sources, err := w.store.Sources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.SetBudget(t.Context(), sources[0].Key, 20); err != nil {
		t.Fatal(err)
	}
	before := w.visits("/town/")
	w.run(tr, 10*time.Hour)
	if n := w.visits("/town/") - before; n < 120 || n > 215 {
		t.Errorf("%d visits in ten hours under a budget of 20", n)
	}
	if s := tr.planner.governor.Stretch(1); s < 1 || s > 5 {
		t.Errorf("θ is stretched %v times", s)
	}
}

// visits counts what was asked for below a path.
func (w *world) visits(below string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for path, k := range w.asked {
		if len(path) > len(below) && path[:len(below)] == below {
			n += k
		}
	}
	return n
}

func TestJitterIsSmallAndSteady(t *testing.T) {
	low, high := time.Duration(math.MaxInt64), time.Duration(math.MinInt64)
	for id := range int64(1000) {
		a := store.Visiting{Article: news.Article{ID: id, Captures: int(id % 7)}}
		d := jitter(a, 100*time.Minute)
		if d != jitter(a, 100*time.Minute) || d.Abs() > 5*time.Minute {
			t.Fatalf("article %d: %v", id, d)
		}
		low, high = min(low, d), max(high, d)
	}
	if low > -4*time.Minute || high < 4*time.Minute {
		t.Errorf("between %v and %v", low, high)
	}
}

func TestKindOfPage(t *testing.T) {
	if k := kindOf(news.Content{Blocks: []news.Block{{Text: "a"}, {Text: "b", ID: "post-1"}}}); k != schedule.KindLive {
		t.Errorf("a page of posts: %q", k)
	}
	if k := kindOf(news.Content{Blocks: []news.Block{{Text: "a"}}}); k != "" {
		t.Errorf("an article: %q", k)
	}
}
