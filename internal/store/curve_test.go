package store

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func TestCurvesAreKept(t *testing.T) {
	b := newBench(t)
	first := []Curve{{SourceID: 0, Counts: []float64{1, 2.5}}, {SourceID: b.src.ID, Kind: "live", Section: "sport/football", Counts: []float64{0, 1e9}}}
	b.must(b.PutCurves(b.ctx, nil))
	b.must(b.PutCurves(b.ctx, first))
	b.must(b.PutCurves(b.ctx, []Curve{{SourceID: 0, Counts: []float64{3, 4}}}))
	got, err := b.Curves(b.ctx)
	b.must(err)
	if len(got) != 2 || !slices.Equal(got[0].Counts, []float64{3, 4}) || got[1].Section != "sport/football" || !slices.Equal(got[1].Counts, first[1].Counts) {
		t.Errorf("curves: %+v", got)
	}
	if err := b.PutCurves(b.ctx, []Curve{{Section: strings.Repeat("x", 101)}}); err == nil {
		t.Error("a section of 101 bytes: no error")
	}
	b.verify()
}

func TestBudgetOfASource(t *testing.T) {
	b := newBench(t)
	a := b.article("a")
	for _, n := range []float64{120, 0.5, news.MaxBudget, 0} {
		b.must(b.SetBudget(b.ctx, b.src.Key, n))
		src, err := b.Source(b.ctx, b.src.Key)
		b.must(err)
		if src.Budget != n || b.visiting(a.ID).Budget != n {
			t.Errorf("budget %v, %v at a visit, want %v", src.Budget, b.visiting(a.ID).Budget, n)
		}
	}
	for _, n := range []float64{-1, news.MaxBudget + 1, math.NaN(), math.Inf(1)} {
		if err := b.SetBudget(b.ctx, b.src.Key, n); err == nil {
			t.Errorf("budget %v: no error", n)
		}
	}
	if err := b.SetBudget(b.ctx, "nobody", 1); err == nil {
		t.Error("a source that is not there: no error")
	}
}

// What a visit leaves of an article's trace, kind and signal comes back with the next.
func TestTraceIsKept(t *testing.T) {
	b := newBench(t)
	l, a := b.lease(), b.article("a")
	b.publish(l, a.ID, content("One"))
	b.clock.pass(time.Hour)
	v := b.visit(l, a.ID, news.Unchanged)
	v.Sighting, v.Trace, v.Kind = true, Trace{1.5, 2.25, 3}, "live"
	b.record(v)
	if got := b.visiting(a.ID); got.Trace != v.Trace || got.Kind != "live" || got.Signal != "" {
		t.Errorf("trace %+v, kind %q, signal %q", got.Trace, got.Kind, got.Signal)
	}
}

// A signal names its channel, and the feed's visit says when to look; never later
// than planned. The channel stands until a visit that began after it.
func TestSignals(t *testing.T) {
	b := newBench(t)
	l, a := b.lease(), b.article("a")
	b.publish(l, a.ID, content("One"))
	entry := func(title string, updated time.Time) FoundEntry {
		return FoundEntry{Address: address("https://courier.example.org/a"), GUID: "a", Title: title, Updated: updated}
	}
	start := b.clock.t
	for i, step := range []struct {
		name    string
		entry   FoundEntry
		channel string        // of the feed
		pull    time.Duration // from now
		want    string
		due     time.Duration // from now
	}{
		{"the first word is none", entry("One", start), "", 0, "", 10 * time.Hour},
		{"the same again", entry("One ", start), "", 0, "", 10 * time.Hour},
		{"a later time", entry("One", start.Add(time.Minute)), "sitemap", 2 * time.Hour, "sitemap", 2 * time.Hour},
		{"another title", entry("Two", start.Add(time.Minute)), "sitemap", time.Hour, "title", time.Hour},
		{"not believed", entry("Two", start.Add(2*time.Minute)), "", 40 * time.Hour, "feed", 10 * time.Hour},
		{"no title says nothing", entry("", start.Add(2*time.Minute)), "", 0, "", 10 * time.Hour},
	} {
		b.clock.pass(time.Hour)
		v := b.visit(l, a.ID, news.Unchanged)
		v.Sighting, v.Due, v.Period = true, b.clock.t.Add(10*time.Hour), 10*time.Hour
		b.record(v)
		b.clock.pass(time.Second)
		now := b.clock.t
		var asked []Signal
		_, err := b.RecordFeedVisit(b.ctx, l, FeedVisit{Feed: b.feed, Entries: []FoundEntry{step.entry}, Channel: step.channel, Pull: func(s Signal) time.Time {
			asked = append(asked, s)
			return now.Add(step.pull)
		}})
		b.must(err)
		got := b.visiting(a.ID)
		if want := now.Add(step.due); got.Signal != step.want || got.Due.Sub(want).Abs() > 2*time.Second {
			t.Errorf("%d, %s: channel %q, due in %v, want %q, %v", i, step.name, got.Signal, got.Due.Sub(now), step.want, step.due)
		}
		if (len(asked) == 1) != (step.want != "") || step.want != "" && (asked[0].Channel != step.want || asked[0].Period != 10*time.Hour || asked[0].ID != a.ID) {
			t.Errorf("%d, %s: asked %+v", i, step.name, asked)
		}
	}
}

// An article is announced while the newest document of a feed that gives times lists it,
// and the feed is well.
func TestAnnounced(t *testing.T) {
	b := newBench(t)
	l := b.lease()
	poll := func(outcome news.Outcome, names ...string) {
		f := b.feed
		f.LastOutcome, f.Failures, f.Due = outcome, bit(outcome == news.Failed), b.clock.pass(time.Minute).Add(time.Hour)
		v := FeedVisit{Feed: f}
		for _, n := range names {
			e := FoundEntry{Address: address("https://courier.example.org/" + n), GUID: n, Title: n, Updated: b.clock.t}
			if n == "dateless" {
				e.Updated = time.Time{}
			}
			v.Entries = append(v.Entries, e)
		}
		_, err := b.RecordFeedVisit(b.ctx, l, v)
		b.must(err)
	}
	want := func(when string, listed ...int64) {
		for id := int64(1); id <= 3; id++ {
			if got := b.visiting(id).Announced; got != slices.Contains(listed, id) {
				t.Errorf("%s: article %d announced: %v", when, id, got)
			}
		}
	}
	poll(news.OK, "a", "b", "dateless")
	want("all listed", 1, 2)
	poll(news.OK, "b", "dateless")
	want("one has left the feed", 2)
	poll(news.Unchanged)
	want("304: as before", 2)
	poll(news.Failed)
	want("the feed is down")
	poll(news.OK, "a", "b")
	want("and well again", 1, 2)
	b.must(b.PauseFeed(b.ctx, b.feed.ID, true))
	want("paused")
}

func TestHistories(t *testing.T) {
	b := newBench(t)
	l := b.lease()
	one, _ := b.article("one"), b.article("never-seen")
	b.publish(l, one.ID, content("One"))
	first := b.clock.t
	b.clock.pass(time.Hour)
	b.publish(l, one.ID, content("Two"))
	second := b.clock.t
	var got []History
	for h, err := range b.Histories(b.ctx) {
		b.must(err)
		got = append(got, h)
	}
	if len(got) != 1 || got[0].SourceKey != b.src.Key || got[0].URL != one.URL || got[0].FoundAt.IsZero() || !got[0].LastOK.Equal(second) {
		t.Fatalf("histories: %+v", got)
	}
	if c := got[0].Changes; len(c) != 1 || c[0].Before.After(second) || c[0].After.After(first) && !c[0].After.Before(c[0].Before) {
		t.Errorf("changes: %+v", c)
	}
}
